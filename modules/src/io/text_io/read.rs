//! Reading text.

use super::codec::Plain;
use super::{Buffered, LineEnd, TextIo, ThisText, call};
use crate::io::raise_unsupported;
use crate::io::size::Size;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::{PyResult, Value, Vm};

pub fn read(vm: &mut Vm, mut this: ThisText, size: Size) -> PyResult {
    check_readable(vm, this)?;
    TextIo::write_pending(this, vm)?;
    let Some(size) = size.0.and_then(|size| usize::try_from(size).ok()) else {
        return read_all(vm, this);
    };
    if let Some(plain) = this.reads_plain() {
        let mut text = Vec::new();
        let mut left = size;
        while left > 0 {
            let (len, n_points) = this.ahead.len_of_points(plain, left);
            if left == size && n_points == size {
                return Ok(TextIo::take_text(this, vm, plain, len));
            }
            this.ahead.take(len, &mut text);
            left -= n_points;
            if left > 0 && !load(vm, this, plain)? {
                if this.uses_decoder() {
                    let start = plain.decode(vm, &text);
                    return read_decoded(vm, this, start, left);
                }
                break;
            }
        }
        return Ok(plain.decode(vm, &text));
    }
    let empty = vm.intern("");
    read_decoded(vm, this, empty, size)
}

/// A text and so many code points of the decoder's behind it.
fn read_decoded(vm: &mut Vm, this: ThisText, start: Value, size: usize) -> PyResult {
    let mut text = Text::new();
    text.push_view(vm.str_of(start).view());
    let wanted = text.len() + size;
    loop {
        let part = TextIo::take_decoded(this, vm, wanted - text.len());
        text.push_view(vm.str_of(part).view());
        if text.len() >= wanted || !TextIo::decode_more(this, vm, wanted - text.len())? {
            return Ok(text.finish(vm));
        }
        vm.answer_signals()?;
    }
}

fn read_all(vm: &mut Vm, mut this: ThisText) -> PyResult {
    let data = match this.own_buffer(vm) {
        Some(buffer) => Buffered::read_all(buffer, vm)?,
        None => call(vm, this.buffer, "read", &[])?,
    };
    if data.is_none() {
        return Err(vm.raise(vm.exceptions.BlockingIOError, "Read returned None."));
    }
    if let Some(plain) = this.reads_plain()
        && vm.is_bytes_like(data)
    {
        if this.ahead.unread() == 0 {
            let bytes = BytesLike::of(vm, data)?;
            if let Some(text) = whole_text(vm, this, plain, &bytes) {
                this.ahead.clear();
                return Ok(text);
            }
        }
        let mut all = std::mem::take(&mut this.ahead.bytes);
        all.drain(..this.ahead.at);
        all.extend_from_slice(&BytesLike::of(vm, data)?);
        this.ahead.clear();
        if take_up(this, all, plain, true) {
            let len = this.ahead.usable;
            let text = this.ahead.take_text(vm, plain, len);
            this.ahead.clear();
            return Ok(text);
        }
        TextIo::hand_to_decoder(this, vm, true)?;
        let text = TextIo::take_decoded(this, vm, usize::MAX);
        this.forget_decoded();
        return Ok(text);
    }
    if this.decoder.is_unbound() {
        TextIo::make_decoder(this, vm)?;
    }
    let rest = TextIo::decode(this, vm, data, true)?;
    let start = TextIo::take_decoded(this, vm, usize::MAX);
    this.forget_decoded();
    if vm.str_of(start).len == 0 { Ok(rest) } else { vm.str_concat(start, rest) }
}

/// The text of all that is left; `None` where line ends are to be changed, or a decoder has to say what is wrong.
fn whole_text(vm: &mut Vm, mut this: ThisText, plain: Plain, bytes: &[u8]) -> Option<Value> {
    if this.line_end == LineEnd::Translated && memchr::memchr(b'\r', bytes).is_some() {
        return None;
    }
    let text = match plain {
        Plain::Latin1 => vm.str_from_latin1(bytes),
        _ if bytes.is_ascii() => vm.str_from_latin1(bytes),
        Plain::Ascii => return None,
        Plain::Utf8 => vm.new_str(std::str::from_utf8(bytes).ok()?),
    };
    if this.line_end.is_universal() {
        let mut seen = this.seen;
        seen.note_bytes(bytes);
        this.seen = seen;
    }
    Some(text)
}

pub fn read_line(vm: &mut Vm, this: ThisText, size: Option<i64>) -> PyResult {
    let limit = usize::try_from(size.unwrap_or(-1)).unwrap_or(usize::MAX);
    check_readable(vm, this)?;
    line(vm, this, limit)
}

pub fn next(vm: &mut Vm, mut this: ThisText) -> PyResult<Option<Value>> {
    this.check_attached(vm)?;
    this.flags.tells = false;
    let line = if TextIo::exact(vm, this.value()).is_some() {
        check_readable(vm, this)?;
        Some(line(vm, this, usize::MAX)?).filter(|&line| vm.str_of(line).len > 0)
    } else {
        crate::io::text_base::next_line(vm, this.value())?
    };
    if line.is_none() {
        this.decoded_from = Value::UNBOUND;
        this.flags.tells = this.flags.is_seekable;
    }
    Ok(line)
}

