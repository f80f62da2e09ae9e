//! Strings with lone surrogates. The compiler reads them from the source again, since the parser's tree cannot hold them: so they are
//! written behind it, in ASCII.

use ruff_text_size::{TextRange, TextSize};
use rustpython_wtf8::Wtf8;
use std::fmt::Write as _;

pub struct Literals {
    pub text: String,
}

impl Literals {
    pub fn after(text: String) -> Literals {
        Literals { text }
    }

    /// Where the literal of a string now is.
    pub fn write(&mut self, string: &[u8]) -> TextRange {
        let start = TextSize::of(&self.text);
        self.text.push('"');
        let string = Wtf8::from_bytes(string).expect("strings are WTF-8");
        for point in string.code_points() {
            match point.to_char() {
                Some(character) if character.is_ascii_alphanumeric() => self.text.push(character),
                _ => write!(self.text, "\\U{:08x}", point.to_u32()).expect("a String takes all that is written"),
            }
        }
        self.text.push('"');
        TextRange::new(start, TextSize::of(&self.text))
    }
}
