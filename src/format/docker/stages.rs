//! What a Dockerfile builds: its stages, and what the last one runs as, opens and starts.

use std::collections::HashMap;

use super::image;
use super::lines::Instruction;
use crate::model::{FileId, Kind, Object, Span, Value};

/// One stage.
#[derive(Clone, Default)]
struct Stage {
    name: Option<String>,
    /// Index of the stage that it is built from, where it is one of this file.
    from: Option<usize>,
    image: Option<(String, Span)>,
    user: Option<Value>,
    command: Option<Value>,
    entrypoint: Option<Value>,
    healthcheck: Option<Value>,
    exposes: Vec<Value>,
    environment: Vec<Value>,
    /// Whether the whole context was copied, and whether dependencies were installed after that.
    copied: bool,
    installed_after: bool,
}

/// The properties of a Dockerfile.
pub fn properties(file: FileId, instructions: &[Instruction]) -> Object {
    let mut reader = Reader { file, ..Reader::default() };
    for one in instructions {
        reader.take(one);
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    file: FileId,
    /// Build arguments before the first `FROM`, with their defaults.
    arguments: HashMap<String, String>,
    stages: Vec<Stage>,
    installs: Vec<Value>,
    remote: Vec<Value>,
    copies_context: bool,
}

impl Reader {
    fn span(&self, one: &Instruction) -> Span {
        let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Span::new(self.file, to(one.start), to(one.end))
    }

    fn take(&mut self, one: &Instruction) {
        let span = self.span(one);
        if one.name == "ARG" && self.stages.is_empty() {
            for (name, value) in pairs(&one.text) {
                self.arguments.insert(name, value);
            }
            return;
        }
        if one.name == "FROM" {
            let from = self.from(&one.text, span);
            self.stages.push(from);
            return;
        }
        let Some(stage) = self.stages.last_mut() else { return };
        let text = |text: &str| Value::at(Kind::Str(text.into()), span);
        match one.name.as_str() {
            "USER" => stage.user = Some(text(one.text.split(':').next().unwrap_or_default().trim())),
            "EXPOSE" => {
                for port in one.text.split_whitespace() {
                    let number = port.split('/').next().unwrap_or_default();
                    stage.exposes.push(number.parse().map_or_else(|_| text(number), |port| Value::at(Kind::Int(port), span)));
                }
            }
            "CMD" => stage.command = Some(command(&one.text, span)),
            "ENTRYPOINT" => stage.entrypoint = Some(command(&one.text, span)),
            "HEALTHCHECK" => stage.healthcheck = Some(healthcheck(&one.text, span)),
            "ENV" | "ARG" => {
                for (name, value) in pairs(&one.text) {
                    let mut pair = Object::with_capacity(2);
                    pair.set("name", text(&name));
                    pair.set("value", text(&value));
                    stage.environment.push(Value::at(Kind::Object(pair.into()), span));
                }
            }
            "COPY" | "ADD" => {
                let words: Vec<&str> = one.text.split_whitespace().filter(|word| !word.starts_with("--")).collect();
                let from_stage = one.text.split_whitespace().any(|word| word.starts_with("--from="));
                let sources = words.split_last().map(|(_, sources)| sources).unwrap_or_default();
                if !from_stage && sources.iter().any(|source| matches!(*source, "." | "./" | "*" | "./*")) {
                    stage.copied = true;
                    self.copies_context = true;
                }
                if one.name == "ADD" && sources.iter().any(|source| source.starts_with("http://") || source.starts_with("https://")) {
                    self.remote.push(text(&one.text));
                }
            }
            "RUN" if installs_packages(&one.text) => {
                stage.installed_after |= stage.copied;
                let mut install = Object::new();
                install.set("text", text(&one.text));
                let cached = one.text.contains("--mount=type=cache");
                let keeps = cached || one.text.contains("--no-cache-dir") || one.text.contains("PIP_NO_CACHE_DIR");
                install.set("noCache", Value::at(Kind::Bool(keeps), span));
                self.installs.push(Value::at(Kind::Object(install.into()), span));
            }
            _ => {}
        }
    }

    fn from(&self, text: &str, span: Span) -> Stage {
        let words: Vec<&str> = text.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        let written = words.first().copied().unwrap_or_default();
        let image = self.filled(written);
        let name = words.get(1).filter(|word| word.eq_ignore_ascii_case("as")).and_then(|_| words.get(2)).map(|name| (*name).to_owned());
        let named = |stage: &Stage| stage.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&image));
        let from = self.stages.iter().position(named);
        Stage { name, from, image: from.is_none().then_some((image, span)), ..Stage::default() }
    }

    /// `text` with `$NAME`, `${NAME}` and `${NAME:-default}` of build arguments filled in, as far as they are known.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            filled.push_str(rest.get(..at).unwrap_or_default());
            let tail = rest.get(at + 1..).unwrap_or_default();
            let (name, default, used) = match tail.strip_prefix('{').and_then(|inner| Some((inner, inner.find('}')?))) {
                Some((inner, end)) => {
                    let body = inner.get(..end).unwrap_or_default();
                    let (name, default) =
                        body.split_once(":-").or_else(|| body.split_once('-')).map_or((body, None), |(n, d)| (n, Some(d)));
                    (name, default, end + 2)
                }
                None => {
                    let end = tail.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(tail.len());
                    (tail.get(..end).unwrap_or_default(), None, end)
                }
            };
            match self.arguments.get(name).map(String::as_str).filter(|value| !value.is_empty()).or(default) {
                Some(value) => filled.push_str(value),
                None => filled.push_str(rest.get(at..=at + used).unwrap_or(rest)),
            }
            rest = tail.get(used..).unwrap_or_default();
        }
        filled.push_str(rest);
        filled
    }

    fn finish(self) -> Object {
        let mut properties = Object::new();
        let bases = self.stages.iter().filter_map(|stage| stage.image.as_ref());
        let bases: Vec<Value> = bases.filter(|(name, _)| name != "scratch").map(|(name, span)| image::parts(name, *span)).collect();
        properties.set("baseImages", Value::array(bases));
        properties.set("stages", Value::from(i64::try_from(self.stages.len()).unwrap_or(i64::MAX)));
        properties.set("copiesContext", Value::from(self.copies_context));
        properties.set("installs", Value::array(self.installs));
        properties.set("remoteAdds", Value::array(self.remote));
        properties.set("installsAfterCopy", Value::from(self.stages.iter().any(|stage| stage.installed_after)));
        let environment = self.stages.iter().flat_map(|stage| stage.environment.iter().cloned()).collect();
        properties.set("environment", Value::array(environment));
        // What the last stage does not say, the stages that it is built from do.
        let mut line = Vec::new();
        let mut at = self.stages.len().checked_sub(1);
        while let Some(stage) = at.and_then(|at| self.stages.get(at)) {
            line.push(stage);
            at = stage.from.filter(|from| Some(*from) < at);
        }
        let mut last = Object::new();
        let pick = |get: fn(&Stage) -> Option<&Value>| line.iter().find_map(|stage| get(stage)).cloned();
        let image = line.iter().find_map(|stage| stage.image.as_ref());
        for (key, value) in [
            ("image", image.map(|(name, span)| image::parts(name, *span))),
            ("user", pick(|stage| stage.user.as_ref())),
            ("command", pick(|stage| stage.command.as_ref())),
            ("entrypoint", pick(|stage| stage.entrypoint.as_ref())),
            ("healthcheck", pick(|stage| stage.healthcheck.as_ref())),
        ] {
            if let Some(value) = value {
                last.set(key, value);
            }
        }
        last.set("exposes", Value::array(line.iter().flat_map(|stage| stage.exposes.iter().cloned()).collect()));
        properties.set("final", Value::object(last));
        properties
    }
}