/// The next line, or so many code points of it.
#[inline]
fn line(vm: &mut Vm, this: ThisText, limit: usize) -> PyResult {
    TextIo::write_pending(this, vm)?;
    if let Some(plain) = this.reads_plain() {
        if limit == usize::MAX
            && let Some(len) = this.ahead.line_len(this.line_end)
        {
            return Ok(TextIo::take_text(this, vm, plain, len));
        }
        return plain_line(vm, this, plain, limit);
    }
    decoded_line(vm, this, Text::new(), limit)
}

#[cold]
fn plain_line(vm: &mut Vm, mut this: ThisText, plain: Plain, limit: usize) -> PyResult {
    let mut text = Vec::new();
    let mut left = limit;
    loop {
        let found = this.ahead.line_len(this.line_end);
        let (allowed, n_points) = match limit {
            usize::MAX => (this.ahead.rest().len(), 0),
            _ => this.ahead.len_of_points(plain, left),
        };
        match found {
            Some(len) if len <= allowed => {
                this.ahead.take(len, &mut text);
                break;
            }
            _ => this.ahead.take(allowed, &mut text),
        }
        left -= n_points;
        if left == 0 {
            break;
        }
        if !load(vm, this, plain)? {
            if this.uses_decoder() {
                let mut start = Text::new();
                let decoded = plain.decode(vm, &text);
                start.push_view(vm.str_of(decoded).view());
                return decoded_line(vm, this, start, limit);
            }
            break;
        }
    }
    Ok(plain.decode(vm, &text))
}

/// The rest of a line whose beginning is known.
fn decoded_line(vm: &mut Vm, this: ThisText, mut text: Text, limit: usize) -> PyResult {
    loop {
        let room = limit - text.len();
        let found = match this.decoded_view(vm) {
            None => None,
            Some(view) => {
                let start = this.decoded.n_used;
                let follows_cr = !text.is_empty() && text.view().at(text.len() - 1) == 0x0D;
                let is_split =
                    this.line_end == super::LineEnd::CrLf && follows_cr && start < view.len() && view.at(start) == 0x0A;
                if is_split { Some(1) } else { this.line_end.line_in(view, start).map(|end| end - start) }
            }
        };
        let part = TextIo::take_decoded(this, vm, found.unwrap_or(usize::MAX).min(room));
        if found.is_some() && text.is_empty() {
            return Ok(part);
        }
        text.push_view(vm.str_of(part).view());
        if found.is_some_and(|found| found <= room) || text.len() >= limit {
            return Ok(text.finish(vm));
        }
        if !TextIo::decode_more(this, vm, 0)? {
            return Ok(text.finish(vm));
        }
        vm.answer_signals()?;
    }
}

fn check_readable(vm: &mut Vm, mut this: ThisText) -> PyResult<()> {
    TextIo::check_open(this, vm)?;
    if !this.flags.is_readable {
        return Err(raise_unsupported(vm, "not readable"));
    }
    if this.plain.is_none() && this.decoder.is_unbound() {
        TextIo::make_decoder(this, vm)?;
        this.forget_decoded();
    }
    Ok(())
}

impl TextIo {
    #[inline]
    fn take_text(mut this: ThisText, vm: &mut Vm, plain: Plain, len: usize) -> Value {
        this.ahead.take_text(vm, plain, len)
    }
}

fn take_up(mut this: ThisText, bytes: Vec<u8>, plain: Plain, is_final: bool) -> bool {
    let line_end = this.line_end;
    let is_text = this.ahead.take_up(bytes, plain, line_end, is_final);
    if is_text && line_end.is_universal() {
        let mut seen = this.seen;
        seen.note_bytes(this.ahead.rest());
        this.seen = seen;
    }
    is_text
}

/// Reads ahead where everything usable was given out; false at the end, and where a decoder has to go on.
fn load(vm: &mut Vm, mut this: ThisText, plain: Plain) -> PyResult<bool> {
    loop {
        vm.answer_signals()?;
        let mut bytes = std::mem::take(&mut this.ahead.bytes);
        bytes.drain(..this.ahead.usable);
        this.ahead.clear();
        let n_left = bytes.len();
        let size = this.chunk_bytes;
        let filled = match this.own_buffer(vm) {
            Some(buffer) => Buffered::read_ahead(buffer, vm, size, &mut bytes),
            None => TextIo::read_bytes(this, vm, size).and_then(|data| {
                bytes.extend_from_slice(&BytesLike::of(vm, data)?);
                Ok(())
            }),
        };
        let is_final = filled.is_ok() && bytes.len() == n_left;
        if filled.is_err() || is_final && n_left == 0 {
            this.ahead.bytes = bytes;
            filled?;
            return Ok(false);
        }
        if !take_up(this, bytes, plain, is_final) {
            TextIo::hand_to_decoder(this, vm, is_final)?;
            return Ok(false);
        }
        if !this.ahead.rest().is_empty() {
            return Ok(true);
        }
    }
}
