//! Bytes that were read ahead of what was asked for, of an encoding that needs no decoder.
//!
//! ```text
//!   | given out | lines to come … | part of a character, or a \r that \n may follow |
//!               at                usable
//! ```

use super::codec::Plain;
use crate::io::line_end::LineEnd;
use crate::io::newlines::translate_bytes;
use stitch_runtime::{Value, Vm};

#[derive(Default)]
pub struct Ahead {
    pub bytes: Vec<u8>,
    pub at: usize,
    pub usable: usize,
    /// Has one of those line ends that are to be made `\n`.
    has_cr: bool,
    is_ascii: bool,
}

impl Ahead {
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn clear(&mut self) {
        self.bytes.clear();
        (self.at, self.usable) = (0, 0);
    }

    /// What can be given out.
    #[inline]
    pub fn rest(&self) -> &[u8] {
        &self.bytes[self.at..self.usable]
    }

    /// What has not been given out, usable or not.
    pub fn unread(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// Takes up bytes, those among them that were left over first; false: they are no text.
    pub fn take_up(&mut self, bytes: Vec<u8>, plain: Plain, line_end: LineEnd, is_final: bool) -> bool {
        self.bytes = bytes;
        (self.at, self.usable) = (0, 0);
        self.is_ascii = self.bytes.is_ascii();
        let complete = if self.is_ascii { Some(self.bytes.len()) } else { plain.complete_bytes(&self.bytes, is_final) };
        let Some(mut usable) = complete else { return false };
        let waits_for_lf = line_end.is_universal() || line_end == LineEnd::CrLf;
        if waits_for_lf && !is_final && self.bytes[..usable].ends_with(b"\r") {
            usable -= 1;
        }
        self.usable = usable;
        self.has_cr = line_end == LineEnd::Translated && memchr::memchr(b'\r', &self.bytes[..usable]).is_some();
        true
    }

    /// The length of the line there, its end included; `None`: it does not end here.
    #[inline]
    pub fn line_len(&self, line_end: LineEnd) -> Option<usize> {
        let kind = if self.has_cr { LineEnd::Any } else { line_end };
        kind.line_in_bytes(self.rest())
    }

    /// The length of what so many code points are made of, and how many there are.
    pub fn len_of_points(&self, plain: Plain, wanted: usize) -> (usize, usize) {
        let rest = self.rest();
        if !self.has_cr && (self.is_ascii || plain != Plain::Utf8) {
            let len = rest.len().min(wanted);
            return (len, len);
        }
        let (mut len, mut n_points) = (0, 0);
        while len < rest.len() {
            let is_first = plain != Plain::Utf8 || rest[len] & 0xC0 != 0x80;
            let is_pair = self.has_cr && rest[len] == b'\n' && len > 0 && rest[len - 1] == b'\r';
            if is_first && !is_pair {
                if n_points == wanted {
                    break;
                }
                n_points += 1;
            }
            len += 1;
        }
        (len, n_points)
    }

    /// Gives out so many bytes, as text that was decoded already or as it is.
    pub fn take(&mut self, len: usize, to: &mut Vec<u8>) {
        let part = &self.bytes[self.at..self.at + len];
        if self.has_cr {
            to.extend_from_slice(&translate_bytes(part));
        } else {
            to.extend_from_slice(part);
        }
        self.at += len;
    }

    /// Gives out so many bytes as a str.
    #[inline]
    pub fn take_text(&mut self, vm: &mut Vm, plain: Plain, len: usize) -> Value {
        let part = &self.bytes[self.at..self.at + len];
        self.at += len;
        if self.has_cr {
            let part = translate_bytes(part);
            return plain.decode(vm, &part);
        }
        if self.is_ascii { vm.str_from_latin1(part) } else { plain.decode(vm, part) }
    }
}
