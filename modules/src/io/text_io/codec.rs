//! Encodings that are read and written in place, and the codecs of Python for all others.

use super::{TextIo, ThisText};
use crate::io::{call, newlines};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

/// An encoding of which ASCII is a part, and which keeps nothing from one piece to the next but parts of characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plain {
    Utf8,
    Ascii,
    Latin1,
}

impl Plain {
    pub fn named(name: &str) -> Option<Plain> {
        match name.to_ascii_lowercase().replace(['_', ' '], "-").as_str() {
            "utf-8" | "utf8" | "u8" => Some(Plain::Utf8),
            "ascii" | "us-ascii" | "646" => Some(Plain::Ascii),
            "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" => Some(Plain::Latin1),
            _ => None,
        }
    }

    /// Appends text; where it has something that the encoding has not got, nothing, and gives false.
    pub fn encode(self, view: View<'_>, to: &mut Vec<u8>) -> bool {
        match (self, view) {
            (Plain::Latin1, View::One(data)) => to.extend_from_slice(data),
            (_, View::One(data)) if data.is_ascii() => to.extend_from_slice(data),
            (Plain::Utf8, _) => {
                let start = to.len();
                for point in view.code_points() {
                    match char::from_u32(point) {
                        Some(character) => {
                            to.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                        }
                        None => {
                            to.truncate(start);
                            return false;
                        }
                    }
                }
            }
            _ => return false,
        }
        true
    }

    /// How many of the bytes are text that is complete; `None`: some are no text. `is_final`: no more follow.
    pub fn complete_bytes(self, data: &[u8], is_final: bool) -> Option<usize> {
        match self {
            Plain::Latin1 => Some(data.len()),
            Plain::Ascii => data.is_ascii().then_some(data.len()),
            Plain::Utf8 => match std::str::from_utf8(data) {
                Ok(_) => Some(data.len()),
                Err(error) if error.error_len().is_none() && !is_final => Some(error.valid_up_to()),
                Err(_) => None,
            },
        }
    }

    /// The text of bytes that are complete.
    #[inline]
    pub fn decode(self, vm: &mut Vm, data: &[u8]) -> Value {
        match self {
            Plain::Utf8 if !data.is_ascii() => match std::str::from_utf8(data) {
                Ok(text) => vm.new_str(text),
                Err(_) => vm.str_from_latin1(data),
            },
            _ => vm.str_from_latin1(data),
        }
    }
}

/// What the library's `codecs` know of an encoding; LookupError where it is none of text.
pub fn lookup(vm: &mut Vm, encoding: Value) -> PyResult {
    let codecs = vm.import_dotted("_codecs")?;
    let info = call(vm, codecs, "lookup", &[encoding])?;
    let name = vm.intern("_is_text_encoding");
    if let Some(is_text) = vm.get_attr_opt(info, name)?
        && !vm.is_true(is_text)?
    {
        let name = vm.string_of(encoding);
        let message = format!("'{name}' is not a text encoding");
        return Err(vm.raise(vm.exceptions.LookupError, &message));
    }
    Ok(info)
}

impl TextIo {
    /// A codec's object that goes through text piece by piece.
    fn incremental(this: ThisText, vm: &mut Vm, kind: &str) -> PyResult {
        let info = lookup(vm, this.encoding)?;
        call(vm, info, kind, &[this.errors])
    }

    /// Makes the decoder, with what sees to line ends around it.
    pub(super) fn make_decoder(mut this: ThisText, vm: &mut Vm) -> PyResult<()> {
        let mut decoder = TextIo::incremental(this, vm, "incrementaldecoder")?;
        if this.line_end.is_universal() {
            let translates = this.line_end == crate::io::line_end::LineEnd::Translated;
            let mut around = newlines::make(vm, decoder, translates)?;
            around.newlines.seen = this.seen;
            decoder = around.value();
        }
        this.decoder = decoder;
        vm.barrier(this.pointer());
        Ok(())
    }

    pub(super) fn make_encoder(mut this: ThisText, vm: &mut Vm) -> PyResult<()> {
        this.encoder = TextIo::incremental(this, vm, "incrementalencoder")?;
        vm.barrier(this.pointer());
        Ok(())
    }

    /// Has the encoder begin as at the start of a file, or not.
    pub(super) fn reset_encoder(this: ThisText, vm: &mut Vm, is_at_start: bool) -> PyResult<()> {
        if this.encoder.is_unbound() {
            return Ok(());
        }
        match is_at_start {
            true => call(vm, this.encoder, "reset", &[])?,
            false => call(vm, this.encoder, "setstate", &[Value::small_int(0)])?,
        };
        Ok(())
    }
}
