//! Stripping and padding.

use super::builder::StrBuilder;
use super::classify::is_space;
use super::{fill_character, receiver};
use crate::object::string::{View, str_of};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

fn strip_ends(vm: &mut Vm, args: &[Value], left: bool, right: bool, method: &str) -> PyResult {
    let text = receiver(vm, args)?;
    let characters: Option<View<'_>> = match vm.optional(args[1]) {
        None => None,
        Some(value) if vm.is_str(value) => Some(str_of(value).view()),
        Some(value) => {
            let message = format!("{method} arg must be None or str, not {}", vm.class_name(value));
            return Err(vm.raise_type(&message));
        }
    };
    let is_stripped = |point: u32| match characters {
        None => is_space(point),
        Some(set) => set.code_points().any(|p| p == point),
    };
    let (mut start, mut end) = (0, text.len());
    while left && start < end && is_stripped(text.at(start)) {
        start += 1;
    }
    while right && end > start && is_stripped(text.at(end - 1)) {
        end -= 1;
    }
    if start == 0 && end == text.len() {
        return vm.exact_alias(args[0]);
    }
    Ok(vm.str_slice(args[0], start, end))
}

pub fn strip(vm: &mut Vm, args: &[Value]) -> PyResult {
    strip_ends(vm, args, true, true, "strip")
}

pub fn lstrip(vm: &mut Vm, args: &[Value]) -> PyResult {
    strip_ends(vm, args, true, false, "lstrip")
}

pub fn rstrip(vm: &mut Vm, args: &[Value]) -> PyResult {
    strip_ends(vm, args, false, true, "rstrip")
}

/// How much is missing to a width argument.
fn missing(vm: &mut Vm, text: View<'_>, width: Value) -> PyResult<usize> {
    let width = vm.index_i64(width)?;
    let missing = (width.max(0) as usize).saturating_sub(text.len());
    if missing > 1 << 32 {
        return Err(vm.raise_memory());
    }
    Ok(missing)
}

fn pad(vm: &mut Vm, args: &[Value], left: impl Fn(usize, usize) -> usize) -> PyResult {
    let text = receiver(vm, args)?;
    let missing = missing(vm, text, args[1])?;
    let fill = fill_character(vm, args[2])?;
    if missing == 0 {
        return vm.exact_alias(args[0]);
    }
    let left = left(missing, text.len() + missing);
    let mut result = StrBuilder::new();
    result.repeat(fill, left);
    result.push_view(text);
    result.repeat(fill, missing - left);
    Ok(result.finish(vm))
}

pub fn center(vm: &mut Vm, args: &[Value]) -> PyResult {
    pad(vm, args, |missing, width| missing / 2 + (missing & width & 1))
}

pub fn ljust(vm: &mut Vm, args: &[Value]) -> PyResult {
    pad(vm, args, |_, _| 0)
}

pub fn rjust(vm: &mut Vm, args: &[Value]) -> PyResult {
    pad(vm, args, |missing, _| missing)
}

pub fn zfill(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let missing = missing(vm, text, args[1])?;
    if missing == 0 {
        return vm.exact_alias(args[0]);
    }
    let signed = !text.is_empty() && (text.at(0) == '+' as u32 || text.at(0) == '-' as u32);
    let mut result = StrBuilder::new();
    if signed {
        result.push(text.at(0));
    }
    result.repeat('0' as u32, missing);
    result.push_part(text, signed as usize, text.len());
    Ok(result.finish(vm))
}

pub fn expandtabs(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let size = if args[1].is_unbound() { 8 } else { vm.index_i64(args[1])?.clamp(0, 1 << 20) as usize };
    let mut result = StrBuilder::new();
    let mut column = 0;
    for point in text.code_points() {
        match char::from_u32(point) {
            Some('\t') => {
                let n = if size == 0 { 0 } else { size - column % size };
                result.repeat(' ' as u32, n);
                column += n;
            }
            Some('\n' | '\r') => {
                result.push(point);
                column = 0;
            }
            _ => {
                result.push(point);
                column += 1;
            }
        }
    }
    Ok(result.finish(vm))
}
