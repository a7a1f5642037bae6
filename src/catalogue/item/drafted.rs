//! The answer to a draft: the item, and what its writer should look at.

use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::{AllOfBuilder, ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::catalogue::similar::SimilarListing;
use crate::http::Sample;

/// A new draft.
#[derive(Debug, Serialize)]
pub struct Drafted<V> {
    /// The item.
    #[serde(flatten)]
    pub item: V,
    /// Published listings that look alike, most alike first.
    pub similar_listings: Vec<SimilarListing>,
}

impl<V: Sample> Sample for Drafted<V> {
    fn sample() -> Self {
        Self { item: V::sample(), similar_listings: vec![SimilarListing::sample()] }
    }
}

impl<V: ToSchema> PartialSchema for Drafted<V> {
    fn schema() -> RefOr<Schema> {
        let similar = ArrayBuilder::new()
            .items(Ref::from_schema_name(SimilarListing::name()))
            .max_items(Some(5))
            .description(Some("Published listings that look alike, most alike first; a warning, not a refusal."));
        let more = ObjectBuilder::new().property("similar_listings", similar).required("similar_listings");
        let whole = AllOfBuilder::new().item(Ref::from_schema_name(V::name())).item(more);
        RefOr::T(Schema::AllOf(whole.description(Some("A new draft.")).build()))
    }
}

/// Each kind of draft is a schema of its own, named after the item.
impl<V: ToSchema> ToSchema for Drafted<V> {
    fn name() -> Cow<'static, str> {
        format!("New{}", V::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        for (name, schema) in [(V::name(), V::schema()), (SimilarListing::name(), SimilarListing::schema())] {
            schemas.push((name.into_owned(), schema));
        }
        V::schemas(schemas);
        SimilarListing::schemas(schemas);
    }
}
