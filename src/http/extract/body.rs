//! Request bodies: strict JSON, every wrong field named at once.

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::super::operation::{BodyDoc, Describe, Operation, Sample, SchemaDoc};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldErrors;

/// The body as the gate has read it.
#[derive(Clone)]
pub(in crate::http) struct RawBody(pub Bytes);

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: Deserr<FieldErrors>> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(object(request).and_then(|value| strict(value).map(Self)))
    }
}

impl<T: Sample + Serialize + ToSchema> Describe for Body<T> {
    fn describe(operation: &mut Operation) {
        document(operation, "application/json", SchemaDoc::of::<T>(), &T::sample());
    }
}

/// A change to a `T` as a JSON merge patch (RFC 7396): named fields are set, `null` removes, others stay.
pub struct MergePatch<T> {
    patch: Value,
    whole: PhantomData<T>,
}

impl<T: Deserr<FieldErrors> + Serialize> MergePatch<T> {
    /// `current` with the patch applied, checked as strictly as a whole body.
    ///
    /// # Errors
    /// `validation_failed` with what is wrong with the result.
    pub fn apply(&self, current: &T) -> Result<T, Problem> {
        let mut whole = serde_json::to_value(current).map_err(|error| {
            tracing::error!(%error, "a resource does not serialise");
            Problem::new(Code::InternalError)
        })?;
        json_patch::merge(&mut whole, &self.patch);
        strict(whole)
    }
}

impl<T> FromRequest for MergePatch<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(object(request).map(|patch| Self { patch, whole: PhantomData }))
    }
}

impl<T: Sample + Serialize + ToSchema> Describe for MergePatch<T> {
    fn describe(operation: &mut Operation) {
        let mut schema = SchemaDoc::of::<T>();
        let name = format!("{}Patch", T::name());
        if let Some(whole) = schema.components.first().cloned() {
            schema.components.push((name.clone(), all_optional(whole.1)));
        }
        schema.schema = utoipa::openapi::Ref::from_schema_name(name).into();
        document(operation, "application/merge-patch+json", schema, &T::sample());
    }
}

fn all_optional(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.required.clear();
    }
    schema
}

fn document(operation: &mut Operation, media_type: &'static str, schema: SchemaDoc, sample: &impl Serialize) {
    let example = serde_json::to_value(sample).unwrap_or_default();
    operation.body = Some(BodyDoc { media_type, schema, example, streamed: false });
    operation.problems.extend([
        Code::MalformedJson,
        Code::IncompleteBody,
        Code::RequestTimeout,
        Code::BodyTooLarge,
        Code::UnsupportedMediaType,
        Code::ValidationFailed,
    ]);
}

fn object(request: &HttpRequest) -> Result<Value, Problem> {
    let body = request.extensions().get::<RawBody>().map(|raw| raw.0.clone()).unwrap_or_default();
    let malformed = |reason: String| Problem::new(Code::MalformedJson).with("reason", reason);
    match serde_json::from_slice(&body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(malformed("the top level is not an object".into())),
        Err(error) => Err(malformed(format!("line {}, column {}", error.line(), error.column()))),
    }
}

fn strict<T: Deserr<FieldErrors>>(value: Value) -> Result<T, Problem> {
    deserr::deserialize(value).map_err(|errors: FieldErrors| errors.into())
}
