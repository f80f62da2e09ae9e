//! `_pickle`: what is native under the module `pickle`: objects as bytes, and bytes as objects.
//!
//! ```text
//!   object ──save──► instructions ──output──► frames of bytes          bytes ──source──► instructions ──load──► object
//!             └ memo: by identity                                                                       └ stack, marks, memo
//! ```

mod buffer;
mod containers;
mod global;
mod load;
mod memo;
mod note;
mod opcode;
mod output;
mod pickler;
mod reduce;
mod save;
mod source;
mod unpickler;

use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_pickle",
    doc: "Objects as bytes.",
    functions: &[
        method("dump", "(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)", pickler::dump_to)
            .doc("Writes an object to a file."),
        method("dumps", "(obj, protocol=None, *, fix_imports=True, buffer_callback=None)", pickler::dumps)
            .doc("An object as bytes."),
        method(
            "load",
            "(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
            unpickler::load_from,
        )
        .doc("Reads an object from a file."),
        method(
            "loads",
            "(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
            unpickler::loads,
        )
        .doc("The object that bytes are of."),
    ],
    types: &[&pickler::PICKLER, &unpickler::UNPICKLER, &buffer::PICKLE_BUFFER],
    exec: Some(|vm, module| {
        let metaclass = Value::object(vm.class(BuiltinType::Type));
        let (module_key, module_name) = (vm.intern("__module__"), vm.intern("_pickle"));
        let mut base = Value::object(vm.exceptions.Exception);
        for (kind, name) in KINDS {
            let bases = vm.new_tuple(&[base]);
            let namespace = vm.new_dict();
            vm.dict_set(namespace, module_key, module_name)?;
            let text = vm.new_str(name);
            let class = vm.call(metaclass, &[text, bases, namespace])?;
            if kind == Kind::General {
                base = class;
            }
            state(vm).errors[kind as usize] = class;
            vm.set_module_entry(module, name, class);
        }
        Ok(())
    }),
    state: Some(|| Box::new(State { errors: [Value::NONE; 3], kept: [Value::NONE; 3], spare: Default::default() })),
    ..ModuleSpec::NEW
};

/// The exceptions of the module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `PickleError`, the base of both others.
    General,
    Pickling,
    Unpickling,
}

const KINDS: [(Kind, &str); 3] =
    [(Kind::General, "PickleError"), (Kind::Pickling, "PicklingError"), (Kind::Unpickling, "UnpicklingError")];

struct State {
    errors: [Value; 3],
    /// `copyreg`, `copyreg.dispatch_table` and `codecs.encode`, once they were asked for.
    kept: [Value; 3],
    /// What `dumps` works with, kept from one call to the next.
    spare: (memo::Memo, Vec<u8>),
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.errors.into_iter().chain(self.kept).for_each(visit);
    }
}

fn state(vm: &mut Vm) -> &mut State {
    vm.module_state(&MODULE).expect("the module's state is one")
}

/// Raises one of the module's exceptions.
fn raise(vm: &mut Vm, kind: Kind, message: &str) -> Raised {
    let class = state(vm).errors[kind as usize];
    vm.raise(class.as_ptr(), message)
}

/// Something of a module of the library, looked up once.
fn kept(vm: &mut Vm, place: usize, module: &str, name: Option<&str>) -> PyResult {
    let known = state(vm).kept[place];
    if !known.is_none() {
        return Ok(known);
    }
    let mut found = vm.import_dotted(module)?;
    if let Some(name) = name {
        let name = vm.intern(name);
        found = vm.get_attr(found, name)?;
    }
    state(vm).kept[place] = found;
    Ok(found)
}

/// Something of `copyreg`.
fn copyreg(vm: &mut Vm, name: &str) -> PyResult {
    let module = kept(vm, 0, "copyreg", None)?;
    let name = vm.intern(name);
    vm.get_attr(module, name)
}

fn dispatch_table(vm: &mut Vm) -> PyResult {
    kept(vm, 1, "copyreg", Some("dispatch_table"))
}

fn codecs_encode(vm: &mut Vm) -> PyResult {
    kept(vm, 2, "codecs", Some("encode"))
}

/// Something of the names in Python 2 and 3.
fn compatible(vm: &mut Vm, name: &str) -> PyResult {
    let module = vm.import_dotted("_compat_pickle")?;
    let name = vm.intern(name);
    vm.get_attr(module, name)
}

/// Something of `pickle` itself.
fn python(vm: &mut Vm, name: &str) -> PyResult {
    let module = vm.import_dotted("pickle")?;
    let name = vm.intern(name);
    vm.get_attr(module, name)
}
