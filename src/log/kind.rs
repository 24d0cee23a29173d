/// Which log an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum LogKind {
    /// Azure activity log, REST and export forms.
    Activity,
    /// Key Vault data plane: `AuditEvent`.
    KeyVault,
    /// Storage: `StorageRead`, `StorageWrite`, `StorageDelete`.
    Storage,
    /// App Service: `AppServiceHTTPLogs`.
    AppServiceHttp,
    /// App Service: `AppServiceAuditLogs`, sign-ins for publishing.
    AppServiceAudit,
    /// Front Door access log.
    FrontDoor,
    /// Application Gateway access log.
    ApplicationGateway,
    /// PostgreSQL server log.
    PostgreSql,
    /// SQL audit.
    SqlAudit,
    /// VNet and NSG flow logs, one event a tuple.
    Flow,
    /// Application Insights tables, exported.
    Insights,
    /// Backup jobs of a Recovery Services vault.
    Backup,
    /// What a Log Analytics workspace says of itself.
    Workspace,
    /// GitHub Actions job log.
    GithubActions,
    /// Azure Pipelines job log.
    AzurePipelines,
    /// JSON lines of structlog and its relatives.
    Structlog,
    /// Any other resource log with Azure's envelope.
    Resource,
    /// Any other JSON.
    Json,
    /// Any other text.
    Text,
}

impl LogKind {
    /// All, with the kind that rules write and the name for people.
    pub const ALL: [(Self, &'static str, &'static str); 19] = [
        (Self::Activity, "Log/activity", "activity log"),
        (Self::KeyVault, "Log/keyVaultAudit", "Key Vault audit log"),
        (Self::Storage, "Log/storage", "Storage log"),
        (Self::AppServiceHttp, "Log/appServiceHttp", "App Service HTTP log"),
        (Self::AppServiceAudit, "Log/appServiceAudit", "App Service audit log"),
        (Self::FrontDoor, "Log/frontDoorAccess", "Front Door access log"),
        (Self::ApplicationGateway, "Log/applicationGatewayAccess", "Application Gateway access log"),
        (Self::PostgreSql, "Log/postgresql", "PostgreSQL log"),
        (Self::SqlAudit, "Log/sqlAudit", "SQL audit log"),
        (Self::Flow, "Log/flow", "network flow log"),
        (Self::Insights, "Log/insights", "Application Insights export"),
        (Self::Backup, "Log/backup", "backup job log"),
        (Self::Workspace, "Log/workspace", "Log Analytics operation log"),
        (Self::GithubActions, "Log/githubActions", "GitHub Actions log"),
        (Self::AzurePipelines, "Log/azurePipelines", "Azure Pipelines log"),
        (Self::Structlog, "Log/structlog", "structured application log"),
        (Self::Resource, "Log/resource", "resource log"),
        (Self::Json, "Log/json", "JSON"),
        (Self::Text, "Log/text", "text"),
    ];

    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// The kind as rules write it: `Log/keyVaultAudit`.
    pub fn as_str(self) -> &'static str {
        Self::ALL.get(self as usize).map_or("", |(_, kind, _)| kind)
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        Self::ALL.get(self as usize).map_or("", |(_, _, title)| title)
    }

    /// The kind that rules call `name`, in any ASCII case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, kind, _)| kind.eq_ignore_ascii_case(name)).map(|(kind, _, _)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::LogKind;

    #[test]
    fn the_list_is_in_the_order_of_the_kinds() {
        for (at, (kind, name, _)) in LogKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, at, "{name}");
            assert_eq!(LogKind::named(name), Some(*kind));
        }
    }
}
