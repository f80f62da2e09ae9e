//! Strings as JSON text.

use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::string::View;

/// Does a byte stand for itself in a JSON string? In ASCII, or in Latin-1.
const fn plain(is_ascii: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0x20;
    while byte < 256 {
        table[byte] = byte != 0x22 && byte != 0x5C && (!is_ascii || byte < 0x7F);
        byte += 1;
    }
    table
}

static PLAIN: [[bool; 256]; 2] = [plain(false), plain(true)];

/// Appends a string in quotes.
pub fn push_quoted(out: &mut Text, view: View<'_>, is_ascii: bool) {
    let table = &PLAIN[is_ascii as usize];
    out.push(0x22);
    match view {
        View::One(bytes) => {
            let mut rest = bytes;
            while let Some(stop) = rest.iter().position(|&byte| !table[byte as usize]) {
                out.push_view(View::One(&rest[..stop]));
                push_escaped(out, rest[stop].into());
                rest = &rest[stop + 1..];
            }
            out.push_view(View::One(rest));
        }
        _ => {
            for point in view.code_points() {
                let is_plain = table.get(point as usize).copied().unwrap_or(!is_ascii);
                if is_plain { out.push(point) } else { push_escaped(out, point) }
            }
        }
    }
    out.push(0x22);
}

fn push_escaped(out: &mut Text, point: u32) {
    let short = match point {
        0x22 => "\\\"",
        0x5C => "\\\\",
        0x0A => "\\n",
        0x0D => "\\r",
        0x09 => "\\t",
        0x0C => "\\f",
        0x08 => "\\b",
        0..0x1_0000 => return push_coded(out, point),
        _ => {
            push_coded(out, 0xD800 + ((point - 0x1_0000) >> 10));
            return push_coded(out, 0xDC00 + ((point - 0x1_0000) & 0x3FF));
        }
    };
    out.push_view(View::One(short.as_bytes()));
}

fn push_coded(out: &mut Text, unit: u32) {
    let mut text = *b"\\u0000";
    for (nth, place) in text[2..].iter_mut().enumerate() {
        *place = b"0123456789abcdef"[(unit >> (12 - 4 * nth) & 15) as usize];
    }
    out.push_view(View::One(&text));
}
