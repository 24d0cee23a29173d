//! Addresses of callers, with and without ports, and the ranges that they are compared with.

use std::net::{IpAddr, Ipv6Addr};

/// The address in `1.2.3.4`, `1.2.3.4:567`, `[::1]:443` or `::1`.
pub fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(plain(address));
    }
    let host = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => text.rsplit_once(':')?.0,
    };
    host.parse().ok().map(plain)
}

/// IPv4 in IPv6 clothing (`::ffff:1.2.3.4`) is IPv4.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// A range of addresses: `10.0.0.0/8`, a single address, or `from-to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    first: u128,
    last: u128,
    v6: bool,
}

impl Range {
    /// Reads a range; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((first, last)) = text.split_once('-') {
            let (first, last) = (parse(first)?, parse(last)?);
            return (first.is_ipv6() == last.is_ipv6()).then_some(Self { first: bits(first), last: bits(last), v6: first.is_ipv6() });
        }
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (parse(address)?, Some(length.parse::<u32>().ok()?)),
            None => (parse(text)?, None),
        };
        let width = if address.is_ipv6() { 128 } else { 32 };
        let length = length.unwrap_or(width);
        let hosts = match width.checked_sub(length)? {
            128 => u128::MAX,
            free => (1u128 << free) - 1,
        };
        let first = bits(address) & !hosts;
        Some(Self { first, last: first | hosts, v6: address.is_ipv6() })
    }

    /// Whether `address` is in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv6() == self.v6 && (self.first..=self.last).contains(&bits(address))
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => Ipv6Addr::to_bits(v6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_ports_and_ranges() {
        let address = |text| parse(text).expect(text);
        assert_eq!(address("192.168.0.1:11111"), address("192.168.0.1"));
        assert_eq!(address("[2001:db8::1]:443"), address("2001:db8::1"));
        assert_eq!(address("::ffff:10.0.0.1"), address("10.0.0.1"));
        assert!(Range::parse("10.0.0.0/8").expect("range").contains(address("10.255.0.1")));
        assert!(!Range::parse("10.0.0.0/8").expect("range").contains(address("11.0.0.1")));
        assert!(Range::parse("0.0.0.0/0").expect("range").contains(address("203.0.113.9")));
        assert!(Range::parse("::/0").expect("range").contains(address("2001:db8::1")));
        assert!(Range::parse("10.0.0.1-10.0.0.9").expect("range").contains(address("10.0.0.5")));
        for text in ["", "10.0.0.0/33", "x/8", "10.0.0.1-::1"] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text: String) {
            let _ = (parse(&text), Range::parse(&text));
        }
    }
}
