//! Profiles: the values that a specification or an organisation asks for, per environment.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::model::{Severity, Value};
use crate::policy::text::{Fields, Node, Origin, nearest, parse_yaml};
use crate::policy::{Problem, RuleSet, Settings};

static PROFILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies/profiles");

/// A profile with everything that it extends, the nearest last.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The name it was asked for by.
    pub name: String,
    /// For people.
    pub title: String,
    /// The specifications whose clauses a report follows.
    pub specifications: Vec<String>,
    layers: Vec<Layer>,
}

#[derive(Clone, Debug, Default)]
struct Layer {
    origin: Arc<str>,
    parameters: Vec<(String, Value, u32)>,
    per_environment: Vec<(String, Vec<(String, Value, u32)>)>,
    off: Vec<(String, u32)>,
    severity: Vec<(String, Severity, u32)>,
    environments: Vec<(String, Vec<String>)>,
    environment_tags: Vec<String>,
}

/// What a profile may name beside resource rules: event rules.
pub struct Beside<'a> {
    /// Whether some such rule (or the named one) has the parameter of this name, in any case.
    pub parameter: &'a dyn Fn(Option<&str>, &str) -> bool,
    /// Whether the word is the id, theme or control of one.
    pub rule: &'a dyn Fn(&str) -> bool,
}

/// Why a profile cannot be used: always something that the user can mend.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Neither a name nor a file.
    #[error("there is no profile `{name}`{hint}; use {known}, or the path of a file")]
    Unknown {
        /// As given.
        name: String,
        /// The nearest name.
        hint: String,
        /// Those that ship.
        known: String,
    },
    /// The chain of `extends` comes back to itself.
    #[error("profile `{0}` extends itself: {1}")]
    Cycle(String, String),
    /// The file cannot be read.
    #[error("the profile `{path}` cannot be read: {message}")]
    Unreadable {
        /// As given.
        path: String,
        /// What the operating system says.
        message: String,
    },
    /// Something in the file is wrong.
    #[error(transparent)]
    Wrong(#[from] Problem),
}

impl Profile {
    /// The names of the profiles that ship, sorted.
    pub fn names() -> Vec<String> {
        let stem = |file: &include_dir::File<'_>| file.path().file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut names: Vec<String> = PROFILES.files().filter_map(stem).collect();
        names.sort();
        names
    }

    /// Reads a profile, by name or by path, and all that it extends.
    ///
    /// # Errors
    /// See [`ProfileError`].
    pub fn load(name: &str) -> Result<Self, ProfileError> {
        let mut profile = Self { name: name.to_owned(), ..Self::default() };
        let mut chain: Vec<String> = Vec::new();
        let mut next = Some((name.to_owned(), PathBuf::new(), None));
        let mut layers = Vec::new();
        while let Some((wanted, folder, at)) = next.take() {
            // What is wrong with a profile that another one extends is said at the line that names it.
            let there = |error: ProfileError| match at.clone() {
                Some((file, line)) => ProfileError::Wrong(Problem { file, line, column: 1, message: error.to_string() }),
                None => error,
            };
            let (origin, text, folder) = find(&wanted, &folder).map_err(there)?;
            if chain.contains(&origin) {
                chain.push(origin.clone());
                return Err(there(ProfileError::Cycle(name.to_owned(), chain.join(" → "))));
            }
            chain.push(origin.clone());
            let (layer, extends, title, specifications) = read(&origin, &text)?;
            if profile.title.is_empty() {
                profile.title = title;
            }
            if profile.specifications.is_empty() {
                profile.specifications = specifications;
            }
            layers.push(layer);
            next = extends.map(|(extends, line)| (extends, folder, Some((Arc::from(origin.as_str()), line))));
        }
        layers.reverse();
        profile.layers = layers;
        Ok(profile)
    }

