use std::sync::Arc;

use jsonc_parser::ast::{ObjectPropName, Value as Json};
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::model::{FileId, Kind, Object, Span, Value};

/// Deepest nesting; settings have a handful of levels.
const DEPTH: u32 = 64;
/// Most values of one file.
const VALUES: usize = 200_000;

/// Why a text is no usable data, and the byte at which that shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DataError {
    /// Byte in the text.
    pub at: u32,
    /// What is wrong and the cure, for people.
    pub message: String,
}

/// What .NET's and Node's readers of settings put up with: comments and trailing commas.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The value of a JSON text, which is `file`.
///
/// # Errors
/// Broken JSON, an empty text, nesting too deep, too many values.
pub fn json(file: FileId, text: &str) -> Result<Value, DataError> {
    let (text, offset) = text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, 3));
    let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX).saturating_add(offset);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS).map_err(|error| DataError {
        at: at(error.range().start),
        message: format!("not JSON: {} (line {}); correct it there", error.kind(), error.line_display()),
    })?;
    let Some(root) = parsed.value else { return Err(DataError { at: 0, message: "the file is empty".to_owned() }) };
    let mut reader = Reader { file, offset, left: VALUES };
    reader.value(&root, DEPTH)
}

struct Reader {
    file: FileId,
    offset: u32,
    left: usize,
}

impl Reader {
    fn span(&self, range: Range) -> Span {
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX).saturating_add(self.offset);
        Span::new(self.file, at(range.start), at(range.end))
    }

    fn value(&mut self, json: &Json<'_>, depth: u32) -> Result<Value, DataError> {
        let span = self.span(jsonc_parser::common::Ranged::range(json));
        self.left = self.left.checked_sub(1).ok_or_else(|| DataError { at: span.start, message: format!("more than {VALUES} values") })?;
        let Some(depth) = depth.checked_sub(1) else {
            return Err(DataError { at: span.start, message: format!("nested deeper than {DEPTH} levels") });
        };
        let kind = match json {
            Json::StringLit(text) => Kind::Str(text.value.as_ref().into()),
            Json::NumberLit(number) => number_of(number.value),
            Json::BooleanLit(flag) => Kind::Bool(flag.value),
            Json::NullKeyword(_) => Kind::Null,
            Json::Array(array) => {
                let items: Result<Vec<Value>, DataError> = array.elements.iter().map(|item| self.value(item, depth)).collect();
                Kind::Array(Arc::new(items?))
            }
            Json::Object(object) => {
                let mut fields = Object::with_capacity(object.properties.len());
                for property in &object.properties {
                    let (name, range) = match &property.name {
                        ObjectPropName::String(text) => (text.value.as_ref(), text.range),
                        ObjectPropName::Word(word) => (word.value, word.range),
                    };
                    let value = self.value(&property.value, depth)?;
                    fields.insert(name, self.span(range), value);
                }
                Kind::Object(Arc::new(fields))
            }
        };
        Ok(Value::at(kind, span))
    }
}

fn number_of(text: &str) -> Kind {
    text.parse().map_or_else(|_| Kind::Float(text.parse().unwrap_or(f64::MAX)), Kind::Int)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Files;
    use proptest::prelude::*;

    #[test]
    fn values_and_keys_have_their_places() {
        let text = "\u{feff}{ // settings\n \"é\": { \"n\": [1, 2.5, null,] } }";
        let files = Files::new();
        let file = files.add("a.json", text);
        let value = json(file, text).unwrap();
        let list = value.path("é.n").unwrap();
        assert_eq!(files.text(list.span()), "[1, 2.5, null,]");
        assert_eq!(list.as_array().unwrap().first().and_then(Value::as_int), Some(1));
        assert_eq!(files.text(value.as_object().unwrap().field("é").unwrap().key_span), "\"é\"");
    }

    #[test]
    fn broken_deep_and_empty_texts_are_refused_with_a_place() {
        assert_eq!(json(FileId::NONE, "{\n \"a\" 1 }").unwrap_err().at, 7);
        assert!(json(FileId::NONE, &format!("{}1{}", "[".repeat(80), "]".repeat(80))).unwrap_err().message.contains("deeper"));
        assert!(json(FileId::NONE, &"[".repeat(100_000)).is_err());
        assert!(json(FileId::NONE, " // nothing").is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,80}") {
            let _ = json(FileId::NONE, &text);
        }

        #[test]
        fn what_serde_writes_is_read_the_same(list in prop::collection::vec(("[a-z]{1,6}", any::<i32>()), 0..8)) {
            let written = serde_json::Value::Array(list.iter().map(|(name, n)| serde_json::json!({ name.as_str(): n })).collect());
            prop_assert_eq!(json(FileId::NONE, &written.to_string()).unwrap().to_json(), written);
        }
    }
}
