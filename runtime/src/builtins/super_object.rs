//! `super`.

use crate::object::argument::{Class, ClassOf, Keywords, OrNone, Rest, This, method};
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
            if owner.is_unbound() || !this.owner.is_unbound() || this.class.is_unbound() {
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
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, class, _: Rest, _: Keywords| new(vm, class))
            .doc("One that looks nothing up yet."),
    ),
    methods: &[method("__init__", "($self, type=<unrepresentable>, object=<unrepresentable>, /)", init)
        .doc("Looks attributes up behind a class in the order of an object's class.")],
    getters: &[
        field("__thisclass__", |this: This<SuperObject>| this.class).doc("The class behind which the search begins."),
        field("__self__", |this: This<SuperObject>| this.owner.or_none())
            .doc("The object whose attributes it looks up."),
        field("__self_class__", |this: This<SuperObject>| this.owner_class.or_none())
            .doc("The class in whose order it searches."),
    ],
    ..TypeSpec::NEW
};

fn new(vm: &mut Vm, class: ClassOf<SuperObject>) -> PyResult {
    let (class, owner, owner_class) = (class.class, Value::UNBOUND, Value::UNBOUND);
    vm.new_object(class, |header| SuperObject { header, class: Value::UNBOUND, owner, owner_class })
}

/// `super(type, object)`; without arguments, from the calling frame's `__class__` cell and first argument.
fn init(vm: &mut Vm, mut this: This<SuperObject>, class: Option<Value>, owner: OrNone<Value>) -> PyResult<()> {
    let filled = made(vm, class, owner)?;
    let filled = This::<SuperObject>::expect(vm, filled);
    (this.class, this.owner, this.owner_class) = (filled.class, filled.owner, filled.owner_class);
    vm.barrier(this.pointer());
    Ok(())
}

/// What making one of a class that has neither method itself comes to.
pub fn construct(vm: &mut Vm, derived: ClassOf<SuperObject>, class: Option<Value>, owner: OrNone<Value>) -> PyResult {
    let exact = made(vm, class, owner)?;
    vm.derive(derived.class, exact)
}

fn made(vm: &mut Vm, class: Option<Value>, owner: OrNone<Value>) -> PyResult {
    let Some(class) = class else { return vm.super_of_frame() };
    let Some(start) = Class::of(vm, class) else {
        let message = format!("super() argument 1 must be a type, not {}", vm.class_name(class));
        return Err(vm.raise_type(&message));
    };
    bound(vm, start, owner.0)
}

fn bound(vm: &mut Vm, class: Class, owner: Option<Value>) -> PyResult {
    let (owner, owner_class) = match owner {
        None => (Value::UNBOUND, Value::UNBOUND),
        Some(owner) => (owner, Value::object(vm.super_owner_class(class.0, owner)?)),
    };
    let class = Value::object(class.0);
    Ok(vm.make(BuiltinType::Super, |header| SuperObject { header, class, owner, owner_class }))
}

impl Vm {
    /// The class whose order `super(class, owner)` follows: the owner itself, its class, or the class that it says it is of.
    pub fn super_owner_class(&mut self, class: *mut TypeObject, owner: Value) -> PyResult<*mut TypeObject> {
        let is_class = self.is_a::<TypeObject>(owner);
        if is_class && self.is_subclass(owner.as_ptr(), class) {
            return Ok(owner.as_ptr());
        }
        let actual = self.class_of(owner);
        if self.is_subclass(actual, class) {
            return Ok(actual);
        }
        if !self.tells_its_class(owner)
            && let Some(said) = self.get_attr_opt(owner, self.names.__class__)?
            && self.is_a::<TypeObject>(said)
            && self.is_subclass(said.as_ptr(), class)
        {
            return Ok(said.as_ptr());
        }
        let (kind, named) = if is_class { ("type", owner.as_ptr()) } else { ("instance of", actual) };
        let message = format!(
            "super(type, obj): obj ({kind} {}) is not an instance or subtype of type ({}).",
            self.type_name(named),
            self.type_name(class)
        );
        Err(self.raise_type(&message))
    }
}
