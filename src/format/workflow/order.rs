//! Which jobs come before and after a job.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::environment;
use super::plan::Plan;
use crate::model::Value;

/// For each job, by its place in the plan: the jobs that it waits for, and those that wait for it, directly or not.
pub struct Order {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    kinds: Vec<Value>,
}

impl Order {
    /// The order of `plan`. Circles end; names that no job has are passed over.
    pub fn new(plan: &Plan) -> Self {
        let ids: HashMap<&Arc<str>, usize> = plan.jobs.iter().enumerate().map(|(index, job)| (&job.id, index)).collect();
        let needs: Vec<Vec<usize>> = plan.jobs.iter().map(|job| job.needs.iter().filter_map(|id| ids.get(id).copied()).collect()).collect();
        let mut dependants: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
        for (index, list) in needs.iter().enumerate() {
            for &need in list {
                if let Some(list) = dependants.get_mut(need) {
                    list.push(index);
                }
            }
        }
        let kinds = plan.jobs.iter().map(environment::kind).collect();
        Self { before: closures(&needs), after: closures(&dependants), kinds }
    }

    /// The kind of environment that `job` deploys to.
    pub fn kind(&self, job: usize) -> Value {
        self.kinds.get(job).cloned().unwrap_or_else(Value::null)
    }

    /// The jobs before `job`.
    pub fn before(&self, job: usize) -> &[usize] {
        self.before.get(job).map_or(&[], Vec::as_slice)
    }

    /// The jobs after `job`.
    pub fn after(&self, job: usize) -> &[usize] {
        self.after.get(job).map_or(&[], Vec::as_slice)
    }
}

/// Most steps of all closures together: thousands of jobs that all need each other would take for ever.
const BUDGET: usize = 2_000_000;

fn closures(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut left = BUDGET;
    let closure = |start: usize| {
        let mut seen = HashSet::new();
        let mut waiting: Vec<usize> = edges.get(start).cloned().unwrap_or_default();
        while let Some(next) = waiting.pop() {
            left = left.saturating_sub(1);
            if left == 0 || next == start || !seen.insert(next) {
                continue;
            }
            waiting.extend(edges.get(next).into_iter().flatten());
        }
        let mut found: Vec<usize> = seen.into_iter().collect();
        found.sort_unstable();
        found
    };
    (0..edges.len()).map(closure).collect()
}
