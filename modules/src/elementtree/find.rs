//! Elements by tags; paths are left to the library.

use super::element::{Element, ThisElement};
use super::state;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::{PyResult, Value, Vm};

/// Is it, or may it be, more than a tag?
fn is_path(vm: &Vm, tag: Value) -> bool {
    if let Some(text) = Str::of(vm, tag) {
        let view = text.view();
        return is_path_of(view.len(), |at| view.at(at));
    }
    match This::<BytesObject>::of(vm, tag) {
        Some(bytes) => is_path_of(bytes.len, |at| bytes.data()[at].into()),
        None => true,
    }
}

fn is_path_of(len: usize, at: impl Fn(usize) -> u32) -> bool {
    let is = |place: usize, c: char| at(place) == c as u32;
    // `{}tag` and `{*}tag` are of many namespaces.
    if len >= 3 && is(0, '{') && (is(1, '}') || is(1, '*') && is(2, '}')) {
        return true;
    }
    let mut is_in_namespace = false;
    for place in 0..len {
        match char::from_u32(at(place)) {
            Some('{') => is_in_namespace = true,
            Some('}') => is_in_namespace = false,
            Some('/' | '*' | '[' | '@' | '.') if !is_in_namespace => return true,
            _ => {}
        }
    }
    false
}

/// Is it a tag alone?
fn is_tag(vm: &Vm, path: Value, namespaces: Option<Value>) -> bool {
    namespaces.is_none_or(Value::is_none) && !is_path(vm, path)
}

/// Asks the library.
fn by_path(vm: &mut Vm, function: &str, arguments: &[Value]) -> PyResult {
    let module = state(vm).element_path.unwrap_or(Value::NONE);
    let name = vm.intern(function);
    vm.call_method(module, name, arguments)
}

/// The next child of a tag, from a number on, and its number.
fn next_child(vm: &mut Vm, this: ThisElement, tag: Value, mut at: usize) -> PyResult<Option<(usize, ThisElement)>> {
    while let Some(child) = Element::child(vm, this, at) {
        if is_of_tag(vm, child, tag)? {
            return Ok(Some((at, child)));
        }
        at += 1;
    }
    Ok(None)
}

/// Is the element's tag this one?
pub fn is_of_tag(vm: &mut Vm, element: ThisElement, tag: Value) -> PyResult<bool> {
    let own = element.tag;
    Ok(own == tag || vm.equal(own, tag)?)
}

pub fn find(vm: &mut Vm, this: ThisElement, path: Value, namespaces: Option<Value>) -> PyResult {
    if !is_tag(vm, path, namespaces) {
        return by_path(vm, "find", &[this.value(), path, namespaces.unwrap_or(Value::NONE)]);
    }
    Ok(next_child(vm, this, path, 0)?.map_or(Value::NONE, |(_, child)| child.value()))
}

pub fn find_text(
    vm: &mut Vm,
    this: ThisElement,
    path: Value,
    default: Option<Value>,
    namespaces: Option<Value>,
) -> PyResult {
    let default = default.unwrap_or(Value::NONE);
    if !is_tag(vm, path, namespaces) {
        return by_path(vm, "findtext", &[this.value(), path, default, namespaces.unwrap_or(Value::NONE)]);
    }
    match next_child(vm, this, path, 0)? {
        Some((_, child)) if child.text.is_none() => Ok(vm.new_str("")),
        Some((_, child)) => Ok(child.text),
        None => Ok(default),
    }
}

pub fn find_all(vm: &mut Vm, this: ThisElement, path: Value, namespaces: Option<Value>) -> PyResult {
    if !is_tag(vm, path, namespaces) {
        return by_path(vm, "findall", &[this.value(), path, namespaces.unwrap_or(Value::NONE)]);
    }
    let list = vm.new_list(&[])?;
    let mut at = 0;
    while let Some((found, child)) = next_child(vm, this, path, at)? {
        vm.list_push(list.as_ptr(), child.value())?;
        at = found + 1;
    }
    Ok(list)
}

pub fn iter_find(vm: &mut Vm, this: ThisElement, path: Value, namespaces: Option<Value>) -> PyResult {
    by_path(vm, "iterfind", &[this.value(), path, namespaces.unwrap_or(Value::NONE)])
}
