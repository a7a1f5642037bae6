//! Connections and the way to them: a pool of readers and one write path.
//!
//! SQLite allows one writer, and every commit waits for the disk. So one thread owns the writing connection, takes
//! the waiting jobs from a fair queue, runs each in a savepoint, and commits them together: nobody is answered before
//! the commit that holds their work is on disk, and under load many share its cost.

use diesel::Connection;
use diesel::connection::TransactionManager;
use diesel::r2d2::{ManageConnection, Pool, R2D2Connection};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::conn::{Access, Conn, Engine};
use super::error::{DbError, Failure};
use super::tx::{self, Isolation};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// How the database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// `postgres://…`, `sqlite:path`, or the path of an existing SQLite file.
    pub url: String,
    /// Connections of the pool.
    pub connections: u32,
    /// How long a request waits for a connection before it is told that the database is unavailable.
    pub wait: Duration,
}

/// The database as the rest of the system sees it.
pub struct Database {
    engine: Engine,
    pool: Pool<Manager>,
    threads: Threads,
    writer: Option<SyncSender<Job>>,
}

/// Work for the writing thread: run in a savepoint, perhaps more than once, and told how it ended.
trait Work: Send {
    fn run(&mut self, conn: &mut Conn) -> Result<(), Failure>;
    /// Called once, after the commit or the failure.
    fn finish(self: Box<Self>, outcome: Result<(), Failure>);
}
type Job = Box<dyn Work>;

struct Waiting<T, F> {
    work: F,
    value: Option<T>,
    answer: oneshot::Sender<Result<T, Failure>>,
}

impl<T: Send, F: FnMut(&mut Conn) -> Result<T, Failure> + Send> Work for Waiting<T, F> {
    fn run(&mut self, conn: &mut Conn) -> Result<(), Failure> {
        self.value = None;
        self.value = Some((self.work)(conn)?);
        Ok(())
    }

    fn finish(self: Box<Self>, outcome: Result<(), Failure>) {
        let Self { work, value, answer: asker } = *self;
        // What the work holds goes before its asker is told, who may be about to take the system down.
        drop(work);
        let answer = match (outcome, value) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(DbError::Broken("a job ended without a value".into()).into()),
            (Err(failure), _) => Err(failure),
        };
        // A client that has gone does not undo what is committed.
        let _ = asker.send(answer);
    }
}

/// Jobs that may wait for the writer before new ones are turned away.
const QUEUE: usize = 1024;
/// Jobs that share one commit at the most, so that the first of them does not wait long.
const BATCH: usize = 64;

impl Database {
    /// Opens the database and, for SQLite, starts its writing thread.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be opened within the waiting time.
    pub fn open(options: &Options) -> Result<Self, DbError> {
        let engine = Engine::of(&options.url);
        let writer = match engine {
            Engine::Postgres => None,
            Engine::Sqlite => Some(start_writer(options.url.clone())?),
        };
        let access = if engine == Engine::Sqlite { Access::Read } else { Access::Write };
        let pool = Pool::builder()
            .max_size(options.connections)
            // Spare connections would be opened in the background, and a short command that ends meanwhile dies in
            // OpenSSL's clean-up.
            .min_idle(Some(0))
            // A probe at every checkout costs two fifths of the throughput; broken connections show by their errors.
            .test_on_check_out(false)
            .connection_timeout(options.wait)
            .build(Manager { url: options.url.clone(), access })
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        let threads = Threads::start(options.connections).map_err(|error| DbError::Unavailable(error.to_string()))?;
        Ok(Self { engine, pool, threads, writer })
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Connections in the pool: all, and idle ones.
    #[must_use]
    pub fn pool_state(&self) -> (u32, u32) {
        let state = self.pool.state();
        (state.connections, state.idle_connections)
    }

    /// Reads on a connection of the pool. Blocks: call it in a blocking thread.
    ///
    /// # Errors
    /// What `work` fails with, or `Unavailable` when there is no connection in time.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut conn = self.pool.get().map_err(|error| DbError::Unavailable(error.to_string()))?;
        work(&mut conn)
    }

