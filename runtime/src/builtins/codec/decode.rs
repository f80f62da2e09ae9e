//! Bytes to text.

use super::errors::{Handler, Trouble, escaped};
use super::{Codec, Order, Wide};
use crate::object::buffer::copied_bytes;
use crate::object::convert::text::Text;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;
use std::ops::Range;

/// Text, and what was read for it.
pub struct Decoded {
    pub text: Value,
    pub consumed: usize,
    /// Of UTF-16 and UTF-32: the order that was found.
    pub order: Order,
}

/// The text of bytes in one of our encodings; where more may follow (`!is_final`), what is cut off at the end is left.
pub fn decode(vm: &mut Vm, codec: Codec, handler: &Handler, data: &[u8], is_final: bool) -> PyResult<Decoded> {
    let mut order = Order::Marked;
    let (text, consumed) = match codec {
        Codec::Latin1 => (vm.str_from_latin1(data), data.len()),
        Codec::Utf8 => decode_utf8(vm, handler, data, is_final)?,
        Codec::Ascii => (decode_ascii(vm, handler, data)?, data.len()),
        Codec::Wide(wide) => {
            let (text, consumed, found) = decode_wide(vm, wide, handler, data, is_final)?;
            order = found;
            (text, consumed)
        }
    };
    Ok(Decoded { text, consumed, order })
}

fn decode_ascii(vm: &mut Vm, handler: &Handler, data: &[u8]) -> PyResult {
    if data.is_ascii() {
        return Ok(vm.str_from_latin1(data));
    }
    let mut data = Cow::Borrowed(data);
    let mut text = Text::new();
    let mut at = 0;
    while at < data.len() {
        if data[at] < 0x80 {
            text.push(data[at] as u32);
            at += 1;
        } else {
            at = handle(vm, "ascii", handler, at..at + 1, "ordinal not in range(128)", &mut data, &mut text)?;
        }
    }
    Ok(text.finish(vm))
}

fn decode_utf8(vm: &mut Vm, handler: &Handler, data: &[u8], is_final: bool) -> PyResult<(Value, usize)> {
    let mut data = Cow::Borrowed(data);
    let mut text = Text::new();
    let mut at = 0;
    loop {
        let rest = &data[at..];
        let error = match std::str::from_utf8(rest) {
            Ok(valid) if at == 0 && text.is_empty() => return Ok((vm.new_str(valid), data.len())),
            Ok(valid) => {
                text.push_str(valid);
                return Ok((text.finish(vm), data.len()));
            }
            Err(error) => error,
        };
        let valid = error.valid_up_to();
        // SAFETY: so many bytes were found to be UTF-8.
        text.push_str(unsafe { std::str::from_utf8_unchecked(&rest[..valid]) });
        at += valid;
        let rest = &data[at..];
        let reason = match error.error_len() {
            None if !is_final => return Ok((text.finish(vm), at)),
            // The beginning of a surrogate, for whoever wants those.
            Some(_) if !is_final && matches!(rest, [0xED, 0xA0..=0xBF]) => return Ok((text.finish(vm), at)),
            None => "unexpected end of data",
            Some(_) if matches!(rest[0], 0x80..=0xC1 | 0xF5..=0xFF) => "invalid start byte",
            Some(_) => "invalid continuation byte",
        };
        if *handler == Handler::SurrogatePass
            && let [0xED, middle @ 0xA0..=0xBF, low @ 0x80..=0xBF, ..] = *rest
        {
            text.push(0xD000 | (middle as u32 & 0x3F) << 6 | low as u32 & 0x3F);
            at += 3;
            continue;
        }
        let bad = error.error_len().unwrap_or(rest.len());
        at = handle(vm, "utf-8", handler, at..at + bad, reason, &mut data, &mut text)?;
    }
}

