//! The words of verifications: what officers decide on the identity of an organisation, and how they checked.

use crate::kernel::text_enum;

text_enum! {
    /// Whether an officer has checked who the organisation is.
    pub enum Verification {
        /// Nobody has checked yet, the organisation has changed since, or the verification was revoked or has lapsed.
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
        /// It is who it says it is; said again of a verified one, that renews the verification.
        Verified = "verified",
        /// It is not, or that could not be shown.
        Refused = "refused",
        /// It was verified and is not any more; the evidence tells why.
        Revoked = "revoked",
    }
}

text_enum! {
    /// How an officer checked. More may be added.
    pub enum VerificationMethod {
        /// The entry in the national business register.
        BusinessRegister = "business_register",
        /// The certificate of registration of science and technology activities.
        ScienceRegistration = "science_registration",
        /// The decision that established the institute, school or unit.
        EstablishmentDecision = "establishment_decision",
        /// The credentials of an intermediary: licence, valuer's card, accreditation.
        Credentials = "credentials",
        /// The electronic identity of an individual; no copy of an identity paper is kept.
        ElectronicIdentity = "electronic_identity",
        /// An official letter of the organisation.
        OfficialLetter = "official_letter",
        /// A visit.
        SiteVisit = "site_visit",
        /// Another way, told in the evidence.
        Other = "other",
    }
}

text_enum! {
    /// Who took an organisation out of the public.
    pub enum DeactivatedBy {
        /// One of its owners; an owner or an officer may bring it back.
        Owner = "owner",
        /// An officer; only an officer may bring it back.
        Officer = "officer",
    }
}
