//! Slots of Python classes: functions that call special methods, which are looked up on the class each time.
//!
//! A slot is one of these where a special method for it is anything else than the wrapper of a built-in type's own slot.

use super::{DIVMOD, SlotId};
use crate::builtins::memoryview;
use crate::object::buffer::{Export, Request};
use crate::object::class::class_ref;
use crate::object::convert::text::Text;
use crate::object::layout::TypeObject;
use crate::object::native::Arguments;
use crate::object::operate::op;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// Calls a special method that the class has, be it None.
fn ask(vm: &mut Vm, value: Value, name: Value, arguments: &[Value]) -> PyResult {
    vm.check_native_stack()?;
    match vm.call_special(value, name, arguments)? {
        Some(result) => Ok(result),
        None => Err(raise_missing(vm, name)),
    }
}

/// AttributeError: half of a slot is there, this half is not.
fn raise_missing(vm: &mut Vm, name: Value) -> Raised {
    let name = vm.string_of(name);
    vm.raise_attribute(&name)
}

pub fn len(vm: &mut Vm, value: Value) -> PyResult<usize> {
    let answer = ask(vm, value, vm.names.__len__, &[])?;
    vm.length_answered(answer)
}

pub fn get_item(vm: &mut Vm, owner: Value, key: Value) -> PyResult {
    ask(vm, owner, vm.names.__getitem__, &[key])
}

pub fn set_item(vm: &mut Vm, owner: Value, key: Value, value: Option<Value>) -> PyResult<()> {
    match value {
        Some(value) => ask(vm, owner, vm.names.__setitem__, &[key, value])?,
        None => ask(vm, owner, vm.names.__delitem__, &[key])?,
    };
    Ok(())
}

pub fn contains(vm: &mut Vm, container: Value, item: Value) -> PyResult<bool> {
    let name = vm.names.__contains__;
    if vm.lookup_special(container, name).is_some_and(Value::is_none) {
        let message = format!("'{}' object is not a container", vm.class_name(container));
        return Err(vm.raise_type(&message));
    }
    let answer = ask(vm, container, name, &[item])?;
    vm.is_true(answer)
}

pub fn iter(vm: &mut Vm, value: Value) -> PyResult {
    let name = vm.names.__iter__;
    if vm.lookup_special(value, name).is_some_and(Value::is_none) {
        return Err(vm.raise_not_iterable(value));
    }
    let iterator = ask(vm, value, name, &[])?;
    vm.iterator_answered(iterator)
}

