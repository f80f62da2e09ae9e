//! `_imp`: what `importlib` needs of the VM. Its own parts are to it what frozen modules are to CPython.

use crate::interp::code_cache::MAGIC;
use crate::interp::importers;
use crate::object::argument::{Index, Str, method};
use crate::object::buffer::BytesLike;
use crate::object::layout::CodeObject;
use crate::object::module::{Constant, ModuleSpec};
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_imp",
    doc: "What importlib needs of the runtime.",
    functions: FUNCTIONS,
    constants: &[
        ("check_hash_based_pycs", Constant::Str("default")),
        ("pyc_magic_number_token", Constant::Int(MAGIC as i64)),
    ],
    state: Some(importers::state),
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[NativeRow] = &[
    method("lock_held", "()", || false).doc("Does somebody import? Threads import one after the other."),
    method("acquire_lock", "()", || Value::NONE).doc("Nothing: threads import one after the other."),
    method("release_lock", "()", || Value::NONE).doc("Nothing: threads import one after the other."),
    method("extension_suffixes", "()", |vm: &mut Vm| vm.new_list(&[]))
        .doc("How files of native modules end: there are none."),
    method("is_builtin", "(name, /)", |vm: &mut Vm, name: Str| i64::from(vm.native_module(&name.text()).is_some()))
        .doc("1 where a native module is part of the program."),
    method("is_frozen", "(name, /)", |_: Str| false)
        .doc("False: the parts of importlib are described when they are made, and not again by importlib."),
    method("is_frozen_package", "(name, /)", |vm: &mut Vm, name: Str| frozen(vm, name))
        .doc("False: no part of importlib is."),
    method("find_frozen", "(name, /, *, withdata=False)", find_frozen)
        .doc("None, or of a part of importlib: no data, that it is no package, and its name."),
    method("get_frozen_object", "(name, data=None, /)", |vm: &mut Vm, name: Str, _: Option<Value>| {
        frozen(vm, name)?;
        vm.frozen_code(&name.text())
    })
    .doc("The code of a part of importlib."),
    method("_frozen_module_names", "()", frozen_names).doc("The names of the parts of importlib."),
    method("create_builtin", "(spec, /)", create_builtin).doc("A native module, by what describes it."),
    method("exec_builtin", "(mod, /)", |_: Value| 0i64).doc("Nothing: a native module is whole from the start."),
    method("create_dynamic", "(spec, file=None, /)", |vm: &mut Vm, _: Value, _: Option<Value>| -> PyResult {
        Err(vm.raise(vm.exceptions.ImportError, "native modules are part of the program"))
    })
    .doc("There are no files of native modules."),
    method("exec_dynamic", "(mod, /)", |_: Value| 0i64).doc("There are no files of native modules."),
    method("_fix_co_filename", "(code, path, /)", fix_filename)
        .doc("Gives code, with the code in it, the name of its file."),
    method("source_hash", "(key, source)", source_hash).doc("Eight bytes that a source is known by."),
    method("_override_frozen_modules_for_tests", "(override, /)", |_: Index| Value::NONE).doc("Nothing."),
    method("_override_multi_interp_extensions_check", "(override, /)", |_: Index| -1i64).doc("Nothing."),
];

fn not_frozen(vm: &mut Vm, name: &str) -> Raised {
    let key = vm.intern(name);
    let message = format!("No such frozen object named {name}");
    vm.raise_with_field(vm.exceptions.ImportError, &message, super::exception_fields::field::IMPORT_NAME, key)
}

/// Is the part of `importlib` a package? ImportError where there is none.
fn frozen(vm: &mut Vm, name: Str) -> PyResult<bool> {
    let name = name.text();
    vm.frozen_source(&name).map(|found| found.package.is_some()).ok_or_else(|| not_frozen(vm, &name))
}

fn find_frozen(vm: &mut Vm, name: Str, _with_data: Option<Value>) -> Value {
    match vm.frozen_source(&name.text()) {
        Some(_) => vm.new_tuple(&[Value::NONE, Value::FALSE, name.value()]),
        None => Value::NONE,
    }
}

fn frozen_names(vm: &mut Vm) -> PyResult {
    let names = importers::SOURCES.map(|(name, _)| vm.intern(name));
    vm.new_list(&names)
}

fn create_builtin(vm: &mut Vm, spec: Value) -> PyResult {
    let name = vm.get_attr(spec, vm.names.name)?;
    if !vm.is_str(name) {
        return Err(vm.raise_type("name must be a string"));
    }
    let key = vm.intern_value(name);
    if let Some(module) = vm.dict_get_name(vm.modules, key) {
        return Ok(module);
    }
    match vm.native_module(&vm.string_of(name)) {
        Some(spec) => vm.make_module(spec),
        None => Ok(Value::NONE),
    }
}

fn fix_filename(vm: &mut Vm, code: Value, path: Str) -> PyResult<()> {
    if !vm.is_exactly::<CodeObject>(code) {
        let message = format!("_fix_co_filename() argument 1 must be code, not {}", vm.class_name(code));
        return Err(vm.raise_type(&message));
    }
    let path = vm.intern_value(path.value());
    vm.rename_code(code, path);
    Ok(())
}

fn source_hash(vm: &mut Vm, key: Index, source: BytesLike) -> PyResult {
    let mut hasher = SipHasher13::new_with_keys(key.0 as u64, 0);
    hasher.write(&source);
    vm.new_bytes(&hasher.finish().to_le_bytes())
}
