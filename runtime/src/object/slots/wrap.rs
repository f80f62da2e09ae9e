//! Slots called as the special methods that stand for them: `int.__add__(1, 2)`.
//!
//! The slots are those of the type that the method was found on, not of the receiver's class. That the slot is there and the
//! receiver an instance of the type has been seen to.

use super::{Binary, Slots};
use crate::builtins::memoryview;
use crate::object::argument::{Receiver, ThisFloat};
use crate::object::buffer::Request;
use crate::object::class::{class_ref, mro_of};
use crate::object::convert::text::Text;
use crate::object::layout::{ComplexObject, TypeObject};
use crate::object::native::Arguments;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// Calls a slot with a method's arguments, bound by its signature.
pub type Wrap = fn(&mut Vm, &Slots, &[Value]) -> PyResult;

/// A slot that the table of methods says is there.
fn filled<T: Copy>(slot: Option<T>) -> T {
    slot.expect("a type has the wrappers of the slots that it fills")
}

pub fn len(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let len = filled(slots.len)(vm, args[0])?;
    Ok(vm.new_int_from_usize(len))
}

pub fn get_item(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.get_item)(vm, args[0], args[1])
}

fn none(done: PyResult<()>) -> PyResult {
    done.map(|()| Value::NONE)
}

pub fn set_item(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    none(filled(slots.set_item)(vm, args[0], args[1], Some(args[2])))
}

pub fn del_item(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    none(filled(slots.set_item)(vm, args[0], args[1], None))
}

pub fn contains(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.contains)(vm, args[0], args[1]).map(Value::bool)
}

pub fn iter(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.iter)(vm, args[0])
}

pub fn next(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    match filled(slots.next)(vm, args[0])? {
        Some(item) => Ok(item),
        None => Err(vm.raise_stop_iteration(Value::NONE)),
    }
}

pub fn repr(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let mut out = Text::new();
    filled(slots.repr)(vm, &mut out, args[0])?;
    Ok(out.finish(vm))
}

pub fn str(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.str)(vm, args[0])
}

pub fn hash(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let hash = filled(slots.hash)(vm, args[0])?;
    Ok(vm.new_int(hash))
}

pub fn compare<const OPERATION: u32>(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.compare)(vm, OPERATION, args[0], args[1])
}

pub fn truth(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.truth)(vm, args[0]).map(Value::bool)
}

