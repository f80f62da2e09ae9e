//! Splitting and joining.

use super::{ByteString, is_space, part};
use crate::object::argument::{Index, This};
use crate::object::buffer::BytesLike;
use crate::object::layout::ListObject;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use memchr::memmem;

fn limit(limit: Option<Index>) -> usize {
    limit.and_then(|limit| usize::try_from(limit.0).ok()).unwrap_or(usize::MAX)
}

/// A separator that was given; ValueError where it is empty.
fn given_separator(vm: &mut Vm, separator: Value) -> PyResult<Option<BytesLike>> {
    let Some(separator) = vm.optional(separator) else { return Ok(None) };
    let separator = BytesLike::of(vm, separator)?;
    check_separator(vm, &separator)?;
    Ok(Some(separator))
}

fn check_separator(vm: &mut Vm, separator: &[u8]) -> PyResult<()> {
    if separator.is_empty() { Err(vm.raise_value("empty separator")) } else { Ok(()) }
}

/// A list of parts of the receiver.
fn parts<K: ByteString>(vm: &mut Vm, this: This<K>, bounds: impl Iterator<Item = (usize, usize)>) -> PyResult {
    let list = vm.new_list(&[])?;
    for (start, end) in bounds {
        let part = part(vm, this, start, end)?;
        vm.list_push(This::<ListObject>::expect(vm, list).pointer(), part)?;
    }
    Ok(list)
}

pub fn split<K: ByteString>(vm: &mut Vm, this: This<K>, sep: Value, maxsplit: Option<Index>) -> PyResult {
    let mut left = limit(maxsplit);
    let _lease = this.lease();
    let separator = given_separator(vm, sep)?;
    let data = this.data();
    let mut bounds = Vec::new();
    let mut at = 0;
    if let Some(separator) = separator {
        let finder = memmem::Finder::new(&separator[..]);
        while left > 0
            && let Some(found) = finder.find(&data[at..])
        {
            bounds.push((at, at + found));
            at += found + separator.len();
            left -= 1;
        }
        bounds.push((at, data.len()));
    } else {
        while let Some(skipped) = data[at..].iter().position(|byte| !is_space(byte)) {
            let start = at + skipped;
            let run = data[start..].iter().position(is_space).filter(|_| left > 0);
            at = run.map_or(data.len(), |len| start + len);
            bounds.push((start, at));
            left = left.saturating_sub(1);
        }
    }
    parts(vm, this, bounds.into_iter())
}

pub fn rsplit<K: ByteString>(vm: &mut Vm, this: This<K>, sep: Value, maxsplit: Option<Index>) -> PyResult {
    let mut left = limit(maxsplit);
    let _lease = this.lease();
    let separator = given_separator(vm, sep)?;
    let data = this.data();
    let mut bounds = Vec::new();
    let mut end = data.len();
    if let Some(separator) = separator {
        let finder = memmem::FinderRev::new(&separator[..]);
        while left > 0
            && let Some(found) = finder.rfind(&data[..end])
        {
            bounds.push((found + separator.len(), end));
            end = found;
            left -= 1;
        }
        bounds.push((0, end));
    } else {
        while let Some(last) = data[..end].iter().rposition(|byte| !is_space(byte)) {
            let start = data[..last].iter().rposition(is_space).filter(|_| left > 0).map_or(0, |space| space + 1);
            bounds.push((start, last + 1));
            end = start;
            left = left.saturating_sub(1);
        }
    }
    parts(vm, this, bounds.into_iter().rev())
}

pub fn splitlines<K: ByteString>(vm: &mut Vm, this: This<K>, keep_ends: Option<bool>) -> PyResult {
    let keep_ends = keep_ends.unwrap_or(false);
    let data = this.data();
    let mut bounds = Vec::new();
    let mut start = 0;
    while start < data.len() {
        let end = memchr::memchr2(b'\n', b'\r', &data[start..]).map_or(data.len(), |at| start + at);
        let next = match data[end..] {
            [b'\r', b'\n', ..] => end + 2,
            [] => end,
            _ => end + 1,
        };
        bounds.push((start, if keep_ends { next } else { end }));
        start = next;
    }
    parts(vm, this, bounds.into_iter())
}

fn parted<K: ByteString>(
    vm: &mut Vm,
    this: This<K>,
    separator: Value,
    find: fn(&[u8], &[u8]) -> Option<usize>,
    last: bool,
) -> PyResult {
    let given = separator;
    let separator = BytesLike::of(vm, given)?;
    check_separator(vm, &separator)?;
    let len = this.data().len();
    let parts = match find(this.data(), &separator) {
        Some(at) => {
            let middle = K::separator(vm, given, &separator)?;
            [part(vm, this, 0, at)?, middle, part(vm, this, at + separator.len(), len)?]
        }
        None if last => [K::make(vm, &[])?, K::make(vm, &[])?, K::itself(vm, this)?],
        None => [K::itself(vm, this)?, K::make(vm, &[])?, K::make(vm, &[])?],
    };
    Ok(vm.new_tuple(&parts))
}

pub fn partition<K: ByteString>(vm: &mut Vm, this: This<K>, separator: Value) -> PyResult {
    parted(vm, this, separator, memmem::find, false)
}

pub fn rpartition<K: ByteString>(vm: &mut Vm, this: This<K>, separator: Value) -> PyResult {
    parted(vm, this, separator, memmem::rfind, true)
}

pub fn join<K: ByteString>(vm: &mut Vm, this: This<K>, iterable: Value) -> PyResult {
    if !vm.is_iterable(iterable) {
        return Err(vm.raise_type("can only join an iterable"));
    }
    let _lease = this.lease();
    // A tuple of their own keeps the items alive, whatever Python code does while they are asked for their memory.
    let items = vm.collect_tuple(iterable)?;
    if let [only] = vm.tuple_items(items)
        && std::ptr::eq(vm.class_of(*only), vm.type_of_spec(K::SPEC))
        && let Some(only) = This::<K>::of(vm, *only)
    {
        return K::unchanged(vm, only);
    }
    let mut pieces = Vec::with_capacity(vm.tuple_items(items).len());
    for (i, &item) in vm.tuple_items(items).iter().enumerate() {
        let piece = BytesLike::of(vm, item).map_err(|_| {
            vm.clear_exception();
            let message = format!("sequence item {i}: expected a bytes-like object, {} found", vm.class_name(item));
            vm.raise_type(&message)
        })?;
        pieces.push(piece);
    }
    let separator = this.data();
    let len = pieces.iter().map(|piece| piece.len()).sum::<usize>() + separator.len() * pieces.len().saturating_sub(1);
    let mut joined = Vec::with_capacity(len);
    for (i, piece) in pieces.iter().enumerate() {
        if i > 0 {
            joined.extend_from_slice(separator);
        }
        joined.extend_from_slice(piece);
    }
    drop(pieces);
    std::hint::black_box(items);
    K::make(vm, &joined)
}
