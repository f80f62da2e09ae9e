//! Ints and floats: correctly rounded conversion and division, exact comparison.

use super::IntView;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_base::num::arithmetic::traits::{DivRem, UnsignedAbs};
use malachite_base::num::logic::traits::SignificantBits;
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;
use std::cmp::Ordering;

/// Lowest and highest exponent of a normal float, and the exponent of the least subnormal one.
const MIN_EXPONENT: i64 = -1022;
const MAX_EXPONENT: i64 = 1023;
const LEAST_EXPONENT: i64 = -1074;
/// 2^63: the first float beyond every word.
const WORD_LIMIT: f64 = 9_223_372_036_854_775_808.0;

/// `significand * 2^exponent`, rounded half to even; infinite where it is too large. The significand's highest bit is
/// set; its lowest stands for everything below it.
fn round_scaled(significand: u64, exponent: i64) -> f64 {
    let top = exponent + 63;
    if top > MAX_EXPONENT {
        return f64::INFINITY;
    }
    if top >= MIN_EXPONENT {
        // Two steps keep every factor normal.
        let half = exponent / 2;
        return significand as f64 * 2f64.powi(half as i32) * 2f64.powi((exponent - half) as i32);
    }
    let drop = LEAST_EXPONENT - exponent;
    if drop > 64 {
        return 0.0;
    }
    let kept = if drop == 64 { 0 } else { significand >> drop };
    let rest = (significand as u128) & ((1u128 << drop) - 1);
    let half = 1u128 << (drop - 1);
    let up = rest > half || rest == half && kept & 1 == 1;
    f64::from_bits(kept + up as u64)
}

/// The highest 64 bits, the lowest of them set where anything nonzero lies below; and their exponent.
fn leading_bits(natural: &Natural) -> (u64, i64) {
    let n_bits = natural.significant_bits();
    if n_bits <= 64 {
        let shift = 64 - n_bits;
        let word = u64::try_from(natural).unwrap_or(0);
        return (if n_bits == 0 { 0 } else { word << shift }, -(shift as i64));
    }
    let shift = n_bits - 64;
    let top = u64::try_from(&(natural >> shift)).unwrap_or(u64::MAX);
    let is_inexact = natural.trailing_zeros().is_some_and(|zeros| zeros < shift);
    (top | is_inexact as u64, shift as i64)
}

/// Correctly rounded; infinite where it is too large.
pub fn int_to_f64(value: IntView<'_>) -> f64 {
    match value {
        IntView::Word(word) => word as f64,
        IntView::Wide(wide) => wide as f64,
        IntView::Big(big) => {
            let (significand, exponent) = leading_bits(big.unsigned_abs_ref());
            let magnitude = round_scaled(significand, exponent);
            if *big < 0 { -magnitude } else { magnitude }
        }
    }
}

/// Exact equality of a word and a float.
pub fn word_eq_float(word: i64, float: f64) -> bool {
    // Every float that is a whole number below 2^63 converts exactly.
    float == word as f64 && float < WORD_LIMIT && float as i64 == word
}

impl IntView<'_> {
    /// Exact comparison with a float; `None` for a NaN.
    pub fn compare_float(self, float: f64) -> Option<Ordering> {
        if float.is_nan() {
            return None;
        }
        if float.is_infinite() {
            return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
        }
        match self {
            IntView::Word(word) => {
                if word.unsigned_abs() <= 1 << 53 {
                    return (word as f64).partial_cmp(&float);
                }
                if float >= WORD_LIMIT {
                    return Some(Ordering::Less);
                }
                if float < -WORD_LIMIT {
                    return Some(Ordering::Greater);
                }
                let whole = float.trunc();
                let order = word.cmp(&(whole as i64));
                Some(order.then_with(|| 0.0.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal)))
            }
            large => {
                let whole = whole_float_to_big(float);
                Some(large.to_big().cmp(&whole))
            }
        }
    }
}

/// The whole part of a finite float.
pub(super) fn whole_float_to_big(float: f64) -> Integer {
    let bits = float.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64 - 1075;
    let significand = bits & ((1 << 52) - 1) | 1 << 52;
    let magnitude = if exponent >= 0 {
        Natural::from(significand) << exponent as u64
    } else {
        Natural::from(if exponent < -63 { 0 } else { significand >> -exponent })
    };
    Integer::from_sign_and_abs(float >= 0.0, magnitude)
}

impl Vm {
    /// OverflowError where the int is too large for a float.
    pub fn int_view_to_f64(&mut self, value: IntView<'_>) -> PyResult<f64> {
        let float = int_to_f64(value);
        if float.is_infinite() {
            return Err(self.raise_overflow("int too large to convert to float"));
        }
        Ok(float)
    }

    pub fn int_value_to_f64(&mut self, value: Value) -> PyResult<f64> {
        self.int_view_to_f64(self.int_of(value))
    }

    /// `int(float)`.
    pub fn int_from_float(&mut self, float: f64) -> PyResult {
        if float.is_nan() {
            return Err(self.raise_value("cannot convert float NaN to integer"));
        }
        if float.is_infinite() {
            return Err(self.raise_overflow("cannot convert float infinity to integer"));
        }
        if float.abs() < 9.2e18 {
            return Ok(self.new_int(float as i64));
        }
        Ok(self.new_integer(whole_float_to_big(float)))
    }

    /// `a / b`, correctly rounded.
    pub(super) fn int_true_divide(&mut self, a: IntView<'_>, b: IntView<'_>) -> PyResult {
        if b.is_zero() {
            return Err(self.raise_zero_division("division by zero"));
        }
        if let (IntView::Word(x), IntView::Word(y)) = (a, b)
            && x.unsigned_abs() <= 1 << 53
            && y.unsigned_abs() <= 1 << 53
        {
            return Ok(Value::float(x as f64 / y as f64));
        }
        let is_negative = a.is_negative() != b.is_negative();
        if a.is_zero() {
            return Ok(Value::float(if is_negative { -0.0 } else { 0.0 }));
        }
        let (a_bits, b_bits) = (a.n_bits() as i64, b.n_bits() as i64);
        if a_bits - b_bits > MAX_EXPONENT + 2 {
            return Err(self.raise_overflow("integer division result too large for a float"));
        }
        if a_bits - b_bits < LEAST_EXPONENT - 2 {
            return Ok(Value::float(if is_negative { -0.0 } else { 0.0 }));
        }
        // A quotient of 66 or 67 bits: enough to round once, with what is left over in the lowest bit.
        let shift = 66 - (a_bits - b_bits);
        let (mut x, mut y) = (a.to_big().unsigned_abs(), b.to_big().unsigned_abs());
        if shift >= 0 {
            x <<= shift as u64;
        } else {
            y <<= shift.unsigned_abs();
        }
        let (quotient, rest) = x.div_rem(y);
        let (significand, exponent) = leading_bits(&quotient);
        let magnitude = round_scaled(significand | (rest != 0) as u64, exponent - shift);
        if magnitude.is_infinite() {
            return Err(self.raise_overflow("integer division result too large for a float"));
        }
        Ok(Value::float(if is_negative { -magnitude } else { magnitude }))
    }
}
