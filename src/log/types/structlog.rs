use super::LogType;
use crate::log::fields::{Take::Keep, Within::Properties, Within::Root};
use crate::log::{LogKind, Slot};

/// JSON lines of structlog, python-json-logger, pino and their relatives. <https://www.structlog.org/en/stable/api.html>
pub const TYPE: LogType = LogType {
    kind: LogKind::Structlog,
    categories: &[],
    fields: &[
        (Root, "event", Keep(Slot::Message)),
        (Root, "msg", Keep(Slot::Message)),
        (Root, "severity", Keep(Slot::Level)),
        (Root, "levelname", Keep(Slot::Level)),
        (Root, "asctime", Keep(Slot::Time)),
        (Root, "logger", Keep(Slot::Logger)),
        (Root, "logger_name", Keep(Slot::Logger)),
        (Root, "request_id", Keep(Slot::CorrelationId)),
        (Root, "correlation_id", Keep(Slot::CorrelationId)),
        (Root, "trace_id", Keep(Slot::CorrelationId)),
        (Root, "user_id", Keep(Slot::User)),
        (Properties, "user", Keep(Slot::User)),
    ],
    recognise: |event, _| {
        let own = event.get(Slot::Message).is_set() && event.get(Slot::Level).is_set();
        own && !event.get(Slot::Category).is_set() && !event.get(Slot::ResourceId).is_set()
    },
    settle: super::nothing,
};
