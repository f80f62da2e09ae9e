//! Bytes between a connection and its socket or its buffers. A socket is tried first and waited for when it is not ready: the bytes
//! of one direction stay in order, whoever calls.

use super::bio::MemoryBio;
use super::error::{Kind, raise, raise_text};
use super::socket::SslSocket;
use crate::socket::object::{Socket, Wait};
use stitch_runtime::host::net;
use stitch_runtime::host::poll::{self, Polled};
use stitch_runtime::host::{HostResult, monotonic_ns};
use stitch_runtime::object::argument::This;
use stitch_runtime::{PyResult, Raised, Vm};

/// As much as a record has, and its frame.
const RECORD_BYTES: usize = 17 << 10;

/// How long a call may wait.
#[derive(Clone, Copy)]
pub struct Patience {
    deadline: Option<i64>,
    /// It does not wait at all.
    is_none: bool,
    /// What it does, for the message when time is up.
    doing: &'static str,
}

impl Patience {
    /// Does a call come back at once, done or not?
    pub fn is_none(self) -> bool {
        self.is_none
    }

    pub fn of(vm: &Vm, this: This<SslSocket>, doing: &'static str) -> Patience {
        let timeout = This::<Socket>::of(vm, this.socket).and_then(|socket| socket.timeout);
        let deadline = timeout.map(|timeout| monotonic_ns().saturating_add(timeout));
        Patience { deadline, is_none: timeout == Some(0), doing }
    }
}

/// The descriptor of a connection's socket; `None` of one with buffers.
fn descriptor(vm: &mut Vm, this: This<SslSocket>) -> PyResult<Option<i32>> {
    match This::<Socket>::of(vm, this.socket) {
        None => Ok(None),
        Some(socket) if socket.fd < 0 => Err(raise_text(vm, "Underlying socket has been closed.")),
        Some(socket) => Ok(Some(socket.fd)),
    }
}

/// Waits until a socket is ready.
fn wait(vm: &mut Vm, fd: i32, direction: Wait, patience: Patience) -> PyResult<()> {
    if patience.is_none {
        let kind = if direction == Wait::ToRead { Kind::WantRead } else { Kind::WantWrite };
        return Err(raise(vm, kind));
    }
    let events = if direction == Wait::ToRead { libc::POLLIN } else { libc::POLLOUT };
    let n = vm.wait_for(|| {
        let left = patience.deadline.map(|deadline| deadline.saturating_sub(monotonic_ns()).max(0));
        poll::poll(&mut [Polled { fd, events, revents: 0 }], left)
    })?;
    match n.map_err(|error| vm.raise_os(&error, None))? {
        0 => Err(vm.raise(vm.exceptions.TimeoutError, &format!("The {} operation timed out", patience.doing))),
        _ => Ok(()),
    }
}

/// A call that does not wait: `None` where it would.
fn attempt<T>(vm: &mut Vm, mut call: impl FnMut() -> HostResult<T>) -> PyResult<Option<T>> {
    loop {
        match call() {
            Ok(value) => return Ok(Some(value)),
            Err(error) if error.errno == libc::EINTR => vm.answer_signals()?,
            Err(error) if error.errno == libc::EAGAIN => return Ok(None),
            Err(error) => return Err(vm.raise_os(&error, None)),
        }
    }
}

/// Sends what is to go out.
pub fn flush(vm: &mut Vm, mut this: This<SslSocket>, patience: Patience) -> PyResult<()> {
    while !this.engine().outgoing.is_empty() {
        let Some(fd) = descriptor(vm, this)? else {
            let mut bio = This::<MemoryBio>::expect(vm, this.outgoing);
            let data = std::mem::take(&mut this.engine().outgoing);
            return bio.put(&data).map_err(|()| vm.raise_memory());
        };
        let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        match attempt(vm, || net::send(fd, &this.engine().outgoing, flags))? {
            Some(n) => {
                this.engine().outgoing.drain(..n);
            }
            None => wait(vm, fd, Wait::ToWrite, patience)?,
        }
    }
    Ok(())
}

/// Sends what can be sent at once; that it cannot be is no trouble here.
pub fn flush_some(vm: &mut Vm, this: This<SslSocket>) {
    let patience = Patience { deadline: None, is_none: true, doing: "write" };
    if let Err(Raised) = flush(vm, this, patience) {
        vm.clear_exception();
    }
}

/// Receives more; marks the connection as cut where there is none.
pub fn fill(vm: &mut Vm, mut this: This<SslSocket>, patience: Patience) -> PyResult<()> {
    let Some(fd) = descriptor(vm, this)? else {
        let mut bio = This::<MemoryBio>::expect(vm, this.incoming);
        if bio.is_at_end() {
            this.engine().is_cut = true;
            return Ok(());
        }
        let n = bio.pending().min(this.engine().room());
        if n == 0 {
            return Err(raise(vm, Kind::WantRead));
        }
        this.engine().feed(&bio.waiting()[..n]);
        bio.take(n);
        return Ok(());
    };
    let mut buffer = [0; RECORD_BYTES];
    let most = this.engine().room().min(RECORD_BYTES);
    match attempt(vm, || net::receive(fd, &mut buffer[..most], libc::MSG_DONTWAIT))? {
        Some(0) => this.engine().is_cut = true,
        Some(n) => this.engine().feed(&buffer[..n]),
        // Whoever calls looks at the connection again: another thread may have got what this one waited for.
        None => wait(vm, fd, Wait::ToRead, patience)?,
    }
    Ok(())
}
