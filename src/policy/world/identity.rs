use crate::model::{Kind, Piece, Shape, Value, Why};

/// Stands for a hole in a partly known id.
const HOLE: char = '\u{1}';
/// Longest id that is compared piece by piece; real ones end at 2,000 characters.
const LONGEST: usize = 4096;

/// Whether a reference names an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    /// Both are partly known and look the same; the caller knows whether anything else looks so too.
    Alike(Why),
    Maybe(Why),
    No,
}

/// An id or a reference to one, made ready to compare.
#[derive(Clone, Debug)]
pub(crate) struct SameId {
    text: Option<String>,
    why: Option<Why>,
}

impl SameId {
    pub(crate) fn new(value: &Value) -> Self {
        match &value.kind {
            Kind::Str(text) => Self { text: Some(normal(text)), why: None },
            Kind::Unknown(unknown) => {
                let text = match &unknown.shape {
                    Shape::Text(pieces) => Some(normal(&encode(pieces))),
                    _ => None,
                };
                Self { text, why: Some(unknown.why.clone()) }
            }
            Kind::Secret(_) => Self { text: None, why: Some(Why::Runtime("a secret".into())) },
            _ => Self { text: None, why: None },
        }
    }

    /// Whether `other` may be the same id.
    pub(crate) fn compare(&self, other: &Self) -> Match {
        let why = || self.why.clone().or_else(|| other.why.clone()).unwrap_or_else(|| Why::Elsewhere("the resource".into()));
        let (Some(a), Some(b)) = (&self.text, &other.text) else {
            return match (&self.why, &other.why) {
                (None, None) => Match::No,
                (Some(a), Some(b)) if a == b && self.text.is_none() && other.text.is_none() => Match::Alike(a.clone()),
                _ if self.text.is_none() && self.why.is_none() || other.text.is_none() && other.why.is_none() => Match::No,
                _ => Match::Maybe(why()),
            };
        };
        let (a, b) = if is_placeholder(a) || is_placeholder(b) { (tail(a), tail(b)) } else { (a.as_str(), b.as_str()) };
        match (a == b, a.contains(HOLE) || b.contains(HOLE)) {
            (true, false) => Match::Yes,
            (false, false) => Match::No,
            (true, true) => Match::Alike(why()),
            (false, true) if can_meet(a, b) => Match::Maybe(why()),
            (false, true) => Match::No,
        }
    }
}

/// The id of the resource that holds the one of `id`, or that it extends. `None` where `id` has no known form.
pub(crate) fn parent_id(id: &Value) -> Option<Value> {
    match &id.kind {
        Kind::Str(text) => parent(text).map(Value::str),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(pieces) => {
                let text = encode(pieces);
                parent(&text).map(|text| Value::unknown_shaped(unknown.why.clone(), Shape::Text(decode(text))))
            }
            _ => None,
        },
        _ => None,
    }
}

fn parent(id: &str) -> Option<&str> {
    let id = id.trim_end_matches('/');
    let (without_name, _) = id.rsplit_once('/')?;
    let (holder, _) = without_name.rsplit_once('/')?;
    // `…/providers/Microsoft.Insights/diagnosticSettings/x` extends what stands before `/providers/`.
    let (before, namespace) = holder.rsplit_once('/')?;
    match before.rsplit_once('/') {
        Some((scope, word)) if word.eq_ignore_ascii_case("providers") && namespace.contains('.') => {
            Some(scope).filter(|scope| !scope.is_empty())
        }
        _ if before.eq_ignore_ascii_case("providers") || before.is_empty() => None,
        _ => Some(holder),
    }
}

fn encode(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(known) => text.extend(known.chars().filter(|&c| c != HOLE)),
            Piece::Hole => text.push(HOLE),
        }
    }
    text
}

fn decode(text: &str) -> std::sync::Arc<[Piece]> {
    let mut pieces = Vec::new();
    for (at, part) in text.split(HOLE).enumerate() {
        if at > 0 {
            pieces.push(Piece::Hole);
        }
        if !part.is_empty() {
            pieces.push(Piece::Text(part.into()));
        }
    }
    pieces.into()
}

