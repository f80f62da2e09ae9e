//! Stripping and padding.

use super::classify::is_space;
use super::{StrBuilder, ThisStr};
use crate::object::argument::{Index, Parameter, Place, Str, Word};
use crate::object::string::{Padding, View};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

fn strip_ends(vm: &mut Vm, this: ThisStr, characters: Value, ends: Ends) -> PyResult {
    let text = this.view();
    let (start, end) = match vm.optional(characters) {
        None => ends.kept(text, is_space),
        Some(characters) => match Str::of(vm, characters).map(Str::view) {
            Some(View::One(&[one])) => ends.kept(text, |point| point == one as u32),
            Some(characters) => ends.kept(text, |point| characters.position(0, |p| p == point).is_some()),
            None => {
                let message = format!("{} arg must be None or str", ends.method);
                return Err(vm.raise_type(&message));
            }
        },
    };
    if start == 0 && end == text.len() {
        return vm.exact_alias(this.value());
    }
    Ok(vm.str_slice(this.value(), start, end))
}

/// Which ends are stripped.
struct Ends {
    method: &'static str,
    left: bool,
    right: bool,
}

impl Ends {
    /// The bounds of what is left of a text.
    fn kept(&self, text: View<'_>, is_stripped: impl Fn(u32) -> bool) -> (usize, usize) {
        let len = text.len();
        let start = if self.left { text.position(0, |point| !is_stripped(point)).unwrap_or(len) } else { 0 };
        let end =
            if self.right { text.rposition(len, |point| !is_stripped(point)).map_or(0, |at| at + 1) } else { len };
        (start, end.max(start))
    }
}

pub fn strip(vm: &mut Vm, this: ThisStr, characters: Value) -> PyResult {
    strip_ends(vm, this, characters, Ends { method: "strip", left: true, right: true })
}

pub fn lstrip(vm: &mut Vm, this: ThisStr, characters: Value) -> PyResult {
    strip_ends(vm, this, characters, Ends { method: "lstrip", left: true, right: false })
}

pub fn rstrip(vm: &mut Vm, this: ThisStr, characters: Value) -> PyResult {
    strip_ends(vm, this, characters, Ends { method: "rstrip", left: false, right: true })
}

/// What a text is padded with: a str of one character.
pub struct Fill(u32);

impl Parameter for Fill {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Fill> {
        if argument.is_unbound() {
            return Ok(Fill(' ' as u32));
        }
        match Str::of(vm, argument).map(Str::view) {
            Some(text) if text.len() == 1 => Ok(Fill(text.at(0))),
            Some(_) => Err(vm.raise_type("The fill character must be exactly one character long")),
            None => {
                let message =
                    format!("The fill character must be a unicode character, not {}", vm.class_name(argument));
                Err(vm.raise_type(&message))
            }
        }
    }
}

/// How much is missing to a width.
fn missing(this: ThisStr, width: Index) -> usize {
    (width.0.max(0) as usize).saturating_sub(this.len)
}

/// The text with `left` and `right` times the fill character inserted at `at` and at the end.
fn padded(vm: &mut Vm, this: ThisStr, at: usize, [left, right]: [usize; 2], fill: u32) -> PyResult {
    if left == 0 && right == 0 {
        return vm.exact_alias(this.value());
    }
    let (head, tail) = (this.view().part(0, at), this.view().part(at, this.len));
    vm.str_padded(&[Padding::Text(head), Padding::Fill(fill, left), Padding::Text(tail), Padding::Fill(fill, right)])
}

pub fn center(vm: &mut Vm, this: ThisStr, width: Index, fill: Fill) -> PyResult {
    let missing = missing(this, width);
    let left = missing / 2 + (missing & width.0 as usize & 1);
    padded(vm, this, 0, [left, missing - left], fill.0)
}

pub fn ljust(vm: &mut Vm, this: ThisStr, width: Index, fill: Fill) -> PyResult {
    padded(vm, this, 0, [0, missing(this, width)], fill.0)
}

pub fn rjust(vm: &mut Vm, this: ThisStr, width: Index, fill: Fill) -> PyResult {
    padded(vm, this, 0, [missing(this, width), 0], fill.0)
}

pub fn zfill(vm: &mut Vm, this: ThisStr, width: Index) -> PyResult {
    let text = this.view();
    let is_signed = !text.is_empty() && (text.at(0) == '+' as u32 || text.at(0) == '-' as u32);
    padded(vm, this, is_signed as usize, [missing(this, width), 0], '0' as u32)
}

pub fn expandtabs(vm: &mut Vm, this: ThisStr, size: Option<Word<i32>>) -> PyResult {
    let size = size.map_or(8, |size| size.0.max(0) as usize);
    let (mut result, mut column, mut n_spaces) = (StrBuilder::new(), 0, 0);
    let text = this.view();
    let mut at = 0;
    while at < this.len {
        let end = text.position(at, |point| matches!(point, 0x09 | 0x0A | 0x0D)).unwrap_or(this.len);
        result.push_part(text, at, end);
        column += end - at;
        at = end + 1;
        if end == this.len {
            break;
        }
        if text.at(end) != 0x09 {
            result.push(text.at(end));
            column = 0;
            continue;
        }
        let n = if size == 0 { 0 } else { size - column % size };
        n_spaces += n;
        if n_spaces > super::super::bytes::MOST_BYTES {
            return Err(vm.raise_overflow("new string is too long"));
        }
        result.push_repeated(' ' as u32, n);
        column += n;
    }
    Ok(result.finish(vm))
}
