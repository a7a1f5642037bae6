//! A file as the answer to a request: sent piece by piece as it is read, whole or in part (RFC 9110 §14), to be kept by the
//! one who asked and shown by no browser.

use actix_web::body::{BoxBody, SizedStream};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderMap, HeaderName,
};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use futures_util::stream::BoxStream;
use std::future::{Ready, ready};
use std::ops::Range;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, Required};

use super::etag;
use super::operation::{Describe, Operation};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// A file on its way to the client.
pub struct Download {
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// The name it is to be kept under.
    pub name: String,
    /// Its entity tag.
    pub tag: String,
    /// All its bytes.
    pub size: u64,
    /// What of it is sent.
    pub part: Part,
    /// The bytes of that part.
    pub content: BoxStream<'static, std::io::Result<Bytes>>,
}

/// What of a file a client is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Nothing: it has the file.
    Nothing,
    /// All of it.
    Whole,
    /// These bytes.
    Bytes(Range<u64>),
}

/// What of a file a client asks for, and what it has of it.
#[derive(Clone, Debug)]
pub struct Wanted(HeaderMap);

impl Wanted {
    /// The part of a file with this tag and size. More than one range, or units other than bytes, get the whole, as the
    /// standard allows.
    ///
    /// # Errors
    /// `range_not_satisfiable` when the range begins after the end.
    pub fn of(&self, tag: &str, size: u64) -> Result<Part, Problem> {
        if etag::matches(self.0.get(header::IF_NONE_MATCH), tag) {
            return Ok(Part::Nothing);
        }
        let text = |name: HeaderName| self.0.get(name).and_then(|value| value.to_str().ok());
        let current = text(header::IF_RANGE).is_none_or(|held| held.trim() == tag);
        let Some(range) = text(header::RANGE).filter(|_| current).and_then(|range| range.strip_prefix("bytes=")) else {
            return Ok(Part::Whole);
        };
        match bytes(range, size) {
            None => Ok(Part::Whole),
            Some(range) if range.is_empty() => Err(Problem::new(Code::RangeNotSatisfiable).with("size", size)),
            Some(range) => Ok(Part::Bytes(range)),
        }
    }
}

/// The bytes a single range names, none if it begins after the end; `None` if it is no such range.
fn bytes(range: &str, size: u64) -> Option<Range<u64>> {
    match range.trim().split_once('-')? {
        ("", last) => Some(size.saturating_sub(last.parse().ok()?)..size),
        (first, "") => Some(first.parse().ok()?..size),
        (first, last) => {
            let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
            (first <= last).then(|| first..last.saturating_add(1).min(size))
        }
    }
}

impl FromRequest for Wanted {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.headers().clone())))
    }
}

impl Describe for Wanted {
    fn describe(operation: &mut Operation) {
        let about = [
            ("Range", "A part of the file: `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`."),
            (
                "If-Range",
                "The `ETag` of the file of which a part is held; if it is another file now, all of it is sent.",
            ),
        ];
        operation.parameters.extend(about.map(|(name, about)| {
            let schema = ObjectBuilder::new().schema_type(Type::String);
            let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header);
            parameter.required(Required::False).description(Some(about)).schema(Some(schema)).build()
        }));
        operation.problems.insert(Code::RangeNotSatisfiable);
    }
}

impl Responder for Download {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Self { content_type, name, tag, size, part, content } = self;
        let (status, length) = match &part {
            Part::Nothing => (StatusCode::NOT_MODIFIED, 0),
            Part::Whole => (StatusCode::OK, size),
            Part::Bytes(range) => (StatusCode::PARTIAL_CONTENT, range.end.saturating_sub(range.start)),
        };
        let mut response = HttpResponseBuilder::new(status);
        response.insert_header((header::ETAG, tag));
        if part == Part::Nothing {
            return response.finish();
        }
        if let Part::Bytes(Range { start, end }) = part {
            response.insert_header((header::CONTENT_RANGE, format!("bytes {start}-{}/{size}", end.saturating_sub(1))));
        }
        let name = ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: name.into() };
        let disposition = ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::FilenameExt(name)],
        };
        response.insert_header((header::ACCEPT_RANGES, "bytes"));
        response.insert_header((header::CONTENT_TYPE, content_type));
        response.insert_header(disposition);
        response
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"));
        response.body(SizedStream::new(length, content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(headers: &[(HeaderName, &str)]) -> Result<Part, Code> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name.clone(), value.parse().unwrap());
        }
        Wanted(map).of("\"abc\"", 100).map_err(|problem| problem.code)
    }

    #[test]
    fn ranges() {
        for (range, part) in [
            ("bytes=0-9", Ok(Part::Bytes(0..10))),
            ("bytes=90-", Ok(Part::Bytes(90..100))),
            ("bytes=90-500", Ok(Part::Bytes(90..100))),
            ("bytes=99-99", Ok(Part::Bytes(99..100))),
            ("bytes=-1", Ok(Part::Bytes(99..100))),
            ("bytes=-500", Ok(Part::Bytes(0..100))),
            ("bytes=100-", Err(Code::RangeNotSatisfiable)),
            ("bytes=100-200", Err(Code::RangeNotSatisfiable)),
            ("bytes=-0", Err(Code::RangeNotSatisfiable)),
            ("bytes=0-1,5-6", Ok(Part::Whole)),
            ("bytes=9-0", Ok(Part::Whole)),
            ("bytes=x-y", Ok(Part::Whole)),
            ("bytes=99999999999999999999-", Ok(Part::Whole)),
            ("lines=1-2", Ok(Part::Whole)),
        ] {
            assert_eq!(wanted(&[(header::RANGE, range)]), part, "{range}");
        }
    }

    #[test]
    fn conditions() {
        let range = (header::RANGE, "bytes=0-9");
        for (condition, part) in [
            ((header::IF_NONE_MATCH, "\"abc\""), Part::Nothing),
            ((header::IF_NONE_MATCH, "\"abd\""), Part::Bytes(0..10)),
            ((header::IF_RANGE, "\"abc\""), Part::Bytes(0..10)),
            ((header::IF_RANGE, "\"abd\""), Part::Whole),
            ((header::IF_RANGE, "W/\"abc\""), Part::Whole),
        ] {
            assert_eq!(wanted(&[range.clone(), condition.clone()]), Ok(part), "{condition:?}");
        }
    }
}
