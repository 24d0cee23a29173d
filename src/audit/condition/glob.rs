use crate::log::json::contains_ignore_case;

/// A pattern in which `*` stands for anything, taken apart once: most are a word at the start, at the end or somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    shape: Shape,
    /// The word of the shape, or the whole pattern; in lower case.
    word: Box<[u8]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Exact,
    Start,
    End,
    Within,
    Other,
}

impl Glob {
    /// Takes a pattern apart.
    pub fn new(pattern: &str) -> Self {
        let pattern = pattern.to_ascii_lowercase();
        let inner = pattern.trim_matches('*');
        let (before, after) = (pattern.starts_with('*'), pattern.ends_with('*'));
        let (shape, word) = match (before, after) {
            _ if inner.contains('*') => (Shape::Other, pattern.as_str()),
            (false, false) => (Shape::Exact, inner),
            (false, true) => (Shape::Start, inner),
            (true, false) => (Shape::End, inner),
            (true, true) => (Shape::Within, inner),
        };
        Self { shape, word: word.as_bytes().into() }
    }

    /// Whether the text is like it; ASCII case does not count.
    pub fn matches(&self, text: &[u8]) -> bool {
        let (word, length) = (&*self.word, self.word.len());
        match self.shape {
            Shape::Exact => text.eq_ignore_ascii_case(word),
            Shape::Start => text.get(..length).is_some_and(|start| start.eq_ignore_ascii_case(word)),
            Shape::End => {
                text.len().checked_sub(length).and_then(|from| text.get(from..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
            }
            Shape::Within => contains_ignore_case(text, word),
            Shape::Other => like(word, text),
        }
    }
}

/// `*` stands for anything; ASCII case does not count. Linear in time, without recursion.
pub fn like(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let (wanted, found) = (pattern.get(p), text.get(t));
        if wanted == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if wanted.zip(found).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b)) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::{Glob, like};

    #[test]
    fn like_is_a_glob() {
        assert!(like(b"*prod*", b"/sub/rg-PROD/kv") && like(b"*", b"") && like(b"a*c", b"abbbc") && like(b"abc", b"ABC"));
        assert!(!like(b"a*c", b"abbb") && !like(b"abc", b"abcd") && !like(b"", b"x"));
    }

    proptest::proptest! {
        #[test]
        fn like_agrees_with_globset(pattern in "[ab*]{0,8}", text in "[abAB]{0,12}") {
            let glob = globset::GlobBuilder::new(&pattern).literal_separator(false).case_insensitive(true).build().expect("valid").compile_matcher();
            proptest::prop_assert_eq!(like(pattern.as_bytes(), text.as_bytes()), glob.is_match(&text));
            proptest::prop_assert_eq!(Glob::new(&pattern).matches(text.as_bytes()), glob.is_match(&text));
        }
    }
}
