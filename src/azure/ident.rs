//! ARM ids: who they belong to, what they name. Ids compare without regard to ASCII case.

/// Where the last `/providers/` of an id starts, and what follows it.
fn last_provider(id: &str) -> Option<(&str, &str)> {
    const MARK: &str = "/providers/";
    let lower = id.to_ascii_lowercase();
    let at = lower.rfind(MARK)?;
    Some((id.get(..at)?, id.get(at + MARK.len()..)?))
}

/// The segment that follows `key` (`subscriptions`, `resourceGroups`), in any case.
fn after<'a>(id: &'a str, key: &str) -> Option<&'a str> {
    let mut segments = id.split('/').skip_while(|segment| !segment.eq_ignore_ascii_case(key));
    segments.next()?;
    segments.next().filter(|segment| !segment.is_empty())
}

/// The subscription of an id: `/subscriptions/{this}/…`.
pub fn subscription(id: &str) -> Option<&str> {
    after(id, "subscriptions")
}

/// The resource group of an id: `…/resourceGroups/{this}/…`.
pub fn resource_group(id: &str) -> Option<&str> {
    after(id, "resourceGroups")
}

/// The resource provider of an id, `Microsoft.Storage`; the last one where an extension resource has two.
pub fn provider(id: &str) -> Option<&str> {
    let (_, tail) = last_provider(id)?;
    tail.split('/').next().filter(|name| !name.is_empty())
}

/// The type that an id names: `Microsoft.Storage/storageAccounts/blobServices`.
///
/// Resource groups and subscriptions, which have no provider, are named as templates name them. `None` where the id
/// ends in a type instead of a name, or has no type at all.
pub fn kind(id: &str) -> Option<String> {
    let Some((_, tail)) = last_provider(id) else {
        let segments: Vec<&str> = id.trim_matches('/').split('/').collect();
        return match segments.as_slice() {
            [key, _] if key.eq_ignore_ascii_case("subscriptions") => Some("Microsoft.Resources/subscriptions".to_owned()),
            [_, _, key, _] if key.eq_ignore_ascii_case("resourceGroups") => Some("Microsoft.Resources/resourceGroups".to_owned()),
            _ => None,
        };
    };
    let mut segments = tail.trim_end_matches('/').split('/');
    let mut kind = segments.next().filter(|name| !name.is_empty())?.to_owned();
    let rest: Vec<&str> = segments.collect();
    if rest.is_empty() || rest.len() % 2 == 1 {
        return None;
    }
    for part in rest.iter().step_by(2) {
        kind.push('/');
        kind.push_str(part);
    }
    Some(kind)
}

/// The name as templates write it: all name segments of the last provider, `account/default`.
pub fn full_name(id: &str) -> Option<String> {
    let Some((_, tail)) = last_provider(id) else {
        return id.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned);
    };
    let names: Vec<&str> = tail.trim_end_matches('/').split('/').skip(2).step_by(2).collect();
    (!names.is_empty()).then(|| names.join("/"))
}

/// The id of the resource that this one extends or belongs to, up to its own provider: for a diagnostic setting the
/// vault that it watches, for a blob service the account.
pub fn parent(id: &str) -> Option<&str> {
    let (scope, tail) = last_provider(id)?;
    let depth = tail.trim_end_matches('/').split('/').count();
    if depth <= 3 {
        return (!scope.is_empty()).then_some(scope);
    }
    let name = id.trim_end_matches('/').rfind('/')?;
    let kind = id.get(..name)?.rfind('/')?;
    id.get(..kind)
}

/// The resource at the top of an id: the id without children and extensions.
pub fn root(id: &str) -> &str {
    let mut at = id;
    while let Some(up) = parent(at) {
        if provider(up).is_none() {
            break;
        }
        at = up;
    }
    at
}

/// A number that stands for the id in tables of many; ids that differ in case alone share it.
pub fn key(id: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::collections::hash_map::DefaultHasher::new();
    for byte in id.trim_end_matches('/').bytes() {
        byte.to_ascii_lowercase().hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOB: &str = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/blobServices/default";

    #[test]
    fn a_child_knows_its_parts() {
        assert_eq!(subscription(BLOB), Some("s1"));
        assert_eq!(resource_group(BLOB), Some("rg"));
        assert_eq!(kind(BLOB).as_deref(), Some("Microsoft.Storage/storageAccounts/blobServices"));
        assert_eq!(full_name(BLOB).as_deref(), Some("st/default"));
        assert_eq!(parent(BLOB), Some("/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"));
    }

    #[test]
    fn an_extension_belongs_to_what_it_extends() {
        let id = format!("{BLOB}/providers/Microsoft.Insights/diagnosticSettings/all");
        assert_eq!(kind(&id).as_deref(), Some("Microsoft.Insights/diagnosticSettings"));
        assert_eq!(full_name(&id).as_deref(), Some("all"));
        assert_eq!(parent(&id), Some(BLOB));
        assert_eq!(root(&id), "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st");
    }

    #[test]
    fn groups_and_subscriptions_have_kinds() {
        assert_eq!(kind("/subscriptions/s1/resourceGroups/rg").as_deref(), Some("Microsoft.Resources/resourceGroups"));
        assert_eq!(kind("/subscriptions/s1").as_deref(), Some("Microsoft.Resources/subscriptions"));
        assert_eq!(full_name("/subscriptions/s1/resourceGroups/rg").as_deref(), Some("rg"));
        assert_eq!(kind("/subscriptions/s1/providers/Microsoft.Storage/storageAccounts"), None);
    }

    #[test]
    fn keys_forget_case_and_odd_text_does_no_harm() {
        assert_eq!(key(BLOB), key(&BLOB.to_ascii_uppercase()));
        for odd in ["", "/", "//", "/providers/", "x/providers/y", "/providers/é/ü/ö", "/subscriptions/", "İ/providers/a/b/c"] {
            let _ = (kind(odd), full_name(odd), parent(odd), root(odd), provider(odd), subscription(odd), resource_group(odd));
        }
    }
}
