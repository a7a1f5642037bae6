//! Labels: the values lists are filtered by where an item has several of them.

mod store;

pub use store::{add, labelled, replace};

use super::{Ipc, TransferForm};
use crate::kernel::text_enum;

text_enum! {
    /// What a label says.
    pub enum Facet {
        /// A form of transfer.
        TransferForm = "transfer_form",
        /// An IPC symbol or one above it.
        Ipc = "ipc",
    }
}

/// The labels of an item.
#[must_use]
pub fn of(forms: &[TransferForm], ipc: &[Ipc]) -> Vec<(Facet, String)> {
    let mut labels: Vec<_> = forms.iter().map(|form| (Facet::TransferForm, form.as_str().to_owned())).collect();
    for symbol in ipc.iter().flat_map(Ipc::with_ancestors) {
        let label = (Facet::Ipc, symbol);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}
