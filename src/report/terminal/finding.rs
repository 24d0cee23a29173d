use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::Style;
use crate::model::{Finding, Place, Related, Severity, Verdict};

/// Writes one finding: title, snippet, help and notes.
pub fn write(finding: &Finding, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode).term_width(style.width);
    let path = finding.place.path().to_owned();
    let level = if finding.verdict.is_fail() { of(finding.severity) } else { Level::NOTE.with_name("not evaluated") };
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.rule.as_str()));
    group = match (&finding.snippet, &finding.place) {
        (Some(snippet), Place::File { .. }) if snippet.end > snippet.start => {
            let annotation = AnnotationKind::Primary.span(snippet.start..snippet.end).label(label(finding));
            group.element(Snippet::source(snippet.text.as_str()).line_start(snippet.line as usize).path(path).annotation(annotation))
        }
        (_, place) => group.element(origin(place, path)),
    };
    for help in helps(finding, style) {
        group = group.element(help);
    }
    let rendered = renderer.render(&[group]);
    writeln!(to, "{rendered}\n")
}

fn of(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Critical | Severity::High => Level::ERROR.with_name(severity.as_str()),
        Severity::Medium => Level::WARNING.with_name(severity.as_str()),
        Severity::Low | Severity::Info => Level::INFO.with_name(severity.as_str()),
    }
}

fn origin(place: &Place, path: String) -> Origin<'static> {
    let origin = Origin::path(path);
    match place {
        Place::File { start, .. } => origin.line(start.line as usize).char_column(start.column as usize),
        Place::LogLine { line, .. } => origin.line(usize::try_from(*line).unwrap_or(usize::MAX)),
        Place::Resource { .. } => origin,
    }
}

/// What is written beside the underline: what stands there against what must.
fn label(finding: &Finding) -> String {
    let Some(evidence) = finding.evidence.first() else { return String::new() };
    let key = last_key(&evidence.path);
    // The sentence above says what a pattern stands for; the pattern itself says it to nobody.
    let patterned = ["must match", "must not match"].iter().any(|verb| evidence.must.starts_with(verb));
    match (evidence.must.as_str(), evidence.actual.as_str()) {
        (_, actual) if patterned && (key.is_empty() || shows(finding, actual)) => String::new(),
        (_, actual) if patterned => format!("{key} is {actual}"),
        (must, actual) if evidence.defaulted => format!("{key} is not set; the service takes {actual}; {must}"),
        (must, actual) if must.is_empty() || key.is_empty() || shows(finding, actual) => must.to_owned(),
        (must, "null") => format!("{key} {must}"),
        (must, _) if key.bytes().all(|byte| byte.is_ascii_digit()) => must.to_owned(),
        (must, actual) => format!("{key} is {actual}; {must}"),
    }
}

/// Whether the underlined text is the value itself, and not what makes it: an expression, or a name that a fact is about.
fn shows(finding: &Finding, actual: &str) -> bool {
    let bare = |text: &str| text.trim_matches(['"', '\'']).to_ascii_lowercase();
    let underlined = finding.snippet.as_ref().and_then(|snippet| snippet.text.get(snippet.start..snippet.end));
    underlined.is_some_and(|text| bare(text) == bare(actual))
}

fn last_key(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or(pointer)
}

fn helps(finding: &Finding, style: &Style) -> Vec<annotate_snippets::Message<'static>> {
    let mut helps = Vec::new();
    if let Verdict::Unknown(why) = &finding.verdict {
        helps.push(Level::NOTE.message(why.clone()));
    }
    if let Some(fix) = &finding.fix {
        helps.push(Level::HELP.message(fix.clone()));
    }
    if let Some(resource) = &finding.resource {
        let mut text = format!("{} `{}`", resource.kind, resource.name);
        if finding.units.len() > 1 {
            text.push_str(&format!(", in {} units: {}", finding.units.len(), finding.units.join(", ")));
        } else if !finding.environments.is_empty() {
            text.push_str(&format!(", environment {}", finding.environments.join(", ")));
        }
        helps.push(Level::NOTE.message(text));
    }
    if !style.why
        && let Some(written) = finding.related.iter().rfind(|related| related.message == Related::WRITTEN)
    {
        helps.push(Level::NOTE.message(format!("{}: {}", written.message, written.place)));
    }
    if style.why {
        helps.extend(finding.related.iter().map(|related| Level::NOTE.message(format!("{}: {}", related.place, related.message))));
    }
    helps
}
