//! Identifiers in the path. One that does not parse names nothing, so it is "not found".

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};
use std::str::FromStr;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, SchemaFormat, schema::Type};

use super::super::operation::{Describe, Operation};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// The path's parameters, parsed.
pub struct Path<T>(pub T);

/// What can be read from the path's segments, in order.
pub trait FromSegments: Sized {
    /// Reads it, or nothing if a segment does not parse.
    fn from_segments(segments: &mut dyn Iterator<Item = &str>) -> Option<Self>;
}

impl<A: FromStr> FromSegments for (A,) {
    fn from_segments(segments: &mut dyn Iterator<Item = &str>) -> Option<Self> {
        Some((segments.next()?.parse().ok()?,))
    }
}

impl<A: FromStr, B: FromStr> FromSegments for (A, B) {
    fn from_segments(segments: &mut dyn Iterator<Item = &str>) -> Option<Self> {
        Some((segments.next()?.parse().ok()?, segments.next()?.parse().ok()?))
    }
}

impl<T: FromSegments> FromRequest for Path<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // A segment with a NUL names nothing either; PostgreSQL would refuse the very question.
        let mut segments =
            request.match_info().iter().map(|(_, value)| value).take_while(|value| !value.contains('\0'));
        ready(T::from_segments(&mut segments).map(Self).ok_or_else(|| Code::NotFound.into()))
    }
}

impl<T> Describe for Path<T> {
    fn describe(operation: &mut Operation) {
        operation.parameters.extend(names(operation.path).map(parameter));
    }
}

/// The names of the parameters in a path's template.
fn names(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

fn parameter(name: &str) -> Parameter {
    let mut schema = ObjectBuilder::new().schema_type(if name == "version" { Type::Integer } else { Type::String });
    if name.ends_with("id") {
        schema = schema.format(Some(SchemaFormat::Custom("uuid".into())));
    }
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(meaning(name)))
        .schema(Some(schema))
        .build()
}

/// What a parameter names, said by its name.
fn meaning(name: &str) -> String {
    match name.strip_suffix("_id") {
        Some(thing) => format!("The identifier of the {}.", thing.replace('_', " ")),
        None if name == "version" => "The number of the version.".to_owned(),
        None if name == "id" => "The identifier of the item.".to_owned(),
        None => format!("The name of the {name}."),
    }
}
