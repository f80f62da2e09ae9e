//! `_posixshmem`: memory that processes share, by names.

use crate::posix::OrRaise;
use stitch_runtime::host::fs;
use stitch_runtime::object::argument::{Str, method};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_posixshmem",
    doc: "Memory that processes share.",
    functions: &[
        method("shm_open", "(path, flags, mode=511)", |vm: &mut Vm, path: Str, flags: i32, mode: Option<i32>| {
            let name = name_of(vm, path)?;
            let mode = mode.unwrap_or(0o777) as u32;
            vm.wait_for(|| fs::make_shared_memory(&name, flags, mode))?.or_raise_about(vm, path.value())
        })
        .doc("Opens shared memory: its descriptor."),
        method("shm_unlink", "(path)", |vm: &mut Vm, path: Str| {
            let name = name_of(vm, path)?;
            fs::remove_shared_memory(&name).or_raise_about(vm, path.value())
        })
        .doc("Removes the name of shared memory, which is there until nobody has it open."),
    ],
    ..ModuleSpec::NEW
};

fn name_of(vm: &mut Vm, path: Str) -> PyResult<std::ffi::CString> {
    let bytes = vm.fs_encode(path.value())?;
    std::ffi::CString::new(bytes).map_err(|_| vm.raise_value("embedded null character"))
}
