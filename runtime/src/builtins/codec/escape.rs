//! Text and bytes as they stand in literals.

use super::decode::handle;
use super::errors::{Handler, write_escape};
use crate::object::convert::text::Text;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;

fn push_escape(point: u32, out: &mut Vec<u8>) {
    let mut text = [0; 10];
    let n_bytes = write_escape(point, &mut text);
    out.extend_from_slice(&text[..n_bytes]);
}

/// Bytes as in a literal between apostrophes.
pub fn escaped_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\\' | b'\'' => out.extend([b'\\', byte]),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            0x20..0x7F => out.push(byte),
            _ => push_escape(byte.into(), &mut out),
        }
    }
    out
}

pub fn escaped_text(view: View<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(view.len());
    for point in view.code_points() {
        match point {
            0x5C => out.extend(b"\\\\"),
            0x09 => out.extend(b"\\t"),
            0x0A => out.extend(b"\\n"),
            0x0D => out.extend(b"\\r"),
            0x20..0x7F => out.push(point as u8),
            _ => push_escape(point, &mut out),
        }
    }
    out
}

pub fn raw_escaped_text(view: View<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(view.len());
    for point in view.code_points() {
        if point < 0x100 { out.push(point as u8) } else { push_escape(point, &mut out) }
    }
    out
}

/// What a backslash and this letter stand for.
fn simple(letter: u8) -> Option<u8> {
    Some(match letter {
        b'\\' | b'\'' | b'"' => letter,
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        _ => return None,
    })
}

/// The number of up to `most` digits of a base at the beginning, and how many there are.
fn number(digits: &[u8], base: u32, most: usize) -> (u32, usize) {
    let digits = digits.iter().take(most).map_while(|&digit| (digit as char).to_digit(base));
    digits.fold((0, 0), |(sum, n), digit| (sum * base + digit, n + 1))
}

/// The first sequence that is no escape, or of a number too large: what a literal is warned of.
#[derive(Default)]
struct Wrong(Option<String>);

impl Wrong {
    fn note(&mut self, message: impl FnOnce() -> String) {
        self.0.get_or_insert_with(message);
    }
    fn note_letter(&mut self, letter: u8) {
        self.note(|| format!("\\{}\" is an invalid escape sequence", letter as char));
    }
    fn note_octal(&mut self, digits: &[u8]) {
        self.note(|| format!("\\{}\" is an invalid octal escape sequence", String::from_utf8_lossy(digits)));
    }
    /// `prefix` is that of the literal.
    fn warn(self, vm: &mut Vm, prefix: &str) -> PyResult<()> {
        let Some(message) = self.0 else { return Ok(()) };
        let message = format!("{prefix}\"{message}. Such sequences will not work in the future. ");
        vm.warn(vm.exceptions.DeprecationWarning, &message)
    }
}

/// The bytes that a literal stands for.
pub fn bytes_of_escapes(vm: &mut Vm, handler: &Handler, source: &[u8]) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(source.len());
    let mut wrong = Wrong::default();
    let mut at = 0;
    while at < source.len() {
        let start = at;
        at += 1;
        if source[start] != b'\\' {
            out.push(source[start]);
            continue;
        }
        let Some(&letter) = source.get(at) else { return Err(vm.raise_value("Trailing \\ in string")) };
        at += 1;
        match letter {
            b'\n' => {}
            b'0'..=b'7' => {
                let (byte, n) = number(&source[start + 1..], 8, 3);
                out.push(byte as u8);
                at = start + 1 + n;
                if byte > 0xFF {
                    wrong.note_octal(&source[start + 1..at]);
                }
            }
            b'x' => {
                let (byte, n) = number(&source[at..], 16, 2);
                at += n;
                match handler {
                    _ if n == 2 => out.push(byte as u8),
                    Handler::Strict => {
                        return Err(vm.raise_value(&format!("invalid \\x escape at position {start}")));
                    }
                    Handler::Replace => out.push(b'?'),
                    Handler::Ignore => {}
                    _ => return Err(vm.raise_value("decoding error; unknown error handling code")),
                }
            }
            _ => match simple(letter) {
                Some(byte) => out.push(byte),
                None => {
                    wrong.note_letter(letter);
                    out.extend([b'\\', letter]);
                }
            },
        }
    }
    wrong.warn(vm, "b")?;
    Ok(out)
}

