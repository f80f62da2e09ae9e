//! Finding and replacing.

use super::ThisStr;
use super::builder::{StrBuilder, slice};
use crate::object::argument::{Bound, ClampedIndex, Str, This};
use crate::object::layout::TupleObject;
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

/// A searcher is made for texts that are worth it.
const LONG: usize = 64;

/// The same for bytes.
fn find_bytes(text: &[u8], needle: &[u8]) -> Option<usize> {
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

/// Does the needle stand there, where the text has as much?
fn matches_at(text: View<'_>, needle: View<'_>, at: usize) -> bool {
    match (text, needle) {
        (View::One(text), View::One(needle)) => text[at..].starts_with(needle),
        (text, needle) => (0..needle.len()).all(|i| text.at(at + i) == needle.at(i)),
    }
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

/// Where a needle that is not empty stands, one place behind the other.
pub struct Matches<'t> {
    text: View<'t>,
    needle: View<'t>,
    at: usize,
    end: usize,
    searcher: Option<memmem::Finder<'t>>,
}

impl<'t> Matches<'t> {
    pub fn of(text: View<'t>, needle: View<'t>, start: usize, end: usize) -> Matches<'t> {
        let searcher = match needle {
            View::One(bytes) if text.width() == 1 && bytes.len() > 1 && text.len() >= LONG => {
                Some(memmem::Finder::new(bytes))
            }
            _ => None,
        };
        Matches { text, needle, at: start, end, searcher }
    }
}

impl Iterator for Matches<'_> {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        let found = match (&self.searcher, self.text) {
            (Some(searcher), View::One(text)) => searcher.find(text.get(self.at..self.end)?).map(|at| at + self.at),
            _ => find_in(self.text, self.needle, self.at, self.end),
        }?;
        self.at = found + self.needle.len();
        Some(found)
    }
}

type Finder = fn(View<'_>, View<'_>, usize, usize) -> Option<usize>;

fn locate(this: ThisStr, part: Str, start: Bound, end: Bound, finder: Finder) -> Option<usize> {
    finder(this.view(), part.view(), start.start(this.len), end.stop(this.len))
}

fn position(found: Option<usize>) -> i64 {
    found.map_or(-1, |at| at as i64)
}

fn sure(vm: &mut Vm, found: Option<usize>) -> PyResult<usize> {
    found.ok_or_else(|| vm.raise_value("substring not found"))
}

pub fn find(this: ThisStr, sub: Str, start: Bound, end: Bound) -> i64 {
    position(locate(this, sub, start, end, find_in))
}

pub fn rfind(this: ThisStr, sub: Str, start: Bound, end: Bound) -> i64 {
    position(locate(this, sub, start, end, rfind_in))
}

pub fn index(vm: &mut Vm, this: ThisStr, sub: Str, start: Bound, end: Bound) -> PyResult<usize> {
    sure(vm, locate(this, sub, start, end, find_in))
}

pub fn rindex(vm: &mut Vm, this: ThisStr, sub: Str, start: Bound, end: Bound) -> PyResult<usize> {
    sure(vm, locate(this, sub, start, end, rfind_in))
}

pub fn count(this: ThisStr, sub: Str, start: Bound, end: Bound) -> usize {
    let (start, end) = (start.start(this.len), end.stop(this.len));
    if sub.view().is_empty() {
        return (end + 1).saturating_sub(start);
    }
    Matches::of(this.view(), sub.view(), start, end).count()
}

pub fn replace(vm: &mut Vm, this: ThisStr, old: Str, new: Str, most: Option<ClampedIndex>) -> PyResult {
    let (text, old, new) = (this.view(), old.view(), new.view());
    let most = most.and_then(|most| usize::try_from(most.0).ok()).unwrap_or(usize::MAX);
    if old.is_empty() {
        return interleaved(vm, this, new, most);
    }
    let Some(first) = find_in(text, old, 0, text.len()).filter(|_| most > 0) else {
        return vm.exact_alias(this.value());
    };
    if let (View::One(bytes), &View::One(&[old]), &View::One(&[new])) = (text, &old, &new)
        && most >= text.len()
    {
        return vm
            .str_changed(bytes, |bytes| bytes.iter_mut().filter(|byte| **byte == old).for_each(|byte| *byte = new));
    }
    let mut result = StrBuilder::new();
    let mut at = 0;
    for found in Matches::of(text, old, first, text.len()).take(most) {
        result.push_part(text, at, found);
        result.push_view(new);
        at = found + old.len();
    }
    result.push_part(text, at, text.len());
    Ok(result.finish(vm))
}

/// A text before each character and at the end, so often at most.
fn interleaved(vm: &mut Vm, this: ThisStr, new: View<'_>, most: usize) -> PyResult {
    let text = this.view();
    let n = most.min(text.len() + 1);
    if n == 0 || new.is_empty() {
        return vm.exact_alias(this.value());
    }
    let mut result = StrBuilder::new();
    for at in 0..n {
        result.push_view(new);
        if at < text.len() {
            result.push(text.at(at));
        }
    }
    result.push_part(text, n.min(text.len()), text.len());
    Ok(result.finish(vm))
}

/// An affix, or one of a tuple of them, that stands at the start or the end of a part of the text?
fn has_affix(vm: &mut Vm, this: ThisStr, affix: Value, bounds: (Bound, Bound), method: &str) -> PyResult<bool> {
    let (start, end) = (bounds.0.start(this.len), bounds.1.stop(this.len));
    let fits = |affix: View<'_>| {
        start <= end
            && affix.len() <= end - start
            && matches_at(this.view(), affix, if method == "endswith" { end - affix.len() } else { start })
    };
    if let Some(affix) = Str::of(vm, affix) {
        return Ok(fits(affix.view()));
    }
    let Some(affixes) = This::<TupleObject>::of(vm, affix) else {
        let message = format!("{method} first arg must be str or a tuple of str, not {}", vm.class_name(affix));
        return Err(vm.raise_type(&message));
    };
    for &affix in affixes.items() {
        let Some(affix) = Str::of(vm, affix) else {
            let message = format!("tuple for {method} must only contain str, not {}", vm.class_name(affix));
            return Err(vm.raise_type(&message));
        };
        if fits(affix.view()) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub fn startswith(vm: &mut Vm, this: ThisStr, prefix: Value, start: Bound, end: Bound) -> PyResult<bool> {
    has_affix(vm, this, prefix, (start, end), "startswith")
}

pub fn endswith(vm: &mut Vm, this: ThisStr, suffix: Value, start: Bound, end: Bound) -> PyResult<bool> {
    has_affix(vm, this, suffix, (start, end), "endswith")
}

fn part(vm: &mut Vm, this: ThisStr, start: usize, end: usize) -> PyResult {
    if start == 0 && end == this.len {
        vm.exact_alias(this.value())
    } else {
        Ok(vm.str_slice(this.value(), start, end))
    }
}

pub fn removeprefix(vm: &mut Vm, this: ThisStr, prefix: Str) -> PyResult {
    let (text, prefix) = (this.view(), prefix.view());
    let fits = prefix.len() <= text.len() && matches_at(text, prefix, 0);
    part(vm, this, if fits { prefix.len() } else { 0 }, text.len())
}

pub fn removesuffix(vm: &mut Vm, this: ThisStr, suffix: Str) -> PyResult {
    let (text, suffix) = (this.view(), suffix.view());
    let fits = suffix.len() <= text.len() && matches_at(text, suffix, text.len() - suffix.len());
    part(vm, this, 0, if fits { text.len() - suffix.len() } else { text.len() })
}
