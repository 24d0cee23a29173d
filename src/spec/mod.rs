//! Specifications, requirements, profiles, environments, attestations.
