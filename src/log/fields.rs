//! Which key of which object fills which slot. Each log type brings its rows; here they become one table.

use std::sync::LazyLock;

use super::{Slot, types};

/// In which object of an event a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Within {
    /// The event itself.
    Root,
    /// `properties`. Its keys are also known at the root: Log Analytics exports flatten them.
    Properties,
    /// `identity`.
    Identity,
    /// `claims`, `identity.claims`, `identity.claim`.
    Claims,
    /// `authorization`, `identity.authorization`.
    Authorization,
    /// `identity.authorization.evidence`.
    Evidence,
    /// `identity.requester`.
    Requester,
    /// `httpRequest`.
    HttpRequest,
}

/// What to do with the value under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// Keep it. Of an object `{value, localizedValue}`, keep `value`.
    Keep(Slot),
    /// Look inside, also when it is an object inside a string.
    Enter(Within),
    /// Look inside and keep the whole too.
    Both(Within, Slot),
}

/// One row: the object, the key (any ASCII case) and what to do.
pub type Row = (Within, &'static str, Take);

const SIZE: usize = 4096;

/// All rows, found by hash.
pub struct Table {
    buckets: Box<[u16]>,
    entries: Vec<(Row, u16)>,
}

/// The table of all log types.
pub static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let own = types::ENVELOPE.iter();
    Table::new(own.chain(types::ALL.iter().flat_map(|log| log.fields)).copied())
});

impl Table {
    fn new(rows: impl Iterator<Item = Row>) -> Self {
        let mut table = Self { buckets: vec![0; SIZE].into_boxed_slice(), entries: Vec::new() };
        let rows: Vec<Row> = rows.collect();
        // The keys of `properties` come last at the root: its own go first.
        let flattened = rows.iter().filter(|row| row.0 == Within::Properties).map(|(_, key, take)| (Within::Root, *key, *take));
        for row in rows.iter().copied().chain(flattened) {
            if table.find(row.0, row.1.as_bytes()).is_some() {
                continue;
            }
            let bucket = hash(row.0, row.1.as_bytes());
            let Some(head) = table.buckets.get_mut(bucket) else { continue };
            table.entries.push((row, *head));
            *head = u16::try_from(table.entries.len()).unwrap_or(0);
        }
        table
    }

    /// What to do with `key` in the object `within`.
    #[inline]
    pub fn find(&self, within: Within, key: &[u8]) -> Option<Take> {
        let mut next = self.buckets.get(hash(within, key)).copied()?;
        while let Some(((place, name, take), after)) = self.entries.get(usize::from(next).wrapping_sub(1)) {
            if *place == within && name.as_bytes().eq_ignore_ascii_case(key) {
                return Some(*take);
            }
            next = *after;
        }
        None
    }
}

/// A few bytes of the key, folded to lower case, are enough to tell the known keys apart.
#[inline]
fn hash(within: Within, key: &[u8]) -> usize {
    let byte = |at: usize| key.get(at).map_or(0, |byte| u32::from(byte | 0x20));
    let len = key.len();
    let mixed = byte(0) | byte(len / 2) << 8 | byte(len.wrapping_sub(1)) << 16 | byte(len / 4) << 24;
    let mixed = mixed ^ (u32::try_from(len).unwrap_or(0) << 5) ^ ((within as u32) << 13);
    (mixed.wrapping_mul(0x9E37_79B1) >> 20) as usize & (SIZE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_in_any_case_and_no_two_rows_disagree() {
        for row in types::ENVELOPE.iter().chain(types::ALL.iter().flat_map(|log| log.fields)) {
            assert_eq!(TABLE.find(row.0, row.1.to_ascii_uppercase().as_bytes()), Some(row.2), "{row:?}");
        }
        assert_eq!(TABLE.find(Within::Root, b"no such key"), None);
        assert_eq!(TABLE.find(Within::Root, b""), None);
    }
}
