use super::LogType;
use crate::log::LogKind;
use crate::log::Slot;
use crate::log::fields::{Take::Keep, Within::Properties};

/// What a workspace says of itself: tables `Operation` and `_LogOperation`.
/// <https://learn.microsoft.com/azure/azure-monitor/logs/monitor-workspace>
pub const TYPE: LogType = LogType {
    kind: LogKind::Workspace,
    categories: &["operation", "_logoperation"],
    fields: &[
        (Properties, "Operation", Keep(Slot::Operation)),
        (Properties, "OperationStatus", Keep(Slot::ResultType)),
        (Properties, "OperationCategory", Keep(Slot::Category)),
        (Properties, "Detail", Keep(Slot::Message)),
    ],
    recognise: |event, listed| {
        let workspace = event.get(Slot::ResourceId).contains("/microsoft.operationalinsights/workspaces/");
        listed || (workspace && event.get(Slot::Operation).is_set() && event.get(Slot::Message).is_set())
    },
    settle: super::nothing,
};
