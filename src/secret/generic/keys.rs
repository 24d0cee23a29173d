//! Which names hold secrets.

use super::super::class;

/// What a name says of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// A password: short, chosen by a person.
    Password,
    /// A secret or token: generated.
    Secret,
    /// The key of something that is named: `vendor_key`.
    Vendor,
    /// A key of which kind it is not clear: `key`, `someKey`.
    Key,
}

/// Endings, longest first where one ends another.
const PASSWORDS: &[&str] =
    &["password", "passwd", "passwrd", "passphrase", "passcode", "pwd", "pass", "passw", "pword", "psw", "kennwort", "passwort"];
const SECRETS: &[&str] = &["secret", "token", "apikey", "credential", "credentials", "creds", "authorization", "secrets", "bearer"];

/// What stands before `key` where the key opens something.
const OPENERS: &[&str] = &[
    "api",
    "access",
    "secret",
    "private",
    "auth",
    "account",
    "primary",
    "secondary",
    "master",
    "admin",
    "storage",
    "subscription",
    "function",
    "host",
    "encryption",
    "signing",
    "shared",
    "service",
    "app",
    "application",
    "client",
    "consumer",
    "deploy",
    "license",
    "licence",
    "stream",
    "write",
    "read",
    "query",
    "insert",
    "personal",
    "user",
    "project",
    "sdk",
    "rest",
    "webhook",
    "hmac",
    "crypt",
    "session",
    "integration",
    "server",
    "bot",
    "token",
    "search",
    "cognitive",
    "openai",
    "redis",
    "cosmos",
    "servicebus",
    "eventhub",
    "maps",
    "batch",
    "speech",
    "vision",
    "translator",
    "ocp-apim-subscription",
    "unseal",
    "recovery",
    "jwt",
    "oauth",
    "management",
    "endpoint",
    "validation",
    "decryption",
    "scoring",
    "meraki",
];

/// What stands before `key`, `token` or `pass` where nothing secret follows.
const HARMLESS: &[&str] = &[
    "public",
    "pub",
    "foreign",
    "cache",
    "sort",
    "partition",
    "row",
    "index",
    "lookup",
    "hot",
    "object",
    "group",
    "unique",
    "natural",
    "composite",
    "translation",
    "resource",
    "message",
    "idempotency",
    "mon",
    "tur",
    "hoc",
    "next",
    "continuation",
    "page",
    "sync",
    "skip",
    "cancellation",
    "anchor",
    "com",
    "by",
    "tres",
    "over",
    "under",
    "tres",
    "publickey",
    "instrumentation",
    "node",
    "map",
    "hash",
    "item",
    "event",
    "context",
    "registry",
    "menu",
    "shortcut",
    "arrow",
    "don",
    "whis",
    "joc",
    "hk",
    "i18n",
    "locale",
    "label",
    "column",
    "field",
    "table",
    "sub-",
    "change",
    "correlation",
    "routing",
    "aggregate",
    "metric",
    "tag",
    "host-",
    "known",
    "stack",
    "xsrf",
    "csrf",
    "antiforgery",
    "issue",
    "jira",
    "bound",
    "delegate",
    "any",
    "press",
    "down",
    "up",
    "etag",
    "lock",
    "pagination",
    "nexttoken",
    "pagetoken",
    "customer-managed-",
];

/// What `name` holds, if it is a secret.
pub(crate) fn kind(name: &[u8]) -> Option<KeyKind> {
    let name = trim(name);
    if name.len() < 3 || name.len() > 120 {
        return None;
    }
    let mut buffer = [0u8; 120];
    let lower = buffer.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let lower: &[u8] = lower;
    if let Some(before) = PASSWORDS.iter().find_map(|word| lower.strip_suffix(word.as_bytes())) {
        return (!harmless(before)).then_some(KeyKind::Password);
    }
    if let Some(before) = SECRETS.iter().find_map(|word| lower.strip_suffix(word.as_bytes())) {
        return (!harmless(before)).then_some(KeyKind::Secret);
    }
    if let Some(before) = lower.strip_suffix(b"key").or_else(|| lower.strip_suffix(b"keys")) {
        if harmless(before) {
            return None;
        }
        let joined = before.last().is_some_and(|&byte| !class::is_alnum(byte)) || name.ends_with(b"KEY");
        let before = stripped(before);
        let opens = OPENERS.iter().any(|opener| before.ends_with(opener.as_bytes()));
        return Some(match () {
            () if opens => KeyKind::Secret,
            // `vendor_key`, `VENDOR KEY`: of something, but of what?
            () if joined && before.len() >= 3 => KeyKind::Vendor,
            () => KeyKind::Key,
        });
    }
    if name.ends_with(b"ACCESS") || name.ends_with(b"PRIVATE") {
        return Some(KeyKind::Vendor);
    }
    let short = ["sas", "pat", "sig", "auth", "private"].iter().any(|word| {
        lower
            .strip_suffix(word.as_bytes())
            .is_some_and(|before| before.is_empty() || before.last().is_some_and(|&byte| !class::is_alnum(byte)))
    });
    short.then_some(KeyKind::Key)
}

/// Whether the name says nothing but that something is secret.
pub(crate) fn is_bare(name: &[u8]) -> bool {
    ["key", "token", "secret"].iter().any(|word| name.eq_ignore_ascii_case(word.as_bytes()))
}

fn harmless(before: &[u8]) -> bool {
    let before = stripped(before);
    HARMLESS.iter().any(|word| before.ends_with(word.as_bytes()))
}

fn stripped(mut text: &[u8]) -> &[u8] {
    while let [head @ .., b'_' | b'-' | b'.' | b' '] = text {
        text = head;
    }
    text
}

/// Without what follows the word itself: numbers, `_value`, separators.
fn trim(name: &[u8]) -> &[u8] {
    let mut name = name;
    loop {
        match name {
            [head @ .., b'0'..=b'9' | b'_' | b'-' | b'.'] => name = head,
            _ => {
                let suffix = ["_value", "Value", "_VALUE", "_base64", "_b64", "_B64", "_string", "String", "_plain"]
                    .iter()
                    .find_map(|suffix| name.strip_suffix(suffix.as_bytes()));
                match suffix {
                    Some(head) => name = head,
                    None => return name,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in ["password", "DB_PASSWORD", "sqlAdminPassword", "PGPASS", "pwd"] {
            assert_eq!(kind(name.as_bytes()), Some(KeyKind::Password), "{name}");
        }
        for name in ["clientSecret", "SECRET_ACCESS_KEY", "x-api-key", "apiKey1", "github_token", "accountKey", "bloggerSECRETkey"] {
            assert_eq!(kind(name.as_bytes()), Some(KeyKind::Secret), "{name}");
        }
        assert_eq!(kind(b"key"), Some(KeyKind::Key));
        for name in [
            "secretName",
            "tokenEndpoint",
            "PublicKeyToken",
            "publicKey",
            "monkey",
            "compass",
            "passwordPolicy",
            "keyId",
            "nextToken",
            "id",
            "cacheKey",
        ] {
            assert_eq!(kind(name.as_bytes()), None, "{name}");
        }
    }
}
