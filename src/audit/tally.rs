use crate::log::read::Fault;
use crate::log::time::{HOUR, Moment, SECOND};
use crate::log::{Event, LogKind};

/// How far back the clock of one log may go before it is worth a word.
const BACKWARDS: i64 = 300 * SECOND;
/// How many damaged places a ledger line names.
const NAMED: usize = 5;

/// Events and bytes of one log type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindTotals {
    /// The type.
    pub kind: LogKind,
    /// How many events.
    pub events: u64,
    /// How many bytes they took.
    pub bytes: u64,
}

/// What was read of one log, and what could not be.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    kinds: [(u64, u64); LogKind::COUNT],
    faults: Counted,
    untimed: Counted,
    unzoned: Counted,
    backwards: Counted,
    misplaced: Counted,
    why: Vec<&'static str>,
    first: Option<Moment>,
    last: Option<Moment>,
}

/// How many, and where the first ones are.
#[derive(Clone, Debug, Default)]
struct Counted {
    count: u64,
    bytes: Vec<u64>,
}

impl Counted {
    fn add(&mut self, byte: u64) {
        self.count += 1;
        if self.bytes.len() < NAMED {
            self.bytes.push(byte);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        let room = NAMED - self.bytes.len().min(NAMED);
        self.bytes.extend(other.bytes.iter().take(room));
    }

    fn say(&self, what: &str, gaps: &mut Vec<String>) {
        if self.count == 0 {
            return;
        }
        let bytes = self.bytes.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let more = if self.count as usize > self.bytes.len() { ", …" } else { "" };
        gaps.push(format!("{} {what} (at byte {bytes}{more})", self.count));
    }
}

impl Tally {
    /// Counts an event. `hour` is what the log's folder promises.
    pub fn event(&mut self, event: &Event<'_>, time: Option<(Moment, bool)>, hour: Option<Moment>) {
        if let Some((events, bytes)) = self.kinds.get_mut(event.kind as usize) {
            *events += 1;
            *bytes += event.bytes.len() as u64;
        }
        let structured = !matches!(event.kind, LogKind::Text | LogKind::GithubActions | LogKind::AzurePipelines);
        let Some((moment, zoned)) = time else {
            if structured {
                self.untimed.add(event.byte);
            }
            return;
        };
        if !zoned && structured {
            self.unzoned.add(event.byte);
        }
        if self.last.is_some_and(|last| moment.0 + BACKWARDS < last.0) {
            self.backwards.add(event.byte);
        }
        if hour.is_some_and(|hour| moment.0 < hour.0 - HOUR || moment.0 >= hour.0 + 2 * HOUR) {
            self.misplaced.add(event.byte);
        }
        self.first = self.first.or(Some(moment));
        self.last = Some(moment);
    }

    /// Counts bytes that are no record.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.add(fault.byte);
        if !self.why.contains(&fault.why) {
            self.why.push(fault.why);
        }
    }

    /// Takes in a later part of the same log.
    pub fn merge(&mut self, other: &Self) {
        for (own, others) in self.kinds.iter_mut().zip(&other.kinds) {
            own.0 += others.0;
            own.1 += others.1;
        }
        if let (Some(last), Some(first)) = (self.last, other.first)
            && first.0 + BACKWARDS < last.0
        {
            self.backwards.count += 1;
        }
        self.faults.merge(&other.faults);
        self.untimed.merge(&other.untimed);
        self.unzoned.merge(&other.unzoned);
        self.backwards.merge(&other.backwards);
        self.misplaced.merge(&other.misplaced);
        for why in &other.why {
            if !self.why.contains(why) {
                self.why.push(why);
            }
        }
        self.first = self.first.or(other.first);
        self.last = other.last.or(self.last);
    }

    /// The types that occurred, most events first.
    pub fn kinds(&self) -> Vec<KindTotals> {
        let all = LogKind::ALL.iter().zip(&self.kinds).filter(|(_, (events, _))| *events > 0);
        let mut totals: Vec<_> =
            all.map(|((kind, ..), (events, bytes))| KindTotals { kind: *kind, events: *events, bytes: *bytes }).collect();
        totals.sort_by_key(|total| (std::cmp::Reverse(total.events), total.kind));
        totals
    }

    /// What was recognised, for the ledger.
    pub fn format(&self) -> String {
        match self.kinds().as_slice() {
            [] => "empty log".to_owned(),
            [only] => only.kind.title().to_owned(),
            several => {
                let parts: Vec<_> = several.iter().map(|total| format!("{} ({})", total.kind.title(), total.events)).collect();
                format!("mixed: {}", parts.join(", "))
            }
        }
    }

    /// What a reader must know of this log, with byte offsets.
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        self.faults.say(&format!("damaged records passed over: {}", self.why.join(", ")), &mut gaps);
        self.untimed.say("records without a readable time", &mut gaps);
        self.unzoned.say("times without a zone, read as UTC", &mut gaps);
        self.backwards.say("times the clock goes backwards by more than 5 minutes", &mut gaps);
        self.misplaced.say("records whose time is not of the folder's hour: a wrong time zone?", &mut gaps);
        gaps
    }
}
