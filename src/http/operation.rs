//! The declaration of an endpoint: everything the router, the OpenAPI document, the limiter and the tests need to know of
//! it, in one place. What the handler's arguments already tell (access, parameters, body) is taken from their types.

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Route, web};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{KnownFormat, ObjectBuilder, Ref, RefOr, Schema, SchemaFormat};

use super::extract::Level;
use crate::kernel::code::Code;

/// An example of a type: it stands in the OpenAPI document, and tests use it.
pub trait Sample {
    /// The example.
    fn sample() -> Self;
}

/// Which allowance a request is counted against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rate {
    /// Reads.
    Read,
    /// Searches.
    Search,
    /// Writes.
    Write,
    /// Registrations, logins, renewals, mails asked for.
    Credential,
}

/// What an `Idempotency-Key` does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Idempotency {
    /// The operation is not a POST, or its answer carries a secret and is never stored.
    Ignored,
    /// A repeated request with the same key gets the stored answer.
    Accepted,
}

/// A named schema with the schemas it refers to.
#[derive(Clone)]
pub(super) struct SchemaDoc {
    pub schema: RefOr<Schema>,
    pub components: Vec<(String, RefOr<Schema>)>,
}

impl SchemaDoc {
    pub(super) fn of<T: ToSchema>() -> Self {
        let mut components = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut components);
        Self { schema: Ref::from_schema_name(T::name()).into(), components }
    }

    /// Bytes as they are.
    pub(super) fn of_bytes() -> Self {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        let schema = ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build();
        Self { schema: schema.into(), components: Vec::new() }
    }
}

/// What stands for the bytes of a file in the document.
pub(super) const FILE_EXAMPLE: &str = "(bytes)";

/// A request body as documented and demanded.
#[derive(Clone)]
pub(super) struct BodyDoc {
    pub media_type: &'static str,
    pub schema: SchemaDoc,
    pub example: serde_json::Value,
    /// Whether the handler reads it piece by piece, instead of the gate as a whole.
    pub streamed: bool,
}

/// An answer as documented.
#[derive(Clone)]
pub(super) struct AnswerDoc {
    pub status: u16,
    pub description: &'static str,
    pub media_type: &'static str,
    pub body: Option<(SchemaDoc, serde_json::Value)>,
}

/// What an extractor adds to the declaration.
pub trait Describe {
    /// Adds it.
    fn describe(operation: &mut Operation);
}

macro_rules! describe_tuples { ($(($($name:ident),*))*) => {$(
    impl<$($name: Describe),*> Describe for ($($name,)*) {
        #[allow(unused_variables, reason = "the empty tuple describes nothing")]
        fn describe(operation: &mut Operation) { $($name::describe(operation);)* }
    }
)*} }
describe_tuples! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) }

/// Other application data says nothing about the endpoint.
impl<T: ?Sized + 'static> Describe for web::Data<T> {
    fn describe(_: &mut Operation) {}
}

/// One endpoint.
pub struct Operation {
    pub(super) id: &'static str,
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) tag: &'static str,
    pub(super) summary: &'static str,
    pub(super) description: Cow<'static, str>,
    pub(super) level: Level,
    pub(super) step_up: bool,
    pub(super) rate: Rate,
    pub(super) idempotency: Idempotency,
    pub(super) if_match: bool,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<BodyDoc>,
    pub(super) answers: Vec<AnswerDoc>,
    pub(super) problems: BTreeSet<Code>,
    pub(super) route: Box<dyn Fn() -> Route + Send + Sync>,
}

