//! What a detector knows: how its secret is found, how it is verified, and what people read about it.

use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::{pattern::Pattern, verify::Verifier};
use crate::model::{Confidence, Fix, RuleInfo, Severity};

/// One kind of secret.
#[derive(Debug)]
pub struct Detector {
    /// Stable kebab-case id: `github-token`. The rule id is `secret-` and this.
    pub id: Arc<str>,
    /// What it is: `GitHub personal access token`.
    pub title: String,
    /// Who issues it: `Microsoft Azure`, `GitHub`.
    pub vendor: String,
    /// How bad a leak is.
    pub severity: Severity,
    /// What a match is worth before any verification.
    pub confidence: Confidence,
    /// Why it matters, where the title does not say it.
    pub description: String,
    pub(super) prefixes: Vec<String>,
    pub(super) literals: Vec<String>,
    pub(super) signatures: Vec<String>,
    pub(super) annotated: Vec<String>,
    pub(super) known: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) public: String,
    pub(super) pattern: Option<Pattern>,
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) entropy: f32,
    pub(super) placeholders: bool,
    pub(super) verifier: Option<Verifier>,
    pub(super) strict: bool,
    pub(super) random: bool,
    pub(super) alone: bool,
    pub(super) word: Vec<u8>,
    pub(super) paths: Option<GlobSet>,
}

/// A detector as its file spells it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub id: String,
    pub title: String,
    pub severity: Severity,
    #[serde(default)]
    confidence: Option<Confidence>,
    #[serde(default)]
    description: String,
    /// The secret begins with one of these and holds at least sixteen token bytes from there.
    #[serde(default)]
    prefix: Vec<String>,
    /// One of these stands at the beginning of the pattern (or within it, where `before` is set), anywhere in a text.
    #[serde(default)]
    literal: Vec<String>,
    /// Azure's identifiable keys: these four characters stand ten before the end of the unpadded base64.
    #[serde(default)]
    signature: Vec<String>,
    /// Azure's common annotated keys: the provider before the checksum; `*` for all others.
    #[serde(default)]
    annotated: Vec<String>,
    /// Published values that open nothing, such as the storage emulator's key, or a part of them.
    #[serde(default)]
    known: Vec<String>,
    /// One of these stands in the name of the value or shortly before; the pattern matches the value as a whole.
    #[serde(default)]
    name: Vec<String>,
    /// The part of the secret that may be shown; by default the prefix that was found.
    #[serde(default)]
    public: String,
    #[serde(default, rename = "match")]
    pattern: Option<String>,
    #[serde(default)]
    before: usize,
    #[serde(default = "after")]
    after: usize,
    #[serde(default)]
    entropy: f32,
    /// Also values that look like placeholders count.
    #[serde(default)]
    placeholders: bool,
    #[serde(default)]
    verify: Option<Verifier>,
    /// A value that fails verification is no finding: for shapes that ordinary text has too.
    #[serde(default)]
    strict: bool,
    /// The value must look generated: digits and letters mixed, no words.
    #[serde(default)]
    random: bool,
    /// The name alone is enough: the value need not be called key, token or secret.
    #[serde(default)]
    alone: bool,
    /// Bytes that are part of a word beside letters and digits: the match must not touch one.
    #[serde(default)]
    word: String,
    #[serde(default)]
    paths: Vec<String>,
    /// Examples that must be found. `{an:20}` and its kin are filled in by the test, so that no file holds a whole one.
    #[serde(default, rename = "yes")]
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests"))]
    pub positives: Vec<String>,
    /// Examples that this detector must leave alone.
    #[serde(default, rename = "no")]
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests"))]
    pub negatives: Vec<String>,
}

const fn after() -> usize {
    1024
}

/// A detector file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub vendor: String,
    pub detectors: Vec<Raw>,
}

impl Raw {
    /// Longest window that a detector may ask for on either side.
    const WINDOW: usize = 16 << 10;

