//! Tuples, lists, cells and other plain containers: making and changing them.

use super::header::Header;
use super::layout::*;
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Arrays of up to so many elements take what memory is kept in reserve, if need be, and surely are made.
const SURE_ELEMENTS: usize = 126;

fn array_bytes(capacity: usize) -> usize {
    size_of::<ValueArray>() + capacity * size_of::<Value>()
}

impl Vm {
    /// An array of `capacity` unbound elements.
    #[inline]
    pub fn new_array(&mut self, capacity: usize) -> PyResult<Value> {
        if capacity > SURE_ELEMENTS {
            return self.new_large_array(capacity);
        }
        let object = self.allocate(BuiltinType::Array.shape(), Header::TRACE_COUNTED, array_bytes(capacity));
        // SAFETY: the fresh object has room for the count and `capacity` zeroed (unbound) elements.
        unsafe { (*object.cast::<ValueArray>()).capacity = capacity };
        Ok(Value::object(object))
    }

    #[inline(never)]
    fn new_large_array(&mut self, capacity: usize) -> PyResult<Value> {
        if capacity > isize::MAX as usize / 16 {
            return Err(self.raise_memory());
        }
        let shape = BuiltinType::Array.shape();
        let object = self.allocate_or_raise(shape, Header::TRACE_COUNTED, array_bytes(capacity))?;
        // SAFETY: as above.
        unsafe { (*object.cast::<ValueArray>()).capacity = capacity };
        Ok(Value::object(object))
    }

    /// Gives an array room for `capacity` elements where nothing lies behind it yet.
    pub fn grow_array_in_place(&mut self, array: Value, capacity: usize) -> bool {
        let array = array.as_ptr::<ValueArray>();
        if capacity > SURE_ELEMENTS || !self.grow_newest(array.cast(), array_bytes(capacity)) {
            return false;
        }
        // SAFETY: a live array, which has grown by zeroed (unbound) elements.
        unsafe { (*array).capacity = capacity };
        true
    }

    pub fn new_tuple(&mut self, items: &[Value]) -> Value {
        if items.is_empty() && !self.empty_tuple.is_unbound() {
            return self.empty_tuple;
        }
        let object = self.allocate(BuiltinType::Tuple.shape(), Header::TRACE_COUNTED, 16 + items.len() * 8);
        let tuple = object.cast::<TupleObject>();
        // SAFETY: the fresh object has room for the length and the items.
        unsafe {
            (*tuple).len = items.len();
            std::ptr::copy_nonoverlapping(items.as_ptr(), (&raw mut (*tuple).items).cast(), items.len());
        }
        Value::object(tuple)
    }

    pub fn new_list(&mut self, items: &[Value]) -> PyResult<Value> {
        let list = self.new_list_with_capacity(items.len())?;
        let object = list.as_ptr::<ListObject>();
        // SAFETY: the list is fresh and its array has room.
        unsafe {
            (*object).array().elements_mut()[..items.len()].copy_from_slice(items);
            (*object).len = items.len();
        }
        Ok(list)
    }

    /// An empty list with room for `capacity` elements.
    pub fn new_list_with_capacity(&mut self, capacity: usize) -> PyResult<Value> {
        let items = if capacity == 0 { self.empty_array } else { self.new_array(capacity)? };
        Ok(self.make(BuiltinType::List, |header| ListObject { header, attributes: Value::UNBOUND, items, len: 0 }))
    }

    #[inline(always)]
    pub fn list_push(&mut self, list: *mut ListObject, value: Value) -> PyResult<()> {
        // SAFETY: callers pass a live list; `len` is below its array's capacity.
        unsafe {
            let array = (*list).items.as_ptr::<ValueArray>();
            let len = (*list).len;
            if len >= (*array).capacity {
                return self.list_push_growing(list, value);
            }
            *(&raw mut (*array).elements).cast::<Value>().add(len) = value;
            (*list).len = len + 1;
            self.barrier(array);
        }
        Ok(())
    }

    #[inline(never)]
    fn list_push_growing(&mut self, list: *mut ListObject, value: Value) -> PyResult<()> {
        // SAFETY: callers pass a live list.
        let len = unsafe { (*list).len };
        self.list_reserve(list, len + 1)?;
        // SAFETY: as above; borrowed anew, since reserving replaces the array.
        let object = unsafe { &mut *list };
        object.array().elements_mut()[len] = value;
        object.len = len + 1;
        self.barrier(object.items.as_ptr::<Header>());
        Ok(())
    }

