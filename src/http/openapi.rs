//! The OpenAPI 3.1 document, made from the operations.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::PartialSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::{ResponseBuilder, ResponsesBuilder};
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, Object, ObjectBuilder, OneOf, OpenApi, OpenApiBuilder, PathItem, Ref,
    RefOr, Required, Response, Schema,
};

use super::extract::Level;
use super::operation::{AnswerDoc, Idempotency, Operation};
use super::problem::{FieldProblem, MEDIA_TYPE, ProblemBody};
use crate::kernel::code::Code;
use crate::kernel::locale::Locale;

/// The first thing a reader of the document sees.
const INTRODUCTION: &str = include_str!("openapi.md");

/// The tags in reading order.
const TAGS: &[(&str, &str)] = &[
    ("Accounts", "Register, confirm the e-mail address, read one's own account."),
    ("Sessions", "Sign in and out, renew, see and end one's sessions."),
    ("Second factor", "One-time codes from an authenticator app, recovery codes, and proving the factor anew."),
    (
        "Organisations",
        "Institutes, enterprises, intermediaries and individuals, their members, and their verification by an officer.",
    ),
    ("API keys", "By which machines of an organisation call without a person."),
    ("Listings", "Technologies offered, from the draft to the published listing."),
    ("Orders", "Technologies looked for, from the draft to the published order."),
    ("Attachments", "Files that hang on listings and orders: sent, listed, and downloaded by a short-lived link."),
    ("Confidential parts", "What a listing shows only to those its owner grants it, and who has read it."),
    (
        "Negotiation",
        "From an expression of interest or a proposal to an agreement: what two organisations say to each other.",
    ),
    ("Moderation", "What officers decide on listings and orders."),
    ("Search", "One search over listings and orders."),
    ("Public pages", "For crawlers and for pages that show what is public: site map, rules for crawlers, linked data."),
    ("Reference", "Lists that the law and the administration define."),
];

/// The whole document as JSON.
#[must_use]
pub fn document(operations: &[Operation], server: &str) -> String {
    let mut document = assemble(operations, server);
    scalars_inline(&mut document);
    unused_out(&mut document);
    document.to_pretty_json().unwrap_or_default()
}

fn assemble(operations: &[Operation], server: &str) -> OpenApi {
    let mut components = ComponentsBuilder::new()
        .security_scheme(
            "bearer",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format("JWT")
                    .description(Some(
                        "An access token from `POST /v1/sessions`, valid for 15 minutes; or, where an operation says so, an API key \
                         of an organisation.",
                    ))
                    .build(),
            ),
        )
        .schema("Problem", ProblemBody::schema())
        .schema("FieldProblem", FieldProblem::schema());
    let mut paths: BTreeMap<&str, PathItem> = BTreeMap::new();
    for operation in operations {
        let docs = operation.body.iter().map(|body| &body.schema);
        for doc in docs.chain(operation.answers.iter().filter_map(|answer| answer.body.as_ref().map(|(doc, _)| doc))) {
            for (name, schema) in &doc.components {
                components = components.schema(name.clone(), schema.clone());
            }
        }
        let item = paths.entry(operation.path).or_default();
        item.merge_operations(PathItem::new(method(operation), describe(operation)));
    }
    let paths = paths.into_iter().fold(PathsBuilder::new(), |all, (path, item)| all.path(path, item));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Techex: Hanoi Technology Exchange")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(INTRODUCTION)),
        )
        .servers(Some([ServerBuilder::new().url(server).description(Some("This server")).build()]))
        .tags(Some(TAGS.iter().map(|(name, text)| TagBuilder::new().name(*name).description(Some(*text)).build())))
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

