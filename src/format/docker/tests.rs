use super::*;
use crate::format::Options;
use crate::model::{Files, LoadError, Loader};
use proptest::prelude::*;

/// Loads files by their name, whatever the folder.
struct Beside<'a>(&'a Files, Vec<(&'static str, FileId)>);

impl Loader for Beside<'_> {
    fn load(&self, _: FileId, path: &str) -> Result<FileId, LoadError> {
        let _ = self.0;
        self.1.iter().find(|(name, _)| *name == path).map(|(_, file)| *file).ok_or_else(|| LoadError::NotFound(path.to_owned()))
    }
    fn load_bytes(&self, _: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }
    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}

fn evaluate(format: &dyn Format, path: &str, text: &str, ignores: Option<&str>) -> (Files, Evaluated) {
    let (files, options) = (Files::new(), Options::default());
    let file = files.add(path, text);
    let beside: Vec<(&'static str, FileId)> = ignores.map(|text| (".dockerignore", files.add(".dockerignore", text))).into_iter().collect();
    let loader = Beside(&files, beside);
    let context = Context { files: &files, loader: &loader, recognised: &[], options: &options };
    let unit = format.units(file, &context).remove(0);
    let evaluated = format.evaluate(&unit, &context);
    drop(loader);
    (files, evaluated)
}

fn at(evaluated: &Evaluated, path: &str) -> serde_json::Value {
    evaluated.resources[0].body.path(&format!("properties.{path}")).map_or(serde_json::Value::Null, Value::to_json)
}

const TEXT: &str = "ARG VERSION=3.12\nFROM python:${VERSION}-slim AS build\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n\
                    FROM build AS run\nUSER appuser:app\nFROM run\nCOPY . .\nEXPOSE 8000/tcp\nENV A=1 B=\"two words\"\n\
                    HEALTHCHECK --interval=30s --timeout=1m30s --start-period=5s --retries=3 CMD curl -f http://localhost:8000/health || exit 1\n\
                    CMD [\"python\", \"app.py\", \"serve\"]\n";

#[test]
fn the_last_stage_inherits_what_it_is_built_from() {
    let (files, evaluated) = evaluate(&Dockerfile, "app/Dockerfile", TEXT, None);
    assert_eq!(
        at(&evaluated, "baseImages"),
        serde_json::json!([{ "image": "python:3.12-slim", "registry": "docker.io", "repository": "python", "tag": "3.12-slim" }])
    );
    assert_eq!(at(&evaluated, "final.user"), "appuser");
    assert_eq!(at(&evaluated, "final.exposes"), serde_json::json!([8000]));
    assert_eq!(at(&evaluated, "final.command"), serde_json::json!({ "form": "exec", "text": "python app.py serve" }));
    assert_eq!((at(&evaluated, "final.healthcheck.timeout"), at(&evaluated, "final.healthcheck.retries")), (90.into(), 3.into()));
    assert_eq!((at(&evaluated, "installsAfterCopy"), at(&evaluated, "copiesContext")), (false.into(), true.into()));
    assert_eq!(at(&evaluated, "environment")[1], serde_json::json!({ "name": "B", "value": "two words" }));
    let user = evaluated.resources[0].body.path("properties.final.user").unwrap();
    assert_eq!(files.text(user.span()), "USER appuser:app");
}

#[test]
fn what_the_ignore_file_leaves_out_does_not_get_in() {
    let (_, without) = evaluate(&Dockerfile, "Dockerfile", TEXT, None);
    assert_eq!((at(&without, "hasIgnoreFile"), at(&without, "letsIn")[0].clone()), (false.into(), ".env".into()));
    let (_, with) = evaluate(&Dockerfile, "Dockerfile", TEXT, Some(".env\n.git\n*.json\n"));
    assert_eq!((at(&with, "hasIgnoreFile"), at(&with, "letsIn")), (true.into(), serde_json::json!([])));
}

#[test]
fn dockerfiles_are_known_by_what_they_hold() {
    assert!(Dockerfile.recognise("build/Dockerfile.prod", TEXT).is_some() && Dockerfile.recognise("docker/api", TEXT).is_some());
    assert!(Dockerfile.recognise("notes.md", TEXT).is_none() && Dockerfile.recognise("LICENSE", "From here on\n").is_none());
}

#[test]
fn services_have_their_image_and_both_kinds_of_environment() {
    let text = "services:\n  db:\n    image: postgres:16\n    environment: [A=1, B]\n  web:\n    build: .\n    environment:\n      C: x\n";
    let (files, evaluated) = evaluate(&Compose, "docker-compose.yml", text, None);
    assert_eq!(at(&evaluated, "imageName.repository"), "postgres");
    assert_eq!(at(&evaluated, "environment"), serde_json::json!([{ "name": "A", "value": "1" }]));
    assert_eq!(files.text(evaluated.resources[1].place), "web");
    assert_eq!(
        evaluated.resources[1].body.path("properties.environment").unwrap().to_json(),
        serde_json::json!([{ "name": "C", "value": "x" }])
    );
}

proptest! {
    #[test]
    fn no_text_breaks_either(text in "(?s)[A-Za-z$${}:\\-\\[\\]\"= \\n]{0,120}") {
        let _ = evaluate(&Dockerfile, "Dockerfile", &format!("FROM x\nENV {text}\nHEALTHCHECK {text}\nFROM {text}"), None);
        let _ = evaluate(&Compose, "compose.yaml", &format!("services:\n  a: {text}"), None);
    }
}
