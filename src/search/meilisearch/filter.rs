//! Filters in the server's language.

use super::row::KEY;
use crate::search::dimension::Dimension;
use crate::search::query::Filters;

/// One condition and the facet it belongs to.
type Condition = (Option<Dimension>, String);

/// The conditions of a query.
pub(super) struct Conditions(Vec<Condition>);

impl Conditions {
    /// Puts the filters into words.
    pub(super) fn new(filters: &Filters) -> Conditions {
        let mut all: Vec<Condition> = Vec::new();
        if !filters.kinds.is_empty() {
            all.push(any_of(Dimension::Kind, filters.kinds.iter().map(|kind| kind.as_str())));
        }
        let labels = filters.labels.iter();
        all.extend(labels.map(|(dimension, wanted)| any_of(*dimension, wanted.iter().map(String::as_str))));
        all.extend(filters.trl_min.map(|level| (Some(Dimension::Trl), format!("trl >= {level}"))));
        all.extend(filters.trl_max.map(|level| (Some(Dimension::Trl), format!("trl <= {level}"))));
        all.extend(filters.organization_id.map(|id| (None, format!("organization_id = {}", quoted(&id.to_string())))));
        all.extend(filters.price_min.map(|amount| (None, format!("price_high >= {amount}"))));
        all.extend(filters.price_max.map(|amount| (None, format!("price_low <= {amount}"))));
        all.extend(filters.verified_only.then(|| (None, "verified = true".to_owned())));
        all.extend(filters.published_after.map(|bound| (None, format!("published_at > {bound}"))));
        all.extend(filters.confirmed_after.map(|bound| (None, format!("confirmed_at > {bound}"))));
        Conditions(all)
    }

    /// With the condition that it is one of the rows with these keys.
    pub(super) fn among<'a>(mut self, keys: impl Iterator<Item = &'a str>) -> Conditions {
        let keys: Vec<String> = keys.map(quoted).collect();
        self.0.push((None, format!("{KEY} IN [{}]", keys.join(", "))));
        self
    }

    /// All of them, or all but those on one facet; each has to hold.
    pub(super) fn without(&self, left_out: Option<Dimension>) -> Vec<&str> {
        let kept = self.0.iter().filter(|(dimension, _)| left_out.is_none() || *dimension != left_out);
        kept.map(|(_, condition)| condition.as_str()).collect()
    }
}

fn any_of<'a>(dimension: Dimension, labels: impl Iterator<Item = &'a str>) -> Condition {
    let labels: Vec<String> = labels.map(quoted).collect();
    (Some(dimension), format!("{} IN [{}]", dimension.name(), labels.join(", ")))
}

/// A value that ends nowhere but at its end.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
