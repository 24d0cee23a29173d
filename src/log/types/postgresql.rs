use super::LogType;
use crate::log::fields::{Take::Keep, Within::Properties};
use crate::log::json::Raw;
use crate::log::{Event, LogKind, Slot};

/// PostgreSQL server log. With `log_connections` each connection says whether it is encrypted, and how.
/// <https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-logging>
pub const TYPE: LogType = LogType {
    kind: LogKind::PostgreSql,
    categories: &["postgresqllogs", "pgsqlserverlogs"],
    fields: &[(Properties, "errorLevel", Keep(Slot::Level)), (Properties, "timestamp", Keep(Slot::Time))],
    recognise: super::by_category,
    settle,
};

fn settle<'a>(event: &mut Event<'a>) {
    let message = event.get(Slot::Message);
    // Only this message tells of a connection; the text around it follows `log_line_prefix`.
    let Some(at) = memchr::memmem::find(message.bytes, b"connection authorized:") else { return };
    let tail = message.bytes.get(at..).unwrap_or(&[]);
    event.set(Slot::EventName, Raw::plain(b"connection authorized"));
    if let Some(user) = word_after(tail, b"user=") {
        event.set(Slot::User, Raw::plain(user));
    }
    let encrypted = memchr::memmem::find(tail, b"SSL enabled").is_some();
    event.set(Slot::SslEnabled, Raw::plain(if encrypted { b"on" } else { b"off" }));
    if let Some(version) = word_after(tail, b"protocol=") {
        event.set(Slot::Tls, Raw::plain(version));
    }
}

fn word_after<'a>(text: &'a [u8], label: &[u8]) -> Option<&'a [u8]> {
    let from = memchr::memmem::find(text, label)? + label.len();
    let rest = text.get(from..)?;
    let end = rest.iter().position(|byte| matches!(byte, b' ' | b',' | b')' | b'"' | b'\\')).unwrap_or(rest.len());
    rest.get(..end).filter(|word| !word.is_empty())
}
