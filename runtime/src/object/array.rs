//! Tuples, lists, cells and other plain containers: making and changing them.

use super::argument::This;
use super::header::Header;
use super::layout::*;
use super::spec::Object;
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
        let mut list = self.new_list_object_with_capacity(items.len())?;
        list.array().elements_mut()[..items.len()].copy_from_slice(items);
        list.len = items.len();
        Ok(list.value())
    }

    /// An empty list with room for `capacity` elements.
    pub fn new_list_with_capacity(&mut self, capacity: usize) -> PyResult<Value> {
        self.new_list_object_with_capacity(capacity).map(This::value)
    }

    /// An empty list that is to be filled.
    pub fn new_list_object(&mut self) -> PyResult<This<ListObject>> {
        self.new_list_object_with_capacity(0)
    }

    /// An empty list with room for `capacity` elements.
    pub fn new_list_object_with_capacity(&mut self, capacity: usize) -> PyResult<This<ListObject>> {
        let items = if capacity == 0 { self.empty_array } else { self.new_array(capacity)? };
        Ok(self.make_of(BuiltinType::List, |header| ListObject { header, attributes: Value::UNBOUND, items, len: 0 }))
    }

    /// The items of a tuple, which the caller keeps alive.
    #[inline]
    pub fn tuple_items<'a>(&self, tuple: Value) -> &'a [Value] {
        This::<TupleObject>::expect(self, tuple).kept_items()
    }

    /// A new object of a built-in type whose memory is a `T`.
    #[inline(always)]
    fn make_of<T: Object>(&mut self, ty: BuiltinType, with: impl FnOnce(Header) -> T) -> This<T> {
        debug_assert!(std::ptr::eq(ty.spec(), T::SPEC));
        let made = self.make(ty, with);
        // SAFETY: the type's memory is a `T`, and such an object was made.
        unsafe { This::of_known(made) }
    }

    /// The items of an exact list or tuple. They are not to be held across what may change the list.
    #[inline]
    pub fn exact_items<'a>(&self, value: Value) -> Option<&'a [Value]> {
        // SAFETY: the shapes of the types themselves have these layouts.
        unsafe {
            if self.is_exactly::<ListObject>(value) {
                Some((*value.as_ptr::<ListObject>()).items())
            } else if self.is_exactly::<TupleObject>(value) {
                Some((*value.as_ptr::<TupleObject>()).items())
            } else {
                None
            }
        }
    }

    /// The items of an exact or derived tuple or list; a bug where it is neither. They are not to be held across what may change
    /// the list.
    #[inline]
    pub fn items_of<'a>(&self, value: Value) -> &'a [Value] {
        self.exact_items(value).unwrap_or_else(|| self.derived_items(value))
    }

    #[inline(never)]
    fn derived_items<'a>(&self, value: Value) -> &'a [Value] {
        match This::<TupleObject>::of(self, value) {
            Some(tuple) => tuple.kept_items(),
            // SAFETY: found to be a list, which the caller keeps alive.
            None => unsafe { (*This::<ListObject>::expect(self, value).pointer()).items() },
        }
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
