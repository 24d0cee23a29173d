//! The specifications that ship with azward, as data.

use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::model::Severity;
use crate::policy::Problem;
use crate::policy::text::{Fields, Node, Origin, parse_yaml};

static SPECS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies/specs");
const RULES: &str = "rules.yaml";

/// All specifications and the distinct rules behind their clauses.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Sorted by id.
    pub specifications: Vec<Specification>,
    /// In the order of the file.
    pub rules: Vec<SpecRule>,
}

/// One specification.
#[derive(Clone, Debug)]
pub struct Specification {
    /// `bi10`, `augeo` …, also the name of its profile.
    pub id: String,
    /// For people.
    pub title: String,
    /// Every normative statement, in the order of the documents.
    pub requirements: Vec<Requirement>,
}

/// One normative statement.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The clause's id: `FR-024.a`.
    pub id: String,
    /// Which document of the specification.
    pub document: String,
    /// The document's own headings.
    pub section: String,
    /// Lines of the document: `L20`.
    pub lines: String,
    /// The clause in our own words.
    pub clause: String,
    /// Where it applies; `any` for everywhere.
    pub environments: Vec<String>,
    /// How bad a breach is.
    pub severity: Severity,
    /// The family.
    pub theme: String,
    /// How it can be checked.
    pub checkable: Checkable,
    /// Where it can be seen: `arm`, `workflow`, `live`, `log-activity`, `docs` …
    pub targets: Vec<String>,
    /// Kinds of the resources that it speaks of; empty where it names none, `*` for all.
    pub kinds: Vec<String>,
    /// Entries of [`Catalogue::rules`].
    pub rules: Vec<String>,
    /// Clauses, of any specification, that demand something else.
    pub conflicts: Vec<String>,
    /// The values that it asks for: `minRegions=2`.
    pub parameters: Vec<String>,
}

/// How a clause can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Checkable {
    /// From files alone.
    Static,
    /// From files in part.
    Partial,
    /// Only on what is deployed.
    LiveOnly,
    /// Only from logs.
    LogOnly,
    /// Only by a person.
    Attest,
}

impl Checkable {
    /// All, in the order of reports.
    pub const ALL: [Self; 5] = [Self::Static, Self::Partial, Self::LiveOnly, Self::LogOnly, Self::Attest];

    /// The word in the files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Partial => "partial",
            Self::LiveOnly => "live-only",
            Self::LogOnly => "log-only",
            Self::Attest => "attest",
        }
    }
}

/// One distinct rule behind clauses of several specifications.
#[derive(Clone, Debug)]
pub struct SpecRule {
    /// `TLS-001`.
    pub id: String,
    /// What must hold.
    pub title: String,
    /// The family.
    pub theme: String,
    /// How bad a breach is.
    pub severity: Severity,
    /// Where it can be seen.
    pub targets: Vec<String>,
}

impl Catalogue {
    /// What ships with azward.
    ///
    /// # Errors
    /// The first thing wrong with the files; a test keeps that from happening.
    pub fn builtin() -> Result<Self, Problem> {
        let mut catalogue = Self::default();
        for file in SPECS.files() {
            let (Some(name), Some(text)) = (file.path().to_str(), file.contents_utf8()) else { continue };
            let origin = Origin::new(Arc::from(format!("policies/specs/{name}")));
            let root = parse_yaml(&origin, text)?;
            if name == RULES {
                catalogue.rules = rules(&origin, &root)?;
            } else {
                catalogue.specifications.push(specification(&origin, &root)?);
            }
        }
        catalogue.specifications.sort_by(|a, b| a.id.cmp(&b.id));
        catalogue.check()?;
        Ok(catalogue)
    }

    /// The specification with this id.
    pub fn specification(&self, id: &str) -> Option<&Specification> {
        self.specifications.iter().find(|specification| specification.id.eq_ignore_ascii_case(id))
    }

    /// The clause with this id, in whatever specification.
    pub fn requirement(&self, id: &str) -> Option<(&Specification, &Requirement)> {
        let within = |specification| Self::find(specification, id).map(|requirement| (specification, requirement));
        self.specifications.iter().find_map(within)
    }

