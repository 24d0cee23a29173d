//! From a plan to resources: the workflow, its stages, its jobs, each with the facts that rules ask for.

use std::sync::Arc;

use super::classify::{Fact, Facts};
use super::order::Order;
use super::plan::{Job, Plan};
use super::variables::Variables;
use super::{details, environment, login, runner, steps, triggers};
use crate::model::{Kind, Object, Resource, Span, Value, Why};

/// The kinds of one system.
pub struct Kinds {
    /// The whole file.
    pub plan: &'static str,
    /// A stage of it.
    pub stage: &'static str,
    /// A job of it.
    pub job: &'static str,
    /// Whether the system is GitHub Actions.
    pub is_github: bool,
}

/// Everything in `plan`, which `path` holds.
pub fn resources(plan: &Plan, kinds: &Kinds, path: &str, root: Span) -> Vec<Resource> {
    let order = Order::new(plan);
    let id = format!("/providers/{}/{}", kinds.plan, path.replace('/', "~"));
    let all: Vec<&Job> = plan.jobs.iter().collect();
    let name =
        plan.body.get("name").filter(|name| name.as_str().is_some()).cloned().unwrap_or_else(|| Value::at(Kind::Str(path.into()), root));
    let mut body = plan.body.clone();
    body.set("type", Value::str(kinds.plan));
    body.set("path", Value::str(path));
    body.set("jobs", Value::array(all.iter().map(|job| Value::at(Kind::Str(Arc::clone(&job.id)), job.place)).collect()));
    if kinds.is_github {
        body.set("unlimitedJobs", unlimited_jobs(&all));
    }
    own_facts(&mut body, &all, root);
    let production = all.iter().enumerate().any(|(at, job)| does(job, Fact::Deploys) && order.kind(at).as_str() == Some("production"));
    body.set("deploysProduction", Value::from(production));
    body.set("triggers", Value::object(plan.triggers.clone()).used_at(root));
    body.set("isPart", Value::at(Kind::Bool(plan.is_part), root));
    body.set("sharedTargets", shared_targets(plan, &order, root));
    details::describe(&mut body, &with_variables(plan, &all), root);
    let mut found = vec![resource(kinds.plan, name, id.clone(), path.to_owned(), body, root)];
    for stage in &plan.stages {
        let jobs: Vec<&Job> = plan.jobs.iter().filter(|job| job.stage.as_ref() == Some(&stage.name)).collect();
        let mut body = stage.body.clone();
        body.set("type", Value::str(kinds.stage));
        own_facts(&mut body, &jobs, stage.place);
        details::describe(&mut body, &with_variables(plan, &jobs), stage.place);
        let name = Value::at(Kind::Str(Arc::clone(&stage.name)), stage.place);
        found.push(resource(kinds.stage, name, format!("{id}/stages/{}", stage.name), stage.name.to_string(), body, stage.place));
    }
    for (index, job) in plan.jobs.iter().enumerate() {
        let mut body = job_body(plan, &order, index, job, kinds.is_github);
        body.set("type", Value::str(kinds.job));
        let name = Value::at(Kind::Str(Arc::clone(&job.id)), job.place);
        let mut made = resource(kinds.job, name, format!("{id}/jobs/{}", job.id.replace('/', "~")), job.id.to_string(), body, job.place);
        made.environment = order.kind(index).as_str().filter(|kind| *kind != "none").map(Arc::from);
        found.push(made);
    }
    found
}

fn resource(kind: &str, name: Value, id: String, address: String, mut body: Object, place: Span) -> Resource {
    body.set("name", name.clone());
    let mut made = Resource::new(kind, name, Value::object(body), place);
    made.id = Value::str(id);
    made.address = address;
    made
}

/// The jobs whose token may do whatever the repository's settings allow, each where that is said, or at the job.
fn unlimited_jobs(jobs: &[&Job]) -> Value {
    let unlimited = jobs.iter().filter_map(|job| match job.body.get("permissions") {
        None => Some((job, job.place)),
        Some(own) => (own.as_str() == Some("write-all")).then(|| (job, own.span())),
    });
    Value::array(unlimited.map(|(job, place)| Value::at(Kind::Str(Arc::clone(&job.id)), place)).collect())
}

