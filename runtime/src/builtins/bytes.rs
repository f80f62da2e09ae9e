//! `bytes`.

use super::receiver::{bytes_of, list_of, tuple_of};
use super::string::codec;
use crate::object::buffer::Export;
use crate::object::convert::push_bytes_repr;
use crate::object::native::{NativeRow, native};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators};
use crate::object::spec::TypeSpec;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use memchr::memmem;

/// Larger bytes than this raise MemoryError instead of trying the machine's memory.
const MOST_BYTES: i64 = 1 << 33;

pub static BYTES: TypeSpec = TypeSpec {
    name: "bytes",
    doc: "An immutable sequence of bytes.",
    is_base: true,
    slots: Slots {
        len: Some(|_, bytes| Ok(bytes_of(bytes).len())),
        get_item: Some(|vm, bytes, key| {
            let len = bytes_of(bytes).len();
            let item = |_: &mut Vm, at: usize| Value::small_int(bytes_of(bytes)[at] as i64);
            vm.sequence_get_item(BuiltinType::Bytes, bytes, key, len, item)
        }),
        contains: Some(|vm, bytes, item| vm.bytes_contains(bytes, item)),
        iter: Some(|vm, bytes| Ok(vm.new_seq_iter(BuiltinType::BytesIter, bytes, 0))),
        repr: Some(|_, out, bytes| {
            push_bytes_repr(out, bytes_of(bytes));
            Ok(())
        }),
        hash: Some(|vm, bytes| Ok(vm.hash_bytes(bytes))),
        compare: Some(|vm, operation, lhs, rhs| {
            if !vm.has_layout(rhs, BuiltinType::Bytes) {
                return Ok(vm.not_implemented);
            }
            Vm::ordered(operation, bytes_of(lhs).cmp(bytes_of(rhs)))
        }),
        binary: operators(&[(op::REMAINDER, |vm, lhs, rhs| {
            if vm.has_layout(lhs, BuiltinType::Bytes) { vm.bytes_percent(lhs, rhs) } else { Ok(vm.not_implemented) }
        })]),
        concat: Some(|vm, bytes, other| {
            if !vm.has_layout(other, BuiltinType::Bytes) {
                let message = format!("can't concat {} to bytes", vm.class_name(other));
                return Err(vm.raise_type(&message));
            }
            let joined = [bytes_of(bytes), bytes_of(other)].concat();
            vm.new_bytes(&joined)
        }),
        repeat: Some(|vm, bytes, count| vm.bytes_repeat(bytes, count)),
        buffer: Some(|vm: &mut Vm, bytes, request| {
            if request.wants_writable() {
                return Err(vm.raise_buffer("Object is not writable."));
            }
            Ok(Export::bytes(bytes, bytes_of(bytes)))
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    native("decode", "($self, /, encoding='utf-8', errors='strict')", codec::decode),
    native("hex", "($self, sep=<unrepresentable>, /)", hex),
    native("join", "($self, iterable, /)", join),
    native("split", "($self, /, sep=None, maxsplit=-1)", split),
    native("splitlines", "($self, /, keepends=False)", splitlines),
    native("partition", "($self, sep, /)", partition),
    native("find", "($self, sub, start=None, end=None, /)", |vm, args| locate(vm, args, false).map(position)),
    native("rfind", "($self, sub, start=None, end=None, /)", |vm, args| locate(vm, args, true).map(position)),
    native("index", "($self, sub, start=None, end=None, /)", |vm, args| index(vm, args, false)),
    native("rindex", "($self, sub, start=None, end=None, /)", |vm, args| index(vm, args, true)),
    native("count", "($self, sub, start=None, end=None, /)", count),
    native("replace", "($self, old, new, count=-1, /)", replace),
    native("startswith", "($self, prefix, start=None, end=None, /)", |vm, args| affix(vm, args, <[u8]>::starts_with)),
    native("endswith", "($self, suffix, start=None, end=None, /)", |vm, args| affix(vm, args, <[u8]>::ends_with)),
    native("strip", "($self, bytes=None, /)", |vm, args| strip(vm, args, true, true)),
    native("lstrip", "($self, bytes=None, /)", |vm, args| strip(vm, args, true, false)),
    native("rstrip", "($self, bytes=None, /)", |vm, args| strip(vm, args, false, true)),
    native("upper", "($self, /)", |vm, args| map(vm, args, <[u8]>::to_ascii_uppercase)),
    native("lower", "($self, /)", |vm, args| map(vm, args, <[u8]>::to_ascii_lowercase)),
    native("isdigit", "($self, /)", |vm, args| all(vm, args, u8::is_ascii_digit)),
    native("isalpha", "($self, /)", |vm, args| all(vm, args, u8::is_ascii_alphabetic)),
    native("isalnum", "($self, /)", |vm, args| all(vm, args, u8::is_ascii_alphanumeric)),
    native("isspace", "($self, /)", |vm, args| all(vm, args, is_space)),
    native("ljust", "($self, width, fillbyte=b' ', /)", |vm, args| pad(vm, args, false)),
    native("rjust", "($self, width, fillbyte=b' ', /)", |vm, args| pad(vm, args, true)),
    native("translate", "($self, table, /, delete=b'')", translate),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Bytes, METHODS);
    vm.add_class_methods(BuiltinType::Bytes, &[native("fromhex", "($self, string, /)", fromhex)]);
    vm.add_static_methods(BuiltinType::Bytes, &[native("maketrans", "(frm, to, /)", maketrans)]);
    let class = vm.class(BuiltinType::Bytes);
    vm.add_new(class, native("__new__", "($type, source=b'', encoding=None, errors=None)", new));
}

fn is_space(byte: &u8) -> bool {
    matches!(byte, 9..=13 | 32)
}

fn receiver<'a>(vm: &mut Vm, args: &[Value]) -> PyResult<&'a [u8]> {
    vm.check_receiver(args[0], BuiltinType::Bytes)?;
    Ok(bytes_of(args[0]))
}

/// A bytes-like argument as bytes: bytes themselves, or what `__bytes__` or an iterable of ints gives.
pub fn bytes_like(vm: &mut Vm, value: Value) -> PyResult {
    if vm.has_layout(value, BuiltinType::Bytes) {
        return Ok(value);
    }
    let name = vm.names.__bytes__;
    if let Some(bytes) = vm.call_special(value, name, &[])? {
        if vm.has_layout(bytes, BuiltinType::Bytes) {
            return Ok(bytes);
        }
        let message = format!("__bytes__ returned non-bytes (type {})", vm.class_name(bytes));
        return Err(vm.raise_type(&message));
    }
    if vm.is_str(value) || !vm.is_iterable(value) {
        let message = format!("a bytes-like object is required, not '{}'", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    from_iterable(vm, value)
}

fn from_iterable(vm: &mut Vm, iterable: Value) -> PyResult {
    let mut data = Vec::new();
    let iterator = vm.get_iter(iterable)?;
    while let Some(item) = vm.iter_next(iterator)? {
        data.push(byte(vm, item)?);
    }
    vm.new_bytes(&data)
}

fn byte(vm: &mut Vm, value: Value) -> PyResult<u8> {
    let index = vm.index_clamped(value)?;
    match u8::try_from(index) {
        Ok(byte) => Ok(byte),
        Err(_) => Err(vm.raise_value("bytes must be in range(0, 256)")),
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Bytes)?;
    let exact = exact(vm, args)?;
    vm.derive(class, exact)
}

fn exact(vm: &mut Vm, args: &[Value]) -> PyResult {
    let exact = convert(vm, args)?;
    vm.exact_alias(exact)
}

/// `bytes(source, encoding, errors)`; bytes and what `__bytes__` gives as they are.
fn convert(vm: &mut Vm, args: &[Value]) -> PyResult {
    let source = args[1];
    if source.is_unbound() {
        return vm.new_bytes(&[]);
    }
    if vm.is_str(source) {
        if args[2].is_unbound() {
            return Err(vm.raise_type("string argument without an encoding"));
        }
        return codec::encode(vm, &[source, args[2], args[3]]);
    }
    let name = vm.names.__bytes__;
    if !vm.has_layout(source, BuiltinType::Bytes) && vm.lookup_special(source, name).is_none() && vm.is_index(source) {
        let n = vm.index_i64(source)?;
        if n < 0 {
            return Err(vm.raise_value("negative count"));
        }
        if n > MOST_BYTES {
            return Err(vm.raise_memory());
        }
        return vm.new_bytes(&vec![0; n as usize]);
    }
    if !vm.has_layout(source, BuiltinType::Bytes)
        && vm.lookup_special(source, name).is_none()
        && !vm.is_iterable(source)
    {
        let message = format!("cannot convert '{}' object to bytes", vm.class_name(source));
        return Err(vm.raise_type(&message));
    }
    bytes_like(vm, source)
}

fn hex(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = receiver(vm, args)?;
    let separator = if args[1].is_unbound() {
        String::new()
    } else {
        super::str_arg(vm, args[1], "sep").map(|s| s.view().to_string_lossy())?
    };
    let pairs: Vec<String> = data.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(vm.new_str(&pairs.join(&separator)))
}

fn fromhex(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = super::str_arg(vm, args[1], "fromhex() argument")?.view().to_string_lossy();
    let mut data = Vec::new();
    let mut rest = text.as_bytes();
    loop {
        while let [first, tail @ ..] = rest
            && is_space(first)
        {
            rest = tail;
        }
        let [high, tail @ ..] = rest else { return vm.new_bytes(&data) };
        let digit = |byte: u8| (byte as char).to_digit(16);
        match (digit(*high), tail.first().and_then(|&low| digit(low))) {
            (Some(high), Some(low)) => data.push((high * 16 + low) as u8),
            (high, _) => {
                let at = text.len() - tail.len() - high.is_none() as usize;
                let message = format!("non-hexadecimal number found in fromhex() arg at position {at}");
                return Err(vm.raise_value(&message));
            }
        }
        rest = &tail[1..];
    }
}

fn join(vm: &mut Vm, args: &[Value]) -> PyResult {
    let separator = receiver(vm, args)?;
    let list = vm.collect(args[1])?;
    let mut data = Vec::new();
    for (i, &item) in list_of(list).items().iter().enumerate() {
        if !vm.has_layout(item, BuiltinType::Bytes) {
            let message = format!("sequence item {i}: expected a bytes-like object, {} found", vm.class_name(item));
            return Err(vm.raise_type(&message));
        }
        if i > 0 {
            data.extend_from_slice(separator);
        }
        data.extend_from_slice(bytes_of(item));
    }
    vm.new_bytes(&data)
}

fn push(vm: &mut Vm, list: Value, data: &[u8]) -> PyResult<()> {
    let part = vm.new_bytes(data)?;
    vm.list_push(list_of(list), part)
}

fn split(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = receiver(vm, args)?;
    let limit = if args[2].is_unbound() { -1 } else { vm.index_clamped(args[2])? };
    let mut left = if limit < 0 { usize::MAX } else { limit as usize };
    let list = vm.new_list(&[])?;
    let mut rest = data;
    if let Some(separator) = vm.optional(args[1]) {
        let separator = bytes_like(vm, separator)?;
        let separator = bytes_of(separator);
        if separator.is_empty() {
            return Err(vm.raise_value("empty separator"));
        }
        while left > 0
            && let Some(at) = memmem::find(rest, separator)
        {
            push(vm, list, &rest[..at])?;
            rest = &rest[at + separator.len()..];
            left -= 1;
        }
        push(vm, list, rest)?;
        return Ok(list);
    }
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return Ok(list);
        }
        let end = if left == 0 { rest.len() } else { rest.iter().position(is_space).unwrap_or(rest.len()) };
        push(vm, list, &rest[..end])?;
        if left == 0 {
            return Ok(list);
        }
        rest = &rest[end..];
        left -= 1;
    }
}

fn splitlines(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = receiver(vm, args)?;
    let keep = !args[1].is_unbound() && vm.is_true(args[1])?;
    let list = vm.new_list(&[])?;
    let mut rest = data;
    while !rest.is_empty() {
        let end = rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
        let next = (end + 1 + rest[end.min(rest.len())..].starts_with(b"\r\n") as usize).min(rest.len());
        push(vm, list, &rest[..if keep { next } else { end }])?;
        rest = &rest[next..];
    }
    Ok(list)
}

fn partition(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = receiver(vm, args)?;
    let separator = bytes_like(vm, args[1])?;
    let (head, middle, tail) = match memmem::find(data, bytes_of(separator)) {
        Some(at) => (&data[..at], bytes_of(separator), &data[at + bytes_of(separator).len()..]),
        None => (data, &[][..], &[][..]),
    };
    let (head, middle, tail) = (vm.new_bytes(head)?, vm.new_bytes(middle)?, vm.new_bytes(tail)?);
    Ok(vm.new_tuple(&[head, middle, tail]))
}

/// What is looked for: bytes, or one byte as an int.
fn needle(vm: &mut Vm, value: Value) -> PyResult<Vec<u8>> {
    if vm.is_int_like(value) {
        return Ok(vec![byte(vm, value)?]);
    }
    let bytes = bytes_like(vm, value)?;
    Ok(bytes_of(bytes).to_vec())
}

fn locate(vm: &mut Vm, args: &[Value], last: bool) -> PyResult<Option<usize>> {
    let data = receiver(vm, args)?;
    let needle = needle(vm, args[1])?;
    let (start, end) = vm.search_bounds(args[2], args[3], data.len())?;
    if start > end {
        return Ok(None);
    }
    let part = &data[start..end];
    let found = if last { memmem::rfind(part, &needle) } else { memmem::find(part, &needle) };
    Ok(found.map(|at| at + start))
}

fn position(found: Option<usize>) -> Value {
    Value::small_int(found.map_or(-1, |at| at as i64))
}

fn index(vm: &mut Vm, args: &[Value], last: bool) -> PyResult {
    match locate(vm, args, last)? {
        None => Err(vm.raise_value("subsection not found")),
        found => Ok(position(found)),
    }
}

fn count(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = receiver(vm, args)?;
    let needle = needle(vm, args[1])?;
    let (start, end) = vm.search_bounds(args[2], args[3], data.len())?;
    if start > end {
        return Ok(Value::small_int(0));
    }
    let mut rest = &data[start..end];
    if needle.is_empty() {
        return Ok(Value::small_int(rest.len() as i64 + 1));
    }
    let mut n = 0;
    while let Some(at) = memmem::find(rest, &needle) {
        n += 1;
        rest = &rest[at + needle.len()..];
    }
    Ok(Value::small_int(n))
}

fn replace(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = receiver(vm, args)?;
    let (old, new) = (bytes_like(vm, args[1])?, bytes_like(vm, args[2])?);
    let (old, new) = (bytes_of(old), bytes_of(new));
    let limit = if args[3].is_unbound() { -1 } else { vm.index_clamped(args[3])? };
    let mut left = if limit < 0 { usize::MAX } else { limit as usize };
    let mut result = Vec::with_capacity(data.len());
    let mut rest = data;
    if old.is_empty() {
        for &byte in data {
            if left > 0 {
                result.extend_from_slice(new);
                left -= 1;
            }
            result.push(byte);
        }
        if left > 0 {
            result.extend_from_slice(new);
        }
        return vm.new_bytes(&result);
    }
    while left > 0
        && let Some(at) = memmem::find(rest, old)
    {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(new);
        rest = &rest[at + old.len()..];
        left -= 1;
    }
    result.extend_from_slice(rest);
    vm.new_bytes(&result)
}

fn affix(vm: &mut Vm, args: &[Value], test: fn(&[u8], &[u8]) -> bool) -> PyResult {
    let data = receiver(vm, args)?;
    let (start, end) = vm.search_bounds(args[2], args[3], data.len())?;
    if start > end {
        return Ok(Value::FALSE);
    }
    let single = [args[1]];
    let affixes = if vm.has_layout(args[1], BuiltinType::Tuple) { tuple_of(args[1]).items() } else { &single };
    for &affix in affixes {
        if !vm.has_layout(affix, BuiltinType::Bytes) {
            let message =
                format!("startswith first arg must be bytes or a tuple of bytes, not {}", vm.class_name(affix));
            return Err(vm.raise_type(&message));
        }
        if test(&data[start..end], bytes_of(affix)) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

fn strip(vm: &mut Vm, args: &[Value], left: bool, right: bool) -> PyResult {
    let mut data = receiver(vm, args)?;
    let set = match vm.optional(args[1]) {
        None => b" \t\n\r\x0b\x0c",
        Some(set) => {
            let set = bytes_like(vm, set)?;
            bytes_of(set)
        }
    };
    while left
        && let [first, rest @ ..] = data
        && set.contains(first)
    {
        data = rest;
    }
    while right
        && let [rest @ .., last] = data
        && set.contains(last)
    {
        data = rest;
    }
    vm.new_bytes(data)
}

fn map(vm: &mut Vm, args: &[Value], change: fn(&[u8]) -> Vec<u8>) -> PyResult {
    let changed = change(receiver(vm, args)?);
    vm.new_bytes(&changed)
}

fn all(vm: &mut Vm, args: &[Value], test: fn(&u8) -> bool) -> PyResult {
    let data = receiver(vm, args)?;
    Ok(Value::bool(!data.is_empty() && data.iter().all(test)))
}

fn pad(vm: &mut Vm, args: &[Value], at_left: bool) -> PyResult {
    let data = receiver(vm, args)?;
    let width = vm.index_i64(args[1])?.max(0);
    if width > MOST_BYTES {
        return Err(vm.raise_memory());
    }
    let width = width as usize;
    let fill = if args[2].is_unbound() { b' ' } else { needle(vm, args[2])?.first().copied().unwrap_or(b' ') };
    let filling = vec![fill; width.saturating_sub(data.len())];
    let padded = if at_left { [&filling, data].concat() } else { [data, &filling].concat() };
    vm.new_bytes(&padded)
}

fn translate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = receiver(vm, args)?;
    let delete = if args[2].is_unbound() { Vec::new() } else { needle(vm, args[2])? };
    let kept = data.iter().copied().filter(|byte| !delete.contains(byte));
    let result: Vec<u8> = match vm.optional(args[1]) {
        None => kept.collect(),
        Some(table) => {
            let table = bytes_like(vm, table)?;
            let table = bytes_of(table);
            if table.len() != 256 {
                return Err(vm.raise_value("translation table must be 256 characters long"));
            }
            kept.map(|byte| table[byte as usize]).collect()
        }
    };
    vm.new_bytes(&result)
}

fn maketrans(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (from, to) = (bytes_like(vm, args[0])?, bytes_like(vm, args[1])?);
    if bytes_of(from).len() != bytes_of(to).len() {
        return Err(vm.raise_value("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (&a, &b) in bytes_of(from).iter().zip(bytes_of(to)) {
        table[a as usize] = b;
    }
    vm.new_bytes(&table)
}

/// The text of a bytes or str path.
pub fn path_text(vm: &mut Vm, value: Value) -> PyResult<String> {
    if vm.is_str(value) {
        return Ok(str_to_string(value));
    }
    if vm.has_layout(value, BuiltinType::Bytes) {
        return Ok(String::from_utf8_lossy(bytes_of(value)).into_owned());
    }
    let name = vm.intern("__fspath__");
    match vm.call_special(value, name, &[])? {
        Some(path) if vm.is_str(path) => Ok(str_to_string(path)),
        _ => {
            let message = format!("expected str, bytes or os.PathLike object, not {}", vm.class_name(value));
            Err(vm.raise_type(&message))
        }
    }
}
