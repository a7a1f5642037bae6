//! Labels: the values lists are filtered by where an item has several of them.

mod store;

pub use store::{add, labelled, replace};

use super::codes::{Country, Nace, Sdg, Vsic};
use super::{Ipc, TransferForm};
use crate::kernel::text_enum;

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
    }
}

/// What an item is labelled by.
#[derive(Clone, Copy, Debug)]
pub struct Classified<'a> {
    pub forms: &'a [TransferForm],
    pub ipc: &'a [Ipc],
    pub vsic: &'a [Vsic],
    pub nace: &'a [Nace],
    pub sdg: &'a [Sdg],
    pub territories: &'a [Country],
}

/// The labels of an item, each once.
#[must_use]
pub fn of(item: &Classified<'_>) -> Vec<(Facet, String)> {
    let forms = item.forms.iter().map(|form| (Facet::TransferForm, form.as_str().to_owned()));
    let ipc = item.ipc.iter().flat_map(Ipc::with_ancestors).map(|symbol| (Facet::Ipc, symbol));
    let vsic = item.vsic.iter().flat_map(Vsic::with_ancestors).map(|code| (Facet::Vsic, code));
    let nace = item.nace.iter().flat_map(Nace::with_ancestors).map(|code| (Facet::Nace, code));
    let sdg = item.sdg.iter().map(|goal| (Facet::Sdg, goal.get().to_string()));
    let territories = item.territories.iter().map(|country| (Facet::Territory, country.as_str().to_owned()));
    let mut labels = Vec::new();
    for label in forms.chain(ipc).chain(vsic).chain(nace).chain(sdg).chain(territories) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// The values of a filter as they stand on labels.
pub fn texts<T>(values: &[T], text: impl Fn(&T) -> &str) -> Vec<String> {
    values.iter().map(|value| text(value).to_owned()).collect()
}
