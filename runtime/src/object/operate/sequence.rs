//! `+` and `*` of sequences; extending lists and dicts.

use crate::interp::drain::Drain;
use crate::object::append::{AppendedBytes, Growth, Side, Sum, text_of};
use crate::object::argument::This;
use crate::object::header::Header;
use crate::object::layout::StrObject;
use crate::object::layout::{BytesObject, DictObject, ListObject, TupleObject};
use crate::object::string::View;
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
        let object = This::<TupleObject>::expect(self, tuple);
        assert!(index < object.len, "an item of the tuple");
        // SAFETY: a tuple with more than `index` items.
        unsafe { (&raw mut (*object.pointer()).items).cast::<Value>().add(index).write(item) };
        self.barrier(object.pointer());
    }

    /// `bytes` with this data.
    pub fn new_bytes(&mut self, data: &[u8]) -> PyResult<Value> {
        let size_bytes = size_of::<BytesObject>() + data.len();
        let object = self.allocate_text(BuiltinType::Bytes.shape(), 0, size_bytes)?.cast::<BytesObject>();
        // SAFETY: fresh memory with room for the struct and the data, which nobody else has seen.
        unsafe {
            (*object).hash = 0;
            (*object).len = data.len();
            (*object).growth = Growth::NONE;
            std::ptr::copy_nonoverlapping(data.as_ptr(), object.add(1).cast(), data.len());
        }
        Ok(Value::object(object))
    }

    /// `lhs + rhs`, where the left one is a `bytes`, and these are the bytes of the right one.
    pub(crate) fn bytes_concat(&mut self, left: This<BytesObject>, rhs: Value, added: &[u8]) -> PyResult {
        let (n_left, n_right) = (left.len, added.len());
        let right = This::<BytesObject>::of(self, rhs);
        let sum = Sum::of((n_left, left.growth), (n_right, right.map_or(Growth::NONE, |right| right.growth)));
        if sum.is_worth_a_buffer() {
            return self.bytes_in_buffer(left, rhs, added, sum);
        }
        let size_bytes = size_of::<BytesObject>() + n_left + n_right;
        let object = self.allocate_text(BuiltinType::Bytes.shape(), 0, size_bytes)?.cast::<BytesObject>();
        // SAFETY: fresh memory with room for the struct and both.
        unsafe {
            (*object).hash = 0;
            (*object).len = n_left + n_right;
            (*object).growth = sum.growth;
            let data = object.add(1).cast::<u8>();
            std::ptr::copy_nonoverlapping(left.data().as_ptr(), data, n_left);
            std::ptr::copy_nonoverlapping(added.as_ptr(), data.add(n_left), n_right);
        }
        Ok(Value::object(object))
    }

    /// As `bytes_concat`, with a buffer. What something is added to before it is a `bytes`, for it has grown.
    fn bytes_in_buffer(&mut self, left: This<BytesObject>, rhs: Value, added: &[u8], sum: Sum) -> PyResult {
        let (n_left, n_right) = (left.len, added.len());
        let room = match sum.side {
            Side::Before => self.room_at(Side::Before, Some(rhs), n_right, n_left),
            Side::Behind => self.room_at(Side::Behind, Some(left.value()), n_left, n_right),
        }?;
        let shape = BuiltinType::Bytes.shape();
        let object = self.allocate_or_raise(shape, Header::TRACE_APPENDED, size_of::<AppendedBytes>())?;
        let object = object.cast::<AppendedBytes>();
        // SAFETY: the buffer has room for both, and nobody's bytes where the new ones come; the object is fresh memory of its size.
        unsafe {
            if room.is_fresh || sum.side == Side::Before {
                std::ptr::copy_nonoverlapping(left.data().as_ptr(), room.sum, n_left);
            }
            if room.is_fresh || sum.side == Side::Behind {
                std::ptr::copy_nonoverlapping(added.as_ptr(), room.sum.add(n_left), n_right);
            }
            (*object).bytes.hash = 0;
            (*object).bytes.len = n_left + n_right;
            (*object).bytes.growth = sum.growth;
            (*object).tail = room.taken(n_left + n_right);
        }
        Ok(Value::object(object))
    }

    /// TypeError: a sequence of this kind is concatenated with its like alone.
    pub(crate) fn raise_concat(&mut self, kind: &str, other: Value) -> Raised {
        let message = format!("can only concatenate {kind} (not \"{}\") to {kind}", self.class_name(other));
        self.raise_type(&message)
    }

    /// `lhs + rhs` of lists.
    pub(crate) fn list_concat(&mut self, lhs: This<ListObject>, rhs: This<ListObject>) -> PyResult {
        let mut result = self.new_list_object_with_capacity(lhs.len + rhs.len)?;
        let (n_left, n_all) = (lhs.len, lhs.len + rhs.len);
        let elements = result.array().elements_mut();
        elements[..n_left].copy_from_slice(lhs.items());
        elements[n_left..n_all].copy_from_slice(rhs.items());
        result.len = n_all;
        Ok(result.value())
    }

    /// `lhs + rhs` of tuples.
    pub(crate) fn tuple_concat(&mut self, lhs: This<TupleObject>, rhs: This<TupleObject>) -> PyResult {
        let (a, b) = (lhs.items(), rhs.items());
        if a.is_empty() && self.is_exactly::<TupleObject>(rhs.value()) {
            return Ok(rhs.value());
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
        match self.int_to_i64(int) {
            Some(word) => Ok(word.max(0) as usize),
            None => {
                let message = format!("cannot fit '{}' into an index-sized integer", self.class_name(count));
                Err(self.raise_overflow(&message))
            }
        }
    }

    /// `list * count`.
    pub(crate) fn list_repeat(&mut self, list: This<ListObject>, count: Value) -> PyResult<This<ListObject>> {
        let count = self.repeat_count(count)?;
        let Some(total) = list.len.checked_mul(count) else { return Err(self.raise_memory()) };
        let mut result = self.new_list_object_with_capacity(total)?;
        repeat(list.items(), &mut result.array().elements_mut()[..total]);
        result.len = total;
        self.barrier(result.items.as_ptr::<Header>());
        Ok(result)
    }

    /// `tuple * count`.
    pub(crate) fn tuple_repeat(&mut self, tuple: This<TupleObject>, count: Value) -> PyResult {
        let count = self.repeat_count(count)?;
        let items = tuple.items();
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
        let source = self.str_of(string);
        let Some(total) = source.len.checked_mul(count).filter(|&n| n < isize::MAX as usize / 8) else {
            return Err(self.raise_memory());
        };
        if total == 0 {
            return Ok(self.str_from_latin1(b""));
        }
        if count == 1 && self.is_exactly::<StrObject>(string) {
            return Ok(string);
        }
        let result = self.alloc_str(total, source.width)?;
        let n_bytes = source.len * source.width as usize;
        // SAFETY: the fresh string has room for `count` copies of the source's data.
        unsafe {
            let from = text_of(source);
            let to: *mut u8 = result.add(1).cast();
            let pattern = std::slice::from_raw_parts(from, n_bytes);
            repeat(pattern, std::slice::from_raw_parts_mut(to, n_bytes * count));
        }
        Ok(Value::object(result))
    }

    pub(crate) fn list_repeat_in_place(&mut self, mut list: This<ListObject>, count: Value) -> PyResult<()> {
        let repeated = self.list_repeat(list, count)?;
        // The fresh one gives its array away.
        list.items = repeated.items;
        list.len = repeated.len;
        self.barrier(list.pointer());
        Ok(())
    }

    /// Appends so many items from a place on: those of a tuple, or of a list, which may be the list itself.
    fn list_append_items(&mut self, mut list: This<ListObject>, items: Value) -> PyResult<()> {
        let old = list.len;
        let n = self.exact_items(items).map_or(0, <[Value]>::len);
        self.list_reserve(list.pointer(), old + n)?;
        // Looked at anew: the list's own array may be another one now.
        let items = self.exact_items(items).unwrap_or_default().as_ptr();
        // SAFETY: `n` items of a live tuple or list, for which the array has room behind `old`.
        unsafe { std::ptr::copy(items, list.array().elements_mut()[old..old + n].as_mut_ptr(), n) };
        list.len = old + n;
        self.barrier(list.items.as_ptr::<Header>());
        Ok(())
    }

    /// `list.extend(iterable)`.
    pub fn list_extend(&mut self, list: Value, iterable: Value) -> PyResult<()> {
        let list = This::<ListObject>::expect(self, list);
        if self.exact_items(iterable).is_some() {
            return self.list_append_items(list, iterable);
        }
        let is_exact = self.is_exactly::<ListObject>(list.value());
        if is_exact && self.drain(Drain::Extend, iterable, Some(list.value()))?.is_some() {
            return Ok(());
        }
        let iterator = self.get_iter(iterable)?;
        self.capacity_for(iterable)?;
        while let Some(item) = self.iter_next(iterator)? {
            self.list_push(list.pointer(), item)?;
        }
        Ok(())
    }

    /// `dict.update(other)`: a dict, anything with `keys()`, or pairs.
    pub fn dict_update(&mut self, dict: Value, other: Value) -> PyResult<()> {
        if self.is_a::<DictObject>(other) && self.is_inherited(other, self.names.__iter__) {
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
            let items = match self.collect_list(pair) {
                Ok(items) => items,
                Err(_) if self.exception_matches(self.exceptions.TypeError) => {
                    self.clear_exception();
                    self.raise_type("object is not iterable");
                    let note = format!("Cannot convert dictionary update sequence element #{index} to a sequence");
                    return Err(self.note_on_exception(&note));
                }
                Err(raised) => return Err(raised),
            };
            let &[key, value] = items.items() else {
                let len = items.len;
                let message = format!("dictionary update sequence element #{index} has length {len}; 2 is required");
                return Err(self.raise_value(&message));
            };
            self.dict_set(dict, key, value)?;
            index += 1;
        }
        Ok(())
    }
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
