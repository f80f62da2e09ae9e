//! What a decimal is as a value of another type, and what can be asked of it.

use super::compute::{compute, finish};
use super::context::Context;
use super::current;
use super::number::finish::rounds_up;
use super::number::integer::to_binary;
use super::number::limbs::{self, RADIX, trailing_zeros};
use super::number::quantize::quantized;
use super::number::settings::{MAX_DIGITS, Rounding, Settings, Status};
use super::number::shift::{shift_left, shift_right};
use super::number::text::{Notation, to_text};
use super::number::{Kind, Number, View};
use super::object::{self, Decimal};
use super::state::State;
use malachite_base::num::arithmetic::traits::{DivExact, Gcd};
use malachite_nz::integer::Integer;
use stitch_runtime::object::argument::{OrNone, This};
use stitch_runtime::object::compare::hash_identity;
use stitch_runtime::{PyResult, Value, Vm};

pub fn is_normal(a: View<'_>, settings: &Settings) -> bool {
    a.is_finite() && !a.is_zero() && a.adjusted() >= settings.min_exponent
}

pub fn is_subnormal(a: View<'_>, settings: &Settings) -> bool {
    a.is_finite() && !a.is_zero() && a.adjusted() < settings.min_exponent
}

/// Have both one exponent, or are both infinite, or no numbers?
pub fn are_of_one_quantum(a: View<'_>, b: View<'_>) -> bool {
    match (a.is_finite(), b.is_finite()) {
        (true, true) => a.exponent == b.exponent,
        (false, false) => a.is_nan() == b.is_nan(),
        _ => false,
    }
}

pub fn ten(vm: &mut Vm) -> PyResult {
    object::new(vm, &Number::of_int(10))
}

/// Error for what has no value; what it cannot become.
fn check_finite(vm: &mut Vm, a: View<'_>, wanted: &str) -> PyResult<()> {
    if a.is_nan() {
        return Err(vm.raise_value(&format!("cannot convert NaN to {wanted}")));
    }
    if a.is_infinite() {
        return Err(vm.raise_overflow(&format!("cannot convert Infinity to {wanted}")));
    }
    Ok(())
}

fn int_of(vm: &mut Vm, is_negative: bool, limbs: &[u64]) -> Value {
    let narrow = match *limbs {
        [] => Some(0),
        [word] => Some(word as i128),
        // Below 10^38.
        [low, high] => Some(high as i128 * RADIX as i128 + low as i128),
        _ => None,
    };
    match narrow {
        Some(wide) => vm.new_int_from_i128(if is_negative { -wide } else { wide }),
        None => vm.new_integer(Integer::from_sign_and_abs(!is_negative, to_binary(limbs))),
    }
}

/// Rounded to an int.
pub fn to_int(vm: &mut Vm, this: This<Decimal>, rounding: Rounding) -> PyResult {
    let a = Decimal::view(this);
    check_finite(vm, a, "integer")?;
    if a.limbs.is_empty() {
        return Ok(Value::small_int(0));
    }
    if a.exponent >= 0 {
        if a.exponent > MAX_DIGITS || a.digits() + a.exponent > MAX_DIGITS {
            return Err(vm.raise_memory());
        }
        return Ok(int_of(vm, a.is_negative, &shift_left(a.limbs, a.exponent)));
    }
    let (mut kept, rest) = shift_right(a.limbs, -a.exponent);
    if rounds_up(rounding, a.is_negative, &kept, rest) {
        kept = limbs::add(&kept, &[1]);
    }
    Ok(int_of(vm, a.is_negative, &kept))
}

/// `round`, to an int or to so many places.
pub fn round(vm: &mut Vm, this: This<Decimal>, places: Option<Value>) -> PyResult {
    let Some(places) = places.filter(|places| !places.is_none()) else {
        return to_int(vm, this, Rounding::HalfEven);
    };
    if !vm.is_int_like(places) {
        return Err(vm.raise_type("optional arg must be an integer"));
    }
    let Some(places) = vm.int_to_i64(places) else {
        return Err(vm.raise_overflow("Python int too large to convert to C ssize_t"));
    };
    let context = current::context(vm)?;
    let quantum = Number::of_word(false, 1, places.checked_neg().unwrap_or(i64::MAX));
    compute(vm, context, |settings, status| quantized(Decimal::view(this), quantum.view(), settings, status))
}

pub fn to_float(vm: &mut Vm, this: This<Decimal>) -> PyResult<f64> {
    let a = Decimal::view(this);
    if a.is_signaling() {
        return Err(vm.raise_value("cannot convert signaling NaN to float"));
    }
    let magnitude = match a.kind {
        Kind::Infinite => f64::INFINITY,
        Kind::Finite => finite_to_float(a.absolute()),
        _ => f64::NAN,
    };
    Ok(if a.is_negative { -magnitude } else { magnitude })
}

fn finite_to_float(a: View<'_>) -> f64 {
    // Both exact, so that the one operation rounds once.
    if let [word] = *a.limbs
        && word <= 1 << 53
        && (-19..=19).contains(&a.exponent)
    {
        let power = 10f64.powi(a.exponent.unsigned_abs() as i32);
        return if a.exponent < 0 { word as f64 / power } else { word as f64 * power };
    }
    let text = to_text(a, Notation { is_engineering: false, is_capital: false });
    std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
}

