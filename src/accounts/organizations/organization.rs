//! An organisation: the row, what its owner edits, and its verification.

use deserr::{Deserr, ValuePointerRef};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::tax_code::TaxCode;
use crate::db::MultiBackend;
use crate::db::schema::organizations;
use crate::http::Sample;
use crate::kernel::access::OrganizationKind;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::fold::fold;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use crate::kernel::text::{Line, Prose};
use crate::kernel::text_enum;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

text_enum! {
    /// Whether an officer has checked who the organisation is.
    pub enum Verification {
        /// Nobody has checked yet, or the organisation has changed since.
        Unverified = "unverified",
        /// An officer has confirmed it.
        Verified = "verified",
        /// An officer has refused it.
        Refused = "refused",
    }
}

text_enum! {
    /// What an officer decides about an organisation.
    pub enum VerificationDecision {
        /// It is who it says it is.
        Verified = "verified",
        /// It is not, or that could not be shown.
        Refused = "refused",
    }
}

text_enum! {
    /// How an officer checked.
    pub enum VerificationMethod {
        /// The national business register.
        BusinessRegister = "business_register",
        /// An official letter of the organisation.
        OfficialLetter = "official_letter",
        /// A visit.
        SiteVisit = "site_visit",
        /// Another way, told in the evidence.
        Other = "other",
    }
}

/// What the owners of an organisation say about it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserr, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = OrganizationContent::check -> FieldErrors)]
#[diesel(table_name = organizations, check_for_backend(MultiBackend), treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct OrganizationContent {
    /// What it is; an authority cannot be registered.
    pub kind: OrganizationKind,
    /// Its name.
    pub name: Line<2, 200>,
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
}

impl OrganizationContent {
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
        if errors.0.is_empty() { Ok(self) } else { Err(errors) }
    }

    /// What an officer checks: a change of it undoes a verification.
    fn identity(&self) -> (OrganizationKind, &str, Option<&TaxCode>) {
        (self.kind, self.name.as_str(), self.tax_code.as_ref())
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
            kind: OrganizationKind::Institute,
            name: Line::literal("Viện Công nghệ Môi trường"),
            tax_code: TaxCode::new("0100109106"),
            province: Some(Line::literal("01")),
            website: Some(Line::literal("https://vien.example.vn")),
            about: Some(Prose::literal("Nghiên cứu và chuyển giao công nghệ xử lý nước và khí thải.")),
        }
    }
}

/// An organisation.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = organizations, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Organization {
    /// Identifier.
    pub id: OrganizationId,
    /// What its owners say about it.
    #[diesel(embed)]
    pub content: OrganizationContent,
    /// The name without case and diacritics.
    pub name_folded: String,
    /// Whether an officer has checked it.
    pub verification: Verification,
    /// Counts changes.
    pub version: i64,
    /// When it was registered.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
}

impl Organization {
    /// A new organisation.
    #[must_use]
    pub fn new(id: OrganizationId, content: OrganizationContent, verification: Verification, now: At) -> Self {
        let name_folded = fold(content.name.as_str());
        Self { id, content, name_folded, verification, version: 1, created_at: now, updated_at: now }
    }

    /// Whether an officer has confirmed it.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verification == Verification::Verified
    }

    /// The organisation with other content. Where that changes its identity (kind, name or tax code), an officer has to
    /// look again.
    ///
    /// # Errors
    /// A field error when it would become, or cease to be, an authority.
    pub fn changed(&self, content: OrganizationContent, now: At) -> Result<Self, Problem> {
        let is_authority = |kind| kind == OrganizationKind::Authority;
        if is_authority(self.content.kind) != is_authority(content.kind) {
            return Err(kind_refused());
        }
        let same = self.content.identity() == content.identity() || is_authority(content.kind);
        Ok(Self {
            verification: if same { self.verification } else { Verification::Unverified },
            version: self.version + 1,
            updated_at: now,
            created_at: self.created_at,
            ..Self::new(self.id, content, self.verification, now)
        })
    }

    /// The organisation after an officer's decision. A decision that changes nothing is refused.
    ///
    /// # Errors
    /// `organization_wrong_state`.
    pub fn decided(&self, decision: VerificationDecision, now: At) -> Result<Self, Problem> {
        let wrong_state = |allowed: &str| {
            Err(Problem::new(Code::OrganizationWrongState).with("status", self.verification).with("allowed", allowed))
        };
        let verification = match (self.verification, decision) {
            (Verification::Unverified | Verification::Refused, VerificationDecision::Verified) => {
                Verification::Verified
            }
            (Verification::Unverified | Verification::Verified, VerificationDecision::Refused) => Verification::Refused,
            (Verification::Verified, VerificationDecision::Verified) => return wrong_state("unverified, refused"),
            (Verification::Refused, VerificationDecision::Refused) => return wrong_state("unverified, verified"),
        };
        Ok(Self { verification, version: self.version + 1, updated_at: now, ..self.clone() })
    }
}

/// The refusal of a kind that cannot be chosen.
#[must_use]
pub fn kind_refused() -> Problem {
    let open = OrganizationKind::ALL.iter().filter(|kind| **kind != OrganizationKind::Authority);
    let accepted = open.map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    let error = FieldError { pointer: "/kind".into(), code: FieldCode::NotAChoice, args: vec![("accepted", accepted)] };
    FieldErrors(vec![error]).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn organization(verification: Verification) -> Organization {
        Organization::new(OrganizationId(Uuid::from_u128(1)), OrganizationContent::sample(), verification, At::sample())
    }

    #[test]
    fn a_change_of_identity_undoes_a_verification() {
        type Edit = fn(&mut OrganizationContent);
        let edits: [(&str, Edit, Verification); 6] = [
            ("nothing", |_| {}, Verification::Verified),
            ("about", |c| c.about = None, Verification::Verified),
            ("province", |c| c.province = None, Verification::Verified),
            ("name", |c| c.name = Line::literal("Viện khác"), Verification::Unverified),
            ("kind", |c| c.kind = OrganizationKind::Enterprise, Verification::Unverified),
            ("tax code", |c| c.tax_code = TaxCode::new("0101248141"), Verification::Unverified),
        ];
        for (what, edit, expected) in edits {
            let before = organization(Verification::Verified);
            let mut content = before.content.clone();
            edit(&mut content);
            let after = before.changed(content, At::sample().plus_seconds(5)).unwrap();
            assert_eq!(after.verification, expected, "{what}");
            assert_eq!((after.version, after.created_at), (2, At::sample()), "{what}");
            assert_eq!(after.name_folded, fold(after.content.name.as_str()), "{what}");
        }
    }

    #[test]
    fn nobody_becomes_an_authority() {
        let mut content = OrganizationContent::sample();
        content.kind = OrganizationKind::Authority;
        assert_eq!(organization(Verification::Verified).changed(content, At::sample()).unwrap_err(), kind_refused());
    }

    #[test]
    fn decisions() {
        use Verification::{Refused, Unverified, Verified};
        for (before, decision, after) in [
            (Unverified, VerificationDecision::Verified, Some(Verified)),
            (Refused, VerificationDecision::Verified, Some(Verified)),
            (Verified, VerificationDecision::Verified, None),
            (Unverified, VerificationDecision::Refused, Some(Refused)),
            (Verified, VerificationDecision::Refused, Some(Refused)),
            (Refused, VerificationDecision::Refused, None),
        ] {
            let found = organization(before).decided(decision, At::sample());
            assert_eq!(found.as_ref().ok().map(|o| o.verification), after, "{before} {decision}");
            assert!(after.is_some() || found.unwrap_err().code == Code::OrganizationWrongState);
        }
    }

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
