//! Splitting and joining.

use super::ThisStr;
use super::classify::is_space;
use super::search::{Matches, find_in, rfind_in};
use crate::object::argument::{Index, Str, This};
use crate::object::layout::ListObject;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub fn join(vm: &mut Vm, this: ThisStr, iterable: Value) -> PyResult {
    let sequence = if vm.exact_items(iterable).is_some() { iterable } else { collect(vm, iterable)? };
    let items = vm.exact_items(sequence).unwrap_or_default();
    if let [only] = items
        && vm.exact_spec(*only).is_some_and(|spec| std::ptr::eq(spec, &super::STR))
    {
        return Ok(*only);
    }
    if let Some(i) = items.iter().position(|&item| Str::of(vm, item).is_none()) {
        let message = format!("sequence item {i}: expected str instance, {} found", vm.class_name(items[i]));
        return Err(vm.raise_type(&message));
    }
    vm.str_join(this.view(), items)
}

/// A list of what an iterable gives.
fn collect(vm: &mut Vm, iterable: Value) -> PyResult {
    if !vm.is_iterable(iterable) {
        return Err(vm.raise_type("can only join an iterable"));
    }
    vm.collect_sequence(iterable)
}

fn limit(limit: Option<Index>) -> usize {
    limit.and_then(|limit| usize::try_from(limit.0).ok()).unwrap_or(usize::MAX)
}

/// A separator that was given; ValueError where it is empty.
fn given_separator<'a>(vm: &mut Vm, separator: Value) -> PyResult<Option<View<'a>>> {
    let Some(separator) = vm.optional(separator) else { return Ok(None) };
    match Str::of(vm, separator).map(Str::view) {
        Some(view) if view.is_empty() => Err(vm.raise_value("empty separator")),
        Some(view) => Ok(Some(view)),
        None => {
            let message = format!("must be str or None, not {}", vm.class_name(separator));
            Err(vm.raise_type(&message))
        }
    }
}

/// A list of parts of a text that grows.
struct Parts {
    list: This<ListObject>,
    text: ThisStr,
}

impl Parts {
    fn of(vm: &mut Vm, text: ThisStr) -> PyResult<Parts> {
        Ok(Parts { list: vm.new_list_object()?, text })
    }

    fn push(&self, vm: &mut Vm, start: usize, end: usize) -> PyResult<()> {
        let is_whole = start == 0 && end == self.text.len;
        let part =
            if is_whole { vm.exact_alias(self.text.value())? } else { vm.str_slice(self.text.value(), start, end) };
        vm.list_push(self.list.pointer(), part)
    }

    fn reversed(mut self) -> Value {
        self.list.items_mut().reverse();
        self.list.value()
    }
}

pub fn split(vm: &mut Vm, this: ThisStr, separator: Value, most: Option<Index>) -> PyResult {
    let (text, len) = (this.view(), this.len);
    let separator = given_separator(vm, separator)?;
    let mut left = limit(most);
    let parts = Parts::of(vm, this)?;
    let mut at = 0;
    if let Some(separator) = separator {
        for found in Matches::of(text, separator, 0, len).take(left) {
            parts.push(vm, at, found)?;
            at = found + separator.len();
        }
        parts.push(vm, at, len)?;
    } else {
        while let Some(start) = text.position(at, |point| !is_space(point)) {
            let end = if left == 0 { None } else { text.position(start, is_space) };
            at = end.unwrap_or(len);
            parts.push(vm, start, at)?;
            left = left.saturating_sub(1);
        }
    }
    Ok(parts.list.value())
}

pub fn rsplit(vm: &mut Vm, this: ThisStr, separator: Value, most: Option<Index>) -> PyResult {
    let text = this.view();
    let separator = given_separator(vm, separator)?;
    let mut left = limit(most);
    let parts = Parts::of(vm, this)?;
    let mut end = this.len;
    if let Some(separator) = separator {
        while left > 0
            && let Some(found) = rfind_in(text, separator, 0, end)
        {
            parts.push(vm, found + separator.len(), end)?;
            end = found;
            left -= 1;
        }
        parts.push(vm, 0, end)?;
    } else {
        while let Some(last) = text.rposition(end, |point| !is_space(point)) {
            let space = if left == 0 { None } else { text.rposition(last, is_space) };
            end = space.map_or(0, |at| at + 1);
            parts.push(vm, end, last + 1)?;
            left = left.saturating_sub(1);
        }
    }
    Ok(parts.reversed())
}

fn is_line_end(point: u32) -> bool {
    matches!(point, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

pub fn splitlines(vm: &mut Vm, this: ThisStr, keep_ends: Option<bool>) -> PyResult {
    let (text, len) = (this.view(), this.len);
    let keep_ends = keep_ends.unwrap_or(false);
    let parts = Parts::of(vm, this)?;
    let mut at = 0;
    while at < len {
        let end = text.position(at, is_line_end).unwrap_or(len);
        let is_pair = end + 1 < len && text.at(end) == 0x0D && text.at(end + 1) == 0x0A;
        let next = (end + 1 + is_pair as usize).min(len);
        parts.push(vm, at, if keep_ends { next } else { end })?;
        at = next;
    }
    Ok(parts.list.value())
}

type Finder = fn(View<'_>, View<'_>, usize, usize) -> Option<usize>;

/// What is before a separator, the separator, what is behind it; `None`: it is not there.
fn parted(vm: &mut Vm, this: ThisStr, separator: Value, find: Finder) -> PyResult<Option<Value>> {
    let Some(part) = Str::of(vm, separator).map(Str::view) else {
        let message = format!("must be str, not {}", vm.class_name(separator));
        return Err(vm.raise_type(&message));
    };
    if part.is_empty() {
        return Err(vm.raise_value("empty separator"));
    }
    let Some(at) = find(this.view(), part, 0, this.len) else { return Ok(None) };
    let head = vm.str_slice(this.value(), 0, at);
    let tail = vm.str_slice(this.value(), at + part.len(), this.len);
    Ok(Some(vm.new_tuple(&[head, separator, tail])))
}

pub fn partition(vm: &mut Vm, this: ThisStr, separator: Value) -> PyResult {
    let parted = parted(vm, this, separator, find_in)?;
    let empty = vm.str_from_latin1(b"");
    Ok(parted.unwrap_or_else(|| vm.new_tuple(&[this.value(), empty, empty])))
}

pub fn rpartition(vm: &mut Vm, this: ThisStr, separator: Value) -> PyResult {
    let parted = parted(vm, this, separator, rfind_in)?;
    let empty = vm.str_from_latin1(b"");
    Ok(parted.unwrap_or_else(|| vm.new_tuple(&[empty, empty, this.value()])))
}
