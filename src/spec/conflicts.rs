use super::{Catalogue, Requirement, Specification};

/// Two clauses that demand different things.
#[derive(Clone, Copy, Debug)]
pub struct Conflict<'a> {
    /// The clause of the first specification.
    pub one: &'a Requirement,
    /// The clause of the second.
    pub other: &'a Requirement,
}

/// The pairs of clauses of `a` and `b` that demand different things, each once; `a` and `b` may be the same specification.
pub fn conflicts<'a>(catalogue: &'a Catalogue, a: &'a Specification, b: &'a Specification) -> Vec<Conflict<'a>> {
    let mut found = Vec::new();
    for one in &a.requirements {
        for id in &one.conflicts {
            let Some((within, other)) = catalogue.requirement(id) else { continue };
            let once = a.id != b.id || one.id < other.id;
            if within.id == b.id && once {
                found.push(Conflict { one, other });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_find_the_same_pairs() {
        let catalogue = Catalogue::builtin().unwrap();
        let get = |id| catalogue.specification(id).unwrap();
        let there = conflicts(&catalogue, get("augeo"), get("az14b")).len();
        assert_eq!(there, conflicts(&catalogue, get("az14b"), get("augeo")).len());
        // The study of the documents counted them: 001/003 against 002.
        assert_eq!(there, 70);
        assert_eq!(conflicts(&catalogue, get("bi10"), get("bi10")).len(), 10);
    }
}