    /// Parameter values in force in `environment`.
    pub fn settings(&self, environment: Option<&str>) -> Settings {
        let mut settings = Settings::new();
        for layer in &self.layers {
            settings.push_layer();
            for (name, value, _) in &layer.parameters {
                settings.set(name, value.clone());
            }
            let own = layer.per_environment.iter().filter(|(name, _)| environment.is_some_and(|asked| asked.eq_ignore_ascii_case(name)));
            settings.push_layer();
            for (name, value, _) in own.flat_map(|(_, values)| values) {
                settings.set(name, value.clone());
            }
        }
        settings
    }

    /// Whether the profile switches a rule off, by id, theme or specification rule.
    pub fn is_off(&self, rule: &crate::model::RuleInfo) -> bool {
        let names = |word: &str| rule.id == word || rule.theme == word || rule.controls.iter().any(|control| control.id == word);
        self.layers.iter().flat_map(|layer| &layer.off).any(|(word, _)| names(word))
    }

    /// The severity that the profile gives a rule, if it does.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.layers.iter().rev().find_map(|layer| layer.severity.iter().find(|(id, _, _)| id == rule).map(|(_, severity, _)| *severity))
    }

    /// Words that stand for environments, where the profile says them; the nearest layer wins.
    pub fn environments(&self) -> Option<&[(String, Vec<String>)]> {
        self.layers.iter().rev().map(|layer| layer.environments.as_slice()).find(|environments| !environments.is_empty())
    }

    /// Tags that name the environment, where the profile says them.
    pub fn environment_tags(&self) -> Option<&[String]> {
        self.layers.iter().rev().map(|layer| layer.environment_tags.as_slice()).find(|tags| !tags.is_empty())
    }

    /// Everything in the profile that no rule knows: with file, line and the nearest valid name. `beside` are the names of other
    /// kinds of rules that take their values from the same profile.
    pub fn check(&self, rules: &RuleSet, beside: &Beside<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for layer in &self.layers {
            let problem = |line: u32, message: String| Problem { file: Arc::clone(&layer.origin), line, column: 1, message };
            let all = layer.parameters.iter().chain(layer.per_environment.iter().flat_map(|(_, values)| values));
            for (name, value, line) in all {
                let mut settings = Settings::new();
                settings.set(name, value.clone());
                let wrong = settings.check(rules).into_iter();
                let wrong = wrong.filter(|wrong| !wrong.undeclared().is_some_and(|(rule, name)| (beside.parameter)(rule, name)));
                // People wrote it in their own case.
                let own = name.rsplit('.').next().unwrap_or(name);
                let written = |text: String| text.replacen(&format!("`{}`", own.to_lowercase()), &format!("`{own}`"), 1);
                problems.extend(wrong.map(|wrong| problem(*line, written(wrong.to_string()))));
            }
            let known = |word: &str| {
                rules.iter().any(|rule| {
                    let info = rule.info();
                    info.id == word || info.theme == word || info.controls.iter().any(|control| control.id == word)
                })
            };
            let named = layer.off.iter().map(|(word, line)| (word, line)).chain(layer.severity.iter().map(|(word, _, line)| (word, line)));
            for (word, line) in named.filter(|(word, _)| !known(word) && !(beside.rule)(word)) {
                let hint = rules.nearest(word).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                problems.push(problem(*line, format!("there is no rule or theme `{word}`{hint}")));
            }
        }
        problems.sort();
        problems.dedup();
        problems
    }
}

/// Text and origin of a profile, and the folder that its `extends` is relative to.
fn find(wanted: &str, folder: &Path) -> Result<(String, String, PathBuf), ProfileError> {
    if let Some(file) = PROFILES.get_file(format!("{wanted}.yaml"))
        && let Some(text) = file.contents_utf8()
    {
        return Ok((format!("policies/profiles/{wanted}.yaml"), text.to_owned(), PathBuf::new()));
    }
    let path = folder.join(wanted);
    if !wanted.contains(['/', '\\', '.']) && !path.exists() {
        let names = Profile::names();
        let hint = nearest(wanted, names.iter().map(String::as_str)).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(ProfileError::Unknown { name: wanted.to_owned(), hint, known: names.join(", ") });
    }
    let shown = path.display().to_string();
    let text =
        std::fs::read_to_string(&path).map_err(|error| ProfileError::Unreadable { path: shown.clone(), message: error.to_string() })?;
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok((shown, text, folder))
}

