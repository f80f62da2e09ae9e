//! Where code asks which built-in type something is, instead of asking the type's slots: in the files of fast paths and of the
//! recorder, and nowhere else in the end. Until then the list beside this file says where it is done, and how often; it
//! may only get shorter. `STITCH_BLESS=1` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Folders whose code is fast paths on exact shapes, or records what they do.
const FAST_PATHS: &[&str] = &["backend", "exec", "interp", "opt", "trace", "uop"];
/// What makes a test of a type's id.
const TESTS: &[&str] = &["==", "!=", "=>", "matches!", "has_layout(", "is_exact(", "| BuiltinType::"];

#[test]
fn types_are_told_apart_by_their_slots() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    for folder in [root.join("src"), root.join("../modules/src")] {
        count(&folder, &folder, &mut found);
    }
    let list = root.join("tests/type_tests.txt");
    if env::var_os("STITCH_BLESS").is_some() {
        let mut text = String::new();
        for (file, n) in &found {
            writeln!(text, "{n:3} {file}").expect("a string grows");
        }
        fs::write(&list, text).expect("the list is written");
        return;
    }
    let known = fs::read_to_string(&list).expect("the list is there");
    let known: BTreeMap<&str, usize> = known
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .map(|(n, file)| (file, n.parse().expect("a number")))
        .collect();
    let more: Vec<_> = found.iter().filter(|(file, n)| **n > known.get(file.as_str()).copied().unwrap_or(0)).collect();
    assert!(more.is_empty(), "more tests on the ids of built-in types than there were: {more:?}; ask a slot instead");
    let fewer: Vec<_> = known.iter().filter(|(file, n)| found.get(**file).copied().unwrap_or(0) < **n).collect();
    assert!(fewer.is_empty(), "fewer tests than listed: {fewer:?}; STITCH_BLESS=1 shortens the list");
}

/// Counts the lines with tests in each file below a folder.
fn count(root: &Path, folder: &Path, found: &mut BTreeMap<String, usize>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path: PathBuf = entry.expect("an entry").path();
        let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
        if path.is_dir() {
            if !FAST_PATHS.contains(&name.as_str()) {
                count(root, &path, found);
            }
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).expect("a source");
            let is_test = |line: &&str| line.contains("BuiltinType::") && TESTS.iter().any(|test| line.contains(test));
            match text.lines().filter(is_test).count() {
                0 => {}
                n => *found.entry(name).or_default() += n,
            }
        }
    }
}
