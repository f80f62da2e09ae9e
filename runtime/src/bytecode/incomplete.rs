//! Is a source that does not compile the beginning of one that may?

use ruff_python_parser::{ParseErrorType, ParseOptions, parse};

use super::syntax_error::{SyntaxErrorInfo, SyntaxErrorKind};

const MESSAGE: &str = "incomplete input";

/// Makes an error `_IncompleteInputError` where more lines could mend the source.
pub(super) fn mark_incomplete(info: &mut SyntaxErrorInfo, text: &str, options: ParseOptions) {
    // The compiler itself says so of a block that no empty line ends.
    if info.msg == MESSAGE || ends_early(text, options) {
        info.kind = SyntaxErrorKind::IncompleteInput;
        info.msg = MESSAGE.to_owned();
    }
}

/// Was the parser content until the lines were at an end?
fn ends_early(text: &str, options: ParseOptions) -> bool {
    let Err(error) = parse(text, options) else { return false };
    let reached = match &error.error {
        // Of a token that was begun.
        ParseErrorType::Lexical(_) => error.location.end(),
        // Of the end of the line before a block that is missing.
        ParseErrorType::OtherError(message) if message.starts_with("Expected an indented block") => {
            error.location.end()
        }
        _ => error.location.start(),
    };
    text.get(content(text).len()..reached.into()).is_some_and(|blank| blank.contains('\n'))
}

/// Without the lines at its end that say nothing.
fn content(text: &str) -> &str {
    let mut text = text.trim_end();
    while let Some((before, line)) = text.rsplit_once('\n')
        && line.trim_start().starts_with('#')
    {
        text = before.trim_end();
    }
    text
}
