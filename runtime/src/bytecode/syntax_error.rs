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
    /// Found after parsing. CPython then takes the text from the file, so that code compiled from a string has none.
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
            after_parsing: false,
        }
    }

    /// The same as an exception of another kind.
    pub fn of_kind(self, kind: SyntaxErrorKind) -> SyntaxErrorInfo {
        SyntaxErrorInfo { kind, ..self }
    }
}

/// The kind that goes with a message.
pub(super) fn kind_of(message: &str) -> SyntaxErrorKind {
    const INDENTATION: [&str; 4] = [
        "unexpected indent",
        "expected an indented block",
        "unindent does not match any outer indentation level",
        "too many levels of indentation",
    ];
    if message.starts_with("inconsistent use of tabs") {
        SyntaxErrorKind::TabError
    } else if INDENTATION.iter().any(|start| message.starts_with(start)) {
        SyntaxErrorKind::IndentationError
    } else {
        SyntaxErrorKind::SyntaxError
    }
}

/// The parser's wordings that CPython has no counterpart for: it says "invalid syntax". Matched as prefixes.
const PLAIN_INVALID_SYNTAX: &[&str] = &[
    "Expected ",
    "Got unexpected token",
    "Unexpected ",
    "Simple statements must be separated",
    "Compound statements are not allowed",
    "Statements must be separated",
    "Invalid annotated assignment target",
    "Invalid augmented assignment target",
    "Unparenthesized ",
    "Only single target",
    "Lambda expressions",
    "Operator ",
    "Type parameter list cannot be empty",
    "Named assignment",
    "Missing `",
    "`else` ",
    "`finally` ",
];

/// Wordings with a counterpart of other words.
const REWORDED: &[(&str, &str)] = &[
    ("unindent does not match any outer indentation level", "unindent does not match any outer indentation level"),
    ("Positional argument cannot follow keyword argument unpacking", "positional argument follows keyword argument unpacking"),
    ("Positional argument cannot follow keyword argument", "positional argument follows keyword argument"),
    ("Parameter without a default cannot follow a parameter with a default", "parameter without a default follows parameter with a default"),
    ("Named arguments must follow bare", "named arguments must follow bare *"),
    ("Expected one or more symbol names after import", "Expected one or more names after 'import'"),
    ("Starred expression cannot be used here", "can't use starred expression here"),
    ("Duplicate keyword argument", "keyword argument repeated"),
    ("Generator expression must be parenthesized", "Generator expression must be parenthesized"),
    ("unexpected EOF while parsing", "unexpected EOF while parsing"),
    ("invalid unicode \\u escape", "(unicode error) 'unicodeescape' codec can't decode bytes: truncated \\uXXXX escape"),
];

/// The wording of CPython for a parser's message.
pub(super) fn cpython_wording(message: &str) -> String {
    if let Some((_, ours)) = REWORDED.iter().find(|(theirs, _)| message.starts_with(theirs)) {
        return (*ours).to_owned();
    }
    // CPython's own messages that begin like one of the parser's.
    let is_cpythons = message.starts_with("Expected one or more names")
        || message.starts_with("expected ")
        || message.starts_with("Generator ");
    if !is_cpythons && PLAIN_INVALID_SYNTAX.iter().any(|start| message.starts_with(start)) {
        return "invalid syntax".to_owned();
    }
    message.to_owned()
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
