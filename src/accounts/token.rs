//! Tokens: the signed access token (JWT, RFC 7519 and RFC 9068) and the opaque refresh token.
//!
//! Keys are derived from the configured secret, one for each use, so that neither can serve for the other.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use crate::config::Secret;
use crate::http::SessionRef;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::digest::{base64url, hmac_sha256, random_token, sha256_hex};
use crate::kernel::id::{SessionId, UserId};
use crate::kernel::problem::Problem;

const ALGORITHM: Algorithm = Algorithm::HS256;
const ISSUER: &str = "techex";
const AUDIENCE: &str = "techex-api";
/// The media type of access tokens (RFC 9068 §2.1), so that no other JWT of ours is taken for one.
const TYPE: &str = "at+jwt";
/// Seconds by which the clocks of our servers may differ.
const LEEWAY: i64 = 5;

/// What an access token says. Who may do what is never in it: that is read from the database at each request.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// A key by which access tokens are signed or checked.
struct Key {
    kid: String,
    bytes: [u8; 32],
}

impl Key {
    fn derive(secret: &str) -> Self {
        let bytes = hmac_sha256(secret.as_bytes(), b"techex access token v1");
        Self { kid: sha256_hex(&bytes).chars().take(16).collect(), bytes }
    }
}

/// Makes and checks tokens.
pub struct Tokens {
    signing: EncodingKey,
    kid: String,
    /// The current key, then the previous one.
    checking: Vec<(String, DecodingKey)>,
    validation: Validation,
    refresh_key: [u8; 32],
    access_seconds: i64,
}

impl Tokens {
    /// Tokens under `secret`; access tokens are valid for `access_seconds`. Access tokens made under `previous`, if it is
    /// not empty, stay valid.
    #[must_use]
    pub fn new(secret: &Secret, previous: &Secret, access_seconds: i64) -> Self {
        let current = Key::derive(secret.expose());
        let earlier = (!previous.is_empty()).then(|| Key::derive(previous.expose()));
        let mut validation = Validation::new(ALGORITHM);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // Times are checked in `verify` against the injected clock, not by the library against the machine's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            signing: EncodingKey::from_secret(&current.bytes),
            kid: current.kid.clone(),
            checking: [Some(current), earlier]
                .into_iter()
                .flatten()
                .map(|key| (key.kid, DecodingKey::from_secret(&key.bytes)))
                .collect(),
            validation,
            refresh_key: hmac_sha256(secret.expose().as_bytes(), b"techex refresh token v1"),
            access_seconds,
        }
    }

    /// Seconds an access token is valid.
    #[must_use]
    pub fn access_seconds(&self) -> i64 {
        self.access_seconds
    }

    /// An access token for a session, valid from `now`.
    ///
    /// # Errors
    /// `internal_error` when signing fails.
    pub fn access(&self, session: SessionRef, now: At) -> Result<String, Problem> {
        let issued = now.seconds();
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: session.user_id,
            sid: session.session_id,
            iat: issued,
            nbf: issued,
            exp: issued.saturating_add(self.access_seconds),
        };
        let mut header = Header::new(ALGORITHM);
        header.typ = Some(TYPE.into());
        header.kid = Some(self.kid.clone());
        encode(&header, &claims, &self.signing).map_err(|error| {
            tracing::error!(%error, "an access token cannot be signed");
            Code::InternalError.into()
        })
    }

    /// The session an access token speaks for, if we made the token and it is valid at `now`.
    #[must_use]
    pub fn verify(&self, token: &str, now: At) -> Option<SessionRef> {
        let header = decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.alg != ALGORITHM || header.crit.is_some() {
            return None;
        }
        let kid = header.kid?;
        let (_, key) = self.checking.iter().find(|(known, _)| *known == kid)?;
        let claims = decode::<Claims>(token, key, &self.validation).ok()?.claims;
        let now = now.seconds();
        let valid = claims.nbf <= now.saturating_add(LEEWAY) && now < claims.exp.saturating_add(LEEWAY);
        valid.then_some(SessionRef { session_id: claims.sid, user_id: claims.sub })
    }

    /// The first refresh token of a session: 256 random bits.
    ///
    /// # Errors
    /// `internal_error` when the operating system has no randomness to give.
    pub fn first_refresh() -> Result<RefreshToken, Problem> {
        random_token().map(RefreshToken).map_err(|error| {
            tracing::error!(%error, "the operating system gives no randomness");
            Code::InternalError.into()
        })
    }

    /// The refresh token that follows `token`: always the same one, so that a renewal whose answer was lost can be
    /// answered again, and not to be computed without our key.
    #[must_use]
    pub fn successor(&self, token: &RefreshToken) -> RefreshToken {
        RefreshToken(base64url(&hmac_sha256(&self.refresh_key, token.0.as_bytes())))
    }
}

/// A refresh token as the client holds it. Only its hash is stored; it is shown in no log.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RefreshToken(String);

