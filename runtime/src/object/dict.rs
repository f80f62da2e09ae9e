//! Dicts: insertion-ordered entries with an index by hash from nine entries on; and what sets (`elements`) have in common
//! with them.

mod elements;
mod index;

pub use index::IndexObject;

use super::header::Header;
use super::layout::{DictObject, TypeObject, ValueArray};
use super::simple::simple_equal;
pub use super::table::{IsTable, Table};
use super::types::BuiltinType;
use crate::object::layout::StrObject;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use smallvec::SmallVec;

/// Words an entry: hash (as a small int), key, value.
pub const ENTRY_WORDS: usize = 3;
/// Up to so many entries are searched one by one.
const LINEAR: usize = 8;
/// How many entries a table has room for at the least, once there is one.
const LEAST: usize = 4;
/// `DictObject::flags`: executors depend on a value in here.
pub const WATCHED: u32 = 1;
/// `DictObject::flags`: `bits` may be more than those of the hashes that are there.
const REMOVED: u32 = 2;
/// `DictObject::flags`: it is the dict of the class whose address `hash` is.
const OF_CLASS: u32 = 4;
/// `DictObject::flags`: the index may name entries behind the last: those that were removed from the end.
const STALE: u32 = 8;
/// `DictObject::flags`: an iterator was made since the entries came to where they are, so that they stay there.
const ITERATED: u32 = 16;
/// Up to so many entries, beside four a live one, are kept in their places for iterators.
const LEAST_KEPT: usize = 16;
/// Somebody is told of every change of an entry.
const TOLD: u32 = WATCHED | OF_CLASS;

/// A hash as tables keep it.
#[derive(Clone, Copy)]
pub struct Hash {
    /// A small int, so that the collector may look at it. The bits that it has no room for go where the lowest six, of
    /// which `DictObject::bits` is made, stay those of small ints.
    stored: u64,
    /// Those bits, too, as a small int; unbound where they are not known: dicts do not keep them.
    high: Value,
}

impl Hash {
    #[inline(always)]
    pub(super) fn of(hash: i64) -> Hash {
        let high = hash >> 48;
        let low = (hash ^ (high & 0xFFFF) << 6) & crate::value::SMALL_INT_MAX;
        Hash { stored: Value::small_int(low).0, high: Value::small_int(high) }
    }
    #[inline(always)]
    fn stored(stored: u64) -> Hash {
        Hash { stored, high: Value::UNBOUND }
    }
    /// The hash itself, where it is known.
    #[inline(always)]
    fn full(self) -> u64 {
        debug_assert!(self.high.is_int(), "a hash of which all is known");
        let high = self.high.as_int() as u64;
        high << 48 | Value(self.stored).as_int() as u64 ^ (high & 0xFFFF) << 6
    }
}

/// One live entry.
#[derive(Clone, Copy)]
pub struct Entry {
    pub hash: Hash,
    pub key: Value,
    /// None for an element of a set.
    pub value: Value,
}

