//! A report in which every text is a given name: for tests that hold outputs against hostile ones.

use proptest::prelude::*;

use crate::model::{
    ClauseCheck, ClauseStatus, Confidence, Control, Entry, EntryKind, Finding, FindingEvidence, Fix, Ledger, Place, Position, Related,
    Report, ResourceRef, RuleCount, RuleInfo, Section, Severity, Snippet, State, Suppression, UnitSummary, Verdict,
};

/// Names that people who attack reports would choose, and any other.
pub fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</style></title></textarea><svg onload=alert(1)>",
        "--><b>]]>",
        "[x](javascript:alert(1)) ![i](http://evil.example/p.png)",
        "| a | b |\n|---|---|\n# heading\n- item\n> quote\n```\ncode\n```",
        "<https://evil.example> www.evil.example @someone #1 ~~s~~ **b** _i_ `c` \\",
        "\n::error::x\r\n::add-mask::y%0A",
        "=HYPERLINK(\"http://evil.example\")",
        "a\u{202e}b\0c\u{7}",
        "&lt;b&gt; &#60;b&#62;",
        "`` ` ``` <!-- x -->",
        "    indented\n\n1. list\n\nhttps://evil.example/",
    ]);
    prop_oneof![known.prop_map(str::to_owned), "\\PC{1,40}", "[<>&\"'`|*_\\[\\]()#!\\\\\n\r\t~:-]{1,30}"]
}

/// A report that says `name` wherever a text of others can stand.
pub fn report(name: &str) -> Report {
    let text = || name.to_owned();
    let info = RuleInfo {
        id: text(),
        title: text(),
        // Reports leave out a description of nothing but blanks.
        description: format!("About {name}"),
        severity: Severity::High,
        theme: text(),
        kinds: vec![text()],
        fix: Fix { text: Some(text()), cli: Some(text()), ..Fix::default() },
        sources: vec![text(), "https://example.com/".into()],
        controls: vec![Control { framework: text(), id: text() }],
    };
    let finding = |verdict: Verdict, suppressed: Option<Suppression>| Finding {
        rule: text(),
        theme: text(),
        severity: Severity::High,
        verdict,
        confidence: Confidence::Strong,
        message: text(),
        place: Place::File { path: text(), start: Position { line: 1, column: 1 }, end: Position { line: 1, column: 2 } },
        snippet: Some(Snippet { line: 1, text: text(), start: 0, end: name.chars().next().map_or(0, char::len_utf8) }),
        related: vec![Related { place: Place::Resource { id: text() }, message: text() }],
        resource: Some(ResourceRef { kind: text(), name: text(), address: text(), id: Some(text()) }),
        units: vec![text(), text()],
        environments: vec![text()],
        evidence: vec![FindingEvidence {
            leaf: text(),
            path: text(),
            actual: text(),
            expected: text(),
            must: text(),
            defaulted: false,
            place: None,
        }],
        fix: Some(text()),
        fingerprint: "f".into(),
        line_hash: None,
        suppressed,
    };
    let entry = |state| Entry { subject: text(), kind: EntryKind::File, format: text(), state };
    let clause = |status: &str| ClauseStatus {
        id: text(),
        text: text(),
        status: status.into(),
        severity: Some(Severity::High),
        theme: text(),
        checkable: "static".into(),
        rules: vec![text()],
        evidence: vec![text()],
        checks: vec![ClauseCheck { rule: text(), pass: 1, fail: 1, unknown: 0, resources: vec![text()] }],
    };
    let accepted = Suppression { kind: "waiver".into(), reason: text(), until: Some(text()) };
    Report {
        version: "0".into(),
        started: text(),
        duration_ms: 1,
        scope: vec![text()],
        profile: text(),
        environment: Some(text()),
        category: "iac".into(),
        units: vec![UnitSummary { label: text(), environment: Some(text()), resources: 1 }],
        rules: vec![RuleCount { info, pass: 1, fail: 1, unknown: 1, resources: vec![text()] }],
        findings: vec![finding(Verdict::Fail, None), finding(Verdict::Unknown(text()), None), finding(Verdict::Fail, Some(accepted))],
        ledger: Ledger {
            entries: vec![
                entry(State::Evaluated),
                entry(State::Partly(vec![text()])),
                entry(State::Unreadable(text())),
                entry(State::Skipped(text())),
            ],
        },
        notices: vec![text()],
        specifications: vec![Section {
            specification: text(),
            title: text(),
            clauses: vec![clause("pass"), clause("fail"), clause("unknown"), clause("no rule yet")],
        }],
    }
}

/// The elements of a well-formed document with the names of their attributes: what is left when text is taken away.
pub fn skeleton(text: &str) -> Vec<String> {
    let text = text.replacen("<!DOCTYPE html>", "", 1);
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let attributes = |node: roxmltree::Node<'_, '_>| node.attributes().map(|one| one.name().to_owned()).collect::<Vec<_>>().join(" ");
    document
        .descendants()
        .filter(roxmltree::Node::is_element)
        .map(|node| format!("{} {}", node.tag_name().name(), attributes(node)))
        .collect()
}
