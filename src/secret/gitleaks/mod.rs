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

/// The rules of `text`.
pub(super) fn import(path: &str, text: &str) -> Result<(Vec<Imported>, Import), ImportError> {
    let config: file::Config =
        toml::from_str(text).map_err(|error| ImportError { path: path.to_owned(), why: error.message().to_owned() })?;
    let mut import = Import::default();
    if let Some(extend) = &config.extend {
        if extend.path.is_some() {
            import.problems.push("`extend.path`: only the rules of this very file were read; give the other file as well".to_owned());
        }
        if extend.use_default == Some(true) {
            import.problems.push("`extend.useDefault`: azward's own detectors stand in for the default rules of gitleaks".to_owned());
        }
    }
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
        let (scanner, import) = Scanner::builtin().with_gitleaks("gitleaks.toml", CONFIG).unwrap();
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
        assert!(Scanner::builtin().with_gitleaks("g.toml", "rules = 3").is_err());
    }
}