impl DictObject {
    /// An empty one; `entries` is a value array with nothing in it.
    pub fn new(header: Header, entries: Value) -> DictObject {
        DictObject {
            header,
            attributes: Value::UNBOUND,
            entries,
            index: Value::UNBOUND,
            used: 0,
            len: 0,
            keys_version: 0,
            flags: 0,
            bits: 0,
            hash: 0,
        }
    }
    #[expect(clippy::mut_from_ref, reason = "the array is an object of its own")]
    fn array(&self) -> &mut ValueArray {
        // SAFETY: `entries` is a value array from the dict's birth on.
        unsafe { &mut *self.entries.as_ptr() }
    }
    fn words(&self) -> &mut [Value] {
        self.array().elements_mut()
    }
    fn hash_at(&self, entry: usize) -> u64 {
        self.words()[entry * ENTRY_WORDS].0
    }
    /// Where entry `entry`'s words are, or would be.
    #[inline(always)]
    fn place(&self, entry: usize) -> *mut [Value; ENTRY_WORDS] {
        // SAFETY: `entries` is a value array from the dict's birth on; callers see to it that it has room for the entry.
        unsafe { (&raw mut (*self.entries.as_ptr::<ValueArray>()).elements).cast::<[Value; ENTRY_WORDS]>().add(entry) }
    }
    /// The first entry of this hash for which `is_it` holds, which is given its key: unbound if it was deleted.
    #[inline(always)]
    pub(super) fn find(&self, hash: Hash, mut is_it: impl FnMut(usize, Value) -> bool) -> Option<usize> {
        if self.bits & bit(hash.stored) == 0 {
            return None;
        }
        if self.is_set() {
            return self.find_element(hash, is_it);
        }
        let mut is_wanted = |entry: usize| {
            // SAFETY: there are `used` entries, and an index names no others.
            let [stored, key, _] = unsafe { *self.place(entry) };
            stored.0 == hash.stored && is_it(entry, key)
        };
        if self.index.is_unbound() {
            return (0..self.used).find(|&entry| is_wanted(entry));
        }
        index::find(self.index, hash.stored, is_wanted)
    }
    /// Were keys taken out since the table was made?
    pub fn loses_keys(&self) -> bool {
        self.flags & REMOVED != 0
    }
    /// The class whose dict it is.
    pub(super) fn class(&self) -> Option<*mut TypeObject> {
        (self.flags & OF_CLASS != 0).then_some(self.hash as *mut TypeObject)
    }
    pub fn key_at(&self, entry: usize) -> Value {
        self.words()[entry * ENTRY_WORDS + 1]
    }
    pub fn value_at(&self, entry: usize) -> Value {
        self.words()[entry * ENTRY_WORDS + 2]
    }
    /// The number of the first live entry at or after `index`; that of all, deleted ones included, where there is none.
    pub fn next_place(&self, index: usize) -> usize {
        (index..self.used).find(|&index| !self.key_at(index).is_unbound()).unwrap_or(self.used)
    }
    /// The first live entry at or after `index`, and its number.
    pub fn next_entry(&self, index: usize) -> Option<(usize, Entry)> {
        let index = self.next_place(index);
        if index >= self.used {
            return None;
        }
        let (stored, key, value) = (self.hash_at(index), self.key_at(index), self.value_at(index));
        let entry = match self.is_set() {
            true => Entry { hash: Hash { stored, high: value }, key, value: Value::NONE },
            false => Entry { hash: Hash::stored(stored), key, value },
        };
        Some((index, entry))
    }
    /// Live entries in order. Not to be held across anything that changes the dict.
    pub fn iter(&self) -> impl Iterator<Item = Entry> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (index, entry) = self.next_entry(at)?;
            at = index + 1;
            Some(entry)
        })
    }
}

/// A stored hash's bit in `DictObject::bits`.
fn bit(hash: u64) -> u64 {
    1 << (hash & 63)
}

impl DictObject {
    /// Whether some hash in here is surely not in `other`.
    pub(super) fn has_more_bits(&self, other: &DictObject) -> bool {
        self.flags & REMOVED == 0 && self.bits & !other.bits != 0
    }
}

impl Vm {
    /// The dict or set that a value is known to be.
    #[inline(always)]
    #[track_caller]
    pub fn table(&self, value: Value) -> Table {
        value.table(self)
    }

    /// The number of the entry with this key.
    pub fn dict_entry(&mut self, dict: impl IsTable, key: Value) -> PyResult<Option<usize>> {
        let dict = dict.table(self);
        let hash = self.key_hash(dict, key)?;
        self.dict_find(dict, key, hash)
    }

    /// The entry number of a key whose hash is known.
    pub fn dict_entry_hashed(&mut self, dict: impl IsTable, key: Value, hash: i64) -> PyResult<Option<usize>> {
        let dict = dict.table(self);
        self.dict_find(dict, key, Hash::of(hash))
    }

    /// Sets a key whose hash is known.
    pub fn dict_set_hashed(&mut self, dict: impl IsTable, key: Value, hash: i64, value: Value) -> PyResult<()> {
        let dict = dict.table(self);
        match self.dict_entry_hashed(dict, key, hash)? {
            Some(entry) => {
                self.dict_set_entry(dict, entry, value);
                Ok(())
            }
            None => self.dict_append(dict, Hash::of(hash), key, value),
        }
    }

