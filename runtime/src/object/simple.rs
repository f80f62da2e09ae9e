//! What needs no Python code: comparing, hashing and looking up plain numbers, strings and tuples of them.
//!
//! Each function gives `None` where Python code might have to run, having changed nothing.

use super::argument::This;
use super::compare::{hash_float, hash_identity};
use super::dict::Hash;
use super::integer::word_eq_float;
use super::layout::{BytesObject, ListObject, TupleObject};
use super::operate::op;
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A number that is no heap object.
enum Number {
    Word(i64),
    Float(f64),
}

impl Number {
    fn of(value: Value) -> Option<Number> {
        if value.is_int() {
            Some(Number::Word(value.as_int()))
        } else if value.is_float() {
            Some(Number::Float(value.as_float()))
        } else {
            value.is_bool().then(|| Number::Word(value.as_bool().into()))
        }
    }

    fn equals(self, other: Number) -> bool {
        match (self, other) {
            (Number::Word(a), Number::Word(b)) => a == b,
            (Number::Float(a), Number::Float(b)) => a == b,
            (Number::Word(word), Number::Float(float)) | (Number::Float(float), Number::Word(word)) => {
                word_eq_float(word, float)
            }
        }
    }

    fn less(self, other: Number) -> Option<bool> {
        match (self, other) {
            (Number::Word(a), Number::Word(b)) => Some(a < b),
            (Number::Float(a), Number::Float(b)) => Some(a < b),
            _ => None,
        }
    }
}

/// Equality that needs no Python code: `None` where it might.
pub fn simple_equal(vm: &Vm, a: Value, b: Value, depth: u32) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    if a.is_object() && b.is_object() {
        let (shape_a, shape_b) = (vm.shape_of(a), vm.shape_of(b));
        if shape_a == BuiltinType::Str.shape() && shape_b == shape_a {
            return Some(vm.str_of(a).view() == vm.str_of(b).view());
        }
        if shape_a == BuiltinType::Bytes.shape() && shape_b == shape_a {
            let data = |value: Value| This::<BytesObject>::of(vm, value);
            return data(a).zip(data(b)).map(|(a, b)| a.data() == b.data());
        }
        if shape_a == BuiltinType::Tuple.shape() && shape_b == shape_a {
            let depth = depth.checked_sub(1)?;
            // SAFETY: both are exact tuples.
            let (x, y) = unsafe { (&*a.as_ptr::<TupleObject>(), &*b.as_ptr::<TupleObject>()) };
            if x.len != y.len {
                return Some(false);
            }
            for (&x, &y) in x.items().iter().zip(y.items()) {
                if !simple_equal(vm, x, y, depth)? {
                    return Some(false);
                }
            }
            return Some(true);
        }
    } else if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return Some(a.equals(b));
    }
    // Of these, none equals one of another type.
    let is_plain = |value: Value| {
        let is_of = |ty: BuiltinType| vm.shape_of(value) == ty.shape();
        !value.is_object() || is_of(BuiltinType::Str) || is_of(BuiltinType::Tuple) || vm.is_told_by_identity(value)
    };
    (is_plain(a) && is_plain(b)).then_some(false)
}

impl Vm {
    /// Does an object leave it to `object` how it is hashed and what it equals: itself alone?
    fn is_told_by_identity(&self, object: Value) -> bool {
        let (slots, plain) = (self.slots_of(object), &BuiltinType::Object.spec().slots);
        let hashed = slots.hash.zip(plain.hash).is_some_and(|(own, plain)| std::ptr::fn_addr_eq(own, plain));
        hashed && slots.compare.zip(plain.compare).is_some_and(|(own, plain)| std::ptr::fn_addr_eq(own, plain))
    }

