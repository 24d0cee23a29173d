use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

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
    let kept = Kept::new(arguments.save.clone());
    let file = File::create(&kept.path).map_err(|error| Failure::usage(format!("`{}` cannot be written: {error}", kept.path.display())))?;
    let end = connect::runtime()?.block_on(async {
        let clients = connect::connect(&arguments.connection, global).await?;
        let (tell, stop) = tokio::sync::watch::channel(false);
        let quiet = global.quiet;
        let listening = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                if !quiet {
                    let _ = writeln!(anstream::stderr(), "stopping; what was read is kept and marked as partial");
                }
                let _ = tell.send(true);
                // A second Ctrl-C is for whoever cannot wait.
                if tokio::signal::ctrl_c().await.is_ok() {
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
    let loaded = snapshot::open(&kept.path)?;
    let exit = snapshot::judge(loaded, "Azure", &arguments.choice, &arguments.output, global)?;
    // What was not read cannot be clean.
    Ok(if exit == Exit::Clean && !end.complete && !arguments.output.exit_zero { Exit::Incomplete } else { exit })
}

/// The file that the snapshot goes to; one that nobody asked for goes away with the run.
struct Kept {
    path: PathBuf,
    wanted: bool,
}

impl Kept {
    fn new(path: Option<PathBuf>) -> Self {
        let wanted = path.is_some();
        let own = || std::env::temp_dir().join(format!("azward-live-{}.json.zst", std::process::id()));
        Self { path: path.unwrap_or_else(own), wanted }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if !self.wanted {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
