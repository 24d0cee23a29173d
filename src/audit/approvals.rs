use serde_json::Value;

use super::condition::Approval;
use super::rule::yaml;

/// Reads a file of approved changes, YAML or JSON: a list of ids or of records `{id, from, until, resources, requestedBy, approvedBy}`.
///
/// # Errors
/// Says which record is wrong, and how.
pub fn approvals(text: &str) -> Result<Vec<Value>, String> {
    let Value::Array(items) = yaml::read(text)? else { return Err("the file is no list of approvals".into()) };
    for (at, item) in items.iter().enumerate() {
        Approval::read(item).map_err(|why| format!("approval {}: {why}", at + 1))?;
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::approvals;

    #[test]
    fn a_file_of_approvals_is_read_and_mistakes_are_named() {
        let text = "- d-1\n- id: d-2\n  approvedBy: bo\n";
        assert_eq!(approvals(text).map(|items| items.len()), Ok(2));
        assert_eq!(approvals(r#"[{"id": "d-1", "approvedBy": "bo"}]"#).map(|items| items.len()), Ok(1));
        assert_eq!(approvals("- d-1\n- id: d-2\n").unwrap_err(), "approval 2: an approval says `approvedBy`");
        assert!(approvals("a: b").is_err());
    }
}
