//! `+` and `*` of sequences; extending lists and dicts.

use crate::interp::drain::Drain;
use crate::object::append::{AppendedBytes, is_worth_a_buffer};
use crate::object::array::items_of;
use crate::object::header::Header;
use crate::object::layout::{BytesObject, ListObject, TupleObject};
use crate::object::string::{View, str_of};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

impl Vm {
    /// A tuple of `len` unbound items, which the caller fills; its length may be a program's choice.
    pub fn new_tuple_of_len(&mut self, len: usize) -> PyResult<Value> {
        if len == 0 && !self.empty_tuple.is_unbound() {
            return Ok(self.empty_tuple);
        }
        let size_bytes = len.checked_mul(8).and_then(|n| n.checked_add(16));
        let Some(size_bytes) = size_bytes else { return Err(self.raise_memory()) };
        let object = if size_bytes <= 1024 {
            self.allocate(BuiltinType::Tuple.shape(), Header::TRACE_COUNTED, size_bytes)
        } else {
            self.try_allocate(BuiltinType::Tuple.shape(), Header::TRACE_COUNTED, size_bytes)?
        };
        // SAFETY: the fresh object has room for the length and zeroed (unbound) items.
        unsafe { (*object.cast::<TupleObject>()).len = len };
        Ok(Value::object(object))
    }

    /// Writes an item of a tuple that the caller has just made and nobody else has seen.
    pub fn tuple_init(&mut self, tuple: Value, index: usize, item: Value) {
        let object = tuple.as_ptr::<TupleObject>();
        // SAFETY: callers pass a tuple with more than `index` items.
        unsafe {
            debug_assert!(index < (*object).len);
            (&raw mut (*object).items).cast::<Value>().add(index).write(item);
        }
        self.barrier(object);
    }

    /// `bytes` with this data.
    pub fn new_bytes(&mut self, data: &[u8]) -> PyResult<Value> {
        self.new_bytes_with(data.len(), |target| target.copy_from_slice(data))
    }

    /// `lhs + rhs`, where the left one is a `bytes`.
    pub(crate) fn bytes_concat(&mut self, lhs: Value, rhs: &[u8]) -> PyResult {
        // SAFETY: the caller has checked the layout; bytes do not change, nor move.
        let left = unsafe { &*lhs.as_ptr::<BytesObject>() };
        let (n_old, n_new) = (left.len, rhs.len());
        let n_appends = left.n_appends.saturating_add(1);
        if !is_worth_a_buffer(n_appends, n_old + n_new) {
            let size_bytes = size_of::<BytesObject>() + n_old + n_new;
            let object = self.allocate_text(BuiltinType::Bytes.shape(), 0, size_bytes)?.cast::<BytesObject>();
            // SAFETY: fresh memory with room for the struct and both.
            unsafe {
                (*object).hash = 0;
                (*object).len = n_old + n_new;
                (*object).n_appends = n_appends;
                let data = object.add(1).cast::<u8>();
                std::ptr::copy_nonoverlapping(left.data().as_ptr(), data, n_old);
                std::ptr::copy_nonoverlapping(rhs.as_ptr(), data.add(n_old), n_new);
            }
            return Ok(Value::object(object));
        }
        let room = self.room_behind(Some(lhs), n_old, n_new)?;
        let shape = BuiltinType::Bytes.shape();
        let object = self.allocate_or_raise(shape, Header::TRACE_APPENDED, size_of::<AppendedBytes>())?;
        let object = object.cast::<AppendedBytes>();
        // SAFETY: the buffer has room for both, and nobody's bytes behind `n_old`; the object is fresh memory of its size.
        unsafe {
            if room.is_fresh {
                std::ptr::copy_nonoverlapping(left.data().as_ptr(), room.text, n_old);
            }
            std::ptr::copy_nonoverlapping(rhs.as_ptr(), room.text.add(n_old), n_new);
            (*object).bytes.hash = 0;
            (*object).bytes.len = n_old + n_new;
            (*object).bytes.n_appends = u8::MAX;
            (*object).tail = room.taken(n_old + n_new);
        }
        Ok(Value::object(object))
    }

    /// TypeError: a sequence of this kind is concatenated with its like alone.
    pub(crate) fn raise_concat(&mut self, kind: &str, other: Value) -> Raised {
        let message = format!("can only concatenate {kind} (not \"{}\") to {kind}", self.class_name(other));
        self.raise_type(&message)
    }

    /// `lhs + rhs` of lists.
    pub(crate) fn list_concat(&mut self, lhs: Value, rhs: Value) -> PyResult {
        let result = self.new_list_with_capacity(list_len(lhs) + list_len(rhs))?;
        self.list_append_items(result, lhs)?;
        self.list_append_items(result, rhs)?;
        Ok(result)
    }

