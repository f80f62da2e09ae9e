//! Where the program is installed, and the virtual environment that it was called from.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What makes a folder a virtual environment.
const ENVIRONMENT_FILE: &str = "pyvenv.cfg";

/// Paths of the program; all are absolute.
pub struct Installation {
    /// The program as it was called: in a virtual environment that is the environment's own name of it.
    pub executable: PathBuf,
    /// The program outside of all environments.
    pub base_executable: PathBuf,
    /// The folder that packages are installed below.
    pub prefix: PathBuf,
    /// The same outside of all environments.
    pub base_prefix: PathBuf,
    /// Are packages outside of the environment seen, too?
    pub sees_base: bool,
}

impl Installation {
    /// Of this process; looked for once.
    pub fn find() -> &'static Installation {
        static FOUND: OnceLock<Installation> = OnceLock::new();
        FOUND.get_or_init(Installation::look)
    }

    fn look() -> Installation {
        let real = env::current_exe().unwrap_or_default();
        let executable = called_as().unwrap_or_else(|| real.clone());
        let environment = environment_of(&executable);
        let base_executable = match &environment {
            Some((_, settings)) => base_of(&executable, settings).unwrap_or_else(|| real.clone()),
            None => executable.clone(),
        };
        let base_prefix = prefix_of(&fs::canonicalize(&base_executable).unwrap_or(real));
        let sees_base = environment.as_ref().is_none_or(|(_, settings)| {
            settings.get("include-system-site-packages").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        });
        let prefix = environment.map_or_else(|| base_prefix.clone(), |(folder, _)| folder);
        Installation { executable, base_executable, prefix, base_prefix, sees_base }
    }

    /// Where packages are installed below a prefix.
    pub fn site_packages(prefix: &Path) -> PathBuf {
        let [major, minor, _] = crate::config::PYTHON_VERSION;
        prefix.join(format!("lib/python{major}.{minor}/site-packages"))
    }

    /// Where a user's own packages are; `base`: `PYTHONUSERBASE`, which goes before the home folder. `None` where there is no home,
    /// and for a program that runs with another user's rights.
    pub fn user_site(base: Option<PathBuf>) -> Option<PathBuf> {
        // SAFETY: ask for numbers.
        let is_own = unsafe { libc::getuid() == libc::geteuid() && libc::getgid() == libc::getegid() };
        let base = base.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".local")));
        base.filter(|_| is_own).map(|base| Installation::site_packages(&base))
    }
}

/// The program as the caller named it, looked up on `PATH` as a shell does.
fn called_as() -> Option<PathBuf> {
    let name = PathBuf::from(env::args_os().next()?);
    if name.components().count() > 1 {
        return std::path::absolute(&name).ok().filter(|path| path.is_file());
    }
    let is_program =
        |path: &PathBuf| fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0);
    let found = env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(is_program)?;
    std::path::absolute(found).ok()
}

/// The lines `name = value` of an environment's file.
struct Settings(Vec<(String, String)>);

impl Settings {
    fn read(file: &Path) -> Option<Settings> {
        let text = fs::read_to_string(file).ok()?;
        let lines = text.lines().filter_map(|line| line.split_once('='));
        Some(Settings(lines.map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned())).collect()))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The virtual environment that a program is in: its file is beside the program, or in the folder above.
fn environment_of(executable: &Path) -> Option<(PathBuf, Settings)> {
    executable.ancestors().skip(1).take(2).find_map(|folder| {
        let settings = Settings::read(&folder.join(ENVIRONMENT_FILE))?;
        // The folder that the environment is, whether it is called from there or by a link of `bin` alone.
        settings.get("home").is_some().then(|| (folder.to_owned(), settings))
    })
}

/// The program that an environment was made of.
fn base_of(executable: &Path, settings: &Settings) -> Option<PathBuf> {
    let named = settings.get("executable").map(PathBuf::from).filter(|path| path.is_file());
    named.or_else(|| {
        let name = fs::canonicalize(executable).ok()?.file_name()?.to_owned();
        Some(Path::new(settings.get("home")?).join(name)).filter(|path| path.is_file())
    })
}

/// `/usr/local` of `/usr/local/bin/stitch`; of a program that is in no `bin`, its folder.
fn prefix_of(executable: &Path) -> PathBuf {
    let folder = executable.parent().unwrap_or(Path::new("/"));
    match folder.parent() {
        Some(above) if folder.ends_with("bin") => above.to_owned(),
        _ => folder.to_owned(),
    }
}
