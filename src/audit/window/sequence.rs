use super::Judged;
use crate::audit::condition::Condition;
use crate::audit::group::{Group, Spot};

/// A finding where the last step happened and an earlier one did not, or not in order before it.
pub fn judge(key: String, group: Group, steps: &[(String, Condition)]) -> Option<Judged> {
    let at =
        |step: usize| -> Option<Spot> { group.marks.iter().filter(|(known, _)| usize::from(*known) == step).map(|(_, spot)| *spot).min() };
    let trigger = at(steps.len().checked_sub(1)?)?;
    let mut missing = Vec::new();
    let mut before: Option<(Spot, &str)> = None;
    for (step, (name, _)) in steps.iter().enumerate() {
        match at(step).filter(|spot| *spot <= trigger) {
            None => missing.push(format!("no {name} before it")),
            Some(spot) => {
                if let Some((earlier, earlier_name)) = before
                    && spot < earlier
                {
                    missing.push(format!("{name} before {earlier_name}"));
                }
                before = Some((spot, name.as_str()));
            }
        }
    }
    (!missing.is_empty()).then(|| Judged { key, spot: trigger, group, detail: missing.join(", "), unknown: None })
}
