use std::collections::HashSet;

use serde_json::Value;
use url::Url;

use super::{CallError, Client, Failure, Lane};
use crate::azure::ident;

/// The pages of a list, one after another, each item once.
///
/// A `nextLink` is followed to Resource Manager's own host alone, never twice, and not for ever.
pub struct Pages<'a> {
    client: &'a Client,
    lane: Lane,
    next: Option<Url>,
    links: HashSet<u64>,
    seen: HashSet<u64>,
}

impl<'a> Pages<'a> {
    /// More pages than any list has.
    const MOST: usize = 20_000;

    pub(super) fn new(client: &'a Client, lane: Lane, first: Url) -> Self {
        Self { client, lane, next: Some(first), links: HashSet::new(), seen: HashSet::new() }
    }

    /// The items of the next page; `None` after the last. After an error there are no more.
    pub async fn next(&mut self) -> Option<Result<Vec<Value>, CallError>> {
        let url = self.next.take()?;
        self.links.insert(ident::key(url.as_str()));
        let reply = match self.client.page(&url, &self.lane).await {
            Ok(reply) => reply,
            Err(error) => return Some(Err(error)),
        };
        Some(self.take(reply.json))
    }

    fn take(&mut self, page: Value) -> Result<Vec<Value>, CallError> {
        let (items, link) = split(page)?;
        let fresh = items.into_iter().filter(|item| match item.get("id").and_then(Value::as_str) {
            Some(id) => self.seen.insert(ident::key(id)),
            None => true,
        });
        let fresh = fresh.collect();
        if let Some(link) = link {
            self.next = Some(self.follow(&link)?);
        }
        Ok(fresh)
    }

    fn follow(&self, link: &str) -> Result<Url, CallError> {
        let foreign = |why: &str| CallError::new(Failure::ForeignLink, format!("the link to the next page {why}; it is not followed"));
        let url = Url::parse(link).map_err(|_| foreign("is no address"))?;
        if !self.client.cloud().owns(&url) {
            return Err(foreign("leads to another host"));
        }
        if self.links.contains(&ident::key(url.as_str())) {
            return Err(foreign("leads back to an earlier page"));
        }
        if self.links.len() >= Self::MOST {
            return Err(foreign("is one of too many"));
        }
        Ok(url)
    }
}

/// The items and the link of a page. Some services answer with a bare list, one with a single object.
fn split(page: Value) -> Result<(Vec<Value>, Option<String>), CallError> {
    let broken = |what: &str| CallError::new(Failure::Broken, format!("the page is not a list: {what}"));
    match page {
        Value::Array(items) => Ok((items, None)),
        Value::Null => Ok((Vec::new(), None)),
        Value::Object(mut fields) => {
            let link = match fields.remove("nextLink").or_else(|| fields.remove("@odata.nextLink")) {
                None | Some(Value::Null) => None,
                Some(Value::String(link)) if link.trim().is_empty() => None,
                Some(Value::String(link)) => Some(link),
                Some(_) => return Err(broken("its link to the next page is not text")),
            };
            match fields.remove("value") {
                Some(Value::Array(items)) => Ok((items, link)),
                Some(Value::Null) => Ok((Vec::new(), link)),
                None if fields.contains_key("id") => Ok((vec![Value::Object(fields)], link)),
                None if fields.is_empty() => Ok((Vec::new(), link)),
                None => Err(broken("it has no `value`")),
                Some(_) => Err(broken("its `value` is no list")),
            }
        }
        _ => Err(broken("it is a bare value")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pages_of_every_shape_are_items_or_an_error() {
        assert_eq!(split(json!({ "value": [1], "nextLink": "" })).expect("a page"), (vec![json!(1)], None));
        assert_eq!(split(json!([{ "id": "x" }])).expect("a page").0.len(), 1);
        assert_eq!(split(json!({ "id": "x", "properties": {} })).expect("a page").0.len(), 1);
        assert_eq!(split(json!({ "value": null })).expect("a page").0.len(), 0);
        for odd in [json!({ "value": 1 }), json!({ "nextLink": 5, "value": [] }), json!("text"), json!(1), json!({ "x": 1 })] {
            assert_eq!(split(odd.clone()).expect_err("no page").failure, Failure::Broken, "{odd}");
        }
    }
}
