use std::fmt;

/// A way to sign in, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// A federated token in a file, as Kubernetes gives it.
    WorkloadIdentity,
    /// The token of a GitHub Actions job.
    GitHubOidc,
    /// An application's secret.
    ClientSecret,
    /// An application's certificate.
    ClientCertificate,
    /// The identity of the machine or App Service that azward runs on.
    ManagedIdentity,
    /// The account that `az login` signed in.
    AzureCli,
    /// The account that `azd auth login` signed in.
    DeveloperCli,
}

impl Method {
    /// All, in order.
    pub const ALL: [Self; 7] = [
        Self::WorkloadIdentity,
        Self::GitHubOidc,
        Self::ClientSecret,
        Self::ClientCertificate,
        Self::ManagedIdentity,
        Self::AzureCli,
        Self::DeveloperCli,
    ];

    /// What `--auth` calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorkloadIdentity => "workload-identity",
            Self::GitHubOidc => "github-oidc",
            Self::ClientSecret => "client-secret",
            Self::ClientCertificate => "client-certificate",
            Self::ManagedIdentity => "managed-identity",
            Self::AzureCli => "azure-cli",
            Self::DeveloperCli => "azd",
        }
    }

    /// The method of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// The environment variables that it needs; all must be set.
    pub const fn needs(self) -> &'static [&'static str] {
        match self {
            Self::WorkloadIdentity => &["AZURE_FEDERATED_TOKEN_FILE", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"],
            Self::GitHubOidc => &["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"],
            Self::ClientSecret => &["AZURE_CLIENT_SECRET", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"],
            Self::ClientCertificate => &["AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"],
            Self::ManagedIdentity | Self::AzureCli | Self::DeveloperCli => &[],
        }
    }

    /// Whether somebody set this up on purpose. A failure then ends the chain: going on would sign in as somebody else.
    pub const fn is_explicit(self) -> bool {
        !self.needs().is_empty()
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for method in Method::ALL {
            assert_eq!(Method::named(method.name()), Some(method));
        }
        assert_eq!(Method::named("password"), None);
    }
}
