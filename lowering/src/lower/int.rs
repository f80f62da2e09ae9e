//! Machine integers. Overflow leaves; division floors, as Python's does.

use super::{Lowering, block_args};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use stitch_runtime::uop::{ExitIdx, UopIdx};

impl Lowering<'_> {
    pub fn int_add(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        let (lhs, rhs) = if self.const_int(lhs).is_some() { (rhs, lhs) } else { (lhs, rhs) };
        if let Some(constant) = self.const_int(rhs) {
            return self.add_constant(lhs, constant, exit);
        }
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        let (sum, overflow) = self.builder.ins().sadd_overflow(lhs, rhs);
        self.exit_if(overflow, exit);
        sum
    }

    /// A compare that fuses with its branch in place of the overflow flag, which does not.
    fn add_constant(&mut self, lhs: UopIdx, constant: i64, exit: ExitIdx) -> Value {
        let lhs = self.value(lhs);
        let sum = self.builder.ins().iadd_imm_s(lhs, constant);
        let wrapped = if constant >= 0 { IntCC::SignedLessThan } else { IntCC::SignedGreaterThan };
        let overflow = self.builder.ins().icmp(wrapped, sum, lhs);
        self.exit_if(overflow, exit);
        sum
    }

    pub fn int_sub(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        if let Some(negated) = self.const_int(rhs).and_then(i64::checked_neg) {
            return self.add_constant(lhs, negated, exit);
        }
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        let (difference, overflow) = self.builder.ins().ssub_overflow(lhs, rhs);
        self.exit_if(overflow, exit);
        difference
    }

    pub fn int_mul(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        let (product, overflow) = self.builder.ins().smul_overflow(lhs, rhs);
        self.exit_if(overflow, exit);
        product
    }

    pub fn int_add_wrap(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().iadd(lhs, rhs)
    }

    pub fn int_sub_wrap(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().isub(lhs, rhs)
    }

    pub fn int_mul_wrap(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().imul(lhs, rhs)
    }

    pub fn int_floor_div(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        match self.const_int(rhs) {
            Some(divisor @ 1..) if divisor & (divisor - 1) == 0 => {
                let lhs = self.value(lhs);
                self.builder.ins().sshr_imm_u(lhs, i64::from(divisor.trailing_zeros()))
            }
            Some(divisor @ 1..) => self.divide_by_constant(lhs, divisor).0,
            _ => self.divide(lhs, rhs, exit, true),
        }
    }

    pub fn int_mod(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        match self.const_int(rhs) {
            Some(divisor @ 1..) if divisor & (divisor - 1) == 0 => {
                let lhs = self.value(lhs);
                self.builder.ins().band_imm_s(lhs, divisor - 1)
            }
            Some(divisor @ 1..) => self.divide_by_constant(lhs, divisor).1,
            _ => self.divide(lhs, rhs, exit, false),
        }
    }

    /// Floored quotient and remainder by a multiplication. (Of what nobody uses, no code is made.)
    fn divide_by_constant(&mut self, lhs: UopIdx, divisor: i64) -> (Value, Value) {
        let Reciprocal { multiplier, shift } = Reciprocal::of(divisor);
        let lhs = self.value(lhs);
        let multiplier = self.word(multiplier as u64);
        let high = self.builder.ins().smulhi(lhs, multiplier);
        let high = self.builder.ins().iadd(high, lhs);
        let quotient = self.builder.ins().sshr_imm_u(high, i64::from(shift));
        let divisor = self.word(divisor as u64);
        let product = self.builder.ins().imul(quotient, divisor);
        let remainder = self.builder.ins().isub(lhs, product);
        let too_low = self.builder.ins().icmp(IntCC::Equal, remainder, divisor);
        let one_if_too_low = self.builder.ins().uextend(types::I64, too_low);
        let quotient = self.builder.ins().iadd(quotient, one_if_too_low);
        let zero = self.word(0);
        (quotient, self.builder.ins().select(too_low, zero, remainder))
    }

    /// Floored quotient or remainder. Three ways: both operands below 2^32 (a much faster instruction), a divisor of
    /// −1 (the instruction would trap on the smallest integer), and the rest.
    fn divide(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx, wants_quotient: bool) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        let is_zero = self.builder.ins().icmp_imm_s(IntCC::Equal, rhs, 0);
        self.exit_if(is_zero, exit);
        let [narrow, wide, minus_one, general, join] = std::array::from_fn(|_| self.builder.create_block());
        let result = self.builder.append_block_param(join, types::I64);
        let both = self.builder.ins().bor(lhs, rhs);
        let high = self.builder.ins().ushr_imm_u(both, 32);
        self.builder.ins().brif(high, wide, &[], narrow, &[]);

        self.builder.switch_to_block(narrow);
        let narrow_lhs = self.builder.ins().ireduce(types::I32, lhs);
        let narrow_rhs = self.builder.ins().ireduce(types::I32, rhs);
        let narrow_result = if wants_quotient {
            self.builder.ins().udiv(narrow_lhs, narrow_rhs)
        } else {
            self.builder.ins().urem(narrow_lhs, narrow_rhs)
        };
        let narrow_result = self.builder.ins().uextend(types::I64, narrow_result);
        self.builder.ins().jump(join, &block_args([narrow_result]));

        self.builder.switch_to_block(wide);
        let is_minus_one = self.builder.ins().icmp_imm_s(IntCC::Equal, rhs, -1);
        self.builder.ins().brif(is_minus_one, minus_one, &[], general, &[]);

        self.builder.switch_to_block(minus_one);
        let negated = if wants_quotient {
            let overflow = self.builder.ins().icmp_imm_s(IntCC::Equal, lhs, i64::MIN);
            self.exit_if(overflow, exit);
            self.builder.ins().ineg(lhs)
        } else {
            self.word(0)
        };
        self.builder.ins().jump(join, &block_args([negated]));

        self.builder.switch_to_block(general);
        let truncated = self.builder.ins().sdiv(lhs, rhs);
        let product = self.builder.ins().imul(truncated, rhs);
        let remainder = self.builder.ins().isub(lhs, product);
        let signs = self.builder.ins().bxor(remainder, rhs);
        let zero = self.word(0);
        let general_result = if wants_quotient {
            let lower = self.builder.ins().iadd_imm_s(truncated, -1);
            let differ = self.builder.ins().icmp(IntCC::SignedLessThan, signs, zero);
            let floored = self.builder.ins().select(differ, lower, truncated);
            self.builder.ins().select(remainder, floored, truncated)
        } else {
            let moved = self.builder.ins().iadd(remainder, rhs);
            let differ = self.builder.ins().icmp(IntCC::SignedLessThan, signs, zero);
            let floored = self.builder.ins().select(differ, moved, remainder);
            self.builder.ins().select(remainder, floored, zero)
        };
        self.builder.ins().jump(join, &block_args([general_result]));

        self.builder.switch_to_block(join);
        result
    }

    pub fn int_shl(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        let known_in_range = matches!(self.const_int(rhs), Some(0..64));
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        if !known_in_range {
            let out_of_range = self.builder.ins().icmp_imm_s(IntCC::UnsignedGreaterThan, rhs, 63);
            self.exit_if(out_of_range, exit);
        }
        let shifted = self.builder.ins().ishl(lhs, rhs);
        let back = self.builder.ins().sshr(shifted, rhs);
        let lost = self.builder.ins().icmp(IntCC::NotEqual, back, lhs);
        self.exit_if(lost, exit);
        shifted
    }

    pub fn int_shr(&mut self, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        let known = self.const_int(rhs);
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        if let Some(amount @ 0..) = known {
            return self.builder.ins().sshr_imm_u(lhs, amount.min(63));
        }
        let is_negative = self.builder.ins().icmp_imm_s(IntCC::SignedLessThan, rhs, 0);
        self.exit_if(is_negative, exit);
        let most = self.word(63);
        let in_range = self.builder.ins().icmp(IntCC::UnsignedLessThan, rhs, most);
        let amount = self.builder.ins().select(in_range, rhs, most);
        self.builder.ins().sshr(lhs, amount)
    }

    pub fn int_and(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().band(lhs, rhs)
    }

    pub fn int_or(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().bor(lhs, rhs)
    }

    pub fn int_xor(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().bxor(lhs, rhs)
    }

    pub fn int_lt(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.int_compare(IntCC::SignedLessThan, lhs, rhs)
    }

    pub fn int_le(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.int_compare(IntCC::SignedLessThanOrEqual, lhs, rhs)
    }

    pub fn int_eq(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.int_compare(IntCC::Equal, lhs, rhs)
    }

    pub fn int_ne(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.int_compare(IntCC::NotEqual, lhs, rhs)
    }

    pub fn int_ult(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.int_compare(IntCC::UnsignedLessThan, lhs, rhs)
    }

    pub fn int_compare(&mut self, condition: IntCC, lhs: UopIdx, rhs: UopIdx) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        self.builder.ins().icmp(condition, lhs, rhs)
    }
}

