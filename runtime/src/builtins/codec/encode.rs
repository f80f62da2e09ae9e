//! Text to bytes.

use super::errors::{Answer, Handler, Trouble, write_escape};
use super::{Codec, Order, Wide};
use crate::object::string::View;
use crate::object::utf8::push_utf8;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::ops::Range;

/// The bytes of a text in one of our encodings.
pub fn encode(vm: &mut Vm, codec: Codec, handler: &Handler, text: Value) -> PyResult {
    let view = vm.str_of(text).view();
    if let View::One(data) = view
        && !matches!(codec, Codec::Wide(_))
        && (codec == Codec::Latin1 || data.is_ascii())
    {
        return vm.new_bytes(data);
    }
    let mut data = Vec::with_capacity(view.len());
    if let Codec::Wide(Wide { width, order: Order::Marked }) = codec {
        data.extend_from_slice(&[0xFF, 0xFE, 0, 0][..width]);
    }
    let mut at = 0;
    loop {
        at = push_run(codec, view, at, &mut data);
        if at >= view.len() {
            break;
        }
        if push_point(codec, view.at(at), &mut data) {
            at += 1;
        } else {
            at = handle(vm, codec, handler, text, at, &mut data)?;
        }
    }
    vm.new_bytes(&data)
}

/// Appends the code points from `at` on that the encoding has; gives where one is that it has not got, or the end.
fn push_run(codec: Codec, view: View<'_>, at: usize, data: &mut Vec<u8>) -> usize {
    let below = |limit: u32, data: &mut Vec<u8>| {
        let end = view.position(at, |point| point >= limit).unwrap_or(view.len());
        match view {
            View::One(points) => data.extend_from_slice(&points[at..end]),
            View::Two(points) => data.extend(points[at..end].iter().map(|&point| point as u8)),
            View::Four(points) => data.extend(points[at..end].iter().map(|&point| point as u8)),
        }
        end
    };
    match codec {
        Codec::Utf8 => push_utf8(view, at, data),
        Codec::Ascii => below(0x80, data),
        Codec::Latin1 => below(0x100, data),
        Codec::Wide(wide) => push_wide_run(wide, view, at, data),
    }
}

/// The same for encodings of several bytes a code point, up to a surrogate.
fn push_wide_run(wide: Wide, view: View<'_>, at: usize, data: &mut Vec<u8>) -> usize {
    let end = match view {
        View::One(points) => points.len(),
        _ => view.position(at, is_surrogate).unwrap_or(view.len()),
    };
    let is_big = wide.order == Order::Big;
    match (view.part(at, end), wide.width) {
        (View::One(points), 2) => push_units(points, is_big, data, |point| u16::from(point).to_le_bytes()),
        (View::Two(points), 2) => push_units(points, is_big, data, u16::to_le_bytes),
        (View::Four(points), 2) => points.iter().for_each(|&point| push_wide(wide, point, data)),
        (View::One(points), _) => push_units(points, is_big, data, |point| u32::from(point).to_le_bytes()),
        (View::Two(points), _) => push_units(points, is_big, data, |point| u32::from(point).to_le_bytes()),
        (View::Four(points), _) => push_units(points, is_big, data, u32::to_le_bytes),
    }
    end
}

fn push_units<T: Copy, const N: usize>(points: &[T], is_big: bool, data: &mut Vec<u8>, bytes: impl Fn(T) -> [u8; N]) {
    let start = data.len();
    data.resize(start + points.len() * N, 0);
    let (units, _) = data[start..].as_chunks_mut::<N>();
    for (unit, &point) in units.iter_mut().zip(points) {
        *unit = bytes(point);
        if is_big {
            unit.reverse();
        }
    }
}

/// Appends a code point; false where the encoding has not got it.
fn push_point(codec: Codec, point: u32, data: &mut Vec<u8>) -> bool {
    match codec {
        Codec::Ascii if point < 0x80 => data.push(point as u8),
        Codec::Latin1 if point < 0x100 => data.push(point as u8),
        Codec::Utf8 => match char::from_u32(point) {
            Some(c) => data.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => return false,
        },
        Codec::Wide(wide) if !is_surrogate(point) => push_wide(wide, point, data),
        _ => return false,
    }
    true
}

