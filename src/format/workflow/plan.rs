//! What GitHub Actions and Azure Pipelines have in common: jobs that need others, and steps.

use std::sync::Arc;

use super::classify::Facts;
use crate::model::{Object, Span, Value};

/// A workflow or pipeline.
#[derive(Debug, Default)]
pub struct Plan {
    /// Its own properties, as read: name, triggers, permissions ….
    pub body: Object,
    /// Every job, in the order of the file.
    pub jobs: Vec<Job>,
    /// Stages (Azure Pipelines alone): name, place, own properties.
    pub stages: Vec<Stage>,
    /// Why gates may have run where this file does not show it: it follows another workflow, or uses a template from elsewhere.
    pub elsewhere: Option<Arc<str>>,
    /// The same for what follows: it is only a part of another workflow.
    pub is_part: bool,
    /// When it runs.
    pub triggers: Object,
}

/// A stage of Azure Pipelines.
#[derive(Debug)]
pub struct Stage {
    /// Its name.
    pub name: Arc<str>,
    /// Where it is named.
    pub place: Span,
    /// Its own properties.
    pub body: Object,
}

/// A job.
#[derive(Debug)]
pub struct Job {
    /// Its id, unique in the plan.
    pub id: Arc<str>,
    /// Where it is named.
    pub place: Span,
    /// Its stage, in Azure Pipelines.
    pub stage: Option<Arc<str>>,
    /// Its own properties, as read.
    pub body: Object,
    /// Ids of the jobs that it waits for.
    pub needs: Vec<Arc<str>>,
    /// The name of the environment that it deploys to.
    pub environment: Option<Value>,
    /// The condition under which it runs.
    pub condition: Option<Value>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What it calls is not here.
    pub opaque: Option<Arc<str>>,
}

/// A step.
#[derive(Debug)]
pub struct Step {
    /// Where it starts.
    pub place: Span,
    /// What people call it.
    pub name: String,
    /// The action or task that it runs, as written.
    pub uses: Option<Value>,
    /// Its script, split into commands.
    pub commands: Vec<Value>,
    /// Its inputs.
    pub inputs: Option<Value>,
    /// Its variables.
    pub env: Option<Value>,
    /// The condition under which it runs.
    pub condition: Option<Value>,
    /// Whether the job goes on when it fails.
    pub continue_on_error: Option<Value>,
    /// What it does.
    pub facts: Facts,
    /// What it calls is not here.
    pub opaque: Option<Arc<str>>,
}

impl Job {
    /// Whether it, or what it stands for, is a way back.
    pub fn is_rollback(&self) -> bool {
        let name = self.body.get("name").or_else(|| self.body.get("displayName")).and_then(Value::as_str).unwrap_or_default();
        let text = format!("{} {name}", self.id).to_ascii_lowercase();
        let on_failure = self.condition.as_ref().and_then(Value::as_str).is_some_and(is_on_failure);
        text.contains("rollback") || text.contains("roll-back") || text.contains("roll back") || on_failure
    }
}

/// Whether a condition means: only when something went wrong.
pub fn is_on_failure(condition: &str) -> bool {
    condition.contains("failure()") || condition.contains("failed()") || condition.contains("== 'failure'")
}
