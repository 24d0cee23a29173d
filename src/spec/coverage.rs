//! Where each clause stands: which rules cover it, what they said, what a person attested, or why nobody can tell here.

use std::collections::{BTreeMap, HashMap};

use super::{Attestation, Catalogue, Checkable, Requirement, Specification, Standing};
use crate::model::{ClauseCheck, ClauseStatus, RuleInfo, Section};

/// What one of azward's rules said in this run.
#[derive(Clone, Debug, Default)]
pub struct RuleResult {
    /// Resources that pass.
    pub pass: usize,
    /// The first of those, by name.
    pub resources: Vec<String>,
    /// Failures: where, and on which resource.
    pub failures: Vec<String>,
    /// Undecided: why.
    pub unknowns: Vec<String>,
}

/// Where a clause stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// A rule failed, or an attestation expired.
    Fail,
    /// Some rule could not decide, none failed.
    Unknown,
    /// Every rule that ran passed.
    Pass,
    /// A person attested it.
    Attested,
    /// A rule covers it, but nothing here is of its kind.
    NothingHere,
    /// It needs live resources or logs.
    Elsewhere,
    /// A person must attest it, and none did.
    Manual,
    /// No rule covers it yet.
    NotCovered,
    /// It speaks of another environment.
    OtherEnvironment,
}

impl Status {
    /// All, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Fail,
        Self::Unknown,
        Self::Pass,
        Self::Attested,
        Self::NothingHere,
        Self::Elsewhere,
        Self::Manual,
        Self::NotCovered,
        Self::OtherEnvironment,
    ];

    /// The words that reports print.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Pass => "pass",
            Self::Attested => "attested",
            Self::NothingHere => "nothing here",
            Self::Elsewhere => "needs live or logs",
            Self::Manual => "needs attestation",
            Self::NotCovered => "no rule yet",
            Self::OtherEnvironment => "other environment",
        }
    }
}

/// One specification, clause by clause.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Its sections in order, each with its clauses.
    pub sections: Vec<Section>,
    /// How many clauses stand where.
    pub totals: BTreeMap<Status, usize>,
}

/// Everything that coverage looks at.
pub struct Input<'a> {
    /// The rules of azward, by the specification rules that they name in their controls.
    pub by_spec_rule: HashMap<&'a str, Vec<&'a RuleInfo>>,
}

impl<'a> Input<'a> {
    fn new(rules: &'a [RuleInfo]) -> Self {
        let mut by_spec_rule: HashMap<&str, Vec<&RuleInfo>> = HashMap::new();
        for rule in rules {
            for control in rule.controls.iter().filter(|control| control.framework == "spec") {
                by_spec_rule.entry(&control.id).or_default().push(rule);
            }
        }
        Self { by_spec_rule }
    }
}

/// Where each clause of `specification` stands.
///
/// `results` holds what ran, by azward's rule id; `None` asks for the cover alone, without a run.
pub fn coverage(
    specification: &Specification,
    catalogue: &Catalogue,
    rules: &[RuleInfo],
    results: Option<&HashMap<String, RuleResult>>,
    attestations: &[(Attestation, Standing)],
    environment: Option<&str>,
) -> Coverage {
    let input = Input::new(rules);
    let mut sections: Vec<Section> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut totals: BTreeMap<Status, usize> = BTreeMap::new();
    for requirement in &specification.requirements {
        let (status, covering, evidence) = stand(requirement, catalogue, &input, results, attestations, environment);
        *totals.entry(status).or_default() += 1;
        let clause = ClauseStatus {
            id: requirement.id.clone(),
            text: requirement.clause.clone(),
            status: status.as_str().into(),
            severity: Some(requirement.severity),
            theme: requirement.theme.clone(),
            checkable: requirement.checkable.as_str().into(),
            checks: results.map_or_else(Vec::new, |results| checks(&covering, results)),
            rules: covering,
            evidence,
        };
        // A document may come back to a section; clauses of one heading stand together.
        let key = (requirement.document.as_str(), requirement.section.as_str());
        let at = *places.entry(key).or_insert_with(|| {
            sections.push(Section { specification: specification.id.clone(), title: requirement.section.clone(), clauses: Vec::new() });
            sections.len() - 1
        });
        if let Some(section) = sections.get_mut(at) {
            section.clauses.push(clause);
        }
    }
    Coverage { sections, totals }
}

