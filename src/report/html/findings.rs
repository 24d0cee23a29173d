use std::collections::BTreeMap;

use super::Book;
use super::page::Page;
use crate::model::{Finding, Report, RuleInfo, Severity, Verdict};

/// Groups of a report with no more findings than this stand open.
const OPEN: usize = 40;

/// Every finding under its rule, worst rule first; then the table of themes.
pub fn write(book: &Book<'_>, page: &mut Page) {
    let mut groups: BTreeMap<&str, Vec<(usize, &Finding)>> = BTreeMap::new();
    for (number, finding) in book.report.findings.iter().enumerate() {
        groups.entry(&finding.rule).or_default().push((number, finding));
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    let failing = |group: &[(usize, &Finding)]| group.iter().filter(|(_, finding)| key(finding) == "fail").count();
    let worst = |group: &[(usize, &Finding)]| group.iter().map(|(_, finding)| finding.severity).max();
    groups.sort_by_key(|(rule, group)| (failing(group) == 0, std::cmp::Reverse((worst(group), failing(group))), *rule));
    page.raw("<section id=\"findings\" aria-labelledby=\"h-findings\"><h2 id=\"h-findings\">Findings</h2>\n");
    if groups.is_empty() {
        page.raw("<p>None.</p>\n");
    }
    let infos: BTreeMap<&str, &RuleInfo> = book.report.rules.iter().map(|rule| (rule.info.id.as_str(), &rule.info)).collect();
    for (rule, group) in groups {
        let open = book.report.findings.len() <= OPEN && failing(&group) > 0;
        self::group(book, rule, infos.get(rule).copied(), &group, open, page);
    }
    page.raw("</section>\n");
    themes(book.report, page);
}

fn group(book: &Book<'_>, rule: &str, info: Option<&RuleInfo>, group: &[(usize, &Finding)], open: bool, page: &mut Page) {
    let Some((_, first)) = group.first() else { return };
    let severity = group.iter().map(|(_, finding)| finding.severity).max().unwrap_or(first.severity);
    page.raw("<details class=\"group rule s-").raw(severity.as_str());
    book.classes(&first.theme, [rule], page);
    for verdict in ["fail", "unknown", "suppressed"] {
        if group.iter().any(|(_, finding)| key(finding) == verdict) {
            page.raw(" v-").raw(verdict);
        }
    }
    if let Some(number) = book.groups.get(rule) {
        page.raw("\" id=\"r").text(number);
    }
    page.raw(if open { "\" open=\"\"" } else { "\"" })
        .raw("><summary><span class=\"badge s-")
        .raw(severity.as_str())
        .raw("\">")
        .raw(severity.as_str());
    page.raw("</span> <span class=\"name\">")
        .text(info.map_or(rule, |info| info.title.as_str()))
        .raw("</span> <code>")
        .text(rule)
        .raw("</code> <span class=\"n\">");
    counts(group, page);
    page.raw("</span></summary>\n");
    if let Some(info) = info {
        about(info, page);
    }
    page.raw("<ul class=\"found\">\n");
    for (number, finding) in group {
        self::finding(book, *number, finding, page);
    }
    page.raw("</ul></details>\n");
}

fn counts(group: &[(usize, &Finding)], page: &mut Page) {
    let mut first = true;
    for (verdict, label) in [("fail", " failed"), ("unknown", " not evaluated"), ("suppressed", " suppressed")] {
        let count = group.iter().filter(|(_, finding)| key(finding) == verdict).count();
        if count > 0 {
            page.raw(if first { "" } else { ", " }).text(count).raw(label);
            first = false;
        }
    }
}

fn about(info: &RuleInfo, page: &mut Page) {
    page.raw("<div class=\"about\">");
    if !info.description.trim().is_empty() {
        page.raw("<p>").text(info.description.trim()).raw("</p>");
    }
    if let Some(cli) = &info.fix.cli {
        page.raw("<p>Azure CLI: ").code(cli).raw("</p>");
    }
    if !info.controls.is_empty() {
        page.raw("<p class=\"quiet\">Covers ");
        for (at, control) in info.controls.iter().enumerate() {
            page.raw(if at == 0 { "" } else { ", " }).text(&control.framework).raw(" ").text(&control.id);
        }
        page.raw("</p>");
    }
    if !info.sources.is_empty() {
        page.raw("<p class=\"quiet\">Sources: ");
        for (at, source) in info.sources.iter().enumerate() {
            page.raw(if at == 0 { "" } else { ", " }).link(source);
        }
        page.raw("</p>");
    }
    page.raw("</div>\n");
}

fn finding(book: &Book<'_>, number: usize, finding: &Finding, page: &mut Page) {
    page.raw("<li class=\"row f v-").raw(key(finding)).raw(" s-").raw(finding.severity.as_str());
    book.classes(&finding.theme, [finding.rule.as_str()], page);
    page.raw("\" id=\"f").text(number).raw("\"><p class=\"where\">").code(&finding.place);
    for environment in &finding.environments {
        page.raw(" ").span("env", environment);
    }
    page.raw("</p><p>");
    match (&finding.suppressed, &finding.verdict) {
        (Some(suppression), _) => {
            page.raw("<span class=\"badge suppressed\">suppressed</span> ")
                .text(&finding.message)
                .raw(" (")
                .text(&suppression.kind)
                .raw(": ");
            page.text(&suppression.reason).raw(if suppression.until.is_some() { ", until " } else { "" });
            page.text(suppression.until.as_deref().unwrap_or_default()).raw(")")
        }
        (None, Verdict::Unknown(why)) => {
            page.raw("<span class=\"badge unknown\">not evaluated</span> ").text(&finding.message).raw(": ").text(why)
        }
        _ => page.text(&finding.message),
    };
    page.raw("</p>\n");
    if let Some(resource) = &finding.resource {
        page.raw("<p class=\"quiet\">").text(&resource.kind).raw(" ").code(&resource.name).raw("</p>\n");
    }
    snippet(finding, page);
    evidence(finding, page);
    if let Some(fix) = &finding.fix {
        page.raw("<p class=\"fix\"><b>Fix</b> ").text(fix).raw("</p>\n");
    }
    if !finding.related.is_empty() || finding.units.len() > 1 {
        page.raw("<details><summary>Where the value comes from</summary><ul>");
        for related in &finding.related {
            page.raw("<li>").code(&related.place).raw(" ").text(&related.message).raw("</li>");
        }
        for unit in &finding.units {
            page.raw("<li>in unit ").text(unit).raw("</li>");
        }
        page.raw("</ul></details>");
    }
    page.raw("</li>\n");
}

fn snippet(finding: &Finding, page: &mut Page) {
    let Some(snippet) = &finding.snippet else { return };
    let parts = (snippet.text.get(..snippet.start), snippet.text.get(snippet.start..snippet.end), snippet.text.get(snippet.end..));
    page.raw("<pre><span class=\"line\">").text(snippet.line).raw("</span> ");
    match parts {
        (Some(before), Some(marked), Some(after)) if !marked.is_empty() => {
            page.text(before).raw("<mark>").text(marked).raw("</mark>").text(after)
        }
        _ => page.text(&snippet.text),
    };
    page.raw("</pre>\n");
}

fn evidence(finding: &Finding, page: &mut Page) {
    let worth = |text: &str| !matches!(text, "" | "null");
    let lines = finding.evidence.iter().filter(|line| worth(&line.path) || worth(&line.expected));
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return;
    }
    page.raw("<table class=\"ev\"><caption class=\"vh\">Evidence</caption><thead><tr><th scope=\"col\">Property</th><th scope=\"col\">Is</th><th scope=\"col\">Demand</th></tr></thead><tbody>");
    for line in lines {
        let path = if line.path.is_empty() { line.leaf.as_str() } else { line.path.as_str() };
        page.raw("<tr><td>").code(path).raw("</td><td>").code(&line.actual).raw(if line.defaulted { " by default" } else { "" });
        page.raw("</td><td>").text(&line.must).raw("</td></tr>");
    }
    page.raw("</tbody></table>\n");
}

