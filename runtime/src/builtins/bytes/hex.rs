//! Hexadecimal digits.

use super::{ByteString, is_space};
use crate::object::argument::{Class, Index, This};
use crate::object::buffer::BytesLike;
use crate::object::layout::BytesObject;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;

pub fn hex<K: ByteString>(vm: &mut Vm, this: This<K>, separator: Value, group: Option<Index>) -> PyResult {
    let _lease = this.lease();
    let (separator, group) = separated(vm, separator, group)?;
    let text = digits(this.data(), separator, group);
    Ok(vm.str_from_latin1(&text))
}

/// The separator, and after how many bytes it comes: from the right, or (negative) from the left; 0: never.
pub fn separated(vm: &mut Vm, separator: Value, group: Option<Index>) -> PyResult<(u8, i64)> {
    let group = group.map_or(1, |group| group.0);
    if i32::try_from(group).is_err() {
        return Err(vm.raise_overflow("Python int too large to convert to C int"));
    }
    if separator.is_unbound() {
        return Ok((0, 0));
    }
    if vm.len(separator)? != 1 {
        return Err(vm.raise_value("sep must be length 1."));
    }
    let byte = if vm.is_str(separator) {
        match vm.str_of(separator).view() {
            View::One(&[byte]) => byte,
            _ => 0xFF,
        }
    } else if vm.is_a::<BytesObject>(separator) {
        // Its class may say that it has another length.
        This::<BytesObject>::expect(vm, separator).data().first().copied().unwrap_or(0)
    } else {
        return Err(vm.raise_type("sep must be str or bytes."));
    };
    if !byte.is_ascii() {
        return Err(vm.raise_value("sep must be ASCII."));
    }
    Ok((byte, group))
}

/// The two digits of each byte.
const PAIRS: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    pairs
};

pub fn digits(data: &[u8], separator: u8, group: i64) -> Vec<u8> {
    let pair = |byte: u8| PAIRS[byte as usize];
    let size = group.unsigned_abs() as usize;
    if size == 0 {
        return data.iter().map(|&byte| pair(byte)).collect::<Vec<_>>().into_flattened();
    }
    let mut text = Vec::with_capacity(data.len() * 2 + data.len() / size);
    for (i, &byte) in data.iter().enumerate() {
        let before = if group > 0 { data.len() - i } else { i };
        if i > 0 && before.is_multiple_of(size) {
            text.push(separator);
        }
        text.extend(pair(byte));
    }
    text
}

/// `bytes.fromhex(string)`; another class is called with the bytes.
pub fn fromhex(vm: &mut Vm, class: Class, source: Value) -> PyResult {
    let text = if vm.is_str(source) {
        match vm.str_of(source).view() {
            View::One(text) => Cow::Borrowed(text),
            // A character that is no byte is no digit, either.
            view => view.code_points().map(|point| u8::try_from(point).unwrap_or(0xFF)).collect(),
        }
    } else if vm.is_bytes_like(source) {
        Cow::Owned(BytesLike::of(vm, source)?.to_vec())
    } else {
        let message = format!("fromhex() argument must be str or bytes-like, not {}", vm.class_name(source));
        return Err(vm.raise_type(&message));
    };
    let data = match parse(&text) {
        Ok(data) => data,
        Err(at) if at == text.len() => {
            return Err(vm.raise_value("fromhex() arg must contain an even number of hexadecimal digits"));
        }
        Err(at) => {
            return Err(vm.raise_value(&format!("non-hexadecimal number found in fromhex() arg at position {at}")));
        }
    };
    let bytes = vm.new_bytes(&data)?;
    if class.is_of(&super::BYTES) { Ok(bytes) } else { vm.call(Value::object(class.0), &[bytes]) }
}

/// What each byte is worth as a digit; `NONE` where it is none.
const WORTH: [u8; 256] = {
    let mut worth = [NONE; 256];
    let mut digit = 0;
    while digit < 16 {
        let lower = b"0123456789abcdef"[digit as usize];
        worth[lower as usize] = digit;
        worth[lower.to_ascii_uppercase() as usize] = digit;
        digit += 1;
    }
    worth
};
const NONE: u8 = 0xFF;

/// Bytes of digits, or where there is no digit.
fn parse(text: &[u8]) -> Result<Vec<u8>, usize> {
    let worth = |byte: u8| WORTH[byte as usize];
    let mut data = Vec::with_capacity(text.len() / 2);
    let mut at = 0;
    loop {
        let pairs = text[at..].chunks_exact(2).map(|pair| (worth(pair[0]), worth(pair[1])));
        let n_before = data.len();
        data.extend(pairs.take_while(|(high, low)| (high | low) < 16).map(|(high, low)| high << 4 | low));
        at += (data.len() - n_before) * 2;
        match text.get(at) {
            None => return Ok(data),
            Some(byte) if is_space(byte) => at += 1,
            Some(&byte) if worth(byte) == NONE => return Err(at),
            // Its other digit is none, or not there.
            Some(_) => return Err(at + 1),
        }
    }
}
