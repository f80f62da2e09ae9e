//! What traces do with deques inline: both ends, items by index, steps of iterators. Rings that have to grow, and those whose
//! items are looked through, are left to the methods.

use super::super::deque_iterator::DequeIterator;
use super::Deque;
use stitch_runtime::Value;
use stitch_runtime::member;
use stitch_runtime::object::spec::Object;
use stitch_runtime::trace::{Abort, Known, NativeCall, Operand, SlotRules, Step, Traced};
use stitch_runtime::uop::{Op, UopIdx};

pub const RULES: SlotRules =
    SlotRules { len: Some(len), get_item: Some(get_item), set_item: Some(set_item), ..SlotRules::NONE };

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    Left,
    Right,
}

/// A deque's ring, as it stands in the trace.
#[derive(Clone, Copy)]
struct Ring {
    deque: Known<Deque>,
    items: UopIdx,
    head: UopIdx,
    len: UopIdx,
    /// One less than the number of places.
    mask: UopIdx,
}

impl Ring {
    fn of(call: &mut NativeCall<'_>, deque: Known<Deque>) -> Result<Ring, Abort> {
        let items = call.load(deque, member!(Deque, items))?;
        let head = call.load(deque, member!(Deque, head))?;
        let len = call.load(deque, member!(Deque, len))?;
        // SAFETY: `items` is a value array from the deque's birth on.
        let capacity = unsafe { call.capacity(items)? };
        let one = call.const_int(1);
        let mask = call.compute(Op::IntSubWrap {}, &[capacity, one])?;
        Ok(Ring { deque, items, head, len, mask })
    }

    /// The place of item `at`, which may lie before the first.
    fn place(&self, call: &mut NativeCall<'_>, at: UopIdx) -> Result<UopIdx, Abort> {
        let distance = call.compute(Op::IntAddWrap {}, &[self.head, at])?;
        call.compute(Op::IntAnd {}, &[distance, self.mask])
    }

    /// Item `at`, which there is wherever the trace runs.
    fn get(&self, call: &mut NativeCall<'_>, at: UopIdx) -> Result<UopIdx, Abort> {
        let place = self.place(call, at)?;
        // SAFETY: a ring with an item has a power of two of places, which the mask keeps the number below.
        unsafe { call.load_place(self.items, place) }
    }

    fn set(&self, call: &mut NativeCall<'_>, at: UopIdx, value: UopIdx) -> Result<(), Abort> {
        let place = self.place(call, at)?;
        // SAFETY: as in `get`.
        unsafe { call.store_place(self.items, place, value) }
    }

    /// Takes the item at an end of a ring that has one wherever the trace runs.
    fn pop(&mut self, call: &mut NativeCall<'_>, end: End) -> Result<UopIdx, Abort> {
        let (zero, one) = (call.const_int(0), call.const_int(1));
        let last = call.compute(Op::IntSubWrap {}, &[self.len, one])?;
        let at = if end == End::Left { zero } else { last };
        let value = self.get(call, at)?;
        let unbound = call.constant(Value::UNBOUND);
        self.set(call, at, unbound)?;
        if end == End::Left {
            self.head = self.place(call, one)?;
        }
        self.len = last;
        Ok(value)
    }

    /// Adds an item at an end of a ring that has room for it wherever the trace runs.
    fn push(&mut self, call: &mut NativeCall<'_>, end: End, value: UopIdx) -> Result<(), Abort> {
        let (zero, one) = (call.const_int(0), call.const_int(1));
        let at = match end {
            End::Left => {
                let before = call.const_int(-1);
                self.head = self.place(call, before)?;
                zero
            }
            End::Right => self.len,
        };
        self.set(call, at, value)?;
        self.len = call.compute(Op::IntAddWrap {}, &[self.len, one])?;
        Ok(())
    }

    /// Writes back what `n` changes have made of it.
    fn store(&self, call: &mut NativeCall<'_>, n: i64) -> Result<(), Abort> {
        let changes = call.load(self.deque, member!(Deque, changes))?;
        let n = call.const_int(n);
        let changes = call.compute(Op::IntAddWrap {}, &[changes, n])?;
        call.store(self.deque, member!(Deque, head), self.head)?;
        call.store(self.deque, member!(Deque, len), self.len)?;
        call.store(self.deque, member!(Deque, changes), changes)
    }
}

