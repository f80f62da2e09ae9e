//! The document as it comes: bytes that are made text, and the place in them.
//!
//! ```text
//!   raw ──decode──► text: | consumed │ to be read        a declaration of the encoding is read before what follows is decoded
//!                                    ↑ at
//! ```

use super::ErrorCode;

/// How bytes are made text.
#[derive(Clone)]
pub enum Encoding {
    /// To be found out.
    Unknown,
    Utf8,
    Utf16 {
        is_big: bool,
    },
    Ascii,
    Latin1,
    /// One byte a character; `None`: there is no such byte.
    Table(Box<[Option<char>; 256]>),
}

impl Encoding {
    /// Those that need nobody's help.
    pub fn named(name: &str) -> Option<Encoding> {
        Some(match name.to_ascii_uppercase().as_str() {
            "UTF-8" => Encoding::Utf8,
            "UTF-16" | "UTF-16BE" => Encoding::Utf16 { is_big: true },
            "UTF-16LE" => Encoding::Utf16 { is_big: false },
            "ISO-8859-1" => Encoding::Latin1,
            "US-ASCII" => Encoding::Ascii,
            _ => return None,
        })
    }
    pub fn is_wide(&self) -> bool {
        matches!(self, Encoding::Utf16 { .. })
    }
    fn source_len(&self, text: &[u8]) -> usize {
        let n_characters = || text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        match self {
            Encoding::Unknown | Encoding::Utf8 => text.len(),
            Encoding::Utf16 { .. } => 2 * (n_characters() + text.iter().filter(|&&byte| byte >= 0xF0).count()),
            _ => n_characters(),
        }
    }
}

/// A place in a document: lines from 1, columns and bytes from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub byte: usize,
    pub line: usize,
    pub column: usize,
}

impl Place {
    pub const START: Place = Place { byte: 0, line: 1, column: 0 };
}

/// The place behind text that stands at a place.
pub fn advanced(mut place: Place, passed: &[u8], encoding: &Encoding) -> Place {
    place.byte += encoding.source_len(passed);
    let is_line_end = |&at: &usize| passed[at] == b'\n' || passed.get(at + 1) != Some(&b'\n');
    let mut line_start = None;
    for end in memchr::memchr2_iter(b'\n', b'\r', passed).filter(is_line_end) {
        place.line += 1;
        line_start = Some(end + 1);
    }
    if line_start.is_some() {
        place.column = 0;
    }
    let last = &passed[line_start.unwrap_or(0)..];
    place.column += last.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    place
}

pub struct Input {
    raw: Vec<u8>,
    pub text: Vec<u8>,
    /// What of the text was consumed.
    pub at: usize,
    /// Where the token begins that is being looked at.
    pub start: usize,
    pub encoding: Encoding,
    /// The encoding is not to be looked for in the document.
    pub is_encoding_given: bool,
    /// The text so far is a declaration, after which the encoding may change.
    is_held: bool,
    has_begun: bool,
    /// What follows the text is none.
    is_broken: bool,
    pub is_final: bool,
    place: Place,
    placed: usize,
}

const DECLARATION: &[u8] = b"<?xml";

impl Input {
    pub fn new() -> Input {
        Input {
            raw: Vec::new(),
            text: Vec::new(),
            at: 0,
            start: 0,
            encoding: Encoding::Unknown,
            is_encoding_given: false,
            is_held: false,
            has_begun: false,
            is_broken: false,
            is_final: false,
            place: Place::START,
            placed: 0,
        }
    }

    /// Takes more of the document; what was consumed is forgotten.
    pub fn push(&mut self, data: &[u8], is_final: bool) {
        self.place_of(self.at);
        self.text.drain(..self.at);
        (self.at, self.start, self.placed) = (0, 0, 0);
        self.raw.extend_from_slice(data);
        self.is_final |= is_final;
        self.fill();
    }

    /// Was anything taken?
    pub fn has_input(&self) -> bool {
        self.has_begun || self.is_final || !self.raw.is_empty()
    }

    /// How many bytes are there that were not consumed.
    pub fn available(&self) -> usize {
        self.text.len() - self.at + self.raw.len()
    }

    /// The place of what stands in the text at `at`, which is not before the last such place.
    pub fn place_of(&mut self, at: usize) -> Place {
        if at <= self.placed {
            return self.place;
        }
        self.place = advanced(self.place, &self.text[self.placed..at], &self.encoding);
        self.placed = at;
        self.place
    }

    /// Does the document end, or stop being text, where the text ends?
    pub fn is_last(&self) -> bool {
        self.is_final && !self.is_held && self.raw.is_empty()
    }