fn method(operation: &Operation) -> HttpMethod {
    match operation.method.as_str() {
        "POST" => HttpMethod::Post,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn describe(operation: &Operation) -> utoipa::openapi::path::Operation {
    let mut builder = OperationBuilder::new()
        .operation_id(Some(operation.id))
        .tag(operation.tag)
        .summary(Some(operation.summary))
        .description(Some(format!("{}\n\n{}", operation.description, access(operation))))
        .responses(responses(operation));
    let headers = header_parameters(operation);
    let parameters: Vec<_> = operation.parameters.iter().cloned().chain(headers).collect();
    if !parameters.is_empty() {
        builder = builder.parameters(Some(parameters));
    }
    if operation.level != Level::Public {
        builder = builder.security(SecurityRequirement::new("bearer", Vec::<String>::new()));
    } else {
        builder = builder.security(SecurityRequirement::default());
    }
    if let Some(body) = &operation.body {
        let content =
            ContentBuilder::new().schema(Some(body.schema.schema.clone())).example(Some(body.example.clone())).build();
        builder = builder.request_body(Some(
            RequestBodyBuilder::new().content(body.media_type, content).required(Some(Required::True)).build(),
        ));
    }
    builder.build()
}

fn access(operation: &Operation) -> String {
    let who = match operation.level {
        Level::Public => "Open to everybody.",
        Level::Authenticated => "For signed-in people, and for machines with an API key.",
        Level::SignedIn => "For signed-in people.",
        Level::Officer => "For officers of the supervising authority.",
    };
    let step_up =
        " The session has to be stepped up: a second factor proved within the last minutes (`POST /v1/me/step-up`).";
    format!("{who}{}", if operation.step_up { step_up } else { "" })
}

fn header_parameters(operation: &Operation) -> Vec<Parameter> {
    let header = |name: &str, required, text: &str, pattern: &str| {
        let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(required)
            .description(Some(text))
            .schema(Some(schema))
            .build()
    };
    let mut parameters = Vec::new();
    if operation.idempotency == Idempotency::Accepted {
        parameters.push(header(
            "Idempotency-Key",
            Required::False,
            "Up to 255 visible characters of your choice. A repeated request with the same key and content gets the first answer again, for 24 hours.",
            "^[!#-~]{1,255}$",
        ));
    }
    if operation.if_match {
        let text = "The `ETag` of the item as you last read it, with its quotes.";
        parameters.push(header("If-Match", Required::True, text, r#"^"[0-9]{1,18}-[0-9a-f]{8}"$"#));
    }
    parameters
}

fn responses(operation: &Operation) -> utoipa::openapi::Responses {
    let mut responses: BTreeMap<String, Response> = BTreeMap::new();
    for answer in &operation.answers {
        responses.insert(answer.status.to_string(), success(operation, answer));
    }
    if operation.method == actix_web::http::Method::GET {
        let unchanged =
            ResponseBuilder::new().description("Unchanged: `If-None-Match` named the current `ETag`.").build();
        responses.insert("304".into(), unchanged);
    }
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for &code in &operation.problems {
        by_status.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in by_status {
        responses.insert(status.to_string(), problem(status, &codes));
    }
    ResponsesBuilder::new().responses_from_iter(responses).build()
}

fn success(operation: &Operation, answer: &AnswerDoc) -> Response {
    let mut response = ResponseBuilder::new().description(answer.description);
    if let Some((doc, example)) = &answer.body {
        let content = ContentBuilder::new().schema(Some(doc.schema.clone())).example(Some(example.clone())).build();
        response = response.content(answer.media_type, content);
        response =
            response.header("ETag", text_header("Names this state of the item; for `If-Match` and `If-None-Match`."));
    }
    if answer.status == 201 {
        response = response.header("Location", text_header("Where the new item is."));
    }
    if operation.parameters.iter().any(|parameter| parameter.name == "cursor") {
        response =
            response.header("Link", text_header("The next page, `rel=\"next\"` (RFC 8288); absent on the last one."));
    }
    response.header("X-Request-Id", text_header("Names this request in the server's log.")).build()
}

fn problem(status: u16, codes: &[Code]) -> Response {
    let lines: Vec<_> = codes.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.text(Locale::En))).collect();
    let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
    if let Some(&code) = codes.first() {
        let problem = crate::kernel::problem::Problem::new(code);
        let body = ProblemBody::new(&problem, Locale::En, "/v1/…", "0198c5a1f2b07cc08d3e5f0a1b2c3d4e");
        content = content.example(serde_json::to_value(body).ok());
    }
    let mut response = ResponseBuilder::new().description(lines.join("\n")).content(MEDIA_TYPE, content.build());
    if matches!(status, 429 | 503) {
        response = response.header("Retry-After", text_header("Seconds to wait."));
    }
    if status == 401 {
        response = response.header("WWW-Authenticate", text_header("`Bearer` (RFC 6750)."));
    }
    response.build()
}

fn text_header(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(description))
        .build()
}

/// Something or null: a scalar becomes one type with null allowed, and a description goes where readers look for it.
fn optional(one_of: &mut OneOf) -> Option<Object> {
    let is_null = |item: &RefOr<Schema>| matches!(item, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null));
    if one_of.items.len() != 2 || !one_of.items.iter().any(is_null) {
        return None;
    }
    match one_of.items.iter_mut().find(|item| !is_null(item))? {
        RefOr::T(Schema::Object(object)) => {
            let SchemaType::Type(scalar) = object.schema_type.clone() else { return None };
            object.schema_type = SchemaType::Array(vec![scalar, Type::Null]);
            Some(object.clone())
        }
        RefOr::Ref(reference) => {
            one_of.description = Some(std::mem::take(&mut reference.description));
            None
        }
        RefOr::T(_) => None,
    }
}

fn describe_as(schema: &mut RefOr<Schema>, description: String) {
    match schema {
        RefOr::T(Schema::Object(object)) => object.description = Some(description),
        RefOr::T(Schema::Array(array)) => array.description = Some(description),
        RefOr::T(Schema::OneOf(one_of)) => one_of.description = Some(description),
        _ => {}
    }
}

/// Removes components that no operation leads to.
fn unused_out(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let mut used = BTreeSet::new();
    let mut found = references(&document.paths);
    while let Some(name) = found.pop() {
        if let Some(schema) = components.schemas.get(&name) {
            found.extend(references(schema).into_iter().filter(|name| !used.contains(name)));
        }
        used.insert(name);
    }
    components.schemas.retain(|name, _| used.contains(name));
}

/// The components that a part of the document refers to.
fn references(part: &impl Serialize) -> Vec<String> {
    let text = serde_json::to_string(part).unwrap_or_default();
    let names = text.split("\"#/components/schemas/").skip(1);
    names.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// Puts scalar components where they are referred to, so that only objects and enumerations are named types.
fn scalars_inline(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let scalars: BTreeMap<String, RefOr<Schema>> = components
        .schemas
        .iter()
        .filter(|(_, schema)| is_scalar(schema))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    components.schemas.retain(|name, _| !scalars.contains_key(name));
    for schema in components.schemas.values_mut() {
        inline(schema, &scalars);
    }
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten() {
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(Parameter { schema: Some(schema), .. }) = parameter {
                    inline(schema, &scalars);
                }
            }
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response {
                    for content in response.content.values_mut() {
                        if let RefOr::T(Content { schema: Some(schema), .. }) = content {
                            inline(schema, &scalars);
                        }
                    }
                }
            }
        }
    }
}

