//! Formats: what the parsing of one gives.

/// How an item stands in memory, and what Python value it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A zero byte without a value.
    Pad,
    /// A byte.
    Char,
    Bool,
    Signed,
    Unsigned,
    Float,
    /// A float for the real part, and one for the imaginary part.
    Complex,
    /// `count` bytes.
    Bytes,
    /// `count` bytes, of which the first is a length.
    Pascal,
    /// An address.
    Pointer,
}

/// Items of one kind, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    pub code: char,
    pub kind: Kind,
    /// Bytes an item.
    pub size: usize,
    /// Where the first one lies.
    pub offset: usize,
    pub count: usize,
}

impl Item {
    /// How many values they are.
    pub fn n_values(&self) -> usize {
        match self.kind {
            Kind::Pad => 0,
            Kind::Bytes | Kind::Pascal => 1,
            _ => self.count,
        }
    }
}

#[derive(Debug)]
pub struct Format {
    /// Native sizes and alignment.
    pub is_native: bool,
    pub is_big: bool,
    pub items: Vec<Item>,
    pub size: usize,
    pub n_values: usize,
}

/// What is wrong with a format; the texts are those of `struct.error`.
pub type Fault = &'static str;

const TOO_LONG: Fault = "total struct size too long";
const BAD_CHAR: Fault = "bad char in struct format";

/// Kind, native size and standard size of a code; 0: there is none.
fn code_of(code: u8) -> Option<(Kind, usize, usize)> {
    Some(match code {
        b'x' => (Kind::Pad, 1, 1),
        b'c' => (Kind::Char, 1, 1),
        b'?' => (Kind::Bool, 1, 1),
        b'b' => (Kind::Signed, 1, 1),
        b'B' => (Kind::Unsigned, 1, 1),
        b'h' => (Kind::Signed, 2, 2),
        b'H' => (Kind::Unsigned, 2, 2),
        b'i' => (Kind::Signed, 4, 4),
        b'I' => (Kind::Unsigned, 4, 4),
        b'l' => (Kind::Signed, 8, 4),
        b'L' => (Kind::Unsigned, 8, 4),
        b'q' => (Kind::Signed, 8, 8),
        b'Q' => (Kind::Unsigned, 8, 8),
        b'n' => (Kind::Signed, 8, 0),
        b'N' => (Kind::Unsigned, 8, 0),
        b'P' => (Kind::Pointer, 8, 0),
        b'e' => (Kind::Float, 2, 2),
        b'f' => (Kind::Float, 4, 4),
        b'd' => (Kind::Float, 8, 8),
        b'F' => (Kind::Complex, 8, 8),
        b'D' => (Kind::Complex, 16, 16),
        b's' => (Kind::Bytes, 1, 1),
        b'p' => (Kind::Pascal, 1, 1),
        _ => return None,
    })
}

impl Format {
    pub fn parse(text: &[u8]) -> Result<Format, Fault> {
        let (is_native, is_big, codes) = match text {
            [b'@', rest @ ..] => (true, cfg!(target_endian = "big"), rest),
            [b'=', rest @ ..] => (false, cfg!(target_endian = "big"), rest),
            [b'<', rest @ ..] => (false, false, rest),
            [b'>' | b'!', rest @ ..] => (false, true, rest),
            rest => (true, cfg!(target_endian = "big"), rest),
        };
        let mut format = Format { is_native, is_big, items: Vec::new(), size: 0, n_values: 0 };
        let mut codes = codes.iter().copied();
        while let Some(mut code) = codes.next() {
            if code.is_ascii_whitespace() || code == 0x0B {
                continue;
            }
            let mut count: Option<usize> = None;
            while code.is_ascii_digit() {
                let more = count.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add((code - b'0') as usize));
                count = Some(more.filter(|&n| n <= isize::MAX as usize).ok_or(TOO_LONG)?);
                code = codes.next().ok_or("repeat count given without format specifier")?;
            }
            format.push(code, count.unwrap_or(1))?;
        }
        Ok(format)
    }

    fn push(&mut self, code: u8, count: usize) -> Result<(), Fault> {
        let (kind, native, standard) = code_of(code).ok_or(BAD_CHAR)?;
        let size = if self.is_native { native } else { standard };
        if size == 0 {
            return Err(BAD_CHAR);
        }
        let align = if kind == Kind::Complex { size / 2 } else { size };
        let offset =
            if self.is_native { self.size.checked_next_multiple_of(align).ok_or(TOO_LONG)? } else { self.size };
        let end = size.checked_mul(count).and_then(|bytes| bytes.checked_add(offset));
        self.size = end.filter(|&end| end <= isize::MAX as usize).ok_or(TOO_LONG)?;
        let item = Item { code: code as char, kind, size, offset, count };
        self.n_values += item.n_values();
        self.items.push(item);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(format: &str) -> Result<usize, Fault> {
        Format::parse(format.as_bytes()).map(|format| format.size)
    }

    #[test]
    fn native_formats_are_aligned_and_others_are_not() {
        assert_eq!(size("bhilq"), Ok(24));
        assert_eq!(size("<bhilq"), Ok(19));
        assert_eq!(size("b0i"), Ok(4));
        assert_eq!(size(" 2 i"), Err(BAD_CHAR));
        assert_eq!(size("5"), Err("repeat count given without format specifier"));
        assert_eq!(size("99999999999999999999i"), Err(TOO_LONG));
        assert_eq!(size("<P"), Err(BAD_CHAR));
    }
}
