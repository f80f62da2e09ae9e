//! Sets and frozensets: their entries are a hash table themselves, which is gone through by place.
//!
//! Where an element goes, when the table grows and to what size are as in CPython: programs see the order of a set of
//! numbers, or of tuples of them, when they print it, go through it or take elements out.
//!
//! ```text
//!   entries    place 0 │ place 1 │ … │ place mask       stored hash, element, high bits of the hash
//!   used       mask + 1, or 0 where there is no table yet
//!   index      how many places are not free, as a small int: those that were given up are not, until the table grows
//! ```
//!
//! The stored hash of a free place is unbound; a place that was given up keeps it, but has no element.

use super::{ENTRY_WORDS, Entry, Hash, REMOVED, Table, bit};
use crate::object::layout::{DictObject, ValueArray};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The smallest table.
const LEAST: usize = 8;
/// So many places behind the first are looked at one after the other before the search goes elsewhere.
const NEIGHBOURS: usize = 9;
/// How many bits of the hash each step of a search shifts out.
const SHIFT: u32 = 5;
/// Sets of more elements grow by a factor of two, others by four.
const LARGE: usize = 50_000;

/// The order in which places are looked at, without end.
struct Places {
    mask: usize,
    first: usize,
    /// How far behind the first.
    offset: usize,
    rest: u64,
}

impl Places {
    #[inline(always)]
    fn of(mask: usize, hash: u64) -> Places {
        Places { mask, first: hash as usize & mask, offset: 0, rest: hash }
    }
    #[inline(always)]
    fn at(&self) -> usize {
        self.first + self.offset
    }
    #[inline(always)]
    fn step(&mut self) {
        if self.offset < NEIGHBOURS && self.first + NEIGHBOURS <= self.mask {
            self.offset += 1;
            return;
        }
        self.offset = 0;
        self.rest >>= SHIFT;
        self.first = self.first.wrapping_mul(5).wrapping_add(1).wrapping_add(self.rest as usize) & self.mask;
    }
}

/// Writes an element that is not there to the last place before the first free one of `entries` that was given up, or else to
/// that: there is one. Was it free?
#[inline(always)]
fn write(entries: &mut [[Value; ENTRY_WORDS]], hash: Hash, element: Value) -> bool {
    let mut places = Places::of(entries.len() - 1, hash.full());
    let mut given_up = None;
    loop {
        let [stored, other, _] = entries[places.at()];
        if stored.is_unbound() {
            break;
        }
        if other.is_unbound() {
            given_up = Some(places.at());
        }
        places.step();
    }
    entries[given_up.unwrap_or(places.at())] = [Value(hash.stored), element, hash.high];
    given_up.is_none()
}

impl DictObject {
    /// Is it a set's table?
    #[inline(always)]
    pub(in crate::object) fn is_set(&self) -> bool {
        self.index.is_int()
    }

    /// How many places are not free.
    fn n_taken(&self) -> usize {
        self.index.as_int() as usize
    }

    fn places(&self) -> &mut [[Value; ENTRY_WORDS]] {
        &mut self.words().as_chunks_mut().0[..self.used]
    }

    /// As `find`, in a set that is not empty.
    #[inline(always)]
    pub(super) fn find_element(&self, hash: Hash, mut is_it: impl FnMut(usize, Value) -> bool) -> Option<usize> {
        let mut places = Places::of(self.used - 1, hash.full());
        loop {
            // SAFETY: places are numbers below `used`, and the table has so many entries.
            let [stored, element, _] = unsafe { *self.place(places.at()) };
            if stored.is_unbound() {
                return None;
            }
            if stored.0 == hash.stored && is_it(places.at(), element) {
                return Some(places.at());
            }
            places.step();
        }
    }
}

impl Vm {
    /// The whole hash of an entry's key, for a search in a set: entries of dicts do not have all of it.
    #[inline]
    pub(super) fn whole_hash(&mut self, table: Table, entry: &Entry) -> PyResult<Hash> {
        if table.is_set() && entry.hash.high.is_unbound() { self.key_hash(table, entry.key) } else { Ok(entry.hash) }
    }

    /// Adds an element that is not there.
    #[inline(always)]
    pub(in crate::object) fn set_insert(&mut self, set: Table, hash: Hash, element: Value) -> PyResult<()> {
        // One place stays free, where searches end, even if memory was out when the table was to grow.
        if set.used == 0 || set.n_taken() + 1 == set.used {
            self.set_resize(set, set.len * 4)?;
        }
        let object = set.object();
        let was_free = write(object.places(), hash, element);
        object.bits |= bit(hash.stored);
        object.len += 1;
        object.keys_version = 0;
        let n_taken = object.n_taken() + usize::from(was_free);
        object.index = Value::small_int(n_taken as i64);
        self.barrier(object.entries.as_ptr::<ValueArray>());
        if !was_free || n_taken * 5 < (object.used - 1) * 3 {
            return Ok(());
        }
        self.set_regrow(set)
    }