/// Whether a job does `fact`; what a job for the worst case deploys is a way back.
fn does(job: &Job, fact: Fact) -> bool {
    match fact {
        Fact::Deploys | Fact::SwapsSlot if job.is_rollback() => false,
        Fact::RollsBack
            if job.is_rollback() && job.steps.iter().any(|step| step.facts.has(Fact::Deploys) || step.facts.has(Fact::RollsBack)) =>
        {
            true
        }
        _ => job.steps.iter().any(|step| step.facts.has(fact)),
    }
}

/// Each fact of `jobs` as a boolean at the place of what makes it true.
fn own_facts(body: &mut Object, jobs: &[&Job], place: Span) {
    for (name, fact) in Fact::ALL {
        let step = jobs.iter().filter(|job| does(job, fact)).find_map(|job| {
            let step = job.steps.iter().find(|step| step.facts.has(fact)).or_else(|| job.steps.first());
            step.map(|step| step.place_of(fact))
        });
        body.set(name, Value::at(Kind::Bool(step.is_some()), step.unwrap_or(place)));
    }
}

fn with_variables<'a>(plan: &'a Plan, jobs: &[&'a Job]) -> Vec<(&'a Job, Variables<'a>)> {
    jobs.iter().map(|job| (*job, Variables::new(&job.body, &plan.body))).collect()
}

/// Names of applications that jobs of two environments deploy to, slots apart.
fn shared_targets(plan: &Plan, order: &Order, place: Span) -> Value {
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut shared = Vec::new();
    for (at, job) in plan.jobs.iter().enumerate().filter(|(_, job)| does(job, Fact::Deploys) && !does(job, Fact::SwapsSlot)) {
        if job.steps.iter().any(|step| step.slot().is_some()) {
            continue;
        }
        let Some(kind) = order.kind(at).as_str().filter(|kind| *kind != "none").map(str::to_owned) else { continue };
        let mut body = Object::new();
        details::describe(&mut body, &with_variables(plan, &[job]), job.place);
        for name in body.get("names").and_then(Value::as_array).unwrap_or_default() {
            let Some(text) = name.as_str().filter(|text| !text.contains("${{") && !text.contains("$(") && !text.starts_with('$')) else {
                continue;
            };
            if seen.iter().any(|(other, of)| other == text && *of != kind) {
                shared.push(name.clone());
            }
            seen.push((text.to_owned(), kind.clone()));
        }
    }
    Value::array(shared).used_at(place)
}

