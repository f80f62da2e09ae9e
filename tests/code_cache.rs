//! Compiled modules in files: written, used, and not trusted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of its own for each test, with a module in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("stitch-code-cache-{name}-{}", std::process::id()));
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("kept.py"), "def answer():\n    return 42\n").unwrap();
        fs::write(
            folder.join("main.py"),
            "import kept, heapq\nprint(kept.answer(), kept.answer.__code__.co_filename)\n",
        )
        .unwrap();
        Folder(folder)
    }

    fn run(&self, flags: &[&str], variables: &[(&str, &str)]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
        command.args(flags).arg(self.0.join("main.py"));
        command.env_remove("PYTHONDONTWRITEBYTECODE").env_remove("PYTHONPYCACHEPREFIX");
        command.env("XDG_CACHE_HOME", self.0.join("caches")).envs(variables.iter().copied());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn expected(&self) -> String {
        format!("42 {}\n", self.0.join("kept.py").display())
    }

    fn kept(&self) -> PathBuf {
        self.0.join("__pycache__/kept.stitch-314.pyc")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn files_under(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    files
}

#[test]
fn code_is_kept_and_used() {
    let folder = Folder::new("used");
    assert_eq!(folder.run(&[], &[]), folder.expected());
    let first = fs::read(folder.kept()).unwrap();
    assert_eq!(folder.run(&[], &[]), folder.expected());
    assert_eq!(fs::read(folder.kept()).unwrap(), first);
    assert!(files_under(&folder.0.join("caches")).contains(&"heapq.pyc".to_owned()));
    // Nothing is left of what was written on the way.
    assert!(files_under(&folder.0).iter().all(|name| name.ends_with(".py") || name.ends_with(".pyc")));
    folder.run(&["-O"], &[]);
    assert!(folder.0.join("__pycache__/kept.stitch-314.opt-1.pyc").exists());
}

#[test]
fn damaged_files_are_written_anew() {
    let folder = Folder::new("damaged");
    folder.run(&[], &[]);
    let good = fs::read(folder.kept()).unwrap();
    let mut cases = vec![Vec::new(), good[..good.len() - 1].to_vec(), b"no code".to_vec()];
    for at in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[at] ^= 0x41;
        cases.push(bad);
    }
    for bad in cases {
        fs::write(folder.kept(), &bad).unwrap();
        assert_eq!(folder.run(&["--jit=off"], &[]), folder.expected());
        assert_eq!(fs::read(folder.kept()).unwrap(), good);
    }
}

#[test]
fn a_changed_source_is_compiled() {
    let folder = Folder::new("changed");
    folder.run(&[], &[]);
    fs::write(folder.0.join("kept.py"), "def answer():\n    return 'other'\n").unwrap();
    assert!(folder.run(&[], &[]).starts_with("other "));
}

#[test]
fn nothing_is_written_where_it_must_not_be() {
    let folder = Folder::new("not-written");
    folder.run(&["-B"], &[]);
    folder.run(&[], &[("PYTHONDONTWRITEBYTECODE", "1")]);
    assert!(!folder.kept().exists());
    assert!(files_under(&folder.0.join("caches")).is_empty());
    let prefix = folder.0.join("elsewhere");
    folder.run(&[], &[("PYTHONPYCACHEPREFIX", &prefix.to_string_lossy())]);
    assert!(!folder.kept().exists());
    assert_eq!(files_under(&prefix), ["kept.stitch-314.pyc"]);
}

#[test]
fn many_write_at_once() {
    let folder = Folder::new("at-once");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(folder.run(&["--jit=off"], &[]), folder.expected()));
        }
    });
    assert_eq!(folder.run(&[], &[]), folder.expected());
}
