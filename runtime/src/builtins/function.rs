//! Functions and methods of Python, and modules.

use crate::interp::code::{CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR};
use crate::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use crate::object::compare::{avoid_minus_one, hash_identity};
use crate::object::convert::text::Text;
use crate::object::layout::{
    BoundMethod, CodeObject, DictObject, FunctionObject, ModuleObject, TupleObject, TypeObject,
};
use crate::object::native::Arguments;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{DICT_GETTER, GetSetRow, TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static FUNCTION: TypeSpec = TypeSpec {
    name: "function",
    doc: "A function written in Python.",
    namespace: Some(|vm, value| This::<FunctionObject>::expect(vm, value).dict),
    is_weakly_referable: true,
    slots: Slots {
        get: slot(|vm: &mut Vm, this: This<FunctionObject>, owner: Value, _: *mut TypeObject| {
            Ok(if owner.is_unbound() { this.value() } else { vm.new_bound_method(this.value(), owner) })
        }),
        call: slot(|vm: &mut Vm, this: This<FunctionObject>, arguments: Arguments<'_>| {
            let frame = vm.push_call(this.value(), arguments)?;
            vm.run_call(frame)
        }),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<FunctionObject>| {
            let name = vm.name_text(this.qualname);
            out.push_str(&format!("<function {name} at {:#x}>", this.value().0));
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(super::make_function::NEW),
    getters: FUNCTION_GETTERS,
    ..TypeSpec::NEW
};

const FUNCTION_GETTERS: &[GetSetRow] = &[
    DICT_GETTER,
    field("__name__", |this: This<FunctionObject>| this.name)
        .set_by(|vm: &mut Vm, this, name| {
            let name = checked_name(vm, name, "__name__")?;
            change(vm, this, |function| function.name = name)
        })
        .doc("The function's name."),
    field("__qualname__", |this: This<FunctionObject>| this.qualname)
        .set_by(|vm: &mut Vm, this, name| {
            let name = checked_name(vm, name, "__qualname__")?;
            change(vm, this, |function| function.qualname = name)
        })
        .doc("The name with those of what it stands in."),
    field("__doc__", |this: This<FunctionObject>| this.doc.or_none())
        .set_by(|vm: &mut Vm, this, doc: Option<Value>| {
            change(vm, this, |function| function.doc = doc.unwrap_or(Value::NONE))
        })
        .doc("What the function does."),
    field("__module__", |this: This<FunctionObject>| this.module.or_none())
        .set_by(|vm: &mut Vm, this, module: Option<Value>| {
            change(vm, this, |function| function.module = module.unwrap_or(Value::NONE))
        })
        .doc("The name of the module in which it was made."),
    field("__defaults__", |this: This<FunctionObject>| this.defaults.or_none())
        .set_by(|vm: &mut Vm, this: This<FunctionObject>, defaults: Option<Value>| {
            let defaults =
                checked_defaults(vm, defaults, BuiltinType::Tuple, "__defaults__ must be set to a tuple object")?;
            change(vm, this, |function| function.defaults = defaults)?;
            vm.function_changed(this.pointer());
            Ok(())
        })
        .doc("The defaults of positional parameters, or None."),
    field("__kwdefaults__", |this: This<FunctionObject>| this.kwdefaults.or_none())
        .set_by(|vm: &mut Vm, this: This<FunctionObject>, defaults: Option<Value>| {
            let defaults =
                checked_defaults(vm, defaults, BuiltinType::Dict, "__kwdefaults__ must be set to a dict object")?;
            change(vm, this, |function| function.kwdefaults = defaults)?;
            vm.function_changed(this.pointer());
            Ok(())
        })
        .doc("The defaults of parameters that are given by name alone, or None."),
    field("__annotations__", annotations)
        .set_by(|vm: &mut Vm, this, annotations: Option<Value>| {
            if annotations.is_some_and(|annotations| !annotations.is_none() && !vm.is_a::<DictObject>(annotations)) {
                return Err(vm.raise_type("__annotations__ must be set to a dict object"));
            }
            change(vm, this, |function| {
                function.annotations = annotations.unwrap_or(Value::UNBOUND);
                function.annotate = Value::NONE;
            })
        })
        .doc("The annotations of the parameters and the result."),
    field("__annotate__", |this: This<FunctionObject>| this.annotate.or_none())
        .set_by(|vm: &mut Vm, this, annotate: Option<Value>| {
            let Some(annotate) = annotate else {
                return Err(vm.raise_type("__annotate__ cannot be deleted"));
            };
            check_annotate(vm, annotate)?;
            change(vm, this, |function| {
                function.annotate = annotate;
                if !annotate.is_none() {
                    function.annotations = Value::UNBOUND;
                }
            })
        })
        .doc("The function that computes the annotations, or None."),
    field(
        "__type_params__",
        |vm: &mut Vm, this: This<FunctionObject>| {
            if this.type_params.is_unbound() { vm.empty_tuple } else { this.type_params }
        },
    )
    .set_by(|vm: &mut Vm, this, parameters: Option<Value>| match parameters {
        Some(parameters) if vm.is_a::<TupleObject>(parameters) => {
            change(vm, this, |function| function.type_params = parameters)
        }
        _ => Err(vm.raise_type("__type_params__ must be set to a tuple")),
    })
    .doc("The type parameters."),
    field("__code__", |this: This<FunctionObject>| this.code).set_by(set_code).doc("The code that it runs."),
    field("__globals__", |this: This<FunctionObject>| this.globals).doc("The variables of its module."),
    field("__builtins__", |this: This<FunctionObject>| this.builtins.or_none())
        .doc("Where built-in names are looked up."),
    field("__closure__", |this: This<FunctionObject>| this.closure.or_none())
        .doc("The cells of variables of functions outside, or None."),
];

fn checked_name(vm: &mut Vm, name: Option<Value>, attribute: &str) -> PyResult {
    match name {
        Some(name) if vm.is_str(name) => Ok(name),
        _ => Err(vm.raise_type(&format!("{attribute} must be set to a string object"))),
    }
}

fn checked_defaults(vm: &mut Vm, defaults: Option<Value>, ty: BuiltinType, message: &str) -> PyResult {
    let defaults = defaults.unwrap_or(Value::NONE);
    if defaults.is_none() || vm.is_exact(defaults, ty) { Ok(defaults) } else { Err(vm.raise_type(message)) }
}

fn change(vm: &mut Vm, mut this: This<FunctionObject>, set: impl FnOnce(&mut FunctionObject)) -> PyResult<()> {
    set(&mut this);
    vm.barrier(this.pointer());
    Ok(())
}

/// What was compiled for the function does not hold any more.
fn set_code(vm: &mut Vm, this: This<FunctionObject>, code: Option<Value>) -> PyResult<()> {
    let Some(code) = code.and_then(|code| This::<CodeObject>::of(vm, code)) else {
        return Err(vm.raise_type("__code__ must be set to a code object"));
    };
    let n_cells = if vm.is_a::<TupleObject>(this.closure) { vm.tuple_items(this.closure).len() } else { 0 };
    // SAFETY: code lives as long as its object.
    let n_frees = unsafe { (*code.code).n_frees };
    if n_frees != n_cells {
        let name = vm.string_of(this.name);
        return Err(vm.raise_value(&format!("{name}() requires a code object with {n_cells} free vars, not {n_frees}")));
    }
    // SAFETY: as above; the function's code is a code object.
    let (old, new) = unsafe { ((*(*this.code.as_ptr::<CodeObject>()).code).flags, (*code.code).flags) };
    if (old ^ new) & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) != 0 {
        let message =
            "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)";
        vm.warn(vm.exceptions.DeprecationWarning, message)?;
    }
    change(vm, this, |function| function.code = code.value())?;
    vm.function_changed(this.pointer());
    Ok(())
}

/// `__annotations__`, computed by `__annotate__` at the first use.
fn annotations(vm: &mut Vm, mut this: This<FunctionObject>) -> PyResult {
    if this.annotations.is_unbound() || this.annotations.is_none() {
        this.annotations = if this.annotate.is_none() || this.annotate.is_unbound() {
            vm.new_dict()
        } else {
            computed_annotations(vm, this.annotate)?
        };
        vm.barrier(this.pointer());
    }
    Ok(this.annotations)
}

/// What a function that computes annotations gives for their values.
pub(super) fn computed_annotations(vm: &mut Vm, annotate: Value) -> PyResult {
    let annotations = vm.call(annotate, &[Value::small_int(1)])?;
    if !vm.is_a::<DictObject>(annotations) {
        let message = format!("__annotate__ returned non-dict of type '{}'", vm.class_name(annotations));
        return Err(vm.raise_type(&message));
    }
    Ok(annotations)
}

/// May it be what `__annotate__` is set to?
pub(super) fn check_annotate(vm: &mut Vm, annotate: Value) -> PyResult<()> {
    if !annotate.is_none() && vm.slots_of(annotate).call.is_none() {
        return Err(vm.raise_type("__annotate__ must be callable or None"));
    }
    Ok(())
}

pub static BOUND_METHOD: TypeSpec = TypeSpec {
    name: "method",
    doc: "A function with its receiver.",
    is_weakly_referable: true,
    slots: Slots {
        call: slot(|vm: &mut Vm, this: This<BoundMethod>, arguments: Arguments<'_>| {
            vm.call_prepended(this.function, this.owner, arguments)
        }),
        get: Some(|_, method, _, _| Ok(method)),
        get_attribute: Some(method_attribute),
        repr: slot(write_bound_method),
        hash: slot(|vm: &mut Vm, this: This<BoundMethod>| {
            Ok(avoid_minus_one((hash_identity(this.owner) ^ vm.hash(this.function)?) as u64))
        }),
        compare: slot(
            |vm: &mut Vm, operation: u32, this: This<BoundMethod>, other: Value| match This::<BoundMethod>::of(
                vm, other,
            ) {
                Some(other) if Vm::is_equality(operation) => {
                    let is_equal = this.owner == other.owner && vm.equal(this.function, other.function)?;
                    Ok(Vm::equality(operation, is_equal))
                }
                _ => Ok(vm.not_implemented),
            },
        ),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, function, instance, /)", new_method).doc("Binds a function to a receiver.")),
    methods: &[method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<BoundMethod>| -> PyResult {
        let name = vm.get_attr(this.function, vm.names.__name__)?;
        let (getattr, arguments) = (vm.builtin("getattr"), vm.new_tuple(&[this.owner, name]));
        Ok(vm.new_tuple(&[getattr, arguments]))
    })
    .doc("How to make it again: the attribute of its receiver.")],
    getters: METHOD_GETTERS,
    ..TypeSpec::NEW
};

