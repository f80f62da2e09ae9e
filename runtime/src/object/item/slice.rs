//! Slices of sequences: taking, assigning, deleting.

use super::Sequence;
use crate::object::argument::This;
use crate::object::header::Header;
use crate::object::layout::*;
use crate::object::operate::op;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// What a slice means in a sequence of some length: `count` items from `start` on, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceRange {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
    pub count: usize,
}

impl SliceRange {
    pub fn positions(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.count as i64).map(move |i| (self.start + i * self.step) as usize)
    }
}

/// A slice's numbers before they meet a length; `None`: left out.
pub struct Bounds {
    start: Option<i64>,
    stop: Option<i64>,
    step: i64,
}

impl Bounds {
    /// What it means among `len` items.
    pub fn within(&self, len: usize) -> SliceRange {
        let len = len as i64;
        let (low, high) = if self.step > 0 { (0, len) } else { (-1, len - 1) };
        let clamp = |bound: Option<i64>, default: i64| match bound {
            None => default,
            Some(bound) if bound < 0 => (bound.saturating_add(len)).max(low),
            Some(bound) => bound.min(high),
        };
        let (first, last) = if self.step > 0 { (low, high) } else { (high, low) };
        let (start, stop) = (clamp(self.start, first), clamp(self.stop, last));
        let distance = if self.step > 0 { stop - start } else { start - stop };
        let count = if distance <= 0 { 0 } else { (distance - 1) / self.step.abs() + 1 };
        SliceRange { start, stop, step: self.step, count: count as usize }
    }
}

impl Vm {
    fn slice_bound(&mut self, bound: Value) -> PyResult<Option<i64>> {
        if bound.is_none() {
            return Ok(None);
        }
        let int = self.slice_int(bound)?;
        self.index_clamped(int).map(Some)
    }

    /// A slice's numbers, before they meet a length. May run Python code (`__index__`).
    pub fn slice_bounds(&mut self, slice: This<SliceObject>) -> PyResult<Bounds> {
        let step = self.slice_bound(slice.step)?.unwrap_or(1).max(-i64::MAX);
        if step == 0 {
            return Err(self.raise_value("slice step cannot be zero"));
        }
        Ok(Bounds { start: self.slice_bound(slice.start)?, stop: self.slice_bound(slice.stop)?, step })
    }

    /// What a slice means in a sequence of `len` items. May run Python code (`__index__`).
    pub fn slice_indices(&mut self, slice: This<SliceObject>, len: usize) -> PyResult<SliceRange> {
        Ok(self.slice_bounds(slice)?.within(len))
    }

    pub(crate) fn get_slice(&mut self, sequence: &Sequence, owner: Value, slice: This<SliceObject>) -> PyResult {
        let bounds = self.slice_bounds(slice)?;
        let len_slot = sequence.spec.slots.len.expect("sequences have a length");
        let len = len_slot(self, owner)?;
        let range = bounds.within(len);
        let is_whole = range.step == 1 && range.count == len;
        if is_whole && !sequence.is_mutable && self.is_plain(owner) {
            return Ok(owner);
        }
        (sequence.slice)(self, owner, range)
    }

    pub(crate) fn slice_of_str(&mut self, string: This<StrObject>, range: SliceRange) -> Value {
        if range.step == 1 {
            let start = range.start.max(0) as usize;
            return self.str_slice(string.value(), start, start + range.count);
        }
        match string.view() {
            View::One(data) => {
                let picked: Vec<u8> = range.positions().map(|at| data[at]).collect();
                self.str_from_latin1(&picked)
            }
            view => {
                let picked: Vec<u32> = range.positions().map(|at| view.at(at)).collect();
                self.str_from_code_points(&picked)
            }
        }
    }

    pub(crate) fn slice_of_bytes(&mut self, bytes: This<BytesObject>, range: SliceRange) -> PyResult {
        let data = bytes.data();
        let picked: Vec<u8> = range.positions().map(|at| data[at]).collect();
        self.new_bytes(&picked)
    }

    pub(crate) fn slice_of_tuple(&mut self, tuple: This<TupleObject>, range: SliceRange) -> PyResult {
        let result = self.new_tuple_of_len(range.count)?;
        for (i, at) in range.positions().enumerate() {
            self.tuple_init(result, i, tuple.items()[at]);
        }
        Ok(result)
    }

    pub(crate) fn slice_of_list(&mut self, list: This<ListObject>, range: SliceRange) -> PyResult {
        let mut result = self.new_list_object_with_capacity(range.count)?;
        let (from, target) = (list.items(), &mut result.array().elements_mut()[..range.count]);
        if range.step == 1 {
            let start = range.start.max(0) as usize;
            target.copy_from_slice(&from[start..start + range.count]);
        } else {
            target.iter_mut().zip(range.positions()).for_each(|(item, at)| *item = from[at]);
        }
        result.len = range.count;
        self.barrier(result.items.as_ptr::<Header>());
        Ok(result.value())
    }

