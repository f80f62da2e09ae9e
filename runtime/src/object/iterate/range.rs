//! Ranges and their iterators.

use crate::object::argument::This;
use crate::object::layout::*;
use crate::object::operate::op;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// How many numbers lie between word-sized bounds.
fn word_len(start: i64, stop: i64, step: i64) -> i128 {
    let (start, stop, step) = (start as i128, stop as i128, step as i128);
    let distance = if step > 0 { stop - start } else { start - stop };
    if distance <= 0 { 0 } else { (distance - 1) / step.abs() + 1 }
}

impl Vm {
    /// `range(start, stop, step)` of values with `__index__`.
    pub fn new_range(&mut self, start: Value, stop: Value, step: Value) -> PyResult {
        let (start, stop, step) = (self.index(start)?, self.index(stop)?, self.index(step)?);
        let (start, stop, step) = (self.exact_alias(start)?, self.exact_alias(stop)?, self.exact_alias(step)?);
        if self.int_of(step).is_zero() {
            return Err(self.raise_value("range() arg 3 must not be zero"));
        }
        let len = match (self.int_to_i64(start), self.int_to_i64(stop), self.int_to_i64(step)) {
            (Some(a), Some(b), Some(c)) => self.new_int_from_i128(word_len(a, b, c)),
            _ => {
                let (low, high, by) = if self.int_of(step).is_negative() {
                    (stop, start, self.int_negative(step))
                } else {
                    (start, stop, step)
                };
                if self.int_of(low).compare(self.int_of(high)).is_ge() {
                    Value::small_int(0)
                } else {
                    let distance = self.int_binary(op::SUBTRACT, high, low)?;
                    let last = self.int_binary(op::SUBTRACT, distance, Value::small_int(1))?;
                    let steps = self.int_binary(op::FLOOR_DIVIDE, last, by)?;
                    self.int_binary(op::ADD, steps, Value::small_int(1))?
                }
            }
        };
        Ok(self.new_range_of(start, stop, step, len))
    }

    /// A range of ints, of which there are `len`.
    pub(crate) fn new_range_of(&mut self, start: Value, stop: Value, step: Value, len: Value) -> Value {
        self.make(BuiltinType::Range, |header| RangeObject { header, start, stop, step, len })
    }

    /// An iterator of words.
    pub fn new_range_iter(&mut self, next: i64, step: i64, remaining: i64) -> Value {
        self.make(BuiltinType::RangeIter, |header| RangeIter { header, next, step, remaining })
    }

    /// An iterator over a range.
    pub fn range_iter(&mut self, range: Value) -> Value {
        let range = This::<RangeObject>::expect(self, range);
        if let (Some(start), Some(_), Some(step), Some(len)) = (
            self.int_to_i64(range.start),
            self.int_to_i64(range.stop),
            self.int_to_i64(range.step),
            self.int_to_i64(range.len),
        ) {
            return self.new_range_iter(start, step, len);
        }
        let (next, step, remaining) = (range.start, range.step, range.len);
        self.make(BuiltinType::LongRangeIter, |header| LongRangeIter { header, next, step, remaining })
    }

    /// `reversed(range)`.
    pub fn range_reverse_iter(&mut self, range: Value) -> PyResult {
        let object = This::<RangeObject>::expect(self, range);
        let step = self.int_negative(object.step);
        let last_index = self.int_binary(op::SUBTRACT, object.len, Value::small_int(1))?;
        let offset = self.int_binary(op::MULTIPLY, last_index, object.step)?;
        let next = self.int_binary(op::ADD, object.start, offset)?;
        let remaining = object.len;
        // All lie between the last and the first.
        if let (Some(next), Some(_), Some(step), Some(remaining)) =
            (self.int_to_i64(next), self.int_to_i64(object.start), self.int_to_i64(step), self.int_to_i64(remaining))
        {
            return Ok(self.new_range_iter(next, step, remaining));
        }
        Ok(self.make(BuiltinType::LongRangeIter, |header| LongRangeIter { header, next, step, remaining }))
    }

    pub(super) fn collect_range(&mut self, range: Value) -> PyResult {
        let iterator = self.range_iter(range);
        let len = This::<RangeObject>::expect(self, range).len;
        let Some(len) = self.int_to_i64(len) else { return Err(self.raise_memory()) };
        let list = self.new_list_with_capacity(len as usize)?;
        while let Some(item) = self.iter_next(iterator)? {
            self.list_push(list.as_ptr(), item)?;
        }
        Ok(list)
    }

    pub(crate) fn long_range_next(&mut self, iterator: Value) -> PyResult<Option<Value>> {
        let mut object = This::<LongRangeIter>::expect(self, iterator);
        let (next, step, remaining) = (object.next, object.step, object.remaining);
        if self.int_of(remaining).is_zero() {
            return Ok(None);
        }
        let after = self.int_binary(op::ADD, next, step)?;
        let left = self.int_binary(op::SUBTRACT, remaining, Value::small_int(1))?;
        object.next = after;
        object.remaining = left;
        self.barrier(object.pointer());
        Ok(Some(next))
    }
}
