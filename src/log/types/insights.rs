use super::LogType;
use crate::log::LogKind;
use crate::log::Slot;
use crate::log::fields::{Take::Keep, Within::Properties};

/// Application Insights tables, exported through diagnostic settings or Log Analytics.
/// <https://learn.microsoft.com/azure/azure-monitor/reference/tables/apptraces>
pub const TYPE: LogType = LogType {
    kind: LogKind::Insights,
    categories: &["apptraces", "apprequests", "appdependencies", "appexceptions", "appevents", "appavailabilityresults", "apppageviews"],
    fields: &[
        (Properties, "Url", Keep(Slot::Uri)),
        (Properties, "Data", Keep(Slot::Statement)),
        (Properties, "Target", Keep(Slot::Host)),
        (Properties, "DurationMs", Keep(Slot::DurationMs)),
        (Properties, "ResultCode", Keep(Slot::Status)),
        (Properties, "Success", Keep(Slot::ResultType)),
        (Properties, "ClientIP", Keep(Slot::CallerIp)),
        (Properties, "OperationId", Keep(Slot::CorrelationId)),
        (Properties, "SeverityLevel", Keep(Slot::Level)),
        (Properties, "OuterMessage", Keep(Slot::Message)),
        (Properties, "UserAuthenticatedId", Keep(Slot::User)),
        (Properties, "AppRoleName", Keep(Slot::Logger)),
    ],
    recognise: super::by_category,
    settle: super::nothing,
};
