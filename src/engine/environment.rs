use std::sync::Arc;

use crate::model::{Resource, Unit};

/// How an environment is recognised: patterns over file names, then tags.
///
/// The order is: a parameter file's name, the template's own name, a folder on the path, the `environment` tag of the
/// unit's resources. The first that says something decides. What lies in a folder of tests (`tests`, `e2e`) is code that tests
/// something, and its `main.test.bicep` is no test environment.
#[derive(Clone, Debug)]
pub struct Environments {
    /// Each environment with the words that stand for it, lower case.
    pub words: Vec<(String, Vec<String>)>,
    /// Tags whose value names the environment.
    pub tags: Vec<String>,
}

impl Default for Environments {
    fn default() -> Self {
        let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect();
        Self {
            words: vec![
                ("production".into(), words(&["production", "prod", "prd", "live"])),
                ("staging".into(), words(&["staging", "stage", "stg", "uat", "preprod", "acceptance", "acc"])),
                ("test".into(), words(&["test", "tst", "qa", "integration"])),
                ("development".into(), words(&["development", "dev", "develop", "sandbox", "local"])),
            ],
            tags: ["environment", "env", "stage"].map(str::to_owned).to_vec(),
        }
    }
}

impl Environments {
    /// The environment that `word` stands for.
    pub fn named(&self, word: &str) -> Option<&str> {
        let word = word.to_ascii_lowercase();
        self.words.iter().find(|(name, words)| *name == word || words.contains(&word)).map(|(name, _)| name.as_str())
    }

    /// The environment that a file name says: one of its words, `app.prod.parameters.json`.
    pub fn of_file_name(&self, path: &str) -> Option<&str> {
        let name = path.rsplit('/').next().unwrap_or(path);
        // The last word wins: `test-suite.prod.json` is production.
        name.split(|c: char| !c.is_ascii_alphanumeric()).rev().find_map(|word| self.named(word))
    }

    /// The environment that a folder on the path says: `environments/prod/main.json`. The nearest folder wins.
    pub fn of_folder(&self, path: &str) -> Option<&str> {
        let (folders, _) = path.rsplit_once('/')?;
        folders.rsplit('/').find_map(|folder| self.named(folder))
    }

    /// The environment of a unit, by the documented order.
    pub fn of_unit(&self, unit: &Unit, template: &str, parameters: Option<&str>, resources: &[Resource]) -> Option<Arc<str>> {
        if unit.environment.is_some() {
            return unit.environment.clone();
        }
        let by_name =
            parameters.and_then(|path| self.of_file_name(path).or_else(|| self.of_folder(path))).or_else(|| self.of_file_name(template));
        let by_path =
            by_name.or_else(|| self.of_folder(template)).filter(|name| !(is_test_code(template) && self.named("test") == Some(name)));
        by_path.or_else(|| self.of_tags(resources)).map(Arc::from)
    }

    /// The environment that the tags say, where all tagged resources agree.
    fn of_tags(&self, resources: &[Resource]) -> Option<&str> {
        let tagged = resources.iter().filter_map(|resource| {
            let tags = resource.body.get("tags")?;
            let value = self.tags.iter().find_map(|name| tags.get(name))?;
            self.named(value.as_str()?)
        });
        let mut found = None;
        for name in tagged {
            if found.is_some_and(|other| other != name) {
                return None;
            }
            found = Some(name);
        }
        found
    }
}

/// Whether a path leads through a folder of tests.
fn is_test_code(path: &str) -> bool {
    path.rsplit('/').skip(1).any(|folder| ["tests", "e2e", "__tests__"].iter().any(|name| folder.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_and_folders_say_the_environment() {
        let environments = Environments::default();
        assert_eq!(environments.of_file_name("infra/test-suite.prod.parameters.json"), Some("production"));
        assert_eq!(environments.of_file_name("infra/main.json"), None);
        assert_eq!(environments.of_folder("environments/prd/eu/main.json"), Some("production"));
        assert_eq!(environments.of_file_name("product.json"), None);
    }

    #[test]
    fn code_that_tests_is_no_test_environment() {
        let environments = Environments::default();
        let unit = Unit { file: crate::model::FileId::NONE, parameters: None, label: String::new(), environment: None };
        let of = |path: &str| environments.of_unit(&unit, path, None, &[]).map(|name| name.to_string());
        assert_eq!(of("storage/tests/e2e/defaults/main.test.bicep"), None);
        assert_eq!(of("infra/test/main.bicep").as_deref(), Some("test"));
        assert_eq!(of("tests/prod/main.bicep").as_deref(), Some("production"));
    }
}
