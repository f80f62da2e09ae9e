//! Buffers: the memory of one object, which others read and write in place.
//!
//! ```text
//!   exporter's slot `buffer` ──► Export: pointer, length, format, dimensions, …
//!        │ ExportCount  ◄──────── its lease, given back when the export is dropped
//!   `vm.check_resizable(&count)`: BufferError while there are leases
//! ```
//!
//! Who wants a buffer takes a `BytesLike` or `WritableBytes` parameter, or asks `Vm::export` and gives back by `Vm::release`.
//! Memory that is exported neither moves nor shrinks: objects do not move, and exporters that can resize count their leases.
//! Views that nobody has any more count as well until they are collected; so a collection comes before BufferError, and views
//! that only words on the native stack refer to (which may be old, or compiled code's) do not stand in the way: they keep the
//! memory that they have (`Export::in_memory_of`), and the owner takes other memory.

use super::argument::{Parameter, Place, This};
use super::layout::BytesObject;
use crate::builtins::memoryview;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::{Deref, DerefMut};

/// What a consumer can deal with, in the bits that `__buffer__` gets (`inspect.BufferFlags`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Request(pub i64);

impl Request {
    /// Plain bytes, one after the other.
    pub const SIMPLE: Request = Request(0);
    /// Plain bytes that can be written.
    pub const WRITABLE: Request = Request(1);
    pub const FORMAT: Request = Request(4);
    pub const SHAPE: Request = Request(8);
    pub const STRIDES: Request = Request(0x18);
    pub const INDIRECT: Request = Request(0x118);
    /// All that there is to know; need not be writable.
    pub const FULL: Request = Request(0x11C);

    pub const fn wants_writable(self) -> bool {
        self.0 & 1 != 0
    }
    /// Can the consumer deal with items that are not one after the other?
    pub const fn takes_strides(self) -> bool {
        self.0 & Request::STRIDES.0 == Request::STRIDES.0
    }
}

/// One dimension of a buffer: how many items, and how many bytes apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dimension {
    pub len: usize,
    pub stride: isize,
}

/// Dimensions, the outermost first.
pub type Dimensions = SmallVec<[Dimension; 1]>;

/// The bytes that items take which lie in these dimensions one after the other.
pub fn bytes_of_items(dimensions: &[Dimension], item_bytes: usize) -> usize {
    dimensions.iter().map(|dimension| dimension.len).product::<usize>() * item_bytes
}

/// Do the items lie one after the other, the last index the fastest?
pub fn is_c_contiguous(dimensions: &[Dimension], item_bytes: usize) -> bool {
    are_adjacent(dimensions.iter().rev(), dimensions, item_bytes)
}

/// Do the items lie one after the other, the first index the fastest?
pub fn is_f_contiguous(dimensions: &[Dimension], item_bytes: usize) -> bool {
    are_adjacent(dimensions.iter(), dimensions, item_bytes)
}

fn are_adjacent<'d>(
    from_fastest: impl Iterator<Item = &'d Dimension>,
    dimensions: &[Dimension],
    item_bytes: usize,
) -> bool {
    if let [only] = dimensions {
        // Here none is not as good as one.
        return only.len == 1 || only.stride == item_bytes as isize;
    }
    let mut distance = item_bytes;
    let mut are_adjacent = true;
    for dimension in from_fastest {
        are_adjacent &= dimension.len <= 1 || dimension.stride == distance as isize;
        distance *= dimension.len;
    }
    are_adjacent || dimensions.iter().any(|dimension| dimension.len == 0)
}

/// Calls `each` with the address of every item, the last index the fastest.
pub(crate) fn each_item(data: *mut u8, dimensions: &[Dimension], each: &mut dyn FnMut(*mut u8)) {
    match dimensions {
        [] => each(data),
        [first, rest @ ..] => {
            for i in 0..first.len as isize {
                each_item(data.wrapping_offset(i * first.stride), rest, each);
            }
        }
    }
}

/// The bytes of all items, the last index the fastest, or the first.
pub(crate) fn gather(data: *mut u8, dimensions: &[Dimension], item_bytes: usize, first_is_fastest: bool) -> Vec<u8> {
    let n_bytes = bytes_of_items(dimensions, item_bytes);
    let mut gathered = Vec::with_capacity(n_bytes);
    let is_adjacent = if first_is_fastest {
        is_f_contiguous(dimensions, item_bytes)
    } else {
        is_c_contiguous(dimensions, item_bytes)
    };
    if is_adjacent && n_bytes > 0 {
        // SAFETY: the items are exported memory, and lie one after the other.
        gathered.extend_from_slice(unsafe { std::slice::from_raw_parts(data, n_bytes) });
        return gathered;
    }
    let mut push = |at: *mut u8| {
        // SAFETY: an item of exported memory.
        gathered.extend_from_slice(unsafe { std::slice::from_raw_parts(at, item_bytes) });
    };
    if first_is_fastest {
        let reversed: Vec<Dimension> = dimensions.iter().rev().copied().collect();
        each_item(data, &reversed, &mut push);
    } else {
        each_item(data, dimensions, &mut push);
    }
    gathered
}

