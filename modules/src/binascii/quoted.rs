//! Quoted-printable data.

use super::Ascii;
use super::hex::digit;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Vm};

/// Lines are no longer than this, the sign that they go on included.
const LINE: usize = 76;

pub fn decode(vm: &mut Vm, text: Ascii, header: Option<bool>) -> PyResult {
    let is_header = header.unwrap_or(false);
    let mut data = Vec::with_capacity(text.len());
    let mut rest: &[u8] = &text;
    while let [byte, behind @ ..] = rest {
        rest = behind;
        if *byte != b'=' {
            data.push(if is_header && *byte == b'_' { b' ' } else { *byte });
            continue;
        }
        match *rest {
            [] => {}
            // The line goes on.
            [b'\n' | b'\r', ..] => {
                let end = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
                rest = &rest[end..];
            }
            [b'=', ref behind @ ..] => {
                data.push(b'=');
                rest = behind;
            }
            [high, low, ref behind @ ..] if digit(high).is_some() && digit(low).is_some() => {
                data.push(digit(high).unwrap_or(0) << 4 | digit(low).unwrap_or(0));
                rest = behind;
            }
            _ => data.push(b'='),
        }
    }
    vm.new_bytes(&data)
}

/// Text that is being put together in lines.
struct Writer {
    text: Vec<u8>,
    line_len: usize,
    line_end: &'static [u8],
}

impl Writer {
    fn go_on_in_next_line(&mut self) {
        self.text.push(b'=');
        self.text.extend(self.line_end);
        self.line_len = 0;
    }

    fn quote(&mut self, byte: u8) {
        self.text.extend(format!("={byte:02X}").bytes());
    }

    fn end_line(&mut self) {
        // White space at the end of a line would be lost.
        if let Some(&last @ (b' ' | b'\t')) = self.text.last() {
            self.text.pop();
            self.quote(last);
        }
        self.text.extend(self.line_end);
        self.line_len = 0;
    }
}

pub fn encode(
    vm: &mut Vm,
    data: BytesLike,
    quote_tabs: Option<bool>,
    is_text: Option<bool>,
    header: Option<bool>,
) -> PyResult {
    let (quote_tabs, is_text) = (quote_tabs.unwrap_or(false), is_text.unwrap_or(true));
    let is_header = header.unwrap_or(false);
    let first_end = data.iter().position(|&byte| byte == b'\n');
    let has_returns = first_end.is_some_and(|end| end > 0 && data[end - 1] == b'\r');
    let line_end: &[u8] = if has_returns { b"\r\n" } else { b"\n" };
    let mut out = Writer { text: Vec::with_capacity(data.len()), line_len: 0, line_end };
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        let next = data.get(at + 1).copied();
        at += 1;
        let is_quoted = match byte {
            b'=' | 127.. => true,
            b'_' => is_header,
            b'.' => out.line_len == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)),
            b'\r' | b'\n' => !is_text,
            b'\t' | b' ' => quote_tabs || next.is_none(),
            _ => byte < b' ',
        };
        if is_quoted {
            if out.line_len + 3 >= LINE {
                out.go_on_in_next_line();
            }
            out.quote(byte);
            out.line_len += 3;
        } else if byte == b'\n' || byte == b'\r' && next == Some(b'\n') {
            at += usize::from(byte == b'\r');
            out.end_line();
        } else {
            if next.is_some_and(|next| next != b'\n') && out.line_len + 1 >= LINE {
                out.go_on_in_next_line();
            }
            out.line_len += 1;
            out.text.push(if is_header && byte == b' ' { b'_' } else { byte });
        }
    }
    vm.new_bytes(&out.text)
}
