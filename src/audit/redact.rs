use std::collections::HashMap;
use std::sync::LazyLock;

use super::condition::Field;
use crate::log::Slot;

/// What looks like a mail address or a network address (IPv4, IPv6 with at least two colons).
#[expect(clippy::expect_used, reason = "the pattern is constant and every test of redaction runs it")]
static PERSONAL: LazyLock<regex::Regex> = LazyLock::new(|| {
    let pattern = r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}";
    regex::Regex::new(pattern).expect("a constant pattern")
});

/// Masks users and addresses, the same one always by the same word: `user-1`, `address-3`. The words follow the order of appearance and tell nothing.
#[derive(Debug, Default)]
pub struct Redactor {
    users: HashMap<String, usize>,
    addresses: HashMap<String, usize>,
}

impl Redactor {
    /// The word for a user. Applications (ids without `@` and space) are not persons and stay.
    pub fn user(&mut self, name: &str) -> String {
        if !is_person(name) {
            return name.to_owned();
        }
        let next = self.users.len() + 1;
        format!("user-{}", self.users.entry(name.to_ascii_lowercase()).or_insert(next))
    }

    /// The word for an object's id, which may be a person's.
    pub fn id(&mut self, id: &str) -> String {
        if id.is_empty() {
            return String::new();
        }
        let next = self.users.len() + 1;
        format!("user-{}", self.users.entry(id.to_ascii_lowercase()).or_insert(next))
    }

    /// The word for an address.
    pub fn address(&mut self, address: &str) -> String {
        if address.is_empty() {
            return String::new();
        }
        let next = self.addresses.len() + 1;
        format!("address-{}", self.addresses.entry(address.to_ascii_lowercase()).or_insert(next))
    }

    /// Masks every mail address and every network address within a free text.
    pub fn text(&mut self, text: &str) -> String {
        if !text.contains(['@', '.', ':']) {
            return text.to_owned();
        }
        let mut masked = String::with_capacity(text.len());
        let mut end = 0;
        for found in PERSONAL.find_iter(text) {
            masked.push_str(text.get(end..found.start()).unwrap_or(""));
            end = found.end();
            let word = found.as_str();
            let word = if word.contains('@') {
                self.user(word)
            } else if crate::log::address::parse(word).is_some() {
                self.address(word)
            } else {
                word.to_owned()
            };
            masked.push_str(&word);
        }
        masked.push_str(text.get(end..).unwrap_or(""));
        masked
    }

    /// Masks a captured text: an address as such, anything else as a user.
    pub fn any(&mut self, text: &str) -> String {
        if crate::log::address::parse(text).is_some() { self.address(text) } else { self.user(text) }
    }
}

fn is_person(name: &str) -> bool {
    let id = name.len() == 36 && name.bytes().filter(|byte| *byte == b'-').count() == 4;
    !name.is_empty() && !id && !name.contains('/') && !name.starts_with('(')
}

/// Whether a field names a user or an address.
pub fn is_personal(field: &Field) -> bool {
    match field {
        Field::Caller | Field::Identities | Field::Address => true,
        Field::Slot(slot) => {
            matches!(slot, Slot::Upn | Slot::Oid | Slot::Caller | Slot::User | Slot::CallerIp | Slot::DestinationIp | Slot::Cookie)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Redactor;

    #[test]
    fn the_same_person_has_the_same_mask() {
        let mut mask = Redactor::default();
        let (a, b) = (mask.user("ann@contoso.com"), mask.user("bob@contoso.com"));
        assert_ne!(a, b);
        assert_eq!(a, mask.user("ANN@contoso.com"));
        assert_eq!(mask.any("10.0.0.4"), mask.address("10.0.0.4"));
        assert_eq!(
            mask.text("mail to ann@contoso.com from 10.0.0.4, fd00::1:2 at 10:20:30.5"),
            "mail to user-1 from address-1, address-2 at 10:20:30.5"
        );
        assert_eq!(mask.user("00000000-0000-0000-0000-000000000000"), "00000000-0000-0000-0000-000000000000");
    }
}
