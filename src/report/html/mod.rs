//! One page for people: no request, no script needed, nothing hidden.
//!
//! In the order in which it should be read: what could not be seen, how each specification and section scores, then
//! clause → rule → resource → evidence, then every finding under its rule. Markup is well-formed XML as well, so that
//! tests can hold its structure against hostile names.

mod chart;
mod clauses;
mod filters;
mod findings;
mod head;
mod page;
mod unseen;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use self::page::{Own, Page};
use super::Style;
use super::score::{Scored, specifications};
use crate::model::Report;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Writes the page.
pub fn write(report: &Report, _style: &Style, to: &mut dyn Write) -> io::Result<()> {
    to.write_all(page(report).as_bytes())
}

fn page(report: &Report) -> String {
    let book = Book::new(report);
    let mut style = Own::new(STYLE);
    filters::rules(&book, &mut style);
    let script = Own::new(SCRIPT);
    let mut page = Page::default();
    head::write(&book, &style, &script, &mut page);
    page.raw("<main id=\"main\">\n");
    unseen::write(report, &mut page);
    filters::write(&book, &mut page);
    clauses::write(&book, &mut page);
    findings::write(&book, &mut page);
    unseen::everything(report, &mut page);
    page.raw("</main>\n<footer><p>Written by azward ").text(&report.version);
    page.raw(". One file, no requests. What was not seen is not called good.</p></footer>\n<script>")
        .embed(&script)
        .raw("</script>\n</body></html>\n");
    page.into_string()
}

/// The report and the small numbers by which the page calls things: names never become class names or anchors.
struct Book<'a> {
    report: &'a Report,
    scored: Vec<Scored<'a>>,
    /// Theme to number.
    themes: BTreeMap<&'a str, usize>,
    /// Rule to the number of its group.
    groups: BTreeMap<&'a str, usize>,
    /// Rule to the numbers of the specifications that ask for it.
    wanted_by: BTreeMap<&'a str, BTreeSet<usize>>,
}

impl<'a> Book<'a> {
    fn new(report: &'a Report) -> Self {
        let scored = specifications(report);
        let findings = report.findings.iter();
        let themes = findings.clone().map(|finding| finding.theme.as_str());
        let of_clauses = report.specifications.iter().flat_map(|section| &section.clauses);
        let themes: BTreeSet<&str> =
            themes.chain(of_clauses.map(|clause| clause.theme.as_str())).filter(|theme| !theme.is_empty()).collect();
        let groups: BTreeSet<&str> = findings.map(|finding| finding.rule.as_str()).collect();
        let mut wanted_by: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (number, one) in scored.iter().enumerate() {
            for rule in one.sections.iter().flat_map(|(section, _)| &section.clauses).flat_map(|clause| &clause.rules) {
                wanted_by.entry(rule).or_default().insert(number);
            }
        }
        let numbered = |set: BTreeSet<&'a str>| set.into_iter().enumerate().map(|(number, name)| (name, number)).collect();
        Self { report, scored, themes: numbered(themes), groups: numbered(groups), wanted_by }
    }

    /// Classes that the filters look at: theme and specifications.
    fn classes(&self, theme: &str, rules: impl IntoIterator<Item = &'a str>, page: &mut Page) {
        if let Some(number) = self.themes.get(theme) {
            page.raw(" t").text(number);
        }
        let wanted: BTreeSet<usize> = rules.into_iter().filter_map(|rule| self.wanted_by.get(rule)).flatten().copied().collect();
        for number in wanted {
            page.raw(" p").text(number);
        }
    }
}

#[cfg(test)]
mod tests;
