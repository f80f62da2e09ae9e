//! The index of a table: entry numbers by hash, in a heap object of its own.
//!
//! ```text
//!   | header | mask | is_wide |  slot 0 │ slot 1 │ … │ slot mask    0: empty, n + 1: entry n
//! ```
//!
//! Collisions go to the next slot (linear probing), and removing shifts back what comes after, so that there are no
//! marks of deleted ones. At most two thirds of the slots are used: some are empty, where every search ends.

use crate::object::header::Header;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The header of an index; `mask + 1` slots of one byte, or four where they are wide, follow.
#[repr(C)]
pub struct IndexObject {
    pub header: Header,
    mask: u32,
    is_wide: bool,
}

/// Spreads a stored hash over a word.
fn spread(stored: u64) -> usize {
    let mixed = stored.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ mixed >> 32) as usize
}

/// A slot's number type.
trait Slot: Copy {
    fn of(number: usize) -> Self;
    fn number(self) -> usize;
}

impl Slot for u8 {
    fn of(number: usize) -> u8 {
        number as u8
    }
    fn number(self) -> usize {
        self.into()
    }
}

impl Slot for u32 {
    fn of(number: usize) -> u32 {
        number as u32
    }
    fn number(self) -> usize {
        self as usize
    }
}

/// An index's slots.
struct Slots<S> {
    first: *mut S,
    mask: usize,
}

impl<S: Slot> Slots<S> {
    /// # Safety
    /// The index is alive, and its slots are of this type.
    unsafe fn of(index: *mut IndexObject) -> Slots<S> {
        // SAFETY: the caller's promise; the slots follow the object.
        unsafe { Slots { first: index.add(1).cast(), mask: (*index).mask as usize } }
    }
    fn get(&self, at: usize) -> usize {
        // SAFETY: there are `mask + 1` slots.
        unsafe { (*self.first.add(at & self.mask)).number() }
    }
    fn set(&self, at: usize, number: usize) {
        // SAFETY: as above.
        unsafe { *self.first.add(at & self.mask) = S::of(number) }
    }

    #[inline(always)]
    fn find(&self, hash: u64, mut is_it: impl FnMut(usize) -> bool) -> Option<usize> {
        let mut at = spread(hash);
        loop {
            let entry = self.get(at).checked_sub(1)?;
            if is_it(entry) {
                return Some(entry);
            }
            at = at.wrapping_add(1);
        }
    }

    fn insert(&self, hash: u64, entry: usize) {
        let mut at = spread(hash);
        while self.get(at) != 0 {
            at = at.wrapping_add(1);
        }
        self.set(at, entry + 1);
    }

    fn remove(&self, hash: u64, entry: usize, hash_of: impl Fn(usize) -> u64) {
        let mut hole = spread(hash);
        loop {
            match self.get(hole) {
                0 => return,
                number if number == entry + 1 => break,
                _ => hole = hole.wrapping_add(1),
            }
        }
        let mut at = hole;
        loop {
            at = at.wrapping_add(1);
            let Some(other) = self.get(at).checked_sub(1) else { break };
            // It may move to the hole unless its own place lies behind that.
            let distance = at.wrapping_sub(spread(hash_of(other))) & self.mask;
            if distance >= at.wrapping_sub(hole) & self.mask {
                self.set(hole, other + 1);
                hole = at;
            }
        }
        self.set(hole, 0);
    }
}

/// Runs `$body` with the slots of an index as `$slots`, of whichever type they are.
macro_rules! with_slots {
    ($index:expr, $slots:ident => $body:expr) => {{
        let index = $index.as_ptr::<IndexObject>();
        // SAFETY: callers pass a table's index, which is alive; it says of which type its slots are.
        unsafe {
            if (*index).is_wide {
                let $slots = Slots::<u32>::of(index);
                $body
            } else {
                let $slots = Slots::<u8>::of(index);
                $body
            }
        }
    }};
}

/// The first entry with this hash for which `is_it` holds; asked of others, too.
#[inline(always)]
pub fn find(index: Value, hash: u64, mut is_it: impl FnMut(usize) -> bool) -> Option<usize> {
    with_slots!(index, slots => slots.find(hash, &mut is_it))
}

/// Adds an entry; there is room, since the index was made for all entries that the table has room for.
pub fn insert(index: Value, hash: u64, entry: usize) {
    with_slots!(index, slots => slots.insert(hash, entry));
}

/// Removes an entry, if it is there. `hash_of` gives the hashes of others.
pub fn remove(index: Value, hash: u64, entry: usize, hash_of: impl Fn(usize) -> u64) {
    with_slots!(index, slots => slots.remove(hash, entry, hash_of));
}

impl Vm {
    /// An empty index for a table with room for `capacity` entries.
    pub(super) fn new_index(&mut self, capacity: usize) -> PyResult<Value> {
        let n_slots = (capacity + capacity / 2 + 1).next_power_of_two();
        let is_wide = capacity > u8::MAX as usize - 1;
        let size_bytes = size_of::<IndexObject>() + if is_wide { n_slots * 4 } else { n_slots };
        let (shape, trace) = (BuiltinType::TableIndex.shape(), BuiltinType::TableIndex.trace());
        let object = self.allocate_or_raise(shape, trace, size_bytes)?.cast::<IndexObject>();
        // SAFETY: fresh, zeroed memory of that size.
        unsafe {
            (*object).mask = n_slots as u32 - 1;
            (*object).is_wide = is_wide;
        }
        Ok(Value::object(object))
    }

    /// A copy of an index.
    pub(super) fn copy_index(&mut self, index: Value) -> PyResult<Value> {
        let (shape, trace) = (BuiltinType::TableIndex.shape(), BuiltinType::TableIndex.trace());
        // SAFETY: callers pass a table's index.
        let n_bytes = unsafe {
            let object = &*index.as_ptr::<IndexObject>();
            (object.mask as usize + 1) * if object.is_wide { 4 } else { 1 }
        };
        let size_bytes = size_of::<IndexObject>() + n_bytes;
        let copy = self.allocate_or_raise(shape, trace, size_bytes)?;
        // SAFETY: both objects are of this size; the header of the fresh one stays its own.
        unsafe {
            let (from, to) = (index.as_ptr::<Header>().add(1).cast::<u8>(), copy.add(1).cast::<u8>());
            std::ptr::copy_nonoverlapping(from, to, size_bytes - size_of::<Header>());
        }
        Ok(Value::object(copy))
    }
}
