//! What is done to every result: rounded to the precision, and brought into the range of exponents.

use super::limbs::{self, add, is_odd, nines, trim};
use super::settings::{MAX_DIGITS, Rounding, Settings, Status};
use super::shift::{Rest, low_digits, shift_left, shift_right};
use super::{Kind, Number};

/// Is the kept part to be one more?
#[inline]
pub fn rounds_up(rounding: Rounding, is_negative: bool, kept: &[u64], rest: Rest) -> bool {
    if rest.is_zero() {
        return false;
    }
    match rounding {
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => !is_negative,
        Rounding::Floor => is_negative,
        Rounding::HalfUp => matches!(rest, Rest::Half | Rest::Above),
        Rounding::HalfDown => rest == Rest::Above,
        Rounding::HalfEven => rest == Rest::Above || rest == Rest::Half && is_odd(kept),
        Rounding::ZeroFiveUp => matches!(limbs::digit_at(kept, 0), 0 | 5),
    }
}

impl Number {
    /// Drops `n` digits by the rounding; the exponent grows by as many.
    pub fn drop_digits(&mut self, n: i64, rounding: Rounding) -> Rest {
        let (kept, rest) = shift_right(&self.limbs, n);
        self.limbs = kept;
        self.exponent += n;
        if rounds_up(rounding, self.is_negative, &self.limbs, rest) {
            self.limbs = add(&self.limbs, &[1]);
        }
        rest
    }

    /// The number as the settings have it.
    #[inline]
    pub fn finished(mut self, settings: &Settings, status: &mut Status) -> Number {
        self.finish(settings, status);
        self
    }

    #[inline]
    pub fn finish(&mut self, settings: &Settings, status: &mut Status) {
        if self.kind != Kind::Finite {
            if self.kind != Kind::Infinite {
                fit_payload(self, settings);
            }
            return;
        }
        self.check_exponent(settings, status);
        let excess = limbs::digits(&self.limbs) - settings.precision;
        if excess > 0 && self.kind == Kind::Finite {
            let rest = self.drop_digits(excess, settings.rounding);
            if limbs::digits(&self.limbs) > settings.precision {
                // Nines became a one and zeros.
                (self.limbs, _) = shift_right(&self.limbs, 1);
                self.exponent += 1;
                self.check_exponent(settings, status);
            }
            *status |= Status::ROUNDED;
            if !rest.is_zero() {
                *status |= Status::INEXACT;
            }
        }
    }

    #[inline]
    fn check_exponent(&mut self, settings: &Settings, status: &mut Status) {
        let adjusted = self.exponent + limbs::digits(&self.limbs) - 1;
        if adjusted > settings.max_exponent {
            self.overflow(settings, status);
        } else if settings.clamps && self.exponent > settings.top() {
            let shift = self.exponent - settings.top();
            if !self.limbs.is_empty() {
                if shift > MAX_DIGITS {
                    *self = Number::failed(Status::MEMORY, status);
                    return;
                }
                self.limbs = shift_left(&self.limbs, shift);
                if adjusted < settings.min_exponent {
                    *status |= Status::SUBNORMAL;
                }
            }
            self.exponent -= shift;
            *status |= Status::CLAMPED;
        } else if adjusted < settings.min_exponent {
            self.underflow(settings, status);
        }
    }

    #[cold]
    fn overflow(&mut self, settings: &Settings, status: &mut Status) {
        if self.limbs.is_empty() {
            self.exponent = if settings.clamps { settings.top() } else { settings.max_exponent };
            *status |= Status::CLAMPED;
            return;
        }
        let stays_finite = match settings.rounding {
            Rounding::Down | Rounding::ZeroFiveUp => true,
            Rounding::Ceiling => self.is_negative,
            Rounding::Floor => !self.is_negative,
            _ => false,
        };
        *status |= Status::OVERFLOW | Status::INEXACT | Status::ROUNDED;
        if stays_finite {
            *self = greatest(settings, status).with_sign(self.is_negative);
        } else {
            *self = Number::infinite(self.is_negative);
        }
    }

    #[cold]
    fn underflow(&mut self, settings: &Settings, status: &mut Status) {
        let tiny = settings.tiny();
        if self.limbs.is_empty() {
            if self.exponent < tiny {
                self.exponent = tiny;
                *status |= Status::CLAMPED;
            }
            return;
        }
        *status |= Status::SUBNORMAL;
        if self.exponent < tiny {
            let rest = self.drop_digits(tiny - self.exponent, settings.rounding);
            *status |= Status::ROUNDED;
            if !rest.is_zero() {
                *status |= Status::INEXACT | Status::UNDERFLOW;
                if self.limbs.is_empty() {
                    *status |= Status::CLAMPED;
                }
            }
        }
    }
}

/// The greatest number there is.
pub fn greatest(settings: &Settings, status: &mut Status) -> Number {
    if settings.precision > MAX_DIGITS {
        return Number::failed(Status::MEMORY, status);
    }
    Number::finite(false, nines(settings.precision), settings.top())
}

/// Drops digits that what is not a number may not carry.
pub fn fit_payload(nan: &mut Number, settings: &Settings) {
    let room = settings.precision - settings.clamps as i64;
    if !nan.limbs.is_empty() && limbs::digits(&nan.limbs) > room {
        nan.limbs = low_digits(&nan.limbs, room);
        trim(&mut nan.limbs);
    }
}
