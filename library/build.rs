//! Packs the library's sources: each file deflated, one behind the other, and a sorted index of the modules.

use miniz_oxide::deflate::compress_to_vec;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What nothing here can run: it needs Tk, or is there to test the library.
const LEFT_OUT: &[&str] = &["idlelib", "tkinter", "turtledemo", "turtle", "test", "__phello__", "lib2to3"];
/// Passages that CPython's module has not: of this module, from a line to before another.
const CUT: &[(&str, &str, &str)] =
    &[("json.decoder", "    # RUSTPYTHON SPECIFIC\n", "    # Note that this exception is used from _json\n")];
/// Of ten: what packs sources well without making the build long.
const LEVEL: u8 = 8;

fn main() {
    let root = Path::new(rustpython_pylib::LIB_PATH);
    let mut modules = Vec::new();
    collect(root, "", &mut modules);
    modules.sort();
    let (mut data, mut index) = (Vec::new(), String::from("&[\n"));
    for (name, is_package, file) in &modules {
        let text = cut(name, fs::read(file).expect("a file of the library"));
        let packed = compress_to_vec(&text, LEVEL);
        writeln!(
            index,
            "    Row {{ name: {name:?}, is_package: {is_package}, start: {}, end: {} }},",
            data.len(),
            data.len() + packed.len()
        )
        .expect("a string grows");
        data.extend(packed);
    }
    index.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let mut hasher = DefaultHasher::new();
    (&index, &data).hash(&mut hasher);
    fs::write(out.join("fingerprint"), format!("{:016x}", hasher.finish())).expect("the fingerprint is written");
    fs::write(out.join("index.rs"), index).expect("the index is written");
    fs::write(out.join("sources"), data).expect("the sources are written");
    println!("cargo::rerun-if-changed=build.rs");
}

/// The text of a module without what CPython's has not.
fn cut(module: &str, text: Vec<u8>) -> Vec<u8> {
    let Some((_, from, to)) = CUT.iter().find(|(name, ..)| *name == module) else { return text };
    let text = String::from_utf8(text).expect("sources are UTF-8");
    let (start, end) = (text.find(from).expect("the passage begins"), text.find(to).expect("the passage ends"));
    format!("{}{}", &text[..start], &text[end..]).into_bytes()
}

/// Adds the modules of a folder: dotted name, whether it is a package, file.
fn collect(folder: &Path, prefix: &str, modules: &mut Vec<(String, bool, PathBuf)>) {
    for entry in fs::read_dir(folder).expect("a folder of the library") {
        let path = entry.expect("an entry of the library").path();
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let name = format!("{prefix}{stem}");
        if LEFT_OUT.contains(&name.as_str()) || stem == "tests" || stem == "__pycache__" {
            continue;
        }
        if path.is_dir() {
            if path.join("__init__.py").exists() {
                modules.push((name.clone(), true, path.join("__init__.py")));
            }
            collect(&path, &format!("{name}."), modules);
        } else if path.extension().is_some_and(|extension| extension == "py") && stem != "__init__" {
            modules.push((name, false, path));
        }
    }
}
