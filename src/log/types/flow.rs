use super::LogType;
use crate::log::fields::{Take::Keep, Within::Properties, Within::Root};
use crate::log::json::Raw;
use crate::log::{Event, LogKind, Slot};

/// VNet flow logs (version 4) and NSG flow logs (versions 1 and 2).
/// <https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview>,
/// <https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview>
pub const TYPE: LogType = LogType {
    kind: LogKind::Flow,
    categories: &["flowlogflowevent", "networksecuritygroupflowevent"],
    fields: &[
        (Root, "flowRecords", Keep(Slot::Flow)),
        (Root, "targetResourceID", Keep(Slot::Name)),
        (Root, "flowLogResourceID", Keep(Slot::Object)),
        (Properties, "flows", Keep(Slot::Flow)),
    ],
    recognise: super::by_category,
    settle: super::nothing,
};

/// Gives one event for each tuple of a flow record; the record itself where it has none.
pub fn expand<'a>(event: &Event<'a>, each: &mut dyn FnMut(&Event<'a>)) {
    let flow = event.get(Slot::Flow).bytes;
    // Every tuple sets the same fields anew.
    let mut one = event.clone();
    let mut quotes = memchr::memchr_iter(b'"', flow);
    while let (Some(from), Some(to)) = (quotes.next(), quotes.next()) {
        let text = flow.get(from + 1..to).unwrap_or(&[]);
        if text.first().is_some_and(u8::is_ascii_digit) && memchr::memchr_iter(b',', text).count() >= 7 {
            fill(&mut one, text);
            each(&one);
        }
    }
}

/// NSG: `seconds,source,destination,port,port,T|U,I|O,A|D,…`; VNet: `milliseconds,…,protocol,I|O,B|C|E|D,encryption,…`.
fn fill<'a>(event: &mut Event<'a>, tuple: &'a [u8]) {
    let mut parts = tuple.split(|byte| *byte == b',');
    let mut next = || Raw::plain(parts.next().unwrap_or(&[]));
    let [stamp, source, destination, _, port, protocol, direction, decision] = std::array::from_fn(|_| next());
    event.set(Slot::Time, stamp);
    event.set(Slot::CallerIp, source);
    event.set(Slot::DestinationIp, destination);
    event.set(Slot::DestinationPort, port);
    event.set(Slot::Protocol, protocol);
    event.set(Slot::Direction, Raw::plain(if direction.is("I") { b"in" } else { b"out" }));
    event.set(Slot::Decision, Raw::plain(if decision.is("D") { b"denied" } else { b"allowed" }));
}
