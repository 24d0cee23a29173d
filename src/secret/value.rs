//! Is this text a secret, or a word, a reference, a placeholder, a digest?

use super::class::{self, DIGIT, HEX, LOWER, UPPER};

/// Shannon entropy in bits per byte.
pub(super) fn entropy(value: &[u8]) -> f32 {
    let mut counts = [0u32; 256];
    for &byte in value {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of bytes in a window of a few thousand")]
    let total = value.len().max(1) as f32;
    #[expect(clippy::cast_precision_loss, reason = "counts of bytes in a window of a few thousand")]
    let share = |count: u32| count as f32 / total;
    counts.iter().filter(|&&count| count > 0).map(|&count| -share(count) * share(count).log2()).sum()
}

/// How many different bytes there are.
pub(super) fn distinct(value: &[u8]) -> usize {
    let mut seen = [false; 256];
    value.iter().filter(|&&byte| seen.get_mut(usize::from(byte)).is_some_and(|slot| !std::mem::replace(slot, true))).count()
}

/// Digits, upper-case and lower-case letters, everything else.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    pub digits: usize,
    pub uppers: usize,
    pub lowers: usize,
    pub others: usize,
    /// How often a letter follows a digit or the other way round, or the case changes.
    pub turns: usize,
    pub hex: bool,
}

pub(super) fn shape(value: &[u8]) -> Shape {
    let mut shape = Shape { hex: true, ..Shape::default() };
    let mut last = 0;
    for &byte in value {
        let class = class::of(byte) & (DIGIT | UPPER | LOWER);
        match class {
            DIGIT => shape.digits += 1,
            UPPER => shape.uppers += 1,
            LOWER => shape.lowers += 1,
            _ => shape.others += 1,
        }
        shape.hex &= class::is(byte, HEX);
        // `Word` is no turn: an upper-case letter before lower-case ones is ordinary.
        if last != 0 && class != last && !(last == UPPER && class == LOWER) {
            shape.turns += 1;
        }
        last = class;
    }
    shape.hex &= !value.is_empty();
    shape
}

/// `8-4-4-4-12` hexadecimal digits, with or without braces.
pub(super) fn is_guid(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"{").and_then(|inner| inner.strip_suffix(b"}")).unwrap_or(value);
    value.len() == 36
        && value.iter().enumerate().all(|(at, &byte)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { class::is(byte, HEX) })
}

/// Words that stand for a secret instead of being one, compared as a whole.
const STANDINS: &[&str] = &[
    "access",
    "admin",
    "apikey",
    "api_key",
    "auth",
    "bar",
    "basic",
    "bearer",
    "boolean",
    "changeit",
    "changeme",
    "changethis",
    "config",
    "default",
    "disabled",
    "enabled",
    "env",
    "false",
    "foo",
    "foobar",
    "hidden",
    "int",
    "key",
    "login",
    "my-secret",
    "mypassword",
    "mysecret",
    "mytoken",
    "n/a",
    "nil",
    "none",
    "null",
    "object",
    "optional",
    "pass",
    "passphrase",
    "password",
    "password1",
    "passwd",
    "prompt",
    "public",
    "pwd",
    "redacted",
    "required",
    "root",
    "secret",
    "secrets",
    "secretkey",
    "sensitive",
    "string",
    "str",
    "test",
    "test123",
    "testing",
    "testpassword",
    "text",
    "the",
    "token",
    "true",
    "undefined",
    "unknown",
    "unset",
    "user",
    "username",
    "value",
    "void",
    "with",
    "yes",
    "yyy",
    "abc",
    "abc123",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "qwerty",
    "not-set",
    "notset",
    "empty",
    "this",
    "that",
    "for",
    "and",
    "credentials",
    "credential",
    "super",
    "self",
    "stdin",
    "ask",
    "inherit",
    "passw0rd",
];

/// Parts that only placeholders have, in lower case.
const PARTS: &[&str] = &[
    "example",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "changeit",
    "redacted",
    "masked",
    "removed",
    "dummy",
    "your_",
    "your-",
    "your ",
    "yourpass",
    "yoursecret",
    "yourtoken",
    "yourkey",
    "your.",
    "yourown",
    "my_secret",
    "my-secret",
    "mypassw",
    "insert",
    "replace",
    "xxxx",
    "****",
    "....",
    "####",
    "todo",
    "fixme",
    "not-a-",
    "not_a_",
    "notreal",
    "not-real",
    "fake",
    "sample",
    "foobar",
    "lorem",
    "put_",
    "putyour",
    "enter_",
    "enter-",
    "goes_here",
    "goes-here",
    "goes here",
    "tokenhere",
    "keyhere",
    "_here",
    "-here",
    "secret_key",
    "secret-key",
    "secretkey",
    "access_key",
    "access-key",
    "api_key",
    "api-key",
    "<",
    ">",
    "\u{2026}",
    "temporary",
    "stringhere",
    "[redact",
    "abcdefghijklmnopqrstuvwxyz0123456789+/",
];