    /// What is wrong where the text ends.
    pub fn error_at_end(&self) -> Option<ErrorCode> {
        if self.is_broken {
            Some(ErrorCode::InvalidToken)
        } else if self.is_final && !self.is_held && !self.raw.is_empty() {
            let is_half = self.encoding.is_wide() && self.raw.len() == 1;
            Some(if is_half { ErrorCode::UnclosedToken } else { ErrorCode::PartialChar })
        } else {
            None
        }
    }

    /// The declaration was read; what follows it is decoded, in the encoding that it names.
    pub fn release(&mut self, encoding: Option<Encoding>) {
        if let Some(encoding) = encoding {
            self.place_of(self.at);
            self.encoding = encoding;
        }
        if self.is_held {
            self.is_held = false;
            self.fill();
        }
    }

    /// The declaration that the text began with was none after all, or has no end.
    pub fn is_waiting(&self) -> bool {
        self.is_held
    }

    fn fill(&mut self) {
        if !self.has_begun && !self.begin() {
            return;
        }
        if !self.is_held && !self.is_broken {
            let end = self.raw.len();
            self.decode(end);
        }
    }

    /// Finds out about the encoding; `false`: there is not enough for that.
    fn begin(&mut self) -> bool {
        if self.raw.is_empty() || self.raw.len() < 3 && !self.is_final {
            return false;
        }
        let is_free = matches!(self.encoding, Encoding::Unknown);
        let is_utf16 = self.encoding.is_wide();
        if is_free || is_utf16 {
            match self.raw[..] {
                [0xFE, 0xFF, ..] => self.encoding = Encoding::Utf16 { is_big: true },
                [0xFF, 0xFE, ..] => self.encoding = Encoding::Utf16 { is_big: false },
                [0x00, _, ..] if is_free => self.encoding = Encoding::Utf16 { is_big: true },
                [_, 0x00, ..] if is_free => self.encoding = Encoding::Utf16 { is_big: false },
                _ if is_free => self.encoding = Encoding::Utf8,
                _ => {}
            }
        }
        if self.encoding.is_wide() || self.is_encoding_given {
            self.has_begun = true;
            return true;
        }
        // One byte a character so far: a declaration may name another encoding for what is behind it.
        let mark = if self.raw.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let rest = &self.raw[mark..];
        let is_declaration = rest.starts_with(DECLARATION);
        if is_declaration && let Some(end) = memchr::memmem::find(rest, b"?>") {
            self.has_begun = true;
            self.is_held = true;
            self.decode(mark + end + 2);
            return true;
        }
        let may_become_one = is_declaration || DECLARATION.starts_with(rest);
        self.has_begun = self.is_final || !may_become_one;
        self.has_begun
    }

    /// Decodes bytes as far as they are text, up to `end`.
    fn decode(&mut self, end: usize) {
        let source = &self.raw[..end];
        let mut n_decoded = 0;
        let push = |c: char, out: &mut Vec<u8>| out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        match &self.encoding {
            Encoding::Unknown | Encoding::Utf8 => {
                let (len, is_broken) = match std::str::from_utf8(source) {
                    Ok(text) => (text.len(), false),
                    Err(error) => (error.valid_up_to(), error.error_len().is_some()),
                };
                self.text.extend_from_slice(&source[..len]);
                n_decoded = len;
                self.is_broken = is_broken;
            }
            &Encoding::Utf16 { is_big } => {
                let unit = |at: usize| {
                    let pair = [*source.get(at)?, *source.get(at + 1)?];
                    Some(if is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
                };
                while let Some(first) = unit(n_decoded) {
                    let (decoded, len) = match first {
                        0xD800..0xDC00 => {
                            let Some(second) = unit(n_decoded + 2) else { break };
                            (char::decode_utf16([first, second]).next().and_then(Result::ok), 4)
                        }
                        _ => (char::from_u32(first.into()), 2),
                    };
                    let Some(c) = decoded else {
                        self.is_broken = true;
                        break;
                    };
                    push(c, &mut self.text);
                    n_decoded += len;
                }
            }
            Encoding::Ascii => {
                n_decoded = source.iter().position(|byte| !byte.is_ascii()).unwrap_or(source.len());
                self.text.extend_from_slice(&source[..n_decoded]);
                self.is_broken = n_decoded < source.len();
            }
            Encoding::Latin1 => {
                source.iter().for_each(|&byte| push(byte as char, &mut self.text));
                n_decoded = source.len();
            }
            Encoding::Table(table) => {
                for &byte in source {
                    let Some(c) = table[byte as usize] else {
                        self.is_broken = true;
                        break;
                    };
                    push(c, &mut self.text);
                    n_decoded += 1;
                }
            }
        }
        self.raw.drain(..n_decoded);
    }
}
