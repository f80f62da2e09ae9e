//! Iterators over deques, from either end.

use super::deque::{Deque, check_unchanged, trace};
use stitch_runtime::object::argument::{Class, Index, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::trace::SlotRules;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct DequeIterator<const REVERSE: bool> {
    header: Header,
    pub deque: Value,
    /// Items that were given.
    pub done: usize,
    /// Items that are left.
    pub left: usize,
    /// How often the deque had changed when the iteration began.
    pub changes: u64,
}

const fn iterator<const REVERSE: bool>(name: &'static str, doc: &'static str) -> TypeSpec
where
    DequeIterator<REVERSE>: Object,
{
    TypeSpec {
        name,
        module: "collections",
        doc,
        layout: Some(Layout::of::<DequeIterator<REVERSE>>(1)),
        slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: Some(next::<REVERSE>), ..Slots::NONE },
        traced: SlotRules { next: Some(trace::next::<REVERSE>), ..SlotRules::NONE },
        new: Some(
            method("__new__", "($type, deque, index=0, /)", new::<REVERSE>).doc("One that has passed so many items."),
        ),
        methods: const {
            &[
                method("__length_hint__", "($self, /)", |this: This<DequeIterator<REVERSE>>| this.left)
                    .doc("How many items are left."),
                method("__reduce__", "($self, /)", reduce::<REVERSE>).doc("How to make it again."),
            ]
        },
        ..TypeSpec::NEW
    }
}

pub static DEQUE_ITERATOR: TypeSpec = iterator::<false>("_deque_iterator", "Over the items of a deque.");
pub static DEQUE_REVERSE_ITERATOR: TypeSpec =
    iterator::<true>("_deque_reverse_iterator", "Over the items of a deque, from its end.");

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for DequeIterator<false> {
    const SPEC: &'static TypeSpec = &DEQUE_ITERATOR;
}
// SAFETY: as above.
unsafe impl Object for DequeIterator<true> {
    const SPEC: &'static TypeSpec = &DEQUE_REVERSE_ITERATOR;
}

pub fn over<const REVERSE: bool>(vm: &mut Vm, deque: This<Deque>) -> PyResult
where
    DequeIterator<REVERSE>: Object,
{
    let class = vm.type_of_spec(DequeIterator::<REVERSE>::SPEC);
    let (left, changes) = (deque.len, deque.changes);
    vm.new_object(class, |header| DequeIterator::<REVERSE> { header, deque: deque.value(), done: 0, left, changes })
}

fn new<const REVERSE: bool>(vm: &mut Vm, _: Class, deque: Value, index: Option<Index>) -> PyResult
where
    DequeIterator<REVERSE>: Object,
{
    let Some(deque) = This::<Deque>::of(vm, deque) else {
        let message = format!("argument 1 must be collections.deque, not {}", vm.class_name(deque));
        return Err(vm.raise_type(&message));
    };
    let iterator = over::<REVERSE>(vm, deque)?;
    let mut this = This::<DequeIterator<REVERSE>>::of(vm, iterator).expect("it was just made");
    let done = index.map_or(0, |index| index.0).clamp(0, deque.len as i64) as usize;
    (this.done, this.left) = (done, deque.len - done);
    Ok(iterator)
}

fn next<const REVERSE: bool>(vm: &mut Vm, value: Value) -> PyResult<Option<Value>>
where
    DequeIterator<REVERSE>: Object,
{
    let mut this = This::<DequeIterator<REVERSE>>::of(vm, value).expect("the slot of a deque's iterator");
    let deque = Deque::at(vm, this.deque);
    if deque.changes != this.changes {
        this.left = 0;
        return check_unchanged(vm, deque, this.changes).map(|()| None);
    }
    if this.left == 0 {
        return Ok(None);
    }
    let at = if REVERSE { this.left - 1 } else { this.done };
    this.done += 1;
    this.left -= 1;
    Ok(Some(deque.get(at)))
}

fn reduce<const REVERSE: bool>(vm: &mut Vm, this: This<DequeIterator<REVERSE>>) -> Value
where
    DequeIterator<REVERSE>: Object,
{
    let class = Value::object(vm.class_of(this.value()));
    let done = vm.new_int_from_usize(this.done);
    let arguments = vm.new_tuple(&[this.deque, done]);
    vm.new_tuple(&[class, arguments])
}
