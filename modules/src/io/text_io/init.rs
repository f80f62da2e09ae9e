//! How a `TextIOWrapper` begins, and is changed.

use super::codec::{Plain, lookup};
use super::{Flags, State, TextIo, ThisText, call};
use crate::io::line_end::LineEnd;
use crate::io::raise_unsupported;
use crate::io::unflushed;
use stitch_runtime::object::argument::{OrNone, Str};
use stitch_runtime::{PyResult, Value, Vm};

/// The encoding where none is given.
const DEFAULT: &str = "utf-8";

/// A str, or `None` where it is None or not given.
fn text_or_none(vm: &mut Vm, value: Option<Value>, function: &str, name: &str) -> PyResult<Option<Value>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    let Some(text) = Str::of(vm, value) else {
        let given = vm.class_name(value);
        return Err(vm.raise_type(&format!("{function}() argument '{name}' must be str or None, not {given}")));
    };
    if text.view().position(0, |point| (0xD800..0xE000).contains(&point)).is_some() {
        // It is no text that can be encoded.
        call(vm, value, "encode", &[])?;
    }
    if text.view().position(0, |point| point == 0).is_some() {
        // An encoding that is looked up is not found.
        let shown = text.text();
        return Err(match function {
            "reconfigure" if name == "encoding" => {
                let message = format!("unknown encoding: {}", shown.split('\0').next().unwrap_or_default());
                vm.raise(vm.exceptions.LookupError, &message)
            }
            _ => vm.raise_value("embedded null character"),
        });
    }
    Ok(Some(value))
}

#[expect(clippy::too_many_arguments, reason = "as many as Python's class has")]
pub fn init(
    vm: &mut Vm,
    mut this: ThisText,
    buffer: Value,
    encoding: Option<Value>,
    errors: Option<Value>,
    newline: Option<Value>,
    line_buffering: Option<bool>,
    write_through: Option<bool>,
) -> PyResult<()> {
    this.state = State::New;
    let encoding = text_or_none(vm, encoding, "TextIOWrapper", "encoding")?;
    let errors = text_or_none(vm, errors, "TextIOWrapper", "errors")?;
    let newline = text_or_none(vm, newline, "TextIOWrapper", "newline")?;
    let line_end = line_end_of(vm, newline.unwrap_or(Value::NONE))?;
    let encoding = match encoding {
        Some(encoding) if vm.string_of(encoding) == "locale" => vm.intern("UTF-8"),
        Some(encoding) => encoding,
        None => {
            vm.warn_of_encoding(1)?;
            vm.intern(DEFAULT)
        }
    };
    let errors = errors.unwrap_or_else(|| vm.intern("strict"));
    let plain = plain_of(vm, encoding)?;
    let mut flags = Flags {
        line_buffering: line_buffering.unwrap_or(false),
        write_through: write_through.unwrap_or(false),
        ..Flags::default()
    };
    if let Some(own) = super::Buffered::exact(vm, buffer)
        && let Some([reads, writes, seeks]) = super::Buffered::abilities(own, vm)?
    {
        (flags.is_readable, flags.is_writable, flags.is_seekable, flags.has_read1) = (reads, writes, seeks, true);
    } else {
        let truth = |vm: &mut Vm, method: &str| {
            let answer = call(vm, buffer, method, &[])?;
            vm.is_true(answer)
        };
        flags.is_seekable = truth(vm, "seekable")?;
        flags.is_readable = truth(vm, "readable")?;
        flags.is_writable = truth(vm, "writable")?;
        let name = vm.intern("read1");
        flags.has_read1 = vm.get_attr_opt(buffer, name)?.is_some();
    }
    flags.tells = flags.is_seekable;
    (this.buffer, this.encoding, this.errors) = (buffer, encoding, errors);
    (this.encoder, this.decoder) = (Value::UNBOUND, Value::UNBOUND);
    this.forget_decoded();
    this.ahead.clear();
    this.pending.clear();
    (this.plain, this.line_end, this.flags, this.seen) = (plain, line_end, flags, Default::default());
    vm.barrier(this.pointer());
    make_codec(vm, this)?;
    this.state = State::Ready;
    if this.flags.is_writable && this.mark.is_none() && this.own_buffer(vm).is_some() {
        this.mark = Some(unflushed::note(vm, this.pointer().cast()));
    }
    Ok(())
}

