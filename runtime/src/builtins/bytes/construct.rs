//! `bytes(…)`, and bytes from what others give.

use crate::builtins::class::class_argument;
use crate::builtins::string::codec;
use crate::object::buffer::copied_bytes;
use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const NEW: NativeRow =
    native("__new__", "($type, source=b'', encoding=None, errors=None)", new).doc("Makes new bytes.");

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = class_argument(vm, args[0], BuiltinType::Bytes)?;
    let exact = convert(vm, args[1], args[2], args[3])?;
    let exact = vm.exact_alias(exact)?;
    vm.derive(class, exact)
}

/// Checks the arguments `encoding` and `errors` of a constructor: they go with a str, and a str needs an encoding.
pub fn check_encoding(vm: &mut Vm, kind: &str, source: Value, encoding: Value, errors: Value) -> PyResult<()> {
    for (name, value) in [("encoding", encoding), ("errors", errors)] {
        if !value.is_unbound() && !vm.is_str(value) {
            let given = if value.is_none() { "None".to_string() } else { vm.class_name(value) };
            return Err(vm.raise_type(&format!("{kind}() argument '{name}' must be str, not {given}")));
        }
    }
    let is_text = !source.is_unbound() && vm.is_str(source);
    let message = match (is_text, encoding.is_unbound(), errors.is_unbound()) {
        (true, true, _) => "string argument without an encoding",
        (false, false, _) => "encoding without a string argument",
        (false, true, false) => "errors without a string argument",
        _ => return Ok(()),
    };
    Err(vm.raise_type(message))
}

/// `bytes(source, encoding, errors)`; bytes and what `__bytes__` gives as they are.
fn convert(vm: &mut Vm, source: Value, encoding: Value, errors: Value) -> PyResult {
    if !encoding.is_unbound() || !errors.is_unbound() || source.is_unbound() {
        check_encoding(vm, "bytes", source, encoding, errors)?;
        if source.is_unbound() {
            return vm.new_bytes(&[]);
        }
        return codec::encode(vm, &[source, encoding, errors]);
    }
    if vm.is_exact(source, BuiltinType::Bytes) {
        return Ok(source);
    }
    let name = vm.names.__bytes__;
    if let Some(bytes) = vm.call_special(source, name, &[])? {
        if vm.has_layout(bytes, BuiltinType::Bytes) {
            return Ok(bytes);
        }
        let message = format!("__bytes__ returned non-bytes (type {})", vm.class_name(bytes));
        return Err(vm.raise_type(&message));
    }
    check_encoding(vm, "bytes", source, encoding, errors)?;
    match count(vm, source)? {
        Some(count) => vm.new_bytes_with(count, |_| {}),
        None => from_content(vm, source, "bytes must be in range(0, 256)"),
    }
}

/// How many zeros a constructor is asked for; `None`: the source is no number.
pub fn count(vm: &mut Vm, source: Value) -> PyResult<Option<usize>> {
    if !vm.is_index(source) {
        return Ok(None);
    }
    let int = match vm.index(source) {
        Ok(int) => int,
        Err(_) if vm.exception_matches(vm.exceptions.TypeError) => {
            vm.clear_exception();
            return Ok(None);
        }
        Err(raised) => return Err(raised),
    };
    match crate::object::integer::int_to_i64(int) {
        Some(count) if count < 0 => Err(vm.raise_value("negative count")),
        Some(count) => Ok(Some(count as usize)),
        None => {
            let message = format!("cannot fit '{}' into an index-sized integer", vm.class_name(source));
            Err(vm.raise_overflow(&message))
        }
    }
}

/// A copy of a bytes-like object's memory, or an iterable's ints.
fn from_content(vm: &mut Vm, source: Value, out_of_range: &str) -> PyResult {
    if vm.is_bytes_like(source) {
        let data = copied_bytes(vm, source)?;
        return vm.new_bytes(&data);
    }
    if vm.is_str(source) || !vm.is_iterable(source) {
        let message = format!("cannot convert '{}' object to bytes", vm.class_name(source));
        return Err(vm.raise_type(&message));
    }
    let mut data = Vec::new();
    each_byte(vm, source, out_of_range, |byte| data.push(byte))?;
    vm.new_bytes(&data)
}

/// Calls `push` with each int of an iterable.
pub fn each_byte(vm: &mut Vm, iterable: Value, out_of_range: &str, mut push: impl FnMut(u8)) -> PyResult<()> {
    let is_list = vm.is_exact(iterable, BuiltinType::List);
    if is_list || vm.is_exact(iterable, BuiltinType::Tuple) {
        let mut at = 0;
        while let Some(item) = vm.sequence_item(iterable, at) {
            push(byte(vm, item, out_of_range)?);
            at += 1;
        }
        return Ok(());
    }
    let iterator = vm.get_iter(iterable)?;
    while let Some(item) = vm.iter_next(iterator)? {
        push(byte(vm, item, out_of_range)?);
    }
    Ok(())
}

/// An int between 0 and 255.
pub fn byte(vm: &mut Vm, value: Value, out_of_range: &str) -> PyResult<u8> {
    let index = vm.index_clamped(value)?;
    u8::try_from(index).map_err(|_| vm.raise_value(out_of_range))
}

/// `bytes(value)` of what is no number and no str: for natives that take what can be made bytes.
pub fn as_exact(vm: &mut Vm, value: Value) -> PyResult {
    let name = vm.names.__bytes__;
    if vm.lookup_special(value, name).is_some() {
        return convert(vm, value, Value::UNBOUND, Value::UNBOUND);
    }
    from_content(vm, value, "bytes must be in range(0, 256)")
}

/// `bytes` or `bytearray`, where the value is one.
pub fn byte_string_name(vm: &Vm, value: Value) -> Option<&'static str> {
    use crate::builtins::bytearray::BYTEARRAY;
    [&super::BYTES, &BYTEARRAY].into_iter().find(|spec| vm.is_of_spec(value, spec)).map(|spec| spec.name)
}