    /// The number of the first entry. In the room of a deleted entry in front stands how many deleted ones there are, so that
    /// taking entries from the front does not look at them again and again.
    pub fn dict_first(&mut self, dict: impl IsTable) -> Option<usize> {
        let dict = dict.table(self);
        let object = dict.object();
        if object.len == 0 {
            return None;
        }
        let known = if object.key_at(0).is_unbound() { object.value_at(0) } else { Value::UNBOUND };
        let start = if known.is_int() { known.as_int() as usize } else { 0 };
        let (first, _) = object.next_entry(start)?;
        if first > 0 {
            object.words()[2] = Value::small_int(first as i64);
        }
        Some(first)
    }

    /// The number of the last entry.
    pub fn dict_last(&mut self, dict: impl IsTable) -> Option<usize> {
        let dict = dict.table(self);
        let object = dict.object();
        (0..object.used).rev().find(|&entry| !object.key_at(entry).is_unbound())
    }

    /// From now on entries stay where they are, as an iterator counts them.
    pub(super) fn dict_is_iterated(&mut self, dict: impl IsTable) {
        dict.table(self).object().flags |= ITERATED;
    }

    /// Moves an entry behind all others, or in front of them.
    pub fn dict_move_entry(&mut self, dict: impl IsTable, entry: usize, to_end: bool) -> PyResult<()> {
        let dict = dict.table(self);
        let Some(first) = self.dict_first(dict) else { return Ok(()) };
        if to_end && self.dict_last(dict) == Some(entry) || !to_end && first == entry {
            return Ok(());
        }
        let object = dict.object();
        let (hash, key) = (object.hash_at(entry), object.key_at(entry));
        if to_end {
            let value = self.dict_remove_entry(dict, entry);
            return self.dict_append(dict, Hash::stored(hash), key, value);
        }
        let mut place = first;
        if first == 0 {
            place = object.len.max(LEAST);
            self.dict_grow(dict, object.len * 2 + place, place)?;
        }
        let entry = self.dict_find(dict, key, Hash::stored(hash))?.unwrap_or(entry);
        let value = self.dict_remove_entry(dict, entry);
        place -= 1;
        let object = dict.object();
        // SAFETY: there are entries at and behind `first`, so that there is room in front of it.
        unsafe { *object.place(place) = [Value(hash), key, value] };
        if place > 0 {
            object.words()[2] = Value::small_int(place as i64);
        }
        object.used = object.used.max(place + 1);
        object.bits |= bit(hash);
        object.len += 1;
        object.keys_version = 0;
        self.barrier(object.entries.as_ptr::<ValueArray>());
        if !object.index.is_unbound() {
            index::insert(object.index, hash, place);
        }
        self.dict_entry_changed(dict, || key);
        Ok(())
    }

    fn new_table(&mut self, ty: BuiltinType, capacity: usize) -> PyResult<Table> {
        let entries = if capacity == 0 { self.empty_array } else { self.new_array(capacity * ENTRY_WORDS)? };
        Ok(Table(self.make(ty, |header| DictObject::new(header, entries)).as_ptr()))
    }
    pub fn new_dict(&mut self) -> Value {
        self.new_table(BuiltinType::Dict, 0).expect("an empty array needs little memory").value()
    }
    pub fn new_dict_with_capacity(&mut self, capacity: usize) -> PyResult<Value> {
        self.new_table(BuiltinType::Dict, capacity).map(Table::value)
    }
    /// An empty set or frozenset.
    pub fn new_set(&mut self, ty: BuiltinType) -> PyResult<Value> {
        let set = self.new_table(ty, 0)?;
        set.object().index = Value::small_int(0);
        Ok(set.value())
    }

