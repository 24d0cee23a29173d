//! Whether a text is a workflow or a pipeline: by the keys at its margin, without parsing it.

use std::collections::HashSet;

/// What a YAML text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// GitHub Actions.
    GitHub,
    /// Azure Pipelines.
    Azure,
}

/// Most lines that are looked at.
const LINES: usize = 5_000;

/// The system that `text` is for.
pub fn recognise(path: &str, text: &str) -> Option<System> {
    let lower = path.to_ascii_lowercase();
    if !(lower.ends_with(".yml") || lower.ends_with(".yaml")) {
        return None;
    }
    let keys: HashSet<&str> = text.trim_start_matches('\u{feff}').lines().take(LINES).filter_map(key).collect();
    let has = |key: &str| keys.contains(key);
    let name = lower.rsplit('/').next().unwrap_or_default();
    if lower.contains(".github/workflows/") || (has("on") && has("jobs")) {
        // A file in that folder is a workflow, whatever is wrong with it.
        return Some(System::GitHub);
    }
    if matches!(name, "action.yml" | "action.yaml") && has("runs") {
        return Some(System::GitHub);
    }
    if name.starts_with("azure-pipelines") || name.starts_with("azure_pipelines") {
        return Some(System::Azure);
    }
    let runs = has("stages") || has("jobs") || has("steps");
    if lower.contains("azure-pipelines/") && (runs || has("extends")) && !has("on") {
        return Some(System::Azure);
    }
    let others = has("services") || has("image") || has("version") || has("apiVersion") || has("language") || has("on");
    let speaks = ["- task:", "- stage:", "- deployment:", "vmImage:"].iter().any(|word| text.contains(word));
    let extends = has("extends") && text.contains("template:");
    let starts = has("trigger") || has("pr") || has("pool") || has("stages") || has("parameters");
    (!others && ((runs && speaks) || extends) && starts).then_some(System::Azure)
}

/// The key at the margin of a line.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    let key = key.trim_end().trim_matches(['"', '\'']);
    (!key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides_and_other_yaml_is_left_alone() {
        assert_eq!(recognise("ci/a.yml", "on: push\njobs:\n  a: {}\n"), Some(System::GitHub));
        assert_eq!(recognise("b.yaml", "trigger: [main]\npool:\n  vmImage: x\nsteps:\n- task: A@1\n"), Some(System::Azure));
        for text in ["services:\n  web:\n    image: x\n", "name: x\nsteps: 3\n", "jobs:\n  a: 1\n", ""] {
            assert_eq!(recognise("c.yml", text), None, "{text}");
        }
        assert_eq!(recognise("a.json", "on: push\njobs: {}\n"), None);
    }
}
