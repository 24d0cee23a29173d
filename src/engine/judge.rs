//! Every rule of a resource's kind, on every resource of every unit.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::evaluate::Done;
use super::options::ScanOptions;
use crate::model::{Judgement, Resource, Verdict};
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
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Resources that pass.
    pub pass: usize,
    /// Resources that fail.
    pub fail: usize,
    /// Resources that could not be judged.
    pub unknown: usize,
}

/// What judging gave: what was raised, in the order of units and resources, and counts by rule id.
pub type Judged<'a> = (Vec<Raised<'a>>, BTreeMap<String, Count>);

/// Judges everything.
pub fn judge<'a>(done: &'a [Done], options: &ScanOptions<'_>) -> Judged<'a> {
    options.progress.stage("judging", done.len());
    let mut groups: HashMap<Option<&str>, Vec<&Done>> = HashMap::new();
    for one in done {
        groups.entry(one.unit.environment.as_deref()).or_default().push(one);
    }
    let indexes: HashMap<Option<&str>, (Index<'_>, Vec<String>, Settings)> = groups
        .into_par_iter()
        .map(|(environment, group)| {
            let index = Index::new(group.iter().flat_map(|one| &one.evaluated.resources));
            let opaque = group.iter().flat_map(|one| one.evaluated.opaque.iter().cloned()).collect();
            let settings = (options.settings)(environment).in_environment(environment.map(Arc::from));
            (environment, (index, opaque, settings))
        })
        .collect();
    let judged: Vec<Judged<'a>> = done
        .par_iter()
        .enumerate()
        .map(|(unit, one)| {
            let Some((estate, opaque, settings)) = indexes.get(&one.unit.environment.as_deref()) else { return Judged::default() };
            let index = Index::new(&one.evaluated.resources);
            let world = World::new(&index).with_environment(estate).with_opaque(opaque).closed(options.closed_world);
            let judged = judge_unit(unit, &one.evaluated.resources, &world, settings, options);
            options.progress.step();
            judged
        })
        .collect();
    let mut all = Judged::default();
    for (raised, counts) in judged {
        all.0.extend(raised);
        for (rule, count) in counts {
            let sum = all.1.entry(rule).or_default();
            sum.pass += count.pass;
            sum.fail += count.fail;
            sum.unknown += count.unknown;
        }
    }
    all
}

fn judge_unit<'a>(unit: usize, resources: &'a [Resource], world: &World<'_>, settings: &Settings, options: &ScanOptions<'_>) -> Judged<'a> {
    let mut judged = Judged::default();
    for resource in resources.iter().filter(|resource| !resource.existing) {
        for rule in options.rules.for_kind(&resource.kind) {
            let judgement = rule.judge(resource, world, settings);
            let verdict = judgement.verdict.clone();
            if matches!(verdict, Verdict::NotApplicable) {
                continue;
            }
            let count = judged.1.entry(rule.info().id.clone()).or_default();
            match verdict {
                Verdict::Pass => count.pass += 1,
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
