//! Is this value of this name a secret?

use super::{
    super::{
        class::{self, LOWER, UPPER},
        value,
    },
    context::{Assigned, Tie},
    keys::{self, KeyKind},
    paths::FileKind,
};

/// The detectors of assignments; their texts are in `policies/detectors/generic.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generic {
    /// `generic-password`.
    Password,
    /// `generic-secret`: tokens, secrets, keys.
    Secret,
}

impl Generic {
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Password => "generic-password",
            Self::Secret => "generic-secret",
        }
    }
}

/// Judges `secret`, which is assigned to `key`.
pub(crate) fn judge(key: &[u8], secret: &[u8], quoted: bool, tie: Tie, file: FileKind) -> Option<Generic> {
    // In code only what is quoted is a literal.
    if file == FileKind::Code && !quoted {
        return None;
    }
    // After a mere space stands the next word, or the next name with a value of its own.
    if tie == Tie::Space && !quoted && secret.iter().rev().skip_while(|&&byte| byte == b'=').any(|byte| matches!(byte, b'=' | b':')) {
        return None;
    }
    let kind = keys::kind(key)?;
    let found = match kind {
        KeyKind::Password => password(secret, quoted, tie),
        KeyKind::Secret => generated(secret),
        KeyKind::Vendor => generated(secret) && (value::shape(secret).digits >= 3 || value::shape(secret).hex || opaque(secret)),
        KeyKind::Key => generated(secret) && opaque(secret),
    };
    // The lists of words come last: most values have been refused by then.
    let found = found && plausible(secret) && !value::is_placeholder(secret) && !value::is_reference(secret) && !repeats_key(key, secret);
    let generic = if kind == KeyKind::Password { Generic::Password } else { Generic::Secret };
    found.then_some(generic)
}

/// Printable, of a sensible length, no file name, no address.
fn plausible(secret: &[u8]) -> bool {
    let printable = secret.iter().all(|&byte| (b' '..0x7F).contains(&byte));
    let harmless_start = [
        &b"ssh-"[..],
        b"AAAAB3NzaC1",
        b"AAAAC3NzaC1",
        b"sha1-",
        b"sha256-",
        b"sha384-",
        b"sha512-",
        b"sha256:",
        b"urn:",
        b"/",
        b"./",
        b"../",
        b"~/",
    ]
    .iter()
    .any(|start| secret.starts_with(start));
    let file = [
        ".pem", ".key", ".json", ".txt", ".crt", ".pfx", ".yaml", ".yml", ".xml", ".js", ".ts", ".cs", ".py", ".com", ".net", ".org",
        ".io", ".html", ".md", ".png",
    ]
    .iter()
    .any(|end| secret.ends_with(end.as_bytes()));
    printable && (4..=2048).contains(&secret.len()) && !harmless_start && !file
}

/// `password: passwordField`, `token = "token_value"`: the value says the name again.
fn repeats_key(key: &[u8], secret: &[u8]) -> bool {
    let fold = |text: &[u8]| text.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect::<Vec<u8>>();
    let (key, secret) = (fold(key), fold(secret));
    !secret.is_empty() && (key.ends_with(&secret) || (secret.len() < 40 && key.len() >= 4 && memchr::memmem::find(&secret, &key).is_some()))
}

/// A password of nothing but letters, where its surroundings leave no doubt: a user name is given beside it (`beside_user`), or
/// the name is that of an environment variable (`DB_PASS=word`).
pub(crate) fn word_password(key: &[u8], found: &Assigned, secret: &[u8], file: FileKind, beside_user: impl Fn() -> bool) -> bool {
    if found.tie != Tie::Sign || !(6..=64).contains(&secret.len()) || keys::kind(key) != Some(KeyKind::Password) {
        return false;
    }
    let plain =
        secret.iter().all(|&byte| class::is_alnum(byte) || matches!(byte, b'_' | b'-' | b'@' | b'!' | b'#' | b'$' | b'%' | b'^' | b'*'));
    let letters = secret.iter().filter(|&&byte| class::is(byte, UPPER | LOWER)).count();
    // `PASSWORD=DB_PASSWORD`, `password: getPassword`: names and calls have capitals or underscores within.
    let one_word = !secret.iter().skip(1).any(|&byte| class::is(byte, UPPER)) || secret.iter().any(u8::is_ascii_digit);
    if !plain || letters < 4 || !one_word || (file == FileKind::Code && !found.quoted) || file == FileKind::Digests {
        return false;
    }
    let shouted = key.contains(&b'_') && key.iter().all(|&byte| class::is(byte, UPPER) || byte == b'_' || byte.is_ascii_digit());
    let variable = shouted && !found.quoted && file == FileKind::Text;
    (variable || beside_user())
        && plausible(secret)
        && !value::is_placeholder(secret)
        && !value::is_reference(secret)
        && !repeats_key(key, secret)
}

