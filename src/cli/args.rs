use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::Severity;

/// Checks repositories, templates, logs and live subscriptions of Azure against rules, and says what it could not see.
#[derive(Parser)]
#[command(name = "azward", version, about, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args)]
pub struct Global {
    /// When to use colour; `auto` follows the terminal, NO_COLOR and CLICOLOR_FORCE
    #[arg(long, value_enum, default_value_t = When::Auto, global = true, help_heading = "General")]
    pub color: When,
    /// Say nothing on stderr but errors
    #[arg(long, short, global = true, help_heading = "General")]
    pub quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
pub enum Command {
    /// Scan repositories, templates and settings; or one snapshot of live subscriptions
    Scan(Box<Scan>),
    /// Read live subscriptions and judge them
    #[cfg(feature = "azure")]
    Live(Box<super::azure_args::Live>),
    /// Compare templates with what is deployed
    Drift(Box<super::drift::Arguments>),
    /// Say what works here; `--live` tries every call to Azure
    Doctor(Box<super::azure_args::Doctor>),
    /// Audit logs: who read which secret, what changed outside the window, what was served without TLS
    Logs(Box<Logs>),
    /// Secrets: search a git history or staged changes, write a baseline
    #[command(subcommand)]
    Secrets(Box<super::secret_args::Secrets>),
    /// List the rules
    Rules(Rules),
    /// Your own rules: run the examples that prove them
    #[command(subcommand)]
    Policy(super::policy::Policy),
    /// Explain a rule: what it wants, why, examples, how to mend it, sources
    Explain(Explain),
    /// Specifications: where each clause stands, what contradicts, what a person attests
    #[command(subcommand)]
    Spec(Box<Spec>),
    /// Fetch modules of registries that Bicep files name
    #[command(subcommand)]
    Modules(Box<super::modules::Modules>),
    /// Write a commented profile of your own
    Init(Init),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page
    Man(Man),
}

#[derive(Args)]
pub struct Scan {
    /// Folders and files; `-` reads one file from stdin
    #[arg(default_value = ".", help_heading = "Input")]
    pub paths: Vec<PathBuf>,
    /// Name that stdin is read under, which tells its format
    #[arg(long, value_name = "NAME", default_value = "stdin.json", help_heading = "Input")]
    pub stdin_name: String,
    #[command(flatten)]
    pub inputs: super::base::Inputs,
    #[command(flatten)]
    pub choice: Choice,
    #[command(flatten)]
    pub detection: super::secret_args::Detection,
    #[command(flatten)]
    pub opening: super::secret_args::Opening,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args)]
pub struct Logs {
    /// Logs: files, folders, archives; `-` reads stdin; https://ACCOUNT.blob.core.windows.net/CONTAINER[/PREFIX] reads blobs
    #[arg(required_unless_present = "workspace", help_heading = "Input")]
    pub paths: Vec<String>,
    /// Ask this Log Analytics workspace the same questions, instead of reading its logs
    #[arg(long, value_name = "ID", conflicts_with = "paths", help_heading = "Input")]
    pub workspace: Option<String>,
    /// Another place to ask it, https://host
    #[arg(long, value_name = "URL", requires = "workspace", help_heading = "Azure")]
    pub workspace_endpoint: Option<String>,
    /// Only events from then on, RFC 3339 in UTC or a date
    #[arg(long, value_name = "TIME", help_heading = "Input")]
    pub since: Option<String>,
    /// Only events before then; what is missing is missed up to then
    #[arg(long, value_name = "TIME", help_heading = "Input")]
    pub until: Option<String>,
    /// Write the register of vault accesses (who, what, when, from where) to this CSV file
    #[arg(long, value_name = "FILE", conflicts_with = "workspace", help_heading = "Output")]
    pub register: Option<PathBuf>,
    /// Mask users and addresses, the same one always by the same word; secrets are always masked
    #[arg(long, help_heading = "Output")]
    pub redact: bool,
    /// Approved changes, YAML or JSON: a list of correlation ids, or of records id, from, until, resources, requestedBy, approvedBy (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub approved: Vec<PathBuf>,
    #[command(flatten)]
    pub connection: super::azure_args::Connection,
    #[command(flatten)]
    pub choice: Choice,
    #[command(flatten)]
    pub detection: super::secret_args::Detection,
    #[command(flatten)]
    pub output: Output,
}

/// Which rules, with which values.
#[derive(Args)]
pub struct Choice {
    /// Profile: the values that a specification or an organisation asks for
    #[arg(long, default_value = "baseline", help_heading = "Rules")]
    pub profile: String,
    /// Environment to judge: production, staging, test, development
    #[arg(long = "env", value_name = "ENVIRONMENT", help_heading = "Rules")]
    pub environment: Option<String>,
    /// Value of a rule's parameter, NAME=VALUE or RULE.NAME=VALUE (repeatable)
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Rules")]
    pub param: Vec<String>,
    /// Run only these rules or themes (repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub rule: Vec<String>,
    /// Leave out these rules or themes (repeatable)
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub skip_rule: Vec<String>,
    /// Folder or file of your own rules; a rule of the same id replaces ours (repeatable)
    #[arg(long = "rules", value_name = "PATH", help_heading = "Rules")]
    pub rule_files: Vec<PathBuf>,
    /// Do not look for secrets in files
    #[arg(long, help_heading = "Rules")]
    pub no_secrets: bool,
    /// Least confidence of a secret
    #[arg(long, value_enum, default_value_t = Sure::Generic, help_heading = "Rules")]
    pub min_confidence: Sure,
    /// Leave out findings below this severity
    #[arg(long, value_name = "SEVERITY", default_value = "info", value_parser = severity, help_heading = "Rules")]
    pub min_severity: Severity,
}

