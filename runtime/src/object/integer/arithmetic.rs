//! Arithmetic over all forms of ints: in words where both fit and in double words, in big integers otherwise.

use super::divide::{div_mod, div_rem, is_long_division};
use super::leave::{Abandoned, Leave, finished};
use super::multiply::{is_long_product, magnitude, power, product, square};
use super::{BigInt, IntView, MAX_BITS};
use crate::object::layout::IntObject;
use crate::object::operate::op;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_base::num::arithmetic::traits::{ModInverse, ModPow, Parity, UnsignedAbs};
use malachite_base::num::basic::traits::{One, Zero};
use malachite_base::num::logic::traits::{BitAccess, SignificantBits};
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;

/// Floor division and remainder; `None` for a zero divisor or an overflow.
#[inline]
fn word_div_mod(a: i64, b: i64) -> Option<(i64, i64)> {
    let quotient = a.checked_div(b)?;
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest < 0) != (b < 0) { Some((quotient - 1, rest + b)) } else { Some((quotient, rest)) }
}

/// `base ** exponent` by squaring; `None` on overflow.
fn word_pow(mut base: i64, mut exponent: i64) -> Option<i64> {
    let mut result = 1i64;
    loop {
        if exponent & 1 != 0 {
            result = result.checked_mul(base)?;
        }
        exponent >>= 1;
        if exponent == 0 {
            return Some(result);
        }
        base = base.checked_mul(base)?;
    }
}

/// Floor division and remainder of double words; `None` for a zero divisor or an overflow.
fn wide_div_mod(a: i128, b: i128) -> Option<(i128, i128)> {
    // Most divisors are words, and positive: a division of 128 bits is a call.
    if let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
        return Some((a.checked_div(b)? as i128, (a % b) as i128));
    }
    let quotient = a.checked_div(b)?;
    let rest = a.wrapping_rem(b);
    if rest != 0 && (rest < 0) != (b < 0) { Some((quotient - 1, rest + b)) } else { Some((quotient, rest)) }
}

/// A binary operation on ints of 128 bits; `None` where the result has more, or is an error, or is not done here.
#[inline]
fn wide_binary(operation: u32, x: i128, y: i128) -> Option<i128> {
    match operation {
        op::ADD => x.checked_add(y),
        op::SUBTRACT => x.checked_sub(y),
        op::MULTIPLY => wide_mul(x, y),
        op::AND => Some(x & y),
        op::OR => Some(x | y),
        op::XOR => Some(x ^ y),
        op::FLOOR_DIVIDE => wide_div_mod(x, y).map(|(quotient, _)| quotient),
        op::REMAINDER => wide_div_mod(x, y).map(|(_, rest)| rest),
        op::RIGHT_SHIFT if y >= 0 => Some(x >> y.min(127)),
        op::LEFT_SHIFT if (0..127).contains(&y) && (x << y) >> y == x => Some(x << y),
        _ => None,
    }
}

/// The product, where 128 bits hold it: of two magnitudes of a word by one multiplication.
#[inline]
fn wide_mul(x: i128, y: i128) -> Option<i128> {
    match (u64::try_from(x.unsigned_abs()), u64::try_from(y.unsigned_abs())) {
        (Ok(a), Ok(b)) => {
            let magnitude = i128::try_from(a as u128 * b as u128).ok()?;
            Some(if (x < 0) != (y < 0) { -magnitude } else { magnitude })
        }
        _ => x.checked_mul(y),
    }
}

/// Big integers of both, borrowed where they are such already.
macro_rules! with_bigs {
    ($a:expr, $b:expr, |$x:ident, $y:ident| $body:expr) => {{
        let (left, right);
        let $x = match $a {
            IntView::Big(big) => big,
            small => {
                left = small.to_big();
                &left
            }
        };
        let $y = match $b {
            IntView::Big(big) => big,
            small => {
                right = small.to_big();
                &right
            }
        };
        $body
    }};
}

