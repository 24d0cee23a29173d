use super::Book;
use super::page::{Own, Page};
use crate::model::{Report, Severity};

/// Everything down to the first section: policy, title, what was scanned, where to jump.
pub fn write(book: &Book<'_>, style: &Own, script: &Own, page: &mut Page) {
    let report = book.report;
    page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n");
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; img-src data:; style-src ");
    page.text(style.policy()).raw("; script-src ").text(script.policy());
    page.raw("; base-uri &#39;none&#39;; form-action &#39;none&#39;\"/>\n");
    page.raw(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n",
    );
    page.raw("<meta name=\"referrer\" content=\"no-referrer\"/><meta name=\"generator\" content=\"azward ").text(&report.version);
    page.raw("\"/>\n<link rel=\"icon\" href=\"data:,\"/>\n<title>azward: ").text(report.scope.join(", ")).raw("</title>\n<style>");
    page.embed(style).raw("</style></head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n");
    page.raw("<header class=\"top\"><p class=\"brand\">azward</p><h1>").text(report.scope.join(", ")).raw("</h1>\n<dl class=\"facts\">");
    fact("Profile", &report.profile, page);
    fact("Environment", report.environment.as_deref().unwrap_or("all"), page);
    // Fractions of a second tell nobody anything.
    let second = report.started.split_once('.').map_or_else(|| report.started.clone(), |(second, _)| format!("{second}Z"));
    fact("When", second, page);
    let resources: usize = report.units.iter().map(|unit| unit.resources).sum();
    fact("Judged", format!("{resources} resources of {} units by {} rules", report.units.len(), report.rules.len()), page);
    fact("Findings", findings(report), page);
    page.raw("</dl>\n<nav aria-label=\"Sections\"><ul><li><a href=\"#unseen\">Not seen</a></li>");
    if !book.scored.is_empty() {
        page.raw("<li><a href=\"#specifications\">Specifications</a></li>");
    }
    page.raw("<li><a href=\"#findings\">Findings</a></li><li><a href=\"#rules\">Themes</a></li><li><a href=\"#ledger\">Everything read</a></li></ul></nav></header>\n");
}

/// How many failures there are, worst first.
fn findings(report: &Report) -> String {
    let count = |severity| {
        report.findings.iter().filter(|one| one.suppressed.is_none() && one.verdict.is_fail() && one.severity == severity).count()
    };
    let counts = Severity::ALL.iter().map(|severity| (severity, count(*severity))).filter(|(_, count)| *count > 0);
    let words: Vec<String> = counts.map(|(severity, count)| format!("{count} {severity}")).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn fact(name: &'static str, value: impl std::fmt::Display, page: &mut Page) {
    page.raw("<div><dt>").raw(name).raw("</dt><dd>").text(value).raw("</dd></div>");
}
