//! Strings in JSON texts.

use super::error::Failure;
use crate::unit::Unit;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::string::View;
use stitch_runtime::{Value, Vm};

/// A string that was read.
pub enum Scanned<'a> {
    /// As it stands in the text.
    Plain(View<'a>),
    Unescaped(Text),
}

impl Scanned<'_> {
    pub fn finish(self, vm: &mut Vm) -> Value {
        match self {
            Scanned::Plain(View::One(text)) => vm.str_from_latin1(text),
            Scanned::Plain(view) => {
                let mut text = Text::new();
                push(&mut text, view);
                text.finish(vm)
            }
            Scanned::Unescaped(text) => text.finish(vm),
        }
    }
}

/// Appends a part of a wide text, which may be narrow itself.
fn push(text: &mut Text, view: View<'_>) {
    match view {
        View::One(_) => text.push_view(view),
        _ => view.code_points().for_each(|point| text.push(point)),
    }
}

/// The string that begins behind the quote before `start`, and what follows its closing quote.
pub fn scan<U: Unit>(units: &[U], start: usize, strict: bool) -> Result<(Scanned<'_>, usize), Failure> {
    const UNTERMINATED: &str = "Unterminated string starting at";
    let unterminated = || Failure::At(UNTERMINATED, start.wrapping_sub(1));
    let mut text: Option<Text> = None;
    let mut at = start;
    loop {
        let stop = plain_end(units, at, strict).ok_or_else(unterminated)?;
        let plain = U::view(&units[at..stop]);
        match units[stop].point() {
            0x22 => {
                return Ok(match text {
                    None => (Scanned::Plain(plain), stop + 1),
                    Some(mut text) => {
                        push(&mut text, plain);
                        (Scanned::Unescaped(text), stop + 1)
                    }
                });
            }
            0x5C => {
                let text = text.get_or_insert_default();
                push(text, plain);
                let (point, next) = escape(units, stop, unterminated)?;
                text.push(point);
                at = next;
            }
            _ => return Err(Failure::At("Invalid control character at", stop)),
        }
    }
}

/// So many characters are looked at before it is asked whether one of them is special: a loop that becomes wide instructions.
const BLOCK: usize = 16;

/// Where characters end that stand for themselves.
#[inline]
fn plain_end<U: Unit>(units: &[U], start: usize, strict: bool) -> Option<usize> {
    let lowest = if strict { 0x20 } else { 0 };
    let is_special = |unit: &U| (unit.point() == 0x22) | (unit.point() == 0x5C) | (unit.point() < lowest);
    let mut at = start;
    while let Some(block) = units[at..].first_chunk::<BLOCK>()
        && !block.iter().fold(false, |found, unit| found | is_special(unit))
    {
        at += BLOCK;
    }
    units[at..].iter().position(is_special).map(|found| at + found)
}

/// The character that a backslash at `at` begins, and what follows it.
fn escape<U: Unit>(units: &[U], at: usize, unterminated: impl Fn() -> Failure) -> Result<(u32, usize), Failure> {
    let point = match units.get(at + 1).ok_or_else(unterminated)?.point() {
        point @ (0x22 | 0x5C | 0x2F) => point,
        0x62 => 0x08,
        0x66 => 0x0C,
        0x6E => 0x0A,
        0x72 => 0x0D,
        0x74 => 0x09,
        0x75 => return coded(units, at + 2),
        _ => return Err(Failure::At("Invalid \\escape", at)),
    };
    Ok((point, at + 2))
}

/// The character that four hexadecimal digits at `at` stand for, or they and the four of a second surrogate.
fn coded<U: Unit>(units: &[U], at: usize) -> Result<(u32, usize), Failure> {
    let first = hexadecimal(units, at)?;
    let next = at + 4;
    let is_backslash_u = |next: usize| units[next].point() == 0x5C && units[next + 1].point() == 0x75;
    if (0xD800..0xDC00).contains(&first) && next + 6 < units.len() && is_backslash_u(next) {
        let second = hexadecimal(units, next + 2)?;
        if (0xDC00..0xE000).contains(&second) {
            return Ok((0x1_0000 + ((first - 0xD800) << 10 | (second - 0xDC00)), next + 6));
        }
    }
    Ok((first, next))
}

fn hexadecimal<U: Unit>(units: &[U], at: usize) -> Result<u32, Failure> {
    let failure = || Failure::At("Invalid \\uXXXX escape", at - 1);
    // A quote has to follow at the least.
    let digits = units.get(at..at + 5).ok_or_else(failure)?;
    digits[..4].iter().try_fold(0, |sum, unit| {
        let digit = char::from_u32(unit.point()).and_then(|c| c.to_digit(16)).ok_or_else(failure)?;
        Ok(sum << 4 | digit)
    })
}
