//! Linked data: what is public, in the words of schema.org. Pure.
//!
//! A listing is a `Product` with an `Offer`, an order is a `Demand`, an organisation is an `Organization` (an individual: a
//! `Person`). Values come from JSON values, so nothing somebody wrote can end a string; and [`JsonLd::to_text`] leaves no
//! character with which a text could end the script element of a page it is put into.

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::openapi::schema::{AdditionalProperties, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::accounts::{OrganizationBrief, OrganizationView};
use crate::catalogue::{ListingSummary, OrderSummary};
use crate::http::Sample;
use crate::kernel::access::OrganizationKind;
use crate::kernel::money::Price;

/// A JSON-LD document about one thing.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(transparent)]
pub(super) struct JsonLd(Map<String, Value>);

impl JsonLd {
    /// A thing of a type of schema.org at an address; fields that are null are left out.
    fn new(kind: &str, id: &str, fields: Value) -> Self {
        let mut object = Map::new();
        object.insert("@context".into(), "https://schema.org".into());
        object.insert("@type".into(), kind.into());
        object.insert("@id".into(), id.into());
        object.insert("url".into(), id.into());
        if let Value::Object(fields) = without_nulls(fields) {
            object.extend(fields);
        }
        Self(object)
    }

    /// The document as text that is safe inside a script element too.
    pub(super) fn to_text(&self) -> String {
        let text = Value::Object(self.0.clone()).to_string();
        // Outside strings JSON has none of these characters.
        [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026"), ('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029")]
            .into_iter()
            .fold(text, |text, (character, escape)| text.replace(character, escape))
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// A listing.
pub(super) fn product(listing: &ListingSummary, base: &str) -> JsonLd {
    let id = format!("{base}/v1/listings/{}", listing.id);
    let offer = offer(&listing.price, &listing.organization, base);
    let fields = json!({
        "name": listing.title,
        "description": listing.summary,
        "category": listing.research_field,
        "keywords": (!listing.ipc.is_empty()).then(|| listing.ipc.iter().map(|ipc| ipc.as_str()).collect::<Vec<_>>()),
        "identifier": listing.id,
        "brand": organization(&listing.organization, base),
        "additionalProperty": listing.trl.map(|trl| json!([property("Technology readiness level", json!(trl.get()))])),
        "releaseDate": listing.published_at,
        "offers": offer,
    });
    JsonLd::new("Product", &id, fields)
}

/// An order.
pub(super) fn demand(order: &OrderSummary, base: &str) -> JsonLd {
    let id = format!("{base}/v1/orders/{}", order.id);
    let budget = amounts(&order.budget).map(|(low, high, currency)| {
        json!({"@type": "PriceSpecification", "minPrice": low, "maxPrice": high, "priceCurrency": currency})
    });
    let fields = json!({
        "name": order.title,
        "description": order.summary,
        "identifier": order.id,
        "validFrom": order.published_at,
        "availabilityEnds": order.deadline_on,
        "eligibleTransactionVolume": budget,
        "itemOffered": {
            "@type": "Product",
            "name": order.title,
            "category": order.research_field,
            "additionalProperty": order.trl_wanted
                .map(|trl| json!([property("Lowest technology readiness level wanted", json!(trl.get()))])),
        },
        "seller": order.organization.as_ref().map(|brief| organization(brief, base)),
    });
    JsonLd::new("Demand", &id, fields)
}

/// An organisation's public page.
pub(super) fn profile(view: &OrganizationView, base: &str) -> JsonLd {
    let id = format!("{base}/v1/organizations/{}", view.id);
    let contact = (view.contact_email.is_some() || view.contact_phone.is_some())
        .then(|| json!({"@type": "ContactPoint", "email": view.contact_email, "telephone": view.contact_phone}));
    let fields = json!({
        "name": view.name,
        "alternateName": view.name_en,
        "description": view.about,
        "sameAs": view.website,
        "taxID": view.tax_code,
        "foundingDate": view.founded_year.map(|year| year.to_string()),
        "knowsAbout": (!view.competences.is_empty()).then_some(&view.competences),
        "address": address(view.province.as_deref()),
        "contactPoint": contact,
    });
    JsonLd::new(type_of(view.kind), &id, fields)
}

fn organization(brief: &OrganizationBrief, base: &str) -> Value {
    json!({
        "@type": type_of(brief.kind),
        "@id": format!("{base}/v1/organizations/{}", brief.id),
        "name": brief.name,
        "address": address(brief.province.as_deref()),
    })
}

const fn type_of(kind: OrganizationKind) -> &'static str {
    match kind {
        OrganizationKind::Institute => "ResearchOrganization",
        OrganizationKind::Individual => "Person",
        OrganizationKind::Authority => "GovernmentOrganization",
        OrganizationKind::Enterprise | OrganizationKind::Intermediary => "Organization",
    }
}

fn address(province: Option<&str>) -> Option<Value> {
    province.map(|code| json!({"@type": "PostalAddress", "addressCountry": "VN", "addressRegion": code}))
}

fn property(name: &str, value: Value) -> Value {
    json!({"@type": "PropertyValue", "name": name, "value": value})
}

fn offer(price: &Price, seller: &OrganizationBrief, base: &str) -> Value {
    let seller = organization(seller, base);
    match amounts(price) {
        Some((low, high, currency)) if low == high => {
            json!({"@type": "Offer", "price": low, "priceCurrency": currency, "seller": seller})
        }
        Some((low, high, currency)) => {
            json!({"@type": "AggregateOffer", "lowPrice": low, "highPrice": high, "priceCurrency": currency, "seller": seller})
        }
        None => json!({"@type": "Offer", "seller": seller}),
    }
}

/// Lower and upper end as decimal numbers, and the currency; none where the price is negotiable or not told.
fn amounts(price: &Price) -> Option<(String, String, String)> {
    let from = price.from?;
    let to = price.to.unwrap_or(from);
    Some((from.decimal(), to.decimal(), from.currency.to_string()))
}

impl PartialSchema for JsonLd {
    fn schema() -> RefOr<Schema> {
        let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(
                "A thing in the words of schema.org (JSON-LD 1.1); it has more fields than are named here.",
            ))
            .property("@context", text("Always `https://schema.org`."))
            .required("@context")
            .property("@type", text("`Product`, `Demand`, `Organization`, …"))
            .required("@type")
            .property("@id", text("The address of the thing."))
            .required("@id")
            .property("name", text("Its name or title."))
            .required("name")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .build()
            .into()
    }
}
impl ToSchema for JsonLd {}