    /// The hash of a key, in the form in which tables keep it.
    fn simple_hash(&mut self, key: Value) -> Option<Hash> {
        if key.is_int() {
            let word = key.as_int();
            return Some(Hash::of(if word == -1 { -2 } else { word }));
        }
        if key.is_float() {
            return (!key.as_float().is_nan()).then(|| Hash::of(hash_float(key.as_float())));
        }
        if key.is_bool() {
            return Some(Hash::of(key.as_bool().into()));
        }
        if !key.is_object() {
            return None;
        }
        match self.shape_of(key) {
            shape if shape == BuiltinType::Str.shape() => Some(Hash::of(self.str_hash(key))),
            shape if shape == BuiltinType::FrozenSet.shape() && self.table(key).hash != 0 => {
                Some(Hash::of(self.table(key).hash))
            }
            shape if shape == BuiltinType::Bytes.shape() => {
                This::<BytesObject>::of(self, key).map(|bytes| Hash::of(self.hash_bytes(bytes)))
            }
            shape if shape == BuiltinType::Tuple.shape() => {
                // SAFETY: an exact tuple.
                let items = unsafe { (*key.as_ptr::<TupleObject>()).items() };
                let is_simple = |&item: &Value| {
                    let is_of = |ty: BuiltinType| self.shape_of(item) == ty.shape();
                    !item.is_object()
                        || is_of(BuiltinType::Str)
                        || is_of(BuiltinType::Bytes)
                        || self.is_told_by_identity(item)
                };
                if items.iter().all(is_simple) { self.hash(key).ok().map(Hash::of) } else { None }
            }
            _ if self.is_told_by_identity(key) => Some(Hash::of(hash_identity(key))),
            _ => None,
        }
    }

    /// The entry of a table with this key, or that there is none.
    #[inline(always)]
    fn simple_find(&self, table: Value, key: Value, hash: Hash) -> Option<Option<usize>> {
        let object = self.table(table);
        let mut is_unsure = false;
        let found = object.find(hash, |_, other| {
            if other == key {
                return true;
            }
            if other.is_unbound() {
                return false;
            }
            simple_equal(self, other, key, 3).unwrap_or_else(|| {
                is_unsure = true;
                false
            })
        });
        if found.is_none() && is_unsure { None } else { Some(found) }
    }

    /// `dict.get(key)` of a table, unbound where it is not there.
    pub fn simple_get(&mut self, table: Value, key: Value) -> Option<Value> {
        let hash = self.simple_hash(key)?;
        let found = self.simple_find(table, key, hash)?;
        Some(found.map_or(Value::UNBOUND, |entry| self.table(table).value_at(entry)))
    }

    /// `dict[key] = value`; `None`: nothing was done.
    pub fn simple_set(&mut self, dict: Value, key: Value, value: Value) -> PyResult<Option<()>> {
        let Some(hash) = self.simple_hash(key) else { return Ok(None) };
        match self.simple_find(dict, key, hash) {
            None => return Ok(None),
            Some(Some(entry)) => self.dict_set_entry(dict, entry, value),
            Some(None) => self.dict_append(self.table(dict), hash, key, value)?,
        }
        Ok(Some(()))
    }

    /// `del dict[key]`, where the key is there; `None`: nothing was done.
    pub fn simple_del(&mut self, dict: Value, key: Value) -> Option<()> {
        let hash = self.simple_hash(key)?;
        let entry = self.simple_find(dict, key, hash)??;
        self.dict_remove_entry(dict, entry);
        Some(())
    }

    /// `set.add(item)`; `None`: nothing was done.
    pub fn simple_add(&mut self, set: Value, item: Value) -> PyResult<Option<()>> {
        let Some(hash) = self.simple_hash(item) else { return Ok(None) };
        match self.simple_find(set, item, hash) {
            None => return Ok(None),
            Some(Some(_)) => {}
            Some(None) => self.set_insert(self.table(set), hash, item)?,
        }
        Ok(Some(()))
    }

