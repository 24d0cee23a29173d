//! Formats that carry their own proof: checksums and structures that are verified offline.
//!
//! * [`azure`]: Azure's identifiable keys, common annotated keys, Entra client secrets, Azure DevOps tokens
//! * [`github`]: GitHub's CRC32
//! * [`jwt`]: JSON Web Tokens
//! * [`marvin`]: the hash under Azure's checksums
//! * [`encodings`]: base-62, base-32, CRC32

mod azure;
mod encodings;
mod github;
mod jwt;
mod marvin;

use serde::Deserialize;

/// How a value is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verifier {
    /// Azure's identifiable keys: signature and Marvin checksum; also common annotated keys with `JQQJ9`.
    AzureKey,
    /// The CASK draft: layout only, it has no checksum.
    AzureCask,
    /// Entra client secrets with `8Q~`.
    EntraSecret,
    /// Azure DevOps tokens of 52 characters.
    DevopsPat,
    /// GitHub, npm and others: base-62 of CRC32 in the last six characters.
    Crc32,
    /// JSON Web Token: header and claims are JSON.
    Jwt,
}

/// What a verification says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The proof holds.
    Verified,
    /// The format has a proof and it does not hold.
    Failed,
    /// The format has no proof that could be computed here.
    Unproven,
}

impl Verifier {
    pub(super) fn verify(self, value: &[u8]) -> Verdict {
        match self {
            Self::AzureKey => azure::identifiable(value),
            Self::AzureCask => azure::cask(value),
            Self::EntraSecret => azure::entra(value),
            Self::DevopsPat => azure::devops(value),
            Self::Crc32 => github::crc32(value),
            Self::Jwt => jwt::token(value),
        }
    }
}

/// Values with a valid proof, for examples in tests: nobody's secrets, made from zeros.
#[cfg(test)]
pub(super) mod forge {
    pub(crate) use super::{
        azure::forge::{annotated, devops, entra, identifiable},
        github::forge as crc32,
    };
}
