//! `tell` and `seek`. Where a decoder in Python is at work, a position is a cookie: where to go in the stream below, the
//! decoder's state there, how many bytes to decode then, and how many code points of the outcome to skip.
//!
//! ```text
//!   | position: 8 bytes | flags: 4 | bytes to feed: 4 | points to skip: 4 | is the end fed, too: 1 |
//! ```

use super::{Buffered, TextIo, ThisText, call};
use crate::io::raise_unsupported;
use stitch_runtime::builtins::types::INT;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Value, Vm};

const COOKIE_BYTES: usize = 21;

/// What a cookie says.
#[derive(Default, Debug, PartialEq, Eq)]
struct Cookie {
    position: i64,
    flags: i32,
    n_feed: u32,
    n_skip: u32,
    feeds_end: bool,
}

impl Cookie {
    fn of(vm: &mut Vm, value: Value) -> PyResult<Cookie> {
        let (size, order) = (Value::small_int(COOKIE_BYTES as i64), vm.intern("little"));
        let bytes = call(vm, value, "to_bytes", &[size, order])?;
        let bytes = BytesLike::of(vm, bytes)?;
        let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        Ok(Cookie {
            position: i64::from_le_bytes(std::array::from_fn(|i| bytes[i])),
            flags: word(8) as i32,
            n_feed: word(12),
            n_skip: word(16),
            feeds_end: bytes[20] != 0,
        })
    }

    fn value(&self, vm: &mut Vm) -> PyResult {
        if *self == (Cookie { position: self.position, ..Cookie::default() }) {
            return Ok(vm.new_int(self.position));
        }
        let mut bytes = self.position.to_le_bytes().to_vec();
        bytes.extend(self.flags.to_le_bytes());
        bytes.extend(self.n_feed.to_le_bytes());
        bytes.extend(self.n_skip.to_le_bytes());
        bytes.push(self.feeds_end.into());
        let (class, bytes) = (Value::object(vm.type_of_spec(&INT)), vm.new_bytes(&bytes)?);
        let order = vm.intern("little");
        call(vm, class, "from_bytes", &[bytes, order])
    }
}

fn check_seekable(vm: &mut Vm, this: ThisText) -> PyResult<()> {
    if this.flags.is_seekable { Ok(()) } else { Err(raise_unsupported(vm, "underlying stream is not seekable")) }
}

/// Where the stream below is.
fn position_below(vm: &mut Vm, this: ThisText) -> PyResult<i64> {
    match this.own_buffer(vm) {
        Some(buffer) => Buffered::tell(buffer, vm),
        None => {
            let position = call(vm, this.buffer, "tell", &[])?;
            vm.index_i64(position)
        }
    }
}

pub fn tell(vm: &mut Vm, this: ThisText) -> PyResult {
    TextIo::check_open(this, vm)?;
    check_seekable(vm, this)?;
    if !this.flags.tells {
        return Err(vm.raise(vm.exceptions.OSError, "telling position disabled by next() call"));
    }
    TextIo::write_pending(this, vm)?;
    call(vm, this.value(), "flush", &[])?;
    let position = position_below(vm, this)?;
    if this.reads_plain().is_some() {
        return Ok(vm.new_int(position - this.ahead.unread() as i64));
    }
    if this.decoder.is_unbound() || this.decoded_from.is_unbound() {
        return Ok(vm.new_int(position));
    }
    let from = BytesLike::of(vm, this.decoded_from)?.to_vec();
    let start =
        Cookie { position: position - from.len() as i64, flags: this.decoded.flags as i32, ..Cookie::default() };
    if this.decoded.n_used == 0 {
        return start.value(vm);
    }
    let (kept, flags) = TextIo::decoder_state(this, vm)?;
    let cookie = locate(vm, this, start, &from);
    let error = if cookie.is_err() { Some(vm.take_exception()) } else { None };
    TextIo::set_decoder_state(this, vm, kept, flags)?;
    match error {
        Some(error) => Err(vm.raise_value_object(error)),
        None => cookie?.value(vm),
    }
}

/// The cookie of where so much of what was decoded was given out. `start`: before the bytes that it was decoded from.
fn locate(vm: &mut Vm, this: ThisText, start: Cookie, from: &[u8]) -> PyResult<Cookie> {
    let n_used = this.decoded.n_used;
    let mut cookie = start;
    let (mut n_skip, mut at) = (n_used, 0);
    // Near the place, where the decoder keeps nothing back.
    let mut guess = from.len().min(n_used);
    let mut step = 1;
    while guess > 0 {
        restart(vm, this, cookie.flags)?;
        let n_points = feed(vm, this, &from[..guess], false)?;
        if n_points <= n_used {
            let (n_kept, flags) = kept_back(vm, this)?;
            if n_kept == 0 {
                (at, n_skip, cookie.flags) = (guess, n_used - n_points, flags as i32);
                break;
            }
            guess -= n_kept.min(guess);
            step = 1;
        } else {
            guess -= step.min(guess);
            step *= 2;
        }
    }
    if at == 0 {
        restart(vm, this, cookie.flags)?;
    }
    cookie.position += at as i64;
    if n_skip == 0 {
        return Ok(cookie);
    }
    // From there byte by byte.
    let (mut n_fed, mut n_points) = (0, 0);
    for byte in &from[at..] {
        n_fed += 1;
        n_points += feed(vm, this, std::slice::from_ref(byte), false)?;
        let (n_kept, flags) = kept_back(vm, this)?;
        if n_kept == 0 && n_points <= n_skip {
            cookie.position += n_fed;
            n_skip -= n_points;
            (cookie.flags, n_fed, n_points) = (flags as i32, 0, 0);
        }
        if n_points >= n_skip {
            (cookie.n_feed, cookie.n_skip) = (n_fed as u32, n_skip as u32);
            return Ok(cookie);
        }
    }
    n_points += feed(vm, this, &[], true)?;
    if n_points < n_skip {
        return Err(vm.raise(vm.exceptions.OSError, "can't reconstruct logical file position"));
    }
    (cookie.n_feed, cookie.n_skip, cookie.feeds_end) = (n_fed as u32, n_skip as u32, true);
    Ok(cookie)
}

