//! Finding and replacing.

use super::builder::{StrBuilder, slice};
use super::{each_affix, receiver};
use crate::builtins::receiver::str_arg;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use memchr::memmem;

/// Where `needle` first stands in `text`, both of one width.
fn find_slice<T: Copy + PartialEq>(text: &[T], needle: &[T]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let last = text.len().checked_sub(needle.len())?;
    let mut at = 0;
    while at <= last {
        at += text[at..=last].iter().position(|&c| c == first)?;
        if &text[at + 1..at + needle.len()] == rest {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The same for bytes. A searcher is made for what is worth it.
fn find_bytes(text: &[u8], needle: &[u8]) -> Option<usize> {
    const LONG: usize = 64;
    match needle {
        [byte] => memchr::memchr(*byte, text),
        _ if text.len() < LONG => find_slice(text, needle),
        _ => memmem::find(text, needle),
    }
}

/// The first place of `needle` in code points `start..end` of `text`.
pub fn find_in(text: View<'_>, needle: View<'_>, start: usize, end: usize) -> Option<usize> {
    if start > end || needle.len() > end - start {
        return None;
    }
    if needle.is_empty() {
        return Some(start);
    }
    let found = match (slice(text, start, end), needle) {
        (View::One(a), View::One(b)) => find_bytes(a, b),
        (View::Two(a), View::Two(b)) => find_slice(a, b),
        (View::Four(a), View::Four(b)) => find_slice(a, b),
        (a, b) => (0..=a.len() - b.len()).find(|&i| matches_at(a, b, i)),
    };
    found.map(|i| i + start)
}

fn matches_at(text: View<'_>, needle: View<'_>, at: usize) -> bool {
    (0..needle.len()).all(|i| text.at(at + i) == needle.at(i))
}

/// The last place of `needle` in code points `start..end` of `text`.
pub fn rfind_in(text: View<'_>, needle: View<'_>, start: usize, end: usize) -> Option<usize> {
    if start > end || needle.len() > end - start {
        return None;
    }
    if let (View::One(a), View::One(b)) = (slice(text, start, end), needle) {
        return memmem::rfind(a, b).map(|i| i + start);
    }
    (start..=end - needle.len()).rev().find(|&i| matches_at(text, needle, i))
}

type Finder = fn(View<'_>, View<'_>, usize, usize) -> Option<usize>;

fn locate(vm: &mut Vm, args: &[Value], method: &str, finder: Finder) -> PyResult<Option<usize>> {
    let text = receiver(vm, args)?;
    let needle = str_arg(vm, args[1], &format!("{method}() argument 1"))?.view();
    let (start, end) = vm.search_bounds(args[2], args[3], text.len())?;
    Ok(finder(text, needle, start, end))
}

fn position(found: Option<usize>) -> Value {
    Value::small_int(found.map_or(-1, |i| i as i64))
}

pub fn find(vm: &mut Vm, args: &[Value]) -> PyResult {
    locate(vm, args, "find", find_in).map(position)
}

pub fn rfind(vm: &mut Vm, args: &[Value]) -> PyResult {
    locate(vm, args, "rfind", rfind_in).map(position)
}

pub fn index(vm: &mut Vm, args: &[Value]) -> PyResult {
    match locate(vm, args, "index", find_in)? {
        None => Err(vm.raise_value("substring not found")),
        found => Ok(position(found)),
    }
}

pub fn rindex(vm: &mut Vm, args: &[Value]) -> PyResult {
    match locate(vm, args, "rindex", rfind_in)? {
        None => Err(vm.raise_value("substring not found")),
        found => Ok(position(found)),
    }
}

pub fn count(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let needle = str_arg(vm, args[1], "count() argument 1")?.view();
    let (mut at, end) = vm.search_bounds(args[2], args[3], text.len())?;
    if needle.is_empty() {
        return Ok(Value::small_int(if at > end { 0 } else { (end - at) as i64 + 1 }));
    }
    let mut n = 0;
    while let Some(found) = find_in(text, needle, at, end) {
        n += 1;
        at = found + needle.len();
    }
    Ok(Value::small_int(n))
}

pub fn replace(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let old = str_arg(vm, args[1], "replace() argument 1")?.view();
    let new = str_arg(vm, args[2], "replace() argument 2")?.view();
    let limit = if args[3].is_unbound() { -1 } else { vm.index_clamped(args[3])? };
    let mut left = if limit < 0 { usize::MAX } else { limit as usize };
    let mut result = StrBuilder::new();
    let mut at = 0;
    if old.is_empty() {
        while left > 0 && at <= text.len() {
            result.push_view(new);
            if at < text.len() {
                result.push(text.at(at));
            }
            at += 1;
            left -= 1;
        }
        if at <= text.len() {
            result.push_part(text, at, text.len());
        }
        return Ok(result.finish(vm));
    }
    if left == 0 || find_in(text, old, 0, text.len()).is_none() {
        return vm.exact_alias(args[0]);
    }
    while left > 0
        && let Some(found) = find_in(text, old, at, text.len())
    {
        result.push_part(text, at, found);
        result.push_view(new);
        at = found + old.len();
        left -= 1;
    }
    result.push_part(text, at, text.len());
    Ok(result.finish(vm))
}

fn affix(vm: &mut Vm, args: &[Value], method: &str, at_end: bool) -> PyResult {
    let text = receiver(vm, args)?;
    let affixes = each_affix(vm, args[1], method)?;
    let (start, end) = vm.search_bounds(args[2], args[3], text.len())?;
    let fits = |affix: View<'_>| {
        start <= end
            && affix.len() <= end - start
            && matches_at(text, affix, if at_end { end - affix.len() } else { start })
    };
    Ok(Value::bool(affixes.into_iter().any(fits)))
}

pub fn startswith(vm: &mut Vm, args: &[Value]) -> PyResult {
    affix(vm, args, "startswith", false)
}

pub fn endswith(vm: &mut Vm, args: &[Value]) -> PyResult {
    affix(vm, args, "endswith", true)
}

pub fn removeprefix(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let prefix = str_arg(vm, args[1], "removeprefix() argument")?.view();
    let start = if prefix.len() <= text.len() && matches_at(text, prefix, 0) { prefix.len() } else { 0 };
    Ok(vm.str_slice(args[0], start, text.len()))
}

pub fn removesuffix(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let suffix = str_arg(vm, args[1], "removesuffix() argument")?.view();
    let fits = suffix.len() <= text.len() && matches_at(text, suffix, text.len() - suffix.len());
    let end = if fits { text.len() - suffix.len() } else { text.len() };
    Ok(vm.str_slice(args[0], 0, end))
}
