//! Encoding and decoding: UTF-8, ASCII, Latin-1, UTF-16 and UTF-32.

use super::builder::StrBuilder;
use super::receiver;
use crate::object::string::{View, str_to_string};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Codec {
    Utf8,
    Ascii,
    Latin1,
    /// Bytes a unit; little-endian unless `big`; with a byte order mark where the name gives no order.
    Wide {
        width: usize,
        big: bool,
        mark: bool,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Errors {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    SurrogateEscape,
    SurrogatePass,
}

impl Codec {
    fn name(self) -> &'static str {
        match self {
            Codec::Utf8 => "utf-8",
            Codec::Ascii => "ascii",
            Codec::Latin1 => "latin-1",
            Codec::Wide { width: 2, .. } => "utf-16",
            Codec::Wide { .. } => "utf-32",
        }
    }
}

fn codec(vm: &mut Vm, name: Value) -> PyResult<Codec> {
    if name.is_unbound() {
        return Ok(Codec::Utf8);
    }
    if !vm.is_str(name) {
        let message = format!("encode() argument 'encoding' must be str, not {}", vm.class_name(name));
        return Err(vm.raise_type(&message));
    }
    let text = str_to_string(name);
    let wide = |width, big, mark| Codec::Wide { width, big, mark };
    Ok(match text.to_ascii_lowercase().replace(['_', ' '], "-").as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => Codec::Utf8,
        "ascii" | "us-ascii" | "646" => Codec::Ascii,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "l1" => Codec::Latin1,
        "utf-16" | "utf16" => wide(2, false, true),
        "utf-16-le" | "utf-16le" => wide(2, false, false),
        "utf-16-be" | "utf-16be" => wide(2, true, false),
        "utf-32" | "utf32" => wide(4, false, true),
        "utf-32-le" | "utf-32le" => wide(4, false, false),
        "utf-32-be" | "utf-32be" => wide(4, true, false),
        _ => {
            let message = format!("unknown encoding: {text}");
            return Err(vm.raise(vm.exceptions.LookupError, &message));
        }
    })
}

fn errors(vm: &mut Vm, name: Value) -> PyResult<Errors> {
    if name.is_unbound() || !vm.is_str(name) {
        return Ok(Errors::Strict);
    }
    let text = str_to_string(name);
    Ok(match text.as_str() {
        "strict" => Errors::Strict,
        "ignore" => Errors::Ignore,
        "replace" => Errors::Replace,
        "backslashreplace" => Errors::BackslashReplace,
        "xmlcharrefreplace" => Errors::XmlCharRefReplace,
        "surrogateescape" => Errors::SurrogateEscape,
        "surrogatepass" => Errors::SurrogatePass,
        _ => {
            let message = format!("unknown error handler name '{text}'");
            return Err(vm.raise(vm.exceptions.LookupError, &message));
        }
    })
}

pub fn encode(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let codec = codec(vm, args[1])?;
    let errors = errors(vm, args[2])?;
    if let View::One(data) = text
        && data.is_ascii()
        && !matches!(codec, Codec::Wide { .. })
    {
        return vm.new_bytes(data);
    }
    let mut data = Vec::with_capacity(text.len());
    if let Codec::Wide { width, mark: true, .. } = codec {
        data.extend_from_slice(&[0xFF, 0xFE, 0, 0][..width]);
    }
    for (i, point) in text.code_points().enumerate() {
        if !encode_point(codec, errors, point, &mut data) {
            encode_error(vm, codec, errors, point, i, &mut data)?;
        }
    }
    vm.new_bytes(&data)
}

