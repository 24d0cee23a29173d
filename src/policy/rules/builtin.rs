use include_dir::{Dir, DirEntry, File, include_dir};

/// The rules that ship with azward.
static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies/rules");

/// Path and text of every rule file that ships, sorted by path.
pub(super) fn files() -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    collect(&RULES, &mut found);
    found.sort();
    found
}

/// Path and text of one rule, found by its file name alone.
pub(super) fn file(id: &str) -> Option<(String, &'static str)> {
    let name = format!("{id}.yaml");
    files().into_iter().find(|(path, _)| path.rsplit('/').next() == Some(name.as_str()))
}

fn collect(folder: &'static Dir<'static>, found: &mut Vec<(String, &'static str)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, found),
            DirEntry::File(file) => found.extend(text_of(file)),
        }
    }
}

fn text_of(file: &'static File<'static>) -> Option<(String, &'static str)> {
    let path = file.path().to_str()?;
    path.ends_with(".yaml").then_some(())?;
    Some((format!("policies/rules/{}", path.replace('\\', "/")), file.contents_utf8()?))
}