    /// `item in container`, for exact lists, tuples, dicts and sets.
    pub fn simple_contains(&mut self, container: Value, item: Value) -> Option<bool> {
        let shape = self.shape_of(container);
        let items = if shape == BuiltinType::List.shape() {
            // SAFETY: an exact list; nothing changes it meanwhile.
            unsafe { (*container.as_ptr::<ListObject>()).items() }
        } else if shape == BuiltinType::Tuple.shape() {
            // SAFETY: an exact tuple.
            unsafe { (*container.as_ptr::<TupleObject>()).items() }
        } else if [BuiltinType::Dict, BuiltinType::Set, BuiltinType::FrozenSet].iter().any(|ty| ty.shape() == shape) {
            let hash = self.simple_hash(item)?;
            return self.simple_find(container, item, hash).map(|found| found.is_some());
        } else {
            return None;
        };
        for &other in items {
            if other == item || !(other.is_int() && item.is_int()) && simple_equal(self, other, item, 3)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Is every element of one table in the other?
    pub fn simple_subset(&mut self, left: Value, right: Value) -> Option<bool> {
        if self.table(left).len > self.table(right).len || self.table(left).has_more_bits(&self.table(right)) {
            return Some(false);
        }
        let is_whole = self.table(left).is_set();
        let mut at = 0;
        while let Some((index, entry)) = self.table(left).next_entry(at) {
            let hash = if is_whole { entry.hash } else { self.simple_hash(entry.key)? };
            if self.simple_find(right, entry.key, hash)?.is_none() {
                return Some(false);
            }
            at = index + 1;
        }
        Some(true)
    }

    /// A set of the elements of `scan` that are (or are not) in `other`; both are tables.
    pub fn simple_select(
        &mut self,
        ty: BuiltinType,
        scan: Value,
        other: Value,
        wanted: bool,
    ) -> PyResult<Option<Value>> {
        let result = self.new_set(ty)?;
        let (source, is_whole) = (self.table(scan), self.table(scan).is_set());
        let mut at = 0;
        // No Python code runs in here, so that nothing changes what is gone through.
        while let Some((index, entry)) = source.next_entry(at) {
            at = index + 1;
            let hash = if is_whole { Some(entry.hash) } else { self.simple_hash(entry.key) };
            let Some(hash) = hash else { return Ok(None) };
            let Some(found) = self.simple_find(other, entry.key, hash) else { return Ok(None) };
            if found.is_some() == wanted {
                self.set_insert(self.table(result), hash, entry.key)?;
            }
        }
        Ok(Some(result))
    }

    /// `left & right` or `left - right` of exact sets.
    pub fn simple_set_operation(&mut self, base: u32, left: Value, right: Value) -> PyResult<Option<Value>> {
        let ty = self.layout_of(left);
        match base {
            // The smaller one is gone through.
            op::AND if self.table(left).len < self.table(right).len => self.simple_select(ty, left, right, true),
            op::AND => self.simple_select(ty, right, left, true),
            // A much larger one is copied, and the few taken out.
            op::SUBTRACT if self.table(left).len / 4 > self.table(right).len => {
                let result = self.dict_copy(left, ty)?;
                let mut at = 0;
                while let Some((index, entry)) = self.table(right).next_entry(at) {
                    at = index + 1;
                    match self.simple_find(result, entry.key, entry.hash) {
                        Some(Some(place)) => _ = self.dict_remove_entry(result, place),
                        Some(None) => {}
                        None => return Ok(None),
                    }
                }
                self.set_compact(result)?;
                Ok(Some(result))
            }
            op::SUBTRACT => self.simple_select(ty, left, right, false),
            _ => Ok(None),
        }
    }

    /// The largest or smallest of the numbers in an exact list, tuple or set that holds nothing else, all of one type.
    pub fn simple_extreme(&mut self, container: Value, largest: bool) -> Option<Value> {
        let mut best: Option<Value> = None;
        let mut consider = |item: Value| {
            let Some(known) = best else {
                best = Some(item);
                return Number::of(item).map(|_| ());
            };
            let (a, b) = if largest { (known, item) } else { (item, known) };
            if Number::of(a)?.less(Number::of(b)?)? {
                best = Some(item);
            }
            Some(())
        };
        let shape = self.shape_of(container);
        if shape == BuiltinType::List.shape() {
            // SAFETY: an exact list; nothing changes it meanwhile.
            unsafe { (*container.as_ptr::<ListObject>()).items() }.iter().try_for_each(|&item| consider(item))?;
        } else if shape == BuiltinType::Tuple.shape() {
            // SAFETY: an exact tuple.
            unsafe { (*container.as_ptr::<TupleObject>()).items() }.iter().try_for_each(|&item| consider(item))?;
        } else if [BuiltinType::Set, BuiltinType::FrozenSet].iter().any(|ty| ty.shape() == shape) {
            self.table(container).iter().try_for_each(|entry| consider(entry.key))?;
        }
        best
    }
}