/// `pip install -r`, `poetry install`, `uv sync`: not the upgrade of pip itself.
fn installs_packages(text: &str) -> bool {
    (text.contains("pip install") || text.contains("pip3 install")) && (text.contains("-r ") || text.contains(" ."))
}

/// A command in its two forms: `{ form: exec, text }` with the words joined, or `{ form: shell, text }`.
fn command(text: &str, span: Span) -> Value {
    let words: Option<Vec<String>> = serde_json::from_str(text).ok();
    let mut object = Object::with_capacity(2);
    let at = |text: &str| Value::at(Kind::Str(text.into()), span);
    object.set("form", at(if words.is_some() { "exec" } else { "shell" }));
    object.set("text", at(&words.map_or_else(|| text.to_owned(), |words| words.join(" "))));
    Value::at(Kind::Object(object.into()), span)
}

/// `HEALTHCHECK --interval=30s … CMD …`, durations in seconds.
fn healthcheck(text: &str, span: Span) -> Value {
    let mut object = Object::new();
    let at = |kind: Kind| Value::at(kind, span);
    let mut rest = text.trim();
    while let Some(flag) = rest.strip_prefix("--") {
        let (flag, tail) = flag.split_once(char::is_whitespace).unwrap_or((flag, ""));
        if let Some((name, value)) = flag.split_once('=') {
            let key = match name {
                "start-period" => "startPeriod",
                "start-interval" => "startInterval",
                name => name,
            };
            let kind = if name == "retries" { value.parse().ok().map(Kind::Int) } else { seconds(value).map(Kind::Int) };
            object.set(key, at(kind.unwrap_or_else(|| Kind::Str(value.into()))));
        }
        rest = tail.trim_start();
    }
    object.set("disabled", at(Kind::Bool(rest.eq_ignore_ascii_case("none"))));
    object.set("command", at(Kind::Str(rest.into())));
    at(Kind::Object(object.into()))
}

/// `30s`, `1m30s`, `2h` in seconds.
fn seconds(text: &str) -> Option<i64> {
    let (mut total, mut number) = (0_i64, String::new());
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let n: i64 = number.parse().ok()?;
        number.clear();
        let factor = match c {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return None,
        };
        total = total.checked_add(n.checked_mul(factor)?)?;
    }
    number.is_empty().then_some(total)
}

/// `A=1 B="two words"`, or `A one value` of the old form.
fn pairs(text: &str) -> Vec<(String, String)> {
    let first = text.split_whitespace().next().unwrap_or_default();
    if !first.contains('=') {
        let value = text.trim().strip_prefix(first).unwrap_or_default().trim();
        return if first.is_empty() { Vec::new() } else { vec![(first.to_owned(), value.to_owned())] };
    }
    let mut all = Vec::new();
    let (mut word, mut quote) = (String::new(), None);
    for c in text.chars().chain(std::iter::once(' ')) {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.push(c),
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c.is_whitespace() => {
                if let Some((name, value)) = word.split_once('=') {
                    all.push((name.to_owned(), value.to_owned()));
                }
                word.clear();
            }
            None => word.push(c),
        }
    }
    all
}
