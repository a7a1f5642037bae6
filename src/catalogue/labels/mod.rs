//! Labels: what items are filtered by. In the database they stand where an item has several values of a kind; the search
//! index gets them all. Codes of classifications bring along the codes above them, as far as the codes themselves tell these.

mod store;

pub use store::{add, labelled, replace};

use super::codes::{Country, Nace, Sdg, Vsic};
use super::listings::{DevelopmentStage, IpRight};
use super::reference::Usage;
use super::{Ipc, TransferForm};
use crate::accounts::OrganizationBrief;
use crate::kernel::fold::fold;
use crate::kernel::locale::Locale;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::search::Dimension;

text_enum! {
    /// What a label says.
    pub enum Facet {
        /// A form of transfer.
        TransferForm = "transfer_form",
        /// An IPC symbol or one above it.
        Ipc = "ipc",
        /// A VSIC code or one above it.
        Vsic = "vsic",
        /// A NACE code or one above it.
        Nace = "nace",
        /// A sustainable development goal.
        Sdg = "sdg",
        /// A country.
        Territory = "territory",
        /// A kind of intellectual property right.
        IpKind = "ip_kind",
        /// Where such a right stands.
        IpStatus = "ip_status",
    }
}

impl From<Facet> for Dimension {
    fn from(facet: Facet) -> Self {
        match facet {
            Facet::TransferForm => Self::TransferForm,
            Facet::Ipc => Self::Ipc,
            Facet::Vsic => Self::Vsic,
            Facet::Nace => Self::Nace,
            Facet::Sdg => Self::Sdg,
            Facet::Territory => Self::Territory,
            Facet::IpKind => Self::IpKind,
            Facet::IpStatus => Self::IpStatus,
        }
    }
}

/// How an item is classified.
#[derive(Clone, Copy, Debug)]
pub struct Classified<'a> {
    pub language: Locale,
    pub research_field: Option<&'a Line<1, 60>>,
    pub stage: Option<DevelopmentStage>,
    pub forms: &'a [TransferForm],
    pub ipc: &'a [Ipc],
    pub vsic: &'a [Vsic],
    pub nace: &'a [Nace],
    pub sdg: &'a [Sdg],
    pub territories: &'a [Country],
    pub rights: &'a [IpRight],
    pub keywords: &'a [Line<1, 60>],
}

impl<'a> Classified<'a> {
    /// The labels kept in the database, each once.
    #[must_use]
    pub fn labels(&self) -> Vec<(Facet, String)> {
        let forms = self.forms.iter().map(|form| (Facet::TransferForm, form.as_str().to_owned()));
        let ipc = self.ipc.iter().flat_map(Ipc::with_ancestors).map(|symbol| (Facet::Ipc, symbol));
        let vsic = self.vsic.iter().flat_map(Vsic::with_ancestors).map(|code| (Facet::Vsic, code));
        let nace = self.nace.iter().flat_map(Nace::with_ancestors).map(|code| (Facet::Nace, code));
        let sdg = self.sdg.iter().map(|goal| (Facet::Sdg, goal.get().to_string()));
        let territories = self.territories.iter().map(|country| (Facet::Territory, country.as_str().to_owned()));
        let kinds = self.rights.iter().map(|right| (Facet::IpKind, right.kind.as_str().to_owned()));
        let statuses = self.rights.iter().map(|right| (Facet::IpStatus, right.status.as_str().to_owned()));
        let mut labels = Vec::new();
        for label in forms.chain(ipc).chain(vsic).chain(nace).chain(sdg).chain(territories).chain(kinds).chain(statuses)
        {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }

    /// Everything it is found by in the search index; its owner only where that is to be known.
    #[must_use]
    pub fn searched(&self, owner: Option<&OrganizationBrief>) -> Vec<(Dimension, String)> {
        let kind = owner.map(|owner| (Dimension::OrganizationKind, owner.kind.to_string()));
        let province = owner.and_then(|owner| owner.province.clone()).map(|code| (Dimension::Province, code));
        let language = (Dimension::Language, self.language.to_string());
        let field = self.research_field.map(|field| (Dimension::ResearchField, field.to_string()));
        let stage = self.stage.map(|stage| (Dimension::DevelopmentStage, stage.to_string()));
        let keywords = self.keywords.iter().map(|word| (Dimension::Keyword, fold(word.as_str())));
        let kept = self.labels().into_iter().map(|(facet, label)| (facet.into(), label));
        kept.chain(keywords).chain([language]).chain(kind).chain(province).chain(field).chain(stage).collect()
    }

    /// The codes of reference lists it uses. Symbols of the IPC are looked up as deep as the list goes.
    #[must_use]
    pub fn references(&self) -> Vec<Usage<'a>> {
        let field = self.research_field.map(|code| Usage::new("research_field", "/research_field", code.as_str()));
        field
            .into_iter()
            .chain(usages("ipc", "ipc", self.ipc, Ipc::subclass))
            .chain(usages("vsic", "vsic", self.vsic, Vsic::as_str))
            .chain(usages("nace", "nace", self.nace, Nace::as_str))
            .chain(usages("territory", "territories", self.territories, Country::as_str))
            .collect()
    }
}

/// The codes of one field, each at its place.
fn usages<'a, T>(
    list: &'static str,
    field: &'static str,
    codes: &'a [T],
    code: impl Fn(&T) -> &str,
) -> impl Iterator<Item = Usage<'a>> {
    codes.iter().enumerate().map(move |(at, one)| Usage::new(list, format!("/{field}/{at}"), code(one)))
}

/// The values of a filter as they stand on labels.
pub fn texts<T>(values: &[T], text: impl Fn(&T) -> &str) -> Vec<String> {
    values.iter().map(|value| text(value).to_owned()).collect()
}
