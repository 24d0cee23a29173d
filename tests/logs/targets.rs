//! Every log that a specification's rule is to be seen in has an event rule, or a reason why no log can show it.

use azward::log::LogKind;
use azward::spec::Catalogue;

use crate::support::rules;

/// The kinds of logs that a target of the specifications stands for.
fn kinds(target: &str) -> &'static [LogKind] {
    match target {
        "log-deploy" => &[LogKind::GithubActions, LogKind::AzurePipelines],
        "log-activity" => &[LogKind::Activity, LogKind::Backup],
        "log-access" => &[
            LogKind::FrontDoor,
            LogKind::ApplicationGateway,
            LogKind::AppServiceHttp,
            LogKind::Storage,
            LogKind::PostgreSql,
            LogKind::SqlAudit,
            LogKind::Flow,
        ],
        "log-app" => &[LogKind::Insights, LogKind::Structlog, LogKind::Text, LogKind::Resource],
        "log-keyvault" => &[LogKind::KeyVault],
        _ => &[],
    }
}

/// What no event rule shows, and why.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("SEC-003", "log-deploy", "the secret engine looks at every byte of every log in the same pass (theme secrets)"),
    ("SEC-003", "log-app", "the secret engine looks at every byte of every log in the same pass (theme secrets)"),
    ("CICD-022", "log-deploy", "a run's log does not say who reviewed the change; branch rules and the pull request do"),
    ("FE-003", "log-access", "no access log of Azure has the headers of the response"),
];

#[test]
fn every_log_target_of_the_specifications_has_an_event_rule_or_a_reason() {
    let catalogue = Catalogue::builtin().expect("the catalogue is whole");
    let rules = rules();
    let (mut shown, mut elsewhere, mut missing) = (0, 0, Vec::new());
    for spec in &catalogue.rules {
        for target in spec.targets.iter().filter(|target| target.starts_with("log-")) {
            let reads = |kind: &String| LogKind::named(kind).is_some_and(|kind| kinds(target).contains(&kind));
            let covers = rules.iter().any(|rule| {
                let named = rule.info.controls.iter().any(|control| control.framework == "spec" && control.id == spec.id);
                named && rule.info.kinds.iter().any(reads)
            });
            let excused = ELSEWHERE.iter().any(|(id, known, _)| *id == spec.id && known == target);
            assert!(!(covers && excused), "{} {target} is shown by an event rule and listed as one that none shows", spec.id);
            if covers {
                shown += 1;
            } else if excused {
                elsewhere += 1;
            } else {
                missing.push(format!("{} {target}: {}", spec.id, spec.title));
            }
        }
    }
    assert!(missing.is_empty(), "without an event rule:\n{}", missing.join("\n"));
    assert_eq!(elsewhere, ELSEWHERE.len(), "a reason for a target that does not exist");
    println!("score logs-spec-targets: {shown} of {} log targets have an event rule; {elsewhere} are shown elsewhere:", shown + elsewhere);
    for (id, target, why) in ELSEWHERE {
        println!("  {id} {target}: {why}");
    }
}

#[test]
fn controls_of_event_rules_name_rules_of_the_specifications() {
    let catalogue = Catalogue::builtin().expect("the catalogue is whole");
    for rule in rules() {
        for control in rule.info.controls.iter().filter(|control| control.framework == "spec") {
            assert!(catalogue.rules.iter().any(|known| known.id == control.id), "{} names {}", rule.info.id, control.id);
        }
    }
}
