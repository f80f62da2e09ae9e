//! One step of every kind of iterator.

use crate::object::dict::dict_of;
use crate::object::layout::*;
use crate::object::operate::op;
use crate::object::string::str_of;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// The next item; `None` at the end. Natives that take items without end answer an interrupt here.
    #[inline]
    pub fn iter_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        self.answer_interrupt()?;
        if self.is_exact(iterator, BuiltinType::RangeIter) {
            return Ok(self.range_next(iterator));
        }
        if self.is_exact(iterator, BuiltinType::ListIter) {
            return Ok(self.list_next(iterator));
        }
        self.iter_next_slow(iterator)
    }

    #[inline(always)]
    pub(crate) fn range_next(&mut self, iterator: Value) -> Option<Value> {
        // SAFETY: the caller has checked the layout.
        let range = unsafe { &mut *iterator.as_ptr::<RangeIter>() };
        if range.remaining <= 0 {
            return None;
        }
        let next = range.next;
        range.next = next.wrapping_add(range.step);
        range.remaining -= 1;
        Some(self.new_int(next))
    }

    #[inline(always)]
    pub(crate) fn list_next(&mut self, iterator: Value) -> Option<Value> {
        // SAFETY: the caller has checked the layout; a list iterator's sequence is a list until it is unbound.
        let iter = unsafe { &mut *iterator.as_ptr::<SeqIter>() };
        if iter.sequence.is_unbound() {
            return None;
        }
        // SAFETY: as above.
        let items = unsafe { (*iter.sequence.as_ptr::<ListObject>()).items() };
        match items.get(iter.index) {
            Some(&item) => {
                iter.index += 1;
                Some(item)
            }
            None => {
                iter.sequence = Value::UNBOUND;
                None
            }
        }
    }

    #[inline(never)]
    fn iter_next_slow(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        match self.slots_of(iterator).next {
            Some(slot) => slot(self, iterator),
            None => {
                let message = format!("'{}' object is not an iterator", self.class_name(iterator));
                Err(self.raise_type(&message))
            }
        }
    }

    pub(crate) fn sequence_next(&mut self, iterator: Value) -> Option<Value> {
        let ty = self.layout_of(iterator);
        // SAFETY: the caller has matched a layout that is a `SeqIter`.
        let iter = unsafe { &mut *iterator.as_ptr::<SeqIter>() };
        if iter.sequence.is_unbound() {
            return None;
        }
        let (sequence, index) = (iter.sequence, iter.index);
        iter.index = index.wrapping_add(1);
        // SAFETY: the iterator's type says what its sequence is.
        let item = unsafe {
            match ty {
                BuiltinType::TupleIter => (*sequence.as_ptr::<TupleObject>()).items().get(index).copied(),
                BuiltinType::BytesIter => {
                    let byte = (*sequence.as_ptr::<BytesObject>()).data().get(index);
                    byte.map(|&byte| Value::small_int(byte as i64))
                }
                BuiltinType::ListReverseIter => {
                    // Here the index counts the items that are left.
                    iter.index = index.wrapping_sub(1);
                    index.checked_sub(1).and_then(|at| (*sequence.as_ptr::<ListObject>()).items().get(at).copied())
                }
                _ if index < str_of(sequence).len => Some(self.str_item(sequence, index)),
                _ => None,
            }
        };
        if item.is_none() {
            iter.sequence = Value::UNBOUND;
        }
        item
    }

    /// Iteration by `__getitem__`, up or (with the number of items left as index) down.
    pub(crate) fn item_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        let is_reverse = self.layout_of(iterator) == BuiltinType::SequenceReverseIter;
        let object = iterator.as_ptr::<SeqIter>();
        // SAFETY: the caller has matched the layout.
        let (sequence, index) = unsafe { ((*object).sequence, (*object).index) };
        if sequence.is_unbound() || is_reverse && index == 0 {
            return Ok(None);
        }
        let at = if is_reverse { index - 1 } else { index };
        // SAFETY: as above.
        unsafe { (*object).index = if is_reverse { at } else { index + 1 } };
        let key = self.new_int_from_usize(at);
        match self.get_item(sequence, key) {
            Ok(item) => Ok(Some(item)),
            Err(raised) => {
                if self.exception_matches(self.exceptions.IndexError)
                    || self.exception_matches(self.exceptions.StopIteration)
                {
                    self.clear_exception();
                    // SAFETY: as above.
                    unsafe { (*object).sequence = Value::UNBOUND };
                    return Ok(None);
                }
                Err(raised)
            }
        }
    }

    pub(crate) fn dict_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        let ty = self.layout_of(iterator);
        // SAFETY: the caller has matched the layout.
        let iter = unsafe { &mut *iterator.as_ptr::<DictIter>() };
        if iter.dict.is_unbound() {
            return Ok(None);
        }
        let table = dict_of(iter.dict);
        if table.len != iter.expected_len {
            // It stays broken: no table has so many entries.
            iter.expected_len = usize::MAX;
            return Err(self.raise_runtime(match ty {
                BuiltinType::SetIter => "Set changed size during iteration",
                _ => "dictionary changed size during iteration",
            }));
        }
        // What was taken from the front is not looked at again by each iterator.
        let start = if iter.index == 0 { self.dict_first(iter.dict).unwrap_or(table.used) } else { iter.index };
        let Some((index, entry)) = table.next_entry(start) else {
            iter.dict = Value::UNBOUND;
            return Ok(None);
        };
        iter.index = index + 1;
        Ok(Some(match ty {
            BuiltinType::DictValueIter => entry.value,
            BuiltinType::DictItemIter => self.new_tuple(&[entry.key, entry.value]),
            _ => entry.key,
        }))
    }

    pub(crate) fn call_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        let object = iterator.as_ptr::<CallIter>();
        // SAFETY: the caller has matched the layout.
        let (callable, sentinel) = unsafe { ((*object).callable, (*object).sentinel) };
        if callable.is_unbound() {
            return Ok(None);
        }
        match self.call(callable, &[]) {
            Ok(item) if !self.equal(item, sentinel)? => return Ok(Some(item)),
            Ok(_) => {}
            Err(_) if self.exception_matches(self.exceptions.StopIteration) => self.clear_exception(),
            Err(raised) => return Err(raised),
        }
        // SAFETY: as above.
        unsafe { (*object).callable = Value::UNBOUND };
        Ok(None)
    }

    pub(crate) fn enumerate_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        let object = iterator.as_ptr::<EnumerateObject>();
        // SAFETY: the caller has matched the layout.
        let inner = unsafe { (*object).iterator };
        let Some(item) = self.iter_next(inner)? else { return Ok(None) };
        // SAFETY: as above.
        let count = unsafe { (*object).count };
        let number = if count == i64::MAX {
            self.enumerate_wide(iterator)?
        } else {
            // SAFETY: as above.
            unsafe { (*object).count = count + 1 };
            self.new_int(count)
        };
        Ok(Some(self.new_tuple(&[number, item])))
    }

    /// The next number of an enumerate object whose count has come to the end of words, or started beyond them.
    #[cold]
    fn enumerate_wide(&mut self, iterator: Value) -> PyResult {
        let object = iterator.as_ptr::<EnumerateObject>();
        // SAFETY: the caller has matched the layout.
        let wide = unsafe { (*object).wide };
        let number = if wide.is_unbound() { self.new_int(i64::MAX) } else { wide };
        let after = self.int_binary(op::ADD, number, Value::small_int(1))?;
        // SAFETY: as above.
        unsafe { (*object).wide = after };
        self.barrier(object);
        Ok(number)
    }

    /// The inner iterators of a zip, map or filter.
    fn inner_iterator(&self, iterator: Value, index: usize) -> Option<Value> {
        // SAFETY: callers have matched a layout that is a `ZipMapObject`; its iterators are a tuple, which does not change.
        unsafe { (*(*iterator.as_ptr::<ZipMapObject>()).iterators.as_ptr::<TupleObject>()).items().get(index).copied() }
    }

    /// One item of each inner iterator as a tuple. With `flag` set they must end together.
    fn inner_items(&mut self, iterator: Value, function: &str) -> PyResult<Option<Value>> {
        // SAFETY: callers have matched the layout; the tuple of iterators does not change.
        let (n, is_strict) = unsafe {
            let object = &*iterator.as_ptr::<ZipMapObject>();
            ((*object.iterators.as_ptr::<TupleObject>()).len, object.flag != 0)
        };
        let items = self.new_tuple_of_len(n)?;
        for i in 0..n {
            let inner = self.inner_iterator(iterator, i).unwrap_or(Value::NONE);
            match self.iter_next(inner)? {
                Some(item) => self.tuple_init(items, i, item),
                None if is_strict => return self.check_strict_end(iterator, function, i, n),
                None => return Ok(None),
            }
        }
        Ok(if n == 0 { None } else { Some(items) })
    }

    /// Inner iterator `ended` is the first that ended: none before it may have given an item, none after it have one.
    fn check_strict_end(&mut self, iterator: Value, function: &str, ended: usize, n: usize) -> PyResult<Option<Value>> {
        let others = |i: usize| if i == 1 { "argument 1".to_string() } else { format!("arguments 1-{i}") };
        if ended > 0 {
            let message = format!("{function}() argument {} is shorter than {}", ended + 1, others(ended));
            return Err(self.raise_value(&message));
        }
        for i in 1..n {
            let inner = self.inner_iterator(iterator, i).unwrap_or(Value::NONE);
            if self.iter_next(inner)?.is_some() {
                let message = format!("{function}() argument {} is longer than {}", i + 1, others(i));
                return Err(self.raise_value(&message));
            }
        }
        Ok(None)
    }

    pub(crate) fn zip_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        self.check_native_stack()?;
        self.inner_items(iterator, "zip")
    }

    pub(crate) fn map_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        self.check_native_stack()?;
        // SAFETY: the caller has matched the layout.
        let (function, n) = unsafe {
            let object = &*iterator.as_ptr::<ZipMapObject>();
            (object.function, (*object.iterators.as_ptr::<TupleObject>()).len)
        };
        if n == 1 {
            let inner = self.inner_iterator(iterator, 0).unwrap_or(Value::NONE);
            return match self.iter_next(inner)? {
                Some(item) => self.call(function, &[item]).map(Some),
                None => Ok(None),
            };
        }
        let Some(items) = self.inner_items(iterator, "map")? else { return Ok(None) };
        // SAFETY: a fresh tuple, fully initialized.
        let arguments = unsafe { (*items.as_ptr::<TupleObject>()).items() };
        self.call(function, arguments).map(Some)
    }

    pub(crate) fn filter_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        self.check_native_stack()?;
        // SAFETY: the caller has matched the layout.
        let function = unsafe { (*iterator.as_ptr::<ZipMapObject>()).function };
        let inner = self.inner_iterator(iterator, 0).unwrap_or(Value::NONE);
        while let Some(item) = self.iter_next(inner)? {
            let verdict = if function.is_none() { item } else { self.call(function, &[item])? };
            if self.is_true(verdict)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}
