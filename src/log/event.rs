use bumpalo::Bump;

use super::fields::{TABLE, Take, Within};
use super::json::{Broken, Cursor, Form, Raw};
use super::time::Moment;
use super::{LogKind, Slot, types};

/// One event of a log: typed fields that borrow from the line, and the line itself.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Which log it belongs to.
    pub kind: LogKind,
    /// The record as it stands in the log.
    pub bytes: &'a [u8],
    /// Line, from 1.
    pub line: u64,
    /// Offset of the record's first byte in the uncompressed stream.
    pub byte: u64,
    slots: [Raw<'a>; Slot::COUNT],
    /// Records of an envelope (`{"records": […]}`), where this is none itself.
    pub(super) records: Raw<'a>,
    /// When a line of text was written: read together with the line.
    pub(super) stamp: Option<(Moment, bool)>,
    bump: &'a Bump,
}

/// How deep [`Take::Enter`] goes; the deepest real path is `identity.authorization.evidence`.
const ENTER_LIMIT: u32 = 6;

impl<'a> Event<'a> {
    /// An event without any field.
    pub fn empty(bytes: &'a [u8], bump: &'a Bump) -> Self {
        let slots = [Raw::ABSENT; Slot::COUNT];
        Self { kind: LogKind::Json, bytes, line: 0, byte: 0, slots, records: Raw::ABSENT, stamp: None, bump }
    }

    /// Reads one JSON object at the start of `bytes` and says how many bytes it took.
    ///
    /// # Errors
    /// [`Broken`], with the byte at which reading ended.
    pub fn from_json(bytes: &'a [u8], bump: &'a Bump) -> Result<(Self, usize), Broken> {
        let mut event = Self::empty(bytes, bump);
        let end = event.read_json()?;
        Ok((event, end))
    }

    /// Fills an empty event from the JSON object at the start of its bytes, where it stands: an event is too large to be handed around.
    pub(super) fn read_json(&mut self) -> Result<usize, Broken> {
        let bytes = self.bytes;
        let mut cursor = Cursor::new(bytes);
        self.fill(&mut cursor, Within::Root, 0)?;
        let end = cursor.at();
        self.bytes = bytes.get(..end).unwrap_or(bytes);
        self.kind = types::classify(self);
        types::settle(self);
        Ok(end)
    }

    /// One line of a text log.
    pub fn from_text(line: &'a [u8], kind: LogKind, bump: &'a Bump) -> Self {
        let mut event = Self::empty(line, bump);
        event.read_text(kind);
        event
    }

    /// Fills an empty event from the line of a text log that its bytes are.
    pub(super) fn read_text(&mut self, kind: LogKind) {
        self.kind = kind;
        types::text::split(self, self.bytes);
        types::settle(self);
    }

    fn fill(&mut self, cursor: &mut Cursor<'a>, within: Within, depth: u32) -> Result<(), Broken> {
        cursor.open_object()?;
        let mut first = true;
        while let Some(key) = cursor.key(first)? {
            first = false;
            let Some(take) = TABLE.find(within, key.bytes) else {
                let value = cursor.value()?;
                if within == Within::Root && value.form == Form::Array && types::is_envelope_key(key.bytes) {
                    self.records = value;
                }
                continue;
            };
            let (inner, slot) = match take {
                Take::Keep(slot) => (None, Some(slot)),
                Take::Enter(inner) => (Some(inner), None),
                Take::Both(inner, slot) => (Some(inner), Some(slot)),
            };
            let enters = inner.is_some() && depth < ENTER_LIMIT && cursor.peek() == Some(b'{');
            if let (Some(inner), true) = (inner, enters) {
                let from = cursor.at();
                self.fill(cursor, inner, depth + 1)?;
                if let Some(slot) = slot {
                    let whole = self.bytes.get(from..cursor.at()).unwrap_or(&[]);
                    self.offer(slot, Raw { bytes: whole, form: Form::Object });
                }
                continue;
            }
            let value = cursor.value()?;
            match (inner, value.form) {
                (Some(inner), Form::Escaped | Form::Plain) => self.fill_from_text(value, inner, depth),
                (None, Form::Object) => {
                    if let Some(slot) = slot {
                        self.offer(slot, inner_value(value).unwrap_or(value));
                    }
                    continue;
                }
                _ => {}
            }
            if let Some(slot) = slot {
                self.offer(slot, value);
            }
        }
        Ok(())
    }

