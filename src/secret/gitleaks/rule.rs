//! One rule of gitleaks: its pattern, its keywords, what it allows.

use std::{ops::Range, sync::Arc};

use aho_corasick::AhoCorasick;

use super::{
    super::{
        hit::{self, Hit},
        pattern::Pattern,
        value,
    },
    file,
};
use crate::model::{Confidence, Fix, RuleInfo, Severity};

/// A rule that was loaded.
#[derive(Debug)]
pub(in super::super) struct Imported {
    id: Arc<str>,
    title: String,
    pattern: Option<Pattern>,
    path: Option<Pattern>,
    group: usize,
    entropy: f32,
    keywords: Option<AhoCorasick>,
    allowed: Vec<Allowance>,
}

/// What is allowed: any of its parts, or all of them.
#[derive(Clone, Debug)]
pub(super) struct Allowance {
    all: bool,
    target: Target,
    regexes: Arc<Vec<Pattern>>,
    paths: Arc<Vec<Pattern>>,
    stopwords: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Secret,
    Match,
    Line,
}

/// Go's regular expressions take a brace that begins no repetition for itself; here it must be escaped.
fn translate(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut text = String::with_capacity(source.len() + 8);
    let (mut escaped, mut class) = (false, false);
    for (at, c) in source.char_indices() {
        if escaped {
            escaped = false;
            // `\z` is the end in both; `\Z` does not exist in Go.
            text.push(c);
            continue;
        }
        match c {
            '\\' => escaped = true,
            '[' if !class => class = true,
            ']' if class => class = false,
            '{' if !class => {
                let tail = bytes.get(at + 1..).unwrap_or_default();
                let close = tail.iter().position(|&byte| byte == b'}').unwrap_or(0);
                let counts = tail.get(..close).unwrap_or_default();
                let repeats =
                    counts.first().is_some_and(u8::is_ascii_digit) && counts.iter().all(|byte| byte.is_ascii_digit() || *byte == b',');
                let named = text.ends_with("\\p") || text.ends_with("\\P") || text.ends_with("\\x");
                if !repeats && !named {
                    text.push('\\');
                }
            }
            _ => {}
        }
        text.push(c);
    }
    text
}

fn pattern(source: &str) -> Result<Pattern, String> {
    let first = Pattern::new(source);
    if first.check().is_ok() {
        return Ok(first);
    }
    let second = Pattern::new(translate(source));
    second.check().map(|()| second)
}

pub(super) fn allowances<'a>(lists: impl Iterator<Item = &'a file::Allowlist>, of: &str, problems: &mut Vec<String>) -> Vec<Allowance> {
    let compile = |sources: &[String], problems: &mut Vec<String>| {
        let mut patterns = Vec::new();
        for source in sources {
            match pattern(source) {
                Ok(good) => patterns.push(good),
                Err(why) => problems.push(format!("{of}: `{source}` was left out: {why}")),
            }
        }
        Arc::new(patterns)
    };
    let mut all = Vec::new();
    for list in lists {
        let target = match list.regex_target.as_str() {
            "match" => Target::Match,
            "line" => Target::Line,
            _ => Target::Secret,
        };
        all.push(Allowance {
            all: list.condition.eq_ignore_ascii_case("and") || list.condition == "&&",
            target,
            regexes: compile(&list.regexes, problems),
            paths: compile(&list.paths, problems),
            stopwords: list.stopwords.iter().map(|word| word.to_ascii_lowercase()).collect(),
        });
        if !list.commits.is_empty() {
            problems.push(format!("{of}: `commits` were left out; use a baseline for findings that are known"));
        }
    }
    all
}

pub(super) fn build(raw: &file::Rule, shared: &[Allowance], problems: &mut Vec<String>) -> Result<Imported, String> {
    let main = raw.regex.as_deref().map(pattern).transpose()?;
    let path = raw.path.as_deref().map(pattern).transpose()?;
    if main.is_none() && path.is_none() {
        return Err("it has neither `regex` nor `path`".to_owned());
    }
    let mut allowed = shared.to_vec();
    allowed.extend(allowances(raw.allowlist.iter().chain(&raw.allowlists), &format!("rule `{}`", raw.id), problems));
    let keywords = if raw.keywords.is_empty() {
        None
    } else {
        Some(AhoCorasick::builder().ascii_case_insensitive(true).build(&raw.keywords).map_err(|error| error.to_string())?)
    };
    Ok(Imported {
        id: format!("gitleaks-{}", raw.id).into(),
        title: if raw.description.is_empty() { raw.id.clone() } else { raw.description.clone() },
        pattern: main,
        path,
        group: raw.secret_group,
        entropy: raw.entropy,
        keywords,
        allowed,
    })
}

