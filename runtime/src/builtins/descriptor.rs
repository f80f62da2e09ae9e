//! `property`, `staticmethod`, `classmethod`, `super`.

use super::receiver::object_of;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const PROPERTY: &[NativeRow] = &[
    native("getter", "($self, function, /)", |vm, args| copy_property(vm, args, 0)),
    native("setter", "($self, function, /)", |vm, args| copy_property(vm, args, 1)),
    native("deleter", "($self, function, /)", |vm, args| copy_property(vm, args, 2)),
    native("__init__", "($self, /, fget=None, fset=None, fdel=None, doc=None)", init_property),
    native("__get__", "($self, instance, owner=None, /)", |vm, args| {
        vm.check_receiver(args[0], BuiltinType::Property)?;
        bind(vm, args)
    }),
    native("__set__", "($self, instance, value, /)", |vm, args| set_property(vm, args[0], args[1], Some(args[2]))),
    native("__delete__", "($self, instance, /)", |vm, args| set_property(vm, args[0], args[1], None)),
    native("__set_name__", "($self, owner, name, /)", |vm, args| {
        vm.check_receiver(args[0], BuiltinType::Property)?;
        if vm.is_str(args[2]) {
            object_of::<PropertyObject>(args[0]).name = args[2];
            vm.barrier(args[0].as_ptr::<PropertyObject>());
        }
        Ok(Value::NONE)
    }),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Property, PROPERTY);
    let property = vm.class(BuiltinType::Property);
    vm.add_new(property, native("__new__", "($type, /, *args, **kwargs)", |vm, args| new_property(vm, args[0])));
    vm.add_getters(
        BuiltinType::Property,
        &[
            ("fget", |vm, value| property_field(vm, value, |property| property.getter)),
            ("fset", |vm, value| property_field(vm, value, |property| property.setter)),
            ("fdel", |vm, value| property_field(vm, value, |property| property.deleter)),
            ("__name__", |vm, value| property_field(vm, value, |property| property.name)),
        ],
    );
    vm.add_getset(
        property,
        "__doc__",
        |vm, value| property_field(vm, value, |property| property.doc),
        Some(|vm, value, doc| {
            vm.check_receiver(value, BuiltinType::Property)?;
            object_of::<PropertyObject>(value).doc = doc.unwrap_or(Value::NONE);
            vm.barrier(value.as_ptr::<PropertyObject>());
            Ok(())
        }),
    );
    for ty in [BuiltinType::StaticMethod, BuiltinType::ClassMethod] {
        let class = vm.class(ty);
        let new = if ty == BuiltinType::StaticMethod { new_static_method } else { new_class_method };
        vm.add_new(class, native("__new__", "($type, function, /)", new));
        vm.add_methods(ty, &[native("__get__", "($self, instance, owner=None, /)", bind)]);
        vm.add_getters(ty, &[("__func__", wrapped), ("__wrapped__", wrapped)]);
        vm.add_getters(
            ty,
            &[
                ("__name__", |vm, value| wrapped_attribute(vm, value, vm.names.__name__)),
                ("__qualname__", |vm, value| wrapped_attribute(vm, value, vm.names.__qualname__)),
                ("__doc__", |vm, value| wrapped_attribute(vm, value, vm.names.__doc__)),
            ],
        );
    }
    vm.add_methods(
        BuiltinType::StaticMethod,
        &[native("__call__", "($self, /, *args, **kwargs)", |vm, args| {
            let function = wrapped(vm, args[0])?;
            vm.call_expanded(function, args[1], args[2])
        })],
    );
    vm.add_getters(BuiltinType::ClassMethod, &[("__isabstractmethod__", is_abstract)]);
    vm.add_getters(BuiltinType::StaticMethod, &[("__isabstractmethod__", is_abstract)]);
    vm.add_getters(
        BuiltinType::Property,
        &[("__isabstractmethod__", |vm, value| {
            vm.check_receiver(value, BuiltinType::Property)?;
            let property: &PropertyObject = object_of(value);
            for function in [property.getter, property.setter, property.deleter] {
                if is_abstract_function(vm, function)? {
                    return Ok(Value::TRUE);
                }
            }
            Ok(Value::FALSE)
        })],
    );
    let class = vm.class(BuiltinType::Super);
    vm.add_new(class, native("__new__", "($type, type=<unrepresentable>, object=<unrepresentable>, /)", new_super));
    vm.add_getters(
        BuiltinType::Super,
        &[
            ("__thisclass__", |vm, value| {
                vm.check_receiver(value, BuiltinType::Super).map(|()| object_of::<SuperObject>(value).class)
            }),
            ("__self__", |vm, value| {
                vm.check_receiver(value, BuiltinType::Super).map(|()| object_of::<SuperObject>(value).owner)
            }),
            ("__self_class__", |vm, value| {
                vm.check_receiver(value, BuiltinType::Super).map(|()| object_of::<SuperObject>(value).owner_class)
            }),
        ],
    );
    for ty in [BuiltinType::Function, BuiltinType::NativeMethod, BuiltinType::GetSet, BuiltinType::Member] {
        vm.add_methods(ty, &[native("__get__", "($self, instance, owner=None, /)", bind)]);
    }
    for ty in [BuiltinType::GetSet, BuiltinType::Member] {
        vm.add_getters(
            ty,
            &[("__name__", |vm, value| {
                Ok(match vm.layout_of(value) {
                    BuiltinType::GetSet => object_of::<GetSetObject>(value).name,
                    BuiltinType::Member => object_of::<MemberObject>(value).name,
                    _ => Value::NONE,
                })
            })],
        );
    }
}