/// The class of a finding.
const fn key(finding: &Finding) -> &'static str {
    match (&finding.suppressed, &finding.verdict) {
        (Some(_), _) => "suppressed",
        (None, Verdict::Unknown(_)) => "unknown",
        _ => "fail",
    }
}

/// Failures by theme and severity, with what passed beside them.
fn themes(report: &Report, page: &mut Page) {
    let mut rows: BTreeMap<&str, [usize; Severity::ALL.len() + 2]> = BTreeMap::new();
    for rule in &report.rules {
        let row = rows.entry(&rule.info.theme).or_default();
        let [.., pass, unknown] = row;
        *pass += rule.pass;
        *unknown += rule.unknown;
    }
    for finding in report.findings.iter().filter(|finding| key(finding) == "fail") {
        let at = Severity::ALL.iter().position(|severity| *severity == finding.severity);
        if let Some(count) = at.and_then(|at| rows.entry(&finding.theme).or_default().get_mut(at)) {
            *count += 1;
        }
    }
    rows.retain(|_, row| row.iter().sum::<usize>() > 0);
    page.raw("<section id=\"rules\" aria-labelledby=\"h-rules\"><h2 id=\"h-rules\">Themes</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"h-rules\"><table class=\"themes\"><caption>Findings by theme and severity</caption><thead><tr><th scope=\"col\">Theme</th>");
    for severity in Severity::ALL {
        page.raw("<th scope=\"col\" class=\"n\">").raw(severity.as_str()).raw("</th>");
    }
    page.raw("<th scope=\"col\" class=\"n\">passed</th><th scope=\"col\" class=\"n\">not evaluated</th></tr></thead><tbody>\n");
    for (theme, row) in rows {
        page.raw("<tr><th scope=\"row\">").text(theme).raw("</th>");
        for count in row {
            page.raw("<td class=\"n\">");
            if count == 0 {
                page.raw("·")
            } else {
                page.text(count)
            };
            page.raw("</td>");
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div></section>\n");
}
