//! The parser's errors in CPython's words, and where CPython points.

use super::syntax_error::{SyntaxErrorInfo, SyntaxErrorKind};

/// What becomes of an error whose message starts with the row's text.
enum Rule {
    /// This message at the same place.
    Say(&'static str),
    /// This message, the place changed.
    Move(&'static str, fn(&mut Place)),
    /// Only the place changed.
    Point(fn(&mut Place)),
    /// Depends on the source.
    Judge(fn(&mut SyntaxErrorInfo)),
}

use Rule::{Judge, Move, Point, Say};

const INVALID: &str = "invalid syntax";

/// The first row that fits counts.
const RULES: &[(&str, Rule)] = &[
    ("Expected `:`, found newline", Say("expected ':'")),
    ("Unexpected indentation", Judge(unexpected_indent)),
    (
        "Expected `except` or `finally` after `try` block",
        Move("expected 'except' or 'finally' block", Place::within_source),
    ),
    ("Missing parentheses in call to", Point(Place::until_line_end)),
    ("f-string: expecting '}'", Point(Place::at_next_quote)),
    ("t-string: expecting '}'", Point(Place::at_next_quote)),
    ("f-string: single `}`", Say("f-string: single '}' is not allowed")),
    ("t-string: single `}`", Say("t-string: single '}' is not allowed")),
    ("Got unexpected unicode", Judge(bad_escape)),
    ("Got unexpected token ", Judge(stray_character)),
    (
        "Positional argument cannot follow keyword argument unpacking",
        Move("positional argument follows keyword argument unpacking", Place::after_end),
    ),
    (
        "Positional argument cannot follow keyword argument",
        Move("positional argument follows keyword argument", Place::after_end),
    ),
    ("positional argument follows keyword argument", Point(Place::after_end)),
    (
        "Iterable argument unpacking cannot follow",
        Move("iterable argument unpacking follows keyword argument unpacking", Place::starting_at_comma),
    ),
    ("invalid syntax. Perhaps you forgot a comma?", Point(Place::with_word_before)),
    ("Unparenthesized generator", Say("Generator expression must be parenthesized")),
    ("Expected one or more symbol names after import", Judge(names_after_import)),
    ("Cannot mix t-string literals", Say("cannot mix t-string literals with string or bytes literals")),
    ("Bytes literal cannot be mixed with non-bytes", Move("cannot mix bytes and nonbytes literals", Place::after_end)),
    ("Position-only parameter separator not allowed as first", Say(INVALID)),
    ("Only one '*' parameter allowed", Move("* argument may appear only once", Place::one_wide)),
    ("arguments cannot follow var-keyword", Point(Place::two_wide)),
    ("var-positional argument cannot have default value", Point(Place::at_next_equals)),
    ("var-keyword argument cannot have default value", Point(Place::at_next_equals)),
    ("Trailing comma not allowed", Judge(trailing_comma)),
    ("Pattern cannot follow a double star pattern", Say(INVALID)),
    ("Positional patterns cannot follow keyword", Say("positional patterns follow keyword patterns")),
    ("Expected an imaginary number", Say("imaginary number required in complex literal")),
    ("Expected one or more exception types", Say("expected one or more exception types")),
    ("Starred expression cannot be used here", Move(INVALID, Place::one_wide)),
    ("Invalid star expression", Point(Place::after_end)),
    ("Function parameters cannot be parenthesized", Say("Function parameters cannot be parenthesized")),
    ("Parameter without a default cannot follow", Say("parameter without a default follows parameter with a default")),
    ("Duplicate keyword argument", Say("keyword argument repeated")),
    // Where CPython has no special wording.
    ("Expected ", Say(INVALID)),
    ("Unexpected ", Say(INVALID)),
    ("Simple statements must be separated", Say(INVALID)),
    ("Compound statements are not allowed", Say(INVALID)),
    ("Statements must be separated", Say(INVALID)),
    ("Unparenthesized ", Say(INVALID)),
    ("Only single target", Say("only single target (not tuple) can be annotated")),
    ("Operator ", Say(INVALID)),
    ("Missing `", Say(INVALID)),
    ("Type parameter list cannot be empty", Say("Type parameter list cannot be empty")),
];

const INDENTATION_ERRORS: [&str; 4] = [
    "unexpected indent",
    "expected an indented block",
    "unindent does not match any outer indentation level",
    "too many levels of indentation",
];

/// Gives `info`, fresh from the parser, the message, the place and the kind that CPython would.
pub(super) fn reword(info: &mut SyntaxErrorInfo, source: &str) {
    if let Some((_, rule)) = RULES.iter().find(|(start, _)| info.msg.starts_with(start)) {
        match rule {
            Say(message) => info.msg = (*message).to_owned(),
            Move(message, change) => {
                info.msg = (*message).to_owned();
                Place::change(info, source, *change);
            }
            Point(change) => Place::change(info, source, *change),
            Judge(judge) => judge(info),
        }
    }
    bound_detected_line(info, source);
    if INDENTATION_ERRORS.iter().any(|start| info.msg.starts_with(start)) {
        info.kind = SyntaxErrorKind::IndentationError;
        if info.lineno.is_some_and(|line| mixes_tabs(source, line)) {
            info.kind = SyntaxErrorKind::TabError;
            info.msg = "inconsistent use of tabs and spaces in indentation".into();
            info.offset = Some(1);
            info.end_offset = Some(0);
        }
    } else if info.msg.starts_with("inconsistent use of tabs") {
        info.kind = SyntaxErrorKind::TabError;
    }
}

/// Where an error points: a line and a span in it, in characters from 1.
struct Place {
    /// Of the source.
    n_lines: usize,
    last_line_len: usize,
    line: u32,
    text: Vec<char>,
    start: usize,
    end: usize,
}

impl Place {
    fn change(info: &mut SyntaxErrorInfo, source: &str, change: fn(&mut Place)) {
        let (Some(line), Some(start)) = (info.lineno, info.offset) else { return };
        let text = info.text.as_deref().unwrap_or_default().trim_end_matches('\n').chars().collect();
        let start = start.max(1) as usize;
        let end = info.end_offset.map_or(start, |end| end.max(1) as usize);
        let n_lines = source.lines().count();
        let last_line_len = source.lines().last().map_or(0, |line| line.chars().count());
        let mut place = Place { n_lines, last_line_len, line, text, start, end };
        change(&mut place);
        if place.line != line {
            info.text = source.split_inclusive('\n').nth(place.line as usize - 1).map(str::to_owned);
        }
        info.lineno = Some(place.line);
        info.end_lineno = Some(place.line);
        info.offset = Some(place.start as i32);
        info.end_offset = Some(place.end as i32);
    }

    fn one_wide(&mut self) {
        self.end = self.start + 1;
    }

    fn two_wide(&mut self) {
        self.end = self.start + 2;
    }

    fn after_end(&mut self) {
        self.start = self.end;
        self.one_wide();
    }

    fn until_line_end(&mut self) {
        let n_blanks = self.text.iter().rev().take_while(|char| char.is_whitespace()).count();
        self.end = self.text.len() - n_blanks + 1;
    }

    fn at_next(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.text.get(self.start - 1..).unwrap_or_default();
        if let Some(distance) = rest.iter().position(|&char| wanted(char)) {
            self.start += distance;
            self.one_wide();
        }
    }

    fn at_next_quote(&mut self) {
        self.at_next(|char| matches!(char, '\'' | '"'));
    }

    fn at_next_equals(&mut self) {
        self.at_next(|char| char == '=');
    }

    fn starting_at_comma(&mut self) {
        let before = self.text.get(..self.start - 1).unwrap_or_default();
        if let Some(comma) = before.iter().rposition(|&char| char == ',') {
            self.start = comma + 1;
        }
    }

    /// Takes in the name or number before the span.
    fn with_word_before(&mut self) {
        let before = self.text.get(..self.start - 1).unwrap_or_default();
        let n_blanks = before.iter().rev().take_while(|char| char.is_whitespace()).count();
        let word =
            before[..before.len() - n_blanks].iter().rev().take_while(|char| char.is_alphanumeric() || **char == '_');
        let n_chars = word.count();
        if n_chars > 0 && n_blanks > 0 {
            self.start -= n_blanks + n_chars;
        }
    }

    /// The end of the source is shown as the end of its last line.
    fn within_source(&mut self) {
        if self.line as usize > self.n_lines {
            self.line = self.n_lines.max(1) as u32;
            self.start = self.last_line_len + 1;
            self.one_wide();
        }
    }
}

fn unexpected_indent(info: &mut SyntaxErrorInfo) {
    info.msg = "unexpected indent".into();
    let indent = info.text.as_deref().map_or(0, |text| text.chars().take_while(|char| char.is_whitespace()).count());
    info.offset = Some(indent as i32);
    info.end_lineno = info.lineno;
    info.end_offset = Some(-1);
}

/// A character that no token starts with.
fn stray_character(info: &mut SyntaxErrorInfo) {
    let char = info.msg.chars().last().unwrap_or(' ');
    let is_printable = !char.is_whitespace() && char.escape_debug().count() == 1;
    info.msg = match char {
        _ if char.is_ascii() => INVALID.into(),
        _ if is_printable => format!("invalid character '{char}' (U+{:04X})", u32::from(char)),
        _ => format!("invalid non-printable character U+{:04X}", u32::from(char)),
    };
}

fn names_after_import(info: &mut SyntaxErrorInfo) {
    let n_chars = info.text.as_deref().map_or(0, |text| text.trim_end().chars().count());
    let at_end = info.offset.is_some_and(|offset| offset as usize > n_chars);
    info.msg = if at_end { "Expected one or more names after 'import'" } else { INVALID }.into();
}

fn trailing_comma(info: &mut SyntaxErrorInfo) {
    let is_from = info.text.as_deref().is_some_and(|text| text.trim_start().starts_with("from "));
    info.msg = if is_from { "trailing comma not allowed without surrounding parentheses" } else { INVALID }.into();
    info.offset = info.offset.map(|offset| offset + 1);
    info.end_offset = info.offset.map(|offset| offset + 1);
}

/// A bad escape in a string literal: CPython tells the codec's error and points at the literal.
fn bad_escape(info: &mut SyntaxErrorInfo) {
    info.msg = INVALID.into();
    let text: Vec<char> = info.text.as_deref().unwrap_or_default().trim_end_matches('\n').chars().collect();
    let at = info.offset.map_or(0, |offset| offset.max(1) as usize).min(text.len());
    let Some(escape) = text[..at].iter().rposition(|&char| char == '\\') else { return };
    let Some((start, body, end)) = literal_around(&text, escape) else { return };
    let kind = text.get(escape + 1).copied().unwrap_or(' ');
    let digits = text[escape + 2..end].iter().take_while(|char| char.is_ascii_hexdigit()).count();
    let (n_chars, reason) = match kind {
        'x' => (2 + digits.min(2), r"truncated \xXX escape"),
        'u' => (2 + digits.min(4), r"truncated \uXXXX escape"),
        'U' if digits < 8 => (2 + digits, r"truncated \UXXXXXXXX escape"),
        'U' => (10, "illegal Unicode character"),
        _ => match text[escape..end].iter().position(|&char| char == '}') {
            Some(brace) => (brace + 1, "unknown Unicode character name"),
            None => (2, r"malformed \N character escape"),
        },
    };
    let n_bytes_before: usize = text[body..escape].iter().map(|char| char.len_utf8()).sum();
    let last = n_bytes_before + n_chars - 1;
    info.msg = format!(
        "(unicode error) 'unicodeescape' codec can't decode bytes in position {n_bytes_before}-{last}: {reason}"
    );
    info.offset = Some(start as i32 + 1);
    info.end_lineno = info.lineno;
    info.end_offset = Some(end as i32 + 2);
}

/// The one-line literal that holds position `at`: where it starts with its prefix, its first character, its last quote.
fn literal_around(text: &[char], at: usize) -> Option<(usize, usize, usize)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].iter().position(|char| matches!(char, '\'' | '"'))?;
        let mut close = open + 1;
        while *text.get(close)? != text[open] {
            close += if text[close] == '\\' { 2 } else { 1 };
        }
        if (open..close).contains(&at) {
            let n_prefix = text[..open].iter().rev().take_while(|char| char.is_alphabetic()).count();
            return Some((open - n_prefix, open + 1, close));
        }
        from = close + 1;
    }
}

