//! The built-in functions that compile and run code: `__build_class__`, `__import__`, `exec`, `eval`, `compile`.

use crate::bytecode::{CompileMode, CompileOptions};
use crate::object::buffer::BytesLike;
use crate::object::layout::{CellObject, TupleObject};
use crate::object::native::{Arguments, NativeRow, native};
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Rows for the module `builtins`.
pub const FUNCTIONS: &[NativeRow] = &[
    native("__build_class__", "(func, name, /, *bases, metaclass=None, **kwds)", build_class),
    native("__import__", "(name, globals=None, locals=None, fromlist=(), level=0)", import),
    native(
        "compile",
        "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
        compile,
    ),
    native("exec", "(source, globals=None, locals=None, /, *, closure=None)", exec),
    native("eval", "(source, globals=None, locals=None, /)", eval),
];

fn build_class(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [body, name, original_bases, metaclass, keywords] = *args else {
        return Err(vm.raise_type("__build_class__: not enough arguments"));
    };
    if !vm.is_exact(body, BuiltinType::Function) {
        return Err(vm.raise_type("__build_class__: func must be a function"));
    }
    let bases = resolve_bases(vm, original_bases)?;
    // SAFETY: `resolve_bases` gives a tuple.
    let base_items = unsafe { (*bases.as_ptr::<TupleObject>()).items() };
    let metaclass = most_derived(vm, metaclass, base_items)?;
    let plain = Value::object(vm.class(BuiltinType::Type));
    let prepare = if metaclass == plain { None } else { vm.get_attr_opt(metaclass, vm.names.__prepare__)? };
    let keyword_parts = keyword_arguments(vm, keywords)?;
    let namespace = match prepare {
        Some(prepare) if metaclass != plain => call_with_keywords(vm, prepare, &[name, bases], keyword_parts)?,
        _ => vm.new_dict(),
    };
    if bases != original_bases {
        let orig = vm.intern("__orig_bases__");
        vm.set_item(namespace, orig, original_bases)?;
    }
    let frame = vm.push_call(body, Arguments::positional(&[]))?;
    // SAFETY: a fresh frame.
    unsafe { vm.set_locals(frame, namespace) };
    let cell = vm.run_call(frame)?;
    let class = call_with_keywords(vm, metaclass, &[name, bases, namespace], keyword_parts)?;
    if vm.is_exact(cell, BuiltinType::Cell) {
        let cell = cell.as_ptr::<CellObject>();
        // SAFETY: an exact cell.
        unsafe { (*cell).content = class };
        vm.barrier(cell);
    }
    Ok(class)
}

/// Bases with `__mro_entries__` replaced by what they say.
fn resolve_bases(vm: &mut Vm, bases: Value) -> PyResult {
    // SAFETY: a `*bases` parameter is a tuple.
    let items = unsafe { (*bases.as_ptr::<TupleObject>()).items() };
    if items.iter().all(|&base| vm.has_layout(base, BuiltinType::Type)) {
        return Ok(bases);
    }
    let list = vm.new_list_with_capacity(items.len())?;
    for &base in items {
        if vm.has_layout(base, BuiltinType::Type) {
            vm.list_push(list.as_ptr(), base)?;
            continue;
        }
        match vm.get_attr_opt(base, vm.names.__mro_entries__)? {
            Some(hook) => {
                let entries = vm.call(hook, &[bases])?;
                if !vm.is_exact(entries, BuiltinType::Tuple) {
                    return Err(vm.raise_type("__mro_entries__ must return a tuple"));
                }
                // SAFETY: an exact tuple.
                for &entry in unsafe { (*entries.as_ptr::<TupleObject>()).items() } {
                    vm.list_push(list.as_ptr(), entry)?;
                }
            }
            None => vm.list_push(list.as_ptr(), base)?,
        }
    }
    Ok(vm.tuple_of_list(list))
}

fn most_derived(vm: &mut Vm, given: Value, bases: &[Value]) -> PyResult {
    let mut winner =
        if given.is_none() || given.is_unbound() { Value::object(vm.class(BuiltinType::Type)) } else { given };
    if !vm.has_layout(winner, BuiltinType::Type) {
        return Ok(winner);
    }
    for &base in bases {
        let meta = vm.class_of(base);
        if vm.is_subclass(winner.as_ptr(), meta) {
            continue;
        }
        if !vm.is_subclass(meta, winner.as_ptr()) {
            return Err(vm.raise_type(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
            ));
        }
        winner = Value::object(meta);
    }
    Ok(winner)
}

