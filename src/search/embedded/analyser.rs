//! The analysers of the full-text fields: [`words`](crate::search::words) as tantivy token streams.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::search::words::{Words, exact_into, term_into, words};

/// Which form of each word an index field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Folded.
    Folded,
    /// With its diacritics, only where there are any.
    Exact,
    /// Folded, each word joined with the next.
    Pairs,
}

impl Form {
    const ALL: [Form; 3] = [Form::Folded, Form::Exact, Form::Pairs];

    /// The name the analyser is registered by.
    pub(super) fn name(self) -> &'static str {
        match self {
            Form::Folded => "folded",
            Form::Exact => "exact",
            Form::Pairs => "pairs",
        }
    }
}

/// Every analyser of the schema.
pub(super) fn analysers() -> TokenizerManager {
    // tantivy asks for its own analysers too, even for fields that are only stored.
    let manager = TokenizerManager::default();
    for form in Form::ALL {
        manager.register(form.name(), TextAnalyzer::from(Analyser { form, previous: String::new() }));
    }
    manager
}

#[derive(Clone)]
struct Analyser {
    form: Form,
    /// Buffer of the word before, kept between texts to save allocations.
    previous: String,
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        self.previous.clear();
        Tokens {
            form: self.form,
            words: words(text),
            previous: &mut self.previous,
            word: String::new(),
            token: Token::default(),
        }
    }
}

struct Tokens<'a> {
    form: Form,
    words: Words<'a>,
    previous: &'a mut String,
    word: String,
    token: Token,
}

impl Tokens<'_> {
    /// Puts the next token's text in place; `None` at the end, `Some(false)` where this word gives no token.
    fn fill(&mut self) -> Option<bool> {
        let word = self.words.next()?;
        self.token.offset_from = word.start;
        self.token.offset_to = word.end();
        Some(match self.form {
            Form::Folded => {
                term_into(word.text, &mut self.token.text);
                !self.token.text.is_empty()
            }
            Form::Exact => exact_into(word.text, &mut self.token.text),
            Form::Pairs => {
                term_into(word.text, &mut self.word);
                let joined = !self.previous.is_empty() && !self.word.is_empty();
                if joined {
                    self.token.text.clear();
                    self.token.text.push_str(self.previous);
                    self.token.text.push(' ');
                    self.token.text.push_str(&self.word);
                }
                std::mem::swap(self.previous, &mut self.word);
                joined
            }
        })
    }
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        while let Some(filled) = self.fill() {
            if filled {
                self.token.position = self.token.position.wrapping_add(1);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, analysers};

    fn tokens(form: Form, text: &str) -> Vec<String> {
        let mut analyser = analysers().get(form.name()).expect("registered");
        let mut stream = analyser.token_stream(text);
        let mut found = Vec::new();
        while stream.advance() {
            found.push(stream.token().text.clone());
        }
        found
    }

    #[test]
    fn each_form_gives_its_tokens() {
        let text = "Xử lý nước, water systems";
        assert_eq!(tokens(Form::Folded, text), ["xu", "ly", "nuoc", "water", "system"]);
        assert_eq!(tokens(Form::Exact, text).len(), 3);
        assert_eq!(tokens(Form::Pairs, text), ["xu ly", "ly nuoc", "nuoc water", "water system"]);
        assert!(tokens(Form::Pairs, "một").is_empty());
    }
}
