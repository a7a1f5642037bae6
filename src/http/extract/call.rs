//! The call: who asks, what they may do at the least, and the way into the system for reading and writing.

use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use std::borrow::Borrow;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;

use super::super::idempotency::{self, Claim};
use super::super::middleware::RequestContext;
use super::super::operation::{Describe, Idempotency, Operation};
use super::super::reply::{Answer, Reply};
use super::super::{etag, router::Gate};
use super::RawBody;
use crate::app::App;
use crate::db::{Conn, DbError, Failure};
use crate::events::{Origin, Tx};
use crate::kernel::access::{Actor, Author, Reader};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::digest::sha256_hex;
use crate::kernel::id::{SessionId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::problem::Problem;

/// Who has to be signed in for an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Nobody.
    Public,
    /// Anybody with an account, or a machine with an API key.
    Authenticated,
    /// Anybody with an account.
    SignedIn,
    /// A member of the supervising authority.
    Officer,
}

/// An access level as a type: a handler that asks for `Call<Officer>` cannot be reached by others.
pub trait Access: 'static {
    /// Who asks, once admitted.
    type Who: Send;
    /// The level, for the document and the tests.
    const LEVEL: Level;
    /// Whether a second factor has to have been proved within the last minutes.
    const STEP_UP: bool = false;
    /// Lets the reader in, or not.
    ///
    /// # Errors
    /// `authentication_required`, `person_required`, `officer_required` or `step_up_required`.
    fn admit(reader: Reader) -> Result<Self::Who, Problem>;
}

/// Everybody.
pub struct Public;
impl Access for Public {
    type Who = Reader;
    const LEVEL: Level = Level::Public;
    fn admit(reader: Reader) -> Result<Reader, Problem> {
        Ok(reader)
    }
}

/// A person with an account, or a machine with an API key: for what is done for an organisation.
pub struct Authenticated;
impl Access for Authenticated {
    type Who = Actor;
    const LEVEL: Level = Level::Authenticated;
    fn admit(reader: Reader) -> Result<Actor, Problem> {
        reader.0.ok_or_else(|| Code::AuthenticationRequired.into())
    }
}

/// A person with an account; no machine.
pub struct SignedIn;
impl Access for SignedIn {
    type Who = Actor;
    const LEVEL: Level = Level::SignedIn;
    fn admit(reader: Reader) -> Result<Actor, Problem> {
        let actor = Authenticated::admit(reader)?;
        actor.session()?;
        Ok(actor)
    }
}

/// An officer of the supervising authority.
pub struct Officer;
/// A person who is known to be an officer.
pub struct OfficerActor(pub Actor);
impl Borrow<Actor> for OfficerActor {
    fn borrow(&self) -> &Actor {
        &self.0
    }
}
impl Access for Officer {
    type Who = OfficerActor;
    const LEVEL: Level = Level::Officer;
    fn admit(reader: Reader) -> Result<OfficerActor, Problem> {
        let actor = SignedIn::admit(reader)?;
        if actor.is_officer() { Ok(OfficerActor(actor)) } else { Err(Code::OfficerRequired.into()) }
    }
}

/// Somebody who may do `A` and has proved a second factor in this session within the last minutes: for what weighs most.
pub struct SteppedUp<A = SignedIn>(PhantomData<A>);
impl<A: Access<Who: Borrow<Actor>>> Access for SteppedUp<A> {
    type Who = A::Who;
    const LEVEL: Level = A::LEVEL;
    const STEP_UP: bool = true;
    fn admit(reader: Reader) -> Result<A::Who, Problem> {
        let who = A::admit(reader)?;
        if who.borrow().is_stepped_up() { Ok(who) } else { Err(Code::StepUpRequired.into()) }
    }
}

/// The session an access token speaks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionRef {
    /// The session.
    pub session_id: SessionId,
    /// Its account.
    pub user_id: UserId,
}

/// What a bearer token turned out to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    /// An access token of ours.
    Session(SessionRef),
    /// What looks like an API key; its hash. Whether there is such a key, only the database knows.
    Key(String),
}

