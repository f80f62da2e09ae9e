//! Spans of time: days, seconds of a day, microseconds of a second; and their arithmetic, which is that of microseconds.

use super::clock::{MICROSECONDS, MICROSECONDS_IN_DAY, SECONDS_IN_DAY};

pub const MAX_DAYS: i64 = 999_999_999;

/// A span that there is: seconds and microseconds are those of the next day and second, so that only days are negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Span {
    days: i32,
    seconds: i32,
    microseconds: i32,
}

/// A span that is too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpanFault {
    /// By its days, which are still a C `int`.
    Days(i64),
    Far,
}

impl SpanFault {
    pub fn message(self) -> String {
        match self {
            SpanFault::Days(days) => format!("days={days}; must have magnitude <= {MAX_DAYS}"),
            SpanFault::Far => "Python int too large to convert to C int".to_string(),
        }
    }
}

impl Span {
    pub const ZERO: Span = Span { days: 0, seconds: 0, microseconds: 0 };
    pub const RESOLUTION: Span = Span { days: 0, seconds: 0, microseconds: 1 };
    pub const DAY: Span = Span { days: 1, seconds: 0, microseconds: 0 };
    pub const MIN: Span = Span { days: -MAX_DAYS as i32, seconds: 0, microseconds: 0 };
    pub const MAX: Span = Span { days: MAX_DAYS as i32, seconds: 86_399, microseconds: 999_999 };

    /// Of parts of any size that are far from overflowing together.
    pub fn normal(days: i64, seconds: i64, microseconds: i64) -> Result<Span, SpanFault> {
        let seconds = seconds + microseconds.div_euclid(MICROSECONDS);
        let days = days + seconds.div_euclid(SECONDS_IN_DAY);
        if days.abs() > MAX_DAYS {
            return Err(if i32::try_from(days).is_ok() { SpanFault::Days(days) } else { SpanFault::Far });
        }
        let (seconds, microseconds) = (seconds.rem_euclid(SECONDS_IN_DAY), microseconds.rem_euclid(MICROSECONDS));
        Ok(Span { days: days as i32, seconds: seconds as i32, microseconds: microseconds as i32 })
    }

    pub fn from_microseconds(total: i128) -> Result<Span, SpanFault> {
        if let Ok(total) = i64::try_from(total) {
            return Span::normal(0, 0, total);
        }
        let days = total.div_euclid(MICROSECONDS_IN_DAY as i128);
        match i64::try_from(days) {
            Ok(days) if i32::try_from(days).is_ok() => {
                Span::normal(days, 0, total.rem_euclid(MICROSECONDS_IN_DAY as i128) as i64)
            }
            _ => Err(SpanFault::Far),
        }
    }

    pub fn days(self) -> i64 {
        self.days.into()
    }
    pub fn seconds(self) -> i64 {
        self.seconds.into()
    }
    pub fn microseconds(self) -> i64 {
        self.microseconds.into()
    }

    /// What is less than a day.
    pub fn microseconds_of_day(self) -> i64 {
        self.seconds() * MICROSECONDS + self.microseconds()
    }

    pub fn total_microseconds(self) -> i128 {
        self.days() as i128 * MICROSECONDS_IN_DAY as i128 + self.microseconds_of_day() as i128
    }

    /// The same where it fits.
    pub fn total_word(self) -> Option<i64> {
        self.days().checked_mul(MICROSECONDS_IN_DAY)?.checked_add(self.microseconds_of_day())
    }

    pub fn is_zero(self) -> bool {
        self == Span::ZERO
    }
    pub fn is_negative(self) -> bool {
        self.days < 0
    }

    /// Less than a day in either direction, as offsets from UTC are.
    pub fn is_within_a_day(self) -> bool {
        self.days == 0 || self.days == -1 && (self.seconds, self.microseconds) != (0, 0)
    }

    pub fn plus(self, other: Span) -> Result<Span, SpanFault> {
        let (days, seconds) = (self.days() + other.days(), self.seconds() + other.seconds());
        Span::normal(days, seconds, self.microseconds() + other.microseconds())
    }
    pub fn minus(self, other: Span) -> Result<Span, SpanFault> {
        let (days, seconds) = (self.days() - other.days(), self.seconds() - other.seconds());
        Span::normal(days, seconds, self.microseconds() - other.microseconds())
    }
    pub fn negated(self) -> Result<Span, SpanFault> {
        Span::ZERO.minus(self)
    }
    pub fn absolute(self) -> Result<Span, SpanFault> {
        if self.is_negative() { self.negated() } else { Ok(self) }
    }

    pub fn times(self, factor: i128) -> Result<Span, SpanFault> {
        if let Some((word, factor)) = self.total_word().zip(i64::try_from(factor).ok())
            && let Some(product) = word.checked_mul(factor)
        {
            return Span::normal(0, 0, product);
        }
        Span::from_microseconds(self.total_microseconds().checked_mul(factor).ok_or(SpanFault::Far)?)
    }

