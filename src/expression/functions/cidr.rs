//! IP networks: `parseCidr`, `cidrSubnet`, `cidrHost`, and Azure Policy's `ipRangeContains`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Answer;
use super::arguments::{Arguments, invalid};
use crate::expression::FunctionError;
use crate::model::{Object, Value};

/// Addresses of one family, first and last, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    first: u128,
    last: u128,
    v6: bool,
}

/// A network: its address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: u128,
    prefix: u32,
    v6: bool,
}

impl Network {
    const fn width(self) -> u32 {
        if self.v6 { 128 } else { 32 }
    }

    /// The bits of the host part, all set.
    const fn hosts(self) -> u128 {
        low_bits(self.width() - self.prefix)
    }

    const fn first(self) -> u128 {
        self.address & !self.hosts()
    }

    const fn last(self) -> u128 {
        self.first() | self.hosts()
    }

    fn text(self, address: u128) -> String {
        if self.v6 {
            return Ipv6Addr::from_bits(address).to_string();
        }
        Ipv4Addr::from_bits(u32::try_from(address).unwrap_or(u32::MAX)).to_string()
    }
}

const fn low_bits(count: u32) -> u128 {
    if count >= 128 { u128::MAX } else { (1 << count) - 1 }
}

fn address(text: &str) -> Option<(u128, bool)> {
    Some(match text.trim().parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => (u128::from(address.to_bits()), false),
        IpAddr::V6(address) => (address.to_bits(), true),
    })
}

fn network(text: &str) -> Option<Network> {
    let (host, prefix) = text.trim().split_once('/')?;
    let (address, v6) = address(host)?;
    let prefix = prefix.parse().ok().filter(|prefix| *prefix <= if v6 { 128 } else { 32 })?;
    Some(Network { address, prefix, v6 })
}

fn network_argument(args: Arguments<'_>) -> Result<Network, FunctionError> {
    let text = args.text(0)?;
    network(text).ok_or_else(|| FunctionError::Invalid(format!("`{text}` is no network, such as `10.0.0.0/24`")))
}

/// `parseCidr('10.144.0.0/20')`
pub fn parse_cidr(args: Arguments<'_>) -> Answer {
    let network = network_argument(args)?;
    let mask = if network.v6 { !network.hosts() } else { !network.hosts() & u128::from(u32::MAX) };
    let (first, last) = (network.first(), network.last());
    let mut object = Object::new();
    object.set("network", Value::from(network.text(first)));
    object.set("netmask", Value::from(network.text(mask)));
    if !network.v6 {
        object.set("broadcast", Value::from(network.text(last)));
    }
    // Without room for hosts between network and broadcast, all addresses are usable.
    let (from, to) = match network.width() - network.prefix {
        0 | 1 => (first, last),
        _ if network.v6 => (first + 1, last),
        _ => (first + 1, last - 1),
    };
    object.set("firstUsable", Value::from(network.text(from)));
    object.set("lastUsable", Value::from(network.text(to)));
    object.set("cidr", Value::from(i64::from(network.prefix)));
    Ok(Value::object(object))
}

/// `cidrSubnet('10.144.0.0/20', 24, 0)`
pub fn cidr_subnet(args: Arguments<'_>) -> Answer {
    let network = network_argument(args)?;
    let (prefix, index) = (args.int(1)?, args.int(2)?);
    let fits = |prefix: &u32| (network.prefix..=network.width()).contains(prefix);
    let Some(prefix) = u32::try_from(prefix).ok().filter(fits) else {
        return invalid(format!("a network of prefix {prefix} does not fit into one of prefix {}", network.prefix));
    };
    let count = low_bits(prefix - network.prefix);
    let Some(index) = u128::try_from(index).ok().filter(|index| *index <= count) else {
        return invalid(format!("there is no subnet {index}: the last one is {count}"));
    };
    let offset = index.checked_shl(network.width() - prefix).unwrap_or(0);
    Ok(Value::from(format!("{}/{prefix}", network.text(network.first() | offset))))
}

