//! How much of the specifications can be checked: by way of checking, and by where it would be seen.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalogue, Checkable, Requirement, Specification};

/// One rule of azward and where it runs today.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// Its id.
    pub id: String,
    /// The rules of specifications that it covers.
    pub covers: BTreeSet<String>,
    /// Targets (`arm`, `workflow`, `live`, `log-keyvault` …) that it speaks of and that something reads today.
    pub targets: BTreeSet<String>,
    /// Targets that it speaks of and that nothing reads yet.
    pub waiting: BTreeSet<String>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// With a rule that runs.
    pub covered: usize,
    /// All.
    pub all: usize,
}

impl Share {
    fn count(&mut self, covered: bool) {
        self.all += 1;
        self.covered += usize::from(covered);
    }

    /// In tenths of a percent, rounded down: all of them is 1000, and nothing else is.
    pub fn per_mille(self) -> usize {
        (self.covered * 1000).checked_div(self.all).unwrap_or(1000)
    }
}

/// A clause without a rule that runs, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The specification.
    pub specification: String,
    /// The clause.
    pub id: String,
    /// How it could be checked.
    pub checkable: Checkable,
    /// Where it would be seen.
    pub targets: Vec<String>,
    /// Why nothing checks it.
    pub why: String,
}

/// The figures.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    /// Clauses, by the way of checking.
    pub clauses: BTreeMap<Checkable, Share>,
    /// Rules of specifications, by the easiest way in which a clause of theirs can be checked.
    pub rules: BTreeMap<Checkable, Share>,
    /// Clauses that can be seen there, and those of them for which a rule runs there.
    pub clause_targets: BTreeMap<String, Share>,
    /// The same of rules of specifications.
    pub rule_targets: BTreeMap<String, Share>,
    /// Clauses, by specification.
    pub specifications: BTreeMap<String, Share>,
    /// Clauses without a rule that runs where they can be seen.
    pub missing: Vec<Missing>,
}

/// Measures the catalogue against the rules that run. What a person attests is covered by the reader of attestations.
pub fn measure(catalogue: &Catalogue, running: &[Running]) -> Measure {
    let mut by_spec_rule: BTreeMap<&str, Vec<&Running>> = BTreeMap::new();
    for rule in running {
        for covered in &rule.covers {
            by_spec_rule.entry(covered).or_default().push(rule);
        }
    }
    let mut measure = Measure::default();
    let mut easiest: BTreeMap<&str, Checkable> = BTreeMap::new();
    let clauses = catalogue.specifications.iter().flat_map(|one| one.requirements.iter().map(move |requirement| (one, requirement)));
    for (specification, requirement) in clauses {
        let covering: Vec<&Running> =
            requirement.rules.iter().filter_map(|name| by_spec_rule.get(name.as_str())).flatten().copied().collect();
        clause(specification, requirement, &covering, &mut measure);
        for name in &requirement.rules {
            let known = easiest.entry(name).or_insert(requirement.checkable);
            *known = (*known).min(requirement.checkable);
        }
    }
    for rule in &catalogue.rules {
        let covering = by_spec_rule.get(rule.id.as_str()).map_or(&[][..], Vec::as_slice);
        let class = easiest.get(rule.id.as_str()).copied().unwrap_or(Checkable::Attest);
        let runs = |target: &String| covering.iter().any(|running| running.targets.contains(target));
        let covered = class == Checkable::Attest || rule.targets.iter().any(runs);
        measure.rules.entry(class).or_default().count(covered);
        for target in &rule.targets {
            measure.rule_targets.entry(target.clone()).or_default().count(runs(target));
        }
    }
    measure
}

fn clause(specification: &Specification, requirement: &Requirement, covering: &[&Running], measure: &mut Measure) {
    let runs = |target: &String| covering.iter().any(|running| running.targets.contains(target));
    let covered = requirement.checkable == Checkable::Attest || requirement.targets.iter().any(runs);
    measure.clauses.entry(requirement.checkable).or_default().count(covered);
    measure.specifications.entry(specification.id.clone()).or_default().count(covered);
    for target in &requirement.targets {
        measure.clause_targets.entry(target.clone()).or_default().count(runs(target));
    }
    if !covered {
        measure.missing.push(Missing {
            specification: specification.id.clone(),
            id: requirement.id.clone(),
            checkable: requirement.checkable,
            targets: requirement.targets.clone(),
            why: why(requirement, covering),
        });
    }
}

fn why(requirement: &Requirement, covering: &[&Running]) -> String {
    let elsewhere: BTreeSet<&str> = covering.iter().flat_map(|rule| &rule.targets).map(String::as_str).collect();
    let join = |words: BTreeSet<&str>| words.into_iter().collect::<Vec<_>>().join(", ");
    if !elsewhere.is_empty() {
        return format!("its rules run on {}, where this clause is not seen", join(elsewhere));
    }
    let waiting: BTreeSet<&str> = covering.iter().flat_map(|rule| &rule.waiting).map(String::as_str).collect();
    if !waiting.is_empty() {
        return format!("its rules wait for a reader of {}", join(waiting));
    }
    format!("no rule covers {}", requirement.rules.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_counts_where_the_clause_is_seen_and_nowhere_else() {
        let catalogue = Catalogue::builtin().unwrap();
        let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
        let none = measure(&catalogue, &[]);
        assert_eq!(none.clauses.values().map(|share| share.all).sum::<usize>(), 688);
        assert_eq!(none.clauses[&Checkable::Attest].per_mille(), 1000);
        assert_eq!(none.clauses[&Checkable::Static].covered, 0);
        let one = Running { id: "x".into(), covers: set(&["NET-009"]), targets: set(&["arm"]), waiting: set(&["terraform"]) };
        let some = measure(&catalogue, std::slice::from_ref(&one));
        assert!(some.clauses[&Checkable::Static].covered > 0);
        assert_eq!(some.rule_targets["arm"].covered, 1);
        assert_eq!(some.rule_targets["terraform"].covered, 0);
        let elsewhere = Running { targets: set(&["docs"]), ..one };
        let gone = measure(&catalogue, &[elsewhere]);
        assert_eq!(gone.clauses[&Checkable::Static].covered, 0);
        assert!(gone.missing.iter().any(|missing| missing.why.contains("docs")));
    }
}
