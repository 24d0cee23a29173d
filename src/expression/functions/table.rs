use super::{Answer, Arguments, Function, Reads, Run, logic};
use crate::expression::{Evaluator, Expr, lazy};
use crate::model::Value;

/// Functions that a [`crate::expression::Scope`] answers, because they depend on the surroundings.
pub const CONTEXTUAL: &[&str] = &["parameters", "variables"];

const ANY: u8 = u8::MAX;

const fn pure(name: &'static str, fewest: u8, most: u8, returns: &'static str, run: fn(Arguments<'_>) -> Answer) -> Function {
    let returns = if returns.is_empty() { None } else { Some(returns) };
    Function { name, fewest, most, returns, sees_unknowns: false, reads: Reads::All, run: Run::Pure(run) }
}

const fn lazy(name: &'static str, fewest: u8, most: u8, run: fn(&mut Evaluator<'_>, &[Expr]) -> Value) -> Function {
    Function { name, fewest, most, returns: None, sees_unknowns: true, reads: Reads::Nothing, run: Run::Lazy(run) }
}

impl Function {
    /// Computes with unknown arguments by itself.
    const fn partial(mut self) -> Self {
        self.sees_unknowns = true;
        self
    }

    /// Reads the arguments, not what is inside them.
    const fn surface(mut self) -> Self {
        self.reads = Reads::Surface;
        self
    }

    /// Puts the arguments into a container.
    const fn contains(mut self) -> Self {
        self.sees_unknowns = true;
        self.reads = Reads::Nothing;
        self
    }

    /// Looks at the size alone.
    const fn size(mut self) -> Self {
        self.sees_unknowns = true;
        self.reads = Reads::Size;
        self
    }
}

/// Every function, sorted by lower-case name.
pub static ALL: &[Function] = &[
    lazy("and", 1, ANY, lazy::and),
    pure("any", 1, 1, "", logic::same).contains(),
    pure("bool", 1, 1, "bool", logic::bool),
    lazy("coalesce", 1, ANY, lazy::coalesce),
    pure("equals", 2, 2, "bool", logic::equals).partial(),
    pure("fail", 1, 1, "", logic::fail),
    pure("false", 0, 0, "bool", logic::no),
    pure("greater", 2, 2, "bool", logic::greater).partial(),
    pure("greaterOrEquals", 2, 2, "bool", logic::greater_or_equals).partial(),
    lazy("if", 3, 3, lazy::choose),
    pure("less", 2, 2, "bool", logic::less).partial(),
    pure("lessOrEquals", 2, 2, "bool", logic::less_or_equals).partial(),
    pure("not", 1, 1, "bool", logic::not).partial(),
    pure("null", 0, 0, "", logic::null),
    lazy("or", 1, ANY, lazy::or),
    pure("true", 0, 0, "bool", logic::yes),
    lazy("tryGet", 1, ANY, lazy::try_get),
];

/// A binary search that folds case as it goes: no allocation.
pub fn find(name: &str) -> Option<&'static Function> {
    let at = ALL.binary_search_by(|row| compare(row.name, name)).ok()?;
    ALL.get(at)
}

fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    a.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_finds_every_name_in_any_case() {
        for pair in ALL.windows(2) {
            assert_eq!(compare(pair[0].name, pair[1].name), std::cmp::Ordering::Less, "{} before {}", pair[0].name, pair[1].name);
        }
        for row in ALL {
            assert_eq!(find(&row.name.to_uppercase()).map(|found| found.name), Some(row.name));
        }
        assert!(find("noSuchFunction").is_none());
    }
}
