//! What the owners of an organisation say about it, and the rules of that.

use deserr::{Deserr, ValuePointerRef};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::users::Email;
use super::tax_code::TaxCode;
use crate::db::MultiBackend;
use crate::db::schema::organizations;
use crate::http::Sample;
use crate::kernel::access::OrganizationKind;
use crate::kernel::clock::Day;
use crate::kernel::list::List;
use crate::kernel::text::{Line, Prose};
use crate::kernel::validate::{FieldCode, FieldErrors};

/// What the owners of an organisation say about it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserr, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = OrganizationContent::check -> FieldErrors)]
#[diesel(table_name = organizations, check_for_backend(MultiBackend), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct OrganizationContent {
    /// What it is; an authority cannot be registered.
    pub kind: OrganizationKind,
    /// Its name.
    pub name: Line<2, 200>,
    /// Its name in English.
    #[deserr(default)]
    pub name_en: Option<Line<2, 200>>,
    /// Its tax code; required unless it is an individual.
    #[deserr(default)]
    pub tax_code: Option<TaxCode>,
    /// Where it is: a code of the reference list `province`.
    #[deserr(default)]
    pub province: Option<Line<1, 10>>,
    /// Its web site, beginning with `https://` or `http://`.
    #[deserr(default)]
    #[schema(format = "uri")]
    pub website: Option<Line<8, 300>>,
    /// What it does.
    #[deserr(default)]
    pub about: Option<Prose<1, 4000>>,
    /// What it does, in English.
    #[deserr(default)]
    pub about_en: Option<Prose<1, 4000>>,
    /// An address for enquiries, shown to everybody; rather one of an office than of a person.
    #[deserr(default)]
    #[schema(format = "email")]
    pub contact_email: Option<Line<6, 254>>,
    /// A telephone number for enquiries, shown to everybody.
    #[deserr(default)]
    pub contact_phone: Option<Line<6, 30>>,
    /// The year it was founded in.
    #[deserr(default)]
    #[schema(minimum = 1000, maximum = 2100)]
    pub founded_year: Option<i16>,
    /// The fields of research it is active in: codes of the reference list `research_field`.
    #[deserr(default)]
    pub research_fields: List<Line<1, 60>, 20>,
    /// What it is good at, in a few words each.
    #[deserr(default)]
    pub competences: List<Line<2, 100>, 20>,
    /// What entitles an intermediary to its work; others have none.
    #[deserr(default)]
    pub credentials: List<Credential, 10>,
}

/// A licence, card or accreditation of an intermediary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Credential {
    /// What it is.
    pub name: Line<2, 200>,
    /// Its number.
    #[deserr(default)]
    pub number: Option<Line<1, 100>>,
    /// Who issued it.
    #[deserr(default)]
    pub issuer: Option<Line<2, 200>>,
    /// Its last day; without one it does not expire.
    #[deserr(default)]
    pub expires_on: Option<Day>,
}

/// Years in which an organisation may have been founded.
const FOUNDED: std::ops::RangeInclusive<i16> = 1000..=2100;

impl OrganizationContent {
    /// An organisation of which nothing but its name is known.
    #[must_use]
    pub fn named(kind: OrganizationKind, name: Line<2, 200>) -> Self {
        Self {
            kind,
            name,
            name_en: None,
            tax_code: None,
            province: None,
            website: None,
            about: None,
            about_en: None,
            contact_email: None,
            contact_phone: None,
            founded_year: None,
            research_fields: List::default(),
            competences: List::default(),
            credentials: List::default(),
        }
    }

