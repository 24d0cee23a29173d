//! Reads any Markdown specification: which sentences demand something, and what they are called.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

/// A sentence or a table row that demands something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The id that the text gives it (`FR-024`), or one made of the heading and a number (`security-3`).
    pub id: String,
    /// Line, from 1.
    pub line: u32,
    /// The headings above it, outermost first.
    pub section: String,
    /// The sentence, Markdown taken off.
    pub text: String,
    /// The word that makes it a demand (`SHALL`), or `table` for a row of settings.
    pub word: String,
}

static DEMAND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // Capitals as RFC 2119 writes them, and as people do; `should` in small letters is advice, `must-have` a noun.
    Regex::new(
        r"(?:^|[^\w-])(SHALL NOT|MUST NOT|MUST NEVER|SHOULD NOT|SHALL NEVER|SHALL|MUST|SHOULD|REQUIRED|NEVER|ALWAYS|Never|Always|[Mm]ust not|[Mm]ust|[Ss]hall not|[Ss]hall)(?:$|[^\w-])",
    )
    .ok()
});
static ID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b([A-Z][A-Z0-9]{0,9}(?:-[A-Z]{1,9})?-\d{1,4}(?:\.[a-z0-9]+)?)\b").ok());

/// Most demands of one document, and the longest sentence that is kept, in characters.
const MOST: usize = 20_000;
const LONGEST: usize = 2_000;

/// Every demand of a Markdown text, in order. Code blocks, comments and front matter are passed over.
pub fn lint(markdown: &str) -> Vec<Statement> {
    let mut reader = Reader::default();
    let mut state = State::Text;
    let mut before = "";
    for (number, line) in (1u32..).zip(markdown.trim_start_matches('\u{feff}').lines()) {
        let trimmed = line.trim();
        let marker: String = trimmed.chars().take_while(|c| *c == '`' || *c == '~').collect();
        state = match state {
            State::Front if trimmed == "---" || trimmed == "..." => State::Text,
            State::Text if number == 1 && trimmed == "---" => State::Front,
            State::Fence(open) if marker.starts_with(&open) => State::Text,
            State::Text if marker.len() >= 3 => State::Fence(marker),
            State::Comment if trimmed.contains("-->") => State::Text,
            State::Text if trimmed.starts_with("<!--") => {
                if trimmed.contains("-->") {
                    continue;
                }
                State::Comment
            }
            State::Text => {
                reader.line(number, trimmed, before);
                before = trimmed;
                State::Text
            }
            other => other,
        };
    }
    reader.statements
}

enum State {
    Text,
    /// Between the marks at the start of a file.
    Front,
    /// In code, until the same marks.
    Fence(String),
    Comment,
}

#[derive(Default)]
struct Reader {
    headings: Vec<(usize, String)>,
    statements: Vec<Statement>,
    in_table: bool,
    /// How many statements each section has, so that a long document stays quick.
    counts: HashMap<String, usize>,
}

impl Reader {
    fn line(&mut self, number: u32, trimmed: &str, before: &str) {
        let level = trimmed.chars().take_while(|c| *c == '#').count();
        if (1..=6).contains(&level) {
            return self.heading(level, &plain(trimmed.trim_start_matches('#').trim_end_matches('#')));
        }
        let underlined = [('=', 1), ('-', 2)].into_iter().find(|(mark, _)| trimmed.len() >= 3 && trimmed.chars().all(|c| c == *mark));
        if let Some((_, level)) = underlined.filter(|_| !before.is_empty() && !before.starts_with(['|', '-', '*', '>', '#'])) {
            return self.heading(level, &plain(before));
        }
        if trimmed.starts_with('|') {
            return self.row(number, trimmed);
        }
        self.in_table = false;
        let item = trimmed.trim_start_matches(['-', '*', '+', '>', ' ']);
        let boxed = ["[ ]", "[x]", "[X]"].iter().find_map(|mark| item.strip_prefix(mark)).unwrap_or(item);
        let text = plain(boxed);
        for sentence in text.split_inclusive(". ").map(str::trim).filter(|sentence| !sentence.is_empty()) {
            let word = DEMAND.as_ref().and_then(|demand| demand.captures(sentence)).and_then(|found| found.get(1));
            if let Some(word) = word {
                self.push(number, sentence, word.as_str());
            }
        }
    }

    fn heading(&mut self, level: usize, title: &str) {
        self.headings.retain(|(other, _)| *other < level);
        self.headings.push((level, title.chars().take(200).collect()));
        self.in_table = false;
    }

    /// A row of a table with settings: what stands below the rule, with something beside its first cell.
    fn row(&mut self, number: u32, trimmed: &str) {
        let row = trimmed.replace("\\|", "\u{1}");
        let cells: Vec<String> = row.trim_matches('|').split('|').map(|cell| plain(&cell.replace('\u{1}', "|"))).collect();
        let is_rule = cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| "-: ".contains(c)));
        if is_rule {
            self.in_table = true;
        } else if self.in_table && cells.iter().skip(1).any(|cell| !cell.is_empty()) {
            self.push(number, &cells.join(" = "), "table");
        }
    }

    fn push(&mut self, line: u32, text: &str, word: &str) {
        if self.statements.len() >= MOST {
            return;
        }
        let text: String = text.chars().take(LONGEST).collect();
        let section = self.headings.iter().map(|(_, title)| title.as_str()).collect::<Vec<_>>().join(" > ");
        let count = self.counts.entry(section.clone()).or_default();
        *count += 1;
        let own = ID.as_ref().and_then(|id| id.find(&text)).map(|found| found.as_str().to_owned());
        let id = own.unwrap_or_else(|| format!("{}-{count}", slug(self.headings.last().map_or("text", |(_, title)| title))));
        self.statements.push(Statement { id, line, section, text, word: word.to_owned() });
    }
}

