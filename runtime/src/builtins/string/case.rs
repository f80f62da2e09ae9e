//! Upper, lower and title case.

use super::classify::{is_cased, is_upper};
use super::{receiver, through_utf8};
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Byte by byte where the receiver is ASCII, else over UTF-8 text.
fn map(vm: &mut Vm, args: &[Value], ascii: fn(&[u8]) -> Vec<u8>, unicode: fn(&str) -> String) -> PyResult {
    match receiver(vm, args)? {
        View::One(data) if data.is_ascii() => {
            let changed = ascii(data);
            Ok(vm.str_from_latin1(&changed))
        }
        _ => through_utf8(vm, args[0], unicode),
    }
}

pub fn upper(vm: &mut Vm, args: &[Value]) -> PyResult {
    map(vm, args, <[u8]>::to_ascii_uppercase, str::to_uppercase)
}

pub fn lower(vm: &mut Vm, args: &[Value]) -> PyResult {
    map(vm, args, <[u8]>::to_ascii_lowercase, str::to_lowercase)
}

/// Full case folding for what differs from lower case in common text: sharp s, final sigma, and ligatures by way of
/// their upper case.
pub fn casefold(vm: &mut Vm, args: &[Value]) -> PyResult {
    map(vm, args, <[u8]>::to_ascii_lowercase, |text| {
        let fold = |c: char| -> Vec<char> {
            match c {
                'ς' => vec!['σ'],
                'ß' | 'ẞ' => vec!['s', 's'],
                '\u{FB00}'..='\u{FB17}' | 'ŉ' | 'ǰ' => c.to_uppercase().flat_map(char::to_lowercase).collect(),
                'µ' => vec!['μ'],
                _ => c.to_lowercase().collect(),
            }
        };
        text.chars().flat_map(fold).collect()
    })
}

/// First letters of words in title case, the others in lower case.
fn title_text(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            result.extend(c.to_lowercase());
        } else {
            push_title(&mut result, c);
        }
        inside = is_cased(c as u32);
    }
    result
}

/// Title case is upper case but for ligatures of which only the first letter is raised.
fn push_title(result: &mut String, c: char) {
    match c {
        'Ǆ'..='ǆ' => result.push('ǅ'),
        'Ǉ'..='ǉ' => result.push('ǈ'),
        'Ǌ'..='ǌ' => result.push('ǋ'),
        'Ǳ'..='ǳ' => result.push('ǲ'),
        _ => {
            let mut upper = c.to_uppercase();
            result.extend(upper.next());
            result.extend(upper.flat_map(char::to_lowercase));
        }
    }
}

pub fn title(vm: &mut Vm, args: &[Value]) -> PyResult {
    receiver(vm, args)?;
    through_utf8(vm, args[0], title_text)
}

pub fn capitalize(vm: &mut Vm, args: &[Value]) -> PyResult {
    receiver(vm, args)?;
    through_utf8(vm, args[0], |text| {
        let mut result = String::with_capacity(text.len());
        let mut characters = text.chars();
        if let Some(first) = characters.next() {
            push_title(&mut result, first);
        }
        result.push_str(&characters.as_str().to_lowercase());
        result
    })
}

pub fn swapcase(vm: &mut Vm, args: &[Value]) -> PyResult {
    receiver(vm, args)?;
    through_utf8(vm, args[0], |text| {
        let mut result = String::with_capacity(text.len());
        for c in text.chars() {
            if is_upper(c as u32) {
                result.extend(c.to_lowercase());
            } else {
                result.extend(c.to_uppercase());
            }
        }
        result
    })
}
