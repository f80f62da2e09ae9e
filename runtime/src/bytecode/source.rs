//! Source bytes to text: byte-order mark, PEP 263 declaration, line ends.

use std::borrow::Cow;

use super::syntax_error::SyntaxErrorInfo;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The encodings that a source file may declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    Ascii,
}

/// What a source is: text, whose declaration says nothing, or the bytes of a file or of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    File,
    Bytes,
    Text,
}

/// The encoding that a source declares where it is one that only the codecs' registry may know.
pub fn foreign_encoding(source: &[u8]) -> Option<String> {
    if source.starts_with(BOM) {
        return None;
    }
    let declared = normal_name(declaration(source)?);
    encoding_named(&declared).is_none().then_some(declared)
}

/// Decodes `source` as CPython does. Line ends become `\n`.
pub fn decode_source(source: &[u8], filename: &str, origin: Origin) -> Result<String, SyntaxErrorInfo> {
    let from_file = origin == Origin::File;
    if let Some(zero) = source.iter().position(|&byte| byte == 0) {
        return Err(null_byte(source, zero, filename, from_file));
    }
    let (body, has_bom) = match source.strip_prefix(BOM) {
        Some(body) => (body, true),
        None => (source, false),
    };
    let encoding = match origin {
        Origin::Text => Encoding::Utf8,
        Origin::File | Origin::Bytes => declared_encoding(body, has_bom, filename)?,
    };
    let text = match encoding {
        Encoding::Utf8 => match std::str::from_utf8(body) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) => return Err(not_utf8(body, error.valid_up_to(), filename, from_file)),
        },
        Encoding::Latin1 => Cow::Owned(body.iter().copied().map(char::from).collect()),
        Encoding::Ascii => match body.iter().position(|byte| !byte.is_ascii()) {
            None => String::from_utf8_lossy(body),
            Some(at) => {
                let message = format!(
                    "'ascii' codec can't decode byte {:#04x} in position {at}: ordinal not in range(128)",
                    body[at]
                );
                return Err(of_encoding(message, filename));
            }
        },
    };
    Ok(unify_line_ends(text))
}

fn unify_line_ends(text: Cow<'_, str>) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into_owned() }
}

fn declared_encoding(body: &[u8], has_bom: bool, filename: &str) -> Result<Encoding, SyntaxErrorInfo> {
    let Some(declared) = declaration(body) else { return Ok(Encoding::Utf8) };
    let name = normal_name(declared);
    let Some(encoding) = encoding_named(&name) else {
        return Err(of_encoding(format!("unknown encoding: {name}"), filename));
    };
    if has_bom && encoding != Encoding::Utf8 {
        let shown = if encoding == Encoding::Latin1 { "iso-8859-1" } else { &name };
        return Err(SyntaxErrorInfo::without_place(format!("encoding problem: {shown} with BOM"), filename));
    }
    Ok(encoding)
}

fn normal_name(declared: &[u8]) -> String {
    declared.iter().map(|&byte| if byte == b'_' { '-' } else { char::from(byte.to_ascii_lowercase()) }).collect()
}

fn encoding_named(name: &str) -> Option<Encoding> {
    let is = |base: &str| name == base || name.strip_prefix(base).is_some_and(|rest| rest.starts_with('-'));
    if is("utf-8") || name == "utf8" || name == "u8" {
        Some(Encoding::Utf8)
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") || name == "latin1" || name == "l1" {
        Some(Encoding::Latin1)
    } else if matches!(name, "ascii" | "us-ascii" | "646") {
        Some(Encoding::Ascii)
    } else {
        None
    }
}

/// An error of the source as a whole: CPython places it on line 0.
pub fn of_encoding(message: String, filename: &str) -> SyntaxErrorInfo {
    let mut info = SyntaxErrorInfo::without_place(message, filename);
    info.lineno = Some(0);
    info.offset = Some(-1);
    info
}

