//! An organisation: the row, its verification, and whether it is active.

use diesel::prelude::*;

use super::content::OrganizationContent;
use super::verification::{DeactivatedBy, Verification, VerificationDecision, VerificationMethod};
use crate::db::MultiBackend;
use crate::db::schema::organizations;
use crate::kernel::access::OrganizationKind;
use crate::kernel::clock::{At, Day};
use crate::kernel::code::Code;
use crate::kernel::fold::fold;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

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
    /// When the officer did, while it is verified.
    pub verified_at: Option<At>,
    /// How the officer did, while it is verified.
    pub verified_method: Option<VerificationMethod>,
    /// The last day of the verification; without one it does not lapse.
    pub verified_until: Option<Day>,
    /// When it was taken out of the public.
    pub deactivated_at: Option<At>,
    /// By whom.
    pub deactivated_by: Option<DeactivatedBy>,
    /// Why.
    pub deactivation_reason: Option<String>,
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
        Self {
            id,
            name_folded: fold(content.name.as_str()),
            content,
            verification,
            verified_at: (verification == Verification::Verified).then_some(now),
            verified_method: None,
            verified_until: None,
            deactivated_at: None,
            deactivated_by: None,
            deactivation_reason: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether an officer has confirmed it.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verification == Verification::Verified
    }

    /// The organisation with other content. Where that changes its identity (kind, name, tax code or credentials), an
    /// officer has to look again.
    ///
    /// # Errors
    /// A field error when it would become, or cease to be, an authority.
    pub fn changed(&self, content: OrganizationContent, now: At) -> Result<Self, Problem> {
        let is_authority = |kind| kind == OrganizationKind::Authority;
        if is_authority(self.content.kind) != is_authority(content.kind) {
            return Err(kind_refused());
        }
        let same = self.content.is_same_identity(&content) || is_authority(content.kind);
        let before = if same { self.next(now) } else { self.next(now).unverified() };
        Ok(Self { name_folded: fold(content.name.as_str()), content, ..before })
    }

    /// The organisation after an officer's decision, by `method`, good until `until` or until the first of its credentials
    /// expires.
    ///
    /// # Errors
    /// `organization_wrong_state` for a decision that changes nothing; a field error for a last day that is past.
    pub fn decided(
        &self,
        decision: VerificationDecision,
        method: Option<VerificationMethod>,
        until: Option<Day>,
        now: At,
    ) -> Result<Self, Problem> {
        let wrong_state = |allowed: &str| {
            Err(Problem::new(Code::OrganizationWrongState).with("status", self.verification).with("allowed", allowed))
        };
        let refused = || Self { verification: Verification::Refused, ..self.next(now).unverified() };
        match (decision, self.verification) {
            (VerificationDecision::Verified, _) => {
                let until = [until, self.content.credentials_until()].into_iter().flatten().min();
                if until.is_some_and(|until| until < Day::in_vietnam(now)) {
                    return Err(past(now));
                }
                Ok(Self {
                    verification: Verification::Verified,
                    verified_at: Some(now),
                    verified_method: method,
                    verified_until: until,
                    ..self.next(now)
                })
            }
            (VerificationDecision::Refused, Verification::Unverified | Verification::Verified) => Ok(refused()),
            (VerificationDecision::Refused, Verification::Refused) => wrong_state("unverified, verified"),
            (VerificationDecision::Revoked, Verification::Verified) => Ok(self.next(now).unverified()),
            (VerificationDecision::Revoked, Verification::Unverified | Verification::Refused) => {
                wrong_state("verified")
            }
        }
    }

    /// The organisation after the last day of its verification.
    #[must_use]
    pub fn lapsed(&self, now: At) -> Self {
        self.next(now).unverified()
    }

    /// The organisation out of the public, with all it has published.
    ///
    /// # Errors
    /// `organization_wrong_state` when it is so already.
    pub fn deactivated(&self, by: DeactivatedBy, reason: &str, now: At) -> Result<Self, Problem> {
        if self.deactivated_at.is_some() {
            return Err(state("deactivated", "active"));
        }
        let reason = Some(reason.to_owned());
        Ok(Self { deactivated_at: Some(now), deactivated_by: Some(by), deactivation_reason: reason, ..self.next(now) })
    }

    /// The organisation back in the public. What an officer did an owner cannot undo.
    ///
    /// # Errors
    /// `organization_wrong_state` when it is active, `officer_required`.
    pub fn reactivated(&self, by: DeactivatedBy, now: At) -> Result<Self, Problem> {
        match (self.deactivated_by, by) {
            (None, _) => Err(state("active", "deactivated")),
            (Some(DeactivatedBy::Officer), DeactivatedBy::Owner) => Err(Code::OfficerRequired.into()),
            (Some(_), _) => {
                Ok(Self { deactivated_at: None, deactivated_by: None, deactivation_reason: None, ..self.next(now) })
            }
        }
    }

    fn next(&self, now: At) -> Self {
        Self { version: self.version + 1, updated_at: now, ..self.clone() }
    }

    fn unverified(self) -> Self {
        let verification = Verification::Unverified;
        Self { verification, verified_at: None, verified_method: None, verified_until: None, ..self }
    }
}

