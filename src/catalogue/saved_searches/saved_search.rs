//! A search somebody keeps.

use deserr::{Deserr, IntoValue, Map, Value, ValuePointerRef};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::search::SearchQuery;
use crate::db::schema::saved_searches;
use crate::db::types::Json;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{SavedSearchId, UserId};
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::validate::{self, FieldCode, FieldErrors};
use crate::search::Kind;

text_enum! {
    /// How often its owner is told by mail of what is newly published.
    pub enum Alert {
        /// Never.
        None = "none",
        /// Once a day at the most.
        Daily = "daily",
        /// Once a week at the most.
        Weekly = "weekly",
    }
}

/// The parameters of a search, by name, as in the address of `GET /v1/search`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct SavedQuery(pub BTreeMap<String, String>);

/// Parameters that say how an answer is cut, not what is looked for.
const NOT_KEPT: [&str; 4] = ["cursor", "limit", "facets", "explain"];

impl SavedQuery {
    /// The search with these parameters.
    ///
    /// # Errors
    /// What is wrong with them; what was right when it was saved may not be so any more.
    pub(super) fn parse(&self) -> Result<SearchQuery, FieldErrors> {
        let fields = self.0.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        deserr::deserialize(serde_json::Value::Object(fields))
    }
}

impl Deserr<FieldErrors> for SavedQuery {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let Value::Map(map) = value else {
            let actual = value.kind().to_string().to_lowercase();
            let args = [("expected", "object".to_owned()), ("actual", actual)];
            return Err(FieldErrors::one(location, FieldCode::WrongType, args));
        };
        let mut query = BTreeMap::new();
        for (name, value) in map.into_iter() {
            let at = location.push_key(&name);
            if NOT_KEPT.contains(&name.as_str()) {
                return Err(FieldErrors::one(at, FieldCode::NotAllowedHere, []));
            }
            query.insert(name.clone(), validate::text(value.into_value(), at)?);
        }
        let query = Self(query);
        let under = validate::pointer(location);
        query.parse().map_err(|mut errors| {
            errors.0.iter_mut().for_each(|error| error.pointer = format!("{under}{}", error.pointer));
            errors
        })?;
        Ok(query)
    }
}

/// How long before the end of the last look for news the next one begins.
pub(super) const OVERLAP_SECONDS: i64 = 3_600;

/// What its owner writes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct SavedSearchContent {
    /// What its owner calls it.
    pub name: Line<1, 100>,
    /// The parameters of `GET /v1/search`, each as the text it has in the address; all but `cursor`, `limit`, `facets` and
    /// `explain`.
    #[schema(value_type = BTreeMap<String, String>)]
    pub query: SavedQuery,
    /// How often to tell of what is newly published, by mail.
    #[deserr(default = Alert::None)]
    #[schema(required = false)]
    pub alert: Alert,
}

impl Sample for SavedSearchContent {
    fn sample() -> Self {
        let query = [("q", "xử lý nước thải"), ("ipc", "C02F"), ("kind", "listing")];
        Self {
            name: Line::literal("Nước thải dệt nhuộm"),
            query: SavedQuery(query.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()),
            alert: Alert::Weekly,
        }
    }
}

/// One thing an alert tells of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Which.
    pub id: Uuid,
}

/// A search somebody keeps.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = saved_searches, check_for_backend(crate::db::MultiBackend))]
pub(super) struct SavedSearch {
    pub id: SavedSearchId,
    pub user_id: UserId,
    pub name: Line<1, 100>,
    pub query: Json<SavedQuery>,
    pub alert: Alert,
    /// When it was last looked for news. What was published an overlap before that, or earlier, is dealt with.
    pub alerted_at: At,
    /// What the latest alert tells of.
    pub found: Json<Vec<Finding>>,
    pub version: i64,
    pub created_at: At,
    pub updated_at: At,
}

impl SavedSearch {
    /// A new one; what is published from now on is news.
    pub(super) fn new(id: SavedSearchId, user_id: UserId, content: SavedSearchContent, now: At) -> Self {
        let SavedSearchContent { name, query, alert } = content;
        Self {
            id,
            user_id,
            name,
            query: Json(query),
            alert,
            alerted_at: now.plus_seconds(OVERLAP_SECONDS),
            found: Json(Vec::new()),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// What its owner wrote.
    pub(super) fn content(&self) -> SavedSearchContent {
        SavedSearchContent { name: self.name.clone(), query: self.query.0.clone(), alert: self.alert }
    }

    /// With other content. Alerts that begin, or look for something else, tell of what is published from now on.
    pub(super) fn with(&self, content: SavedSearchContent, now: At) -> Self {
        let begins = self.alert == Alert::None || content.query != self.query.0;
        let SavedSearchContent { name, query, alert } = content;
        let alerted_at = if begins { now.plus_seconds(OVERLAP_SECONDS) } else { self.alerted_at };
        Self { name, query: Json(query), alert, alerted_at, version: self.version + 1, updated_at: now, ..self.clone() }
    }
}
