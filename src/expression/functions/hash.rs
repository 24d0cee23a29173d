//! `uniqueString` and `guid`. Microsoft calls the hashes deterministic but does not document them; both are checked
//! against values that Azure returned.

use sha1::{Digest, Sha1};

use super::Answer;
use super::arguments::Arguments;
use super::convert::text_of;
use crate::expression::FunctionError;
use crate::model::Value;

fn seed(args: Arguments<'_>) -> Result<String, FunctionError> {
    let mut seed = String::new();
    for (at, value) in args.values.iter().enumerate() {
        if at > 0 {
            seed.push('-');
        }
        seed.push_str(&text_of(value).ok_or_else(|| args.wrong(at, "a string"))?);
    }
    Ok(seed)
}

/// `uniqueString('a', 'b')`: 13 characters.
pub fn unique_string(args: Arguments<'_>) -> Answer {
    Ok(Value::from(base32(murmur(seed(args)?.as_bytes()))))
}

/// `guid('a', 'b')`: a UUID of version 5 over the arguments, joined by `-`.
pub fn guid(args: Arguments<'_>) -> Answer {
    const NAMESPACE: [u8; 16] = 0x11fb_06fb_712d_4ddd_98c7_e71b_bd58_8830_u128.to_be_bytes();
    let digest = Sha1::new().chain_update(NAMESPACE).chain_update(seed(args)?.as_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    let id = u128::from_be_bytes(bytes);
    // Version 5 and the variant of RFC 4122.
    let id = id & !(0xf << 76) | 5 << 76;
    let id = id & !(0b11 << 62) | 0b10 << 62;
    let part = |shift: u32, bits: u32| (id >> shift) & ((1 << bits) - 1);
    let text = format!("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", part(96, 32), part(80, 16), part(64, 16), part(48, 16), part(0, 48));
    Ok(Value::from(text))
}

fn base32(hash: u64) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let digit = |n: u32| (hash << (5 * n)) >> 59;
    (0..13).filter_map(|n| LETTERS.get(usize::try_from(digit(n)).unwrap_or(0)).map(|byte| char::from(*byte))).collect()
}

/// A Murmur hash of two lanes of 32 bits.
fn murmur(data: &[u8]) -> u64 {
    const C1: u32 = 0x239b_961b;
    const C2: u32 = 0xab0e_9789;
    let little = |bytes: &[u8]| bytes.iter().rev().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    let (mut h1, mut h2) = (0_u32, 0_u32);
    let (blocks, tail) = data.as_chunks::<8>();
    for block in blocks {
        let (low, high) = block.split_at(4);
        h1 ^= little(low).wrapping_mul(C1).rotate_left(15).wrapping_mul(C2);
        h1 = h1.rotate_left(19).wrapping_add(h2).wrapping_mul(5).wrapping_add(0x561c_cd1b);
        h2 ^= little(high).wrapping_mul(C2).rotate_left(17).wrapping_mul(C1);
        h2 = h2.rotate_left(13).wrapping_add(h1).wrapping_mul(5).wrapping_add(0x0bca_a747);
    }
    if !tail.is_empty() {
        let (low, high) = tail.split_at_checked(4).unwrap_or((tail, &[]));
        h1 ^= little(low).wrapping_mul(C1).rotate_left(15).wrapping_mul(C2);
        if !high.is_empty() {
            h2 ^= little(high).wrapping_mul(C2).rotate_left(17).wrapping_mul(C1);
        }
    }
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    h1 ^= length;
    h2 ^= length;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    (h1, h2) = (finish(h1), finish(h2));
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    u64::from(h2) << 32 | u64::from(h1)
}

fn finish(mut h: u32) -> u32 {
    h = (h ^ h >> 16).wrapping_mul(0x85eb_ca6b);
    h = (h ^ h >> 13).wrapping_mul(0xc2b2_ae35);
    h ^ h >> 16
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use crate::model::Value;

    fn of(function: &str, args: &[&str]) -> String {
        let args: Vec<Value> = args.iter().map(|text| Value::from(*text)).collect();
        call(function, &args).expect("known").expect("works").as_str().expect("a text").to_owned()
    }

    #[test]
    fn azure_returns_the_same() {
        assert_eq!(of("uniqueString", &["hello", "world"]), "a7wkljktk6wne");
        assert_eq!(of("uniqueString", &["tyeth"]), "zcztcwvu6iyg6");
        assert_eq!(of("uniqueString", &["snap", "crackle", "pop"]), "byghxckddilkc");
        let group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/myRg";
        assert_eq!(of("uniqueString", &[group]), "js26ofeqkqeve");
        assert_eq!(of("guid", &["foo", "bar", "baz"]), "2ed86837-7c7c-5eaa-9864-dd077fd19b0d");
    }
}
