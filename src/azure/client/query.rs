use std::collections::HashSet;

use serde_json::{Value, json};

use super::{CallError, Client, Failure};
use crate::azure::ident;

/// The pages of a Resource Graph query, one after another, each row once.
pub struct GraphPages<'a> {
    client: &'a Client,
    query: String,
    subscriptions: Vec<String>,
    top: u32,
    token: Token,
    tokens: HashSet<u64>,
    seen: HashSet<u64>,
}

enum Token {
    First,
    Next(String),
    None,
}

impl<'a> GraphPages<'a> {
    /// Largest page that Resource Graph gives.
    const TOP: u32 = 1000;

    /// The rows of `query` over `subscriptions`. The query must order by id: without an order there is no next page.
    pub fn new(client: &'a Client, query: &str, subscriptions: &[String]) -> Self {
        Self {
            client,
            query: query.to_owned(),
            subscriptions: subscriptions.to_vec(),
            top: Self::TOP,
            token: Token::First,
            tokens: HashSet::new(),
            seen: HashSet::new(),
        }
    }

    /// The rows of the next page; `None` after the last. After an error there are no more.
    pub async fn next(&mut self) -> Option<Result<Vec<Value>, CallError>> {
        loop {
            let mut options = json!({ "$top": self.top, "resultFormat": "objectArray" });
            match (&self.token, options.as_object_mut()) {
                (Token::None, _) => return None,
                (Token::Next(token), Some(options)) => {
                    options.insert("$skipToken".to_owned(), Value::from(token.as_str()));
                }
                _ => {}
            }
            let question = json!({ "subscriptions": self.subscriptions, "query": self.query, "options": options });
            match self.client.query(&question).await {
                Ok(reply) => return Some(self.take(reply.json)),
                // Rows of a thousand large resources: smaller pages hold the same rows.
                Err(error) if error.failure == Failure::TooLarge && self.top > 10 => self.top /= 4,
                Err(error) => {
                    self.token = Token::None;
                    return Some(Err(error));
                }
            }
        }
    }

    fn take(&mut self, mut page: Value) -> Result<Vec<Value>, CallError> {
        let before = std::mem::replace(&mut self.token, Token::None);
        let broken = |what: &str| CallError::new(Failure::Broken, format!("Resource Graph's answer {what}"));
        let rows = match page.get_mut("data").map(Value::take) {
            Some(Value::Array(rows)) => rows,
            Some(table @ Value::Object(_)) => unfold(&table).ok_or_else(|| broken("is neither a list nor a table"))?,
            _ => return Err(broken("has no rows")),
        };
        let truncated = page.get("resultTruncated").is_some_and(|flag| flag.as_bool() == Some(true) || flag.as_str() == Some("true"));
        match page.get("$skipToken") {
            None | Some(Value::Null) if truncated => return Err(broken("was cut, and gives no way to the rest")),
            None | Some(Value::Null) => {}
            Some(Value::String(token)) if token.is_empty() => {}
            Some(Value::String(token)) => {
                let again = matches!(&before, Token::Next(last) if last == token) || !self.tokens.insert(ident::key(token));
                if again {
                    return Err(broken("leads back to an earlier page"));
                }
                self.token = Token::Next(token.clone());
            }
            Some(_) => return Err(broken("has a skip token that is no text")),
        }
        let fresh = rows.into_iter().filter(|row| match row.get("id").and_then(Value::as_str) {
            Some(id) => self.seen.insert(ident::key(id)),
            None => true,
        });
        Ok(fresh.collect())
    }
}

/// Rows of the tabular form, which Resource Graph gives where it does not know `objectArray`.
fn unfold(table: &Value) -> Option<Vec<Value>> {
    let columns: Vec<&str> = table.get("columns")?.as_array()?.iter().filter_map(|column| column.get("name")?.as_str()).collect();
    let rows = table.get("rows")?.as_array()?;
    let row = |cells: &Value| {
        let cells = cells.as_array()?;
        Some(columns.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), cell.clone())).collect::<Value>())
    };
    rows.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_unfold_and_odd_ones_do_not() {
        let table = json!({ "columns": [{ "name": "id" }, { "name": "type" }], "rows": [["a", "b"], ["c", "d"]] });
        assert_eq!(unfold(&table), Some(vec![json!({ "id": "a", "type": "b" }), json!({ "id": "c", "type": "d" })]));
        assert_eq!(unfold(&json!({ "columns": 1, "rows": [] })), None);
        assert_eq!(unfold(&json!({ "columns": [], "rows": [1] })), None);
    }
}