pub fn next(vm: &mut Vm, iterator: Value) -> PyResult<Option<Value>> {
    match ask(vm, iterator, vm.names.__next__, &[]) {
        Ok(item) => Ok(Some(item)),
        Err(Raised) if vm.exception_matches(vm.exceptions.StopIteration) => {
            vm.clear_exception();
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

pub fn repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let text = repr_text(vm, value)?;
    out.push_view(vm.str_of(text).view());
    Ok(())
}

/// What `__repr__` gives, as it is.
pub fn repr_text(vm: &mut Vm, value: Value) -> PyResult {
    let text = ask(vm, value, vm.names.__repr__, &[])?;
    if !vm.is_str(text) {
        let message = format!("__repr__ returned non-string (type {})", vm.class_name(text));
        return Err(vm.raise_type(&message));
    }
    Ok(text)
}

pub fn str(vm: &mut Vm, value: Value) -> PyResult {
    let text = ask(vm, value, vm.names.__str__, &[])?;
    if !vm.is_str(text) {
        let message = format!("__str__ returned non-string (type {})", vm.class_name(text));
        return Err(vm.raise_type(&message));
    }
    Ok(text)
}

pub fn hash(vm: &mut Vm, value: Value) -> PyResult<i64> {
    let name = vm.names.__hash__;
    if vm.lookup_special(value, name).is_some_and(Value::is_none) {
        return Err(vm.raise_unhashable(value));
    }
    let answer = ask(vm, value, name, &[])?;
    vm.hash_answered(answer)
}

pub fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    vm.check_native_stack()?;
    let (name, _) = vm.comparison_names(operation);
    let class = vm.class_of(lhs);
    let Some(method) = vm.class_lookup(class, name) else { return Ok(vm.not_implemented) };
    if vm.takes_receiver(method) {
        return vm.call(method, &[lhs, rhs]);
    }
    match vm.bind(method, lhs, class) {
        Ok(bound) => vm.call(bound, &[rhs]),
        // What cannot be had does not compare.
        Err(Raised) => {
            vm.clear_exception();
            Ok(vm.not_implemented)
        }
    }
}

pub fn truth(vm: &mut Vm, value: Value) -> PyResult<bool> {
    let answer = ask(vm, value, vm.names.__bool__, &[])?;
    if !answer.is_bool() {
        let message = format!("__bool__ should return bool, returned {}", vm.class_name(answer));
        return Err(vm.raise_type(&message));
    }
    Ok(answer.as_bool())
}

pub fn call(vm: &mut Vm, callee: Value, arguments: Arguments<'_>) -> PyResult {
    let class = vm.class_of(callee);
    let Some(method) = vm.class_lookup(class, vm.names.__call__) else {
        return Err(raise_missing(vm, vm.names.__call__));
    };
    if vm.takes_receiver(method) {
        return vm.call_prepended(method, callee, arguments);
    }
    let bound = vm.bind(method, callee, class)?;
    vm.call_with(bound, arguments)
}

/// `__getattribute__`, and `__getattr__` where that finds nothing.
pub fn get_attribute(vm: &mut Vm, owner: Value, name: Value) -> PyResult<Option<Value>> {
    let class = vm.class_of(owner);
    let hook = vm.class_lookup(class, vm.names.__getattribute__);
    let found = match hook {
        Some(hook) => match vm.wrapped_slots(hook) {
            // The plain one, which says what is missing without an exception.
            Some(slots) => slots.get_attribute.map_or(Ok(None), |slot| slot(vm, owner, name)),
            None => ask(vm, owner, vm.names.__getattribute__, &[name]).map(Some),
        },
        None => Ok(None),
    };
    match found {
        Ok(Some(value)) => return Ok(Some(value)),
        Err(Raised) if !vm.exception_matches(vm.exceptions.AttributeError) => return Err(Raised),
        Ok(None) | Err(Raised) => {}
    }
    if vm.class_lookup(class, vm.names.__getattr__).is_none() {
        return found;
    }
    vm.clear_exception();
    ask(vm, owner, vm.names.__getattr__, &[name]).map(Some)
}

pub fn set_attribute(vm: &mut Vm, owner: Value, name: Value, value: Option<Value>) -> PyResult<()> {
    match value {
        Some(value) => ask(vm, owner, vm.names.__setattr__, &[name, value])?,
        None => ask(vm, owner, vm.names.__delattr__, &[name])?,
    };
    Ok(())
}

pub fn get(vm: &mut Vm, attribute: Value, owner: Value, class: *mut TypeObject) -> PyResult {
    let owner = if owner.is_unbound() { Value::NONE } else { owner };
    ask(vm, attribute, vm.names.__get__, &[owner, Value::object(class)])
}

pub fn set(vm: &mut Vm, attribute: Value, owner: Value, value: Option<Value>) -> PyResult<()> {
    match value {
        Some(value) => ask(vm, attribute, vm.names.__set__, &[owner, value])?,
        None => ask(vm, attribute, vm.names.__delete__, &[owner])?,
    };
    Ok(())
}

/// The method of the left operand and the reflected one of the right, that of a proper subclass which has its own first.
pub fn binary<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    vm.check_native_stack()?;
    let (left, right) = (vm.class_of(lhs), vm.class_of(rhs));
    let id = SlotId::of_operation(OPERATION);
    let asks = |class: *mut TypeObject| class_ref(class).python_slots.has(id);
    let (name, reflected) = operator_names(vm, OPERATION);
    let mut asks_right = left != right && asks(right);
    if asks(left) {
        if asks_right && vm.is_subclass(right, left) {
            let own = vm.class_lookup(right, reflected);
            if own.is_some() && own != vm.class_lookup(left, reflected) {
                if let Some(result) = vm.call_operator(rhs, reflected, lhs)? {
                    return Ok(result);
                }
                asks_right = false;
            }
        }
        if let Some(result) = vm.call_operator(lhs, name, rhs)? {
            return Ok(result);
        }
    }
    if asks_right && let Some(result) = vm.call_operator(rhs, reflected, lhs)? {
        return Ok(result);
    }
    Ok(vm.not_implemented)
}

fn operator_names(vm: &Vm, operation: u32) -> (Value, Value) {
    if operation == DIVMOD as u32 {
        return (vm.names.__divmod__, vm.names.__rdivmod__);
    }
    let [name, reflected, _] = vm.operator_names(operation);
    (name, reflected)
}

pub fn inplace<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    vm.check_native_stack()?;
    let [_, _, name] = vm.operator_names(OPERATION);
    Ok(vm.call_operator(lhs, name, rhs)?.unwrap_or(vm.not_implemented))
}

pub fn negative(vm: &mut Vm, value: Value) -> PyResult {
    ask(vm, value, vm.names.__neg__, &[])
}

pub fn positive(vm: &mut Vm, value: Value) -> PyResult {
    ask(vm, value, vm.names.__pos__, &[])
}

pub fn absolute(vm: &mut Vm, value: Value) -> PyResult {
    ask(vm, value, vm.names.__abs__, &[])
}

pub fn invert(vm: &mut Vm, value: Value) -> PyResult {
    ask(vm, value, vm.names.__invert__, &[])
}

/// Of the memoryview that `__buffer__` gives.
pub fn buffer(vm: &mut Vm, owner: Value, request: Request) -> PyResult<Export> {
    let flags = vm.new_int(request.0);
    let view = ask(vm, owner, vm.names.__buffer__, &[flags])?;
    if !vm.is_of_spec(view, &memoryview::MEMORYVIEW) {
        return Err(vm.raise_type("__buffer__ returned non-memoryview object"));
    }
    Ok(Export { owner, view, ..vm.export(view, request)? })
}

pub fn release_buffer(vm: &mut Vm, owner: Value, view: Value) -> PyResult<()> {
    ask(vm, owner, vm.names.__release_buffer__, &[view])?;
    Ok(())
}

const _: () = assert!(op::XOR as usize == super::N_OPERATIONS - 1);

pub fn finalize(vm: &mut Vm, value: Value) -> PyResult<()> {
    ask(vm, value, vm.names.__del__, &[])?;
    Ok(())
}
