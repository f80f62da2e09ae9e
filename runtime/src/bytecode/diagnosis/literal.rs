//! Escapes in literals that mean nothing.

/// What is wrong with a literal.
pub enum Mistake {
    NotAscii,
    Escape(String),
}

/// A string or bytes literal without fields.
pub struct Literal<'t> {
    pub is_bytes: bool,
    is_raw: bool,
    body: &'t [u8],
}

impl<'t> Literal<'t> {
    pub fn of(text: &'t [u8]) -> Literal<'t> {
        let n_prefix = text.iter().position(|byte| matches!(byte, b'\'' | b'"')).unwrap_or(0);
        let (prefix, quoted) = text.split_at(n_prefix);
        let has = |letter: u8| prefix.iter().any(|byte| byte.eq_ignore_ascii_case(&letter));
        let is_triple = quoted.len() >= 6 && quoted[1] == quoted[0] && quoted[2] == quoted[0];
        let n_quotes = if is_triple { 3 } else { 1 };
        let body = quoted.get(n_quotes..quoted.len().saturating_sub(n_quotes)).unwrap_or_default();
        Literal { is_bytes: has(b'b'), is_raw: has(b'r'), body }
    }

    pub fn mistake(&self) -> Option<Mistake> {
        if self.is_bytes && !self.body.is_ascii() {
            return Some(Mistake::NotAscii);
        }
        match (self.is_raw, self.is_bytes) {
            (true, _) => None,
            (false, true) => wrong_escape_of_bytes(self.body).map(Mistake::Escape),
            (false, false) => wrong_escape(self.body).map(Mistake::Escape),
        }
    }
}

fn wrong_escape_of_bytes(body: &[u8]) -> Option<String> {
    let mut at = 0;
    while let Some(found) = body.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == b'\\')) {
        at += found;
        if body.get(at + 1) == Some(&b'x')
            && !body.get(at + 2..at + 4).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        {
            return Some(format!("(value error) invalid \\x escape at position {at}"));
        }
        at += 2;
    }
    None
}

/// The first escape of text that is wrong, in the words of the codec, which reads characters beyond ASCII as escapes.
pub fn wrong_escape(body: &[u8]) -> Option<String> {
    let mut at = 0;
    let mut position = 0;
    while let Some(&byte) = body.get(at) {
        if byte != b'\\' {
            position += match byte {
                0..0x80 => 1,
                0x80..0xC0 => 0,
                _ => 10,
            };
            at += 1;
            continue;
        }
        let rest = &body[at + 1..];
        let n_digits = |n: usize| rest[1..].iter().take(n).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let (n_bytes, reason) = match rest.first() {
            // Before a field, for only there a text ends so.
            None => return None,
            Some(b'x') if n_digits(2) < 2 => (2 + n_digits(2), "truncated \\xXX escape"),
            Some(b'u') if n_digits(4) < 4 => (2 + n_digits(4), "truncated \\uXXXX escape"),
            Some(b'U') if n_digits(8) < 8 => (2 + n_digits(8), "truncated \\UXXXXXXXX escape"),
            Some(b'U') if code(&rest[1..9]) > 0x10_FFFF => (10, "illegal Unicode character"),
            Some(b'N') => match name_fault(rest) {
                Ok(n_bytes) => {
                    at += n_bytes;
                    position += n_bytes;
                    continue;
                }
                Err(fault) => fault,
            },
            // A backslash before what is beyond ASCII is written as an escape, too.
            Some(0x80..) => {
                at += 1;
                position += 6;
                continue;
            }
            Some(_) => {
                at += 2;
                position += 2;
                continue;
            }
        };
        let place = match n_bytes {
            1 => format!("byte 0x5c in position {position}"),
            _ => format!("bytes in position {position}-{}", position + n_bytes - 1),
        };
        return Some(format!("(unicode error) 'unicodeescape' codec can't decode {place}: {reason}"));
    }
    None
}

fn code(digits: &[u8]) -> u32 {
    std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(u32::MAX)
}

/// How long an escape by name is, with its backslash, or what is wrong with it.
fn name_fault(rest: &[u8]) -> Result<usize, (usize, &'static str)> {
    const MALFORMED: &str = "malformed \\N character escape";
    if rest.get(1) != Some(&b'{') {
        return Err((2, MALFORMED));
    }
    let Some(end) = rest.iter().position(|&byte| byte == b'}') else { return Err((rest.len() + 1, MALFORMED)) };
    let name = std::str::from_utf8(&rest[2..end]).unwrap_or_default();
    if name.is_empty() {
        return Err((end + 1, MALFORMED));
    }
    match unicode_names2::character(name) {
        Some(_) => Ok(end + 2),
        None => Err((end + 2, "unknown Unicode character name")),
    }
}
