use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Rule, builtin, rule::is_deployed};
use crate::policy::condition::Aliases;
use crate::policy::definition::Definition;
use crate::policy::text::{Problem, nearest};

/// Rules, found by id and by the kind that they judge.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// Sorted by id.
    rules: Vec<Arc<Rule>>,
    by_kind: HashMap<String, Vec<usize>>,
    /// Those that judge every deployed resource.
    everywhere: Vec<usize>,
}

impl RuleSet {
    /// The rules that ship with azward.
    ///
    /// # Errors
    /// Everything that is wrong with them; `tests/rules/` keeps that empty.
    pub fn builtin() -> Result<Self, Vec<Problem>> {
        Self::load(builtin::files().into_iter().map(|(path, text)| (path, text.to_owned())).collect(), &Arc::new(Aliases::built_in()))
    }

    /// One rule that ships with azward, without reading the others: the id is the file's name.
    pub fn builtin_rule(id: &str) -> Option<Result<Rule, Problem>> {
        let (path, text) = builtin::file(id)?;
        Some(Rule::parse(&path, text, &Arc::new(Aliases::built_in())))
    }

    /// The ids of all rules that ship with azward, sorted, without reading them.
    pub fn builtin_ids() -> Vec<String> {
        let name = |path: String| path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).map(str::to_owned);
        let mut ids: Vec<String> = builtin::files().into_iter().filter_map(|(path, _)| name(path)).collect();
        ids.sort();
        ids
    }

    /// Reads rule files, given as path and text, in parallel. A `.json` file is a definition of Azure Policy.
    ///
    /// # Errors
    /// Every problem of every file, sorted; two rules of one id are a problem too.
    pub fn load(files: Vec<(String, String)>, aliases: &Arc<Aliases>) -> Result<Self, Vec<Problem>> {
        let read: Vec<Result<Rule, Problem>> = files.par_iter().map(|(path, text)| read(path, text, aliases)).collect();
        let (mut rules, mut problems) = (Vec::new(), Vec::new());
        for result in read {
            match result {
                Ok(rule) => rules.push(Arc::new(rule)),
                Err(problem) => problems.push(problem),
            }
        }
        let mut first: HashMap<&str, &str> = HashMap::new();
        for rule in &rules {
            if let Some(other) = first.insert(&rule.info().id, rule.file()) {
                let message = format!("the rule id `{}` is taken by {other}; ids are unique", rule.info().id);
                problems.push(Problem { file: rule.file().into(), line: 1, column: 1, message });
            }
        }
        if problems.is_empty() {
            return Ok(Self::new(rules));
        }
        problems.sort();
        Err(problems)
    }

    /// A set of these rules.
    pub fn new(rules: impl IntoIterator<Item = Arc<Rule>>) -> Self {
        let mut set = Self { rules: rules.into_iter().collect(), ..Self::default() };
        set.rules.sort_by(|a, b| a.info().id.cmp(&b.info().id));
        for (at, rule) in set.rules.iter().enumerate() {
            for kind in rule.kinds() {
                if kind == "*" {
                    set.everywhere.push(at);
                } else {
                    set.by_kind.entry(kind.to_ascii_lowercase()).or_default().push(at);
                }
            }
        }
        set
    }

    /// These rules and those of `other`; where both have an id, `other`'s rule wins: people may replace what ships.
    #[must_use]
    pub fn overlaid(&self, other: &Self) -> Self {
        let kept = self.rules.iter().filter(|rule| other.get(&rule.info().id).is_none());
        Self::new(kept.chain(&other.rules).cloned())
    }

    /// Only the rules that `keep` wants.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&Rule) -> bool) -> Self {
        Self::new(self.rules.iter().filter(|rule| keep(rule)).cloned())
    }

    /// All rules, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter()
    }

    /// The rules that judge `kind`, sorted by id.
    pub fn for_kind(&self, kind: &str) -> impl Iterator<Item = &Arc<Rule>> {
        let own: &[usize] = self.by_kind.get(&kind.to_ascii_lowercase()).map_or(&[], Vec::as_slice);
        let everywhere: &[usize] = if is_deployed(kind) { &self.everywhere } else { &[] };
        let mut all: Vec<usize> = own.iter().chain(everywhere).copied().collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().filter_map(|at| self.rules.get(at))
    }

    /// The rule with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.binary_search_by(|rule| rule.info().id.as_str().cmp(id)).ok().and_then(|at| self.rules.get(at))
    }

    /// The id that `word` was most likely meant to be.
    pub fn nearest(&self, word: &str) -> Option<&str> {
        nearest(word, self.rules.iter().map(|rule| rule.info().id.as_str()))
    }

    /// How many rules.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

fn read(path: &str, text: &str, aliases: &Arc<Aliases>) -> Result<Rule, Problem> {
    if !path.to_ascii_lowercase().ends_with(".json") {
        return Rule::parse(path, text, aliases);
    }
    let rule = Definition::parse(path, text, aliases)?.into_rule();
    rule.map_err(|message| Problem { file: path.into(), line: 1, column: 1, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_definitions_are_found_by_kind_and_faults_by_file() {
        let head = "title: t\ndescription: d\nseverity: low\ntheme: t\nmessage: m\nrequire: { field: a, equals: 1 }";
        let own = |id: &str, kind: &str| (format!("{id}.yaml"), format!("id: {id}\nkind: {kind}\n{head}\n"));
        let definition =
            r#"{ "mode": "All", "policyRule": { "if": { "field": "type", "equals": "N.S/a" }, "then": { "effect": "deny" } } }"#;
        let aliases = Arc::new(Aliases::built_in());
        let load = |files: Vec<(String, String)>| RuleSet::load(files, &aliases);
        let rules =
            load(vec![own("b", "N.S/a"), own("a", "'*'"), own("c", "GitHub/workflows"), ("p.json".into(), definition.into())]).unwrap();
        let of = |kind: &str| rules.for_kind(kind).map(|rule| rule.info().id.as_str()).collect::<Vec<_>>();
        assert_eq!(of("n.s/A"), ["a", "azure-policy-p", "b"]);
        assert_eq!(of("GitHub/workflows"), ["c"]);
        let problems =
            load(vec![own("b", "N.S/a"), ("x.yaml".into(), "id: [".into()), (String::from("y.yaml"), own("b", "N.S/a").1)]).unwrap_err();
        assert_eq!(problems.len(), 2);
        assert!(problems.iter().any(|problem| problem.message.contains("the rule id `b` is taken by b.yaml")));
    }
}
