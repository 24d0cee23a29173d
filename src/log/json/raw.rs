use std::borrow::Cow;

use super::unescape;

/// What a [`Raw`] value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// There is no such field.
    #[default]
    Absent,
    /// A string without escapes, or plain text.
    Plain,
    /// A string with escapes.
    Escaped,
    /// A number, as written.
    Number,
    /// `true`.
    True,
    /// `false`.
    False,
    /// `null`.
    Null,
    /// An object, with its braces.
    Object,
    /// A list, with its brackets.
    Array,
}

/// A field's value as it stands in the line: borrowed, not yet decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raw<'a> {
    /// The bytes; of a string without its quotes.
    pub bytes: &'a [u8],
    /// What they are.
    pub form: Form,
}

impl<'a> Raw<'a> {
    /// A value that is not there.
    pub const ABSENT: Raw<'static> = Raw { bytes: &[], form: Form::Absent };

    /// Plain text that no JSON string holds.
    pub const fn plain(bytes: &'a [u8]) -> Self {
        Self { bytes, form: Form::Plain }
    }

    /// Whether there is anything to read: not absent, not `null`, not an empty string.
    pub const fn is_set(&self) -> bool {
        !matches!(self.form, Form::Absent | Form::Null) && !self.bytes.is_empty()
    }

    /// The text of a string, number or boolean; `None` where there is none or it is a container.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self.form {
            Form::Plain | Form::Number | Form::True | Form::False => Some(lossy(self.bytes)),
            Form::Escaped => Some(Cow::Owned(unescape(self.bytes))),
            Form::Absent | Form::Null => None,
            Form::Object | Form::Array => Some(lossy(self.bytes)),
        }
    }

    /// The text, or an empty one.
    pub fn text_or_empty(&self) -> Cow<'a, str> {
        self.text().unwrap_or(Cow::Borrowed(""))
    }

    /// A number, also one written as a string.
    pub fn number(&self) -> Option<f64> {
        match self.form {
            Form::Number | Form::Plain if (1..=15).contains(&self.bytes.len()) && self.bytes.iter().all(u8::is_ascii_digit) => {
                #[expect(clippy::cast_precision_loss, reason = "fifteen digits fit")]
                let number = self.bytes.iter().fold(0u64, |number, digit| number * 10 + u64::from(digit - b'0')) as f64;
                Some(number)
            }
            Form::Number | Form::Plain => std::str::from_utf8(self.bytes).ok()?.trim().parse().ok().filter(|n: &f64| n.is_finite()),
            _ => None,
        }
    }

    /// Whether the text is `word`, in any ASCII case. A string with escapes is compared decoded.
    pub fn is(&self, word: &str) -> bool {
        match self.form {
            Form::Escaped => unescape(self.bytes).eq_ignore_ascii_case(word),
            Form::Absent | Form::Null => false,
            _ => self.bytes.eq_ignore_ascii_case(word.as_bytes()),
        }
    }

    /// Whether the text starts with `prefix`, in any ASCII case.
    pub fn starts_with(&self, prefix: &str) -> bool {
        self.bytes.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
    }

    /// Whether the text has `needle` in it; `needle` is in ASCII lower case.
    pub fn contains(&self, needle: &str) -> bool {
        contains_ignore_case(self.bytes, needle.as_bytes())
    }
}

/// The bytes as text; most of them are ASCII, and checking that is faster than looking for what is broken.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Whether `needle`, in lower case, is somewhere in `haystack` in any ASCII case.
pub(crate) fn contains_ignore_case(haystack: &[u8], needle: &[u8]) -> bool {
    let Some((&first, rest)) = needle.split_first() else { return true };
    let upper = first.to_ascii_uppercase();
    memchr::memchr2_iter(first, upper, haystack)
        .any(|at| haystack.get(at + 1..at + 1 + rest.len()).is_some_and(|tail| tail.eq_ignore_ascii_case(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_strings_and_comparison_ignores_case() {
        assert_eq!(Raw::plain(b"78").number(), Some(78.0));
        assert_eq!(Raw::plain(b"1234567890123456").number(), Some(1_234_567_890_123_456.0));
        assert_eq!((Raw::plain(b"").number(), Raw::plain(b"+7").number(), Raw::plain(b"7x").number()), (None, Some(7.0), None));
        assert_eq!(Raw::plain(b"a\xffb").text_or_empty(), "a\u{fffd}b");
        assert_eq!(Raw { bytes: b"1e999", form: Form::Number }.number(), None);
        assert!(Raw { bytes: br"AB\u0043", form: Form::Escaped }.is("abc"));
        assert!(Raw::plain(b"/SUBSCRIPTIONS/0").starts_with("/subscriptions/"));
        assert!(Raw::plain(b"xxSecretxx").contains("secret") && !Raw::plain(b"secre").contains("secret"));
    }
}