impl Operation {
    fn new<F, Args>(method: Method, path: &'static str, id: &'static str, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + Describe + 'static,
        F::Output: Responder + 'static,
    {
        let reading = method == Method::GET;
        let mut operation = Self {
            id,
            tag: "",
            summary: "",
            description: Cow::Borrowed(""),
            level: Level::Public,
            step_up: false,
            rate: if reading { Rate::Read } else { Rate::Write },
            idempotency: if method == Method::POST { Idempotency::Accepted } else { Idempotency::Ignored },
            if_match: false,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            problems: BTreeSet::from([
                Code::InternalError,
                Code::DatabaseUnavailable,
                Code::Overloaded,
                Code::RateLimited,
                Code::UriTooLong,
                Code::UnsupportedEncoding,
            ]),
            method,
            path,
            route: Box::new(move || web::route().to(handler.clone())),
        };
        if path.contains('{') {
            operation.problems.insert(Code::NotFound);
        }
        Args::describe(&mut operation);
        operation
    }

    /// A GET (and HEAD) endpoint.
    pub fn get<F, Args>(path: &'static str, id: &'static str, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + Describe + 'static,
        F::Output: Responder + 'static,
    {
        Self::new(Method::GET, path, id, handler)
    }

    /// A POST endpoint.
    pub fn post<F, Args>(path: &'static str, id: &'static str, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + Describe + 'static,
        F::Output: Responder + 'static,
    {
        Self::new(Method::POST, path, id, handler)
    }

    /// A PATCH endpoint.
    pub fn patch<F, Args>(path: &'static str, id: &'static str, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + Describe + 'static,
        F::Output: Responder + 'static,
    {
        Self::new(Method::PATCH, path, id, handler)
    }

    /// A DELETE endpoint.
    pub fn delete<F, Args>(path: &'static str, id: &'static str, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + Describe + 'static,
        F::Output: Responder + 'static,
    {
        Self::new(Method::DELETE, path, id, handler)
    }

    /// What it does, in a few words and in full, for somebody who has only the document.
    #[must_use]
    pub fn about(
        mut self,
        tag: &'static str,
        summary: &'static str,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        (self.tag, self.summary, self.description) = (tag, summary, description.into());
        self
    }

    /// The answer when all went well.
    #[must_use]
    pub fn answers<T: Sample + Serialize + ToSchema>(self, status: u16, description: &'static str) -> Self {
        self.answers_as::<T>("application/json", status, description)
    }

    /// The answer when all went well, of another media type than plain JSON; a text of that type is a string.
    #[must_use]
    pub fn answers_as<T: Sample + Serialize + ToSchema>(
        mut self,
        media_type: &'static str,
        status: u16,
        description: &'static str,
    ) -> Self {
        let example = serde_json::to_value(T::sample()).unwrap_or_default();
        let body = Some((SchemaDoc::of::<T>(), example));
        self.answers.push(AnswerDoc { status, description, media_type, body });
        self
    }

    /// The answer when all went well: a file of any type, or a part of it.
    #[must_use]
    pub fn answers_file(mut self, status: u16, description: &'static str) -> Self {
        let body = Some((SchemaDoc::of_bytes(), FILE_EXAMPLE.into()));
        self.answers.push(AnswerDoc { status, description, media_type: "*/*", body });
        self
    }

    /// The answer when all went well and there is nothing to say.
    #[must_use]
    pub fn answers_nothing(mut self, description: &'static str) -> Self {
        self.answers.push(AnswerDoc { status: 204, description, media_type: "", body: None });
        self
    }

    /// Which allowance it is counted against, where the method does not tell.
    #[must_use]
    pub fn rate(mut self, rate: Rate) -> Self {
        self.rate = rate;
        self
    }

    /// Never stores its answer, because it carries a secret.
    #[must_use]
    pub fn secret_answer(mut self) -> Self {
        self.idempotency = Idempotency::Ignored;
        self.problems.remove(&Code::IdempotencyKeyReused);
        self.problems.remove(&Code::IdempotencyKeyInUse);
        self
    }

    /// Demands `If-Match`.
    #[must_use]
    pub fn if_match(mut self) -> Self {
        self.if_match = true;
        self.problems.extend([Code::IfMatchRequired, Code::StaleVersion, Code::MalformedHeader]);
        self
    }

    /// The problems it has beyond those its arguments bring.
    #[must_use]
    pub fn problems(mut self, codes: &[Code]) -> Self {
        self.problems.extend(codes);
        self
    }

    /// Its name, such as `listings_create`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Who has to be signed in for it, and whether with a second factor proved within the last minutes.
    #[must_use]
    pub fn access(&self) -> (Level, bool) {
        (self.level, self.step_up)
    }

    /// Its method and path.
    #[must_use]
    pub fn address(&self) -> (&Method, &'static str) {
        (&self.method, self.path)
    }

    /// Whether it demands `If-Match`.
    #[must_use]
    pub fn demands_version(&self) -> bool {
        self.if_match
    }

    /// The media type and the example of its body.
    #[must_use]
    pub fn example(&self) -> Option<(&'static str, &serde_json::Value)> {
        self.body.as_ref().map(|body| (body.media_type, &body.example))
    }

    /// Every status it can answer.
    #[must_use]
    pub fn statuses(&self) -> BTreeSet<u16> {
        let conditional = (self.method == Method::GET).then_some(304);
        self.answers
            .iter()
            .map(|a| a.status)
            .chain(self.problems.iter().map(|c| c.status()))
            .chain(conditional)
            .collect()
    }
}
