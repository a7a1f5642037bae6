//! Passes: what a link carries to be let through. Each is for one file and until an instant, says in whose name it was
//! made, and is signed, so that nobody can make or change one. The rest is asked again when it is used: whether the session
//! or key still holds and may still have the file.

use crate::http::{SessionRef, Token};
use crate::kernel::clock::At;
use crate::kernel::digest::{base64url, from_base64url, hmac_sha256, hmac_sha256_holds};
use crate::kernel::id::AttachmentId;

/// The keys: passes are signed under the first and checked under all.
pub(super) struct Passes(pub Vec<[u8; 32]>);

/// What a pass says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pass {
    /// Until when it can be used, in whole seconds.
    pub expires_at: At,
    /// In whose name it was made; none for a visitor.
    pub bearer: Option<Token>,
}

impl Passes {
    /// A signed pass for a file.
    pub(super) fn sign(&self, file: AttachmentId, pass: &Pass) -> String {
        let bearer = match &pass.bearer {
            None => "v".to_owned(),
            Some(Token::Session(session)) => format!("s.{}.{}", session.session_id, session.user_id),
            Some(Token::Key(hash)) => format!("k.{hash}"),
        };
        let says = format!("{}.{bearer}", pass.expires_at.seconds());
        let key = self.0.first().map(<[u8; 32]>::as_slice).unwrap_or_default();
        format!("{says}.{}", base64url(&hmac_sha256(key, &message(file, &says))))
    }

    /// What a pass says, if we made it for this file and it can still be used.
    pub(super) fn open(&self, file: AttachmentId, pass: &str, now: At) -> Option<Pass> {
        let (says, mac) = pass.rsplit_once('.')?;
        let (message, mac) = (message(file, says), from_base64url(mac)?);
        if !self.0.iter().any(|key| hmac_sha256_holds(key, &message, &mac)) {
            return None;
        }
        let mut words = says.split('.');
        let expires_at = At::from_micros(words.next()?.parse::<i64>().ok()?.checked_mul(1_000_000)?)?;
        let bearer = match words.next()? {
            "v" => None,
            "s" => {
                let session_id = words.next()?.parse().ok()?;
                Some(Token::Session(SessionRef { session_id, user_id: words.next()?.parse().ok()? }))
            }
            "k" => Some(Token::Key(words.next()?.to_owned())),
            _ => return None,
        };
        (now < expires_at).then_some(Pass { expires_at, bearer })
    }
}

fn message(file: AttachmentId, says: &str) -> Vec<u8> {
    format!("techex file {file} {says}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_pass_is_for_one_file_one_bearer_and_a_while() {
        let now = At::sample();
        let (file, other) = (AttachmentId(Uuid::from_u128(7)), AttachmentId(Uuid::from_u128(8)));
        let session = SessionRef { session_id: Uuid::from_u128(1).into(), user_id: Uuid::from_u128(2).into() };
        let passes = Passes(vec![[1; 32]]);
        for bearer in [None, Some(Token::Session(session)), Some(Token::Key("0a1b".into()))] {
            let pass =
                Pass { expires_at: At::from_micros(now.seconds() * 1_000_000).unwrap().plus_seconds(60), bearer };
            let text = passes.sign(file, &pass);
            assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{text}");
            assert_eq!(passes.open(file, &text, now), Some(pass.clone()));
            assert_eq!(passes.open(other, &text, now), None);
            assert_eq!(passes.open(file, &text, now.plus_seconds(60)), None);
            assert_eq!(Passes(vec![[2; 32], [1; 32]]).open(file, &text, now), Some(pass), "after a change of keys");
            assert_eq!(Passes(vec![[2; 32]]).open(file, &text, now), None);
            for at in 0..text.len() {
                let mut forged = text.clone().into_bytes();
                forged[at] = if forged[at] == b'1' { b'2' } else { b'1' };
                // The last character of the signature has two bits that stand for nothing, which the decoder refuses.
                assert_eq!(passes.open(file, &String::from_utf8(forged).unwrap(), now), None, "{at}");
            }
        }
        for garbage in ["", ".", "v", "9999999999.v.", "9999999999.v.AAAA", "…"] {
            assert_eq!(passes.open(file, garbage, now), None);
        }
    }
}