pub fn call(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let call = filled(slots.call);
    vm.with_expanded(args[1], args[2], |vm, arguments: Arguments<'_>| call(vm, args[0], arguments))
}

fn attribute_name(vm: &mut Vm, name: Value) -> PyResult {
    if vm.is_str(name) {
        let exact = vm.exact_alias(name)?;
        return Ok(vm.name_from(exact));
    }
    let message = format!("attribute name must be string, not '{}'", vm.class_name(name));
    Err(vm.raise_type(&message))
}

pub fn get_attribute(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    match filled(slots.get_attribute)(vm, args[0], name)? {
        Some(value) => Ok(value),
        None => Err(vm.raise_no_attribute(args[0], name, false)),
    }
}

/// The slot of the receiver's own solid base may see to more than the one that is called, which would pass that over.
fn check_set_attribute(vm: &mut Vm, slots: &Slots, owner: Value, method: &str) -> Result<(), Raised> {
    // The nearest class that is made in Rust.
    let own = mro_of(vm.class_of(owner)).iter().find(|class| class_ref(class.as_ptr()).flags & TypeObject::HEAP == 0);
    let theirs = own.and_then(|own| class_ref(own.as_ptr()).slots.set_attribute);
    if theirs.map(|f| f as usize) == slots.set_attribute.map(|f| f as usize) {
        return Ok(());
    }
    let message = format!("can't apply this {method} to {} object", vm.class_name(owner));
    Err(vm.raise_type(&message))
}

pub fn set_attribute(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    check_set_attribute(vm, slots, args[0], "__setattr__")?;
    none(filled(slots.set_attribute)(vm, args[0], name, Some(args[2])))
}

pub fn del_attribute(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    check_set_attribute(vm, slots, args[0], "__delattr__")?;
    none(filled(slots.set_attribute)(vm, args[0], name, None))
}

pub fn get(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let owner = vm.optional(args[2]);
    if args[1].is_none() && owner.is_none() {
        return Err(vm.raise_type("__get__(None, None) is invalid"));
    }
    let class = match owner {
        Some(class) if vm.is_a::<TypeObject>(class) => class.as_ptr(),
        _ => vm.class_of(args[1]),
    };
    let instance = if args[1].is_none() { Value::UNBOUND } else { args[1] };
    filled(slots.get)(vm, args[0], instance, class)
}

pub fn set(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    none(filled(slots.set)(vm, args[0], args[1], Some(args[2])))
}

pub fn delete(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    none(filled(slots.set)(vm, args[0], args[1], None))
}

pub fn binary(vm: &mut Vm, slot: Option<Binary>, lhs: Value, rhs: Value) -> PyResult {
    filled(slot)(vm, lhs, rhs)
}

/// `pow` with three arguments, of which `this` is asked.
fn power_modulo(vm: &mut Vm, [base, exponent, modulus]: [Value; 3], this: Value) -> PyResult {
    if let Some(power) = vm.spec_of(this).inherited(|spec| spec.power_modulo) {
        return power(vm, [base, exponent, modulus]);
    }
    if vm.is_a::<ComplexObject>(this) {
        let is_complex = vm.complex_operand(base)?.is_some() && vm.complex_operand(exponent)?.is_some();
        return if is_complex { Err(vm.raise_value("complex modulo")) } else { Ok(vm.not_implemented) };
    }
    if ThisFloat::receive(vm, this).is_some() {
        return Err(vm.raise_type("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    vm.power_modulo(base, exponent, modulus)
}

pub fn power(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    match vm.optional(args[2]) {
        Some(modulus) => power_modulo(vm, [args[0], args[1], modulus], args[0]),
        None => binary(vm, slots.binary[crate::object::operate::op::POWER as usize], args[0], args[1]),
    }
}

pub fn reflected_power(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    match vm.optional(args[2]) {
        Some(modulus) => power_modulo(vm, [args[1], args[0], modulus], args[0]),
        None => binary(vm, slots.binary[crate::object::operate::op::POWER as usize], args[1], args[0]),
    }
}

pub fn negative(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.negative)(vm, args[0])
}

pub fn positive(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.positive)(vm, args[0])
}

pub fn absolute(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.absolute)(vm, args[0])
}

pub fn invert(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    filled(slots.invert)(vm, args[0])
}

pub fn concat(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    binary(vm, slots.concat, args[0], args[1])
}

pub fn inplace_concat(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    binary(vm, slots.inplace_concat, args[0], args[1])
}

/// A repeat count is an index; the methods give `TypeError`, as they are the last that is asked.
pub fn repeat(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let count = vm.index(args[1])?;
    binary(vm, slots.repeat, args[0], count)
}

pub fn inplace_repeat(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let count = vm.index(args[1])?;
    binary(vm, slots.inplace_repeat, args[0], count)
}

pub fn buffer(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    let flags = vm.index_i64(args[1])?;
    let export = filled(slots.buffer)(vm, args[0], Request(flags))?;
    memoryview::of_export(vm, export)
}

pub fn release_buffer(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    if !vm.is_of_spec(args[1], &memoryview::MEMORYVIEW) {
        return Err(vm.raise_type("expected a memoryview object"));
    }
    none(filled(slots.release_buffer)(vm, args[0], args[1]))
}

pub fn finalize(vm: &mut Vm, slots: &Slots, args: &[Value]) -> PyResult {
    none(filled(slots.finalize)(vm, args[0]))
}

/// What a TypeError says of a receiver that is no instance of the method's type.
pub fn raise_misfit(vm: &mut Vm, method: &str, class: Value, receiver: Option<Value>) -> Raised {
    // SAFETY: a live class, whose name is a str.
    let class = vm.string_of(unsafe { (*class.as_ptr::<crate::object::layout::TypeObject>()).name });
    let message = match receiver {
        Some(receiver) => {
            let given = vm.class_name(receiver);
            format!("descriptor '{method}' requires a '{class}' object but received a '{given}'")
        }
        None => format!("descriptor '{method}' of '{class}' object needs an argument"),
    };
    vm.raise_type(&message)
}
