//! `Element`.

use super::{LIBRARY, arguments, items, methods, trace};
use std::ops::Range;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{DictObject, ValueArray};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
pub struct Element {
    header: Header,
    pub tag: Value,
    pub text: Value,
    pub tail: Value,
    /// Unbound: there are none yet. A dict, unless `__setstate__` was given something else.
    pub attributes: Value,
    /// A value array, which nobody else sees: each item is an element.
    pub children: Value,
    pub n_children: usize,
}

pub type ThisElement = This<Element>;

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Element {
    const SPEC: &'static TypeSpec = &ELEMENT;
}

pub static ELEMENT: TypeSpec = TypeSpec {
    name: "Element",
    module: LIBRARY,
    doc: "An element of a document: a tag, attributes, text, and further elements.",
    layout: Some(Layout::of::<Element>(5)),
    is_base: true,
    is_weakly_referable: true,
    is_iterated_by_index: true,
    slots: Slots {
        len: slot(|_: &mut Vm, this: ThisElement| Ok(this.n_children)),
        get_item: slot(items::get_item),
        set_item: slot(items::set_item),
        truth: slot(truth),
        repr: slot(write_repr),
        ..Slots::NONE
    },
    traced: trace::RULES,
    new: Some(
        method("__new__", "($type, *args, **kwargs)", |vm: &mut Vm, class: ClassOf<Element>, _: Rest, _: Keywords| {
            make(vm, class.class, Value::NONE, Value::UNBOUND)
        })
        .doc("A new one that nothing is known of."),
    ),
    methods: methods::METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

const GETTERS: &[GetSetRow] = &[
    field("tag", |this: ThisElement| this.tag)
        .traced(trace::tag)
        .set_by(|vm: &mut Vm, this: ThisElement, value: Option<Value>| {
            set(vm, this, value, |this, value| this.tag = value)
        })
        .doc("What the element is."),
    field("text", |this: ThisElement| this.text)
        .traced(trace::text)
        .set_by(|vm: &mut Vm, this: ThisElement, value: Option<Value>| {
            set(vm, this, value, |this, value| this.text = value)
        })
        .doc("What stands before the first child, or None."),
    field("tail", |this: ThisElement| this.tail)
        .traced(trace::tail)
        .set_by(|vm: &mut Vm, this: ThisElement, value: Option<Value>| {
            set(vm, this, value, |this, value| this.tail = value)
        })
        .doc("What stands behind the element's end, or None."),
    field("attrib", |vm: &mut Vm, this: ThisElement| Element::attributes(vm, this))
        .set_by(|vm: &mut Vm, this: ThisElement, value: Option<Value>| {
            if let Some(value) = value.filter(|&value| !vm.is_a::<DictObject>(value)) {
                let message = format!("attrib must be dict, not {}", vm.class_name(value));
                return Err(vm.raise_type(&message));
            }
            set(vm, this, value, |this, value| this.attributes = value)
        })
        .doc("The attributes, a dict."),
];

fn set(vm: &mut Vm, mut this: ThisElement, value: Option<Value>, put: fn(&mut Element, Value)) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.raise_attribute("can't delete element attribute")) };
    put(&mut this, value);
    vm.barrier(this.pointer());
    Ok(())
}

/// A plain element; `attributes`: a dict, or unbound.
pub fn new_element(vm: &mut Vm, tag: Value, attributes: Value) -> PyResult {
    let class = vm.type_of_spec(&ELEMENT);
    make(vm, class, tag, attributes)
}

fn make(
    vm: &mut Vm,
    class: *mut stitch_runtime::object::layout::TypeObject,
    tag: Value,
    attributes: Value,
) -> PyResult {
    let children = vm.empty_array;
    vm.new_object(class, |header| Element {
        header,
        tag,
        text: Value::NONE,
        tail: Value::NONE,
        attributes,
        children,
        n_children: 0,
    })
}

impl Element {
    /// What the children lie in, with places for more.
    fn places(&mut self) -> &mut [Value] {
        // SAFETY: `children` is a value array from the element's birth on, and this element's own or without places.
        unsafe { (*self.children.as_ptr::<ValueArray>()).elements_mut() }
    }

    /// The children. Not to be held across anything that may change them.
    pub fn children(&self) -> &[Value] {
        // SAFETY: as in `places`.
        let places = unsafe { (*self.children.as_ptr::<ValueArray>()).elements() };
        &places[..self.n_children]
    }

    /// A child, if there are so many.
    pub fn child(vm: &Vm, this: ThisElement, at: usize) -> Option<ThisElement> {
        this.children().get(at).map(|&child| This::expect(vm, child))
    }

