//! Sorting: a stable merge sort of a permutation, so that the values stay in heap arrays where the collector sees them.

mod pieces;

use crate::object::argument::{OrNone, This};
use crate::object::compare::cmp;
use crate::object::layout::StrObject;
use crate::object::layout::{ListObject, ValueArray};
use crate::object::slots::Compare;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use pieces::sort_in_pieces;
use std::cmp::Ordering;

/// Runs of up to so many elements are sorted by insertion.
const INSERTION: usize = 12;
/// So many numbers, or texts, are sorted between two looks for an interrupt.
const NUMBERS: usize = 1 << 17;
const TEXTS: usize = 1 << 13;

/// `list.sort`: the list is empty to whoever looks while it is being sorted.
pub fn list_sort(vm: &mut Vm, this: This<ListObject>, key: OrNone<Value>, reverse: Option<bool>) -> PyResult<()> {
    sort(vm, this.value(), key.0, reverse == Some(true))
}

/// Sorts a list in place; ValueError if it was changed meanwhile.
pub fn sort(vm: &mut Vm, list: Value, key: Option<Value>, reverse: bool) -> PyResult<()> {
    let len = This::<ListObject>::expect(vm, list).len;
    if len < 2 && key.is_none() {
        return Ok(());
    }
    let empty = vm.new_array(0)?;
    let mut object = This::<ListObject>::expect(vm, list);
    let items = std::mem::replace(&mut object.items, empty);
    object.len = 0;
    vm.barrier(list.as_ptr::<ValueArray>());
    let sorted = sort_array(vm, items, len, key, reverse);
    let mut object = This::<ListObject>::expect(vm, list);
    // One that was emptied again has the array of all empty lists.
    let changed = object.items != empty && object.items != vm.empty_array || object.len != 0;
    object.items = items;
    object.len = len;
    vm.barrier(list.as_ptr::<ValueArray>());
    vm.barrier(items.as_ptr::<ValueArray>());
    sorted?;
    if changed {
        return Err(vm.raise_value("list modified during sort"));
    }
    Ok(())
}

fn elements<'a>(array: Value) -> &'a mut [Value] {
    // SAFETY: callers pass a live value array that nobody else writes to.
    unsafe { (*array.as_ptr::<ValueArray>()).elements_mut() }
}

fn sort_array(vm: &mut Vm, items: Value, len: usize, key: Option<Value>, reverse: bool) -> PyResult<()> {
    let keys = match key {
        None => items,
        Some(key) => {
            let keys = vm.new_array(len)?;
            for i in 0..len {
                let value = vm.call(key, &[elements(items)[i]])?;
                elements(keys)[i] = value;
                vm.barrier(keys.as_ptr::<ValueArray>());
            }
            keys
        }
    };
    // A reversed stable sort is a stable sort of the reversed list, reversed.
    if reverse {
        elements(items)[..len].reverse();
        if keys != items {
            elements(keys)[..len].reverse();
        }
    }
    let result = sort_by_keys(vm, items, keys, len);
    if reverse {
        elements(items)[..len].reverse();
    }
    result
}

fn sort_by_keys(vm: &mut Vm, items: Value, keys: Value, len: usize) -> PyResult<()> {
    let words = &elements(keys)[..len];
    let order: Vec<u32> = if words.iter().all(|k| k.is_int()) {
        if keys == items {
            let by_value = |a: &Value, b: &Value| a.as_int().cmp(&b.as_int());
            return sort_in_pieces(vm, &mut elements(items)[..len], NUMBERS, by_value, |part| {
                part.sort_unstable_by_key(|k| k.as_int());
            });
        }
        order_by(vm, len, NUMBERS, |i| words[i].as_int())?
    } else if words.iter().all(|k| k.is_float() && !k.as_float().is_nan()) {
        if keys == items {
            // Zeros of both signs are equal and must stay in order: a stable sort.
            let by_value = |a: &Value, b: &Value| a.as_float().total_cmp(&b.as_float()).then_with_zero(*a, *b);
            return sort_in_pieces(vm, &mut elements(items)[..len], NUMBERS, by_value, |part| part.sort_by(by_value));
        }
        order_by(vm, len, NUMBERS, |i| FloatKey(words[i].as_float() + 0.0))?
    } else if words.iter().all(|&k| vm.is_exactly::<StrObject>(k)) {
        if words.iter().all(|&k| vm.str_of(k).width == 1) {
            let views = each_text(vm, words, |view| match view {
                View::One(data) => data,
                _ => &[],
            })?;
            order_by(vm, len, TEXTS, |i| views[i])?
        } else {
            let views = each_text(vm, words, TextKey)?;
            order_by(vm, len, TEXTS, |i| views[i])?
        }
    } else {
        let mut order: Vec<u32> = (0..len as u32).collect();
        let common = common_comparison(vm, words);
        merge_sort(&mut order, &mut |a, b| {
            vm.answer_interrupt()?;
            let (a, b) = (elements(keys)[a as usize], elements(keys)[b as usize]);
            match common {
                Some(compare) => match compare(vm, cmp::LT, a, b)? {
                    answer if answer.is_bool() => Ok(answer.as_bool()),
                    _ => vm.less_than(a, b),
                },
                None => vm.less_than(a, b),
            }
        })?;
        order
    };
    permute(vm, items, &order)
}