const METHOD_GETTERS: &[GetSetRow] = &[
    field("__func__", |this: This<BoundMethod>| this.function).doc("The function."),
    field("__self__", |this: This<BoundMethod>| this.owner).doc("The receiver."),
    field("__name__", |vm: &mut Vm, this: This<BoundMethod>| vm.get_attr(this.function, vm.names.__name__))
        .doc("The function's name."),
    field("__qualname__", |vm: &mut Vm, this: This<BoundMethod>| vm.get_attr(this.function, vm.names.__qualname__))
        .doc("The function's name, with those of what it stands in."),
    field("__doc__", |vm: &mut Vm, this: This<BoundMethod>| vm.get_attr(this.function, vm.names.__doc__))
        .doc("What the function does."),
    field("__module__", |vm: &mut Vm, this: This<BoundMethod>| vm.get_attr(this.function, vm.names.__module__))
        .doc("The function's module."),
    field("__code__", |vm: &mut Vm, this: This<BoundMethod>| vm.get_attr(this.function, vm.names.__code__))
        .doc("The function's code."),
    field("__defaults__", |vm: &mut Vm, this: This<BoundMethod>| vm.get_attr(this.function, vm.names.__defaults__))
        .doc("The function's defaults."),
    field("__annotations__", |vm: &mut Vm, this: This<BoundMethod>| {
        vm.get_attr(this.function, vm.names.__annotations__)
    })
    .doc("The function's annotations."),
    field("__wrapped__", |vm: &mut Vm, this: This<BoundMethod>| vm.get_attr(this.function, vm.names.__wrapped__))
        .doc("What the function wraps."),
    field("__dict__", |vm: &mut Vm, this: This<BoundMethod>| vm.get_attr(this.function, vm.names.__dict__))
        .doc("The function's attributes."),
];

