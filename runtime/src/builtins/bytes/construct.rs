//! `bytes(…)`, and bytes from what others give.

use crate::builtins::codec;
use crate::object::argument::{ClassOf, Str, This, method};
use crate::object::buffer::copied_bytes;
use crate::object::layout::BytesObject;
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const NEW: NativeRow =
    method("__new__", "($type, source=b'', encoding=None, errors=None)", new).doc("Makes new bytes.");

fn new(
    vm: &mut Vm,
    class: ClassOf<BytesObject>,
    source: Value,
    encoding: Option<Str>,
    errors: Option<Str>,
) -> PyResult {
    let exact = convert(vm, source, encoding, errors)?;
    let exact = vm.exact_alias(exact)?;
    vm.derive(class.class, exact)
}

/// Checks the arguments `encoding` and `errors` of a constructor: they go with a str, and a str needs an encoding.
pub fn check_encoding(vm: &mut Vm, source: Value, encoding: Option<Str>, errors: Option<Str>) -> PyResult<()> {
    let is_text = Str::of(vm, source).is_some();
    let message = match (is_text, encoding.is_none(), errors.is_none()) {
        (true, true, _) => "string argument without an encoding",
        (false, false, _) => "encoding without a string argument",
        (false, true, false) => "errors without a string argument",
        _ => return Ok(()),
    };
    Err(vm.raise_type(message))
}

/// `bytes(source, encoding, errors)`; bytes and what `__bytes__` gives as they are.
fn convert(vm: &mut Vm, source: Value, encoding: Option<Str>, errors: Option<Str>) -> PyResult {
    if encoding.is_some() || errors.is_some() || source.is_unbound() {
        check_encoding(vm, source, encoding, errors)?;
        if source.is_unbound() {
            return vm.new_bytes(&[]);
        }
        return codec::encode(vm, source, Str::or_unbound(encoding), Str::or_unbound(errors));
    }
    let name = vm.names.__bytes__;
    if let Some(bytes) = vm.call_special(source, name, &[])? {
        if This::<BytesObject>::of(vm, bytes).is_some() {
            return Ok(bytes);
        }
        let message = format!("__bytes__ returned non-bytes (type {})", vm.class_name(bytes));
        return Err(vm.raise_type(&message));
    }
    check_encoding(vm, source, encoding, errors)?;
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
    match vm.int_to_i64(int) {
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
    if Str::of(vm, source).is_some() || !vm.is_iterable(source) {
        let message = format!("cannot convert '{}' object to bytes", vm.class_name(source));
        return Err(vm.raise_type(&message));
    }
    let mut data = Vec::new();
    each_byte(vm, source, out_of_range, true, |byte| data.push(byte))?;
    vm.new_bytes(&data)
}

/// Calls `push` with each int of an iterable, which may be asked how many they are.
pub fn each_byte(
    vm: &mut Vm,
    iterable: Value,
    out_of_range: &str,
    is_asked: bool,
    mut push: impl FnMut(u8),
) -> PyResult<()> {
    if vm.exact_items(iterable).is_some() {
        let mut at = 0;
        while let Some(&item) = vm.exact_items(iterable).and_then(|items| items.get(at)) {
            push(byte(vm, item, out_of_range)?);
            at += 1;
        }
        return Ok(());
    }
    let iterator = vm.get_iter(iterable)?;
    if is_asked {
        vm.capacity_for(iterable)?;
    }
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
        return convert(vm, value, None, None);
    }
    from_content(vm, value, "bytes must be in range(0, 256)")
}

/// `bytes` or `bytearray`, where the value is one.
pub fn byte_string_name(vm: &Vm, value: Value) -> Option<&'static str> {
    use crate::builtins::bytearray::BYTEARRAY;
    [&super::BYTES, &BYTEARRAY].into_iter().find(|spec| vm.is_of_spec(value, spec)).map(|spec| spec.name)
}
