//! Recording ranges: a range that is only iterated over is not made, nor is its iterator where the loop is followed.

use super::frames::{Recorded, Recorder};
use super::rule::Operand;
use crate::object::layout::RangeObject;
use crate::object::types::BuiltinType;
use crate::uop::{Field, Op, UopIdx};
use crate::value::Value;

impl Recorder {
    /// `range(…)` of ints that fit words. Whether it is empty is part of the trace.
    pub(crate) fn new_range(&mut self, arguments: &[Operand]) -> Recorded<Option<UopIdx>> {
        if !arguments.iter().all(|argument| argument.now.is_int()) {
            return Ok(None);
        }
        let mut constant = |value: i64| {
            let now = Value::small_int(value);
            Operand { uop: self.emitter.const_value(now), now }
        };
        let (zero, one) = (constant(0), constant(1));
        let [start, stop, step] = match *arguments {
            [stop] => [zero, stop, one],
            [start, stop] => [start, stop, one],
            [start, stop, step] => [start, stop, step],
            _ => return Ok(None),
        };
        let [start_now, stop_now, step_now] = [start, stop, step].map(|part| part.now.as_int());
        let [start, stop, step] = [start, stop, step].map(|part| part.uop);
        if self.emitter.known_value(step).is_none_or(|known| known.bits() != Value::small_int(step_now).bits())
            || step_now == 0
        {
            return Ok(None);
        }
        let (start_int, stop_int) = (self.int(start)?, self.int(stop)?);
        let (low, high) = if step_now > 0 { (start_int, stop_int) } else { (stop_int, start_int) };
        let has_any = self.emit(Op::IntLt {}, &[low, high], None)?;
        let is_empty_now = if step_now > 0 { start_now >= stop_now } else { start_now <= stop_now };
        let len = if is_empty_now {
            self.guarded(Op::GuardFalse {}, &[has_any])?;
            zero.uop
        } else {
            self.guarded(Op::GuardTrue {}, &[has_any])?;
            let distance = self.guarded(Op::IntSub {}, &[high, low])?;
            let len = if step_now.abs() == 1 {
                distance
            } else {
                let width = self.emitter.const_int(step_now.abs());
                let more = self.emitter.const_int(step_now.abs() - 1);
                let rounded = self.guarded(Op::IntAdd {}, &[distance, more])?;
                self.guarded(Op::IntFloorDiv {}, &[rounded, width])?
            };
            self.box_int(len)?
        };
        let parts = [start, stop, step, len].map(|part| self.emitter.boxed(part));
        self.emit(Op::NewRange {}, &parts, None).map(Some)
    }

    /// An iterator over an exact range, from its end on if `is_reversed`; `None` where it does not fit words.
    pub(crate) fn range_iter(
        &mut self,
        range: UopIdx,
        actual: &RangeObject,
        is_reversed: bool,
    ) -> Recorded<Option<UopIdx>> {
        if ![actual.start, actual.stop, actual.step, actual.len].iter().all(|part| part.is_int()) {
            return Ok(None);
        }
        self.guard_shape(range, BuiltinType::Range.shape())?;
        // Where start and stop are words, so is what lies between them.
        let fields = [Field::RangeStart, Field::RangeStop, Field::RangeStep, Field::RangeLen];
        let mut parts = [UopIdx::NONE; 4];
        for (part, field) in parts.iter_mut().zip(fields) {
            let value = self.emit(Op::LoadField { field }, &[range], None)?;
            *part = self.int(value)?;
        }
        let [mut next, _, mut step, len] = parts;
        if is_reversed {
            let (zero, one) = (self.emitter.const_int(0), self.emitter.const_int(1));
            let last_index = self.guarded(Op::IntSub {}, &[len, one])?;
            let offset = self.guarded(Op::IntMul {}, &[last_index, step])?;
            next = self.guarded(Op::IntAdd {}, &[next, offset])?;
            step = self.guarded(Op::IntSub {}, &[zero, step])?;
        }
        self.emit(Op::NewRangeIter {}, &[next, step, len], None).map(Some)
    }
}
