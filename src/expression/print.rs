use std::fmt::{self, Display, Formatter, Write};

use super::{Expr, parser::starts_name};
use crate::model::{Kind, Value};

/// Prints ARM text, spelled as Microsoft's Bicep compiler spells it.
impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(value) => literal(f, value),
            Self::Call { name, args, .. } => {
                write!(f, "{name}(")?;
                for (at, arg) in args.iter().enumerate() {
                    if at > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{arg}")?;
                }
                f.write_char(')')
            }
            Self::Member { base, name, .. } => property(f, base, name),
            Self::Index { base, index, .. } => match index.as_str() {
                Some(name) => property(f, base, name),
                None => write!(f, "{base}[{index}]"),
            },
        }
    }
}

fn property(f: &mut Formatter<'_>, base: &Expr, name: &str) -> fmt::Result {
    let plain = name.bytes().next().is_some_and(starts_name) && name.bytes().all(|byte| starts_name(byte) || byte.is_ascii_digit());
    // `4.name` would read as a number.
    let number = matches!(base, Expr::Literal(value) if matches!(value.kind, Kind::Int(_) | Kind::Float(_)));
    if plain && !number {
        return write!(f, "{base}.{name}");
    }
    write!(f, "{base}[")?;
    quote(f, name)?;
    f.write_char(']')
}

fn quote(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('\'')?;
    let mut parts = text.split('\'');
    f.write_str(parts.next().unwrap_or(""))?;
    for part in parts {
        write!(f, "''{part}")?;
    }
    f.write_char('\'')
}

/// Values that have no literal form are written as the calls that make them.
fn literal(f: &mut Formatter<'_>, value: &Value) -> fmt::Result {
    match &value.kind {
        Kind::Null => f.write_str("null()"),
        Kind::Bool(flag) => write!(f, "{flag}()"),
        Kind::Int(n) => write!(f, "{n}"),
        Kind::Float(x) => write!(f, "{x:?}"),
        Kind::Str(text) => quote(f, text),
        Kind::Array(items) => {
            f.write_str("createArray(")?;
            for (at, item) in items.iter().enumerate() {
                f.write_str(if at > 0 { ", " } else { "" })?;
                literal(f, item)?;
            }
            f.write_char(')')
        }
        Kind::Object(object) => {
            f.write_str("createObject(")?;
            for (at, field) in object.iter().enumerate() {
                f.write_str(if at > 0 { ", " } else { "" })?;
                quote(f, &field.key)?;
                f.write_str(", ")?;
                literal(f, &field.value)?;
            }
            f.write_char(')')
        }
        Kind::Secret(_) => f.write_str("secret()"),
        Kind::Unknown(_) => f.write_str("unknown()"),
    }
}