    pub(super) fn build(self, vendor: &str) -> Result<Detector, String> {
        if self.id.is_empty() || !self.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
            return Err(format!("`{}` is not an id; use lower-case letters, digits and `-`", self.id));
        }
        if let Some(short) = self.prefix.iter().chain(&self.literal).find(|text| text.len() < 3) {
            return Err(format!("`{}`: the literal `{short}` is shorter than 3 bytes", self.id));
        }
        let anchors = self.prefix.len() + self.literal.len() + self.name.len() + self.signature.len() + self.annotated.len();
        if self.pattern.is_none() && anchors > 0 {
            return Err(format!("`{}` has literals or names but no `match`", self.id));
        }
        let paths = if self.paths.is_empty() { None } else { Some(globs(&self.paths).map_err(|why| format!("`{}`: {why}", self.id))?) };
        Ok(Detector {
            id: self.id.into(),
            title: self.title,
            vendor: vendor.to_owned(),
            severity: self.severity,
            confidence: self.confidence.unwrap_or(Confidence::Strong),
            description: self.description,
            prefixes: self.prefix,
            literals: self.literal,
            signatures: self.signature,
            annotated: self.annotated,
            known: self.known,
            names: self.name.into_iter().map(|name| name.to_ascii_lowercase()).collect(),
            public: self.public,
            pattern: self.pattern.map(Pattern::new),
            before: self.before.min(Self::WINDOW),
            after: self.after.min(Self::WINDOW),
            entropy: self.entropy,
            placeholders: self.placeholders,
            verifier: self.verify,
            strict: self.strict,
            random: self.random,
            alone: self.alone,
            word: self.word.into_bytes(),
            paths,
        })
    }
}

pub(super) fn globs(patterns: &[String]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(GlobBuilder::new(pattern).case_insensitive(true).literal_separator(true).build().map_err(|error| error.to_string())?);
    }
    set.build().map_err(|error| error.to_string())
}

impl Detector {
    /// The rank of what is known by its name alone.
    pub(super) const GENERIC: u8 = 4;

    /// How special it is: of two matches of the same value the one with the lower rank is told.
    pub(super) fn rank(&self) -> u8 {
        match () {
            () if self.structured() => 0,
            // `mongodb://…` is any database, with a host of Azure it is that of Azure.
            () if !self.literals.is_empty() => 1 + u8::from(!self.id.starts_with("azure-")),
            () if !self.names.is_empty() => 3,
            () => Self::GENERIC,
        }
    }

    /// Whether the pattern itself says what the value is made of, so that it cannot be a reference.
    pub(super) fn structured(&self) -> bool {
        !self.prefixes.is_empty() || !self.signatures.is_empty() || !self.annotated.is_empty()
    }

    /// What `azward rules` and `azward explain` print.
    pub fn info(&self) -> RuleInfo {
        let anchors: Vec<String> = self.prefixes.iter().chain(&self.literals).map(|text| format!("`{text}`")).collect();
        let mut description = if self.description.is_empty() {
            format!("Whoever reads the repository, its history or its logs can use this credential of {}.", self.vendor)
        } else {
            self.description.clone()
        };
        if !anchors.is_empty() {
            description.push_str("\n\nRecognised by ");
            description.push_str(&anchors.join(", "));
            description.push('.');
        }
        if self.verifier.is_some() {
            description
                .push_str("\n\nIts checksum or structure is verified offline; a value that fails is reported with a lower confidence.");
        }
        RuleInfo {
            id: format!("secret-{}", self.id),
            title: format!("No {} in files, history or logs", self.title),
            description,
            severity: self.severity,
            theme: "secrets".to_owned(),
            kinds: vec!["Repository/files".to_owned()],
            fix: Fix {
                text: Some(
                    "Revoke it first, then remove it, and read it at run time from a Key Vault or use a managed identity instead."
                        .to_owned(),
                ),
                ..Fix::default()
            },
            sources: Vec::new(),
            controls: Vec::new(),
        }
    }
}
