//! What patterns ask of a character: its case and its categories.

use crate::unicodedata::is_later;
use rustpython_unicode::classify;
use rustpython_wtf8::CodePoint;

/// How the case of characters is left out of account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fold {
    Exact,
    Ascii,
    /// By the locale, which knows of ASCII alone.
    Locale,
    Unicode,
}

impl Fold {
    #[inline]
    pub fn lower(self, point: u32) -> u32 {
        match self {
            Fold::Exact => point,
            Fold::Ascii | Fold::Locale => ascii_lower(point),
            Fold::Unicode => unicode_lower(point),
        }
    }
}

pub fn ascii_lower(point: u32) -> u32 {
    if (0x41..=0x5A).contains(&point) { point + 32 } else { point }
}

pub fn ascii_upper(point: u32) -> u32 {
    if (0x61..=0x7A).contains(&point) { point - 32 } else { point }
}

/// The first character of what one is in another case.
fn mapped(point: u32, map: fn(char) -> Option<char>) -> u32 {
    match char::from_u32(point) {
        Some(character) if !is_later(character.into()) => {
            map(character).filter(|&other| !is_later(other.into())).map_or(point, u32::from)
        }
        _ => point,
    }
}

pub fn unicode_lower(point: u32) -> u32 {
    if point < 0x80 { ascii_lower(point) } else { mapped(point, |character| character.to_lowercase().next()) }
}

pub fn unicode_upper(point: u32) -> u32 {
    if point < 0x80 { ascii_upper(point) } else { mapped(point, |character| character.to_uppercase().next()) }
}

pub fn is_ascii_cased(point: u32) -> bool {
    ascii_lower(point) != point || ascii_upper(point) != point
}

pub fn is_unicode_cased(point: u32) -> bool {
    unicode_lower(point) != point || unicode_upper(point) != point
}

fn is(point: u32, test: fn(char) -> bool) -> bool {
    char::from_u32(point).is_some_and(|character| test(character) && !is_later(CodePoint::from(character)))
}

fn is_ascii_word(point: u32) -> bool {
    u8::try_from(point).is_ok_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_unicode_word(point: u32) -> bool {
    if point < 0x80 { is_ascii_word(point) } else { is(point, classify::is_alnum) }
}

/// Words, as boundaries are told by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Words {
    Ascii,
    Unicode,
}

impl Words {
    #[inline]
    pub fn has(self, point: u32) -> bool {
        match self {
            Words::Ascii => is_ascii_word(point),
            Words::Unicode => is_unicode_word(point),
        }
    }
}

/// A category or, by an odd number, what is not in the one before it.
#[derive(Clone, Copy, Debug)]
pub struct Category(u32);

/// The tests of the categories with even numbers.
const TESTS: [fn(u32) -> bool; 9] = [
    |point| (0x30..=0x39).contains(&point),
    |point| matches!(point, 0x09..=0x0D | 0x20),
    is_ascii_word,
    |point| point == 0x0A,
    is_ascii_word,
    |point| if point < 0x80 { (0x30..=0x39).contains(&point) } else { is(point, classify::is_decimal) },
    |point| match point {
        0..0x80 => matches!(point, 0x09..=0x0D | 0x1C..=0x20),
        _ => is(point, classify::is_space),
    },
    is_unicode_word,
    |point| matches!(point, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029),
];

impl Category {
    pub fn of(code: u32) -> Option<Category> {
        (code < 2 * TESTS.len() as u32).then_some(Category(code))
    }
    /// Is it known that they have no character in common?
    pub fn is_disjoint_from(self, other: Category) -> bool {
        // Digits, spaces, words, line feeds; of ASCII, then words of the locale, then of Unicode.
        let is_space = |category: Category| matches!(category.0, 2 | 12);
        let is_of_words = |category: Category| matches!(category.0, 0 | 4 | 8 | 10 | 14);
        self.0 ^ 1 == other.0 || is_space(self) && is_of_words(other) || is_of_words(self) && is_space(other)
    }
    pub fn has(self, point: u32) -> bool {
        TESTS[self.0 as usize / 2](point) != (self.0 & 1 == 1)
    }
}
