//! Recording arithmetic with ints that masks keep to 64 bits: hashes, generators of random numbers.
//!
//! ```text
//!   x = (x * A + C) & M64        int_binary (x * A)    nobody's once the mask has come, and dropped
//!                                int_binary (… + C)
//!                                box_unsigned(bits_add(bits_mul(low_bits x, A), C))
//! ```
//!
//! What comes out of a mask of 64 bits depends on the lowest 64 bits of what goes in, as far as that was made by sums, products
//! and shifts to the left.

use super::frames::{Recorded, Recorder};
use crate::object::operate::op;
use crate::object::types::BuiltinType;
use crate::uop::{Kind, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// The value of an exact int that fits 128 bits.
fn wide_int(vm: &Vm, value: Value) -> Option<i128> {
    if value.is_int() || vm.is_exact(value, BuiltinType::Int) { vm.int_to_i128(value) } else { None }
}

fn is_unsigned(int: i128) -> bool {
    u64::try_from(int).is_ok()
}

fn is_word(int: i128) -> bool {
    i64::try_from(int).is_ok()
}

impl Recorder {
    /// `lhs op rhs` (not in place), if an operand or the result is more than a machine integer, or was made here.
    pub(super) fn bits_binary(
        &mut self,
        vm: &mut Vm,
        operator: u32,
        actual: [Value; 2],
        operands: [UopIdx; 2],
    ) -> Recorded<Option<UopIdx>> {
        let [x, y] = actual.map(|operand| wide_int(vm, operand));
        let is_binary = operands.map(|operand| matches!(self.emitter.op(operand), Op::IntBinary { .. }));
        // What was made by a sum or product here may have any size.
        if x.is_none() && !is_binary[0] || y.is_none() && !is_binary[1] {
            return Ok(None);
        }
        let is_made_here = |value: UopIdx| *self.emitter.op(value) == (Op::BoxUnsigned {});
        let is_for_bits = is_binary != [false; 2]
            || operands.iter().any(|&operand| is_made_here(operand))
            || [x, y].iter().any(|int| !int.is_some_and(is_word));
        match operator {
            op::AND => {
                let constants = operands.map(|operand| self.constant_int(vm, operand));
                let (value, mask) = match constants {
                    [_, Some(mask)] if is_for_bits && is_unsigned(mask) => (operands[0], mask),
                    [Some(mask), _] if is_for_bits && is_unsigned(mask) => (operands[1], mask),
                    _ => return Ok(None),
                };
                let bits = self.low_bits(vm, value)?;
                let mask = mask as u64 as i64;
                let mask_bits = self.emitter.const_int(mask);
                let masked = if mask == -1 { bits } else { self.emit(Op::IntAnd {}, &[bits, mask_bits], None)? };
                if mask >= 0 { self.box_int(masked).map(Some) } else { self.box_unsigned(masked).map(Some) }
            }
            op::OR | op::XOR if is_for_bits && x.is_some_and(is_unsigned) && y.is_some_and(is_unsigned) => {
                let (x, y) = (self.unsigned_bits(vm, operands[0])?, self.unsigned_bits(vm, operands[1])?);
                let bits_op = if operator == op::OR { Op::IntOr {} } else { Op::IntXor {} };
                let bits = self.emit(bits_op, &[x, y], None)?;
                self.box_unsigned(bits).map(Some)
            }
            op::RIGHT_SHIFT if is_for_bits && x.is_some_and(is_unsigned) => match self.constant_int(vm, operands[1]) {
                Some(count @ 1..64) => {
                    let x = self.unsigned_bits(vm, operands[0])?;
                    let count = self.emitter.const_int(count as i64);
                    let shifted = self.emit(Op::BitsShr {}, &[x, count], None)?;
                    self.box_int(shifted).map(Some)
                }
                _ => Ok(None),
            },
            op::ADD | op::SUBTRACT | op::MULTIPLY | op::LEFT_SHIFT => {
                let result = match operator {
                    op::LEFT_SHIFT => match self.constant_int(vm, operands[1]) {
                        Some(count @ 0..64) => x.filter(|&int| is_word(int)).map(|int| int << count),
                        _ => return Ok(None),
                    },
                    op::ADD => x.zip(y).and_then(|(x, y)| x.checked_add(y)),
                    op::SUBTRACT => x.zip(y).and_then(|(x, y)| x.checked_sub(y)),
                    _ => x.zip(y).and_then(|(x, y)| x.checked_mul(y)),
                };
                if !is_for_bits && result.is_some_and(is_word) {
                    return Ok(None);
                }
                // Seen now what the operands are: the mask that may come has them made of these.
                for (operand, _) in operands.into_iter().zip(is_binary).filter(|(_, is_binary)| !is_binary) {
                    self.low_bits(vm, operand)?;
                }
                let operands = operands.map(|operand| self.emitter.boxed(operand));
                self.guarded(Op::IntBinary { operator: operator as u16 }, &operands).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The exact int that a value is known to be, if it fits 128 bits.
    fn constant_int(&self, vm: &Vm, value: UopIdx) -> Option<i128> {
        self.emitter.known_value(value).and_then(|known| wide_int(vm, known))
    }

    fn box_unsigned(&mut self, bits: UopIdx) -> Recorded<UopIdx> {
        self.emit(Op::BoxUnsigned {}, &[bits], None)
    }

    /// The lowest 64 bits of what is an int of at most 128 bits now, or was made by `int_binary`.
    fn low_bits(&mut self, vm: &mut Vm, value: UopIdx) -> Recorded<UopIdx> {
        if let Some(known) = self.constant_int(vm, value) {
            return Ok(self.emitter.const_int(known as i64));
        }
        if let Some(integer) = self.emitter.as_kind(value, Kind::Int) {
            return Ok(integer);
        }
        let Op::IntBinary { operator } = *self.emitter.op(value) else {
            return self.guarded(Op::LowBits {}, &[value]);
        };
        let [lhs, rhs] = [0, 1].map(|place| self.emitter.inputs(value)[place]);
        let (lhs, rhs) = (self.low_bits(vm, lhs)?, self.low_bits(vm, rhs)?);
        let bits_op = match u32::from(operator) {
            op::ADD => Op::BitsAdd {},
            op::SUBTRACT => Op::BitsSub {},
            op::MULTIPLY => Op::BitsMul {},
            _ => Op::BitsShl {},
        };
        self.emit(bits_op, &[lhs, rhs], None)
    }

    /// The bits of what is an int from 0 to 2^64 − 1 now.
    fn unsigned_bits(&mut self, vm: &mut Vm, value: UopIdx) -> Recorded<UopIdx> {
        if let Some(known) = self.constant_int(vm, value) {
            return Ok(self.emitter.const_int(known as u64 as i64));
        }
        if let Some(integer) = self.emitter.as_kind(value, Kind::Int) {
            let zero = self.emitter.const_int(0);
            let is_negative = self.emit(Op::IntLt {}, &[integer, zero], None)?;
            self.guarded(Op::GuardFalse {}, &[is_negative])?;
            return Ok(integer);
        }
        self.guarded(Op::UnsignedBits {}, &[value])
    }
}
