//! Every rule of a resource's kind, on every resource of every unit.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::evaluate::Done;
use super::options::ScanOptions;
use crate::model::{Judgement, Resource, RuleCount, Verdict};
use crate::policy::{Index, Rule, Settings, World};

/// A judgement that people must see: a failure, or something undecided.
pub struct Raised<'a> {
    /// Which unit, by its place in the list.
    pub unit: usize,
    /// The resource.
    pub resource: &'a Resource,
    /// The rule.
    pub rule: Arc<Rule>,
    /// What it said.
    pub judgement: Judgement,
}

/// How often a rule said pass, fail and unknown.
#[derive(Clone, Debug, Default)]
pub struct Count {
    /// Resources that pass.
    pub pass: usize,
    /// Resources that fail.
    pub fail: usize,
    /// Resources that could not be judged.
    pub unknown: usize,
    /// The first that pass, by name.
    pub named: Vec<String>,
}

impl Count {
    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.unknown += other.unknown;
        for name in other.named {
            if self.named.len() < RuleCount::NAMED && !self.named.contains(&name) {
                self.named.push(name);
            }
        }
    }

    fn passes(&mut self, resource: &Resource) {
        self.pass += 1;
        if self.named.len() < RuleCount::NAMED {
            let name = resource.name.as_str().unwrap_or(&resource.address);
            let name = format!("{} {name}", resource.kind);
            if !self.named.contains(&name) {
                self.named.push(name);
            }
        }
    }
}

/// What judging gave: what was raised, in the order of units and resources, and counts by rule id.
pub type Judged<'a> = (Vec<Raised<'a>>, BTreeMap<String, Count>);

/// Judges everything.
pub fn judge<'a>(done: &'a [Done], options: &ScanOptions<'_>) -> Judged<'a> {
    options.progress.stage("judging", done.len());
    let estates: HashMap<Option<&str>, Estate<'_>> =
        environments(done).into_par_iter().map(|environment| (environment, Estate::new(environment, done, options))).collect();
    let judged: Vec<Judged<'a>> = done
        .par_iter()
        .enumerate()
        .map(|(unit, one)| {
            let judged = judge_unit(unit, one, &estates, options);
            options.progress.step();
            judged
        })
        .collect();
    let mut all = Judged::default();
    for (raised, counts) in judged {
        all.0.extend(raised);
        for (rule, count) in counts {
            all.1.entry(rule).or_default().merge(count);
        }
    }
    all
}

/// Every environment that a unit, or a resource of a unit of all environments, belongs to.
fn environments(done: &[Done]) -> HashSet<Option<&str>> {
    let shared = done.iter().filter(|one| one.evaluated.every_environment);
    let own = shared.flat_map(|one| &one.evaluated.resources).map(|resource| resource.environment.as_deref());
    done.iter().map(|one| one.unit.environment.as_deref()).chain(own).collect()
}

/// What rules see of one environment.
struct Estate<'a> {
    index: Index<'a>,
    opaque: Vec<String>,
    settings: Settings,
}

impl<'a> Estate<'a> {
    fn new(environment: Option<&str>, done: &'a [Done], options: &ScanOptions<'_>) -> Self {
        let units = || done.iter().filter(|one| one.evaluated.every_environment || one.unit.environment.as_deref() == environment);
        Self {
            index: Index::new(units().flat_map(|one| &one.evaluated.resources)),
            opaque: units().flat_map(|one| one.evaluated.opaque.iter().cloned()).collect(),
            settings: (options.settings)(environment).in_environment(environment.map(Arc::from)),
        }
    }
}

fn judge_unit<'a>(unit: usize, one: &'a Done, estates: &HashMap<Option<&str>, Estate<'_>>, options: &ScanOptions<'_>) -> Judged<'a> {
    let mut judged = Judged::default();
    let index = Index::new(&one.evaluated.resources);
    for resource in one.evaluated.resources.iter().filter(|resource| !resource.existing) {
        let mut environment = one.unit.environment.as_deref();
        if one.evaluated.every_environment
            && let Some(own) = resource.environment.as_deref()
        {
            // A job for staging says nothing about production.
            if options.environment.as_deref().is_some_and(|asked| !asked.eq_ignore_ascii_case(own)) {
                continue;
            }
            environment = Some(own);
        }
        let Some(estate) = estates.get(&environment) else { continue };
        let world = World::new(&index).with_environment(&estate.index).with_opaque(&estate.opaque).closed(options.closed_world);
        for rule in options.rules.for_kind(&resource.kind) {
            let judgement = rule.judge(resource, &world, &estate.settings);
            let verdict = judgement.verdict.clone();
            if matches!(verdict, Verdict::NotApplicable) {
                continue;
            }
            let count = judged.1.entry(rule.info().id.clone()).or_default();
            match verdict {
                Verdict::Pass => count.passes(resource),
                Verdict::Fail => count.fail += 1,
                _ => count.unknown += 1,
            }
            if !matches!(verdict, Verdict::Pass) && rule.info().severity >= options.min_severity {
                judged.0.push(Raised { unit, resource, rule: Arc::clone(rule), judgement });
            }
        }
    }
    judged
}