impl Vm {
    /// A binary operation on two ints (or bools); `op` as in `operate::op`, not the in-place ones.
    #[inline]
    pub fn int_binary(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        let (a, b) = (self.int_of(lhs), self.int_of(rhs));
        if let (IntView::Word(x), IntView::Word(y)) = (a, b) {
            let word = match operation {
                op::ADD => x.checked_add(y),
                op::SUBTRACT => x.checked_sub(y),
                op::MULTIPLY => match x.checked_mul(y) {
                    None => return Ok(self.new_int_from_i128(x as i128 * y as i128)),
                    product => product,
                },
                op::AND => Some(x & y),
                op::OR => Some(x | y),
                op::XOR => Some(x ^ y),
                op::FLOOR_DIVIDE => word_div_mod(x, y).map(|(quotient, _)| quotient),
                op::REMAINDER => word_div_mod(x, y).map(|(_, rest)| rest),
                op::RIGHT_SHIFT if y >= 0 => Some(x >> y.min(63)),
                op::LEFT_SHIFT if (0..63).contains(&y) && (x << y) >> y == x => Some(x << y),
                op::POWER if y >= 0 => word_pow(x, y),
                _ => None,
            };
            if let Some(word) = word {
                return Ok(self.new_int(word));
            }
        }
        self.int_binary_slow(operation, lhs, rhs)
    }

    #[inline(never)]
    fn int_binary_slow(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        let (a, b) = (self.int_of(lhs), self.int_of(rhs));
        if let (Some(x), Some(y)) = (a.to_wide(), b.to_wide())
            && let Some(wide) = wide_binary(operation, x, y)
        {
            return Ok(self.new_int_from_i128(wide));
        }
        // A mask takes what it lets through from the lowest digits.
        if operation == op::AND
            && let (IntView::Big(big), small) | (small, IntView::Big(big)) = (a, b)
            && let Some(mask @ 0..) = small.to_wide()
        {
            return Ok(self.new_int_from_i128(lowest_bits(big) & mask));
        }
        let result = match operation {
            op::ADD => with_bigs!(a, b, |x, y| x + y),
            op::SUBTRACT => with_bigs!(a, b, |x, y| x - y),
            op::MULTIPLY => {
                if a.n_bits() + b.n_bits() > MAX_BITS {
                    return Err(self.raise_memory());
                }
                self.int_product(a, b)?
            }
            op::AND => with_bigs!(a, b, |x, y| x & y),
            op::OR => with_bigs!(a, b, |x, y| x | y),
            op::XOR => with_bigs!(a, b, |x, y| x ^ y),
            op::FLOOR_DIVIDE | op::REMAINDER => {
                if b.is_zero() {
                    return Err(self.raise_zero_division("division by zero"));
                }
                let (quotient, rest) = self.int_quotient(a, b)?;
                if operation == op::FLOOR_DIVIDE { quotient } else { rest }
            }
            op::LEFT_SHIFT | op::RIGHT_SHIFT => return self.int_shift(operation == op::LEFT_SHIFT, a, b),
            op::POWER => return self.int_pow(a, b),
            op::TRUE_DIVIDE => return self.int_true_divide(a, b),
            _ => return Err(self.raise_binary(operation, lhs, rhs)),
        };
        Ok(self.new_integer(result))
    }

    fn int_product(&mut self, a: IntView<'_>, b: IntView<'_>) -> PyResult<Integer> {
        if is_long_product(a.n_bits(), b.n_bits()) {
            let (x, y) = (a.to_big(), b.to_big());
            return self.work_aside(move |leave| product(&x, &y, leave));
        }
        Ok(with_bigs!(a, b, |x, y| finished(product(x, y, &Leave::FOREVER))))
    }

    /// Floor quotient and remainder; the divisor is not zero.
    fn int_quotient(&mut self, a: IntView<'_>, b: IntView<'_>) -> PyResult<(Integer, Integer)> {
        if is_long_division(a.n_bits(), b.n_bits()) {
            let (x, y) = (a.to_big(), b.to_big());
            return self.work_aside(move |leave| div_mod(&x, &y, leave));
        }
        Ok(with_bigs!(a, b, |x, y| finished(div_mod(x, y, &Leave::FOREVER))))
    }