    /// `lhs + rhs` of tuples.
    pub(crate) fn tuple_concat(&mut self, lhs: Value, rhs: Value) -> PyResult {
        // SAFETY: both are tuples, which do not change.
        let (a, b) = unsafe { (items_of(self, lhs), items_of(self, rhs)) };
        if a.is_empty() && self.is_exact(rhs, BuiltinType::Tuple) {
            return Ok(rhs);
        }
        let result = self.new_tuple_of_len(a.len() + b.len())?;
        for (i, &item) in a.iter().chain(b).enumerate() {
            self.tuple_init(result, i, item);
        }
        Ok(result)
    }

    /// A repeat count: negative ones count as zero.
    pub fn repeat_count(&mut self, count: Value) -> PyResult<usize> {
        let int = self.index(count)?;
        match crate::object::integer::int_to_i64(int) {
            Some(word) => Ok(word.max(0) as usize),
            None => {
                let message = format!("cannot fit '{}' into an index-sized integer", self.class_name(count));
                Err(self.raise_overflow(&message))
            }
        }
    }

    /// `list * count`.
    pub(crate) fn list_repeat(&mut self, list: Value, count: Value) -> PyResult {
        let count = self.repeat_count(count)?;
        let Some(total) = list_len(list).checked_mul(count) else { return Err(self.raise_memory()) };
        let result = self.new_list_with_capacity(total)?;
        // SAFETY: the fresh list's array has room for `total`; nothing allocates in between.
        unsafe {
            let (from, to) = (&*list.as_ptr::<ListObject>(), &mut *result.as_ptr::<ListObject>());
            repeat(from.items(), &mut to.array().elements_mut()[..total]);
            to.len = total;
            self.barrier(to.items.as_ptr::<Header>());
        }
        Ok(result)
    }

    /// `tuple * count`.
    pub(crate) fn tuple_repeat(&mut self, tuple: Value, count: Value) -> PyResult {
        let count = self.repeat_count(count)?;
        // SAFETY: a tuple, which does not change.
        let items = unsafe { items_of(self, tuple) };
        let Some(total) = items.len().checked_mul(count) else { return Err(self.raise_memory()) };
        let result = self.new_tuple_of_len(total)?;
        if total > 0 {
            let object = result.as_ptr::<TupleObject>();
            // SAFETY: the fresh tuple has room for `total` items; nothing allocates in between.
            unsafe {
                repeat(items, std::slice::from_raw_parts_mut((&raw mut (*object).items).cast(), total));
            }
            self.barrier(object);
        }
        Ok(result)
    }

    /// `bytes * count`.
    pub(crate) fn bytes_repeat(&mut self, data: &[u8], count: usize) -> PyResult {
        match data.len().checked_mul(count) {
            Some(total) => self.new_bytes_with(total, |target| repeat(data, target)),
            None => Err(self.raise_memory()),
        }
    }

    /// So many copies of bytes, one after the other.
    pub(crate) fn repeated_bytes(&mut self, data: &[u8], count: usize) -> PyResult<Vec<u8>> {
        let total = data.len().checked_mul(count);
        let mut repeated = Vec::new();
        if total.is_none_or(|total| repeated.try_reserve_exact(total).is_err()) {
            return Err(self.raise_memory());
        }
        repeated.resize(data.len() * count, 0);
        repeat(data, &mut repeated);
        Ok(repeated)
    }

    /// `string * count`.
    pub fn str_repeat(&mut self, string: Value, count: usize) -> PyResult {
        let source = str_of(string);
        let Some(total) = source.len.checked_mul(count).filter(|&n| n < isize::MAX as usize / 8) else {
            return Err(self.raise_memory());
        };
        if total == 0 {
            return Ok(self.str_from_latin1(b""));
        }
        if count == 1 && self.is_exact(string, BuiltinType::Str) {
            return Ok(string);
        }
        let result = self.alloc_str(total, source.width)?;
        let n_bytes = source.len * source.width as usize;
        // SAFETY: the fresh string has room for `count` copies of the source's data.
        unsafe {
            let from: *const u8 = std::ptr::from_ref(source).add(1).cast();
            let to: *mut u8 = result.add(1).cast();
            let pattern = std::slice::from_raw_parts(from, n_bytes);
            repeat(pattern, std::slice::from_raw_parts_mut(to, n_bytes * count));
        }
        Ok(Value::object(result))
    }

