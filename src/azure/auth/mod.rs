//! Sign-in: an explicit, ordered chain of ways, each of which says what it needs and why it was passed over.

mod assertion;
mod certificate;
mod chain;
mod method;
mod tokens;

pub use certificate::CertificateError;
pub use chain::{Attempt, Outcome, Settings, SignInError, SignedIn, sign_in};
pub use method::Method;
pub use tokens::{Bearer, Tokens};
