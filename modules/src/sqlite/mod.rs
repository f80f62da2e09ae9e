//! `_sqlite3`: what is native under the module `sqlite3`, on SQLite itself.
//!
//! ```text
//!   Connection ── statements by text ──► Statement ◄── Cursor ──► rows
//!       │                                   ↑ bind (adapters)      ↑ fetch (converters)
//!       └ kept: what SQLite calls back (callbacks)
//! ```

mod adapt;
mod bind;
mod blob;
mod callbacks;
mod connection;
mod constants;
mod cursor;
mod error;
mod fetch;
mod methods;
mod row;
mod statement;

use connection::CONNECTION;
use error::{Kind, raise, state};
use libsqlite3_sys as ffi;
use std::ffi::{CStr, CString};
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::module::{Constant, ModuleSpec, ModuleState};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_sqlite3",
    doc: "Databases of SQLite.",
    functions: &[
        method("connect", "(*args, **kwargs)", connect).doc("Opens a database."),
        method("complete_statement", "(statement)", |vm: &mut Vm, text: Str| -> PyResult<bool> {
            let Ok(text) = CString::new(text.text()) else {
                return Err(vm.raise_value("embedded null character"));
            };
            // SAFETY: text that ends with a zero byte.
            Ok(unsafe { ffi::sqlite3_complete(text.as_ptr()) != 0 })
        })
        .doc("Is the text a complete statement?"),
        method("register_adapter", "(type, adapter, /)", adapt::register_adapter)
            .doc("Objects of the type are given to databases as the function says."),
        method("register_converter", "(typename, converter, /)", adapt::register_converter)
            .doc("Values of columns of the type are made by the function, of bytes."),
        method("enable_callback_tracebacks", "(enable, /)", |vm: &mut Vm, enable: bool| {
            state(vm).tells_of_callbacks = enable;
        })
        .doc("Are exceptions told of that functions of statements raise?"),
        method(
            "adapt",
            "(obj, proto=None, alt=None, /)",
            |vm: &mut Vm, object: Value, protocol: Option<Value>, default: Option<Value>| {
                adapt::adapt(vm, object, protocol, default)
            },
        )
        .doc("What stands for an object in a database."),
    ],
    types: &[&CONNECTION, &cursor::CURSOR, &row::ROW, &blob::BLOB, &PREPARE_PROTOCOL],
    constants: &[
        ("PARSE_DECLTYPES", Constant::Int(constants::PARSE_DECLTYPES)),
        ("PARSE_COLNAMES", Constant::Int(constants::PARSE_COLNAMES)),
        ("LEGACY_TRANSACTION_CONTROL", Constant::Int(constants::LEGACY_TRANSACTION_CONTROL)),
        ("threadsafety", Constant::Int(3)),
    ],
    exec: Some(|vm, module| {
        for &(name, value) in constants::RESULTS.iter().chain(constants::OTHERS) {
            let value = vm.new_int(value);
            vm.set_module_entry(module, name, value);
        }
        // SAFETY: gives static text.
        let version = unsafe { CStr::from_ptr(ffi::sqlite3_libversion()) }.to_string_lossy();
        let version = vm.new_str(&version);
        vm.set_module_entry(module, "sqlite_version", version);
        let (adapters, converters) = (vm.new_dict(), vm.new_dict());
        (state(vm).adapters, state(vm).converters) = (adapters, converters);
        vm.set_module_entry(module, "adapters", adapters);
        vm.set_module_entry(module, "converters", converters);
        error::add_classes(vm, module)
    }),
    state: Some(|| {
        Box::new(State {
            errors: [Value::NONE; 10],
            adapters: Value::NONE,
            converters: Value::NONE,
            tells_of_callbacks: false,
            adapts_plain: false,
        })
    }),
    ..ModuleSpec::NEW
};

unsafe extern "C" {
    /// Closes a database at once, or when its last statement is gone. The bindings leave it out.
    #[link_name = "sqlite3_close_v2"]
    fn close_when_unused(db: *mut ffi::sqlite3) -> std::ffi::c_int;
}

struct State {
    /// By kind.
    errors: [Value; 10],
    adapters: Value,
    converters: Value,
    tells_of_callbacks: bool,
    /// There are adapters of numbers and texts.
    adapts_plain: bool,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.errors.into_iter().chain([self.adapters, self.converters]).for_each(visit);
    }
}

/// What adapters are asked for.
#[repr(C)]
struct PrepareProtocol {
    header: Header,
}

static PREPARE_PROTOCOL: TypeSpec = TypeSpec {
    name: "PrepareProtocol",
    module: "sqlite3",
    doc: "What adapters are asked for: something that a statement can be given.",
    layout: Some(Layout::of::<PrepareProtocol>(0)),
    is_base: true,
    new: Some(
        method("__new__", "($type, /)", |vm: &mut Vm, class: ClassOf<PrepareProtocol>| {
            vm.new_object(class.class, |header| PrepareProtocol { header })
        })
        .doc("A new one."),
    ),
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for PrepareProtocol {
    const SPEC: &'static TypeSpec = &PREPARE_PROTOCOL;
}

const POSITIONAL: &str = "Passing more than 1 positional argument to sqlite3.connect() is deprecated. Parameters 'timeout', \
    'detect_types', 'isolation_level', 'check_same_thread', 'factory', 'cached_statements' and 'uri' will become \
    keyword-only parameters in Python 3.15.";

fn connect(vm: &mut Vm, rest: Rest, named: Keywords) -> PyResult {
    if rest.items().len() > 1 {
        vm.warn(vm.exceptions.DeprecationWarning, POSITIONAL)?;
    }
    let key = vm.intern("factory");
    let factory = match rest.items().get(5).copied() {
        Some(factory) => Some(factory),
        None => vm.dict_get(named.value(), key)?,
    };
    let factory = match factory {
        Some(factory) => factory,
        None => Value::object(vm.type_of_spec(&CONNECTION)),
    };
    vm.call_expanded(factory, rest.value(), named.value())
}
