//! Where the clauses of a report stand, counted: shared by every output.

use crate::model::{ClauseStatus, Report, Section};

/// Statuses of clauses as people weigh them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A rule failed, or an attestation expired.
    Fails,
    /// Some rule could not decide, none failed.
    Undecided,
    /// Rules passed, or a person attested it.
    Holds,
    /// A person must attest it.
    Person,
    /// Nothing here shows it: it needs live resources, logs, or files that are not in scope.
    Unseen,
    /// No rule covers it.
    NoRule,
    /// It speaks of another environment.
    Outside,
}

impl Standing {
    /// All, worst first; the last does not count.
    pub const ALL: [Self; 7] = [Self::Fails, Self::Undecided, Self::Holds, Self::Person, Self::Unseen, Self::NoRule, Self::Outside];

    /// The standing behind the word in [`ClauseStatus::status`].
    pub fn of(clause: &ClauseStatus) -> Self {
        match clause.status.as_str() {
            "fail" => Self::Fails,
            "pass" | "attested" => Self::Holds,
            "unknown" => Self::Undecided,
            "needs attestation" => Self::Person,
            "no rule yet" => Self::NoRule,
            "other environment" => Self::Outside,
            _ => Self::Unseen,
        }
    }

    /// For tables and legends.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Fails => "fails",
            Self::Undecided => "not evaluated",
            Self::Holds => "holds",
            Self::Person => "needs a person",
            Self::Unseen => "not visible here",
            Self::NoRule => "no rule",
            Self::Outside => "other environment",
        }
    }

    /// A word for class names and keys.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Fails => "fail",
            Self::Undecided => "unknown",
            Self::Holds => "hold",
            Self::Person => "person",
            Self::Unseen => "unseen",
            Self::NoRule => "norule",
            Self::Outside => "outside",
        }
    }
}

/// How many clauses stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally([usize; Standing::ALL.len()]);

impl Tally {
    /// The clauses of a section.
    pub fn of(clauses: &[ClauseStatus]) -> Self {
        let mut tally = Self::default();
        clauses.iter().for_each(|clause| tally.add(Standing::of(clause), 1));
        tally
    }

    /// Several together.
    pub fn sum<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        tallies.into_iter().for_each(|tally| sum.join(tally));
        sum
    }

    fn join(&mut self, other: &Self) {
        Standing::ALL.into_iter().for_each(|standing| self.add(standing, other.get(standing)));
    }

    fn add(&mut self, standing: Standing, more: usize) {
        if let Some(count) = self.0.get_mut(standing as usize) {
            *count += more;
        }
    }

    /// How many stand there.
    pub fn get(&self, standing: Standing) -> usize {
        self.0.get(standing as usize).copied().unwrap_or(0)
    }

    /// How many apply to the environment that was judged.
    pub fn in_force(&self) -> usize {
        self.0.iter().sum::<usize>() - self.get(Standing::Outside)
    }

    /// How many of those that apply hold, in whole percent; what nobody saw does not count as held.
    pub fn percent(&self) -> usize {
        (self.get(Standing::Holds) * 100).checked_div(self.in_force()).unwrap_or(100)
    }
}

/// One specification of a report.
pub struct Scored<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its sections in order.
    pub sections: Vec<(&'a Section, Tally)>,
    /// All of them together.
    pub tally: Tally,
}

/// The specifications of a report, in its order.
pub fn specifications(report: &Report) -> Vec<Scored<'_>> {
    of_sections(&report.specifications)
}

/// The same of sections that belong to no report.
pub fn of_sections(sections: &[Section]) -> Vec<Scored<'_>> {
    let mut all: Vec<Scored<'_>> = Vec::new();
    for section in sections {
        if all.last().is_none_or(|last| last.id != section.specification) {
            all.push(Scored { id: &section.specification, sections: Vec::new(), tally: Tally::default() });
        }
        let tally = Tally::of(&section.clauses);
        if let Some(last) = all.last_mut() {
            last.tally.join(&tally);
            last.sections.push((section, tally));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_saw_is_not_held() {
        let clause = |status: &str| ClauseStatus { status: status.into(), ..ClauseStatus::default() };
        let section = |specification: &str, statuses: &[&str]| Section {
            specification: specification.into(),
            title: "1".into(),
            clauses: statuses.iter().map(|status| clause(status)).collect(),
        };
        let specifications_of =
            vec![section("a", &["pass", "fail", "nothing here"]), section("a", &["attested", "other environment"]), section("b", &[])];
        let report = Report { specifications: specifications_of, ..Report::default() };
        let scored = specifications(&report);
        assert_eq!(scored.iter().map(|one| (one.id, one.sections.len())).collect::<Vec<_>>(), [("a", 2), ("b", 1)]);
        assert_eq!((scored[0].tally.in_force(), scored[0].tally.percent()), (4, 50));
        assert_eq!(scored[1].tally.percent(), 100);
    }
}