    /// The number of the entry with this key.
    #[inline(always)]
    fn dict_find(&mut self, dict: Table, key: Value, hash: Hash) -> PyResult<Option<usize>> {
        // Most keys are found by identity, or are not there at all.
        let object = dict.object();
        let mut unsure = false;
        let found = object.find(hash, |_, other| {
            unsure |= other != key && !other.is_unbound();
            other == key
        });
        if found.is_some() || !unsure {
            return Ok(found);
        }
        self.dict_find_slow(dict, key, hash)
    }

    /// As `dict_find`, for keys that may equal one that is another object.
    #[inline(never)]
    fn dict_find_slow(&mut self, dict: Table, key: Value, hash: Hash) -> PyResult<Option<usize>> {
        if self.is_exactly::<StrObject>(key) {
            let text = self.str_of(key).view();
            let mut unsure = false;
            let found = dict.object().find(hash, |_, other| match self.exactly::<StrObject>(other) {
                Some(other) => other.view() == text,
                None => {
                    unsure |= !other.is_unbound();
                    false
                }
            });
            if found.is_some() || !unsure {
                return Ok(found);
            }
        }
        loop {
            let object = dict.object();
            let mut unsure: SmallVec<[u32; 4]> = SmallVec::new();
            let found = object.find(hash, |entry, other| {
                if other.is_unbound() {
                    return false;
                }
                simple_equal(self, other, key, 3).unwrap_or_else(|| {
                    unsure.push(entry as u32);
                    false
                })
            });
            if found.is_some() || unsure.is_empty() {
                return Ok(found);
            }
            if let Some(found) = self.dict_find_equal(dict, key, &unsure)? {
                return Ok(found);
            }
        }
    }

    /// The first of some entries whose key equals `key`, asked in Python; `None` where the table changed meanwhile.
    fn dict_find_equal(&mut self, dict: Table, key: Value, entries: &[u32]) -> PyResult<Option<Option<usize>>> {
        let key_of = |entry: usize| {
            let object = dict.object();
            if entry < object.used { object.key_at(entry) } else { Value::UNBOUND }
        };
        for &entry in entries {
            let (entry, table) = (entry as usize, dict.object().entries);
            let other = key_of(entry);
            if other.is_unbound() {
                return Ok(None);
            }
            let equal = self.equal(other, key)?;
            if dict.object().entries != table || key_of(entry) != other {
                return Ok(None);
            }
            if equal {
                return Ok(Some(Some(entry)));
            }
        }
        Ok(Some(None))
    }

    /// The stored form of the hash that `key` has in a table; TypeError that says what it was wanted for.
    #[inline(always)]
    fn key_hash(&mut self, table: Table, key: Value) -> PyResult<Hash> {
        if key.is_int() {
            let word = key.as_int();
            return Ok(Hash::of(if word == -1 { -2 } else { word }));
        }
        if self.is_exactly::<StrObject>(key) {
            return Ok(Hash::of(self.str_hash(key)));
        }
        self.other_key_hash(table, key)
    }

    #[inline(never)]
    fn other_key_hash(&mut self, table: Table, key: Value) -> PyResult<Hash> {
        match self.hash(key) {
            Ok(hash) => Ok(Hash::of(hash)),
            Err(_) => {
                let is_dict = self.is_a::<DictObject>(table.value());
                Err(self.explain_unhashable(key, if is_dict { "a dict key" } else { "a set element" }))
            }
        }
    }

    pub fn dict_get(&mut self, dict: impl IsTable, key: Value) -> PyResult<Option<Value>> {
        let dict = dict.table(self);
        if dict.object().len == 0 {
            self.key_hash(dict, key)?;
            return Ok(None);
        }
        let hash = self.key_hash(dict, key)?;
        Ok(self.dict_find(dict, key, hash)?.map(|i| dict.object().value_at(i)))
    }

    /// Is the key (or element) in there?
    pub fn dict_contains(&mut self, dict: impl IsTable, key: Value) -> PyResult<bool> {
        let dict = dict.table(self);
        let hash = self.key_hash(dict, key)?;
        Ok(self.dict_find(dict, key, hash)?.is_some())
    }

