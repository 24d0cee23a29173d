use std::sync::Arc;

use super::example::Example;
use super::message::Message;
use super::{environment, file};
use crate::model::{RuleInfo, Value};
use crate::policy::condition::{Aliases, Condition};
use crate::policy::settings::Parameter;
use crate::policy::text::Problem;

/// A rule: what people read of it, the condition, and its own proof.
#[derive(Debug)]
pub struct Rule {
    pub(super) info: RuleInfo,
    pub(super) file: Arc<str>,
    pub(super) targets: Vec<String>,
    pub(super) environments: Vec<String>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) when: Option<Condition>,
    /// What must hold; of a `forbid`, the opposite of what is written.
    pub(super) require: Condition,
    pub(super) message: Message,
    pub(super) message_text: String,
    pub(super) examples: Vec<Example>,
    pub(super) aliases: Arc<Aliases>,
    /// The conditions as they are written, to find rules that say the same.
    pub(super) written: Value,
}

/// What a rule that no file of ours describes is made of.
pub(crate) struct RuleParts {
    pub info: RuleInfo,
    pub file: Arc<str>,
    pub parameters: Vec<Parameter>,
    pub when: Option<Condition>,
    pub require: Condition,
    pub message: &'static str,
    pub aliases: Arc<Aliases>,
    pub written: Value,
}

impl Rule {
    pub(crate) fn from_parts(parts: RuleParts) -> Self {
        let targets = ["arm", "bicep", "terraform", "live"].map(str::to_owned).to_vec();
        let message = Message::parse(parts.message).unwrap_or_default();
        Self {
            info: parts.info,
            file: parts.file,
            targets,
            environments: Vec::new(),
            parameters: parts.parameters,
            when: parts.when,
            require: parts.require,
            message,
            message_text: parts.message.to_owned(),
            examples: Vec::new(),
            aliases: parts.aliases,
            written: parts.written,
        }
    }

    /// Reads a rule file. `file` is the name that problems carry.
    ///
    /// # Errors
    /// The first thing that is wrong with it: where, what and the cure.
    pub fn parse(file: &str, text: &str, aliases: &Arc<Aliases>) -> Result<Self, Problem> {
        file::read(file, text, aliases)
    }

    /// What people read of it.
    pub const fn info(&self) -> &RuleInfo {
        &self.info
    }

    /// The file that it was read from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The kinds that it judges; `*` stands for every deployed ARM resource.
    pub fn kinds(&self) -> &[String] {
        &self.info.kinds
    }

    /// Where it can run: `arm`, `bicep`, `terraform`, `live`, `workflow` …
    pub fn targets(&self) -> &[String] {
        &self.targets
    }

    /// The environments that it judges; all where empty.
    pub fn environments(&self) -> &[String] {
        &self.environments
    }

    /// The parameters that it declares.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The parameter of that name, in any case.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    }

    /// Its own proof: resources and what it says of them.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The message with its placeholders.
    pub fn message(&self) -> &str {
        &self.message_text
    }

    /// Its conditions (`when`, `require` or `forbid`) as they are written.
    pub const fn written(&self) -> &Value {
        &self.written
    }

    /// Whether it judges resources of `kind`.
    pub fn applies_to(&self, kind: &str) -> bool {
        self.info.kinds.iter().any(|own| own.eq_ignore_ascii_case(kind) || (own == "*" && is_deployed(kind)))
    }

    /// Whether it judges units of `environment`.
    pub fn applies_in(&self, environment: Option<&str>) -> bool {
        let named = |environment: &str| self.environments.iter().any(|own| environment::same(own, environment));
        self.environments.is_empty() || environment.is_some_and(named)
    }
}

/// Whether `kind` is a type of Azure Resource Manager: its namespace has a dot. Other front ends use plain words.
pub(super) fn is_deployed(kind: &str) -> bool {
    kind.split_once('/').is_some_and(|(namespace, _)| namespace.contains('.'))
}
