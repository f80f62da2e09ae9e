//! PEM: bytes in base 64 between two lines that say what they are.

pub struct Section {
    /// As the lines say: `CERTIFICATE`.
    pub label: String,
    pub data: Vec<u8>,
    /// Its header names a cipher, as old formats of keys have it.
    pub is_encrypted: bool,
}

/// The text is no PEM.
pub struct Malformed;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The sections of a text, which may have anything between them.
pub fn sections(text: &[u8]) -> Result<Vec<Section>, Malformed> {
    let text = String::from_utf8_lossy(text);
    let mut sections = Vec::new();
    let mut open: Option<Section> = None;
    let mut digits = String::new();
    for line in text.lines().map(str::trim_end) {
        let label_behind = |start: &str| line.strip_prefix(start).and_then(|rest| rest.strip_suffix(DASHES));
        match &mut open {
            None => {
                if let Some(label) = label_behind(BEGIN) {
                    open = Some(Section { label: label.to_string(), data: Vec::new(), is_encrypted: false });
                    digits.clear();
                }
            }
            Some(section) => match label_behind(END) {
                Some(label) if label == section.label => {
                    section.data = decode(&digits).ok_or(Malformed)?;
                    sections.extend(open.take());
                }
                Some(_) => return Err(Malformed),
                None if line.contains(':') => section.is_encrypted |= line.starts_with("DEK-Info"),
                None => digits.push_str(line),
            },
        }
    }
    if open.is_some() { Err(Malformed) } else { Ok(sections) }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').bytes().filter(|byte| !byte.is_ascii_whitespace());
    let (mut out, mut bits, mut n_bits) = (Vec::with_capacity(text.len() / 4 * 3), 0_u32, 0);
    for digit in digits {
        bits = bits << 6 | DIGITS.iter().position(|&known| known == digit)? as u32;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push((bits >> n_bits) as u8);
        }
    }
    (n_bits < 6).then_some(out)
}

/// A section as text.
pub fn encode(label: &str, data: &[u8]) -> String {
    let mut text = format!("{BEGIN}{label}{DASHES}\n");
    for line in data.chunks(48) {
        for three in line.chunks(3) {
            let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
            for at in 0..4 {
                let is_there = at <= three.len();
                let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
                text.push(if is_there { char::from(digit) } else { '=' });
            }
        }
        text.push('\n');
    }
    text.push_str(&format!("{END}{label}{DASHES}\n"));
    text
}
