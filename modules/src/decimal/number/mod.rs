//! Decimal numbers as values, without any VM: what libmpdec computes, to its results.
//!
//! ```text
//!   limbs ─ shift ─ multiply ─ divide          natural numbers
//!   short                                      exact results of up to 38 digits
//!   settings, finish                           precision, range and rounding; what is done to every result
//!   arithmetic, quantize, compare, …           operations: views in, numbers out, conditions noted
//!   exponential, logarithm, power              the transcendental ones
//! ```

pub mod adjacent;
pub mod arithmetic;
pub mod compare;
pub mod divide;
pub mod exponential;
pub mod finish;
pub mod float;
pub mod integer;
pub mod limbs;
pub mod logarithm;
pub mod logical;
pub mod multiply;
pub mod parse;
pub mod power;
pub mod quantize;
pub mod remainder;
pub mod settings;
pub mod shift;
pub mod short;
pub mod text;
pub mod transfer;

use limbs::Limbs;
use settings::{Settings, Status};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    Finite,
    Infinite,
    Quiet,
    Signaling,
}

/// A number, or none: `± coefficient * 10^exponent`, infinite, or not a number; then the coefficient is what it carries.
#[derive(Clone, Debug)]
pub struct Number {
    pub is_negative: bool,
    pub kind: Kind,
    pub exponent: i64,
    pub limbs: Limbs,
}

/// A number that somebody else has.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub is_negative: bool,
    pub kind: Kind,
    pub exponent: i64,
    pub limbs: &'a [u64],
}

/// One.
pub const ONE: View<'static> = View { is_negative: false, kind: Kind::Finite, exponent: 0, limbs: &[1] };

impl Number {
    pub fn finite(is_negative: bool, limbs: Limbs, exponent: i64) -> Number {
        Number { is_negative, kind: Kind::Finite, exponent, limbs }
    }
    pub fn of_word(is_negative: bool, word: u64, exponent: i64) -> Number {
        Number::finite(is_negative, limbs::from_word(word), exponent)
    }
    pub fn of_int(int: i64) -> Number {
        Number::of_word(int < 0, int.unsigned_abs(), 0)
    }
    pub fn infinite(is_negative: bool) -> Number {
        Number { is_negative, kind: Kind::Infinite, exponent: 0, limbs: Limbs::new() }
    }
    pub fn nan() -> Number {
        Number { is_negative: false, kind: Kind::Quiet, exponent: 0, limbs: Limbs::new() }
    }
    /// Notes the condition; there is no result.
    pub fn failed(condition: Status, status: &mut Status) -> Number {
        *status |= condition;
        Number::nan()
    }
    pub fn view(&self) -> View<'_> {
        View { is_negative: self.is_negative, kind: self.kind, exponent: self.exponent, limbs: &self.limbs }
    }
    pub fn with_sign(mut self, is_negative: bool) -> Number {
        self.is_negative = is_negative;
        self
    }
}

impl<'a> View<'a> {
    pub fn to_number(self) -> Number {
        Number {
            is_negative: self.is_negative,
            kind: self.kind,
            exponent: self.exponent,
            limbs: Limbs::from_slice(self.limbs),
        }
    }
    pub fn with_sign(self, is_negative: bool) -> View<'a> {
        View { is_negative, ..self }
    }
    pub fn absolute(self) -> View<'a> {
        self.with_sign(false)
    }
    pub fn is_finite(self) -> bool {
        self.kind == Kind::Finite
    }
    pub fn is_infinite(self) -> bool {
        self.kind == Kind::Infinite
    }
    pub fn is_nan(self) -> bool {
        matches!(self.kind, Kind::Quiet | Kind::Signaling)
    }
    pub fn is_signaling(self) -> bool {
        self.kind == Kind::Signaling
    }
    /// A zero, of any exponent.
    pub fn is_zero(self) -> bool {
        self.is_finite() && self.limbs.is_empty()
    }
    pub fn digits(self) -> i64 {
        limbs::digits(self.limbs)
    }
    /// The exponent of the first digit.
    pub fn adjusted(self) -> i64 {
        self.exponent + self.digits() - 1
    }
    pub fn is_integer(self) -> bool {
        self.is_finite()
            && (self.exponent >= 0 || self.limbs.is_empty() || limbs::trailing_zeros(self.limbs) >= -self.exponent)
    }
    /// Of an integer: is it odd?
    pub fn is_odd(self) -> bool {
        match self.exponent {
            0 => limbs::is_odd(self.limbs),
            1.. => false,
            _ => !limbs::digit_at(self.limbs, -self.exponent).is_multiple_of(2),
        }
    }
}

/// The result of an operation on what is not a number: the first signaling one, else the first quiet one.
pub fn nan_of(operands: &[View<'_>], settings: &Settings, status: &mut Status) -> Option<Number> {
    let signaling = operands.iter().find(|operand| operand.is_signaling());
    if signaling.is_some() {
        *status |= Status::INVALID_OPERATION;
    }
    let chosen = signaling.or_else(|| operands.iter().find(|operand| operand.is_nan()))?;
    let mut nan = chosen.to_number();
    nan.kind = Kind::Quiet;
    finish::fit_payload(&mut nan, settings);
    Some(nan)
}
