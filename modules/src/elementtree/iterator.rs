//! Over all elements of a tree, or their texts, in the order of the document.
//!
//! ```text
//!   root ─ a ─ b          element: b, next: which child of b comes next
//!        └ c   └ d        above: [root, 1, a, 1], the same of those above
//! ```
//!
//! The tree may be changed meanwhile: what is there when a step gets to it is given.

use super::element::{Element, ThisElement};
use super::find::is_of_tag;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{BytesObject, ListObject};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
struct ElementIterator {
    header: Header,
    /// The first element, until it has been given; then unbound.
    root: Value,
    /// Whose children come next; unbound at the beginning and at the end.
    element: Value,
    /// A list of the elements above, each with the number of its child that comes next.
    above: Value,
    /// The tag of those that are wanted; None: all are.
    tag: Value,
    next: usize,
    is_of_texts: bool,
}

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for ElementIterator {
    const SPEC: &'static TypeSpec = &ELEMENT_ITERATOR;
}

type ThisIterator = This<ElementIterator>;

static ELEMENT_ITERATOR: TypeSpec = TypeSpec {
    name: "_element_iterator",
    module: "_elementtree",
    doc: "Over the elements or the texts of a tree.",
    layout: Some(Layout::of::<ElementIterator>(4)),
    slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: slot(next), ..Slots::NONE },
    ..TypeSpec::NEW
};

pub fn over_elements(vm: &mut Vm, root: ThisElement, tag: Value) -> PyResult {
    let is_star = match Str::of(vm, tag) {
        Some(text) => text.view().len() == 1 && text.view().at(0) == u32::from(b'*'),
        None => This::<BytesObject>::of(vm, tag).is_some_and(|bytes| bytes.data() == b"*"),
    };
    make(vm, root, if is_star { Value::NONE } else { tag }, false)
}

pub fn over_texts(vm: &mut Vm, root: ThisElement) -> PyResult {
    make(vm, root, Value::NONE, true)
}

fn make(vm: &mut Vm, root: ThisElement, tag: Value, is_of_texts: bool) -> PyResult {
    let above = vm.new_list(&[])?;
    let class = vm.type_of_spec(&ELEMENT_ITERATOR);
    vm.new_object(class, |header| ElementIterator {
        header,
        root: root.value(),
        element: Value::UNBOUND,
        above,
        tag,
        next: 0,
        is_of_texts,
    })
}

/// So many elements are passed over before an interrupt is looked for.
const STRIDE: usize = 64;

fn next(vm: &mut Vm, mut this: ThisIterator) -> PyResult<Option<Value>> {
    for step in 1usize.. {
        if step.is_multiple_of(STRIDE) {
            vm.answer_interrupt()?;
        }
        let text = if this.element.is_unbound() {
            let root = std::mem::replace(&mut this.root, Value::UNBOUND);
            let Some(root) = This::<Element>::of(vm, root) else { return Ok(None) };
            enter(vm, this, root)?
        } else {
            let Some(element) = This::<Element>::of(vm, this.element) else { return Ok(None) };
            match Element::child(vm, element, this.next) {
                Some(child) => {
                    this.next += 1;
                    enter(vm, this, child)?
                }
                None => {
                    let is_inner = leave(vm, this)?;
                    (is_inner && this.is_of_texts).then_some(element.tail)
                }
            }
        };
        let Some(found) = text else { continue };
        if !this.is_of_texts || !found.is_none() && vm.is_true(found)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Goes on with the children of an element; gives it or its text, if that is wanted.
fn enter(vm: &mut Vm, mut this: ThisIterator, element: ThisElement) -> PyResult<Option<Value>> {
    if !this.element.is_unbound() {
        let above: *mut ListObject = this.above.as_ptr();
        let next = vm.new_int_from_usize(this.next);
        vm.list_push(above, this.element)?;
        vm.list_push(above, next)?;
    }
    (this.element, this.next) = (element.value(), 0);
    vm.barrier(this.pointer());
    if this.is_of_texts {
        return Ok(Some(element.text));
    }
    let tag = this.tag;
    Ok((tag.is_none() || is_of_tag(vm, element, tag)?).then(|| element.value()))
}

/// Goes back to the element above; `false`: there is none.
fn leave(vm: &mut Vm, mut this: ThisIterator) -> PyResult<bool> {
    let above = This::<ListObject>::expect(vm, this.above);
    let is_inner = above.len >= 2;
    this.element = Value::UNBOUND;
    if is_inner {
        let next = vm.list_pop(above.pointer(), -1)?;
        this.element = vm.list_pop(above.pointer(), -1)?;
        this.next = vm.int_to_i64(next).and_then(|next| usize::try_from(next).ok()).unwrap_or(usize::MAX);
    }
    vm.barrier(this.pointer());
    Ok(is_inner)
}