fn restart(vm: &mut Vm, this: ThisText, flags: i32) -> PyResult<()> {
    let nothing = vm.new_bytes(&[])?;
    TextIo::set_decoder_state(this, vm, nothing, flags.into())
}

/// How many code points the decoder makes of bytes.
fn feed(vm: &mut Vm, this: ThisText, data: &[u8], is_final: bool) -> PyResult<usize> {
    let data = vm.new_bytes(data)?;
    let text = TextIo::decode(this, vm, data, is_final)?;
    Ok(vm.str_of(text).len)
}

/// How many bytes the decoder keeps back, and its flags.
fn kept_back(vm: &mut Vm, this: ThisText) -> PyResult<(usize, i64)> {
    let (kept, flags) = TextIo::decoder_state(this, vm)?;
    Ok((vm.len(kept)?, flags))
}

pub fn seek(vm: &mut Vm, this: ThisText, cookie: Value, whence: Option<i32>) -> PyResult {
    TextIo::check_open(this, vm)?;
    check_seekable(vm, this)?;
    let zero = Value::small_int(0);
    match whence.unwrap_or(0) {
        0 => go_to(vm, this, cookie),
        1 => {
            if !vm.equal(cookie, zero)? {
                return Err(raise_unsupported(vm, "can't do nonzero cur-relative seeks"));
            }
            // What was read ahead is let go, too.
            let cookie = call(vm, this.value(), "tell", &[])?;
            go_to(vm, this, cookie)
        }
        2 => {
            if !vm.equal(cookie, zero)? {
                return Err(raise_unsupported(vm, "can't do nonzero end-relative seeks"));
            }
            call(vm, this.value(), "flush", &[])?;
            forget(vm, this)?;
            let end = call(vm, this.buffer, "seek", &[zero, Value::small_int(2)])?;
            let is_at_start = vm.equal(end, zero)?;
            TextIo::reset_encoder(this, vm, is_at_start)?;
            Ok(end)
        }
        other => Err(vm.raise_value(&format!("invalid whence ({other}, should be 0, 1 or 2)"))),
    }
}

/// Lets go of what was read ahead.
fn forget(vm: &mut Vm, mut this: ThisText) -> PyResult<()> {
    this.ahead.clear();
    this.forget_decoded();
    TextIo::drop_decoder(this);
    if !this.decoder.is_unbound() {
        call(vm, this.decoder, "reset", &[])?;
    }
    Ok(())
}

fn go_to(vm: &mut Vm, mut this: ThisText, target: Value) -> PyResult {
    let zero = Value::small_int(0);
    if !vm.is_index(target) {
        let given = vm.class_name(target);
        return Err(vm.raise_type(&format!("'{given}' object cannot be interpreted as an integer")));
    }
    if vm.less_than(target, zero)? {
        let shown = vm.repr(target)?;
        return Err(vm.raise_value(&format!("negative seek position {}", vm.string_of(shown))));
    }
    call(vm, this.value(), "flush", &[])?;
    let cookie = Cookie::of(vm, target)?;
    let position = vm.new_int(cookie.position);
    call(vm, this.buffer, "seek", &[position])?;
    forget(vm, this)?;
    let is_plain = cookie == Cookie { position: cookie.position, ..Cookie::default() };
    if !is_plain && this.flags.is_readable && this.decoder.is_unbound() {
        TextIo::make_decoder(this, vm)?;
        this.flags.decodes = true;
    }
    // At the very start the decoder is as it was made.
    if !this.decoder.is_unbound() && (cookie.position != 0 || cookie.flags != 0) {
        restart(vm, this, cookie.flags)?;
    }
    if cookie.n_skip > 0 && !this.decoder.is_unbound() {
        let size = vm.new_int(cookie.n_feed.into());
        let data = call(vm, this.buffer, "read", &[size])?;
        let text = TextIo::decode(this, vm, data, cookie.feeds_end)?;
        TextIo::set_decoded(this, vm, text);
        this.decoded_from = data;
        this.decoded.flags = cookie.flags.into();
        vm.barrier(this.pointer());
        if vm.str_of(text).len < cookie.n_skip as usize {
            return Err(vm.raise(vm.exceptions.OSError, "can't restore logical file position"));
        }
        this.decoded.n_used = cookie.n_skip as usize;
    }
    TextIo::reset_encoder(this, vm, cookie.position == 0)?;
    Ok(target)
}
