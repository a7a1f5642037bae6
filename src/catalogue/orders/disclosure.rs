//! Which blocks of an order its owner may keep for registered readers, and the order without them.

use std::borrow::Cow;

use super::order::{Order, OrderContent};
use crate::files::Disclosure;
use crate::kernel::money::Price;
use crate::kernel::text_enum;

text_enum! {
    /// A block of an order that can be kept for registered readers. More may be added.
    pub enum OrderBlock {
        /// The problem to be solved.
        Problem = "problem",
        /// Where and under which conditions it has to work.
        Context = "context",
        /// How success will be measured.
        SuccessCriteria = "success_criteria",
        /// What is not looked for.
        OutOfScope = "out_of_scope",
        /// The budget offered.
        Budget = "budget",
    }
}

impl OrderContent {
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
    fn withhold(&mut self, block: OrderBlock) {
        let texts = self.translation.as_mut();
        match block {
            OrderBlock::Problem => {
                self.problem = None;
                if let Some(texts) = texts {
                    texts.problem = None;
                }
            }
            OrderBlock::Context => {
                self.context = None;
                if let Some(texts) = texts {
                    texts.context = None;
                }
            }
            OrderBlock::SuccessCriteria => {
                self.success_criteria = None;
                if let Some(texts) = texts {
                    texts.success_criteria = None;
                }
            }
            OrderBlock::OutOfScope => {
                self.out_of_scope = None;
                if let Some(texts) = texts {
                    texts.out_of_scope = None;
                }
            }
            OrderBlock::Budget => self.budget = Price::UNDISCLOSED,
        }
    }
}

impl Order {
    /// The order with all it says, for its organisation, officers and registered readers.
    #[must_use]
    pub fn in_full(mut self) -> Self {
        if let Some(whole) = self.whole.take() {
            self.content = whole.0;
        }
        self
    }

    /// The order without what its owner keeps for registered readers.
    #[must_use]
    pub fn for_visitors(mut self) -> Self {
        let public = self.attachments.iter().filter(|file| file.disclosure == Disclosure::Public);
        self.attachments = public.cloned().collect();
        self
    }

    /// All it says, whether or not the reader gets it.
    pub(super) fn said(&self) -> &OrderContent {
        self.whole.as_ref().map_or(&self.content, |whole| &whole.0)
    }

    /// The blocks that are not in `content`.
    #[must_use]
    pub fn withheld(&self) -> Vec<OrderBlock> {
        if self.whole.is_some() { self.content.registered_only.to_vec() } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Sample;

    #[test]
    fn what_is_kept_for_registered_readers_is_not_public() {
        let whole = OrderContent::sample();
        assert_eq!(whole.public().as_ref(), &whole);
        for block in OrderBlock::ALL {
            let kept = OrderContent { registered_only: std::iter::once(*block).collect(), ..whole.clone() };
            let json = |content: &OrderContent| serde_json::to_value(content).unwrap();
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