fn is_scalar(schema: &RefOr<Schema>) -> bool {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.enum_values.is_none() && object.schema_type != SchemaType::Type(Type::Object)
        }
        RefOr::T(Schema::Array(_)) => true,
        _ => false,
    }
}

fn inline(schema: &mut RefOr<Schema>, scalars: &BTreeMap<String, RefOr<Schema>>) {
    if let RefOr::Ref(reference) = schema {
        let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
        let Some(scalar) = scalars.get(name) else { return };
        let description = std::mem::take(&mut reference.description);
        *schema = scalar.clone();
        if !description.is_empty() {
            describe_as(schema, description);
        }
    }
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.properties.values_mut().for_each(|property| inline(property, scalars))
        }
        RefOr::T(Schema::Array(array)) => {
            if let utoipa::openapi::schema::ArrayItems::RefOrSchema(items) = &mut array.items {
                inline(items, scalars);
            }
        }
        RefOr::T(Schema::OneOf(one_of)) => {
            one_of.items.iter_mut().for_each(|item| inline(item, scalars));
            if let Some(simple) = optional(one_of) {
                *schema = simple.into();
            }
        }
        RefOr::T(Schema::AllOf(all_of)) => all_of.items.iter_mut().for_each(|item| inline(item, scalars)),
        _ => {}
    }
}
