//! What the path of a file says about its content.

/// How far plain values of a file can be taken at their word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// Settings, logs, documents: a value need not be quoted.
    Text,
    /// Program code: what is not quoted is an expression.
    Code,
    /// Lock files, minified code, source maps, checksums: full of random text that is no secret.
    Digests,
}

const CODE: &[&str] = &[
    "rs",
    "py",
    "js",
    "mjs",
    "cjs",
    "ts",
    "tsx",
    "jsx",
    "java",
    "kt",
    "kts",
    "scala",
    "go",
    "c",
    "h",
    "cc",
    "cpp",
    "hpp",
    "cxx",
    "cs",
    "fs",
    "vb",
    "rb",
    "php",
    "swift",
    "m",
    "mm",
    "dart",
    "lua",
    "pl",
    "pm",
    "r",
    "jl",
    "ex",
    "exs",
    "erl",
    "hs",
    "clj",
    "groovy",
    "gradle",
    "bicep",
    "bicepparam",
    "tf",
    "hcl",
    "vue",
    "svelte",
    "razor",
    "cshtml",
    "asm",
    "s",
    "sol",
    "zig",
    "nim",
    "el",
    "ml",
    "mli",
    "v",
    "sv",
    "vhd",
    "proto",
    "thrift",
    "graphql",
    "css",
    "scss",
    "less",
    "rego",
];

const DIGESTS: &[&str] = &[
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "npm-shrinkwrap.json",
    "cargo.lock",
    "poetry.lock",
    "pipfile.lock",
    "composer.lock",
    "gemfile.lock",
    "go.sum",
    "packages.lock.json",
    "flake.lock",
    "podfile.lock",
    "pubspec.lock",
    ".terraform.lock.hcl",
    "mix.lock",
    "uv.lock",
    "bun.lock",
    "deno.lock",
    "cargo_vcs_info.json",
    ".cargo-checksum.json",
    "sha256sums",
    "sha512sums",
    "checksums.txt",
    "gradle.lockfile",
    "conan.lock",
    "package.resolved",
    "cargo.toml.orig",
];

const DIGEST_ENDINGS: &[&str] = &[
    ".min.js", ".min.css", ".map", ".svg", ".sum", ".sha256", ".sha512", ".sha1", ".md5", ".asc", ".sig", ".crt", ".cer", ".pub", ".lockb",
    ".snap",
];

/// What kind of file `path` names.
pub(crate) fn kind(path: &str) -> FileKind {
    let name = path.rsplit(['/', '\\', '!']).next().unwrap_or(path).to_ascii_lowercase();
    if DIGESTS.contains(&name.as_str()) || DIGEST_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return FileKind::Digests;
    }
    match name.rsplit_once('.') {
        Some((_, extension)) if CODE.contains(&extension) => FileKind::Code,
        _ => FileKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_name() {
        assert_eq!(kind("a/b/Cargo.lock"), FileKind::Digests);
        assert_eq!(kind("web/app.min.js"), FileKind::Digests);
        assert_eq!(kind("src/main.RS"), FileKind::Code);
        assert_eq!(kind("layers.tar!/app/settings.json"), FileKind::Text);
        assert_eq!(kind(".env"), FileKind::Text);
    }
}
