//! `islice`: some of an iterable's items, by their numbers.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{ClassOf, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct ISlice {
    header: Header,
    /// Unbound at the end.
    iterator: Value,
    /// How many items were taken of it.
    taken: u64,
    /// The number of the next item that is given.
    wanted: u64,
    /// `u64::MAX`: none.
    stop: u64,
    step: u64,
}

pub static ISLICE: TypeSpec = TypeSpec {
    name: "islice",
    shown_signature: Some(""),
    doc: "Some of an iterable's items: islice(iterable, stop) or islice(iterable, start, stop[, step]).",
    layout: Some(Layout::of::<ISlice>(1)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, /, *args)", new)
            .doc("Takes an iterable, and where to stop, or from where to where and by what steps."),
    ),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for ISlice {
    const SPEC: &'static TypeSpec = &ISLICE;
}

const BAD_STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const BAD_BOUND: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const BAD_STEP: &str = "Step for islice() must be a positive integer or None.";

fn new(vm: &mut Vm, class: ClassOf<ISlice>, args: Rest) -> PyResult {
    let (start, stop, step) = match *args.items() {
        [_, stop] => (Value::NONE, stop, Value::NONE),
        [_, start, stop] => (start, stop, Value::NONE),
        [_, start, stop, step] => (start, stop, step),
        ref few if few.len() < 2 => {
            return Err(vm.raise_type(&format!("islice expected at least 2 arguments, got {}", few.len())));
        }
        ref many => return Err(vm.raise_type(&format!("islice expected at most 4 arguments, got {}", many.len()))),
    };
    let is_below = stop.is_int() && stop.as_int() < -1;
    let stop = bound(vm, stop, u64::MAX, if is_below { BAD_BOUND } else { BAD_STOP })?;
    let start = bound(vm, start, 0, BAD_BOUND)?;
    let step = match bound(vm, step, 1, BAD_STEP)? {
        0 => return Err(vm.raise_value(BAD_STEP)),
        step => step,
    };
    let iterator = vm.get_iter(args.items()[0])?;
    vm.new_object(class.class, |header| ISlice { header, iterator, taken: 0, wanted: start, stop, step })
}

/// A bound, or what stands for None; ValueError for anything but an index of a sequence.
fn bound(vm: &mut Vm, value: Value, default: u64, message: &str) -> PyResult<u64> {
    if value.is_none() {
        return Ok(default);
    }
    match vm.index_i64(value) {
        Ok(word) if word >= 0 => Ok(word as u64),
        Ok(_) => Err(vm.raise_value(message)),
        Err(_) => {
            vm.clear_exception();
            Err(vm.raise_value(message))
        }
    }
}

fn next(vm: &mut Vm, mut this: This<ISlice>) -> PyResult<Option<Value>> {
    if this.iterator.is_unbound() {
        return Ok(None);
    }
    let (iterator, stop) = (this.iterator, this.stop);
    while this.taken < this.wanted {
        match step(vm, iterator) {
            Ok(Some(_)) => this.taken += 1,
            other => return ended(this, other),
        }
    }
    if this.taken >= stop {
        return ended(this, Ok(None));
    }
    match step(vm, iterator) {
        Ok(Some(item)) => {
            this.taken += 1;
            this.wanted = this.wanted.saturating_add(this.step).min(stop);
            Ok(Some(item))
        }
        other => ended(this, other),
    }
}

fn ended(mut this: This<ISlice>, end: PyResult<Option<Value>>) -> PyResult<Option<Value>> {
    this.iterator = Value::UNBOUND;
    end
}
