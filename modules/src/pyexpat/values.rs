//! Texts and models of the engine as Python has them.

use super::engine::{Model, Place};
use super::parser::XmlParser;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// Text as a str.
pub fn text(vm: &mut Vm, text: &[u8]) -> Value {
    vm.str_from_wtf8(text)
}

pub fn text_or_none(vm: &mut Vm, bytes: Option<&[u8]>) -> Value {
    bytes.map_or(Value::NONE, |bytes| text(vm, bytes))
}

/// A name as the one str of it that the parser gives out.
pub fn name(vm: &mut Vm, this: This<XmlParser>, bytes: &[u8]) -> PyResult {
    let name = text(vm, bytes);
    if this.intern.is_none() {
        return Ok(name);
    }
    if let Some(known) = vm.dict_get(this.intern, name)? {
        return Ok(known);
    }
    vm.dict_set(this.intern, name, name)?;
    Ok(name)
}

pub fn name_or_none(vm: &mut Vm, this: This<XmlParser>, bytes: Option<&[u8]>) -> PyResult {
    if let Some(bytes) = bytes {
        return name(vm, this, bytes);
    }
    if !this.intern.is_none() {
        vm.dict_set(this.intern, Value::NONE, Value::NONE)?;
    }
    Ok(Value::NONE)
}

/// A content model as tuples: kind, quantity, name, parts.
pub fn model(vm: &mut Vm, this: This<XmlParser>, model: &Model) -> PyResult {
    let mut depths = vec![0u32; model.parts.len()];
    for (i, part) in model.parts.iter().enumerate() {
        let mut child = part.first_child;
        while let Some(at) = child {
            depths[at] = depths[i] + 1;
            if depths[at] > vm.recursion_limit {
                return Err(vm.raise_recursion());
            }
            child = model.parts[at].next;
        }
    }
    // Parts come behind the groups that they are in.
    let made = vm.new_list_with_capacity(model.parts.len())?;
    let made: *mut ListObject = made.as_ptr();
    for _ in &model.parts {
        vm.list_push(made, Value::NONE)?;
    }
    for (i, part) in model.parts.iter().enumerate().rev() {
        let children = vm.new_list(&[])?;
        let mut child = part.first_child;
        while let Some(at) = child {
            // SAFETY: a list of as many items as there are parts, which nobody else has.
            let item = unsafe { (*made).items()[at] };
            vm.list_push(children.as_ptr(), item)?;
            child = model.parts[at].next;
        }
        let children = vm.list_to_tuple(children)?;
        let name = if part.name.is_empty() { Value::NONE } else { name(vm, this, &part.name)? };
        let (kind, repeat) = (Value::small_int(part.kind as i64), Value::small_int(part.repeat as i64));
        let part = vm.new_tuple(&[kind, repeat, name, children]);
        // SAFETY: as above; the list is old or young, and told of the store.
        unsafe { (*made).items_mut()[i] = part };
        vm.barrier(made);
        // SAFETY: as above.
        let array = unsafe { std::ptr::from_ref((*made).array()) };
        vm.barrier(array);
    }
    // SAFETY: as above; a model has a first part.
    Ok(unsafe { (*made).items()[0] })
}

/// Raises ExpatError.
pub fn raise_error(vm: &mut Vm, code: super::engine::ErrorCode, place: Place) -> Raised {
    let message = format!("{}: line {}, column {}", code.message(), place.line, place.column);
    raise_with(vm, &message, code as i64, place)
}

pub fn raise_with(vm: &mut Vm, message: &str, code: i64, place: Place) -> Raised {
    let class = vm.type_of_spec(&super::EXPAT_ERROR);
    let message = vm.new_str(message);
    let exception = match vm.new_exception(class, &[message]) {
        Ok(exception) => exception,
        Err(raised) => return raised,
    };
    let fields = [("code", code), ("offset", place.column as i64), ("lineno", place.line as i64)];
    for (name, value) in fields {
        let (name, value) = (vm.intern(name), vm.new_int(value));
        if let Err(raised) = vm.set_attr(exception, name, value) {
            return raised;
        }
    }
    vm.raise_value_object(exception)
}