/// How many exports of an object's memory there are: a raw word of the layouts that can be resized.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct ExportCount(Cell<usize>);

impl ExportCount {
    #[expect(clippy::declare_interior_mutable_const, reason = "each use is a count of its own")]
    pub const NONE: ExportCount = ExportCount(Cell::new(0));

    pub fn is_none(&self) -> bool {
        self.0.get() == 0
    }
    pub fn get(&self) -> usize {
        self.0.get()
    }

    /// Counts one more, until the lease is dropped.
    ///
    /// # Safety
    /// The count lies in a heap object that is alive as long as the lease.
    pub unsafe fn lease(&self) -> Lease {
        self.0.set(self.0.get() + 1);
        Lease { count: std::ptr::from_ref(self) }
    }
}

/// One export that is counted.
#[derive(Debug)]
pub struct Lease {
    count: *const ExportCount,
}

impl Lease {
    pub(crate) fn is_of(&self, count: &ExportCount) -> bool {
        std::ptr::eq(self.count, count)
    }
}

impl Clone for Lease {
    fn clone(&self) -> Lease {
        // SAFETY: the count is alive as long as the lease, whose maker has seen to it; the clone takes over that duty.
        unsafe { (*self.count).lease() }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // SAFETY: as in `clone`. The collector runs finalizers before it gives any memory back.
        let count = unsafe { &(*self.count).0 };
        count.set(count.get() - 1);
    }
}

/// An object's memory, given out.
#[derive(Debug)]
pub struct Export {
    /// Whose memory it is, as a memoryview's `obj` gives it; alive as long as the export, which is in a native's local.
    pub owner: Value,
    /// The first item.
    pub data: *mut u8,
    /// The bytes of all items together.
    pub len_bytes: usize,
    pub is_readonly: bool,
    pub item_bytes: usize,
    /// As in the module `struct`.
    pub format: Cow<'static, str>,
    pub dimensions: Dimensions,
    pub(crate) lease: Option<Lease>,
    /// The object that the memory is in and that the owner may leave for another one; else unbound.
    pub(crate) memory: Value,
    /// The memoryview that a Python class's `__buffer__` gave, for its `__release_buffer__`; else unbound.
    pub(crate) view: Value,
}

impl Export {
    /// Read-only bytes.
    pub fn bytes(owner: Value, data: &[u8]) -> Export {
        Export { is_readonly: true, ..Export::items(owner, data.as_ptr().cast_mut(), data.len(), "B", 1) }
    }

    /// One dimension of items that can be written.
    pub fn items(owner: Value, data: *mut u8, n_items: usize, format: &'static str, item_bytes: usize) -> Export {
        Export {
            owner,
            data,
            len_bytes: n_items * item_bytes,
            is_readonly: false,
            item_bytes,
            format: Cow::Borrowed(format),
            dimensions: smallvec![Dimension { len: n_items, stride: item_bytes as isize }],
            lease: None,
            memory: Value::UNBOUND,
            view: Value::UNBOUND,
        }
    }

    /// Counted by its exporter.
    ///
    /// # Safety
    /// The count lies in the owner.
    pub unsafe fn counted_by(mut self, count: &ExportCount) -> Export {
        // SAFETY: who holds the export holds its owner.
        self.lease = Some(unsafe { count.lease() });
        self
    }

    /// In the memory of an object other than the owner, which views keep alive for themselves. Owners that say so can be
    /// resized while there are views of which it is not certain that anybody has them.
    pub fn in_memory_of(mut self, memory: Value) -> Export {
        self.memory = memory;
        self
    }

    pub fn is_c_contiguous(&self) -> bool {
        is_c_contiguous(&self.dimensions, self.item_bytes)
    }

    /// A copy of its bytes, in the order of C, wherever they lie.
    pub fn to_vec(&self) -> Vec<u8> {
        if self.dimensions.is_empty() {
            return self.slice().to_vec();
        }
        gather(self.data, &self.dimensions, self.item_bytes, false)
    }

    /// Its bytes; only where they lie one after the other.
    fn slice(&self) -> &[u8] {
        debug_assert!(self.is_c_contiguous());
        if self.len_bytes == 0 {
            return &[];
        }
        // SAFETY: exporters give memory of `len_bytes` bytes, which stays as long as the owner and the lease.
        unsafe { std::slice::from_raw_parts(self.data, self.len_bytes) }
    }
}

impl Vm {
    /// The memory of an object; TypeError where it is no bytes-like object, BufferError where it cannot be had as wanted.
    pub fn export(&mut self, value: Value, request: Request) -> PyResult<Export> {
        match self.slots_of(value).buffer {
            Some(slot) => slot(self, value, request),
            None => {
                let message = format!("a bytes-like object is required, not '{}'", self.class_name(value));
                Err(self.raise_type(&message))
            }
        }
    }