fn normal(id: &str) -> String {
    id.trim().trim_end_matches('/').to_ascii_lowercase()
}

/// Whether the subscription is the one that front ends put where they do not know it.
fn is_placeholder(id: &str) -> bool {
    id.starts_with("/subscriptions/00000000-0000-0000-0000-000000000000")
}

/// What follows the scope: `microsoft.storage/storageaccounts/x`.
fn tail(id: &str) -> &str {
    id.split_once("/providers/").map_or(id, |(_, tail)| tail)
}

/// Whether two texts with holes can stand for the same text. A hole may be anything, even nothing.
pub(crate) fn can_meet(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > LONGEST || b.len() > LONGEST {
        return true;
    }
    // row[j]: whether a[..i] can meet b[..j].
    let mut row: Vec<bool> = Vec::with_capacity(b.len() + 1);
    row.push(true);
    for (j, &y) in b.iter().enumerate() {
        row.push(y == HOLE && row.get(j).copied().unwrap_or(false));
    }
    for &x in &a {
        let mut next = Vec::with_capacity(row.len());
        next.push(x == HOLE && row.first().copied().unwrap_or(false));
        for (j, &y) in b.iter().enumerate() {
            let at = |row: &[bool], index: usize| row.get(index).copied().unwrap_or(false);
            let meets = match (x == HOLE, y == HOLE) {
                (false, false) => x == y && at(&row, j),
                (true, false) => at(&row, j + 1) || at(&next, j),
                (false, true) => at(&next, j) || at(&row, j + 1),
                (true, true) => at(&row, j) || at(&row, j + 1) || at(&next, j),
            };
            next.push(meets);
        }
        row = next;
    }
    row.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shaped(text: &str) -> Value {
        Value::unknown_shaped(Why::Parameter("name".into()), Shape::Text(decode(&text.replace('?', "\u{1}"))))
    }

    fn compare(a: &Value, b: &Value) -> Match {
        SameId::new(a).compare(&SameId::new(b))
    }

    #[test]
    fn ids_compare_without_case_and_with_holes() {
        let why = Why::Parameter("name".into());
        assert_eq!(compare(&"/a/B/".into(), &"/A/b".into()), Match::Yes);
        assert_eq!(compare(&"/a/b".into(), &"/a/c".into()), Match::No);
        assert_eq!(compare(&shaped("/a/st-?"), &"/a/st-x".into()), Match::Maybe(why.clone()));
        assert_eq!(compare(&shaped("/a/st-?"), &"/a/kv-x".into()), Match::No);
        assert_eq!(compare(&shaped("/a/st-?"), &shaped("/a/ST-?")), Match::Alike(why.clone()));
        assert_eq!(compare(&shaped("/a/st-?"), &shaped("/a/?-x")), Match::Maybe(why));
        assert_eq!(compare(&Value::null(), &"/a".into()), Match::No);
    }

    #[test]
    fn a_placeholder_subscription_does_not_hide_a_relation() {
        let here = Value::str("/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Web/sites/a");
        let there = Value::str("/subscriptions/11111111-0000-0000-0000-000000000000/resourceGroups/x/providers/Microsoft.Web/sites/A");
        assert_eq!(compare(&here, &there), Match::Yes);
    }

    #[test]
    fn parents_are_found_for_children_and_extensions() {
        let of = |id: &str| parent_id(&id.into()).and_then(|id| id.as_str().map(str::to_owned));
        let account = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a";
        assert_eq!(of(&format!("{account}/blobServices/default")).as_deref(), Some(account));
        assert_eq!(of(&format!("{account}/providers/Microsoft.Insights/diagnosticSettings/d")).as_deref(), Some(account));
        assert_eq!(of(account).as_deref(), Some("/subscriptions/s/resourceGroups/g"));
        assert_eq!(of("/providers/Microsoft.Management/managementGroups/m"), None);
        let child = parent_id(&shaped("/g/providers/N.S/accounts/st-?/blobServices/default")).unwrap();
        assert_eq!(compare(&child, &shaped("/g/providers/N.S/accounts/st-?")), Match::Alike(Why::Parameter("name".into())));
    }
}
