//! `property`.

use super::descriptor::is_abstract_function;
use crate::object::argument::{ClassOf, OrNone, Rest, This, method};
use crate::object::class::class_ref;
use crate::object::layout::{PropertyObject, TypeObject};
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static PROPERTY: TypeSpec = TypeSpec {
    name: "property",
    doc: "An attribute that functions see to.",
    is_base: true,
    slots: Slots { get: slot(get), set: slot(set), ..Slots::NONE },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, class, _: Value, _: Value| new(vm, class))
            .doc("A property without functions."),
    ),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, fget=None, fset=None, fdel=None, doc=None)", init)
        .doc("Sets the functions that read, set and delete the attribute."),
    method("getter", "($self, function, /)", |vm: &mut Vm, this, function: Value| copy(vm, this, 0, function))
        .doc("A property like this one that is read by another function."),
    method("setter", "($self, function, /)", |vm: &mut Vm, this, function: Value| copy(vm, this, 1, function))
        .doc("A property like this one that is set by another function."),
    method("deleter", "($self, function, /)", |vm: &mut Vm, this, function: Value| copy(vm, this, 2, function))
        .doc("A property like this one that is deleted by another function."),
    method("__set_name__", "($self, /, *args)", set_name).doc("Tells the property its name."),
];

const GETTERS: &[GetSetRow] = &[
    field("fget", |this: This<PropertyObject>| this.getter).doc("The function that reads the attribute."),
    field("fset", |this: This<PropertyObject>| this.setter).doc("The function that sets the attribute."),
    field("fdel", |this: This<PropertyObject>| this.deleter).doc("The function that deletes the attribute."),
    field("__name__", name)
        .set_by(|vm: &mut Vm, mut this: This<PropertyObject>, name: Option<Value>| {
            this.name = name.unwrap_or(Value::UNBOUND);
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("The attribute's name."),
    field("__doc__", |this: This<PropertyObject>| this.doc)
        .set_by(|vm: &mut Vm, mut this: This<PropertyObject>, doc: Option<Value>| {
            this.doc = doc.unwrap_or(Value::NONE);
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("What the attribute is."),
    field("__isabstractmethod__", |vm: &mut Vm, this: This<PropertyObject>| {
        for function in [this.getter, this.setter, this.deleter] {
            if is_abstract_function(vm, function)? {
                return Ok(true);
            }
        }
        PyResult::Ok(false)
    })
    .doc("Is one of the functions abstract?"),
];

fn new(vm: &mut Vm, class: ClassOf<PropertyObject>) -> PyResult {
    vm.new_object(class.class, |header| PropertyObject {
        header,
        attributes: Value::UNBOUND,
        getter: Value::NONE,
        setter: Value::NONE,
        deleter: Value::NONE,
        doc: Value::NONE,
        name: Value::UNBOUND,
        has_doc_of_getter: false,
    })
}

fn init(
    vm: &mut Vm,
    mut this: This<PropertyObject>,
    getter: OrNone<Value>,
    setter: OrNone<Value>,
    deleter: OrNone<Value>,
    doc: OrNone<Value>,
) -> PyResult<()> {
    let of_getter = match (doc.0, getter.0) {
        (None, Some(getter)) => vm.get_attr_opt(getter, vm.names.__doc__)?.filter(|doc| !doc.is_none()),
        _ => None,
    };
    let doc = doc.0.or(of_getter);
    this.has_doc_of_getter = of_getter.is_some();
    let is_derived = !vm.is_exact(this.value(), BuiltinType::Property);
    let own_doc = if is_derived { None } else { doc };
    if this.getter != Value::NONE {
        // Those who have found it in a class have remembered the getter.
        vm.descriptors_changed();
    }
    [this.getter, this.setter, this.deleter, this.doc] =
        [getter.0, setter.0, deleter.0, own_doc].map(|value| value.unwrap_or(Value::NONE));
    vm.barrier(this.pointer());
    if !is_derived {
        return Ok(());
    }
    // What derives from it keeps the text as an attribute; where it has no room for one, a text of its own is let go.
    match vm.set_attr(this.value(), vm.names.__doc__, doc.unwrap_or(Value::NONE)) {
        Err(Raised) if of_getter.is_none() && vm.exception_matches(vm.exceptions.AttributeError) => {
            vm.clear_exception();
            Ok(())
        }
        outcome => outcome,
    }
}

/// A copy with one of its functions replaced.
fn copy(vm: &mut Vm, this: This<PropertyObject>, which: usize, function: Value) -> PyResult {
    let mut functions = [this.getter, this.setter, this.deleter];
    functions[which] = function;
    let class = Value::object(vm.class_of(this.value()));
    let doc = if this.has_doc_of_getter && !functions[0].is_none() { Value::NONE } else { this.doc };
    let copy = vm.call(class, &[functions[0], functions[1], functions[2], doc])?;
    if let Some(mut copy) = This::<PropertyObject>::of(vm, copy) {
        copy.name = this.name;
        vm.barrier(copy.pointer());
    }
    Ok(copy)
}

fn set_name(vm: &mut Vm, mut this: This<PropertyObject>, args: Rest) -> PyResult<()> {
    let &[_owner, name] = args.items() else {
        let n = args.items().len();
        let message = format!("__set_name__() takes 2 positional arguments but {n} were given");
        return Err(vm.raise_type(&message));
    };
    this.name = name;
    vm.barrier(this.pointer());
    Ok(())
}

/// As it was told, or else the getter's.
fn name(vm: &mut Vm, this: This<PropertyObject>) -> PyResult {
    if !this.name.is_unbound() {
        return Ok(this.name);
    }
    let name = if this.getter.is_none() { None } else { vm.get_attr_opt(this.getter, vm.names.__name__)? };
    name.ok_or_else(|| vm.raise_attribute("'property' object has no attribute '__name__'"))
}

fn get(vm: &mut Vm, this: This<PropertyObject>, owner: Value, _class: *mut TypeObject) -> PyResult {
    if owner.is_unbound() {
        return Ok(this.value());
    }
    if this.getter.is_none() {
        return Err(raise_no_accessor(vm, this, owner, "getter"));
    }
    vm.call(this.getter, &[owner])
}

fn set(vm: &mut Vm, this: This<PropertyObject>, owner: Value, value: Option<Value>) -> PyResult<()> {
    let (function, verb) = if value.is_some() { (this.setter, "setter") } else { (this.deleter, "deleter") };
    if function.is_none() {
        return Err(raise_no_accessor(vm, this, owner, verb));
    }
    match value {
        Some(value) => vm.call(function, &[owner, value])?,
        None => vm.call(function, &[owner])?,
    };
    Ok(())
}

fn raise_no_accessor(vm: &mut Vm, this: This<PropertyObject>, owner: Value, verb: &str) -> Raised {
    let name = match name(vm, this) {
        Ok(name) if vm.is_str(name) => format!(" '{}'", vm.string_of(name)),
        Ok(_) => String::new(),
        Err(_) => {
            vm.clear_exception();
            String::new()
        }
    };
    let class = vm.string_of(class_ref(vm.class_of(owner)).qualname);
    let message = format!("property{name} of '{class}' object has no {verb}");
    vm.raise_attribute(&message)
}
