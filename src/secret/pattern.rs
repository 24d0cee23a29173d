//! A regular expression over bytes that is compiled when it is first needed.

use std::{ops::Range, sync::OnceLock};

use regex_automata::{Anchored, Input, meta, util::syntax};

/// A regular expression, compiled at its first use: a run over a small repository needs few of them.
#[derive(Debug)]
pub(super) struct Pattern {
    source: String,
    compiled: OnceLock<Option<meta::Regex>>,
}

/// Where a pattern matched, and where its first group did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Matched {
    /// The whole match.
    pub whole: Range<usize>,
    /// The first group, or the whole where there is no group.
    pub secret: Range<usize>,
}

impl Pattern {
    pub(super) fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), compiled: OnceLock::new() }
    }

    /// Why the pattern cannot be compiled, if it cannot.
    pub(super) fn check(&self) -> Result<(), String> {
        compile(&self.source).map(drop)
    }

    fn regex(&self) -> Option<&meta::Regex> {
        self.compiled.get_or_init(|| compile(&self.source).ok()).as_ref()
    }

    /// The match that starts at `range.start`, looking no further than `range.end`.
    pub(super) fn at(&self, bytes: &[u8], range: Range<usize>) -> Option<Matched> {
        self.search(Input::new(bytes).range(range).anchored(Anchored::Yes))
    }

    /// The first match within `range`; bytes around it are seen by `\b`.
    pub(super) fn find(&self, bytes: &[u8], range: Range<usize>) -> Option<Matched> {
        self.search(Input::new(bytes).range(range))
    }

    /// [`Pattern::find`] with the secret in group `group`; group 0 is the first group that took part, or the whole.
    pub(super) fn find_group(&self, bytes: &[u8], range: Range<usize>, group: usize) -> Option<Matched> {
        if group == 0 {
            return self.find(bytes, range);
        }
        let regex = self.regex()?;
        let mut captures = regex.create_captures();
        regex.search_captures(&Input::new(bytes).range(range), &mut captures);
        let whole = captures.get_match()?.range();
        let secret = captures.get_group(group).map_or_else(|| whole.clone(), |span| span.range());
        Some(Matched { whole, secret })
    }

    fn search(&self, input: Input<'_>) -> Option<Matched> {
        if input.start() > input.end() || input.end() > input.haystack().len() {
            return None;
        }
        let regex = self.regex()?;
        if regex.captures_len() <= 1 {
            let found = regex.search(&input)?;
            return Some(Matched { whole: found.range(), secret: found.range() });
        }
        let mut captures = regex.create_captures();
        regex.search_captures(&input, &mut captures);
        let whole = captures.get_match()?.range();
        let secret =
            (1..captures.group_len()).find_map(|group| captures.get_group(group)).map_or_else(|| whole.clone(), |span| span.range());
        Some(Matched { whole, secret })
    }
}

fn compile(source: &str) -> Result<meta::Regex, String> {
    let config = meta::Config::new()
        .utf8_empty(false)
        .nfa_size_limit(Some(16 << 20))
        .onepass_size_limit(Some(256 << 10))
        // Small caches: windows are short, and there are hundreds of patterns.
        .hybrid_cache_capacity(256 << 10);
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    meta::Regex::builder().configure(config).syntax(syntax).build(source).map_err(|error| {
        let cause = error.syntax_error().map_or_else(|| error.to_string(), ToString::to_string);
        cause.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_group_is_the_secret() {
        let pattern = Pattern::new(r"key=(?:'([a-z]+)'|([0-9]+))");
        assert_eq!(pattern.at(b"key='abc'", 0..9).unwrap().secret, 5..8);
        assert_eq!(pattern.find(b"a key=12", 0..8).unwrap().secret, 6..8);
        assert!(pattern.at(b"a key=12", 0..8).is_none());
    }

    #[test]
    fn a_broken_pattern_says_why_and_matches_nothing() {
        let pattern = Pattern::new("(");
        assert!(pattern.check().unwrap_err().contains("unclosed group"));
        assert!(pattern.find(b"(", 0..1).is_none());
    }
}