/// Whether the value only stands for a secret.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let different = distinct(value);
    if different <= 3 || (value.len() >= 20 && different <= 5) {
        return true;
    }
    // The same character over and over: `xxxxxxxx`, `********`, `00000000`; but long formats hold reserved `AAAA`.
    let longest = longest_repeat(value);
    if longest >= 6 && longest * 3 >= value.len() {
        return true;
    }
    if value.len() > 200 {
        return false;
    }
    let lower = String::from_utf8_lossy(value).to_ascii_lowercase();
    STANDINS.contains(&lower.as_str()) || PARTS.iter().any(|part| lower.contains(part))
}

/// [`is_placeholder`] for passwords of URLs, which are short: few different characters say nothing.
pub(super) fn is_placeholder_of_url(value: &[u8]) -> bool {
    let same = value.first().is_some_and(|first| value.iter().all(|byte| byte == first));
    let lower = String::from_utf8_lossy(value).to_ascii_lowercase();
    same || STANDINS.contains(&lower.as_str()) || PARTS.iter().any(|part| lower.contains(part))
}

fn longest_repeat(value: &[u8]) -> usize {
    let (mut longest, mut length, mut last) = (0, 0, None);
    for &byte in value {
        length = if last == Some(byte) { length + 1 } else { 1 };
        longest = longest.max(length);
        last = Some(byte);
    }
    longest
}

/// Parts that only references to a secret have.
const REFERENCES: &[&str] = &[
    "${",
    "$(",
    "{{",
    "}}",
    "$env:",
    "process.env",
    "os.environ",
    "os.getenv",
    "getenv",
    "secrets.",
    "env.",
    "env[",
    "vars.",
    "var.",
    "local.",
    "data.",
    "module.",
    "@microsoft.keyvault",
    "vault:",
    "arn:",
    "parameters(",
    "variables(",
    "reference(",
    "listkeys(",
    "getsecret",
    "secretref",
    "keyvault",
    "http://",
    "https://",
    "fn::",
    "!ref",
    "!sub",
    "op://",
    "ref+",
    "enc[",
    "<%",
    "%>",
    "#{",
    "@{",
    "$[",
    "outputs.",
    "config.",
    "settings.",
    "options.",
];

/// Whether the value names a place where the secret is kept.
pub(super) fn is_reference(value: &[u8]) -> bool {
    let Some(&first) = value.first() else { return true };
    let rest = value.get(1..).unwrap_or_default();
    // A back-tick alone within other quotes is a character like others.
    if matches!(first, b'[' | b'{' | b'(' | b'<' | b'|') || (first == b'`' && rest.contains(&b'`')) {
        return true;
    }
    // `$name` and `%NAME%`, but not `$ecret!1` or a hash such as `$2b$10$…`.
    let plain = |name: &[u8]| {
        !name.is_empty() && name.iter().all(|&byte| class::is_alnum(byte) || matches!(byte, b'_' | b'-' | b':' | b'.' | b'>'))
    };
    if first == b'$' && plain(rest) && rest.first().is_some_and(|&byte| class::is(byte, UPPER | LOWER) || byte == b'_') {
        return true;
    }
    if first == b'%' && rest.strip_suffix(b"%").is_some_and(plain) {
        return true;
    }
    if value.len() > 400 {
        return false;
    }
    let lower = String::from_utf8_lossy(value).to_ascii_lowercase();
    // `%(name)s`; the two signs alone are frequent in generated keys.
    let interpolated = lower.split_once("%(").is_some_and(|(_, rest)| rest.contains(")s"));
    interpolated || REFERENCES.iter().any(|part| lower.contains(part))
}

/// Pairs of letters that are frequent in English, in identifiers and in product names: the rest marks random text.
const PAIRS: &str = "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur \
    ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os \
    iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl \
    du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl \
    gu dr hr cc tw ft wn nu af hu nn eo vo rv nf xp gn sm fl iz ok nl my gl aw ju oa eq sy sl ps jo lf nv je nk kn gs dy hy ze ks xt bs ik dd pt rp sk xi oe oy ws lv dl \
    rf eu dg wr xa yi nm eb ah sf zi tc md pm cs db dn ky gg sn az za zo zu xe xc mn np nr nb nc bj jc kt lm lp ym cy fy py vy uy iu gy kl ka ko ku kb km pc tf tx ux ui";