fn stand(
    requirement: &Requirement,
    catalogue: &Catalogue,
    input: &Input<'_>,
    results: Option<&HashMap<String, RuleResult>>,
    attestations: &[(Attestation, Standing)],
    environment: Option<&str>,
) -> (Status, Vec<String>, Vec<String>) {
    let mut covering: Vec<&RuleInfo> = Vec::new();
    for name in &requirement.rules {
        covering.extend(input.by_spec_rule.get(name.as_str()).into_iter().flatten());
    }
    covering.sort_by(|a, b| a.id.cmp(&b.id));
    covering.dedup_by(|a, b| a.id == b.id);
    let covering = of_its_kinds(covering, requirement);
    let ids: Vec<String> = covering.iter().map(|rule| rule.id.clone()).collect();
    if let Some(asked) = environment
        && !requirement.environments.is_empty()
        && !requirement.environments.iter().any(|named| named == "any" || same_environment(named, asked))
    {
        return (Status::OtherEnvironment, ids, Vec::new());
    }
    if let Some((attestation, standing)) = attestations.iter().find(|(attestation, _)| speaks_of(attestation, requirement)) {
        let evidence =
            format!("{} by {} on {}, evidence {}", attestation.statement, attestation.by, attestation.date, attestation.evidence);
        return match standing {
            Standing::Valid => (Status::Attested, ids, vec![evidence]),
            Standing::Expired(day) => (Status::Fail, ids, vec![format!("the attestation expired on {day}: {evidence}")]),
            Standing::NotYet(day) => (Status::Manual, ids, vec![format!("the attestation is dated {day}: {evidence}")]),
            Standing::EvidenceGone(why) => (Status::Fail, ids, vec![format!("{why}: {evidence}")]),
        };
    }
    if let Some(decided) = results.and_then(|results| decided(&ids, results)) {
        return (decided.0, ids, decided.1);
    }
    let (status, why) = unseen(requirement, catalogue, &covering, results.is_some());
    (status, ids, why)
}

/// The rules that judge what the clause speaks of. A rule of the specification covers several clauses, and one about plans
/// says nothing on a clause about databases. Rules over pipelines, documents and code count for every clause; where no rule
/// is left, the clause names its kinds too narrowly, and all of them count.
fn of_its_kinds<'a>(covering: Vec<&'a RuleInfo>, requirement: &Requirement) -> Vec<&'a RuleInfo> {
    let azure = |kind: &String| kind.to_ascii_lowercase().starts_with("microsoft.");
    if !requirement.kinds.iter().any(azure) || requirement.kinds.iter().any(|kind| kind == "*") {
        return covering;
    }
    let near = |a: &str, b: &str| {
        let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
        a == b || a.strip_prefix(&b).or_else(|| b.strip_prefix(&a)).is_some_and(|rest| rest.starts_with('/'))
    };
    let speaks = |rule: &&RuleInfo| rule.kinds.iter().any(|kind| !azure(kind) || requirement.kinds.iter().any(|named| near(kind, named)));
    let left: Vec<&RuleInfo> = covering.iter().copied().filter(speaks).collect();
    if left.is_empty() { covering } else { left }
}

/// Where a clause stands of which nothing was said, and why.
fn unseen(requirement: &Requirement, catalogue: &Catalogue, covering: &[&RuleInfo], ran: bool) -> (Status, Vec<String>) {
    let seen_in = format!("it can be seen in {}", requirement.targets.join(", "));
    match requirement.checkable {
        Checkable::Attest => (Status::Manual, vec![format!("azward spec attest {}", requirement.id)]),
        _ if covering.is_empty() => {
            let titles = requirement.rules.iter().filter_map(|name| catalogue.rules.iter().find(|rule| rule.id == *name));
            (Status::NotCovered, titles.map(|rule| format!("{}: {}; {seen_in}", rule.id, rule.title)).collect())
        }
        Checkable::LiveOnly | Checkable::LogOnly => {
            let logs = covering.iter().filter(|rule| rule.kinds.iter().any(|kind| kind.starts_with("Log/"))).count();
            let command = match (logs, covering.len() - logs) {
                (0, _) => "`azward live` runs its rules",
                (_, 0) => "`azward logs` runs its rules",
                _ => "`azward live` and `azward logs` run its rules",
            };
            (Status::Elsewhere, vec![format!("{command}; {seen_in}")])
        }
        Checkable::Static | Checkable::Partial if ran => {
            (Status::NothingHere, vec![format!("nothing of the kinds that its rules judge is in scope; {seen_in}")])
        }
        Checkable::Static | Checkable::Partial => (Status::NothingHere, vec![format!("covered; nothing was scanned; {seen_in}")]),
    }
}

