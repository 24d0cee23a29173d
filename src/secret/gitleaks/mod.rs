//! Rules of gitleaks (`--gitleaks-config gitleaks.toml`), read into detectors.
//!
//! * [`file`]: the TOML as it is written
//! * [`rule`]: one rule, its patterns and what it allows
//!
//! Format: <https://github.com/gitleaks/gitleaks#configuration>. What cannot be taken over is told, rule by rule, never left out silently.

mod file;
mod rule;

pub(super) use rule::Imported;

/// What became of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Rules that were loaded.
    pub loaded: usize,
    /// Rules and settings that were not, and why.
    pub problems: Vec<String>,
}

/// A configuration that is no configuration.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}; expected a gitleaks configuration (TOML with [[rules]])")]
pub struct ImportError {
    /// The file.
    pub path: String,
    /// What is wrong.
    pub why: String,
}

/// How deep configurations may extend one another; gitleaks stops at two.
const DEPTH: usize = 2;

/// Reads a configuration that another one extends, by its path as it is written there.
pub type ReadOther<'a> = dyn Fn(&str) -> Result<String, String> + 'a;

/// The rules of `text`, and those of the files that it extends.
pub(super) fn import(path: &str, text: &str, read: &ReadOther<'_>) -> Result<(Vec<Imported>, Import), ImportError> {
    let mut import = Import::default();
    let config = gather(path, text, read, DEPTH, &mut import.problems)?;
    let shared = rule::allowances(config.allowlist.iter().chain(&config.allowlists), "the global allowlist", &mut import.problems);
    let mut rules = Vec::new();
    for raw in &config.rules {
        match rule::build(raw, &shared, &mut import.problems) {
            Ok(built) => rules.push(built),
            Err(why) => import.problems.push(format!("rule `{}`: {why}", raw.id)),
        }
    }
    import.loaded = rules.len();
    Ok((rules, import))
}

/// The configuration laid over what it extends: its own rules replace those of the same id, allowlists add up.
fn gather(path: &str, text: &str, read: &ReadOther<'_>, depth: usize, problems: &mut Vec<String>) -> Result<file::Config, ImportError> {
    let mut config: file::Config =
        toml::from_str(text).map_err(|error| ImportError { path: path.to_owned(), why: error.message().to_owned() })?;
    let Some(extend) = config.extend.take() else { return Ok(config) };
    if extend.use_default == Some(true) {
        problems.push("`extend.useDefault`: azward's own detectors stand in for the default rules of gitleaks".to_owned());
    }
    let Some(other) = &extend.path else { return Ok(config) };
    if depth == 0 {
        problems.push(format!("`extend.path` of {path}: configurations extend one another {DEPTH} deep at most; `{other}` was not read"));
        return Ok(config);
    }
    let base = match read(other) {
        Ok(text) => gather(other, &text, read, depth - 1, problems)?,
        Err(why) => {
            problems.push(format!("`extend.path`: `{other}` cannot be read: {why}"));
            return Ok(config);
        }
    };
    let mut rules = base.rules;
    rules.retain(|rule| !extend.disabled_rules.contains(&rule.id) && !config.rules.iter().any(|own| own.id == rule.id));
    rules.append(&mut config.rules);
    config.rules = rules;
    config.allowlists.extend(base.allowlist.into_iter().chain(base.allowlists));
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::super::Scanner;

    const CONFIG: &str = r#"
title = "test"
[allowlist]
paths = ['''(^|/)vendor/''']
[[rules]]
id = "acme-token"
description = "ACME token"
regex = '''(?i)acme[a-z_ .\-,]{0,25}=\s*"?(acme_[a-z0-9]{20})"?'''
secretGroup = 1
entropy = 3.0
keywords = ["acme"]
[[rules.allowlists]]
stopwords = ["abcd"]
[[rules]]
id = "by-path"
path = '''\.acmekey$'''
[[rules]]
id = "brace"
regex = '''x{{[0-9]{4}}}'''
[[rules]]
id = "broken"
regex = '''(?=lookahead)'''
"#;

    #[test]
    fn rules_are_loaded_and_the_others_are_told() {
        let (scanner, import) = Scanner::builtin().with_gitleaks("gitleaks.toml", CONFIG, &nothing).unwrap();
        assert_eq!(import.loaded, 3, "{:?}", import.problems);
        assert!(import.problems.iter().any(|problem| problem.contains("broken") && problem.contains("look")), "{:?}", import.problems);
        let found = |path: &str, text: &str| scanner.scan(path, text.as_bytes()).iter().any(|hit| hit.detector.starts_with("gitleaks-"));
        assert!(found("a.txt", "acme_key = \"acme_k3j9x0q2m5n8b1v4c7z6\""));
        assert!(!found("a.txt", "acme_key = \"acme_abcdk3j9x0q2m5n8b1v4\""), "a stop word");
        assert!(!found("a.txt", "acme_key = \"acme_11111111111111111111\""), "low entropy");
        assert!(!found("vendor/a.txt", "acme_key = \"acme_k3j9x0q2m5n8b1v4c7z6\""), "an allowed path");
        assert!(found("my.acmekey", "anything"));
        assert!(found("b.txt", "x{{1234}}"));
    }

    #[test]
    fn nonsense_is_an_error() {
        assert!(Scanner::builtin().with_gitleaks("g.toml", "rules = 3", &nothing).is_err());
    }

    fn nothing(_: &str) -> Result<String, String> {
        Err("not there".to_owned())
    }

    #[test]
    fn a_configuration_extends_another() {
        let text = "[extend]\npath = \"base.toml\"\ndisabledRules = [\"by-path\"]\n[[rules]]\nid = \"own\"\nregex = \"own_[a-z]{9}\"\n";
        let base = |path: &str| if path == "base.toml" { Ok(CONFIG.to_owned()) } else { Err(String::new()) };
        let (scanner, _) = Scanner::builtin().with_gitleaks("g.toml", text, &base).unwrap();
        let ids: Vec<String> = scanner.rules().into_iter().map(|rule| rule.id).filter(|id| id.contains("gitleaks")).collect();
        let has = |id: &str| ids.iter().any(|known| known.ends_with(id));
        assert!(has("acme-token") && has("own") && !has("by-path"), "{ids:?}");
        let (_, import) = Scanner::builtin().with_gitleaks("g.toml", text, &nothing).unwrap();
        assert!(import.problems.iter().any(|problem| problem.contains("`base.toml` cannot be read")), "{:?}", import.problems);
        // One that extends itself ends.
        let own = |_: &str| Ok(text.to_owned());
        let (_, import) = Scanner::builtin().with_gitleaks("g.toml", text, &own).unwrap();
        assert!(import.problems.iter().any(|problem| problem.contains("2 deep")), "{:?}", import.problems);
    }
}
