//! `_io`: streams. Those of bytes lie on descriptors (`FileIO`) or in memory (`BytesIO`).

mod base;
mod buffered_base;
mod bytes_io;
mod bytes_io_state;
mod file_io;
mod mode;
mod raw_base;
mod size;
mod text_base;

use base::IO_BASE;
use buffered_base::BUFFERED_IO_BASE;
use bytes_io::BYTES_IO;
use file_io::FILE_IO;
use raw_base::RAW_IO_BASE;
use stitch_runtime::object::argument::Class;
use stitch_runtime::object::module::{Constant, ModuleSpec, ModuleState};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};
use text_base::TEXT_IO_BASE;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_io",
    doc: "Streams of bytes, and what streams have in common.",
    constants: &[("DEFAULT_BUFFER_SIZE", Constant::Int(DEFAULT_BUFFER_BYTES as i64))],
    types: &[&IO_BASE, &RAW_IO_BASE, &BUFFERED_IO_BASE, &TEXT_IO_BASE, &FILE_IO, &BYTES_IO],
    exec: Some(|vm, module| {
        let unsupported = unsupported_operation(vm)?;
        vm.set_module_entry(module, "UnsupportedOperation", unsupported);
        let blocking = Value::object(vm.exceptions.BlockingIOError);
        vm.set_module_entry(module, "BlockingIOError", blocking);
        Ok(())
    }),
    state: Some(|| Box::new(State { unsupported: Value::UNBOUND })),
    ..ModuleSpec::NEW
};

/// How much is read or kept back at once.
const DEFAULT_BUFFER_BYTES: usize = 128 << 10;

struct State {
    /// The class `UnsupportedOperation`, once it is made.
    unsupported: Value,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        if !self.unsupported.is_unbound() {
            visit(self.unsupported);
        }
    }
}

/// The class of the errors about what a stream cannot do.
fn unsupported_operation(vm: &mut Vm) -> PyResult {
    if let Some(state) = vm.module_state::<State>(&MODULE)
        && !state.unsupported.is_unbound()
    {
        return Ok(state.unsupported);
    }
    let bases = [Value::object(vm.exceptions.OSError), Value::object(vm.exceptions.ValueError)];
    let (bases, namespace) = (vm.new_tuple(&bases), vm.new_dict());
    let (key, module) = (vm.intern("__module__"), vm.intern("io"));
    vm.dict_set(namespace, key, module)?;
    let (metaclass, name) = (Value::object(vm.class(BuiltinType::Type)), vm.intern("UnsupportedOperation"));
    let class = vm.call(metaclass, &[name, bases, namespace])?;
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        state.unsupported = class;
    }
    Ok(class)
}

/// A stream cannot do this.
fn raise_unsupported(vm: &mut Vm, message: &str) -> Raised {
    let class = match unsupported_operation(vm) {
        Ok(class) => Class::of(vm, class),
        Err(raised) => return raised,
    };
    match class {
        Some(class) => vm.raise(class.0, message),
        None => vm.raise(vm.exceptions.OSError, message),
    }
}

fn raise_closed(vm: &mut Vm) -> Raised {
    vm.raise_value("I/O operation on closed file.")
}

fn call(vm: &mut Vm, owner: Value, name: &str, arguments: &[Value]) -> PyResult {
    let name = vm.intern(name);
    vm.call_method(owner, name, arguments)
}

/// What `__getstate__` does where a stream's state is outside of the program.
fn refuse_state(vm: &mut Vm, value: Value) -> PyResult {
    let name = vm.class_name(value);
    Err(vm.raise_type(&format!("cannot pickle '{name}' instances")))
}
