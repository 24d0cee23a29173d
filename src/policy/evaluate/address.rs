//! Address ranges as people write them into firewall and security rules.

use std::net::IpAddr;

/// The first and last address of `10.0.0.0/8`, `10.0.0.1`, `10.0.0.1-10.0.0.9` or `*`; IPv6 too. Both of one family.
fn range(text: &str) -> Option<(IpAddr, IpAddr)> {
    let text = text.trim();
    if ["*", "any", "internet"].iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return range("0.0.0.0/0");
    }
    if let Some((first, last)) = text.split_once('-') {
        return Some((first.trim().parse().ok()?, last.trim().parse().ok()?));
    }
    let Some((address, bits)) = text.split_once('/') else {
        let address = text.parse().ok()?;
        return Some((address, address));
    };
    let bits: u32 = bits.trim().parse().ok()?;
    match address.trim().parse().ok()? {
        IpAddr::V4(address) => {
            let host = u32::MAX.checked_shr(bits).unwrap_or(0);
            let first = u32::from(address) & !host;
            (bits <= 32).then(|| (IpAddr::V4(first.into()), IpAddr::V4((first | host).into())))
        }
        IpAddr::V6(address) => {
            let host = u128::MAX.checked_shr(bits).unwrap_or(0);
            let first = u128::from(address) & !host;
            (bits <= 128).then(|| (IpAddr::V6(first.into()), IpAddr::V6((first | host).into())))
        }
    }
}

/// Whether range `outer` holds all of `inner`; `None` where one of them is no range.
pub(super) fn contains(outer: &str, inner: &str) -> Option<bool> {
    let (outer, inner) = (range(outer)?, range(inner)?);
    let same_family = outer.0.is_ipv4() == inner.0.is_ipv4();
    Some(same_family && outer.0 <= inner.0 && inner.1 <= outer.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_ranges_of_their_family() {
        assert_eq!(contains("10.0.0.0/8", "10.1.2.3"), Some(true));
        assert_eq!(contains("10.0.0.0/8", "11.0.0.0/16"), Some(false));
        assert_eq!(contains("*", "8.8.8.8"), Some(true));
        assert_eq!(contains("10.0.0.1-10.0.0.9", "10.0.0.4/31"), Some(true));
        assert_eq!(contains("0.0.0.0/0", "::1"), Some(false));
        assert_eq!(contains("fe80::/10", "fe80::1"), Some(true));
        assert_eq!((contains("x", "y"), contains("1.2.3.4/33", "1.2.3.4")), (None, None));
    }
}
