//! `typing.Union`: `int | str`.

use super::alias::GenericAlias;
use super::type_alias::TypeAlias;
use super::{checked_type, is_class, items_of, new_items, substitute, write_type};
use crate::object::argument::{This, method};
use crate::object::compare::cmp;
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::{ListObject, TupleObject};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{Layout, Object, TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[repr(C)]
pub struct Union {
    header: Header,
    pub members: Value,
    /// The type parameters in the members; unbound: nobody has asked.
    parameters: Value,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for Union {
    const SPEC: &'static TypeSpec = &UNION;
}

pub static UNION: TypeSpec = TypeSpec {
    name: "Union",
    module: "typing",
    is_weakly_referable: true,
    doc: "One of several types.",
    layout: Some(Layout::of::<Union>(2)),
    slots: Slots {
        repr: slot(write_repr),
        hash: slot(hash),
        compare: slot(compare),
        get_item: slot(|vm: &mut Vm, this: This<Union>, item: Value| {
            let parameters = parameters(vm, this)?;
            let members = substitute::substituted(vm, this.value(), this.members, parameters, item)?;
            of(vm, items_of(vm, members))
        }),
        binary: operators(&[(op::OR, either_checked)]),
        ..Slots::NONE
    },
    methods: &[
        method("__mro_entries__", "($self, bases, /)", |vm: &mut Vm, this: This<Union>, _: Value| -> PyResult {
            let shown = vm.repr_string(this.value())?;
            Err(vm.raise_type(&format!("Cannot subclass {shown}")))
        })
        .doc("Raises TypeError."),
        method("__instancecheck__", "($self, instance, /)", |vm: &mut Vm, this: This<Union>, instance: Value| {
            vm.is_instance_of(instance, this.members)
        })
        .doc("Is it an instance of a member?"),
        method("__subclasscheck__", "($self, subclass, /)", |vm: &mut Vm, this: This<Union>, subclass: Value| {
            vm.is_subclass_of(subclass, this.members)
        })
        .doc("Does it derive from a member?"),
    ],
    class_methods: &[method("__class_getitem__", "($self, parameters, /)", class_getitem).doc("The union of these.")],
    getters: &[
        field("__args__", |this: This<Union>| this.members).doc("The members."),
        field("__parameters__", parameters).doc("The type parameters in the members."),
        field("__origin__", |vm: &mut Vm, _: This<Union>| Value::object(vm.type_of_spec(&UNION))).doc("`Union`."),
        field("__name__", |_: This<Union>| "Union").doc("`Union`."),
        field("__qualname__", |_: This<Union>| "Union").doc("`Union`."),
    ],
    ..TypeSpec::NEW
};

/// `lhs | rhs`, where both can be members of a union.
pub fn either(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    for side in [lhs, rhs] {
        let can_be_member = side.is_none()
            || is_class(vm, side)
            || This::<GenericAlias>::of(vm, side).is_some()
            || This::<Union>::of(vm, side).is_some()
            || This::<TypeAlias>::of(vm, side).is_some();
        if !can_be_member {
            return Ok(vm.not_implemented);
        }
    }
    of(vm, &[lhs, rhs])
}

/// The union of a type parameter with anything that `typing` takes for a type.
pub fn either_checked(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let mut sides = [lhs, rhs];
    for side in &mut sides {
        *side = checked_type(vm, *side, "Union[arg, ...]: each arg must be a type.")?;
    }
    of(vm, &sides)
}

fn class_getitem(vm: &mut Vm, _: Value, parameters: Value) -> PyResult {
    let is_tuple = vm.is_a::<TupleObject>(parameters);
    let parameters = if is_tuple { parameters } else { vm.new_tuple(&[parameters]) };
    if items_of(vm, parameters).is_empty() {
        return Err(vm.raise_type("Cannot take a Union of no types."));
    }
    let members = new_items(vm)?;
    for &parameter in items_of(vm, parameters) {
        let member = checked_type(vm, parameter, "Union[arg, ...]: each arg must be a type.")?;
        vm.list_push(members.pointer(), member)?;
    }
    of(vm, members.items())
}

/// The union of these: unions among them taken apart, each member once; of one member that.
fn of(vm: &mut Vm, sides: &[Value]) -> PyResult {
    let members = new_items(vm)?;
    for &side in sides {
        match This::<Union>::of(vm, side) {
            Some(union) => {
                for &member in items_of(vm, union.members) {
                    add_once(vm, members, member)?;
                }
            }
            None => {
                let none = Value::object(vm.class(BuiltinType::NoneType));
                add_once(vm, members, if side.is_none() { none } else { side })?;
            }
        }
    }
    if let [one] = *members.items() {
        return Ok(one);
    }
    let (class, members) = (vm.type_of_spec(&UNION), vm.new_tuple(members.items()));
    vm.new_object(class, |header| Union { header, members, parameters: Value::UNBOUND })
}

fn add_once(vm: &mut Vm, members: This<ListObject>, member: Value) -> PyResult<()> {
    let mut at = 0;
    while let Some(&other) = members.items().get(at) {
        // `int` and `list[int]` are compared by their classes' say.
        if vm.equal(other, member)? {
            return Ok(());
        }
        at += 1;
    }
    vm.list_push(members.pointer(), member)
}

fn parameters(vm: &mut Vm, mut this: This<Union>) -> PyResult {
    if this.parameters.is_unbound() {
        let found = substitute::parameters_in(vm, this.members)?;
        this.parameters = found;
        vm.barrier(this.pointer());
    }
    Ok(this.parameters)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Union>) -> PyResult<()> {
    vm.check_native_stack()?;
    for (at, &member) in items_of(vm, this.members).iter().enumerate() {
        if at > 0 {
            out.push_str(" | ");
        }
        write_type(vm, out, member)?;
    }
    Ok(())
}

/// Whatever the order of the members.
fn hash(vm: &mut Vm, this: This<Union>) -> PyResult<i64> {
    let mut sum = 0i64;
    for &member in items_of(vm, this.members) {
        sum = sum.wrapping_add((vm.hash(member)? ^ 0x001F_3A59).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64));
    }
    Ok(if sum == -1 { -2 } else { sum })
}

fn compare(vm: &mut Vm, operation: u32, this: This<Union>, other: Value) -> PyResult {
    let is_equality = matches!(operation, cmp::EQ | cmp::NE);
    let Some(other) = This::<Union>::of(vm, other).filter(|_| is_equality) else { return Ok(vm.not_implemented) };
    let (mine, others) = (items_of(vm, this.members), items_of(vm, other.members));
    let mut is_equal = mine.len() == others.len();
    for &member in mine {
        is_equal = is_equal && vm.contains(other.members, member)?;
    }
    Ok(Value::bool(is_equal == (operation == cmp::EQ)))
}
