//! Operations between sets, frozensets and dict views.

use super::op;
use crate::interp::drain::Drain;
use crate::object::argument::This;
use crate::object::dict::{Entry, Table};
use crate::object::layout::DictObject;
use crate::object::typed::SetObject;
use crate::object::typed::{AnySet, FrozenSetObject, KeysView, SetView};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A table's entries one by one; the table may change in between.
fn next_entry(table: Table, at: &mut usize) -> Option<Entry> {
    let (index, entry) = table.next_entry(*at)?;
    *at = index + 1;
    Some(entry)
}

impl Vm {
    /// Has the value set or frozenset layout?
    pub fn is_set(&self, value: Value) -> bool {
        self.is_a::<AnySet>(value)
    }

    /// Does the value take part in set operators?
    pub fn is_set_like(&self, value: Value) -> bool {
        self.is_set(value) || self.is_set_view(value)
    }

    fn is_set_view(&self, value: Value) -> bool {
        self.is_a::<SetView>(value)
    }

    /// The table of elements behind a set, a dict or a view of keys; a fresh set for any other iterable.
    pub fn element_table(&mut self, value: Value) -> PyResult<Value> {
        if self.is_set(value) || self.is_exactly::<DictObject>(value) {
            return Ok(value);
        }
        if let Some(keys) = This::<KeysView>::of(self, value) {
            return Ok(keys.dict);
        }
        let set = self.new_set(BuiltinType::Set, 0)?;
        self.set_update(set, value)?;
        Ok(set)
    }

    /// Adds all elements of an iterable.
    pub fn set_update(&mut self, set: Value, iterable: Value) -> PyResult<()> {
        if self.is_set(iterable) || self.is_exactly::<DictObject>(iterable) {
            let mut at = 0;
            while let Some(entry) = next_entry(self.table(iterable), &mut at) {
                self.dict_add_entry(set, &Entry { value: Value::NONE, ..entry })?;
            }
            return Ok(());
        }
        if self.is_exactly::<SetObject>(set) && self.drain(Drain::Update, iterable, Some(set))?.is_some() {
            return Ok(());
        }
        let iterator = self.get_iter(iterable)?;
        while let Some(element) = self.iter_next(iterator)? {
            self.set_add(set, element)?;
        }
        Ok(())
    }

    /// `&`, `|`, `^` or `-`; `NotImplemented` where an operand is neither a set nor a view.
    pub(crate) fn set_binary(&mut self, base: u32, lhs: Value, rhs: Value) -> PyResult {
        if self.is_set(lhs) && self.is_set(rhs) {
            let ty = self.layout_of(lhs);
            return self.table_operation(base, ty, lhs, rhs);
        }
        let has_view = self.is_set_view(lhs) || self.is_set_view(rhs);
        if !(has_view || self.is_set(lhs) && self.is_set(rhs)) {
            return Ok(self.not_implemented);
        }
        if has_view && !(self.is_iterable(lhs) && self.is_iterable(rhs)) {
            return Ok(self.not_implemented);
        }
        let ty = if self.is_a::<FrozenSetObject>(lhs) { BuiltinType::FrozenSet } else { BuiltinType::Set };
        let (left, right) = (self.element_table(lhs)?, self.element_table(rhs)?);
        self.table_operation(base, ty, left, right)
    }

    /// The set that an operation makes of two tables (see `element_table`).
    pub fn table_operation(&mut self, base: u32, ty: BuiltinType, left: Value, right: Value) -> PyResult {
        match base {
            op::OR => {
                let result = self.new_set(ty, self.table(left).len + self.table(right).len)?;
                self.set_update(result, left)?;
                self.set_update(result, right)?;
                Ok(result)
            }
            op::AND => {
                // The smaller one is gone through.
                let (scan, other) =
                    if self.table(left).len <= self.table(right).len { (left, right) } else { (right, left) };
                self.select(ty, scan, other, true)
            }
            op::SUBTRACT => self.select(ty, left, right, false),
            _ => {
                let result = self.select(ty, left, right, false)?;
                let mut at = 0;
                while let Some(entry) = next_entry(self.table(right), &mut at) {
                    if !self.dict_contains_entry(left, &entry)? {
                        self.dict_add_entry(result, &Entry { value: Value::NONE, ..entry })?;
                    }
                }
                Ok(result)
            }
        }
    }

    /// A set of the elements of `scan` that are (or are not) in `other`.
    pub fn select(&mut self, ty: BuiltinType, scan: Value, other: Value, wanted: bool) -> PyResult {
        if let Some(result) = self.simple_select(ty, scan, other, wanted)? {
            return Ok(result);
        }
        let result = self.new_set(ty, 0)?;
        let mut at = 0;
        while let Some(entry) = next_entry(self.table(scan), &mut at) {
            if self.dict_contains_entry(other, &entry)? == wanted {
                self.dict_add_entry(result, &Entry { value: Value::NONE, ..entry })?;
            }
        }
        Ok(result)
    }

    /// `set &= other` and its like, on the elements of any iterable.
    pub fn set_binary_in_place(&mut self, base: u32, set: Value, other: Value) -> PyResult<()> {
        if base == op::OR {
            return self.set_update(set, other);
        }
        let mut other = self.element_table(other)?;
        if other == set {
            if base != op::AND {
                self.dict_clear(set);
            }
            return Ok(());
        }
        match base {
            op::AND => {
                let mut at = 0;
                while let Some((index, entry)) = self.table(set).next_entry(at) {
                    at = index + 1;
                    if !self.dict_contains_entry(other, &entry)? {
                        self.dict_remove(set, entry.key)?;
                    }
                }
            }
            op::SUBTRACT => {
                let mut at = 0;
                while let Some(entry) = next_entry(self.table(other), &mut at) {
                    self.dict_remove(set, entry.key)?;
                }
            }
            _ => {
                if self.table(other).len == 0 {
                    return Ok(());
                }
                if !self.is_set(other) {
                    other = self.table_operation(op::OR, BuiltinType::Set, other, other)?;
                }
                let mut at = 0;
                while let Some(entry) = next_entry(self.table(other), &mut at) {
                    if self.dict_remove(set, entry.key)?.is_none() {
                        self.dict_add_entry(set, &entry)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Is every element of one table in the other?
    pub fn is_subset(&mut self, left: Value, right: Value) -> PyResult<bool> {
        if let Some(truth) = self.simple_subset(left, right) {
            return Ok(truth);
        }
        let mut at = 0;
        while let Some(entry) = next_entry(self.table(left), &mut at) {
            if !self.dict_contains_entry(right, &entry)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Have the two tables no element in common?
    pub fn is_disjoint(&mut self, left: Value, right: Value) -> PyResult<bool> {
        let (scan, other) = if self.table(left).len <= self.table(right).len { (left, right) } else { (right, left) };
        let mut at = 0;
        while let Some(entry) = next_entry(self.table(scan), &mut at) {
            if self.dict_contains_entry(other, &entry)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
