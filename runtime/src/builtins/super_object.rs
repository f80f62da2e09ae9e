//! `super`.

use crate::object::argument::{Class, ClassOf, OrNone, This, method};
use crate::object::class::class_ref;
use crate::object::convert::text::Text;
use crate::object::layout::{SuperObject, TypeObject};
use crate::object::slots::{Slots, slot};
use crate::object::spec::{TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static SUPER: TypeSpec = TypeSpec {
    name: "super",
    doc: "What follows a class in an order of resolution.",
    is_base: true,
    slots: Slots {
        get: slot(|vm: &mut Vm, this: This<SuperObject>, owner: Value, _: *mut TypeObject| {
            if owner.is_unbound() || !this.owner.is_unbound() {
                return Ok(this.value());
            }
            let own = vm.class_of(this.value());
            if !class_ref(own).is_of(&SUPER) {
                return vm.call(Value::object(own), &[this.class, owner]);
            }
            bound(vm, Class(this.class.as_ptr()), Some(owner))
        }),
        get_attribute: Some(|vm, object, name| vm.super_get_attr(object, name)),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<SuperObject>| {
            let class = vm.class_or_unknown(this.class);
            let owner = if vm.is_a::<TypeObject>(this.owner_class) {
                format!("<{} object>", vm.type_name(this.owner_class.as_ptr()))
            } else {
                "NULL".to_string()
            };
            out.push_str(&format!("<super: <class '{class}'>, {owner}>"));
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, type=<unrepresentable>, object=<unrepresentable>, /)", new)
            .doc("Looks attributes up behind a class in the order of an object's class."),
    ),
    getters: &[
        field("__thisclass__", |this: This<SuperObject>| this.class).doc("The class behind which the search begins."),
        field("__self__", |this: This<SuperObject>| this.owner.or_none())
            .doc("The object whose attributes it looks up."),
        field("__self_class__", |this: This<SuperObject>| this.owner_class.or_none())
            .doc("The class in whose order it searches."),
    ],
    ..TypeSpec::NEW
};

/// `super(type, object)`; without arguments, from the calling frame's `__class__` cell and first argument.
fn new(vm: &mut Vm, derived: ClassOf<SuperObject>, class: Option<Value>, owner: OrNone<Value>) -> PyResult {
    let exact = match class {
        None => vm.super_of_frame()?,
        Some(class) => {
            let Some(start) = Class::of(vm, class) else {
                let message = format!("super() argument 1 must be a type, not {}", vm.class_name(class));
                return Err(vm.raise_type(&message));
            };
            bound(vm, start, owner.0)?
        }
    };
    vm.derive(derived.class, exact)
}

fn bound(vm: &mut Vm, class: Class, owner: Option<Value>) -> PyResult {
    let (owner, owner_class) = match owner {
        None => (Value::UNBOUND, Value::UNBOUND),
        Some(owner) if Class::of(vm, owner).is_some_and(|owner| vm.is_subclass(owner.0, class.0)) => (owner, owner),
        Some(owner) if vm.is_instance(owner, class.0) => (owner, Value::object(vm.class_of(owner))),
        Some(owner) => {
            let given = match Class::of(vm, owner) {
                Some(owner) => format!("type {}", vm.type_name(owner.0)),
                None => format!("instance of {}", vm.class_name(owner)),
            };
            let message = format!(
                "super(type, obj): obj ({given}) is not an instance or subtype of type ({}).",
                vm.type_name(class.0)
            );
            return Err(vm.raise_type(&message));
        }
    };
    let class = Value::object(class.0);
    Ok(vm.make(BuiltinType::Super, |header| SuperObject { header, class, owner, owner_class }))
}
