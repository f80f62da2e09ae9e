//! Attributes of functions, methods, code objects, modules, cells and tracebacks.

use super::receiver::object_of;
use crate::interp::code::Code;
use crate::object::compare::{avoid_minus_one, hash_identity};
use crate::object::convert::text::Text;
use crate::object::layout::*;
use crate::object::native::native;
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static FUNCTION: TypeSpec = TypeSpec {
    name: "function",
    doc: "A function written in Python.",
    new: Some(super::make_function::NEW),
    slots: Slots {
        get: Some(|vm, function, owner, _| {
            Ok(if owner.is_unbound() { function } else { vm.new_bound_method(function, owner) })
        }),
        call: Some(|vm, function, arguments| {
            let frame = vm.push_call(function, arguments)?;
            vm.run_call(frame)
        }),
        repr: Some(|vm, out, function| {
            let name = vm.name_text(object_of::<FunctionObject>(function).qualname);
            out.push_str(&format!("<function {name} at {:#x}>", function.0));
            Ok(())
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

const NATIVE: Slots = Slots { call: Some(Vm::call_native_object), ..Slots::NONE };

pub static NATIVE_FUNCTION: TypeSpec = TypeSpec {
    name: "builtin_function_or_method",
    doc: "A native function, or a native method with its receiver.",
    slots: Slots {
        repr: Some(write_native),
        hash: Some(|_, native| {
            let native: &NativeFunction = object_of(native);
            let binding = hash_identity(Value(native.binding as u64));
            Ok(avoid_minus_one((hash_identity(native.owner) ^ binding) as u64))
        }),
        compare: Some(|vm, operation, lhs, rhs| {
            if !Vm::is_equality(operation) || !vm.has_layout(rhs, BuiltinType::NativeFunction) {
                return Ok(vm.not_implemented);
            }
            let [a, b] = [lhs, rhs].map(object_of::<NativeFunction>);
            Ok(Vm::equality(operation, a.owner == b.owner && std::ptr::eq(a.binding, b.binding)))
        }),
        ..NATIVE
    },
    ..TypeSpec::NEW
};

const NATIVE_DESCRIPTOR: Slots = Slots {
    get: Some(|vm, method, owner, _| Ok(if owner.is_unbound() { method } else { vm.bind_native(method, owner) })),
    ..NATIVE
};

pub static NATIVE_METHOD: TypeSpec = TypeSpec {
    name: "method_descriptor",
    doc: "A method of a built-in type.",
    slots: Slots { repr: Some(|vm, out, method| write_descriptor(vm, out, method, "method")), ..NATIVE_DESCRIPTOR },
    ..TypeSpec::NEW
};

pub static SLOT_WRAPPER: TypeSpec = TypeSpec {
    name: "wrapper_descriptor",
    doc: "A special method of a built-in type.",
    slots: Slots {
        repr: Some(|vm, out, method| write_descriptor(vm, out, method, "slot wrapper")),
        ..NATIVE_DESCRIPTOR
    },
    ..TypeSpec::NEW
};

pub static BOUND_METHOD: TypeSpec = TypeSpec {
    name: "method",
    doc: "A function with its receiver.",
    slots: Slots {
        call: Some(|vm, method, arguments| {
            let method: &BoundMethod = object_of(method);
            vm.call_prepended(method.function, method.owner, arguments)
        }),
        get: Some(|_, method, _, _| Ok(method)),
        repr: Some(write_bound_method),
        hash: Some(|vm, method| {
            let method: &BoundMethod = object_of(method);
            Ok(avoid_minus_one((hash_identity(method.owner) ^ vm.hash(method.function)?) as u64))
        }),
        compare: Some(|vm, operation, lhs, rhs| {
            if !Vm::is_equality(operation) || !vm.has_layout(rhs, BuiltinType::BoundMethod) {
                return Ok(vm.not_implemented);
            }
            let [a, b] = [lhs, rhs].map(object_of::<BoundMethod>);
            Ok(Vm::equality(operation, a.owner == b.owner && vm.equal(a.function, b.function)?))
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static CODE: TypeSpec = TypeSpec {
    name: "code",
    doc: "Compiled Python code.",
    slots: Slots {
        repr: Some(|vm, out, code| {
            let object: &CodeObject = object_of(code);
            let (name, file) = (vm.name_text(object.name), vm.name_text(object.filename));
            out.push_str(&format!("<code object {name} at {:#x}, file \"{file}\">", code.0));
            Ok(())
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static CELL: TypeSpec = TypeSpec {
    name: "cell",
    doc: "A variable that functions share.",
    is_unhashable: true,
    slots: Slots { repr: Some(write_cell), compare: Some(compare_cells), ..Slots::NONE },
    ..TypeSpec::NEW
};

pub static MODULE: TypeSpec = TypeSpec {
    name: "module",
    doc: "A module: a name and a dict.",
    is_base: true,
    slots: Slots {
        get_attribute: Some(|vm, module, name| vm.module_get_attr(module, name)),
        repr: Some(write_module),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

fn write_native(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let native: &NativeFunction = object_of(value);
    // SAFETY: bindings live as long as the VM.
    let name = unsafe { (*native.binding).row.name };
    if native.owner.is_unbound() || vm.has_layout(native.owner, BuiltinType::Module) {
        out.push_str(&format!("<built-in function {name}>"));
    } else {
        let owner = vm.class_name(native.owner);
        out.push_str(&format!("<built-in method {name} of {owner} object at {:#x}>", native.owner.0));
    }
    Ok(())
}

fn write_descriptor(_: &mut Vm, out: &mut Text, method: Value, kind: &str) -> PyResult<()> {
    // SAFETY: bindings live as long as the VM.
    let binding = unsafe { &*object_of::<NativeFunction>(method).binding };
    out.push_str(&format!("<{kind} '{}' of '{}' objects>", binding.row.name, binding.qualifier));
    Ok(())
}

fn write_bound_method(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let method: &BoundMethod = object_of(value);
    let name = match vm.get_attr_opt(method.function, vm.names.__qualname__)? {
        Some(name) => vm.name_text(name),
        None => "?".to_string(),
    };
    out.push_str(&format!("<bound method {name} of "));
    vm.write_repr(out, method.owner)?;
    out.push('>' as u32);
    Ok(())
}

fn write_cell(vm: &mut Vm, out: &mut Text, cell: Value) -> PyResult<()> {
    let content = object_of::<CellObject>(cell).content;
    let shown = if content.is_unbound() {
        "empty".to_string()
    } else {
        format!("{} object at {:#x}", vm.class_name(content), content.0)
    };
    out.push_str(&format!("<cell at {:#x}: {shown}>", cell.0));
    Ok(())
}

fn write_module(vm: &mut Vm, out: &mut Text, module: Value) -> PyResult<()> {
    let module: &ModuleObject = object_of(module);
    let name = vm.name_text(module.name);
    match vm.dict_get_name(module.dict, vm.names.__file__) {
        Some(file) => {
            out.push_str(&format!("<module '{name}' from "));
            vm.write_repr(out, file)?;
            out.push('>' as u32);
        }
        None => out.push_str(&format!("<module '{name}' (built-in)>")),
    }
    Ok(())
}

/// By their contents; empty ones come first.
fn compare_cells(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    if !vm.has_layout(rhs, BuiltinType::Cell) {
        return Ok(vm.not_implemented);
    }
    let [a, b] = [lhs, rhs].map(|cell| object_of::<CellObject>(cell).content);
    if a.is_unbound() || b.is_unbound() {
        return Vm::ordered(operation, (!a.is_unbound()).cmp(&!b.is_unbound()));
    }
    vm.compare_op(operation, a, b)
}

pub fn install(vm: &mut Vm) {
    install_functions(vm);
    install_methods(vm);
    install_natives(vm);
    install_code(vm);
    vm.add_getters(BuiltinType::Module, &[("__dict__", |vm, value| vm.instance_dict(value))]);
    let module = vm.class(BuiltinType::Module);
    vm.add_new(module, native("__new__", "($type, name, doc=None)", new_module));
    let cell = vm.class(BuiltinType::Cell);
    vm.add_getset(cell, "cell_contents", cell_contents, Some(set_cell_contents));
    vm.add_new(cell, native("__new__", "($type, contents=<unrepresentable>, /)", |vm, args| Ok(vm.new_cell(args[1]))));
    vm.add_getters(
        BuiltinType::Traceback,
        &[
            ("tb_next", |vm, value| {
                vm.check_receiver(value, BuiltinType::Traceback)
                    .map(|()| none_if_unbound(object_of::<TracebackObject>(value).next))
            }),
            ("tb_lineno", |vm, value| {
                vm.check_receiver(value, BuiltinType::Traceback)?;
                Ok(Value::small_int(object_of::<TracebackObject>(value).line as i64))
            }),
            ("tb_lasti", |vm, value| {
                vm.check_receiver(value, BuiltinType::Traceback)?;
                Ok(Value::small_int(object_of::<TracebackObject>(value).instruction as i64 * 2))
            }),
        ],
    );
}

fn none_if_unbound(value: Value) -> Value {
    if value.is_unbound() { Value::NONE } else { value }
}

fn function(vm: &mut Vm, value: Value) -> PyResult<&'static mut FunctionObject> {
    vm.check_receiver(value, BuiltinType::Function)?;
    Ok(object_of(value))
}

/// Changes a function: what was compiled for it does not hold any more.
fn change(vm: &mut Vm, value: Value, set: impl FnOnce(&mut FunctionObject)) -> Result<(), Raised> {
    let object = function(vm, value)?;
    set(object);
    vm.barrier(value.as_ptr::<FunctionObject>());
    Ok(())
}

fn install_functions(vm: &mut Vm) {
    let class = vm.class(BuiltinType::Function);
    vm.add_getset(
        class,
        "__name__",
        |vm, value| function(vm, value).map(|f| f.name),
        Some(|vm, value, name| match name {
            Some(name) if vm.is_str(name) => change(vm, value, |f| f.name = name),
            _ => Err(vm.raise_type("__name__ must be set to a string object")),
        }),
    );
    vm.add_getset(
        class,
        "__qualname__",
        |vm, value| function(vm, value).map(|f| f.qualname),
        Some(|vm, value, name| match name {
            Some(name) if vm.is_str(name) => change(vm, value, |f| f.qualname = name),
            _ => Err(vm.raise_type("__qualname__ must be set to a string object")),
        }),
    );
    vm.add_getset(
        class,
        "__doc__",
        |vm, value| function(vm, value).map(|f| none_if_unbound(f.doc)),
        Some(|vm, value, doc| change(vm, value, |f| f.doc = doc.unwrap_or(Value::NONE))),
    );
    vm.add_getset(
        class,
        "__module__",
        |vm, value| function(vm, value).map(|f| none_if_unbound(f.module)),
        Some(|vm, value, module| change(vm, value, |f| f.module = module.unwrap_or(Value::NONE))),
    );
    vm.add_getset(
        class,
        "__defaults__",
        |vm, value| function(vm, value).map(|f| none_if_unbound(f.defaults)),
        Some(|vm, value, defaults| {
            let defaults = defaults.unwrap_or(Value::NONE);
            if !defaults.is_none() && !vm.is_exact(defaults, BuiltinType::Tuple) {
                return Err(vm.raise_type("__defaults__ must be set to a tuple object"));
            }
            change(vm, value, |f| f.defaults = defaults)?;
            vm.function_changed(value.as_ptr());
            Ok(())
        }),
    );
    vm.add_getset(
        class,
        "__kwdefaults__",
        |vm, value| function(vm, value).map(|f| none_if_unbound(f.kwdefaults)),
        Some(|vm, value, defaults| {
            let defaults = defaults.unwrap_or(Value::NONE);
            if !defaults.is_none() && !vm.is_exact(defaults, BuiltinType::Dict) {
                return Err(vm.raise_type("__kwdefaults__ must be set to a dict object"));
            }
            change(vm, value, |f| f.kwdefaults = defaults)
        }),
    );
    vm.add_getset(
        class,
        "__annotations__",
        annotations,
        Some(|vm, value, annotations| change(vm, value, |f| f.annotations = annotations.unwrap_or(Value::UNBOUND))),
    );
    vm.add_getset(
        class,
        "__annotate__",
        |vm, value| function(vm, value).map(|f| none_if_unbound(f.annotate)),
        Some(|vm, value, annotate| {
            change(vm, value, |f| {
                f.annotate = annotate.unwrap_or(Value::NONE);
                f.annotations = Value::UNBOUND;
            })
        }),
    );
    vm.add_getset(
        class,
        "__type_params__",
        |vm, value| {
            let params = function(vm, value)?.type_params;
            Ok(if params.is_unbound() { vm.empty_tuple } else { params })
        },
        Some(|vm, value, params| change(vm, value, |f| f.type_params = params.unwrap_or(Value::UNBOUND))),
    );
    vm.add_getset(class, "__code__", |vm, value| function(vm, value).map(|f| f.code), Some(set_code));
    vm.add_getters(
        BuiltinType::Function,
        &[
            ("__globals__", |vm, value| function(vm, value).map(|f| f.globals)),
            ("__builtins__", |vm, value| function(vm, value).map(|f| none_if_unbound(f.builtins))),
            ("__closure__", |vm, value| function(vm, value).map(|f| none_if_unbound(f.closure))),
        ],
    );
}

fn set_code(vm: &mut Vm, value: Value, code: Option<Value>) -> Result<(), Raised> {
    let Some(code) = code.filter(|&code| vm.has_layout(code, BuiltinType::Code)) else {
        return Err(vm.raise_type("__code__ must be set to a code object"));
    };
    let closure = function(vm, value)?.closure;
    let n_cells = if vm.has_layout(closure, BuiltinType::Tuple) { super::tuple_of(closure).len } else { 0 };
    // SAFETY: code lives as long as its object.
    let n_frees = unsafe { (*object_of::<CodeObject>(code).code).n_frees };
    if n_frees != n_cells {
        let name = function(vm, value)?.name;
        let name = crate::object::string::str_to_string(name);
        return Err(vm.raise_value(&format!("{name}() requires a code object with {n_cells} free vars, not {n_frees}")));
    }
    change(vm, value, |f| f.code = code)?;
    vm.function_changed(value.as_ptr());
    Ok(())
}

/// `__annotations__`, computed by `__annotate__` at the first use.
fn annotations(vm: &mut Vm, value: Value) -> PyResult {
    let object = function(vm, value)?;
    if object.annotations.is_unbound() || object.annotations.is_none() {
        let computed = if object.annotate.is_none() || object.annotate.is_unbound() {
            vm.new_dict()
        } else {
            vm.call(object.annotate, &[Value::small_int(1)])?
        };
        object.annotations = computed;
        vm.barrier(value.as_ptr::<FunctionObject>());
    }
    Ok(object.annotations)
}

fn install_methods(vm: &mut Vm) {
    fn method(vm: &mut Vm, value: Value) -> PyResult<&'static BoundMethod> {
        vm.check_receiver(value, BuiltinType::BoundMethod)?;
        Ok(object_of(value))
    }
    fn forwarded(vm: &mut Vm, value: Value, name: Value) -> PyResult {
        let function = method(vm, value)?.function;
        vm.get_attr(function, name)
    }
    let class = vm.class(BuiltinType::BoundMethod);
    vm.add_new(
        class,
        native("__new__", "($type, function, instance, /)", |vm, args| Ok(vm.new_bound_method(args[1], args[2]))),
    );
    vm.add_getters(
        BuiltinType::BoundMethod,
        &[
            ("__func__", |vm, value| method(vm, value).map(|m| m.function)),
            ("__self__", |vm, value| method(vm, value).map(|m| m.owner)),
            ("__name__", |vm, value| forwarded(vm, value, vm.names.__name__)),
            ("__qualname__", |vm, value| forwarded(vm, value, vm.names.__qualname__)),
            ("__doc__", |vm, value| forwarded(vm, value, vm.names.__doc__)),
            ("__module__", |vm, value| forwarded(vm, value, vm.names.__module__)),
            ("__code__", |vm, value| forwarded(vm, value, vm.names.__code__)),
            ("__defaults__", |vm, value| forwarded(vm, value, vm.names.__defaults__)),
            ("__annotations__", |vm, value| forwarded(vm, value, vm.names.__annotations__)),
            ("__wrapped__", |vm, value| forwarded(vm, value, vm.names.__wrapped__)),
            ("__dict__", |vm, value| forwarded(vm, value, vm.names.__dict__)),
        ],
    );
}

fn install_natives(vm: &mut Vm) {
    fn object(vm: &mut Vm, value: Value) -> PyResult<&'static NativeFunction> {
        if !vm.is_native_method(value) {
            vm.check_receiver(value, BuiltinType::NativeFunction)?;
        }
        Ok(object_of(value))
    }
    fn text(vm: &mut Vm, value: Value, part: fn(&NativeFunction) -> String) -> PyResult {
        let text = part(object(vm, value)?);
        Ok(vm.new_str(&text))
    }
    for ty in [BuiltinType::NativeFunction, BuiltinType::NativeMethod, BuiltinType::SlotWrapper] {
        vm.add_getters(
            ty,
            &[
                // SAFETY: bindings live as long as the VM.
                ("__name__", |vm, value| text(vm, value, |native| unsafe { (*native.binding).row.name.to_string() })),
                // SAFETY: bindings live as long as the VM.
                ("__qualname__", |vm, value| text(vm, value, |native| unsafe { qualified(&*native.binding) })),
                ("__text_signature__", |vm, value| {
                    // SAFETY: bindings live as long as the VM.
                    text(vm, value, |native| unsafe { (*native.binding).row.signature.to_string() })
                }),
                // SAFETY: bindings live as long as the VM.
                ("__doc__", |vm, value| text(vm, value, |native| unsafe { (*native.binding).row.doc.to_string() })),
                ("__module__", |vm, value| object(vm, value).map(|native| none_if_unbound(native.module))),
                ("__self__", |vm, value| object(vm, value).map(|native| none_if_unbound(native.owner))),
            ],
        );
    }
}

fn qualified(binding: &crate::object::native::NativeBinding) -> String {
    if binding.qualifier.is_empty() {
        binding.row.name.to_string()
    } else {
        format!("{}.{}", binding.qualifier, binding.row.name)
    }
}

fn install_code(vm: &mut Vm) {
    fn object(vm: &mut Vm, value: Value) -> PyResult<&'static CodeObject> {
        vm.check_receiver(value, BuiltinType::Code)?;
        Ok(object_of(value))
    }
    fn number(vm: &mut Vm, value: Value, part: fn(&Code) -> usize) -> PyResult {
        let code = object(vm, value)?.code;
        // SAFETY: code lives as long as its object.
        let number = part(unsafe { &*code });
        Ok(Value::small_int(number as i64))
    }
    /// Names of the local variables `from..to`.
    fn names(vm: &mut Vm, value: Value, range: fn(&Code) -> std::ops::Range<usize>) -> PyResult {
        let code = object(vm, value)?;
        // SAFETY: code lives as long as its object.
        let range = range(unsafe { &*code.code });
        let all = super::tuple_of(code.localsplus_names).items();
        Ok(vm.new_tuple(all.get(range).unwrap_or_default()))
    }
    vm.add_getters(
        BuiltinType::Code,
        &[
            ("co_name", |vm, value| object(vm, value).map(|code| code.name)),
            ("co_qualname", |vm, value| object(vm, value).map(|code| code.qualname)),
            ("co_filename", |vm, value| object(vm, value).map(|code| code.filename)),
            ("co_consts", |vm, value| object(vm, value).map(|code| code.consts)),
            ("co_names", |vm, value| object(vm, value).map(|code| code.names)),
            ("co_varnames", |vm, value| names(vm, value, |code| 0..code.n_locals)),
            ("co_freevars", |vm, value| names(vm, value, |code| code.n_localsplus - code.n_frees..code.n_localsplus)),
            ("co_cellvars", cell_variables),
            ("co_argcount", |vm, value| number(vm, value, |code| code.arg_count)),
            ("co_posonlyargcount", |vm, value| number(vm, value, |code| code.positional_only)),
            ("co_kwonlyargcount", |vm, value| number(vm, value, |code| code.keyword_only)),
            ("co_nlocals", |vm, value| number(vm, value, |code| code.n_locals)),
            ("co_stacksize", |vm, value| number(vm, value, |code| code.stack_size)),
            ("co_flags", |vm, value| number(vm, value, |code| code.flags as usize)),
            ("co_firstlineno", |vm, value| number(vm, value, |code| code.first_line as usize)),
            ("co_code", |vm, value| {
                let code = object(vm, value)?.code;
                // SAFETY: code lives as long as its object.
                let bytes = unsafe { (*code).co_code.clone() };
                vm.new_bytes(&bytes)
            }),
        ],
    );
}

/// Locals that are cells, arguments included.
fn cell_variables(vm: &mut Vm, value: Value) -> PyResult {
    const CELL: u8 = 0x40;
    vm.check_receiver(value, BuiltinType::Code)?;
    let object: &CodeObject = object_of(value);
    // SAFETY: code lives as long as its object.
    let kinds = unsafe { &(*object.code).localsplus_kinds };
    let list = vm.new_list(&[])?;
    for (&name, kind) in super::tuple_of(object.localsplus_names).items().iter().zip(kinds) {
        if kind & CELL != 0 {
            vm.list_push(super::list_of(list), name)?;
        }
    }
    Ok(vm.new_tuple(super::list_of(list).items()))
}

fn new_module(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !vm.is_str(args[1]) {
        let message = format!("module() argument 'name' must be str, not {}", vm.class_name(args[1]));
        return Err(vm.raise_type(&message));
    }
    let name = crate::object::string::str_to_string(args[1]);
    let module = vm.new_module(&name);
    if !args[2].is_unbound() {
        vm.set_module_entry(module, "__doc__", args[2]);
    }
    Ok(module)
}

fn cell_contents(vm: &mut Vm, value: Value) -> PyResult {
    vm.check_receiver(value, BuiltinType::Cell)?;
    let content = object_of::<CellObject>(value).content;
    if content.is_unbound() {
        return Err(vm.raise_value("cell is empty"));
    }
    Ok(content)
}

fn set_cell_contents(vm: &mut Vm, value: Value, content: Option<Value>) -> Result<(), Raised> {
    vm.check_receiver(value, BuiltinType::Cell)?;
    object_of::<CellObject>(value).content = content.unwrap_or(Value::UNBOUND);
    vm.barrier(value.as_ptr::<CellObject>());
    Ok(())
}
