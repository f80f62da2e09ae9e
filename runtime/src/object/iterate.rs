//! Iteration over everything, lengths, ranges, unpacking.

mod next;
mod range;

use super::integer::int_of;
use super::layout::*;
use super::string::{View, str_of};
use super::types::BuiltinType;
use crate::interp::attribute_cache::{Found, Question};
use crate::interp::drain::Drain;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// `iter(value)`.
    #[inline]
    pub fn get_iter(&mut self, value: Value) -> PyResult {
        if self.is_plain(value) {
            if let Some(iterator) = self.native_iter(value) {
                return Ok(iterator);
            }
            return Err(self.raise_not_iterable(value));
        }
        self.get_iter_protocol(value)
    }

    /// Has the class of an instance the special method of the built-in type whose layout it has?
    pub(crate) fn is_inherited(&mut self, value: Value, name: Value) -> bool {
        if !value.is_object() {
            // Of a type that is built in.
            return self.class_lookup(self.class_of(value), name).is_some();
        }
        let shape = self.shape_of(value);
        if let Found::Slot(known) = self.attribute_cached(shape, name, Question::Inherited) {
            return known != 0;
        }
        let native = self.class(self.layout_of(value));
        let class = self.class_of(value);
        let method = self.class_lookup(class, name);
        let is_inherited = method.is_some() && method == self.class_lookup(native, name);
        self.cache_attribute(shape, name, Question::Inherited, Found::Slot(is_inherited.into()));
        is_inherited
    }

    /// Does the built-in layout alone see to this special method of a value?
    pub(crate) fn is_native(&mut self, value: Value, name: Value) -> bool {
        self.is_plain(value) || self.is_inherited(value, name)
    }

    #[inline(never)]
    fn get_iter_protocol(&mut self, value: Value) -> PyResult {
        let name = self.names.__iter__;
        if self.is_inherited(value, name)
            && let Some(iterator) = self.native_iter(value)
        {
            return Ok(iterator);
        }
        self.check_native_stack()?;
        match self.lookup_special(value, name) {
            Some(method) if method.is_none() => Err(self.raise_not_iterable(value)),
            Some(_) => {
                let iterator = self.call_special(value, name, &[])?.unwrap_or(Value::NONE);
                self.iterator_answered(iterator)
            }
            None => match self.native_iter(value) {
                Some(iterator) => Ok(iterator),
                None if self.lookup_special(value, self.names.__getitem__).is_some() => {
                    Ok(self.new_seq_iter(BuiltinType::SequenceIter, value, 0))
                }
                None => Err(self.raise_not_iterable(value)),
            },
        }
    }

    /// The iterator that an `__iter__` has given.
    pub(crate) fn iterator_answered(&mut self, iterator: Value) -> PyResult {
        if !self.is_iterator(iterator) {
            let message = format!("iter() returned non-iterator of type '{}'", self.class_name(iterator));
            return Err(self.raise_type(&message));
        }
        Ok(iterator)
    }

    fn raise_not_iterable(&mut self, value: Value) -> crate::Raised {
        let message = format!("'{}' object is not iterable", self.class_name(value));
        self.raise_type(&message)
    }

    /// An iterator by built-in layout; `None` where the layout has none.
    pub fn native_iter(&mut self, value: Value) -> Option<Value> {
        use BuiltinType::*;
        // SAFETY: each arm that reads an object reads it as the layout it matched.
        let table = |value: Value| unsafe { (*value.as_ptr::<DictView>()).dict };
        Some(match self.layout_of(value) {
            List => self.new_seq_iter(ListIter, value, 0),
            Tuple => self.new_seq_iter(TupleIter, value, 0),
            Str => self.new_seq_iter(StrIter, value, 0),
            Bytes => self.new_seq_iter(BytesIter, value, 0),
            Dict => self.new_dict_iter(DictKeyIter, value),
            Set | FrozenSet => self.new_dict_iter(SetIter, value),
            DictKeys => self.new_dict_iter(DictKeyIter, table(value)),
            DictValues => self.new_dict_iter(DictValueIter, table(value)),
            DictItems => self.new_dict_iter(DictItemIter, table(value)),
            Range => self.range_iter(value),
            layout if is_iterator_layout(layout) => value,
            _ => return None,
        })
    }

    /// An iterator over a dict's or set's entries, of one of the iterator types.
    pub fn new_dict_iter(&mut self, ty: BuiltinType, dict: Value) -> Value {
        let expected_len = super::dict::dict_of(dict).len;
        self.make(ty, |header| DictIter { header, dict, index: 0, expected_len })
    }

    /// Can `get_iter` be expected to give an iterator? Runs no Python code.
    pub fn is_iterable(&mut self, value: Value) -> bool {
        use BuiltinType::*;
        if let List | Tuple | Str | Bytes | Dict | Set | FrozenSet | DictKeys | DictValues | DictItems | Range =
            self.layout_of(value)
        {
            return true;
        }
        if self.is_plain(value) {
            return is_iterator_layout(self.layout_of(value));
        }
        match self.lookup_special(value, self.names.__iter__) {
            Some(method) => !method.is_none(),
            None => {
                is_iterator_layout(self.layout_of(value))
                    || self.lookup_special(value, self.names.__getitem__).is_some()
            }
        }
    }

    /// Has the value a `__next__`?
    pub fn is_iterator(&mut self, value: Value) -> bool {
        is_iterator_layout(self.layout_of(value))
            || value.is_object() && self.lookup_special(value, self.names.__next__).is_some()
    }

    /// The items of an iterable as a new list.
    pub fn collect(&mut self, iterable: Value) -> PyResult {
        if self.is_plain(iterable) {
            match self.layout_of(iterable) {
                BuiltinType::List | BuiltinType::Tuple => {
                    // SAFETY: a list or tuple; making the new list runs no Python code, and copying is done before anything else.
                    let items = unsafe { super::array::items_of(self, iterable) };
                    return self.new_list(items);
                }
                BuiltinType::Dict | BuiltinType::Set | BuiltinType::FrozenSet => return self.collect_table(iterable),
                BuiltinType::Range => return self.collect_range(iterable),
                _ => {}
            }
        }
        let iterator = self.get_iter(iterable)?;
        let capacity = self.length_hint(iterable);
        let list = self.new_list_with_capacity(capacity)?;
        if self.drain(Drain::Extend, iterable, Some(list))?.is_some() {
            return Ok(list);
        }
        while let Some(item) = self.iter_next(iterator)? {
            self.list_push(list.as_ptr(), item)?;
        }
        Ok(list)
    }

    fn collect_table(&mut self, table: Value) -> PyResult {
        let list = self.new_list_with_capacity(super::dict::dict_of(table).len)?;
        let mut at = 0;
        while let Some((index, entry)) = super::dict::dict_of(table).next_entry(at) {
            at = index + 1;
            self.list_push(list.as_ptr(), entry.key)?;
        }
        Ok(list)
    }

    /// A length to reserve for; runs no Python code.
    fn length_hint(&self, iterable: Value) -> usize {
        if self.is_plain(iterable) { self.native_len(iterable).unwrap_or(0).min(1 << 20) } else { 0 }
    }

    /// The items of an iterable as a tuple.
    pub fn collect_tuple(&mut self, iterable: Value) -> PyResult {
        if self.is_exact(iterable, BuiltinType::Tuple) {
            return Ok(iterable);
        }
        let list = if self.is_exact(iterable, BuiltinType::List) { iterable } else { self.collect(iterable)? };
        self.list_to_tuple(list)
    }

    pub fn list_to_tuple(&mut self, list: Value) -> PyResult {
        // SAFETY: callers pass a list.
        let len = unsafe { (*list.as_ptr::<ListObject>()).len };
        let tuple = self.new_tuple_of_len(len)?;
        // SAFETY: the list is as long as before; the tuple is fresh, with room for as many.
        unsafe {
            let items = (&raw mut (*tuple.as_ptr::<TupleObject>()).items).cast::<Value>();
            items.copy_from_nonoverlapping((*list.as_ptr::<ListObject>()).items().as_ptr(), len);
        }
        self.barrier(tuple.as_ptr::<TupleObject>());
        Ok(tuple)
    }

    /// Exactly `n` items of an iterable: a tuple or list of them (see `array::items_of`).
    pub fn unpack(&mut self, value: Value, n: usize) -> PyResult {
        let is_sequence = self.is_exact(value, BuiltinType::Tuple) || self.is_exact(value, BuiltinType::List);
        if is_sequence {
            let len = self.native_len(value).unwrap_or(0);
            return match len {
                _ if len == n => Ok(value),
                _ if len < n => {
                    Err(self.raise_value(&format!("not enough values to unpack (expected {n}, got {len})")))
                }
                _ => Err(self.raise_value(&format!("too many values to unpack (expected {n}, got {len})"))),
            };
        }
        let iterator = self.unpack_iter(value)?;
        let list = self.new_list_with_capacity(n)?;
        for got in 0..n {
            match self.iter_next(iterator)? {
                Some(item) => self.list_push(list.as_ptr(), item)?,
                None => {
                    let message = format!("not enough values to unpack (expected {n}, got {got})");
                    return Err(self.raise_value(&message));
                }
            }
        }
        if self.iter_next(iterator)?.is_some() {
            let message = match self.is_exact(value, BuiltinType::Dict) {
                true => {
                    let len = self.native_len(value).unwrap_or(0);
                    format!("too many values to unpack (expected {n}, got {len})")
                }
                false => format!("too many values to unpack (expected {n})"),
            };
            return Err(self.raise_value(&message));
        }
        Ok(list)
    }

    /// `first…, *middle, last… = value`: a list of `before` items, the list of the middle, and `after` items.
    pub fn unpack_ex(&mut self, value: Value, before: usize, after: usize) -> PyResult {
        let least = before + after;
        let items = if self.is_exact(value, BuiltinType::List) || self.is_exact(value, BuiltinType::Tuple) {
            value
        } else {
            let iterator = self.unpack_iter(value)?;
            self.collect(iterator)?
        };
        // SAFETY: a list or tuple; only the length is taken.
        let len = unsafe { super::array::items_of(self, items) }.len();
        if len < least {
            let message = format!("not enough values to unpack (expected at least {least}, got {len})");
            return Err(self.raise_value(&message));
        }
        let result = self.new_list_with_capacity(least + 1)?;
        let middle = self.new_list_with_capacity(len - least)?;
        for i in 0..len {
            // SAFETY: as above; nothing changes the items.
            let item = unsafe { super::array::items_of(self, items) }[i];
            if i == before {
                self.list_push(result.as_ptr(), middle)?;
            }
            let target = if i >= before && i < len - after { middle } else { result };
            self.list_push(target.as_ptr(), item)?;
        }
        if before == len {
            self.list_push(result.as_ptr(), middle)?;
        }
        Ok(result)
    }

    fn unpack_iter(&mut self, value: Value) -> PyResult {
        if !self.is_iterable(value) {
            let message = format!("cannot unpack non-iterable {} object", self.class_name(value));
            return Err(self.raise_type(&message));
        }
        self.get_iter(value)
    }

    /// `len(value)`.
    #[inline]
    pub fn len(&mut self, value: Value) -> PyResult<usize> {
        if self.is_plain(value)
            && let Some(len) = self.native_len(value)
        {
            return Ok(len);
        }
        self.len_slow(value)
    }

    #[inline(never)]
    fn len_slow(&mut self, value: Value) -> PyResult<usize> {
        if self.is_inherited(value, self.names.__len__)
            && let Some(len) = self.native_len(value)
        {
            return Ok(len);
        }
        if self.has_layout(value, BuiltinType::Range) {
            return Err(self.raise_overflow("Python int too large to convert to C ssize_t"));
        }
        self.check_native_stack()?;
        if !self.is_plain(value)
            && let Some(result) = self.call_special(value, self.names.__len__, &[])?
        {
            return self.length_answered(result);
        }
        match self.native_len(value) {
            Some(len) => Ok(len),
            None => {
                let message = format!("object of type '{}' has no len()", self.class_name(value));
                Err(self.raise_type(&message))
            }
        }
    }

    /// The length that a `__len__` has given.
    pub(crate) fn length_answered(&mut self, result: Value) -> PyResult<usize> {
        let int = self.index(result)?;
        if int_of(int).is_negative() {
            return Err(self.raise_value("__len__() should return >= 0"));
        }
        match super::integer::int_to_i64(int) {
            Some(len) => Ok(len as usize),
            None => {
                let message = format!("cannot fit '{}' into an index-sized integer", self.class_name(result));
                Err(self.raise_overflow(&message))
            }
        }
    }

    /// The length by built-in layout; `None` where the layout has none (or a range's is no word).
    pub fn native_len(&self, value: Value) -> Option<usize> {
        use BuiltinType::*;
        if !value.is_object() {
            return None;
        }
        // SAFETY: each arm reads the object as the layout it matched.
        unsafe {
            match self.layout_of(value) {
                Str => Some(str_of(value).len),
                List => Some((*value.as_ptr::<ListObject>()).len),
                Tuple => Some((*value.as_ptr::<TupleObject>()).len),
                Bytes => Some((*value.as_ptr::<BytesObject>()).len),
                Dict | Set | FrozenSet => Some(super::dict::dict_of(value).len),
                DictKeys | DictValues | DictItems => Some(super::dict::dict_of((*value.as_ptr::<DictView>()).dict).len),
                Range => {
                    let len = (*value.as_ptr::<RangeObject>()).len;
                    super::integer::int_to_i64(len).map(|len| len as usize)
                }
                _ => None,
            }
        }
    }

    /// The item at `index` of a string, which callers know to be there.
    pub(super) fn str_item(&mut self, string: Value, index: usize) -> Value {
        match str_of(string).view() {
            View::One(data) => self.characters[data[index] as usize],
            view => self.str_from_code_point(view.at(index)),
        }
    }
}

/// Is an object of this layout its own iterator?
fn is_iterator_layout(layout: BuiltinType) -> bool {
    use BuiltinType::*;
    matches!(
        layout,
        RangeIter
            | LongRangeIter
            | ListIter
            | ListReverseIter
            | TupleIter
            | StrIter
            | BytesIter
            | SequenceIter
            | SequenceReverseIter
            | CallIter
            | DictKeyIter
            | DictValueIter
            | DictItemIter
            | SetIter
            | Enumerate
            | Zip
            | Map
            | Filter
            | Generator
    )
}
