//! `staticmethod`, `classmethod`, and the attributes of built-in types that are computed or lie in the object.

use super::protocol::CLASS_GETITEM;
use crate::object::argument::{ClassOf, Keywords, Rest, This, method};
use crate::object::class::class_ref;
use crate::object::convert::text::Text;
use crate::object::layout::{GetSetObject, MemberObject, MethodWrapper, TypeObject};
use crate::object::native::{Arguments, NativeRow};
use crate::object::slots::{Slots, slot};
use crate::object::spec::{DICT_GETTER, GetSetRow, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static STATIC_METHOD: TypeSpec = TypeSpec {
    name: "staticmethod",
    doc: "A function of a class that gets no receiver.",
    is_base: true,
    has_dict: true,
    slots: Slots {
        get: slot(|_: &mut Vm, this: This<MethodWrapper>, _: Value, _: *mut TypeObject| Ok(this.function)),
        call: slot(|vm: &mut Vm, this: This<MethodWrapper>, arguments: Arguments<'_>| {
            vm.call_with(this.function, arguments)
        }),
        repr: slot(|vm: &mut Vm, out: &mut Text, this| write_wrapper(vm, out, this, "staticmethod")),
        ..Slots::NONE
    },
    new: Some(WRAPPER_NEW),
    methods: WRAPPER_METHODS,
    class_methods: &[CLASS_GETITEM],
    getters: WRAPPER_GETTERS,
    ..TypeSpec::NEW
};

pub static CLASS_METHOD: TypeSpec = TypeSpec {
    name: "classmethod",
    doc: "A function of a class that gets the class as receiver.",
    is_base: true,
    has_dict: true,
    slots: Slots {
        get: slot(|vm: &mut Vm, this: This<MethodWrapper>, _: Value, class: *mut TypeObject| {
            let class = Value::object(class);
            if vm.is_native_method(this.function) {
                return Ok(vm.bind_native(this.function, class));
            }
            Ok(vm.new_bound_method(this.function, class))
        }),
        repr: slot(|vm: &mut Vm, out: &mut Text, this| write_wrapper(vm, out, this, "classmethod")),
        ..Slots::NONE
    },
    new: Some(WRAPPER_NEW),
    methods: WRAPPER_METHODS,
    class_methods: &[CLASS_GETITEM],
    getters: WRAPPER_GETTERS,
    ..TypeSpec::NEW
};

const WRAPPER_NEW: NativeRow =
    method("__new__", "($type, /, *args, **kwargs)", new_wrapper).doc("Makes a method of no function yet.");

const WRAPPER_METHODS: &[NativeRow] =
    &[method("__init__", "($self, function, /)", init_wrapper).doc("Sets the function; takes over its names.")];

const WRAPPER_GETTERS: &[GetSetRow] = &[
    DICT_GETTER,
    field("__func__", |this: This<MethodWrapper>| this.function).doc("The function."),
    field("__wrapped__", |this: This<MethodWrapper>| this.function).doc("The function."),
    field("__annotations__", |vm: &mut Vm, this| function_attribute(vm, this, vm.names.__annotations__))
        .set_by(|vm: &mut Vm, this, value| set_own(vm, this, vm.names.__annotations__, value))
        .doc("The function's annotations."),
    field("__annotate__", |vm: &mut Vm, this| function_attribute(vm, this, vm.names.__annotate__))
        .set_by(|vm: &mut Vm, this, value| set_own(vm, this, vm.names.__annotate__, value))
        .doc("The function that computes them."),
    field("__isabstractmethod__", |vm: &mut Vm, this: This<MethodWrapper>| is_abstract_function(vm, this.function))
        .doc("Is the function abstract?"),
];

/// What was set, or else what the function has, which is kept.
fn function_attribute(vm: &mut Vm, this: This<MethodWrapper>, name: Value) -> PyResult {
    match vm.own_attribute(this.value(), name) {
        Some(own) => Ok(own),
        None => {
            let value = vm.get_attr(this.function, name)?;
            vm.set_own_attribute(this.value(), name, value)?;
            Ok(value)
        }
    }
}

fn set_own(vm: &mut Vm, this: This<MethodWrapper>, name: Value, value: Option<Value>) -> PyResult<()> {
    match value {
        Some(value) => vm.set_own_attribute(this.value(), name, value),
        None => {
            let dict = vm.instance_dict(this.value())?;
            if vm.dict_remove(dict, name)?.is_none() {
                return Err(vm.raise_attribute(&vm.string_of(name)));
            }
            Ok(())
        }
    }
}

fn write_wrapper(vm: &mut Vm, out: &mut Text, this: This<MethodWrapper>, kind: &str) -> PyResult<()> {
    out.push_str(&format!("<{kind}("));
    vm.write_repr(out, this.function)?;
    out.push_str(")>");
    Ok(())
}

fn new_wrapper(vm: &mut Vm, class: ClassOf<MethodWrapper>, _: Rest, _: Keywords) -> PyResult {
    vm.new_object(class.class, |header| MethodWrapper { header, attributes: Value::UNBOUND, function: Value::NONE })
}