    /// The entry number of a string key; strings compare without Python code.
    pub fn dict_entry_of_name(&mut self, dict: impl IsTable, name: Value) -> Option<usize> {
        let dict = dict.table(self);
        let hash = Hash::of(self.str_hash(name));
        dict.object().find(hash, |_, key| key == name || self.is_same_text(key, name))
    }

    /// Is a key another string with the text of `name`?
    #[inline]
    fn is_same_text(&self, key: Value, name: Value) -> bool {
        !key.is_unbound()
            && self.is_a::<StrObject>(key)
            && !(self.str_of(key).is_interned && self.str_of(name).is_interned)
            && self.str_of(key).view() == self.str_of(name).view()
    }

    pub fn dict_get_name(&mut self, dict: impl IsTable, name: Value) -> Option<Value> {
        let dict = dict.table(self);
        self.dict_entry_of_name(dict, name).map(|i| dict.object().value_at(i))
    }

    pub fn dict_set(&mut self, dict: impl IsTable, key: Value, value: Value) -> PyResult<()> {
        let dict = dict.table(self);
        let hash = self.key_hash(dict, key)?;
        match self.dict_find(dict, key, hash)? {
            Some(entry) => {
                self.dict_set_entry(dict, entry, value);
                Ok(())
            }
            None => self.dict_append(dict, hash, key, value),
        }
    }

    /// Sets a string key. Nothing but memory can fail, and then MemoryError follows at the next poll.
    pub fn dict_set_name(&mut self, dict: impl IsTable, name: Value, value: Value) {
        let dict = dict.table(self);
        match self.dict_entry_of_name(dict, name) {
            Some(entry) => self.dict_set_entry(dict, entry, value),
            None => {
                let hash = Hash::of(self.str_hash(name));
                if self.dict_append(dict, hash, name, value).is_err() {
                    self.put_off_memory_error();
                    self.dict_append(dict, hash, name, value).expect("out of memory, the reserve included");
                }
            }
        }
    }

    /// Writes the value of an existing entry.
    pub fn dict_set_entry(&mut self, dict: impl IsTable, entry: usize, value: Value) {
        let dict = dict.table(self);
        let object = dict.object();
        object.words()[entry * ENTRY_WORDS + 2] = value;
        self.barrier(object.entries.as_ptr::<ValueArray>());
        self.dict_entry_changed(dict, || object.key_at(entry));
    }

    /// Every change of a table's entries ends here, a value's or that there is one under the key at all. Who writes
    /// entries in another way (compiled code) has said before that nobody can rely on them, by `assume_variable`.
    #[inline(always)]
    fn dict_entry_changed(&mut self, dict: Table, key: impl FnOnce() -> Value) {
        if dict.object().flags & TOLD != 0 {
            self.dict_tell(dict, key());
        }
    }

    #[cold]
    #[inline(never)]
    fn dict_tell(&mut self, dict: Table, key: Value) {
        // Names are asked for by their interned form; what no interned string equals, nobody has asked for.
        let Some(name) = self.interned_equal(key) else { return };
        if dict.object().flags & WATCHED != 0 {
            self.dict_name_changed(dict.value(), name);
        }
        if let Some(class) = dict.object().class() {
            self.class_entry_changed(class, name);
        }
    }

    /// From now on the class is told of every change of its dict.
    pub(super) fn dict_belongs_to(&mut self, dict: impl IsTable, class: *mut TypeObject) {
        let dict = dict.table(self);
        let object = dict.object();
        object.flags |= OF_CLASS;
        object.hash = class as i64;
    }

    /// A number that the dict has for as long as its keys stay as they are and where they are, and that no other dict ever
    /// has; `None` where there are no more. Caches may rely on it.
    pub fn dict_keys_version(&mut self, dict: impl IsTable) -> Option<u32> {
        let dict = dict.table(self);
        let object = dict.object();
        if object.keys_version == 0 {
            self.last_keys_version = self.last_keys_version.checked_add(1)?;
            object.keys_version = self.last_keys_version;
        }
        Some(object.keys_version)
    }

