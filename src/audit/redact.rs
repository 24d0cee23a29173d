use std::collections::HashMap;

use super::condition::Field;
use crate::log::Slot;

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
        assert_eq!(mask.user("00000000-0000-0000-0000-000000000000"), "00000000-0000-0000-0000-000000000000");
    }
}
