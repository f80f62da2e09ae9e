//! What CPython's tokenizer warns of: escapes that mean nothing, and numbers that run into the next word.

use super::compile::{CompileMode, SyntaxWarning, parser_mode};
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser as parser;
use ruff_text_size::Ranged;

/// Said of escapes in warnings, not in errors.
pub const FUTURE: &str = "Such sequences will not work in the future. ";

/// Words that may stand right behind a number.
const WORDS: [&str; 8] = ["and", "else", "for", "if", "in", "is", "or", "not"];

/// Of a source, up to where it is no Python, in order.
pub(super) fn literal_warnings(text: &str, mode: CompileMode) -> Vec<SyntaxWarning> {
    if !may_warn(text.as_bytes()) {
        return Vec::new();
    }
    let parsed = parser::parse_unchecked(text, parser::ParseOptions::from(parser_mode(mode)));
    let end = parsed.errors().first().map_or(text.len(), |error| error.location.end().to_usize());
    let tokens = parsed.tokens().iter().take_while(|token| token.start().to_usize() <= end);
    tokens.filter_map(|token| warning_of(text, token)).collect()
}

/// Is there something that could be one of both, wherever it stands?
fn may_warn(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let next = text.get(at + 1).copied().unwrap_or_default();
        match byte {
            b'\\' if !is_escape(next, false) || !is_escape(next, true) || is_too_large(&text[at + 1..]) => return true,
            b'\\' => at += 1,
            b'0'..=b'9' | b'.' | b'a'..=b'f' | b'j' | b'A'..=b'F' | b'J' if word_behind(text, at + 1).is_some() => {
                let start = text[..at].iter().rposition(|&byte| !byte.is_ascii_alphanumeric() && byte != b'.');
                if text.get(start.map_or(0, |start| start + 1)).is_some_and(u8::is_ascii_digit) {
                    return true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// Means `\` before this anything? Of what is not ASCII nobody is warned.
fn is_escape(letter: u8, in_bytes: bool) -> bool {
    match letter {
        0x80.. => true,
        b'\n' | b'\r' | b'\\' | b'\'' | b'"' | b'0'..=b'7' => true,
        b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'x' => true,
        b'N' | b'u' | b'U' => !in_bytes,
        _ => false,
    }
}

/// Three octal digits that are no byte.
fn is_too_large(digits: &[u8]) -> bool {
    matches!(digits, [b'4'..=b'7', b'0'..=b'7', b'0'..=b'7', ..])
}

fn word_behind(text: &[u8], at: usize) -> Option<&'static str> {
    let behind = text.get(at..)?;
    // None of the words is longer.
    let n_letters = behind.iter().take(5).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    WORDS.into_iter().find(|word| word.as_bytes() == &behind[..n_letters])
}

fn warning_of(text: &str, token: &Token) -> Option<SyntaxWarning> {
    let (start, end) = (token.start().to_usize(), token.end().to_usize());
    let literal = &text[start..end];
    match token.kind() {
        TokenKind::String | TokenKind::FStringMiddle | TokenKind::TStringMiddle => {
            if token.string_flags()?.is_raw_string() {
                return None;
            }
            let in_bytes = literal.split(['\'', '"']).next().is_some_and(|prefix| prefix.contains(['b', 'B']));
            let is_whole = token.kind() == TokenKind::String;
            // A brace behind a middle is its own, for this.
            let body = if is_whole { literal } else { text.get(start..end + 1).unwrap_or(literal) };
            let (at, shown) = wrong_escape(body, in_bytes && is_whole)?;
            let octal = if shown.len() > 1 { "octal " } else { "" };
            let message = format!(
                "\"\\{shown}\" is an invalid {octal}escape sequence. {FUTURE}Did you mean \"\\\\{shown}\"? A raw string is also \
                 an option."
            );
            Some(at_offset(text, start + at, message))
        }
        TokenKind::Int | TokenKind::Float | TokenKind::Complex => {
            word_behind(text.as_bytes(), end)?;
            let kind = match literal.as_bytes() {
                [b'0', b'x' | b'X', ..] => "hexadecimal",
                [b'0', b'o' | b'O', ..] => "octal",
                [b'0', b'b' | b'B', ..] => "binary",
                [.., b'j' | b'J'] => "imaginary",
                _ => "decimal",
            };
            Some(at_offset(text, end, format!("invalid {kind} literal")))
        }
        _ => None,
    }
}

/// Where the first escape is that means nothing, and what stands behind its backslash.
fn wrong_escape(body: &str, in_bytes: bool) -> Option<(usize, &str)> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        let behind = &body[at + 1..];
        if is_too_large(behind.as_bytes()) {
            return Some((at, &behind[..3]));
        }
        if !is_escape(behind.as_bytes()[0], in_bytes) {
            return Some((at, &behind[..1]));
        }
        at += 2;
    }
    None
}

fn at_offset(text: &str, at: usize, message: String) -> SyntaxWarning {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = 1 + before.matches('\n').count() as u32;
    SyntaxWarning { message, line, column: before[line_start..].chars().count() as u32 + 1 }
}
