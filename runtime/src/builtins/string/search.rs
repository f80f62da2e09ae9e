//! Finding and replacing.

use super::{StrBuilder, ThisStr};
use crate::object::argument::{Bound, Index, Str, This};
use crate::object::layout::TupleObject;
use crate::object::points::{Unit, as_bytes, position_of, rposition_of};
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use memchr::memmem;
use smallvec::SmallVec;

/// Where `needle` first stands in `text`, both of one width.
fn find_slice<T: Unit>(text: &[T], needle: &[T]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let last = text.len().checked_sub(needle.len())?;
    let mut at = 0;
    while at <= last {
        at += position_of(&text[at..=last], first)?;
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

/// The same for wider code points: found by their bytes, where those of one begin.
fn find_wide<T: Unit>(text: &[T], needle: &[T], searcher: Option<&memmem::Finder<'_>>) -> Option<usize> {
    if needle.len() == 1 {
        return position_of(text, needle[0]);
    }
    if text.len() < LONG {
        return find_slice(text, needle);
    }
    let made;
    let searcher = match searcher {
        Some(searcher) => searcher,
        None => {
            made = memmem::Finder::new(as_bytes(needle));
            &made
        }
    };
    let (bytes, width) = (as_bytes(text), size_of::<T>());
    let mut at = 0;
    loop {
        at += searcher.find(&bytes[at..])?;
        if at % width == 0 {
            return Some(at / width);
        }
        at += 1;
    }
}

/// The needle in the width of the text; `None` where the text cannot have it.
fn as_wide<T: Unit>(needle: View<'_>) -> Option<SmallVec<[T; 32]>> {
    needle.code_points().map(T::of).collect()
}

/// The first place of `needle` in code points `start..end` of `text`.
pub fn find_in(text: View<'_>, needle: View<'_>, start: usize, end: usize) -> Option<usize> {
    if start > end || needle.len() > end - start {
        return None;
    }
    if needle.is_empty() {
        return Some(start);
    }
    let found = match (text.part(start, end), needle) {
        (View::One(a), View::One(b)) => find_bytes(a, b),
        (View::One(_), _) => None,
        (View::Two(a), View::Two(b)) => find_wide(a, b, None),
        (View::Two(a), b) => find_wide(a, &as_wide(b)?, None),
        (View::Four(a), View::Four(b)) => find_wide(a, b, None),
        (View::Four(a), b) => find_wide(a, &as_wide(b)?, None),
    };
    found.map(|i| i + start)
}

/// Does the needle stand there, where the text has as much?
fn matches_at(text: View<'_>, needle: View<'_>, at: usize) -> bool {
    match (text.part(at, at + needle.len()), needle) {
        (View::One(text), View::One(needle)) => text == needle,
        (View::Two(text), View::Two(needle)) => text == needle,
        (View::Four(text), View::Four(needle)) => text == needle,
        (text, needle) => text.code_points().eq(needle.code_points()),
    }
}

/// Where `needle` last stands in `text`, both of one width.
fn rfind_wide<T: Unit>(text: &[T], needle: &[T]) -> Option<usize> {
    let (&last, rest) = needle.split_last()?;
    let mut end = text.len();
    // Where the last one stands everywhere, a searcher that never looks twice is better.
    let mut n_left = LONG;
    while let Some(at) = rposition_of(&text[..end], last).filter(|&at| at >= rest.len()) {
        if &text[at - rest.len()..at] == rest {
            return Some(at - rest.len());
        }
        end = at;
        n_left -= 1;
        if n_left == 0 {
            return rfind_by_bytes(&text[..end], needle);
        }
    }
    None
}

fn rfind_by_bytes<T: Unit>(text: &[T], needle: &[T]) -> Option<usize> {
    let (searcher, bytes, width) = (memmem::FinderRev::new(as_bytes(needle)), as_bytes(text), size_of::<T>());
    let mut end = bytes.len();
    loop {
        let at = searcher.rfind(&bytes[..end])?;
        if at % width == 0 {
            return Some(at / width);
        }
        end = at + needle.len() * width - 1;
    }
}

/// The last place of `needle` in code points `start..end` of `text`.
pub fn rfind_in(text: View<'_>, needle: View<'_>, start: usize, end: usize) -> Option<usize> {
    if start > end || needle.len() > end - start {
        return None;
    }
    if needle.is_empty() {
        return Some(end);
    }
    let found = match (text.part(start, end), needle) {
        (View::One(a), View::One(&[byte])) => memchr::memrchr(byte, a),
        (View::One(a), View::One(b)) => rfind_wide(a, b),
        (View::One(_), _) => None,
        (View::Two(a), View::Two(b)) => rfind_wide(a, b),
        (View::Two(a), b) => rfind_wide(a, &as_wide(b)?),
        (View::Four(a), View::Four(b)) => rfind_wide(a, b),
        (View::Four(a), b) => rfind_wide(a, &as_wide(b)?),
    };
    found.map(|i| i + start)
}

/// Where a needle that is not empty stands, one place behind the other.
pub struct Matches<'t> {
    text: View<'t>,
    needle: Needle<'t>,
    len: usize,
    at: usize,
    end: usize,
    searcher: Option<memmem::Finder<'static>>,
}

/// A needle in the width of the text.
enum Needle<'t> {
    One(&'t [u8]),
    Two(SmallVec<[u16; 32]>),
    Four(SmallVec<[u32; 32]>),
    /// The text cannot have it.
    Nowhere,
}

impl<'t> Matches<'t> {
    pub fn of(text: View<'t>, needle: View<'t>, start: usize, end: usize) -> Matches<'t> {
        let len = needle.len();
        let needle = match (text, needle) {
            (View::One(_), View::One(bytes)) => Needle::One(bytes),
            (View::One(_), _) => Needle::Nowhere,
            (View::Two(_), needle) => as_wide(needle).map_or(Needle::Nowhere, Needle::Two),
            (View::Four(_), needle) => as_wide(needle).map_or(Needle::Nowhere, Needle::Four),
        };
        let bytes = match &needle {
            Needle::One(bytes) => bytes,
            Needle::Two(units) => as_bytes(units),
            Needle::Four(units) => as_bytes(units),
            Needle::Nowhere => &[],
        };
        let is_worth_it = len > 1 && text.len() >= LONG;
        let searcher = is_worth_it.then(|| memmem::Finder::new(bytes).into_owned());
        Matches { text, needle, len, at: start, end, searcher }
    }
}

impl Iterator for Matches<'_> {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        if self.at > self.end {
            return None;
        }
        let searcher = self.searcher.as_ref();
        let found = match (self.text.part(self.at, self.end), &self.needle) {
            (View::One(text), Needle::One(needle)) => match searcher {
                Some(searcher) => searcher.find(text),
                None => find_bytes(text, needle),
            },
            (View::Two(text), Needle::Two(needle)) => find_wide(text, needle, searcher),
            (View::Four(text), Needle::Four(needle)) => find_wide(text, needle, searcher),
            _ => None,
        };
        let found = found? + self.at;
        self.at = found + self.len;
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

pub fn replace(vm: &mut Vm, this: ThisStr, old: Str, new: Str, most: Option<Index>) -> PyResult {
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
    result.reserve(text.len());
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
