use std::sync::Arc;

use super::Definition;
use super::kinds::kinds_of;
use crate::model::{Control, Fix, RuleInfo, Severity, Value};
use crate::policy::condition::Condition;
use crate::policy::rules::{Rule, RuleParts};

impl Definition {
    /// The same as a rule of azward: what `if` calls wrong must not be; of an existence check, what `if` finds must have
    /// its related resource.
    ///
    /// # Errors
    /// A sentence that says why no rule can do what the definition does: modes of data planes are judged inside a cluster
    /// or a vault, and the effect `manual` is for people.
    pub fn into_rule(self) -> Result<Rule, String> {
        if !self.mode.is_empty() && !self.mode.eq_ignore_ascii_case("all") && !self.mode.eq_ignore_ascii_case("indexed") {
            return Err(format!("the mode {} is judged inside the service, not on resources", self.mode));
        }
        if self.effect.as_fixed().and_then(Value::as_str).is_some_and(|effect| effect.eq_ignore_ascii_case("manual")) {
            return Err("the effect is `manual`: a person must attest it".to_owned());
        }
        let kinds = kinds_of(&self.condition).filter(|kinds| !kinds.is_empty()).unwrap_or_else(|| vec!["*".to_owned()]);
        let enabled = self.enabled();
        let title = if self.display_name.is_empty() { self.name.clone() } else { self.display_name.clone() };
        let (when, require) = match self.existence {
            Some(existence) => (Condition::All(vec![enabled, self.condition]), Condition::Related(Box::new(existence))),
            None => (enabled, Condition::Not(Box::new(self.condition))),
        };
        let info = RuleInfo {
            id: format!("azure-policy-{}", kebab(&self.name)),
            title,
            description: self.description,
            severity: Severity::Medium,
            theme: if self.category.is_empty() { "azure-policy".to_owned() } else { kebab(&self.category) },
            kinds,
            fix: Fix::default(),
            sources: Vec::new(),
            controls: vec![Control { framework: "azure-policy".to_owned(), id: self.name }],
        };
        Ok(Rule::from_parts(RuleParts {
            info,
            file: self.file,
            parameters: self.parameters,
            when: Some(when),
            require,
            message: "{name} is what the policy finds: {path} is {actual}",
            aliases: Arc::clone(&self.aliases),
            written: self.written,
        }))
    }
}

fn kebab(text: &str) -> String {
    let mut kebab = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            kebab.push(c.to_ascii_lowercase());
        } else if !kebab.ends_with('-') && !kebab.is_empty() {
            kebab.push('-');
        }
    }
    kebab.trim_end_matches('-').to_owned()
}
