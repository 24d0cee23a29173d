use serde::{Deserialize, Serialize};

/// Everything in scope and what became of it: never silently green.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// One entry for each file, log and collector in scope.
    pub entries: Vec<Entry>,
}

/// One file, log or collector.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// Path, log or collector name.
    pub subject: String,
    /// What it is.
    pub kind: EntryKind,
    /// What it was recognised as: `ARM template`, `Key Vault audit log`, `text`.
    pub format: String,
    /// What became of it.
    #[serde(flatten)]
    pub state: State,
}

/// What a ledger entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EntryKind {
    /// A file of the scanned folder.
    File,
    /// A log.
    Log,
    /// A call to Azure.
    Collector,
    /// A rule that could not run.
    Rule,
    /// A commit range or archive.
    History,
}

/// The one state in which each entry ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "state", content = "why", rename_all = "camelCase")]
pub enum State {
    /// Everything in it was judged.
    Evaluated,
    /// Judged, but for these gaps.
    Partly(Vec<String>),
    /// Nothing could be judged, and that is a gap.
    Unreadable(String),
    /// Left out on purpose.
    Skipped(String),
}

impl State {
    /// One state of two that were told of the same thing: a gap beats what was judged, and that beats what was left out.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unreadable(why), _) | (_, Self::Unreadable(why)) => Self::Unreadable(why),
            (Self::Partly(mut gaps), Self::Partly(more)) => {
                for gap in more {
                    if !gaps.contains(&gap) {
                        gaps.push(gap);
                    }
                }
                Self::Partly(gaps)
            }
            (Self::Partly(gaps), _) | (_, Self::Partly(gaps)) => Self::Partly(gaps),
            (Self::Evaluated, _) | (_, Self::Evaluated) => Self::Evaluated,
            (Self::Skipped(why), Self::Skipped(_)) => Self::Skipped(why),
        }
    }
}

impl Ledger {
    /// Entries that are gaps: partly evaluated or unreadable.
    pub fn gaps(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| matches!(entry.state, State::Partly(_) | State::Unreadable(_)))
    }

    /// How many entries are in each state: evaluated, partly, unreadable, skipped.
    pub fn totals(&self) -> [usize; 4] {
        let mut totals = [0; 4];
        for entry in &self.entries {
            let [evaluated, partly, unreadable, skipped] = &mut totals;
            *match entry.state {
                State::Evaluated => evaluated,
                State::Partly(_) => partly,
                State::Unreadable(_) => unreadable,
                State::Skipped(_) => skipped,
            } += 1;
        }
        totals
    }
}
