use sha2::{Digest, Sha256};

use super::redact::Redactor;
use super::rule::{Compiled, Rule};
use super::window::{Judged, key_text};
use crate::model::{Confidence, Finding, FindingEvidence, Place, Related, RuleInfo, Verdict};

/// One finding for a group, ready for every output.
pub fn finding(rule: &Rule, compiled: &Compiled, mut judged: Judged, files: &[String], mask: Option<&mut Redactor>) -> Finding {
    let fingerprint = fingerprint(&rule.info.id, &judged.key);
    let mut key = key_text(&judged.key);
    if let Some(mask) = mask {
        let group = &mut judged.group;
        for (text, personal) in group.captured.iter_mut().zip(compiled.message.personal()) {
            *text = if personal { mask.any(text) } else { mask.text(text) };
        }
        group.identities.texts = std::mem::take(&mut group.identities.texts).iter().map(|name| mask.any(name)).collect();
        group.addresses.texts = std::mem::take(&mut group.addresses.texts).iter().map(|address| mask.address(address)).collect();
        let parts = judged.key.split([super::pass::SEPARATOR, super::pass::FOLLOWS]);
        let personal = compiled.group.iter().map(super::redact::is_personal).chain(std::iter::repeat(false));
        key = parts
            .zip(personal)
            .map(|(part, personal)| if personal { mask.any(part) } else { mask.text(part) })
            .collect::<Vec<_>>()
            .join(", ");
    }
    let group = &judged.group;
    let place_of = |spot: super::group::Spot| Place::LogLine {
        path: files.get(spot.file as usize).cloned().unwrap_or_default(),
        line: spot.line,
        byte: spot.byte,
    };
    let place = place_of(judged.spot);
    let related = if group.count > 1 && group.last != judged.spot {
        vec![Related { place: place_of(group.last), message: format!("the last of {}", group.count) }]
    } else {
        Vec::new()
    };
    let evidence = [
        ("count", group.count.to_string()),
        ("first", group.first.time.map(|time| time.to_string()).unwrap_or_default()),
        ("last", group.last.time.map(|time| time.to_string()).unwrap_or_default()),
        ("identities", group.identities.join()),
        ("addresses", group.addresses.join()),
        ("group", key),
    ];
    let evidence = evidence.into_iter().filter(|(_, actual)| !actual.is_empty()).map(|(leaf, actual)| FindingEvidence {
        leaf: leaf.to_owned(),
        path: String::new(),
        actual,
        expected: String::new(),
        must: String::new(),
        defaulted: false,
        place: None,
    });
    Finding {
        verdict: judged.unknown.clone().map_or(Verdict::Fail, Verdict::Unknown),
        message: if judged.key == super::pass::OTHERS {
            // What the sentence would name is of one of many.
            format!("{} further events are not told apart, in more than {} groups: {}", group.count, super::pass::GROUPS, rule.info.title)
        } else {
            compiled.message.fill(group, &judged.detail)
        },
        related,
        evidence: evidence.collect(),
        ..bare(&rule.info, place, fingerprint)
    }
}

/// A rule that cannot be judged, and why: its log is not there, or nobody has said what it needs to know.
pub fn not_auditable(info: &RuleInfo, why: &str) -> Finding {
    let place = Place::LogLine { path: "logs".to_owned(), line: 1, byte: 0 };
    Finding {
        verdict: Verdict::Unknown(format!("not auditable: {why}")),
        message: format!("{} — not auditable: {why}", info.title),
        ..bare(info, place, fingerprint(&info.id, "not auditable"))
    }
}

fn bare(info: &RuleInfo, place: Place, fingerprint: String) -> Finding {
    Finding {
        rule: info.id.clone(),
        theme: info.theme.clone(),
        severity: info.severity,
        verdict: Verdict::Fail,
        confidence: Confidence::Strong,
        message: String::new(),
        place,
        snippet: None,
        related: Vec::new(),
        resource: None,
        units: Vec::new(),
        environments: Vec::new(),
        evidence: Vec::new(),
        fix: info.fix.text.clone().or_else(|| info.fix.cli.clone()),
        fingerprint,
        line_hash: None,
        suppressed: None,
    }
}

/// Stable over runs and line moves: the rule and what the group is told apart by.
fn fingerprint(rule: &str, key: &str) -> String {
    let digest = Sha256::new().chain_update(rule).chain_update([0]).chain_update(key).finalize();
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
