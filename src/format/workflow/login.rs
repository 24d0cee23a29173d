//! How jobs sign in to Azure, and where they give secrets away.

use super::commands::exposes;
use super::plan::{Job, Step};
use crate::model::{Object, Span, Value};

/// Variables that hold the secret of a service principal, as the Azure SDKs and Terraform name them.
const SECRET_VARIABLES: [&str; 3] = ["AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET", "AZURE_CREDENTIALS"];

/// Every way that a job signs in: `oidc`, `clientSecret`, `publishProfile`, `managedIdentity`, `serviceConnection`, `interactive`.
pub fn methods(job: &Job, plan: &Object) -> Vec<Value> {
    let mut found: Vec<Value> = job.steps.iter().flat_map(of_step).map(|(method, span)| Value::str(method).used_at(span)).collect();
    let own = job.body.get("env").or_else(|| job.body.get("variables"));
    for variables in [own, plan.get("env"), plan.get("variables")].into_iter().flatten() {
        found.extend(of_variables(variables).map(|span| Value::str("clientSecret").used_at(span)));
        found.extend(by_oidc(variables).map(|span| Value::str("oidc").used_at(span)));
    }
    found
}

fn of_step(step: &Step) -> Vec<(&'static str, Span)> {
    let uses = step.uses.as_ref();
    let text = uses.and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let input = |key: &str| step.inputs.as_ref().and_then(|inputs| inputs.get(key));
    let mut found = Vec::new();
    if text.starts_with("azure/login@") {
        let secret = input("creds").or_else(|| input("client-secret"));
        let identity = input("auth-type").and_then(Value::as_str) == Some("IDENTITY");
        let method = if secret.is_some() {
            "clientSecret"
        } else if identity {
            "managedIdentity"
        } else {
            "oidc"
        };
        found.extend(secret.or(uses).map(|value| (method, value.span())));
    }
    found.extend(input("publish-profile").map(|value| ("publishProfile", value.span())));
    found.extend(input("azure_static_web_apps_api_token").map(|value| ("deploymentToken", value.span())));
    for key in [
        "azureSubscription",
        "azureResourceManagerConnection",
        "connectedServiceNameARM",
        "backendServiceArm",
        "environmentServiceNameAzureRM",
        "kubernetesServiceConnection",
        "kubernetesServiceEndpoint",
        "azureSubscriptionEndpoint",
    ] {
        found.extend(input(key).map(|value| ("serviceConnection", value.span())));
    }
    for command in &step.commands {
        let signs_in = |text: &&str| ["az login", "azd auth login", "Connect-AzAccount"].iter().any(|word| text.contains(word));
        let Some(text) = command.as_str().filter(signs_in) else { continue };
        let has = |flags: &[&str]| text.split([' ', '=']).any(|word| flags.contains(&word));
        let method = if has(&["--federated-token", "--federated-credential-provider", "-FederatedToken"]) {
            "oidc"
        } else if has(&["--identity", "-i", "-Identity", "--managed-identity"]) {
            "managedIdentity"
        } else if has(&["-p", "--password", "--certificate", "--client-secret", "-Credential"]) {
            "clientSecret"
        } else {
            "interactive"
        };
        found.push((method, command.span()));
    }
    found.extend(step.env.iter().flat_map(of_variables).map(|span| ("clientSecret", span)));
    found.extend(step.env.iter().filter_map(by_oidc).map(|span| ("oidc", span)));
    found
}

/// Terraform signs in with the token of the run where this variable says so.
fn by_oidc(variables: &Value) -> Option<Span> {
    let flag = variables.get("ARM_USE_OIDC")?;
    (flag.as_bool() == Some(true) || flag.as_str() == Some("true")).then(|| flag.span())
}

fn of_variables(variables: &Value) -> impl Iterator<Item = Span> {
    let named = variables.as_object().into_iter().flatten();
    named.filter(|field| SECRET_VARIABLES.contains(&&*field.key)).map(|field| field.value.span())
}

/// Every command that prints a secret, or hands one over as an argument: `echo` or `commandLine`, at the command.
pub fn exposed(job: &Job, plan: &Object) -> Vec<Value> {
    let shared: Vec<String> = job.body.get("env").into_iter().chain(plan.get("env")).flat_map(secret_names).collect();
    let mut found = Vec::new();
    for step in &job.steps {
        let mut names = shared.clone();
        names.extend(step.env.iter().flat_map(secret_names));
        let exposing = step.commands.iter().filter_map(|command| Some((exposes(command.as_str()?, &names)?, command.span())));
        found.extend(exposing.map(|(how, span)| Value::str(how).used_at(span)));
    }
    found
}

/// The variables that are set from secrets.
fn secret_names(variables: &Value) -> Vec<String> {
    let fields = variables.as_object().into_iter().flatten();
    let from_secret = |text: &str| text.contains("${{") && text.contains("secrets.");
    fields.filter(|field| field.value.as_str().is_some_and(from_secret)).map(|field| field.key.to_string()).collect()
}

/// Names that hold secrets, and those that only look like it.
const SECRET_WORDS: [&str; 11] =
    ["password", "passwd", "pwd", "secret", "apikey", "accesskey", "accountkey", "connectionstring", "token", "privatekey", "sastoken"];
const HARMLESS_ENDS: [&str; 9] = ["name", "id", "url", "uri", "path", "file", "version", "length", "expiry"];

/// The names of variables and inputs that hold a secret in plain text, each at its value. The values stay where they are.
pub fn literals(job: &Job, plan: &Object) -> Vec<Value> {
    let own = ["env", "variables"].into_iter().filter_map(|key| job.body.get(key));
    let shared = ["env", "variables"].into_iter().filter_map(|key| plan.get(key));
    let steps = job.steps.iter().flat_map(|step| step.env.iter().chain(step.inputs.iter()));
    let mut found = Vec::new();
    for variables in own.chain(shared).chain(steps) {
        for one in variables.as_array().unwrap_or_default() {
            if let (Some(name), Some(value)) = (one.get("name").and_then(Value::as_str), one.get("value")) {
                found.extend(literal(name, value));
            }
        }
        for field in variables.as_object().into_iter().flatten() {
            found.extend(literal(&field.key, &field.value));
        }
    }
    found
}

fn literal(name: &str, value: &Value) -> Option<Value> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let named = SECRET_WORDS.iter().any(|word| plain.contains(word)) && !HARMLESS_ENDS.iter().any(|end| plain.ends_with(end));
    let text = value.as_str()?.trim();
    // Expressions and variables come from elsewhere; a path, a flag or a word in angle brackets is no secret.
    let comes_from_elsewhere =
        text.is_empty() || text.contains("${{") || text.starts_with('$') || text.starts_with('@') || text.starts_with('<');
    let harmless = text.contains('\n') || text.contains(' ') || text.starts_with('/') || text.starts_with("./") || text.len() < 4;
    // `server-password: MAVEN_PASSWORD` names the variable that holds the secret.
    let variable = text.contains('_') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let harmless = harmless || variable;
    (named && !comes_from_elsewhere && !harmless).then(|| Value::str(name).used_at(value.span()))
}
