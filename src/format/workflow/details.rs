//! What the commands and inputs of a job say in passing: images, roles, settings, paths, things made by hand.

use std::sync::LazyLock;

use regex::Regex;

use super::plan::{Job, Step};
use super::variables::Variables;
use crate::model::{Kind, Object, Value};

/// A list that rules ask for, and the pattern whose first group gives its items.
struct Detail {
    name: &'static str,
    regex: Regex,
}

/// Name of the list, pattern over one command. Group 1 is the item; without a group the command itself is.
const TABLE: &[(&str, &str)] = &[
    // Tools by name: what a profile may ask for one by one.
    (
        "tools",
        r"(?:^|[\s/;&|-])(pylint|flake8|ruff|mypy|pyright|black|isort|eslint|prettier|tsc|bandit|semgrep|trivy|snyk|pip-audit|checkov|tfsec|tflint|gitleaks|safety|pytest|jest|vitest|hadolint|shellcheck|actionlint)\b",
    ),
    ("roles", r#"\baz role assignment create\b.*--role[ =]+(?:"([^"]+)"|'([^']+)'|(\S+))"#),
    ("vaultPermissions", r"\baz keyvault set-policy\b.*--(?:secret|key|certificate)-permissions[ =]+([a-z ]+)"),
    ("parameterFiles", r#"(?:--parameters|-p|-TemplateParameterFile|-var-file)[ =]+"?@?([^\s"']+\.(?:bicepparam|json|tfvars))"#),
    ("startupCommands", r#"--startup-file[ =]+(?:"([^"]+)"|'([^']+)'|(\S+))"#),
    ("images", r"\bdocker (?:buildx )?build\b.*?\s(?:-t|--tag)[ =]+(\S+)"),
    ("images", r"\bdocker (?:push|run)\s+(?:-\S+ )*([\w.${}()-]+[/:]\S+)"),
    (
        "images",
        r"\baz (?:container|containerapp|webapp|functionapp)\b.*--(?:image|container-image-name|docker-custom-image-name|deployment-container-image-name)[ =]+(\S+)",
    ),
    ("unlocksState", r"\b(?:terraform|tofu|terragrunt)\b.*(-lock=false|-lock false)"),
    (
        "localSecretFiles",
        r#"\b(?:git add|zip|tar|scp|rsync|azcopy|az storage blob upload\w*)\b.*?[\s/"'=](\.env(?:\.(?:local|dev|development|prod|production|staging))?|local\.settings\.json)(?:[\s"']|$)"#,
    ),
    ("localSecretFiles", r"\bfunc azure functionapp publish\b.*(--publish-local-settings|--publish-settings-only|\s-i\b)"),
    ("localSecretFiles", r"--settings[ =]+@?\S*(local\.settings\.json)"),
    (
        "reviewBypasses",
        r"\b(git push\b.*(?:\borigin|https://\S+)\s+(?:HEAD:)?(?:refs/heads/)?(?:main|master|production|release/\S+))(?:\s|$)",
    ),
    ("reviewBypasses", r"\b(gh pr merge\b.*--admin)\b"),
    ("reviewBypasses", r"\b(az repos pr update\b.*--bypass-policy(?:[ =]true)?)\b"),
    ("names", r#"\baz (?:webapp|functionapp|containerapp|staticwebapp)\b.*?\s(?:--name|-n)[ =]+["']?([^\s"']+)"#),
    ("names", r"\bfunc azure functionapp publish\s+(\S+)"),
    ("restarts", r"\b(az container restart|kubectl rollout restart)\b"),
    ("publicAddresses", r"\baz container create\b.*(--dns-name-label[ =]\S+|--ip-address[ =]Public)"),
    (
        "imperative",
        r"\baz (?:group|webapp|functionapp|appservice plan|keyvault|storage account|postgres flexible-server|sql server|sql db|redis|monitor app-insights component|monitor log-analytics workspace|logic workflow|servicebus namespace|acr|containerapp|container|network vnet|staticwebapp|afd profile|cosmosdb) create\b",
    ),
];

/// Kinds by the command that makes them.
const MAKES: &[(&str, &str)] = &[
    (r"az webapp create\b", "Microsoft.Web/sites"),
    (r"az functionapp create\b", "Microsoft.Web/sites"),
    (r"az appservice plan create\b", "Microsoft.Web/serverfarms"),
    (r"az keyvault create\b", "Microsoft.KeyVault/vaults"),
    (r"az storage account create\b", "Microsoft.Storage/storageAccounts"),
    (r"az postgres flexible-server create\b", "Microsoft.DBforPostgreSQL/flexibleServers"),
    (r"az redis create\b", "Microsoft.Cache/redis"),
    (r"az monitor app-insights component create\b", "Microsoft.Insights/components"),
    (r"az monitor log-analytics workspace create\b", "Microsoft.OperationalInsights/workspaces"),
    (r"az logic workflow create\b", "Microsoft.Logic/workflows"),
    (r"az servicebus namespace create\b", "Microsoft.ServiceBus/namespaces"),
    (r"az acr create\b", "Microsoft.ContainerRegistry/registries"),
    (r"az containerapp create\b", "Microsoft.App/containerApps"),
    (r"az container create\b", "Microsoft.ContainerInstance/containerGroups"),
    (r"az staticwebapp create\b", "Microsoft.Web/staticSites"),
    (r"az afd profile create\b", "Microsoft.Cdn/profiles"),
];

/// Tools that infrastructure is written in, by what runs them.
const INFRASTRUCTURE: &[(&str, &str)] = &[
    (r"\b(?:terraform|tofu|terragrunt)\b(?: -\S+)* (?:run-all )?(?:apply|plan)\b|^uses: \S*terraform|^task: Terraform", "terraform"),
    (r"\.bicep(?:param)?\b|\bazd (?:up|provision)\b|^uses: azure/bicep-deploy\b", "bicep"),
    (
        r"\baz deployment \w+ create\b.*\.json\b|\bNew-Az\w*Deployment\b.*\.json\b|^uses: azure/arm-deploy\b.*\.json\b|^task: Azure(?:ResourceManagerTemplate|ResourceGroup)Deployment@.*\.json\b",
        "arm",
    ),
    (r"\bpulumi up\b|^uses: pulumi/actions\b", "pulumi"),
];

static WORKERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|\s)(?:-w|--workers)[ =]?(\d{1,6})").ok());
static DETAILS: LazyLock<Vec<Detail>> = LazyLock::new(|| compile(TABLE));
static KINDS: LazyLock<Vec<Detail>> = LazyLock::new(|| compile_pairs(MAKES));
static IAC: LazyLock<Vec<Detail>> = LazyLock::new(|| compile_pairs(INFRASTRUCTURE));

fn compile(table: &'static [(&'static str, &'static str)]) -> Vec<Detail> {
    table.iter().filter_map(|(name, regex)| Some(Detail { name, regex: Regex::new(&format!("(?i){regex}")).ok()? })).collect()
}

fn compile_pairs(table: &'static [(&'static str, &'static str)]) -> Vec<Detail> {
    table.iter().filter_map(|(regex, name)| Some(Detail { name, regex: Regex::new(&format!("(?i){regex}")).ok()? })).collect()
}

/// The names of every list that [`describe`] sets.
pub const LISTS: [&str; 18] = [
    "tools",
    "roles",
    "vaultPermissions",
    "parameterFiles",
    "startupCommands",
    "images",
    "unlocksState",
    "localSecretFiles",
    "reviewBypasses",
    "names",
    "publicAddresses",
    "imperative",
    "createdKinds",
    "iacTools",
    "healthPaths",
    "lenientHealthChecks",
    "restarts",
    "workers",
];

/// About how many commands are looked at for one body.
const COMMANDS: usize = 20_000;

/// Sets every list of [`LISTS`] on `body`.
pub fn describe(body: &mut Object, jobs: &[(&Job, Variables<'_>)], place: crate::model::Span) {
    let mut lists: Vec<Vec<Value>> = vec![Vec::new(); LISTS.len()];
    let mut left = COMMANDS;
    for (job, variables) in jobs {
        for step in &job.steps {
            if left == 0 {
                break;
            }
            left = left.saturating_sub(step.commands.len().max(1));
            of_step(step, variables, &mut |name, value| {
                if let Some(list) = LISTS.iter().position(|own| *own == name).and_then(|at| lists.get_mut(at))
                    && list.len() < 1000
                {
                    list.push(value);
                }
            });
        }
    }
    let commands = LISTS.iter().position(|own| *own == "startupCommands").and_then(|at| lists.get(at)).cloned().unwrap_or_default();
    let workers = commands.iter().filter_map(|command| {
        let count = WORKERS.as_ref()?.captures(command.as_str()?)?.get(1)?.as_str().parse().ok()?;
        Some(Value::at(Kind::Int(count), command.span()))
    });
    if let Some(list) = lists.last_mut() {
        list.extend(workers);
    }
    for (name, list) in LISTS.iter().zip(lists) {
        body.set(*name, Value::array(list).used_at(place));
    }
}

fn of_step(step: &Step, variables: &Variables<'_>, add: &mut dyn FnMut(&'static str, Value)) {
    for command in &step.commands {
        let Some(text) = command.as_str() else { continue };
        let text = variables.fill(text);
        if super::classify::only_installs(&text.to_ascii_lowercase()) {
            continue;
        }
        for detail in DETAILS.iter() {
            for captures in detail.regex.captures_iter(&text) {
                let item = captures.iter().skip(1).flatten().next().map_or(text.as_str(), |found| found.as_str());
                let lower = matches!(detail.name, "tools" | "vaultPermissions");
                let items: Vec<&str> = if detail.name == "vaultPermissions" { item.split_whitespace().collect() } else { vec![item] };
                for item in items {
                    add(detail.name, Value::str(if lower { item.to_ascii_lowercase() } else { item.to_owned() }).used_at(command.span()));
                }
            }
        }
        for (details, name) in [(&KINDS, "createdKinds"), (&IAC, "iacTools")] {
            for detail in details.iter().filter(|detail| detail.regex.is_match(&text)) {
                add(name, Value::str(detail.name).used_at(command.span()));
            }
        }
        super::health::of_command(&text, &mut |name, item| add(name, Value::str(item).used_at(command.span())));
    }
    of_inputs(step, variables, add);
}

fn of_inputs(step: &Step, variables: &Variables<'_>, add: &mut dyn FnMut(&'static str, Value)) {
    const INPUTS: [(&str, &[&str]); 4] = [
        ("names", &["app-name", "appName", "WebAppName", "containerAppName", "function-app-name"]),
        ("startupCommands", &["startUpCommand", "startup-command", "startupCommand"]),
        ("images", &["images", "imageToDeploy", "container", "imageName", "containers"]),
        ("parameterFiles", &["csmParametersFile", "parameters-file"]),
    ];
    let uses = step.uses.as_ref().and_then(Value::as_str).unwrap_or_default();
    if let Some(uses) = &step.uses {
        let line = format!("uses: {}{}", uses.as_str().unwrap_or_default(), super::step::flat(step.inputs.as_ref()));
        let task = line.replacen("uses:", "task:", 1);
        for detail in IAC.iter().filter(|detail| detail.regex.is_match(&line) || detail.regex.is_match(&task)) {
            add("iacTools", Value::str(detail.name).used_at(uses.span()));
        }
        if line.to_ascii_lowercase().contains("codeql") {
            add("tools", Value::str("codeql").used_at(uses.span()));
        }
    }
    let Some(inputs) = &step.inputs else { return };
    for (name, keys) in INPUTS {
        for value in keys.iter().filter_map(|key| inputs.get(key)) {
            for known in variables.values(value).into_iter().filter(|known| !known.is_unknown()) {
                add(name, known.used_at(value.span()));
            }
            if variables.values(value).iter().any(Value::is_unknown) {
                add(name, value.clone());
            }
        }
    }
    let parameters =
        inputs.get("parameters").filter(|value| value.as_str().is_some_and(|text| text.contains(".json") || text.contains(".bicepparam")));
    if let Some(value) = parameters {
        add("parameterFiles", value.clone());
    }
    let tags = inputs.get("tags").filter(|_| uses.to_ascii_lowercase().starts_with("docker/build-push-action"));
    for line in
        tags.and_then(Value::as_str).into_iter().flat_map(|text| text.split(['\n', ','])).map(str::trim).filter(|line| !line.is_empty())
    {
        let line = variables.fill(line);
        if let Some(tags) = tags {
            add("images", Value::str(line).used_at(tags.span()));
        }
    }
    let path = inputs.get("path").filter(|_| uses.contains("upload-artifact")).or_else(|| inputs.get("targetPath"));
    if let Some(path) = path.filter(|path| path.as_str().is_some_and(holds_secret_file)) {
        add("localSecretFiles", path.clone());
    }
}

fn holds_secret_file(text: &str) -> bool {
    text.lines().any(|line| {
        let name = line.trim().rsplit('/').next().unwrap_or_default();
        !line.trim().starts_with('!')
            && (name == "local.settings.json" || name == ".env" || (name.starts_with(".env.") && !name.contains("example")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_names_a_list() {
        assert_eq!((DETAILS.len(), KINDS.len(), IAC.len()), (TABLE.len(), MAKES.len(), INFRASTRUCTURE.len()));
        for (name, _) in TABLE {
            assert!(LISTS.contains(name), "{name}");
        }
    }
}
