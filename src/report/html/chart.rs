use super::page::Page;
use crate::report::score::{Standing, Tally};

/// A bar of the clauses that apply, one piece a standing, with the figures as its name.
pub fn bar(tally: &Tally, page: &mut Page) {
    let total = tally.in_force();
    page.raw("<svg class=\"bar\" role=\"img\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-label=\"");
    figures(tally, page);
    page.raw("\">");
    let mut before = 0;
    for standing in counted() {
        let (start, end) = (share(before, total, 1000), share(before + tally.get(standing), total, 1000));
        before += tally.get(standing);
        if end > start {
            page.raw("<rect class=\"c-").raw(standing.key()).raw("\" x=\"").text(start).raw("\" y=\"0\" height=\"10\" width=\"");
            page.text(end - start).raw("\"/>");
        }
    }
    page.raw("</svg>");
}

/// A ring of the clauses that apply, with the share that holds in its middle.
pub fn ring(tally: &Tally, page: &mut Page) {
    let total = tally.in_force();
    page.raw("<svg class=\"ring\" role=\"img\" viewBox=\"0 0 120 120\" aria-label=\"").text(tally.percent()).raw(" % hold: ");
    figures(tally, page);
    page.raw("\">");
    let mut before = 0;
    for standing in counted() {
        let (start, end) = (share(before, total, 10_000), share(before + tally.get(standing), total, 10_000));
        before += tally.get(standing);
        if end > start {
            // Lengths are in hundredths of a percent of the circle; a quarter turn puts the start on top.
            page.raw("<circle class=\"c-")
                .raw(standing.key())
                .raw("\" cx=\"60\" cy=\"60\" r=\"48\" fill=\"none\" pathLength=\"10000\" stroke-width=\"15\" stroke-dasharray=\"");
            page.text(end - start).raw(" ").text(10_000 - (end - start)).raw("\" stroke-dashoffset=\"").text(12_500 - start).raw("\"/>");
        }
    }
    page.raw("<text x=\"60\" y=\"68\" text-anchor=\"middle\" aria-hidden=\"true\">").text(tally.percent()).raw("%</text></svg>");
}

/// The figures behind a chart, in words.
pub fn figures(tally: &Tally, page: &mut Page) {
    let mut first = true;
    for standing in counted().filter(|standing| tally.get(*standing) > 0) {
        page.raw(if first { "" } else { ", " }).text(tally.get(standing)).raw(" ").raw(standing.label());
        first = false;
    }
    if first {
        page.raw("no clause applies");
    }
}

/// What a chart shows, in the order in which it is drawn.
pub fn counted() -> impl Iterator<Item = Standing> {
    use Standing::{Fails, Holds, NoRule, Person, Undecided, Unseen};
    [Holds, Fails, Undecided, Person, Unseen, NoRule].into_iter()
}

fn share(part: usize, total: usize, whole: usize) -> usize {
    (part * whole).checked_div(total).unwrap_or(0)
}