    fn int_shift(&mut self, is_left: bool, a: IntView<'_>, by: IntView<'_>) -> PyResult {
        if by.is_negative() {
            return Err(self.raise_value("negative shift count"));
        }
        if a.is_zero() {
            return Ok(Value::small_int(0));
        }
        let by = match by {
            IntView::Word(by) => by as u64,
            _ if is_left => return Err(self.raise_overflow("too many digits in integer")),
            _ => u64::MAX,
        };
        if is_left && a.n_bits().saturating_add(by) > MAX_BITS {
            return Err(self.raise_memory());
        }
        if !is_left && by >= a.n_bits() {
            return Ok(Value::small_int(if a.is_negative() { -1 } else { 0 }));
        }
        let big = a.to_big();
        Ok(self.new_integer(if is_left { big << by } else { big >> by }))
    }

    fn int_pow(&mut self, base: IntView<'_>, exponent: IntView<'_>) -> PyResult {
        if exponent.is_negative() {
            if base.is_zero() {
                return Err(self.raise_zero_division("zero to a negative power"));
            }
            let (base, exponent) = (self.int_view_to_f64(base)?, self.int_view_to_f64(exponent)?);
            return self.float_pow(base, exponent);
        }
        if let IntView::Word(word @ -1..=1) = base {
            let is_odd = match exponent {
                IntView::Word(e) => e & 1 != 0,
                IntView::Wide(e) => e & 1 != 0,
                IntView::Big(e) => e.odd(),
            };
            let zeroth = exponent.is_zero();
            return Ok(Value::small_int(if zeroth || word == -1 && !is_odd { 1 } else { word }));
        }
        match exponent {
            IntView::Word(e) if (base.n_bits() - 1).saturating_mul(e as u64) <= MAX_BITS => {
                let n_bits = base.n_bits().saturating_mul(e as u64) / 2;
                let base = base.to_big();
                let result = if is_long_product(n_bits, n_bits) {
                    self.work_aside(move |leave| power(&base, e as u64, leave))?
                } else {
                    finished(power(&base, e as u64, &Leave::FOREVER))
                };
                Ok(self.new_integer(result))
            }
            _ => Err(self.raise_memory()),
        }
    }

    /// `pow(base, exponent, modulus)` on ints.
    pub fn int_pow_mod(&mut self, base: Value, exponent: Value, modulus: Value) -> PyResult {
        let modulus = self.int_of(modulus);
        if modulus.is_zero() {
            return Err(self.raise_value("pow() 3rd argument cannot be 0"));
        }
        let (is_negative, modulus) = (modulus.is_negative(), modulus.to_big().unsigned_abs());
        let base = self.int_of(base).to_big();
        let exponent = self.int_of(exponent).to_big();
        let n_limbs = modulus.limb_count();
        let is_long = is_long_division(base.significant_bits(), modulus.significant_bits())
            || (n_limbs * n_limbs + LEAST_PRODUCTS).saturating_mul(exponent.significant_bits()) > LONG_PRODUCTS;
        let (result, modulus) = if is_long {
            self.work_aside(move |leave| Ok((power_modulo(base, exponent, &modulus, leave)?, modulus)))?
        } else {
            (finished(power_modulo(base, exponent, &modulus, &Leave::FOREVER)), modulus)
        };
        let Some(result) = result else {
            return Err(self.raise_value("base is not invertible for the given modulus"));
        };
        let mut result = Integer::from(result);
        if is_negative && result != 0 {
            result -= Integer::from(modulus);
        }
        Ok(self.new_integer(result))
    }

