use super::LogType;
use crate::log::LogKind;
use crate::log::Slot;
use crate::log::fields::{Take::Keep, Within::Properties};

/// SQL audit. <https://learn.microsoft.com/azure/azure-sql/database/audit-log-format>
pub const TYPE: LogType = LogType {
    kind: LogKind::SqlAudit,
    categories: &["sqlsecurityauditevents", "devopsoperationsaudit"],
    fields: &[
        (Properties, "event_time", Keep(Slot::Time)),
        (Properties, "server_principal_name", Keep(Slot::User)),
        (Properties, "client_ip", Keep(Slot::CallerIp)),
        (Properties, "statement", Keep(Slot::Statement)),
        (Properties, "action_name", Keep(Slot::Action)),
        (Properties, "succeeded", Keep(Slot::ResultType)),
        (Properties, "application_name", Keep(Slot::UserAgent)),
        (Properties, "database_name", Keep(Slot::Name)),
        (Properties, "object_name", Keep(Slot::Object)),
    ],
    recognise: super::by_category,
    settle: super::nothing,
};