/// A layer, what it extends with the line that says so, its title, its specifications.
type Read = (Layer, Option<(String, u32)>, String, Vec<String>);

fn read(file: &str, text: &str) -> Result<Read, Problem> {
    let origin = Origin::new(Arc::from(file));
    let root = parse_yaml(&origin, text)?;
    let mut fields = Fields::new(&origin, &root)?;
    let extends = match fields.take("extends") {
        Some(node) => Some((origin.text(node)?, node.mark.line)),
        None => None,
    };
    let title = fields.text("title")?.unwrap_or_default();
    let specifications = match fields.take("specifications") {
        Some(node) => origin.list(node)?.iter().map(|item| Ok((origin.text(item)?, item.mark))).collect::<Result<Vec<_>, Problem>>()?,
        None => Vec::new(),
    };
    let known: Vec<String> = super::Catalogue::builtin()?.specifications.into_iter().map(|one| one.id).collect();
    if let Some((word, mark)) = specifications.iter().find(|(word, _)| !known.contains(word)) {
        let hint = nearest(word, known.iter().map(String::as_str)).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(origin.problem(*mark, format!("there is no specification `{word}`{hint}; use one of {}", known.join(", "))));
    }
    let specifications = specifications.into_iter().map(|(word, _)| word).collect();
    let mut layer = Layer { origin: Arc::from(file), ..Layer::default() };
    if let Some(node) = fields.take("parameters") {
        layer.parameters = values(&origin, node)?;
    }
    if let Some(node) = fields.take("environments") {
        for entry in origin.map(node)? {
            let mut inner = Fields::new(&origin, &entry.value)?;
            let words = inner.texts("words")?;
            if !words.is_empty() {
                layer.environments.push((entry.key.to_string(), words.into_iter().map(|word| word.to_lowercase()).collect()));
            }
            if let Some(node) = inner.take("parameters") {
                layer.per_environment.push((entry.key.to_string(), values(&origin, node)?));
            }
            inner.finish()?;
        }
    }
    layer.environment_tags = fields.texts("environmentTags")?;
    if let Some(node) = fields.take("off") {
        for item in origin.list(node)? {
            layer.off.push((origin.text(item)?, item.mark.line));
        }
    }
    if let Some(node) = fields.take("severity") {
        for entry in origin.map(node)? {
            let severity = origin.text(&entry.value)?.parse().map_err(|message: String| origin.problem(entry.value.mark, message))?;
            layer.severity.push((entry.key.to_string(), severity, entry.mark.line));
        }
    }
    fields.finish()?;
    Ok((layer, extends, title, specifications))
}

fn values(origin: &Origin, node: &Node) -> Result<Vec<(String, Value, u32)>, Problem> {
    Ok(origin.map(node)?.iter().map(|entry| (entry.key.to_string(), entry.value.to_value(), entry.mark.line)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, text: &str) -> String {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    #[test]
    fn a_profile_extends_others_and_a_circle_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let one = write(folder.path(), "one.yaml", "title: One\nextends: baseline\nparameters:\n  x: 1\n");
        assert_eq!(Profile::load(&one).unwrap().title, "One");
        write(folder.path(), "a.yaml", "extends: b.yaml\n");
        let b = write(folder.path(), "b.yaml", "extends: a.yaml\n");
        let error = Profile::load(&b).unwrap_err().to_string();
        assert!(error.contains("a.yaml:1") && error.contains("extends itself"), "{error}");
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let error = Profile::load("basline").unwrap_err().to_string();
        assert!(error.contains("did you mean `baseline`"), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let bad = write(folder.path(), "bad.yaml", "title: x\nparamters: {}\n");
        let error = Profile::load(&bad).unwrap_err().to_string();
        assert!(error.contains("bad.yaml:2") && error.contains("parameters"), "{error}");
    }
}
