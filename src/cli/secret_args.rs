use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::{Output, Sure, severity};
use super::exit::Failure;
use crate::engine::Search;
use crate::model::Severity;
use crate::secret::{Allowlist, Baseline, Scanner};

/// What is done with secrets besides `scan`.
#[derive(Subcommand)]
pub enum Secrets {
    /// Search a git history, each version of a file once; or what is staged for the next commit
    History(History),
    /// Write down the secrets that are there now, as hashes: `--baseline` then tells only new ones
    Baseline(WriteBaseline),
}

#[derive(Args)]
pub struct History {
    /// The repository, or a folder in it: then only files below that folder
    #[arg(default_value = ".", help_heading = "Input")]
    pub path: PathBuf,
    /// Only commits of that date or later: RFC 3339 in UTC, or a date
    #[arg(long, value_name = "DATE", help_heading = "Input")]
    pub since: Option<String>,
    /// Only what B reaches and A does not
    #[arg(long, value_name = "A..B", conflicts_with = "since", help_heading = "Input")]
    pub range: Option<String>,
    /// Only what is staged for the next commit: for a pre-commit hook
    #[arg(long, conflicts_with_all = ["since", "range"], help_heading = "Input")]
    pub staged: bool,
    #[command(flatten)]
    pub least: Least,
    #[command(flatten)]
    pub detection: Detection,
    #[command(flatten)]
    pub opening: Opening,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args)]
pub struct WriteBaseline {
    /// Folders and files
    #[arg(default_value = ".", help_heading = "Input")]
    pub paths: Vec<PathBuf>,
    /// The file to write; one that is there is replaced
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: PathBuf,
    /// Scan what ignore files leave out, too
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,
    #[command(flatten)]
    pub detection: Detection,
    #[command(flatten)]
    pub opening: Opening,
}

/// Which hits count.
#[derive(Args)]
pub struct Least {
    /// Least confidence of a secret
    #[arg(long, value_enum, default_value_t = Sure::Generic, help_heading = "Secrets")]
    pub min_confidence: Sure,
    /// Leave out findings below this severity
    #[arg(long, value_name = "SEVERITY", default_value = "info", value_parser = severity, help_heading = "Secrets")]
    pub min_severity: Severity,
}

/// Detectors, and hits that a person accepts.
#[derive(Args)]
pub struct Detection {
    /// Rules of a gitleaks configuration, beside our detectors (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Secrets")]
    pub gitleaks_config: Vec<PathBuf>,
    /// Your own detectors: a YAML file, or a folder of them; one of the same id replaces ours (repeatable)
    #[arg(long, value_name = "PATH", help_heading = "Secrets")]
    pub detectors: Vec<PathBuf>,
    /// Accepted secrets, each with a reason: YAML (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Secrets")]
    pub secrets_allow: Vec<PathBuf>,
    /// Secrets that were there before, as `azward secrets baseline` wrote them
    #[arg(long, value_name = "FILE", help_heading = "Secrets")]
    pub baseline: Option<PathBuf>,
}

/// What is opened.
#[derive(Args)]
pub struct Opening {
    /// Leave archives and compressed files closed
    #[arg(long, help_heading = "Secrets")]
    pub no_archives: bool,
}

impl Opening {
    /// `search`, with archives left closed where they shall be.
    pub fn of(&self, mut search: Search) -> Search {
        if self.no_archives {
            search.archives = None;
        }
        search
    }
}

impl Detection {
    /// The search that these arguments describe.
    pub fn search(&self) -> Result<Search, Failure> {
        let mut scanner = if self.detectors.is_empty() {
            Scanner::builtin()
        } else {
            Scanner::with_files(&self.detector_files()?).map_err(|error| Failure::usage(error.to_string()))?
        };
        let mut remarks = Vec::new();
        for path in &self.gitleaks_config {
            let name = path.display().to_string();
            // gitleaks reads the other file from where it is run; beside the first one is what people mean where that fails.
            let other = |other: &str| {
                let beside = path.parent().map(|folder| folder.join(other)).unwrap_or_default();
                std::fs::read_to_string(other).or_else(|_| std::fs::read_to_string(beside)).map_err(|error| error.to_string())
            };
            let (with, import) = scanner
                .with_gitleaks(&name, &read(path)?, &other)
                .map_err(|error| Failure::usage(format!("`{}` is no gitleaks configuration: {}", error.path, error.why)))?;
            remarks.extend(import.problems.into_iter().map(|problem| format!("{name}: not loaded: {problem}")));
            scanner = with;
        }
        let mut search = Search::new(scanner);
        search.remarks = remarks;
        for path in &self.secrets_allow {
            let name = path.display().to_string();
            let list = Allowlist::read(&name, &read(path)?).map_err(|error| Failure::usage(error.to_string()))?;
            search.allow(name, list);
        }
        if let Some(path) = &self.baseline {
            let baseline = Baseline::from_json(&read(path)?).map_err(|why| Failure::usage(format!("`{}`: {why}", path.display())))?;
            search.baseline = Some(baseline);
        }
        Ok(search)
    }

    fn detector_files(&self) -> Result<Vec<(String, String)>, Failure> {
        let mut files = Vec::new();
        for path in &self.detectors {
            if !path.is_dir() {
                files.push((path.display().to_string(), read(path)?));
                continue;
            }
            let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
            let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            inside.retain(|file| file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
            inside.sort();
            if inside.is_empty() {
                return Err(Failure::usage(format!("`{}` holds no detector file (*.yaml)", path.display())));
            }
            for file in inside {
                files.push((file.display().to_string(), read(&file)?));
            }
        }
        Ok(files)
    }
}

fn read(path: &std::path::Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be read: {error}", path.display()))
}
