//! `bytearray`: bytes that can be changed. Its storage is an object of its own:
//!
//! ```text
//!   ByteArray ─► storage: a `bytes` that nobody else sees, as long as there is room
//!     data ────────────────────┐        where the first byte is; behind the storage's start once bytes were deleted there
//!     len                      ▼
//!                 |  free      |  bytes … |  free     |
//! ```

mod change;
mod items;
mod iterator;

use super::bytes::{self, ByteString, N_SHARED, concatenated, holds, percent, shared_methods};
use super::codec;
use crate::object::argument::{ClassOf, Keywords, Rest, This, method};
use crate::object::buffer::{BytesLike, Export, ExportCount, Lease, Request};
use crate::object::convert::push_quoted_bytes;
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::{BytesObject, TypeObject};
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{Layout, Object, TypeSpec, joined};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[repr(C)]
pub struct ByteArray {
    pub header: Header,
    /// A `BytesObject`; unbound where there never was a byte.
    storage: Value,
    data: *mut u8,
    len: usize,
    exports: ExportCount,
}

// SAFETY: `#[repr(C)]` with the header first; bytearrays and what derives from them have this layout.
unsafe impl Object for ByteArray {
    const SPEC: &'static TypeSpec = &BYTEARRAY;
}

impl ByteString for ByteArray {
    fn data(&self) -> &[u8] {
        // SAFETY: `len` bytes of the storage, which `storage` keeps alive (a dangling pointer where there are none).
        unsafe { std::slice::from_raw_parts(self.data, self.len) }
    }
    fn lease(&self) -> Option<Lease> {
        // SAFETY: who asks keeps the object alive.
        Some(unsafe { self.exports.lease() })
    }
    fn make(vm: &mut Vm, data: &[u8]) -> PyResult {
        let made = empty(vm)?;
        splice(vm, made, 0, 0, data)?;
        Ok(made.value())
    }
    fn unchanged(vm: &mut Vm, this: This<ByteArray>) -> PyResult {
        ByteArray::make(vm, this.data())
    }
    fn itself(vm: &mut Vm, this: This<ByteArray>) -> PyResult {
        ByteArray::make(vm, this.data())
    }
    fn separator(vm: &mut Vm, _: Value, data: &[u8]) -> PyResult {
        ByteArray::make(vm, data)
    }
}

impl ByteArray {
    fn data_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `data`.
        unsafe { std::slice::from_raw_parts_mut(self.data, self.len) }
    }

    /// How many bytes there are room for from the first one on.
    fn room(&self) -> usize {
        if self.storage.is_unbound() {
            return 0;
        }
        // SAFETY: the storage is a live `BytesObject`, and `data` points into its data or to the end of it.
        unsafe {
            let storage = &*self.storage.as_ptr::<BytesObject>();
            storage.data().as_ptr_range().end.offset_from(self.data) as usize
        }
    }
}

const N_OWN: usize = 15;

static METHODS: [NativeRow; N_SHARED + N_OWN] = joined(
    shared_methods::<ByteArray>(),
    [
        method("__init__", "($self, /, source=b'', encoding=None, errors=None)", change::init).doc("Fills it anew."),
        method("append", "($self, item, /)", change::append).doc("Appends one byte."),
        method("clear", "($self, /)", |vm: &mut Vm, this: This<ByteArray>| resize(vm, this, 0))
            .doc("Removes all bytes."),
        method("copy", "($self, /)", |vm: &mut Vm, this: This<ByteArray>| ByteArray::make(vm, this.data()))
            .doc("A copy of it."),
        method("extend", "($self, iterable_of_ints, /)", change::extend).doc("Appends the ints of an iterable."),
        method("insert", "($self, index, item, /)", change::insert).doc("Inserts one byte before an index."),
        method("pop", "($self, index=-1, /)", change::pop).doc("Removes the byte at an index and gives it."),
        method("remove", "($self, value, /)", change::remove).doc("Removes the first byte of a value."),
        method("resize", "($self, size, /)", change::resize_to).doc("Makes it so long, with zeros where it grows."),
        method("reverse", "($self, /)", |mut this: This<ByteArray>| this.data_mut().reverse())
            .doc("Reverses the order of the bytes."),
        method("__alloc__", "($self, /)", |this: This<ByteArray>| this.room() + (this.room() > 0) as usize)
            .doc("The bytes that it has room for."),
        method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<ByteArray>| change::reduce(vm, this, None))
            .doc("What makes it anew."),
        method("__reduce_ex__", "($self, proto=0, /)", change::reduce).doc("What makes it anew, by a pickle protocol."),
        method("__sizeof__", "($self, /)", |this: This<ByteArray>| size_of::<ByteArray>() + this.room())
            .doc("The bytes of memory that it takes."),
        method("__release_buffer__", "($self, buffer, /)", release_buffer)
            .doc("Takes back a memoryview of its memory."),
    ],
);

