use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::args::Global;
use super::azure_args::Live;
use super::exit::{Exit, Failure};
use super::{connect, snapshot};
use crate::azure::collect::{meta, save};
use crate::azure::{demo, permissions};

/// `azward live`: reads into a snapshot, then judges that, so that a replay says the same.
pub fn run(arguments: &Live, global: &Global) -> Result<Exit, Failure> {
    if let Some(scope) = &arguments.permissions {
        let role = permissions::role(scope, &arguments.scope.collector);
        let mut stdout = std::io::stdout().lock();
        serde_json::to_writer_pretty(&mut stdout, &role)?;
        writeln!(stdout)?;
        return Ok(Exit::Clean);
    }
    if arguments.demo {
        let loaded = demo::demo().map_err(|error| Failure::usage(error.to_string()))?;
        return snapshot::judge(loaded, "demo tenant", &arguments.choice, &arguments.output, global);
    }
    let request = connect::request(&arguments.scope)?;
    let mut kept = Kept::new(arguments.save.as_deref())?;
    let file = kept.file.reopen()?;
    let end = connect::runtime()?.block_on(async {
        let clients = connect::connect(&arguments.connection, global).await?;
        let (tell, stop) = tokio::sync::watch::channel(false);
        let (quiet, unfinished) = (global.quiet, kept.file.path().to_path_buf());
        let listening = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                if !quiet {
                    let _ = writeln!(anstream::stderr(), "stopping; what was read is kept and marked as partial");
                }
                let _ = tell.send(true);
                // A second Ctrl-C is for whoever cannot wait.
                if tokio::signal::ctrl_c().await.is_ok() {
                    let _ = std::fs::remove_file(&unfinished);
                    std::process::exit(Exit::Incomplete as i32);
                }
            }
        });
        let Some(first) = clients.first() else { return Err(Failure::usage("there is no tenant to read")) };
        let tenant = if arguments.connection.tenant.len() == 1 { arguments.connection.tenant.first().map(String::as_str) } else { None };
        let meta = meta(first, tenant, &request);
        let saved = save(&clients, &meta, &request, BufWriter::new(file), stop).await;
        listening.abort();
        saved.map(|(end, _)| end).map_err(|error| Failure::usage(error.to_string()))
    })?;
    if !global.quiet {
        let _ = writeln!(anstream::stderr(), "{} resources, {} requests, {} of them throttled", end.resources, end.requests, end.throttled);
    }
    kept.keep()?;
    let loaded = snapshot::open(&kept.path)?;
    let exit = snapshot::judge(loaded, "Azure", &arguments.choice, &arguments.output, global)?;
    // What was not read cannot be clean.
    Ok(if exit == Exit::Clean && !end.complete && !arguments.output.exit_zero { Exit::Incomplete } else { exit })
}

/// The file that the snapshot is written to: under a name that nobody can guess and with rights for nobody else, and under
/// its own name only when it is done, so that a run that comes to nothing leaves the snapshot of yesterday as it was.
struct Kept {
    file: NamedTempFile,
    path: PathBuf,
    wanted: bool,
}

impl Kept {
    fn new(wanted: Option<&Path>) -> Result<Self, Failure> {
        let folder = wanted.map_or_else(std::env::temp_dir, |path| match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        });
        let named = wanted.unwrap_or(&folder).display().to_string();
        let file = tempfile::Builder::new().prefix(".azward-live-").suffix(".json.zst").tempfile_in(&folder);
        let file = file.map_err(|error| Failure::usage(format!("`{named}` cannot be written: {error}")))?;
        let path = wanted.map_or_else(|| file.path().to_path_buf(), Path::to_path_buf);
        Ok(Self { file, path, wanted: wanted.is_some() })
    }

    /// Gives the file its own name, if it was asked for.
    fn keep(&mut self) -> Result<(), Failure> {
        if !self.wanted {
            return Ok(());
        }
        let wrong = |error: std::io::Error| Failure::usage(format!("`{}` cannot be written: {error}", self.path.display()));
        std::fs::rename(self.file.path(), &self.path).map_err(wrong)
    }
}
