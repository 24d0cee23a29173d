//! Which local files git would take in.

use super::Folder;
use crate::format::docker::patterns;
use crate::model::FileId;

/// Local files and folders that should never be committed.
const LOCAL: [(&str, bool); 3] = [(".env", false), ("local.settings.json", false), (".venv", true)];

/// What ignore files leave out, and what not.
#[derive(Debug, Default)]
pub struct Ignored {
    /// Whether there is a `.gitignore` at the root.
    pub has_file: bool,
    /// Of `.env`, `local.settings.json`, `.venv` those that git would take in.
    pub unignored: Vec<&'static str>,
    /// Files of that kind that are there, and that no ignore file leaves out.
    pub exposed: Vec<String>,
}

/// Looks at the ignore files at the root and beside the local files.
pub fn find(folder: &Folder<'_>) -> Ignored {
    let text = |path: &str| folder.files.get(folder.loader.load(FileId::NONE, path).ok()?).map(|file| file.text.to_string());
    let root = text(".gitignore");
    let root_patterns = root.as_deref().and_then(patterns);
    let by_root = |path: &str, is_dir: bool| {
        root_patterns.as_ref().is_some_and(|ignore| ignore.matched_path_or_any_parents(path, is_dir).is_ignore())
    };
    let is_local = |path: &&&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name == "local.settings.json" || name == ".env" || name == ".env.local"
    };
    let exposed = folder.paths.iter().filter(is_local).filter(|path| !by_root(path, false)).filter(|path| {
        let Some((parent, name)) = path.rsplit_once('/') else { return true };
        let beside = text(&format!("{parent}/.gitignore")).as_deref().and_then(patterns);
        !beside.is_some_and(|ignore| ignore.matched(name, false).is_ignore())
    });
    Ignored {
        has_file: root.is_some(),
        unignored: LOCAL.into_iter().filter(|(name, is_dir)| !by_root(name, *is_dir)).map(|(name, _)| name).collect(),
        exposed: exposed.map(|path| (*path).to_owned()).collect(),
    }
}
