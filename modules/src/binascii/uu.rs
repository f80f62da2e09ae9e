//! Uuencoded lines: the number of bytes, then a character for each six bits.

use super::{Ascii, raise};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Vm};

pub fn encode(vm: &mut Vm, data: BytesLike, backtick: Option<bool>) -> PyResult {
    if data.len() > 45 {
        return Err(raise(vm, "At most 45 bytes at once"));
    }
    let character = |bits: u32| match bits as u8 {
        0 if backtick == Some(true) => b'`',
        bits => b' ' + bits,
    };
    let mut line = vec![character(data.len() as u32)];
    for group in data.chunks(3) {
        let byte = |at: usize| *group.get(at).unwrap_or(&0) as u32;
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        line.extend([18, 12, 6, 0].map(|shift| character(bits >> shift & 63)));
    }
    line.push(b'\n');
    vm.new_bytes(&line)
}

pub fn decode(vm: &mut Vm, line: Ascii) -> PyResult {
    let (&first, mut rest) = line.split_first().unwrap_or((&0, &[]));
    let len = (first.wrapping_sub(b' ') & 63) as usize;
    let mut data = Vec::with_capacity(len);
    let (mut bits, mut n_bits) = (0u32, 0);
    while data.len() < len {
        let (byte, behind) = rest.split_first().map_or((b'\n', rest), |(&byte, behind)| (byte, behind));
        rest = behind;
        let value = match byte {
            // Spaces at the end may have been eaten.
            b'\n' | b'\r' => 0,
            b' '..=b'`' => (byte - b' ') & 63,
            _ => return Err(raise(vm, "Illegal char")),
        };
        bits = bits << 6 | value as u32;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            data.push((bits >> n_bits) as u8);
        }
    }
    if rest.iter().any(|byte| !matches!(byte, b' ' | b'`' | b'\n' | b'\r')) {
        return Err(raise(vm, "Trailing garbage"));
    }
    vm.new_bytes(&data)
}