/// What compares keys that are all of one built-in type, and so is asked without a look at their classes each time.
fn common_comparison(vm: &Vm, keys: &[Value]) -> Option<Compare> {
    let &first = keys.first()?;
    let spec = vm.exact_spec(first)?;
    let is_common = keys.iter().all(|&key| vm.exact_spec(key).is_some_and(|other| std::ptr::eq(other, spec)));
    if is_common { vm.slots_of(first).compare } else { None }
}

/// Orders floats that are not NaN.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct FloatKey(f64);
impl Eq for FloatKey {}
#[expect(clippy::derive_ord_xor_partial_ord, reason = "NaN, the only difference, was excluded")]
impl Ord for FloatKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.partial_cmp(other).unwrap_or(Ordering::Equal)
    }
}

/// Something of each text.
fn each_text<'a, K>(vm: &mut Vm, words: &[Value], key: impl Fn(View<'a>) -> K) -> PyResult<Vec<K>> {
    let mut keys = Vec::with_capacity(words.len());
    for part in words.chunks(TEXTS) {
        keys.extend(part.iter().map(|&word| key(vm.str_of(word).view())));
        vm.answer_interrupt()?;
    }
    Ok(keys)
}

/// Orders texts of any width by their characters.
#[derive(Clone, Copy)]
struct TextKey<'a>(View<'a>);
impl PartialEq for TextKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for TextKey<'_> {}
impl PartialOrd for TextKey<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for TextKey<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.code_points().cmp(other.0.code_points())
    }
}

trait ThenWithZero {
    fn then_with_zero(self, a: Value, b: Value) -> Self;
}
impl ThenWithZero for Ordering {
    /// Equal where both are zeros.
    fn then_with_zero(self, a: Value, b: Value) -> Self {
        if a.as_float() == b.as_float() { Ordering::Equal } else { self }
    }
}

fn order_by<K: Ord + Copy>(vm: &mut Vm, len: usize, piece: usize, key: impl Fn(usize) -> K) -> PyResult<Vec<u32>> {
    let mut order: Vec<(K, u32)> = (0..len).map(|i| (key(i), i as u32)).collect();
    let by_key = |a: &(K, u32), b: &(K, u32)| a.0.cmp(&b.0);
    sort_in_pieces(vm, &mut order, piece, by_key, |part| part.sort_by(by_key))?;
    Ok(order.into_iter().map(|(_, i)| i).collect())
}

fn permute(vm: &mut Vm, items: Value, order: &[u32]) -> PyResult<()> {
    let copy = vm.new_array(order.len())?;
    elements(copy).copy_from_slice(&elements(items)[..order.len()]);
    for (target, &from) in elements(items).iter_mut().zip(order) {
        *target = elements(copy)[from as usize];
    }
    Ok(())
}

/// Stable; asks `less(later, earlier)` alone, so that sorted input costs `n - 1` questions and some.
fn merge_sort(order: &mut [u32], less: &mut dyn FnMut(u32, u32) -> PyResult<bool>) -> PyResult<()> {
    let len = order.len();
    // A strictly falling sequence is turned round.
    let mut fallen = 1;
    while fallen < len && less(order[fallen], order[fallen - 1])? {
        fallen += 1;
    }
    order[..fallen].reverse();
    if fallen == len {
        return Ok(());
    }
    let mut risen = fallen;
    while risen < len && !less(order[risen], order[risen - 1])? {
        risen += 1;
    }
    if risen == len {
        return Ok(());
    }
    for run in order.chunks_mut(INSERTION) {
        for i in 1..run.len() {
            let item = run[i];
            let (mut low, mut high) = (0, i);
            while low < high {
                let middle = (low + high) / 2;
                if less(item, run[middle])? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            run.copy_within(low..i, low + 1);
            run[low] = item;
        }
    }
    let mut left: Vec<u32> = Vec::with_capacity(len);
    let mut width = INSERTION;
    while width < len {
        for run in order.chunks_mut(width * 2) {
            if run.len() <= width || !less(run[width], run[width - 1])? {
                continue;
            }
            left.clear();
            left.extend_from_slice(&run[..width]);
            let (mut i, mut j, mut to) = (0, width, 0);
            while i < left.len() && j < run.len() {
                if less(run[j], left[i])? {
                    run[to] = run[j];
                    j += 1;
                } else {
                    run[to] = left[i];
                    i += 1;
                }
                to += 1;
            }
            run[to..to + left.len() - i].copy_from_slice(&left[i..]);
        }
        width *= 2;
    }
    Ok(())
}