    /// Runs `work` in a write transaction, again when another transaction was in the way, and returns when it is
    /// durable. Blocks: call it in a blocking thread.
    ///
    /// # Errors
    /// What `work` fails with (then nothing was written), or the database's failure.
    pub fn write<T: Send + 'static>(
        &self,
        isolation: Isolation,
        work: impl FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        match &self.writer {
            Some(writer) => enqueue(writer, work)?.blocking_recv().unwrap_or_else(|_| Err(writer_gone())),
            None => self.write_pooled(isolation, work),
        }
    }

    /// The same as [`Database::write`] for asynchronous callers.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn write_async<T: Send + 'static>(
        self: &std::sync::Arc<Self>,
        work: impl FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        if let Some(writer) = &self.writer {
            return enqueue(writer, work)?.await.unwrap_or_else(|_| Err(writer_gone()));
        }
        let database = std::sync::Arc::clone(self);
        self.threads.run(move || database.write_pooled(Isolation::Serializable, work)).await
    }

    /// The same as [`Database::read`] for asynchronous callers.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub async fn read_async<T: Send + 'static>(
        self: &std::sync::Arc<Self>,
        work: impl FnOnce(&mut Conn) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let database = std::sync::Arc::clone(self);
        self.threads.run(move || database.read(work)).await
    }

    fn write_pooled<T>(
        &self,
        isolation: Isolation,
        mut work: impl FnMut(&mut Conn) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut conn = self.pool.get().map_err(|error| DbError::Unavailable(error.to_string()))?;
        let mut attempt = 1;
        loop {
            match tx::run(&mut conn, isolation, &mut work) {
                Err(failure) if failure.is_conflict() && attempt < tx::ATTEMPTS => {
                    std::thread::sleep(Duration::from_millis(1 << attempt));
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }
}

/// The threads that work with the pool, one for each connection and one queue for all, so that what came first is done
/// first whichever web worker it came to.
struct Threads(Option<Runtime>);

impl Threads {
    fn start(count: u32) -> std::io::Result<Self> {
        let count = usize::try_from(count).unwrap_or(1).max(1);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(count)
            .thread_name("database")
            .build()?;
        Ok(Self(Some(runtime)))
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let runtime = self.0.as_ref().ok_or_else(|| DbError::Unavailable("the database is closed".into()))?;
        match runtime.spawn_blocking(work).await {
            Ok(outcome) => outcome,
            Err(error) => Err(DbError::Broken(format!("a database task ended early: {error}")).into()),
        }
    }
}

impl Drop for Threads {
    /// A runtime may not wait for its threads inside another one, where the last owner of the database may be.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn enqueue<T: Send + 'static>(
    writer: &SyncSender<Job>,
    work: impl FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
) -> Result<oneshot::Receiver<Result<T, Failure>>, Failure> {
    let (answer, outcome) = oneshot::channel();
    match writer.try_send(Box::new(Waiting { work, value: None, answer })) {
        Ok(()) => Ok(outcome),
        Err(TrySendError::Full(_)) => Err(Problem::retry_later(Code::Overloaded, 1).into()),
        Err(TrySendError::Disconnected(_)) => Err(writer_gone()),
    }
}

fn writer_gone() -> Failure {
    DbError::Unavailable("the writing thread has ended".into()).into()
}

fn start_writer(url: String) -> Result<SyncSender<Job>, DbError> {
    let conn = Conn::open(&url, Access::Write)?;
    let (sender, jobs) = sync_channel(QUEUE);
    std::thread::Builder::new()
        .name("sqlite-writer".into())
        .spawn(move || write_batches(&url, conn, &jobs))
        .map_err(|error| DbError::Unavailable(error.to_string()))?;
    Ok(sender)
}

/// The writing thread: it ends when the last [`Database`] is dropped and the queue is empty.
fn write_batches(url: &str, mut conn: Conn, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let batch = std::iter::once(first).chain(std::iter::from_fn(|| jobs.try_recv().ok()).take(BATCH - 1)).collect();
        if let BatchEnd::ConnectionLost = write_batch(&mut conn, batch) {
            match Conn::open(url, Access::Write) {
                Ok(fresh) => conn = fresh,
                Err(error) => tracing::error!(%error, "cannot reopen the database for writing"),
            }
        }
    }
}

enum BatchEnd {
    Clean,
    ConnectionLost,
}

/// Runs the jobs in one transaction, each in a savepoint, and answers them after the commit.
fn write_batch(conn: &mut Conn, batch: Vec<Job>) -> BatchEnd {
    if let Err(error) = tx::begin(conn, Isolation::Serializable) {
        let unavailable = error.to_string();
        batch.into_iter().for_each(|job| job.finish(Err(DbError::Unavailable(unavailable.clone()).into())));
        return BatchEnd::ConnectionLost;
    }
    let mut done = Vec::with_capacity(batch.len());
    let mut jobs = batch.into_iter();
    while let Some(mut job) = jobs.next() {
        let outcome = catch_unwind(AssertUnwindSafe(|| conn.transaction(|conn| job.run(conn))));
        match outcome {
            Ok(Ok(())) => done.push(job),
            // Where the disk fails, SQLite may have rolled back the whole transaction: nothing of it is certain.
            Ok(Err(Failure::Db(error @ DbError::Unavailable(_)))) => {
                return abandon(conn, done.into_iter().chain([job]).chain(jobs), &error.to_string());
            }
            Ok(Err(failure)) => job.finish(Err(failure)),
            Err(_) => {
                job.finish(Err(DbError::Broken("a write panicked".into()).into()));
                return abandon(conn, done.into_iter().chain(jobs), "a write beside this one panicked");
            }
        }
    }
    match tx::commit(conn) {
        Ok(()) => {
            done.into_iter().for_each(|job| job.finish(Ok(())));
            BatchEnd::Clean
        }
        Err(error) => abandon(conn, done.into_iter(), &error.to_string()),
    }
}

fn abandon(conn: &mut Conn, jobs: impl Iterator<Item = Job>, reason: &str) -> BatchEnd {
    tx::rollback(conn);
    jobs.for_each(|job| job.finish(Err(DbError::Unavailable(reason.to_owned()).into())));
    BatchEnd::ConnectionLost
}

struct Manager {
    url: String,
    access: Access,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = DbError;

    fn connect(&self) -> Result<Conn, DbError> {
        Conn::open(&self.url, self.access)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), DbError> {
        conn.ping().map_err(DbError::from)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking()
            || conn.is_broken()
            || <Conn as TransactionManager<Conn>>::is_broken_transaction_manager(conn)
    }
}
