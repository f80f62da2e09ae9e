//! The Python part of CPython 3.14's standard library, inside the binary: its sources and the other files that it reads, deflated
//! one by one, and indexes of them.

use miniz_oxide::inflate::decompress_to_vec;
use stitch_runtime::builtins::{Library, LibrarySource};

/// One module in `SOURCES`.
struct Row {
    name: &'static str,
    is_package: bool,
    start: usize,
    end: usize,
}

/// One file that is no module.
struct Resource {
    path: &'static str,
    start: usize,
    end: usize,
}

/// Sorted by name.
static INDEX: &[Row] = include!(concat!(env!("OUT_DIR"), "/index.rs"));
/// Sorted by path.
static RESOURCES: &[Resource] = include!(concat!(env!("OUT_DIR"), "/resources.rs"));
static SOURCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/sources"));

/// The library's modules, for `Machine::set_library`.
pub struct StandardLibrary;

impl Library for StandardLibrary {
    fn source(&self, name: &str) -> Option<LibrarySource> {
        let at = INDEX.binary_search_by(|row| row.name.cmp(name)).ok()?;
        let Row { is_package, start, end, .. } = INDEX[at];
        let text = decompress_to_vec(&SOURCES[start..end]).expect("packed by the build");
        Some(LibrarySource { text, is_package })
    }
    fn is_package(&self, name: &str) -> Option<bool> {
        let at = INDEX.binary_search_by(|row| row.name.cmp(name)).ok()?;
        Some(INDEX[at].is_package)
    }
    fn fingerprint(&self) -> &'static str {
        include_str!(concat!(env!("OUT_DIR"), "/fingerprint"))
    }
    fn names(&self) -> Vec<&'static str> {
        INDEX.iter().map(|row| row.name).collect()
    }
    fn resource(&self, path: &str) -> Option<Vec<u8>> {
        let at = RESOURCES.binary_search_by(|row| row.path.cmp(path)).ok()?;
        let Resource { start, end, .. } = RESOURCES[at];
        Some(decompress_to_vec(&SOURCES[start..end]).expect("packed by the build"))
    }
    fn resources(&self) -> Vec<&'static str> {
        RESOURCES.iter().map(|row| row.path).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_unpacks() {
        let names = StandardLibrary.names();
        assert!(names.is_sorted());
        for name in names {
            assert!(std::str::from_utf8(&StandardLibrary.source(name).expect("a row").text).is_ok(), "{name}");
        }
        assert!(StandardLibrary.source("collections").is_some_and(|source| source.is_package));
        assert!(StandardLibrary.source("heapq").is_some_and(|source| !source.is_package));
        assert!(StandardLibrary.source("no_such_module").is_none());
        let resources = StandardLibrary.resources();
        assert!(resources.is_sorted() && resources.iter().all(|path| StandardLibrary.resource(path).is_some()));
    }
}
