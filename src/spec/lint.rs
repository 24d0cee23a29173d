//! Reads any Markdown specification: which sentences demand something, and what they are called.

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
    // Capitals as RFC 2119 writes them; `Never` and `Always` as people do.
    Regex::new(r"\b(SHALL NOT|MUST NOT|SHOULD NOT|SHALL|MUST|SHOULD|REQUIRED|NEVER|ALWAYS|Never|Always|must not|must|shall not|shall)\b")
        .ok()
});
static ID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b([A-Z][A-Z0-9]{0,9}(?:-[A-Z]{1,9})?-\d{1,4}(?:\.[a-z0-9]+)?)\b").ok());

/// Every demand of a Markdown text, in order. Code blocks are passed over.
pub fn lint(markdown: &str) -> Vec<Statement> {
    let mut headings: Vec<(usize, String)> = Vec::new();
    let mut statements: Vec<Statement> = Vec::new();
    let mut fence: Option<String> = None;
    let mut in_table = false;
    for (number, line) in (1u32..).zip(markdown.lines()) {
        let trimmed = line.trim();
        let marker: String = trimmed.chars().take_while(|c| *c == '`' || *c == '~').collect();
        if marker.len() >= 3 {
            fence = match fence {
                Some(open) if marker.starts_with(&open) => None,
                Some(open) => Some(open),
                None => Some(marker),
            };
            continue;
        }
        if fence.is_some() {
            continue;
        }
        let level = trimmed.chars().take_while(|c| *c == '#').count();
        if (1..=6).contains(&level) {
            headings.retain(|(other, _)| *other < level);
            headings.push((level, plain(trimmed.trim_start_matches('#'))));
            in_table = false;
            continue;
        }
        if trimmed.starts_with('|') {
            let cells: Vec<String> = trimmed.trim_matches('|').split('|').map(plain).collect();
            let is_rule = cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| "-: ".contains(c)));
            if is_rule {
                in_table = true;
            } else if in_table && cells.len() >= 2 && cells.iter().skip(1).any(|cell| !cell.is_empty()) {
                push(&mut statements, &headings, number, cells.join(" = "), "table");
            }
            continue;
        }
        in_table = false;
        let text = plain(trimmed.trim_start_matches(['-', '*', '+', '>', ' ']));
        for sentence in sentences(&text) {
            if let Some(word) = DEMAND.as_ref().and_then(|demand| demand.find(sentence)) {
                push(&mut statements, &headings, number, sentence.to_owned(), word.as_str());
            }
        }
    }
    statements
}

fn push(statements: &mut Vec<Statement>, headings: &[(usize, String)], line: u32, text: String, word: &str) {
    let section = headings.iter().map(|(_, title)| title.as_str()).collect::<Vec<_>>().join(" > ");
    let own = ID.as_ref().and_then(|id| id.find(&text)).map(|found| found.as_str().to_owned());
    let id = own.unwrap_or_else(|| {
        let slug = slug(headings.last().map_or("text", |(_, title)| title));
        let count = statements.iter().filter(|other| other.section == section).count() + 1;
        format!("{slug}-{count}")
    });
    statements.push(Statement { id, line, section, text, word: word.to_owned() });
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(". ").map(str::trim).filter(|sentence| !sentence.is_empty())
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

    proptest::proptest! {
        #[test]
        fn any_text_ends_well(text in "\\PC{0,400}") {
            for statement in lint(&text) {
                proptest::prop_assert!(!statement.id.is_empty());
            }
        }
    }
}
