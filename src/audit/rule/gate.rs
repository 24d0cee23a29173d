use super::super::condition::{Condition, Field, Test};

/// One search that finds nothing where none of these conditions can hold, so that most events of a long log are asked once and not once a step.
/// `None` where the conditions do not all ask for a text in one and the same field.
pub fn gate<'c>(conditions: impl Iterator<Item = &'c Condition>) -> Option<Condition> {
    let mut all = Vec::new();
    let mut field = None;
    for condition in conditions {
        let (of, patterns) = needed(condition)?;
        if field.get_or_insert(of) != &of {
            return None;
        }
        all.extend(patterns);
    }
    let either = all.iter().map(|pattern| format!("(?:{pattern})")).collect::<Vec<_>>().join("|");
    let regex = regex::bytes::RegexBuilder::new(&either).size_limit(4 << 20).build().ok()?;
    field.map(|field| Condition::Leaf(field.clone(), Test::Regex(regex)))
}

/// The field in which one of these patterns must be found for the condition to hold.
fn needed(condition: &Condition) -> Option<(&Field, Vec<String>)> {
    match condition {
        Condition::Leaf(field, Test::Regex(regex)) => Some((field, vec![regex.as_str().to_owned()])),
        Condition::Leaf(field, Test::Contains(words)) => {
            Some((field, words.iter().map(|word| format!("(?i-u:{})", regex::escape(word))).collect()))
        }
        Condition::Leaf(..) | Condition::Not(_) => None,
        Condition::All(parts) => parts.iter().find_map(needed),
        Condition::Any(parts) => {
            let mut all = Vec::new();
            let mut field = None;
            for part in parts {
                let (of, patterns) = needed(part)?;
                if field.get_or_insert(of) != &of {
                    return None;
                }
                all.extend(patterns);
            }
            Some((field?, all))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::condition::{Origin, parse};
    use super::*;
    use crate::log::{Event, LogKind};

    #[test]
    fn it_lets_through_whatever_a_condition_would() {
        let read = |json: &serde_json::Value| parse(json, &|_| None).expect("valid");
        let steps = [
            read(&json!({"field": "message", "matchesRegex": "(?i)py.?test"})),
            read(&json!({"allOf": [{"field": "message", "notContains": "==>"}, {"field": "message", "matchesRegex": "deploy .* prod$"}]})),
            read(
                &json!({"anyOf": [{"field": "message", "contains": ["bandit (x)", "codeql"]}, {"field": "message", "matchesRegex": "^sca"}]}),
            ),
        ];
        let gate = gate(steps.iter()).expect("all ask for a text in the message");
        let bump = bumpalo::Bump::new();
        let origin = Origin { file: "", run: "" };
        let mut met = 0;
        for line in ["Run PyTest", "deploy it to prod", "deploy prod==>", "Bandit (X)", "a CodeQL run", "scan", "a scan", "nothing", ""] {
            let event = Event::from_text(line.as_bytes(), LogKind::Text, &bump);
            let any = steps.iter().any(|step| step.holds(&event, origin));
            assert!(!any || gate.holds(&event, origin), "{line}");
            met += usize::from(gate.holds(&event, origin));
        }
        assert_eq!(met, 5, "`deploy prod==>` does not end with prod");
        assert!(super::gate([read(&json!({"field": "level", "equals": "error"}))].iter()).is_none());
        let two = [read(&json!({"field": "message", "contains": "a"})), read(&json!({"field": "uri", "contains": "a"}))];
        assert!(super::gate(two.iter()).is_none());
    }
}