impl RefreshToken {
    /// A token as the client sent it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What is stored. The token has 256 bits of entropy, so a plain digest suffices (OWASP ASVS 5.0, 7.2.3).
    #[must_use]
    pub fn hash(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("********")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    const NOW: i64 = 1_800_000_000;

    fn tokens(secret: &str, previous: &str) -> Tokens {
        Tokens::new(&Secret::new(secret), &Secret::new(previous), 900)
    }

    fn at(seconds: i64) -> At {
        At::from_micros(seconds * 1_000_000).unwrap()
    }

    fn session() -> SessionRef {
        SessionRef { session_id: SessionId(Uuid::from_u128(1)), user_id: UserId(Uuid::from_u128(2)) }
    }

    fn claims() -> Value {
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": Uuid::from_u128(2), "sid": Uuid::from_u128(1), "iat": NOW, "nbf": NOW, "exp": NOW + 900})
    }

    fn header() -> Header {
        let mut header = Header::new(ALGORITHM);
        header.typ = Some(TYPE.into());
        header.kid = Some(Key::derive("current").kid);
        header
    }

    fn signed(header: &Header, claims: &Value, secret: &str) -> String {
        encode(header, claims, &EncodingKey::from_secret(&Key::derive(secret).bytes)).unwrap()
    }

    #[test]
    fn own_tokens_are_accepted_while_they_are_valid() {
        let tokens = tokens("current", "");
        let token = tokens.access(session(), at(NOW)).unwrap();
        for (time, accepted) in [
            (NOW - LEEWAY - 1, false),
            (NOW - LEEWAY, true),
            (NOW, true),
            (NOW + 900 + LEEWAY - 1, true),
            (NOW + 900 + LEEWAY, false),
        ] {
            assert_eq!(tokens.verify(&token, at(time)).is_some(), accepted, "{time}");
        }
        let found = tokens.verify(&token, at(NOW)).unwrap();
        assert_eq!((found.session_id, found.user_id), (session().session_id, session().user_id));
    }

    #[test]
    fn the_previous_secret_verifies_and_an_older_one_does_not() {
        let old = tokens("old", "").access(session(), at(NOW)).unwrap();
        assert!(tokens("new", "old").verify(&old, at(NOW)).is_some());
        assert!(tokens("newer", "new").verify(&old, at(NOW)).is_none());
        assert!(tokens("new", "").verify(&old, at(NOW)).is_none());
    }

    #[test]
    fn headers_are_checked() {
        let tokens = tokens("current", "previous");
        assert!(tokens.verify(&signed(&header(), &claims(), "current"), at(NOW)).is_some());
        let other = |change: fn(&mut Header)| {
            let mut header = header();
            change(&mut header);
            header
        };
        for (what, header) in [
            ("other algorithm", other(|h| h.alg = Algorithm::HS512)),
            ("other type", other(|h| h.typ = Some("JWT".into()))),
            ("no type", other(|h| h.typ = None)),
            ("no kid", other(|h| h.kid = None)),
            ("unknown kid", other(|h| h.kid = Some("0000000000000000".into()))),
            ("swapped kid", other(|h| h.kid = Some(Key::derive("previous").kid))),
            ("critical extension", other(|h| h.crit = Some(vec!["b64".into()]))),
        ] {
            assert!(tokens.verify(&signed(&header, &claims(), "current"), at(NOW)).is_none(), "{what}");
        }
    }

    #[test]
    fn unsigned_and_altered_tokens_are_refused() {
        let tokens = tokens("current", "");
        let good = signed(&header(), &claims(), "current");
        let mut parts = good.split('.');
        let (head, body, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let none =
            base64url(json!({"alg": "none", "typ": TYPE, "kid": Key::derive("current").kid}).to_string().as_bytes());
        let mut elevated = claims();
        elevated["sub"] = json!(Uuid::from_u128(9));
        let elevated = base64url(elevated.to_string().as_bytes());
        for forged in [
            format!("{none}.{body}."),
            format!("{none}.{body}.{signature}"),
            format!("{head}.{body}."),
            format!("{head}.{elevated}.{signature}"),
            format!("{head}.{body}"),
            String::new(),
            "..".into(),
            signed(&header(), &claims(), "another secret"),
        ] {
            assert!(tokens.verify(&forged, at(NOW)).is_none(), "{forged}");
        }
    }

    #[test]
    fn every_claim_is_demanded_and_checked() {
        let tokens = tokens("current", "");
        for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp"] {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            assert!(tokens.verify(&signed(&header(), &claims, "current"), at(NOW)).is_none(), "without {name}");
        }
        for (name, value) in [
            ("iss", json!("someone")),
            ("aud", json!("other-api")),
            ("aud", json!([AUDIENCE, "other-api"])),
            ("sub", json!("no uuid")),
            ("exp", json!(NOW - 60)),
            ("exp", json!("never")),
            ("nbf", json!(NOW + 60)),
        ] {
            let mut claims = claims();
            claims[name] = value.clone();
            assert!(tokens.verify(&signed(&header(), &claims, "current"), at(NOW)).is_none(), "{name} = {value}");
        }
    }

    #[test]
    fn successors_are_stable_and_need_the_key() {
        let first = Tokens::first_refresh().unwrap();
        let (a, b) = (tokens("a", ""), tokens("b", ""));
        assert_eq!(a.successor(&first), a.successor(&first));
        assert_ne!(a.successor(&first), b.successor(&first));
        assert_ne!(a.successor(&first), first);
        assert_eq!(format!("{first:?}"), "********");
    }
}
