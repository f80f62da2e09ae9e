//! Iteration over everything, lengths, ranges, unpacking.

mod next;
mod range;

use super::argument::This;
use super::class::class_ref;
use super::layout::*;
use super::slots::SlotId;
use super::string::View;
use super::table::Table;
use super::types::BuiltinType;
use crate::interp::attribute_cache::{Found, Question};
use crate::interp::drain::Drain;
use crate::object::typed::Generator;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// `iter(value)`.
    #[inline]
    pub fn get_iter(&mut self, value: Value) -> PyResult {
        let slots = self.slots_of(value);
        if let Some(slot) = slots.iter {
            return slot(self, value);
        }
        if self.is_python_sequence(value) {
            return Ok(self.new_seq_iter(BuiltinType::SequenceIter, value, 0));
        }
        Err(self.raise_not_iterable(value))
    }

    /// Has the value's class a `__getitem__` of Python, or one made for it, by which it is iterated over where it has no `__iter__`?
    fn is_python_sequence(&self, value: Value) -> bool {
        class_ref(self.class_of(value)).python_slots.has(SlotId::GetItem) || self.spec_of(value).is_iterated_by_index
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

    /// The iterator that an `__iter__` has given.
    pub(crate) fn iterator_answered(&mut self, iterator: Value) -> PyResult {
        if !self.is_iterator(iterator) {
            let message = format!("iter() returned non-iterator of type '{}'", self.class_name(iterator));
            return Err(self.raise_type(&message));
        }
        Ok(iterator)
    }

    pub(crate) fn raise_not_iterable(&mut self, value: Value) -> crate::Raised {
        let message = format!("'{}' object is not iterable", self.class_name(value));
        self.raise_type(&message)
    }

    /// An iterator over a dict's or set's entries, of one of the iterator types.
    pub fn new_dict_iter(&mut self, ty: BuiltinType, dict: Value) -> Value {
        let expected_len = self.table(dict).len;
        self.dict_is_iterated(dict);
        self.make(ty, |header| DictIter { header, dict, index: 0, expected_len, limit: expected_len })
    }

    /// Can `get_iter` be expected to give an iterator? Runs no Python code.
    pub fn is_iterable(&mut self, value: Value) -> bool {
        if self.slots_of(value).iter.is_none() {
            return self.is_python_sequence(value);
        }
        !self.lookup_special(value, self.names.__iter__).is_some_and(Value::is_none)
    }

    /// Has its class neither `__iter__`, be it None, nor items by number?
    pub fn lacks_iter(&mut self, value: Value) -> bool {
        !self.is_iterable(value) && self.lookup_special(value, self.names.__iter__).is_none()
    }

    /// Has the value a `__next__`?
    pub fn is_iterator(&mut self, value: Value) -> bool {
        self.slots_of(value).next.is_some()
    }

    /// Has it items by number? Dicts have not.
    pub fn is_sequence(&self, value: Value) -> bool {
        self.slots_of(value).get_item.is_some() && !self.is_a::<DictObject>(value)
    }

    /// The items of an iterable as a new list.
    pub fn collect_list(&mut self, iterable: Value) -> PyResult<This<ListObject>> {
        let list = self.collect(iterable)?;
        Ok(This::expect(self, list))
    }

    /// The items of an iterable as a new list, for which its class is asked how many they may be.
    pub fn collect(&mut self, iterable: Value) -> PyResult {
        self.collect_asking(iterable, true)
    }

    /// As `collect`, for what becomes no list in the end.
    pub fn collect_unasked(&mut self, iterable: Value) -> PyResult {
        self.collect_asking(iterable, false)
    }

    /// As `collect`, for what is no list: it is its iterator that is asked.
    pub fn collect_sequence(&mut self, iterable: Value) -> PyResult {
        let iterator = if self.is_plain(iterable) { iterable } else { self.get_iter(iterable)? };
        self.collect(iterator)
    }

    fn collect_asking(&mut self, iterable: Value, is_asked: bool) -> PyResult {
        if let Some(items) = self.exact_items(iterable) {
            return self.new_list(items);
        }
        if self.is_plain(iterable) {
            if Table::of(self, iterable).is_some() {
                return self.collect_table(iterable);
            }
            if self.is_exactly::<RangeObject>(iterable) {
                return self.collect_range(iterable);
            }
        }
        let iterator = self.get_iter(iterable)?;
        let capacity = if is_asked { self.capacity_for(iterable)? } else { 0 };
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
        let list = self.new_list_with_capacity(self.table(table).len)?;
        let mut at = 0;
        while let Some((index, entry)) = self.table(table).next_entry(at) {
            at = index + 1;
            self.list_push(list.as_ptr(), entry.key)?;
        }
        Ok(list)
    }

    /// A length to reserve for; MemoryError where there can never be so much.
    pub(crate) fn capacity_for(&mut self, iterable: Value) -> PyResult<usize> {
        // Generators are not asked: they cannot say.
        if self.is_exactly::<Generator>(iterable) {
            return Ok(0);
        }
        match self.length_hint(iterable)?.unwrap_or(0) {
            beyond if beyond > (isize::MAX as usize / size_of::<Value>()) => Err(self.raise_memory()),
            // Who says more may be wrong.
            hint => Ok(hint.min(1 << 20)),
        }
    }

    /// How many items it says that it has: its length, or what its `__length_hint__` gives; `None`: it does not say.
    pub fn length_hint(&mut self, value: Value) -> PyResult<Option<usize>> {
        if let Some(slot) = self.slots_of(value).len {
            match slot(self, value) {
                Ok(len) => return Ok(Some(len)),
                Err(raised) if !self.exception_matches(self.exceptions.TypeError) => return Err(raised),
                Err(_) => self.clear_exception(),
            }
        }
        let hint = match self.call_special(value, self.names.__length_hint__, &[]) {
            Ok(None) => return Ok(None),
            Ok(Some(hint)) if hint == self.not_implemented => return Ok(None),
            Ok(Some(hint)) => hint,
            Err(raised) if !self.exception_matches(self.exceptions.TypeError) => return Err(raised),
            Err(_) => {
                self.clear_exception();
                return Ok(None);
            }
        };
        if !self.is_int_like(hint) {
            let message = format!("__length_hint__ must be an integer, not {}", self.class_name(hint));
            return Err(self.raise_type(&message));
        }
        match self.int_to_i64(hint) {
            Some(hint) if hint >= 0 => Ok(Some(hint as usize)),
            Some(_) => Err(self.raise_value("__length_hint__() should return >= 0")),
            None => Err(self.raise_overflow("Python int too large to convert to C ssize_t")),
        }
    }

    /// The items of an iterable as a tuple.
    pub fn collect_tuple(&mut self, iterable: Value) -> PyResult {
        if self.is_exactly::<TupleObject>(iterable) {
            return Ok(iterable);
        }
        let list = if self.is_exactly::<ListObject>(iterable) { iterable } else { self.collect_unasked(iterable)? };
        self.list_to_tuple(list)
    }

    pub fn list_to_tuple(&mut self, list: Value) -> PyResult {
        let len = This::<ListObject>::expect(self, list).len;
        let tuple = self.new_tuple_of_len(len)?;
        // SAFETY: the list is as long as before; the tuple is fresh, with room for as many.
        unsafe {
            let items = (&raw mut (*tuple.as_ptr::<TupleObject>()).items).cast::<Value>();
            items.copy_from_nonoverlapping((*list.as_ptr::<ListObject>()).items().as_ptr(), len);
        }
        self.barrier(tuple.as_ptr::<TupleObject>());
        Ok(tuple)
    }

    /// Exactly `n` items of an iterable: a tuple or list of them (see `items_of`).
    pub fn unpack(&mut self, value: Value, n: usize) -> PyResult {
        if let Some(items) = self.exact_items(value) {
            let len = items.len();
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
            let message = match self.is_exactly::<DictObject>(value) {
                true => {
                    let len = self.table(value).len;
                    format!("too many values to unpack (expected {n}, got {len})")
                }
                false => format!("too many values to unpack (expected {n})"),
            };
            return Err(self.raise_value(&message));
        }
        Ok(list)
    }

    /// Both parts of a pair.
    pub fn unpack_pair(&mut self, value: Value) -> PyResult<[Value; 2]> {
        let parts = self.unpack(value, 2)?;
        let parts = self.items_of(parts);
        Ok([parts[0], parts[1]])
    }

    /// `first…, *middle, last… = value`: a list of `before` items, the list of the middle, and `after` items.
    pub fn unpack_ex(&mut self, value: Value, before: usize, after: usize) -> PyResult {
        let least = before + after;
        let items = if self.exact_items(value).is_some() {
            value
        } else {
            let iterator = self.unpack_iter(value)?;
            self.collect(iterator)?
        };
        let len = self.items_of(items).len();
        if len < least {
            let message = format!("not enough values to unpack (expected at least {least}, got {len})");
            return Err(self.raise_value(&message));
        }
        let result = self.new_list_with_capacity(least + 1)?;
        let middle = self.new_list_with_capacity(len - least)?;
        for i in 0..len {
            let item = self.items_of(items)[i];
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
        self.check_unpackable(value)?;
        self.get_iter(value)
    }

    /// TypeError where a value is not iterable, in the words of an unpacking.
    pub fn check_unpackable(&mut self, value: Value) -> PyResult<()> {
        if !self.lacks_iter(value) {
            return Ok(());
        }
        let message = format!("cannot unpack non-iterable {} object", self.class_name(value));
        Err(self.raise_type(&message))
    }

    /// `len(value)`.
    #[inline]
    pub fn len(&mut self, value: Value) -> PyResult<usize> {
        match self.slots_of(value).len {
            Some(slot) => slot(self, value),
            None => {
                let message = format!("object of type '{}' has no len()", self.class_name(value));
                Err(self.raise_type(&message))
            }
        }
    }

    /// The length that a `__len__` has given.
    pub(crate) fn length_answered(&mut self, result: Value) -> PyResult<usize> {
        let int = self.index(result)?;
        if self.int_of(int).is_negative() {
            return Err(self.raise_value("__len__() should return >= 0"));
        }
        match self.int_to_i64(int) {
            Some(len) => Ok(len as usize),
            None => {
                let message = format!("cannot fit '{}' into an index-sized integer", self.class_name(result));
                Err(self.raise_overflow(&message))
            }
        }
    }

    /// The item at `index` of a string, which callers know to be there.
    pub(crate) fn str_item(&mut self, string: Value, index: usize) -> Value {
        match self.str_of(string).view() {
            View::One(data) => self.characters[data[index] as usize],
            view => self.str_from_code_point(view.at(index)),
        }
    }
}
