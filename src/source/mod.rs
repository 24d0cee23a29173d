//! Where bytes come from: folder walk, git history, stdin, archives and compressed streams.
