//! What new elements are told: a tag, a dict of attributes, and further ones by name.

use super::element::{Element, ThisElement, new_element};
use stitch_runtime::object::argument::{Keywords, Rest, This};
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

/// The arguments, of which there have to be so many; TypeError.
pub fn counted<'a>(vm: &mut Vm, function: &str, given: Rest, least: usize, most: usize) -> PyResult<&'a [Value]> {
    let items = given.items();
    let (bound, number) = match items.len() {
        n if n < least => ("least", least),
        n if n > most => ("most", most),
        _ => return Ok(items),
    };
    let plural = if number == 1 { "" } else { "s" };
    Err(vm.raise_type(&format!("{function}() takes at {bound} {number} argument{plural} ({} given)", items.len())))
}

/// The attributes of a new element, a dict of its own; unbound where none are given.
pub fn attributes(vm: &mut Vm, function: &str, number: usize, given: Option<Value>, keywords: Keywords) -> PyResult {
    if let Some(given) = given {
        check_dict(vm, given, &format!("{function}() argument {number}"))?;
        let attributes = vm.dict_copy(given, BuiltinType::Dict)?;
        vm.dict_merge(attributes, keywords.value())?;
        return Ok(attributes);
    }
    if keywords.is_empty() {
        return Ok(Value::UNBOUND);
    }
    let name = vm.intern("attrib");
    let rest = vm.dict_copy(keywords.value(), BuiltinType::Dict)?;
    let Some(named) = vm.dict_remove(rest, name)? else { return Ok(rest) };
    check_dict(vm, named, "attrib")?;
    let attributes = vm.dict_copy(named, BuiltinType::Dict)?;
    vm.dict_merge(attributes, rest)?;
    Ok(attributes)
}

/// TypeError: the argument `must be dict`.
pub fn check_dict(vm: &mut Vm, value: Value, argument: &str) -> PyResult<()> {
    if vm.is_a::<DictObject>(value) {
        return Ok(());
    }
    let given = if value.is_none() { "None".to_string() } else { vm.class_name(value) };
    Err(vm.raise_type(&format!("{argument} must be dict, not {given}")))
}

/// An argument that has to be an element.
pub fn element(vm: &mut Vm, value: Value, argument: &str) -> PyResult<ThisElement> {
    This::of(vm, value).ok_or_else(|| {
        let given = if value.is_none() { "None".to_string() } else { vm.class_name(value) };
        vm.raise_type(&format!("{argument} must be xml.etree.ElementTree.Element, not {given}"))
    })
}

pub fn sub_element(vm: &mut Vm, given: Rest, keywords: Keywords) -> PyResult {
    const NAME: &str = "SubElement";
    let given = counted(vm, NAME, given, 2, 3)?;
    let parent = element(vm, given[0], "SubElement() argument 1")?;
    let attributes = attributes(vm, NAME, 3, given.get(2).copied(), keywords)?;
    let made = new_element(vm, given[1], attributes)?;
    Element::push(vm, parent, made)?;
    Ok(made)
}