    fn find<'a>(specification: &'a Specification, id: &str) -> Option<&'a Requirement> {
        specification.requirements.iter().find(|requirement| requirement.id == id)
    }

    /// Every rule that a clause names exists.
    fn check(&self) -> Result<(), Problem> {
        for specification in &self.specifications {
            for requirement in &specification.requirements {
                if let Some(gone) = requirement.rules.iter().find(|name| !self.rules.iter().any(|rule| rule.id == **name)) {
                    let message = format!("clause `{}` names a rule `{gone}` that {RULES} does not have", requirement.id);
                    return Err(Problem {
                        file: Arc::from(format!("policies/specs/{}.yaml", specification.id)),
                        line: 1,
                        column: 1,
                        message,
                    });
                }
            }
        }
        Ok(())
    }
}

fn specification(origin: &Origin, root: &Node) -> Result<Specification, Problem> {
    let mut fields = Fields::new(origin, root)?;
    let specification = Specification {
        id: fields.need_text("id")?,
        title: fields.need_text("title")?,
        requirements: origin.list(fields.need("requirements")?)?.iter().map(|node| requirement(origin, node)).collect::<Result<_, _>>()?,
    };
    fields.finish()?;
    Ok(specification)
}

fn requirement(origin: &Origin, node: &Node) -> Result<Requirement, Problem> {
    let mut fields = Fields::new(origin, node)?;
    // `check` is a note for whoever writes the rules.
    let _ = fields.take("check");
    let requirement = Requirement {
        id: fields.need_text("id")?,
        document: fields.need_text("document")?,
        section: fields.need_text("section")?,
        lines: fields.need_text("lines")?,
        clause: fields.need_text("clause")?,
        environments: fields.texts("environments")?,
        severity: severity(origin, fields.need("severity")?)?,
        theme: fields.need_text("theme")?,
        checkable: checkable(origin, fields.need("checkable")?)?,
        targets: fields.texts("targets")?,
        kinds: fields.texts("kinds")?,
        rules: fields.texts("rules")?,
        conflicts: fields.texts("conflicts")?,
        parameters: fields.texts("parameters")?,
    };
    fields.finish()?;
    Ok(requirement)
}

fn rules(origin: &Origin, root: &Node) -> Result<Vec<SpecRule>, Problem> {
    let mut fields = Fields::new(origin, root)?;
    let list = origin.list(fields.need("rules")?)?;
    fields.finish()?;
    let rule = |node| {
        let mut fields = Fields::new(origin, node)?;
        let _ = fields.take("parameters");
        let rule = SpecRule {
            id: fields.need_text("id")?,
            title: fields.need_text("title")?,
            theme: fields.need_text("theme")?,
            severity: severity(origin, fields.need("severity")?)?,
            targets: fields.texts("targets")?,
        };
        fields.finish()?;
        Ok(rule)
    };
    list.iter().map(rule).collect()
}

fn severity(origin: &Origin, node: &Node) -> Result<Severity, Problem> {
    origin.text(node)?.parse().map_err(|message: String| origin.problem(node.mark, message))
}

fn checkable(origin: &Origin, node: &Node) -> Result<Checkable, Problem> {
    let word = origin.text(node)?;
    let found = Checkable::ALL.into_iter().find(|checkable| checkable.as_str() == word);
    found.ok_or_else(|| origin.unknown(node.mark, "a way to check a clause", &word, Checkable::ALL.map(Checkable::as_str)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_688_statements_and_159_rules_is_lost() {
        let catalogue = Catalogue::builtin().unwrap();
        let count = |id: &str| catalogue.specification(id).map_or(0, |specification| specification.requirements.len());
        assert_eq!([count("bi10"), count("augeo"), count("az14b"), count("life-cockpit")], [164, 201, 249, 74]);
        assert_eq!(catalogue.rules.len(), 159);
        let mut ids: Vec<&str> = catalogue.specifications.iter().flat_map(|one| &one.requirements).map(|one| one.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 688, "ids are unique");
    }

    #[test]
    fn conflicts_are_symmetric() {
        let catalogue = Catalogue::builtin().unwrap();
        for requirement in catalogue.specifications.iter().flat_map(|one| &one.requirements) {
            for other in &requirement.conflicts {
                let (_, found) =
                    catalogue.requirement(other).unwrap_or_else(|| panic!("{} conflicts with {other}, which is not there", requirement.id));
                assert!(found.conflicts.contains(&requirement.id), "{} and {other}", requirement.id);
            }
        }
    }
}
