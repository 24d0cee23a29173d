//! Resource ids out of scopes, types and names, any of which may be known in part only.

use crate::expression::partial::text::{Builder, pieces_of};
use crate::model::{Kind, Piece, Shape, Value, Why};

/// Appends a name to an id: text, a number, or what is known of it.
pub fn push(builder: &mut Builder, value: &Value) {
    match &value.kind {
        Kind::Str(text) => builder.text(text),
        Kind::Int(n) => builder.text(&n.to_string()),
        Kind::Unknown(unknown) => match pieces_of(value) {
            Some(pieces) => builder.pieces(&pieces, &unknown.why),
            None => builder.hole(&unknown.why),
        },
        Kind::Secret(_) => builder.hole(&Why::Runtime("a secret value".into())),
        _ => builder.hole(&Why::Error(format!("a value of type {} is no name", value.type_name()).into())),
    }
}

/// Appends `/providers/Namespace/type/name/type/name`. Missing names become holes.
pub fn push_provider(builder: &mut Builder, kind: &str, names: &[Value]) {
    let mut segments = kind.split('/');
    builder.text("/providers/");
    builder.text(segments.next().unwrap_or_default());
    let mut names = names.iter();
    for segment in segments {
        builder.text("/");
        builder.text(segment);
        builder.text("/");
        match names.next() {
            Some(name) => push(builder, name),
            None => builder.hole(&Why::Error(format!("the name has too few segments for the type {kind}").into())),
        }
    }
    for name in names {
        builder.text("/");
        push(builder, name);
    }
}

/// Splits a full name into one segment for each type; a name that cannot be split leaves what it can.
pub fn segments(name: &Value, wanted: usize) -> Vec<Value> {
    if wanted <= 1 {
        return vec![name.clone()];
    }
    match &name.kind {
        Kind::Str(text) => text.split('/').map(Value::str).collect(),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(pieces) => split_pieces(pieces, &unknown.why),
            Shape::OneOf(values) => {
                let split: Vec<Vec<Value>> = values.iter().map(|value| segments(value, wanted)).collect();
                let columns = (0..wanted).map(|at| {
                    let column = split.iter().filter_map(|row| row.get(at).cloned());
                    crate::expression::partial::one_of(&unknown.why, column)
                });
                columns.collect()
            }
            _ => vec![name.clone()],
        },
        _ => vec![name.clone()],
    }
}

fn split_pieces(pieces: &[Piece], why: &Why) -> Vec<Value> {
    let mut done = Vec::new();
    let mut builder = Builder::new();
    for piece in pieces {
        match piece {
            Piece::Hole => builder.hole(why),
            Piece::Text(text) => {
                for (at, part) in text.split('/').enumerate() {
                    if at > 0 {
                        done.push(std::mem::take(&mut builder).finish());
                    }
                    builder.text(part);
                }
            }
        }
    }
    done.push(builder.finish());
    done
}

/// How many names a type takes: one less than it has segments.
pub fn names_of(kind: &str) -> usize {
    kind.matches('/').count()
}

/// Joins parent and child names with `/`.
pub fn join(parent: &Value, child: &Value) -> Value {
    let mut builder = Builder::new();
    push(&mut builder, parent);
    builder.text("/");
    push(&mut builder, child);
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &Value) -> String {
        value.to_json().as_str().unwrap_or("?").to_owned()
    }

    #[test]
    fn unknown_names_leave_holes_where_they_stand() {
        let unknown = Value::unknown(Why::Parameter("name".into()));
        let full = join(&unknown, &Value::str("default"));
        assert_eq!(shown(&full), "{?}/default");
        let names = segments(&full, 2);
        let mut builder = Builder::new();
        push_provider(&mut builder, "Microsoft.Storage/storageAccounts/blobServices", &names);
        assert_eq!(shown(&builder.finish()), "/providers/Microsoft.Storage/storageAccounts/{?}/blobServices/default");
    }

    #[test]
    fn a_name_with_too_few_segments_is_completed_by_holes() {
        let mut builder = Builder::new();
        push_provider(&mut builder, "A.B/c/d", &[Value::str("x")]);
        assert_eq!(shown(&builder.finish()), "/providers/A.B/c/x/d/{?}");
    }
}
