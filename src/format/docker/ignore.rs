//! `.dockerignore`: what stays out of the build context.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Names that should never be part of an image.
pub const SENSITIVE: [&str; 4] = [".env", ".git", "local.settings.json", "secrets.json"];

/// Those of [`SENSITIVE`] that the patterns of `text` do not leave out.
pub fn let_in(text: &str) -> Vec<&'static str> {
    let Some(patterns) = patterns(text) else { return SENSITIVE.to_vec() };
    SENSITIVE.into_iter().filter(|name| !matches!(patterns.matched(name, *name == ".git"), Match::Ignore(_))).collect()
}

/// Patterns of a `.gitignore` or `.dockerignore`; the two differ in how they are anchored, which names at the root do not show.
pub fn patterns(text: &str) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    for line in text.trim_start_matches('\u{feff}').lines().take(10_000) {
        // A line that is no pattern is passed over, as the tools do.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_leave_out_what_they_name() {
        assert_eq!(let_in("**/.git\n.env*\n**/*.json\n"), Vec::<&str>::new());
        assert_eq!(let_in("node_modules\n.git/\n"), [".env", "local.settings.json", "secrets.json"]);
        assert_eq!(let_in("*\n!.env\n"), [".env"]);
    }
}