    /// Floor quotient and remainder as a tuple.
    pub fn int_div_mod(&mut self, lhs: Value, rhs: Value) -> PyResult {
        let (a, b) = (self.int_of(lhs), self.int_of(rhs));
        if b.is_zero() {
            return Err(self.raise_zero_division("division by zero"));
        }
        let wide = match (a.to_wide(), b.to_wide()) {
            (Some(x), Some(y)) => wide_div_mod(x, y),
            _ => None,
        };
        let (quotient, rest) = match wide {
            Some((quotient, rest)) => (self.new_int_from_i128(quotient), self.new_int_from_i128(rest)),
            None => {
                let (quotient, rest) = self.int_quotient(a, b)?;
                (self.new_integer(quotient), self.new_integer(rest))
            }
        };
        Ok(self.new_tuple(&[quotient, rest]))
    }

    pub fn int_negative(&mut self, value: Value) -> Value {
        match self.int_of(value) {
            IntView::Word(word) => self.new_int_from_i128(-(word as i128)),
            large => self.new_integer(-large.to_big()),
        }
    }

    pub fn int_invert(&mut self, value: Value) -> Value {
        match self.int_of(value) {
            IntView::Word(word) => self.new_int(!word),
            IntView::Wide(wide) => self.new_int_from_i128(!wide),
            IntView::Big(big) => self.new_integer(!big),
        }
    }

    pub fn int_absolute(&mut self, value: Value) -> Value {
        if self.int_of(value).is_negative() { self.int_negative(value) } else { self.int_exact(value) }
    }

    /// An exact int of the same value (for bools and instances of subclasses).
    pub fn int_exact(&mut self, value: Value) -> Value {
        if value.is_int() || self.is_exactly::<IntObject>(value) {
            return value;
        }
        match self.int_of(value) {
            IntView::Word(word) => self.new_int(word),
            IntView::Wide(wide) => self.new_int_from_i128(wide),
            IntView::Big(big) => self.new_big(BigInt(big.clone())),
        }
    }
}

/// The lowest 127 bits of two's complement.
fn lowest_bits(big: &Integer) -> i128 {
    let mut digits = big.twos_complement_limbs();
    let mut digit = || digits.next().unwrap_or(if *big < 0 { u64::MAX } else { 0 }) as u128;
    ((digit() | digit() << 64) & i128::MAX as u128) as i128
}

/// A step of raising to a power costs no less than so many products of limbs; so many take some milliseconds.
const LEAST_PRODUCTS: u64 = 20;
const LONG_PRODUCTS: u64 = 8_000_000;
/// The crate raises to powers modulo numbers of fewer limbs.
const SHORT_MODULUS: u64 = 300;

/// `None`: the base has no inverse for the modulus.
fn power_modulo(
    base: Integer,
    exponent: Integer,
    modulus: &Natural,
    leave: &Leave,
) -> Result<Option<Natural>, Abandoned> {
    let mut base = modulo(base, modulus, leave)?;
    if *modulus == Natural::ONE {
        return Ok(Some(Natural::ZERO));
    }
    if exponent < 0 {
        let inverse = if base == Natural::ZERO { None } else { base.mod_inverse(modulus) };
        match inverse {
            Some(inverse) => base = inverse,
            None => return Ok(None),
        }
    }
    let exponent = exponent.unsigned_abs();
    if modulus.limb_count() < SHORT_MODULUS {
        return Ok(Some(base.mod_pow(exponent, modulus)));
    }
    let mut result = Natural::ONE;
    for place in (0..exponent.significant_bits()).rev() {
        result = div_rem(&square(&result, leave)?, modulus, leave)?.1;
        if exponent.get_bit(place) {
            result = div_rem(&magnitude(&result, &base, leave)?, modulus, leave)?.1;
        }
    }
    Ok(Some(result))
}

fn modulo(integer: Integer, modulus: &Natural, leave: &Leave) -> Result<Natural, Abandoned> {
    let is_negative = integer < 0;
    let (_, rest) = div_rem(integer.unsigned_abs_ref(), modulus, leave)?;
    Ok(if is_negative && rest != Natural::ZERO { modulus - rest } else { rest })
}
