//! Packs the library, and beside it what it lacks (`own`): each file by itself, with a dictionary that all share, one behind the other; with a sorted index of the modules and
//! one of the other files.

mod archive;

use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};
use zstd_safe::{CCtx, CDict};

/// What nothing here can run: it needs Tk, or is there to test the library.
const LEFT_OUT: &[&str] = &["idlelib", "tkinter", "turtledemo", "turtle", "test", "__phello__", "lib2to3"];
/// Passages that CPython's module has not: of this module, from a line to before another.
const CUT: &[(&str, &str, &str)] =
    &[("json.decoder", "    # RUSTPYTHON SPECIFIC\n", "    # Note that this exception is used from _json\n")];
/// Passages that say something else here: of this module, the old text and the new one. Packages are where Python's are, and files of the
/// library are no files of the system.
const CHANGED: &[(&str, &str, &str)] = &[
    ("site", "    return 'RustPython' # XXX: RUSTPYTHON; for site-packages\n", "    return 'Python'\n"),
    (
        "site",
        "    # XXX: RUSTPYTHON\n    return f'{userbase}/lib/rustpython{",
        "    return f'{userbase}/lib/{implementation_lower}{",
    ),
    // Python's functions in C are not here, and who can do without them asks whether they are.
    ("ctypes", "else:\n    pythonapi = PyDLL(None)\n", ""),
    ("sysconfig", "    return 'RustPython'  # XXX: RUSTPYTHON; For site-packages\n", "    return 'Python'\n"),
    (
        "venv",
        "        path = os.path.abspath(os.path.dirname(__file__))
        path = os.path.join(path, 'scripts')
        self.install_scripts(context, path)
",
        "        from importlib.resources import as_file, files
        with as_file(files('venv') / 'scripts') as path:
            self.install_scripts(context, str(path))
",
    ),
];
/// Folders with files that are no modules, which programs read.
const RESOURCES: &[&str] = &["ensurepip/_bundled", "pydoc_data", "venv/scripts/common", "venv/scripts/posix"];
/// What packs best.
const LEVEL: i32 = 22;
/// A larger dictionary takes as much as it saves.
const DICTIONARY_BYTES: usize = 256 << 10;

fn main() {
    let root = Path::new(rustpython_pylib::LIB_PATH);
    let mut modules = Vec::new();
    collect(root, "", &mut modules);
    collect(Path::new("own"), "", &mut modules);
    modules.sort();
    let texts: Vec<Vec<u8>> =
        modules.iter().map(|(name, _, file)| change(name, fs::read(file).expect("a file of the library"))).collect();
    let dictionary = trained(&texts);
    let mut packed = Packed { data: Vec::new(), context: CCtx::create(), dictionary: CDict::create(&[], LEVEL) };
    let shared = packed.add(&dictionary);
    packed.dictionary = CDict::create(&dictionary, LEVEL);
    let mut index = String::from("&[\n");
    for ((name, is_package, _), text) in modules.iter().zip(&texts) {
        let range = packed.add(text);
        writeln!(index, "    Row {{ name: {name:?}, is_package: {is_package}, packed: {range:?} }},")
            .expect("a string grows");
    }
    index.push(']');
    let mut files = String::from("&[\n");
    for path in resources(root) {
        let content = fs::read(root.join(&path)).expect("a file of the library");
        let range = packed.add(&if path.ends_with(".whl") { archive::stored(&content) } else { content });
        writeln!(files, "    Resource {{ path: {path:?}, packed: {range:?} }},").expect("a string grows");
    }
    files.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let mut hasher = DefaultHasher::new();
    (&index, &files, &packed.data).hash(&mut hasher);
    fs::write(out.join("fingerprint"), format!("{:016x}", hasher.finish())).expect("the fingerprint is written");
    fs::write(out.join("dictionary.rs"), format!("{shared:?}")).expect("the place is written");
    fs::write(out.join("index.rs"), index).expect("the index is written");
    fs::write(out.join("resources.rs"), files).expect("the index is written");
    fs::write(out.join("packed"), packed.data).expect("the data are written");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=own");
}

/// What is packed so far.
struct Packed {
    data: Vec<u8>,
    context: CCtx<'static>,
    dictionary: CDict<'static>,
}

impl Packed {
    /// Packs one more file. Says where it is.
    fn add(&mut self, content: &[u8]) -> Range<usize> {
        let start = self.data.len();
        let mut packed = Vec::with_capacity(zstd_safe::compress_bound(content.len()));
        self.context.compress_using_cdict(&mut packed, content, &self.dictionary).expect("there is room");
        self.data.extend(packed);
        start..self.data.len()
    }
}

/// What the sources have in common.
fn trained(texts: &[Vec<u8>]) -> Vec<u8> {
    let sizes: Vec<usize> = texts.iter().map(Vec::len).collect();
    let mut dictionary = Vec::with_capacity(DICTIONARY_BYTES);
    zstd_safe::train_from_buffer(&mut dictionary, &texts.concat(), &sizes).expect("there are many samples");
    dictionary
}

/// The text of a module as it is here.
fn change(module: &str, text: Vec<u8>) -> Vec<u8> {
    let cuts = CUT.iter().filter(|(name, ..)| *name == module);
    let changes = CHANGED.iter().filter(|(name, ..)| *name == module);
    if cuts.clone().count() + changes.clone().count() == 0 {
        return text;
    }
    let mut text = String::from_utf8(text).expect("sources are UTF-8");
    for (_, from, to) in cuts {
        let (start, end) = (text.find(from).expect("the passage begins"), text.find(to).expect("the passage ends"));
        text.replace_range(start..end, "");
    }
    for (_, old, new) in changes {
        assert!(text.contains(old), "{module} has the passage");
        text = text.replace(old, new);
    }
    text.into_bytes()
}

/// The files in `RESOURCES` that are no modules, sorted.
fn resources(root: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for folder in RESOURCES {
        for entry in fs::read_dir(root.join(folder)).expect("a folder of the library") {
            let path = entry.expect("an entry of the library").path();
            if path.is_file() && path.extension().is_none_or(|extension| extension != "py") {
                let path = path.strip_prefix(root).expect("it is in there");
                paths.push(path.to_str().expect("a plain name").to_owned());
            }
        }
    }
    paths.sort();
    paths
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
