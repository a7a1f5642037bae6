//! Filters in the server's language.

use super::row::KEY;
use crate::search::dimension::Dimension;
use crate::search::document::ipc_symbol;
use crate::search::query::Filters;

/// One condition and the facet it belongs to.
type Condition = (Option<Dimension>, String);

/// The conditions of a query.
pub(super) struct Conditions(Vec<Condition>);

impl Conditions {
    /// Puts the filters into words.
    pub(super) fn new(filters: &Filters) -> Conditions {
        let mut all: Vec<Condition> = Vec::new();
        let kinds: Vec<String> = filters.kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
        for (dimension, wanted) in [
            (Dimension::Kind, &kinds),
            (Dimension::ResearchField, &filters.research_fields),
            (Dimension::TransferForm, &filters.transfer_forms),
            (Dimension::OrganizationKind, &filters.organization_kinds),
            (Dimension::Province, &filters.provinces),
            (Dimension::Language, &filters.languages),
        ] {
            if !wanted.is_empty() {
                let values: Vec<String> = wanted.iter().map(|value| quoted(value)).collect();
                all.push((Some(dimension), format!("{} IN [{}]", dimension.name(), values.join(", "))));
            }
        }
        if !filters.ipc.is_empty() {
            let begins = |written: &String| format!("ipc_symbol STARTS WITH {}", quoted(&ipc_symbol(written)));
            let any: Vec<String> = filters.ipc.iter().map(begins).collect();
            all.push((Some(Dimension::Ipc), any.join(" OR ")));
        }
        all.extend(filters.trl_min.map(|level| (Some(Dimension::Trl), format!("trl >= {level}"))));
        all.extend(filters.trl_max.map(|level| (Some(Dimension::Trl), format!("trl <= {level}"))));
        all.extend(filters.organization_id.map(|id| (None, format!("organization_id = {}", quoted(&id.to_string())))));
        all.extend(filters.price_min.map(|amount| (None, format!("price_high >= {amount}"))));
        all.extend(filters.price_max.map(|amount| (None, format!("price_low <= {amount}"))));
        all.extend(filters.verified_only.then(|| (None, "verified = true".to_owned())));
        all.extend(filters.published_after.map(|bound| (None, format!("published_at > {bound}"))));
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

/// A value that ends nowhere but at its end.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