    #[inline(always)]
    pub(super) fn dict_append(&mut self, dict: Table, hash: Hash, key: Value, value: Value) -> PyResult<()> {
        let object = dict.object();
        let is_full = (object.used + 1) * ENTRY_WORDS > object.array().capacity;
        if is_full || object.index.is_unbound() && object.used >= LINEAR {
            self.dict_make_room(dict)?;
        }
        let object = dict.object();
        let entry = object.used;
        if object.flags & STALE != 0 {
            index::remove(object.index, object.hash_at(entry), entry, |other| object.hash_at(other));
        }
        // SAFETY: there is room for one more entry.
        unsafe { *object.place(entry) = [Value(hash.stored), key, value] };
        object.bits |= bit(hash.stored);
        object.used = entry + 1;
        object.len += 1;
        object.keys_version = 0;
        self.barrier(object.entries.as_ptr::<ValueArray>());
        if !object.index.is_unbound() {
            index::insert(object.index, hash.stored, entry);
        }
        self.dict_entry_changed(dict, || key);
        Ok(())
    }

    /// Makes room for one more entry at least, in the table and its index.
    #[inline(never)]
    fn dict_make_room(&mut self, dict: Table) -> PyResult<()> {
        let object = dict.object();
        if (object.used + 1) * ENTRY_WORDS <= object.array().capacity {
            return self.dict_reindex(dict);
        }
        if object.flags & ITERATED != 0 && object.len != object.used && object.used <= object.len * 4 + LEAST_KEPT {
            return self.dict_grow_in_place(dict);
        }
        let capacity = (object.len * 2).max(LEAST);
        if object.len == object.used && self.grow_array_in_place(object.entries, capacity * ENTRY_WORDS) {
            return if capacity > LINEAR { self.dict_reindex(dict) } else { Ok(()) };
        }
        self.dict_grow(dict, capacity, 0)
    }

    /// Makes room for so many entries more, where nobody goes through those that there are.
    pub fn dict_reserve(&mut self, dict: impl IsTable, n: usize) -> PyResult<()> {
        let dict = dict.table(self);
        let object = dict.object();
        let capacity = object.len + n;
        let has_room = (object.used + n) * ENTRY_WORDS <= object.array().capacity;
        if has_room || object.is_set() || object.flags & ITERATED != 0 || capacity < LEAST {
            return Ok(());
        }
        self.dict_grow(dict, capacity, 0)
    }

    /// Makes room for more entries behind those that there are, deleted ones included: iterators count them.
    fn dict_grow_in_place(&mut self, dict: Table) -> PyResult<()> {
        let object = dict.object();
        let capacity = object.used * 2;
        let array = self.new_array(capacity * ENTRY_WORDS)?;
        let index = if capacity > LINEAR { self.new_index(capacity)? } else { Value::UNBOUND };
        let object = dict.object();
        let n_words = object.used * ENTRY_WORDS;
        // SAFETY: a fresh array.
        let target = unsafe { (*array.as_ptr::<ValueArray>()).elements_mut() };
        target[..n_words].copy_from_slice(&object.words()[..n_words]);
        object.entries = array;
        self.barrier(array.as_ptr::<ValueArray>());
        for entry in (0..object.used).filter(|&entry| !index.is_unbound() && !object.key_at(entry).is_unbound()) {
            index::insert(index, object.hash_at(entry), entry);
        }
        object.index = index;
        object.flags &= !STALE;
        object.keys_version = 0;
        self.barrier(std::ptr::from_ref(object));
        Ok(())
    }

    /// Makes room for `capacity` entries, dropping deleted ones, `gap` of it in front.
    fn dict_grow(&mut self, dict: Table, capacity: usize, gap: usize) -> PyResult<()> {
        let array = self.new_array(capacity * ENTRY_WORDS)?;
        let index = if capacity > LINEAR { self.new_index(capacity)? } else { Value::UNBOUND };
        let object = dict.object();
        // SAFETY: a fresh array.
        let target = unsafe { (*array.as_ptr::<ValueArray>()).elements_mut() };
        let mut used = gap;
        let mut bits = 0;
        for entry in object.iter() {
            bits |= bit(entry.hash.stored);
            let words = [Value(entry.hash.stored), entry.key, entry.value];
            target[used * ENTRY_WORDS..][..ENTRY_WORDS].copy_from_slice(&words);
            if !index.is_unbound() {
                index::insert(index, entry.hash.stored, used);
            }
            used += 1;
        }
        object.entries = array;
        object.index = index;
        object.used = used;
        object.bits = bits;
        object.flags &= !(REMOVED | STALE | ITERATED);
        object.keys_version = 0;
        self.barrier(array.as_ptr::<ValueArray>());
        self.barrier(std::ptr::from_ref(object));
        Ok(())
    }

