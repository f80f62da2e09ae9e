//! `STITCH_STRESS`: knobs that make rare things happen all the time. They are in every build, and a program must print
//! the same under each of them.

use std::fmt;

/// The knobs, one row each: field, its type, the name in the list, what it does.
macro_rules! for_each_knob {
    ($apply:ident) => {
        $apply! {
            /// Collects garbage at every allocation and poisons what is freed.
            gc: bool = "gc";
            /// Compiles a place when it has been reached this often.
            threshold: Option<u32> = "threshold";
            /// Takes every Nth exit of a guard of kind or shape though the guard holds.
            exit: Option<u32> = "exit";
            /// Takes such exits at random, from this seed.
            random_exit: Option<u32> = "random-exit";
            /// Takes such an exit once, at the Nth guard that is reached.
            exit_at: Option<u32> = "exit-at";
            /// Fails the Nth allocation: MemoryError, at once where it can be raised, else at the next poll.
            oom: Option<u32> = "oom";
            /// Caps the code cache, in bytes; `k` and `m` multiply.
            code_cache: Option<u32> = "code-cache";
            /// Runs with a small native stack.
            small_stack: bool = "small-stack";
            /// Invalidates executors at random, from this seed.
            invalidate: Option<u32> = "invalidate";
            /// Compiles on a thread of its own, which other knobs switch off, and hands each executor over so many
            /// microseconds late.
            background: Option<u32> = "background";
            /// Times the executors of entries at once, and takes each for so many microseconds a block slower than it is.
            handicap: Option<u32> = "handicap";
            /// Has every poll find something to do.
            signals: bool = "signals";
        }
    };
}

/// Counts down to the next exit that is taken though its guard holds. Compiled code works on it, too.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct ForcedExit {
    /// 0: never.
    pub countdown: u32,
    pub period: u32,
}

impl ForcedExit {
    pub fn every(period: u32) -> ForcedExit {
        ForcedExit { countdown: period, period }
    }
    /// The `n`th guard's exit, then none for long.
    pub fn at(n: u32) -> ForcedExit {
        ForcedExit { countdown: n, period: u32::MAX }
    }
    pub fn is_on(self) -> bool {
        self.period != 0
    }
    /// Counts a guard.
    pub fn is_due(&mut self) -> bool {
        self.countdown = self.countdown.wrapping_sub(1);
        let is_due = self.countdown == 0;
        if is_due {
            self.countdown = self.period;
        }
        is_due
    }
}

/// Why a list of knobs is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StressError {
    Unknown(String),
    NeedsNumber(String),
    TakesNoValue(String),
}

impl fmt::Display for StressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StressError::Unknown(name) => {
                write!(f, "STITCH_STRESS: unknown knob '{name}' (there are {})", Stress::NAMES.join(", "))
            }
            StressError::NeedsNumber(name) => write!(f, "STITCH_STRESS: '{name}' needs a number, as in {name}=100"),
            StressError::TakesNoValue(name) => write!(f, "STITCH_STRESS: '{name}' takes no value"),
        }
    }
}

impl std::error::Error for StressError {}

/// What a knob's text may be.
trait KnobValue: Sized {
    fn parse(name: &str, value: Option<&str>) -> Result<Self, StressError>;
}

impl KnobValue for bool {
    fn parse(name: &str, value: Option<&str>) -> Result<bool, StressError> {
        match value {
            None => Ok(true),
            Some(_) => Err(StressError::TakesNoValue(name.to_owned())),
        }
    }
}

impl KnobValue for Option<u32> {
    fn parse(name: &str, value: Option<&str>) -> Result<Option<u32>, StressError> {
        let number = value.and_then(parse_size).and_then(|size| u32::try_from(size).ok());
        number.map(Some).ok_or_else(|| StressError::NeedsNumber(name.to_owned()))
    }
}

/// A number, with `k` or `m` for 2^10 and 2^20.
pub fn parse_size(text: &str) -> Option<usize> {
    let (digits, factor) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 1 << 10),
        b'm' | b'M' => (&text[..text.len() - 1], 1 << 20),
        _ => (text, 1),
    };
    digits.parse::<usize>().ok()?.checked_mul(factor)
}

macro_rules! define_stress {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $name:literal;)*) => {
        /// Which knobs are set.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Stress {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl Stress {
            /// The names of all knobs.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// Reads a comma list such as `gc,threshold=1`.
            pub fn parse(list: &str) -> Result<Stress, StressError> {
                let mut stress = Stress::default();
                for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
                    let (name, value) = match item.split_once('=') {
                        Some((name, value)) => (name, Some(value)),
                        None => (item, None),
                    };
                    match name {
                        $($name => stress.$field = KnobValue::parse(name, value)?,)*
                        _ => return Err(StressError::Unknown(name.to_owned())),
                    }
                }
                Ok(stress)
            }
        }
    };
}
for_each_knob!(define_stress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let stress = Stress::parse("gc, threshold=1,code-cache=64k").unwrap();
        let expected = Stress { gc: true, threshold: Some(1), code_cache: Some(65536), ..Stress::default() };
        assert_eq!(stress, expected);
        assert_eq!(Stress::parse(""), Ok(Stress::default()));
        assert_eq!(Stress::parse("exit"), Err(StressError::NeedsNumber("exit".into())));
        assert_eq!(Stress::parse("gc=1"), Err(StressError::TakesNoValue("gc".into())));
        assert!(Stress::parse("nope").unwrap_err().to_string().contains("unknown knob 'nope' (there are gc, "));
    }
}
