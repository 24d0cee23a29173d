use std::collections::BTreeSet;

use rayon::prelude::*;

use super::condition::{Invalid, Origin};
use super::coverage;
use super::finding::{finding, not_auditable};
use super::pass::{Plan, Seen};
use super::redact::Redactor;
use super::register::REGISTER_HEADER;
use super::rule::{Rule, compile};
use super::settings::{Settings, Tap, Tapped as Bytes};
use super::tally::{KindTotals, Tally};
use super::tapped::Tapped;
use super::window;
use crate::log::read::{Batch, Feed, Item, Work, for_each_event, for_each_in_record};
use crate::log::source::{Collected, Input};
use crate::model::{Entry, EntryKind, Finding, Ledger, RuleCount, State};

/// Everything that the logs have to say; parts of a [`Report`](crate::model::Report).
#[derive(Debug, Default)]
pub struct Outcome {
    /// Failures and unknowns, sorted by path, line and rule.
    pub findings: Vec<Finding>,
    /// The rules that ran, sorted by id, with counts.
    pub rules: Vec<RuleCount>,
    /// What became of every log and of every rule that could not run.
    pub ledger: Ledger,
    /// Remarks for people.
    pub notices: Vec<String>,
    /// Events and bytes of each log type.
    pub totals: Vec<KindTotals>,
}

/// Reads every log once and judges the events in it.
///
/// # Errors
/// Where the register cannot be written; and the first rule that is broken, with its name.
pub fn run(collected: Collected, mut settings: Settings<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome { ledger: Ledger { entries: collected.entries }, ..Outcome::default() };
    let mut active: Vec<&Rule> = Vec::new();
    let mut compiled = Vec::new();
    for rule in settings.rules {
        match compile(rule, &settings.parameters) {
            Ok(ready) => {
                active.push(rule);
                compiled.push(ready);
            }
            Err(Invalid::MissingParameter(name)) => {
                outcome.gap(rule, &format!("parameter `{name}` has no value; a profile or --param gives it"));
            }
            Err(error) => return Err(format!("event rule {}: {error}", rule.info.id)),
        }
    }
    let mut mask = settings.redact.then(Redactor::default);
    let mut register = settings.register.take().map(csv::Writer::from_writer);
    if let Some(csv) = &mut register {
        csv.write_record(REGISTER_HEADER).map_err(|error| error.to_string())?;
    }
    let plan = Plan::new(compiled, settings.range, register.is_some());
    let mut all = plan.start();
    let mut files = Files::default();
    let mut overflow = BTreeSet::new();
    stream(collected.inputs, &plan, settings.tap, &mut files, &mut |mut seen| {
        for access in std::mem::take(&mut seen.register) {
            if let Some(csv) = &mut register {
                access.write(csv, mask.as_mut(), settings.conceal).map_err(|error| error.to_string())?;
            }
        }
        for rule in &overflow {
            seen.drop_marks(*rule);
        }
        all.merge(seen);
        // The rule that holds the most is given up, as often as it takes; the others stay whole.
        let mut held = all.marks();
        while held.iter().sum::<usize>() > settings.most_waiting {
            let Some((most, count)) = held.iter_mut().enumerate().max_by_key(|(_, count)| **count) else { break };
            *count = 0;
            all.drop_marks(most);
            overflow.insert(most);
        }
        Ok(())
    })?;
    if let Some(mut csv) = register {
        csv.flush().map_err(|error| error.to_string())?;
    }
    files.settle(&mut outcome);
    let names = std::mem::take(&mut files.names);
    for (at, (rule, ready)) in active.iter().zip(&plan.rules).enumerate() {
        let (events, period) = all.periods.get(at).copied().unwrap_or_default();
        if events == 0 {
            outcome.gap(rule, &coverage::missing(rule));
            continue;
        }
        if overflow.contains(&at) {
            let why =
                format!("more than {} events wait in its window; ask for a shorter time with --since and --until", settings.most_waiting);
            outcome.gap(rule, &why);
            continue;
        }
        let groups = all.groups.get_mut(at).map(std::mem::take).unwrap_or_default();
        let answers = all.answers.get_mut(at).map(std::mem::take).unwrap_or_default();
        let judged = window::judge(ready, groups, &answers, period, settings.now);
        let found: Vec<_> = judged.into_iter().map(|judged| finding(rule, ready, judged, &names, mask.as_mut())).collect();
        let unknown = found.iter().filter(|finding| finding.verdict.is_unknown()).count();
        let fail = found.len() - unknown;
        outcome.rules.push(RuleCount {
            info: rule.info.clone(),
            pass: usize::from(found.is_empty()),
            fail,
            unknown,
            resources: Vec::new(),
        });
        outcome.findings.extend(found);
    }
    outcome.rules.sort_by(|a, b| a.info.id.cmp(&b.info.id));
    outcome.notices.extend(files.tapped.notice());
    outcome.findings.extend(files.tapped.into_findings());
    outcome.findings.sort_by(|a, b| {
        (a.place.path(), a.place.line(), &a.rule, &a.fingerprint).cmp(&(b.place.path(), b.place.line(), &b.rule, &b.fingerprint))
    });
    outcome.ledger.entries.sort();
    Ok(outcome)
}

