//! How to mend a finding, in the language of the file or as a command with the names filled in.

use super::judge::Raised;
use crate::model::{Place, Resource};

/// The fix in the language of the file; for what is deployed, the command.
pub fn cure(raised: &Raised<'_>, place: &Place) -> Option<String> {
    if !raised.judgement.verdict.is_fail() {
        return None;
    }
    let fix = &raised.rule.info().fix;
    let path = place.path();
    let own = match path.rsplit('.').next() {
        Some("bicep" | "bicepparam") => fix.bicep.as_ref(),
        Some("tf" | "tfvars") => fix.terraform.as_ref(),
        Some("yml" | "yaml") => fix.workflow.as_ref(),
        Some("json" | "jsonc") => fix.arm.as_ref().or(fix.bicep.as_ref()),
        _ => return fix.cli.as_ref().map(|text| command(text.trim(), raised.resource)).or_else(|| fix.text.clone()),
    };
    own.or(fix.text.as_ref()).map(|text| text.trim().to_owned())
}

/// Fills `{id}` and `--name {name}` with what a shell can take as it stands; other placeholders are left to the reader.
fn command(text: &str, resource: &Resource) -> String {
    let Some(id) = resource.id.as_str().filter(|id| plain(id)) else { return text.to_owned() };
    let mut text = text.replace("{id}", id);
    let segments: Vec<&str> = id.split('/').collect();
    let after =
        |key: &str| segments.windows(2).find_map(|pair| pair.first().filter(|at| at.eq_ignore_ascii_case(key)).and(pair.get(1).copied()));
    // The name of a child needs the name of its parent under an option of its own, which only the rule can know.
    let top = resource.kind.matches('/').count() == 1;
    if let (true, Some(name)) = (top, segments.last()) {
        let mut named = format!("--name {name}");
        if let Some(group) = after("resourceGroups") {
            named.push_str(&format!(" --resource-group {group}"));
        }
        text = text.replace("--name {name}", &named);
        text = text.replace("{name}", name);
    }
    text
}

fn plain(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Span, Value};

    fn resource(kind: &str, id: &str) -> Resource {
        let mut resource = Resource::new(kind, "app".into(), Value::null(), Span::NONE);
        resource.id = id.into();
        resource
    }

    #[test]
    fn a_command_names_what_it_changes() {
        let app = resource("Microsoft.Web/sites", "/subscriptions/s/resourceGroups/rg-1/providers/Microsoft.Web/sites/app");
        assert_eq!(command("az webapp update --name {name} --x", &app), "az webapp update --name app --resource-group rg-1 --x");
        assert_eq!(command("az x --ids {id}", &app), format!("az x --ids {}", app.id.as_str().unwrap()));
    }

    #[test]
    fn what_a_shell_could_read_otherwise_is_left_to_the_reader() {
        let app = resource("Microsoft.Web/sites", "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/a;rm -rf");
        assert_eq!(command("az x --ids {id}", &app), "az x --ids {id}");
        let child = resource("Microsoft.Web/sites/config", "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/a/config/web");
        assert_eq!(command("az x --name {name}", &child), "az x --name {name}");
    }
}
