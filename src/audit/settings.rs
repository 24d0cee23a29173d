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
}

impl<'a> Settings<'a> {
    /// These rules, everything else as it is by default.
    pub const fn new(rules: &'a [Rule]) -> Self {
        Self { rules, parameters: BTreeMap::new(), range: None, now: None, redact: false, register: None, tap: None }
    }
}
