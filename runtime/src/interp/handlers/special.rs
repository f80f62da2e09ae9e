//! Special methods that are Python functions: instructions push their frames, as calls do.
//!
//! ```text
//!   caller's stack:  … operands │                method's frame (Frame::OPERATOR): … RETURN_VALUE
//!                               ^ sp                                                      │ the answer
//!   the caller's instruction once more: takes the operands off and pushes its result ◄────┘
//! ```
//!
//! The operands stay meanwhile: should the method not know how (`NotImplemented`), others are asked.

use super::attempt;
use super::calls::push_python;
use crate::bytecode::Opcode;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::unwind;
use crate::object::class::class_ref;
use crate::object::layout::{CodeObject, FunctionObject, NativeFunction, PropertyObject, TypeObject};
use crate::object::operate::op;
use crate::object::slots::SlotId;
use crate::object::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A Python function that an instruction calls for its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Special {
    pub function: Value,
    /// Which operand each of its arguments is, counted from the stack's top, which is 1.
    pub arguments: &'static [usize],
    /// Which operands it is that were looked at to find the function.
    pub asked: &'static [usize],
}

/// The instruction that a frame stands at, as it was decoded.
///
/// # Safety
/// The state describes a live frame.
pub unsafe fn decoded(s: State) -> (Opcode, u32) {
    // SAFETY: the caller's promise; `original` has as many instructions.
    unsafe {
        let code = &*(*s.frame).code;
        let decoded = code.original[s.ip.offset_from(code.instructions.as_ptr()) as usize];
        (decoded.opcode, decoded.arg)
    }
}

/// Can the instruction call a special method of its operands?
pub fn may_call(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::BinaryOp
            | Opcode::CompareOp
            | Opcode::ContainsOp
            | Opcode::StoreSubscr
            | Opcode::UnaryNegative
            | Opcode::UnaryInvert
            | Opcode::ToBool
            | Opcode::GetIter
            | Opcode::GetYieldFromIter
            | Opcode::Call
            | Opcode::LoadAttr
            | Opcode::StoreAttr
    )
}

#[inline(always)]
fn is_instance(vm: &Vm, value: Value) -> bool {
    value.is_object() && vm.shape_of(value) >= FIRST_INSTANCE_SHAPE
}

/// The special method that the instruction calls, if that is a Python function and is asked first.
///
/// # Safety
/// The state describes a live frame before this instruction.
#[inline(always)]
pub unsafe fn special_method(vm: &mut Vm, s: State, opcode: Opcode, arg: u32) -> Option<Special> {
    let has_two = matches!(
        opcode,
        Opcode::BinaryOp | Opcode::CompareOp | Opcode::ContainsOp | Opcode::StoreSubscr | Opcode::Call
    );
    // SAFETY: the instruction's operands are on the stack.
    let (top, second) = unsafe { (s.peek(1), if has_two { s.peek(2) } else { Value::UNBOUND }) };
    if !is_instance(vm, top) && !is_instance(vm, second) {
        return None;
    }
    // SAFETY: the caller's promise.
    unsafe { method_of_instance(vm, s, opcode, arg, top, second) }
}

/// `special_method`, where one of the two uppermost operands is an instance of a class of Python.
#[inline(never)]
unsafe fn method_of_instance(
    vm: &mut Vm,
    s: State,
    opcode: Opcode,
    arg: u32,
    top: Value,
    second: Value,
) -> Option<Special> {
    let names = &vm.names;
    let (contains, setitem, neg, invert) = (names.__contains__, names.__setitem__, names.__neg__, names.__invert__);
    let (bool_, iter, len, eq, ne) = (names.__bool__, names.__iter__, names.__len__, names.__eq__, names.__ne__);
    let special = |function, arguments, asked| Some(Special { function, arguments, asked });
    match opcode {
        Opcode::BinaryOp => binary_method(vm, arg, second, top),
        Opcode::CompareOp if is_instance(vm, second) => {
            let (name, _) = vm.comparison_names(arg >> 5);
            if is_derived(vm, second, top) {
                return None;
            }
            match vm.python_special(second, name, 2) {
                Some(function) => special(function, &[2, 1], &[2, 1]),
                None if name == ne && vm.is_inherited(second, name) => {
                    special(vm.python_special(second, eq, 2)?, &[2, 1], &[2, 1])
                }
                None => None,
            }
        }
        Opcode::ContainsOp => special(vm.python_special(top, contains, 2)?, &[1, 2], &[1]),
        Opcode::StoreSubscr => special(vm.python_special(second, setitem, 3)?, &[2, 1, 3], &[2]),
        Opcode::UnaryNegative => special(vm.python_special(top, neg, 1)?, &[1], &[1]),
        Opcode::UnaryInvert => special(vm.python_special(top, invert, 1)?, &[1], &[1]),
        Opcode::ToBool => special(vm.python_special(top, bool_, 1)?, &[1], &[1]),
        Opcode::GetIter | Opcode::GetYieldFromIter => special(vm.python_special(top, iter, 1)?, &[1], &[1]),
        // SAFETY: a call has its callee below the arguments.
        Opcode::Call if arg == 1 && second.is_unbound() && is_len(vm, unsafe { s.peek(3) }) => {
            special(vm.python_special(top, len, 1)?, &[1], &[1])
        }
        // SAFETY: the name is one of the code's.
        Opcode::LoadAttr => special(getter(vm, top, unsafe { s.name(arg as usize >> 1) })?, &[1], &[1]),
        // SAFETY: as above.
        Opcode::StoreAttr => special(setter(vm, top, unsafe { s.name(arg as usize) })?, &[1, 2], &[1]),
        _ => None,
    }
}

