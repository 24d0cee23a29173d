use serde_json::Value;

use super::glob::like;
use crate::log::time::{self, Moment};
use crate::log::{Event, Slot};

/// Somebody's approval of a change: by its id, or by the time and the resources that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Correlation id of the change.
    id: Option<String>,
    /// When the change may happen, half-open.
    window: Option<(Moment, Moment)>,
    /// Patterns of the resources that it may touch.
    resources: Vec<String>,
    /// Who approved.
    by: Option<String>,
}

impl Approval {
    /// Reads an approval: a plain id, or `{id, from, until, resources, requestedBy, approvedBy}`. A record says `approvedBy`, and an
    /// `id` or all of `from`, `until` and `resources`; approval by oneself does not count and gives `None`.
    ///
    /// # Errors
    /// Says what the record lacks.
    pub fn read(item: &Value) -> Result<Option<Self>, String> {
        if let Value::String(id) = item {
            return Ok(Some(Self { id: Some(id.clone()), window: None, resources: Vec::new(), by: None }));
        }
        let Value::Object(record) = item else { return Err("an approval is an id or a record".into()) };
        let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let known = ["id", "from", "until", "resources", "requestedBy", "approvedBy", "reason"];
        if let Some(other) = record.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(format!("an approval has no `{other}`; it has {}", known.join(", ")));
        }
        let by = text("approvedBy").ok_or("an approval says `approvedBy`")?;
        if text("requestedBy").is_some_and(|of| of.eq_ignore_ascii_case(by)) {
            return Ok(None);
        }
        let moment = |key: &str| match text(key) {
            None => Ok(None),
            Some(text) => time::parse(text.as_bytes())
                .map(|parsed| Some(parsed.moment))
                .ok_or_else(|| format!("`{key}: {text}` is no time; write 2026-01-14T09:00:00Z")),
        };
        let window = match (moment("from")?, moment("until")?) {
            (None, None) => None,
            (Some(from), Some(until)) if from < until => Some((from, until)),
            _ => return Err("`from` and `until` go together, the earlier first".into()),
        };
        let resources: Vec<String> = match record.get("resources") {
            None => Vec::new(),
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(_) => return Err("`resources` is a list of patterns".into()),
        };
        let id = text("id").map(str::to_owned);
        if id.is_none() && (window.is_none() || resources.is_empty()) {
            return Err("an approval without `id` says `from`, `until` and `resources`: it would approve anything".into());
        }
        Ok(Some(Self { id, window, resources, by: Some(by.to_owned()) }))
    }

    /// Whether it is for this change: everything that it says must fit. `id` is the change's own. Who acts cannot be who approved.
    pub fn covers(&self, id: &str, event: &Event<'_>) -> bool {
        let by_id = self.id.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(id));
        let by_time = self.window.is_none_or(|(from, until)| event.time().is_some_and(|(time, _)| from <= time && time < until));
        let resource = event.get(Slot::ResourceId).text_or_empty();
        let by_resource = self.resources.is_empty() || self.resources.iter().any(|one| like(one.as_bytes(), resource.as_bytes()));
        let own = self.by.as_deref().is_some_and(|by| event.identities().any(|name| name.is(by)));
        by_id && by_time && by_resource && !own
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_record_names_a_change_or_a_time_and_a_place() {
        for (item, valid) in [
            (json!("d-1"), true),
            (json!({"id": "d-1", "approvedBy": "bo"}), true),
            (json!({"id": "d-1"}), false),
            (json!({"approvedBy": "bo"}), false),
            (json!({"approvedBy": "bo", "from": "2026-01-14T09:00:00Z", "until": "2026-01-14T10:00:00Z"}), false),
            (
                json!({"approvedBy": "bo", "from": "2026-01-14T09:00:00Z", "until": "2026-01-14T10:00:00Z", "resources": ["*rg-prod*"]}),
                true,
            ),
            (json!({"approvedBy": "bo", "from": "2026-01-14T11:00:00Z", "until": "2026-01-14T10:00:00Z", "resources": "*"}), false),
            (json!({"id": "d-1", "approvedBy": "bo", "aproved": true}), false),
            (json!(7), false),
        ] {
            assert_eq!(Approval::read(&item).is_ok(), valid, "{item}");
        }
        assert_eq!(Approval::read(&json!({"id": "d-1", "approvedBy": "Ann", "requestedBy": "ann"})), Ok(None));
    }

    #[test]
    fn everything_that_a_record_says_must_fit() {
        let bump = bumpalo::Bump::new();
        let line = br#"{"time":"2026-01-14T09:30:00Z","category":"Write","resourceId":"/S/0/RESOURCEGROUPS/RG-PROD/X","caller":"ann@contoso.com"}"#;
        let (event, _) = Event::from_json(line, &bump).expect("valid");
        let covers = |item: Value| Approval::read(&item).expect("valid").is_some_and(|approval| approval.covers("d-1", &event));
        let at = |from: &str, until: &str, resources: &str, by: &str| json!({"from": format!("2026-01-14T{from}:00Z"), "until": format!("2026-01-14T{until}:00Z"), "resources": [resources], "approvedBy": by});
        assert!(covers(json!("D-1")) && !covers(json!("d-2")));
        assert!(covers(at("09:00", "10:00", "*rg-prod*", "bo@contoso.com")));
        assert!(!covers(at("09:00", "09:30", "*rg-prod*", "bo@contoso.com")), "half-open");
        assert!(!covers(at("09:00", "10:00", "*rg-dev*", "bo@contoso.com")));
        assert!(!covers(at("09:00", "10:00", "*rg-prod*", "Ann@contoso.com")), "who acts cannot approve");
    }
}
