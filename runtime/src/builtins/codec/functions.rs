//! The module `_codecs`.

use super::decode::decode;
use super::encode::encode;
use super::errors::Handler;
use super::registry::{self, HANDLERS, State};
use super::{Codec, Order, Wide, charmap, escape, utf7};
use crate::object::argument::{OrNone, Str, This, method};
use crate::object::buffer::copied_bytes;
use crate::object::layout::BytesObject;
use crate::object::module::ModuleSpec;
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const ENCODE: &str = "(str, errors=None, /)";
const DECODE: &str = "(data, errors=None, final=False, /)";
const DECODE_ALL: &str = "(data, errors=None, /)";

const fn wide<const WIDTH: usize, const ORDER: u8>() -> Codec {
    let order = match ORDER {
        0 => Order::Little,
        1 => Order::Big,
        _ => Order::Marked,
    };
    Codec::Wide(Wide { width: WIDTH, order })
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_codecs",
    doc: "Encoding and decoding.",
    functions: FUNCTIONS,
    exec: Some(|vm, module| {
        for row in HANDLERS {
            let function = vm.new_module_function(row, MODULE.name);
            vm.set_module_entry(module, row.name, function);
        }
        Ok(())
    }),
    state: Some(|| Box::<State>::default()),
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[NativeRow] = &[
    method("register", "(search_function, /)", registry::register).doc("Adds a function that finds codecs by name."),
    method("unregister", "(search_function, /)", registry::unregister).doc("Removes a function that finds codecs."),
    method("lookup", "(encoding, /)", |vm: &mut Vm, encoding: Str| {
        registry::lookup(vm, &vm.string_of(encoding.value()))
    })
    .doc("The codec of an encoding."),
    method("encode", "(obj, encoding='utf-8', errors='strict')", |vm: &mut Vm, object: Value, encoding, errors| {
        convert(vm, object, encoding, errors, true)
    })
    .doc("Encodes by any codec."),
    method("decode", "(obj, encoding='utf-8', errors='strict')", |vm: &mut Vm, object: Value, encoding, errors| {
        convert(vm, object, encoding, errors, false)
    })
    .doc("Decodes by any codec."),
    method("register_error", "(errors, handler, /)", |vm: &mut Vm, name: Str, handler: Value| {
        registry::register_error(vm, name.value(), handler)
    })
    .doc("Adds an error handler."),
    method("_unregister_error", "(errors, /)", |vm: &mut Vm, name: Str| registry::unregister_error(vm, name.value()))
        .doc("Removes an error handler."),
    method("lookup_error", "(name, /)", |vm: &mut Vm, name: Str| {
        registry::error_handler(vm, &vm.string_of(name.value()))
    })
    .doc("The error handler of a name."),
    encoder("utf_8_encode", |vm, text, errors| encoded(vm, Codec::Utf8, text, errors)),
    encoder("ascii_encode", |vm, text, errors| encoded(vm, Codec::Ascii, text, errors)),
    encoder("latin_1_encode", |vm, text, errors| encoded(vm, Codec::Latin1, text, errors)),
    encoder("utf_7_encode", |vm, text, _| {
        let data = vm.new_bytes(&utf7::encode(text.view()))?;
        pair(vm, data, text.object().len)
    }),
    method("utf_16_encode", "(str, errors=None, byteorder=0, /)", ordered::<2>).doc("Encodes text as UTF-16."),
    encoder("utf_16_le_encode", |vm, text, errors| encoded(vm, wide::<2, 0>(), text, errors)),
    encoder("utf_16_be_encode", |vm, text, errors| encoded(vm, wide::<2, 1>(), text, errors)),
    method("utf_32_encode", "(str, errors=None, byteorder=0, /)", ordered::<4>).doc("Encodes text as UTF-32."),
    encoder("utf_32_le_encode", |vm, text, errors| encoded(vm, wide::<4, 0>(), text, errors)),
    encoder("utf_32_be_encode", |vm, text, errors| encoded(vm, wide::<4, 1>(), text, errors)),
    decoder("utf_8_decode", |vm, data, errors, last| decoded(vm, Codec::Utf8, data, errors, last)),
    decoder("utf_7_decode", |vm, data, errors, last| {
        let bytes = copied_bytes(vm, data)?;
        let (text, consumed) = utf7::decode(vm, &handler_of(errors), &bytes, last.unwrap_or(false))?;
        pair(vm, text, consumed)
    }),
    decoder("utf_16_decode", |vm, data, errors, last| decoded(vm, wide::<2, 2>(), data, errors, last)),
    decoder("utf_16_le_decode", |vm, data, errors, last| decoded(vm, wide::<2, 0>(), data, errors, last)),
    decoder("utf_16_be_decode", |vm, data, errors, last| decoded(vm, wide::<2, 1>(), data, errors, last)),
    decoder("utf_32_decode", |vm, data, errors, last| decoded(vm, wide::<4, 2>(), data, errors, last)),
    decoder("utf_32_le_decode", |vm, data, errors, last| decoded(vm, wide::<4, 0>(), data, errors, last)),
    decoder("utf_32_be_decode", |vm, data, errors, last| decoded(vm, wide::<4, 1>(), data, errors, last)),
    method("utf_16_ex_decode", "(data, errors=None, byteorder=0, final=False, /)", decoded_with_order::<2>)
        .doc("Decodes UTF-16; tells the order of bytes."),
    method("utf_32_ex_decode", "(data, errors=None, byteorder=0, final=False, /)", decoded_with_order::<4>)
        .doc("Decodes UTF-32; tells the order of bytes."),
    method("ascii_decode", DECODE_ALL, |vm: &mut Vm, data: Value, errors: OrNone<Str>| {
        decoded(vm, Codec::Ascii, data, errors, Some(true))
    })
    .doc("Decodes ASCII."),
    method("latin_1_decode", DECODE_ALL, |vm: &mut Vm, data: Value, errors: OrNone<Str>| {
        decoded(vm, Codec::Latin1, data, errors, Some(true))
    })
    .doc("Decodes Latin-1."),
    method("readbuffer_encode", "(data, errors=None, /)", |vm: &mut Vm, data: Value, _: OrNone<Str>| -> PyResult {
        let text = if vm.is_str(data) { super::encode(vm, data, Value::UNBOUND, Value::UNBOUND)? } else { data };
        let bytes = copied_bytes(vm, text)?;
        let n = bytes.len();
        let bytes = vm.new_bytes(&bytes)?;
        pair(vm, bytes, n)
    })
    .doc("The bytes of an object."),
    method(
        "escape_encode",
        "(data, errors=None, /)",
        |vm: &mut Vm, data: This<BytesObject>, _: OrNone<Str>| -> PyResult {
            let escaped = vm.new_bytes(&escape::escaped_bytes(data.data()))?;
            pair(vm, escaped, data.data().len())
        },
    )
    .doc("Bytes as they stand in a literal."),
    method("escape_decode", "(data, errors=None, /)", |vm: &mut Vm, data: Value, errors: OrNone<Str>| -> PyResult {
        let bytes = source_bytes(vm, data)?;
        let handler = handler_of(errors);
        let decoded = escape::bytes_of_escapes(vm, &handler, &bytes)?;
        let decoded = vm.new_bytes(&decoded)?;
        pair(vm, decoded, bytes.len())
    })
    .doc("The bytes that a literal stands for."),
    encoder("unicode_escape_encode", |vm, text, _| {
        let data = escape::escaped_text(text.view());
        let data = vm.new_bytes(&data)?;
        pair(vm, data, text.object().len)
    }),
    encoder("raw_unicode_escape_encode", |vm, text, _| {
        let data = escape::raw_escaped_text(text.view());
        let data = vm.new_bytes(&data)?;
        pair(vm, data, text.object().len)
    }),
    method(
        "unicode_escape_decode",
        "(data, errors=None, final=True, /)",
        |vm: &mut Vm, data: Value, errors, last: Option<bool>| {
            let (bytes, handler) = (source_bytes(vm, data)?, handler_of(errors));
            let (text, consumed) = escape::text_of_escapes(vm, &handler, &bytes, last.unwrap_or(true))?;
            pair(vm, text, consumed)
        },
    )
    .doc("The text that a literal stands for."),
    method(
        "raw_unicode_escape_decode",
        "(data, errors=None, final=True, /)",
        |vm: &mut Vm, data: Value, errors, last: Option<bool>| {
            let (bytes, handler) = (source_bytes(vm, data)?, handler_of(errors));
            let (text, consumed) = escape::text_of_raw_escapes(vm, &handler, &bytes, last.unwrap_or(true))?;
            pair(vm, text, consumed)
        },
    )
    .doc("The text that a raw literal stands for."),
    method(
        "charmap_encode",
        "(str, errors=None, mapping=None, /)",
        |vm: &mut Vm, text: Str, errors, mapping: OrNone<Value>| {
            let handler = handler_of(errors);
            let data = charmap::encode(vm, text.value(), &handler, mapping.0)?;
            pair(vm, data, vm.str_of(text.value()).len)
        },
    )
    .doc("Encodes by a mapping."),
    method(
        "charmap_decode",
        "(data, errors=None, mapping=None, /)",
        |vm: &mut Vm, data: Value, errors, mapping: OrNone<Value>| {
            let (bytes, handler) = (copied_bytes(vm, data)?, handler_of(errors));
            let text = charmap::decode(vm, &bytes, &handler, mapping.0)?;
            pair(vm, text, bytes.len())
        },
    )
    .doc("Decodes by a mapping."),
    method("charmap_build", "(map, /)", |vm: &mut Vm, map: Str| charmap::build(vm, map.value()))
        .doc("The mapping for encoding that goes with a table for decoding."),
];

const fn encoder<F>(name: &'static str, function: F) -> NativeRow
where
    F: Fn(&mut Vm, Str, OrNone<Str>) -> PyResult + Copy + 'static,
{
    method::<F, fn(&mut Vm, Str, OrNone<Str>) -> PyResult>(name, ENCODE, function)
        .doc("Encodes text; gives how much of it, too.")
}

const fn decoder<F>(name: &'static str, function: F) -> NativeRow
where
    F: Fn(&mut Vm, Value, OrNone<Str>, Option<bool>) -> PyResult + Copy + 'static,
{
    method::<F, fn(&mut Vm, Value, OrNone<Str>, Option<bool>) -> PyResult>(name, DECODE, function)
        .doc("Decodes bytes; gives how many, too. More may follow where they are not the last.")
}

fn encoded(vm: &mut Vm, codec: Codec, text: Str, errors: OrNone<Str>) -> PyResult {
    let bytes = encode(vm, codec, &handler_of(errors), text.value())?;
    pair(vm, bytes, text.object().len)
}

/// By the order of bytes that is asked for: below 0 little, above 0 big, 0 with a mark.
fn ordered<const WIDTH: usize>(
    vm: &mut Vm,
    text: Str,
    errors: OrNone<Str>,
    order: Option<crate::object::argument::Index>,
) -> PyResult {
    let codec = Codec::Wide(Wide { width: WIDTH, order: order_of(order.map_or(0, |order| order.0)) });
    encoded(vm, codec, text, errors)
}

fn order_of(order: i64) -> Order {
    match order {
        ..0 => Order::Little,
        0 => Order::Marked,
        _ => Order::Big,
    }
}

fn decoded(vm: &mut Vm, codec: Codec, data: Value, errors: OrNone<Str>, is_final: Option<bool>) -> PyResult {
    let bytes = copied_bytes(vm, data)?;
    let decoded = decode(vm, codec, &handler_of(errors), &bytes, is_final.unwrap_or(false))?;
    pair(vm, decoded.text, decoded.consumed)
}

fn decoded_with_order<const WIDTH: usize>(
    vm: &mut Vm,
    data: Value,
    errors: OrNone<Str>,
    order: Option<crate::object::argument::Index>,
    is_final: Option<bool>,
) -> PyResult {
    let bytes = copied_bytes(vm, data)?;
    let codec = Codec::Wide(Wide { width: WIDTH, order: order_of(order.map_or(0, |order| order.0)) });
    let decoded = decode(vm, codec, &handler_of(errors), &bytes, is_final.unwrap_or(false))?;
    let order = match decoded.order {
        Order::Little => -1,
        Order::Big => 1,
        Order::Marked => 0,
    };
    let consumed = vm.new_int_from_usize(decoded.consumed);
    Ok(vm.new_tuple(&[decoded.text, consumed, Value::small_int(order)]))
}

fn convert(vm: &mut Vm, object: Value, encoding: Option<Str>, errors: Option<Str>, is_encoding: bool) -> PyResult {
    let encoding = encoding.map_or_else(|| "utf-8".to_string(), |name| vm.string_of(name.value()));
    let errors = errors.map(|name| vm.string_of(name.value()));
    registry::convert(vm, object, &encoding, errors.as_deref(), is_encoding)
}

/// Bytes to be decoded, or a text's as UTF-8.
fn source_bytes(vm: &mut Vm, data: Value) -> PyResult<Vec<u8>> {
    let data = if vm.is_str(data) { super::encode(vm, data, Value::UNBOUND, Value::UNBOUND)? } else { data };
    copied_bytes(vm, data)
}

fn handler_of(errors: OrNone<Str>) -> Handler {
    let name = errors.0.map(Str::text);
    Handler::named(name.as_deref())
}

fn pair(vm: &mut Vm, object: Value, n: usize) -> PyResult {
    let n = vm.new_int_from_usize(n);
    Ok(vm.new_tuple(&[object, n]))
}
