//! The characters of a text, in the width that the text has. The engine is compiled for each width.

use super::program::{One, Program};
use memchr::{memchr, memrchr};

pub trait Unit: Copy + 'static {
    fn point(self) -> u32;
    /// The unit of a code point, where it is one.
    fn of(point: u32) -> Option<Self>;
    fn find(text: &[Self], unit: Self) -> Option<usize>;
    fn rfind(text: &[Self], unit: Self) -> Option<usize>;
    /// The text as bytes, if these are its units.
    fn bytes(_text: &[Self]) -> Option<&[u8]> {
        None
    }
}

impl Unit for u8 {
    #[inline(always)]
    fn point(self) -> u32 {
        self.into()
    }
    #[inline(always)]
    fn of(point: u32) -> Option<u8> {
        point.try_into().ok()
    }
    #[inline]
    fn find(text: &[u8], unit: u8) -> Option<usize> {
        memchr(unit, text)
    }
    #[inline]
    fn rfind(text: &[u8], unit: u8) -> Option<usize> {
        memrchr(unit, text)
    }
    fn bytes(text: &[u8]) -> Option<&[u8]> {
        Some(text)
    }
}

macro_rules! wide {
    ($($unit:ty)*) => {$(
        impl Unit for $unit {
            #[inline(always)]
            fn point(self) -> u32 {
                self.into()
            }
            #[inline(always)]
            fn of(point: u32) -> Option<$unit> {
                point.try_into().ok()
            }
            #[inline]
            fn find(text: &[$unit], unit: $unit) -> Option<usize> {
                text.iter().position(|&other| other == unit)
            }
            #[inline]
            fn rfind(text: &[$unit], unit: $unit) -> Option<usize> {
                text.iter().rposition(|&other| other == unit)
            }
        }
    )*};
}

wide! { u16 u32 }

impl Program {
    #[inline(always)]
    pub fn takes(&self, one: One, point: u32) -> bool {
        match one {
            One::Never => false,
            One::NotLineFeed => point != 0x0A,
            One::Any => true,
            One::Literal(literal) => point == literal,
            One::NotLiteral(literal) => point != literal,
            One::In(set) => self.sets[set as usize].has(point),
        }
    }

    /// How many units at the beginning of a text are taken.
    #[inline]
    pub fn count<U: Unit>(&self, one: One, text: &[U]) -> usize {
        let until = |found: Option<usize>| found.unwrap_or(text.len());
        match one {
            One::Never => 0,
            One::Any => text.len(),
            One::NotLineFeed => U::of(0x0A).map_or(text.len(), |unit| until(U::find(text, unit))),
            One::NotLiteral(literal) => U::of(literal).map_or(text.len(), |unit| until(U::find(text, unit))),
            One::Literal(literal) => until(text.iter().position(|unit| unit.point() != literal)),
            One::In(set) => {
                let set = &self.sets[set as usize];
                until(text.iter().position(|unit| !set.has(unit.point())))
            }
        }
    }

    /// Where the first unit is that is taken.
    #[inline]
    pub fn find<U: Unit>(&self, one: One, text: &[U]) -> Option<usize> {
        match one {
            One::Never => None,
            One::Any => (!text.is_empty()).then_some(0),
            One::Literal(literal) => U::find(text, U::of(literal)?),
            One::In(set) => {
                let set = &self.sets[set as usize];
                text.iter().position(|unit| set.has(unit.point()))
            }
            _ => text.iter().position(|unit| self.takes(one, unit.point())),
        }
    }

    /// Where the last unit is that is taken.
    #[inline]
    pub fn rfind<U: Unit>(&self, one: One, text: &[U]) -> Option<usize> {
        match one {
            One::Literal(literal) => U::rfind(text, U::of(literal)?),
            _ => text.iter().rposition(|unit| self.takes(one, unit.point())),
        }
    }
}
