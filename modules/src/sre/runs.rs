//! How far the characters of a text are what one character has to be, and where one is.

use super::program::{One, Program};
use crate::unit::Unit;

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
