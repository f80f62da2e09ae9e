//! Case and kind of the characters of most alphabets, in tables: those of the others are asked of Unicode's data each time.

use super::StrBuilder;
use crate::object::points::Unit;
use crate::object::string::View;
use rustpython_unicode::{case, classify};
use std::sync::LazyLock;

/// Latin, Greek, Cyrillic, Armenian and Hebrew.
const N: usize = 0x600;
/// In a table: it becomes several characters, or one that is too great for it.
const OTHERWISE: u16 = 0xFFFF;

/// What a character becomes.
pub enum Case {
    Upper,
    Lower,
    Title,
    Fold,
}

pub const UPPER: u8 = 1;
pub const LOWER: u8 = 2;
pub const TITLE: u8 = 4;
pub const ALPHA: u8 = 8;
pub const NUMERIC: u8 = 16;

/// The same for all machines, and never changed.
pub struct Letters {
    cases: [[u16; N]; 4],
    kinds: [u8; N],
}

static LETTERS: LazyLock<Box<Letters>> = LazyLock::new(|| {
    let mut letters = Box::new(Letters { cases: [[OTHERWISE; N]; 4], kinds: [0; N] });
    for point in 0..N {
        let Some(c) = char::from_u32(point as u32) else { continue };
        letters.kinds[point] = kinds_of(c);
        for (table, case) in letters.cases.iter_mut().zip([Case::Upper, Case::Lower, Case::Title, Case::Fold]) {
            let mut text = StrBuilder::new();
            push_changed(&mut text, c, &case);
            let only = if text.len() == 1 { text.view().at(0) } else { OTHERWISE.into() };
            table[point] = u16::try_from(only).unwrap_or(OTHERWISE);
        }
    }
    letters
});

/// The tables.
pub fn letters() -> &'static Letters {
    &LETTERS
}

fn kinds_of(c: char) -> u8 {
    let kind = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
    kind(c.is_uppercase(), UPPER)
        | kind(c.is_lowercase(), LOWER)
        | kind(case::is_titlecase(c), TITLE)
        | kind(classify::is_alpha(c), ALPHA)
        | kind(classify::is_numeric(c), NUMERIC)
}

/// Ideographs and syllables, which are many and alike: nothing there has a case.
fn has_no_case(point: u32) -> bool {
    matches!(point, 0x2E80..=0xA63F | 0xAC00..=0xD7FF)
}

impl Letters {
    #[inline]
    pub fn kinds(&self, point: u32) -> u8 {
        match self.kinds.get(point as usize) {
            Some(&kinds) => kinds,
            None => match point {
                0x4E00..=0x9FFF | 0xAC00..=0xD7A3 if !is_numeral(point) => ALPHA,
                _ => char::from_u32(point).map_or(0, kinds_of),
            },
        }
    }

    /// Appends what a code point becomes.
    #[inline]
    pub fn push(&self, text: &mut StrBuilder, point: u32, case: Case) {
        let table = match case {
            Case::Upper => &self.cases[0],
            Case::Lower => &self.cases[1],
            Case::Title => &self.cases[2],
            Case::Fold => &self.cases[3],
        };
        match table.get(point as usize) {
            Some(&changed) if changed != OTHERWISE => text.push(changed.into()),
            _ if has_no_case(point) => text.push(point),
            _ => match char::from_u32(point) {
                Some(c) => push_changed(text, c, &case),
                None => text.push(point),
            },
        }
    }
}

/// Ideographs that stand for numbers are looked up.
fn is_numeral(point: u32) -> bool {
    char::from_u32(point).is_some_and(classify::is_numeric)
}

#[cold]
fn push_changed(text: &mut StrBuilder, c: char, case: &Case) {
    match case {
        Case::Upper => c.to_uppercase().for_each(|c| text.push(c.into())),
        Case::Lower => c.to_lowercase().for_each(|c| text.push(c.into())),
        Case::Title if c.is_ascii() => text.push(c.to_ascii_uppercase().into()),
        Case::Title => text.push_str(&case::capitalize_str(c.encode_utf8(&mut [0; 4]))),
        Case::Fold => text.push_str(&case::casefold_str(c.encode_utf8(&mut [0; 4]))),
    }
}

/// A text changed code point by code point.
pub fn changed(view: View<'_>, change: impl FnMut(&mut StrBuilder, u32)) -> StrBuilder {
    fn each<T: Unit>(data: &[T], mut change: impl FnMut(&mut StrBuilder, u32)) -> StrBuilder {
        let mut text = StrBuilder::new();
        if data.len() > 64 {
            text.reserve(data.len());
        }
        data.iter().for_each(|&point| change(&mut text, point.into()));
        text
    }
    match view {
        View::One(data) => each(data, change),
        View::Two(data) => each(data, change),
        View::Four(data) => each(data, change),
    }
}
