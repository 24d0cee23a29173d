//! Secrets without a format of their own: known by the name that they are assigned to.
//!
//! * [`keys`]: which names hold secrets
//! * [`context`]: from a value back to its name, from a name forward to its value
//! * [`judge`]: is this value of this name a secret?
//! * `url`, of `scheme://user:password@host`
//! * [`header`]: `Authorization:` and `curl -u`
//! * [`paths`]: what the path of a file says about its content

pub(super) mod context;
pub(super) mod header;
pub(super) mod judge;
pub(super) mod keys;
pub(super) mod paths;
pub(super) mod url;
