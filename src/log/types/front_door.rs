use super::LogType;
use crate::log::LogKind;
use crate::log::Slot;
use crate::log::fields::{Take::Keep, Within::Properties};

/// Front Door access log, classic and Standard/Premium. <https://learn.microsoft.com/azure/frontdoor/monitor-front-door>
pub const TYPE: LogType = LogType {
    kind: LogKind::FrontDoor,
    categories: &["frontdooraccesslog"],
    fields: &[
        (Properties, "securityProtocol", Keep(Slot::Tls)),
        (Properties, "requestProtocol", Keep(Slot::Scheme)),
        (Properties, "requestUri", Keep(Slot::Uri)),
        (Properties, "clientIp", Keep(Slot::CallerIp)),
        (Properties, "hostName", Keep(Slot::Host)),
        (Properties, "httpMethod", Keep(Slot::Method)),
        (Properties, "timeTaken", Keep(Slot::DurationMs)),
        (Properties, "userAgent", Keep(Slot::UserAgent)),
        (Properties, "referer", Keep(Slot::Referer)),
        (Properties, "trackingReference", Keep(Slot::CorrelationId)),
        (Properties, "httpStatusCode", Keep(Slot::Status)),
    ],
    recognise: super::by_category,
    settle: super::nothing,
};
