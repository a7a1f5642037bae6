//! Query parameters: strict like bodies, every wrong one named.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde_json::Map;
use std::future::{Ready, ready};
use std::str::FromStr;
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;

use super::super::operation::{Describe, Operation};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{self, FieldCode, FieldError, FieldErrors};

/// The query, parsed, and the address it came from.
pub struct Query<T> {
    /// The parameters.
    pub params: T,
    /// The request's path and query, from which the next page's address is made.
    pub url: String,
}

impl<T: Deserr<FieldErrors>> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(|params| Self { params, url: request.uri().to_string() }))
    }
}

fn parse<T: Deserr<FieldErrors>>(query: &str) -> Result<T, Problem> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| Problem::new(Code::MalformedHeader).with("header", "query").with("expected", "name=value&…"))?;
    let mut fields = Map::new();
    for (name, value) in pairs.into_inner() {
        if fields.insert(name.clone(), value.into()).is_some() {
            return Err(FieldErrors(vec![FieldError::new(format!("/{name}"), FieldCode::Duplicate)]).into());
        }
    }
    deserr::deserialize(serde_json::Value::Object(fields)).map_err(|errors: FieldErrors| errors.into())
}

impl<T: IntoParams> Describe for Query<T> {
    fn describe(operation: &mut Operation) {
        operation.parameters.extend(T::into_params(|| Some(ParameterIn::Query)));
        operation.problems.extend([Code::ValidationFailed, Code::MalformedHeader]);
    }
}

/// A parameter that is no text in itself: a number, a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Param<T>(pub T);

impl<T: FromStr> Deserr<FieldErrors> for Param<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let expected = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default().to_owned();
        validate::text(value, location)?
            .parse()
            .map(Self)
            .map_err(|_| FieldErrors::one(location, FieldCode::InvalidFormat, [("expected", expected)]))
    }
}

/// Several values, separated by commas, of which any may match.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Csv<T>(pub Vec<T>);

impl<T> Default for Csv<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// Values one parameter may hold.
const MOST_VALUES: usize = 20;

impl<T: Deserr<FieldErrors>> Deserr<FieldErrors> for Csv<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let text = validate::text(value, location)?;
        let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > MOST_VALUES {
            return Err(FieldErrors::one(location, FieldCode::TooMany, [("max", MOST_VALUES.to_string())]));
        }
        let one = |part: &str| {
            let value = serde_json::Value::from(part);
            T::deserialize_from_value(value.into_value(), location)
        };
        parts.into_iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}