/// Checks bearer tokens and finds out who they speak for; the accounts provide it.
pub trait Authenticator: Send + Sync {
    /// What a token is, if it is ours and valid now. Pure computing.
    fn verify(&self, token: &str, now: At) -> Option<Token>;

    /// The person behind a session, or the machine behind a key, with their memberships as they are now; `None` if session or
    /// key has ended.
    ///
    /// # Errors
    /// The database's failure.
    fn load(&self, conn: &mut Conn, token: &Token, now: At) -> Result<Option<Actor>, DbError>;
}

/// What the gate found out about the `Authorization` header.
#[derive(Clone)]
pub(in crate::http) enum Bearer {
    Absent,
    Invalid,
    Valid(Token),
}

/// A request on its way into the system.
pub struct Call<A: Access> {
    app: Arc<App>,
    context: RequestContext,
    token: Option<Token>,
    claim: Option<Claim>,
    expected_version: Option<i64>,
    access: PhantomData<A>,
}

impl<A: Access> Call<A> {
    /// The system.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// The language to answer in.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.context.locale
    }

    /// The client's address.
    #[must_use]
    pub fn address(&self) -> String {
        self.context.address.to_string()
    }

    /// The client's name for itself, cut to what is worth keeping.
    #[must_use]
    pub fn user_agent(&self) -> String {
        self.context.user_agent.chars().filter(|c| !c.is_control()).take(200).collect()
    }

    /// The version `If-Match` demanded; operations declared with `if_match` always have one.
    #[must_use]
    pub fn expected_version(&self) -> i64 {
        self.expected_version.unwrap_or_default()
    }

    /// The token the call came with, if any: for what is later done in its name.
    #[must_use]
    pub fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    /// The same call for a write that comes before the one that is answered; the idempotency key stays with the latter.
    #[must_use]
    pub fn beforehand(&self) -> Self {
        let Self { app, context, token, expected_version, .. } = self;
        let (app, context, token) = (Arc::clone(app), context.clone(), token.clone());
        Self { app, context, token, claim: None, expected_version: *expected_version, access: PhantomData }
    }

    /// The same call with this among what its idempotency key is used for: the digest of a body that was not read before
    /// the call, or a parameter that belongs to the body.
    #[must_use]
    pub fn with_content(mut self, content: &str) -> Self {
        if let Some(claim) = &mut self.claim {
            claim.fingerprint = sha256_hex(format!("{}\n{content}", claim.fingerprint).as_bytes());
        }
        self
    }

    /// Reads.
    ///
    /// # Errors
    /// What `work` fails with, or why the person was not let in.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn, &A::Who) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let (app, token, address) = (Arc::clone(&self.app), self.token.clone(), self.context.address);
        let outcome = self.app.database.read_async(move |conn| {
            let (who, _) = admit::<A>(&app, conn, token.as_ref(), address)?;
            work(conn, &who)
        });
        Ok(outcome.await?)
    }

    /// Writes: one transaction holds the idempotency claim, the work, its audit and outbox rows and the stored answer.
    /// `work` may run more than once, each time from the beginning.
    ///
    /// # Errors
    /// What `work` fails with (then nothing was written), or why the person was not let in.
    pub async fn write(self, work: impl Fn(&mut Tx<'_>, &A::Who) -> Result<Reply, Failure> + Send + 'static) -> Answer {
        let Self { app, context, token, claim, .. } = self;
        let system = Arc::clone(&app);
        let outcome = app.database.write_async(move |conn| {
            let (who, author) = admit::<A>(&system, conn, token.as_ref(), context.address)?;
            let scope = author.map_or_else(|| "anonymous".to_owned(), scope);
            let request_id = context.trace_id.clone();
            let origin = Origin { actor: author, request_id, address: context.address.to_string() };
            let mut tx = Tx::new(conn, system.clock.now(), &system.writing, &origin);
            if let Some(claim) = &claim
                && let Some(stored) = idempotency::claim(&mut tx, &scope, claim)?
            {
                return Ok((stored, false));
            }
            let reply = work(&mut tx, &who).map_err(Failure::explained)?;
            if let Some(claim) = &claim {
                idempotency::store(&mut tx, &scope, claim, &reply)?;
            }
            Ok((reply, tx.queued()))
        });
        let (reply, queued) = outcome.await?;
        if queued {
            app.wake_workers();
        }
        Ok(reply)
    }
}