    /// An object inside a string: Linux App Service writes `properties` so, Log Analytics `Identity`. What is broken in it is left out.
    fn fill_from_text(&mut self, value: Raw<'a>, within: Within, depth: u32) {
        if depth >= ENTER_LIMIT || !value.bytes.trim_ascii_start().starts_with(b"{") {
            return;
        }
        let text = self.keep(&value.text_or_empty());
        let outer = std::mem::replace(&mut self.bytes, text);
        let _ = self.fill(&mut Cursor::new(text), within, depth + 1);
        self.bytes = outer;
    }

    /// Fills a slot unless an earlier key has filled it with something.
    fn offer(&mut self, slot: Slot, value: Raw<'a>) {
        if let Some(place) = self.slots.get_mut(slot as usize)
            && !place.is_set()
        {
            *place = value;
        }
    }

    /// The field in `slot`.
    #[inline]
    pub fn get(&self, slot: Slot) -> Raw<'a> {
        self.slots.get(slot as usize).copied().unwrap_or(Raw::ABSENT)
    }

    /// Sets a field that a log type derives from others.
    pub fn set(&mut self, slot: Slot, value: Raw<'a>) {
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = value;
        }
    }

    /// Keeps a decoded text as long as the event.
    pub fn keep(&self, text: &str) -> &'a [u8] {
        self.bump.alloc_slice_copy(text.as_bytes())
    }

    /// Any field by its dotted path (`properties.clientInfo`), for what no slot holds. Slower than [`Event::get`].
    pub fn raw(&self, path: &str) -> Raw<'a> {
        let mut at = Raw { bytes: self.bytes, form: Form::Object };
        for key in path.split('.') {
            let inside = match at.form {
                Form::Object => at.bytes,
                Form::Escaped | Form::Plain => self.keep(&at.text_or_empty()),
                _ => return Raw::ABSENT,
            };
            let Some(next) = member(inside, key.as_bytes()) else { return Raw::ABSENT };
            at = next;
        }
        at
    }
}

/// `value` of `{value, localizedValue}`.
fn inner_value(object: Raw<'_>) -> Option<Raw<'_>> {
    member(object.bytes, b"value")
}

/// The member `key` of an object, in any ASCII case.
pub(super) fn member<'a>(object: &'a [u8], key: &[u8]) -> Option<Raw<'a>> {
    let mut cursor = Cursor::new(object);
    cursor.open_object().ok()?;
    let mut first = true;
    while let Some(found) = cursor.key(first).ok()? {
        first = false;
        let value = cursor.value().ok()?;
        if found.bytes.eq_ignore_ascii_case(key) {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_vary_in_case_and_properties_may_be_text() {
        let bump = Bump::new();
        let line = br#"{"TIME":"2026-01-13T10:00:00Z","ResourceId":"/X","Category":"AppServiceHTTPLogs","properties":"{\"CsMethod\":\"GET\",\"ScStatus\":200,\"SPort\":\"443\"}"}"#;
        let (event, end) = Event::from_json(line, &bump).expect("valid");
        assert_eq!(end, line.len());
        assert_eq!(event.kind, LogKind::AppServiceHttp);
        assert!(event.get(Slot::Method).is("get") && event.get(Slot::Status).number() == Some(200.0));
        assert!(event.raw("properties.sport").is("443"));
    }

    #[test]
    fn wrapped_values_are_unwrapped() {
        let bump = Bump::new();
        let line = br#"{"operationName":{"value":"Microsoft.Web/sites/write","localizedValue":"Update"},"eventTimestamp":"2026-01-13T10:00:00Z","caller":"x"}"#;
        let (event, _) = Event::from_json(line, &bump).expect("valid");
        assert!(event.get(Slot::Operation).is("Microsoft.Web/sites/write"));
        assert_eq!(event.kind, LogKind::Activity);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let bump = Bump::new();
            let _ = Event::from_json(&bytes, &bump);
            let _ = Event::from_text(&bytes, LogKind::Text, &bump);
        }
    }
}
