//! Subscription: items and slices of built-in containers, and the protocol for everything else.

pub mod slice;

pub use slice::SliceRange;

use super::argument::This;
use super::header::Header;
use super::layout::*;
use super::spec::TypeSpec;
use super::types::BuiltinType;
use crate::Raised;
use crate::builtins::LIST_ITEMS;
use crate::builtins::specs::TYPE;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// How the items of one of the VM's own sequences are taken.
pub(crate) struct Sequence {
    pub spec: &'static TypeSpec,
    /// The message of IndexError.
    pub out_of_range: &'static str,
    /// The message for a key that is no index, of its class's name.
    pub wrong_key: fn(&str) -> String,
    /// What a slice of an object is, whose range is within its length.
    pub slice: fn(&mut Vm, Value, SliceRange) -> PyResult,
    pub is_mutable: bool,
}

/// The position that an index (negative: from the end) means in `len` items.
#[inline(always)]
fn position(index: i64, len: usize) -> Option<usize> {
    let index = if index < 0 { index + len as i64 } else { index };
    if (index as u64) < len as u64 { Some(index as usize) } else { None }
}

impl Vm {
    /// `owner[key]`.
    #[inline]
    pub fn get_item(&mut self, owner: Value, key: Value) -> PyResult {
        if owner.is_object() {
            let shape = self.shape_of(owner);
            if key.is_int() && shape == BuiltinType::List.shape() {
                // SAFETY: the shape says that it is a list; the item is copied out at once.
                let items = unsafe { (*owner.as_ptr::<ListObject>()).items() };
                return match position(key.as_int(), items.len()) {
                    Some(at) => Ok(items[at]),
                    None => Err(self.raise_index("list index out of range")),
                };
            }
            if key.is_int() && shape == BuiltinType::Tuple.shape() {
                // SAFETY: the shape says that it is a tuple.
                let items = unsafe { (*owner.as_ptr::<TupleObject>()).items() };
                return match position(key.as_int(), items.len()) {
                    Some(at) => Ok(items[at]),
                    None => Err(self.raise_index("tuple index out of range")),
                };
            }
            if shape == BuiltinType::Dict.shape() {
                return match self.dict_get(owner, key) {
                    Ok(Some(value)) => Ok(value),
                    Ok(None) => Err(self.raise_key(key)),
                    Err(_) => Err(self.explain_unhashable(key, "a dict key")),
                };
            }
        }
        self.get_item_slow(owner, key)
    }

    #[inline(never)]
    fn get_item_slow(&mut self, owner: Value, key: Value) -> PyResult {
        if let Some(slot) = self.slots_of(owner).get_item {
            return slot(self, owner, key);
        }
        if self.is_a::<TypeObject>(owner) {
            return self.class_get_item(owner, key);
        }
        let message = format!("'{}' object is not subscriptable", self.class_name(owner));
        Err(self.raise_type(&message))
    }

    /// `Class[key]`.
    fn class_get_item(&mut self, class: Value, key: Value) -> PyResult {
        let method = match self.get_attr_opt(class, self.names.__class_getitem__)? {
            Some(method) => method,
            None => {
                if self.is_class(class, &TYPE) {
                    return crate::builtins::generics::new_alias(self, class, key);
                }
                let name = self.type_name(class.as_ptr());
                return Err(self.raise_type(&format!("type '{name}' is not subscriptable")));
            }
        };
        self.call(method, &[key])
    }

    /// An item of a list, tuple, string or bytes of `len` items: by an index, of which `item` gives the item, or a slice.
    pub(crate) fn sequence_get_item(
        &mut self,
        sequence: &Sequence,
        owner: Value,
        key: Value,
        len: usize,
        item: impl Fn(&mut Vm, usize) -> Value,
    ) -> PyResult {
        if let Some(slice) = This::of(self, key) {
            return self.get_slice(sequence, owner, slice);
        }
        let index = self.sequence_index(sequence, key)?;
        match position(index, len) {
            Some(at) => Ok(item(self, at)),
            None => Err(self.raise_index(sequence.out_of_range)),
        }
    }

    /// A key as a sequence's index.
    pub(crate) fn sequence_index(&mut self, sequence: &Sequence, key: Value) -> PyResult<i64> {
        if !self.is_index(key) {
            let message = (sequence.wrong_key)(&self.class_name(key));
            return Err(self.raise_type(&message));
        }
        self.item_index(key, "")
    }

    /// A key as an index into items that are no sequence of the VM's own; `what` begins the TypeError's message.
    pub(crate) fn item_index(&mut self, key: Value, what: &str) -> PyResult<i64> {
        if key.is_int() {
            return Ok(key.as_int());
        }
        if !self.is_index(key) {
            let message = format!("{what}, not {}", self.class_name(key));
            return Err(self.raise_type(&message));
        }
        let int = self.index(key)?;
        match self.int_to_i64(int) {
            Some(word) => Ok(word),
            None => {
                let message = format!("cannot fit '{}' into an index-sized integer", self.class_name(key));
                Err(self.raise_index(&message))
            }
        }
    }

