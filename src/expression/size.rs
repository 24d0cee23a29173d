use crate::model::{Kind, Piece, Shape, Value};

/// Most values in one computed value, itself included. Values are shared, so a small expression could else name a huge one.
pub const MAX_NODES: u64 = 500_000;
/// Longest computed text in bytes. A deployment as a whole may hold 4 MB.
pub const MAX_TEXT: usize = 8 << 20;
/// Deepest nesting of a computed value.
const MAX_DEPTH: u32 = 128;

/// How many values `value` consists of (long texts count more), or `None` where it is larger or deeper than any
/// deployment may be.
pub fn measure(value: &Value) -> Option<u64> {
    let mut left = MAX_NODES;
    count(value, MAX_DEPTH, &mut left).then(|| MAX_NODES - left)
}

fn count(value: &Value, depth: u32, left: &mut u64) -> bool {
    let own = match &value.kind {
        Kind::Str(text) if text.len() > MAX_TEXT => return false,
        Kind::Str(text) => 1 + (text.len() / 64) as u64,
        _ => 1,
    };
    if *left < own || depth == 0 {
        return false;
    }
    *left -= own;
    match &value.kind {
        Kind::Array(items) => items.iter().all(|item| count(item, depth - 1, left)),
        Kind::Object(object) => object.iter().all(|field| count(&field.value, depth - 1, left)),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::OneOf(values) => values.iter().all(|value| count(value, depth - 1, left)),
            Shape::Fields(object) => object.iter().all(|field| count(&field.value, depth - 1, left)),
            _ => true,
        },
        Kind::Secret(secret) => match secret.reveal() {
            Some(Kind::Array(items)) => items.iter().all(|item| count(item, depth - 1, left)),
            Some(Kind::Object(object)) => object.iter().all(|field| count(&field.value, depth - 1, left)),
            Some(Kind::Str(text)) => text.len() <= MAX_TEXT,
            _ => true,
        },
        _ => true,
    }
}

/// What reading `value` once costs, in steps.
pub(super) fn cost(value: &Value) -> u64 {
    let size = match &value.kind {
        Kind::Str(text) => text.len() / 64,
        Kind::Array(items) => items.len() / 8,
        Kind::Object(object) => object.len() / 8,
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(pieces) => pieces.iter().map(|piece| if let Piece::Text(text) = piece { text.len() / 64 } else { 0 }).sum(),
            _ => 0,
        },
        _ => 0,
    };
    size as u64
}