/// A dict's values as a list and its keys as a tuple.
fn keyword_arguments(vm: &mut Vm, keywords: Value) -> PyResult<(Value, Value)> {
    let (values, names) = (vm.new_list_with_capacity(0)?, vm.new_list_with_capacity(0)?);
    if !keywords.is_unbound() {
        let mut at = 0;
        while let Some((index, entry)) = crate::object::dict::dict_of(keywords).next_entry(at) {
            vm.list_push(values.as_ptr(), entry.value)?;
            vm.list_push(names.as_ptr(), entry.key)?;
            at = index + 1;
        }
    }
    Ok((values, vm.tuple_of_list(names)))
}

fn call_with_keywords(vm: &mut Vm, callee: Value, positional: &[Value], (values, names): (Value, Value)) -> PyResult {
    // SAFETY: both were made by `keyword_arguments`.
    let (values, n_names) = unsafe {
        ((*values.as_ptr::<crate::object::layout::ListObject>()).items(), (*names.as_ptr::<TupleObject>()).len)
    };
    if n_names == 0 {
        return vm.call(callee, positional);
    }
    let all = vm.new_list(positional)?;
    for &value in values {
        vm.list_push(all.as_ptr(), value)?;
    }
    // SAFETY: a list made here, which nobody else knows.
    let values = unsafe { (*all.as_ptr::<crate::object::layout::ListObject>()).items() };
    vm.call_with(callee, Arguments { values, names })
}

fn import(vm: &mut Vm, args: &[Value]) -> PyResult {
    let globals = if args[1].is_unbound() || args[1].is_none() { vm.new_dict() } else { args[1] };
    if !vm.has_layout(args[0], BuiltinType::Str) {
        return Err(vm.raise_type("__import__() argument 1 must be str"));
    }
    let from = if args[3].is_unbound() || !vm.is_true(args[3])? { Value::NONE } else { args[3] };
    let level = if args[4].is_unbound() { 0 } else { vm.index_i64(args[4])? };
    vm.import_level(globals, args[0], from, level)
}

fn source_bytes(vm: &mut Vm, source: Value, what: &str) -> PyResult<Vec<u8>> {
    if vm.is_str(source) {
        return Ok(str_to_string(source).into_bytes());
    }
    if vm.is_bytes_like(source) {
        return Ok(BytesLike::of(vm, source)?.to_vec());
    }
    let message = format!("{what}() arg 1 must be a string, bytes or code object");
    Err(vm.raise_type(&message))
}

fn compile(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.is_exact(args[0], BuiltinType::Code) {
        return Ok(args[0]);
    }
    let source = source_bytes(vm, args[0], "compile")?;
    let filename = vm.str_string(args[1])?;
    let mode = vm.str_string(args[2])?;
    let mode = match mode.as_str() {
        "exec" => CompileMode::Exec,
        "eval" => CompileMode::Eval,
        "single" => CompileMode::Single,
        _ => return Err(vm.raise_value("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    vm.compile(&source, &filename, &CompileOptions { mode, optimize: vm.optimize, ..CompileOptions::default() })
}

/// Globals and locals for `exec` and `eval`.
fn namespaces(vm: &mut Vm, globals: Value, locals: Value) -> PyResult<(Value, Value)> {
    let given = |value: Value| !value.is_unbound() && !value.is_none();
    if given(globals) {
        if !vm.has_layout(globals, BuiltinType::Dict) {
            return Err(vm.raise_type("globals must be a dict"));
        }
        return Ok((globals, if given(locals) { locals } else { globals }));
    }
    let Some(frame) = vm.running_frame() else {
        let dict = vm.new_dict();
        return Ok((dict, dict));
    };
    let frame_globals = frame.globals();
    let locals = if given(locals) { locals } else { vm.running_locals(frame)? };
    Ok((frame_globals, locals))
}

fn run(vm: &mut Vm, args: &[Value], mode: CompileMode, what: &str) -> PyResult {
    let (globals, locals) = namespaces(vm, args[1], args[2])?;
    let code = if vm.is_exact(args[0], BuiltinType::Code) {
        args[0]
    } else {
        let mut source = source_bytes(vm, args[0], what)?;
        if mode == CompileMode::Eval {
            let skipped = source.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            source.drain(..skipped);
        }
        vm.compile(&source, "<string>", &CompileOptions { mode, optimize: vm.optimize, ..CompileOptions::default() })?
    };
    vm.run_code(code, globals, locals)
}

fn exec(vm: &mut Vm, args: &[Value]) -> PyResult {
    run(vm, args, CompileMode::Exec, "exec")?;
    Ok(Value::NONE)
}

fn eval(vm: &mut Vm, args: &[Value]) -> PyResult {
    run(vm, args, CompileMode::Eval, "eval")
}
