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
    for key in ["azureSubscription", "azureResourceManagerConnection", "connectedServiceNameARM", "backendServiceArm"] {
        found.extend(input(key).map(|value| ("serviceConnection", value.span())));
    }
    for command in &step.commands {
        let Some(text) = command.as_str().filter(|text| text.contains("az login")) else { continue };
        let has = |flags: &[&str]| text.split([' ', '=']).any(|word| flags.contains(&word));
        let method = if has(&["--federated-token"]) {
            "oidc"
        } else if has(&["--identity", "-i"]) {
            "managedIdentity"
        } else if has(&["-p", "--password", "--certificate"]) {
            "clientSecret"
        } else {
            "interactive"
        };
        found.push((method, command.span()));
    }
    found.extend(step.env.iter().flat_map(of_variables).map(|span| ("clientSecret", span)));
    found
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
