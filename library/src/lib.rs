//! The Python part of CPython 3.14's standard library, inside the binary: its sources and the other files that it reads, packed
//! one by one, and indexes of them.

use std::ops::Range;
use std::sync::OnceLock;
use stitch_runtime::builtins::{Library, LibrarySource};
use zstd_safe::DCtx;

/// One module in `SOURCES`.
struct Row {
    name: &'static str,
    is_package: bool,
    packed: Range<usize>,
}

/// One file that is no module.
struct Resource {
    path: &'static str,
    packed: Range<usize>,
}

/// Sorted by name.
static INDEX: &[Row] = include!(concat!(env!("OUT_DIR"), "/index.rs"));
/// Sorted by path.
static RESOURCES: &[Resource] = include!(concat!(env!("OUT_DIR"), "/resources.rs"));
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packed"));
/// Where the dictionary is that the others are packed with.
const DICTIONARY: Range<usize> = include!(concat!(env!("OUT_DIR"), "/dictionary.rs"));

/// The library's modules, for `Machine::set_library`.
pub struct StandardLibrary {
    /// Unpacked when it is first needed.
    dictionary: OnceLock<Vec<u8>>,
}

/// There is one.
pub static STANDARD_LIBRARY: StandardLibrary = StandardLibrary { dictionary: OnceLock::new() };

impl StandardLibrary {
    fn unpack(&self, place: &Range<usize>) -> Vec<u8> {
        unpack(place, self.dictionary.get_or_init(|| unpack(&DICTIONARY, &[])))
    }
}

fn unpack(place: &Range<usize>, dictionary: &[u8]) -> Vec<u8> {
    let packed = &PACKED[place.clone()];
    let size = zstd_safe::get_frame_content_size(packed).ok().flatten().expect("the build says it");
    let mut content = Vec::with_capacity(usize::try_from(size).expect("the build had it in memory"));
    DCtx::create().decompress_using_dict(&mut content, packed, dictionary).expect("packed by the build");
    content
}

impl Library for StandardLibrary {
    fn source(&self, name: &str) -> Option<LibrarySource> {
        let at = INDEX.binary_search_by(|row| row.name.cmp(name)).ok()?;
        let row = &INDEX[at];
        Some(LibrarySource { text: self.unpack(&row.packed), is_package: row.is_package })
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
        Some(self.unpack(&RESOURCES[at].packed))
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
        let names = STANDARD_LIBRARY.names();
        assert!(names.is_sorted());
        for name in names {
            assert!(std::str::from_utf8(&STANDARD_LIBRARY.source(name).expect("a row").text).is_ok(), "{name}");
        }
        assert!(STANDARD_LIBRARY.source("collections").is_some_and(|source| source.is_package));
        assert!(STANDARD_LIBRARY.source("heapq").is_some_and(|source| !source.is_package));
        assert!(STANDARD_LIBRARY.source("no_such_module").is_none());
        let resources = STANDARD_LIBRARY.resources();
        assert!(resources.is_sorted() && resources.iter().all(|path| STANDARD_LIBRARY.resource(path).is_some()));
        let wheel =
            resources.iter().find(|path| path.ends_with(".whl")).and_then(|path| STANDARD_LIBRARY.resource(path));
        assert!(wheel.is_some_and(|wheel| wheel.starts_with(b"PK\x03\x04")));
    }
}
