//! Checksums.

use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::operate::op;
use stitch_runtime::{PyResult, Value, Vm};

/// What each byte adds, the highest bit first.
const CCITT: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut crc, mut bit) = ((byte as u16) << 8, 0);
        while bit < 8 {
            crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

/// The low bits of any int.
pub fn low_word(vm: &mut Vm, value: Value) -> PyResult<u32> {
    let int = vm.index(value)?;
    let low = vm.int_binary(op::AND, int, Value::small_int(u32::MAX as i64))?;
    Ok(vm.int_to_i64(low).map_or(0, |low| low as u32))
}

pub fn crc32(vm: &mut Vm, data: BytesLike, crc: Option<Value>) -> PyResult<i64> {
    let start = crc.map_or(Ok(0), |crc| low_word(vm, crc))?;
    Ok(crate::zlib::stream::crc32(start, &data) as i64)
}

pub fn crc_hqx(vm: &mut Vm, data: BytesLike, crc: Value) -> PyResult<i64> {
    let start = low_word(vm, crc)? as u16;
    let step = |crc: u16, &byte: &u8| crc << 8 ^ CCITT[((crc >> 8) as u8 ^ byte) as usize];
    Ok(data.iter().fold(start, step) as i64)
}
