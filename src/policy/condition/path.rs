use std::sync::Arc;

/// A way into a resource: `properties.networkAcls.ipRules[*].value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldPath {
    pub steps: Arc<[Step]>,
}

/// One step of a [`FieldPath`].
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Into the property of that name.
    Key(Arc<str>),
    /// Into every item.
    All,
    /// Into one item.
    At(usize),
    /// To the list of an object's keys, as texts: `@keys`.
    Keys,
    /// To the list of an object's properties, as `{ key, value }`: `@entries`.
    Entries,
    /// To where a secret came from, as text: `@secret`.
    Secret,
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key(a), Self::Key(b)) => a.eq_ignore_ascii_case(b),
            (Self::At(a), Self::At(b)) => a == b,
            (Self::All, Self::All) | (Self::Keys, Self::Keys) | (Self::Entries, Self::Entries) | (Self::Secret, Self::Secret) => true,
            _ => false,
        }
    }
}

impl Eq for Step {}

impl FieldPath {
    /// Longest path; real ones have about ten steps.
    const LONGEST: usize = 64;

    /// Reads `a.b[*].c['d.e'][0]`; `None` where brackets are empty or not closed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let end = bracket_end(inside)?;
                steps.push(bracket(inside.get(..end)?)?);
                rest = inside.get(end + 1..)?;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let key = rest.get(..end)?;
                match key {
                    "" => {}
                    "@keys" => steps.push(Step::Keys),
                    "@entries" => steps.push(Step::Entries),
                    "@secret" => steps.push(Step::Secret),
                    key => steps.push(Step::Key(key.into())),
                }
                rest = rest.get(end..)?;
            }
            rest = rest.strip_prefix('.').unwrap_or(rest);
            if steps.len() > Self::LONGEST {
                return None;
            }
        }
        Some(Self { steps: steps.into() })
    }

    pub(crate) fn of_keys<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        Self { steps: keys.into_iter().map(|key| Step::Key(key.into())).collect() }
    }

    pub(crate) fn has_wildcard(&self) -> bool {
        self.steps.contains(&Step::All)
    }

    /// Whether the first `count` steps are those of `other`.
    pub(crate) fn shares(&self, other: &Self, count: usize) -> bool {
        matches!((self.steps.get(..count), other.steps.get(..count)), (Some(a), Some(b)) if a == b)
    }
}

/// Where the bracket closes; a quoted key may hold a bracket of its own.
fn bracket_end(inside: &str) -> Option<usize> {
    let trimmed = inside.trim_start();
    for quote in ['\'', '"'] {
        let Some(quoted) = trimmed.strip_prefix(quote) else { continue };
        let offset = inside.len() - quoted.len();
        let close = quoted.match_indices(quote).find(|(at, _)| quoted.get(at + 1..).is_some_and(|tail| tail.trim_start().starts_with(']')));
        if let Some((at, _)) = close {
            let after = quoted.get(at..)?.find(']')?;
            return Some(offset + at + after);
        }
    }
    inside.find(']')
}

fn bracket(inside: &str) -> Option<Step> {
    if inside == "*" {
        return Some(Step::All);
    }
    let trimmed = inside.trim();
    for quote in ['\'', '"'] {
        if let Some(key) = trimmed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Some(Step::Key(key.into())).filter(|_| !key.is_empty());
        }
    }
    if !trimmed.is_empty() && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Step::At(trimmed.parse().unwrap_or(usize::MAX)));
    }
    Some(Step::Key(trimmed.into())).filter(|_| !trimmed.is_empty())
}

impl std::fmt::Display for FieldPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(key) if key.contains(['.', '[', ']']) => write!(f, "['{key}']")?,
                Step::Key(key) => write!(f, "{}{key}", if at > 0 { "." } else { "" })?,
                Step::All => f.write_str("[*]")?,
                Step::At(index) => write!(f, "[{index}]")?,
                Step::Keys => write!(f, "{}@keys", if at > 0 { "." } else { "" })?,
                Step::Entries => write!(f, "{}@entries", if at > 0 { "." } else { "" })?,
                Step::Secret => write!(f, "{}@secret", if at > 0 { "." } else { "" })?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn brackets_hold_wildcards_indexes_and_quoted_keys() {
        let show = |text: &str| FieldPath::parse(text).map(|path| path.to_string());
        assert_eq!(show("a.b[*].c").as_deref(), Some("a.b[*].c"));
        assert_eq!(show("tags['x.y']").as_deref(), Some("tags['x.y']"));
        assert_eq!(show("tags['a]b'].c").as_deref(), Some("tags['a]b'].c"));
        assert_eq!(show("a[2][*]['k']").as_deref(), Some("a[2][*].k"));
        assert_eq!(show("tags[ env ]").as_deref(), Some("tags.env"));
        assert_eq!(show("on.@keys[*]").as_deref(), Some("on.@keys[*]"));
        assert_eq!((show("a[]"), show("a[x"), show("a['']")), (None, None, None));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader_and_what_it_reads_can_be_shown(text in ".{0,60}") {
            if let Some(path) = FieldPath::parse(&text) {
                prop_assert!(path.steps.is_empty() == path.to_string().is_empty());
            }
        }

        #[test]
        fn a_plain_path_is_shown_as_it_is_written(text in "[a-z]{1,4}(\\.[a-z]{1,4}|\\[\\*\\]|\\[[0-9]\\]){0,6}") {
            prop_assert_eq!(FieldPath::parse(&text).map(|path| path.to_string()), Some(text));
        }
    }
}
