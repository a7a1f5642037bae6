//! Entity tags: `"<version>-<checksum of the representation>"`. The version serves `If-Match`, the whole `If-None-Match`.

use actix_web::http::header::HeaderValue;

use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// The tag of a representation of something at `version`.
pub(super) fn of(version: i64, body: &str) -> String {
    format!("\"{version}-{:08x}\"", crc32fast::hash(body.as_bytes()))
}

/// Whether `If-None-Match` names this representation (weak comparison, RFC 9110 §13.1.2).
pub(super) fn matches(header: Option<&HeaderValue>, tag: &str) -> bool {
    let Some(header) = header.and_then(|value| value.to_str().ok()) else { return false };
    header.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// The version `If-Match` demands.
pub(super) fn expected(header: Option<&HeaderValue>) -> Result<i64, Problem> {
    let value = header.ok_or(Code::IfMatchRequired)?;
    let version = value.to_str().ok().and_then(|tag| tag.trim().strip_prefix('"')?.split_once('-')?.0.parse().ok());
    version.ok_or_else(|| {
        Problem::new(Code::MalformedHeader)
            .with("header", "If-Match")
            .with("expected", "the ETag of the item, with its quotes")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        let tag = of(7, "{}");
        let header = |text: &str| HeaderValue::from_str(text).unwrap();
        assert!(matches(Some(&header(&format!("\"x\", W/{tag}"))), &tag));
        assert!(matches(Some(&header("*")), &tag));
        assert!(!matches(Some(&header("\"7\"")), &tag));
        assert_eq!(expected(Some(&header(&tag))).unwrap(), 7);
        assert_eq!(expected(None).unwrap_err().code, Code::IfMatchRequired);
        for wrong in ["*", "7", "\"\"", "\"x-1\"", "W/\"7-1\""] {
            assert_eq!(expected(Some(&header(wrong))).unwrap_err().code, Code::MalformedHeader, "{wrong}");
        }
    }
}
