//! Parameters of a database's URL.

use std::fmt::Write;

/// The URL of a PostgreSQL database with one more connection parameter (libpq, "Connection URIs"); a SQLite one as it is.
#[must_use]
pub fn with_parameter(url: &str, name: &str, value: &str) -> String {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return url.to_owned();
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    value.bytes().fold(format!("{url}{separator}{name}="), |mut url, byte| {
        // Writing to a String cannot fail.
        let _ = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => write!(url, "{}", char::from(byte)),
            other => write!(url, "%{other:02X}"),
        };
        url
    })
}

#[cfg(test)]
mod tests {
    use super::with_parameter;

    #[test]
    fn values_are_percent_encoded() {
        for (url, value, expected) in [
            ("postgres://a@h/d", "p/w d%", "postgres://a@h/d?password=p%2Fw%20d%25"),
            ("postgresql://h/d?sslmode=require", "đ", "postgresql://h/d?sslmode=require&password=%C4%91"),
            ("sqlite:data/techex.db", "p", "sqlite:data/techex.db"),
        ] {
            assert_eq!(with_parameter(url, "password", value), expected);
        }
    }
}