    /// Divided by an int that is not zero, rounded half to even.
    pub fn divided(self, divisor: i128) -> Result<Span, SpanFault> {
        Span::from_microseconds(nearest(self.total_microseconds(), divisor))
    }

    /// Times `significand * 2^exponent`, rounded half to even.
    pub fn scaled(self, significand: i64, exponent: i32) -> Result<Span, SpanFault> {
        // 67 bits by 53.
        let product = self.total_microseconds() * significand as i128;
        Span::from_microseconds(shifted(product, exponent).ok_or(SpanFault::Far)?)
    }

    /// Divided by `significand * 2^exponent`, which is not zero, rounded half to even.
    pub fn divided_by_scaled(self, significand: i64, exponent: i32) -> Result<Span, SpanFault> {
        let total = self.total_microseconds();
        if exponent > 0 {
            // A divisor beyond all spans leaves nothing.
            return match left_shifted(significand as i128, exponent) {
                Some(divisor) => Span::from_microseconds(nearest(total, divisor)),
                None => Ok(Span::ZERO),
            };
        }
        let dividend = left_shifted(total, -exponent).ok_or(SpanFault::Far)?;
        Span::from_microseconds(nearest(dividend, significand as i128))
    }
}

/// The quotient rounded half to even; the divisor is not zero.
pub fn nearest(dividend: i128, divisor: i128) -> i128 {
    // The one quotient beyond 128 bits is far beyond all spans, as its neighbour is.
    let quotient = dividend.checked_div_euclid(divisor).unwrap_or(i128::MAX);
    let rest = dividend.checked_rem_euclid(divisor).unwrap_or(0).unsigned_abs();
    let missing = divisor.unsigned_abs() - rest;
    let is_up = rest > missing || rest == missing && quotient & 1 != 0;
    // The euclidean rest is not negative: away from it is up for positive divisors, down for negative ones.
    quotient + if is_up { divisor.signum() } else { 0 }
}

fn left_shifted(value: i128, by: i32) -> Option<i128> {
    if value == 0 {
        return Some(0);
    }
    let room = value.unsigned_abs().leading_zeros() as i32 - 1;
    (by <= room).then(|| value << by)
}

/// `value * 2^exponent`, rounded half to even; `None`: beyond 128 bits.
fn shifted(value: i128, exponent: i32) -> Option<i128> {
    if exponent >= 0 {
        return left_shifted(value, exponent);
    }
    // 126 bits leave nothing of 120.
    Some(nearest(value, 1 << exponent.unsigned_abs().min(126)))
}

/// A float as `significand * 2^exponent`; `None`: it is not finite.
pub fn parts_of_float(float: f64) -> Option<(i64, i32)> {
    if !float.is_finite() {
        return None;
    }
    let bits = float.to_bits();
    let (raw, fraction) = ((bits >> 52 & 0x7FF) as i32, (bits & ((1 << 52) - 1)) as i64);
    let (significand, exponent) = if raw == 0 { (fraction, -1074) } else { (fraction | 1 << 52, raw - 1075) };
    Some((if float.is_sign_negative() { -significand } else { significand }, exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_rounded_half_to_even() {
        for (dividend, divisor, quotient) in [
            (5, 2, 2),
            (7, 2, 4),
            (-5, 2, -2),
            (-7, 2, -4),
            (5, -2, -2),
            (7, -2, -4),
            (8, 3, 3),
            (-8, 3, -3),
            (1, 3, 0),
        ] {
            assert_eq!(nearest(dividend, divisor), quotient, "{dividend} / {divisor}");
        }
    }

    #[test]
    fn floats_scale_exactly() {
        let span = Span::normal(1, 2, 3).expect("a span");
        let (significand, exponent) = parts_of_float(2.5).expect("a finite one");
        assert_eq!(span.scaled(significand, exponent), Span::normal(2, 43_205, 8));
        assert_eq!(span.divided_by_scaled(significand, exponent), Span::normal(0, 34_560, 800_001));
        let (significand, exponent) = parts_of_float(1e300).expect("a finite one");
        assert_eq!(span.scaled(significand, exponent), Err(SpanFault::Far));
        assert_eq!(span.divided_by_scaled(significand, exponent), Ok(Span::ZERO));
        let (significand, exponent) = parts_of_float(5e-324).expect("a finite one");
        assert_eq!(span.scaled(significand, exponent), Ok(Span::ZERO));
        assert_eq!(span.divided_by_scaled(significand, exponent), Err(SpanFault::Far));
    }

    #[test]
    fn ends_are_told() {
        assert_eq!(Span::MAX.plus(Span::RESOLUTION), Err(SpanFault::Days(1_000_000_000)));
        assert_eq!(Span::MIN.negated(), Span::normal(MAX_DAYS, 0, 0));
        assert_eq!(Span::MAX.times(i128::MAX), Err(SpanFault::Far));
        assert_eq!(Span::MAX.times(0), Ok(Span::ZERO));
    }
}
