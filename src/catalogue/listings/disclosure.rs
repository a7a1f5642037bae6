//! Which blocks of a listing its owner may keep for registered readers, and the listing without them.

use std::borrow::Cow;

use super::listing::{Listing, ListingContent};
use crate::files::Disclosure;
use crate::kernel::list::List;
use crate::kernel::money::Price;
use crate::kernel::text_enum;

text_enum! {
    /// A block of a listing that can be kept for registered readers. More may be added.
    pub enum ListingBlock {
        /// The technology in plain language.
        Description = "description",
        /// The problem it solves.
        ProblemSolved = "problem_solved",
        /// How the problem is dealt with today.
        ExistingSolution = "existing_solution",
        /// By how much it is better.
        MeasuredAdvantage = "measured_advantage",
        /// Investment, running costs, payback.
        Economics = "economics",
        /// The price asked.
        Price = "price",
        /// Who owns it, with what shares.
        Owners = "owners",
        /// Whose money it was developed with.
        Funding = "funding",
        /// What shows that its claims hold.
        Evidence = "evidence",
    }
}

impl ListingContent {
    /// What everybody may read.
    #[must_use]
    pub fn public(&self) -> Cow<'_, Self> {
        if self.registered_only.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut public = self.clone();
        for block in self.registered_only.iter() {
            public.withhold(*block);
        }
        Cow::Owned(public)
    }

    /// Empties a block in both languages.
    fn withhold(&mut self, block: ListingBlock) {
        let texts = self.translation.as_mut();
        match block {
            ListingBlock::Description => {
                self.description = None;
                if let Some(texts) = texts {
                    texts.description = None;
                }
            }
            ListingBlock::ProblemSolved => {
                self.problem_solved = None;
                if let Some(texts) = texts {
                    texts.problem_solved = None;
                }
            }
            ListingBlock::ExistingSolution => {
                self.existing_solution = None;
                if let Some(texts) = texts {
                    texts.existing_solution = None;
                }
            }
            ListingBlock::MeasuredAdvantage => {
                self.measured_advantage = None;
                if let Some(texts) = texts {
                    texts.measured_advantage = None;
                }
            }
            ListingBlock::Economics => {
                self.economics = None;
                if let Some(texts) = texts {
                    texts.economics = None;
                }
            }
            ListingBlock::Price => self.price = Price::UNDISCLOSED,
            ListingBlock::Owners => self.owners = List::default(),
            ListingBlock::Funding => self.funding = None,
            ListingBlock::Evidence => self.evidence = List::default(),
        }
    }
}

impl Listing {
    /// The listing with all it says, for its organisation, officers and registered readers.
    #[must_use]
    pub fn in_full(mut self) -> Self {
        if let Some(whole) = self.whole.take() {
            self.content = whole.0;
        }
        self
    }

    /// The listing without what its owner keeps for registered readers.
    #[must_use]
    pub fn for_visitors(mut self) -> Self {
        let public = self.attachments.iter().filter(|file| file.disclosure == Disclosure::Public);
        self.attachments = public.cloned().collect();
        self
    }

    /// All it says, whether or not the reader gets it.
    pub(super) fn said(&self) -> &ListingContent {
        self.whole.as_ref().map_or(&self.content, |whole| &whole.0)
    }

    /// The blocks that are not in `content`.
    #[must_use]
    pub fn withheld(&self) -> Vec<ListingBlock> {
        if self.whole.is_some() { self.content.registered_only.to_vec() } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Sample;

    #[test]
    fn what_is_kept_for_registered_readers_is_not_public() {
        let whole = ListingContent::sample();
        assert_eq!(whole.public().as_ref(), &whole);
        for block in ListingBlock::ALL {
            let kept = ListingContent { registered_only: std::iter::once(*block).collect(), ..whole.clone() };
            let json = |content: &ListingContent| serde_json::to_value(content).unwrap();
            let (public, all) = (json(&kept.public()), json(&kept));
            for (name, value) in all.as_object().unwrap() {
                let touched = name == block.as_str()
                    || name == "translation" && value.get(block.as_str()).is_some_and(|text| !text.is_null());
                assert_eq!(public[name] != *value, touched, "{name} with {block} kept");
            }
            assert!(public["translation"].get(block.as_str()).is_none_or(serde_json::Value::is_null), "{block}");
        }
    }
}
