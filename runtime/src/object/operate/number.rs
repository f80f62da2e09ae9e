//! Arithmetic of floats and complex numbers, and of mixed numbers.

use super::op;
use crate::object::argument::{Receiver, ThisFloat};
use crate::object::layout::ComplexObject;
use crate::object::layout::FloatObject;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

type Complex = (f64, f64);

/// Floor quotient and remainder; the divisor is not zero.
pub fn float_div_mod(x: f64, y: f64) -> (f64, f64) {
    let mut rest = x % y;
    let mut quotient = (x - rest) / y;
    if rest == 0.0 {
        rest = 0f64.copysign(y);
    } else if (y < 0.0) != (rest < 0.0) {
        rest += y;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(x / y), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

pub fn float_floor_divide(x: f64, y: f64) -> f64 {
    float_div_mod(x, y).0
}

pub fn float_remainder(x: f64, y: f64) -> f64 {
    float_div_mod(x, y).1
}

/// A point of the square around the origin in the direction of a number that is infinite.
fn on_square(a: Complex) -> Complex {
    let side = |part: f64| f64::from(part.is_infinite()).copysign(part);
    (side(a.0), side(a.1))
}

fn is_finite(a: Complex) -> bool {
    a.0.is_finite() && a.1.is_finite()
}

fn is_infinite(a: Complex) -> bool {
    a.0.is_infinite() || a.1.is_infinite()
}

/// Where nothing comes out but NaN, what is infinite stays so: see C's standard, annex G.
fn complex_multiply(a: Complex, b: Complex) -> Complex {
    let product = |a: Complex, b: Complex| (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0);
    let (re, im) = product(a, b);
    if !(re.is_nan() && im.is_nan()) {
        return (re, im);
    }
    let zero_for_nan = |part: f64| if part.is_nan() { 0f64.copysign(part) } else { part };
    let without_nan = |a: Complex| (zero_for_nan(a.0), zero_for_nan(a.1));
    let overflows = [a.0 * b.0, a.1 * b.1, a.0 * b.1, a.1 * b.0].iter().any(|part| part.is_infinite());
    let (mut x, mut y) = (a, b);
    if is_infinite(x) {
        (x, y) = (on_square(x), without_nan(y));
    }
    if is_infinite(y) {
        (x, y) = (without_nan(x), on_square(y));
    }
    if !is_infinite(a) && !is_infinite(b) {
        if !overflows {
            return (re, im);
        }
        (x, y) = (without_nan(x), without_nan(y));
    }
    let (re, im) = product(x, y);
    (f64::INFINITY * re, f64::INFINITY * im)
}

/// Smith's method; the divisor is not zero. Infinities and zeros stay what they are, as in `complex_multiply`.
fn complex_divide(a: Complex, b: Complex) -> Complex {
    let (re, im) = if b.0.abs() >= b.1.abs() {
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        ((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator)
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        ((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator)
    } else {
        (f64::NAN, f64::NAN)
    };
    let (scale, x, y) = match re.is_nan() && im.is_nan() {
        true if is_infinite(a) && is_finite(b) => (f64::INFINITY, on_square(a), b),
        true if is_infinite(b) && is_finite(a) => (0.0, a, on_square(b)),
        _ => return (re, im),
    };
    (scale * (x.0 * y.0 + x.1 * y.1), scale * (x.1 * y.0 - x.0 * y.1))
}

/// A real number divided by a complex one, which is not zero.
fn real_by_complex(a: f64, b: Complex) -> Complex {
    let (re, im) = if b.0.abs() >= b.1.abs() {
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        (a / denominator, -a * ratio / denominator)
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        (a * ratio / denominator, -a / denominator)
    } else {
        (f64::NAN, f64::NAN)
    };
    if re.is_nan() && im.is_nan() && a.is_finite() && is_infinite(b) {
        let side = on_square(b);
        return (0.0 * (a * side.0), 0.0 * (-a * side.1));
    }
    (re, im)
}

/// An operand of complex arithmetic. A real number has no imaginary part, not even a zero with its sign.
#[derive(Clone, Copy)]
pub(crate) enum ComplexOperand {
    Real(f64),
    Complex(Complex),
}

impl ComplexOperand {
    fn parts(self) -> Complex {
        match self {
            ComplexOperand::Real(real) => (real, 0.0),
            ComplexOperand::Complex(parts) => parts,
        }
    }
}

fn complex_power_int(base: Complex, exponent: i64) -> Complex {
    let mut result = (1.0, 0.0);
    let mut power = base;
    let mut rest = exponent.unsigned_abs();
    while rest > 0 {
        if rest & 1 == 1 {
            result = complex_multiply(result, power);
        }
        power = complex_multiply(power, power);
        rest >>= 1;
    }
    if exponent < 0 { complex_divide((1.0, 0.0), result) } else { result }
}

fn complex_power(base: Complex, exponent: Complex) -> Complex {
    let length = base.0.hypot(base.1);
    let mut scale = length.powf(exponent.0);
    let angle = base.1.atan2(base.0);
    let mut phase = angle * exponent.0;
    if exponent.1 != 0.0 {
        scale *= (-angle * exponent.1).exp();
        phase += exponent.1 * length.ln();
    }
    (scale * phase.cos(), scale * phase.sin())
}

impl Vm {
    /// Has the value float layout?
    #[inline]
    pub fn is_float_like(&self, value: Value) -> bool {
        value.is_float() || self.is_a::<FloatObject>(value)
    }

    pub fn new_complex(&mut self, real: f64, imag: f64) -> Value {
        self.make(BuiltinType::Complex, |header| ComplexObject { header, real, imag })
    }

    /// Real and imaginary part of a value of complex layout.
    pub fn complex_parts(&self, value: Value) -> Option<(f64, f64)> {
        if !self.is_a::<ComplexObject>(value) {
            return None;
        }
        // SAFETY: the layout was checked.
        let object = unsafe { &*value.as_ptr::<ComplexObject>() };
        Some((object.real, object.imag))
    }

    /// An operation on two floats; `None` where floats do not define it.
    #[inline]
    pub fn float_binary(&mut self, base: u32, x: f64, y: f64) -> PyResult<Option<Value>> {
        let result = match base {
            op::ADD => x + y,
            op::SUBTRACT => x - y,
            op::MULTIPLY => x * y,
            op::TRUE_DIVIDE | op::FLOOR_DIVIDE | op::REMAINDER if y == 0.0 => {
                return Err(self.raise_zero_division("division by zero"));
            }
            op::TRUE_DIVIDE => x / y,
            op::FLOOR_DIVIDE => float_floor_divide(x, y),
            op::REMAINDER => float_remainder(x, y),
            op::POWER => return self.float_pow(x, y).map(Some),
            _ => return Ok(None),
        };
        Ok(Some(Value::float(result)))
    }

    /// `x ** y`: complex for a negative base with a fraction as exponent.
    pub fn float_pow(&mut self, x: f64, y: f64) -> PyResult {
        if x == 0.0 && y < 0.0 && y.is_finite() {
            return Err(self.raise_zero_division("zero to a negative power"));
        }
        if x < 0.0 && x.is_finite() && y.is_finite() && y.fract() != 0.0 {
            let (re, im) = complex_power((x, 0.0), (y, 0.0));
            return Ok(self.new_complex(re, im));
        }
        let result = x.powf(y);
        if result.is_infinite() && x.is_finite() && y.is_finite() {
            return Err(self.raise_overflow("(34, 'Numerical result out of range')"));
        }
        Ok(Value::float(result))
    }

    /// The float that a number of float or int layout stands for; OverflowError where an int is too large.
    pub fn number_to_f64(&mut self, value: Value) -> PyResult<Option<f64>> {
        if let Some(float) = ThisFloat::receive(self, value) {
            return Ok(Some(float.get()));
        }
        if self.is_int_like(value) {
            return self.int_value_to_f64(value).map(Some);
        }
        Ok(None)
    }

    /// What a number is in complex arithmetic; `None` for anything else.
    pub(crate) fn complex_operand(&mut self, value: Value) -> PyResult<Option<ComplexOperand>> {
        match self.complex_parts(value) {
            Some(parts) => Ok(Some(ComplexOperand::Complex(parts))),
            None => Ok(self.number_to_f64(value)?.map(ComplexOperand::Real)),
        }
    }

    pub(crate) fn complex_binary(
        &mut self,
        base: u32,
        lhs: ComplexOperand,
        rhs: ComplexOperand,
    ) -> PyResult<Option<Value>> {
        use ComplexOperand::Real;
        let (a, b) = (lhs.parts(), rhs.parts());
        if base == op::TRUE_DIVIDE && b == (0.0, 0.0) {
            return Err(self.raise_zero_division("division by zero"));
        }
        let (re, im) = match (base, lhs, rhs) {
            (op::ADD, _, Real(real)) => (a.0 + real, a.1),
            (op::ADD, Real(real), _) => (real + b.0, b.1),
            (op::ADD, ..) => (a.0 + b.0, a.1 + b.1),
            (op::SUBTRACT, _, Real(real)) => (a.0 - real, a.1),
            (op::SUBTRACT, Real(real), _) => (real - b.0, -b.1),
            (op::SUBTRACT, ..) => (a.0 - b.0, a.1 - b.1),
            (op::MULTIPLY, _, Real(real)) => (a.0 * real, a.1 * real),
            (op::MULTIPLY, Real(real), _) => (real * b.0, real * b.1),
            (op::MULTIPLY, ..) => complex_multiply(a, b),
            (op::TRUE_DIVIDE, _, Real(real)) => (a.0 / real, a.1 / real),
            (op::TRUE_DIVIDE, Real(real), _) => real_by_complex(real, b),
            (op::TRUE_DIVIDE, ..) => complex_divide(a, b),
            (op::POWER, ..) => {
                if b == (0.0, 0.0) {
                    (1.0, 0.0)
                } else if a == (0.0, 0.0) {
                    if b.1 != 0.0 || b.0 < 0.0 {
                        return Err(self.raise_zero_division("zero to a negative or complex power"));
                    }
                    (0.0, 0.0)
                } else if b.1 == 0.0 && b.0.fract() == 0.0 && b.0.abs() <= 100.0 {
                    complex_power_int(a, b.0 as i64)
                } else {
                    complex_power(a, b)
                }
            }
            _ => return Ok(None),
        };
        if base == op::POWER && is_infinite((re, im)) {
            return Err(self.raise_overflow("complex exponentiation"));
        }
        Ok(Some(self.new_complex(re, im)))
    }
}