pub fn push(call: &mut NativeCall<'_>, end: End) -> Traced {
    let &[deque, item] = call.arguments() else { return Ok(None) };
    let Some(deque) = call.object::<Deque>(deque)? else { return Ok(None) };
    let now = deque.now;
    let is_full = now.len >= now.max_len;
    if now.max_len == 0 || (!is_full && now.len >= now.places().len()) {
        return Ok(None);
    }
    let mut ring = Ring::of(call, deque)?;
    let max_len = call.load(deque, member!(Deque, max_len))?;
    let has_room = call.compute(Op::IntUlt {}, &[ring.len, max_len])?;
    call.guard_truth(has_room, !is_full)?;
    if is_full {
        // It never has more items than that; the first or the last one makes room.
        let zero = call.const_int(0);
        let has_any = call.compute(Op::IntLt {}, &[zero, ring.len])?;
        call.guard_truth(has_any, true)?;
        ring.pop(call, if end == End::Left { End::Right } else { End::Left })?;
    } else {
        // SAFETY: as in `Ring::of`.
        let capacity = unsafe { call.capacity(ring.items)? };
        let has_place = call.compute(Op::IntUlt {}, &[ring.len, capacity])?;
        call.guard_truth(has_place, true)?;
    }
    ring.push(call, end, item.uop)?;
    ring.store(call, 1 + i64::from(is_full))?;
    Ok(Some(call.none()))
}

pub fn pop(call: &mut NativeCall<'_>, end: End) -> Traced {
    let &[deque] = call.arguments() else { return Ok(None) };
    let Some(deque) = call.object::<Deque>(deque)? else { return Ok(None) };
    if deque.now.len == 0 {
        return Ok(None);
    }
    let mut ring = Ring::of(call, deque)?;
    let zero = call.const_int(0);
    let has_any = call.compute(Op::IntLt {}, &[zero, ring.len])?;
    call.guard_truth(has_any, true)?;
    let value = ring.pop(call, end)?;
    ring.store(call, 1)?;
    Ok(Some(value))
}

fn len(call: &mut NativeCall<'_>) -> Traced {
    let &[deque] = call.arguments() else { return Ok(None) };
    let Some(deque) = call.object::<Deque>(deque)? else { return Ok(None) };
    call.load(deque, member!(Deque, len)).map(Some)
}

/// The ring, and which item an index names, if it names one now.
fn item(call: &mut NativeCall<'_>, deque: Operand, index: Operand) -> Traced<(Ring, UopIdx)> {
    let Some(deque) = call.object::<Deque>(deque)? else { return Ok(None) };
    let len_now = deque.now.len as i64;
    if !index.now.is_int() || !(-len_now..len_now).contains(&index.now.as_int()) {
        return Ok(None);
    }
    let ring = Ring::of(call, deque)?;
    let at = call.place(index, ring.len)?;
    Ok(Some((ring, at)))
}

fn get_item(call: &mut NativeCall<'_>) -> Traced {
    let &[deque, index] = call.arguments() else { return Ok(None) };
    match item(call, deque, index)? {
        Some((ring, at)) => ring.get(call, at).map(Some),
        None => Ok(None),
    }
}

fn set_item(call: &mut NativeCall<'_>) -> Traced {
    let &[deque, index, value] = call.arguments() else { return Ok(None) };
    let Some((ring, at)) = item(call, deque, index)? else { return Ok(None) };
    ring.set(call, at, value.uop)?;
    Ok(Some(call.none()))
}

/// A step of an iterator over a deque that has not changed.
pub fn next<const REVERSE: bool>(call: &mut NativeCall<'_>) -> Traced<Step>
where
    DequeIterator<REVERSE>: Object,
{
    let &[iterator] = call.arguments() else { return Ok(None) };
    let Some(iterator) = call.object::<DequeIterator<REVERSE>>(iterator)? else { return Ok(None) };
    let now = iterator.now;
    let uop = call.load(iterator, member!(DequeIterator<REVERSE>, deque))?;
    let Some(deque) = call.object::<Deque>(Operand { uop, now: now.deque })? else { return Ok(None) };
    if deque.now.changes != now.changes {
        return Ok(None);
    }
    let left = call.load(iterator, member!(DequeIterator<REVERSE>, left))?;
    let expected = call.load(iterator, member!(DequeIterator<REVERSE>, changes))?;
    let changes = call.load(deque, member!(Deque, changes))?;
    let is_unchanged = call.compute(Op::IntEq {}, &[changes, expected])?;
    call.guard_truth(is_unchanged, true)?;
    let (zero, one) = (call.const_int(0), call.const_int(1));
    let has_more = call.compute(Op::IntLt {}, &[zero, left])?;
    call.guard_truth(has_more, now.left > 0)?;
    if now.left == 0 {
        return Ok(Some(Step::Exhausted));
    }
    let done = call.load(iterator, member!(DequeIterator<REVERSE>, done))?;
    let left = call.compute(Op::IntSubWrap {}, &[left, one])?;
    let ring = Ring::of(call, deque)?;
    let value = ring.get(call, if REVERSE { left } else { done })?;
    let done = call.compute(Op::IntAddWrap {}, &[done, one])?;
    call.store(iterator, member!(DequeIterator<REVERSE>, done), done)?;
    call.store(iterator, member!(DequeIterator<REVERSE>, left), left)?;
    Ok(Some(Step::Value(value)))
}
