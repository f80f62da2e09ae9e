//! Taking arrays apart for pickles, and making them again on any machine.

use super::code::TypeCode;
use super::{ARRAY, Array, methods, type_code};
use stitch_runtime::object::argument::{Index, This};
use stitch_runtime::object::layout::{BytesObject, TypeObject};
use stitch_runtime::uop::ElementKind;
use stitch_runtime::{PyResult, Value, Vm};

/// `__reduce_ex__`: by a list up to protocol 2, by bytes later.
pub fn reduce(vm: &mut Vm, this: This<Array>, protocol: Index) -> PyResult<Value> {
    let name = vm.intern("__dict__");
    let state = vm.get_attr_opt(this.value(), name)?.unwrap_or(Value::NONE);
    let class = Value::object(vm.class_of(this.value()));
    let code = vm.new_str(this.code.text);
    if protocol.0 < 3 {
        let list = methods::to_list(vm, this)?;
        let arguments = vm.new_tuple(&[code, list]);
        return Ok(vm.new_tuple(&[class, arguments, state]));
    }
    let module = vm.import_dotted("array")?;
    let name = vm.intern("_array_reconstructor");
    let function = vm.get_attr(module, name)?;
    let bytes = vm.new_bytes(this.data())?;
    let is_wide = this.item_bytes() > 1;
    let format = this.code.machine_format + i64::from(is_wide && cfg!(target_endian = "big"));
    let arguments = vm.new_tuple(&[class, code, Value::small_int(format), bytes]);
    Ok(vm.new_tuple(&[function, arguments, state]))
}

/// What the items of a machine format are.
enum Items {
    Numbers(ElementKind),
    Utf16,
    Utf32,
}

fn items_of_format(format: i64) -> Option<(Items, bool)> {
    const KINDS: [ElementKind; 8] = [
        ElementKind::U16,
        ElementKind::I16,
        ElementKind::U32,
        ElementKind::I32,
        ElementKind::U64,
        ElementKind::I64,
        ElementKind::F32,
        ElementKind::F64,
    ];
    let is_big = format & 1 == 1;
    Some(match format {
        0 => (Items::Numbers(ElementKind::U8), false),
        1 => (Items::Numbers(ElementKind::I8), false),
        2..=17 => (Items::Numbers(KINDS[format as usize / 2 - 1]), is_big),
        18 | 19 => (Items::Utf16, is_big),
        20 | 21 => (Items::Utf32, is_big),
        _ => return None,
    })
}

/// `_array_reconstructor`.
pub fn reconstruct(vm: &mut Vm, class: Value, code: Value, format: Index, bytes: Value) -> PyResult<Value> {
    if !vm.is_a::<TypeObject>(class) {
        let message = format!("first argument must be a type object, not {}", vm.class_name(class));
        return Err(vm.raise_type(&message));
    }
    let array = vm.type_of_spec(&ARRAY);
    if !vm.is_subclass(class.as_ptr::<TypeObject>(), array) {
        let message = format!("{} is not a subtype of array.array", vm.type_name(class.as_ptr()));
        return Err(vm.raise_type(&message));
    }
    let code_text = code;
    let code = type_code(vm, code)?;
    let Some((items, is_big)) = items_of_format(format.0) else {
        return Err(vm.raise_value("third argument must be a valid machine format code."));
    };
    let Some(bytes) = This::<BytesObject>::of(vm, bytes) else {
        let message = format!("fourth argument should be bytes, not {}", vm.class_name(bytes));
        return Err(vm.raise_type(&message));
    };
    let initializer = if is_native(code, &items, is_big) { bytes.value() } else { decode(vm, &items, is_big, bytes)? };
    vm.call(class, &[code_text, initializer])
}

fn is_native(code: &TypeCode, items: &Items, is_big: bool) -> bool {
    let is_same = match items {
        Items::Numbers(kind) => code.kind == Some(*kind),
        Items::Utf32 => code.kind.is_none(),
        Items::Utf16 => false,
    };
    is_same && is_big == cfg!(target_endian = "big")
}

/// The items as a list, or as a str.
fn decode(vm: &mut Vm, items: &Items, is_big: bool, bytes: This<BytesObject>) -> PyResult<Value> {
    let size = match items {
        Items::Numbers(kind) => kind.size_bytes(),
        Items::Utf16 => 2,
        Items::Utf32 => 4,
    };
    let mut data = bytes.data().to_vec();
    if !data.len().is_multiple_of(size) {
        return Err(vm.raise_value("bytes length not a multiple of item size"));
    }
    if is_big != cfg!(target_endian = "big") {
        data.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    let pair = |bytes: &[u8]| u16::from_ne_bytes([bytes[0], bytes[1]]);
    match items {
        Items::Utf16 => {
            let units = data.chunks_exact(2).map(pair);
            let points: Vec<u32> = char::decode_utf16(units)
                .map(|point| point.map_or_else(|lone| u32::from(lone.unpaired_surrogate()), u32::from))
                .collect();
            Ok(vm.str_from_code_points(&points))
        }
        Items::Utf32 => {
            let points: Vec<u32> = data.chunks_exact(4).map(super::code_point_of).collect();
            Ok(vm.str_from_code_points(&points))
        }
        Items::Numbers(kind) => {
            let list = vm.new_list(&[])?;
            for bytes in data.chunks_exact(size) {
                let word = kind.load(bytes);
                let item = match kind {
                    ElementKind::F32 | ElementKind::F64 => Value::float(f64::from_bits(word)),
                    ElementKind::U64 => vm.new_int_from_u64(word),
                    _ => vm.new_int(word as i64),
                };
                vm.list_push(list.as_ptr(), item)?;
            }
            Ok(list)
        }
    }
}
