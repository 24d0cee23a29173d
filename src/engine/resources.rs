//! What templates declare, without judging it: for comparisons with what is deployed.

use std::sync::Arc;

use jiff::Zoned;

use super::collect::collect;
use super::evaluate::evaluate;
use super::options::{ScanError, ScanOptions};
use super::scan::{note_gaps, parameter_file, set_environments, settle};
use super::units::plan;
use crate::format::Context;
use crate::model::{Entry, Files, Resource};
use crate::source::{Root, RootLoader, walk};

/// What templates declare.
#[derive(Debug, Default)]
pub struct Declared {
    /// The texts that spans point into.
    pub files: Arc<Files>,
    /// Every resource of every unit, its environment set.
    pub resources: Vec<Resource>,
    /// What became of each file.
    pub entries: Vec<Entry>,
}

/// Evaluates every template in scope.
///
/// # Errors
/// Only what the user can mend: a path or a parameter file that is not there.
pub fn declared(options: &ScanOptions<'_>) -> Result<Declared, ScanError> {
    let mut all = Declared::default();
    for path in &options.paths {
        let root = Root::new(path)?;
        let mut walked = walk(&root, options.respect_ignore_files);
        let loader = RootLoader::new(root.clone(), Arc::clone(&all.files), options.limits, options.modules.clone());
        let mut collected = collect(&walked.files, &all.files, &loader, options, Zoned::now().date());
        let mut format = options.format.clone();
        for file in &options.parameter_files {
            format.parameter_files.push(parameter_file(file, &root, &loader)?);
        }
        let recognised = std::mem::take(&mut collected.recognised);
        let context = Context { files: &all.files, loader: &loader, recognised: &recognised, options: &format };
        let planned = plan(&mut collected, &context);
        let mut done = evaluate(planned, &context, options.progress);
        set_environments(&mut done, &all.files, options);
        if options.environment.is_some() {
            done.retain(|one| one.unit.environment.as_deref() == options.environment.as_deref());
        }
        let mut entries = std::mem::take(&mut walked.entries);
        entries.append(&mut collected.entries);
        for one in done {
            note_gaps(&one, &all.files, &mut entries);
            all.resources.extend(one.evaluated.resources.into_iter().map(|mut resource| {
                resource.environment = resource.environment.or_else(|| one.unit.environment.clone());
                resource
            }));
        }
        settle(&mut entries);
        all.entries.append(&mut entries);
    }
    Ok(all)
}