/// Numerator and denominator, without a common factor.
pub fn ratio(vm: &mut Vm, this: This<Decimal>) -> PyResult {
    let a = Decimal::view(this);
    check_finite(vm, a, "integer ratio")?;
    if a.limbs.is_empty() {
        return Ok(vm.new_tuple(&[Value::small_int(0), Value::small_int(1)]));
    }
    let n_zeros = if a.exponent < 0 { trailing_zeros(a.limbs).min(-a.exponent) } else { 0 };
    let (limbs, exponent) = (shift_right(a.limbs, n_zeros).0, a.exponent + n_zeros);
    if exponent.abs() > MAX_DIGITS || limbs::digits(&limbs) + exponent.abs() > MAX_DIGITS {
        return Err(vm.raise_memory());
    }
    if exponent >= 0 {
        let numerator = int_of(vm, a.is_negative, &shift_left(&limbs, exponent));
        return Ok(vm.new_tuple(&[numerator, Value::small_int(1)]));
    }
    let (numerator, denominator) = (to_binary(&limbs), to_binary(&shift_left(&[1], -exponent)));
    let common = (&numerator).gcd(&denominator);
    let numerator = numerator.div_exact(&common);
    let numerator = vm.new_integer(Integer::from_sign_and_abs(!a.is_negative, numerator));
    let denominator = vm.new_integer(Integer::from(denominator.div_exact(common)));
    Ok(vm.new_tuple(&[numerator, denominator]))
}

/// `DecimalTuple(sign, digits, exponent)`.
pub fn to_parts(vm: &mut Vm, this: This<Decimal>) -> PyResult {
    let a = Decimal::view(this);
    let mut text = Vec::new();
    if a.is_infinite() || a.is_finite() || !a.limbs.is_empty() {
        limbs::write_digits(a.limbs, &mut text);
    }
    let digits = vm.new_tuple_of_len(text.len())?;
    for (index, digit) in text.iter().enumerate() {
        vm.tuple_init(digits, index, Value::small_int((digit - b'0') as i64));
    }
    let exponent = match a.kind {
        Kind::Finite => vm.new_int(a.exponent),
        Kind::Infinite => vm.intern("F"),
        Kind::Quiet => vm.intern("n"),
        Kind::Signaling => vm.intern("N"),
    };
    let class = State::of(vm).decimal_tuple;
    vm.call(class, &[Value::small_int(a.is_negative as i64), digits, exponent])
}

const HASH_MODULUS: u64 = (1 << 61) - 1;
/// The inverse of ten.
const INVERSE_OF_TEN: u64 = 2_075_258_708_292_324_556;

fn multiply_modulo(a: u64, b: u64) -> u64 {
    (a as u128 * b as u128 % HASH_MODULUS as u128) as u64
}

fn power_modulo(mut base: u64, mut exponent: u64) -> u64 {
    let mut power = 1;
    while exponent > 0 {
        if exponent & 1 != 0 {
            power = multiply_modulo(power, base);
        }
        base = multiply_modulo(base, base);
        exponent >>= 1;
    }
    power
}

/// The hash of the value, as numbers of all types have it.
pub fn hash(vm: &mut Vm, this: This<Decimal>) -> PyResult<i64> {
    let a = Decimal::view(this);
    if a.is_signaling() {
        return Err(vm.raise_type("Cannot hash a signaling NaN value"));
    }
    if a.is_nan() {
        return Ok(hash_identity(this.value()));
    }
    if a.is_infinite() {
        return Ok(if a.is_negative { -314_159 } else { 314_159 });
    }
    let coefficient = a
        .limbs
        .iter()
        .rev()
        .fold(0, |rest, &limb| ((rest as u128 * RADIX as u128 + limb as u128) % HASH_MODULUS as u128) as u64);
    let base = if a.exponent >= 0 { 10 } else { INVERSE_OF_TEN };
    let hash = multiply_modulo(coefficient, power_modulo(base, a.exponent.unsigned_abs())) as i64;
    let hash = if a.is_negative { -hash } else { hash };
    Ok(if hash == -1 { -2 } else { hash })
}

/// `to_integral_value` and `to_integral_exact` with a rounding of their own.
pub fn to_integral(
    vm: &mut Vm,
    this: This<Decimal>,
    rounding: OrNone<Value>,
    context: OrNone<Value>,
    is_exact: bool,
) -> PyResult {
    let context = super::context::given_or_current(vm, context)?;
    let settings = with_rounding(vm, context, rounding)?;
    let mut status = Status::NONE;
    let number = super::number::quantize::integral(Decimal::view(this), is_exact, &settings, &mut status);
    finish(vm, context, &number, status)
}

/// The context's settings, with another rounding where one is given.
pub fn with_rounding(vm: &mut Vm, context: This<Context>, rounding: OrNone<Value>) -> PyResult<Settings> {
    match rounding.0 {
        None => Ok(context.settings),
        Some(name) => Ok(context.settings.rounding_by(super::context::rounding_of(vm, name)?)),
    }
}