/// Without emphasis, code marks and link targets.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(at) = rest.find("](") {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        rest = tail.split_once(')').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace(['*', '`', '['], "").replace("__", "").trim().to_owned()
}

fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug: Vec<String> = words.take(4).map(str::to_ascii_lowercase).collect();
    if slug.is_empty() { "text".into() } else { slug.join("-") }
}

/// Finds rules that speak of what a demand speaks of: by words that few rules share.
pub struct Suggester {
    /// Id, and the words of id and title.
    rules: Vec<(String, Vec<String>)>,
    /// How many rules have a word.
    common: HashMap<String, usize>,
}

impl Suggester {
    /// Of rules, by id and title.
    pub fn new<'a>(rules: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let rules: Vec<(String, Vec<String>)> = rules.map(|(id, title)| (id.to_owned(), words(&format!("{id} {title}")))).collect();
        let mut common = HashMap::new();
        for word in rules.iter().flat_map(|(_, words)| words) {
            *common.entry(word.clone()).or_insert(0_usize) += 1;
        }
        Self { rules, common }
    }

    /// The rules that share the most with `text`, the best first, at most three: a hint for a person, no verdict.
    pub fn near(&self, text: &str) -> Vec<&str> {
        let asked = words(text);
        let weight = |word: &String| {
            let count = self.common.get(word).copied().unwrap_or(0);
            if count == 0 { 0 } else { 1_000 / (9 + count) }
        };
        let score = |own: &[String]| {
            let shared: Vec<&String> = own.iter().filter(|word| asked.binary_search(word).is_ok()).collect();
            if shared.len() < 2 { 0 } else { shared.into_iter().map(weight).sum::<usize>() * 10 / (own.len() + 3) }
        };
        let mut scored: Vec<(usize, &str)> =
            self.rules.iter().map(|(id, own)| (score(own), id.as_str())).filter(|(score, _)| *score >= 90).collect();
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        scored.into_iter().take(3).map(|(_, id)| id).collect()
    }
}

/// The words of a text that say what it is about, in small letters and without the ending of a plural.
fn words(text: &str) -> Vec<String> {
    const EMPTY: [&str; 31] = [
        "the", "and", "are", "for", "has", "have", "that", "with", "must", "shall", "not", "never", "always", "every", "all", "its",
        "from", "what", "which", "who", "than", "their", "they", "say", "only", "where", "into", "can", "should", "use", "required",
    ];
    let mut found: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .map(|word| word.to_lowercase())
        .filter(|word| word.chars().count() >= 3 && !EMPTY.contains(&word.as_str()))
        .map(|word| word.strip_suffix('s').filter(|stem| stem.len() >= 3 && !stem.ends_with('s')).map_or(word.clone(), str::to_owned))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_tables_and_ids_are_found_and_code_is_not() {
        let text = "# Deploy\n\n## Security\n\nFR-001: The app **MUST** use [TLS](x). It is nice. Secrets shall not leak.\n\n```\nMUST not count\n```\n\n| Setting | Value |\n|---|---|\n| minTls | 1.2 |\n";
        let found = lint(text);
        let brief: Vec<_> = found.iter().map(|one| (one.id.as_str(), one.line, one.word.as_str())).collect();
        assert_eq!(brief, [("FR-001", 5, "MUST"), ("security-2", 5, "shall not"), ("security-3", 13, "table")]);
        assert_eq!(found[0].text, "FR-001: The app MUST use TLS.");
        assert_eq!(found[0].section, "Deploy > Security");
        assert_eq!(found[2].text, "minTls = 1.2");
    }

    #[test]
    fn odd_documents_give_what_a_reader_would_call_a_demand() {
        let text = "\u{feff}---\ntitle: it SHALL not count\n---\nPlatform\n========\n<!-- a comment SHALL not -->\n<!--\nMUST not\n-->\n- [ ] **REQ-1**: Every vault must be private.\n* Subnets Must have an NSG.\n> Operators SHALL NEVER open SSH.\nA must-have is no demand.\n| a | b |\n|:-|-:|\n| x \\| y | 1 |\n~~~\nSHALL\n~~~\n☃ MUST melt.\n";
        let brief: Vec<_> = lint(text).into_iter().map(|one| (one.id, one.section, one.text)).collect();
        let expected = [
            ("REQ-1", "REQ-1: Every vault must be private."),
            ("platform-2", "Subnets Must have an NSG."),
            ("platform-3", "Operators SHALL NEVER open SSH."),
            ("platform-4", "x | y = 1"),
            ("platform-5", "☃ MUST melt."),
        ];
        assert_eq!(brief, expected.map(|(id, text)| (id.to_owned(), "Platform".to_owned(), text.to_owned())));
    }

    #[test]
    fn rules_are_suggested_by_rare_words() {
        let rules = [
            ("storage-min-tls", "Storage accounts refuse TLS below the minimum"),
            ("subnet-has-nsg", "Every subnet has a network security group"),
            ("key-vault-soft-delete", "Key vaults keep deleted secrets"),
        ];
        let suggester = Suggester::new(rules.into_iter());
        assert_eq!(suggester.near("All storage accounts MUST use TLS 1.2 as their minimum."), ["storage-min-tls"]);
        assert_eq!(suggester.near("Subnets must have an NSG."), ["subnet-has-nsg"]);
        assert!(suggester.near("The snowman MUST melt.").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends_well(text in "\\PC{0,400}") {
            for statement in lint(&text) {
                proptest::prop_assert!(!statement.id.is_empty());
            }
        }
    }
}