fn job_body(plan: &Plan, order: &Order, index: usize, job: &Job, is_github: bool) -> Object {
    let mut body = job.body.clone();
    let ids = |jobs: &[usize]| {
        Value::array(jobs.iter().filter_map(|&job| plan.jobs.get(job)).map(|job| Value::str(Arc::clone(&job.id))).collect())
    };
    body.set("needs", Value::array(job.needs.iter().map(|need| Value::str(Arc::clone(need))).collect()));
    body.set("needsClosure", ids(order.before(index)));
    if let Some(workflow) = plan.body.get("name") {
        body.set("workflow", workflow.clone());
    }
    if let Some(stage) = &job.stage {
        body.set("stage", Value::str(Arc::clone(stage)));
    }
    if let Some(environment) = &job.environment {
        body.set("environment", environment.clone());
    }
    own_facts(&mut body, &[job], job.place);
    body.set("environmentKind", order.kind(index));
    let first = job.steps.iter().position(|step| step.facts.has(Fact::Deploys)).filter(|_| does(job, Fact::Deploys));
    let deploying = first.and_then(|first| job.steps.get(first)).map_or(job.place, |step| step.place_of(Fact::Deploys));
    let targets = job
        .steps
        .iter()
        .filter_map(|step| step.facts.target.map(|target| Value::at(Kind::Str(target.into()), step.place_of(Fact::Deploys))));
    body.set("deployTargets", Value::array(if first.is_some() { targets.collect() } else { Vec::new() }));
    body.set("before", before(plan, order, index, job, first, deploying));
    body.set("after", after(plan, order, index, job, first, deploying));
    body.set("loginMethods", Value::array(login::methods(job, &plan.body)));
    body.set("bypasses", Value::array(bypasses(job)));
    body.set("exposedSecrets", Value::array(login::exposed(job, &plan.body)));
    body.set("injections", Value::array(steps::injections(job)));
    body.set("secretLiterals", Value::array(login::literals(job, &plan.body)));
    body.set("steps", steps::list(job));
    let variables = Variables::new(&job.body, &plan.body);
    runner::describe(&mut body, job, plan, &variables);
    body.set("runtimes", runner::runtimes(job, &variables));
    body.set("timeoutMinutes", runner::timeout(job, is_github));
    body.set("isRollback", Value::at(Kind::Bool(job.is_rollback()), job.place));
    body.set("isPart", Value::at(Kind::Bool(plan.is_part), job.place));
    body.set("branches", triggers::branches(job, plan, &plan.triggers));
    body.set("triggers", Value::object(plan.triggers.clone()).used_at(job.place));
    let infrastructure = job.steps.iter().find(|step| matches!(step.facts.target, Some("template" | "terraform")));
    let infrastructure = infrastructure.filter(|_| does(job, Fact::Deploys));
    let at = infrastructure.map_or(job.place, |step| step.place_of(Fact::Deploys));
    body.set("deploysInfrastructure", Value::at(Kind::Bool(infrastructure.is_some()), at));
    body.set("smokeBeforeSwap", smoke_before_swap(plan, order, index, job));
    details::describe(&mut body, &[(job, variables)], job.place);
    body
}

/// Whether something asks the application between its deployment to a slot and the swap.
fn smoke_before_swap(plan: &Plan, order: &Order, index: usize, job: &Job) -> Value {
    let swap = job.steps.iter().position(|step| step.facts.has(Fact::SwapsSlot));
    let earlier: Vec<&Job> = order.before(index).iter().filter_map(|&job| plan.jobs.get(job)).collect();
    let own = job.steps.iter().take(swap.unwrap_or(0)).any(|step| step.facts.has(Fact::SmokeTests));
    let before = earlier.iter().any(|job| job.steps.iter().any(|step| step.facts.has(Fact::SmokeTests)));
    let opaque = plan.elsewhere.clone().or_else(|| earlier.iter().find_map(|job| opaque_of(job))).or_else(|| opaque_of(job));
    let place = swap.and_then(|at| job.steps.get(at)).map_or(job.place, |step| step.place_of(Fact::SwapsSlot));
    settled(own || before, opaque.as_ref(), place)
}

/// What is sure to have happened before the first deployment: in the jobs that this one needs, and in its own earlier steps.
fn before(plan: &Plan, order: &Order, index: usize, job: &Job, first: Option<usize>, place: Span) -> Value {
    let earlier: Vec<&Job> = order.before(index).iter().filter_map(|&job| plan.jobs.get(job)).collect();
    let mut facts = Facts::default();
    for step in earlier.iter().flat_map(|job| &job.steps).chain(job.steps.iter().take(first.unwrap_or(usize::MAX))) {
        facts.join(step.facts);
    }
    let opaque = plan.elsewhere.clone().or_else(|| earlier.iter().find_map(|job| opaque_of(job))).or_else(|| opaque_of(job));
    let mut object = of_facts(facts, opaque.as_ref(), place);
    let jobs = || order.before(index).iter().filter_map(|&at| Some((plan.jobs.get(at)?, order.kind(at))));
    let by_job = jobs().any(|(job, kind)| does(job, Fact::Deploys) && environment::is_before_production(&kind));
    let by_slot = job.steps.iter().position(|step| step.slot().is_some() && step.facts.has(Fact::Deploys));
    let by_slot = by_slot.is_some_and(|at| job.steps.iter().skip(at).any(|step| step.facts.has(Fact::SwapsSlot)));
    let slot_before = earlier.iter().flat_map(|job| &job.steps).any(|step| step.facts.has(Fact::Deploys) && step.slot().is_some());
    object.set("deploysStaging", settled(by_job || by_slot || slot_before, opaque.as_ref(), place));
    let migrates = |wanted: &dyn Fn(&Value) -> bool| jobs().any(|(job, kind)| does(job, Fact::Migrates) && wanted(&kind));
    object.set("migratesStaging", Value::at(Kind::Bool(migrates(&environment::is_before_production)), place));
    object.set("migratesProduction", Value::at(Kind::Bool(migrates(&|kind| kind.as_str() == Some("production"))), place));
    Value::object(object)
}