fn new_method(vm: &mut Vm, _: ClassOf<BoundMethod>, function: Value, owner: Value) -> PyResult {
    if vm.slots_of(function).call.is_none() {
        return Err(vm.raise_type("first argument must be callable"));
    }
    if owner.is_none() {
        return Err(vm.raise_type("instance must not be None"));
    }
    Ok(vm.new_bound_method(function, owner))
}

/// What a method has not itself its function has.
fn method_attribute(vm: &mut Vm, method: Value, name: Value) -> PyResult<Option<Value>> {
    if let Some(value) = vm.generic_get_attr(method, name)? {
        return Ok(Some(value));
    }
    let function = This::<BoundMethod>::expect(vm, method).function;
    vm.get_attr(function, name).map(Some)
}

fn write_bound_method(vm: &mut Vm, out: &mut Text, this: This<BoundMethod>) -> PyResult<()> {
    let mut name = "?".to_string();
    for attribute in [vm.names.__qualname__, vm.names.__name__] {
        if let Some(found) = vm.get_attr_opt(this.function, attribute)?
            && vm.is_str(found)
        {
            name = vm.string_of(found);
            break;
        }
    }
    out.push_str(&format!("<bound method {name} of "));
    vm.write_repr(out, this.owner)?;
    out.push('>' as u32);
    Ok(())
}

