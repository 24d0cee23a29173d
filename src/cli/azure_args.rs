use std::path::PathBuf;

use clap::Args;

use super::args::{Choice, Output};

/// Who azward is to Azure, and where Azure is.
#[derive(Args)]
pub struct Connection {
    /// How to sign in, instead of the whole chain: workload-identity, github-oidc, client-secret, client-certificate, managed-identity, azure-cli, azd
    #[arg(long, value_name = "METHOD", help_heading = "Azure")]
    pub auth: Option<String>,
    /// The cloud: public, usgov, china
    #[arg(long, default_value = "public", help_heading = "Azure")]
    pub cloud: String,
    /// Tenant to read (repeatable; one after another)
    #[arg(long, value_name = "ID", help_heading = "Azure")]
    pub tenant: Vec<String>,
    /// PEM file of further trusted roots, for a proxy that opens TLS; or in AZWARD_CA_FILE
    #[arg(long, value_name = "FILE", help_heading = "Azure")]
    pub ca_file: Option<PathBuf>,
    /// Another place to get tokens from, https://host
    #[arg(long, value_name = "URL", help_heading = "Azure")]
    pub authority_host: Option<String>,
    /// Another Resource Manager, https://host
    #[arg(long, value_name = "URL", help_heading = "Azure")]
    pub arm_endpoint: Option<String>,
    /// Requests in flight at once
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=256), help_heading = "Azure")]
    pub concurrency: u16,
}

/// Which subscriptions and resources.
#[derive(Args)]
pub struct Where {
    /// Subscription by id or name, `*` for any text (repeatable)
    #[arg(long, value_name = "SUBSCRIPTION", help_heading = "Scope")]
    pub subscription: Vec<String>,
    /// Management group whose subscriptions are read (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Scope")]
    pub management_group: Vec<String>,
    /// Resource group, `*` for any text (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Scope")]
    pub resource_group: Vec<String>,
    /// Tag that resources must have, NAME or NAME=VALUE (repeatable)
    #[arg(long, value_name = "NAME[=VALUE]", help_heading = "Scope")]
    pub tag: Vec<String>,
    /// Subscription or resource group to leave out (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Scope")]
    pub exclude: Vec<String>,
    /// Read only with these collectors (repeatable)
    #[arg(long, value_name = "COLLECTOR", value_delimiter = ',', help_heading = "Scope")]
    pub collector: Vec<String>,
    /// Only resources that changed since: a time (RFC 3339), or a number of days or hours (3d, 12h)
    #[arg(long, value_name = "TIME", help_heading = "Scope")]
    pub changed_since: Option<String>,
}

/// `azward live`.
#[derive(Args)]
pub struct Live {
    #[command(flatten)]
    pub connection: Connection,
    #[command(flatten)]
    pub scope: Where,
    /// Keep what was read, for `azward scan FILE` and `azward drift`
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub save: Option<PathBuf>,
    /// Judge the built-in demo tenant, without Azure
    #[arg(long, help_heading = "Azure")]
    pub demo: bool,
    /// Print the least-privilege role and end; assignable at this scope
    #[arg(long, value_name = "SCOPE", num_args = 0..=1, default_missing_value = "/providers/Microsoft.Management/managementGroups/{id}", help_heading = "Azure")]
    pub permissions: Option<String>,
    #[command(flatten)]
    pub choice: Choice,
    #[command(flatten)]
    pub output: Output,
}

/// `azward doctor`.
#[derive(Args)]
pub struct Doctor {
    /// Try every call to Azure once
    #[arg(long)]
    pub live: bool,
    #[command(flatten)]
    pub connection: Connection,
    #[command(flatten)]
    pub scope: Where,
}
