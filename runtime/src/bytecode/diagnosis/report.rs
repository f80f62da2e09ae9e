//! What is told of an error, and where.

use super::super::syntax_error::SyntaxErrorKind;
use super::lexer::{Fault, Lexer};
use super::token::Token;

/// An error as an exception has it: offsets in characters from 1; an end that is not known is 0 or −1.
#[derive(Debug)]
pub struct Report {
    pub kind: SyntaxErrorKind,
    pub message: String,
    pub line: u32,
    pub offset: i32,
    pub end_line: u32,
    pub end_offset: i32,
    pub text: String,
}

/// From where to where: lines, and columns in bytes from 1.
#[derive(Clone, Copy)]
pub struct Place {
    pub line: u32,
    pub column: i32,
    pub end_line: u32,
    pub end_column: i32,
}

impl Place {
    pub fn of(first: &Token, last: &Token) -> Place {
        Place { line: first.line, column: first.column + 1, end_line: last.end_line, end_column: last.end_column + 1 }
    }

    /// From a token to where the lexer is.
    pub fn from(first: &Token, lexer: &Lexer<'_>) -> Place {
        Place {
            line: first.line,
            column: first.column + 1,
            end_line: lexer.line,
            end_column: (lexer.at - lexer.line_start) as i32,
        }
    }

    /// Of a token that may have no text.
    pub fn of_token(token: &Token, lexer: &Lexer<'_>) -> Place {
        let column = if token.column < 0 { (lexer.at - lexer.line_start) as i32 } else { token.column + 1 };
        let end_column = if token.end_column < 0 { -1 } else { token.end_column + 1 };
        Place { line: token.line, column, end_line: token.end_line, end_column }
    }
}

/// Of valid UTF-8, which may be cut within the last.
pub fn n_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

fn characters(line: &[u8], n_bytes: i32) -> i32 {
    if n_bytes <= 0 {
        return n_bytes;
    }
    let n_bytes = n_bytes as usize;
    (n_chars(&line[..n_bytes.min(line.len())]) + usize::from(n_bytes > line.len())) as i32
}

impl Report {
    /// Shows the line as the lexer has it, or of a file as the file has it.
    pub fn new(lexer: &Lexer<'_>, is_file: bool, kind: SyntaxErrorKind, place: Place, message: String) -> Report {
        let shown = match lexer.line <= place.line && lexer.line_end > lexer.line_start && !is_file {
            true => &lexer.text[lexer.line_start..lexer.line_end],
            false => line_of(lexer.text, place.line, is_file),
        };
        Report {
            kind,
            message,
            line: place.line,
            offset: characters(shown, place.column),
            end_line: place.end_line,
            end_offset: characters(shown, place.end_column),
            text: String::from_utf8_lossy(shown).into_owned(),
        }
    }

    /// A fault where the parser asked for a token.
    pub fn of_fault(fault: Fault, token: &Token, lexer: &Lexer<'_>, is_file: bool) -> Report {
        let report = |kind, place, message: &str| Report::new(lexer, is_file, kind, place, message.to_owned());
        let at =
            |column: usize| Place { line: lexer.line, column: column as i32 + 1, end_line: lexer.line, end_column: 0 };
        match fault {
            Fault::Reported(reported) => reported,
            Fault::End => Report::of_end(lexer, token, is_file),
            Fault::Dedent => report(
                SyntaxErrorKind::IndentationError,
                Place::of_token(token, lexer),
                "unindent does not match any outer indentation level",
            ),
            Fault::Tabs => {
                report(SyntaxErrorKind::TabError, at(0), "inconsistent use of tabs and spaces in indentation")
            }
            Fault::TooDeep => report(SyntaxErrorKind::IndentationError, at(0), "too many levels of indentation"),
            Fault::Continuation => report(
                SyntaxErrorKind::SyntaxError,
                at((lexer.at - lexer.joined_from).saturating_sub(1)),
                "unexpected character after line continuation character",
            ),
        }
    }

    /// The source ended too early.
    pub fn of_end(lexer: &Lexer<'_>, token: &Token, is_file: bool) -> Report {
        Report::of_unclosed(lexer, is_file).unwrap_or_else(|| {
            let place = Place::of_token(token, lexer);
            Report::new(lexer, is_file, SyntaxErrorKind::SyntaxError, place, "unexpected EOF while parsing".to_owned())
        })
    }

    /// The innermost bracket that is open.
    pub fn of_unclosed(lexer: &Lexer<'_>, is_file: bool) -> Option<Report> {
        let bracket = lexer.brackets.last()?;
        let place = Place { line: bracket.line, column: bracket.column + 1, end_line: bracket.line, end_column: 0 };
        let message = format!("'{}' was never closed", char::from(bracket.opening));
        Some(Report::new(lexer, is_file, SyntaxErrorKind::SyntaxError, place, message))
    }
}

/// Line `line`, from 1, without its end unless that is wanted.
fn line_of(text: &[u8], line: u32, with_end: bool) -> &[u8] {
    let found = text.split_inclusive(|&byte| byte == b'\n').nth((line as usize).saturating_sub(1)).unwrap_or_default();
    if with_end { found } else { found.strip_suffix(b"\n").unwrap_or(found) }
}
