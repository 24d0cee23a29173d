//! `azward modules restore`: fetches the registry modules that Bicep files name, so that a scan finds them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::Global;
use super::exit::{Exit, Failure};

#[derive(Subcommand)]
pub enum Modules {
    /// Fetch the registry modules that Bicep files name into a cache; a scan itself never downloads
    Restore(Restore),
}

#[derive(Args)]
pub struct Restore {
    /// Folders and files
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Where to keep modules, instead of azward's own cache; name it to a scan with `--module-cache`
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Look at what ignore files leave out, too
    #[arg(long)]
    pub no_ignore: bool,
}

/// `azward modules …`.
pub fn run(arguments: &Modules, global: &Global) -> Result<Exit, Failure> {
    match arguments {
        Modules::Restore(arguments) => restore(arguments, global),
    }
}

#[cfg(not(feature = "azure"))]
fn restore(_arguments: &Restore, _global: &Global) -> Result<Exit, Failure> {
    Err(Failure::usage("this azward was built without the network and cannot fetch modules; install the usual one, or copy them"))
}

#[cfg(feature = "azure")]
fn restore(arguments: &Restore, global: &Global) -> Result<Exit, Failure> {
    use std::io::Write;

    use futures::StreamExt;

    /// Most modules that are fetched at the same time.
    const AT_ONCE: usize = 8;

    let caches = crate::source::ModuleCaches::of_this_user(Vec::new());
    let cache = arguments.cache.clone().or_else(|| caches.own.clone());
    let cache = cache.ok_or_else(|| Failure::usage("there is no home folder to keep modules in; name a folder with `--cache DIR`"))?;
    let mut wanted = Wanted::default();
    for path in &arguments.paths {
        wanted.collect(path, !arguments.no_ignore)?;
    }
    if wanted.modules.is_empty() && wanted.failed.is_empty() && !global.quiet {
        writeln!(anstream::stderr().lock(), "no Bicep file here names a module of a registry")?;
    }
    let mut stdout = anstream::stdout().lock();
    let mut whole = wanted.failed.is_empty();
    for line in &wanted.failed {
        writeln!(stdout, "failed         {line}")?;
    }
    super::connect::runtime()?.block_on(async {
        let fetched = wanted.modules.iter().map(|(module, place)| fetch(module, place, &cache, &caches));
        let mut fetched = futures::stream::iter(fetched).buffered(AT_ONCE);
        while let Some(outcome) = fetched.next().await {
            match outcome {
                Ok(line) => writeln!(stdout, "{line}")?,
                Err(line) => {
                    whole = false;
                    writeln!(stdout, "failed         {line}")?;
                }
            }
        }
        Ok::<_, Failure>(())
    })?;
    Ok(if whole { Exit::Clean } else { Exit::Usage })
}

/// Fetches one module. The line to print, as an error where the module is not there afterwards.
#[cfg(feature = "azure")]
async fn fetch(module: &str, place: &str, cache: &std::path::Path, caches: &crate::source::ModuleCaches) -> Result<String, String> {
    use crate::azure::registry::{self, ModuleReference};

    if module.starts_with("ts:") {
        // A template spec is a resource of a subscription, not of a registry; Bicep's own cache may have it.
        return match caches.find(module, &[]) {
            Some(_) => Ok(format!("already there  {module}")),
            None => Err(format!("{module} ({place}): a template spec, which `bicep restore` fetches")),
        };
    }
    let failed = |error: registry::RegistryError| format!("{module} ({place}): {error}");
    let reference = ModuleReference::parse(module).map_err(failed)?;
    let there = reference.file(cache).is_file();
    registry::restore(&reference, cache).await.map_err(failed)?;
    Ok(format!("{}  {module}", if there { "already there" } else { "restored     " }))
}

/// What Bicep files name.
#[cfg(feature = "azure")]
#[derive(Default)]
struct Wanted {
    /// Whole references, and the first place of each. A compiled module has its own modules within it.
    modules: std::collections::BTreeMap<String, String>,
    /// Files that cannot be read, references that say nothing.
    failed: Vec<String>,
}

#[cfg(feature = "azure")]
impl Wanted {
    /// Adds what the Bicep files at `path` name, and the local modules that these call.
    fn collect(&mut self, path: &std::path::Path, respect_ignore_files: bool) -> Result<(), Failure> {
        use std::sync::Arc;

        use crate::format::{Context, Format, Options, bicep};
        use crate::model::{FileId, Files, Loader};
        use crate::source::{Limits, ModuleCaches, Root, RootLoader, walk};

        let root = Root::new(path).map_err(|error| Failure::usage(error.to_string()))?;
        let files = Arc::new(Files::new());
        let loader = RootLoader::new(root.clone(), Arc::clone(&files), Limits::default(), ModuleCaches::default());
        let options = Options::default();
        let context = Context { files: &files, loader: &loader, recognised: &[], options: &options };
        let mut open = Vec::new();
        for found in walk(&root, respect_ignore_files).files {
            if !found.path.ends_with(".bicep") && !found.path.ends_with(".bicepparam") {
                continue;
            }
            match loader.load(FileId::NONE, &found.path) {
                Ok(file) => open.push(file),
                Err(error) => self.failed.push(format!("{}: {error}", found.path)),
            }
        }
        let mut seen = std::collections::HashSet::new();
        open.reverse();
        while let Some(file) = open.pop() {
            if !seen.insert(file) {
                continue;
            }
            for reference in bicep::references(file, &context) {
                let place = files.place(reference.span).map(|place| place.to_string()).unwrap_or_default();
                match reference.whole {
                    Ok(whole) => {
                        self.modules.entry(whole).or_insert(place);
                    }
                    Err(error) => self.failed.push(format!("{} ({place}): {error}", reference.written)),
                }
            }
            let called = bicep::Bicep.modules(file, &context);
            open.extend(called.into_iter().filter(|called| files.path(*called).ends_with(".bicep")));
        }
        Ok(())
    }
}
