//! Natural and decimal logarithms, rounded half to even.

use super::arithmetic::{remaining, sum};
use super::divide::divide;
use super::exponential::{lost_digits, power_of_e, settle, shifted_by, width_for};
use super::limbs::{LIMB_DIGITS, Limbs, RADIX, add, compare, difference, divide_word, multiply_word, subtract};
use super::multiply::multiply;
use super::settings::{MAX_DIGITS, Rounding, Settings, Status};
use super::shift::{add_limbs, drop_limbs};
use super::{Number, ONE, View, nan_of};
use std::cmp::Ordering;

/// What was computed once for all operations.
#[derive(Default)]
pub struct Constants {
    ln_10: Limbs,
    /// The limbs behind the point.
    width: usize,
}

impl Constants {
    /// The natural logarithm of ten, in fixed point; its last digit may be wrong.
    pub fn ln_10(&mut self, width: usize) -> Limbs {
        if self.width < width {
            let wide = width + 1;
            // 46 artanh(1/31) + 34 artanh(1/49) + 20 artanh(1/161).
            let part = |factor, n| multiply_word(&artanh_of_inverse(n, wide), factor, 0);
            self.ln_10 = add(&add(&part(46, 31), &part(34, 49)), &part(20, 161));
            self.width = wide;
        }
        Limbs::from_slice(drop_limbs(&self.ln_10, self.width - width))
    }
}

/// A part of the series of artanh, as one fraction: `sum / (odds * powers)`.
struct Part {
    sum: Limbs,
    odds: Limbs,
    powers: Limbs,
}

/// The terms from `start` to `end` of `1 / ((2k + 1) n^(2k + 1))`, without what those before have in common.
fn terms(n: u64, start: u64, end: u64) -> Part {
    if end - start == 1 {
        let power = if start == 0 { n } else { n * n };
        let limbs = super::limbs::from_word;
        return Part { sum: limbs(1), odds: limbs(2 * start + 1), powers: limbs(power) };
    }
    let middle = start + (end - start) / 2;
    let (left, right) = (terms(n, start, middle), terms(n, middle, end));
    let right_all = multiply(&right.odds, &right.powers);
    Part {
        sum: add(&multiply(&left.sum, &right_all), &multiply(&left.odds, &right.sum)),
        odds: multiply(&left.odds, &right.odds),
        powers: multiply(&left.powers, &right.powers),
    }
}

fn artanh_of_inverse(n: u64, width: usize) -> Limbs {
    let digits = width as f64 * LIMB_DIGITS as f64;
    let n_terms = (digits / (2.0 * (n as f64).log10())) as u64 + 2;
    let all = terms(n, 0, n_terms);
    divide(&add_limbs(&all.sum, width), &multiply(&all.odds, &all.powers)).0
}

/// The natural logarithm of `x`, from 1 to 10, in fixed point; as many digits are right as of `power_of_e`.
fn natural(x: &[u64], width: usize) -> Limbs {
    let guess = if width <= 4 {
        guess(x, width)
    } else {
        let lost = lost_digits(width as i64 * LIMB_DIGITS) / LIMB_DIGITS;
        let narrow = (width / 5 + 2 + lost as usize).min(width - 1);
        add_limbs(&natural(drop_limbs(x, width - narrow), narrow), width - narrow)
    };
    // ln x = g + ln(x / e^g) = g + 2 (z + z^3 / 3 + …) with z = (x - e^g) / (x + e^g).
    let power = power_of_e(&guess, width);
    let (order, apart) = difference(x, &power);
    let (z, _) = divide(&add_limbs(&apart, width), &add(x, &power));
    let times = |a: &[u64], b: &[u64]| Limbs::from_slice(drop_limbs(&multiply(a, b), width));
    let mut cube = times(&times(&z, &z), &z);
    divide_word(&mut cube, 3);
    let correction = multiply_word(&add(&z, &cube), 2, 0);
    if order != Ordering::Less {
        return add(&guess, &correction);
    }
    match compare(&guess, &correction) {
        Ordering::Less => Limbs::new(),
        _ => subtract(&guess, &correction),
    }
}

/// The logarithm to a float's digits.
fn guess(x: &[u64], width: usize) -> Limbs {
    let limb = |at: usize| x.get(at).copied().unwrap_or(0) as f64;
    let float = limb(width) + limb(width - 1) / RADIX as f64;
    let scaled = (float.ln().max(0.0) * 1e18) as u64;
    let mut limbs = Limbs::from_elem(0, width - 1);
    limbs.push(scaled % 1_000_000_000_000_000_000 * 10);
    limbs.push(scaled / 1_000_000_000_000_000_000);
    super::limbs::trim(&mut limbs);
    limbs
}

