//! JUnit XML, as the test tabs of Azure DevOps, GitLab and Jenkins read it: a suite for each rule that said something,
//! one for each section of a specification, one for what could not be read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::Style;
use super::score::Standing;
use crate::model::{ClauseStatus, Finding, Report, State, Verdict};

/// Writes the suites.
pub fn write(report: &Report, _style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let mut suites: Vec<Suite> = vec![gaps(report)];
    let mut findings: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter() {
        findings.entry(&finding.rule).or_default().push(finding);
    }
    for rule in report.rules.iter().filter(|rule| rule.pass + rule.fail + rule.unknown > 0) {
        let mut suite = Suite::new(rule.info.id.clone());
        if rule.pass > 0 {
            suite.cases.push(Case { class: rule.info.id.clone(), name: format!("{} resources pass", rule.pass), end: End::Pass });
        }
        suite.cases.extend(findings.remove(rule.info.id.as_str()).into_iter().flatten().map(case));
        suites.push(suite);
    }
    // Rules that are not listed still have their findings shown.
    for (rule, left) in findings {
        suites.push(Suite { name: rule.to_owned(), cases: left.into_iter().map(case).collect() });
    }
    for section in &report.specifications {
        let class = format!("specification {}", section.specification);
        let cases = section.clauses.iter().map(|one| clause(&class, one)).collect();
        suites.push(Suite { name: format!("{class}: {}", section.title), cases });
    }
    suites.retain(|suite| !suite.cases.is_empty());
    to.write_all(render(&suites).as_bytes())
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    class: String,
    name: String,
    end: End,
}

enum End {
    Pass,
    Skip(String),
    Fail { kind: String, message: String, text: String },
}

impl Suite {
    const fn new(name: String) -> Self {
        Self { name, cases: Vec::new() }
    }

    fn count(&self) -> [usize; 3] {
        let of = |wanted: fn(&End) -> bool| self.cases.iter().filter(|case| wanted(&case.end)).count();
        [self.cases.len(), of(|end| matches!(end, End::Fail { .. })), of(|end| matches!(end, End::Skip(_)))]
    }
}

fn gaps(report: &Report) -> Suite {
    let mut suite = Suite::new("what could not be read".into());
    for entry in report.ledger.gaps() {
        let why = match &entry.state {
            State::Unreadable(why) => why.clone(),
            State::Partly(why) => why.join("; "),
            _ => continue,
        };
        suite.cases.push(Case { class: "ledger".into(), name: entry.subject.clone(), end: End::Skip(why) });
    }
    suite
}

fn case(finding: &Finding) -> Case {
    let resource = finding.resource.as_ref().map(|resource| format!("{} ", resource.name)).unwrap_or_default();
    let end = match (&finding.suppressed, &finding.verdict) {
        (Some(why), _) => End::Skip(format!("{}: {}", why.kind, why.reason)),
        (None, Verdict::Unknown(why)) => End::Skip(format!("not evaluated: {why}")),
        _ => {
            let mut text = format!("{}\n{}", finding.place, finding.message);
            for line in &finding.evidence {
                let _ = write!(text, "\n{}: {}; {}", line.path, line.actual, line.must);
            }
            text.extend(finding.fix.iter().map(|fix| format!("\nFix: {fix}")));
            End::Fail { kind: finding.severity.to_string(), message: finding.message.clone(), text }
        }
    };
    Case { class: finding.rule.clone(), name: format!("{resource}{}", finding.place), end }
}

fn clause(class: &str, clause: &ClauseStatus) -> Case {
    let end = match Standing::of(clause) {
        Standing::Holds => End::Pass,
        Standing::Fails => End::Fail { kind: "clause".into(), message: clause.text.clone(), text: clause.evidence.join("\n") },
        _ => {
            End::Skip(std::iter::once(clause.status.clone()).chain(clause.evidence.iter().take(3).cloned()).collect::<Vec<_>>().join("; "))
        }
    };
    Case { class: class.to_owned(), name: format!("{} {}", clause.id, clause.text), end }
}

fn render(suites: &[Suite]) -> String {
    let sum =
        suites.iter().map(Suite::count).fold([0; 3], |a, b| std::array::from_fn(|at| a.get(at).unwrap_or(&0) + b.get(at).unwrap_or(&0)));
    let mut xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"azward\" {}>\n", numbers(sum));
    for suite in suites {
        let _ = writeln!(xml, "  <testsuite name=\"{}\" {}>", escape(&suite.name), numbers(suite.count()));
        for case in &suite.cases {
            let _ = write!(xml, "    <testcase classname=\"{}\" name=\"{}\"", escape(&case.class), escape(&case.name));
            let _ = match &case.end {
                End::Pass => writeln!(xml, "/>"),
                End::Skip(why) => writeln!(xml, "><skipped message=\"{}\"/></testcase>", escape(why)),
                End::Fail { kind, message, text } => writeln!(
                    xml,
                    "><failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
                    escape(kind),
                    escape(message),
                    escape(text)
                ),
            };
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn numbers([tests, failures, skipped]: [usize; 3]) -> String {
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
}

/// Text for content and attributes; what XML 1.0 cannot hold is replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if char.is_control() => out.push('\u{fffd}'),
            _ => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn text(name: &str) -> String {
        let mut bytes = Vec::new();
        write(&sample::report(name), &Style::default(), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn totals_add_up() {
        let text = text("name");
        let document = roxmltree::Document::parse(&text).unwrap();
        let count = |tag: &str| document.descendants().filter(|node| node.has_tag_name(tag)).count().to_string();
        let root = document.root_element();
        assert_eq!(root.attribute("tests"), Some(count("testcase").as_str()));
        assert_eq!(root.attribute("failures"), Some(count("failure").as_str()));
        assert_eq!(root.attribute("skipped"), Some(count("skipped").as_str()));
    }

    proptest::proptest! {
        #[test]
        fn hostile_names_are_text(name in sample::hostile()) {
            let (hostile, calm) = (text(&name), text("name"));
            proptest::prop_assert_eq!(sample::skeleton(&hostile), sample::skeleton(&calm));
        }
    }
}