    pub(crate) fn list_repeat_in_place(&mut self, list: Value, count: Value) -> PyResult<()> {
        let repeated = self.list_repeat(list, count)?;
        let object = list.as_ptr::<ListObject>();
        // SAFETY: both are lists; the fresh one gives its array away.
        unsafe {
            (*object).items = (*repeated.as_ptr::<ListObject>()).items;
            (*object).len = list_len(repeated);
        }
        self.barrier(object);
        Ok(())
    }

    /// Appends the items of a list or tuple (which may be the list itself).
    fn list_append_items(&mut self, list: Value, items: Value) -> PyResult<()> {
        let object = list.as_ptr::<ListObject>();
        // SAFETY: `items` is a tuple or list, as callers have checked; its length is read again after allocating.
        let n = unsafe { items_of(self, items) }.len();
        let old = list_len(list);
        self.list_reserve(object, old + n)?;
        // SAFETY: the array has room for `old + n`; copying within one array is handled by reading through a pointer.
        unsafe {
            let from = items_of(self, items).as_ptr();
            let to = (*object).array().elements_mut().as_mut_ptr().add(old);
            std::ptr::copy(from, to, n);
            (*object).len = old + n;
        }
        // SAFETY: a live list.
        self.barrier(unsafe { (*object).items }.as_ptr::<Header>());
        Ok(())
    }

    /// `list.extend(iterable)`.
    pub fn list_extend(&mut self, list: Value, iterable: Value) -> PyResult<()> {
        if self.is_exact(iterable, BuiltinType::List) || self.is_exact(iterable, BuiltinType::Tuple) {
            return self.list_append_items(list, iterable);
        }
        if self.is_exact(list, BuiltinType::List) && self.drain(Drain::Extend, iterable, Some(list))?.is_some() {
            return Ok(());
        }
        let iterator = self.get_iter(iterable)?;
        while let Some(item) = self.iter_next(iterator)? {
            self.list_push(list.as_ptr(), item)?;
        }
        Ok(())
    }

    /// `dict.update(other)`: a dict, anything with `keys()`, or pairs.
    pub fn dict_update(&mut self, dict: Value, other: Value) -> PyResult<()> {
        if self.has_layout(other, BuiltinType::Dict) && self.is_inherited(other, self.names.__iter__) {
            return self.dict_merge(dict, other);
        }
        let keys_name = self.names.keys;
        if other.is_object() && self.get_attr_opt(other, keys_name)?.is_some() {
            let keys = self.call_method(other, keys_name, &[])?;
            let iterator = self.get_iter(keys)?;
            while let Some(key) = self.iter_next(iterator)? {
                let value = self.get_item(other, key)?;
                self.dict_set(dict, key, value)?;
            }
            return Ok(());
        }
        let iterator = self.get_iter(other)?;
        let mut index = 0;
        while let Some(pair) = self.iter_next(iterator)? {
            let list = match self.collect(pair) {
                Ok(list) => list,
                Err(raised) => {
                    if self.exception_matches(self.exceptions.TypeError) {
                        self.clear_exception();
                        let message = "object is not iterable".to_string();
                        return Err(self.raise_type(&message));
                    }
                    return Err(raised);
                }
            };
            let len = list_len(list);
            if len != 2 {
                let message = format!("dictionary update sequence element #{index} has length {len}; 2 is required");
                return Err(self.raise_value(&message));
            }
            // SAFETY: a fresh list of two items.
            let (key, value) = unsafe {
                let items = (*list.as_ptr::<ListObject>()).items();
                (items[0], items[1])
            };
            self.dict_set(dict, key, value)?;
            index += 1;
        }
        Ok(())
    }
}

/// The length of a value of list layout.
fn list_len(list: Value) -> usize {
    // SAFETY: callers pass lists.
    unsafe { (*list.as_ptr::<ListObject>()).len }
}

/// Fills `target` with copies of `pattern`, whose length divides its own.
fn repeat<T: Copy>(pattern: &[T], target: &mut [T]) {
    if let [one] = *pattern {
        return target.fill(one);
    }
    if target.is_empty() {
        return;
    }
    let mut filled = pattern.len();
    target[..filled].copy_from_slice(pattern);
    while filled < target.len() {
        let more = filled.min(target.len() - filled);
        target.copy_within(..more, filled);
        filled += more;
    }
}

/// Does the string contain the other one?
pub(crate) fn view_contains(haystack: View<'_>, needle: View<'_>) -> bool {
    if needle.is_empty() {
        return true;
    }
    if needle.len() > haystack.len() {
        return false;
    }
    if let (View::One(h), View::One(n)) = (haystack, needle) {
        return memchr::memmem::find(h, n).is_some();
    }
    let first = needle.at(0);
    (0..=haystack.len() - needle.len())
        .any(|start| haystack.at(start) == first && (1..needle.len()).all(|i| haystack.at(start + i) == needle.at(i)))
}