fn line_end_of(vm: &mut Vm, newline: Value) -> PyResult<LineEnd> {
    match LineEnd::of(vm, newline) {
        Some(line_end) => Ok(line_end),
        None => Err(vm.raise_value(&format!("illegal newline value: {}", vm.string_of(newline)))),
    }
}

/// How an encoding is read and written in place, if it can be; LookupError where there is no such encoding of text.
fn plain_of(vm: &mut Vm, encoding: Value) -> PyResult<Option<Plain>> {
    let plain = Plain::named(&vm.string_of(encoding));
    if plain.is_none() {
        lookup(vm, encoding)?;
    }
    Ok(plain)
}

/// Makes what an encoding needs that is not read and written in place.
fn make_codec(vm: &mut Vm, this: ThisText) -> PyResult<()> {
    if this.plain.is_some() {
        return Ok(());
    }
    if this.flags.is_readable {
        TextIo::make_decoder(this, vm)?;
    }
    if this.flags.is_writable {
        TextIo::make_encoder(this, vm)?;
        if this.flags.is_seekable {
            let position = call(vm, this.buffer, "tell", &[])?;
            if !vm.equal(position, Value::small_int(0))? {
                TextIo::reset_encoder(this, vm, false)?;
            }
        }
    }
    Ok(())
}

pub fn reconfigure(
    vm: &mut Vm,
    mut this: ThisText,
    encoding: OrNone<Value>,
    errors: OrNone<Value>,
    newline: Option<Value>,
    line_buffering: OrNone<Value>,
    write_through: OrNone<Value>,
) -> PyResult<()> {
    this.check_attached(vm)?;
    let encoding = text_or_none(vm, encoding.0, "reconfigure", "encoding")?;
    let errors = text_or_none(vm, errors.0, "reconfigure", "errors")?;
    let has_read = !this.ahead.is_empty() || !this.decoded_text.is_unbound();
    if has_read && (encoding.is_some() || errors.is_some() || newline.is_some()) {
        let message = "It is not possible to set the encoding or newline of stream after the first read";
        return Err(raise_unsupported(vm, message));
    }
    let line_end = match newline {
        None => this.line_end,
        Some(newline) => {
            text_or_none(vm, Some(newline), "reconfigure", "newline")?;
            line_end_of(vm, newline)?
        }
    };
    let mut truth = |value: OrNone<Value>, now: bool| {
        value.0.map_or(Ok(now), |value| {
            let word = vm.index_i64(value)?;
            Ok(word != 0)
        })
    };
    let line_buffering = truth(line_buffering, this.flags.line_buffering)?;
    let write_through = truth(write_through, this.flags.write_through)?;
    call(vm, this.value(), "flush", &[])?;
    if encoding.is_some() || errors.is_some() || newline.is_some() {
        let encoding_or = match encoding {
            Some(encoding) if vm.string_of(encoding) == "locale" => vm.intern("UTF-8"),
            Some(encoding) => encoding,
            None => this.encoding,
        };
        let errors = match errors {
            Some(errors) => errors,
            None if encoding.is_some() => vm.intern("strict"),
            None => this.errors,
        };
        let plain = plain_of(vm, encoding_or)?;
        (this.encoding, this.errors, this.plain, this.line_end) = (encoding_or, errors, plain, line_end);
        (this.encoder, this.decoder, this.flags.decodes) = (Value::UNBOUND, Value::UNBOUND, false);
        vm.barrier(this.pointer());
        make_codec(vm, this)?;
    }
    (this.flags.line_buffering, this.flags.write_through) = (line_buffering, write_through);
    Ok(())
}
