//! Mails as people read them.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::exchange::Exchange;

/// The tokens in the mails to an address, oldest first.
pub fn tokens(x: &Exchange, email: &str) -> Vec<String> {
    let is_token = |line: &str| line.len() == 43 && !line.contains(' ');
    let token_of = |mail: &String| mail.lines().map(str::trim).find(|line| is_token(line)).map(str::to_owned);
    x.mails_to(email).iter().filter_map(token_of).collect()
}

/// The token of the newest mail, once there are `count` of them.
pub fn token(x: &Exchange, email: &str, count: usize) -> String {
    x.eventually("the mail arrives", || tokens(x, email).len() >= count);
    let tokens = tokens(x, email);
    assert_eq!(tokens.len(), count, "mails to {email}");
    tokens[count - 1].clone()
}

/// A mail with its body decoded (RFC 2045 §6).
pub fn readable(mail: &str) -> String {
    let (head, body) = mail.split_once("\r\n\r\n").unwrap_or((mail, ""));
    let encoding = head.lines().find_map(|line| line.strip_prefix("Content-Transfer-Encoding: ")).unwrap_or_default();
    let body = match encoding {
        "base64" => BASE64_STANDARD.decode(body.replace("\r\n", "")).unwrap_or_default(),
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    format!("{head}\r\n\r\n{}", String::from_utf8_lossy(&body))
}

fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(u8::from_str_radix(digits, 16));
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}
