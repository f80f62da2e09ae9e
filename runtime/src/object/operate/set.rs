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

    /// Is there a table of its elements?
    pub(crate) fn has_element_table(&self, value: Value) -> bool {
        self.is_set(value) || self.is_exactly::<DictObject>(value) || self.is_a::<KeysView>(value)
    }

    /// The table of elements behind a set, a dict or a view of keys; a fresh set for any other iterable.
    pub fn element_table(&mut self, value: Value) -> PyResult<Value> {
        if self.is_set(value) || self.is_exactly::<DictObject>(value) {
            return Ok(value);
        }
        if let Some(keys) = This::<KeysView>::of(self, value) {
            return Ok(keys.dict);
        }
        let set = self.new_set(BuiltinType::Set)?;
        self.set_update(set, value)?;
        Ok(set)
    }

    /// Adds all elements of an iterable.
    pub fn set_update(&mut self, set: Value, iterable: Value) -> PyResult<()> {
        if self.is_set(iterable) || self.is_exactly::<DictObject>(iterable) {
            return self.dict_merge(set, iterable);
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
        if base == op::AND {
            let (view, other) = if self.is_set_view(lhs) { (left, right) } else { (right, left) };
            let (n_view, n_other) = (self.table(view).len, self.table(other).len);
            let is_view_smaller = n_view < n_other || n_view == n_other && self.is_set(other);
            let (scan, other) = if is_view_smaller { (view, other) } else { (other, view) };
            return self.select(ty, scan, other, true);
        }
        let result = self.new_set(ty)?;
        self.set_update(result, left)?;
        match base {
            op::OR => self.add_each(result, right)?,
            op::SUBTRACT => self.take_out(result, right)?,
            _ if self.is_set(right) => self.toggle(result, right)?,
            _ => {
                let other = self.new_set(BuiltinType::Set)?;
                self.add_each(other, right)?;
                self.toggle(result, other)?;
            }
        }
        Ok(result)
    }

    /// Adds the elements of a set, or the keys of a dict as its view gives them: the table grows as they come.
    fn add_each(&mut self, set: Value, table: Value) -> PyResult<()> {
        if self.is_set(table) {
            return self.dict_merge(set, table);
        }
        let mut at = 0;
        while let Some(entry) = next_entry(self.table(table), &mut at) {
            self.set_add_entry(set, &entry)?;
        }
        Ok(())
    }

    /// The set that an operation makes of two sets' tables.
    pub fn table_operation(&mut self, base: u32, ty: BuiltinType, left: Value, right: Value) -> PyResult {
        match base {
            op::OR => {
                let result = self.new_set(ty)?;
                self.set_update(result, left)?;
                self.set_update(result, right)?;
                Ok(result)
            }
            op::AND => {
                // The smaller one is gone through.
                let is_left = self.table(left).len < self.table(right).len;
                let (scan, other) = if is_left { (left, right) } else { (right, left) };
                self.select(ty, scan, other, true)
            }
            op::SUBTRACT if self.table(left).len / 4 <= self.table(right).len => self.select(ty, left, right, false),
            op::SUBTRACT => {
                let result = self.new_set(ty)?;
                self.set_update(result, left)?;
                self.take_out(result, right)?;
                Ok(result)
            }
            _ => {
                let result = self.new_set(ty)?;
                self.set_update(result, right)?;
                self.toggle(result, left)?;
                Ok(result)
            }
        }
    }

    /// A set of the elements of `scan` that are (or are not) in `other`.
    pub fn select(&mut self, ty: BuiltinType, scan: Value, other: Value, wanted: bool) -> PyResult {
        if let Some(result) = self.simple_select(ty, scan, other, wanted)? {
            return Ok(result);
        }
        let result = self.new_set(ty)?;
        let mut at = 0;
        while let Some(entry) = next_entry(self.table(scan), &mut at) {
            if self.dict_contains_entry(other, &entry)? == wanted {
                self.set_add_entry(result, &entry)?;
            }
        }
        Ok(result)
    }

    /// Takes the elements of a table out of a set, and makes it small again where many went.
    fn take_out(&mut self, set: Value, other: Value) -> PyResult<()> {
        let mut at = 0;
        while let Some(entry) = next_entry(self.table(other), &mut at) {
            self.dict_remove(set, entry.key)?;
        }
        self.set_compact(set)
    }

    /// Takes out what is in both, and adds what is in the table alone.
    pub(crate) fn toggle(&mut self, set: Value, other: Value) -> PyResult<()> {
        let mut at = 0;
        while let Some(entry) = next_entry(self.table(other), &mut at) {
            if self.dict_remove(set, entry.key)?.is_none() {
                self.set_add_entry(set, &entry)?;
            }
        }
        Ok(())
    }

    /// `set &= other` and its like, on the elements of any iterable.
    pub fn set_binary_in_place(&mut self, base: u32, set: Value, other: Value) -> PyResult<()> {
        if base == op::OR {
            return self.set_update(set, other);
        }
        let other = self.element_table(other)?;
        if other == set {
            if base != op::AND {
                self.dict_clear(set);
            }
            return Ok(());
        }
        match base {
            op::AND => {
                let ty = self.layout_of(set);
                let kept = self.table_operation(op::AND, ty, set, other)?;
                self.set_take(set, kept);
                Ok(())
            }
            op::SUBTRACT if self.table(other).is_set() && self.table(other).len / 8 > self.table(set).len => {
                let ty = self.layout_of(set);
                let common = self.table_operation(op::AND, ty, set, other)?;
                self.take_out(set, common)
            }
            op::SUBTRACT => self.take_out(set, other),
            _ => self.toggle(set, other),
        }
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
