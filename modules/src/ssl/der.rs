//! Reading DER: elements of a tag and a body, one behind the other.

pub const BOOLEAN: u8 = 0x01;
pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const OBJECT_IDENTIFIER: u8 = 0x06;
pub const UTF8_STRING: u8 = 0x0C;
pub const UTC_TIME: u8 = 0x17;
pub const UNIVERSAL_STRING: u8 = 0x1C;
pub const BMP_STRING: u8 = 0x1E;
pub const SEQUENCE: u8 = 0x30;

/// The tag of a part that a number tells, which consists of elements.
pub const fn part(number: u8) -> u8 {
    0xA0 | number
}

/// The tag of one that holds bytes.
pub const fn plain_part(number: u8) -> u8 {
    0x80 | number
}

#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub tag: u8,
    pub body: &'a [u8],
    /// With its tag and length.
    pub whole: &'a [u8],
}

/// What is still to be read.
#[derive(Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element; `None` where there is no whole one.
    pub fn next(&mut self) -> Option<Element<'a>> {
        let data = self.0;
        let (&tag, &first) = (data.first()?, data.get(1)?);
        let (len, start) = if first < 0x80 {
            (usize::from(first), 2)
        } else {
            let n = usize::from(first & 0x7F);
            if n == 0 || n > 4 {
                return None;
            }
            let len = data.get(2..2 + n)?.iter().fold(0, |len, &byte| len << 8 | usize::from(byte));
            (len, 2 + n)
        };
        let end = start.checked_add(len)?;
        let element = Element { tag, body: data.get(start..end)?, whole: &data[..end] };
        self.0 = &data[end..];
        Some(element)
    }

    /// The next element, if it has the tag.
    pub fn expect(&mut self, tag: u8) -> Option<Element<'a>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// The next element, if it has the tag; otherwise nothing is read.
    pub fn optional(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.0.first() == Some(&tag) { self.next() } else { None }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Element<'a>;
    fn next(&mut self) -> Option<Element<'a>> {
        Reader::next(self)
    }
}

impl<'a> Element<'a> {
    pub fn reader(&self) -> Reader<'a> {
        Reader(self.body)
    }
}

/// An object identifier as text: numbers with dots.
pub fn identifier_text(body: &[u8]) -> String {
    let (mut text, mut number, mut is_first) = (String::new(), 0_u64, true);
    for &byte in body {
        number = number.wrapping_shl(7) | u64::from(byte & 0x7F);
        if byte & 0x80 != 0 {
            continue;
        }
        if is_first {
            let first = (number / 40).min(2);
            text = format!("{first}.{}", number - first * 40);
            is_first = false;
        } else {
            text.push_str(&format!(".{number}"));
        }
        number = 0;
    }
    text
}

/// The text of a string element, whatever its encoding.
pub fn text(element: Element<'_>) -> String {
    match element.tag {
        BMP_STRING => {
            let units = element.body.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        UNIVERSAL_STRING => {
            let points =
                element.body.chunks_exact(4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]));
            points.map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        UTF8_STRING => String::from_utf8_lossy(element.body).into_owned(),
        _ => element.body.iter().map(|&byte| char::from(byte)).collect(),
    }
}