/// Whose idempotency keys they are.
fn scope(author: Author) -> String {
    author.api_key_id.map_or_else(|| author.user_id.to_string(), |key| key.to_string())
}

/// Lets the one behind a token in, or not, and tells who is to be noted for what they write.
fn admit<A: Access>(
    app: &App,
    conn: &mut Conn,
    token: Option<&Token>,
    address: IpAddr,
) -> Result<(A::Who, Option<Author>), Failure> {
    let actor = match token {
        None => None,
        Some(token) => match app.authenticator.load(conn, token, app.clock.now())? {
            Some(actor) => Some(actor),
            None => {
                if matches!(token, Token::Key(_)) {
                    app.limits.key_refused(address)?;
                }
                return Err(Code::InvalidToken.into());
            }
        },
    };
    let author = actor.as_ref().map(Actor::author);
    Ok((A::admit(Reader(actor))?, author))
}

impl<A: Access> FromRequest for Call<A> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::from_parts(request))
    }
}

impl<A: Access> Call<A> {
    fn from_parts(request: &HttpRequest) -> Result<Self, Problem> {
        let internal = || Problem::new(Code::InternalError);
        let app = request.app_data::<web::Data<App>>().ok_or_else(internal)?;
        let extensions = request.extensions();
        let context = extensions.get::<RequestContext>().cloned().ok_or_else(internal)?;
        let gate = extensions.get::<Arc<Gate>>().cloned().ok_or_else(internal)?;
        let token = match extensions.get::<Bearer>() {
            Some(Bearer::Valid(token)) => Some(token.clone()),
            Some(Bearer::Invalid) => return Err(Code::InvalidToken.into()),
            Some(Bearer::Absent) | None if A::LEVEL == Level::Public => None,
            Some(Bearer::Absent) | None => return Err(Code::AuthenticationRequired.into()),
        };
        let body = extensions.get::<RawBody>().map(|raw| raw.0.clone()).unwrap_or_default();
        let claim = if gate.idempotency == Idempotency::Accepted { claim(request, &gate, &body)? } else { None };
        let expected_version =
            if gate.if_match { Some(etag::expected(request.headers().get(header::IF_MATCH))?) } else { None };
        Ok(Self { app: Arc::clone(app), context, token, claim, expected_version, access: PhantomData })
    }
}

/// The idempotency key with the digest of what it is used for.
fn claim(request: &HttpRequest, gate: &Gate, body: &[u8]) -> Result<Option<Claim>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim_matches('"');
    if !(1..=255).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        let expected = "1 to 255 visible ASCII characters";
        return Err(Problem::new(Code::MalformedHeader).with("header", "Idempotency-Key").with("expected", expected));
    }
    let mut material = format!("{}\n{}\n{}\n", gate.id, request.path(), etag_of(request)).into_bytes();
    material.extend_from_slice(body);
    Ok(Some(Claim { key: key.to_owned(), fingerprint: sha256_hex(&material) }))
}

fn etag_of(request: &HttpRequest) -> &str {
    request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl<A: Access> Describe for Call<A> {
    fn describe(operation: &mut Operation) {
        operation.level = A::LEVEL;
        operation.step_up = A::STEP_UP;
        // A token that is sent has to be valid, also where none is needed.
        operation.problems.insert(Code::InvalidToken);
        if A::LEVEL != Level::Public {
            operation.problems.insert(Code::AuthenticationRequired);
        }
        if matches!(A::LEVEL, Level::SignedIn | Level::Officer) {
            operation.problems.insert(Code::PersonRequired);
        }
        if A::LEVEL == Level::Officer {
            operation.problems.insert(Code::OfficerRequired);
        }
        if A::STEP_UP {
            operation.problems.insert(Code::StepUpRequired);
        }
        if operation.method == Method::POST && operation.idempotency == Idempotency::Accepted {
            operation.problems.extend([Code::IdempotencyKeyReused, Code::IdempotencyKeyInUse, Code::MalformedHeader]);
        }
    }
}