    pub(crate) fn range_slice(&mut self, range: This<RangeObject>, slice: This<SliceObject>) -> PyResult {
        let [start, stop, step] = self.slice_indices_of(slice, range.len)?;
        let step = self.int_binary(op::MULTIPLY, range.step, step)?;
        let mut values = [Value::NONE; 2];
        for (value, index) in values.iter_mut().zip([start, stop]) {
            let offset = self.int_binary(op::MULTIPLY, index, range.step)?;
            *value = self.int_binary(op::ADD, range.start, offset)?;
        }
        self.new_range(values[0], values[1], step)
    }

    /// Start, stop and step of a slice in a sequence that has `len` items, an int of any size; none of them is cut to a word.
    pub fn slice_indices_of(&mut self, slice: This<SliceObject>, len: Value) -> PyResult<[Value; 3]> {
        let one = Value::small_int(1);
        let step = if slice.step.is_none() { one } else { self.slice_int(slice.step)? };
        if self.int_of(step).is_zero() {
            return Err(self.raise_value("slice step cannot be zero"));
        }
        let is_backward = self.int_of(step).is_negative();
        let (low, high) = if is_backward {
            (Value::small_int(-1), self.int_binary(op::SUBTRACT, len, one)?)
        } else {
            (Value::small_int(0), len)
        };
        let (first, last) = if is_backward { (high, low) } else { (low, high) };
        let start = self.slice_int_within(slice.start, first, len, [low, high])?;
        let stop = self.slice_int_within(slice.stop, last, len, [low, high])?;
        Ok([start, stop, step])
    }

    fn slice_int(&mut self, bound: Value) -> PyResult {
        if !self.is_index(bound) {
            return Err(self.raise_type("slice indices must be integers or None or have an __index__ method"));
        }
        self.index(bound)
    }

    fn slice_int_within(&mut self, bound: Value, default: Value, len: Value, [low, high]: [Value; 2]) -> PyResult {
        if bound.is_none() {
            return Ok(default);
        }
        let mut index = self.slice_int(bound)?;
        if self.int_of(index).is_negative() {
            index = self.int_binary(op::ADD, index, len)?;
        }
        let is_below = self.int_of(index).compare(self.int_of(low)).is_lt();
        let is_above = self.int_of(index).compare(self.int_of(high)).is_gt();
        Ok(if is_below {
            low
        } else if is_above {
            high
        } else {
            index
        })
    }

    pub(crate) fn set_slice(&mut self, list: This<ListObject>, slice: This<SliceObject>, value: Value) -> PyResult<()> {
        let bounds = self.slice_bounds(slice)?;
        if !self.is_iterable(value) {
            return Err(self.raise_type("must assign iterable to extended slice"));
        }
        let is_shared = value == list.value();
        let items = if !is_shared && self.exact_items(value).is_some() { value } else { self.collect_sequence(value)? };
        let range = bounds.within(list.len);
        // The items are not the list's own, and splicing runs no Python code.
        let new = self.items_of(items);
        if range.step == 1 {
            let start = range.start as usize;
            return self.list_splice(list.pointer(), start, start + range.count, new);
        }
        if new.len() != range.count {
            let message =
                format!("attempt to assign sequence of size {} to extended slice of size {}", new.len(), range.count);
            return Err(self.raise_value(&message));
        }
        let elements = list.array().elements_mut();
        range.positions().zip(new).for_each(|(at, &item)| elements[at] = item);
        self.barrier(list.items.as_ptr::<Header>());
        Ok(())
    }

    pub(crate) fn del_slice(&mut self, mut list: This<ListObject>, slice: This<SliceObject>) -> PyResult<()> {
        let bounds = self.slice_bounds(slice)?;
        let range = bounds.within(list.len);
        if range.count == 0 {
            return Ok(());
        }
        if range.step == 1 {
            let start = range.start as usize;
            return self.list_splice(list.pointer(), start, start + range.count, &[]);
        }
        let (first, gap) = if range.step > 0 {
            (range.start as usize, range.step as usize)
        } else {
            ((range.start + (range.count as i64 - 1) * range.step) as usize, range.step.unsigned_abs() as usize)
        };
        let len = list.len;
        let elements = list.array().elements_mut();
        let mut kept = first;
        for at in first..len {
            let is_deleted = (at - first) % gap == 0 && (at - first) / gap < range.count;
            if !is_deleted {
                elements[kept] = elements[at];
                kept += 1;
            }
        }
        elements[kept..len].fill(Value::UNBOUND);
        list.len = kept;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Bounds;

    #[test]
    fn slices_clamp_as_python_does() {
        let check = |start, stop, step, len, expected: &[usize]| {
            let range = Bounds { start, stop, step }.within(len);
            assert_eq!(range.positions().collect::<Vec<_>>(), expected);
        };
        check(None, None, -1, 3, &[2, 1, 0]);
        check(Some(1), None, -1, 3, &[1, 0]);
        check(Some(-100), Some(100), 2, 4, &[0, 2]);
        check(Some(5), Some(2), 1, 4, &[]);
        check(None, Some(-1), 1, 3, &[0, 1]);
        check(Some(i64::MIN), Some(i64::MAX), i64::MAX, 3, &[0]);
        check(None, None, -i64::MAX, 3, &[2]);
        check(None, None, 1, 0, &[]);
    }
}
