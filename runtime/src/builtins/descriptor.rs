//! `property`, `staticmethod`, `classmethod`, `super`.

use super::receiver::object_of;
use crate::object::class::class_ref;
use crate::object::convert::text::Text;
use crate::object::layout::*;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static PROPERTY: TypeSpec = TypeSpec {
    name: "property",
    doc: "An attribute that functions see to.",
    is_base: true,
    slots: Slots { get: Some(get_property), set: Some(set_property), ..Slots::NONE },
    ..TypeSpec::NEW
};

pub static STATIC_METHOD: TypeSpec = TypeSpec {
    name: "staticmethod",
    doc: "A function of a class that gets no receiver.",
    is_base: true,
    slots: Slots {
        get: Some(|_, method, _, _| Ok(object_of::<MethodWrapper>(method).function)),
        call: Some(|vm, method, arguments| vm.call_with(object_of::<MethodWrapper>(method).function, arguments)),
        repr: Some(|vm, out, method| write_wrapper(vm, out, method, "staticmethod")),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static CLASS_METHOD: TypeSpec = TypeSpec {
    name: "classmethod",
    doc: "A function of a class that gets the class as receiver.",
    is_base: true,
    slots: Slots {
        get: Some(|vm, method, _, class| {
            let function = object_of::<MethodWrapper>(method).function;
            let class_value = Value::object(class);
            if vm.is_native_method(function) {
                return Ok(vm.bind_native(function, class_value));
            }
            Ok(vm.new_bound_method(function, class_value))
        }),
        repr: Some(|vm, out, method| write_wrapper(vm, out, method, "classmethod")),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static GET_SET: TypeSpec = TypeSpec {
    name: "getset_descriptor",
    doc: "An attribute of a built-in type that is computed.",
    slots: Slots {
        get: Some(|vm, attribute, owner, _| {
            if owner.is_unbound() {
                return Ok(attribute);
            }
            let getter = object_of::<GetSetObject>(attribute).getter;
            getter(vm, owner)
        }),
        set: Some(set_getset),
        repr: Some(|vm, out, attribute| {
            let getset: &GetSetObject = object_of(attribute);
            let (name, class) = (vm.name_text(getset.name), vm.class_or_unknown(getset.class));
            out.push_str(&format!("<attribute '{name}' of '{class}' objects>"));
            Ok(())
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static MEMBER: TypeSpec = TypeSpec {
    name: "member_descriptor",
    doc: "An attribute that lies in the object.",
    slots: Slots {
        get: Some(
            |vm, attribute, owner, _| {
                if owner.is_unbound() { Ok(attribute) } else { vm.member_get(attribute, owner) }
            },
        ),
        set: Some(|vm, attribute, owner, value| vm.member_set(attribute, owner, value)),
        repr: Some(|vm, out, attribute| {
            let member: &MemberObject = object_of(attribute);
            let (name, class) = (vm.name_text(member.name), vm.class_or_unknown(member.class));
            out.push_str(&format!("<member '{name}' of '{class}' objects>"));
            Ok(())
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static SUPER: TypeSpec = TypeSpec {
    name: "super",
    doc: "What follows a class in an order of resolution.",
    is_base: true,
    slots: Slots {
        get_attribute: Some(|vm, object, name| vm.super_get_attr(object, name)),
        repr: Some(|vm, out, object| {
            let object: &SuperObject = object_of(object);
            let class = vm.class_or_unknown(object.class);
            if vm.has_layout(object.owner_class, BuiltinType::Type) {
                let owner = vm.type_name(object.owner_class.as_ptr());
                out.push_str(&format!("<super: <class '{class}'>, <{owner} object>>"));
            } else {
                out.push_str(&format!("<super: <class '{class}'>, NULL>"));
            }
            Ok(())
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

fn write_wrapper(vm: &mut Vm, out: &mut Text, method: Value, kind: &str) -> PyResult<()> {
    out.push_str(&format!("<{kind}("));
    vm.write_repr(out, object_of::<MethodWrapper>(method).function)?;
    out.push_str(")>");
    Ok(())
}

fn set_getset(vm: &mut Vm, attribute: Value, owner: Value, value: Option<Value>) -> PyResult<()> {
    let getset: &GetSetObject = object_of(attribute);
    match getset.setter {
        Some(setter) => setter(vm, owner, value),
        None => {
            let (name, owner) = (str_to_string(getset.name), vm.class_name(owner));
            Err(vm.raise_attribute(&format!("attribute '{name}' of '{owner}' objects is not writable")))
        }
    }
}

const PROPERTY_METHODS: &[NativeRow] = &[
    native("getter", "($self, function, /)", |vm, args| copy_property(vm, args, 0)),
    native("setter", "($self, function, /)", |vm, args| copy_property(vm, args, 1)),
    native("deleter", "($self, function, /)", |vm, args| copy_property(vm, args, 2)),
    native("__init__", "($self, /, fget=None, fset=None, fdel=None, doc=None)", init_property),
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
    vm.add_methods(BuiltinType::Property, PROPERTY_METHODS);
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
    for ty in [BuiltinType::GetSet, BuiltinType::Member] {
        vm.add_getters(
            ty,
            &[
                ("__name__", |vm, value| parts_of_attribute(vm, value).map(|(name, _)| name)),
                ("__objclass__", |vm, value| parts_of_attribute(vm, value).map(|(_, class)| class)),
                ("__qualname__", |vm, value| {
                    let (name, class) = parts_of_attribute(vm, value)?;
                    let owner = str_to_string(class_ref(class.as_ptr()).qualname);
                    Ok(vm.new_str(&format!("{owner}.{}", str_to_string(name))))
                }),
                ("__doc__", |vm, value| parts_of_attribute(vm, value).map(|_| Value::NONE)),
            ],
        );
    }
}

/// The name and the class of a computed attribute or a slot's member.
fn parts_of_attribute(vm: &mut Vm, value: Value) -> PyResult<(Value, Value)> {
    match vm.layout_of(value) {
        BuiltinType::GetSet => {
            let attribute = object_of::<GetSetObject>(value);
            Ok((attribute.name, attribute.class))
        }
        _ => {
            vm.check_receiver(value, BuiltinType::Member)?;
            let attribute = object_of::<MemberObject>(value);
            Ok((attribute.name, attribute.class))
        }
    }
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

fn get_property(vm: &mut Vm, property: Value, owner: Value, _class: *mut TypeObject) -> PyResult {
    if owner.is_unbound() {
        return Ok(property);
    }
    let getter = object_of::<PropertyObject>(property).getter;
    if getter.is_none() {
        return Err(raise_no_accessor(vm, property, owner, "getter"));
    }
    vm.call(getter, &[owner])
}

fn set_property(vm: &mut Vm, property: Value, owner: Value, value: Option<Value>) -> PyResult<()> {
    let object: &PropertyObject = object_of(property);
    let (function, verb) = if value.is_some() { (object.setter, "setter") } else { (object.deleter, "deleter") };
    if function.is_none() {
        return Err(raise_no_accessor(vm, property, owner, verb));
    }
    match value {
        Some(value) => vm.call(function, &[owner, value])?,
        None => vm.call(function, &[owner])?,
    };
    Ok(())
}

fn raise_no_accessor(vm: &mut Vm, property: Value, owner: Value, verb: &str) -> Raised {
    let name = object_of::<PropertyObject>(property).name;
    let name = if name.is_unbound() { String::new() } else { format!(" '{}'", str_to_string(name)) };
    let message = format!("property{name} of '{}' object has no {verb}", vm.class_name(owner));
    vm.raise_attribute(&message)
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
    let class = super::class::class_argument(vm, args[0], BuiltinType::Super)?;
    let exact = exact_super(vm, args)?;
    vm.derive(class, exact)
}

fn exact_super(vm: &mut Vm, args: &[Value]) -> PyResult {
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
