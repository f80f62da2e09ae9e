//! Where packages are installed: what the library's `site` does when a program starts, done natively where it is plain.

use super::Machine;
use crate::config::Config;
use crate::host::installation::Installation;
use crate::host::{file_stamp, is_folder, names_in_folder, variable};
use std::path::{Path, PathBuf};

/// Modules of a user that run before any program.
const CUSTOMIZERS: [&str; 2] = ["sitecustomize", "usercustomize"];

pub(super) fn find(machine: &mut Machine, config: &Config) {
    let installation = Installation::find();
    let is_environment = installation.prefix != installation.base_prefix;
    let mut folders = Vec::new();
    let user_base = variable("PYTHONUSERBASE").filter(|base| !base.is_empty() && !config.ignore_environment);
    if !config.no_user_site && (!is_environment || installation.sees_base) {
        folders.extend(Installation::user_site(user_base.map(PathBuf::from)));
    }
    folders.push(Installation::site_packages(&installation.prefix));
    if is_environment && installation.sees_base {
        folders.push(Installation::site_packages(&installation.base_prefix));
    }
    folders.retain(|folder| is_folder(folder));
    if folders.iter().any(|folder| names_folders(folder)) || customizes(machine, &folders) {
        // It finds the same folders.
        if machine.vm.import_dotted("site").is_err() {
            let exception = machine.vm.take_exception();
            machine.vm.tell_of_uncaught(exception);
        }
        return;
    }
    for folder in folders {
        machine.append_path(&folder);
    }
}

/// Are there files in the folder that name further ones?
fn names_folders(folder: &Path) -> bool {
    names_in_folder(folder).iter().any(|name| Path::new(name).extension().is_some_and(|extension| extension == "pth"))
}

/// Is there a module that runs before any program?
fn customizes(machine: &mut Machine, folders: &[PathBuf]) -> bool {
    let searched = machine.vm.folders_of(None).ok().flatten().unwrap_or_default();
    let mut all = searched.iter().chain(folders);
    all.any(|folder| {
        CUSTOMIZERS
            .iter()
            .any(|name| file_stamp(&folder.join(name).with_extension("py")).is_some() || is_folder(&folder.join(name)))
    })
}
