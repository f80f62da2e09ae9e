//! Splitting and joining.

use super::classify::is_space;
use super::receiver;
use super::search::{find_in, rfind_in};
use crate::builtins::receiver::{list_of, str_arg, tuple_of};
use crate::object::string::{View, str_of};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub fn join(vm: &mut Vm, args: &[Value]) -> PyResult {
    let separator = receiver(vm, args)?;
    let is_plain = vm.is_exact(args[1], BuiltinType::List) || vm.is_exact(args[1], BuiltinType::Tuple);
    let sequence = if is_plain { args[1] } else { collect(vm, args[1])? };
    let items =
        if vm.is_exact(sequence, BuiltinType::Tuple) { tuple_of(sequence).items() } else { list_of(sequence).items() };
    if let [only] = items
        && vm.is_exact(*only, BuiltinType::Str)
    {
        return Ok(*only);
    }
    if let Some(i) = items.iter().position(|&item| !vm.is_str(item)) {
        let message = format!("sequence item {i}: expected str instance, {} found", vm.class_name(items[i]));
        return Err(vm.raise_type(&message));
    }
    vm.str_join(separator, items)
}

fn collect(vm: &mut Vm, iterable: Value) -> PyResult {
    let names = vm.names;
    if vm.lookup_special(iterable, names.__iter__).is_none() && vm.lookup_special(iterable, names.__getitem__).is_none()
    {
        return Err(vm.raise_type("can only join an iterable"));
    }
    vm.collect(iterable)
}

fn limit(vm: &mut Vm, value: Value) -> PyResult<usize> {
    let limit = if value.is_unbound() { -1 } else { vm.index_clamped(value)? };
    Ok(if limit < 0 { usize::MAX } else { limit as usize })
}

fn separator<'a>(vm: &mut Vm, value: Value) -> PyResult<Option<View<'a>>> {
    let Some(value) = vm.optional(value) else { return Ok(None) };
    let view = if vm.is_str(value) {
        str_of(value).view()
    } else {
        let message = format!("must be str or None, not {}", vm.class_name(value));
        return Err(vm.raise_type(&message));
    };
    if view.is_empty() {
        return Err(vm.raise_value("empty separator"));
    }
    Ok(Some(view))
}

fn push(vm: &mut Vm, list: Value, text: Value, start: usize, end: usize) -> PyResult<()> {
    let part = vm.str_slice(text, start, end);
    vm.list_push(list_of(list), part)
}

pub fn split(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let separator = separator(vm, args[1])?;
    let mut left = limit(vm, args[2])?;
    let list = vm.new_list(&[])?;
    let (mut at, len) = (0, text.len());
    if let Some(separator) = separator {
        while left > 0
            && let Some(found) = find_in(text, separator, at, len)
        {
            push(vm, list, args[0], at, found)?;
            at = found + separator.len();
            left -= 1;
        }
        push(vm, list, args[0], at, len)?;
        return Ok(list);
    }
    loop {
        while at < len && is_space(text.at(at)) {
            at += 1;
        }
        if at == len {
            return Ok(list);
        }
        if left == 0 {
            push(vm, list, args[0], at, len)?;
            return Ok(list);
        }
        let end = (at..len).find(|&i| is_space(text.at(i))).unwrap_or(len);
        push(vm, list, args[0], at, end)?;
        at = end;
        left -= 1;
    }
}

pub fn rsplit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let separator = separator(vm, args[1])?;
    let mut left = limit(vm, args[2])?;
    let list = vm.new_list(&[])?;
    let mut end = text.len();
    if let Some(separator) = separator {
        while left > 0
            && let Some(found) = rfind_in(text, separator, 0, end)
        {
            push(vm, list, args[0], found + separator.len(), end)?;
            end = found;
            left -= 1;
        }
        push(vm, list, args[0], 0, end)?;
    } else {
        loop {
            while end > 0 && is_space(text.at(end - 1)) {
                end -= 1;
            }
            if end == 0 {
                break;
            }
            if left == 0 {
                push(vm, list, args[0], 0, end)?;
                break;
            }
            let start = (0..end).rev().find(|&i| is_space(text.at(i))).map_or(0, |i| i + 1);
            push(vm, list, args[0], start, end)?;
            end = start;
            left -= 1;
        }
    }
    let object = list_of(list);
    let len = object.len;
    object.array().elements_mut()[..len].reverse();
    Ok(list)
}

fn is_line_end(point: u32) -> bool {
    matches!(point, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

pub fn splitlines(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let keep = !args[1].is_unbound() && vm.is_true(args[1])?;
    let list = vm.new_list(&[])?;
    let (mut at, len) = (0, text.len());
    while at < len {
        let end = (at..len).find(|&i| is_line_end(text.at(i))).unwrap_or(len);
        let is_pair = end + 1 < len && text.at(end) == 0x0D && text.at(end + 1) == 0x0A;
        let next = (end + 1 + is_pair as usize).min(len);
        push(vm, list, args[0], at, if keep { next } else { end })?;
        at = next;
    }
    Ok(list)
}

fn split_at(vm: &mut Vm, args: &[Value], found: Option<usize>, from_right: bool) -> PyResult {
    let len = str_of(args[0]).len;
    let empty = vm.str_from_latin1(b"");
    Ok(match found {
        Some(at) => {
            let head = vm.str_slice(args[0], 0, at);
            let tail = vm.str_slice(args[0], at + str_of(args[1]).len, len);
            vm.new_tuple(&[head, args[1], tail])
        }
        None if from_right => vm.new_tuple(&[empty, empty, args[0]]),
        None => vm.new_tuple(&[args[0], empty, empty]),
    })
}

pub fn partition(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let separator = str_arg(vm, args[1], "partition() argument")?.view();
    if separator.is_empty() {
        return Err(vm.raise_value("empty separator"));
    }
    split_at(vm, args, find_in(text, separator, 0, text.len()), false)
}

pub fn rpartition(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let separator = str_arg(vm, args[1], "rpartition() argument")?.view();
    if separator.is_empty() {
        return Err(vm.raise_value("empty separator"));
    }
    split_at(vm, args, rfind_in(text, separator, 0, text.len()), true)
}
