//! Code asks a type's specification and its slots, or takes a typed reference (`This`, `Vm::is_a`, `Vm::is_exactly`); it does not
//! tell built-in types apart by their ids. Where it does is listed here: fast paths on exact shapes, and the recorder of what they
//! do.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders whose code is fast paths on exact shapes, or records what they do.
const FOLDERS: &[&str] = &["backend", "exec", "interp", "opt", "trace", "uop"];

/// Files likewise, and why each is one.
const FILES: &[(&str, &str)] = &[
    ("object/types.rs", "the table of the ids itself"),
    ("object/table.rs", "every access to a dict or set begins with this test, of three shapes at once"),
    ("object/item.rs", "items of exact lists, tuples and dicts, before the slots are asked"),
    ("object/compare.rs", "equality of exact strings, tuples and lists, before the slots are asked"),
    ("object/simple.rs", "equality and hashes of exact values, where Python code may not run"),
    ("pickle/save.rs", "each object that is pickled, by its exact type, before its reducers are asked"),
];

/// What makes a test of a type's id, on a line that names one.
const TESTS: &[&str] =
    &["==", "!=", "matches!", "has_layout(", "is_exact(v", "is_exact(s", "| BuiltinType::", ".contains("];

#[test]
fn types_are_told_apart_by_their_slots() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let folders = [root.join("src"), root.join("../modules/src")];
    for folder in &folders {
        collect(folder, folder, &mut found);
    }
    for (file, reason) in FILES {
        assert!(folders.iter().any(|folder| folder.join(file).exists()), "{file} ({reason}) is no more");
    }
    assert!(found.is_empty(), "ids of built-in types are tested; ask the specification instead:\n{}", found.join("\n"));
}

/// Is a line a test of an id: by an operator, or as a pattern?
fn is_test(line: &str) -> bool {
    let Some(id) = line.find("BuiltinType::") else { return false };
    let is_pattern = line.find("=>").is_some_and(|arrow| arrow > id);
    is_pattern || line.contains("BuiltinType::*") || TESTS.iter().any(|test| line.contains(test))
}

/// The lines with tests in the files below a folder.
fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path: PathBuf = entry.expect("an entry").path();
        let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
        if path.is_dir() {
            if !FOLDERS.contains(&name.as_str()) {
                collect(root, &path, found);
            }
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") && !FILES.iter().any(|(file, _)| *file == name) {
            let text = fs::read_to_string(&path).expect("a source");
            found.extend(text.lines().filter(|line| is_test(line)).map(|line| format!("{name}: {}", line.trim())));
        }
    }
}
