use include_dir::{Dir, include_dir};

use super::{Rule, RuleError};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies/events");

/// The event rules that azward brings, sorted by id.
///
/// # Errors
/// The first file that is broken.
pub fn builtin() -> Result<Vec<Rule>, RuleError> {
    let mut rules = Vec::new();
    for file in FILES.files() {
        let name = file.path().display().to_string();
        let text = file.contents_utf8().ok_or_else(|| RuleError { name: name.clone(), why: "not UTF-8".into() })?;
        let rule = Rule::read(&name, text)?;
        if format!("{}.yaml", rule.info.id) != name {
            return Err(RuleError { name, why: format!("its id is {}", rule.info.id) });
        }
        rules.push(rule);
    }
    rules.sort_by(|a, b| a.info.id.cmp(&b.info.id));
    Ok(rules)
}