    /// Makes an index for what there is room for.
    fn dict_reindex(&mut self, dict: Table) -> PyResult<()> {
        let index = self.new_index(dict.object().array().capacity / ENTRY_WORDS)?;
        let object = dict.object();
        for entry in (0..object.used).filter(|&entry| !object.key_at(entry).is_unbound()) {
            index::insert(index, object.hash_at(entry), entry);
        }
        object.index = index;
        object.flags &= !STALE;
        self.barrier(std::ptr::from_ref(object));
        Ok(())
    }

    /// Removes a key; its value if it was there.
    pub fn dict_remove(&mut self, dict: impl IsTable, key: Value) -> PyResult<Option<Value>> {
        let dict = dict.table(self);
        let hash = self.key_hash(dict, key)?;
        let Some(entry) = self.dict_find(dict, key, hash)? else { return Ok(None) };
        Ok(Some(self.dict_remove_entry(dict, entry)))
    }

    pub fn dict_remove_entry(&mut self, dict: impl IsTable, entry: usize) -> Value {
        let dict = dict.table(self);
        let object = dict.object();
        let (hash, key, value) = (object.hash_at(entry), object.key_at(entry), object.value_at(entry));
        let is_dropped = !object.is_set() && entry + 1 == object.used && object.flags & ITERATED == 0;
        if !object.index.is_unbound() && !object.is_set() {
            if is_dropped {
                // Seen to when the room is used again: who takes all entries from the end need not look for each.
                object.flags |= STALE;
            } else {
                index::remove(object.index, hash, entry, |other| object.hash_at(other));
            }
        }
        object.words()[entry * ENTRY_WORDS + 1] = Value::UNBOUND;
        object.words()[entry * ENTRY_WORDS + 2] = Value::UNBOUND;
        object.len -= 1;
        object.flags |= REMOVED;
        object.keys_version = 0;
        if is_dropped {
            self.dict_trim(dict);
        }
        self.dict_entry_changed(dict, || key);
        value
    }

    /// Drops the deleted entries at the end.
    fn dict_trim(&mut self, dict: Table) {
        let object = dict.object();
        while object.used > 0 && object.key_at(object.used - 1).is_unbound() {
            object.used -= 1;
        }
    }

    /// Takes the last entry out: its key and value.
    pub fn dict_pop_last(&mut self, dict: impl IsTable) -> Option<(Value, Value)> {
        let dict = dict.table(self);
        let entry = self.dict_last(dict)?;
        let key = dict.object().key_at(entry);
        let value = self.dict_remove_entry(dict, entry);
        self.dict_trim(dict);
        Some((key, value))
    }

    pub fn dict_clear(&mut self, dict: impl IsTable) {
        let dict = dict.table(self);
        // One by one, so that who is told of one sees the others as they are.
        while dict.object().flags & TOLD != 0 && dict.object().used > 0 {
            let last = dict.object().used - 1;
            if dict.object().key_at(last).is_unbound() {
                dict.object().used = last;
            } else {
                self.dict_remove_entry(dict, last);
            }
        }
        if dict.is_set() {
            return self.set_clear(dict);
        }
        let object = dict.object();
        object.words().fill(Value::UNBOUND);
        object.used = 0;
        object.len = 0;
        object.bits = 0;
        object.flags &= !(REMOVED | STALE | ITERATED);
        object.keys_version = 0;
        object.index = Value::UNBOUND;
    }

