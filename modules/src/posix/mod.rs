//! `posix`: the system's calls on files, processes and terminals, under the module `os`.

mod attributes;
mod constants;
mod descriptors;
mod directory;
mod environment;
mod execute;
mod fork;
mod identity;
mod paths;
mod pieces;
mod process;
mod scan;
mod schedule;
mod settings;
mod splitting;
mod status;
mod terminal;
mod times;
mod transfer;
mod wait;

pub(crate) use execute::strings_of;
pub(crate) use fork::{after_fork_in_child, after_fork_in_parent, before_fork, copy_process};
pub(crate) use paths::owner_of;
pub(crate) use pieces::with_pieces;

use stitch_runtime::host::{HostError, HostResult};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "posix",
    doc: "The system's calls. Programs import os, which has them and more.",
    constants: constants::CONSTANTS,
    types: &[
        &status::STAT_RESULT,
        &status::STATVFS_RESULT,
        &scan::DIR_ENTRY,
        &process::TIMES_RESULT,
        &process::UNAME_RESULT,
        &schedule::SCHED_PARAM,
        &terminal::TERMINAL_SIZE,
        &wait::WAITID_RESULT,
    ],
    state: Some(|| Box::new(fork::ForkHooks::default())),
    exec: Some(|vm, module| {
        let dict = vm.module_dict(module);
        for rows in FUNCTIONS {
            vm.add_functions(dict, "posix", rows);
        }
        let error = Value::object(vm.exceptions.OSError);
        vm.set_module_entry(module, "error", error);
        let environ = environment::environ(vm)?;
        vm.set_module_entry(module, "environ", environ);
        settings::add_names(vm, module)?;
        let functions: Vec<Value> = constants::HAVE_FUNCTIONS.iter().map(|name| vm.intern(name)).collect();
        let functions = vm.new_list(&functions)?;
        vm.set_module_entry(module, "_have_functions", functions);
        Ok(())
    }),
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[&[NativeRow]] = &[
    status::FUNCTIONS,
    paths::FUNCTIONS,
    directory::FUNCTIONS,
    scan::FUNCTIONS,
    attributes::FUNCTIONS,
    descriptors::FUNCTIONS,
    pieces::FUNCTIONS,
    transfer::FUNCTIONS,
    times::FUNCTIONS,
    splitting::FUNCTIONS,
    environment::FUNCTIONS,
    process::FUNCTIONS,
    identity::FUNCTIONS,
    schedule::FUNCTIONS,
    wait::FUNCTIONS,
    fork::FUNCTIONS,
    execute::FUNCTIONS,
    settings::FUNCTIONS,
    terminal::FUNCTIONS,
];

/// What a call gave, or OSError.
pub(crate) trait OrRaise<T> {
    fn or_raise(self, vm: &mut Vm) -> PyResult<T>;
    /// OSError about a file.
    fn or_raise_about(self, vm: &mut Vm, file: Value) -> PyResult<T>;
}

impl<T> OrRaise<T> for HostResult<T> {
    fn or_raise(self, vm: &mut Vm) -> PyResult<T> {
        self.map_err(|error| vm.raise_os(&error, None))
    }
    fn or_raise_about(self, vm: &mut Vm, file: Value) -> PyResult<T> {
        self.map_err(|error| vm.raise_os(&error, Some(file)))
    }
}

/// OSError of an error number.
pub(crate) fn raise_errno(vm: &mut Vm, errno: i32) -> Raised {
    vm.raise_os(&HostError::of(errno), None)
}