fn is_common(a: u8, b: u8) -> bool {
    use std::sync::OnceLock;
    static TABLE: OnceLock<[u32; 26]> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = [0u32; 26];
        for pair in PAIRS.split_ascii_whitespace() {
            if let &[a, b] = pair.as_bytes()
                && let Some(row) = table.get_mut(usize::from(a - b'a'))
            {
                *row |= 1 << (b - b'a');
            }
        }
        table
    });
    let index = |byte: u8| byte.to_ascii_lowercase().checked_sub(b'a').filter(|&at| at < 26);
    match (index(a), index(b)) {
        (Some(a), Some(b)) => table.get(usize::from(a)).is_some_and(|row| row & (1 << b) != 0),
        _ => false,
    }
}

/// Whether the value is made of words and short numbers: an identifier, a path, a phrase, a version.
pub(super) fn is_wordy(value: &[u8]) -> bool {
    let shape = shape(value);
    let letters = shape.uppers + shape.lowers;
    if letters == 0 {
        return shape.digits < 20;
    }
    let (mut pairs, mut common) = (0usize, 0usize);
    for (&a, &b) in value.iter().zip(value.iter().skip(1)) {
        // A capital within a word starts a new one.
        let inside = class::is(a, UPPER | LOWER) && class::is(b, LOWER) || class::is(a, UPPER) && class::is(b, UPPER);
        if inside {
            pairs += 1;
            common += usize::from(is_common(a, b));
        }
    }
    // Names of this length have signs between their words.
    let bar = if shape.others == 0 && shape.digits >= 4 && value.len() >= 32 { 18 } else { 15 };
    // Random letters and digits alternate, and random letters form few common pairs.
    let alternates = shape.turns * 4 > value.len();
    pairs > 0 && common * 20 >= pairs * bar && shape.digits * 4 <= value.len() && !alternates
}

/// Whether letters and digits are mixed as only generated values are.
pub(super) fn is_random(value: &[u8]) -> bool {
    let shape = shape(value);
    let letters = shape.uppers + shape.lowers;
    if value.len() < 16 || shape.digits < 1 || letters < 2 {
        return false;
    }
    let enough = if shape.hex {
        2.6
    } else if value.len() >= 32 {
        3.2
    } else {
        3.0
    };
    entropy(value) >= enough && !is_wordy(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_with_and_without_braces() {
        assert!(is_guid(b"12345678-abcd-1234-ef00-56789abcdef0"));
        assert!(is_guid(b"{12345678-abcd-1234-ef00-56789abcdef0}"));
        assert!(!is_guid(b"12345678-abcd-1234-ef00-56789abcdefg"));
    }

    #[test]
    fn placeholders_and_references() {
        for text in ["xxxxxxxxxxxx", "changeme", "<your key>", "AKIAEXAMPLE12345", "********", "password", "your-api-key-goes-here"] {
            assert!(is_placeholder(text.as_bytes()), "{text}");
        }
        for text in [
            "${PASSWORD}",
            "$(dbPassword)",
            "$DB_PASS",
            "%PASS%",
            "%(db_password)s",
            "{{ pw }}",
            "@Microsoft.KeyVault(SecretUri=x)",
            "[parameters('p')]",
            "secrets.X",
        ] {
            assert!(is_reference(text.as_bytes()), "{text}");
        }
        for text in ["k9Zq2LmW8xVb4Nt7", "Sup3r$trong!", "$2b$10$abcdef"] {
            assert!(!is_placeholder(text.as_bytes()) && !is_reference(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn words_are_told_from_random_text() {
        for text in [
            "Microsoft.KeyVault/vaults/secrets",
            "my-storage-account-2",
            "getPasswordFromVault",
            "AUTHENTICATION_REQUIRED",
            "application-insights-connection",
        ] {
            assert!(is_wordy(text.as_bytes()), "{text}");
        }
        for text in ["k9Zq2LmW8xVb4Nt7", "7b4b39ab0c003bce81e2d0fb33b19ffa", "xkwqzvjtrbplmqzx"] {
            assert!(!is_wordy(text.as_bytes()), "{text}");
        }
        assert!(is_random(b"k9Zq2LmW8xVb4Nt7"));
        assert!(!is_random(b"application-insights-2"));
    }
}
