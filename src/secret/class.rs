//! What each byte can be part of: one table, so that hot loops ask one question.

/// Part of a token: letters, digits and `_ - + /`.
pub(super) const RUN: u8 = 1;
/// `0-9`.
pub(super) const DIGIT: u8 = 2;
/// `A-Z`.
pub(super) const UPPER: u8 = 4;
/// `a-z`.
pub(super) const LOWER: u8 = 8;
/// Part of a name: letters, digits and `_ - .`.
pub(super) const NAME: u8 = 16;
/// A hexadecimal digit.
pub(super) const HEX: u8 = 32;
/// Ends a value that has no quotes: white space, quotes, brackets, `,` `;` `|` `&` `\\`.
pub(super) const END: u8 = 64;
/// Stands between a name and a value, or within an address: `=` `:` `@` `?`.
pub(super) const SIGN: u8 = 128;

const TABLE: [u8; 256] = table();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time; `byte` is below 256")]
const fn table() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let c = byte as u8;
        let mut class = 0;
        if c.is_ascii_digit() {
            class |= DIGIT;
        }
        if c.is_ascii_uppercase() {
            class |= UPPER;
        }
        if c.is_ascii_lowercase() {
            class |= LOWER;
        }
        if c.is_ascii_hexdigit() {
            class |= HEX;
        }
        if c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'+' | b'/') {
            class |= RUN;
        }
        if c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.') {
            class |= NAME;
        }
        if c <= b' '
            || c == 0x7F
            || matches!(c, b'"' | b'\'' | b'`' | b',' | b';' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'|' | b'&' | b'\\')
        {
            class |= END;
        }
        if matches!(c, b'=' | b':' | b'@' | b'?') {
            class |= SIGN;
        }
        table[byte] = class;
        byte += 1;
    }
    table
}

/// Every class of `byte`, as bits.
#[expect(clippy::indexing_slicing, reason = "a byte indexes a table of 256")]
pub(super) const fn of(byte: u8) -> u8 {
    TABLE[byte as usize]
}

/// Whether `byte` is of one of `classes`.
pub(super) const fn is(byte: u8, classes: u8) -> bool {
    of(byte) & classes != 0
}

/// A letter or a digit.
pub(super) const fn is_alnum(byte: u8) -> bool {
    is(byte, DIGIT | UPPER | LOWER)
}
