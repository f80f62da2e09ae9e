//! `memoryview`: the memory of another object, in items of a format and any number of dimensions.
//!
//! ```text
//!   memoryview ─► ManagedBuffer ─► the exporter          slices and casts share the managed buffer, which has the lease;
//!   memoryview ─►                                        it is given back with the last of them that is released
//! ```

mod attributes;
mod cast;
mod copy;
mod format;
mod items;
mod iterator;

use super::protocol;
use crate::object::argument::{Class, Index, This, method};
use crate::object::buffer::{
    Dimension, Dimensions, Export, ExportCount, Lease, Request, bytes_of_items, is_c_contiguous,
};
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::TupleObject;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, MatchedAs, Object, TypeSpec};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use smallvec::smallvec;

/// What an exporter gave, shared by the views of it.
#[repr(C)]
pub struct ManagedBuffer {
    pub header: Header,
    pub owner: Value,
    /// The memoryview that a Python class's `__buffer__` gave; else unbound.
    pub view: Value,
    /// As in the export: keeps the memory alive.
    pub memory: Value,
    lease: Option<Lease>,
    /// Views that were not released.
    n_views: usize,
}

pub static MANAGED_BUFFER: TypeSpec = TypeSpec {
    name: "managedbuffer",
    doc: "What an exporter of memory gave.",
    layout: Some(Layout::of::<ManagedBuffer>(3).finalized_by(|object| {
        // SAFETY: a dead managed buffer, whose lease is its own.
        unsafe { (*object.cast::<ManagedBuffer>()).lease = None };
    })),
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for ManagedBuffer {
    const SPEC: &'static TypeSpec = &MANAGED_BUFFER;
}

#[repr(C)]
pub struct MemoryView {
    pub header: Header,
    /// A `ManagedBuffer`.
    pub managed: Value,
    /// Tuples of ints; unbound where there is one dimension.
    pub shape: Value,
    pub strides: Value,
    /// A str.
    pub format: Value,
    /// The first item.
    pub data: *mut u8,
    pub item_bytes: usize,
    /// The one dimension, where it is one. Where there is none, its length is the memory's in bytes, which may be more than the
    /// item's.
    pub only: Dimension,
    /// 0: not known yet.
    pub hash: i64,
    /// Exports of the view itself, by which it cannot be released.
    pub exports: ExportCount,
    pub n_dimensions: u8,
    /// The format's one character; 0: it is another one.
    pub code: u8,
    pub is_readonly: bool,
    pub is_released: bool,
}

type ThisView = This<MemoryView>;

pub static MEMORYVIEW: TypeSpec = TypeSpec {
    name: "memoryview",
    matched_as: MatchedAs::Sequence,
    doc: "The memory of an object that supports the buffer protocol, without a copy.",
    is_weakly_referable: true,
    layout: Some(Layout::of::<MemoryView>(4).finalized_by(forget)),
    slots: Slots {
        len: slot(|vm: &mut Vm, this: ThisView| {
            check_released(vm, this)?;
            match this.dimensions().first() {
                Some(first) => Ok(first.len),
                None => Err(vm.raise_type("0-dim memory has no length")),
            }
        }),
        get_item: slot(items::get_item),
        set_item: slot(items::set_item),
        iter: slot(iterator::iter),
        repr: slot(|_: &mut Vm, out: &mut Text, this: ThisView| {
            let state = if this.is_released { "released memory" } else { "memory" };
            out.push_str(&format!("<{state} at 0x{:x}>", this.value().bits()));
            Ok(())
        }),
        hash: slot(copy::hash),
        compare: slot(copy::compare),
        buffer: slot(export),
        release_buffer: slot(|vm: &mut Vm, _: ThisView, view: Value| {
            release_quietly(vm, view);
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, object)", |vm: &mut Vm, class: Class, object: Value| {
            vm.class_argument_of(Value::object(class.0), &MEMORYVIEW)?;
            of_object(vm, object, Request::FULL)
        })
        .doc("Makes a view of an object's memory."),
    ),
    methods: &[
        method("release", "($self, /)", release).doc("Gives the memory back; the view cannot be used any more."),
        method("tobytes", "($self, /, order='C')", copy::tobytes)
            .doc("The items' bytes, in the order of C or Fortran."),
        method("hex", "($self, sep=<unrepresentable>, bytes_per_sep=1)", copy::hex)
            .doc("The bytes as hexadecimal digits."),
        method("tolist", "($self, /)", copy::tolist)
            .doc("The items as a list, of lists where there are more dimensions."),
        method("cast", "($self, /, format, shape=<unrepresentable>)", cast::cast)
            .doc("A view of the same memory with another format or shape."),
        method("toreadonly", "($self, /)", |vm: &mut Vm, this: This<MemoryView>| {
            check_released(vm, this)?;
            let view = View { is_readonly: true, ..this.view() };
            new_view(vm, this.managed, view, &this.dimensions())
        })
        .doc("A read-only view of the same memory."),
        method("count", "($self, value, /)", copy::count).doc("How many items are equal to the value."),
        method("index", "($self, value, start=0, stop=sys.maxsize, /)", copy::index)
            .doc("Where the value is first; ValueError where it is not."),
        method("__enter__", "($self, /)", |vm: &mut Vm, this: This<MemoryView>| -> PyResult {
            check_released(vm, this)?;
            Ok(this.value())
        })
        .doc("The view itself."),
        method("__exit__", "($self, /, *args)", |vm: &mut Vm, this: This<MemoryView>, _: Value| release(vm, this))
            .doc("Releases it."),
    ],
    class_methods: &[
        protocol::CLASS_GETITEM,
        method("_from_flags", "($self, /, object, flags)", |vm: &mut Vm, _: Class, object: Value, flags: Index| {
            of_object(vm, object, Request(flags.0))
        })
        .doc("A view of an object's memory, asked for with these flags."),
    ],
    getters: attributes::GETTERS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for MemoryView {
    const SPEC: &'static TypeSpec = &MEMORYVIEW;
}

impl MemoryView {
    fn n_bytes(&self) -> usize {
        if self.n_dimensions == 0 {
            return self.only.len;
        }
        bytes_of_items(&self.dimensions(), self.item_bytes)
    }

    /// Whose memory it is.
    fn owner(&self) -> Value {
        // SAFETY: the managed buffer of a live view.
        unsafe { (*self.managed.as_ptr::<ManagedBuffer>()).owner }
    }

    fn view(&self) -> View {
        View { data: self.data, item_bytes: self.item_bytes, is_readonly: self.is_readonly, format: self.format }
    }

    pub fn dimensions(&self) -> Dimensions {
        if self.n_dimensions == 1 {
            return smallvec![self.only];
        }
        // SAFETY: `shape` and `strides` are tuples of as many small ints from the view's birth on.
        let words = |tuple: Value| unsafe { (*tuple.as_ptr::<TupleObject>()).items() }.iter().map(|word| word.as_int());
        words(self.shape)
            .zip(words(self.strides))
            .map(|(len, stride)| Dimension { len: len as usize, stride: stride as isize })
            .collect()
    }
}

/// A view is dead: the managed buffer has one less.
///
/// # Safety
/// The object is a dead memoryview, and what it refers to is still whole.
unsafe fn forget(object: *mut Header) {
    // SAFETY: the caller's promise; a view's managed buffer is one.
    unsafe {
        let view = object.cast::<MemoryView>();
        if !(*view).is_released {
            let managed = (*view).managed.as_ptr::<ManagedBuffer>();
            (*managed).n_views -= 1;
            if (*managed).n_views == 0 {
                (*managed).lease = None;
            }
        }
    }
}

/// A memoryview of what an exporter gave.
pub fn of_export(vm: &mut Vm, export: Export) -> PyResult {
    let class = vm.type_of_spec(&MANAGED_BUFFER);
    let Export { owner, view, memory, lease, .. } = export;
    let managed = vm.new_object(class, |header| ManagedBuffer { header, owner, view, memory, lease, n_views: 0 })?;
    let format = vm.new_str(&export.format);
    let at = View { data: export.data, item_bytes: export.item_bytes, is_readonly: export.is_readonly, format };
    let made = new_view(vm, managed, at, &export.dimensions)?;
    if export.dimensions.is_empty() {
        ThisView::expect(vm, made).only.len = export.len_bytes;
    }
    Ok(made)
}

/// What a view sees, but for its dimensions.
#[derive(Clone, Copy)]
pub struct View {
    pub data: *mut u8,
    pub item_bytes: usize,
    pub is_readonly: bool,
    pub format: Value,
}

impl Vm {
    /// A memoryview of an object.
    pub fn new_memory_view(&mut self, value: Value) -> PyResult {
        let export = self.export(value, Request::FULL)?;
        of_export(self, export)
    }

    /// A memoryview of memory that may be nobody's (None).
    pub fn memory_view_of(&mut self, export: Export) -> PyResult {
        of_export(self, export)
    }
}

/// One more view of a managed buffer.
pub fn new_view(vm: &mut Vm, managed: Value, view: View, dimensions: &[Dimension]) -> PyResult {
    let (mut shape, mut strides) = (Value::UNBOUND, Value::UNBOUND);
    let only = match *dimensions {
        [only] => only,
        _ => {
            let lens: Vec<Value> = dimensions.iter().map(|dim| Value::small_int(dim.len as i64)).collect();
            let steps: Vec<Value> = dimensions.iter().map(|dim| Value::small_int(dim.stride as i64)).collect();
            (shape, strides) = (vm.new_tuple(&lens), vm.new_tuple(&steps));
            Dimension { len: if dimensions.is_empty() { view.item_bytes } else { 0 }, stride: 0 }
        }
    };
    let View { data, item_bytes, is_readonly, format } = view;
    let code = format::code_of(&vm.string_of(format)).unwrap_or(0);
    let class = vm.type_of_spec(&MEMORYVIEW);
    let made = vm.new_object(class, |header| MemoryView {
        header,
        managed,
        shape,
        strides,
        format,
        data,
        item_bytes,
        only,
        hash: 0,
        exports: ExportCount::NONE,
        n_dimensions: dimensions.len() as u8,
        code,
        is_readonly,
        is_released: false,
    })?;
    This::<ManagedBuffer>::expect(vm, managed).n_views += 1;
    Ok(made)
}

/// A view of an object's memory; of a view, one that shares its managed buffer.
fn of_object(vm: &mut Vm, object: Value, request: Request) -> PyResult {
    if let Some(this) = This::<MemoryView>::of(vm, object) {
        check_released(vm, this)?;
        return new_view(vm, this.managed, this.view(), &this.dimensions());
    }
    if !vm.is_bytes_like(object) {
        let message = format!("memoryview: a bytes-like object is required, not '{}'", vm.class_name(object));
        return Err(vm.raise_type(&message));
    }
    let export = vm.export(object, request)?;
    of_export(vm, export)
}

fn check_released(vm: &mut Vm, this: This<MemoryView>) -> PyResult<()> {
    if this.is_released {
        return Err(vm.raise_value("operation forbidden on released memoryview object"));
    }
    Ok(())
}

/// The view's memory, given out in its turn.
fn export(vm: &mut Vm, this: ThisView, request: Request) -> PyResult<Export> {
    check_released(vm, this)?;
    if request.wants_writable() && this.is_readonly {
        return Err(vm.raise_buffer("memoryview: underlying buffer is not writable"));
    }
    let dimensions = this.dimensions();
    if !request.takes_strides() && !is_c_contiguous(&dimensions, this.item_bytes) {
        return Err(vm.raise_buffer("memoryview: underlying buffer is not C-contiguous"));
    }
    let export = Export {
        len_bytes: this.n_bytes(),
        is_readonly: this.is_readonly,
        format: vm.string_of(this.format).into(),
        dimensions,
        ..Export::items(this.value(), this.data, 0, "B", this.item_bytes)
    };
    // SAFETY: the count lies in the view.
    Ok(unsafe { export.counted_by(&this.exports) })
}

/// Releases a view; BufferError while it is exported in its turn.
fn release(vm: &mut Vm, mut this: This<MemoryView>) -> PyResult<()> {
    let exports = this.exports.get();
    if exports > 0 {
        let plural = if exports == 1 { "" } else { "s" };
        return Err(vm.raise_buffer(&format!("memoryview has {exports} exported buffer{plural}")));
    }
    if this.is_released {
        return Ok(());
    }
    this.is_released = true;
    let managed = this.managed.as_ptr::<ManagedBuffer>();
    // SAFETY: the managed buffer of a live view.
    let (owner, view) = unsafe {
        (*managed).n_views -= 1;
        if (*managed).n_views > 0 {
            return Ok(());
        }
        (*managed).lease = None;
        ((*managed).owner, std::mem::replace(&mut (*managed).view, Value::UNBOUND))
    };
    vm.release_view(owner, view)
}

/// Releases a memoryview that its exporter was given back, if it is one.
pub fn release_quietly(vm: &mut Vm, view: Value) {
    if let Some(this) = This::<MemoryView>::of(vm, view)
        && release(vm, this).is_err()
    {
        vm.clear_exception();
    }
}

/// Takes their leases from the views of an exporter, where there are no others and none that is certainly alive; they keep the
/// memory that they have.
pub fn detach_uncertain(vm: &mut Vm, exports: &ExportCount, certain: &[*mut Header]) -> bool {
    let mut uncertain: Vec<*mut ManagedBuffer> = Vec::new();
    for &object in vm.heap.finalizable() {
        let Some(view) = This::<MemoryView>::of(vm, Value::object(object)) else { continue };
        let managed = view.managed.as_ptr::<ManagedBuffer>();
        // SAFETY: the managed buffer of a live view.
        let (lease, memory) = unsafe { (&(*managed).lease, (*managed).memory) };
        if view.is_released || !lease.as_ref().is_some_and(|lease| lease.is_of(exports)) {
            continue;
        }
        if memory.is_unbound() || certain.contains(&object) {
            return false;
        }
        if !uncertain.contains(&managed) {
            uncertain.push(managed);
        }
    }
    let is_all = uncertain.len() == exports.get();
    if is_all {
        // SAFETY: managed buffers of live views.
        uncertain.into_iter().for_each(|managed| unsafe { (*managed).lease = None });
    }
    is_all
}