/// How to divide by a constant without dividing: `⌊n / d⌋ = (mulhi(n, multiplier) + n) >> shift`, and one more for negative
/// multiples of `d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reciprocal {
    multiplier: i64,
    shift: u32,
}

impl Reciprocal {
    /// Of a divisor ≥ 3 that is no power of two. The multiplier is ⌈2^(63 + bits) / d⌉ with `bits` = ⌈log2 d⌉, which is
    /// between 2^63 and 2^64: it is taken for negative, and n is added to make up for it. Its error, below d, times
    /// |n| ≤ 2^63 stays below 2^(63 + bits), hence the quotient's below 1/d: too little to reach the next integer from
    /// below; from an exact negative quotient it goes one down.
    fn of(divisor: i64) -> Reciprocal {
        let bits = 64 - (divisor as u64 - 1).leading_zeros();
        let multiplier = (1u128 << (63 + bits)).div_ceil(divisor as u128);
        Reciprocal { multiplier: multiplier as u64 as i64, shift: bits - 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::Reciprocal;

    fn floor_div(n: i64, d: i64) -> i64 {
        let Reciprocal { multiplier, shift } = Reciprocal::of(d);
        let high = ((i128::from(n) * i128::from(multiplier)) >> 64) as i64;
        let quotient = high.wrapping_add(n) >> shift;
        quotient + i64::from(n.wrapping_sub(quotient.wrapping_mul(d)) == d)
    }

    #[test]
    fn reciprocals_divide() {
        let mut numbers = vec![0, 1, 2, 3, 41, 1 << 31, (1 << 48) - 1, 1 << 62, i64::MAX - 1, i64::MAX];
        let mut state = 88172645463325252u64;
        for _ in 0..2000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            numbers.push((state >> (state % 63 + 1)) as i64);
        }
        let divisors = [3, 5, 6, 7, 10, 60, 97, 641, 1000, 65537, 1_000_000_007, (1 << 48) + 1, i64::MAX - 1, i64::MAX];
        for d in divisors.into_iter().chain(numbers.clone()).filter(|d| *d > 2 && !(*d as u64).is_power_of_two()) {
            for near in [0, 1, -1] {
                for &n in numbers[..60].iter().chain([&(d / 2), &d]) {
                    let multiple = (n / d) * d;
                    for n in [n, -n, multiple, -multiple, i64::MIN] {
                        let n = n.saturating_add(near);
                        assert_eq!(floor_div(n, d), n.div_euclid(d), "{n} // {d}");
                    }
                }
            }
        }
    }
}
