//! Clouds and their endpoints.

use url::Url;

/// A cloud: where to sign in, where Resource Manager is, and what a token must be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// `public`, `usgov`, `china` or `custom`.
    pub name: &'static str,
    /// Where tokens come from.
    pub authority: Url,
    /// Azure Resource Manager.
    pub manager: Url,
    /// What a token for Resource Manager must be for.
    pub scope: String,
}

/// An endpoint that azward will not send a token to.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CloudError {
    /// No such cloud.
    #[error("there is no cloud `{0}`; the clouds are public, usgov and china")]
    Unknown(String),
    /// Not a URL, or not one that a token may be sent to.
    #[error("`{0}` is not an endpoint: it must be https://host[:port], without user, path or query")]
    Endpoint(String),
}

impl Cloud {
    /// The names that [`Cloud::named`] takes.
    pub const NAMES: [&'static str; 3] = ["public", "usgov", "china"];

    /// A cloud by its name.
    ///
    /// # Errors
    ///
    /// Where there is no such cloud.
    pub fn named(name: &str) -> Result<Self, CloudError> {
        // https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure
        // https://learn.microsoft.com/azure/china/resources-developer-guide
        let (name, authority, manager) = match name {
            "public" => ("public", "https://login.microsoftonline.com", "https://management.azure.com"),
            "usgov" => ("usgov", "https://login.microsoftonline.us", "https://management.usgovcloudapi.net"),
            "china" => ("china", "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn"),
            other => return Err(CloudError::Unknown(other.to_owned())),
        };
        let (authority, manager) = (endpoint(authority)?, endpoint(manager)?);
        let scope = format!("{}.default", manager.as_str());
        Ok(Self { name, authority, manager, scope })
    }

    /// The same cloud behind other endpoints (Azure Stack, a private link, a test). What a token is for stays the cloud's.
    ///
    /// # Errors
    ///
    /// Where an endpoint is not plain `https://host[:port]`.
    pub fn with_endpoints(mut self, authority: Option<&str>, manager: Option<&str>) -> Result<Self, CloudError> {
        if let Some(authority) = authority {
            self.authority = endpoint(authority)?;
            self.name = "custom";
        }
        if let Some(manager) = manager {
            self.manager = endpoint(manager)?;
            self.name = "custom";
        }
        Ok(self)
    }

    /// Whether `url` is on Resource Manager's own host, so that a token may be sent there.
    pub fn owns(&self, url: &Url) -> bool {
        let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        plain && url.host_str() == self.manager.host_str() && url.port_or_known_default() == self.manager.port_or_known_default()
    }
}

fn endpoint(text: &str) -> Result<Url, CloudError> {
    let refuse = || CloudError::Endpoint(text.to_owned());
    let url = Url::parse(text).map_err(|_| refuse())?;
    let plain = url.scheme() == "https"
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then_some(url).ok_or_else(refuse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cloud_has_its_own_hosts_and_scope() {
        for name in Cloud::NAMES {
            let cloud = Cloud::named(name).expect("a cloud");
            assert_eq!(cloud.scope, format!("{}.default", cloud.manager));
            assert_ne!(cloud.authority.host_str(), cloud.manager.host_str());
        }
        assert_eq!(Cloud::named("mars"), Err(CloudError::Unknown("mars".into())));
    }

    #[test]
    fn a_token_goes_to_no_other_host() {
        let cloud = Cloud::named("public").expect("a cloud");
        let owns = |text: &str| cloud.owns(&Url::parse(text).expect("a url"));
        assert!(owns("https://management.azure.com/subscriptions?$skiptoken=x"));
        assert!(owns("https://MANAGEMENT.azure.com:443/x"));
        for foreign in [
            "http://management.azure.com/x",
            "https://management.azure.com.evil.example/x",
            "https://management.azure.com@evil.example/x",
            "https://user:word@management.azure.com/x",
            "https://management.azure.com:8443/x",
            "https://evil.example/management.azure.com",
        ] {
            assert!(!owns(foreign), "{foreign}");
        }
    }

    #[test]
    fn endpoints_must_be_plain_https() {
        let cloud = || Cloud::named("public").expect("a cloud");
        assert!(cloud().with_endpoints(Some("https://localhost:8443"), None).is_ok());
        for bad in ["http://localhost", "localhost", "https://u:p@h", "https://h/path", "https://h/?q", "file:///x"] {
            assert!(cloud().with_endpoints(None, Some(bad)).is_err(), "{bad}");
        }
    }
}
