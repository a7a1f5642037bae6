//! What lists answer: a page of items and, to those who mirror, what is not public any more.

use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::entry::Gone;
use crate::http::{Page, Sample};
use crate::kernel::clock::At;
use crate::kernel::id::ObjectId;

/// Something that was public and is not any more.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tombstone {
    /// Its identifier.
    pub id: ObjectId,
    /// Why it is gone.
    pub reason: Gone,
    /// When that was noted.
    pub gone_at: At,
}

/// What comes with a page where `updated_since` was given; absent otherwise.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Followed {
    /// What was public before and is not any more: remove it.
    #[schema(required = false)]
    pub gone: Vec<Tombstone>,
    /// Everything up to this time is on this page or was on one before: the `updated_since` to ask with next time.
    #[schema(required = false)]
    pub synced_until: At,
}

/// A page of a public list.
#[derive(Debug, Serialize)]
pub struct Listed<T> {
    /// The page.
    #[serde(flatten)]
    pub page: Page<T>,
    /// For those who mirror.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub followed: Option<Followed>,
}

impl<T: ToSchema> PartialSchema for Listed<T> {
    fn schema() -> RefOr<Schema> {
        let (mut page, followed) = (Page::<T>::schema(), Followed::schema());
        if let (RefOr::T(Schema::Object(page)), RefOr::T(Schema::Object(followed))) = (&mut page, followed) {
            page.properties.extend(followed.properties);
        }
        page
    }
}
impl<T: ToSchema> ToSchema for Listed<T> {
    fn name() -> Cow<'static, str> {
        format!("Public{}", Page::<T>::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Page::<T>::schemas(schemas);
        Followed::schemas(schemas);
    }
}

impl<T: Sample> Sample for Listed<T> {
    fn sample() -> Self {
        let at = At::sample();
        let id = ObjectId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d77"));
        let gone = vec![Tombstone { id, reason: Gone::Withdrawn, gone_at: at }];
        Self { page: Page::sample(), followed: Some(Followed { gone, synced_until: at }) }
    }
}
