//! Text that a decoder in Python gave ahead of what was asked for.

use super::codec::Plain;
use super::{TextIo, ThisText, call};
use crate::io::newlines::{NewlineDecoder, pair_of};
use crate::io::{base, newlines};
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

/// What is known of it beside the text and the bytes that it was made of.
#[derive(Clone, Copy, Default)]
pub struct Decoded {
    /// Code points that were given out.
    pub n_used: usize,
    /// What the decoder's state was before those bytes, but for bytes that it had kept back.
    pub flags: i64,
}

impl TextIo {
    /// Is a decoder in Python at work?
    pub(super) fn uses_decoder(&self) -> bool {
        self.flags.decodes || self.plain.is_none()
    }

    pub(super) fn forget_decoded(&mut self) {
        (self.decoded_text, self.decoded_from) = (Value::UNBOUND, Value::UNBOUND);
        self.decoded = Decoded::default();
    }

    /// What is left of the text.
    pub(super) fn decoded_view<'a>(&self, vm: &Vm) -> Option<View<'a>> {
        (!self.decoded_text.is_unbound()).then(|| vm.str_of(self.decoded_text).view())
    }

    pub(super) fn set_decoded(mut this: ThisText, vm: &mut Vm, text: Value) {
        this.decoded_text = text;
        this.decoded.n_used = 0;
        vm.barrier(this.pointer());
    }

    /// At most so many code points of what is left.
    pub(super) fn take_decoded(mut this: ThisText, vm: &mut Vm, limit: usize) -> Value {
        if this.decoded_text.is_unbound() {
            return vm.intern("");
        }
        let (start, len) = (this.decoded.n_used, vm.str_of(this.decoded_text).len);
        let end = start + (len - start).min(limit);
        this.decoded.n_used = end;
        if start == 0 && end == len { this.decoded_text } else { vm.str_slice(this.decoded_text, start, end) }
    }

    /// The decoder's state: the bytes that it keeps back, and its flags.
    pub(super) fn decoder_state(this: ThisText, vm: &mut Vm) -> PyResult<(Value, i64)> {
        let state = call(vm, this.decoder, "getstate", &[])?;
        let (kept, flags) = pair_of(vm, state, "illegal decoder state")?;
        if !base::is_bytes(vm, kept) {
            let given = vm.class_name(kept);
            let message = format!("illegal decoder state: the first item should be a bytes object, not '{given}'");
            return Err(vm.raise_type(&message));
        }
        Ok((kept, flags))
    }

    pub(super) fn set_decoder_state(this: ThisText, vm: &mut Vm, kept: Value, flags: i64) -> PyResult<()> {
        let flags = vm.new_int(flags);
        let state = vm.new_tuple(&[kept, flags]);
        call(vm, this.decoder, "setstate", &[state]).map(drop)
    }

    pub(super) fn decode(this: ThisText, vm: &mut Vm, data: Value, is_final: bool) -> PyResult {
        if let Some(decoder) = This::<NewlineDecoder>::of(vm, this.decoder) {
            return newlines::decode(vm, decoder, data, is_final);
        }
        let text = call(vm, this.decoder, "decode", &[data, Value::bool(is_final)])?;
        if Str::of(vm, text).is_none() {
            let given = vm.class_name(text);
            return Err(vm.raise_type(&format!("decoder should return a string result, not '{given}'")));
        }
        Ok(text)
    }

    /// The next bytes of the stream below.
    pub(super) fn read_bytes(this: ThisText, vm: &mut Vm, size: usize) -> PyResult {
        let method = if this.flags.has_read1 { "read1" } else { "read" };
        let size = vm.new_int_from_usize(size);
        let data = call(vm, this.buffer, method, &[size])?;
        if !vm.is_bytes_like(data) {
            let given = vm.class_name(data);
            let message = format!("underlying {method}() should have returned a bytes-like object, not '{given}'");
            return Err(vm.raise_type(&message));
        }
        Ok(data)
    }

    /// Decodes the next bytes; false at the end.
    pub(super) fn decode_more(mut this: ThisText, vm: &mut Vm, size_hint: usize) -> PyResult<bool> {
        let before = if this.flags.tells { Some(TextIo::decoder_state(this, vm)?) } else { None };
        let size = this.chunk_bytes.max(size_hint);
        let data = TextIo::read_bytes(this, vm, size)?;
        let bytes = BytesLike::of(vm, data)?.to_vec();
        let is_final = bytes.is_empty();
        let text = TextIo::decode(this, vm, data, is_final)?;
        TextIo::set_decoded(this, vm, text);
        if let Some((kept, flags)) = before {
            let mut from = BytesLike::of(vm, kept)?.to_vec();
            from.extend_from_slice(&bytes);
            this.decoded_from = vm.new_bytes(&from)?;
            this.decoded.flags = flags;
            vm.barrier(this.pointer());
        }
        Ok(!is_final || vm.str_of(text).len > 0)
    }

    /// Has a decoder in Python go on with bytes that are no text: it knows what to do about them.
    pub(super) fn hand_to_decoder(mut this: ThisText, vm: &mut Vm, is_final: bool) -> PyResult<()> {
        TextIo::make_decoder(this, vm)?;
        this.flags.decodes = true;
        let mut bytes = std::mem::take(&mut this.ahead.bytes);
        this.ahead.clear();
        let mut flags = 0;
        if bytes.starts_with(b"\r")
            && let Some(mut decoder) = This::<NewlineDecoder>::of(vm, this.decoder)
        {
            bytes.remove(0);
            decoder.newlines.holds_cr = true;
            flags = 1;
        }
        let data = vm.new_bytes(&bytes)?;
        let text = TextIo::decode(this, vm, data, is_final)?;
        TextIo::set_decoded(this, vm, text);
        this.decoded_from = data;
        this.decoded.flags = flags;
        vm.barrier(this.pointer());
        Ok(())
    }

    /// From now on no decoder is needed, until one is again.
    pub(super) fn drop_decoder(mut this: ThisText) {
        if this.flags.decodes && this.plain.is_some() {
            this.flags.decodes = false;
            this.decoder = Value::UNBOUND;
        }
    }

    pub(super) fn newlines(this: ThisText, vm: &mut Vm) -> PyResult {
        if !this.line_end.is_universal() {
            return Ok(Value::NONE);
        }
        match This::<NewlineDecoder>::of(vm, this.decoder) {
            Some(decoder) if this.uses_decoder() => Ok(decoder.newlines.seen.value(vm)),
            _ => Ok(this.seen.value(vm)),
        }
    }

    /// The encoding of what is read ahead, where no decoder is at work.
    #[inline]
    pub(super) fn reads_plain(&self) -> Option<Plain> {
        if self.flags.decodes { None } else { self.plain }
    }
}
