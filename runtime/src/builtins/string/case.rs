//! Upper, lower and title case.

use super::classify::{is_cased, is_lower, is_upper};
use super::{StrBuilder, ThisStr};
use crate::object::string::View;
use crate::vm::{PyResult, Vm};
use rustpython_unicode::case;

/// In place where the receiver is ASCII, else run by run of what is no surrogate: those have no case. `unicode` is told whether
/// its run is the text's start.
fn map(
    vm: &mut Vm,
    this: ThisStr,
    ascii: impl FnOnce(&mut [u8]),
    unicode: impl Fn(&str, bool, &mut String),
) -> PyResult {
    if let View::One(data) = this.view()
        && data.is_ascii()
    {
        return vm.str_changed(data, ascii);
    }
    Ok(map_runs(this.view(), unicode).finish(vm))
}

fn map_runs(view: View<'_>, change: impl Fn(&str, bool, &mut String)) -> StrBuilder {
    let mut result = StrBuilder::new();
    let (mut run, mut changed, mut start) = (String::new(), String::new(), 0);
    for at in 0..=view.len() {
        let point = (at < view.len()).then(|| view.at(at));
        if let Some(character) = point.and_then(char::from_u32) {
            run.push(character);
            continue;
        }
        if !run.is_empty() {
            change(&run, start == 0, &mut changed);
            changed.chars().for_each(|c| result.push(c as u32));
            run.clear();
            changed.clear();
        }
        if let Some(surrogate) = point {
            result.push(surrogate);
        }
        start = at + 1;
    }
    result
}

pub fn upper(vm: &mut Vm, this: ThisStr) -> PyResult {
    map(vm, this, <[u8]>::make_ascii_uppercase, |text, _, result| result.push_str(&text.to_uppercase()))
}

pub fn lower(vm: &mut Vm, this: ThisStr) -> PyResult {
    map(vm, this, <[u8]>::make_ascii_lowercase, |text, _, result| result.push_str(&text.to_lowercase()))
}

/// By Unicode's full case folding.
pub fn casefold(vm: &mut Vm, this: ThisStr) -> PyResult {
    map(vm, this, <[u8]>::make_ascii_lowercase, |text, _, result| result.push_str(&case::casefold_str(text)))
}

/// The lower case of a text's characters one by one. A capital sigma becomes one of two, by what is around it.
struct Lower {
    /// What each sigma of the text becomes.
    sigmas: std::vec::IntoIter<char>,
}

impl Lower {
    fn of(text: &str) -> Lower {
        let is_sigma = |c: &char| matches!(c, 'σ' | 'ς');
        let sigmas: Vec<char> =
            if text.contains('Σ') { text.to_lowercase().chars().filter(is_sigma).collect() } else { Vec::new() };
        Lower { sigmas: sigmas.into_iter() }
    }

    /// Appends the text's next character: in lower case, or by `push`.
    fn append(&mut self, result: &mut String, c: char, push: Option<fn(&mut String, char)>) {
        let sigma = if matches!(c, 'Σ' | 'σ' | 'ς') { self.sigmas.next() } else { None };
        match (push, sigma) {
            (Some(push), _) => push(result, c),
            (None, Some(sigma)) => result.push(sigma),
            (None, None) => result.extend(c.to_lowercase()),
        }
    }
}

fn push_title(result: &mut String, c: char) {
    match c.is_ascii() {
        true => result.push(c.to_ascii_uppercase()),
        false => result.push_str(&case::capitalize_str(c.encode_utf8(&mut [0; 4]))),
    }
}

fn push_upper(result: &mut String, c: char) {
    result.extend(c.to_uppercase());
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
    map(vm, this, ascii, |text, _, result| {
        let (mut lower, mut inside) = (Lower::of(text), false);
        for c in text.chars() {
            lower.append(result, c, (!inside).then_some(push_title));
            inside = is_cased(c as u32);
        }
    })
}

pub fn capitalize(vm: &mut Vm, this: ThisStr) -> PyResult {
    let ascii = |text: &mut [u8]| {
        text.make_ascii_lowercase();
        if let Some(first) = text.first_mut() {
            first.make_ascii_uppercase();
        }
    };
    map(vm, this, ascii, |text, is_start, result| {
        let mut lower = Lower::of(text);
        for (at, c) in text.char_indices() {
            lower.append(result, c, (is_start && at == 0).then_some(push_title));
        }
    })
}

pub fn swapcase(vm: &mut Vm, this: ThisStr) -> PyResult {
    let ascii = |text: &mut [u8]| {
        for byte in text {
            *byte ^= (byte.is_ascii_alphabetic() as u8) << 5;
        }
    };
    map(vm, this, ascii, |text, _, result| {
        let mut lower = Lower::of(text);
        for c in text.chars() {
            let push: Option<fn(&mut String, char)> = match c as u32 {
                point if is_upper(point) => None,
                point if is_lower(point) => Some(push_upper),
                _ => Some(String::push),
            };
            lower.append(result, c, push);
        }
    })
}
