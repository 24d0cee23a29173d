//! Which settings file a text is: by its name, and by what it holds.

/// What kind of settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `host.json` of a function app.
    Host,
    /// `function.json`: one function and its bindings.
    Function,
    /// `local.settings.json` of the Functions Core Tools.
    Local,
    /// `appsettings*.json` of .NET.
    Net,
    /// A list of `{ name, value, slotSetting }`, as `az webapp config appsettings set --settings @file` takes it.
    List,
    /// `.env` and its kin.
    Dotenv,
    /// `staticwebapp.config.json`.
    StaticSite,
    /// `package.json` of a frontend or a Node application.
    Package,
}

impl Form {
    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Host => "host.json",
            Self::Function => "function.json",
            Self::Local => "local.settings.json",
            Self::Net => "appsettings",
            Self::List => "application settings",
            Self::Dotenv => ".env",
            Self::StaticSite => "staticwebapp.config.json",
            Self::Package => "package.json",
        }
    }
}

/// The form of the file at `path`, if it is a settings file.
pub fn recognise(path: &str, text: &str) -> Option<Form> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    if path.split('/').any(|folder| folder == "node_modules") {
        return None;
    }
    if is_dotenv(&name) {
        return Some(Form::Dotenv);
    }
    if !name.ends_with(".json") {
        return None;
    }
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    match name.as_str() {
        "host.json" => has("version").then_some(Form::Host),
        "function.json" => has("bindings").then_some(Form::Function),
        "staticwebapp.config.json" => Some(Form::StaticSite),
        "package.json" => (has("scripts") || has("dependencies") || has("devDependencies")).then_some(Form::Package),
        name if name.starts_with("local.settings") => {
            (has("Values") || has("IsEncrypted") || has("ConnectionStrings")).then_some(Form::Local)
        }
        name if name.starts_with("appsettings.") => {
            // The list of `az webapp config appsettings` also goes under this name.
            Some(if is_list(text) { Form::List } else { Form::Net })
        }
        name if (name.contains("app-settings") || name.contains("app_settings") || name.contains("appsettings")) && !has("$schema") => {
            Some(if is_list(text) { Form::List } else { Form::Net })
        }
        _ => None,
    }
}

/// `.env`, `.env.production`, `production.env`, `env.example`: not `environment.ts`, not `venv`.
fn is_dotenv(name: &str) -> bool {
    let ends = |end: &str| name.ends_with(end);
    if [".ts", ".js", ".py", ".cs", ".json", ".md", ".yml", ".yaml", ".tf", ".bicep", ".sh", ".ps1", ".d.ts"].into_iter().any(ends) {
        return false;
    }
    name == ".env"
        || name.starts_with(".env.")
        || name.starts_with(".env-")
        || name.ends_with(".env")
        || matches!(name, "env.example" | "env.sample" | "env.template" | "env.dist")
}

/// Whether the file is a pattern to copy, not settings of an application.
pub fn is_example(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| matches!(word, "example" | "sample" | "template" | "dist" | "tpl"))
}

/// Whether the file holds settings of a developer's machine.
pub fn is_local(path: &str, form: Form) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let says = |wanted: &[&str]| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| wanted.contains(&word));
    match form {
        Form::Local => true,
        Form::Dotenv => !says(&["production", "prod", "prd", "staging", "stage", "stg", "test", "tst", "uat", "acc", "qa", "live"]),
        _ => says(&["development", "dev", "local"]),
    }
}

fn is_list(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('[')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_contents_say_what_a_file_is() {
        assert_eq!(recognise("api/host.json", r#"{"version":"2.0"}"#), Some(Form::Host));
        assert_eq!(recognise("api/host.json", r#"{"port":1}"#), None);
        assert_eq!(recognise("src/appsettings.Production.json", "{}"), Some(Form::Net));
        assert_eq!(recognise("infra/appsettings.json", " [ ]"), Some(Form::List));
        assert_eq!(recognise("backend/.azure/app-settings.json", "[]"), Some(Form::List));
        assert_eq!(recognise("infra/appsettings.bicep", "{}"), None);
        assert_eq!(recognise("web/.env.production", ""), Some(Form::Dotenv));
        assert_eq!(recognise("env.example", ""), Some(Form::Dotenv));
        assert_eq!(recognise("src/.env.ts", ""), None);
        assert_eq!(recognise("node_modules/x/package.json", r#"{"scripts":{}}"#), None);
    }

    #[test]
    fn examples_and_local_files_are_told_from_settings_of_an_environment() {
        assert!(is_example(".env.example") && is_example("local.settings.sample.json") && !is_example("src/appsettings.json"));
        assert!(is_local(".env", Form::Dotenv) && !is_local(".env.prod", Form::Dotenv));
        assert!(is_local("appsettings.Development.json", Form::Net) && !is_local("appsettings.json", Form::Net));
    }
}
