use crate::model::{Evidence, Kind, Resource, Value};

/// A sentence for people with placeholders: `{name} accepts {actual}; the minimum is {expected}`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Name,
    Kind,
    Actual,
    Expected,
    Path,
    Default,
}

/// The placeholders that a message may have.
pub(crate) const PLACEHOLDERS: [&str; 6] = ["name", "kind", "actual", "expected", "path", "default"];
/// Values longer than this are cut in messages, in characters.
const LONGEST: usize = 120;

impl Message {
    /// Reads a message. A word in braces is a placeholder; `${{ x }}` of a workflow and other braces are text.
    ///
    /// # Errors
    /// The word that is no placeholder.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, after) = (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default());
            plain.push_str(before);
            let word = after.find('}').and_then(|end| after.get(..end)).filter(|word| word.bytes().all(|b| b.is_ascii_alphanumeric()));
            let nested = plain.ends_with('{') || plain.ends_with('$');
            let part = match word.filter(|word| !word.is_empty() && !nested) {
                None => {
                    plain.push('{');
                    rest = after;
                    continue;
                }
                Some("name") => Part::Name,
                Some("kind") => Part::Kind,
                Some("actual") => Part::Actual,
                Some("expected") => Part::Expected,
                Some("path") => Part::Path,
                Some("default") => Part::Default,
                Some(other) => return Err(other.to_owned()),
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(part);
            rest = after.get(word.map_or(0, str::len) + 1..).unwrap_or_default();
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { parts })
    }

    /// Fills the placeholders from the resource and from the leaf that decided first.
    pub(crate) fn fill(&self, resource: &Resource, evidence: &[Evidence]) -> String {
        let first = evidence.first();
        let shown = |pick: fn(&Evidence) -> &Value| first.map_or_else(|| "nothing".to_owned(), |evidence| show(pick(evidence)));
        let fill = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Name => resource.display_name(),
            Part::Kind => resource.kind.to_string(),
            Part::Actual => shown(|evidence| &evidence.actual),
            Part::Expected => shown(|evidence| &evidence.expected),
            Part::Path => first.map(|evidence| evidence.path.trim_start_matches('/').replace('/', ".")).unwrap_or_default(),
            Part::Default => {
                first.filter(|evidence| evidence.defaulted).map_or_else(|| "no default".to_owned(), |evidence| show(&evidence.actual))
            }
        };
        self.parts.iter().map(fill).collect()
    }
}

/// A value the way people read it: text without quotes, lists with commas, nothing as "nothing". Secrets stay masked.
fn show(value: &Value) -> String {
    let text = match &value.kind {
        Kind::Null => "nothing".to_owned(),
        Kind::Array(items) => items.iter().map(show).collect::<Vec<_>>().join(", "),
        _ => match value.to_json() {
            serde_json::Value::String(text) => super::roles::name(&text).map_or(text, str::to_owned),
            other => other.to_string(),
        },
    };
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        let message = Message::parse("{name}: `${{ secrets.X }}` is {actual}, {{ not }} {expected} {").unwrap();
        let resource = Resource::new("K/k", "n".into(), Value::null(), Span::NONE);
        let leaf = Evidence {
            leaf: "require".into(),
            path: "/a".into(),
            actual: "x".into(),
            expected: Value::array(vec!["a".into(), 1.into()]),
            demand: crate::model::Demand::Value("be one of"),
            defaulted: false,
            items: Vec::new(),
        };
        assert_eq!(message.fill(&resource, &[leaf]), "n: `${{ secrets.X }}` is x, {{ not }} a, 1 {");
        assert_eq!(Message::parse("{nam}").unwrap_err(), "nam");
    }
}
