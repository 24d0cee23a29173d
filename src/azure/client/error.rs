use std::fmt;

use serde_json::Value;

/// Why a call did not give what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// What kind of failure.
    pub failure: Failure,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Azure's error code, where it gave one.
    pub code: Option<String>,
    /// What was said, in one line.
    pub message: String,
}

/// Kinds of failure, as far as they call for another cure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// No token, or one that Azure refuses even after signing in again.
    SignIn,
    /// Signed in, but not allowed.
    Forbidden,
    /// It does not exist.
    NotFound,
    /// Asked too often, and still so after waiting.
    Throttled,
    /// The request itself is refused: an unknown table, a type that has no such child.
    Refused,
    /// Azure's fault, and still so after trying again.
    Server,
    /// No answer in time.
    Timeout,
    /// No connection: name, proxy, TLS.
    Connection,
    /// An answer that breaks off or is not JSON.
    Broken,
    /// An answer over the size limit.
    TooLarge,
    /// A next page on another host, or one that was there before.
    ForeignLink,
    /// The run was stopped.
    Stopped,
}

impl CallError {
    pub(super) fn new(failure: Failure, message: impl Into<String>) -> Self {
        Self { failure, status: None, code: None, message: message.into() }
    }

    /// An answer that is no success. `body` is what was sent with it.
    pub(crate) fn answered(status: u16, body: &[u8], skew: Option<i64>) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let error = json.get("error").filter(|error| error.is_object()).unwrap_or(&json);
        let text = |key: &str| error.get(key).and_then(Value::as_str).map(str::to_owned);
        let inner = error.pointer("/details/0/code").and_then(Value::as_str).map(str::to_owned);
        let outer = text("code").or_else(|| text("Code"));
        // Resource Graph wraps the telling code: BadRequest around DisallowedLogicalTableName.
        let code = if outer.as_deref() == Some("BadRequest") { inner.or(outer) } else { outer };
        let said = text("message").or_else(|| text("Message")).unwrap_or_default();
        let said: String = said.lines().next().unwrap_or("").chars().take(240).collect();
        let failure = match (status, code.as_deref()) {
            (_, Some("AuthorizationFailed" | "LinkedAuthorizationFailed" | "AuthorizationPermissionMismatch")) => Failure::Forbidden,
            (404, Some("InvalidResourceType" | "NoRegisteredProviderFound" | "InvalidResourceNamespace")) => Failure::Refused,
            (401, _) => Failure::SignIn,
            (403, _) => Failure::Forbidden,
            (404, _) => Failure::NotFound,
            (429, _) => Failure::Throttled,
            (400..500, _) => Failure::Refused,
            _ => Failure::Server,
        };
        let mut message = cure(status, code.as_deref(), skew).map_or_else(String::new, str::to_owned);
        if !said.is_empty() {
            message = if message.is_empty() { said } else { format!("{message} ({said})") };
        }
        if message.is_empty() {
            message = "no reason was given".to_owned();
        }
        Self { failure, status: Some(status), code, message }
    }

    /// Whether what was asked for is known not to be there, which is an answer and no gap.
    pub fn is_absence(&self) -> bool {
        self.failure == Failure::NotFound
    }
}

fn cure(status: u16, code: Option<&str>, skew: Option<i64>) -> Option<&'static str> {
    // Tokens are good from five minutes before they are made.
    if status == 401 && skew.is_some_and(|seconds| seconds.abs() > 240) {
        return Some("this machine's clock differs from Azure's by minutes; set it right");
    }
    match code? {
        "InvalidAuthenticationTokenTenant" => Some("the token is of another tenant than the subscription; give --tenant"),
        "ExpiredAuthenticationToken" => Some("the sign-in has expired; sign in again"),
        "AuthorizationFailed" => Some("this identity is not allowed to read it"),
        "SubscriptionNotFound" => Some("the subscription does not exist, or is not in this tenant"),
        "SubscriptionNotRegistered" | "MissingSubscriptionRegistration" => {
            Some("the resource provider is not registered in the subscription")
        }
        "ReadOnlyDisabledSubscription" | "DisabledSubscription" => Some("the subscription is disabled"),
        "DisallowedLogicalTableName" => Some("this cloud's Resource Graph has no such table"),
        _ => None,
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status {
            write!(f, "{status} ")?;
        }
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for CallError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_all_shapes_give_a_code_and_a_line() {
        let body = br#"{"error":{"code":"BadRequest","message":"no","details":[{"code":"DisallowedLogicalTableName","message":"x"}]}}"#;
        let error = CallError::answered(400, body, None);
        assert_eq!((error.failure, error.code.as_deref()), (Failure::Refused, Some("DisallowedLogicalTableName")));
        let flat = CallError::answered(403, br#"{"Code":"AuthorizationFailed","Message":"a\nb"}"#, None);
        assert_eq!((flat.failure, flat.message.as_str()), (Failure::Forbidden, "this identity is not allowed to read it (a)"));
        for odd in [&b""[..], b"<html>", b"[]", b"{\"error\":\"text\"}", b"{\"error\":{\"code\":7}}", b"null"] {
            let error = CallError::answered(502, odd, None);
            assert_eq!((error.failure, error.message.as_str()), (Failure::Server, "no reason was given"));
        }
    }

    #[test]
    fn a_wrong_clock_is_named() {
        let error = CallError::answered(401, br#"{"error":{"code":"InvalidAuthenticationToken","message":"m"}}"#, Some(-900));
        assert!(error.message.contains("clock"));
        assert!(!CallError::answered(401, b"{}", Some(20)).message.contains("clock"));
    }
}
