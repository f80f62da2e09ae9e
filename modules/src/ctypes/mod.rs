//! `_ctypes`: data and functions as C has them, under the library's `ctypes`.
//!
//! ```text
//!   class: a metaclass's instance ── detail ──► Info: size, alignment, fields, type code …
//!   instance: CData ── info ──► the same                              └► memory: its own, another's, or anywhere
//!
//!   code, raw                      type codes, and memory by its address
//!   class, info                    what is done with classes, and what is known of them
//!   data, simple, structure, field, array, pointer    the types
//!   prototype, call, parameter, out_parameters        functions, what they take and give
//!   callback                       Python functions that others call
//! ```

mod array;
mod call;
mod callback;
mod class;
mod code;
mod data;
mod errno;
mod error;
mod field;
mod functions;
mod info;
mod internals;
mod out_parameters;
mod parameter;
mod pickle;
mod pointer;
mod prototype;
mod raw;
mod simple;
mod structure;

use std::sync::{Arc, Mutex, PoisonError};
use stitch_runtime::Vm;
use stitch_runtime::foreign::Stubs;
use stitch_runtime::object::module::{Constant, ModuleSpec, ModuleState};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_ctypes",
    doc: "Data and functions as C has them.",
    functions: functions::FUNCTIONS,
    constants: &[
        ("__version__", Constant::Str("1.1.0")),
        ("FUNCFLAG_CDECL", Constant::Int(1)),
        ("FUNCFLAG_PYTHONAPI", Constant::Int(prototype::FLAG_PYTHON_API as i64)),
        ("FUNCFLAG_USE_ERRNO", Constant::Int(prototype::FLAG_USE_ERRNO as i64)),
        ("FUNCFLAG_USE_LASTERROR", Constant::Int(16)),
        ("RTLD_LOCAL", Constant::Int(libc::RTLD_LOCAL as i64)),
        ("RTLD_GLOBAL", Constant::Int(libc::RTLD_GLOBAL as i64)),
        ("CTYPES_MAX_ARGCOUNT", Constant::Int(call::MAX_ARGUMENTS as i64)),
        ("SIZEOF_TIME_T", Constant::Int(size_of::<libc::time_t>() as i64)),
    ],
    types: &[
        &error::ARGUMENT_ERROR,
        &structure::STRUCTURE,
        &structure::UNION,
        &pointer::POINTER,
        &array::ARRAY,
        &simple::SIMPLE,
        &prototype::FUNCTION,
        &field::FIELD,
    ],
    exec: Some(|vm, module| {
        for (name, address) in internals::all() {
            let address = vm.new_int_from_usize(address);
            vm.set_module_entry(module, name, address);
        }
        Ok(())
    }),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

/// What the module keeps in a VM.
#[derive(Default)]
struct State {
    stubs: Arc<Mutex<Stubs>>,
}

impl ModuleState for State {}

impl State {
    fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's own state")
    }
}

/// In the copy of a process: callbacks get code memory of their own.
pub(crate) fn after_fork_in_child(vm: &mut Vm) {
    let stubs = State::of(vm).stubs.clone();
    if stubs.lock().unwrap_or_else(PoisonError::into_inner).after_fork_in_child().is_err() {
        stitch_runtime::host::write_stderr(b"stitch: no code memory for a copy of the process\n");
        stitch_runtime::host::process::abort();
    }
}
