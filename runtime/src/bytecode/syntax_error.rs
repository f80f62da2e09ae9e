//! Errors of the front end, worded and printed as CPython does.

use std::fmt::Write as _;

/// The exception to raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    SyntaxError,
    IndentationError,
    TabError,
    /// More input would complete the statement (interactive mode).
    IncompleteInput,
    /// Nested too deeply.
    RecursionError,
    /// No memory for the compiler's stack.
    MemoryError,
    /// The compiler failed: a bug.
    SystemError,
}

impl SyntaxErrorKind {
    /// The exception's name.
    pub const fn exception_name(self) -> &'static str {
        match self {
            SyntaxErrorKind::SyntaxError => "SyntaxError",
            SyntaxErrorKind::IndentationError => "IndentationError",
            SyntaxErrorKind::TabError => "TabError",
            SyntaxErrorKind::IncompleteInput => "_IncompleteInputError",
            SyntaxErrorKind::RecursionError => "RecursionError",
            SyntaxErrorKind::MemoryError => "MemoryError",
            SyntaxErrorKind::SystemError => "SystemError",
        }
    }

    /// Whether the exception is a `SyntaxError` or of a subclass, and has its attributes.
    pub const fn is_syntax_error(self) -> bool {
        !matches!(self, SyntaxErrorKind::RecursionError | SyntaxErrorKind::MemoryError | SyntaxErrorKind::SystemError)
    }
}

/// What the exception carries. Lines and offsets count from 1, offsets in characters; an end offset of −1 or 0 means
/// that the end is unknown, as in CPython.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxErrorInfo {
    pub kind: SyntaxErrorKind,
    pub msg: String,
    pub filename: String,
    pub lineno: Option<u32>,
    pub offset: Option<i32>,
    pub end_lineno: Option<u32>,
    pub end_offset: Option<i32>,
    /// The line, with its line end.
    pub text: Option<String>,
    /// The line of the last statement that the parser got through, and the source, for those who look for what was meant.
    pub parsed: Option<Box<(u32, String)>>,
    /// Found after parsing. CPython then takes the text from the file, so that code compiled from a string has none, and offsets
    /// count bytes.
    pub after_parsing: bool,
}

impl SyntaxErrorInfo {
    /// An error that belongs to no line.
    pub fn without_place(msg: String, filename: &str) -> SyntaxErrorInfo {
        SyntaxErrorInfo {
            kind: SyntaxErrorKind::SyntaxError,
            msg,
            filename: filename.to_owned(),
            lineno: None,
            offset: None,
            end_lineno: None,
            end_offset: None,
            text: None,
            parsed: None,
            after_parsing: false,
        }
    }

    /// The same as an exception of another kind.
    pub fn of_kind(self, kind: SyntaxErrorKind) -> SyntaxErrorInfo {
        SyntaxErrorInfo { kind, ..self }
    }
}

/// The text that CPython prints for an uncaught error of this kind, with its line end.
pub fn format_syntax_error(info: &SyntaxErrorInfo) -> String {
    let mut out = String::new();
    if info.kind.is_syntax_error() {
        if let Some(line) = info.lineno {
            _ = writeln!(out, "  File \"{}\", line {line}", info.filename);
            write_source_line(&mut out, info);
        }
    } else {
        out.push_str("Traceback (most recent call last):\n");
    }
    let suffix = match info.lineno {
        None if info.kind.is_syntax_error() => format!(" ({})", info.filename),
        _ => String::new(),
    };
    _ = writeln!(out, "{}: {}{suffix}", info.kind.exception_name(), info.msg);
    out
}

/// The line without its indentation, and carets under the span where it is known.
fn write_source_line(out: &mut String, info: &SyntaxErrorInfo) {
    let Some(text) = &info.text else { return };
    let right = text.trim_end_matches('\n');
    let stripped = right.trim_start_matches([' ', '\n', '\x0c']);
    _ = writeln!(out, "    {stripped}");
    let Some(offset) = info.offset else { return };
    let n_chars = |text: &str| text.chars().count() as i32;
    let indent = n_chars(right) - n_chars(stripped);
    let mut offset = offset;
    let mut end = if info.lineno == info.end_lineno {
        info.end_offset.filter(|&end| end != 0).unwrap_or(offset)
    } else {
        n_chars(right) + 1
    };
    if !text.is_empty() && offset > n_chars(text) {
        offset = n_chars(text);
        end = end.max(offset);
    }
    if offset == end || end == -1 {
        end = offset + 1;
    }
    let start = offset - 1 - indent;
    let end = end - 1 - indent;
    if start < 0 {
        return;
    }
    out.push_str("    ");
    let before = stripped.chars().take(start as usize);
    out.extend(before.map(|char| if char.is_whitespace() { char } else { ' ' }));
    let n_carets = (end - start).max(0) as usize;
    out.extend(std::iter::repeat_n('^', n_carets));
    out.push('\n');
}