impl Outcome {
    /// A rule that cannot be judged: never a pass.
    fn gap(&mut self, rule: &Rule, why: &str) {
        self.findings.push(not_auditable(&rule.info, why));
        self.rules.push(RuleCount { info: rule.info.clone(), pass: 0, fail: 0, unknown: 1, resources: Vec::new() });
        let state = State::Unreadable(format!("not auditable: {why}"));
        self.ledger.entries.push(Entry { subject: rule.info.id.clone(), kind: EntryKind::Rule, format: "event rule".into(), state });
    }
}

/// What is known of the logs read so far.
#[derive(Default)]
struct Files {
    names: Vec<String>,
    tallies: Vec<Tally>,
    endings: Vec<crate::log::read::Ending>,
    tapped: Tapped,
}

impl Files {
    fn settle(&mut self, outcome: &mut Outcome) {
        let mut whole = Tally::default();
        let nothing = Tally::default();
        for ending in &self.endings {
            let tally = self.tallies.get(ending.file as usize).unwrap_or(&nothing);
            let mut gaps = tally.gaps();
            gaps.extend(ending.gap.clone());
            let read = !tally.kinds().is_empty();
            let state = match (gaps.is_empty(), read) {
                (true, _) => State::Evaluated,
                (false, true) => State::Partly(gaps),
                (false, false) => State::Unreadable(gaps.join("; ")),
            };
            outcome.ledger.entries.push(Entry { subject: ending.name.clone(), kind: EntryKind::Log, format: tally.format(), state });
        }
        for tally in &self.tallies {
            whole.merge(tally);
        }
        outcome.totals = whole.kinds();
    }
}

/// Reads the next pieces while the workers judge the ones before; merges in order.
fn stream(
    inputs: Vec<Input>,
    plan: &Plan,
    tap: Option<Tap<'_>>,
    files: &mut Files,
    take: &mut dyn FnMut(Seen) -> Result<(), String>,
) -> Result<(), String> {
    let mut feed = Feed::new(inputs);
    let mut batch = feed.next_batch(rayon::current_num_threads() * 2);
    while !batch.items.is_empty() || !batch.endings.is_empty() {
        let width = rayon::current_num_threads() * 2;
        let Batch { items, endings } = batch;
        let (next, judged) =
            rayon::join(|| feed.next_batch(width), || items.par_iter().map(|item| judge(item, plan, tap)).collect::<Vec<_>>());
        for (item, (seen, tally, tapped)) in items.iter().zip(judged) {
            let file = item.log.number as usize;
            if files.names.len() <= file {
                files.names.resize(file + 1, String::new());
                files.tallies.resize(file + 1, Tally::default());
            }
            if let Some(name) = files.names.get_mut(file) {
                name.clone_from(&item.log.name);
            }
            if let Some(known) = files.tallies.get_mut(file) {
                known.merge(&tally);
            }
            for finding in tapped {
                files.tapped.add(finding);
            }
            take(seen)?;
        }
        files.endings.extend(endings);
        batch = next;
    }
    Ok(())
}

fn judge(item: &Item, plan: &Plan, tap: Option<Tap<'_>>) -> (Seen, Tally, Vec<Finding>) {
    let mut seen = plan.start();
    let mut tally = Tally::default();
    let mut faults = Vec::new();
    let origin = Origin { file: &item.log.name, run: &item.log.run };
    let mut each = |event: &crate::log::Event<'_>| plan.observe(&mut seen, &mut tally, event, origin, item.log.number, item.log.hour);
    let mut tapped = Vec::new();
    let mut watch = |line, byte, bytes: &[u8]| {
        if let Some(tap) = tap {
            tapped.extend(tap(Bytes { path: &item.log.name, line, byte, bytes }));
        }
    };
    match &item.work {
        Work::Lines(piece) => {
            watch(piece.line, piece.byte, &piece.bytes);
            for_each_event(piece, item.log.text, &mut each, &mut |fault| faults.push(fault));
        }
        Work::Records(records) => {
            for (line, byte, bytes) in records {
                watch(*line, *byte, bytes);
                for_each_in_record(bytes, *line, *byte, &mut each, &mut |fault| faults.push(fault));
            }
        }
    }
    faults.extend(&item.faults);
    for fault in faults {
        tally.fault(fault);
    }
    (seen, tally, tapped)
}