pub static BYTEARRAY: TypeSpec = TypeSpec {
    shown_signature: Some(""),
    name: "bytearray",
    doc: "A mutable sequence of bytes: of an iterable of ints, a str and its encoding, a bytes-like object, a number of zeros.",
    layout: Some(Layout::of::<ByteArray>(1)),
    is_base: true,
    is_unhashable: true,
    is_atomic: true,
    is_matched_itself: true,
    slots: Slots {
        len: slot(|_: &mut Vm, this: This<ByteArray>| Ok(this.len)),
        get_item: slot(items::get_item),
        set_item: slot(items::set_item),
        contains: slot(|vm: &mut Vm, this: This<ByteArray>, item: Value| holds(vm, item, this)),
        iter: slot(iterator::iter),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<ByteArray>| {
            out.push_str(&vm.class_name(this.value()));
            out.push_str("(");
            // Single quotes are escaped in double ones, too.
            push_quoted_bytes(out, this.data(), |byte, _| byte == b'\'');
            out.push_str(")");
            Ok(())
        }),
        str: slot(|vm: &mut Vm, this: This<ByteArray>| {
            vm.warn_of_bytes("str() on a bytearray instance")?;
            vm.repr(this.value())
        }),
        compare: slot(compare),
        binary: operators(&[(op::REMAINDER, |vm, lhs, rhs| match This::<ByteArray>::of(vm, lhs) {
            Some(this) => percent(vm, this, rhs),
            None => Ok(vm.not_implemented),
        })]),
        concat: slot(|vm: &mut Vm, this: This<ByteArray>, other: Value| {
            let other = concatenated(vm, this.value(), other)?;
            let mut made = empty(vm)?;
            resize(vm, made, this.len + other.len())?;
            let (first, second) = made.data_mut().split_at_mut(this.len);
            first.copy_from_slice(this.data());
            second.copy_from_slice(&other);
            Ok(made.value())
        }),
        repeat: slot(|vm: &mut Vm, this: This<ByteArray>, count: Value| {
            let count = vm.repeat_count(count)?;
            let repeated = vm.repeated_bytes(this.data(), count)?;
            ByteArray::make(vm, &repeated)
        }),
        inplace_concat: slot(change::inplace_concat),
        inplace_repeat: slot(change::inplace_repeat),
        buffer: slot(|_: &mut Vm, this: This<ByteArray>, _: Request| {
            let export = Export::items(this.value(), this.data, this.len, "B", 1);
            // SAFETY: the count lies in the bytearray.
            let export = unsafe { export.counted_by(&this.exports) };
            Ok(export.in_memory_of(if this.storage.is_unbound() { this.value() } else { this.storage }))
        }),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<ByteArray>, _: Rest, _: Keywords| allocate(vm, class.class),
        )
        .doc("Makes a new bytearray."),
    ),
    methods: &METHODS,
    class_methods: bytes::CLASS_METHODS,
    static_methods: bytes::STATIC_METHODS,
    ..TypeSpec::NEW
};

fn allocate(vm: &mut Vm, class: *mut TypeObject) -> PyResult {
    vm.new_object(class, |header| ByteArray {
        header,
        storage: Value::UNBOUND,
        data: std::ptr::NonNull::dangling().as_ptr(),
        len: 0,
        exports: ExportCount::NONE,
    })
}

fn empty(vm: &mut Vm) -> PyResult<This<ByteArray>> {
    let class = vm.type_of_spec(&BYTEARRAY);
    let value = allocate(vm, class)?;
    Ok(This::of(vm, value).expect("a bytearray was made"))
}

/// Changes the length. What it grows by is to be written by the caller. BufferError where it is exported.
fn resize(vm: &mut Vm, mut this: This<ByteArray>, len: usize) -> PyResult<()> {
    if len == this.len {
        return Ok(());
    }
    vm.check_resizable(&this.exports)?;
    if len > this.room() {
        grow(vm, this, len)?;
    }
    this.len = len;
    Ok(())
}

/// Makes room for `len` bytes, and more where it has grown already.
#[cold]
fn grow(vm: &mut Vm, mut this: This<ByteArray>, len: usize) -> PyResult<()> {
    let capacity = if this.len == 0 { len } else { len + len / 2 + 16 };
    let storage = vm.new_bytes_with(capacity, |_| {})?;
    // SAFETY: a fresh `BytesObject` of `capacity` bytes, which is more than the array has.
    unsafe {
        let data = storage.as_ptr::<BytesObject>().add(1).cast::<u8>();
        std::ptr::copy_nonoverlapping(this.data, data, this.len);
        this.data = data;
    }
    this.storage = storage;
    vm.barrier(this.pointer());
    Ok(())
}

/// Puts bytes that are not its own in the place of `start..end`.
fn splice(vm: &mut Vm, mut this: This<ByteArray>, start: usize, end: usize, new: &[u8]) -> PyResult<()> {
    let old_len = this.len;
    let len = old_len - (end - start) + new.len();
    if start == 0 && new.len() < end {
        // Deleting at the front moves the start, not the rest.
        vm.check_resizable(&this.exports)?;
        let gone = end - new.len();
        // SAFETY: so many bytes of the storage go.
        this.data = unsafe { this.data.add(gone) };
        this.len = len;
    } else if len > old_len {
        resize(vm, this, len)?;
        this.data_mut().copy_within(end..old_len, start + new.len());
    } else if len < old_len {
        vm.check_resizable(&this.exports)?;
        this.data_mut().copy_within(end.., start + new.len());
        this.len = len;
    }
    this.data_mut()[start..start + new.len()].copy_from_slice(new);
    Ok(())
}

/// With whatever is bytes-like, by its bytes.
fn compare(vm: &mut Vm, operation: u32, this: This<ByteArray>, other: Value) -> PyResult {
    if !vm.is_bytes_like(other) {
        if vm.is_str(other) {
            vm.warn_of_comparison("bytearray", other)?;
        }
        return Ok(vm.not_implemented);
    }
    let other = match BytesLike::of(vm, other) {
        Ok(other) => other,
        Err(_) => {
            vm.clear_exception();
            return Ok(vm.not_implemented);
        }
    };
    Vm::ordered(operation, this.data().cmp(&other[..]))
}

fn release_buffer(vm: &mut Vm, _: This<ByteArray>, view: Value) -> PyResult<()> {
    super::memoryview::release_quietly(vm, view);
    Ok(())
}