fn decode_wide(
    vm: &mut Vm,
    Wide { width, order }: Wide,
    handler: &Handler,
    data: &[u8],
    is_final: bool,
) -> PyResult<(Value, usize, Order)> {
    let unit = |chunk: &[u8], is_big: bool| -> u32 {
        let fold = |sum: u32, &byte: &u8| sum << 8 | byte as u32;
        if is_big { chunk.iter().fold(0, fold) } else { chunk.iter().rev().fold(0, fold) }
    };
    let (mut at, mut found) = (0, order);
    if order == Order::Marked && data.len() >= width {
        found = match (unit(&data[..width], false), unit(&data[..width], true)) {
            (0xFEFF, _) => Order::Little,
            (_, 0xFEFF) => Order::Big,
            _ => Order::Marked,
        };
        at = if found == Order::Marked { 0 } else { width };
    }
    let is_big = found == Order::Big;
    let actual = if is_big { Order::Big } else { Order::Little };
    let name = Codec::Wide(Wide { width, order: actual }).name();
    let mut data = Cow::Borrowed(data);
    let mut text = Text::new();
    while at < data.len() {
        let Some(chunk) = data.get(at..at + width) else {
            if !is_final {
                break;
            }
            at = handle(vm, name, handler, at..data.len(), "truncated data", &mut data, &mut text)?;
            continue;
        };
        let first = unit(chunk, is_big);
        let passes = *handler == Handler::SurrogatePass;
        match (width, first) {
            (2, 0xD800..0xDC00) => match data.get(at + 2..at + 4) {
                Some(next) if (0xDC00..0xE000).contains(&unit(next, is_big)) => {
                    text.push(0x1_0000 + ((first - 0xD800) << 10 | (unit(next, is_big) - 0xDC00)));
                    at += 4;
                }
                None if !is_final => break,
                _ if passes => {
                    text.push(first);
                    at += 2;
                }
                Some(_) => {
                    at = handle(vm, name, handler, at..at + 2, "illegal UTF-16 surrogate", &mut data, &mut text)?
                }
                None => at = handle(vm, name, handler, at..data.len(), "unexpected end of data", &mut data, &mut text)?,
            },
            (_, 0xD800..0xE000) if passes => {
                text.push(first);
                at += width;
            }
            (2, 0xDC00..0xE000) => {
                at = handle(vm, name, handler, at..at + 2, "illegal encoding", &mut data, &mut text)?
            }
            (_, 0xD800..0xE000) => {
                let reason = "code point in surrogate code point range(0xd800, 0xe000)";
                at = handle(vm, name, handler, at..at + width, reason, &mut data, &mut text)?;
            }
            (_, 0x11_0000..) => {
                at = handle(
                    vm,
                    name,
                    handler,
                    at..at + width,
                    "code point not in range(0x110000)",
                    &mut data,
                    &mut text,
                )?;
            }
            _ => {
                text.push(first);
                at += width;
            }
        }
    }
    Ok((text.finish(vm), at, found))
}

/// Has the handler see to bytes that are no text; gives where to go on, in bytes that may be others from now on.
pub fn handle(
    vm: &mut Vm,
    encoding: &str,
    handler: &Handler,
    at: Range<usize>,
    reason: &str,
    data: &mut Cow<'_, [u8]>,
    text: &mut Text,
) -> PyResult<usize> {
    let bad = &data[at.clone()];
    match handler {
        Handler::Ignore => {}
        Handler::Replace => text.push(0xFFFD),
        Handler::BackslashReplace => bad.iter().for_each(|&byte| text.push_str(&escaped(byte as u32))),
        Handler::SurrogateEscape if bad[0] >= 0x80 => {
            let n_high = bad.iter().take_while(|&&byte| byte >= 0x80).count();
            bad[..n_high].iter().for_each(|&byte| text.push(0xDC00 + byte as u32));
            return Ok(at.start + n_high);
        }
        _ => {
            let (object, class) = (vm.new_bytes(data)?, vm.exceptions.UnicodeDecodeError);
            let trouble = Trouble { class, encoding, object, len: data.len(), at: at.clone(), reason };
            let Handler::Registered(name) = handler else {
                if *handler == Handler::XmlCharRefReplace {
                    let message = "don't know how to handle UnicodeDecodeError in error callback";
                    return Err(vm.raise_type(message));
                }
                return Err(trouble.raise(vm));
            };
            let answer = trouble.ask(vm, name)?;
            text.push_view(vm.str_of(answer.replacement).view());
            if answer.object != object {
                *data = Cow::Owned(copied_bytes(vm, answer.object)?);
            }
            return Ok(answer.place);
        }
    }
    Ok(at.end)
}
