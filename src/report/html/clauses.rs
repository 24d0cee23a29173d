use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::page::Page;
use super::{Book, chart};
use crate::model::{ClauseCheck, ClauseStatus, Section};
use crate::report::score::{Scored, Standing, Tally};

/// How many lines of evidence a clause lists; the findings below hold all of them.
const LISTED: usize = 25;

/// Scores of specifications and sections, then each clause with its rules, resources and evidence.
pub fn write(book: &Book<'_>, page: &mut Page) {
    if book.scored.is_empty() {
        page.raw("<section aria-labelledby=\"h-spec\"><h2 id=\"h-spec\">Specifications</h2><p>The profile ").code(&book.report.profile);
        page.raw(" follows no specification; one that does shows here how each clause stands.</p></section>\n");
        return;
    }
    page.raw("<section id=\"specifications\" aria-labelledby=\"h-spec\"><h2 id=\"h-spec\">Specifications, clause by clause</h2>\n");
    page.raw("<p class=\"quiet\">A score is the share of the clauses in force here that hold. What nobody could see does not hold.</p>\n<ul class=\"legend\">");
    for standing in chart::counted() {
        page.raw("<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"c-")
            .raw(standing.key())
            .raw("\" width=\"10\" height=\"10\" rx=\"2\"/></svg>")
            .raw(standing.label())
            .raw("</li>");
    }
    page.raw("</ul>\n");
    for (number, one) in book.scored.iter().enumerate() {
        specification(book, number, one, page);
    }
    page.raw("</section>\n");
}

fn specification(book: &Book<'_>, number: usize, one: &Scored<'_>, page: &mut Page) {
    page.raw("<section class=\"spec p").text(number).raw("\" aria-labelledby=\"h-p").text(number).raw("\"><div class=\"score\">");
    chart::ring(&one.tally, page);
    page.raw("<div><h3 id=\"h-p")
        .text(number)
        .raw("\">")
        .text(one.id)
        .raw("</h3><table class=\"tally\"><caption class=\"vh\">Clauses of ")
        .text(one.id);
    page.raw("</caption><thead><tr><th scope=\"col\">Clauses</th><th scope=\"col\" class=\"n\">Number</th></tr></thead><tbody>");
    for standing in Standing::ALL.into_iter().filter(|standing| one.tally.get(*standing) > 0) {
        page.raw("<tr><th scope=\"row\">")
            .raw(standing.label())
            .raw("</th><td class=\"n\">")
            .text(one.tally.get(standing))
            .raw("</td></tr>");
    }
    page.raw("</tbody></table></div></div>\n");
    for (section, tally) in &one.sections {
        self::section(book, number, section, tally, page);
    }
    page.raw("</section>\n");
}

fn section(book: &Book<'_>, number: usize, section: &Section, tally: &Tally, page: &mut Page) {
    let themes: BTreeSet<&usize> = section.clauses.iter().filter_map(|clause| book.themes.get(clause.theme.as_str())).collect();
    let worst = section.clauses.iter().filter_map(|clause| clause.severity).max();
    page.raw("<details class=\"group sec p").text(number);
    for theme in themes {
        page.raw(" t").text(theme);
    }
    if let Some(worst) = worst {
        page.raw(" s-").raw(worst.as_str());
    }
    for standing in Standing::ALL.into_iter().filter(|standing| tally.get(*standing) > 0) {
        page.raw(" v-").raw(standing.key());
    }
    page.raw("\"><summary><span class=\"name\">").text(&section.title).raw("</span> ");
    chart::bar(tally, page);
    page.raw(" <span class=\"n\">")
        .text(tally.get(Standing::Holds))
        .raw(" of ")
        .text(tally.in_force())
        .raw(" hold</span></summary>\n<ul class=\"clauses\">\n");
    for clause in &section.clauses {
        self::clause(book, number, clause, page);
    }
    page.raw("</ul></details>\n");
}

fn clause(book: &Book<'_>, number: usize, clause: &ClauseStatus, page: &mut Page) {
    let standing = Standing::of(clause);
    page.raw("<li class=\"row clause v-").raw(standing.key());
    if let Some(severity) = clause.severity {
        page.raw(" s-").raw(severity.as_str());
    }
    page.raw(" p").text(number);
    book.classes(&clause.theme, [], page);
    page.raw("\"><p><span class=\"badge ")
        .raw(standing.key())
        .raw("\">")
        .text(&clause.status)
        .raw("</span> <b>")
        .text(&clause.id)
        .raw("</b> ");
    page.text(&clause.text).raw("</p>\n");
    let checkable = clause.checkable.as_str();
    if let Some(severity) = clause.severity {
        page.raw("<p class=\"quiet\">")
            .raw(severity.as_str())
            .raw(if checkable.is_empty() { "" } else { ", checkable: " })
            .text(checkable)
            .raw("</p>\n");
    }
    if !clause.rules.is_empty() {
        checks(book, clause, page);
    }
    if !clause.evidence.is_empty() {
        page.raw("<ul class=\"evidence\">");
        for line in clause.evidence.iter().take(LISTED) {
            page.raw("<li>").text(line).raw("</li>");
        }
        if clause.evidence.len() > LISTED {
            page.raw("<li>and ").text(clause.evidence.len() - LISTED).raw(" more, below under the rules</li>");
        }
        page.raw("</ul>\n");
    }
    page.raw("</li>\n");
}

/// The rules of a clause: those that said something, failures first, then the names of those that found nothing to judge.
fn checks(book: &Book<'_>, clause: &ClauseStatus, page: &mut Page) {
    let judged = |rule: &&String| clause.checks.iter().any(|check| check.rule == **rule);
    let idle: Vec<&String> = clause.rules.iter().filter(|rule| !judged(rule)).collect();
    let mut said: Vec<&ClauseCheck> = clause.checks.iter().filter(|check| clause.rules.contains(&check.rule)).collect();
    // What another environment is asked for says nothing about this one.
    if Standing::of(clause) == Standing::Outside {
        said.clear();
    }
    said.sort_by_key(|check| (Reverse(check.fail), Reverse(check.unknown)));
    if !said.is_empty() {
        page.raw("<ul class=\"checks\">");
        said.iter().for_each(|one| check(book, one, page));
        page.raw("</ul>\n");
    }
    if !idle.is_empty() {
        page.raw("<p class=\"quiet\">Nothing here for ");
        for (at, rule) in idle.into_iter().enumerate() {
            page.raw(if at == 0 { "" } else { ", " }).code(rule);
        }
        page.raw("</p>\n");
    }
}

/// One rule of a clause: what it said, on which resources.
fn check(book: &Book<'_>, check: &ClauseCheck, page: &mut Page) {
    page.raw("<li>");
    match book.groups.get(check.rule.as_str()) {
        Some(group) => page.raw("<a href=\"#r").text(group).raw("\">").text(&check.rule).raw("</a>"),
        None => page.code(&check.rule),
    };
    page.raw(" <span class=\"quiet\">");
    let mut first = true;
    for (count, word) in [(check.fail, " fail"), (check.unknown, " not evaluated"), (check.pass, " pass")] {
        if count > 0 {
            page.raw(if first { "" } else { ", " }).text(count).raw(word);
            first = false;
        }
    }
    page.raw("</span>");
    if !check.resources.is_empty() {
        page.raw("<details class=\"passing\"><summary>passing resources</summary><ul>");
        for resource in &check.resources {
            page.raw("<li>").text(resource).raw("</li>");
        }
        if check.pass > check.resources.len() {
            page.raw("<li>and ").text(check.pass - check.resources.len()).raw(" more</li>");
        }
        page.raw("</ul></details>");
    }
    page.raw("</li>");
}
