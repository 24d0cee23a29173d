/// How a leaf compares: a test, and whether it is turned around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    pub test: Test,
    pub negated: bool,
}

/// What a leaf tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Equals,
    Like,
    Match,
    MatchInsensitively,
    Contains,
    In,
    ContainsKey,
    Less,
    LessOrEquals,
    Greater,
    GreaterOrEquals,
    Exists,
    /// Extension: a regular expression, unanchored.
    MatchesRegex,
    /// Extension: the field's address range holds the given one.
    IpRangeContains,
}

/// Every operator by its name: Azure Policy's first, then the extensions.
const NAMES: [(&str, Test, bool); 23] = [
    ("equals", Test::Equals, false),
    ("notEquals", Test::Equals, true),
    ("like", Test::Like, false),
    ("notLike", Test::Like, true),
    ("match", Test::Match, false),
    ("notMatch", Test::Match, true),
    ("matchInsensitively", Test::MatchInsensitively, false),
    ("notMatchInsensitively", Test::MatchInsensitively, true),
    ("contains", Test::Contains, false),
    ("notContains", Test::Contains, true),
    ("in", Test::In, false),
    ("notIn", Test::In, true),
    ("containsKey", Test::ContainsKey, false),
    ("notContainsKey", Test::ContainsKey, true),
    ("less", Test::Less, false),
    ("lessOrEquals", Test::LessOrEquals, false),
    ("greater", Test::Greater, false),
    ("greaterOrEquals", Test::GreaterOrEquals, false),
    ("exists", Test::Exists, false),
    ("matchesRegex", Test::MatchesRegex, false),
    ("notMatchesRegex", Test::MatchesRegex, true),
    ("ipRangeContains", Test::IpRangeContains, false),
    ("notIpRangeContains", Test::IpRangeContains, true),
];

impl Operator {
    pub(crate) fn named(word: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(word));
        found.map(|&(_, test, negated)| Self { test, negated })
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, ..)| *name)
    }

    /// What it asks of a value; the opposite, where it is its holding that is at fault.
    pub(crate) const fn verb(self, opposite: bool) -> &'static str {
        match (self.test, self.negated == opposite) {
            (Test::Equals | Test::Exists, true) => "be",
            (Test::Equals | Test::Exists, false) => "not be",
            (Test::Like, true) => "be like",
            (Test::Like, false) => "not be like",
            (Test::Match | Test::MatchInsensitively | Test::MatchesRegex, true) => "match",
            (Test::Match | Test::MatchInsensitively | Test::MatchesRegex, false) => "not match",
            (Test::Contains | Test::IpRangeContains, true) => "contain",
            (Test::Contains | Test::IpRangeContains, false) => "not contain",
            (Test::In, true) => "be one of",
            (Test::In, false) => "be none of",
            (Test::ContainsKey, true) => "have the key",
            (Test::ContainsKey, false) => "not have the key",
            (Test::Less, true) | (Test::GreaterOrEquals, false) => "be less than",
            (Test::LessOrEquals, true) | (Test::Greater, false) => "be at most",
            (Test::Greater, true) | (Test::LessOrEquals, false) => "be more than",
            (Test::GreaterOrEquals, true) | (Test::Less, false) => "be at least",
        }
    }

    /// Whether Azure Policy knows it, or only azward.
    pub(crate) const fn is_extension(self) -> bool {
        matches!(self.test, Test::MatchesRegex | Test::IpRangeContains)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_turns_round_below_a_not() {
        let verb = |name, opposite| Operator::named(name).unwrap().verb(opposite);
        assert_eq!((verb("notIn", false), verb("in", true), verb("notIn", true)), ("be none of", "be none of", "be one of"));
        assert_eq!((verb("less", false), verb("less", true)), ("be less than", "be at least"));
    }

    #[test]
    fn names_are_found_in_any_case_and_only_the_extensions_are_our_own() {
        let not_in = Operator::named("NOTIN").unwrap();
        assert_eq!(not_in, Operator { test: Test::In, negated: true });
        assert!(Operator::named("equal").is_none());
        let own = Operator::names().filter(|name| Operator::named(name).is_some_and(Operator::is_extension));
        assert_eq!(own.count(), 4);
    }
}
