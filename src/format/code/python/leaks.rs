//! Exceptions whose text goes back to the caller.

use super::blocks::Handler;
use super::names::span;
use super::token::{Kind, Line, Token};
use crate::model::{FileId, Kind as Is, Value};

/// Names that make an answer.
const ANSWERS: [&str; 9] =
    ["HttpResponse", "JSONResponse", "HTTPException", "Response", "PlainTextResponse", "jsonify", "make_response", "HTMLResponse", "abort"];

/// The lines on which a handler of all exceptions answers with the text of the exception.
pub fn leaks(file: FileId, lines: &[Line<'_>], handlers: &[Handler]) -> Vec<Value> {
    let mut found = Vec::new();
    for handler in handlers {
        let body = lines.get(handler.body.clone()).unwrap_or_default();
        for line in body.iter().take(200) {
            let answers = line.tokens.iter().any(|token| token.kind == Kind::Name && ANSWERS.contains(&token.text));
            if answers && shows(&line.tokens, handler.variable.as_deref()) {
                let place = span(file, &line.tokens);
                found.push(Value::at(Is::Str("the text of an exception".into()), place));
            }
        }
    }
    found
}

/// Whether a line makes a text of the exception: `str(e)`, `repr(e)`, `f"{e}"`, `traceback.format_exc()`.
fn shows(tokens: &[Token<'_>], variable: Option<&str>) -> bool {
    if tokens.iter().any(|token| token.is("format_exc")) {
        return true;
    }
    let Some(variable) = variable else { return false };
    let called = tokens.windows(4).any(|window| match window {
        [name, open, inner, close] => {
            matches!(name.text, "str" | "repr") && name.kind == Kind::Name && open.is("(") && inner.is(variable) && close.is(")")
        }
        _ => false,
    });
    let formatted = tokens.iter().filter(|token| token.kind == Kind::Format).any(|token| {
        [format!("{{{variable}}}"), format!("{{{variable}!"), format!("{{str({variable})"), format!("{{{variable}:")]
            .iter()
            .any(|hole| token.text.contains(hole.as_str()))
    });
    called || formatted
}
