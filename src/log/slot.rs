/// The fields that an event has room for, whatever the log calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names say it; `name` is what rules write")]
pub enum Slot {
    Time,
    Category,
    Type,
    Operation,
    ResultType,
    ResultSignature,
    ResultDescription,
    Status,
    DurationMs,
    CallerIp,
    CorrelationId,
    ResourceId,
    Level,
    Oid,
    AppId,
    Upn,
    ManagedIdentity,
    IdType,
    AppIdAcr,
    Scope,
    Caller,
    PrincipalType,
    Role,
    AuthType,
    Uri,
    Host,
    Method,
    UserAgent,
    Tls,
    Scheme,
    SslEnabled,
    Port,
    Object,
    Message,
    Statement,
    RequestBody,
    ResponseBody,
    EventName,
    User,
    Protocol,
    Query,
    Cookie,
    Referer,
    Item,
    JobOperation,
    JobStatus,
    Direction,
    Decision,
    DestinationPort,
    DestinationIp,
    Flow,
    Name,
    EventId,
    Action,
    Logger,
    AuthorizedScope,
    /// The whole of `properties`, as it stands.
    Properties,
}

impl Slot {
    /// How many there are.
    pub const COUNT: usize = Self::Properties as usize + 1;

    /// All, in order, with the names that rules write.
    pub const ALL: [(Self, &'static str); Self::COUNT] = [
        (Self::Time, "time"),
        (Self::Category, "category"),
        (Self::Type, "type"),
        (Self::Operation, "operation"),
        (Self::ResultType, "result"),
        (Self::ResultSignature, "resultSignature"),
        (Self::ResultDescription, "resultDescription"),
        (Self::Status, "status"),
        (Self::DurationMs, "durationMs"),
        (Self::CallerIp, "ip"),
        (Self::CorrelationId, "correlationId"),
        (Self::ResourceId, "resource"),
        (Self::Level, "level"),
        (Self::Oid, "oid"),
        (Self::AppId, "appId"),
        (Self::Upn, "upn"),
        (Self::ManagedIdentity, "managedIdentity"),
        (Self::IdType, "idType"),
        (Self::AppIdAcr, "appIdAcr"),
        (Self::Scope, "scope"),
        (Self::Caller, "callerName"),
        (Self::PrincipalType, "principalType"),
        (Self::Role, "role"),
        (Self::AuthType, "authentication"),
        (Self::Uri, "uri"),
        (Self::Host, "host"),
        (Self::Method, "method"),
        (Self::UserAgent, "userAgent"),
        (Self::Tls, "tlsText"),
        (Self::Scheme, "schemeText"),
        (Self::SslEnabled, "sslEnabled"),
        (Self::Port, "port"),
        (Self::Object, "object"),
        (Self::Message, "message"),
        (Self::Statement, "statement"),
        (Self::RequestBody, "requestBody"),
        (Self::ResponseBody, "responseBody"),
        (Self::EventName, "eventName"),
        (Self::User, "user"),
        (Self::Protocol, "protocol"),
        (Self::Query, "query"),
        (Self::Cookie, "cookie"),
        (Self::Referer, "referer"),
        (Self::Item, "item"),
        (Self::JobOperation, "jobOperation"),
        (Self::JobStatus, "jobStatus"),
        (Self::Direction, "direction"),
        (Self::Decision, "decision"),
        (Self::DestinationPort, "destinationPort"),
        (Self::DestinationIp, "destinationIp"),
        (Self::Flow, "flow"),
        (Self::Name, "name"),
        (Self::EventId, "eventId"),
        (Self::Action, "action"),
        (Self::Logger, "logger"),
        (Self::AuthorizedScope, "authorizedScope"),
        (Self::Properties, "properties"),
    ];

    /// The slot that rules call `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(slot, _)| *slot)
    }

    /// The name that rules write.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(slot, _)| *slot == self).map_or("", |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_the_order_of_the_slots() {
        for (at, (slot, name)) in Slot::ALL.iter().enumerate() {
            assert_eq!(*slot as usize, at, "{name}");
            assert_eq!(Slot::named(name), Some(*slot));
        }
    }
}
