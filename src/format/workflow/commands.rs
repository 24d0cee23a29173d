//! From a script to its commands, each at its own line.

use crate::model::{Files, Kind, Span, Value};

/// Most commands of one script.
const MOST: usize = 10_000;

/// The commands of the script `value`: lines joined at a trailing backslash, caret or backtick; comments left out.
pub fn commands(value: &Value, files: &Files) -> Vec<Value> {
    let span = value.provenance.defined;
    let Some(text) = value.as_str() else { return Vec::new() };
    let source = files.get(span.file);
    let written = source.as_ref().and_then(|source| source.text.get(span.start as usize..span.end as usize)).unwrap_or_default();
    let own = split(text);
    if !written.contains('\n') {
        return own.into_iter().map(|(_, command)| Value::at(Kind::Str(command.into()), span)).collect();
    }
    let block = written.trim_start().starts_with(['|', '>']);
    let skipped = if block { written.find('\n').map_or(0, |at| at + 1) } else { 0 };
    let body = written.get(skipped..).unwrap_or_default();
    let placed = split(body);
    // What was put in for an expression stands in the value alone; where lines were folded, the text has the better lines.
    let same = own.len() == placed.len();
    let texts = own.into_iter().map(|(_, command)| Some(command)).chain(std::iter::repeat(None));
    let found = placed.into_iter().zip(texts).map(|((at, written), own)| {
        let start = (span.start as usize + skipped).saturating_add(at);
        let first = body.get(at..).and_then(|rest| rest.lines().next()).map_or(0, |line| line.trim_end().len());
        let place = Span::new(span.file, narrow(start), narrow(start + first));
        Value::at(Kind::Str(own.filter(|_| same).unwrap_or(written).into()), place)
    });
    found.collect()
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The commands of `script`, each with the byte at which it starts.
fn split(script: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut going_on = false;
    let mut at = 0;
    for line in script.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let text = line.trim();
        if text.is_empty() || (text.starts_with('#') && !going_on) {
            going_on = going_on && !text.is_empty();
            continue;
        }
        let open = text.ends_with(['\\', '^', '`']);
        let part = text.trim_end_matches(['\\', '^', '`']).trim_end();
        let full = found.len() >= MOST;
        match found.last_mut() {
            Some((_, command)) if going_on => {
                command.push(' ');
                command.push_str(part);
            }
            _ if full => break,
            _ => found.push((start, part.to_owned())),
        }
        going_on = open;
    }
    found
}

/// How a command gives a secret away: `echo` where it prints one, `commandLine` where it passes one as an argument, `literal` where
/// the secret itself stands in the command.
///
/// `names` are variables that hold secrets.
pub fn exposes(command: &str, names: &[String]) -> Option<&'static str> {
    let lower = command.to_ascii_lowercase();
    let interpolated = lower.contains("${{") && lower.contains("secrets.");
    let by_macro =
        macros(&lower).any(|name| ["password", "secret", "passwd", "apikey", "accesskey"].iter().any(|word| name.contains(word)));
    if lower.contains("az keyvault secret set") && puts_a_literal(&lower) {
        return Some("literal");
    }
    let by_variable = names.iter().any(|name| {
        let name = name.to_ascii_lowercase();
        lower.contains(&format!("${{{name}}}")) || lower.contains(&format!("$env:{name}")) || holds_word(&lower, &format!("${name}"))
    });
    if !(interpolated || by_macro || by_variable) {
        return None;
    }
    let first = lower.split_whitespace().next().unwrap_or_default();
    let prints = ["echo", "printf", "write-host", "write-output"].contains(&first);
    // Into a pipe or a file it does not reach the log.
    if prints {
        return (!lower.contains(" | ") && !lower.contains('>')).then_some("echo");
    }
    let assigns = first.contains('=') && !first.starts_with('-') || ["export", "set"].contains(&first) || first.starts_with('$');
    // A shell expands a variable too, but only the text of the pipeline is written into the script's file and its arguments by the runner.
    ((interpolated || by_macro) && !assigns).then_some("commandLine")
}

/// Whether `--value` is followed by text and not by a variable.
fn puts_a_literal(command: &str) -> bool {
    let Some((_, rest)) = command.split_once("--value") else { return false };
    let value = rest.trim_start_matches([' ', '=', '"', '\'']);
    rest.starts_with([' ', '=']) && !value.is_empty() && !value.starts_with('$') && !value.starts_with("<")
}

/// Whether `word` stands in `text` and no letter follows it.
fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let next = text.get(at + word.len()..).and_then(|rest| rest.chars().next());
        next.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_')
    })
}

/// The names in `$(name)` of Azure Pipelines; a command in `$( … )` has blanks.
fn macros(text: &str) -> impl Iterator<Item = &str> {
    text.split("$(").skip(1).filter_map(|rest| rest.split_once(')').map(|(name, _)| name)).filter(|name| !name.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_and_comments_go() {
        let found = split("  # no\n  az webapp deploy \\\n    --name x\n\n  echo done\n");
        assert_eq!(found, [(9, "az webapp deploy --name x".to_owned()), (44, "echo done".to_owned())]);
    }

    #[test]
    fn what_gives_a_secret_away() {
        let none: &[String] = &[];
        assert_eq!(exposes("echo ${{ secrets.KEY }}", none), Some("echo"));
        assert_eq!(exposes("az login -p ${{ secrets.KEY }}", none), Some("commandLine"));
        assert_eq!(exposes("mysql -p$(dbPassword)", none), Some("commandLine"));
        assert_eq!(exposes("az keyvault secret set --vault-name v --name n --value \"abc\"", none), Some("literal"));
        assert_eq!(exposes("az keyvault secret set --vault-name v --name n --value \"$NEW\"", none), None);
        assert_eq!(exposes("echo \"$KEY\"", &["KEY".to_owned()]), Some("echo"));
        for fine in [
            "export KEY=${{ secrets.KEY }}",
            "echo \"${{ secrets.KEY }}\" | docker login --password-stdin",
            "echo $KEYS",
            "run $(git rev-parse HEAD)",
        ] {
            assert_eq!(exposes(fine, &["KEY".to_owned()]), None, "{fine}");
        }
    }
}