/// `(detected at line N)`: N is never beyond the last line.
fn bound_detected_line(info: &mut SyntaxErrorInfo, source: &str) {
    const MARK: &str = "(detected at line ";
    let Some(at) = info.msg.find(MARK) else { return };
    let n_lines = source.lines().count().max(1);
    let number = info.msg[at + MARK.len()..].trim_end_matches(')').parse::<usize>();
    if number.is_ok_and(|line| line > n_lines) {
        info.msg.truncate(at + MARK.len());
        info.msg += &format!("{n_lines})");
    }
}

/// Whether the indentation of some line up to `last_line` compares to the one before it in another way when a tab is
/// one column wide than when it is eight.
fn mixes_tabs(source: &str, last_line: u32) -> bool {
    let mut levels = vec![(0usize, 0usize)];
    let lines = source.lines().take(last_line as usize);
    for line in lines {
        let body = line.trim_start_matches([' ', '\t', '\x0c']);
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let (mut wide, mut narrow) = (0, 0);
        for char in line[..line.len() - body.len()].chars() {
            match char {
                '\t' => (wide, narrow) = ((wide / 8 + 1) * 8, narrow + 1),
                ' ' => (wide, narrow) = (wide + 1, narrow + 1),
                _ => (wide, narrow) = (0, 0),
            }
        }
        while levels.last().is_some_and(|&(level, _)| wide < level) {
            levels.pop();
        }
        let (level, narrow_level) = levels.last().copied().unwrap_or_default();
        if wide == level && narrow != narrow_level || wide > level && narrow <= narrow_level {
            return true;
        }
        if wide > level {
            levels.push((wide, narrow));
        }
    }
    false
}
