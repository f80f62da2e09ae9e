//! Encoding and decoding text.
//!
//! ```text
//!   str.encode ─┐                   ┌─► a codec of ours (`encode`, `decode`)
//!               ├─► name of encoding┤
//!   bytes.decode┘                   └─► what was registered for the name (`registry`; the library's `encodings`)
//!   _codecs.utf_8_decode, …  ─────────► a codec of ours, `escape`, `charmap`
//! ```
//!
//! What cannot be encoded or decoded goes to an error handler (`errors`): one of ours, or one that was registered.

mod charmap;
mod decode;
mod encode;
mod errors;
mod escape;
mod functions;
mod registry;
mod utf7;

pub use functions::MODULE;
pub use registry::decode_text;

use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use errors::Handler;
use std::borrow::Cow;

/// An encoding that the VM knows itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Codec {
    Utf8,
    Ascii,
    Latin1,
    Wide(Wide),
}

/// UTF-16 or UTF-32.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Wide {
    /// Bytes a unit.
    width: usize,
    order: Order,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Order {
    Little,
    Big,
    /// As a byte order mark says, which is written; without one little-endian.
    Marked,
}

impl Codec {
    /// By a name that is not an alias in the library alone.
    fn named(name: &str) -> Option<Codec> {
        Codec::of_plain_name(name).or_else(|| {
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if name.bytes().all(is_plain) {
                return None;
            }
            Codec::of_plain_name(&name.to_ascii_lowercase().replace(['_', ' '], "-"))
        })
    }

    fn of_plain_name(name: &str) -> Option<Codec> {
        let wide = |width, order| Some(Codec::Wide(Wide { width, order }));
        match name {
            "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => Some(Codec::Utf8),
            "ascii" | "us-ascii" | "646" => Some(Codec::Ascii),
            "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "l1" => Some(Codec::Latin1),
            "utf-16" | "utf16" => wide(2, Order::Marked),
            "utf-16-le" | "utf-16le" => wide(2, Order::Little),
            "utf-16-be" | "utf-16be" => wide(2, Order::Big),
            "utf-32" | "utf32" => wide(4, Order::Marked),
            "utf-32-le" | "utf-32le" => wide(4, Order::Little),
            "utf-32-be" | "utf-32be" => wide(4, Order::Big),
            _ => None,
        }
    }

    /// As exceptions have it.
    fn name(self) -> &'static str {
        match self {
            Codec::Utf8 => "utf-8",
            Codec::Ascii => "ascii",
            Codec::Latin1 => "latin-1",
            Codec::Wide(Wide { width: 2, order }) => ["utf-16-le", "utf-16-be", "utf-16"][order as usize],
            Codec::Wide(Wide { order, .. }) => ["utf-32-le", "utf-32-be", "utf-32"][order as usize],
        }
    }
}

/// What is asked for most, and needs no memory to be told.
const USUAL: [&str; 9] =
    ["utf-8", "ascii", "latin-1", "utf8", "strict", "replace", "ignore", "surrogateescape", "backslashreplace"];

/// What an argument `encoding` or `errors` says; unbound or None: the default.
fn text_argument(vm: &mut Vm, value: Value, function: &str, name: &str) -> PyResult<Option<Cow<'static, str>>> {
    if value.is_unbound() {
        return Ok(None);
    }
    if !vm.is_str(value) {
        let given = if value.is_none() { "None".to_string() } else { vm.class_name(value) };
        return Err(vm.raise_type(&format!("{function}() argument '{name}' must be str, not {given}")));
    }
    if let View::One(data) = vm.str_of(value).view()
        && let Some(usual) = USUAL.into_iter().find(|usual| usual.as_bytes() == data)
    {
        return Ok(Some(Cow::Borrowed(usual)));
    }
    let text = vm.string_of(value);
    if text.contains('\0') {
        return Err(vm.raise_value("embedded null character"));
    }
    Ok(Some(Cow::Owned(text)))
}

/// LookupError for a name that nobody has, where the VM is to tell at once.
fn check_names(vm: &mut Vm, encoding: &str, errors: Option<&str>) -> PyResult<()> {
    if !vm.checks_codecs {
        return Ok(());
    }
    if Codec::named(encoding).is_none() {
        registry::lookup(vm, encoding)?;
    }
    errors.map_or(Ok(()), |errors| registry::error_handler(vm, errors).map(|_| ()))
}

/// `text.encode(encoding, errors)`.
pub fn encode(vm: &mut Vm, text: Value, encoding: Value, errors: Value) -> PyResult {
    let encoding = text_argument(vm, encoding, "encode", "encoding")?.unwrap_or(Cow::Borrowed("utf-8"));
    let errors = text_argument(vm, errors, "encode", "errors")?;
    check_names(vm, &encoding, errors.as_deref())?;
    if let Some(codec) = Codec::named(&encoding) {
        let handler = Handler::named(errors.as_deref());
        return encode::encode(vm, codec, &handler, text);
    }
    registry::encode_text(vm, text, &encoding, errors.as_deref())
}

/// A text as a stream shows it whose encoding has not got all of it: what it has not got is escaped.
pub fn escaped_for(vm: &mut Vm, stream: Value, text: Value) -> PyResult {
    let name = vm.intern("encoding");
    let encoding = vm.get_attr(stream, name)?;
    let errors = vm.intern("backslashreplace");
    let data = encode(vm, text, encoding, errors)?;
    let errors = vm.intern("strict");
    let data = crate::object::buffer::copied_bytes(vm, data)?;
    decode(vm, &data, encoding, errors)
}

/// `bytes.decode(encoding, errors)` of an object with these bytes.
pub fn decode(vm: &mut Vm, data: &[u8], encoding: Value, errors: Value) -> PyResult {
    let encoding = text_argument(vm, encoding, "decode", "encoding")?.unwrap_or(Cow::Borrowed("utf-8"));
    let errors = text_argument(vm, errors, "decode", "errors")?;
    check_names(vm, &encoding, errors.as_deref())?;
    if let Some(codec) = Codec::named(&encoding) {
        let handler = Handler::named(errors.as_deref());
        return Ok(decode::decode(vm, codec, &handler, data, true)?.text);
    }
    registry::decode_text(vm, data, &encoding, errors.as_deref())
}
