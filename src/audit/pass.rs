use std::collections::HashMap;

use super::condition::{Field, Origin, text};
use super::group::{Group, Spot};
use super::register::Access;
use super::rule::{Compiled, Following};
use super::tally::Tally;
use crate::log::time::Moment;
use crate::log::{Event, LogKind};

/// Parts of a group's key are kept apart by this byte, which no log field has.
pub const SEPARATOR: char = '\u{1f}';
/// Parts of a `followedBy` key: what both events agree in, and what the finding is told apart by.
pub const FOLLOWS: char = '\u{1e}';
/// Before the stretch of time in the key of a `share`.
pub const STRETCH: char = '\u{1d}';
/// Most groups that one rule keeps; what is over goes into one last group.
pub const GROUPS: usize = 50_000;
/// The key of that last group.
pub const OTHERS: &str = "(others)";

/// The compiled rules, sorted by the logs that they need.
pub struct Plan {
    /// The rules.
    pub rules: Vec<Compiled>,
    by_kind: Vec<Vec<usize>>,
    /// Only events in this half-open range count.
    pub range: Option<(Moment, Moment)>,
    /// Whether vault accesses are collected.
    pub register: bool,
}

/// What some events have come to. Merges in the order of the stream.
#[derive(Default)]
pub struct Seen {
    /// Per rule: groups by key.
    pub groups: Vec<HashMap<String, Group>>,
    /// Per rule: times of the answers of `followedBy`, by key.
    pub answers: Vec<HashMap<String, Vec<Moment>>>,
    /// Per rule: how many events of its logs there were, and from when until when.
    pub periods: Vec<(u64, Option<(Moment, Moment)>)>,
    /// Accesses to vaults.
    pub register: Vec<Access>,
}

impl Plan {
    /// Sorts the rules by log type.
    pub fn new(rules: Vec<Compiled>, range: Option<(Moment, Moment)>, register: bool) -> Self {
        let mut by_kind = vec![Vec::new(); LogKind::COUNT];
        for (at, rule) in rules.iter().enumerate() {
            for kind in &rule.kinds {
                if let Some(list) = by_kind.get_mut(*kind as usize) {
                    list.push(at);
                }
            }
        }
        Self { rules, by_kind, range, register }
    }

    /// Nothing seen yet.
    pub fn start(&self) -> Seen {
        let count = self.rules.len();
        Seen {
            groups: vec![HashMap::new(); count],
            answers: vec![HashMap::new(); count],
            periods: vec![(0, None); count],
            register: Vec::new(),
        }
    }

    /// Shows an event to every rule that wants its log.
    pub fn observe(&self, seen: &mut Seen, tally: &mut Tally, event: &Event<'_>, origin: Origin<'_>, file: u32, hour: Option<Moment>) {
        let time = event.time();
        tally.event(event, time, hour);
        let time = time.map(|(moment, _)| moment);
        if let (Some((from, until)), Some(time)) = (self.range, time)
            && !(from..until).contains(&time)
        {
            return;
        }
        if self.register
            && let Some(access) = Access::of(event, origin, time)
        {
            seen.register.push(access);
        }
        let spot = Spot { time, file, line: event.line, byte: event.byte };
        let Some(wanted) = self.by_kind.get(event.kind as usize) else { return };
        for &at in wanted {
            let (Some(rule), Some(groups), Some((count, period)), Some(answers)) =
                (self.rules.get(at), seen.groups.get_mut(at), seen.periods.get_mut(at), seen.answers.get_mut(at))
            else {
                continue;
            };
            *count += 1;
            if let Some(time) = time {
                *period = Some(period.map_or((time, time), |(from, until)| (from.min(time), until.max(time))));
            }
            judge(rule, groups, answers, event, origin, spot);
        }
    }
}

