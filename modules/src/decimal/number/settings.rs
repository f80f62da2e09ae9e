//! What a context says of results, and the conditions that operations note.

use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

pub const MAX_PRECISION: i64 = 999_999_999_999_999_999;
pub const MAX_EXPONENT: i64 = 999_999_999_999_999_999;
pub const MIN_EXPONENT: i64 = -999_999_999_999_999_999;
/// The least exponent there is.
pub const MIN_TINY: i64 = MIN_EXPONENT - (MAX_PRECISION - 1);
/// Results of more digits are refused with MemoryError before they are computed.
pub const MAX_DIGITS: i64 = 1 << 30;

/// In the order of the names that Python has for them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Rounding {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    /// Up where the last digit would be zero or five.
    ZeroFiveUp,
}

impl Rounding {
    pub const ALL: [(Rounding, &'static str); 8] = [
        (Rounding::Up, "ROUND_UP"),
        (Rounding::Down, "ROUND_DOWN"),
        (Rounding::Ceiling, "ROUND_CEILING"),
        (Rounding::Floor, "ROUND_FLOOR"),
        (Rounding::HalfUp, "ROUND_HALF_UP"),
        (Rounding::HalfDown, "ROUND_HALF_DOWN"),
        (Rounding::HalfEven, "ROUND_HALF_EVEN"),
        (Rounding::ZeroFiveUp, "ROUND_05UP"),
    ];

    pub fn name(self) -> &'static str {
        Rounding::ALL[self as usize].1
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub precision: i64,
    pub max_exponent: i64,
    pub min_exponent: i64,
    pub rounding: Rounding,
    /// Exponents are kept so low that there is room for all digits.
    pub clamps: bool,
}

impl Settings {
    /// In which whatever is exact stays so.
    pub const EXACT: Settings = Settings {
        precision: MAX_PRECISION,
        max_exponent: MAX_EXPONENT,
        min_exponent: MIN_EXPONENT,
        rounding: Rounding::HalfEven,
        clamps: false,
    };

    /// The least exponent of a number.
    pub fn tiny(&self) -> i64 {
        self.min_exponent - (self.precision - 1)
    }
    /// The greatest exponent of a number with all its digits.
    pub fn top(&self) -> i64 {
        self.max_exponent - (self.precision - 1)
    }
    pub fn rounding_by(self, rounding: Rounding) -> Settings {
        Settings { rounding, ..self }
    }
}

/// A set of conditions, by the bits that libmpdec has for them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Status(pub u32);

impl Status {
    pub const NONE: Status = Status(0);
    pub const CLAMPED: Status = Status(0x1);
    pub const CONVERSION_SYNTAX: Status = Status(0x2);
    pub const DIVISION_BY_ZERO: Status = Status(0x4);
    pub const DIVISION_IMPOSSIBLE: Status = Status(0x8);
    pub const DIVISION_UNDEFINED: Status = Status(0x10);
    pub const INEXACT: Status = Status(0x40);
    pub const INVALID_CONTEXT: Status = Status(0x80);
    pub const INVALID_OPERATION: Status = Status(0x100);
    /// The result would take too much memory.
    pub const MEMORY: Status = Status(0x200);
    pub const FLOAT_OPERATION: Status = Status(0x400);
    pub const OVERFLOW: Status = Status(0x800);
    pub const ROUNDED: Status = Status(0x1000);
    pub const SUBNORMAL: Status = Status(0x2000);
    pub const UNDERFLOW: Status = Status(0x4000);

    /// All that the signal InvalidOperation stands for.
    pub const INVALID: Status = Status(0x2 | 0x8 | 0x10 | 0x20 | 0x80 | 0x100 | 0x200);
    pub const ERRORS: Status = Status(Status::INVALID.0 | 0x4);
    pub const ALL: Status = Status(0x7FFF);

    pub fn has(self, other: Status) -> bool {
        self.0 & other.0 != 0
    }
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Status {
    type Output = Status;
    fn bitor(self, other: Status) -> Status {
        Status(self.0 | other.0)
    }
}
impl BitOrAssign for Status {
    fn bitor_assign(&mut self, other: Status) {
        self.0 |= other.0;
    }
}
impl BitAnd for Status {
    type Output = Status;
    fn bitand(self, other: Status) -> Status {
        Status(self.0 & other.0)
    }
}
impl Not for Status {
    type Output = Status;
    fn not(self) -> Status {
        Status(!self.0 & Status::ALL.0)
    }
}
