//! Times of day.

pub const MICROSECONDS: i64 = 1_000_000;
pub const SECONDS_IN_DAY: i64 = 86_400;
pub const MICROSECONDS_IN_DAY: i64 = SECONDS_IN_DAY * MICROSECONDS;

/// What is wrong with a time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClockFault {
    part: &'static str,
    max: i64,
    given: i64,
}

impl ClockFault {
    pub fn message(self) -> String {
        let ClockFault { part, max, given } = self;
        format!("{part} must be in 0..{max}, not {given}")
    }
}

/// A time of day that there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Clock {
    microsecond: u32,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Clock {
    pub const MAX: Clock = Clock { hour: 23, minute: 59, second: 59, microsecond: 999_999 };

    pub fn new(hour: i64, minute: i64, second: i64, microsecond: i64) -> Result<Clock, ClockFault> {
        let parts = [("hour", 23, hour), ("minute", 59, minute), ("second", 59, second)];
        for (part, max, given) in parts.into_iter().chain([("microsecond", 999_999, microsecond)]) {
            if !(0..=max).contains(&given) {
                return Err(ClockFault { part, max, given });
            }
        }
        Ok(Clock { hour: hour as u8, minute: minute as u8, second: second as u8, microsecond: microsecond as u32 })
    }

    /// Of the microseconds of a day.
    pub fn from_microseconds(microseconds: i64) -> Clock {
        let (seconds, microsecond) = (microseconds / MICROSECONDS, microseconds % MICROSECONDS);
        let (minutes, second) = (seconds / 60, seconds % 60);
        let (hour, minute) = (minutes / 60 % 24, minutes % 60);
        Clock { hour: hour as u8, minute: minute as u8, second: second as u8, microsecond: microsecond as u32 }
    }

    pub fn hour(self) -> i64 {
        self.hour.into()
    }
    pub fn minute(self) -> i64 {
        self.minute.into()
    }
    pub fn second(self) -> i64 {
        self.second.into()
    }
    pub fn microsecond(self) -> i64 {
        self.microsecond.into()
    }

    /// Since midnight.
    pub fn seconds(self) -> i64 {
        (self.hour() * 60 + self.minute()) * 60 + self.second()
    }

    /// Since midnight.
    pub fn microseconds(self) -> i64 {
        self.seconds() * MICROSECONDS + self.microsecond()
    }

    /// All in one number, which grows with the time.
    pub fn packed(self) -> u64 {
        let seconds = u64::from(self.hour) << 16 | u64::from(self.minute) << 8 | u64::from(self.second);
        seconds << 32 | u64::from(self.microsecond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_microseconds_agree() {
        for microseconds in (0..MICROSECONDS_IN_DAY).step_by(999_983) {
            let clock = Clock::from_microseconds(microseconds);
            assert_eq!(clock.microseconds(), microseconds);
            assert_eq!(Clock::new(clock.hour(), clock.minute(), clock.second(), clock.microsecond()), Ok(clock));
        }
        assert_eq!(Clock::from_microseconds(MICROSECONDS_IN_DAY - 1), Clock::MAX);
        assert!(Clock::new(24, 0, 0, 0).is_err());
    }
}