fn init_wrapper(vm: &mut Vm, mut this: This<MethodWrapper>, function: Value) -> PyResult<()> {
    if !this.function.is_none() {
        // Those who have found it in a class have remembered the function.
        vm.descriptors_changed();
    }
    this.function = function;
    vm.barrier(this.pointer());
    let names = vm.names;
    for name in [names.__module__, names.__name__, names.__qualname__, names.__doc__] {
        if let Some(value) = vm.get_attr_opt(function, name)? {
            vm.set_own_attribute(this.value(), name, value)?;
        }
    }
    Ok(())
}

pub(super) fn is_abstract_function(vm: &mut Vm, function: Value) -> PyResult<bool> {
    let name = vm.intern("__isabstractmethod__");
    match vm.get_attr_opt(function, name)? {
        Some(flag) => vm.is_true(flag),
        None => Ok(false),
    }
}

pub static GET_SET: TypeSpec = TypeSpec {
    name: "getset_descriptor",
    doc: "An attribute of a built-in type that is computed.",
    slots: Slots {
        get: slot(|vm: &mut Vm, this: This<GetSetObject>, owner: Value, _: *mut TypeObject| {
            if owner.is_unbound() {
                return Ok(this.value());
            }
            check_owner(vm, this, owner)?;
            (this.getter)(vm, owner)
        }),
        set: slot(set_getset),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<GetSetObject>| write_attribute(vm, out, this, "attribute")),
        ..Slots::NONE
    },
    getters: &attribute_getters::<GetSetObject>(),
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
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<MemberObject>| write_attribute(vm, out, this, "member")),
        ..Slots::NONE
    },
    getters: &attribute_getters::<MemberObject>(),
    ..TypeSpec::NEW
};

/// What stands in a class for an attribute of its objects.
trait Attribute: Object {
    fn name(&self) -> Value;
    fn class(&self) -> Value;
    /// What it is, if somebody says so.
    fn doc(&self, vm: &Vm) -> Option<&'static str>;
}

impl Attribute for GetSetObject {
    fn name(&self) -> Value {
        self.name
    }
    fn class(&self) -> Value {
        self.class
    }
    fn doc(&self, vm: &Vm) -> Option<&'static str> {
        let (name, class) = (vm.string_of(self.name), class_ref(self.class.as_ptr()));
        if class.flags & TypeObject::IMMUTABLE == 0 {
            match name.as_str() {
                "__dict__" => return Some("dictionary for instance variables"),
                "__weakref__" => return Some("list of weak references to the object"),
                _ => {}
            }
        }
        // SAFETY: specifications are static.
        let rows = unsafe { &*class.spec }.getters;
        rows.iter().find(|row| row.name == name).map(|row| row.doc)
    }
}

impl Attribute for MemberObject {
    fn name(&self) -> Value {
        self.name
    }
    fn class(&self) -> Value {
        self.class
    }
    fn doc(&self, _: &Vm) -> Option<&'static str> {
        None
    }
}

const fn attribute_getters<T: Attribute + 'static>() -> [GetSetRow; 4] {
    [
        field("__name__", |this: This<T>| this.name()).doc("The attribute's name."),
        field("__objclass__", |this: This<T>| this.class()).doc("The class whose objects have it."),
        field("__qualname__", |vm: &mut Vm, this: This<T>| {
            let owner = vm.string_of(class_ref(this.class().as_ptr()).qualname);
            format!("{owner}.{}", vm.string_of(this.name()))
        })
        .doc("The class's name and the attribute's."),
        field("__doc__", |vm: &mut Vm, this: This<T>| this.doc(vm).filter(|doc| !doc.is_empty()))
            .doc("What the attribute is."),
    ]
}

fn write_attribute<T: Attribute>(vm: &mut Vm, out: &mut Text, this: This<T>, kind: &str) -> PyResult<()> {
    let (name, class) = (vm.name_text(this.name()), vm.class_or_unknown(this.class()));
    out.push_str(&format!("<{kind} '{name}' of '{class}' objects>"));
    Ok(())
}

/// TypeError where the object is none of the attribute's class.
fn check_owner(vm: &mut Vm, this: This<GetSetObject>, owner: Value) -> PyResult<()> {
    if vm.is_instance(owner, this.class.as_ptr()) {
        return Ok(());
    }
    let (name, class, given) = (vm.string_of(this.name), vm.class_or_unknown(this.class), vm.class_name(owner));
    let message = format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{given}' object");
    Err(vm.raise_type(&message))
}

fn set_getset(vm: &mut Vm, this: This<GetSetObject>, owner: Value, value: Option<Value>) -> PyResult<()> {
    check_owner(vm, this, owner)?;
    match this.setter {
        Some(setter) => setter(vm, owner, value),
        None => {
            let (name, owner) = (vm.string_of(this.name), vm.class_or_unknown(this.class));
            Err(vm.raise_attribute(&format!("attribute '{name}' of '{owner}' objects is not writable")))
        }
    }
}
