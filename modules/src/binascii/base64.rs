//! Base64.

use super::{Ascii, raise};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Vm};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD: u8 = b'=';
/// No digit.
const NONE: u8 = 64;

const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        values[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Of a value below 64.
fn digit(value: u8) -> u8 {
    DIGITS[usize::from(value & 63)]
}

pub fn encode(vm: &mut Vm, data: BytesLike, newline: Option<bool>) -> PyResult {
    let mut text = Vec::with_capacity(data.len() / 3 * 4 + 5);
    let digits = |a: u8, b: u8, c: u8| [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63].map(digit);
    let (groups, rest) = data.as_chunks();
    for &[a, b, c] in groups {
        text.extend_from_slice(&digits(a, b, c));
    }
    match *rest {
        [a, b] => {
            text.extend_from_slice(&digits(a, b, 0)[..3]);
            text.push(PAD);
        }
        [a] => {
            text.extend_from_slice(&digits(a, 0, 0)[..2]);
            text.extend_from_slice(&[PAD; 2]);
        }
        _ => {}
    }
    if newline.unwrap_or(true) {
        text.push(b'\n');
    }
    vm.new_bytes(&text)
}

/// Digits as they come, four for three bytes.
#[derive(Default)]
struct Decoder {
    data: Vec<u8>,
    /// How many digits of the four were there.
    n_digits: usize,
    /// Bits that are not yet a byte.
    rest: u8,
    /// Pads in a row.
    n_pads: usize,
    has_pads: bool,
}

/// What is wrong.
type Fault = &'static str;

impl Decoder {
    /// Whether that was the pad which ends the data.
    fn pad(&mut self, is_strict: bool, is_first: bool, is_last: bool) -> Result<bool, Fault> {
        self.has_pads = true;
        if is_strict && self.n_digits == 0 {
            return Err(if is_first { "Leading padding not allowed" } else { "Excess padding not allowed" });
        }
        if self.n_digits < 2 {
            return Ok(false);
        }
        self.n_pads += 1;
        let is_end = self.n_digits + self.n_pads >= 4;
        if is_end && is_strict && !is_last {
            return Err("Excess data after padding");
        }
        Ok(is_end)
    }

    fn digit(&mut self, value: u8) {
        self.n_pads = 0;
        match self.n_digits {
            0 => self.rest = value,
            1 => self.data.push(self.rest << 2 | value >> 4),
            2 => self.data.push(self.rest << 4 | value >> 2),
            _ => self.data.push(self.rest << 6 | value),
        }
        self.rest = value & [63, 15, 3, 0][self.n_digits];
        self.n_digits = (self.n_digits + 1) % 4;
    }

    /// Decodes what is digits throughout at the start, by fours; gives how many.
    fn fours(&mut self, text: &[u8]) -> usize {
        let mut n_digits = 0;
        for four in text.as_chunks::<4>().0 {
            let [a, b, c, d] = four.map(|byte| VALUES[usize::from(byte)]);
            if a | b | c | d >= NONE {
                break;
            }
            self.data.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
            n_digits += 4;
        }
        n_digits
    }

    fn decode(&mut self, text: &[u8], is_strict: bool) -> Result<(), Fault> {
        let start = self.fours(text);
        for (at, &byte) in text.iter().enumerate().skip(start) {
            let value = VALUES[byte as usize];
            if byte == PAD {
                if self.pad(is_strict, at == 0, at + 1 == text.len())? {
                    return Ok(());
                }
            } else if value == NONE {
                if is_strict {
                    return Err("Only base64 data is allowed");
                }
            } else if is_strict && self.has_pads {
                return Err("Discontinuous padding not allowed");
            } else {
                self.digit(value);
            }
        }
        if self.n_digits == 0 { Ok(()) } else { Err("Incorrect padding") }
    }
}

pub fn decode(vm: &mut Vm, text: Ascii, strict: Option<bool>) -> PyResult {
    let mut decoder = Decoder { data: Vec::with_capacity(text.len() / 4 * 3 + 3), ..Decoder::default() };
    match decoder.decode(&text, strict.unwrap_or(false)) {
        Ok(()) => vm.new_bytes(&decoder.data),
        Err("Incorrect padding") if decoder.n_digits == 1 => {
            let n_digits = decoder.data.len() / 3 * 4 + 1;
            let message = format!(
                "Invalid base64-encoded string: number of data characters ({n_digits}) cannot be 1 more than a multiple of 4"
            );
            Err(raise(vm, &message))
        }
        Err(fault) => Err(raise(vm, fault)),
    }
}
