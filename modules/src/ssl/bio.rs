//! `MemoryBIO`: bytes on their way between a connection and who carries them.

use super::error::raise_text;
use stitch_runtime::object::argument::{ClassOf, Index, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Vm};

#[repr(C)]
pub struct MemoryBio {
    header: Header,
    data: Vec<u8>,
    /// What of the data was read already.
    start: usize,
    is_ended: bool,
}

pub static MEMORY_BIO: TypeSpec = TypeSpec {
    name: "MemoryBIO",
    module: "_ssl",
    doc: "Bytes on their way: what is written can be read.",
    is_base: true,
    layout: Some(Layout::of::<MemoryBio>(0).finalized_by(|object| {
        // SAFETY: a dead object, which has its bytes for itself.
        unsafe { (*object.cast::<MemoryBio>()).data = Vec::new() };
    })),
    new: Some(
        method("__new__", "($type, /)", |vm: &mut Vm, class: ClassOf<MemoryBio>| {
            vm.new_object(class.class, |header| MemoryBio { header, data: Vec::new(), start: 0, is_ended: false })
        })
        .doc("A new one, with nothing in it."),
    ),
    methods: &[
        method(
            "read",
            "($self, size=-1, /)",
            |vm: &mut Vm, mut this: This<MemoryBio>, size: Option<Index>| -> PyResult {
                let size = usize::try_from(size.map_or(-1, |size| size.0)).unwrap_or(usize::MAX).min(this.pending());
                let bytes = vm.new_bytes(&this.waiting()[..size])?;
                this.take(size);
                Ok(bytes)
            },
        )
        .doc("At most so many bytes, or all of them."),
        method(
            "write",
            "($self, b, /)",
            |vm: &mut Vm, mut this: This<MemoryBio>, data: BytesLike| -> PyResult<usize> {
                if this.is_ended {
                    return Err(raise_text(vm, "cannot write() after write_eof()"));
                }
                this.put(&data).map_err(|()| vm.raise_memory())?;
                Ok(data.len())
            },
        )
        .doc("Adds bytes; gives how many they were."),
        method("write_eof", "($self, /)", |mut this: This<MemoryBio>| this.is_ended = true)
            .doc("Says that no more will come."),
    ],
    getters: &[
        field("pending", |this: This<MemoryBio>| this.pending()).doc("How many bytes there are."),
        field("eof", |this: This<MemoryBio>| this.is_at_end()).doc("Is everything read, and nothing to come?"),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for MemoryBio {
    const SPEC: &'static TypeSpec = &MEMORY_BIO;
}

impl MemoryBio {
    pub fn pending(&self) -> usize {
        self.data.len() - self.start
    }

    pub fn waiting(&self) -> &[u8] {
        &self.data[self.start..]
    }

    pub fn take(&mut self, n: usize) {
        self.start += n;
        if self.start == self.data.len() {
            self.data.clear();
            self.start = 0;
        }
    }

    pub fn put(&mut self, data: &[u8]) -> Result<(), ()> {
        self.data.try_reserve(data.len()).map_err(|_| ())?;
        self.data.extend_from_slice(data);
        Ok(())
    }

    pub fn is_at_end(&self) -> bool {
        self.is_ended && self.pending() == 0
    }
}