/// The name in a `coding[:=]name` comment on line 1, or on line 2 if line 1 is blank or a comment.
fn declaration(body: &[u8]) -> Option<&[u8]> {
    for line in body.split(|&byte| byte == b'\n' || byte == b'\r').take(2) {
        let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'));
        match start {
            None => continue,
            Some(start) if line[start] != b'#' => return None,
            Some(_) => {}
        }
        let after =
            line.windows(7).position(|window| window.starts_with(b"coding") && matches!(window[6], b':' | b'='));
        let Some(after) = after else { continue };
        let rest = line[after + 7..].trim_ascii_start();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let end = rest.iter().position(|byte| !is_name(byte)).unwrap_or(rest.len());
        if end > 0 {
            return Some(&rest[..end]);
        }
    }
    None
}

fn null_byte(source: &[u8], zero: usize, filename: &str, from_file: bool) -> SyntaxErrorInfo {
    if !from_file {
        return SyntaxErrorInfo::without_place("source code string cannot contain null bytes".into(), filename);
    }
    let (line, line_start) = line_of(source, zero);
    let mut info = SyntaxErrorInfo::without_place("source code cannot contain null bytes".into(), filename);
    info.lineno = Some(line);
    info.text = Some(String::from_utf8_lossy(&source[line_start..zero]).into_owned());
    info
}

fn not_utf8(body: &[u8], at: usize, filename: &str, from_file: bool) -> SyntaxErrorInfo {
    let (line, line_start) = line_of(body, at);
    let line_end = body[at..].iter().position(|&byte| byte == b'\n').map_or(body.len(), |n| at + n);
    let place = if from_file { format!(" in file {filename}") } else { String::new() };
    let message = format!(
        "Non-UTF-8 code starting with '\\x{:02x}'{place} on line {line}, but no encoding declared; \
         see https://peps.python.org/pep-0263/ for details",
        body[at],
    );
    let column = String::from_utf8_lossy(&body[line_start..at]).chars().count() as u32 + 1;
    let mut info = SyntaxErrorInfo::without_place(message, filename);
    info.lineno = Some(line);
    info.offset = Some(column as i32);
    info.end_lineno = Some(line);
    info.end_offset = Some(column as i32);
    info.text = Some(String::from_utf8_lossy(&body[line_start..line_end]).into_owned());
    info
}

/// The line, from 1, that holds the byte at `at`, and where it starts.
fn line_of(bytes: &[u8], at: usize) -> (u32, usize) {
    let before = &bytes[..at];
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count() as u32;
    (line, before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(source: &[u8]) -> String {
        decode_source(source, "t.py", Origin::File).unwrap_err().msg
    }

    #[test]
    fn encodings() {
        assert_eq!(decode_source(b"\xEF\xBB\xBFx", "t", Origin::File).unwrap(), "x");
        assert_eq!(
            decode_source(b"# -*- coding: latin-1 -*-\n'\xE9'", "t", Origin::File).unwrap(),
            "# -*- coding: latin-1 -*-\n'é'"
        );
        assert_eq!(decode_source(b"a\r\nb\rc", "t", Origin::File).unwrap(), "a\nb\nc");
        assert_eq!(decode_source(b"x\n# coding: foo\n", "t", Origin::File).unwrap(), "x\n# coding: foo\n");
        assert_eq!(message(b"# coding: foo\n"), "unknown encoding: foo");
        assert_eq!(message(b"\xEF\xBB\xBF# coding: latin-1\n"), "encoding problem: iso-8859-1 with BOM");
        assert_eq!(message(b"a\0"), "source code cannot contain null bytes");
        assert_eq!(
            decode_source(b"a\0", "t", Origin::Bytes).unwrap_err().msg,
            "source code string cannot contain null bytes"
        );
        assert!(message(b"\n'\xFF'").starts_with("Non-UTF-8 code starting with '\\xff' in file t.py on line 2,"));
    }
}
