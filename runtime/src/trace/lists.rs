//! Recording slices of lists, and natives that change one list.

use super::frames::{Recorded, Recorder};
use crate::interp::dispatch::State;
use crate::object::layout::{ListObject, SliceObject};
use crate::object::types::BuiltinType;
use crate::uop::{Field, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// A slice's bound: what stands for it, and what it is now.
type Bound = (UopIdx, Value);

/// The items of a list that a slice covers: `count` of them from `start` on.
struct Span {
    start: UopIdx,
    count: UopIdx,
    count_now: i64,
}

/// A bound in a list, made non-negative.
struct Place {
    index: UopIdx,
    now: i64,
}

/// So many items a repeated sequence may have to be made at once.
const MAX_REPEATED: usize = 16;

impl Recorder {
    /// Calls what changes a list and runs no Python code.
    pub(crate) fn change_list(&mut self, helper: Helper, inputs: &[UopIdx]) -> Recorded<UopIdx> {
        let op = Op::CallHelper { helper };
        let inputs = self.arguments(&op, inputs)?;
        let exit = self.error();
        self.emit(op, &inputs, Some(exit))
    }

    /// `container[start:stop]`.
    pub(super) unsafe fn binary_slice(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has all three operands.
        let (container, start, stop) = unsafe { (s.peek(3), s.peek(2), s.peek(1)) };
        let bounds = [(self.peek(2)?, start), (self.peek(1)?, stop)];
        let list = self.peek(3)?;
        if vm.is_exact(container, BuiltinType::List)
            && let Some(span) = self.span(list, container, bounds, 1)?
        {
            let slice = self.emit(Op::ListSlice { step: 1 }, &[list, span.start, span.count], None)?;
            self.reduce(3, slice);
            return Ok(());
        }
        self.helper_reduce(Helper::BinarySlice, 3)
    }

    /// `container[key]`, if that is a slice of a list.
    pub(super) unsafe fn subscript_slice(
        &mut self,
        vm: &mut Vm,
        container: Value,
        key: Value,
    ) -> Recorded<Option<UopIdx>> {
        if !vm.is_exact(container, BuiltinType::List) || !vm.is_exact(key, BuiltinType::Slice) {
            return Ok(None);
        }
        let (list, slice) = (self.peek(2)?, self.peek(1)?);
        // SAFETY: an exact slice, which does not change.
        let actual = unsafe { &*key.as_ptr::<SliceObject>() };
        let parts = match (*self.emitter.op(slice), self.emitter.known_value(slice)) {
            (Op::NewSlice {}, _) => [0, 1, 2].map(|place| self.emitter.inputs(slice)[place]),
            (_, Some(known)) if known == key => {
                [actual.start, actual.stop, actual.step].map(|part| self.constant(vm, part))
            }
            _ => return Ok(None),
        };
        let step = match self.emitter.known_value(parts[2]) {
            Some(step) if step.is_none() => 1,
            Some(step) if step.is_int() && step.as_int().abs() == 1 => step.as_int(),
            _ => return Ok(None),
        };
        let Some(span) = self.span(list, container, [(parts[0], actual.start), (parts[1], actual.stop)], step)? else {
            return Ok(None);
        };
        self.emit(Op::ListSlice { step }, &[list, span.start, span.count], None).map(Some)
    }

    /// `container[start:stop] = value`. A slice that is only stored is never made: its elements are copied.
    pub(super) unsafe fn store_slice(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: the stack has all four operands.
        let (value, container, start, stop) = unsafe { (s.peek(4), s.peek(3), s.peek(2), s.peek(1)) };
        let (source, list) = (self.peek(4)?, self.peek(3)?);
        let bounds = [(self.peek(2)?, start), (self.peek(1)?, stop)];
        if vm.is_exact(container, BuiltinType::List)
            && vm.is_exact(value, BuiltinType::List)
            && let Some(span) = self.span(list, container, bounds, 1)?
            // SAFETY: an exact list.
            && unsafe { (*value.as_ptr::<ListObject>()).len } as i64 == span.count_now
        {
            let from = self.source(source)?;
            let is_as_long = self.emit(Op::IntEq {}, &[span.count, from.count], None)?;
            self.guarded(Op::GuardTrue {}, &[is_as_long])?;
            let array = self.emit(Op::LoadField { field: Field::ListItems }, &[list], None)?;
            let inputs = [array, span.start, from.array, from.start, span.count];
            self.emit(Op::CopyElements { step: from.step }, &inputs, None)?;
            self.drop(4);
            return Ok(());
        }
        let inputs = [list, bounds[0].0, bounds[1].0, source];
        self.escaping(Op::CallHelper { helper: Helper::StoreSlice }, &inputs)?;
        self.drop(4);
        Ok(())
    }

    /// `[…] * n` or `(…) * n` of what was just made, and a number that is known: made at once, with so many items.
    pub(super) fn repeated(&mut self, sequence: UopIdx, count: UopIdx) -> Recorded<Option<UopIdx>> {
        let made = *self.emitter.op(sequence);
        let has_changed = || {
            let since = &self.emitter.superblock.uops[sequence.index()..];
            made == Op::NewList {} && since.iter().any(|uop| uop.op.changes_heap())
        };
        let count = self.emitter.known_value(count).filter(|count| count.is_int());
        let Some(count) = count.and_then(|count| usize::try_from(count.as_int()).ok()) else { return Ok(None) };
        let items = self.emitter.inputs(sequence).to_vec();
        let len = items.len().saturating_mul(count);
        if !matches!(made, Op::NewList {} | Op::NewTuple {}) || len == 0 || len > MAX_REPEATED || has_changed() {
            return Ok(None);
        }
        self.emit(made, &items.repeat(count), None).map(Some)
    }

    /// Where the elements of a list are: those of a slice that no list changed since are still where they were taken from.
    fn source(&mut self, list: UopIdx) -> Recorded<Source> {
        self.guard_shape(list, BuiltinType::List.shape())?;
        let uops = &self.emitter.superblock.uops;
        if let Op::ListSlice { step } = *self.emitter.op(list)
            && step.abs() == 1
            && !uops[list.index()..].iter().any(|uop| uop.op.changes_heap())
        {
            let [from, start, count] = [0, 1, 2].map(|place| self.emitter.inputs(list)[place]);
            let array = self.emit(Op::LoadField { field: Field::ListItems }, &[from], None)?;
            return Ok(Source { array, start, count, step });
        }
        let count = self.emit(Op::LoadWord { field: Field::ListLen }, &[list], None)?;
        let array = self.emit(Op::LoadField { field: Field::ListItems }, &[list], None)?;
        let start = self.emitter.const_int(0);
        Ok(Source { array, start, count, step: 1 })
    }

    /// What a slice covers of a list, `step` being 1 or -1; `None` where a bound is none that the list has or no int.
    fn span(&mut self, list: UopIdx, actual: Value, bounds: [Bound; 2], step: i64) -> Recorded<Option<Span>> {
        // SAFETY: callers pass an exact list.
        let len_now = unsafe { (*actual.as_ptr::<ListObject>()).len } as i64;
        // The first place that a bound cannot name.
        let limit = if step > 0 { len_now + 1 } else { len_now };
        let fits = |bound: Value| bound.is_none() || bound.is_int() && (-len_now..limit).contains(&bound.as_int());
        if !bounds.iter().all(|bound| fits(bound.1)) {
            return Ok(None);
        }
        self.guard_shape(list, BuiltinType::List.shape())?;
        let len = self.emit(Op::LoadWord { field: Field::ListLen }, &[list], None)?;
        let one = self.emitter.const_int(1);
        let (first, last) = if step > 0 {
            (Place { index: self.emitter.const_int(0), now: 0 }, Place { index: len, now: len_now })
        } else {
            let index = self.emit(Op::IntSubWrap {}, &[len, one], None)?;
            (Place { index, now: len_now - 1 }, Place { index: self.emitter.const_int(-1), now: -1 })
        };
        let ends_itself = bounds[1].1.is_none();
        let start = self.place(bounds[0], len, len_now, step)?.unwrap_or(first);
        let stop = self.place(bounds[1], len, len_now, step)?.unwrap_or(last);
        let (low, high) = if step > 0 { (&start, &stop) } else { (&stop, &start) };
        let is_empty = high.now < low.now;
        // A bound that was left out is no less than any other.
        let (count, count_now) = if step < 0 && ends_itself {
            (self.guarded(Op::IntAdd {}, &[start.index, one])?, start.now + 1)
        } else {
            let crossed = self.emit(Op::IntLt {}, &[high.index, low.index], None)?;
            self.guarded(if is_empty { Op::GuardTrue {} } else { Op::GuardFalse {} }, &[crossed])?;
            if is_empty {
                (self.emitter.const_int(0), 0)
            } else {
                (self.emit(Op::IntSubWrap {}, &[high.index, low.index], None)?, high.now - low.now)
            }
        };
        Ok(Some(Span { start: start.index, count, count_now }))
    }

    /// A bound that `fits`; `None` where it was left out.
    fn place(&mut self, (bound, now): Bound, len: UopIdx, len_now: i64, step: i64) -> Recorded<Option<Place>> {
        if now.is_none() {
            let bound = self.emitter.boxed(bound);
            self.guarded(Op::GuardIs { bits: Value::NONE.0 }, &[bound])?;
            return Ok(None);
        }
        let (mut index, mut now) = (self.int(bound)?, now.as_int());
        if now < 0 {
            let zero = self.emitter.const_int(0);
            let is_negative = self.emit(Op::IntLt {}, &[index, zero], None)?;
            self.guarded(Op::GuardTrue {}, &[is_negative])?;
            (index, now) = (self.emit(Op::IntAddWrap {}, &[index, len], None)?, now + len_now);
        }
        if step > 0 {
            let is_behind = self.emit(Op::IntUlt {}, &[len, index], None)?;
            self.guarded(Op::GuardFalse {}, &[is_behind])?;
        } else {
            let is_inside = self.emit(Op::IntUlt {}, &[index, len], None)?;
            self.guarded(Op::GuardTrue {}, &[is_inside])?;
        }
        Ok(Some(Place { index, now }))
    }
}

/// Elements that are to be copied.
struct Source {
    array: UopIdx,
    start: UopIdx,
    count: UopIdx,
    step: i64,
}
