//! Rate limits: so many requests a minute for each client and class of operation, told by the standard headers
//! (`RateLimit-Policy`, `RateLimit`, `Retry-After`).

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::operation::Rate;
use crate::config::Limits;
use crate::kernel::code::Code;
use crate::kernel::id::UserId;
use crate::kernel::problem::Problem;

/// Who is counted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Client {
    Account(UserId),
    /// The hash of an API key.
    Key(String),
    Address(IpAddr),
}

impl Client {
    /// A client by its address; IPv6 clients own a whole /64.
    pub(super) fn at(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

type Counter<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// One class of operations.
struct Class<K: Hash + Eq + Clone> {
    name: &'static str,
    per_minute: u32,
    counter: Counter<K>,
    checks: AtomicU32,
}

/// What to tell the client about its allowance.
pub(super) struct Allowance {
    pub policy: String,
    pub state: String,
}

impl<K: Hash + Eq + Clone> Class<K> {
    /// Forgotten keys are swept out every so many checks, so that memory follows the number of active clients.
    const SWEEP_EVERY: u32 = 4096;

    fn new(name: &'static str, per_minute: u32) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
        let counter = RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Some(Self { name, per_minute, counter, checks: AtomicU32::new(0) })
    }

    fn check(&self, key: &K) -> Result<Allowance, Problem> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % Self::SWEEP_EVERY == Self::SWEEP_EVERY - 1 {
            self.counter.retain_recent();
        }
        match self.counter.check_key(key) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                let refill = u64::from(self.per_minute.saturating_sub(left)) * 60 / u64::from(self.per_minute);
                Ok(Allowance {
                    policy: format!("\"{}\";q={};w=60", self.name, self.per_minute),
                    state: format!("\"{}\";r={left};t={}", self.name, refill.max(1)),
                })
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now());
                Err(Problem::retry_later(Code::RateLimited, wait.as_secs() + 1))
            }
        }
    }
}

/// All counters of a server.
pub struct RateLimits {
    reads: Option<Class<Client>>,
    searches: Option<Class<Client>>,
    writes: Option<Class<Client>>,
    credentials: Option<Class<Client>>,
    keys: Option<Class<Client>>,
    refused_keys: Option<Class<Client>>,
    /// Addresses that made up too many keys, and until when the next one has to wait.
    barred: Mutex<HashMap<Client, Instant>>,
}

impl RateLimits {
    /// Counters with the configured allowances.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            reads: Class::new("reads", limits.reads),
            searches: Class::new("searches", limits.searches),
            writes: Class::new("writes", limits.writes),
            credentials: Class::new("credentials", limits.credentials),
            keys: Class::new("keys", limits.keys),
            refused_keys: Class::new("refused-keys", limits.failed_logins),
            barred: Mutex::default(),
        }
    }

    /// Counts a request; what is left, unless the class has no limit. Whatever a machine does counts alike.
    pub(super) fn check(&self, rate: Rate, client: &Client) -> Result<Option<Allowance>, Problem> {
        let class = match (client, rate) {
            (Client::Key(_), _) => &self.keys,
            (_, Rate::Read) => &self.reads,
            (_, Rate::Search) => &self.searches,
            (_, Rate::Write) => &self.writes,
            (_, Rate::Credential) => &self.credentials,
        };
        class.as_ref().map(|class| class.check(client)).transpose()
    }

    /// Whether an address may send another API key; to be asked before the key is looked up.
    pub(super) fn key_allowed(&self, address: IpAddr) -> Result<(), Problem> {
        let mut barred = self.barred.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        barred.retain(|_, until| *until > now);
        match barred.get(&Client::at(address)) {
            Some(until) => Err(Problem::retry_later(Code::RateLimited, until.duration_since(now).as_secs() + 1)),
            None => Ok(()),
        }
    }

    /// Counts a key that does not work; who makes keys up is turned away like one who guesses passwords.
    pub(super) fn key_refused(&self, address: IpAddr) -> Result<(), Problem> {
        let Some(class) = &self.refused_keys else { return Ok(()) };
        let client = Client::at(address);
        class.check(&client).map(|_| ()).inspect_err(|problem| {
            let seconds = problem.retry_after().and_then(|seconds| seconds.parse().ok()).unwrap_or(1);
            let until = Instant::now() + Duration::from_secs(seconds);
            self.barred.lock().unwrap_or_else(PoisonError::into_inner).insert(client, until);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_client_and_class_apart() {
        let limits = RateLimits::new(&Limits { writes: 2, reads: 0, ..Limits::default() });
        let (a, b) = (Client::at([127, 0, 0, 1].into()), Client::at([127, 0, 0, 2].into()));
        let first = limits.check(Rate::Write, &a).unwrap().unwrap();
        assert_eq!(first.policy, "\"writes\";q=2;w=60");
        assert!(first.state.starts_with("\"writes\";r=1;t="), "{}", first.state);
        assert!(limits.check(Rate::Write, &a).is_ok());
        let refused = limits.check(Rate::Write, &a).err().unwrap();
        assert_eq!(refused.code, Code::RateLimited);
        assert!(refused.retry_after().is_some());
        assert!(limits.check(Rate::Write, &b).is_ok());
        assert!(limits.check(Rate::Read, &a).unwrap().is_none());
    }

    #[test]
    fn too_many_made_up_keys_bar_the_address_and_no_other() {
        let limits = RateLimits::new(&Limits { failed_logins: 2, ..Limits::default() });
        let (a, b) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        assert!(limits.key_refused(a).is_ok() && limits.key_refused(a).is_ok());
        assert!(limits.key_allowed(a).is_ok());
        assert_eq!(limits.key_refused(a).unwrap_err().code, Code::RateLimited);
        assert_eq!(limits.key_allowed(a).unwrap_err().code, Code::RateLimited);
        assert!(limits.key_allowed(b).is_ok());
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let at = |text: &str| Client::at(text.parse().unwrap());
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff:2"));
        assert_ne!(at("2001:db8::1"), at("2001:db8:0:1::1"));
    }
}
