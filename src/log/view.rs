//! What rules ask of an event beyond its plain fields.

use std::borrow::Cow;
use std::net::IpAddr;

use super::json::Raw;
use super::time::{self, Moment};
use super::tls::Tls;
use super::{Event, LogKind, Slot, address};

/// Who acts: a person, an application, or Azure itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person: a user principal name, or a token with a user's scope.
    User,
    /// A service principal or managed identity.
    Application,
    /// Azure's own automation: Policy, autoscale, backup.
    Platform,
    /// The log does not say.
    Unknown,
}

impl Actor {
    /// The word that rules compare with.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Application => "application",
            Self::Platform => "platform",
            Self::Unknown => "unknown",
        }
    }
}

impl<'a> Event<'a> {
    /// When it happened, and whether the log says the zone. Flow tuples count seconds or milliseconds.
    pub fn time(&self) -> Option<(Moment, bool)> {
        if self.stamp.is_some() {
            return self.stamp;
        }
        let raw = self.get(Slot::Time);
        if let Some(parsed) = time::parse(raw.bytes) {
            return Some((parsed.moment, parsed.zoned));
        }
        let number = raw.number()?;
        #[expect(clippy::cast_possible_truncation, reason = "bounded: seconds and milliseconds of this millennium")]
        let micros = match number {
            n if (1e8..1e11).contains(&n) => (n * 1e6) as i64,
            n if (1e11..1e14).contains(&n) => (n * 1e3) as i64,
            _ => return None,
        };
        Some((Moment(micros), true))
    }

    /// Every way in which the log names who acts: object id, application id, user, managed identity.
    pub fn identities(&self) -> impl Iterator<Item = Raw<'a>> {
        [Slot::Upn, Slot::Caller, Slot::User, Slot::AppId, Slot::Oid, Slot::ManagedIdentity]
            .map(|slot| self.get(slot))
            .into_iter()
            .filter(Raw::is_set)
    }

    /// The best name of who acts, for people: a user's name before an application's id before an object's id.
    pub fn caller(&self) -> Cow<'a, str> {
        let managed = self.get(Slot::ManagedIdentity);
        let named = [Slot::Upn, Slot::User, Slot::Caller].map(|slot| self.get(slot)).into_iter().find(Raw::is_set);
        let named = named.or_else(|| managed.is_set().then_some(managed));
        let named = named.or_else(|| [Slot::AppId, Slot::Oid].map(|slot| self.get(slot)).into_iter().find(Raw::is_set));
        named.and_then(|raw| raw.text()).unwrap_or(Cow::Borrowed("(nobody named)"))
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        let (upn, app, scope) = (self.get(Slot::Upn), self.get(Slot::AppId), self.get(Slot::Scope));
        if self.get(Slot::Role).is("BuiltIn") || self.get(Slot::Caller).starts_with("microsoft.") {
            return Actor::Platform;
        }
        let principal = self.get(Slot::PrincipalType);
        let id_type = self.get(Slot::IdType);
        if upn.is_set() || scope.contains("user_impersonation") || principal.is("User") || id_type.is("user") {
            return Actor::User;
        }
        if app.is_set() || principal.is_set() || id_type.is("app") || self.get(Slot::ManagedIdentity).is_set() {
            return Actor::Application;
        }
        let named = [Slot::User, Slot::Caller].map(|slot| self.get(slot)).into_iter().find(Raw::is_set);
        match named {
            Some(name) if name.bytes.contains(&b'@') => Actor::User,
            Some(_) | None => Actor::Unknown,
        }
    }

    /// The caller's address without its port.
    pub fn address(&self) -> Option<IpAddr> {
        address::parse(&self.get(Slot::CallerIp).text()?)
    }

    /// The TLS version of the connection, where the log has one.
    pub fn tls(&self) -> Option<Tls> {
        Tls::parse(self.get(Slot::Tls).bytes)
    }

    /// `http` or `https`, where the log can tell.
    pub fn scheme(&self) -> Option<&'static str> {
        let scheme = self.get(Slot::Scheme);
        if scheme.is("http") || scheme.starts_with("http/") {
            return Some("http");
        }
        if scheme.is("https") {
            return Some("https");
        }
        let uri = self.get(Slot::Uri);
        let asked = self.kind != LogKind::KeyVault && uri.starts_with("http:");
        asked.then_some("http")
    }

    /// How long the request took, in milliseconds: the edges count in seconds.
    pub fn elapsed_ms(&self) -> Option<f64> {
        let number = self.get(Slot::DurationMs).number().filter(|number| number.is_finite() && *number >= 0.0)?;
        Some(if matches!(self.kind, LogKind::FrontDoor | LogKind::ApplicationGateway) { number * 1000.0 } else { number })
    }

    /// The last segment of the resource's id: `kv-prod`.
    pub fn resource_name(&self) -> Cow<'a, str> {
        let id = self.get(Slot::ResourceId);
        let id = if id.is_set() { id } else { self.get(Slot::Name) };
        let id = if id.is_set() { id } else { self.get(Slot::Host) };
        let bytes = id.bytes.strip_suffix(b"/blobServices/default").unwrap_or(id.bytes);
        let last = bytes.rsplit(|byte| *byte == b'/').next().unwrap_or(bytes);
        Raw { bytes: last, form: id.form }.text().unwrap_or(Cow::Borrowed(""))
    }

    /// The secret, key or certificate without vault and version: `secrets/database-url`.
    pub fn vault_object(&self) -> Cow<'a, str> {
        let text = self.get(Slot::Object).text_or_empty();
        let path = text.split_once("://").map_or(&*text, |(_, rest)| rest);
        let path = path.split('?').next().unwrap_or(path);
        let mut parts = path.split('/').skip(1).filter(|part| !part.is_empty());
        match (parts.next(), parts.next()) {
            (Some(collection), Some(name)) => Cow::Owned(format!("{collection}/{name}")),
            (Some(collection), None) => Cow::Owned(collection.to_owned()),
            _ => Cow::Borrowed(""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bumpalo::Bump;

    #[test]
    fn who_acts_and_on_what() {
        let bump = Bump::new();
        let line =
            br#"{"time":"2026-01-13T10:00:00Z","category":"AuditEvent","resourceId":"/S/0/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-PROD",
            "callerIpAddress":"10.0.0.4:5123","identity":{"claim":{"appid":"a1","oid":"o1","xms_mirid":"/x/app-prod"}},
            "properties":{"id":"https://kv-prod.vault.azure.net/secrets/database-url/0123","tlsVersion":"TLS1_2"}}"#;
        let (event, _) = Event::from_json(line, &bump).expect("valid");
        assert_eq!(event.kind, LogKind::KeyVault);
        assert_eq!(event.vault_object(), "secrets/database-url");
        assert_eq!(event.resource_name(), "KV-PROD");
        assert_eq!(event.actor(), Actor::Application);
        assert_eq!(event.caller(), "/x/app-prod");
        assert_eq!(event.identities().count(), 3);
        assert_eq!(event.address().map(|ip| ip.to_string()).as_deref(), Some("10.0.0.4"));
        assert_eq!(event.tls(), Some(Tls::V1_2));
    }
}
