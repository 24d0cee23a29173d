//! What the targets share: any text may be read as any format.
use azward::format::{Context, Format, Options};
use azward::model::{Files, NoLoader, Resource};

/// Reads `text` as the file `path` of a format: no panic, every resource stands inside the text and passes `check`.
pub fn front_end(format: &dyn Format, path: &str, text: &str, check: impl Fn(&Resource)) {
    let (files, options) = (Files::new(), Options::default());
    let file = files.add(path, text);
    let context = Context { files: &files, loader: &NoLoader, recognised: &[], options: &options };
    let _ = format.recognise(path, text);
    for unit in format.units(file, &context) {
        for resource in format.evaluate(&unit, &context).resources {
            assert!(resource.place.end as usize <= text.len() && (resource.place.is_none() || files.place(resource.place).is_some()));
            check(&resource);
        }
    }
}
