//! A step out of its values, and what it does.

use super::classify::{Fact, Facts, classify};
use super::commands::commands;
use super::plan::Step;
use crate::model::{Files, Span, Value};

/// The words of a step that differ between the two systems.
pub struct Words<'a> {
    /// The key and prefix of what it runs: `uses`, `task`.
    pub uses: &'a str,
    /// Keys of scripts.
    pub scripts: &'a [&'a str],
    /// The key of its inputs: `with`, `inputs`.
    pub inputs: &'a str,
    /// The key of the condition.
    pub condition: &'a str,
    /// The key that lets the job go on.
    pub continues: &'a str,
    /// The key of its name.
    pub name: &'a str,
}

/// Reads one step; anything but an object does nothing.
pub fn step(value: &Value, words: &Words<'_>, files: &Files) -> Step {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let uses = value.get(words.uses).filter(|uses| uses.as_str().is_some()).cloned();
    let inputs = value.get(words.inputs).cloned();
    let mut scripts: Vec<Value> =
        words.scripts.iter().filter_map(|key| value.get(key)).flat_map(|script| commands(script, files)).collect();
    // Inputs of tasks and actions that are scripts themselves.
    for key in ["inlineScript", "script", "azcliversion-script", "run"] {
        scripts.extend(inputs.as_ref().and_then(|inputs| inputs.get(key)).into_iter().flat_map(|script| commands(script, files)));
    }
    let name = text(words.name);
    let mut facts = of_commands(&scripts);
    if let Some(uses) = uses.as_ref().and_then(Value::as_str) {
        facts.join(classify(&format!("{}: {uses}{}", words.uses, flat(inputs.as_ref()))));
    }
    for key in ["publish", "download", "checkout"] {
        if value.get(key).is_some_and(|artifact| artifact.as_str() != Some("none")) {
            facts.join(classify(&format!("{key}: ")));
        }
    }
    // Names help where a script of one's own hides what it does.
    let runs_something = !scripts.is_empty() || uses.is_some();
    if runs_something {
        let lower = name.to_ascii_lowercase();
        for (word, fact) in [
            ("smoke", Fact::SmokeTests),
            ("health check", Fact::SmokeTests),
            ("integration test", Fact::RunsIntegrationTests),
            ("deployment window", Fact::GuardsWindow),
            ("change window", Fact::GuardsWindow),
            ("notify", Fact::Notifies),
            ("rollback", Fact::RollsBack),
            ("roll back", Fact::RollsBack),
        ] {
            if lower.contains(word) {
                facts.add(fact);
            }
        }
    }
    let condition = value.get(words.condition).cloned();
    let place = value.as_object().and_then(|object| object.iter().next()).map_or_else(|| value.span(), |field| field.key_span);
    let place = if name.is_empty() {
        uses.as_ref().map_or(place, |uses| Span::new(place.file, place.start, uses.span().end.max(place.end)))
    } else {
        place
    };
    let mut step = Step {
        place,
        name,
        uses,
        commands: scripts,
        inputs,
        env: value.get("env").cloned(),
        condition,
        continue_on_error: value.get(words.continues).cloned(),
        facts,
        opaque: None,
    };
    if step.condition.as_ref().and_then(Value::as_str).is_some_and(super::plan::is_on_failure) && step.facts.has(Fact::Deploys) {
        step.facts.remove(Fact::Deploys);
        step.facts.add(Fact::RollsBack);
    }
    step
}

/// What commands do.
pub fn of_commands(commands: &[Value]) -> Facts {
    let mut facts = Facts::default();
    for command in commands.iter().filter_map(Value::as_str) {
        facts.join(classify(command));
    }
    facts
}

/// The plain inputs in one line.
pub fn flat(inputs: Option<&Value>) -> String {
    let mut line = String::new();
    for field in inputs.and_then(Value::as_object).into_iter().flatten() {
        let value = match field.value.as_str() {
            Some(text) if text.len() < 400 => text.replace('\n', " "),
            Some(_) => continue,
            None => field.value.as_bool().map(|flag| flag.to_string()).unwrap_or_default(),
        };
        line.push_str(&format!(" {}: {value}", field.key));
    }
    line
}

impl Step {
    /// The place of what makes `fact` true: the command, else the action, else the step.
    pub fn place_of(&self, fact: Fact) -> Span {
        let command = self.commands.iter().find(|command| command.as_str().is_some_and(|text| classify(text).has(fact)));
        command.or(self.uses.as_ref()).map_or(self.place, Value::span)
    }

    /// The slot other than production that it deploys to.
    pub fn slot(&self) -> Option<String> {
        if self.facts.has(Fact::SwapsSlot) {
            return None;
        }
        let by_input = ["slot-name", "slotName", "deployToSlotOrASE"].iter().find_map(|key| self.inputs.as_ref()?.get(key)?.as_str());
        let by_command = self.commands.iter().filter_map(Value::as_str).find_map(|command| {
            let mut words = command.split([' ', '=']);
            words.by_ref().find(|word| matches!(*word, "--slot" | "-s"))?;
            words.next().filter(|_| command.contains("az webapp") || command.contains("az functionapp"))
        });
        by_input.or(by_command).filter(|slot| !slot.eq_ignore_ascii_case("production")).map(str::to_owned)
    }

    /// How it lets a failure pass, and where.
    pub fn ignores_failure(&self) -> Option<Value> {
        const TRICKS: [&str; 6] = ["|| true", "|| :", "|| exit 0", "||true", "--exit-zero", "|| echo"];
        let continues = self.continue_on_error.as_ref().filter(|flag| flag.as_bool() == Some(true) || flag.as_str() == Some("true"));
        if let Some(flag) = continues {
            return Some(Value::str("continue-on-error").used_at(flag.span()));
        }
        self.commands.iter().find_map(|command| {
            let text = command.as_str()?;
            // A command that is no gate, in a step that is one, may fail as it likes.
            let gate = [Fact::RunsTests, Fact::Lints, Fact::ScansSecurity, Fact::SmokeTests, Fact::Migrates]
                .iter()
                .any(|fact| classify(text).has(*fact));
            let trick = TRICKS.iter().find(|trick| text.contains(**trick)).filter(|_| gate)?;
            Some(Value::str(*trick).used_at(command.span()))
        })
    }
}