impl Imported {
    /// Most hits of one rule in one window.
    const HITS: usize = 10_000;

    pub(in super::super) fn info(&self) -> RuleInfo {
        RuleInfo {
            id: format!("secret-{}", self.id),
            title: self.title.clone(),
            description: "A rule of a gitleaks configuration.".to_owned(),
            severity: Severity::High,
            theme: "secrets".to_owned(),
            kinds: vec!["Repository/files".to_owned()],
            fix: Fix { text: Some("Revoke the secret, then remove it.".to_owned()), ..Fix::default() },
            sources: Vec::new(),
            controls: Vec::new(),
        }
    }

    /// The hits of this rule that begin in `own`.
    pub(in super::super) fn scan(&self, path: &str, bytes: &[u8], own: Range<usize>, hits: &mut Vec<Hit>) {
        if self.path.as_ref().is_some_and(|pattern| pattern.find(path.as_bytes(), 0..path.len()).is_none()) {
            return;
        }
        let Some(pattern) = &self.pattern else {
            if own.start == 0 && !self.allows(path, b"", b"", b"") {
                hits.push(self.hit(bytes, 0..0, 0..bytes.len().min(1)));
            }
            return;
        };
        let area = bytes.get(own.clone()).unwrap_or_default();
        if self.keywords.as_ref().is_some_and(|keywords| !keywords.is_match(area)) {
            return;
        }
        let mut at = own.start;
        for _ in 0..Self::HITS {
            let Some(found) = pattern.find_group(bytes, at..bytes.len(), self.group) else { return };
            if found.whole.start >= own.end {
                return;
            }
            at = found.whole.end.max(found.whole.start + 1);
            let secret = bytes.get(found.secret.clone()).unwrap_or_default();
            if self.entropy > 0.0 && value::entropy(secret) <= self.entropy {
                continue;
            }
            let line = memchr::memrchr(b'\n', bytes.get(..found.whole.start).unwrap_or_default()).map_or(0, |at| at + 1);
            let rest = bytes.get(found.whole.end..).unwrap_or_default();
            let line_end = found.whole.end + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (whole, line) = (bytes.get(found.whole.clone()).unwrap_or_default(), bytes.get(line..line_end).unwrap_or_default());
            if !self.allows(path, secret, whole, line) {
                hits.push(self.hit(bytes, found.secret.clone(), found.secret));
            }
        }
    }

    fn hit(&self, bytes: &[u8], shown: Range<usize>, span: Range<usize>) -> Hit {
        let secret = bytes.get(shown).unwrap_or_default();
        Hit {
            detector: Arc::clone(&self.id),
            severity: Severity::High,
            confidence: Confidence::Strong,
            redacted: hit::redact("", secret),
            fingerprint: hit::fingerprint(&self.id, b"", secret, secret.len() < 16),
            message: self.title.clone(),
            span,
            key: None,
            decoded: Vec::new(),
            rank: 0,
        }
    }

    fn allows(&self, path: &str, secret: &[u8], whole: &[u8], line: &[u8]) -> bool {
        self.allowed.iter().any(|allowance| allowance.holds(path, secret, whole, line))
    }
}

impl Allowance {
    fn holds(&self, path: &str, secret: &[u8], whole: &[u8], line: &[u8]) -> bool {
        let text = match self.target {
            Target::Secret => secret,
            Target::Match => whole,
            Target::Line => line,
        };
        let matches = |patterns: &[Pattern], text: &[u8]| patterns.iter().any(|pattern| pattern.find(text, 0..text.len()).is_some());
        let lower = secret.to_ascii_lowercase();
        let stops = || self.stopwords.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some());
        let parts = [
            (!self.regexes.is_empty()).then(|| matches(&self.regexes, text)),
            (!self.paths.is_empty()).then(|| matches(&self.paths, path.as_bytes())),
            (!self.stopwords.is_empty()).then(stops),
        ];
        let mut parts = parts.into_iter().flatten().peekable();
        if parts.peek().is_none() {
            return false;
        }
        if self.all { parts.all(|part| part) } else { parts.any(|part| part) }
    }
}