pub static MODULE: TypeSpec = TypeSpec {
    name: "module",
    doc: "A module: a name and a dict.",
    namespace: Some(|vm, value| This::<ModuleObject>::expect(vm, value).dict),
    missing_attribute: Some(|vm, owner, name| vm.missing_attribute_of_module(owner, name)),
    is_weakly_referable: true,
    is_base: true,
    slots: Slots {
        get_attribute: Some(|vm, module, name| vm.module_get_attr(module, name)),
        repr: slot(write_module),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<ModuleObject>, _: Rest, _: Keywords| {
                let module = vm.unnamed_module();
                vm.derive(class.class, module)
            },
        )
        .doc("A module of no name yet."),
    ),
    methods: &[method("__init__", "($self, name, doc=None)", init_module).doc("Sets what every module has.")],
    getters: &[
        field("__dict__", |vm: &mut Vm, this: This<ModuleObject>| vm.instance_dict(this.value()))
            .doc("The module's variables."),
        field("__annotations__", module_annotations)
            .set_by(|vm: &mut Vm, this, value| set_variable(vm, this, vm.names.__annotations__, value))
            .doc("The annotations of the module's variables."),
        field("__annotate__", |vm: &mut Vm, this: This<ModuleObject>| {
            vm.dict_get_name(this.dict, vm.names.__annotate__).unwrap_or(Value::NONE)
        })
        .set_by(|vm: &mut Vm, this: This<ModuleObject>, value: Option<Value>| {
            let Some(annotate) = value else {
                return Err(vm.raise_type("cannot delete __annotate__ attribute"));
            };
            check_annotate(vm, annotate)?;
            set_variable(vm, this, vm.names.__annotate__, value)?;
            if !annotate.is_none() {
                vm.dict_remove(this.dict, vm.names.__annotations__)?;
            }
            Ok(())
        })
        .doc("The function that computes them."),
    ],
    ..TypeSpec::NEW
};

fn init_module(vm: &mut Vm, mut this: This<ModuleObject>, name: Str, doc: Option<Value>) {
    let (dict, names) = (this.dict, vm.names);
    vm.dict_set_name(dict, names.__name__, name.value());
    vm.dict_set_name(dict, names.__doc__, doc.unwrap_or(Value::NONE));
    for name in [names.__package__, names.__loader__, names.__spec__] {
        vm.dict_set_name(dict, name, Value::NONE);
    }
    this.name = name.value();
    vm.barrier(this.pointer());
}

/// What is there, or what the function that computes them gives, or else an empty dict; it is kept.
fn module_annotations(vm: &mut Vm, this: This<ModuleObject>) -> PyResult {
    let names = vm.names;
    if let Some(known) = vm.dict_get_name(this.dict, names.__annotations__) {
        return Ok(known);
    }
    let annotations = match vm.dict_get_name(this.dict, names.__annotate__) {
        Some(annotate) if !annotate.is_none() => computed_annotations(vm, annotate)?,
        _ => vm.new_dict(),
    };
    vm.dict_set_name(this.dict, names.__annotations__, annotations);
    Ok(annotations)
}

fn set_variable(vm: &mut Vm, this: This<ModuleObject>, name: Value, value: Option<Value>) -> PyResult<()> {
    match value {
        Some(value) => vm.dict_set(this.dict, name, value),
        None => match vm.dict_remove(this.dict, name)? {
            Some(_) => Ok(()),
            None => Err(vm.raise_attribute(&vm.string_of(name))),
        },
    }
}

fn write_module(vm: &mut Vm, out: &mut Text, this: This<ModuleObject>) -> PyResult<()> {
    if let Some(origin) = vm.origin_of_module(this.value()) {
        let name = vm.name_text(this.name);
        out.push_str(&format!("<module '{name}' ({origin})>"));
        return Ok(());
    }
    if vm.spec_of_module(this.value()).is_some_and(|spec| spec.has_no_origin()) {
        // What `importlib` made it also describes.
        let (importlib, describe) = (vm.part_of_importlib("_frozen_importlib")?, vm.intern("_module_repr"));
        let text = vm.call_method(importlib, describe, &[this.value()])?;
        let text = vm.str_string(text)?;
        out.push_str(&text);
        return Ok(());
    }
    let names = vm.names;
    out.push_str("<module ");
    match vm.dict_get_name(this.dict, names.__name__) {
        Some(name) => vm.write_repr(out, name)?,
        None => out.push_str("'?'"),
    }
    // One that a program made has no package.
    let is_made = vm.dict_get_name(this.dict, names.__package__).is_none_or(Value::is_none);
    let loader = vm.dict_get_name(this.dict, names.__loader__).filter(|loader| !loader.is_none());
    match (vm.dict_get_name(this.dict, names.__file__), loader) {
        (Some(file), _) => {
            out.push_str(" from ");
            vm.write_repr(out, file)?;
        }
        (None, Some(loader)) => {
            out.push_str(" (");
            vm.write_repr(out, loader)?;
            out.push(')' as u32);
        }
        (None, None) if is_made => {}
        (None, None) => out.push_str(" (built-in)"),
    }
    out.push('>' as u32);
    Ok(())
}