/// Passwords are chosen by people: short, with a digit or a sign; plain words are labels, names and prose.
fn password(secret: &[u8], quoted: bool, tie: Tie) -> bool {
    let shape = value::shape(secret);
    let signs =
        secret.iter().filter(|&&byte| !class::is_alnum(byte) && !matches!(byte, b'_' | b'-' | b'.' | b' ' | b'/' | b':' | b',')).count();
    let spaces = secret.iter().filter(|&&byte| byte == b' ').count();
    if secret.len() < 6 || spaces > 0 {
        return false;
    }
    // Calls and expressions: `f(x)`, `a[b]`, `x->y`.
    let code = secret.iter().any(|byte| matches!(byte, b'(' | b')' | b'{' | b'}' | b'[' | b']' | b'<' | b'>' | b'|'))
        || memchr::memmem::find(secret, b"::").is_some();
    if code && (!quoted || signs < 3) {
        return false;
    }
    let letters = shape.uppers + shape.lowers;
    let mixed = shape.digits > 0 && letters > 0;
    let strong = mixed || (signs > 0 && letters >= 3);
    match tie {
        // Prose: `the password is …`, `password for user …`.
        Tie::Space => secret.len() >= 8 && mixed && (signs > 0 || shape.turns >= 2),
        _ if quoted => strong || (secret.len() >= 10 && !value::is_wordy(secret) && letters > 0),
        _ => strong && secret.iter().any(|&byte| class::is(byte, UPPER | LOWER)) && !value::is_guid(secret),
    }
}

/// Secrets and tokens are generated: long and random.
fn generated(secret: &[u8]) -> bool {
    if secret.len() < 16 || secret.contains(&b' ') {
        return false;
    }
    if value::is_guid(secret) {
        return value::distinct(secret) >= 8;
    }
    let shape = value::shape(secret);
    let letters = shape.uppers + shape.lowers;
    // Long digests without letters or without digits: rare, but the name says what they are.
    if shape.hex && secret.len() >= 24 && (shape.digits == 0 || letters == 0) {
        return value::distinct(secret) >= 6;
    }
    if shape.digits == 0 {
        return letters >= 20 && shape.uppers >= 3 && shape.lowers >= 3 && !value::is_wordy(secret) && value::entropy(secret) >= 3.5;
    }
    let signs = secret
        .iter()
        .filter(|&&byte| {
            !class::is_alnum(byte)
                && !matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~' | b'%' | b'!' | b'*' | b'$' | b'@' | b'#')
        })
        .count();
    signs == 0 && letters >= 2 && value::entropy(secret) >= if shape.hex { 2.6 } else { 3.0 } && !value::is_wordy(secret)
}

/// Random beyond doubt, for names that say little.
fn opaque(secret: &[u8]) -> bool {
    let shape = value::shape(secret);
    !value::is_guid(secret)
        && !shape.hex
        && secret.len() >= 20
        && shape.digits >= 2
        && shape.uppers >= 2
        && shape.lowers >= 2
        && value::is_random(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(key: &str, secret: &str, quoted: bool) -> Option<Generic> {
        judge(key.as_bytes(), secret.as_bytes(), quoted, Tie::Sign, FileKind::Text)
    }

    #[test]
    fn secrets_by_name_and_value() {
        assert_eq!(text("password", "Sup3r!pass", true), Some(Generic::Password));
        assert_eq!(text("password", "`k8Zq2LmW", true), Some(Generic::Password));
        assert_eq!(text("DB_PASSWORD", "k8Zq2LmW", false), Some(Generic::Password));
        assert_eq!(text("api_key", "951bc382db9abad29c68634761dd6e19", true), Some(Generic::Secret));
        assert_eq!(text("client_secret", "p8e-ibndcvsmAp9ZgPBZ606FSlYIZVl", true), Some(Generic::Secret));
    }

    #[test]
    fn words_references_and_labels_are_none() {
        for (key, value) in [
            ("password", "Passwort"),
            ("password", "${DB_PASSWORD}"),
            ("secretName", "k8Zq2LmWk8Zq2LmW"),
            ("token", "access_token"),
            ("password", "`vault read x1`"),
            ("key", "951bc382db9abad29c68634761dd6e19"),
            ("password", "Enter your password"),
            ("token", "sha256:951bc382db9abad29c68634761dd6e19"),
            ("clientSecret", "/run/secrets/client-secret-1"),
        ] {
            assert_eq!(text(key, value, true), None, "{key}={value}");
        }
        assert_eq!(judge(b"password", b"settings2", false, Tie::Sign, FileKind::Code), None);
    }
}
