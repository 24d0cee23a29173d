use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use azure_core::credentials::TokenCredential;

use super::{Method, SignInError};

/// A token on its way into a header. It cannot be printed.
#[derive(Clone)]
pub struct Bearer {
    secret: String,
    /// Which credential it came from; see [`Tokens::renew`].
    pub(crate) generation: u64,
}

impl Bearer {
    /// A token from nowhere.
    #[cfg(test)]
    pub(crate) fn of(secret: &str) -> Self {
        Self { secret: secret.to_owned(), generation: 0 }
    }

    /// The token itself, for the one place that sends it.
    pub(crate) fn reveal(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(token)")
    }
}

/// An error with everything that caused it: the outermost alone says that something failed.
fn whole(error: &dyn std::error::Error) -> String {
    let (mut said, mut at) = (error.to_string(), error.source());
    while let Some(cause) = at {
        let text = cause.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        at = cause.source();
    }
    said
}

type Build = dyn Fn() -> Result<Arc<dyn TokenCredential>, String> + Send + Sync;

/// Where tokens come from. The credential caches them and asks anew five minutes before one ends.
pub struct Tokens {
    method: Method,
    scope: String,
    build: Box<Build>,
    current: RwLock<(u64, Arc<dyn TokenCredential>)>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("method", &self.method).finish_non_exhaustive()
    }
}

impl Tokens {
    pub(super) fn new(method: Method, scope: String, build: Box<Build>) -> Result<Self, String> {
        let first = build()?;
        Ok(Self { method, scope, build, current: RwLock::new((0, first)) })
    }

    /// How these tokens were signed in for.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The credential itself, for a client that asks for tokens on its own (the storage SDK).
    pub fn credential(&self) -> Arc<dyn TokenCredential> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// A token that is good now.
    ///
    /// # Errors
    ///
    /// Where none is given.
    pub async fn bearer(&self) -> Result<Bearer, SignInError> {
        let (generation, credential) = {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
            (current.0, Arc::clone(&current.1))
        };
        let token = credential.get_token(&[&self.scope], None).await;
        let token = token.map_err(|error| SignInError::refused(self.method, &whole(&error)))?;
        Ok(Bearer { secret: token.token.secret().to_owned(), generation })
    }

    /// Forgets the cached token that `bearer` holds, because Azure refused it before its time.
    /// Of many callers with the same token only the first does anything.
    pub(crate) fn renew(&self, bearer: &Bearer) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.0 == bearer.generation
            && let Ok(credential) = (self.build)()
        {
            *current = (bearer.generation + 1, credential);
        }
    }
}
