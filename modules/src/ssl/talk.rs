//! What the two ends do with a connection: shaking hands, reading, writing, and taking leave.

use super::constants::OP_IGNORE_UNEXPECTED_EOF;
use super::context::Context;
use super::engine::{Step, Taken};
use super::error::{Kind, raise, raise_reason, raise_tls};
use super::socket::SslSocket;
use super::transport::{Patience, fill, flush, flush_some};
use rustls::Error;
use stitch_runtime::object::argument::{Index, This, method};
use stitch_runtime::object::buffer::{BytesLike, WritableBytes};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// As much as one record has.
const MOST_BYTES: usize = 16 << 10;
/// So much is encrypted at once where all of it is waited for.
const PIECE_BYTES: usize = 256 << 10;

/// Alerts of a server that does not know what it was asked.
const HANDSHAKE_FAILURE: u8 = 40;
const INTERNAL_ERROR: u8 = 80;

pub const DO_HANDSHAKE: NativeRow = method("do_handshake", "($self, /)", shake_hands).doc("Agrees with the other end.");

pub const READ: NativeRow = method("read", "($self, size, buffer=<unrepresentable>, /)", read)
    .doc("At most so many bytes, or what is read into a buffer: how many.");

pub const WRITE: NativeRow =
    method("write", "($self, b, /)", write).doc("Sends bytes; gives how many of them were taken.");

pub const SHUTDOWN: NativeRow = method("shutdown", "($self, /)", take_leave)
    .doc("Says that this end is done and hears it from the other; the socket.");

/// Raises what is wrong, and tells the other end.
fn fail(vm: &mut Vm, mut this: This<SslSocket>, error: &Error) -> Raised {
    this.engine().collect();
    flush_some(vm, this);
    let verdict = this.engine().verdict();
    raise_tls(vm, error, verdict.as_ref())
}

fn shake_hands(vm: &mut Vm, mut this: This<SslSocket>) -> PyResult<()> {
    let patience = Patience::of(vm, this, "handshake");
    if this.engine().is_ready() {
        return flush(vm, this, patience);
    }
    loop {
        this.engine().collect();
        flush(vm, this, patience)?;
        match this.engine().shake() {
            Ok(Step::Done) => break,
            Ok(Step::Greeted { server_name, protocols }) => answer(vm, this, server_name, &protocols)?,
            Ok(Step::WantsInput) => {
                flush(vm, this, patience)?;
                if this.engine().is_cut {
                    return Err(raise(vm, Kind::Eof));
                }
                fill(vm, this, patience)?;
            }
            Err(error) => return Err(fail(vm, this, &error)),
        }
    }
    let mut context = This::<Context>::expect(vm, this.context);
    // What was found in a folder is known from now on.
    let found = this.engine().check.as_ref().and_then(|check| check.found.lock().ok()?.chain.last().cloned());
    if let Some(root) = found {
        context.settings().store.add(&root);
    }
    let counts = &mut context.settings().counts;
    *(if this.is_server { &mut counts.accept_good } else { &mut counts.connect_good }) += 1;
    flush(vm, this, patience)
}

/// A server's answer to a client that says whom it wants: the program may choose another context, or refuse.
fn answer(vm: &mut Vm, mut this: This<SslSocket>, name: Option<String>, protocols: &[Vec<u8>]) -> PyResult<()> {
    let callback = This::<Context>::expect(vm, this.context).sni_callback;
    if !callback.is_none()
        && let Some(alert) = ask(vm, this, callback, name)?
    {
        this.engine().refuse(alert);
        flush_some(vm, this);
        return Err(raise_reason(vm, "SSL", Some("CALLBACK_FAILED"), "callback failed"));
    }
    let mut context = This::<Context>::expect(vm, this.context);
    let answered = context.settings().server(protocols).and_then(|(config, check)| this.engine().answer(config, check));
    answered.map_err(|error| fail(vm, this, &error))
}

/// Asks the program; gives the alert with which it refuses.
fn ask(vm: &mut Vm, this: This<SslSocket>, callback: Value, name: Option<String>) -> PyResult<Option<u8>> {
    let name = name.map_or(Value::NONE, |name| vm.new_str(&name));
    let message = "Exception ignored in ssl servername callback";
    match vm.call(callback, &[this.owner, name, this.context]) {
        Ok(answer) if answer.is_none() => Ok(None),
        Ok(answer) => match vm.c_int(answer) {
            Ok(alert) => Ok(Some(alert as u8)),
            Err(Raised) => {
                vm.write_unraisable(message, callback);
                Ok(Some(INTERNAL_ERROR))
            }
        },
        Err(Raised) => {
            vm.write_unraisable(message, callback);
            Ok(Some(HANDSHAKE_FAILURE))
        }
    }
}

