use super::Book;
use super::page::{Own, Page};
use crate::model::Severity;
use crate::report::score::Standing;

/// The controls. They work by style alone; only the search for text needs the script, which shows it.
pub fn write(book: &Book<'_>, page: &mut Page) {
    page.raw("<div class=\"filters\" role=\"search\" aria-label=\"Filter findings and clauses\">\n");
    open("f-severity", "Severity", "all", page);
    for (number, severity) in Severity::ALL.iter().enumerate().take(4) {
        page.raw("<option value=\"").text(number).raw("\">").raw(severity.as_str());
        page.raw(if number == 0 { "</option>" } else { " and worse</option>" });
    }
    close(page);
    open("f-status", "Status", "all", page);
    for standing in Standing::ALL {
        page.raw("<option value=\"").raw(standing.key()).raw("\">").raw(standing.label()).raw("</option>");
    }
    page.raw("<option value=\"suppressed\">suppressed</option>");
    close(page);
    open("f-theme", "Theme", "all", page);
    for (theme, number) in &book.themes {
        page.raw("<option value=\"").text(number).raw("\">").text(theme).raw("</option>");
    }
    close(page);
    if !book.scored.is_empty() {
        open("f-spec", "Specification", "all", page);
        for (number, one) in book.scored.iter().enumerate() {
            page.raw("<option value=\"").text(number).raw("\">").text(one.id).raw("</option>");
        }
        close(page);
    }
    page.raw("<p class=\"text-filter\" id=\"text-filter\" hidden=\"\"><label for=\"f-text\">Text</label><input id=\"f-text\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"/></p>\n");
    page.raw("<p id=\"shown\" role=\"status\"></p></div>\n");
}

fn open(id: &'static str, label: &'static str, all: &'static str, page: &mut Page) {
    page.raw("<p><label for=\"")
        .raw(id)
        .raw("\">")
        .raw(label)
        .raw("</label><select id=\"")
        .raw(id)
        .raw("\" autocomplete=\"off\"><option value=\"\">")
        .raw(all)
        .raw("</option>");
}

fn close(page: &mut Page) {
    page.raw("</select></p>\n");
}

/// The rules of the style sheet that depend on how many themes and specifications there are.
pub fn rules(book: &Book<'_>, style: &mut Own) {
    for number in book.themes.values() {
        style.with_number("body:has(#f-theme option[value=\"{}\"]:checked) :is(.row,.group):not(.t{}){display:none}\n", *number);
    }
    for number in 0..book.scored.len() {
        style.with_number("body:has(#f-spec option[value=\"{}\"]:checked) :is(.row,.group,.spec):not(.p{}){display:none}\n", number);
    }
}
