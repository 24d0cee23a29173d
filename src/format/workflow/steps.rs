//! The steps of a job as rules see them.

use super::classify::Fact;
use super::plan::{Job, Step};
use crate::model::{Kind, Object, Value};

/// The list of steps.
pub fn list(job: &Job) -> Value {
    Value::array(job.steps.iter().map(one).collect()).used_at(job.place)
}

fn one(step: &Step) -> Value {
    let mut body = Object::new();
    body.set("name", Value::at(Kind::Str(step.name.as_str().into()), step.place));
    if let Some(uses) = &step.uses {
        body.set("uses", uses.clone());
        let text = uses.as_str().unwrap_or_default();
        let (action, reference) = text.split_once('@').unwrap_or((text, ""));
        for (key, value) in
            [("action", action), ("ref", reference), ("owner", action.split('/').next().unwrap_or_default()), ("pinned", pinned(text))]
        {
            body.set(key, Value::at(Kind::Str(value.into()), uses.span()));
        }
        let major = reference.split('.').next().unwrap_or_default();
        body.set("major", Value::at(Kind::Str(format!("{action}@{major}").to_ascii_lowercase().into()), uses.span()));
    }
    if !step.commands.is_empty() {
        body.set("commands", Value::array(step.commands.clone()));
    }
    let own = [("with", &step.inputs), ("env", &step.env), ("if", &step.condition), ("continueOnError", &step.continue_on_error)];
    for (key, value) in own {
        if let Some(value) = value {
            body.set(key, value.clone());
        }
    }
    let does = Fact::ALL.iter().filter(|(_, fact)| step.facts.has(*fact));
    body.set("does", Value::array(does.map(|(name, fact)| Value::at(Kind::Str((*name).into()), step.place_of(*fact))).collect()));
    Value::object(body).used_at(step.place)
}

/// How firmly a reference names what runs: `sha`, `tag`, `branch`, `local`, or `none` without any reference.
pub fn pinned(uses: &str) -> &'static str {
    if uses.starts_with("./") || uses.starts_with(".\\") {
        return "local";
    }
    let Some((_, reference)) = uses.split_once('@') else { return if uses.starts_with("docker://") { "tag" } else { "none" } };
    let hex = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let version = reference.strip_prefix(['v', 'V']).unwrap_or(reference);
    if hex(reference, 40) || hex(reference, 64) || reference.strip_prefix("sha256:").is_some_and(|digest| hex(digest, 64)) {
        "sha"
    } else if version.starts_with(|c: char| c.is_ascii_digit()) {
        "tag"
    } else {
        "branch"
    }
}

/// Commands that paste in text that anybody can write: a title, a branch's name, a comment.
pub fn injections(job: &Job) -> Vec<Value> {
    const SOURCES: [&str; 10] = [
        "github.head_ref",
        "github.event.issue.",
        "github.event.pull_request.title",
        "github.event.pull_request.body",
        "github.event.pull_request.head.",
        "github.event.comment.body",
        "github.event.review.body",
        "github.event.discussion.",
        "github.event.head_commit.",
        "github.event.commits",
    ];
    let commands = job.steps.iter().flat_map(|step| &step.commands);
    let found = commands.filter_map(|command| {
        let text = command.as_str()?;
        let inside = text.split("${{").skip(1).filter_map(|rest| rest.split("}}").next());
        let source = inside.flat_map(|expression| SOURCES.iter().filter(move |source| expression.contains(**source))).next()?;
        let harmless = text.contains(&format!("{source}number")) || text.contains(&format!("{source}sha"));
        (!harmless).then(|| Value::str(*source).used_at(command.span()))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::pinned;

    #[test]
    fn references_are_told_apart() {
        let sha = "b4ffde65f46336ab88eb53be808477a3936bae11";
        let of = [("actions/checkout@v4", "tag"), ("a/b@main", "branch"), ("./x", "local"), ("AzureCLI@2", "tag"), ("a/b", "none")];
        for (uses, wanted) in of {
            assert_eq!(pinned(uses), wanted, "{uses}");
        }
        assert_eq!(pinned(&format!("a/b@{sha}")), "sha");
    }
}