/// `cidrHost('10.144.3.0/24', 0)`: the first usable address.
pub fn cidr_host(args: Arguments<'_>) -> Answer {
    let network = network_argument(args)?;
    let index = args.int(1)?;
    let (skipped, kept) = match network.width() - network.prefix {
        0 | 1 => (0, 0),
        _ if network.v6 => (1, 0),
        _ => (1, 1),
    };
    let host = u128::try_from(index).ok().and_then(|index| network.first().checked_add(index)?.checked_add(skipped));
    match host.filter(|host| *host <= network.last() - kept) {
        Some(host) => Ok(Value::from(network.text(host))),
        None => invalid(format!("`{}` has no host {index}", args.text(0)?)),
    }
}

/// A network, two addresses joined by `-`, or one address.
fn range(text: &str) -> Option<Range> {
    if let Some(network) = network(text) {
        return Some(Range { first: network.first(), last: network.last(), v6: network.v6 });
    }
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let ((first, v6), (last, last_v6)) = (address(from)?, address(to)?);
    (v6 == last_v6 && first <= last).then_some(Range { first, last, v6 })
}

/// Azure Policy's `ipRangeContains('10.0.0.0/8', '10.1.2.3')`
pub fn ip_range_contains(args: Arguments<'_>) -> Answer {
    let read = |at: usize| -> Result<Range, FunctionError> {
        let text = args.text(at)?;
        range(text).ok_or_else(|| FunctionError::Invalid(format!("`{text}` is no range of IP addresses")))
    };
    let (outer, inner) = (read(0)?, read(1)?);
    Ok(Value::from(outer.v6 == inner.v6 && outer.first <= inner.first && inner.last <= outer.last))
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use crate::model::Value;

    fn of(function: &str, args: &[Value]) -> String {
        match call(function, args).expect("known") {
            Ok(value) => value.to_json().to_string().replace('"', ""),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn networks_are_split_and_counted() {
        assert_eq!(of("cidrSubnet", &["10.144.0.0/20".into(), 24.into(), 1.into()]), "10.144.1.0/24");
        assert_eq!(of("cidrSubnet", &["10.144.0.0/20".into(), 24.into(), 16.into()]), "error: there is no subnet 16: the last one is 15");
        assert_eq!(of("cidrSubnet", &["fd00::/48".into(), 64.into(), 5.into()]), "fd00:0:0:5::/64");
        assert_eq!(of("cidrSubnet", &["::/0".into(), 0.into(), 0.into()]), "::/0");
        assert_eq!(of("cidrHost", &["10.144.3.0/24".into(), 0.into()]), "10.144.3.1");
        assert_eq!(of("cidrHost", &["10.144.3.0/24".into(), 253.into()]), "10.144.3.254");
        assert_eq!(of("cidrHost", &["10.144.3.0/24".into(), 254.into()]), "error: `10.144.3.0/24` has no host 254");
        let wanted =
            "{network:10.144.0.0,netmask:255.255.240.0,broadcast:10.144.15.255,firstUsable:10.144.0.1,lastUsable:10.144.15.254,cidr:20}";
        assert_eq!(of("parseCidr", &["10.144.0.0/20".into()]), wanted);
    }

    #[test]
    fn ranges_contain_ranges_of_their_family() {
        for (outer, inner, wanted) in [
            ("10.0.0.0/8", "10.1.2.3", "true"),
            ("10.0.0.0/8", "11.0.0.0", "false"),
            ("10.0.0.0-10.0.0.9", "10.0.0.8/31", "true"),
            ("10.0.0.0/24", "10.0.0.0/23", "false"),
            ("::/0", "10.0.0.1", "false"),
            ("fd00::/8", "fd12::1", "true"),
        ] {
            assert_eq!(of("ipRangeContains", &[outer.into(), inner.into()]), wanted, "{outer} {inner}");
        }
    }
}
