//! One step of every kind of iterator.

use crate::object::argument::This;
use crate::object::dict::Entry;
use crate::object::layout::*;
use crate::object::operate::op;
use crate::object::typed::ListIterator;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// The next item; `None` at the end. Natives that take items without end answer an interrupt here.
    #[inline]
    pub fn iter_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        self.answer_interrupt()?;
        if self.is_exactly::<RangeIter>(iterator) {
            // SAFETY: the shape of such iterators.
            return Ok(self.range_next(unsafe { This::of_known(iterator) }));
        }
        if self.is_exactly::<ListIterator>(iterator) {
            // SAFETY: as above.
            return Ok(self.list_next(unsafe { This::of_known(iterator) }));
        }
        self.iter_next_slow(iterator)
    }

    #[inline(always)]
    pub(crate) fn range_next(&mut self, mut range: This<RangeIter>) -> Option<Value> {
        if range.remaining <= 0 {
            return None;
        }
        let next = range.next;
        range.next = next.wrapping_add(range.step);
        range.remaining -= 1;
        Some(self.new_int(next))
    }

    #[inline(always)]
    pub(crate) fn list_next(&mut self, mut iter: This<SeqIter>) -> Option<Value> {
        if iter.sequence.is_unbound() {
            return None;
        }
        // SAFETY: a list iterator's sequence is a list until it is unbound.
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

    /// The next item of a sequence, up to its end.
    fn step(&mut self, mut iter: This<SeqIter>, item: impl FnOnce(&mut Vm, usize) -> Option<Value>) -> Option<Value> {
        if iter.sequence.is_unbound() {
            return None;
        }
        let item = item(self, iter.index);
        match item {
            Some(_) => iter.index += 1,
            None => iter.sequence = Value::UNBOUND,
        }
        item
    }

    pub(crate) fn tuple_next(&mut self, iter: This<SeqIter>) -> Option<Value> {
        self.step(iter, |vm, index| vm.tuple_items(iter.sequence).get(index).copied())
    }

    pub(crate) fn bytes_next(&mut self, iter: This<SeqIter>) -> Option<Value> {
        self.step(iter, |vm, index| {
            let bytes = This::<BytesObject>::expect(vm, iter.sequence);
            bytes.data().get(index).map(|&byte| Value::small_int(byte as i64))
        })
    }

    pub(crate) fn str_next(&mut self, iter: This<SeqIter>) -> Option<Value> {
        self.step(iter, |vm, index| {
            let len = This::<StrObject>::expect(vm, iter.sequence).len;
            (index < len).then(|| vm.str_item(iter.sequence, index))
        })
    }

    /// From the end of a list: the index counts the items that are left.
    pub(crate) fn list_next_back(&mut self, mut iter: This<SeqIter>) -> Option<Value> {
        if iter.sequence.is_unbound() {
            return None;
        }
        let list = This::<ListObject>::expect(self, iter.sequence);
        let item = iter.index.checked_sub(1).and_then(|at| list.items().get(at).copied());
        match item {
            Some(_) => iter.index -= 1,
            None => iter.sequence = Value::UNBOUND,
        }
        item
    }

    /// Iteration by `__getitem__`, up or (with the number of items left as index) down.
    pub(crate) fn item_next(&mut self, mut iter: This<SeqIter>, is_reverse: bool) -> PyResult<Option<Value>> {
        let (sequence, index) = (iter.sequence, iter.index);
        if sequence.is_unbound() || is_reverse && index == 0 {
            iter.sequence = Value::UNBOUND;
            return Ok(None);
        }
        let at = if is_reverse { index - 1 } else { index };
        iter.index = if is_reverse { at } else { index + 1 };
        let key = self.new_int_from_usize(at);
        match self.get_item(sequence, key) {
            Ok(item) => Ok(Some(item)),
            Err(raised) => {
                if self.exception_matches(self.exceptions.IndexError)
                    || self.exception_matches(self.exceptions.StopIteration)
                {
                    self.clear_exception();
                    iter.sequence = Value::UNBOUND;
                    return Ok(None);
                }
                Err(raised)
            }
        }
    }

    /// The next entry of a dict or set; RuntimeError where it has changed.
    pub(crate) fn entry_next(&mut self, mut iter: This<DictIter>, what: &str) -> PyResult<Option<Entry>> {
        if iter.dict.is_unbound() {
            return Ok(None);
        }
        let table = self.table(iter.dict);
        if table.len != iter.expected_len {
            // It stays broken: no table has so many entries.
            iter.expected_len = usize::MAX;
            return Err(self.raise_runtime(&format!("{what} changed size during iteration")));
        }
        // What was taken from the front of a dict is not looked at again by each iterator.
        let is_new = iter.index == 0 && !table.is_set();
        let start = if is_new { self.dict_first(table).unwrap_or(table.used) } else { iter.index };
        let Some((index, entry)) = table.next_entry(start) else {
            iter.dict = Value::UNBOUND;
            return Ok(None);
        };
        // What is added to a dict comes behind all others, to a set anywhere.
        if !table.is_set() {
            iter.limit = iter.limit.saturating_add(index - iter.index);
            if index >= iter.limit {
                iter.dict = Value::UNBOUND;
                return Err(self.raise_runtime("dictionary keys changed during iteration"));
            }
        }
        iter.index = index + 1;
        Ok(Some(entry))
    }

    pub(crate) fn call_next(&mut self, mut iter: This<CallIter>) -> PyResult<Option<Value>> {
        if iter.callable.is_unbound() {
            return Ok(None);
        }
        match self.call(iter.callable, &[]) {
            // Used up by itself, from within.
            Ok(_) if iter.callable.is_unbound() => return Ok(None),
            Ok(item) if !self.equal(item, iter.sentinel)? => return Ok(Some(item)),
            Ok(_) => {}
            Err(_) if self.exception_matches(self.exceptions.StopIteration) => self.clear_exception(),
            Err(raised) => return Err(raised),
        }
        iter.callable = Value::UNBOUND;
        Ok(None)
    }

    pub(crate) fn enumerate_next(&mut self, mut this: This<EnumerateObject>) -> PyResult<Option<Value>> {
        let Some(item) = self.iter_next(this.iterator)? else { return Ok(None) };
        let number = if this.count == i64::MAX {
            self.enumerate_wide(this)?
        } else {
            this.count += 1;
            self.new_int(this.count - 1)
        };
        Ok(Some(self.new_tuple(&[number, item])))
    }

    /// The next number of an enumerate object whose count has come to the end of words, or started beyond them.
    #[cold]
    fn enumerate_wide(&mut self, mut this: This<EnumerateObject>) -> PyResult {
        let number = if this.wide.is_unbound() { self.new_int(i64::MAX) } else { this.wide };
        this.wide = self.int_binary(op::ADD, number, Value::small_int(1))?;
        self.barrier(this.pointer());
        Ok(number)
    }

    /// One item of each inner iterator as a tuple. With `flag` set they must end together.
    fn inner_items(&mut self, this: This<ZipMapObject>, function: &str) -> PyResult<Option<Value>> {
        let inner = self.tuple_items(this.iterators);
        let items = self.new_tuple_of_len(inner.len())?;
        for (i, &iterator) in inner.iter().enumerate() {
            match self.iter_next(iterator)? {
                Some(item) => self.tuple_init(items, i, item),
                None if this.flag != 0 => return self.check_strict_end(inner, function, i),
                None => return Ok(None),
            }
        }
        Ok(if inner.is_empty() { None } else { Some(items) })
    }

    /// Inner iterator `ended` is the first that ended: none before it may have given an item, none after it have one.
    fn check_strict_end(&mut self, inner: &[Value], function: &str, ended: usize) -> PyResult<Option<Value>> {
        let others = |i: usize| if i == 1 { "argument 1".to_string() } else { format!("arguments 1-{i}") };
        if ended > 0 {
            let message = format!("{function}() argument {} is shorter than {}", ended + 1, others(ended));
            return Err(self.raise_value(&message));
        }
        for (i, &iterator) in inner.iter().enumerate().skip(1) {
            if self.iter_next(iterator)?.is_some() {
                let message = format!("{function}() argument {} is longer than {}", i + 1, others(i));
                return Err(self.raise_value(&message));
            }
        }
        Ok(None)
    }

    pub(crate) fn zip_next(&mut self, this: This<ZipMapObject>) -> PyResult<Option<Value>> {
        self.check_native_stack()?;
        self.inner_items(this, "zip")
    }

    pub(crate) fn map_next(&mut self, this: This<ZipMapObject>) -> PyResult<Option<Value>> {
        self.check_native_stack()?;
        if let &[inner] = self.tuple_items(this.iterators) {
            return match self.iter_next(inner)? {
                Some(item) => self.call(this.function, &[item]).map(Some),
                None => Ok(None),
            };
        }
        let Some(items) = self.inner_items(this, "map")? else { return Ok(None) };
        self.call(this.function, self.tuple_items(items)).map(Some)
    }

    pub(crate) fn filter_next(&mut self, this: This<ZipMapObject>) -> PyResult<Option<Value>> {
        self.check_native_stack()?;
        let &[inner] = self.tuple_items(this.iterators) else { return Ok(None) };
        while let Some(item) = self.iter_next(inner)? {
            let verdict = if this.function.is_none() { item } else { self.call(this.function, &[item])? };
            if self.is_true(verdict)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}
