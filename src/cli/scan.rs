use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use super::args::{Global, Scan};
use super::base::{base, secrets_wanted};
use super::exit::{Exit, Failure};
use super::profile::Chosen;
use super::{coverage, output, progress::Bar};
use crate::engine::{ScanOptions, scan};

/// Most bytes that are read from stdin.
const STDIN_LIMIT: u64 = 64 * 1024 * 1024;

/// `azward scan`.
pub fn run(arguments: &Scan, global: &Global) -> Result<Exit, Failure> {
    let chosen = Chosen::new(&arguments.choice)?;
    let search = secrets_wanted(&arguments.choice).then(|| arguments.detection.search()).transpose()?;
    let search = search.map(|search| arguments.opening.of(search));
    let bar = Bar::new(global);
    let stdin = Stdin::of(arguments)?;
    let paths = stdin.as_ref().map_or_else(|| arguments.paths.clone(), |stdin| vec![stdin.file.clone()]);
    let settings = |environment: Option<&str>| chosen.settings(environment);
    let options = arguments.inputs.apply(&paths, base(&chosen, &settings, &arguments.choice))?;
    let options = ScanOptions { secrets: search.as_ref(), progress: &bar, ..options };
    let mut report = scan(&options).map_err(|error| Failure::usage(error.to_string()))?;
    if stdin.is_some() {
        report.scope = vec!["-".into()];
    }
    drop(bar);
    coverage::add(&mut report, &chosen.profile, &arguments.paths, search.is_some())?;
    output::write(&report, &arguments.output, global)?;
    Ok(output::exit(&report, &arguments.output))
}

/// stdin, kept in a folder of its own for as long as the scan takes.
struct Stdin {
    file: PathBuf,
    /// A folder of our own, with a name that nobody can guess and rights for nobody else; removed at the end.
    #[expect(dead_code, reason = "held for the folder's sake")]
    folder: tempfile::TempDir,
}

impl Stdin {
    fn of(arguments: &Scan) -> Result<Option<Self>, Failure> {
        if arguments.paths != [PathBuf::from("-")] {
            return Ok(None);
        }
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            return Err(Failure::usage("`-` reads from stdin, which is a terminal; pipe a file into azward"));
        }
        let mut bytes = Vec::new();
        stdin.lock().take(STDIN_LIMIT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > STDIN_LIMIT {
            return Err(Failure::usage("stdin is larger than 64 MiB; name the file instead"));
        }
        let name = std::path::Path::new(&arguments.stdin_name).file_name().unwrap_or_else(|| "stdin.json".as_ref()).to_owned();
        let folder = tempfile::Builder::new().prefix("azward-stdin-").tempdir()?;
        let own = Self { file: folder.path().join(name), folder };
        std::fs::write(&own.file, bytes)?;
        Ok(Some(own))
    }
}
