use super::LogType;
use crate::log::LogKind;
use crate::log::Slot;
use crate::log::fields::{Take::Keep, Within::Properties};

/// App Service audit log: who signed in to Kudu or FTP. <https://learn.microsoft.com/azure/azure-monitor/reference/tables/appserviceauditlogs>
pub const TYPE: LogType = LogType {
    kind: LogKind::AppServiceAudit,
    categories: &["appserviceauditlogs"],
    fields: &[
        (Properties, "UserDisplayName", Keep(Slot::User)),
        (Properties, "User", Keep(Slot::User)),
        (Properties, "UserAddress", Keep(Slot::CallerIp)),
        (Properties, "Protocol", Keep(Slot::Protocol)),
    ],
    recognise: super::by_category,
    settle: super::nothing,
};
