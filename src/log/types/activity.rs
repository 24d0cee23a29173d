use super::LogType;
use crate::log::fields::{Take::Keep, Within::Properties, Within::Root};
use crate::log::json::Raw;
use crate::log::{Event, LogKind, Slot};

/// The activity log: the REST form (`operationName.value`, `caller`, `claims`), the export form (`identity.claims`, category
/// Write/Delete/Action) and the Log Analytics table `AzureActivity`.
/// <https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema>
pub const TYPE: LogType = LogType {
    kind: LogKind::Activity,
    categories: &[
        "administrative",
        "security",
        "servicehealth",
        "alert",
        "recommendation",
        "policy",
        "autoscale",
        "resourcehealth",
        "azureactivity",
    ],
    fields: &[
        (Properties, "requestbody", Keep(Slot::RequestBody)),
        (Properties, "responseBody", Keep(Slot::ResponseBody)),
        (Root, "resourceUri", Keep(Slot::ResourceId)),
        (Properties, "eventName", Keep(Slot::EventName)),
        (Properties, "eventDataId", Keep(Slot::EventId)),
        (Properties, "OperationNameValue", Keep(Slot::Operation)),
        (Properties, "ActivityStatusValue", Keep(Slot::ResultType)),
        (Properties, "CategoryValue", Keep(Slot::Category)),
    ],
    recognise: |event, listed| {
        if listed {
            return true;
        }
        let category = event.get(Slot::Category);
        let exported = ["Write", "Delete", "Action"].iter().any(|word| category.is(word));
        let operation = event.get(Slot::Operation);
        let provider = operation.starts_with("microsoft.") && operation.bytes.contains(&b'/');
        (exported && event.get(Slot::ResourceId).is_set()) || (provider && !category.is_set())
    },
    settle,
};

fn settle(event: &mut Event<'_>) {
    // Older REST answers name the resource only as the scope that was authorised, or within the event's own id.
    if !event.get(Slot::ResourceId).is_set() {
        let (scope, id) = (event.get(Slot::AuthorizedScope), event.get(Slot::EventId));
        let end = memchr::memmem::find(id.bytes, b"/events/").unwrap_or(0);
        let of_id = Raw { bytes: id.bytes.get(..end).unwrap_or(&[]), form: id.form };
        event.set(Slot::ResourceId, if scope.is_set() { scope } else { of_id });
    }
    // A user's name or an application's id; the export has it only in the claims.
    if !event.get(Slot::Caller).is_set() {
        let upn = event.get(Slot::Upn);
        let caller = if upn.is_set() { upn } else { event.get(Slot::AppId) };
        event.set(Slot::Caller, caller);
    } else if !event.get(Slot::Upn).is_set() && event.get(Slot::Caller).bytes.contains(&b'@') {
        event.set(Slot::Upn, event.get(Slot::Caller));
    }
}
