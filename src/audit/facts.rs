use std::collections::BTreeSet;

/// Different texts, up to a limit; how many more there were is known, which they were is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The first ones by order of the alphabet.
    pub texts: BTreeSet<String>,
    /// Whether there were more than fit.
    pub more: bool,
}

impl Facts {
    const LIMIT: usize = 20;

    /// Adds a text.
    pub fn add(&mut self, text: &str) {
        if text.is_empty() || self.texts.contains(text) {
            return;
        }
        if self.texts.len() < Self::LIMIT {
            self.texts.insert(text.to_owned());
        } else {
            self.more = true;
        }
    }

    /// Adds what another has.
    pub fn merge(&mut self, other: Self) {
        self.more |= other.more;
        for text in other.texts {
            self.add(&text);
        }
    }

    /// All, separated by commas.
    pub fn join(&self) -> String {
        let mut text = self.texts.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        if self.more {
            text.push_str(" and more");
        }
        text
    }
}
