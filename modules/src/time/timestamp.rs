//! Times as the system has them: seconds and nanoseconds.

use stitch_runtime::object::argument::{Receiver, ThisFloat};
use stitch_runtime::{PyResult, Value, Vm};

/// What becomes of what is less than a nanosecond.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    /// Towards the past.
    Floor,
    /// Towards the future: who waits does not wait too short.
    Ceiling,
}

impl Rounding {
    fn round(self, number: f64) -> f64 {
        match self {
            Rounding::Floor => number.floor(),
            Rounding::Ceiling => number.ceil(),
        }
    }
}

/// Seconds, and nanoseconds of the next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timestamp {
    pub seconds: i64,
    pub nanoseconds: i64,
}

const NANOSECONDS: i64 = 1_000_000_000;

impl Timestamp {
    /// Of seconds: an int or a float.
    pub fn of(vm: &mut Vm, value: Value, rounding: Rounding) -> PyResult<Timestamp> {
        let Some(seconds) = ThisFloat::receive(vm, value) else {
            let int = vm.index(value)?;
            let Some(seconds) = vm.int_to_i64(int) else { return Err(raise_too_large(vm)) };
            return Ok(Timestamp { seconds, nanoseconds: 0 });
        };
        let seconds = seconds.get();
        if seconds.is_nan() {
            return Err(vm.raise_value("Invalid value NaN (not a number)"));
        }
        let mut whole = seconds.trunc();
        let mut nanoseconds = rounding.round((seconds - whole) * 1e9);
        if nanoseconds >= 1e9 {
            (whole, nanoseconds) = (whole + 1.0, nanoseconds - 1e9);
        } else if nanoseconds < 0.0 {
            (whole, nanoseconds) = (whole - 1.0, nanoseconds + 1e9);
        }
        if !(-9.223_372_036_854_776e18..9.223_372_036_854_776e18).contains(&whole) {
            return Err(raise_too_large(vm));
        }
        Ok(Timestamp { seconds: whole as i64, nanoseconds: nanoseconds as i64 })
    }

    /// Of an int of nanoseconds.
    pub fn of_nanoseconds(vm: &mut Vm, value: Value) -> PyResult<Timestamp> {
        let divisor = vm.new_int(NANOSECONDS);
        let parts = vm.divmod(value, divisor)?;
        let [seconds, nanoseconds] = [0, 1].map(Value::small_int);
        let (seconds, nanoseconds) = (vm.get_item(parts, seconds)?, vm.get_item(parts, nanoseconds)?);
        let seconds = vm.index(seconds)?;
        let Some(seconds) = vm.int_to_i64(seconds) else { return Err(raise_too_large(vm)) };
        Ok(Timestamp { seconds, nanoseconds: vm.index_i64(nanoseconds)? })
    }

    pub fn from_nanoseconds(ns: i64) -> Timestamp {
        Timestamp { seconds: ns.div_euclid(NANOSECONDS), nanoseconds: ns.rem_euclid(NANOSECONDS) }
    }

    pub fn timespec(self) -> libc::timespec {
        libc::timespec { tv_sec: self.seconds, tv_nsec: self.nanoseconds }
    }

    /// All in nanoseconds; `None`: it does not fit.
    pub fn nanoseconds(self) -> Option<i64> {
        self.seconds.checked_mul(NANOSECONDS)?.checked_add(self.nanoseconds)
    }
}

fn raise_too_large(vm: &mut Vm) -> stitch_runtime::Raised {
    vm.raise_overflow("timestamp out of range for platform time_t")
}

/// How long to wait at most, in nanoseconds, of seconds as an int or a float.
pub fn duration_of(vm: &mut Vm, seconds: Value) -> PyResult<i64> {
    let is_float = ThisFloat::receive(vm, seconds).is_some();
    if !is_float && !vm.is_index(seconds) {
        let message = format!("'{}' object cannot be interpreted as an integer or float", vm.class_name(seconds));
        return Err(vm.raise_type(&message));
    }
    let time = match Timestamp::of(vm, seconds, Rounding::Ceiling) {
        Err(_) if !is_float && vm.exception_matches(vm.exceptions.OverflowError) => {
            vm.clear_exception();
            return Err(vm.raise_overflow("timestamp too large to convert to C PyTime_t"));
        }
        time => time?.nanoseconds(),
    };
    time.ok_or_else(|| match is_float {
        true => raise_too_large(vm),
        false => vm.raise_overflow("timestamp too large to convert to C PyTime_t"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_are_of_the_next_second() {
        let time = Timestamp::from_nanoseconds(-1);
        assert_eq!(time, Timestamp { seconds: -1, nanoseconds: 999_999_999 });
        assert_eq!(time.nanoseconds(), Some(-1));
        assert_eq!(Timestamp { seconds: i64::MAX, nanoseconds: 0 }.nanoseconds(), None);
    }
}
