//! How commands ask an application whether it works.

use std::sync::LazyLock;

use regex::Regex;

static REQUEST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:curl|wget|Invoke-WebRequest|Invoke-RestMethod|iwr|irm|http)\b").ok());
static PATH: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:https?://[^/\s"']+|\$\{?\w+\}?|\$\([\w.]+\)|\}\})(/[\w/.~-]*)"#).ok());
static HEALTH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)health|ready|live|ping|status").ok());
static FAILS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // `--fail`, a group of short flags with `f`, the status in the output, or a pipe into something that looks at the answer.
    Regex::new(r"(?:^|\s)(?:--fail\S*|-[a-zA-Z]*f[a-zA-Z]*)(?:\s|$)|%\{http_code\}|\|\s*(?:grep|jq)\b").ok()
});

/// Adds to `healthPaths` what a request asks for, and to `lenientHealthChecks` a request that does not fail when the answer is an error.
pub fn of_command(text: &str, add: &mut dyn FnMut(&'static str, String)) {
    let is = |pattern: &LazyLock<Option<Regex>>, text: &str| pattern.as_ref().is_some_and(|pattern| pattern.is_match(text));
    if !is(&REQUEST, text) {
        return;
    }
    let paths: Vec<&str> = PATH
        .as_ref()
        .into_iter()
        .flat_map(|pattern| pattern.captures_iter(text))
        .filter_map(|found| found.get(1))
        .map(|found| found.as_str())
        .collect();
    let asked: Vec<&&str> = paths.iter().filter(|path| is(&HEALTH, path)).collect();
    for path in &asked {
        add("healthPaths", (**path).to_owned());
    }
    if !asked.is_empty() && text.contains("curl") && !is(&FAILS, text) {
        add("lenientHealthChecks", "curl without --fail".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::of_command;

    fn of(text: &str) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        of_command(text, &mut |name, item| found.push((name, item)));
        found
    }

    #[test]
    fn a_request_that_cannot_fail_is_told_from_one_that_can() {
        assert_eq!(of("curl --fail https://x.example/health"), [("healthPaths", "/health".to_owned())]);
        assert_eq!(of("curl -fsS $URL/health/ready"), [("healthPaths", "/health/ready".to_owned())]);
        assert_eq!(of("curl -s https://x.example/health").len(), 2);
        assert_eq!(of("S=$(curl -s -o /dev/null -w \"%{http_code}\" \"$URL/health\")").len(), 1);
        assert!(of("curl -LsSf https://astral.sh/uv/install.sh").is_empty());
    }
}