    /// A shallow copy; of a set as one of type `ty`.
    pub fn dict_copy(&mut self, dict: impl IsTable, ty: BuiltinType) -> PyResult<Value> {
        let dict = dict.table(self);
        let copy = if dict.is_set() { self.new_set(ty)? } else { self.new_dict() };
        self.dict_merge(copy, dict)?;
        Ok(copy)
    }

    /// Gives an empty table that nobody depends on the entries of another.
    fn dict_fill(&mut self, table: Table, other: Table) -> PyResult<()> {
        let capacity = other.object().len;
        if capacity == 0 {
            return Ok(());
        }
        let entries = self.new_array(capacity * ENTRY_WORDS)?;
        let source = other.object();
        let is_dense = source.used == source.len;
        let has_same_index = is_dense && !source.index.is_unbound() && source.flags & STALE == 0;
        let index = match capacity > LINEAR {
            true if has_same_index => self.copy_index(source.index)?,
            true => self.new_index(capacity)?,
            false => Value::UNBOUND,
        };
        let (source, target) = (other.object(), table.object());
        target.entries = entries;
        target.index = index;
        if is_dense {
            let n_words = source.used * ENTRY_WORDS;
            target.words()[..n_words].copy_from_slice(&source.words()[..n_words]);
        } else {
            for (place, entry) in target.words().chunks_exact_mut(ENTRY_WORDS).zip(source.iter()) {
                place.copy_from_slice(&[Value(entry.hash.stored), entry.key, entry.value]);
            }
        }
        for entry in (0..capacity).filter(|_| !index.is_unbound() && !has_same_index) {
            index::insert(index, target.hash_at(entry), entry);
        }
        (target.used, target.len) = (capacity, capacity);
        target.bits = source.bits;
        target.flags |= source.flags & REMOVED;
        target.keys_version = 0;
        self.barrier(entries.as_ptr::<ValueArray>());
        self.barrier(table.0);
        Ok(())
    }

    /// Adds all entries of `other` (a dict or set) to `dict`.
    pub fn dict_merge(&mut self, dict: impl IsTable, other: impl IsTable) -> PyResult<()> {
        let dict = dict.table(self);
        let other = other.table(self);
        let target = dict.object();
        if target.is_set() {
            if other.is_set() {
                return self.set_merge(dict, other);
            }
            self.set_make_room(dict, other.len)?;
        }
        // No executor, no class depends on it.
        if !target.is_set()
            && !other.is_set()
            && target.used == 0
            && target.index.is_unbound()
            && target.flags & !ITERATED == 0
            && dict.0 != other.0
        {
            return self.dict_fill(dict, other);
        }
        let mut at = 0;
        while let Some((index, entry)) = other.object().next_entry(at) {
            at = index + 1;
            if dict.is_set() {
                self.set_add_entry(dict, &entry)?;
                continue;
            }
            match self.dict_find(dict, entry.key, entry.hash)? {
                Some(existing) => self.dict_set_entry(dict, existing, entry.value),
                None => self.dict_append(dict, entry.hash, entry.key, entry.value)?,
            }
        }
        Ok(())
    }

    /// Adds an element to a set.
    pub fn set_add(&mut self, set: impl IsTable, element: Value) -> PyResult<()> {
        let set = set.table(self);
        let hash = self.key_hash(set, element)?;
        if self.dict_find(set, element, hash)?.is_none() {
            self.set_insert(set, hash, element)?;
        }
        Ok(())
    }

    /// Looks an entry of another table up by its stored hash, without hashing again.
    pub fn dict_contains_entry(&mut self, dict: impl IsTable, entry: &Entry) -> PyResult<bool> {
        let dict = dict.table(self);
        let hash = self.whole_hash(dict, entry)?;
        Ok(self.dict_find(dict, entry.key, hash)?.is_some())
    }

    /// Adds the key of another table's entry to a set, unless it is there.
    pub fn set_add_entry(&mut self, set: impl IsTable, entry: &Entry) -> PyResult<()> {
        let set = set.table(self);
        let hash = self.whole_hash(set, entry)?;
        if self.dict_find(set, entry.key, hash)?.is_none() {
            self.set_insert(set, hash, entry.key)?;
        }
        Ok(())
    }
}