/// Reads into memory that nobody else sees; 0: the other end is done.
fn read_some(vm: &mut Vm, mut this: This<SslSocket>, buffer: &mut [u8]) -> PyResult<usize> {
    if !this.engine().is_ready() {
        shake_hands(vm, this)?;
    }
    let patience = Patience::of(vm, this, "read");
    loop {
        match this.engine().read(buffer) {
            Ok(Taken::Bytes(n)) => return Ok(n),
            Ok(Taken::Closed) => return Ok(0),
            Ok(Taken::WantsInput) => {}
            Err(error) => return Err(fail(vm, this, &error)),
        }
        if this.engine().is_cut {
            let options = This::<Context>::expect(vm, this.context).settings().options;
            if options & OP_IGNORE_UNEXPECTED_EOF != 0 {
                return Ok(0);
            }
            return Err(raise(vm, Kind::Eof));
        }
        flush_some(vm, this);
        fill(vm, this, patience)?;
    }
}

fn read(vm: &mut Vm, this: This<SslSocket>, size: Index, buffer: Option<Value>) -> PyResult {
    let Some(buffer) = buffer else {
        let Ok(size) = usize::try_from(size.0) else { return Err(vm.raise_value("size should not be negative")) };
        if size == 0 {
            return vm.new_bytes(&[]);
        }
        let mut data = vec![0; size.min(MOST_BYTES)];
        let n = read_some(vm, this, &mut data)?;
        return vm.new_bytes(&data[..n]);
    };
    let Some(mut target) = WritableBytes::of(vm, buffer)? else {
        let given = vm.class_name(buffer);
        return Err(vm.raise_type(&format!("read() argument 2 must be read-write bytes-like object, not {given}")));
    };
    let room = match usize::try_from(size.0) {
        Ok(size) if size > 0 => size.min(target.len()),
        _ => target.len(),
    };
    let got = if room == 0 { Ok(0) } else { read_some(vm, this, &mut target[..room]) };
    target.finish(vm)?;
    got.map(|n| vm.new_int_from_usize(n))
}

fn write(vm: &mut Vm, mut this: This<SslSocket>, data: BytesLike) -> PyResult<usize> {
    if !this.engine().is_ready() {
        shake_hands(vm, this)?;
    }
    let patience = Patience::of(vm, this, "write");
    flush(vm, this, patience)?;
    // The bytes of a call that could not be done are these.
    let taken = std::mem::take(&mut this.engine().unreported);
    if taken > 0 {
        return Ok(taken.min(data.len()));
    }
    if patience.is_none() {
        let n = this.engine().write(&data[..data.len().min(MOST_BYTES)]);
        return match flush(vm, this, patience) {
            Ok(()) => Ok(n),
            Err(raised) => {
                this.engine().unreported = n;
                Err(raised)
            }
        };
    }
    for piece in data.chunks(PIECE_BYTES) {
        this.engine().write(piece);
        flush(vm, this, patience)?;
        vm.answer_signals()?;
    }
    Ok(data.len())
}

fn take_leave(vm: &mut Vm, mut this: This<SslSocket>) -> PyResult {
    if !this.engine().is_ready() {
        return Err(raise_reason(vm, "SSL", Some("SHUTDOWN_WHILE_IN_INIT"), "shutdown while in init"));
    }
    let patience = Patience::of(vm, this, "read");
    this.engine().close();
    flush(vm, this, patience)?;
    loop {
        match this.engine().read(&mut [0; 1]) {
            Ok(Taken::Closed) => return Ok(this.socket),
            Ok(Taken::Bytes(_)) => {
                let reason = Some("APPLICATION_DATA_AFTER_CLOSE_NOTIFY");
                return Err(raise_reason(vm, "SSL", reason, "application data after close notify"));
            }
            Ok(Taken::WantsInput) if this.engine().is_cut => return Err(raise(vm, Kind::Eof)),
            Ok(Taken::WantsInput) => fill(vm, this, patience)?,
            Err(error) => return Err(fail(vm, this, &error)),
        }
    }
}