    /// A larger table, or a smaller one where most places are given up.
    #[inline(never)]
    fn set_regrow(&mut self, set: Table) -> PyResult<()> {
        self.set_resize(set, if set.len > LARGE { set.len * 2 } else { set.len * 4 })
    }

    /// Moves a set's elements to a table of more than `least` places.
    fn set_resize(&mut self, set: Table, least: usize) -> PyResult<()> {
        let n_places = (least + 1).next_power_of_two().max(LEAST);
        let array = self.new_array(n_places.saturating_mul(ENTRY_WORDS))?;
        let object = set.object();
        // SAFETY: a fresh array.
        let (places, _) = unsafe { (*array.as_ptr::<ValueArray>()).elements_mut() }.as_chunks_mut();
        let mut bits = 0;
        for entry in object.iter() {
            bits |= bit(entry.hash.stored);
            _ = write(&mut places[..n_places], entry.hash, entry.key);
        }
        object.entries = array;
        object.used = n_places;
        object.index = Value::small_int(object.len as i64);
        object.bits = bits;
        object.flags &= !REMOVED;
        object.keys_version = 0;
        self.barrier(array.as_ptr::<ValueArray>());
        self.barrier(set.0);
        Ok(())
    }

    /// Room for as many elements more, at once.
    pub(super) fn set_make_room(&mut self, set: Table, n_more: usize) -> PyResult<()> {
        if n_more > 0 && (set.n_taken() + n_more) * 5 >= set.used.saturating_sub(1).max(LEAST - 1) * 3 {
            return self.set_resize(set, (set.len + n_more) * 2);
        }
        Ok(())
    }

    /// Adds all elements of another set.
    pub(super) fn set_merge(&mut self, set: Table, other: Table) -> PyResult<()> {
        if set.0 == other.0 || other.len == 0 {
            return Ok(());
        }
        self.set_make_room(set, other.len)?;
        if set.n_taken() > 0 {
            let mut at = 0;
            while let Some((index, entry)) = other.next_entry(at) {
                self.set_add_entry(set, &entry)?;
                at = index + 1;
            }
            return Ok(());
        }
        if set.used == 0 {
            self.set_resize(set, 0)?;
        }
        let (target, source) = (set.object(), other.object());
        if target.used == source.used && source.n_taken() == source.len {
            target.places().copy_from_slice(source.places());
        } else {
            let places = target.places();
            source.iter().for_each(|entry| _ = write(places, entry.hash, entry.key));
        }
        target.len = source.len;
        target.index = Value::small_int(source.len as i64);
        target.bits = source.bits;
        target.flags |= source.flags & REMOVED;
        target.keys_version = 0;
        self.barrier(target.entries.as_ptr::<ValueArray>());
        Ok(())
    }

    /// Gives a set the table of another, which nobody else has.
    pub fn set_take(&mut self, set: impl super::IsTable, other: impl super::IsTable) {
        let (set, other) = (set.table(self), other.table(self));
        let (target, source) = (set.object(), other.object());
        (target.entries, target.index) = (source.entries, source.index);
        (target.used, target.len, target.bits) = (source.used, source.len, source.bits);
        target.flags = target.flags & !REMOVED | source.flags & REMOVED;
        target.keys_version = 0;
        (source.entries, source.index) = (self.empty_array, Value::small_int(0));
        (source.used, source.len, source.bits) = (0, 0, 0);
        self.barrier(set.0);
    }

    pub(super) fn set_clear(&mut self, set: Table) {
        let object = set.object();
        object.entries = self.empty_array;
        object.index = Value::small_int(0);
        (object.used, object.len, object.bits) = (0, 0, 0);
        object.flags &= !REMOVED;
        object.keys_version = 0;
        self.barrier(set.0);
    }

    /// Makes the table small again where many elements were taken out.
    pub fn set_compact(&mut self, set: impl super::IsTable) -> PyResult<()> {
        let set = set.table(self);
        if set.used > 0 && set.n_taken() - set.len > (set.used - 1) / 4 { self.set_regrow(set) } else { Ok(()) }
    }

    /// Takes the next element out; each goes on behind the last that was taken.
    pub fn set_pop(&mut self, set: impl super::IsTable) -> Option<Value> {
        let set = set.table(self);
        if set.len == 0 {
            return None;
        }
        // A set that changes has no hash: the word says where to go on.
        let start = set.hash as usize & (set.used - 1);
        let (place, entry) = set.next_entry(start).or_else(|| set.next_entry(0))?;
        self.dict_remove_entry(set, place);
        set.object().hash = place as i64 + 1;
        Some(entry.key)
    }
}