fn push_wide(Wide { width, order }: Wide, point: u32, data: &mut Vec<u8>) {
    let is_big = order == Order::Big;
    if width == 4 {
        data.extend_from_slice(&if is_big { point.to_be_bytes() } else { point.to_le_bytes() });
        return;
    }
    let mut push = |unit: u16| data.extend_from_slice(&if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    match point {
        0x1_0000.. => {
            push(0xD800 | ((point - 0x1_0000) >> 10) as u16);
            push(0xDC00 | ((point - 0x1_0000) & 0x3FF) as u16);
        }
        _ => push(point as u16),
    }
}

fn is_surrogate(point: u32) -> bool {
    (0xD800..0xE000).contains(&point)
}

/// Has the handler see to the code points from `start` on that the encoding has not got; gives where to go on.
fn handle(
    vm: &mut Vm,
    codec: Codec,
    handler: &Handler,
    text: Value,
    start: usize,
    data: &mut Vec<u8>,
) -> PyResult<usize> {
    let view = vm.str_of(text).view();
    let mut end = start + 1;
    if !matches!(codec, Codec::Wide(_)) {
        // As many as there are in a row.
        let is_missing = |point: u32| match codec {
            Codec::Ascii => point >= 0x80,
            Codec::Latin1 => point >= 0x100,
            Codec::Utf8 | Codec::Wide(_) => is_surrogate(point),
        };
        end = view.position(end, |point| !is_missing(point)).unwrap_or(view.len());
    }
    let point = view.at(start);
    match handler {
        Handler::Ignore => return Ok(end),
        Handler::Replace => (start..end).for_each(|_| push_ascii(codec, b"?", data)),
        Handler::BackslashReplace => (start..end).for_each(|at| {
            let mut text = [0; 10];
            let n_bytes = write_escape(view.at(at), &mut text);
            push_ascii(codec, &text[..n_bytes], data);
        }),
        Handler::XmlCharRefReplace => (start..end).for_each(|at| {
            let (mut digits, mut first, mut left) = ([0; 10], 10, view.at(at));
            while first == 10 || left > 0 {
                first -= 1;
                digits[first] = b'0' + (left % 10) as u8;
                left /= 10;
            }
            for piece in [&b"&#"[..], &digits[first..], b";"] {
                push_ascii(codec, piece, data);
            }
        }),
        Handler::SurrogateEscape if (0xDC80..0xDD00).contains(&point) && !matches!(codec, Codec::Wide(_)) => {
            data.push((point - 0xDC00) as u8);
            return Ok(start + 1);
        }
        Handler::SurrogatePass if is_surrogate(point) && matches!(codec, Codec::Utf8) => {
            let [_, high, middle, low] = [0, point >> 12, point >> 6 & 0x3F, point & 0x3F];
            data.extend_from_slice(&[0xE0 | high as u8, 0x80 | middle as u8, 0x80 | low as u8]);
            return Ok(start + 1);
        }
        Handler::SurrogatePass if is_surrogate(point) => {
            if let Codec::Wide(wide) = codec {
                push_wide(wide, point, data);
                return Ok(start + 1);
            }
            return Err(trouble(vm, codec, text, start..end).raise(vm));
        }
        Handler::Registered(name) => {
            let trouble = trouble(vm, codec, text, start..end);
            let Answer { replacement, place: at, .. } = trouble.ask(vm, name)?;
            if !vm.is_str(replacement) {
                data.extend_from_slice(&crate::object::buffer::copied_bytes(vm, replacement)?);
                return Ok(at);
            }
            for point in vm.str_of(replacement).view().code_points() {
                let is_there = (codec != Codec::Utf8 || point < 0x80) && push_point(codec, point, data);
                if !is_there {
                    return Err(trouble.raise(vm));
                }
            }
            return Ok(at);
        }
        Handler::Strict | Handler::SurrogateEscape | Handler::SurrogatePass | Handler::NameReplace => {
            return Err(trouble(vm, codec, text, start..end).raise(vm));
        }
    }
    Ok(end)
}

fn push_ascii(codec: Codec, text: &[u8], data: &mut Vec<u8>) {
    if !matches!(codec, Codec::Wide(_)) {
        return data.extend_from_slice(text);
    }
    for &byte in text {
        push_point(codec, byte as u32, data);
    }
}

fn trouble(vm: &Vm, codec: Codec, text: Value, at: Range<usize>) -> Trouble<'static> {
    let reason = match codec {
        Codec::Ascii => "ordinal not in range(128)",
        Codec::Latin1 => "ordinal not in range(256)",
        _ => "surrogates not allowed",
    };
    let (class, len) = (vm.exceptions.UnicodeEncodeError, vm.str_of(text).len);
    Trouble { class, encoding: codec.name(), object: text, len, at, reason }
}
