use super::rule::Rule;
use crate::log::LogKind;

/// Which logs a rule misses, for people.
pub fn missing(rule: &Rule) -> String {
    let titles: Vec<&str> = rule.info.kinds.iter().filter_map(|kind| LogKind::named(kind)).map(LogKind::title).collect();
    format!("there is no {} among the logs", titles.join(" or "))
}
