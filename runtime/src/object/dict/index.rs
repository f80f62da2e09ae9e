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

/// An index's slots.
struct Slots {
    first: *mut u8,
    mask: usize,
    is_wide: bool,
}

impl Slots {
    /// Those of a table's index.
    #[inline(always)]
    fn of(index: Value) -> Slots {
        let index = index.as_ptr::<IndexObject>();
        // SAFETY: callers pass a table's index, which is alive; the slots follow the object.
        unsafe { Slots { first: index.add(1).cast(), mask: (*index).mask as usize, is_wide: (*index).is_wide } }
    }
    #[inline(always)]
    fn get(&self, at: usize) -> usize {
        let at = at & self.mask;
        // SAFETY: there are `mask + 1` slots, of four bytes each where they are wide.
        unsafe {
            if self.is_wide { *self.first.cast::<u32>().add(at) as usize } else { usize::from(*self.first.add(at)) }
        }
    }
    #[inline(always)]
    fn set(&self, at: usize, number: usize) {
        let at = at & self.mask;
        // SAFETY: as above.
        unsafe {
            if self.is_wide {
                *self.first.cast::<u32>().add(at) = number as u32;
            } else {
                *self.first.add(at) = number as u8;
            }
        }
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

    #[inline(always)]
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

/// The first entry with this hash for which `is_it` holds; asked of others, too.
#[inline(always)]
pub fn find(index: Value, hash: u64, is_it: impl FnMut(usize) -> bool) -> Option<usize> {
    Slots::of(index).find(hash, is_it)
}

/// Adds an entry; there is room, since the index was made for all entries that the table has room for.
#[inline(always)]
pub fn insert(index: Value, hash: u64, entry: usize) {
    Slots::of(index).insert(hash, entry);
}

/// Removes an entry, if it is there. `hash_of` gives the hashes of others.
pub fn remove(index: Value, hash: u64, entry: usize, hash_of: impl Fn(usize) -> u64) {
    Slots::of(index).remove(hash, entry, hash_of);
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
