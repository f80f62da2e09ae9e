//! `memoryview`: the memory of another object, in items of a format and any number of dimensions.
//!
//! ```text
//!   memoryview ─► ManagedBuffer ─► the exporter          slices and casts share the managed buffer, which has the lease;
//!   memoryview ─►                                        it is given back with the last of them that is released
//! ```

use crate::object::buffer::{Dimension, Dimensions, Export, ExportCount, Lease};
use crate::object::header::Header;
use crate::object::layout::TupleObject;
use crate::object::spec::{Layout, Object, TypeSpec};
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
    lease: Option<Lease>,
    /// Views that were not released.
    n_views: usize,
}

pub static MANAGED_BUFFER: TypeSpec = TypeSpec {
    name: "managedbuffer",
    doc: "What an exporter of memory gave.",
    layout: Some(Layout::of::<ManagedBuffer>(2).finalized_by(|object| {
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
    /// The one dimension, where it is one.
    pub only: Dimension,
    /// 0: not known yet.
    pub hash: i64,
    /// Exports of the view itself, by which it cannot be released.
    pub exports: ExportCount,
    pub n_dimensions: u8,
    pub is_readonly: bool,
    pub is_released: bool,
}

pub static MEMORYVIEW: TypeSpec = TypeSpec {
    name: "memoryview",
    doc: "The memory of an object that supports the buffer protocol, without a copy.",
    layout: Some(Layout::of::<MemoryView>(4)),
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for MemoryView {
    const SPEC: &'static TypeSpec = &MEMORYVIEW;
}

impl MemoryView {
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

/// A memoryview of what an exporter gave.
pub fn of_export(vm: &mut Vm, export: Export) -> PyResult {
    let class = vm.type_of_spec(&MANAGED_BUFFER);
    let Export { owner, view, lease, .. } = export;
    let managed = vm.new_object(class, |header| ManagedBuffer { header, owner, view, lease, n_views: 0 })?;
    let format = vm.new_str(&export.format);
    let at = View { data: export.data, item_bytes: export.item_bytes, is_readonly: export.is_readonly, format };
    new_view(vm, managed, at, &export.dimensions)
}

/// What a view sees, but for its dimensions.
#[derive(Clone, Copy)]
pub struct View {
    pub data: *mut u8,
    pub item_bytes: usize,
    pub is_readonly: bool,
    pub format: Value,
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
            Dimension { len: 0, stride: 0 }
        }
    };
    let View { data, item_bytes, is_readonly, format } = view;
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
        is_readonly,
        is_released: false,
    })?;
    // SAFETY: callers pass a managed buffer.
    unsafe { (*managed.as_ptr::<ManagedBuffer>()).n_views += 1 };
    Ok(made)
}

/// Releases a memoryview, exported or not; nobody is told of it.
pub fn release_quietly(vm: &mut Vm, view: Value) {
    if let Some(view) = vm.cast::<MemoryView>(view) {
        // SAFETY: a live memoryview, whose managed buffer is one.
        unsafe {
            if !(*view).is_released {
                (*view).is_released = true;
                let managed = (*view).managed.as_ptr::<ManagedBuffer>();
                (*managed).n_views -= 1;
                if (*managed).n_views == 0 {
                    (*managed).lease = None;
                }
            }
        }
    }
}
