//! Writing text.

use super::{Buffered, TextIo, ThisText, call};
use crate::io::base::is_bytes;
use crate::io::raise_unsupported;
use stitch_runtime::object::argument::Str;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Value, Vm};

impl TextIo {
    /// Writes text that is all ASCII.
    #[inline]
    pub fn write_ascii(mut this: ThisText, vm: &mut Vm, text: &[u8]) -> PyResult<()> {
        if this.plain.is_none() || this.line_end.written().is_some() {
            let text = vm.str_from_latin1(text);
            let text = vm.text_of(text)?;
            return TextIo::write(this, vm, text);
        }
        TextIo::check_writable(this, vm)?;
        TextIo::make_room(this, vm, text.len())?;
        this.pending.extend_from_slice(text);
        let ends_line = this.flags.line_buffering && text.iter().any(|&byte| byte == b'\n' || byte == b'\r');
        TextIo::finish_write(this, vm, ends_line)
    }

    /// Writes text.
    pub fn write(mut this: ThisText, vm: &mut Vm, text: Str) -> PyResult<()> {
        TextIo::check_writable(this, vm)?;
        let ends_line = this.flags.line_buffering && text.view().position(0, |c| c == 0x0A || c == 0x0D).is_some();
        let text =
            if this.line_end.written().is_some() { this.line_end.put_into(vm, text.value())? } else { text.value() };
        let view = vm.str_of(text).view();
        let is_written = match this.plain {
            None => false,
            Some(plain) => {
                TextIo::make_room(this, vm, view.len())?;
                plain.encode(view, &mut this.pending)
            }
        };
        if !is_written {
            let data = encode(vm, this, text)?;
            let data = BytesLike::of(vm, data)?;
            TextIo::make_room(this, vm, data.len())?;
            this.pending.extend_from_slice(&data);
        }
        TextIo::finish_write(this, vm, ends_line)
    }

    fn check_writable(this: ThisText, vm: &mut Vm) -> PyResult<()> {
        TextIo::check_open(this, vm)?;
        if this.flags.is_writable { Ok(()) } else { Err(raise_unsupported(vm, "not writable")) }
    }

    /// Hands on what was kept back where so much more would be too much.
    fn make_room(mut this: ThisText, vm: &mut Vm, more: usize) -> PyResult<()> {
        // What is called may write more.
        while !this.pending.is_empty() && this.pending.len() + more > this.chunk_bytes {
            TextIo::write_pending(this, vm)?;
        }
        if this.pending.try_reserve(more).is_err() { Err(vm.raise_memory()) } else { Ok(()) }
    }

    fn finish_write(mut this: ThisText, vm: &mut Vm, ends_line: bool) -> PyResult<()> {
        if this.pending.len() >= this.chunk_bytes || ends_line || this.flags.write_through {
            TextIo::write_pending(this, vm)?;
        }
        if ends_line {
            match this.own_buffer(vm) {
                Some(buffer) => Buffered::flush(buffer, vm)?,
                None => _ = call(vm, this.buffer, "flush", &[])?,
            }
        }
        // What was read ahead is not what follows any more, where reading and writing have one position.
        if !this.ahead.is_empty() && this.flags.is_seekable {
            this.ahead.clear();
        }
        if !this.decoded_from.is_unbound() {
            this.forget_decoded();
        }
        if !this.decoder.is_unbound() {
            call(vm, this.decoder, "reset", &[])?;
        }
        Ok(())
    }

    /// Hands what was kept back to the stream below. What that does not take is lost.
    #[inline]
    pub fn write_pending(this: ThisText, vm: &mut Vm) -> PyResult<()> {
        if this.pending.is_empty() { Ok(()) } else { hand_on(this, vm) }
    }
}

#[inline(never)]
fn hand_on(mut this: ThisText, vm: &mut Vm) -> PyResult<()> {
    let mut pending = std::mem::take(&mut this.pending);
    let written = match this.own_buffer(vm) {
        Some(buffer) => Buffered::write(buffer, vm, &pending),
        None => {
            let data = vm.new_bytes(&pending)?;
            call(vm, this.buffer, "write", &[data]).map(drop)
        }
    };
    // The memory is of use again.
    if this.pending.is_empty() && pending.capacity() <= 4 * this.chunk_bytes {
        pending.clear();
        this.pending = pending;
    }
    written
}

/// The bytes of a text, by its encoding's codec.
fn encode(vm: &mut Vm, this: ThisText, text: Value) -> PyResult {
    let data = if this.plain.is_some() {
        call(vm, text, "encode", &[this.encoding, this.errors])?
    } else {
        if this.encoder.is_unbound() {
            TextIo::make_encoder(this, vm)?;
        }
        call(vm, this.encoder, "encode", &[text])?
    };
    if !is_bytes(vm, data) {
        let given = vm.class_name(data);
        return Err(vm.raise_type(&format!("encoder should return a bytes object, not '{given}'")));
    }
    Ok(data)
}