/// What each rule of a clause said.
fn checks(rules: &[String], results: &HashMap<String, RuleResult>) -> Vec<ClauseCheck> {
    let said = |rule: &String| {
        let result = results.get(rule)?;
        let (pass, fail, unknown) = (result.pass, result.failures.len(), result.unknowns.len());
        let any = pass + fail + unknown > 0;
        any.then(|| ClauseCheck { rule: rule.clone(), pass, fail, unknown, resources: result.resources.clone() })
    };
    rules.iter().filter_map(said).collect()
}

fn decided(ids: &[String], results: &HashMap<String, RuleResult>) -> Option<(Status, Vec<String>)> {
    let ran: Vec<&RuleResult> = ids.iter().filter_map(|id| results.get(id)).collect();
    let failures: Vec<String> = ran.iter().flat_map(|result| result.failures.iter().cloned()).collect();
    if !failures.is_empty() {
        return Some((Status::Fail, failures));
    }
    let unknowns: Vec<String> = ran.iter().flat_map(|result| result.unknowns.iter().cloned()).collect();
    if !unknowns.is_empty() {
        return Some((Status::Unknown, unknowns));
    }
    let passed: usize = ran.iter().map(|result| result.pass).sum();
    (passed > 0).then(|| (Status::Pass, vec![format!("{passed} resources pass")]))
}

fn speaks_of(attestation: &Attestation, requirement: &Requirement) -> bool {
    attestation.requirement == requirement.id || requirement.rules.contains(&attestation.requirement)
}

/// `dev` of a document is `development` of a profile.
fn same_environment(named: &str, asked: &str) -> bool {
    named.eq_ignore_ascii_case(asked) || (named == "dev" && asked == "development") || (named == "prod" && asked == "production")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_about_plans_says_nothing_on_a_clause_about_applications() {
        let catalogue = Catalogue::builtin().unwrap();
        let specification = catalogue.specification("az14b").unwrap();
        let clause = specification.requirements.iter().find(|one| one.id == "AZ14B-PHL-01").unwrap();
        let rule = |id: &str, kind: &str| RuleInfo {
            id: id.into(),
            title: String::new(),
            description: String::new(),
            severity: crate::model::Severity::Low,
            theme: String::new(),
            kinds: vec![kind.into()],
            fix: crate::model::Fix::default(),
            sources: Vec::new(),
            controls: Vec::new(),
        };
        let (plan, app) = (rule("plan", "Microsoft.Web/serverfarms"), rule("app", "microsoft.web/sites/slots"));
        let pipeline = rule("pipeline", "GitHub/workflows");
        let left = of_its_kinds(vec![&plan, &app, &pipeline], clause);
        assert_eq!(left.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["app", "pipeline"]);
        assert_eq!(of_its_kinds(vec![&plan], clause).len(), 1, "better a wide rule than none");
    }

    #[test]
    fn every_clause_stands_somewhere_and_a_failure_outranks_passes() {
        let catalogue = Catalogue::builtin().unwrap();
        let bi10 = catalogue.specification("bi10").unwrap();
        let bare = coverage(bi10, &catalogue, &[], None, &[], None);
        assert_eq!(bare.totals.values().sum::<usize>(), bi10.requirements.len());
        assert_eq!(bare.totals.get(&Status::Pass), None);
        let ids = ["a".to_owned(), "b".to_owned()];
        let failing = RuleResult { failures: vec!["x.json:1".into()], ..RuleResult::default() };
        let mut results = HashMap::from([("a".to_owned(), RuleResult { pass: 3, ..RuleResult::default() }), ("b".to_owned(), failing)]);
        assert_eq!(decided(&ids, &results).unwrap().0, Status::Fail);
        results.remove("b");
        assert_eq!(decided(&ids, &results).unwrap().0, Status::Pass);
        results.clear();
        assert!(decided(&ids, &results).is_none(), "nothing ran: nobody can say that it passed");
    }
}