    pub(crate) fn range_item(&mut self, range: Value, key: Value) -> PyResult {
        use super::operate::op;
        let range = This::<RangeObject>::expect(self, range);
        let mut index = self.index(key)?;
        if self.int_of(index).is_negative() {
            index = self.int_binary(op::ADD, index, range.len)?;
        }
        if self.int_of(index).is_negative() || self.int_of(index).compare(self.int_of(range.len)).is_ge() {
            return Err(self.raise_index("range object index out of range"));
        }
        let offset = self.int_binary(op::MULTIPLY, index, range.step)?;
        self.int_binary(op::ADD, range.start, offset)
    }

    /// `dict[key]` on dict layout, with a subclass's `__missing__`.
    pub(crate) fn dict_subscript(&mut self, dict: Value, key: Value) -> PyResult {
        match self.dict_get(dict, key) {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => {}
            Err(_) => return Err(self.explain_unhashable(key, "a dict key")),
        }
        if !self.is_plain(dict)
            && let Some(value) = self.call_special(dict, self.names.__missing__, &[key])?
        {
            return Ok(value);
        }
        Err(self.raise_key(key))
    }

    /// Rewords a pending TypeError about a hash: what the key was wanted for (`a dict key`, `a set element`).
    pub fn explain_unhashable(&mut self, key: Value, role: &str) -> Raised {
        if !self.exception_matches(self.exceptions.TypeError) {
            return Raised;
        }
        let exception = self.exception;
        let arguments = self.exception_slot(exception, super::exception::ARGS);
        let first = if self.is_exactly::<TupleObject>(arguments) {
            // SAFETY: an exact tuple.
            unsafe { (*arguments.as_ptr::<TupleObject>()).items() }.first().copied().unwrap_or(Value::NONE)
        } else {
            Value::NONE
        };
        let text = if self.is_a::<StrObject>(first) { self.string_of(first) } else { String::new() };
        if !text.starts_with("unhashable type") && !text.starts_with("__hash__ method") {
            return Raised;
        }
        let message = format!("cannot use '{}' as {role} ({text})", self.full_class_name(key));
        self.raise_type(&message)
    }

    /// `owner[key] = value`.
    #[inline]
    pub fn set_item(&mut self, owner: Value, key: Value, value: Value) -> PyResult<()> {
        if owner.is_object() {
            let shape = self.shape_of(owner);
            if key.is_int() && shape == BuiltinType::List.shape() {
                // SAFETY: the shape of lists.
                return self.list_set(unsafe { This::of_known(owner) }, key.as_int(), value);
            }
            if shape == BuiltinType::Dict.shape() {
                return match self.dict_set(owner, key, value) {
                    Ok(()) => Ok(()),
                    Err(_) => Err(self.explain_unhashable(key, "a dict key")),
                };
            }
        }
        self.set_item_slow(owner, key, value)
    }

    #[inline(always)]
    pub(crate) fn list_set(&mut self, list: This<ListObject>, index: i64, value: Value) -> PyResult<()> {
        let Some(at) = position(index, list.len) else {
            return Err(self.raise_index("list assignment index out of range"));
        };
        list.array().elements_mut()[at] = value;
        self.barrier(list.items.as_ptr::<Header>());
        Ok(())
    }

    #[inline(never)]
    fn set_item_slow(&mut self, owner: Value, key: Value, value: Value) -> PyResult<()> {
        if let Some(slot) = self.slots_of(owner).set_item {
            return slot(self, owner, key, Some(value));
        }
        let message = format!("'{}' object does not support item assignment", self.class_name(owner));
        Err(self.raise_type(&message))
    }

    /// `del owner[key]`.
    pub fn del_item(&mut self, owner: Value, key: Value) -> PyResult<()> {
        let slots = self.slots_of(owner);
        if let Some(slot) = slots.set_item {
            return slot(self, owner, key, None);
        }
        // Sequences have it worded in another way.
        let negation = if slots.repeat.is_some() { "doesn't" } else { "does not" };
        let message = format!("'{}' object {negation} support item deletion", self.class_name(owner));
        Err(self.raise_type(&message))
    }

    /// Deletes an item of a list.
    pub(crate) fn list_del(&mut self, list: This<ListObject>, key: Value) -> PyResult<()> {
        if let Some(slice) = This::of(self, key) {
            return self.del_slice(list, slice);
        }
        let index = self.sequence_index(&LIST_ITEMS, key)?;
        let Some(at) = position(index, list.len) else {
            return Err(self.raise_index("list assignment index out of range"));
        };
        self.list_splice(list.pointer(), at, at + 1, &[])
    }
}
