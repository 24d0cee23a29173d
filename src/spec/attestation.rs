//! What no machine can see: a file `attestations/*.yaml` says who vouches for what, with which evidence, until when.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use crate::policy::Problem;
use crate::policy::text::{Fields, Node, Origin, parse_yaml};

/// One statement of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The clause, or the specification rule, that it speaks of.
    pub requirement: String,
    /// What is attested, in one sentence.
    pub statement: String,
    /// Who.
    pub by: String,
    /// When.
    pub date: Date,
    /// Until when it holds.
    pub expires: Date,
    /// A link, or a path with `sha256:` and the file's hash.
    pub evidence: String,
    /// The file and line it stands on.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
}

/// Whether an attestation holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Valid,
    /// It ended on that day.
    Expired(Date),
    /// Its date lies in the future.
    NotYet(Date),
    /// The evidence file is not there, or has another hash.
    EvidenceGone(String),
}

impl Attestation {
    /// Whether it holds on `today`; evidence files are looked for below `root`.
    pub fn standing(&self, today: Date, root: &Path) -> Standing {
        if today > self.expires {
            return Standing::Expired(self.expires);
        }
        if self.date > today {
            return Standing::NotYet(self.date);
        }
        let Some((path, hash)) = self.evidence.split_once(" sha256:") else { return Standing::Valid };
        match hash_of(&root.join(path.trim())) {
            Some(found) if found.eq_ignore_ascii_case(hash.trim()) => Standing::Valid,
            Some(_) => Standing::EvidenceGone(format!("`{path}` has changed since it was attested")),
            None => Standing::EvidenceGone(format!("`{path}` cannot be read")),
        }
    }
}

/// SHA-256 of a file, as hexadecimal digits.
fn hash_of(path: &Path) -> Option<String> {
    use sha2::{Digest, Sha256};
    let bytes = std::fs::read(path).ok()?;
    Some(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The attestations of one file.
///
/// # Errors
/// What is wrong in it, with line and cure.
pub fn read_attestations(file: &str, text: &str) -> Result<Vec<Attestation>, Problem> {
    let origin = Origin::new(Arc::from(file));
    let root = parse_yaml(&origin, text)?;
    let mut fields = Fields::new(&origin, &root)?;
    let list = origin.list(fields.need("attestations")?)?;
    fields.finish()?;
    list.iter().map(|node| attestation(&origin, node)).collect()
}

fn attestation(origin: &Origin, node: &Node) -> Result<Attestation, Problem> {
    let mut fields = Fields::new(origin, node)?;
    let attestation = Attestation {
        requirement: fields.need_text("requirement")?,
        statement: fields.need_text("statement")?,
        by: fields.need_text("by")?,
        date: date(origin, fields.need("date")?)?,
        expires: date(origin, fields.need("expires")?)?,
        evidence: fields.need_text("evidence")?,
        file: Arc::clone(origin.file()),
        line: node.mark.line,
    };
    fields.finish()?;
    Ok(attestation)
}

fn date(origin: &Origin, node: &Node) -> Result<Date, Problem> {
    let text = origin.text(node)?;
    text.parse().map_err(|_| origin.problem(node.mark, format!("`{text}` is not a date; write 2027-01-31")))
}

/// The text of an attestation file with one more attestation at its end; `before` is the file so far, empty for a new one.
/// Evidence that is a file below `root` gets its hash.
///
/// # Errors
/// `before` is not an attestation file.
pub fn write_attestation(before: &str, new: &Attestation, root: &Path) -> Result<String, Problem> {
    if !before.trim().is_empty() {
        read_attestations(&new.file, before)?;
    }
    let hash = (!new.evidence.contains("://")).then(|| hash_of(&root.join(&new.evidence))).flatten();
    let evidence = hash.map_or_else(|| new.evidence.clone(), |hash| format!("{} sha256:{hash}", new.evidence));
    let quote = |text: &str| serde_json::Value::from(text).to_string();
    let head = if before.trim().is_empty() { "attestations:\n".to_owned() } else { format!("{}\n", before.trim_end()) };
    Ok(format!(
        "{head}  - requirement: {}\n    statement: {}\n    by: {}\n    date: {}\n    expires: {}\n    evidence: {}\n",
        quote(&new.requirement),
        quote(&new.statement),
        quote(&new.by),
        new.date,
        new.expires,
        quote(&evidence)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn sample(evidence: &str) -> Attestation {
        Attestation {
            requirement: "DEP-028".into(),
            statement: "Failover drill: held".into(),
            by: "ops@example.com".into(),
            date: date(2026, 9, 1),
            expires: date(2026, 12, 1),
            evidence: evidence.into(),
            file: "attestations/dr.yaml".into(),
            line: 2,
        }
    }

    #[test]
    fn what_is_written_is_read_and_evidence_is_held_to_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("drill.md"), "done").unwrap();
        let text = write_attestation("", &sample("drill.md"), folder.path()).unwrap();
        let text = write_attestation(&text, &sample("https://example.com/1"), folder.path()).unwrap();
        let read = read_attestations("a.yaml", &text).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].standing(date(2026, 10, 1), folder.path()), Standing::Valid);
        assert_eq!(read[0].standing(date(2026, 12, 2), folder.path()), Standing::Expired(date(2026, 12, 1)));
        assert_eq!(read[1].standing(date(2026, 8, 1), folder.path()), Standing::NotYet(date(2026, 9, 1)));
        std::fs::write(folder.path().join("drill.md"), "changed").unwrap();
        assert!(matches!(read[0].standing(date(2026, 10, 1), folder.path()), Standing::EvidenceGone(_)));
    }

    #[test]
    fn a_wrong_date_names_its_line() {
        let problem =
            read_attestations("a.yaml", "attestations:\n  - requirement: X\n    statement: s\n    by: b\n    date: soon\n").unwrap_err();
        assert_eq!((problem.line, problem.message.contains("2027-01-31")), (5, true), "{problem}");
    }
}
