use crate::model::Why;

/// Kleene's three truth values. Unknown says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be known here.
    Unknown(Why),
}

impl Truth {
    /// Both hold. One that does not hold decides, whatever the other is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, other) => other,
            (unknown, _) => unknown,
        }
    }

    /// One of them holds. One that holds decides, whatever the other is.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, other) => other,
            (unknown, _) => unknown,
        }
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown => unknown,
        }
    }

    /// The opposite where `negated`.
    #[must_use]
    pub fn negate_if(self, negated: bool) -> Self {
        if negated { self.negate() } else { self }
    }

    /// All of them hold; true of none. Stops at the first that does not hold.
    pub fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::True;
        for truth in truths {
            result = result.and(truth);
            if result == Self::False {
                break;
            }
        }
        result
    }

    /// Any of them holds; false of none. Stops at the first that holds.
    pub fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::False;
        for truth in truths {
            result = result.or(truth);
            if result == Self::True {
                break;
            }
        }
        result
    }

    /// Whether it is known to hold.
    pub const fn is_true(&self) -> bool {
        matches!(self, Self::True)
    }

    /// Whether it is known not to hold.
    pub const fn is_false(&self) -> bool {
        matches!(self, Self::False)
    }

    /// Whether it cannot be known.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn truth() -> impl Strategy<Value = Truth> {
        prop_oneof![Just(Truth::True), Just(Truth::False), Just(Truth::Unknown(Why::Parameter("p".into())))]
    }

    proptest! {
        #[test]
        fn kleenes_laws_hold(a in truth(), b in truth(), c in truth()) {
            prop_assert_eq!(a.clone().and(b.clone()), b.clone().and(a.clone()));
            prop_assert_eq!(a.clone().or(b.clone()), b.clone().or(a.clone()));
            prop_assert_eq!(a.clone().and(b.clone()).and(c.clone()), a.clone().and(b.clone().and(c.clone())));
            prop_assert_eq!(a.clone().and(b.clone()).negate(), a.clone().negate().or(b.clone().negate()));
            prop_assert_eq!(a.clone().and(b.clone().or(c.clone())), a.clone().and(b.clone()).or(a.clone().and(c.clone())));
            prop_assert_eq!(a.clone().negate().negate(), a.clone());
            prop_assert_eq!(Truth::all([a.clone(), b.clone(), c.clone()]), a.clone().and(b.clone()).and(c.clone()));
            prop_assert_eq!(Truth::any([a.clone(), b.clone(), c.clone()]), a.or(b).or(c));
        }

        #[test]
        fn what_an_unknown_turns_out_to_be_never_contradicts_a_known_result(a in truth(), b in truth(), became in any::<bool>()) {
            let settle = |truth: &Truth| if truth.is_unknown() { Truth::from(became) } else { truth.clone() };
            for (before, after) in [
                (a.clone().and(b.clone()), settle(&a).and(settle(&b))),
                (a.clone().or(b.clone()), settle(&a).or(settle(&b))),
                (a.clone().negate(), settle(&a).negate()),
            ] {
                prop_assert!(before.is_unknown() || before == after);
            }
        }
    }
}
