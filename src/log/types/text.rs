use crate::log::json::Raw;
use crate::log::{Event, Slot, time};

/// Splits a line of text into its time, where it begins with one, and its message.
pub fn split<'a>(event: &mut Event<'a>, line: &'a [u8]) {
    let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let Some(parsed) = time::parse(text) else {
        event.set(Slot::Message, Raw::plain(text));
        return;
    };
    let (stamp, message) = text.split_at_checked(parsed.len).unwrap_or((text, &[]));
    event.stamp = Some((parsed.moment, parsed.zoned));
    event.set(Slot::Time, Raw::plain(stamp));
    event.set(Slot::Message, Raw::plain(without_colour(message.trim_ascii_start())));
}

/// Colours at the start of a message are skipped; those within it do not matter to rules.
fn without_colour(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let Some(rest) = text.strip_prefix(b"\x1b[") {
        let Some(end) = rest.iter().take(12).position(|byte| *byte == b'm') else { break };
        text = rest.get(end + 1..).unwrap_or(&[]);
    }
    text
}
