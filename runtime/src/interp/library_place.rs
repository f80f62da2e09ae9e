//! Where the library is to programs: a folder below the prefix that is not there, so that who opens a file of it learns so, and that is not
//! a CPython's, which may be there. It stands on `sys.path` where CPython's library stands, so that what comes before it there goes before the library.

use super::import::{FoundSource, Origin};
use crate::vm::Vm;
use std::path::{Path, PathBuf};

impl Vm {
    /// Has `import` find the modules of a library, whose place goes to the end of `sys.path`.
    pub fn set_library(&mut self, library: &'static dyn crate::builtins::Library) {
        let [major, minor, _] = crate::config::PYTHON_VERSION;
        self.library = Some(library);
        let prefix = &crate::host::installation::Installation::find().base_prefix;
        self.library_place = prefix.join(format!("lib/stitch/python{major}.{minor}"));
    }

    /// The names of the packages from the library's place to a folder in it, each followed by a dot.
    pub(crate) fn packages_of_library(&self, folder: &Path) -> Option<String> {
        self.library?;
        let inside = folder.strip_prefix(&self.library_place).ok()?;
        let mut packages = String::new();
        for name in inside {
            packages.push_str(name.to_str()?);
            packages.push('.');
        }
        Some(packages)
    }

    /// The module of the library that a folder has under a name without dots.
    pub(crate) fn find_in_library(&self, folder: &Path, last: &str) -> Option<FoundSource> {
        let name = self.packages_of_library(folder)? + last;
        let is_package = self.library?.is_package(&name)?;
        let package = is_package.then(|| folder.join(last));
        let file = match &package {
            Some(package) => package.join("__init__.py"),
            None => folder.join(format!("{last}.py")),
        };
        Some(FoundSource { name, origin: Origin::Library, file, package })
    }

    /// The source of the library that a path names.
    pub(crate) fn library_file(&self, path: &Path) -> Option<Vec<u8>> {
        let inside = path.strip_prefix(&self.library_place).ok()?;
        let library = self.library?;
        if let Some(data) = library.resource(inside.to_str()?) {
            return Some(data);
        }
        let module =
            if inside.ends_with("__init__.py") { inside.parent()?.to_owned() } else { inside.with_extension("") };
        let is_source = inside.extension().is_some_and(|extension| extension == "py");
        let found = self.find_in_library(&self.library_place.join(module.parent()?), module.file_name()?.to_str()?)?;
        (is_source && found.file == path).then(|| library.source(&found.name).map(|source| source.text))?
    }

    /// Writes the files of a package that are no modules to the user's folder of caches, where they stay; gives what stands for the
    /// package's folder there.
    pub(crate) fn unpack_resources(&mut self, packages: &str) -> Result<PathBuf, crate::host::HostError> {
        let folder = packages.replace('.', "/");
        let Some((library, cache)) = self.library.zip(self.library_cache()) else {
            return Err(crate::host::HostError::no_such_file());
        };
        let place = cache.join("files");
        for path in library.resources() {
            let target = place.join(path);
            if path.starts_with(&folder) && crate::host::file_stamp(&target).is_none() {
                crate::host::replace_file(&target, &library.resource(path).unwrap_or_default())?;
            }
        }
        Ok(place.join(folder))
    }
}
