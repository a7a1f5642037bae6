//! Flat columns that together make one field: a price, a right, the funding, the texts in the other language.

use serde_json::{Map, Value, json};

/// Prices with the columns that spell them out: `price_from`, `price_to`, `price_currency`.
const PRICES: &[&str] = &["price", "budget"];
/// Texts that may stand beside their translation, in a column that ends in the other language: `title_en`.
const TEXTS: &[&str] = &[
    "title",
    "summary",
    "description",
    "problem_solved",
    "existing_solution",
    "measured_advantage",
    "economics",
    "problem",
    "context",
    "success_criteria",
    "out_of_scope",
];
/// The columns of a right, of which there can be one in a flat row: `ip_kind`, `ip_number`, …
const RIGHT: &[&str] = &["kind", "status", "number", "territory", "filed_on", "granted_on", "expires_on"];
/// The columns of the funding.
const FUNDING: &[&str] =
    &["state_money", "programme", "task_code", "result_registration_number", "result_registered_on"];

/// Puts the fields in the place of their columns.
pub fn gather(row: &mut Map<String, Value>) {
    for name in PRICES {
        price(row, name);
    }
    right(row);
    funding(row);
    translation(row);
}

fn price(row: &mut Map<String, Value>, name: &str) {
    let column = |row: &mut Map<String, Value>, end: &str| row.remove(&format!("{name}_{end}"));
    let (from, to, currency) = (column(row, "from"), column(row, "to"), column(row, "currency"));
    if from.is_none() && to.is_none() {
        return;
    }
    let currency = currency.unwrap_or_else(|| "VND".into());
    let money = |amount: Value| {
        let digits = amount.as_str().map(|text| text.chars().filter(|c| !c.is_whitespace()).collect::<String>());
        let amount = digits.and_then(|digits| digits.parse::<i64>().ok()).map_or(amount, Value::from);
        json!({"amount": amount, "currency": currency})
    };
    let kind = if to.is_some() { "range" } else { "fixed" };
    let mut price = json!({"kind": kind});
    for (end, amount) in [("from", from), ("to", to)] {
        if let (Some(amount), Some(fields)) = (amount, price.as_object_mut()) {
            fields.insert(end.into(), money(amount));
        }
    }
    row.insert(name.to_owned(), price);
}

fn right(row: &mut Map<String, Value>) {
    let column = |name: &&str| Some(((**name).to_owned(), row.remove(&format!("ip_{name}"))?));
    let right: Map<_, _> = RIGHT.iter().filter_map(column).collect();
    if right.contains_key("kind") || right.contains_key("number") {
        row.insert("ip_rights".into(), json!([right]));
    }
}

fn funding(row: &mut Map<String, Value>) {
    let column = |name: &&str| Some(((**name).to_owned(), row.remove(*name)?));
    let mut funding: Map<_, _> = FUNDING.iter().filter_map(column).collect();
    if let Some(answer) = funding.get("state_money").and_then(Value::as_str).and_then(yes_or_no) {
        funding.insert("state_money".into(), answer.into());
    }
    if !funding.is_empty() {
        row.insert("funding".into(), Value::Object(funding));
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "1" | "có" => Some(true),
        "false" | "no" | "0" | "không" => Some(false),
        _ => None,
    }
}

fn translation(row: &mut Map<String, Value>) {
    let other = if row.get("language").is_some_and(|language| language == "en") { "vi" } else { "en" };
    let column = |name: &&str| Some(((**name).to_owned(), row.remove(&format!("{name}_{other}"))?));
    let texts: Map<_, _> = TEXTS.iter().filter_map(column).collect();
    if !texts.is_empty() {
        row.insert("translation".into(), Value::Object(texts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_fields() {
        let row = json!({
            "language": "vi", "title": "Máy sấy", "title_en": "Dryer", "title_vi": "Máy", "summary_en": "Dries.",
            "ip_kind": "patent", "ip_number": "1-0023456", "ip_filed_on": "2020-03-15",
            "state_money": "Có", "task_code": "01C-09", "price_from": "5 000", "price_currency": "USD"
        });
        let mut row = row.as_object().cloned().unwrap();
        gather(&mut row);
        assert_eq!(
            Value::Object(row),
            json!({
                "language": "vi", "title": "Máy sấy", "title_vi": "Máy",
                "translation": {"title": "Dryer", "summary": "Dries."},
                "ip_rights": [{"kind": "patent", "number": "1-0023456", "filed_on": "2020-03-15"}],
                "funding": {"state_money": true, "task_code": "01C-09"},
                "price": {"kind": "fixed", "from": {"amount": 5000, "currency": "USD"}}
            })
        );
    }
}