/// The text that a literal stands for, and how much of it was read.
pub fn text_of_escapes(vm: &mut Vm, handler: &Handler, source: &[u8], is_final: bool) -> PyResult<(Value, usize)> {
    const NAME: &str = "unicodeescape";
    let mut source = Cow::Borrowed(source);
    let mut wrong = Wrong::default();
    let mut text = Text::new();
    let mut at = 0;
    while at < source.len() {
        let start = at;
        if source[start] != b'\\' {
            text.push(source[start] as u32);
            at += 1;
            continue;
        }
        let Some(&letter) = source.get(start + 1) else {
            if !is_final {
                break;
            }
            at = handle(vm, NAME, handler, start..start + 1, "\\ at end of string", &mut source, &mut text)?;
            continue;
        };
        at = start + 2;
        let (n_digits, reason) = match letter {
            b'\n' => continue,
            b'0'..=b'7' => {
                let (point, n) = number(&source[start + 1..], 8, 3);
                text.push(point);
                at = start + 1 + n;
                if point > 0xFF {
                    wrong.note_octal(&source[start + 1..at]);
                }
                continue;
            }
            b'x' => (2, "truncated \\xXX escape"),
            b'u' => (4, "truncated \\uXXXX escape"),
            b'U' => (8, "truncated \\UXXXXXXXX escape"),
            b'N' => {
                at = named(vm, handler, start, &mut source, &mut text)?;
                continue;
            }
            _ => {
                match simple(letter) {
                    Some(byte) => text.push(byte as u32),
                    None => {
                        wrong.note_letter(letter);
                        [b'\\', letter].iter().for_each(|&byte| text.push(byte as u32));
                    }
                }
                continue;
            }
        };
        match number(&source[at..], 16, n_digits) {
            (point @ 0..0x11_0000, n) if n == n_digits => {
                text.push(point);
                at += n;
            }
            (_, n) if n == n_digits => {
                at = handle(vm, NAME, handler, start..at + n, "illegal Unicode character", &mut source, &mut text)?;
            }
            (_, n) if !is_final && at + n == source.len() => {
                at = start;
                break;
            }
            (_, n) => at = handle(vm, NAME, handler, start..at + n, reason, &mut source, &mut text)?,
        }
    }
    wrong.warn(vm, "")?;
    Ok((text.finish(vm), at))
}

/// `\N{NAME}`, by the module `unicodedata`.
fn named(vm: &mut Vm, handler: &Handler, start: usize, source: &mut Cow<'_, [u8]>, text: &mut Text) -> PyResult<usize> {
    const NAME: &str = "unicodeescape";
    let rest = &source[start + 2..];
    let end = rest.iter().position(|&byte| byte == b'}').filter(|&end| rest[0] == b'{' && end > 1);
    let Some(end) = end else {
        let n_name = rest.iter().position(|&byte| byte == b'}').unwrap_or(rest.len());
        let n_wrong = if rest.first() == Some(&b'{') { n_name } else { 0 };
        return handle(vm, NAME, handler, start..start + 2 + n_wrong, "malformed \\N character escape", source, text);
    };
    let name = vm.str_from_latin1(&rest[1..end]);
    let (data, lookup) = (vm.import_dotted("unicodedata")?, vm.intern("lookup"));
    match vm.call_method(data, lookup, &[name]) {
        Ok(character) => {
            text.push_view(vm.str_of(character).view());
            Ok(start + 2 + end + 1)
        }
        Err(_) if vm.exception_matches(vm.exceptions.KeyError) => {
            vm.clear_exception();
            handle(vm, NAME, handler, start..start + 3 + end, "unknown Unicode character name", source, text)
        }
        Err(raised) => Err(raised),
    }
}

/// The text that a raw literal stands for: escapes by number of four and eight digits alone.
pub fn text_of_raw_escapes(vm: &mut Vm, handler: &Handler, source: &[u8], is_final: bool) -> PyResult<(Value, usize)> {
    const NAME: &str = "rawunicodeescape";
    let mut source = Cow::Borrowed(source);
    let mut text = Text::new();
    let mut at = 0;
    while at < source.len() {
        let start = at;
        let n_digits = match (source[start], source.get(start + 1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            (b'\\', None) if !is_final => break,
            (byte, next) => {
                text.push(byte as u32);
                at += 1;
                // A backslash behind a backslash begins nothing.
                if let (b'\\', Some(&next)) = (byte, next) {
                    text.push(next as u32);
                    at += 1;
                }
                continue;
            }
        };
        at = start + 2;
        let (point, n) = number(&source[at..], 16, n_digits);
        if n < n_digits {
            if !is_final && at + n == source.len() {
                return Ok((text.finish(vm), start));
            }
            let reason = if n_digits == 4 { "truncated \\uXXXX escape" } else { "truncated \\UXXXXXXXX escape" };
            at = handle(vm, NAME, handler, start..at + n, reason, &mut source, &mut text)?;
        } else if point > 0x10_FFFF {
            at = handle(vm, NAME, handler, start..at + n, "\\Uxxxxxxxx out of range", &mut source, &mut text)?;
        } else {
            text.push(point);
            at += n;
        }
    }
    Ok((text.finish(vm), at))
}
