//! The methods of elements.

use super::element::{Element, ThisElement, expect_element, init, new_element};
use super::{arguments, copy, find, items, iterator};
use stitch_runtime::object::argument::{Index, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

pub const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, *args, **kwargs)", init).doc("Takes a tag and attributes."),
    method("append", "($self, subelement, /)", |vm: &mut Vm, this: ThisElement, child: Value| {
        arguments::element(vm, child, "append() argument 1")?;
        Element::push(vm, this, child)
    })
    .doc("Adds a child behind the others."),
    method("extend", "($self, elements, /)", extend).doc("Adds the elements of an iterable behind the others."),
    method("insert", "($self, index, subelement, /)", |vm: &mut Vm, this: ThisElement, index: Index, child: Value| {
        arguments::element(vm, child, "insert() argument 2")?;
        let len = this.children().len() as i64;
        let at = if index.0 < 0 { index.0.saturating_add(len).max(0) } else { index.0.min(len) } as usize;
        Element::splice(vm, this, at..at, &[child])
    })
    .doc("Adds a child before the one at an index."),
    method("remove", "($self, subelement, /)", remove).doc("Takes a child out."),
    method("clear", "($self, /)", |vm: &mut Vm, mut this: ThisElement| {
        (this.text, this.tail, this.attributes) = (Value::NONE, Value::NONE, Value::UNBOUND);
        Element::forget_children(vm, this);
    })
    .doc("Takes out all children, the attributes and the texts."),
    method(
        "get",
        "($self, /, key, default=None)",
        |vm: &mut Vm, this: ThisElement, key: Value, default: Option<Value>| {
            let found = match Element::attribute_dict(vm, this)? {
                Some(attributes) => vm.dict_get(attributes, key)?,
                None => None,
            };
            PyResult::Ok(found.or(default))
        },
    )
    .doc("The value of an attribute, or the default."),
    method("set", "($self, key, value, /)", |vm: &mut Vm, this: ThisElement, key: Value, value: Value| {
        Element::attributes(vm, this);
        match Element::attribute_dict(vm, this)? {
            Some(attributes) => vm.dict_set(attributes, key, value),
            None => Ok(()),
        }
    })
    .doc("Sets an attribute."),
    method("keys", "($self, /)", |vm: &mut Vm, this: ThisElement| listed(vm, this, |_, key, _| key))
        .doc("The names of the attributes, as a list."),
    method("items", "($self, /)", |vm: &mut Vm, this: ThisElement| {
        listed(vm, this, |vm, key, value| vm.new_tuple(&[key, value]))
    })
    .doc("The attributes' names and values, as a list."),
    method("find", "($self, /, path, namespaces=None)", find::find)
        .doc("The first element below that a tag or a path finds, or None."),
    method("findtext", "($self, /, path, default=None, namespaces=None)", find::find_text)
        .doc("The text of the first element below that a tag or a path finds, or the default."),
    method("findall", "($self, /, path, namespaces=None)", find::find_all)
        .doc("All elements below that a tag or a path finds, as a list."),
    method("iterfind", "($self, /, path, namespaces=None)", find::iter_find)
        .doc("All elements below that a tag or a path finds, one by one."),
    method("iter", "($self, /, tag=None)", |vm: &mut Vm, this: ThisElement, tag: Option<Value>| {
        iterator::over_elements(vm, this, tag.unwrap_or(Value::NONE))
    })
    .doc("Over the element and all below it, or over those of a tag, in the order of the document."),
    method("itertext", "($self, /)", iterator::over_texts)
        .doc("Over the texts within the element, in the order of the document."),
    method("makeelement", "($self, tag, attrib, /)", |vm: &mut Vm, _: ThisElement, tag: Value, attributes: Value| {
        arguments::check_dict(vm, attributes, "makeelement() argument 2")?;
        let attributes = vm.dict_copy(attributes, BuiltinType::Dict)?;
        new_element(vm, tag, attributes)
    })
    .doc("A new element."),
    method("__copy__", "($self, /)", copy::copy).doc("One of the same children."),
    method("__deepcopy__", "($self, memo, /)", copy::deep_copy).doc("One of copies of the children."),
    method("__getstate__", "($self, /)", copy::state).doc("What it is, as a dict."),
    method("__setstate__", "($self, state, /)", copy::set_state).doc("Makes it what a dict says."),
];

fn extend(vm: &mut Vm, this: ThisElement, elements: Value) -> PyResult<()> {
    let list = items::collected(vm, elements, "'elements' must be an iterable")?;
    for &child in list.items() {
        expect_element(vm, child)?;
        Element::push(vm, this, child)?;
    }
    Ok(())
}

fn remove(vm: &mut Vm, this: ThisElement, child: Value) -> PyResult<()> {
    arguments::element(vm, child, "remove() argument")?;
    let mut found = this.children().iter().position(|&own| own == child);
    let mut at = 0;
    // Classes that derive from it may have an equality of their own, which may change the children.
    while found.is_none()
        && let Some(&own) = this.children().get(at)
    {
        if vm.equal(own, child)? {
            found = Some(at);
        }
        at += 1;
    }
    match found.filter(|&at| at < this.children().len()) {
        Some(at) => Element::splice(vm, this, at..at + 1, &[]),
        None => Err(vm.raise_value("Element.remove(x): element not found")),
    }
}

/// A list of something of each attribute.
fn listed(vm: &mut Vm, this: ThisElement, item: fn(&mut Vm, Value, Value) -> Value) -> PyResult {
    let list = vm.new_list(&[])?;
    let Some(attributes) = Element::attribute_dict(vm, this)? else { return Ok(list) };
    let mut at = 0;
    while let Some((index, entry)) = vm.table(attributes).next_entry(at) {
        at = index + 1;
        let item = item(vm, entry.key, entry.value);
        vm.list_push(list.as_ptr(), item)?;
    }
    Ok(list)
}