/// What to print, and when to fail.
#[derive(Args)]
pub struct Output {
    /// What goes to stdout
    #[arg(long, default_value = "terminal", value_parser = format_name, help_heading = "Output")]
    pub format: String,
    /// Write the report to a file too, in the format of its suffix, or FORMAT=FILE (repeatable)
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,
    /// Fail (exit code 1) on findings of this severity and worse
    #[arg(long, value_name = "SEVERITY", default_value = "low", value_parser = severity, help_heading = "Output")]
    pub fail_on: Severity,
    /// Fail (exit code 4) when something could not be seen
    #[arg(long, help_heading = "Output")]
    pub strict: bool,
    /// End with 0 whatever was found
    #[arg(long, help_heading = "Output")]
    pub exit_zero: bool,
    /// Print where each value came from: parameter, parameter file, module call
    #[arg(long, help_heading = "Output")]
    pub why: bool,
    /// List everything: what could not be evaluated, every gap, everything left out
    #[arg(long, short, help_heading = "Output")]
    pub verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sure {
    Generic,
    Strong,
    VerifiedFormat,
}

#[derive(Args)]
pub struct Rules {
    /// Only rules whose id, theme, title or kind holds this word
    pub filter: Option<String>,
    /// Folder or file of your own rules, to list beside ours (repeatable)
    #[arg(long = "rules", value_name = "PATH")]
    pub rule_files: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Json,
}

#[derive(Args)]
pub struct Explain {
    /// The rule's id
    pub rule: String,
    /// Folder or file of your own rules, where this one stands (repeatable)
    #[arg(long = "rules", value_name = "PATH")]
    pub rule_files: Vec<PathBuf>,
}

#[derive(Subcommand)]
pub enum Spec {
    /// Where each clause stands, after a scan of PATH, or which rules cover it, without one
    Coverage(Box<Coverage>),
    /// How many clauses and rules of the specifications have a rule that runs, by way of checking and by target
    Targets(Targets),
    /// Clauses of two specifications that demand different values
    Conflicts(Conflicts),
    /// List what a Markdown specification demands, and which demands no rule covers
    Lint(Lint),
    /// Write an attestation: what no machine can see, who vouches for it, until when
    Attest(Attest),
}

#[derive(Args)]
pub struct Coverage {
    /// What to scan; without it, only which rules cover which clause
    #[arg(help_heading = "Input")]
    pub paths: Vec<PathBuf>,
    /// The specification: bi10, augeo, az14b, life-cockpit; without it those of the profile, or all
    #[arg(long, help_heading = "Rules")]
    pub spec: Option<String>,
    /// How to print: several, after each other, with commas
    #[arg(long, visible_alias = "as", value_enum, value_delimiter = ',', default_value = "table", help_heading = "Output")]
    pub format: Vec<TableFormat>,
    /// Write it to a file too: .json, .csv, .md or .txt (repeatable)
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,
    #[command(flatten)]
    pub inputs: super::base::Inputs,
    #[command(flatten)]
    pub choice: Choice,
    #[command(flatten)]
    pub detection: super::secret_args::Detection,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Table,
    Json,
    Csv,
    Markdown,
}

#[derive(Args)]
pub struct Targets {
    /// How to print
    #[arg(long, visible_alias = "as", value_enum, default_value_t = TableFormat::Markdown)]
    pub format: TableFormat,
}

#[derive(Args)]
pub struct Conflicts {
    /// One specification
    pub one: String,
    /// The other; the same again finds what contradicts itself
    pub other: String,
}

#[derive(Args)]
pub struct Lint {
    /// A Markdown file
    pub file: PathBuf,
    /// How to print
    #[arg(long, visible_alias = "as", value_enum, default_value_t = TableFormat::Table)]
    pub format: TableFormat,
}

#[derive(Args)]
pub struct Attest {
    /// The clause (FR-024.a) or the specification rule (ATT-001)
    pub requirement: String,
    /// What is attested, in one sentence
    #[arg(long)]
    pub statement: String,
    /// Who attests it
    #[arg(long)]
    pub by: String,
    /// A link, or a file of the repository: its hash is kept
    #[arg(long)]
    pub evidence: String,
    /// For how many days it holds
    #[arg(long, default_value_t = 92, value_parser = clap::value_parser!(u16).range(1..=1096))]
    pub days: u16,
    /// The file to write to
    #[arg(long, default_value = "attestations/attestations.yaml")]
    pub file: PathBuf,
}

#[derive(Args)]
pub struct Init {
    /// The file to write; it must not exist
    #[arg(default_value = "azward-profile.yaml")]
    pub file: PathBuf,
    /// The profile that yours extends
    #[arg(long, default_value = "baseline")]
    pub extends: String,
}

#[derive(Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[derive(Args)]
pub struct Man {
    /// Write one page a command into this folder instead of one page to stdout
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

pub(super) fn severity(text: &str) -> Result<Severity, String> {
    text.parse()
}

fn format_name(text: &str) -> Result<String, String> {
    let known = || crate::report::ALL.iter().map(|output| output.name).collect::<Vec<_>>().join(", ");
    crate::report::Output::named(text)
        .map(|output| output.name.to_owned())
        .ok_or_else(|| format!("there is no format `{text}`; use {}", known()))
}
