use std::collections::BTreeMap;

use super::page::Page;
use crate::model::{Entry, Report, State, Verdict};

/// Gaps that are shown without a click, and reasons of one gap.
const GAPS: usize = 10;
const REASONS: usize = 3;

const HEADER: &str = "<thead><tr><th scope=\"col\">What</th><th scope=\"col\">State</th><th scope=\"col\">Why</th></tr></thead><tbody>\n";

/// What could not be read comes first: a report that hides it is a green light by mistake.
pub fn write(report: &Report, page: &mut Page) {
    let [evaluated, partly, unreadable, skipped] = report.ledger.totals();
    page.raw("<section id=\"unseen\" aria-labelledby=\"h-unseen\"><h2 id=\"h-unseen\">What could not be seen</h2>\n<ul class=\"tiles\">");
    for (count, label, class) in [
        (unreadable, "unreadable", "tile fail"),
        (partly, "read in part", "tile unknown"),
        (skipped, "left out on purpose", "tile"),
        (evaluated, "read in full", "tile hold"),
    ] {
        page.raw("<li class=\"")
            .raw(if count == 0 { "tile" } else { class })
            .raw("\"><b>")
            .text(count)
            .raw("</b> ")
            .raw(label)
            .raw("</li>");
    }
    page.raw("</ul>\n");
    if partly + unreadable == 0 {
        page.raw("<p>Nothing in scope was unreadable.</p>\n");
    } else {
        gaps(report, page);
    }
    reasons(report, page);
    if !report.notices.is_empty() {
        page.raw("<h3>Notices</h3><ul>");
        for notice in &report.notices {
            page.raw("<li>").text(notice).raw("</li>");
        }
        page.raw("</ul>\n");
    }
    page.raw("</section>\n");
}

/// Unreadable ones first; what does not fit on a screen stands one click away, so that the report behind it is found.
fn gaps(report: &Report, page: &mut Page) {
    let mut gaps: Vec<&Entry> = report.ledger.gaps().collect();
    gaps.sort_by_key(|entry| !matches!(entry.state, State::Unreadable(_)));
    page.raw("<table class=\"wide\"><caption>Gaps</caption>").raw(HEADER);
    gaps.iter().take(GAPS).for_each(|entry| row(entry, page));
    page.raw("</tbody></table>\n");
    if gaps.len() > GAPS {
        page.raw("<details><summary>And ").text(gaps.len() - GAPS).raw(" more gaps</summary><table class=\"wide\">").raw(HEADER);
        gaps.iter().skip(GAPS).for_each(|entry| row(entry, page));
        page.raw("</tbody></table></details>\n");
    }
}

/// Why rules could not decide, the commonest reason first.
fn reasons(report: &Report, page: &mut Page) {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &report.findings {
        if let Verdict::Unknown(why) = &finding.verdict {
            *reasons.entry(why).or_default() += 1;
        }
    }
    if reasons.is_empty() {
        return;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    page.raw("<details><summary>Why rules could not decide: ").text(reasons.len());
    page.raw(" reasons</summary><table class=\"wide\"><thead><tr><th scope=\"col\" class=\"n\">Times</th><th scope=\"col\">Reason</th></tr></thead><tbody>\n");
    for (why, count) in reasons {
        page.raw("<tr><td class=\"n\">").text(count).raw("</td><td>").text(why).raw("</td></tr>\n");
    }
    page.raw("</tbody></table></details>\n");
}

/// The whole ledger and the units, at the end.
pub fn everything(report: &Report, page: &mut Page) {
    page.raw("<section id=\"ledger\" aria-labelledby=\"h-ledger\"><h2 id=\"h-ledger\">Everything in scope</h2>\n");
    page.raw("<details><summary>")
        .text(report.ledger.entries.len())
        .raw(" files, logs and calls</summary><table class=\"wide\">")
        .raw(HEADER);
    report.ledger.entries.iter().for_each(|entry| row(entry, page));
    page.raw("</tbody></table></details>\n<details><summary>").text(report.units.len());
    page.raw(" units: template and parameter set</summary><table class=\"wide\"><thead><tr><th scope=\"col\">Unit</th><th scope=\"col\">Environment</th><th scope=\"col\" class=\"n\">Resources</th></tr></thead><tbody>\n");
    for unit in &report.units {
        page.raw("<tr><td>").text(&unit.label).raw("</td><td>").text(unit.environment.as_deref().unwrap_or("none"));
        page.raw("</td><td class=\"n\">").text(unit.resources).raw("</td></tr>\n");
    }
    page.raw("</tbody></table></details></section>\n");
}

fn row(entry: &Entry, page: &mut Page) {
    page.raw("<tr><td>").code(&entry.subject).raw(" ").span("quiet", &entry.format).raw("</td><td>");
    match &entry.state {
        State::Evaluated => page.raw("read in full</td><td>"),
        State::Partly(why) if why.len() > 1 => {
            page.span("badge unknown", "in part").raw("</td><td><ul>");
            for gap in why.iter().take(REASONS) {
                page.raw("<li>").text(gap).raw("</li>");
            }
            page.raw("</ul>");
            if why.len() > REASONS {
                page.raw("<details><summary>and ").text(why.len() - REASONS).raw(" more</summary><ul>");
                for gap in why.iter().skip(REASONS) {
                    page.raw("<li>").text(gap).raw("</li>");
                }
                page.raw("</ul></details>");
            }
            &mut *page
        }
        State::Partly(why) => page.span("badge unknown", "in part").raw("</td><td>").text(why.join("; ")),
        State::Unreadable(why) => page.span("badge fail", "unreadable").raw("</td><td>").text(why),
        State::Skipped(why) => page.raw("left out</td><td>").text(why),
    };
    page.raw("</td></tr>\n");
}