    /// The rules that concern more than one field, or the shape of one.
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        let needs_tax_code = match self.kind {
            OrganizationKind::Institute | OrganizationKind::Enterprise | OrganizationKind::Intermediary => true,
            OrganizationKind::Individual | OrganizationKind::Authority => false,
        };
        let mut errors = FieldErrors::default();
        if needs_tax_code && self.tax_code.is_none() {
            errors.0.extend(FieldErrors::one(location.push_key("tax_code"), FieldCode::Required, []).0);
        }
        if self.website.as_ref().is_some_and(|website| !is_web_address(website.as_str())) {
            let expected = [("expected", "https://…".to_owned())];
            errors.0.extend(FieldErrors::one(location.push_key("website"), FieldCode::InvalidFormat, expected).0);
        }
        if self.contact_email.as_ref().is_some_and(|email| Email::new(email.as_str()).is_none()) {
            errors.0.extend(FieldErrors::one(location.push_key("contact_email"), FieldCode::InvalidEmail, []).0);
        }
        if self.founded_year.is_some_and(|year| !FOUNDED.contains(&year)) {
            let range = [("min", FOUNDED.start().to_string()), ("max", FOUNDED.end().to_string())];
            errors.0.extend(FieldErrors::one(location.push_key("founded_year"), FieldCode::OutOfRange, range).0);
        }
        if self.kind != OrganizationKind::Intermediary && !self.credentials.is_empty() {
            errors.0.extend(FieldErrors::one(location.push_key("credentials"), FieldCode::NotAllowedHere, []).0);
        }
        if errors.0.is_empty() { Ok(self) } else { Err(errors) }
    }

    /// Whether the two are the same in what an officer checks; a change of it undoes a verification.
    #[must_use]
    pub fn is_same_identity(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.name == other.name
            && self.tax_code == other.tax_code
            && self.credentials == other.credentials
    }

    /// The day the first of its credentials expires.
    #[must_use]
    pub fn credentials_until(&self) -> Option<Day> {
        self.credentials.iter().filter_map(|credential| credential.expires_on).min()
    }
}

fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let labels_are_sane = host
        .split('.')
        .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == ':'));
    labels_are_sane && host.contains('.') && !text.chars().any(char::is_whitespace)
}

impl Sample for OrganizationContent {
    fn sample() -> Self {
        Self {
            name_en: Some(Line::literal("Institute of Environmental Technology")),
            tax_code: TaxCode::new("0100109106"),
            province: Some(Line::literal("01")),
            website: Some(Line::literal("https://vien.example.vn")),
            about: Some(Prose::literal("Nghiên cứu và chuyển giao công nghệ xử lý nước và khí thải.")),
            about_en: Some(Prose::literal("Research and transfer of water and waste gas treatment technology.")),
            contact_email: Some(Line::literal("chuyen-giao@vien.example")),
            contact_phone: Some(Line::literal("+84 24 0000 0000")),
            founded_year: Some(2002),
            research_fields: [Line::literal("engineering_and_technology")].into_iter().collect(),
            competences: [Line::literal("màng lọc"), Line::literal("xử lý khí thải")].into_iter().collect(),
            ..Self::named(OrganizationKind::Institute, Line::literal("Viện Công nghệ Môi trường"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_rules() {
        let parse = |json: serde_json::Value| -> Result<OrganizationContent, Vec<(String, FieldCode)>> {
            deserr::deserialize(json).map_err(|e: FieldErrors| e.0.into_iter().map(|e| (e.pointer, e.code)).collect())
        };
        let wrong =
            parse(serde_json::json!({"kind": "enterprise", "name": "Công ty", "website": "javascript:alert(1)"}));
        assert_eq!(
            wrong,
            Err(vec![("/tax_code".into(), FieldCode::Required), ("/website".into(), FieldCode::InvalidFormat)])
        );
        assert!(parse(serde_json::json!({"kind": "individual", "name": "Trần Thị B"})).is_ok());
        let wrong = parse(serde_json::json!({"kind": "individual", "name": "Trần Thị B", "contact_email": "a@b@c.vn",
            "founded_year": 2101, "credentials": [{"name": "Thẻ thẩm định viên"}]}));
        let expected = [
            ("/contact_email", FieldCode::InvalidEmail),
            ("/founded_year", FieldCode::OutOfRange),
            ("/credentials", FieldCode::NotAllowedHere),
        ];
        assert_eq!(wrong, Err(expected.map(|(pointer, code)| (pointer.to_owned(), code)).into()));
    }

    #[test]
    fn web_addresses() {
        for (text, expected) in [
            ("https://vien.example.vn", true),
            ("http://vien.example.vn:8080/a?b#c", true),
            ("https://viện.vn/", true),
            ("https://localhost", false),
            ("https://user@evil.vn", false),
            ("https://a b.vn", false),
            ("https://.vn", false),
            ("ftp://vien.vn", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_web_address(text), expected, "{text}");
        }
    }
}
