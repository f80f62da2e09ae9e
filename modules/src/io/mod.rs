//! `_io`: streams.
//!
//! ```text
//!   TextIOWrapper ──► BufferedReader, BufferedWriter, BufferedRandom ──► FileIO     a descriptor
//!   StringIO                                             BytesIO                    memory
//! ```

mod base;
mod buffered;
mod buffered_base;
mod bytes_io;
mod bytes_io_state;
mod file_io;
mod line_end;
mod mode;
mod newlines;
mod open;
mod raw_base;
mod size;
mod standard;
mod string_io;
mod text_base;
mod text_io;
pub mod unflushed;

use base::IO_BASE;
use buffered::{BUFFERED_PAIR, BUFFERED_RANDOM, BUFFERED_READER, BUFFERED_WRITER};
use buffered_base::BUFFERED_IO_BASE;
use bytes_io::{BYTES_IO, VIEWED};
use file_io::FILE_IO;
use newlines::NEWLINE_DECODER;
use raw_base::RAW_IO_BASE;
pub use standard::STREAMS;
use stitch_runtime::object::argument::Class;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::module::{Constant, ModuleSpec, ModuleState};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};
use string_io::STRING_IO;
use text_base::TEXT_IO_BASE;
use text_io::TEXT_IO;
use unflushed::Writers;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_io",
    doc: "Streams of bytes, and what streams have in common.",
    constants: &[("DEFAULT_BUFFER_SIZE", Constant::Int(DEFAULT_BUFFER_BYTES as i64))],
    functions: open::FUNCTIONS,
    types: &[
        &IO_BASE,
        &RAW_IO_BASE,
        &BUFFERED_IO_BASE,
        &TEXT_IO_BASE,
        &FILE_IO,
        &BYTES_IO,
        &STRING_IO,
        &BUFFERED_READER,
        &BUFFERED_WRITER,
        &BUFFERED_RANDOM,
        &BUFFERED_PAIR,
        &TEXT_IO,
        &NEWLINE_DECODER,
        &VIEWED,
    ],
    exec: Some(|vm, module| {
        let unsupported = unsupported_operation(vm)?;
        vm.set_module_entry(module, "UnsupportedOperation", unsupported);
        // `builtins` has it as well.
        let open = open_function(vm);
        vm.set_module_entry(module, open::OPEN.name, open);
        let blocking = Value::object(vm.exceptions.BlockingIOError);
        vm.set_module_entry(module, "BlockingIOError", blocking);
        Ok(())
    }),
    state: Some(|| Box::new(State { unsupported: Value::UNBOUND, open: Value::UNBOUND, writers: Writers::default() })),
    ..ModuleSpec::NEW
};

/// How much is read or kept back at once.
const DEFAULT_BUFFER_BYTES: usize = 128 << 10;

struct State {
    /// The class `UnsupportedOperation`, once it is made.
    unsupported: Value,
    /// The function `open`, likewise.
    open: Value,
    writers: Writers,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        [self.unsupported, self.open].into_iter().filter(|value| !value.is_unbound()).for_each(visit);
    }
}

/// The function `open`, made before the module where that is not imported yet.
fn open_function(vm: &mut Vm) -> Value {
    if let Some(state) = vm.module_state::<State>(&MODULE)
        && !state.open.is_unbound()
    {
        return state.open;
    }
    let open = vm.new_module_function(open::OPEN, MODULE.name);
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        state.open = open;
    }
    open
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

/// Calls a method of a stream, or of a codec's object. Code that ran meanwhile may have taken it away.
fn call(vm: &mut Vm, owner: Value, name: &str, arguments: &[Value]) -> PyResult {
    if owner.is_unbound() {
        return Err(vm.raise_value("underlying buffer has been detached"));
    }
    let name = vm.intern(name);
    vm.call_method(owner, name, arguments)
}

/// What `__getstate__` does where a stream's state is outside of the program.
fn refuse_state(vm: &mut Vm, value: Value) -> PyResult {
    let name = vm.type_name(vm.class_of(value));
    Err(vm.raise_type(&format!("cannot pickle '{name}' instances")))
}

/// Writes the repr of what stands in the repr of `owner`; RuntimeError where that is on its way already.
fn write_repr_inside(vm: &mut Vm, out: &mut Text, owner: Value, value: Value) -> PyResult<()> {
    if !vm.being_shown.insert(owner) {
        let name = vm.class_name(owner);
        return Err(vm.raise_runtime(&format!("reentrant call inside {name}.__repr__")));
    }
    let written = vm.write_repr(out, value);
    vm.being_shown.remove(&owner);
    written
}
