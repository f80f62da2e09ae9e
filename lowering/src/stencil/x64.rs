//! The few instructions that a stencil's ends are made of.

use std::ops::Range;

/// `push rbp; mov rbp, rsp`.
pub const PROLOGUE: [u8; 4] = [0x55, 0x48, 0x89, 0xE5];
/// `mov rsp, rbp; pop rbp`.
const EPILOGUE: [u8; 4] = [0x48, 0x89, 0xEC, 0x5D];
/// The epilogue and a `jmp rel32`.
pub const LEAVE: [u8; LEAVE_BYTES] = [0x48, 0x89, 0xEC, 0x5D, JUMP, 0, 0, 0, 0];
pub const LEAVE_BYTES: usize = 9;
/// `jmp rel32`, whose four bytes follow.
pub const JUMP: u8 = 0xE9;
pub const JUMP_BYTES: usize = 5;
/// `nop`.
pub const NO_OPERATION: u8 = 0x90;
/// `sub rsp, imm32`, whose four bytes follow.
pub const RESERVE: [u8; 3] = [0x48, 0x81, 0xEC];

/// Length of the prologue and the bytes that it reserves.
pub fn prologue(code: &[u8]) -> Option<(usize, u32)> {
    let rest = code.strip_prefix(&PROLOGUE)?;
    Some(match *rest {
        [0x48, 0x83, 0xEC, bytes, ..] => (8, u32::from(bytes)),
        [0x48, 0x81, 0xEC, a, b, c, d, ..] => (11, u32::from_le_bytes([a, b, c, d])),
        _ => (4, 0),
    })
}

/// Length of the epilogue at the end of `code`, of a function that reserves `reserved` bytes.
pub fn epilogue(code: &[u8], reserved: u32) -> Option<usize> {
    let rest = code.strip_suffix(&EPILOGUE)?;
    match reserved {
        0 => Some(4),
        1..=0x7F => rest.ends_with(&[0x48, 0x83, 0xC4, reserved as u8]).then_some(8),
        _ => {
            let [a, b, c, d] = reserved.to_le_bytes();
            rest.ends_with(&[0x48, 0x81, 0xC4, a, b, c, d]).then_some(11)
        }
    }
}

/// The branches that `code` ends with, the last one first: where their rel32 is.
pub fn branches(code: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let mut end = code.len();
    std::iter::from_fn(move || {
        let length = match code[..end] {
            [.., 0x0F, condition, _, _, _, _] if condition & 0xF0 == 0x80 => 6,
            [.., JUMP, _, _, _, _] => 5,
            _ => return None,
        };
        let at = end - 4;
        end -= length;
        Some(at)
    })
}

/// Where instructions refer to words behind `code`, which ends in front of `end`: the disp32, and which word.
pub fn pool_references(code: &[u8], last_block: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    (1..code.len().saturating_sub(4)).filter_map(move |at| {
        let target = usize::try_from(at as i64 + 4 + i64::from(read_i32(code, at))).ok()?;
        let is_relative = code[at - 1] & 0xC7 == 0x05;
        let is_word = target > last_block && target.is_multiple_of(8) && target + 8 <= code.len();
        (is_relative && is_word && at + 4 <= target).then_some((at, target))
    })
}

/// All that may be a branch in a part of the code: the rel32, and where it leads.
pub fn maybe_branches(code: &[u8], part: Range<usize>) -> impl Iterator<Item = (usize, usize)> + '_ {
    (part.start + 1..part.end.saturating_sub(3)).filter_map(move |at| {
        let is_branch = code[at - 1] == JUMP || (code[at - 2] == 0x0F && code[at - 1] & 0xF0 == 0x80);
        let target = usize::try_from(at as i64 + 4 + i64::from(read_i32(code, at))).ok()?;
        is_branch.then_some((at, target))
    })
}

/// Whether nothing that follows `code` is run after it, as far as one sees.
pub fn ends(code: &[u8]) -> bool {
    // `ret`, `jmp` to a register, `jmp`, `ud2`.
    matches!(*code, [.., 0xC3] | [.., 0xFF, 0xE0..=0xE7] | [.., JUMP, _, _, _, _] | [.., 0x0F, 0x0B])
}

pub fn read_i32(code: &[u8], at: usize) -> i32 {
    i32::from_le_bytes([code[at], code[at + 1], code[at + 2], code[at + 3]])
}

pub fn write_i32(code: &mut [u8], at: usize, value: i32) {
    code[at..at + 4].copy_from_slice(&value.to_le_bytes());
}
