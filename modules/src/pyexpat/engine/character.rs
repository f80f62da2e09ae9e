//! What characters may stand where. The text is UTF-8 that was found to be sound.

use super::scan::Stop;

/// `\t`, `\n`, `\r` and the space.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The character at a place, and behind it.
fn decode(text: &[u8], at: usize) -> Option<(u32, usize)> {
    let lead = *text.get(at)? as u32;
    let (n_more, bits) = match lead {
        0..0x80 => return Some((lead, at + 1)),
        0x80..0xE0 => (1, lead & 0x1F),
        0xE0..0xF0 => (2, lead & 0x0F),
        _ => (3, lead & 0x07),
    };
    let more = text.get(at + 1..=at + n_more)?;
    Some((more.iter().fold(bits, |point, &byte| point << 6 | (byte as u32 & 0x3F)), at + 1 + n_more))
}

/// May it stand in a document?
pub fn is_character(point: u32) -> bool {
    matches!(point, 0x9 | 0xA | 0xD | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x10000..=0x10FFFF)
}

fn starts_name(point: u32) -> bool {
    matches!(point,
        0x3A | 0x41..=0x5A | 0x5F | 0x61..=0x7A | 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2FF | 0x370..=0x37D
        | 0x37F..=0x1FFF | 0x200C..=0x200D | 0x2070..=0x218F | 0x2C00..=0x2FEF | 0x3001..=0xD7FF
        | 0xF900..=0xFDCF | 0xFDF0..=0xFFFD | 0x10000..=0xEFFFF)
}

fn is_in_name(point: u32) -> bool {
    starts_name(point) || matches!(point, 0x2D | 0x2E | 0x30..=0x39 | 0xB7 | 0x300..=0x36F | 0x203F..=0x2040)
}

/// Behind the character at a place, if it may begin a name.
pub fn after_name_start(text: &[u8], at: usize) -> Result<usize, Stop> {
    match decode(text, at) {
        None => Err(Stop::Partial),
        Some((point, end)) if starts_name(point) => Ok(end),
        Some(_) => Err(Stop::Invalid(at)),
    }
}

/// Behind the characters from a place on that may stand in a name; the end of the text if nothing else is there.
pub fn after_name_characters(text: &[u8], mut at: usize) -> usize {
    while let Some((point, end)) = decode(text, at) {
        if !is_in_name(point) {
            break;
        }
        at = end;
    }
    at
}

/// Behind the character at a place, which may be any that a document may have.
pub fn after_character(text: &[u8], at: usize) -> Result<usize, Stop> {
    match decode(text, at) {
        None => Err(Stop::Partial),
        Some((point, end)) if is_character(point) => Ok(end),
        Some(_) => Err(Stop::Invalid(at)),
    }
}

/// How many plain characters stand at a place: none that means something in markup or is not allowed.
pub fn n_plain(text: &[u8]) -> usize {
    const PLAIN: [bool; 256] = {
        let mut table = [true; 256];
        let mut byte = 0;
        while byte < 32 {
            table[byte] = byte == 9;
            byte += 1;
        }
        // U+FFFE and U+FFFF begin with 0xEF.
        table[0xEF] = false;
        let special = b"<&]>'\"?-";
        let mut i = 0;
        while i < special.len() {
            table[special[i] as usize] = false;
            i += 1;
        }
        table
    };
    text.iter().position(|&byte| !PLAIN[byte as usize]).unwrap_or(text.len())
}

/// A public identifier with its spaces made one each; an error is where something else stands in it.
pub fn public_id(text: &[u8]) -> Result<Vec<u8>, usize> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b" \r\n-'()+,./:=?;!*#@$_%".contains(&byte);
    if let Some(bad) = text.iter().position(|&byte| !is_allowed(byte)) {
        return Err(bad);
    }
    let words: Vec<&[u8]> = text.split(|&byte| is_space(byte)).filter(|word| !word.is_empty()).collect();
    Ok(words.join(&b' '))
}

/// Text whose line ends are made `\n`.
pub fn with_plain_line_ends(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (i, &byte) in text.iter().enumerate() {
        match byte {
            b'\r' => out.push(b'\n'),
            b'\n' if i > 0 && text[i - 1] == b'\r' => {}
            _ => out.push(byte),
        }
    }
    out
}

pub fn push_character(out: &mut Vec<u8>, point: u32) {
    if let Some(c) = char::from_u32(point) {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}