/// What follows the first deployment: in its own later steps, and in the jobs that need this one.
fn after(plan: &Plan, order: &Order, index: usize, job: &Job, first: Option<usize>, place: Span) -> Value {
    let later: Vec<&Job> = order.after(index).iter().filter_map(|&job| plan.jobs.get(job)).collect();
    let mut facts = Facts::default();
    for step in job.steps.iter().skip(first.unwrap_or(0)).chain(later.iter().flat_map(|job| &job.steps)) {
        facts.join(step.facts);
    }
    if later.iter().any(|job| does(job, Fact::RollsBack)) {
        facts.add(Fact::RollsBack);
    }
    let part = plan.elsewhere.clone().filter(|_| plan.is_part);
    let opaque = later.iter().find_map(|job| opaque_of(job)).or_else(|| opaque_of(job)).or(part);
    Value::object(of_facts(facts, opaque.as_ref(), place))
}

fn opaque_of(job: &Job) -> Option<Arc<str>> {
    job.opaque.clone().or_else(|| job.steps.iter().find_map(|step| step.opaque.clone()))
}

fn of_facts(facts: Facts, opaque: Option<&Arc<str>>, place: Span) -> Object {
    let mut object = Object::with_capacity(Fact::ALL.len());
    for (name, fact) in Fact::ALL {
        object.set(name, settled(facts.has(fact), opaque, place));
    }
    object
}

/// What is not seen may still be done by what is not here.
fn settled(seen: bool, opaque: Option<&Arc<str>>, place: Span) -> Value {
    match opaque {
        Some(what) if !seen => Value::unknown(Why::Elsewhere(Arc::clone(what))).used_at(place),
        _ => Value::at(Kind::Bool(seen), place),
    }
}

/// The ways round a gate: failures that are ignored, and deployments that run whatever happened before.
fn bypasses(job: &Job) -> Vec<Value> {
    let is_gate = |facts: Facts| {
        [Fact::RunsTests, Fact::RunsIntegrationTests, Fact::Lints, Fact::ScansSecurity, Fact::SmokeTests, Fact::Migrates, Fact::Deploys]
            .iter()
            .any(|fact| facts.has(*fact))
    };
    let mut found: Vec<Value> =
        job.steps.iter().filter(|step| is_gate(step.facts)).filter_map(super::plan::Step::ignores_failure).collect();
    let whole = job.body.get("continue-on-error").or_else(|| job.body.get("continueOnError"));
    if whole.is_some_and(|flag| flag.as_bool() == Some(true)) && job.steps.iter().any(|step| is_gate(step.facts)) {
        found.extend(whole.map(|flag| Value::str("continue-on-error").used_at(flag.span())));
    }
    if does(job, Fact::Deploys) {
        let conditions = job
            .condition
            .iter()
            .chain(job.steps.iter().filter(|step| step.facts.has(Fact::Deploys)).filter_map(|step| step.condition.as_ref()));
        for condition in conditions {
            let text = condition.as_str().unwrap_or_default();
            let checked = text.contains("result == 'success'") || text.contains("'Succeeded'") || text.contains("succeeded(");
            if !checked
                && let Some(trick) =
                    ["always()", "!cancelled()", "succeededOrFailed()", "not(canceled())"].iter().find(|trick| text.contains(**trick))
            {
                found.push(Value::str(*trick).used_at(condition.span()));
            }
        }
    }
    found
}