    /// Has it a buffer?
    pub fn is_bytes_like(&self, value: Value) -> bool {
        self.slots_of(value).buffer.is_some()
    }

    /// Gives an export back: calls the `__release_buffer__` of a Python class. Dropping is enough for all others.
    pub fn release(&mut self, export: Export) -> PyResult<()> {
        let Export { owner, view, lease, .. } = export;
        drop(lease);
        self.release_view(owner, view)
    }

    /// Tells a Python class that the memoryview which it gave (unbound: none) is not used any more.
    pub(crate) fn release_view(&mut self, owner: Value, view: Value) -> PyResult<()> {
        if view.is_unbound() {
            return Ok(());
        }
        if let Some(slot) = self.slots_of(owner).release_buffer {
            slot(self, owner, view)?;
        }
        memoryview::release_quietly(self, view);
        Ok(())
    }

    /// BufferError while there are exports of what would be resized.
    #[inline]
    pub fn check_resizable(&mut self, exports: &ExportCount) -> PyResult<()> {
        if exports.is_none() { Ok(()) } else { self.check_exports(exports) }
    }

    #[inline(never)]
    fn check_exports(&mut self, exports: &ExportCount) -> PyResult<()> {
        // Those that nobody has any more are still counted. Some of them seem to be alive: words on the native stack are old.
        self.clear_dead_operands();
        self.collect_garbage(false);
        if exports.is_none() {
            return Ok(());
        }
        self.heap.ask_for_certain();
        self.collect_garbage(true);
        let certain = self.heap.take_certain();
        if exports.is_none() || memoryview::detach_uncertain(self, exports, &certain) {
            return Ok(());
        }
        Err(self.raise_buffer("Existing exports of data: object cannot be re-sized"))
    }

    pub fn raise_buffer(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.BufferError, message)
    }
}

/// The bytes of a bytes-like argument, for the duration of a call.
pub struct BytesLike(Source);

enum Source {
    /// They neither change nor move.
    Bytes(This<BytesObject>),
    /// In a box, so that the usual case is a few words.
    Export(Box<Export>),
    /// Of a Python class's buffer, which was given back already.
    Copy(Vec<u8>),
}

impl BytesLike {
    /// TypeError where it is no bytes-like object.
    #[inline]
    pub fn of(vm: &mut Vm, value: Value) -> PyResult<BytesLike> {
        match vm.exactly::<BytesObject>(value) {
            Some(bytes) => Ok(BytesLike(Source::Bytes(bytes))),
            None => BytesLike::exported(vm, value),
        }
    }

    #[inline(never)]
    fn exported(vm: &mut Vm, value: Value) -> PyResult<BytesLike> {
        let export = vm.export(value, Request::SIMPLE)?;
        if export.view.is_unbound() {
            return Ok(BytesLike(Source::Export(Box::new(export))));
        }
        let copy = export.slice().to_vec();
        vm.release(export)?;
        Ok(BytesLike(Source::Copy(copy)))
    }
}

/// A copy of a bytes-like object's bytes, wherever they lie.
pub fn copied_bytes(vm: &mut Vm, value: Value) -> PyResult<Vec<u8>> {
    let export = vm.export(value, Request::FULL)?;
    let bytes = export.to_vec();
    vm.release(export)?;
    Ok(bytes)
}

impl Deref for BytesLike {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Source::Bytes(bytes) => bytes.data(),
            Source::Export(export) => export.slice(),
            Source::Copy(copy) => copy,
        }
    }
}

impl Parameter for BytesLike {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<BytesLike> {
        BytesLike::of(vm, argument)
    }
}

/// The bytes of an argument that can be written, for the duration of a call. To be given back by `finish`, for the sake of
/// Python classes' `__release_buffer__`.
pub struct WritableBytes(Export);

impl WritableBytes {
    /// `None`: it is no such thing, with no exception pending.
    pub fn of(vm: &mut Vm, value: Value) -> PyResult<Option<WritableBytes>> {
        if !vm.is_bytes_like(value) {
            return Ok(None);
        }
        match vm.export(value, Request::WRITABLE) {
            Ok(export) => Ok(Some(WritableBytes(export))),
            Err(Raised) if vm.exception_matches(vm.exceptions.BufferError) => {
                vm.clear_exception();
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    pub fn finish(self, vm: &mut Vm) -> PyResult<()> {
        vm.release(self.0)
    }
}

impl Deref for WritableBytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.0.slice()
    }
}

impl DerefMut for WritableBytes {
    fn deref_mut(&mut self) -> &mut [u8] {
        if self.0.len_bytes == 0 {
            return &mut [];
        }
        // SAFETY: as in `Export::slice`; the exporter was asked for memory that can be written.
        unsafe { std::slice::from_raw_parts_mut(self.0.data, self.0.len_bytes) }
    }
}

impl Parameter for WritableBytes {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<WritableBytes> {
        match WritableBytes::of(vm, argument)? {
            Some(bytes) => Ok(bytes),
            None => Err(place.raise_misfit(vm, "read-write bytes-like object", argument)),
        }
    }
}
