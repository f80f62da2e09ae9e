//! Reads the sources: what ARCHITECTURE.md says to be absent is.

use std::fs;
use std::path::{Path, PathBuf};

/// All Rust files below a folder, by their paths from the repository's root, with comments left out.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut sources) = (vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push((name(root, &path), code(&fs::read_to_string(&path).expect("a source"))));
            }
        }
    }
    assert!(!sources.is_empty(), "{folder} has sources");
    sources
}

fn name(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).map(PathBuf::from).expect("below the root").to_string_lossy().into_owned()
}

/// The lines without those that are comments.
fn code(text: &str) -> String {
    let lines = text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// Fails where a source that is not excepted has one of the words.
fn absent(folder: &str, words: &[&str], but_in: &[&str]) {
    let mut found = Vec::new();
    for (name, text) in sources(folder) {
        if but_in.iter().any(|place| name.starts_with(place)) {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            // The lifetime is no such word.
            if let Some(word) = words.iter().find(|&&word| line.replace("'static", "").contains(word)) {
                found.push(format!("{name}:{number}: {word}"));
            }
        }
    }
    assert!(found.is_empty(), "absences that are broken:\n{}", found.join("\n"));
}

fn manifest(of: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(of).join("Cargo.toml")).expect("a manifest")
}

#[test]
fn the_runtime_knows_no_cranelift() {
    assert!(!manifest("runtime").contains("cranelift"));
    absent("runtime/src", &["cranelift_", "stitch_lowering"], &[]);
}

#[test]
fn the_optimizer_touches_no_heap() {
    absent("runtime/src/opt", &["unsafe", "crate::gc", "crate::vm", "&mut Vm", "&Vm"], &[]);
}

#[test]
fn the_bytecode_knows_no_heap() {
    absent("runtime/src/bytecode", &["unsafe", "crate::gc", "crate::vm", "crate::object", "crate::interp"], &[]);
}

#[test]
fn executable_memory_is_mapped_in_one_place() {
    for folder in ["runtime/src", "lowering/src", "modules/src", "src"] {
        // A profiler finds the file that it is to read by such a map; to programs it is a number.
        let others = ["runtime/src/host/profiler_file.rs", "modules/src/mmap/mod.rs"];
        absent(
            folder,
            &["MprotectFlags::EXEC", "ProtFlags::EXEC", "PROT_EXEC"],
            &[&["runtime/src/backend/arena.rs"][..], &others[..]].concat(),
        );
    }
}

/// Is the operating system called in the line, by one of the crates that do?
fn calls_the_system(line: &str) -> bool {
    let calls = |rest: &str| {
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').map_or(rest, |end| &rest[..end]);
        // Arithmetic on the numbers of devices.
        let is_arithmetic = ["major", "minor", "makedev"].contains(&name);
        !is_arithmetic && name.starts_with(|c: char| c.is_ascii_lowercase()) && rest[name.len()..].starts_with('(')
    };
    let others = ["rustix::", "std::fs::", "std::env::var", "std::process::", "std::io::stdin", "std::io::stdout"];
    line.split("libc::").skip(1).any(calls) || others.iter().any(|other| line.contains(other))
}

#[test]
fn the_host_alone_calls_the_system() {
    // Memory is mapped by those who have it. What is below is read by tests.
    let but_in =
        ["runtime/src/host/", "runtime/src/gc/heap.rs", "runtime/src/thread/mod.rs", "runtime/src/backend/arena.rs"];
    let mut found = Vec::new();
    for (name, text) in ["runtime/src", "modules/src", "lowering/src"].into_iter().flat_map(sources) {
        if but_in.iter().any(|place| name.starts_with(place)) || name.ends_with("tests.rs") {
            continue;
        }
        let lines = text.split("#[cfg(test)]").next().unwrap_or_default().lines();
        found.extend((1..).zip(lines).filter(|(_, line)| calls_the_system(line)).map(|(n, _)| format!("{name}:{n}")));
    }
    assert!(found.is_empty(), "the system is called outside of `host/`:\n{}", found.join("\n"));
}

#[test]
fn embedding_is_safe() {
    absent("src", &["unsafe "], &["src/flags.rs"]);
    assert!(
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"))
            .unwrap()
            .contains("#![forbid(unsafe_code)]")
    );
}

#[test]
fn no_state_is_global_and_mutable() {
    for folder in ["runtime/src", "lowering/src", "modules/src", "src"] {
        absent(folder, &["static mut "], &["runtime/src/debug/tools/gdb.rs"]);
    }
}
