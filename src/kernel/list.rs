//! Bounded lists without repetition.

use deserr::{DeserializeError, Deserr, IntoValue, MergeWithError, Sequence, Value, ValueKind, ValuePointerRef};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

use super::validate::{FieldCode, FieldErrors};

/// At most `MAX` different items, in the order given. Stored as a JSON array.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Serialize,
    Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = crate::db::types::JsonDoc)]
#[serde(transparent)]
pub struct List<T, const MAX: usize>(Vec<T>)
where
    T: std::fmt::Debug;

impl<T: std::fmt::Debug, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: std::fmt::Debug, const MAX: usize> std::ops::Deref for List<T, MAX> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: std::fmt::Debug + PartialEq, const MAX: usize> FromIterator<T> for List<T, MAX> {
    /// The first `MAX` different items.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Vec::new();
        for item in items {
            if list.len() < MAX && !list.contains(&item) {
                list.push(item);
            }
        }
        Self(list)
    }
}

impl<T: Deserr<FieldErrors> + PartialEq + std::fmt::Debug, const MAX: usize> Deserr<FieldErrors> for List<T, MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let Value::Sequence(sequence) = value else {
            let kind = deserr::ErrorKind::IncorrectValueKind { actual: value, accepted: &[ValueKind::Sequence] };
            return Err(deserr::take_cf_content(FieldErrors::error::<V>(None, kind, location)));
        };
        if sequence.len() > MAX {
            return Err(FieldErrors::one(location, FieldCode::TooMany, [("max", MAX.to_string())]));
        }
        let (mut items, mut errors) = (Vec::with_capacity(sequence.len()), None);
        for (index, value) in sequence.into_iter().enumerate() {
            let at = location.push_index(index);
            let error = match T::deserialize_from_value(value.into_value(), at) {
                Ok(item) if items.contains(&item) => FieldErrors::one(at, FieldCode::Duplicate, []),
                Ok(item) => {
                    items.push(item);
                    continue;
                }
                Err(error) => error,
            };
            let (ControlFlow::Continue(all) | ControlFlow::Break(all)) = FieldErrors::merge(errors, error, at);
            errors = Some(all);
        }
        errors.map_or(Ok(Self(items)), Err)
    }
}

/// The derive of schemas reaches generic types through this trait, and through it alone.
impl<T: utoipa::PartialSchema + std::fmt::Debug, const MAX: usize> utoipa::__dev::ComposeSchema for List<T, MAX> {
    fn compose(
        generics: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let items = generics.into_iter().next().unwrap_or_else(T::schema);
        utoipa::openapi::ArrayBuilder::new().items(items).max_items(Some(MAX)).unique_items(true).build().into()
    }
}

impl<T: utoipa::ToSchema + std::fmt::Debug, const MAX: usize> utoipa::ToSchema for List<T, MAX> {
    /// With the bound, so that lists of the same items with different bounds are different schemas.
    fn name() -> std::borrow::Cow<'static, str> {
        format!("ListTo{MAX}").into()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collects_every_error() {
        let result: Result<List<crate::kernel::text::Line<2, 3>, 5>, FieldErrors> =
            deserr::deserialize(serde_json::json!(["abc", "abcd", 7, "abc"]));
        let codes: Vec<_> = result.unwrap_err().0.into_iter().map(|e| (e.pointer, e.code)).collect();
        assert_eq!(
            codes,
            [
                ("/1".to_owned(), FieldCode::TooLong),
                ("/2".to_owned(), FieldCode::WrongType),
                ("/3".to_owned(), FieldCode::Duplicate),
            ]
        );
    }

    #[test]
    fn lists_with_different_bounds_are_different_schemas() {
        #[derive(utoipa::ToSchema)]
        #[allow(dead_code, reason = "only its schema is looked at")]
        struct Both {
            few: List<crate::kernel::text::Line<1, 60>, 3>,
            many: List<crate::kernel::text::Line<1, 60>, 9>,
        }
        let mut schemas = Vec::new();
        <Both as utoipa::ToSchema>::schemas(&mut schemas);
        let named = |bound: u32| {
            let found = schemas.iter().find(|(name, _)| name.starts_with(&format!("ListTo{bound}")));
            serde_json::to_value(&found.expect("a schema").1).unwrap()["maxItems"].clone()
        };
        assert_eq!((named(3), named(9)), (serde_json::json!(3), serde_json::json!(9)));
    }
}
