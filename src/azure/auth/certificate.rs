//! An application proves who it is with a certificate: a short-lived JSON web token, signed with the private key.
//!
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    rand::{SecureRandom, SystemRandom},
    rsa::KeyPair,
    signature::RSA_PSS_SHA256,
};
use azure_core::{
    error::{Error, ErrorKind},
    http::ClientMethodOptions,
};
use azure_identity::ClientAssertion;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256};

/// Why a certificate cannot be used. Never holds a part of the key.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The file has no certificate.
    #[error("the certificate file has no PEM block `CERTIFICATE`; convert a .pfx with `openssl pkcs12 -in FILE -out FILE.pem -nodes`")]
    NoCertificate,
    /// The file has no private key, or an encrypted one.
    #[error("the certificate file has no PEM block `PRIVATE KEY` that is not encrypted; put key and certificate in one file")]
    NoKey,
    /// The key is not an RSA key.
    #[error("the private key is not an RSA key of 2048 bits or more; Entra ID takes RSA alone")]
    NotRsa,
}

/// Signs an assertion at every refresh.
pub(super) struct Certificate {
    key: KeyPair,
    chain: Vec<String>,
    thumbprint: String,
    client: String,
    audience: String,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("client", &self.client).finish_non_exhaustive()
    }
}

impl Certificate {
    /// How long an assertion is good for. Entra ID allows a day; minutes are enough.
    const LIFETIME: Duration = Duration::from_secs(600);

    /// Reads key and certificate, both in `pem`. `audience` is the token endpoint.
    pub(super) fn new(pem: &[u8], client: &str, audience: &str) -> Result<Self, CertificateError> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect();
        let leaf = chain.first().ok_or(CertificateError::NoCertificate)?;
        let key = match PrivateKeyDer::from_pem_slice(pem) {
            Ok(PrivateKeyDer::Pkcs8(der)) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
            Ok(PrivateKeyDer::Pkcs1(der)) => KeyPair::from_der(der.secret_pkcs1_der()),
            Ok(_) => return Err(CertificateError::NotRsa),
            Err(_) => return Err(CertificateError::NoKey),
        };
        let key = key.map_err(|_| CertificateError::NotRsa)?;
        Ok(Self {
            key,
            thumbprint: URL_SAFE_NO_PAD.encode(Sha256::digest(leaf)),
            chain: chain.iter().map(|der| STANDARD.encode(der)).collect(),
            client: client.to_owned(),
            audience: audience.to_owned(),
        })
    }

    fn assertion(&self, now: SystemTime) -> Option<String> {
        let random = SystemRandom::new();
        let mut id = [0; 16];
        random.fill(&mut id).ok()?;
        let now = now.duration_since(UNIX_EPOCH).ok()?.as_secs();
        let header = serde_json::json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint, "x5c": self.chain });
        let claims = serde_json::json!({
            "aud": self.audience, "iss": self.client, "sub": self.client, "jti": URL_SAFE_NO_PAD.encode(id),
            // A minute back, for clocks that differ a little.
            "nbf": now.saturating_sub(60), "exp": now + Self::LIFETIME.as_secs(),
        });
        let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PSS_SHA256, &random, token.as_bytes(), &mut signature).ok()?;
        token.push('.');
        token.push_str(&URL_SAFE_NO_PAD.encode(signature));
        Some(token)
    }
}

#[async_trait::async_trait]
impl ClientAssertion for Certificate {
    async fn secret(&self, _options: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        self.assertion(SystemTime::now()).ok_or_else(|| Error::with_message(ErrorKind::Credential, "the certificate's key does not sign"))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::AsDer,
        rsa::{KeySize, PublicKey},
        signature::{KeyPair as _, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey},
    };

    use super::*;

    /// A PEM file with a fresh key; its certificate is only bytes here, which signing does not look into.
    fn pem() -> (String, PublicKey) {
        let key = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = key.as_der().expect("encodes");
        let block = |name: &str, bytes: &[u8]| format!("-----BEGIN {name}-----\n{}\n-----END {name}-----\n", STANDARD.encode(bytes));
        let kind = ["PRIVATE", "KEY"].join(" ");
        (block("CERTIFICATE", b"certificate") + &block(&kind, der.as_ref()), key.public_key().clone())
    }

    #[test]
    fn the_assertion_is_signed_and_says_who() {
        let (pem, public) = pem();
        let certificate = Certificate::new(pem.as_bytes(), "client", "https://login/t/oauth2/v2.0/token").expect("reads");
        let token = certificate.assertion(SystemTime::now()).expect("signs");
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public.as_ref()).verify(signed.as_bytes(), &signature).expect("verifies");
        let claims = URL_SAFE_NO_PAD.decode(signed.split('.').nth(1).expect("claims")).expect("base64");
        let claims: serde_json::Value = serde_json::from_slice(&claims).expect("json");
        assert_eq!(claims.get("sub"), claims.get("iss"));
        assert_eq!(claims.get("aud").and_then(serde_json::Value::as_str), Some("https://login/t/oauth2/v2.0/token"));
        let header = URL_SAFE_NO_PAD.decode(signed.split('.').next().expect("header")).expect("base64");
        let expected = URL_SAFE_NO_PAD.encode(Sha256::digest(b"certificate"));
        assert!(String::from_utf8_lossy(&header).contains(&expected));
    }

    #[test]
    fn a_file_without_key_or_certificate_says_what_is_missing() {
        let (pem, _) = pem();
        let certificate = pem.split_inclusive("-----END CERTIFICATE-----\n").next().expect("a block");
        assert!(matches!(Certificate::new(certificate.as_bytes(), "c", "a"), Err(CertificateError::NoKey)));
        assert!(matches!(Certificate::new(b"nothing", "c", "a"), Err(CertificateError::NoCertificate)));
    }

    #[test]
    fn debug_shows_no_key() {
        let (pem, _) = pem();
        let certificate = Certificate::new(pem.as_bytes(), "client", "a").expect("reads");
        assert_eq!(format!("{certificate:?}"), "Certificate { client: \"client\", .. }");
    }
}
