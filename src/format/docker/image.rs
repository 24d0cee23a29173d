//! The name of an image: `registry/repository:tag@digest`.

use crate::model::{Kind, Object, Span, Value, Why};

/// The parts of an image's name as an object: `image registry repository tag digest`; unknown where a variable has no value.
pub fn parts(text: &str, span: Span) -> Value {
    if text.contains('$') {
        return Value::unknown(Why::Parameter(text.into())).used_at(span);
    }
    let at = |text: &str| Value::at(Kind::Str(text.into()), span);
    let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
    let last = name.rsplit('/').next().unwrap_or(name);
    let (repository, tag) = match last.rsplit_once(':') {
        Some((bare, tag)) => (name.get(..name.len() - last.len() + bare.len()).unwrap_or(name), Some(tag)),
        None => (name, None),
    };
    let first = repository.split('/').next().unwrap_or_default();
    let is_registry = repository.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    let mut object = Object::new();
    object.set("image", at(text));
    object.set("registry", at(if is_registry { first } else { "docker.io" }));
    object.set("repository", at(if is_registry { repository.get(first.len() + 1..).unwrap_or_default() } else { repository }));
    if let Some(tag) = tag {
        object.set("tag", at(tag));
    }
    if let Some(digest) = digest {
        object.set("digest", at(digest));
    }
    Value { kind: Kind::Object(object.into()), provenance: crate::model::Provenance::literal(span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_their_parts() {
        let part = |text: &str, key: &str| parts(text, Span::NONE).get(key).and_then(Value::as_str).map(str::to_owned);
        assert_eq!(part("python:3.11-slim", "repository").as_deref(), Some("python"));
        assert_eq!(part("localhost:5000/a/b", "registry").as_deref(), Some("localhost:5000"));
        assert_eq!(part("localhost:5000/a/b", "tag"), None);
        assert_eq!(part("acr.azurecr.io/shop/api:1@sha256:00", "repository").as_deref(), Some("shop/api"));
        assert_eq!(part("acr.azurecr.io/shop/api:1@sha256:00", "digest").as_deref(), Some("sha256:00"));
        assert_eq!(part("org/tool:latest", "registry").as_deref(), Some("docker.io"));
        assert!(parts("x:${V}", Span::NONE).is_unknown());
    }
}