    /// Puts values, each an element, in place of a range of the children.
    pub fn splice(vm: &mut Vm, mut this: ThisElement, range: Range<usize>, new: &[Value]) -> PyResult<()> {
        let old_len = this.n_children;
        let len = old_len - range.len() + new.len();
        if len > this.places().len() {
            let array = vm.new_array(if len < 4 { 4 } else { len + len / 2 })?;
            // SAFETY: a fresh value array, larger than the old one.
            let places = unsafe { (*array.as_ptr::<ValueArray>()).elements_mut() };
            places[..old_len].copy_from_slice(this.children());
            this.children = array;
            vm.barrier(this.pointer());
        }
        let places = this.places();
        places.copy_within(range.end..old_len, range.start + new.len());
        places[range.start..range.start + new.len()].copy_from_slice(new);
        if len < old_len {
            places[len..old_len].fill(Value::UNBOUND);
        }
        this.n_children = len;
        vm.barrier(this.children.as_ptr::<ValueArray>());
        Ok(())
    }

    /// Adds a child, which is an element.
    pub fn push(vm: &mut Vm, mut this: ThisElement, child: Value) -> PyResult<()> {
        let len = this.n_children;
        if len == this.places().len() {
            return Element::splice(vm, this, len..len, &[child]);
        }
        this.places()[len] = child;
        this.n_children = len + 1;
        vm.barrier(this.children.as_ptr::<ValueArray>());
        Ok(())
    }

    /// Puts an element in place of a child that there is.
    pub fn put(vm: &mut Vm, mut this: ThisElement, at: usize, child: Value) {
        this.places()[at] = child;
        vm.barrier(this.children.as_ptr::<ValueArray>());
    }

    /// Takes all children out.
    pub fn forget_children(vm: &mut Vm, mut this: ThisElement) {
        (this.children, this.n_children) = (vm.empty_array, 0);
        vm.barrier(this.pointer());
    }

    /// The attributes: from now on there are some.
    pub fn attributes(vm: &mut Vm, mut this: ThisElement) -> Value {
        if this.attributes.is_unbound() {
            this.attributes = vm.new_dict();
            vm.barrier(this.pointer());
        }
        this.attributes
    }

    /// The dict of the attributes, for natives; SystemError where `__setstate__` was given something else.
    pub fn attribute_dict(vm: &mut Vm, this: ThisElement) -> PyResult<Option<Value>> {
        let attributes = this.attributes;
        if attributes.is_unbound() {
            return Ok(None);
        }
        if vm.is_a::<DictObject>(attributes) {
            return Ok(Some(attributes));
        }
        Err(vm.raise(vm.exceptions.SystemError, "bad argument to internal function"))
    }
}

/// The element that a value is; TypeError where it is none.
pub fn expect_element(vm: &mut Vm, value: Value) -> PyResult<ThisElement> {
    This::of(vm, value).ok_or_else(|| raise_no_element(vm, value))
}

#[cold]
fn raise_no_element(vm: &mut Vm, value: Value) -> Raised {
    let message = format!("expected an Element, not \"{}\"", vm.class_name(value));
    vm.raise_type(&message)
}

fn truth(vm: &mut Vm, this: ThisElement) -> PyResult<bool> {
    let message = "Testing an element's truth value will always return True in future versions.  \
                   Use specific 'len(elem)' or 'elem is not None' test instead.";
    vm.warn(vm.exceptions.DeprecationWarning, message)?;
    Ok(this.n_children > 0)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: ThisElement) -> PyResult<()> {
    let address = format!(" at {:#x}>", this.value().bits());
    out.push_str("<Element ");
    let start = out.len();
    vm.write_container(out, this.value(), "", |vm, out| vm.write_repr(out, this.tag))?;
    if out.len() == start {
        let name = vm.class_name(this.value());
        return Err(vm.raise_runtime(&format!("reentrant call inside {name}.__repr__")));
    }
    out.push_str(&address);
    Ok(())
}

/// Makes it what the arguments of its class say.
pub fn init(vm: &mut Vm, mut this: ThisElement, given: Rest, keywords: Keywords) -> PyResult<()> {
    let given = arguments::counted(vm, "Element", given, 1, 2)?;
    let attributes = arguments::attributes(vm, "Element", 2, given.get(1).copied(), keywords)?;
    (this.tag, this.attributes) = (given[0], attributes);
    (this.text, this.tail) = (Value::NONE, Value::NONE);
    vm.barrier(this.pointer());
    Ok(())
}