    /// Makes room for `len` elements in all.
    pub fn list_reserve(&mut self, list: *mut ListObject, len: usize) -> PyResult<()> {
        // SAFETY: callers pass a live list.
        let object = unsafe { &mut *list };
        if len <= object.array().capacity {
            return Ok(());
        }
        let capacity = (len + len / 2 + 3).next_multiple_of(2);
        if self.grow_array_in_place(object.items, capacity) {
            return Ok(());
        }
        let array = self.new_array(capacity)?;
        // SAFETY: a fresh array, larger than the old one.
        unsafe { (*array.as_ptr::<ValueArray>()).elements_mut()[..object.len].copy_from_slice(object.items()) };
        object.items = array;
        self.barrier(list);
        Ok(())
    }

    /// `list.pop(index)`.
    pub fn list_pop(&mut self, list: *mut ListObject, index: i64) -> PyResult<Value> {
        // SAFETY: callers pass a live list.
        let object = unsafe { &mut *list };
        let len = object.len;
        if len == 0 {
            return Err(self.raise_index("pop from empty list"));
        }
        let at = if index < 0 { index.saturating_add(len as i64) } else { index };
        if at as u64 >= len as u64 {
            return Err(self.raise_index("pop index out of range"));
        }
        let at = at as usize;
        let elements = object.array().elements_mut();
        let value = elements[at];
        elements.copy_within(at + 1..len, at);
        elements[len - 1] = Value::UNBOUND;
        object.len = len - 1;
        Ok(value)
    }

    /// `list.insert(index, item)`.
    pub fn list_insert(&mut self, list: *mut ListObject, index: i64, item: Value) -> PyResult<()> {
        // SAFETY: callers pass a live list.
        let len = unsafe { (*list).len };
        let at = if index < 0 { index.saturating_add(len as i64).max(0) } else { index.min(len as i64) } as usize;
        self.list_reserve(list, len + 1)?;
        // SAFETY: as above; borrowed anew, since reserving replaces the array.
        let object = unsafe { &mut *list };
        let elements = object.array().elements_mut();
        elements.copy_within(at..len, at + 1);
        elements[at] = item;
        object.len = len + 1;
        self.barrier(object.items.as_ptr::<Header>());
        Ok(())
    }

    /// Replaces `start..end` by `new`.
    pub fn list_splice(&mut self, list: *mut ListObject, start: usize, end: usize, new: &[Value]) -> PyResult<()> {
        // SAFETY: callers pass a live list.
        let len = unsafe { (*list).len } - (end - start) + new.len();
        self.list_reserve(list, len)?;
        // SAFETY: as above; borrowed anew, since reserving replaces the array.
        let object = unsafe { &mut *list };
        let old_len = object.len;
        let elements = object.array().elements_mut();
        elements.copy_within(end..old_len, start + new.len());
        elements[start..start + new.len()].copy_from_slice(new);
        for element in elements.iter_mut().take(old_len).skip(len) {
            *element = Value::UNBOUND;
        }
        object.len = len;
        self.barrier(object.items.as_ptr::<Header>());
        Ok(())
    }

    pub fn new_cell(&mut self, content: Value) -> Value {
        self.make(BuiltinType::Cell, |header| CellObject { header, content })
    }
    pub fn new_bound_method(&mut self, function: Value, owner: Value) -> Value {
        self.make(BuiltinType::BoundMethod, |header| BoundMethod { header, function, owner })
    }
    pub fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.make(BuiltinType::Slice, |header| SliceObject { header, start, stop, step })
    }
    /// An iterator over a sequence, of one of the `…Iter` types.
    pub fn new_seq_iter(&mut self, ty: BuiltinType, sequence: Value, index: usize) -> Value {
        self.make(ty, |header| SeqIter { header, sequence, index })
    }
}

/// The items of an exact or derived tuple or list.
///
/// # Safety
/// The value has tuple or list layout; the slice is not to be held across a call that may change the list.
pub unsafe fn items_of<'a>(vm: &Vm, value: Value) -> &'a [Value] {
    // SAFETY: the caller's promise.
    unsafe {
        if vm.has_layout(value, BuiltinType::Tuple) {
            (*value.as_ptr::<TupleObject>()).items()
        } else {
            (*value.as_ptr::<ListObject>()).items()
        }
    }
}
