//! What `iter_unpack` gives.

use super::format::Format;
use super::{pack, raise};
use std::rc::Rc;
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
struct UnpackIterator {
    header: Header,
    buffer: Value,
    index: usize,
    format: Option<Rc<Format>>,
}

static UNPACK_ITERATOR: TypeSpec = TypeSpec {
    name: "unpack_iterator",
    module: "_struct",
    doc: "Over the values that pieces of some bytes are.",
    layout: Some(Layout::of::<UnpackIterator>(1).finalized_by(|object| {
        // SAFETY: a dead iterator, which has its share of the format for itself.
        unsafe { (*object.cast::<UnpackIterator>()).format = None };
    })),
    slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: Some(next), ..Slots::NONE },
    methods: &[method("__length_hint__", "($self, /)", length_hint).doc("How many pieces are left.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for UnpackIterator {
    const SPEC: &'static TypeSpec = &UNPACK_ITERATOR;
}

pub fn over(vm: &mut Vm, format: Rc<Format>, buffer: Value) -> PyResult {
    if format.size == 0 {
        return Err(raise(vm, "cannot iteratively unpack with a struct of length 0"));
    }
    let len = BytesLike::of(vm, buffer)?.len();
    if !len.is_multiple_of(format.size) {
        let message = format!("iterative unpacking requires a buffer of a multiple of {} bytes", format.size);
        return Err(raise(vm, &message));
    }
    let class = vm.type_of_spec(&UNPACK_ITERATOR);
    vm.new_object(class, |header| UnpackIterator { header, buffer, index: 0, format: Some(format) })
}

fn next(vm: &mut Vm, value: Value) -> PyResult<Option<Value>> {
    let mut this = This::<UnpackIterator>::of(vm, value).expect("the slot of an unpacking iterator");
    let Some(format) = this.format.clone() else { return Ok(None) };
    let data = BytesLike::of(vm, this.buffer)?;
    match data.get(this.index..).and_then(|rest| rest.get(..format.size)) {
        Some(piece) => {
            this.index += format.size;
            pack::unpack(vm, &format, piece).map(Some)
        }
        None => {
            (this.format, this.buffer) = (None, Value::NONE);
            Ok(None)
        }
    }
}

fn length_hint(vm: &mut Vm, this: This<UnpackIterator>) -> PyResult<usize> {
    let Some(format) = this.format.clone() else { return Ok(0) };
    let len = BytesLike::of(vm, this.buffer)?.len();
    Ok(len.saturating_sub(this.index) / format.size)
}