/// A number as `(m * 10^k)^±1` with `m` from 1 to 10: `m` in fixed point, and `k`.
fn decompose(a: View<'_>, width: usize) -> (Limbs, i64) {
    let (adjusted, digits) = (a.adjusted(), a.digits());
    let places = LIMB_DIGITS * width as i64;
    if adjusted >= 0 {
        return (shifted_by(a.limbs, places - (digits - 1)), adjusted);
    }
    // More digits than these of the divisor do not matter.
    let kept = digits.min(places + 2 * LIMB_DIGITS);
    let divisor = shifted_by(a.limbs, kept - digits);
    (divide(&shifted_by(&[1], places + kept), &divisor).0, -adjusted - 1)
}

/// How many digits of the logarithm are zeros, behind the point.
fn zeros_of_logarithm(a: View<'_>) -> i64 {
    let exact = Settings::EXACT;
    let mut ignored = Status::NONE;
    let apart = match a.adjusted() {
        0 => remaining(a, ONE, &exact, &mut ignored),
        -1 => remaining(ONE, a, &exact, &mut ignored),
        _ => return 0,
    };
    (-apart.view().adjusted()).max(0)
}

/// The logarithm by one of two bases; `None`: there is nothing to compute.
fn special(a: View<'_>, settings: &Settings, status: &mut Status) -> Option<Number> {
    if let Some(nan) = nan_of(&[a], settings, status) {
        return Some(nan);
    }
    if a.is_zero() {
        return Some(Number::infinite(true));
    }
    if a.is_negative {
        return Some(Number::failed(Status::INVALID_OPERATION, status));
    }
    a.is_infinite().then(|| Number::infinite(false))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    E,
    Ten,
}

fn logarithm(a: View<'_>, base: Base, settings: &Settings, constants: &mut Constants, status: &mut Status) -> Number {
    let settings = settings.rounding_by(Rounding::HalfEven);
    let adjusted = a.adjusted();
    // An exponent of more digits than there are is beyond the greatest number.
    let least = if adjusted < 0 { -adjusted - 1 } else { adjusted };
    let least = if base == Base::E { least.saturating_mul(2) } else { least };
    if super::limbs::word_digits(least as u64) - 1 > settings.max_exponent {
        *status |= Status::OVERFLOW | Status::INEXACT | Status::ROUNDED;
        return Number::infinite(adjusted < 0);
    }
    let n_zeros = zeros_of_logarithm(a);
    if settings.precision > MAX_DIGITS / 4 || n_zeros > MAX_DIGITS / 4 {
        return Number::failed(Status::MEMORY, status);
    }
    let mut extra = 6;
    loop {
        let width = width_for(settings.precision + n_zeros + extra);
        let (mantissa, exponent) = decompose(a, width);
        let ln = natural(&mantissa, width);
        // In the last place there may be the error of the multiple of ln 10, of 19 digits.
        let ln_10 = constants.ln_10(width + 1);
        let exponent_limbs = super::limbs::from_word(exponent as u64);
        let value = if base == Base::E {
            add(&ln, drop_limbs(&multiply(&ln_10, &exponent_limbs), 1))
        } else {
            let (quotient, _) = divide(&add_limbs(&ln, width), drop_limbs(&ln_10, 1));
            add(&quotient, &add_limbs(&exponent_limbs, width))
        };
        let lost = lost_digits(width as i64 * LIMB_DIGITS) + 1;
        let place = -LIMB_DIGITS * width as i64;
        if let Some(result) = settle(&value, lost, adjusted < 0, place, &settings, status) {
            return result;
        }
        extra += settings.precision / 2 + LIMB_DIGITS;
    }
}

/// `ln a`.
pub fn natural_logarithm(a: View<'_>, settings: &Settings, constants: &mut Constants, status: &mut Status) -> Number {
    if let Some(special) = special(a, settings, status) {
        return special;
    }
    if super::compare::compare_values(a, ONE) == Ordering::Equal {
        return Number::of_word(false, 0, 0);
    }
    logarithm(a, Base::E, settings, constants, status)
}

/// `log10 a`.
pub fn decimal_logarithm(a: View<'_>, settings: &Settings, constants: &mut Constants, status: &mut Status) -> Number {
    if let Some(special) = special(a, settings, status) {
        return special;
    }
    if super::limbs::trailing_zeros(a.limbs) == a.digits() - 1 && super::limbs::digit_at(a.limbs, a.digits() - 1) == 1 {
        let zero = Number::of_word(false, 0, 0);
        let settings = settings.rounding_by(Rounding::HalfEven);
        return sum(Number::of_int(a.adjusted()).view(), zero.view(), &settings, status);
    }
    logarithm(a, Base::Ten, settings, constants, status)
}
