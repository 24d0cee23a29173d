use super::*;
use crate::model::LoadError;

struct Written<'a>(&'a Files, Vec<(&'static str, FileId)>);

impl Loader for Written<'_> {
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

fn made(paths: &[&str], ignores: Vec<(&'static str, &'static str)>, resources: &[&Resource]) -> serde_json::Value {
    let files = Files::new();
    let ignores = ignores.into_iter().map(|(path, text)| (path, files.add(path, text))).collect();
    let loader = Written(&files, ignores);
    let folder = Folder { paths, has_git: false, resources, files: &files, loader: &loader };
    resource(&folder).body.get("properties").unwrap().to_json()
}

#[test]
fn local_files_that_no_ignore_file_leaves_out_are_exposed() {
    let found =
        made(&[".env", "api/.env", "web/.env", ".gitignore"], vec![(".gitignore", "/.env\n.venv/\n"), ("web/.gitignore", ".env*\n")], &[]);
    assert_eq!(found["exposed"], serde_json::json!(["api/.env"]));
    assert_eq!(found["unignored"], serde_json::json!(["local.settings.json"]));
    assert_eq!((&found["hasIgnoreFile"], &found["isRepository"]), (&true.into(), &true.into()));
}

#[test]
fn a_bare_folder_is_no_repository_and_what_was_read_is_gathered() {
    let page = |topics: &[&str]| {
        let body = serde_json::json!({ "properties": { "topics": topics } });
        Resource::new("Document/pages", Value::str("x"), Value::from_json(&body), Span::NONE)
    };
    let (a, b) = (page(&["rollback", "cost"]), page(&["cost"]));
    let found = made(&["infra/main.bicep", "app.py", "main.tf"], Vec::new(), &[&a, &b]);
    assert_eq!(found["topics"], serde_json::json!(["cost", "rollback"]));
    assert_eq!((&found["isRepository"], &found["isApplication"]), (&false.into(), &false.into()));
    assert_eq!(found["infrastructure"], serde_json::json!(["bicep", "terraform"]));
}
