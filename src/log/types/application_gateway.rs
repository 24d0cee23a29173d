use super::LogType;
use crate::log::fields::{Take::Keep, Within::Properties};
use crate::log::json::Raw;
use crate::log::{LogKind, Slot};

/// Application Gateway access log. <https://learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference>
pub const TYPE: LogType = LogType {
    kind: LogKind::ApplicationGateway,
    categories: &["applicationgatewayaccesslog", "agwaccesslogs"],
    fields: &[
        (Properties, "sslEnabled", Keep(Slot::SslEnabled)),
        (Properties, "sslProtocol", Keep(Slot::Tls)),
        (Properties, "clientIP", Keep(Slot::CallerIp)),
        (Properties, "httpStatus", Keep(Slot::Status)),
        (Properties, "httpMethod", Keep(Slot::Method)),
        (Properties, "originalHost", Keep(Slot::Host)),
        (Properties, "host", Keep(Slot::Host)),
        (Properties, "requestUri", Keep(Slot::Uri)),
        (Properties, "requestQuery", Keep(Slot::Query)),
        (Properties, "transactionId", Keep(Slot::CorrelationId)),
        (Properties, "timeTaken", Keep(Slot::DurationMs)),
        (Properties, "userAgent", Keep(Slot::UserAgent)),
    ],
    recognise: super::by_category,
    settle: |event| {
        let enabled = event.get(Slot::SslEnabled);
        if enabled.is_set() {
            let on = enabled.is("on") || enabled.is("true");
            event.set(Slot::Scheme, Raw::plain(if on { b"https" } else { b"http" }));
        }
    },
};
