//! `format('{0}-{1:D3}', …)`: .NET's composite formatting.

use super::Answer;
use super::arguments::{Arguments, invalid};
use super::convert::{append, finish, text_of};
use super::number_format;
use super::strings::units;
use crate::expression::partial::text::{Builder, pieces_of};
use crate::expression::{FunctionError, MAX_TEXT};
use crate::model::{Kind, Shape, Value};

/// Widest alignment: `{0,4096}`.
const MAX_WIDTH: usize = 1 << 16;

/// `format('{0}', …)`
pub fn format(args: Arguments<'_>) -> Answer {
    let pattern = match &args.value(0)?.kind {
        Kind::Str(text) => text,
        Kind::Unknown(unknown) if pieces_of(args.value(0)?).is_some() => {
            return Ok(Value::unknown_shaped(unknown.why.clone(), Shape::Type("string")));
        }
        _ => return Err(args.wrong(0, "a string")),
    };
    let values = args.values.get(1..).unwrap_or(&[]);
    let mut builder = Builder::new();
    let mut rest: &str = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        builder.text(rest.get(..at).unwrap_or(""));
        let brace = rest.get(at..).unwrap_or("");
        rest = match (brace.strip_prefix("{{"), brace.strip_prefix("}}"), brace.strip_prefix('{')) {
            (Some(rest), _, _) => {
                builder.text("{");
                rest
            }
            (_, Some(rest), _) => {
                builder.text("}");
                rest
            }
            (_, _, Some(inner)) => {
                let Some((item, rest)) = inner.split_once('}') else { return invalid(format!("`{pattern}` has a `{{` without its `}}`")) };
                placeholder(&mut builder, item, values, pattern)?;
                rest
            }
            _ => return invalid(format!("`{pattern}` has a `}}` without its `{{`")),
        };
        if builder.is_too_long() {
            return Err(FunctionError::TooLarge { what: "format()", limit: MAX_TEXT });
        }
    }
    builder.text(rest);
    finish(builder, "format()")
}

/// `0`, `0,5`, `0:D3`, `0,-10:N2`
fn placeholder(builder: &mut Builder, item: &str, values: &[Value], pattern: &str) -> Result<(), FunctionError> {
    let (head, spec) = item.split_once(':').map_or((item, ""), |(head, spec)| (head, spec));
    let (index, width) = head.split_once(',').map_or((head, "0"), |(index, width)| (index, width));
    let (index, width) = (index.trim().parse::<usize>(), width.trim().parse::<i64>());
    let (Ok(index), Ok(width)) = (index, width) else { return invalid(format!("`{{{item}}}` in `{pattern}` is no placeholder")) };
    let Some(value) = values.get(index) else {
        return invalid(format!("`{{{index}}}` in `{pattern}` has no argument: there are {}", values.len()));
    };
    if spec.is_empty() && width == 0 {
        append(builder, value);
        return Ok(());
    }
    let known = match &value.kind {
        Kind::Int(n) => Some(number_format::int(*n, spec)?),
        Kind::Float(x) => Some(number_format::float(*x, spec)?),
        _ => text_of(value).map(std::borrow::Cow::into_owned),
    };
    let Some(text) = known else {
        // Blanks may stand before or after what is not known in full.
        let mut inner = Builder::new();
        append(&mut inner, value);
        let inner = inner.finish();
        match (inner.as_unknown(), inner.as_str()) {
            (Some(unknown), _) => {
                builder.hole(&unknown.why);
                append(builder, &inner);
                builder.hole(&unknown.why);
            }
            (_, text) => aligned(builder, text.unwrap_or(""), width),
        }
        return Ok(());
    };
    aligned(builder, &text, width);
    Ok(())
}

fn aligned(builder: &mut Builder, text: &str, width: i64) {
    let missing = usize::try_from(width.unsigned_abs()).unwrap_or(0).min(MAX_WIDTH).saturating_sub(units(text));
    let blanks = " ".repeat(missing);
    if width > 0 {
        builder.text(&blanks);
    }
    builder.text(text);
    if width < 0 {
        builder.text(&blanks);
    }
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use crate::model::{Kind, Value};

    fn formatted(args: &[Value]) -> String {
        match call("FORMAT", args).expect("known") {
            Ok(value) => value.to_json().as_str().unwrap_or("").to_owned(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn numbers_are_written_as_dotnet_writes_them() {
        for (pattern, number, wanted) in [
            ("{0:D3}", 7, "007"),
            ("{0:D3}", -7, "-007"),
            ("{0:N0}", 8_175_133, "8,175,133"),
            ("{0:N}", -1234, "-1,234.00"),
            ("{0:F1}", 3, "3.0"),
            ("{0:X}", 255, "FF"),
            ("{0:x4}", 255, "00ff"),
            ("{0:000}", 7, "007"),
            ("{0:#,##0.00}", 1234, "1,234.00"),
            ("{0:P0}", 1, "100 %"),
            ("{0:E2}", 12345, "1.23E+004"),
            ("{0:G}", 5, "5"),
            ("[{0,5}|{0,-5}]", 42, "[   42|42   ]"),
            ("{{{0}}}", 1, "{1}"),
        ] {
            assert_eq!(formatted(&[pattern.into(), number.into()]), wanted, "{pattern}");
        }
        assert_eq!(formatted(&["{0:F2}|{0:N1}".into(), Value::new(Kind::Float(1234.567))]), "1234.57|1,234.6");
        assert_eq!(formatted(&["{0}/{1}".into(), true.into(), Value::null()]), "True/");
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(formatted(&["{1}".into(), "a".into()]), "error: `{1}` in `{1}` has no argument: there are 1");
        assert_eq!(formatted(&["{x}".into(), "a".into()]), "error: `{x}` in `{x}` is no placeholder");
        assert_eq!(formatted(&["a}".into(), "a".into()]), "error: `a}` has a `}` without its `{`");
    }
}