fn judge(
    rule: &Compiled,
    groups: &mut HashMap<String, Group>,
    answers: &mut HashMap<String, Vec<Moment>>,
    event: &Event<'_>,
    origin: Origin<'_>,
    spot: Spot,
) {
    let answer = match &rule.following {
        Following::Related { condition, by, .. } => Some((condition, by.as_slice())),
        Following::Share { unless: Some((condition, _)), .. } => Some((condition, &[][..])),
        _ => None,
    };
    if let Some((condition, by)) = answer
        && condition.holds(event, origin)
        && let Some(time) = spot.time
    {
        answers.entry(key(by, event, origin)).or_default().push(time);
    }
    let own = rule.condition.holds(event, origin);
    match &rule.following {
        Following::Absence { subjects: Some(subjects), within, .. } if !own && subjects.holds(event, origin) => {
            let group = enter(groups, key(&rule.group, event, origin), rule, event, origin, spot);
            group.spans = std::mem::take(&mut group.spans).with_tolerance(*within);
        }
        _ if !own => {}
        Following::Each => {
            let key = key(&rule.group, event, origin);
            count(enter(groups, key, rule, event, origin, spot), event, spot);
        }
        Following::Count { .. } => {
            let group = enter(groups, key(&rule.group, event, origin), rule, event, origin, spot);
            count(group, event, spot);
            group.marks.push((0, spot));
        }
        Following::Absence { within, .. } => {
            let group = enter(groups, key(&rule.group, event, origin), rule, event, origin, spot);
            group.count += 1;
            group.last = group.last.max(spot);
            group.spans = std::mem::take(&mut group.spans).with_tolerance(*within);
            if let Some(time) = spot.time {
                group.spans.add(time);
            }
        }
        Following::Sequence { gate: Some(gate), .. } if !gate.holds(event, origin) => {}
        Following::Sequence { steps, .. } => {
            for (at, (_, condition)) in (0u8..).zip(steps) {
                if condition.holds(event, origin) {
                    let last = usize::from(at) + 1 == steps.len();
                    let group = enter(groups, key(&rule.group, event, origin), rule, event, origin, spot);
                    first_mark(group, at, spot);
                    if last {
                        if group.count == 0 {
                            group.captured = rule.message.capture(event, origin);
                            (group.first, group.last) = (spot, spot);
                        }
                        count(group, event, spot);
                    }
                }
            }
        }
        Following::Related { by, .. } => {
            let key = format!("{}{FOLLOWS}{}", key(by, event, origin), key(&rule.group, event, origin));
            let group = enter(groups, key, rule, event, origin, spot);
            count(group, event, spot);
            group.marks.push((0, spot));
        }
        Following::Share { of, within, .. } => {
            let mut key = key(&rule.group, event, origin);
            match (within, spot.time) {
                (Some(within), Some(time)) => key.push_str(&format!("{STRETCH}{}", time.0.div_euclid(*within))),
                (Some(_), None) => return,
                (None, _) => {}
            }
            let group = enter(groups, key, rule, event, origin, spot);
            count(group, event, spot);
            group.hits += u64::from(of.holds(event, origin));
        }
        Following::Lasting { since, .. } => {
            if spot.time.is_none() {
                return;
            }
            let group = enter(groups, key(&rule.group, event, origin), rule, event, origin, spot);
            count(group, event, spot);
            if since.as_ref().is_some_and(|since| since.holds(event, origin)) {
                if group.marks.is_empty() {
                    group.captured = rule.message.capture(event, origin);
                }
                first_mark(group, 0, spot);
            }
        }
    }
}

/// Of a step only the earliest place matters.
fn first_mark(group: &mut Group, step: u8, spot: Spot) {
    match group.marks.iter_mut().find(|(known, _)| *known == step) {
        Some((_, known)) => *known = (*known).min(spot),
        None => group.marks.push((step, spot)),
    }
}

fn key(fields: &[Field], event: &Event<'_>, origin: Origin<'_>) -> String {
    let mut key = String::new();
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            key.push(SEPARATOR);
        }
        // Ids come in upper case from some services and in lower case from others.
        let text = text(field, event, origin);
        let plain = text.len() <= 512 && text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        if plain {
            let from = key.len();
            key.push_str(&text);
            key.get_mut(from..).unwrap_or_default().make_ascii_lowercase();
        } else {
            key.extend(text.chars().map(|c| c.to_ascii_lowercase()).filter(|c| !c.is_control()).take(512));
        }
    }
    key
}

fn enter<'g>(
    groups: &'g mut HashMap<String, Group>,
    key: String,
    rule: &Compiled,
    event: &Event<'_>,
    origin: Origin<'_>,
    spot: Spot,
) -> &'g mut Group {
    let key = if groups.len() >= GROUPS && !groups.contains_key(&key) { OTHERS.to_owned() } else { key };
    groups.entry(key).or_insert_with(|| Group::at(spot, rule.message.capture(event, origin)))
}

fn count(group: &mut Group, event: &Event<'_>, spot: Spot) {
    group.count += 1;
    group.first = group.first.min(spot);
    group.last = group.last.max(spot);
    group.identities.add(&event.caller());
    if let Some(address) = event.address() {
        group.addresses.add(&address.to_string());
    }
}

impl Seen {
    /// Takes in what a later part of the stream has come to.
    pub fn merge(&mut self, other: Self) {
        for (own, others) in self.groups.iter_mut().zip(other.groups) {
            for (key, group) in others {
                let full = own.len() >= GROUPS && !own.contains_key(&key);
                match own.entry(if full { OTHERS.to_owned() } else { key }) {
                    std::collections::hash_map::Entry::Occupied(mut known) => known.get_mut().merge(group),
                    std::collections::hash_map::Entry::Vacant(place) => {
                        place.insert(group);
                    }
                }
            }
        }
        for (own, others) in self.answers.iter_mut().zip(other.answers) {
            for (key, times) in others {
                own.entry(key).or_default().extend(times);
            }
        }
        for ((count, period), (others, other)) in self.periods.iter_mut().zip(other.periods) {
            *count += others;
            *period = match (*period, other) {
                (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
                (one, two) => one.or(two),
            };
        }
        self.register.extend(other.register);
    }

    /// Forgets the single events of a rule.
    pub fn drop_marks(&mut self, rule: usize) {
        for group in self.groups.get_mut(rule).into_iter().flat_map(HashMap::values_mut) {
            group.marks = Vec::new();
        }
        self.answers.get_mut(rule).into_iter().for_each(HashMap::clear);
    }

    /// How many single events each rule holds for its window.
    pub fn marks(&self) -> Vec<usize> {
        let groups = self.groups.iter().map(|groups| groups.values().map(|group| group.marks.len()).sum::<usize>());
        let answers = self.answers.iter().map(|answers| answers.values().map(Vec::len).sum::<usize>());
        groups.zip(answers).map(|(one, other)| one + other).collect()
    }
}