/// `descriptor.__get__(instance, owner)`.
fn bind(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = match vm.optional(args[2]) {
        Some(owner) => super::class::class_value(vm, owner)?,
        None => vm.class_of(args[1]),
    };
    let instance = if args[1].is_none() { Value::UNBOUND } else { args[1] };
    vm.bind(args[0], instance, class)
}

fn new_property(vm: &mut Vm, class: Value) -> PyResult {
    let class = super::class::class_argument(vm, class, BuiltinType::Property)?;
    let property = vm.make(BuiltinType::Property, |header| PropertyObject {
        header,
        attributes: Value::UNBOUND,
        getter: Value::NONE,
        setter: Value::NONE,
        deleter: Value::NONE,
        doc: Value::NONE,
        name: Value::UNBOUND,
    });
    vm.set_class(property, class);
    Ok(property)
}

fn init_property(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Property)?;
    let or_none = |value: Value| if value.is_unbound() { Value::NONE } else { value };
    let mut doc = or_none(args[4]);
    if doc.is_none() && !or_none(args[1]).is_none() {
        let name = vm.names.__doc__;
        doc = vm.get_attr_opt(args[1], name)?.unwrap_or(Value::NONE);
    }
    let property: &mut PropertyObject = object_of(args[0]);
    if property.getter != Value::NONE {
        // Those who have found it in a class have remembered the getter.
        vm.descriptors_changed();
    }
    (property.getter, property.setter, property.deleter, property.doc) =
        (or_none(args[1]), or_none(args[2]), or_none(args[3]), doc);
    vm.barrier(args[0].as_ptr::<PropertyObject>());
    Ok(Value::NONE)
}

/// A copy with one of its functions replaced.
fn copy_property(vm: &mut Vm, args: &[Value], which: usize) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::Property)?;
    let old: &PropertyObject = object_of(args[0]);
    let mut functions = [old.getter, old.setter, old.deleter];
    functions[which] = args[1];
    let class = Value::object(vm.class_of(args[0]));
    let doc = if which == 0 { Value::NONE } else { old.doc };
    let copy = vm.call(class, &[functions[0], functions[1], functions[2], doc])?;
    if vm.has_layout(copy, BuiltinType::Property) {
        object_of::<PropertyObject>(copy).name = old.name;
        vm.barrier(copy.as_ptr::<PropertyObject>());
    }
    Ok(copy)
}

