//! Keyset pages: a cursor says after which row the next page begins, so pages stay stable when rows are added.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::operation::Sample;
use super::reply::Reply;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{self, FieldCode, FieldErrors};

/// How many items a page holds: 1 to 100, by default 20.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit(pub i64);

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

impl Limit {
    const MAX: i64 = 100;

    /// One more than the page holds, to learn whether there is a next page.
    #[must_use]
    pub fn probe(self) -> i64 {
        self.0 + 1
    }
}

impl Deserr<FieldErrors> for Limit {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let range = || [("min", "1".to_owned()), ("max", Self::MAX.to_string())];
        let limit: i64 = validate::text(value, location)?
            .parse()
            .map_err(|_| FieldErrors::one(location, FieldCode::OutOfRange, range()))?;
        if (1..=Self::MAX).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err(FieldErrors::one(location, FieldCode::OutOfRange, range()))
        }
    }
}

/// Where a page begins: after the row with this key and id, in this order. Opaque to clients.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// The order the list was in.
    pub sort: String,
    /// The last row's sort key, as text.
    pub key: String,
    /// The last row's id, which breaks ties.
    pub id: Uuid,
}

impl Cursor {
    /// The cursor as clients carry it.
    #[must_use]
    pub fn encode(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(format!("{}|{}|{}", self.sort, self.id.simple(), self.key))
    }

    fn decode(text: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (sort, rest) = text.split_once('|')?;
        let (id, key) = rest.split_once('|')?;
        // PostgreSQL has no text with a NUL, so no row has such a key.
        if key.contains('\0') {
            return None;
        }
        Some(Self { sort: sort.into(), key: key.into(), id: id.parse().ok()? })
    }

    /// The key as the type it was made from.
    ///
    /// # Errors
    /// `malformed_cursor` when the cursor belongs to another order.
    pub fn key_for<T: std::str::FromStr>(&self, sort: &str) -> Result<T, Problem> {
        if self.sort != sort {
            return Err(Code::MalformedCursor.into());
        }
        self.key.parse().map_err(|_| Code::MalformedCursor.into())
    }
}

impl std::str::FromStr for Cursor {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::decode(text).ok_or(())
    }
}

impl Deserr<FieldErrors> for Cursor {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let text = validate::text(value, location)?;
        Self::decode(&text).ok_or_else(|| {
            FieldErrors::one(location, FieldCode::InvalidFormat, [("expected", "next_cursor".to_owned())])
        })
    }
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Pass it as `cursor` to get the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(T::name()))
            .description(Some("The items, in the order asked for."));
        let cursor = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Pass it as `cursor` to get the next page; absent on the last one."));
        let page = ObjectBuilder::new().property("items", items).required("items").property("next_cursor", cursor);
        page.description(Some("One page of a list.")).build().into()
    }
}
/// Every kind of page is a schema of its own, named after its items.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: Sample> Sample for Page<T> {
    fn sample() -> Self {
        let cursor =
            Cursor { sort: "-published_at".into(), key: "2026-11-18T16:26:40.000000Z".into(), id: Uuid::nil() };
        Self { items: vec![T::sample()], next_cursor: Some(cursor.encode()) }
    }
}

/// The answer for one page. `rows` may hold one more than `limit`: then there is a next page, and `cursor_of` tells where
/// it begins from the last row shown.
///
/// # Errors
/// As [`Reply::ok`].
pub fn page<T: Serialize>(
    mut rows: Vec<T>,
    limit: Limit,
    url: &str,
    cursor_of: impl Fn(&T) -> Cursor,
) -> Result<Reply, Problem> {
    let shown = usize::try_from(limit.0).unwrap_or_default();
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next_cursor = rows.last().filter(|_| more).map(|row| cursor_of(row).encode());
    let next_url = next_cursor.as_deref().map(|cursor| with_cursor(url, cursor));
    Ok(Reply::ok(&Page { items: rows, next_cursor })?.next_page(next_url).content_tagged())
}

/// The request's own address with another cursor.
#[must_use]
pub fn with_cursor(url: &str, cursor: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let others = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query: Vec<_> = others.map(str::to_owned).chain([format!("cursor={cursor}")]).collect();
    format!("{path}?{}", query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_know_their_order() {
        let cursor = Cursor {
            sort: "-published_at".into(),
            key: "2026-01-02T00:00:00.000000Z|x".into(),
            id: Uuid::from_u128(7),
        };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor.clone()));
        assert_eq!(cursor.key_for::<String>("price").unwrap_err().code, Code::MalformedCursor);
        for garbage in ["", "x", "????", "YWJj"] {
            assert_eq!(Cursor::decode(garbage), None, "{garbage}");
        }
    }

    #[test]
    fn next_link_keeps_the_filters() {
        assert_eq!(
            with_cursor("/v1/listings?trl_min=3&cursor=old&limit=5", "new"),
            "/v1/listings?trl_min=3&limit=5&cursor=new"
        );
        assert_eq!(with_cursor("/v1/listings", "new"), "/v1/listings?cursor=new");
    }
}
