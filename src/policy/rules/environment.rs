/// Words that people use for the same environment.
const SAME: [&[&str]; 5] = [
    &["production", "prod", "prd", "live"],
    &["development", "dev", "develop"],
    &["test", "tst", "testing", "qa"],
    &["staging", "stage", "stg", "preproduction", "preprod"],
    &["acceptance", "acc", "uat"],
];

/// Whether two names mean the same environment.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let means = |words: &[&str], name: &str| words.iter().any(|word| word.eq_ignore_ascii_case(name));
    a.eq_ignore_ascii_case(b) || SAME.iter().any(|words| means(words, a) && means(words, b))
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn short_and_long_names_mean_the_same() {
        assert!(same("prod", "Production") && same("DEV", "dev") && same("blue", "Blue"));
        assert!(!same("prod", "test") && !same("blue", "green"));
    }
}
