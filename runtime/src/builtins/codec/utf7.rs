//! UTF-7: text in ASCII, what is not in it as base64 of UTF-16, from `+` up to `-` or what is no digit.

use super::decode::handle;
use super::errors::Handler;
use crate::object::convert::text::Text;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn digit(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    } as u32)
}

/// Does a code point stand for itself in what is encoded?
fn is_direct(point: u32) -> bool {
    match u8::try_from(point) {
        Ok(b'\t' | b'\n' | b'\r') => true,
        Ok(byte) => matches!(byte, b' '..=b'}') && !matches!(byte, b'+' | b'\\'),
        Err(_) => false,
    }
}

/// Bits that wait for more of them: to be digits, or code units.
#[derive(Default)]
struct Bits {
    bits: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        self.bits = self.bits << count | bits;
        self.count += count;
    }
    fn take(&mut self, count: u32) -> Option<u32> {
        self.count = self.count.checked_sub(count)?;
        let taken = self.bits >> self.count;
        self.bits &= (1 << self.count) - 1;
        Some(taken)
    }
    fn push_unit(&mut self, unit: u32, data: &mut Vec<u8>) {
        self.push(unit, 16);
        while self.count >= 6 {
            data.extend(self.take(6).map(|digit| DIGITS[digit as usize]));
        }
    }
    /// The last digit, if there are bits for one.
    fn finish(&mut self, data: &mut Vec<u8>) {
        if self.count > 0 {
            data.push(DIGITS[(self.bits << (6 - self.count)) as usize]);
        }
        *self = Bits::default();
    }
}

pub fn encode(text: View<'_>) -> Vec<u8> {
    let mut data = Vec::with_capacity(text.len());
    let mut bits = Bits::default();
    let mut is_shifted = false;
    for point in text.code_points() {
        if is_direct(point) {
            if std::mem::take(&mut is_shifted) {
                bits.finish(&mut data);
                if digit(point as u8).is_some() || point == u32::from(b'-') {
                    data.push(b'-');
                }
            }
            data.push(point as u8);
            continue;
        }
        if !is_shifted {
            data.push(b'+');
            if point == u32::from(b'+') {
                data.push(b'-');
                continue;
            }
            is_shifted = true;
        }
        if let Some(beyond) = point.checked_sub(0x1_0000) {
            bits.push_unit(0xD800 | beyond >> 10, &mut data);
            bits.push_unit(0xDC00 | beyond & 0x3FF, &mut data);
        } else {
            bits.push_unit(point, &mut data);
        }
    }
    bits.finish(&mut data);
    if is_shifted {
        data.push(b'-');
    }
    data
}

/// What stands between `+` and its end.
struct Shifted {
    /// Where its `+` stands.
    start: usize,
    bits: Bits,
    high_surrogate: Option<u32>,
    text: Text,
}

impl Shifted {
    fn push_unit(&mut self, unit: u32) {
        if let Some(high) = self.high_surrogate.take() {
            if (0xDC00..0xE000).contains(&unit) {
                return self.text.push(0x1_0000 + ((high & 0x3FF) << 10 | unit & 0x3FF));
            }
            self.text.push(high);
        }
        match unit {
            0xD800..0xDC00 => self.high_surrogate = Some(unit),
            _ => self.text.push(unit),
        }
    }
    /// What is wrong with the bits that are left.
    fn wrong_rest(&self) -> Option<&'static str> {
        match self.bits {
            Bits { count: 6.., .. } => Some("partial character in shift sequence"),
            Bits { bits: 1.., .. } => Some("non-zero padding bits in shift sequence"),
            _ => None,
        }
    }
}

/// The text of bytes, and how many were read: where more may follow, none of a part between `+` and its end that has no end.
pub fn decode(vm: &mut Vm, handler: &Handler, data: &[u8], is_final: bool) -> PyResult<(Value, usize)> {
    let mut data = Cow::Borrowed(data);
    let mut text = Text::new();
    let mut shifted: Option<Shifted> = None;
    let mut at = 0;
    loop {
        let Some(&byte) = data.get(at) else {
            let Some(part) = shifted.take() else { break };
            if !is_final {
                return Ok((text.finish(vm), part.start));
            }
            text.push_view(part.text.view());
            if part.high_surrogate.is_some() || part.wrong_rest().is_some() {
                let bad = part.start..data.len();
                at = handle(vm, "utf7", handler, bad, "unterminated shift sequence", &mut data, &mut text)?;
            }
            continue;
        };
        if let Some(part) = &mut shifted
            && let Some(digit) = digit(byte)
        {
            at += 1;
            part.bits.push(digit, 6);
            if let Some(unit) = part.bits.take(16) {
                part.push_unit(unit);
            }
            continue;
        }
        let (start, reason) = if let Some(part) = shifted.take() {
            text.push_view(part.text.view());
            let wrong = part.wrong_rest();
            if wrong.is_none() {
                if let Some(high) = part.high_surrogate.filter(|_| byte < 0x80) {
                    text.push(high);
                }
                at += usize::from(byte == b'-');
            }
            (part.start, wrong)
        } else if byte == b'+' {
            match data.get(at + 1) {
                Some(b'-') => {
                    text.push(u32::from(b'+'));
                    at += 2;
                    continue;
                }
                Some(&next) if digit(next).is_none() => {
                    at += 1;
                    (at - 1, Some("ill-formed sequence"))
                }
                _ => {
                    let part = Shifted { start: at, bits: Bits::default(), high_surrogate: None, text: Text::new() };
                    shifted = Some(part);
                    at += 1;
                    continue;
                }
            }
        } else if byte < 0x80 {
            text.push(u32::from(byte));
            at += 1;
            continue;
        } else {
            (at, Some("unexpected special character"))
        };
        if let Some(reason) = reason {
            at = handle(vm, "utf7", handler, start..at + 1, reason, &mut data, &mut text)?;
        }
    }
    Ok((text.finish(vm), at))
}
