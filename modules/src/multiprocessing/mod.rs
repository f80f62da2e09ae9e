//! `_multiprocessing`: semaphores that processes share.

mod semaphore;

use crate::posix::OrRaise;
use semaphore::SEM_LOCK;
use stitch_runtime::host::semaphore as host;
use stitch_runtime::object::argument::{Str, method};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_multiprocessing",
    doc: "Semaphores that processes share.",
    functions: &[method("sem_unlink", "(name, /)", |vm: &mut Vm, name: Str| {
        let path = name_of(vm, name)?;
        host::remove(&path).or_raise(vm)
    })
    .doc("Removes the name of a semaphore, which is there until nobody has it open.")],
    types: &[&SEM_LOCK],
    exec: Some(|vm, module| {
        let flags = vm.new_dict();
        for name in ["HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT", "HAVE_FD_TRANSFER"] {
            let name = vm.intern(name);
            vm.dict_set(flags, name, Value::small_int(1))?;
        }
        vm.set_module_entry(module, "flags", flags);
        Ok(())
    }),
    ..ModuleSpec::NEW
};

fn name_of(vm: &mut Vm, name: Str) -> PyResult<std::ffi::CString> {
    let bytes = vm.fs_encode(name.value())?;
    std::ffi::CString::new(bytes).map_err(|_| vm.raise_value("embedded null character"))
}