/// Is it the built-in `len`?
pub fn is_len(vm: &Vm, callee: Value) -> bool {
    // SAFETY: an exact native function; bindings live as long as the VM.
    vm.is_exact(callee, BuiltinType::NativeFunction)
        && unsafe { (*(*callee.as_ptr::<NativeFunction>()).binding).row.special } == Some(SlotId::Len)
}

/// Is the right operand's class derived from that of the left one? Then it is asked first.
fn is_derived(vm: &Vm, left: Value, right: Value) -> bool {
    let (left_class, right_class) = (vm.class_of(left), vm.class_of(right));
    left_class != right_class && vm.is_subclass(right_class, left_class)
}

fn binary_method(vm: &mut Vm, operation: u32, left: Value, right: Value) -> Option<Special> {
    if operation == op::SUBSCRIPT {
        // Its answer is the result: it is called as any function is.
        return None;
    }
    let is_inplace = operation >= op::INPLACE;
    let [name, reflected, inplace] = vm.operator_names(operation % op::INPLACE);
    if is_instance(vm, left) {
        if is_inplace && vm.lookup_special(left, inplace).is_some() {
            let function = vm.python_special(left, inplace, 2)?;
            return Some(Special { function, arguments: &[2, 1], asked: &[2, 1] });
        }
        if !vm.layout_of(left).has_inline_slots() || is_derived(vm, left, right) {
            return None;
        }
        let function = vm.python_special(left, name, 2)?;
        return Some(Special { function, arguments: &[2, 1], asked: &[2, 1] });
    }
    // Numbers know nothing of instances.
    if (left.is_int() || left.is_float()) && is_instance(vm, right) && vm.layout_of(right).has_inline_slots() {
        let function = vm.python_special(right, reflected, 2)?;
        return Some(Special { function, arguments: &[1, 2], asked: &[2, 1] });
    }
    None
}

/// The getter of a property, where nothing but the property has a say in the attribute.
fn getter(vm: &mut Vm, owner: Value, name: Value) -> Option<Value> {
    if !is_instance(vm, owner) {
        return None;
    }
    let class = vm.class_of(owner);
    let attribute = vm.class_lookup(class, name)?;
    if !vm.is_exact(attribute, BuiltinType::Property)
        || class_ref(class).flags & TypeObject::CUSTOM_GETATTRIBUTE != 0
        || vm.class_lookup(class, vm.names.__getattr__).is_some()
    {
        return None;
    }
    // SAFETY: an exact property.
    takes_just(vm, unsafe { (*attribute.as_ptr::<PropertyObject>()).getter }, 1)
}

/// The setter of a property, where nothing but the property has a say.
fn setter(vm: &mut Vm, owner: Value, name: Value) -> Option<Value> {
    if !is_instance(vm, owner) {
        return None;
    }
    let class = vm.class_of(owner);
    let attribute = vm.class_lookup(class, name)?;
    if !vm.is_exact(attribute, BuiltinType::Property) || class_ref(class).python_slots.has(SlotId::SetAttribute) {
        return None;
    }
    // SAFETY: an exact property.
    takes_just(vm, unsafe { (*attribute.as_ptr::<PropertyObject>()).setter }, 2)
}