impl Sample for JsonLd {
    fn sample() -> Self {
        product(&ListingSummary::sample(), "https://techex.example")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::{Money, PriceKind};

    #[test]
    fn nothing_ends_a_script_element() {
        let mut listing = ListingSummary::sample();
        listing.title = "</script><script>alert(1)</script> & \u{2028}\"".into();
        let text = product(&listing, "https://techex.example").to_text();
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["name"], listing.title);
        assert_eq!(read["@type"], "Product");
    }

    #[test]
    fn prices_are_decimal_numbers() {
        let vnd = |amount| Some(Money::vnd(amount));
        let cases = [
            (Price::NEGOTIABLE, json!({"@type": "Offer"})),
            (Price::UNDISCLOSED, json!({"@type": "Offer"})),
            (
                Price { kind: PriceKind::Fixed, from: vnd(5_000), to: None },
                json!({"@type": "Offer", "price": "5000", "priceCurrency": "VND"}),
            ),
            (
                Price { kind: PriceKind::Range, from: vnd(1), to: vnd(2) },
                json!({"@type": "AggregateOffer", "lowPrice": "1", "highPrice": "2", "priceCurrency": "VND"}),
            ),
        ];
        for (price, expected) in cases {
            let mut found = offer(&price, &OrganizationBrief::sample(), "");
            found.as_object_mut().unwrap().remove("seller");
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn empty_fields_are_left_out() {
        let mut order = OrderSummary::sample();
        (order.summary, order.deadline_on, order.budget) = (None, None, Price::NEGOTIABLE);
        let JsonLd(fields) = demand(&order, "https://techex.example");
        assert!(
            ["description", "availabilityEnds", "eligibleTransactionVolume"]
                .iter()
                .all(|name| !fields.contains_key(*name))
        );
    }
}
