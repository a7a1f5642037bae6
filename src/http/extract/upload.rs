//! A file as the body of a request: read piece by piece as it arrives, and never held as a whole.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::stream::{self, Stream, StreamExt};
use std::future::{Ready, ready};
use std::time::{Duration, Instant};

use super::super::operation::{BodyDoc, Describe, FILE_EXAMPLE, Operation, SchemaDoc};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// A file that is about to arrive.
pub struct Upload {
    /// What its sender says it is, in lower case and without parameters.
    pub media_type: String,
    /// Its size in bytes, if that was announced.
    pub announced: Option<u64>,
    body: Payload,
}

/// What a sender has to keep to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Bytes at the most.
    pub bytes: u64,
    /// How long the next piece may take.
    pub piece: Duration,
    /// How long all of it may take.
    pub whole: Duration,
}

impl Upload {
    /// The pieces as they come.
    ///
    /// The stream ends with `body_too_large` when there are more bytes than allowed, `request_timeout` when they come too
    /// slowly, `incomplete_body` when the connection ends before them.
    pub fn pieces(self, pace: Pace) -> impl Stream<Item = Result<Bytes, Problem>> {
        let deadline = Instant::now() + pace.whole;
        stream::try_unfold((self.body, 0_u64), move |(mut body, before)| async move {
            let patience = pace.piece.min(deadline.saturating_duration_since(Instant::now()));
            let Ok(next) = tokio::time::timeout(patience, body.next()).await else {
                return Err(Problem::new(Code::RequestTimeout));
            };
            let Some(piece) = next.transpose().map_err(|_| Problem::new(Code::IncompleteBody))? else {
                return Ok(None);
            };
            let received = before.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            pace.admit(received)?;
            Ok::<_, Problem>(Some((piece, (body, received))))
        })
    }
}

impl Pace {
    /// Checks that a file may have so many bytes.
    ///
    /// # Errors
    /// `body_too_large`.
    pub fn admit(&self, bytes: u64) -> Result<(), Problem> {
        if bytes <= self.bytes { Ok(()) } else { Err(Problem::new(Code::BodyTooLarge).with("max", self.bytes)) }
    }
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let announced =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        ready(Ok(Self { media_type: request.content_type().to_ascii_lowercase(), announced, body: payload.take() }))
    }
}

impl Describe for Upload {
    fn describe(operation: &mut Operation) {
        operation.body = Some(BodyDoc {
            media_type: "*/*",
            schema: SchemaDoc::of_bytes(),
            example: FILE_EXAMPLE.into(),
            streamed: true,
        });
        operation.problems.extend([
            Code::IncompleteBody,
            Code::RequestTimeout,
            Code::BodyTooLarge,
            Code::UnsupportedMediaType,
            Code::ValidationFailed,
        ]);
    }
}
