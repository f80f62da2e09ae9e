//! Copies of elements, and what they are pickled as.

use super::arguments::check_dict;
use super::element::{Element, ThisElement, expect_element, new_element};
use super::state as module_state;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::integer::identity_of;
use stitch_runtime::object::layout::{DictObject, ListObject, StrObject};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

/// A plain element that has all in common with this one but the list of children.
pub fn copy(vm: &mut Vm, this: ThisElement) -> PyResult {
    let made = new_element(vm, this.tag, this.attributes)?;
    let mut copy = This::<Element>::expect(vm, made);
    (copy.text, copy.tail) = (this.text, this.tail);
    vm.barrier(copy.pointer());
    Element::splice(vm, copy, 0..0, this.children())?;
    Ok(made)
}

pub fn deep_copy(vm: &mut Vm, this: ThisElement, memo: Value) -> PyResult {
    check_dict(vm, memo, "__deepcopy__() argument")?;
    element(vm, this, memo)
}

fn element(vm: &mut Vm, this: ThisElement, memo: Value) -> PyResult {
    vm.check_native_stack()?;
    let tag = value(vm, this.tag, memo)?;
    let attributes = match this.attributes {
        none if none.is_unbound() => none,
        attributes => value(vm, attributes, memo)?,
    };
    let made = new_element(vm, tag, attributes)?;
    let mut copy = This::<Element>::expect(vm, made);
    copy.text = value(vm, this.text, memo)?;
    vm.barrier(copy.pointer());
    copy.tail = value(vm, this.tail, memo)?;
    vm.barrier(copy.pointer());
    let mut at = 0;
    while let Some(child) = Element::child(vm, this, at) {
        let child = value(vm, child.value(), memo)?;
        expect_element(vm, child)?;
        Element::push(vm, copy, child)?;
        at += 1;
    }
    remember(vm, memo, this.value(), made)?;
    Ok(made)
}

fn remember(vm: &mut Vm, memo: Value, original: Value, copy: Value) -> PyResult<()> {
    let key = vm.new_int_from_i128(identity_of(original));
    vm.dict_set(memo, key, copy)
}

/// A deep copy of anything: plain elements and dicts of texts are copied here.
fn value(vm: &mut Vm, original: Value, memo: Value) -> PyResult {
    if original.is_none() || vm.is_exactly::<StrObject>(original) {
        return Ok(original);
    }
    let key = vm.new_int_from_i128(identity_of(original));
    if let Some(copy) = vm.dict_get(memo, key)? {
        return Ok(copy);
    }
    if let Some(original) = vm.exactly::<Element>(original) {
        return element(vm, original, memo);
    }
    if let Some(dict) = vm.exactly::<DictObject>(original) {
        let is_text = |value| vm.is_exactly::<StrObject>(value);
        if dict.iter().all(|entry| is_text(entry.key) && is_text(entry.value)) {
            let copy = vm.dict_copy(original, BuiltinType::Dict)?;
            remember(vm, memo, original, copy)?;
            return Ok(copy);
        }
    }
    let function = module_state(vm).deep_copy.unwrap_or(Value::NONE);
    vm.call(function, &[original, memo])
}

pub fn state(vm: &mut Vm, this: ThisElement) -> PyResult {
    let children = vm.new_list(this.children())?;
    let attributes = if this.attributes.is_unbound() { vm.new_dict() } else { this.attributes };
    let state = vm.new_dict();
    let parts =
        [("tag", this.tag), ("_children", children), ("attrib", attributes), ("text", this.text), ("tail", this.tail)];
    for (name, part) in parts {
        let name = vm.intern(name);
        vm.dict_set(state, name, part)?;
    }
    Ok(state)
}

pub fn set_state(vm: &mut Vm, mut this: ThisElement, state: Value) -> PyResult<()> {
    const PARTS: [&str; 5] = ["tag", "attrib", "text", "tail", "_children"];
    if !vm.is_exactly::<DictObject>(state) {
        let mut text = stitch_runtime::object::convert::text::Text::new();
        vm.write_repr(&mut text, state)?;
        let shown = text.view().to_string_lossy();
        return Err(vm.raise_type(&format!("Don't know how to unpickle \"{shown}\" as an Element")));
    }
    let mut parts = [None; PARTS.len()];
    for (part, name) in parts.iter_mut().zip(PARTS) {
        let name = vm.intern(name);
        *part = vm.dict_get(state, name)?;
    }
    if vm.table(state).len > parts.iter().flatten().count() {
        return Err(raise_unexpected(vm, state, &PARTS));
    }
    let [tag, attributes, text, tail, children] = parts;
    let Some(tag) = tag else { return Err(vm.raise_type("tag may not be NULL")) };
    let text = joined(vm, text)?;
    let tail = joined(vm, tail)?;
    (this.tag, this.text, this.tail) = (tag, text, tail);
    vm.barrier(this.pointer());
    if children.is_none() && attributes.is_none() {
        return Ok(());
    }
    Element::forget_children(vm, this);
    if let Some(children) = children {
        let Some(list) = This::<ListObject>::of(vm, children) else {
            return Err(vm.raise_type("'_children' is not a list"));
        };
        for &child in list.items() {
            expect_element(vm, child)?;
        }
        Element::splice(vm, this, 0..0, list.items())?;
    }
    this.attributes = attributes.unwrap_or(Value::UNBOUND);
    vm.barrier(this.pointer());
    Ok(())
}

#[cold]
fn raise_unexpected(vm: &mut Vm, state: Value, known: &[&str]) -> stitch_runtime::Raised {
    for entry in vm.table(state).iter() {
        if !vm.is_str(entry.key) {
            return vm.raise_type("keywords must be strings");
        }
        let name = vm.string_of(entry.key);
        if !known.contains(&&*name) {
            return vm.raise_type(&format!("this function got an unexpected keyword argument '{name}'"));
        }
    }
    vm.raise_type("keywords must be strings")
}

/// A text, which may be a list of its parts.
fn joined(vm: &mut Vm, text: Option<Value>) -> PyResult {
    match text {
        Some(parts) if vm.is_exactly::<ListObject>(parts) => join(vm, parts),
        text => Ok(text.unwrap_or(Value::NONE)),
    }
}

/// The texts of a list, one behind the other; TypeError where one is no text.
pub fn join(vm: &mut Vm, parts: Value) -> PyResult {
    let (empty, name) = (vm.new_str(""), vm.intern("join"));
    vm.call_method(empty, name, &[parts])
}
