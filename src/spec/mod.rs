//! Specifications, requirements, profiles, environments, attestations: which clause is covered by which rule.

mod attestation;
mod catalogue;
mod conflicts;
mod coverage;
mod lint;
mod measure;
mod profile;

pub use attestation::{Attestation, Standing, read_attestations, write_attestation};
pub use catalogue::{Catalogue, Checkable, Requirement, SpecRule, Specification};
pub use conflicts::{Conflict, conflicts};
pub use coverage::{Coverage, RuleResult, Status, coverage};
pub use lint::{Statement, Suggester, lint};
pub use measure::{Measure, Missing, Running, Share, measure};
pub use profile::{Beside, Profile, ProfileError};
