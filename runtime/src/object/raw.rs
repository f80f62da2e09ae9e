//! Arrays of machine numbers: the memory that types such as `array` begin with, which compiled code reads and writes
//! without a call.
//!
//! ```text
//!   object:   | header | storage ─┐ | len | kind | what the type adds …
//!   storage:  | header | … | capacity | data …      bytes that the collector does not look at
//! ```

use super::argument::This;
use super::header::Header;
use super::layout::BytesObject;
use super::types::BuiltinType;
use crate::uop::ElementKind;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The beginning of an object whose specification says that it `has_raw_items`.
#[repr(C)]
pub struct RawSequence {
    pub header: Header,
    /// Raw bytes, as many as there is room for; from `new_raw_storage`.
    pub storage: Value,
    /// Elements in use.
    pub len: usize,
    /// An `ElementKind`, or another number where elements are nothing that compiled code knows. It never changes.
    pub kind: u64,
}

impl RawSequence {
    /// What `kind` is where the elements are no numbers.
    pub const NO_NUMBERS: u64 = u64::MAX;

    /// The storage's bytes, those without an element in them included.
    pub fn room(&self) -> &[u8] {
        // SAFETY: `storage` is a bytes object from the sequence's birth on.
        unsafe { (*self.storage.as_ptr::<BytesObject>()).data() }
    }

    pub fn room_mut(&mut self) -> &mut [u8] {
        let len = self.room().len();
        // SAFETY: as in `room`; a sequence's storage is its own, and is never given out as `bytes`.
        unsafe { std::slice::from_raw_parts_mut(self.storage.as_ptr::<BytesObject>().add(1).cast(), len) }
    }
}

/// A bytes object that is being filled, which nobody else knows yet.
pub struct NewBytes(This<BytesObject>);

impl NewBytes {
    pub fn with_room(vm: &mut Vm, size_bytes: usize) -> PyResult<NewBytes> {
        let storage = vm.new_raw_storage(size_bytes)?;
        Ok(NewBytes(This::expect(vm, storage)))
    }

    pub fn room(&mut self) -> &mut [u8] {
        let len = self.0.len;
        // SAFETY: as many bytes follow the object's words, and nobody else has it.
        unsafe { std::slice::from_raw_parts_mut(self.0.pointer().add(1).cast(), len) }
    }

    /// Sees to room for so many bytes, and keeps those that there are.
    pub fn grow(&mut self, vm: &mut Vm, size_bytes: usize) -> PyResult<()> {
        let mut larger = NewBytes::with_room(vm, size_bytes.max(self.0.len))?;
        larger.room()[..self.0.len].copy_from_slice(self.room());
        *self = larger;
        Ok(())
    }

    /// The first bytes of the room.
    pub fn finish(mut self, vm: &mut Vm, len: usize) -> PyResult {
        let room = self.room();
        // What is not used cannot be given back.
        if len <= room.len() / 2 {
            return vm.new_bytes(&room[..len]);
        }
        self.0.len = len.min(room.len());
        Ok(self.0.value())
    }
}

impl Vm {
    /// Zeroed memory for the elements of a raw sequence.
    pub fn new_raw_storage(&mut self, size_bytes: usize) -> PyResult<Value> {
        if size_bytes > isize::MAX as usize / 4 {
            return Err(self.raise_memory());
        }
        let total = size_of::<BytesObject>() + size_bytes;
        let object = self.allocate_or_raise(BuiltinType::Bytes.shape(), 0, total)?.cast::<BytesObject>();
        // SAFETY: fresh memory with room for the header, the length and so many bytes.
        unsafe { (*object).len = size_bytes };
        Ok(Value::object(object))
    }

    /// Does a zero that belongs to the object follow a bytes object's bytes?
    pub fn ends_in_nul(&self, bytes: This<BytesObject>) -> bool {
        let size_bytes = self.heap.size_bytes(bytes.value().as_ptr());
        let data = bytes.data();
        let own = bytes.pointer() as usize + size_of::<BytesObject>();
        let has_room = data.as_ptr() as usize == own && size_of::<BytesObject>() + data.len() < size_bytes;
        // SAFETY: a byte of the object's own memory, which is initialized as a whole.
        has_room && unsafe { *data.as_ptr().add(data.len()) } == 0
    }

    /// A copy of a bytes object's bytes, with a zero behind them that belongs to the object.
    pub fn copy_ending_in_nul(&mut self, bytes: This<BytesObject>) -> PyResult<This<BytesObject>> {
        let len = bytes.data().len();
        let copy = self.new_raw_storage(len.saturating_add(1))?;
        let mut copy = This::<BytesObject>::expect(self, copy);
        copy.len = len;
        // SAFETY: fresh memory with room for one byte more.
        unsafe { copy.pointer().add(1).cast::<u8>().copy_from_nonoverlapping(bytes.data().as_ptr(), len) };
        Ok(copy)
    }

    /// The sequence that a value is, if it is an exact instance of a type with raw items.
    #[inline]
    pub fn raw_sequence(&self, value: Value) -> Option<&RawSequence> {
        if !value.is_object() {
            return None;
        }
        let class = super::class::class_ref(self.class_of(value));
        let is_exact = class.flags & super::layout::TypeObject::HEAP == 0;
        // SAFETY: a class's specification is static; where it says so, its objects begin with a `RawSequence`.
        unsafe { (is_exact && (*class.spec).has_raw_items).then(|| &*value.as_ptr::<RawSequence>()) }
    }

    /// The kind of a raw sequence's elements.
    pub fn raw_kind(&self, value: Value) -> Option<ElementKind> {
        ElementKind::from_word(self.raw_sequence(value)?.kind)
    }
}