fn encode_point(codec: Codec, errors: Errors, point: u32, data: &mut Vec<u8>) -> bool {
    let is_surrogate = (0xD800..0xE000).contains(&point);
    let passed = !is_surrogate || errors == Errors::SurrogatePass;
    match codec {
        Codec::Ascii if point < 0x80 => data.push(point as u8),
        Codec::Latin1 if point < 0x100 => data.push(point as u8),
        Codec::Utf8 if passed => match char::from_u32(point) {
            Some(c) => data.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => data.extend_from_slice(&[
                0xE0 | (point >> 12) as u8,
                0x80 | (point >> 6 & 0x3F) as u8,
                0x80 | (point & 0x3F) as u8,
            ]),
        },
        Codec::Wide { width: 2, big, .. } if passed => {
            let mut unit =
                |unit: u16| data.extend_from_slice(&if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
            match point {
                0x1_0000.. => {
                    unit(0xD800 | ((point - 0x1_0000) >> 10) as u16);
                    unit(0xDC00 | ((point - 0x1_0000) & 0x3FF) as u16);
                }
                _ => unit(point as u16),
            }
        }
        Codec::Wide { big, .. } if passed => {
            data.extend_from_slice(&if big { point.to_be_bytes() } else { point.to_le_bytes() })
        }
        _ => return false,
    }
    true
}

fn encode_error(vm: &mut Vm, codec: Codec, errors: Errors, point: u32, at: usize, data: &mut Vec<u8>) -> PyResult<()> {
    let escaped = match point {
        0..0x100 => format!("\\x{point:02x}"),
        0x100..0x1_0000 => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    };
    match errors {
        Errors::Ignore => {}
        Errors::Replace => data.push(b'?'),
        Errors::BackslashReplace => data.extend_from_slice(escaped.as_bytes()),
        Errors::XmlCharRefReplace => data.extend_from_slice(format!("&#{point};").as_bytes()),
        Errors::SurrogateEscape if (0xDC80..0xDD00).contains(&point) => data.push((point - 0xDC00) as u8),
        _ => {
            let reason = match codec {
                Codec::Ascii => "ordinal not in range(128)",
                Codec::Latin1 => "ordinal not in range(256)",
                _ => "surrogates not allowed",
            };
            let message =
                format!("'{}' codec can't encode character '{escaped}' in position {at}: {reason}", codec.name());
            return Err(vm.raise(vm.exceptions.UnicodeEncodeError, &message));
        }
    }
    Ok(())
}

/// `bytes.decode(encoding, errors)`.
pub fn decode(vm: &mut Vm, data: &[u8], encoding: Value, error_handler: Value) -> PyResult {
    let codec = codec(vm, encoding)?;
    let errors = errors(vm, error_handler)?;
    match codec {
        Codec::Utf8 => decode_utf8(vm, data, errors),
        Codec::Latin1 => Ok(vm.str_from_latin1(data)),
        Codec::Ascii => {
            let mut result = StrBuilder::new();
            for (i, &byte) in data.iter().enumerate() {
                if byte < 0x80 {
                    result.push(byte as u32);
                } else {
                    decode_error(vm, codec, errors, &data[i..=i], i, "ordinal not in range(128)", &mut result)?;
                }
            }
            Ok(result.finish(vm))
        }
        Codec::Wide { width, big, mark } => decode_wide(vm, data, errors, codec, width, big, mark),
    }
}

fn decode_utf8(vm: &mut Vm, data: &[u8], errors: Errors) -> PyResult {
    let mut rest = data;
    let mut result = StrBuilder::new();
    loop {
        let error = match std::str::from_utf8(rest) {
            Ok(text) if rest.len() == data.len() => return Ok(vm.new_str(text)),
            Ok(text) => {
                text.chars().for_each(|c| result.push(c as u32));
                return Ok(result.finish(vm));
            }
            Err(error) => error,
        };
        let valid = error.valid_up_to();
        String::from_utf8_lossy(&rest[..valid]).chars().for_each(|c| result.push(c as u32));
        let at = data.len() - rest.len() + valid;
        let bad = error.error_len().unwrap_or(rest.len() - valid);
        let reason = match error.error_len() {
            None => "unexpected end of data",
            Some(_) if matches!(rest[valid], 0x80..=0xC1 | 0xF5..=0xFF) => "invalid start byte",
            Some(_) => "invalid continuation byte",
        };
        decode_error(vm, Codec::Utf8, errors, &rest[valid..valid + bad], at, reason, &mut result)?;
        rest = &rest[valid + bad..];
    }
}

fn decode_wide(
    vm: &mut Vm,
    data: &[u8],
    errors: Errors,
    codec: Codec,
    width: usize,
    big: bool,
    mark: bool,
) -> PyResult {
    let unit = |chunk: &[u8], big: bool| -> u32 {
        let fold = |sum: u32, &byte: &u8| sum << 8 | byte as u32;
        if big { chunk.iter().fold(0, fold) } else { chunk.iter().rev().fold(0, fold) }
    };
    let (mut at, mut big) = (0, big);
    if mark && data.len() >= width {
        if unit(&data[..width], false) == 0xFEFF {
            at = width;
        } else if unit(&data[..width], true) == 0xFEFF {
            (at, big) = (width, true);
        }
    }
    let mut result = StrBuilder::new();
    while at < data.len() {
        let Some(chunk) = data.get(at..at + width) else {
            decode_error(vm, codec, errors, &data[at..], at, "truncated data", &mut result)?;
            break;
        };
        let first = unit(chunk, big);
        at += width;
        let second = data.get(at..at + 2).map(|next| unit(next, big)).filter(|next| (0xDC00..0xE000).contains(next));
        match (width, first, second) {
            (2, 0xD800..0xDC00, Some(second)) => {
                result.push(0x1_0000 + ((first - 0xD800) << 10 | (second - 0xDC00)));
                at += 2;
            }
            (_, 0xD800..0xE000 | 0x11_0000.., _) if errors != Errors::SurrogatePass || first > 0x10_FFFF => {
                let reason = if width == 2 { "illegal UTF-16 surrogate" } else { "code point not in range(0x110000)" };
                decode_error(vm, codec, errors, chunk, at - width, reason, &mut result)?;
            }
            _ => result.push(first),
        }
    }
    Ok(result.finish(vm))
}

fn decode_error(
    vm: &mut Vm,
    codec: Codec,
    errors: Errors,
    bad: &[u8],
    at: usize,
    reason: &str,
    result: &mut StrBuilder,
) -> PyResult<()> {
    match errors {
        Errors::Ignore => {}
        Errors::Replace => result.push(0xFFFD),
        Errors::BackslashReplace => {
            bad.iter().flat_map(|byte| format!("\\x{byte:02x}").into_bytes()).for_each(|c| result.push(c as u32))
        }
        Errors::SurrogateEscape => bad.iter().for_each(|&byte| result.push(0xDC00 + byte as u32)),
        _ => {
            let place = match bad {
                [byte] => format!("byte 0x{byte:02x} in position {at}"),
                _ => format!("bytes in position {at}-{}", at + bad.len() - 1),
            };
            let message = format!("'{}' codec can't decode {place}: {reason}", codec.name());
            return Err(vm.raise(vm.exceptions.UnicodeDecodeError, &message));
        }
    }
    Ok(())
}
