//! Scripts that start an application: `Procfile`, `startup.sh`, `entrypoint.sh`.

use crate::model::{FileId, Kind, Object, Span, Value};

/// Whether a file of this name starts an application.
pub fn is_one(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let stem = name.trim_end_matches(".sh");
    name == "procfile"
        || (name.ends_with(".sh")
            && matches!(stem, "startup" | "start" | "entrypoint" | "docker-entrypoint" | "run" | "start-app" | "boot"))
}

/// Its commands, each at its line; comments are left out.
pub fn properties(file: FileId, text: &str) -> Object {
    let mut commands = Vec::new();
    let mut at = 0;
    for raw in text.split_inclusive('\n').take(10_000) {
        let start = at;
        at += raw.len();
        let line = raw.trim();
        if !line.is_empty() && !line.starts_with('#') {
            let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
            let begin = start + (raw.len() - raw.trim_start().len());
            commands.push(Value::at(Kind::Str(line.into()), Span::new(file, to(begin), to(begin + line.len()))));
        }
    }
    let mut properties = Object::with_capacity(1);
    properties.set("commands", Value::array(commands));
    properties
}
