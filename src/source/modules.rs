use std::path::{Path, PathBuf};

/// Where compiled registry modules may lie on this machine. Looking is all that a scan does; nothing is downloaded.
#[derive(Clone, Debug, Default)]
pub struct ModuleCaches {
    /// `--module-cache DIR`, searched first, in order.
    pub given: Vec<PathBuf>,
    /// azward's own cache, filled by `azward modules restore`.
    pub own: Option<PathBuf>,
    /// Bicep's cache, normally `~/.bicep`.
    pub bicep: Option<PathBuf>,
}

impl ModuleCaches {
    /// The caches of this user: azward's own under the platform's cache folder, and Bicep's.
    pub fn of_this_user(given: Vec<PathBuf>) -> Self {
        let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| home.as_ref().map(|home| home.join(".cache")));
        let bicep = std::env::var_os("BICEP_CACHE_DIRECTORY").map(PathBuf::from).or_else(|| home.map(|home| home.join(".bicep")));
        Self { given, own: cache.map(|cache| cache.join("azward").join("modules")), bicep }
    }

    /// The compiled JSON of `reference` (`br:host/path:tag`, `ts:subscription/group/name:version`), if a cache has it.
    /// `roots` are the scanned folder and its repository, whose `.bicep-modules` folders may hold copies.
    pub fn find(&self, reference: &str, roots: &[&Path]) -> Option<PathBuf> {
        let module = Module::parse(reference)?;
        let vendored: Vec<PathBuf> = roots.iter().map(|root| root.join(".bicep-modules")).collect();
        let own = self.own.iter().chain(&self.given).chain(&vendored);
        let plain = own.flat_map(|folder| module.plain_layouts(folder));
        let bicep = self.bicep.iter().chain(&self.given).flat_map(|folder| module.bicep_layouts(folder));
        plain.chain(bicep).find(|file| file.is_file())
    }
}

/// A reference taken apart.
struct Module<'a> {
    scheme: &'a str,
    host: &'a str,
    path: &'a str,
    tag: &'a str,
}

impl<'a> Module<'a> {
    fn parse(reference: &'a str) -> Option<Self> {
        let (scheme, rest) = reference.split_once(':')?;
        let (location, tag) = rest.rsplit_once(':').or_else(|| rest.rsplit_once('@'))?;
        let (host, path) = location.split_once('/')?;
        // Whatever stands in a template must not lead out of the cache.
        let plain = |part: &str| {
            !part.is_empty()
                && !part.split('/').any(|piece| piece.is_empty() || piece == "." || piece == "..")
                && !part.contains(['\\', '\0'])
        };
        let well_formed = matches!(scheme, "br" | "ts") && plain(host) && plain(path) && plain(tag) && !tag.contains('/');
        well_formed.then_some(Self { scheme, host, path, tag })
    }

    /// `DIR/host/path/tag/main.json`, and the same without the host and its `bicep/` prefix as in a checkout of a registry.
    fn plain_layouts(&self, folder: &Path) -> Vec<PathBuf> {
        let short = self.path.strip_prefix("bicep/").unwrap_or(self.path);
        let with_host = folder.join(self.host).join(self.path).join(self.tag);
        let bases = [with_host, folder.join(self.path).join(self.tag), folder.join(short).join(self.tag)];
        bases.into_iter().map(|base| base.join("main.json")).collect()
    }

    /// `~/.bicep/br/host/path$with$dollars/tag$/main.json` and `~/.bicep/ts/subscription/group/name/version/main.json`.
    fn bicep_layouts(&self, folder: &Path) -> Vec<PathBuf> {
        let base = folder.join(self.scheme).join(self.host);
        if self.scheme == "ts" {
            return vec![base.join(self.path).join(self.tag).join("main.json")];
        }
        let path = base.join(self.path.replace('/', "$"));
        let tag = self.tag.replace(':', "#");
        vec![path.join(format!("{tag}$")).join("main.json"), path.join(tag).join("main.json")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layout_is_found_and_none_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str| {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "{}").unwrap();
        };
        put("given/avm/res/kv/0.1.0/main.json");
        put("bicep/br/mcr.microsoft.com/bicep$avm$res$st/1.0.0$/main.json");
        put("secret/main.json");
        let caches = ModuleCaches { given: vec![folder.path().join("given")], own: None, bicep: Some(folder.path().join("bicep")) };
        let nowhere = [Path::new("/nonexistent")];
        assert!(caches.find("br:mcr.microsoft.com/bicep/avm/res/kv:0.1.0", &nowhere).is_some());
        assert!(caches.find("br:mcr.microsoft.com/bicep/avm/res/st:1.0.0", &nowhere).is_some());
        assert!(caches.find("br:mcr.microsoft.com/bicep/avm/res/st:2.0.0", &nowhere).is_none());
        assert!(caches.find("br:host/../../secret:..", &nowhere).is_none());
    }
}
