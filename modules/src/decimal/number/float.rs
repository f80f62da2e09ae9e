//! Floats as decimal numbers, exactly.

use super::limbs::{Limbs, from_word, multiply_word};
use super::{Kind, Number};

pub fn from_float(float: f64) -> Number {
    let is_negative = float.is_sign_negative();
    if float.is_nan() {
        return Number { is_negative, kind: Kind::Quiet, exponent: 0, limbs: Limbs::new() };
    }
    if float.is_infinite() {
        return Number::infinite(is_negative);
    }
    let bits = float.to_bits();
    let (raw, fraction) = ((bits >> 52 & 0x7FF) as i64, bits & ((1 << 52) - 1));
    let (mut mantissa, mut exponent) = if raw == 0 { (fraction, -1074) } else { (fraction | 1 << 52, raw - 1075) };
    if mantissa == 0 {
        return Number::of_word(is_negative, 0, 0);
    }
    let n_even = mantissa.trailing_zeros() as i64;
    if exponent < 0 {
        let n = n_even.min(-exponent);
        mantissa >>= n;
        exponent += n;
    }
    // m * 2^-n is m * 5^n * 10^-n.
    let (factor, step) = if exponent >= 0 { (1u64 << 32, 32) } else { (5u64.pow(27), 27) };
    let base: u64 = if exponent >= 0 { 2 } else { 5 };
    let n = exponent.abs();
    let mut limbs = from_word(mantissa);
    for _ in 0..n / step {
        limbs = multiply_word(&limbs, factor, 0);
    }
    limbs = multiply_word(&limbs, base.pow((n % step) as u32), 0);
    Number::finite(is_negative, limbs, exponent.min(0))
}