/// The value, if it is a Python function of so many parameters.
fn takes_just(vm: &Vm, function: Value, arity: u32) -> Option<Value> {
    let is_plain = vm.is_exact(function, BuiltinType::Function)
        // SAFETY: an exact function, whose code is a code object.
        && unsafe { (*(*(*function.as_ptr::<FunctionObject>()).code.as_ptr::<CodeObject>()).code).simple_arity } == arity;
    is_plain.then_some(function)
}

/// Calls what `special_method` gave.
///
/// # Safety
/// The state is that before the instruction.
pub unsafe fn call_special(vm: &mut Vm, s: State, special: Special) -> State {
    // SAFETY: the caller's promise: the operands are on the stack, and the function takes as many.
    unsafe {
        let function = special.function.as_ptr::<FunctionObject>();
        let code = (*(*function).code.as_ptr::<CodeObject>()).code;
        let mut arguments = [Value::UNBOUND; 3];
        for (argument, &place) in arguments.iter_mut().zip(special.arguments) {
            *argument = s.peek(place);
        }
        push_python(vm, s, function, code, s.sp, arguments.as_ptr(), special.arguments.len(), Frame::OPERATOR)
    }
}

/// The method that the frame's instruction called has answered.
///
/// # Safety
/// The state is that before the instruction, once more.
pub unsafe fn finish_special(vm: &mut Vm, s: State, answer: Value) -> State {
    // SAFETY: the caller's promise.
    unsafe {
        let (opcode, arg) = decoded(s);
        let is_declined = answer == vm.not_implemented;
        match opcode {
            Opcode::BinaryOp if is_declined => {
                let result = attempt!(vm, s, declined_binary(vm, arg, s.peek(2), s.peek(1)));
                s.reduce(2, result)
            }
            Opcode::BinaryOp => s.reduce(2, answer),
            Opcode::CompareOp => {
                let operation = arg >> 5;
                let mut result = answer;
                if is_declined {
                    result = attempt!(vm, s, vm.compare_declined(operation, s.peek(2), s.peek(1)));
                } else if negates(vm, s, operation) {
                    result = Value::bool(!attempt!(vm, s, vm.is_true(answer)));
                }
                if arg & 16 != 0 && !result.is_bool() {
                    result = Value::bool(attempt!(vm, s, vm.is_true(result)));
                }
                s.reduce(2, result)
            }
            Opcode::ContainsOp => {
                let found = attempt!(vm, s, vm.is_true(answer));
                s.reduce(2, Value::bool(found != (arg == 1)))
            }
            Opcode::StoreSubscr => s.drop(3),
            Opcode::StoreAttr => s.drop(2),
            Opcode::LoadAttr => {
                *s.sp.sub(1) = answer;
                *s.sp = Value::UNBOUND;
                State { ip: s.ip.add(1), sp: s.sp.add(arg as usize & 1), frame: s.frame }
            }
            Opcode::GetIter | Opcode::GetYieldFromIter => {
                let iterator = attempt!(vm, s, vm.iterator_answered(answer));
                s.reduce(1, iterator)
            }
            Opcode::Call => {
                let len = attempt!(vm, s, vm.length_answered(answer));
                let len = vm.new_int_from_usize(len);
                s.reduce(3, len)
            }
            Opcode::ToBool if !answer.is_bool() => {
                let message = format!("__bool__ should return bool, returned {}", vm.class_name(answer));
                vm.raise_type(&message);
                unwind::raise(vm, s)
            }
            _ => s.reduce(1, answer),
        }
    }
}

/// `!=` that was answered by `__eq__`.
///
/// # Safety
/// The state is that before a COMPARE_OP.
pub unsafe fn negates(vm: &mut Vm, s: State, operation: u32) -> bool {
    let (name, _) = vm.comparison_names(operation);
    // SAFETY: the caller's promise.
    let left = unsafe { s.peek(2) };
    name == vm.names.__ne__ && vm.python_special(left, name, 2).is_none()
}

/// What is left of an operation when the method that is asked first has declined.
pub fn declined_binary(vm: &mut Vm, operation: u32, left: Value, right: Value) -> PyResult {
    let [name, reflected, inplace] = vm.operator_names(operation % op::INPLACE);
    if operation >= op::INPLACE && is_instance(vm, left) && vm.lookup_special(left, inplace).is_some() {
        return vm.binary_out_of_place(operation, left, right);
    }
    let was_left = is_instance(vm, left) && vm.lookup_special(left, name).is_some();
    if was_left
        && vm.class_of(left) != vm.class_of(right)
        && let Some(result) = vm.call_operator(right, reflected, left)?
    {
        return Ok(result);
    }
    Err(vm.raise_binary(operation, left, right))
}