fn state(status: &str, allowed: &str) -> Problem {
    Problem::new(Code::OrganizationWrongState).with("status", status).with("allowed", allowed)
}

fn past(now: At) -> Problem {
    let args = vec![("min", Day::in_vietnam(now).to_string()), ("max", "9999-12-31".to_owned())];
    FieldErrors(vec![FieldError { pointer: "/expires_on".into(), code: FieldCode::OutOfRange, args }]).into()
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
    use super::super::content::Credential;
    use super::super::tax_code::TaxCode;
    use super::*;
    use crate::http::Sample;
    use crate::kernel::text::Line;
    use uuid::Uuid;

    fn organization(verification: Verification) -> Organization {
        Organization::new(OrganizationId(Uuid::from_u128(1)), OrganizationContent::sample(), verification, At::sample())
    }

    fn card(until: Day) -> Credential {
        Credential {
            name: Line::literal("Thẻ thẩm định viên"), number: None, issuer: None, expires_on: Some(until)
        }
    }

    #[test]
    fn a_change_of_identity_undoes_a_verification() {
        type Edit = fn(&mut OrganizationContent);
        let edits: [(&str, Edit, Verification); 7] = [
            ("nothing", |_| {}, Verification::Verified),
            ("about", |c| c.about = None, Verification::Verified),
            ("province", |c| c.province = None, Verification::Verified),
            ("name", |c| c.name = Line::literal("Viện khác"), Verification::Unverified),
            ("kind", |c| c.kind = OrganizationKind::Enterprise, Verification::Unverified),
            ("tax code", |c| c.tax_code = TaxCode::new("0101248141"), Verification::Unverified),
            (
                "credentials",
                |c| c.credentials = [card(Day::after(At::sample(), 9))].into_iter().collect(),
                Verification::Unverified,
            ),
        ];
        for (what, edit, expected) in edits {
            let before = organization(Verification::Verified);
            let mut content = before.content.clone();
            edit(&mut content);
            let after = before.changed(content, At::sample().plus_seconds(5)).unwrap();
            assert_eq!(after.verification, expected, "{what}");
            assert_eq!(after.verified_at.is_some(), expected == Verification::Verified, "{what}");
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
            (Verified, VerificationDecision::Verified, Some(Verified)),
            (Unverified, VerificationDecision::Refused, Some(Refused)),
            (Verified, VerificationDecision::Refused, Some(Refused)),
            (Refused, VerificationDecision::Refused, None),
            (Verified, VerificationDecision::Revoked, Some(Unverified)),
            (Unverified, VerificationDecision::Revoked, None),
            (Refused, VerificationDecision::Revoked, None),
        ] {
            let method = Some(VerificationMethod::SiteVisit);
            let found = organization(before).decided(decision, method, None, At::sample());
            assert_eq!(found.as_ref().ok().map(|o| o.verification), after, "{before} {decision}");
            assert!(after.is_some() || found.as_ref().unwrap_err().code == Code::OrganizationWrongState);
            let verified_by = found.ok().and_then(|o| o.verified_method);
            assert_eq!(verified_by, method.filter(|_| after == Some(Verified)), "{before} {decision}");
        }
    }

    #[test]
    fn a_verification_lasts_no_longer_than_the_credentials() {
        let (now, day) = (At::sample(), |days| Day::after(At::sample(), days));
        let mut broker = organization(Verification::Unverified);
        let verified = |o: &Organization, until| o.decided(VerificationDecision::Verified, None, until, now);
        assert_eq!(verified(&broker, Some(day(30))).unwrap().verified_until, Some(day(30)));
        broker.content.credentials = [card(day(10)), card(day(20))].into_iter().collect();
        assert_eq!(verified(&broker, Some(day(30))).unwrap().verified_until, Some(day(10)));
        assert_eq!(verified(&broker, None).unwrap().verified_until, Some(day(10)));
        assert_eq!(verified(&broker, Some(day(5))).unwrap().verified_until, Some(day(5)));
        let late = broker.decided(VerificationDecision::Verified, None, None, now.plus_days(11));
        assert_eq!(late.unwrap_err().code, Code::ValidationFailed);
        assert_eq!(verified(&broker, None).unwrap().lapsed(now).verification, Verification::Unverified);
    }

    #[test]
    fn an_organisation_goes_and_comes_back() {
        use DeactivatedBy::{Officer, Owner};
        let active = organization(Verification::Verified);
        assert_eq!(active.reactivated(Officer, At::sample()).unwrap_err().code, Code::OrganizationWrongState);
        for (gone_by, back_by, refused) in [
            (Owner, Owner, None),
            (Owner, Officer, None),
            (Officer, Officer, None),
            (Officer, Owner, Some(Code::OfficerRequired)),
        ] {
            let gone = active.deactivated(gone_by, "Giải thể.", At::sample()).unwrap();
            assert_eq!(gone.deactivated(Officer, "x", At::sample()).unwrap_err().code, Code::OrganizationWrongState);
            let back = gone.reactivated(back_by, At::sample());
            assert_eq!(back.as_ref().err().map(|problem| problem.code), refused, "{gone_by} {back_by}");
            assert!(
                back.is_err() || back.is_ok_and(|o| o.deactivated_at.is_none() && o.version == 3 && o.is_verified())
            );
        }
    }
}
