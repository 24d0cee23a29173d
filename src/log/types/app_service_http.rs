use super::LogType;
use crate::log::fields::{Take::Keep, Within::Properties};
use crate::log::json::Raw;
use crate::log::{LogKind, Slot};

/// App Service HTTP log. It has no TLS version; port 80 is plain HTTP.
/// <https://learn.microsoft.com/azure/azure-monitor/reference/tables/appservicehttplogs>
pub const TYPE: LogType = LogType {
    kind: LogKind::AppServiceHttp,
    categories: &["appservicehttplogs"],
    fields: &[
        (Properties, "CsMethod", Keep(Slot::Method)),
        (Properties, "CsUriStem", Keep(Slot::Uri)),
        (Properties, "CsUriQuery", Keep(Slot::Query)),
        (Properties, "CsHost", Keep(Slot::Host)),
        (Properties, "CsUsername", Keep(Slot::User)),
        (Properties, "CIp", Keep(Slot::CallerIp)),
        (Properties, "SPort", Keep(Slot::Port)),
        (Properties, "ScStatus", Keep(Slot::Status)),
        (Properties, "UserAgent", Keep(Slot::UserAgent)),
        (Properties, "Cookie", Keep(Slot::Cookie)),
        (Properties, "Referer", Keep(Slot::Referer)),
        (Properties, "TimeTaken", Keep(Slot::DurationMs)),
    ],
    recognise: super::by_category,
    settle: |event| {
        let port = event.get(Slot::Port);
        if port.is_set() {
            event.set(Slot::Scheme, Raw::plain(if port.is("80") { b"http" } else { b"https" }));
        }
    },
};
