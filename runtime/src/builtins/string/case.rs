//! Upper, lower and title case.

use super::letters::{Case, LOWER, Letters, TITLE, UPPER, changed, letters};
use super::{StrBuilder, ThisStr};
use crate::object::points::position_of;
use crate::object::string::View;
use crate::vm::{PyResult, Vm};

/// In place where the receiver is ASCII, else character by character.
fn map(
    vm: &mut Vm,
    this: ThisStr,
    ascii: impl FnOnce(&mut [u8]),
    mut unicode: impl FnMut(&Letters, &mut StrBuilder, u32),
) -> PyResult {
    if let View::One(data) = this.view()
        && data.is_ascii()
    {
        return vm.str_changed(data, ascii);
    }
    let letters = letters();
    Ok(changed(this.view(), |text, point| unicode(letters, text, point)).finish(vm))
}

pub fn upper(vm: &mut Vm, this: ThisStr) -> PyResult {
    map(vm, this, <[u8]>::make_ascii_uppercase, |letters, text, point| letters.push(text, point, Case::Upper))
}

pub fn lower(vm: &mut Vm, this: ThisStr) -> PyResult {
    let mut lower = Lower::of(this.view());
    map(vm, this, <[u8]>::make_ascii_lowercase, |letters, text, point| lower.push(letters, text, point))
}

/// By Unicode's full case folding.
pub fn casefold(vm: &mut Vm, this: ThisStr) -> PyResult {
    map(vm, this, <[u8]>::make_ascii_lowercase, |letters, text, point| letters.push(text, point, Case::Fold))
}

const SIGMA: u32 = 0x3A3;

/// The lower case of a text's characters one by one. A capital sigma becomes one of two, by what is around it.
struct Lower {
    /// What each sigma of the text becomes.
    sigmas: std::vec::IntoIter<char>,
}

impl Lower {
    fn of(text: View<'_>) -> Lower {
        let has_sigma = match text {
            View::One(_) => false,
            View::Two(data) => position_of(data, SIGMA as u16).is_some(),
            View::Four(data) => position_of(data, SIGMA).is_some(),
        };
        let mut sigmas = Vec::new();
        if has_sigma {
            let is_sigma = |c: &char| matches!(c, 'σ' | 'ς');
            // A surrogate is neither a letter nor something that is passed over.
            sigmas = text.to_string_lossy().to_lowercase().chars().filter(is_sigma).collect();
        }
        Lower { sigmas: sigmas.into_iter() }
    }

    /// Takes note of a character that is changed in another way.
    fn pass(&mut self, point: u32) -> Option<char> {
        if matches!(point, SIGMA | 0x3C2 | 0x3C3) { self.sigmas.next() } else { None }
    }

    fn push(&mut self, letters: &Letters, text: &mut StrBuilder, point: u32) {
        match self.pass(point) {
            Some(sigma) if point == SIGMA => text.push(sigma.into()),
            _ => letters.push(text, point, Case::Lower),
        }
    }
}

pub fn title(vm: &mut Vm, this: ThisStr) -> PyResult {
    let ascii = |text: &mut [u8]| {
        let mut inside = false;
        for byte in text {
            if inside {
                byte.make_ascii_lowercase()
            } else {
                byte.make_ascii_uppercase()
            }
            inside = byte.is_ascii_alphabetic();
        }
    };
    let (mut lower, mut inside) = (Lower::of(this.view()), false);
    map(vm, this, ascii, |letters, text, point| {
        if inside {
            lower.push(letters, text, point);
        } else {
            lower.pass(point);
            letters.push(text, point, Case::Title);
        }
        inside = letters.kinds(point) & (UPPER | LOWER | TITLE) != 0;
    })
}

pub fn capitalize(vm: &mut Vm, this: ThisStr) -> PyResult {
    let ascii = |text: &mut [u8]| {
        text.make_ascii_lowercase();
        if let Some(first) = text.first_mut() {
            first.make_ascii_uppercase();
        }
    };
    let (mut lower, mut is_first) = (Lower::of(this.view()), true);
    map(vm, this, ascii, |letters, text, point| {
        if std::mem::take(&mut is_first) {
            lower.pass(point);
            letters.push(text, point, Case::Title);
        } else {
            lower.push(letters, text, point);
        }
    })
}

pub fn swapcase(vm: &mut Vm, this: ThisStr) -> PyResult {
    let ascii = |text: &mut [u8]| {
        for byte in text {
            *byte ^= (byte.is_ascii_alphabetic() as u8) << 5;
        }
    };
    let mut lower = Lower::of(this.view());
    map(vm, this, ascii, |letters, text, point| {
        let kinds = letters.kinds(point);
        if kinds & UPPER != 0 {
            return lower.push(letters, text, point);
        }
        lower.pass(point);
        if kinds & LOWER != 0 {
            letters.push(text, point, Case::Upper);
        } else {
            text.push(point);
        }
    })
}