fn property_field(vm: &mut Vm, value: Value, field: fn(&PropertyObject) -> Value) -> PyResult {
    vm.check_receiver(value, BuiltinType::Property)?;
    let found = field(object_of(value));
    Ok(if found.is_unbound() { Value::NONE } else { found })
}

fn set_property(vm: &mut Vm, property: Value, instance: Value, value: Option<Value>) -> PyResult {
    vm.check_receiver(property, BuiltinType::Property)?;
    let object: &PropertyObject = object_of(property);
    let (function, verb) = if value.is_some() { (object.setter, "setter") } else { (object.deleter, "deleter") };
    if function.is_none() {
        let message = format!("property of '{}' object has no {verb}", vm.class_name(instance));
        return Err(vm.raise_attribute(&message));
    }
    match value {
        Some(value) => vm.call(function, &[instance, value])?,
        None => vm.call(function, &[instance])?,
    };
    Ok(Value::NONE)
}

fn new_static_method(vm: &mut Vm, args: &[Value]) -> PyResult {
    new_wrapper(vm, args, BuiltinType::StaticMethod)
}

fn new_class_method(vm: &mut Vm, args: &[Value]) -> PyResult {
    new_wrapper(vm, args, BuiltinType::ClassMethod)
}

fn new_wrapper(vm: &mut Vm, args: &[Value], ty: BuiltinType) -> PyResult {
    let class = super::class::class_argument(vm, args[0], ty)?;
    let function = args[1];
    let wrapper = vm.make(ty, |header| MethodWrapper { header, attributes: Value::UNBOUND, function });
    vm.set_class(wrapper, class);
    Ok(wrapper)
}

fn wrapped(vm: &mut Vm, value: Value) -> PyResult {
    if !vm.has_layout(value, BuiltinType::StaticMethod) {
        vm.check_receiver(value, BuiltinType::ClassMethod)?;
    }
    Ok(object_of::<MethodWrapper>(value).function)
}

fn wrapped_attribute(vm: &mut Vm, value: Value, name: Value) -> PyResult {
    let function = wrapped(vm, value)?;
    vm.get_attr(function, name)
}

fn is_abstract(vm: &mut Vm, value: Value) -> PyResult {
    let function = wrapped(vm, value)?;
    Ok(Value::bool(is_abstract_function(vm, function)?))
}

fn is_abstract_function(vm: &mut Vm, function: Value) -> PyResult<bool> {
    let name = vm.intern("__isabstractmethod__");
    match vm.get_attr_opt(function, name)? {
        Some(flag) => vm.is_true(flag),
        None => Ok(false),
    }
}

/// `super(type, object)`; without arguments, from the calling frame's `__class__` cell and first argument.
fn new_super(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_unbound() {
        return vm.super_of_frame();
    }
    if !vm.has_layout(args[1], BuiltinType::Type) {
        let message = format!("super() argument 1 must be a type, not {}", vm.class_name(args[1]));
        return Err(vm.raise_type(&message));
    }
    let class = args[1].as_ptr::<TypeObject>();
    let Some(owner) = vm.optional(args[2]) else {
        return Ok(vm.make(BuiltinType::Super, |header| SuperObject {
            header,
            class: args[1],
            owner: Value::UNBOUND,
            owner_class: Value::UNBOUND,
        }));
    };
    let owner_class = if vm.has_layout(owner, BuiltinType::Type) && vm.is_subclass(owner.as_ptr(), class) {
        owner
    } else if vm.is_instance(owner, class) {
        Value::object(vm.class_of(owner))
    } else {
        let message = format!(
            "super(type, obj): obj (instance of {}) is not an instance or subtype of type ({}).",
            vm.class_name(owner),
            vm.type_name(class)
        );
        return Err(vm.raise_type(&message));
    };
    Ok(vm.make(BuiltinType::Super, |header| SuperObject { header, class: args[1], owner, owner_class }))
}
