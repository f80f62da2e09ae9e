//! Finding, counting, prefixes and suffixes.

use super::{ByteString, part};
use crate::object::argument::{Bound, This};
use crate::object::buffer::BytesLike;
use crate::object::layout::TupleObject;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use memchr::memmem;

/// The part of `data` between bounds, and where it begins; `None` where it begins behind its end.
fn between(data: &[u8], start: Bound, end: Bound) -> Option<(&[u8], usize)> {
    let (start, end) = (start.start(data.len()), end.stop(data.len()));
    data.get(start..end).map(|part| (part, start))
}

/// What is looked for: a part, or one byte.
enum Needle {
    Part(BytesLike),
    Byte(u8),
}

impl Needle {
    fn of(vm: &mut Vm, value: Value) -> PyResult<Needle> {
        if vm.is_bytes_like(value) {
            return BytesLike::of(vm, value).map(Needle::Part);
        }
        if !vm.is_index(value) {
            let message = format!("argument should be integer or bytes-like object, not '{}'", vm.class_name(value));
            return Err(vm.raise_type(&message));
        }
        byte_in_range(vm, value).map(Needle::Byte)
    }

    fn first_in(&self, data: &[u8]) -> Option<usize> {
        match self {
            Needle::Part(part) => memmem::find(data, part),
            Needle::Byte(byte) => memchr::memchr(*byte, data),
        }
    }

    fn last_in(&self, data: &[u8]) -> Option<usize> {
        match self {
            Needle::Part(part) => memmem::rfind(data, part),
            Needle::Byte(byte) => memchr::memrchr(*byte, data),
        }
    }
}

fn byte_in_range(vm: &mut Vm, value: Value) -> PyResult<u8> {
    let index = vm.index_clamped(value)?;
    u8::try_from(index).map_err(|_| vm.raise_value("byte must be in range(0, 256)"))
}

/// `item in this`; what is asked of the item may run Python code, which can resize a bytearray.
pub fn holds<K: ByteString>(vm: &mut Vm, item: Value, this: This<K>) -> PyResult<bool> {
    let _lease = this.lease();
    if vm.is_bytes_like(item) && !vm.is_index(item) {
        let needle = BytesLike::of(vm, item)?;
        return Ok(memmem::find(this.data(), &needle).is_some());
    }
    if !vm.is_index(item) {
        let message = format!("a bytes-like object is required, not '{}'", vm.class_name(item));
        return Err(vm.raise_type(&message));
    }
    let byte = byte_in_range(vm, item)?;
    Ok(memchr::memchr(byte, this.data()).is_some())
}

fn locate<K: ByteString>(
    vm: &mut Vm,
    this: This<K>,
    needle: Value,
    (start, end): (Bound, Bound),
    find: fn(&Needle, &[u8]) -> Option<usize>,
) -> PyResult<Option<usize>> {
    let _lease = this.lease();
    let needle = Needle::of(vm, needle)?;
    let Some((part, start)) = between(this.data(), start, end) else { return Ok(None) };
    Ok(find(&needle, part).map(|at| at + start))
}

fn position(found: Option<usize>) -> i64 {
    found.map_or(-1, |at| at as i64)
}

fn sure(vm: &mut Vm, found: Option<usize>) -> PyResult<usize> {
    found.ok_or_else(|| vm.raise_value("subsection not found"))
}

pub fn find<K: ByteString>(vm: &mut Vm, this: This<K>, sub: Value, start: Bound, end: Bound) -> PyResult<i64> {
    locate(vm, this, sub, (start, end), Needle::first_in).map(position)
}

pub fn rfind<K: ByteString>(vm: &mut Vm, this: This<K>, sub: Value, start: Bound, end: Bound) -> PyResult<i64> {
    locate(vm, this, sub, (start, end), Needle::last_in).map(position)
}

pub fn index<K: ByteString>(vm: &mut Vm, this: This<K>, sub: Value, start: Bound, end: Bound) -> PyResult<usize> {
    let found = locate(vm, this, sub, (start, end), Needle::first_in)?;
    sure(vm, found)
}

pub fn rindex<K: ByteString>(vm: &mut Vm, this: This<K>, sub: Value, start: Bound, end: Bound) -> PyResult<usize> {
    let found = locate(vm, this, sub, (start, end), Needle::last_in)?;
    sure(vm, found)
}

pub fn count<K: ByteString>(vm: &mut Vm, this: This<K>, sub: Value, start: Bound, end: Bound) -> PyResult<usize> {
    let _lease = this.lease();
    let needle = Needle::of(vm, sub)?;
    let Some((part, _)) = between(this.data(), start, end) else { return Ok(0) };
    Ok(match &needle {
        Needle::Part(needle) if needle.is_empty() => part.len() + 1,
        Needle::Part(needle) => memmem::find_iter(part, &needle[..]).count(),
        Needle::Byte(byte) => memchr::memchr_iter(*byte, part).count(),
    })
}

/// Does the part between the bounds begin (or end) with one of the affixes?
fn has_affix<K: ByteString>(
    vm: &mut Vm,
    this: This<K>,
    affix: Value,
    (start, end): (Bound, Bound),
    at_end: bool,
) -> PyResult<bool> {
    let matches = |vm: &mut Vm, affix: Value| {
        let affix = BytesLike::of(vm, affix)?;
        let found = between(this.data(), start, end);
        let test = if at_end { <[u8]>::ends_with } else { <[u8]>::starts_with };
        Ok(found.is_some_and(|(part, _)| test(part, &affix)))
    };
    if let Some(affixes) = This::<TupleObject>::of(vm, affix) {
        for &affix in affixes.items() {
            if matches(vm, affix)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if !vm.is_bytes_like(affix) {
        return Err(raise_no_affix(vm, affix, if at_end { "endswith" } else { "startswith" }));
    }
    matches(vm, affix)
}

fn raise_no_affix(vm: &mut Vm, affix: Value, method: &str) -> Raised {
    let message = format!("{method} first arg must be bytes or a tuple of bytes, not {}", vm.class_name(affix));
    vm.raise_type(&message)
}

pub fn startswith<K: ByteString>(
    vm: &mut Vm,
    this: This<K>,
    prefix: Value,
    start: Bound,
    end: Bound,
) -> PyResult<bool> {
    has_affix(vm, this, prefix, (start, end), false)
}

pub fn endswith<K: ByteString>(vm: &mut Vm, this: This<K>, suffix: Value, start: Bound, end: Bound) -> PyResult<bool> {
    has_affix(vm, this, suffix, (start, end), true)
}

pub fn removeprefix<K: ByteString>(vm: &mut Vm, this: This<K>, prefix: BytesLike) -> PyResult {
    let len = this.data().len();
    let start = if this.data().starts_with(&prefix) { prefix.len() } else { 0 };
    part(vm, this, start, len)
}

pub fn removesuffix<K: ByteString>(vm: &mut Vm, this: This<K>, suffix: BytesLike) -> PyResult {
    let len = this.data().len();
    let end = if this.data().ends_with(&suffix) { len - suffix.len() } else { len };
    part(vm, this, 0, end)
}
