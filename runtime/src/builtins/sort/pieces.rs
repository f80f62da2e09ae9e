//! Sorting what has no code of Python's to run: long sequences in pieces, so that an interrupt is answered between them.

use crate::vm::{PyResult, Vm};
use std::cmp::Ordering;

/// What is merged between two looks for an interrupt.
const MERGED: usize = 1 << 16;

/// Sorts; stably, where `sort_piece` does so. It gets pieces of `piece` elements at the most, in a few milliseconds each. Where an
/// interrupt is answered the elements are left in any order.
pub fn sort_in_pieces<T: Copy>(
    vm: &mut Vm,
    items: &mut [T],
    piece: usize,
    compare: impl Fn(&T, &T) -> Ordering + Copy,
    sort_piece: impl Fn(&mut [T]),
) -> PyResult<()> {
    if items.len() <= piece {
        sort_piece(items);
        return Ok(());
    }
    if items.is_sorted_by(|a, b| compare(b, a) == Ordering::Less) {
        items.reverse();
        return Ok(());
    }
    for part in items.chunks_mut(piece) {
        sort_piece(part);
        vm.answer_interrupt()?;
    }
    let in_order = |items: &[T], at: usize| compare(&items[at], &items[at - 1]) != Ordering::Less;
    if (piece..items.len()).step_by(piece).all(|at| in_order(items, at)) {
        return Ok(());
    }
    let mut copy = Vec::new();
    if copy.try_reserve_exact(items.len()).is_err() {
        return Err(vm.raise_memory());
    }
    copy.extend_from_slice(items);
    let (mut from, mut to, mut is_in_copy): (&mut [T], &mut [T], bool) = (items, &mut copy, false);
    let mut width = piece;
    let mut merged = Ok(());
    while width < from.len() && merged.is_ok() {
        for (from, to) in from.chunks(2 * width).zip(to.chunks_mut(2 * width)) {
            if from.len() <= width || in_order(from, width) {
                to.copy_from_slice(from);
            } else {
                let (left, right) = from.split_at(width);
                merged = merge(vm, left, right, to, compare);
            }
            if merged.is_err() {
                break;
            }
        }
        if merged.is_ok() {
            (from, to, is_in_copy) = (to, from, !is_in_copy);
        }
        width *= 2;
    }
    // What was merged into last holds some of them twice where it was interrupted.
    if is_in_copy {
        to.copy_from_slice(from);
    }
    merged
}

/// Merges two sorted sequences into a third, as long as both: of equals the left ones come first.
fn merge<T: Copy>(
    vm: &mut Vm,
    mut left: &[T],
    mut right: &[T],
    to: &mut [T],
    compare: impl Fn(&T, &T) -> Ordering,
) -> PyResult<()> {
    for to in to.chunks_mut(MERGED) {
        let (mut i, mut j) = (0, 0);
        for place in to {
            // Which one it is cannot be foreseen: no branch is to hang on it.
            let is_right = match (left.get(i), right.get(j)) {
                (Some(left), Some(right)) => compare(right, left) == Ordering::Less,
                (left, _) => left.is_none(),
            };
            *place = if is_right { right[j] } else { left[i] };
            i += usize::from(!is_right);
            j += usize::from(is_right);
        }
        (left, right) = (&left[i..], &right[j..]);
        vm.answer_interrupt()?;
    }
    Ok(())
}
