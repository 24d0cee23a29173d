use std::collections::BTreeMap;
use std::io::Write;

use crate::log::time::Moment;
use crate::model::Finding;

use super::rule::Rule;

/// Some raw bytes of a log, for whoever looks for other things in the same pass (secrets).
#[derive(Clone, Copy, Debug)]
pub struct Tapped<'a> {
    /// The log.
    pub path: &'a str,
    /// Number of the first line, from 1.
    pub line: u64,
    /// Offset of the first byte in the uncompressed stream.
    pub byte: u64,
    /// Whole lines, or one record.
    pub bytes: &'a [u8],
}

/// Looks at raw bytes from many threads and says what it finds.
pub type Tap<'a> = &'a (dyn Fn(Tapped<'_>) -> Vec<Finding> + Sync);

/// Gives a text with its secrets masked; `None` where it has none.
pub type Conceal<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What a run needs to know.
pub struct Settings<'a> {
    /// The rules to run.
    pub rules: &'a [Rule],
    /// Parameter values by name, from the command line and the profile; they beat the rules' defaults.
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// Only events in this half-open range count.
    pub range: Option<(Moment, Moment)>,
    /// Until when logs were expected: absences are judged up to here. Default: the last event seen.
    pub now: Option<Moment>,
    /// Whether users and addresses are masked in findings and register.
    pub redact: bool,
    /// Where the register of vault reads goes, as CSV.
    pub register: Option<&'a mut (dyn Write + Send)>,
    /// Looks at the raw bytes in the same pass.
    pub tap: Option<Tap<'a>>,
    /// Masks secrets in a text that goes into the register.
    pub conceal: Option<Conceal<'a>>,
    /// Most single events that windows may hold (48 bytes each); a rule whose window would hold more is not auditable.
    pub most_waiting: usize,
}

impl<'a> Settings<'a> {
    /// These rules, everything else as it is by default.
    pub const fn new(rules: &'a [Rule]) -> Self {
        Self {
            rules,
            parameters: BTreeMap::new(),
            range: None,
            now: None,
            redact: false,
            register: None,
            tap: None,
            conceal: None,
            most_waiting: 1_000_000,
        }
    }
}
