//! The type of sockets, and how they wait.

use super::address::{address_of, address_value};
use super::{default_timeout, message, options, transfer};
use crate::posix::{OrRaise, raise_errno};
use crate::time::duration_of;
use stitch_runtime::host::net;
use stitch_runtime::host::poll::{self, Polled};
use stitch_runtime::host::{HostError, HostResult, descriptor, monotonic_ns};
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Socket {
    header: Header,
    /// In nanoseconds; `None`: calls wait as long as it takes, 0: they do not wait.
    pub timeout: Option<i64>,
    /// −1: closed.
    pub fd: i32,
    pub family: i32,
    kind: i32,
    protocol: i32,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Socket {
    const SPEC: &'static TypeSpec = &SOCKET;
}

pub static SOCKET: TypeSpec = TypeSpec {
    name: "socket",
    module: "_socket",
    doc: "An end of a connection.",
    is_base: true,
    layout: Some(Layout::of::<Socket>(0).finalized_by(|object| {
        // SAFETY: a dead socket, whose descriptor is its alone.
        unsafe {
            let fd = (*object.cast::<Socket>()).fd;
            if fd >= 0 {
                _ = descriptor::close(fd);
            }
        }
    })),
    slots: Slots {
        repr: slot(|_: &mut Vm, out: &mut Text, this: This<Socket>| {
            let Socket { fd, family, kind, protocol, .. } = *this;
            out.push_str(&format!("<socket object, fd={fd}, family={family}, type={kind}, proto={protocol}>"));
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<Socket>, _: Rest, _: Keywords| {
                let (fd, family, kind, protocol, timeout) = (-1, 0, 0, 0, None);
                vm.new_object(class.class, |header| Socket { header, timeout, fd, family, kind, protocol })
            },
        )
        .doc("A socket that is not open yet."),
    ),
    methods: METHODS,
    getters: &[
        field("family", |this: This<Socket>| this.family).doc("The family of its addresses."),
        field("type", |this: This<Socket>| this.kind).doc("Its type."),
        field("proto", |this: This<Socket>| this.protocol).doc("Its protocol."),
        field("timeout", |this: This<Socket>| seconds_of_option(this.timeout)).doc("How long it waits, in seconds."),
    ],
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, family=-1, type=-1, proto=-1, fileno=None)", init).doc("Opens the socket."),
    method("_accept", "($self, /)", |vm: &mut Vm, this: This<Socket>| -> PyResult {
        let (fd, address) = wait(vm, this, Wait::ToRead, net::accept)?;
        let address = address_value(vm, &address)?;
        Ok(vm.new_tuple(&[Value::small_int(fd.into()), address]))
    })
    .doc("The descriptor of a connection that was asked for, and who asked."),
    method("bind", "($self, address, /)", |vm: &mut Vm, this: This<Socket>, address: Value| {
        let given = address;
        let address = address_of(vm, this.family, address, "bind")?;
        vm.audit("socket.bind", |vm| vm.new_tuple(&[this.value(), given]))?;
        net::bind(this.fd, &address).or_raise(vm)
    })
    .doc("Gives the socket an address."),
    method("close", "($self, /)", |vm: &mut Vm, mut this: This<Socket>| -> PyResult<()> {
        let fd = std::mem::replace(&mut this.fd, -1);
        if fd < 0 {
            return Ok(());
        }
        match descriptor::close(fd) {
            // A peer that has gone is no trouble any more.
            Err(error) if error.errno == libc::ECONNRESET => Ok(()),
            closed => closed.or_raise(vm),
        }
    })
    .doc("Closes the socket."),
    method("connect", "($self, address, /)", |vm: &mut Vm, this: This<Socket>, address: Value| {
        let given = address;
        let address = address_of(vm, this.family, address, "connect")?;
        vm.audit("socket.connect", |vm| vm.new_tuple(&[this.value(), given]))?;
        connect(vm, this, &address)?.or_raise(vm)
    })
    .doc("Connects to an address."),
    method("connect_ex", "($self, address, /)", |vm: &mut Vm, this: This<Socket>, address: Value| -> PyResult<i32> {
        let address = address_of(vm, this.family, address, "connect_ex")?;
        Ok(connect(vm, this, &address)?.map_or_else(|error| error.errno, |()| 0))
    })
    .doc("Connects to an address; gives the number of the error, or 0."),
    method("detach", "($self, /)", |mut this: This<Socket>| std::mem::replace(&mut this.fd, -1))
        .doc("Gives the descriptor away; the socket is as closed."),
    method("fileno", "($self, /)", |this: This<Socket>| this.fd).doc("The descriptor; -1 of a closed socket."),
    method("getpeername", "($self, /)", |vm: &mut Vm, this: This<Socket>| {
        let address = net::peer_address(this.fd).or_raise(vm)?;
        address_value(vm, &address)
    })
    .doc("The address of the other end."),
    method("getsockname", "($self, /)", |vm: &mut Vm, this: This<Socket>| {
        let address = net::own_address(this.fd).or_raise(vm)?;
        address_value(vm, &address)
    })
    .doc("The address of this end."),
    method("listen", "($self, backlog=128, /)", |vm: &mut Vm, this: This<Socket>, backlog: Option<i32>| {
        net::listen(this.fd, backlog.unwrap_or(128).max(0)).or_raise(vm)
    })
    .doc("Lets others ask for connections."),
    method("shutdown", "($self, how, /)", |vm: &mut Vm, this: This<Socket>, how: i32| {
        net::shut_down(this.fd, how).or_raise(vm)
    })
    .doc("Ends one or both of the directions."),
    method("setblocking", "($self, flag, /)", |vm: &mut Vm, this: This<Socket>, is_blocking: bool| {
        set_timeout(vm, this, (!is_blocking).then_some(0))
    })
    .doc("Sets whether calls wait."),
    method("getblocking", "($self, /)", |this: This<Socket>| this.timeout != Some(0)).doc("Do calls wait?"),
    method("settimeout", "($self, timeout, /)", |vm: &mut Vm, this: This<Socket>, timeout: Value| {
        let timeout = timeout_of(vm, timeout)?;
        set_timeout(vm, this, timeout)
    })
    .doc("Sets how long calls wait, in seconds; None: as long as it takes."),
    method("gettimeout", "($self, /)", |this: This<Socket>| seconds_of_option(this.timeout))
        .doc("How long calls wait, in seconds."),
    options::GET,
    options::SET,
    transfer::RECV,
    transfer::RECV_INTO,
    transfer::RECVFROM,
    transfer::RECVFROM_INTO,
    transfer::SEND,
    transfer::SENDALL,
    transfer::SENDTO,
    message::RECVMSG,
    message::RECVMSG_INTO,
    message::SENDMSG,
];

pub fn seconds_of(timeout: i64) -> f64 {
    timeout as f64 / 1e9
}

fn seconds_of_option(timeout: Option<i64>) -> Option<f64> {
    timeout.map(seconds_of)
}

/// A time to wait, in nanoseconds.
pub fn timeout_of(vm: &mut Vm, timeout: Value) -> PyResult<Option<i64>> {
    if timeout.is_none() {
        return Ok(None);
    }
    let timeout = duration_of(vm, timeout)?;
    if timeout < 0 {
        return Err(vm.raise_value("Timeout value out of range"));
    }
    Ok(Some(timeout))
}

fn set_timeout(vm: &mut Vm, mut this: This<Socket>, timeout: Option<i64>) -> PyResult<()> {
    this.timeout = timeout;
    // The descriptor itself never waits where there is an end to the wait: polling waits.
    descriptor::set_blocking(this.fd, timeout.is_none()).or_raise(vm)
}

fn init(
    vm: &mut Vm,
    mut this: This<Socket>,
    family: Option<i32>,
    kind: Option<i32>,
    protocol: Option<i32>,
    fileno: Option<Value>,
) -> PyResult<()> {
    let [mut family, mut kind, mut protocol] = [family, kind, protocol].map(|number| number.unwrap_or(-1));
    vm.audit("socket.__new__", |vm| {
        let [family, kind, protocol] = [family, kind, protocol].map(|number| Value::small_int(number.into()));
        vm.new_tuple(&[this.value(), family, kind, protocol])
    })?;
    let fd = match fileno.filter(|fileno| !fileno.is_none()) {
        Some(fileno) => {
            if vm.to_float(fileno).is_ok() && !vm.is_index(fileno) {
                return Err(vm.raise_type("integer argument expected, got float"));
            }
            vm.clear_exception();
            let fd = vm.c_int(fileno)?;
            if fd < 0 {
                return Err(vm.raise_value("negative file descriptor"));
            }
            let address = net::own_address(fd);
            match address {
                Ok(address) if family == -1 => family = address.family(),
                Ok(_) => {}
                Err(error) if family == -1 || matches!(error.errno, libc::EBADF | libc::ENOTSOCK) => {
                    return Err(vm.raise_os(&error, None));
                }
                Err(_) => {}
            }
            for (number, name) in [(&mut kind, libc::SO_TYPE), (&mut protocol, libc::SO_PROTOCOL)] {
                if *number == -1 {
                    *number = net::number_option(fd, libc::SOL_SOCKET, name).or_raise(vm)?;
                }
            }
            fd
        }
        None => {
            family = if family == -1 { libc::AF_INET } else { family };
            kind = if kind == -1 { libc::SOCK_STREAM } else { kind };
            protocol = protocol.max(0);
            net::open(family, kind | libc::SOCK_CLOEXEC, protocol).or_raise(vm)?
        }
    };
    let is_nonblocking = kind & libc::SOCK_NONBLOCK != 0;
    this.fd = fd;
    this.family = family;
    this.kind = kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC);
    this.protocol = protocol;
    this.timeout = if is_nonblocking { Some(0) } else { default_timeout(vm) };
    if !is_nonblocking && this.timeout.is_some() {
        descriptor::set_blocking(fd, false).or_raise(vm)?;
    }
    Ok(())
}

/// What a call waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    ToRead,
    ToWrite,
}

/// When a socket's call is to be over.
pub fn deadline_of(this: This<Socket>) -> Option<i64> {
    this.timeout.filter(|timeout| *timeout > 0).map(|timeout| monotonic_ns().saturating_add(timeout))
}

/// Waits until a socket is ready; TimeoutError where it is not in time.
fn wait_until_ready(vm: &mut Vm, fd: i32, direction: Wait, deadline: i64) -> PyResult<()> {
    let events = if direction == Wait::ToRead { libc::POLLIN } else { libc::POLLOUT };
    let n = vm.wait_for(|| {
        let left = deadline.saturating_sub(monotonic_ns()).max(0);
        poll::poll(&mut [Polled { fd, events, revents: 0 }], Some(left))
    })?;
    match n.or_raise(vm)? {
        0 => Err(vm.raise(vm.exceptions.TimeoutError, "timed out")),
        _ => Ok(()),
    }
}

/// Makes a call that may wait, as long as the socket's timeout allows.
pub fn wait<T>(
    vm: &mut Vm,
    this: This<Socket>,
    direction: Wait,
    call: impl FnMut(i32) -> HostResult<T>,
) -> PyResult<T> {
    wait_with(vm, this, direction, deadline_of(this), call)
}

/// As `wait`, of one of several calls that have a time together.
pub fn wait_with<T>(
    vm: &mut Vm,
    this: This<Socket>,
    direction: Wait,
    deadline: Option<i64>,
    mut call: impl FnMut(i32) -> HostResult<T>,
) -> PyResult<T> {
    loop {
        let fd = this.fd;
        if fd < 0 {
            return Err(raise_errno(vm, libc::EBADF));
        }
        if let Some(deadline) = deadline {
            wait_until_ready(vm, fd, direction, deadline)?;
        }
        match vm.wait_for(|| call(fd))? {
            Err(error) if deadline.is_some() && matches!(error.errno, libc::EAGAIN) => {}
            outcome => return outcome.or_raise(vm),
        }
    }
}

/// Connects; a connection that is under way is waited for.
fn connect(vm: &mut Vm, this: This<Socket>, address: &net::Address) -> PyResult<HostResult<()>> {
    let fd = this.fd;
    let deadline = deadline_of(this);
    match net::connect(fd, address) {
        Err(error) if error.errno == libc::EINTR => vm.answer_signals()?,
        Err(error) if error.errno == libc::EINPROGRESS && deadline.is_some() => {}
        outcome => return Ok(outcome),
    }
    match deadline {
        Some(deadline) => wait_until_ready(vm, fd, Wait::ToWrite, deadline)?,
        None => {
            let mut polled = [Polled { fd, events: libc::POLLOUT, revents: 0 }];
            vm.wait_for(|| poll::poll(&mut polled, None))?.or_raise(vm)?;
        }
    }
    Ok(match net::number_option(fd, libc::SOL_SOCKET, libc::SO_ERROR) {
        Ok(0) => Ok(()),
        Ok(errno) if errno == libc::EISCONN => Ok(()),
        Ok(errno) => Err(HostError::of(errno)),
        Err(error) => Err(error),
    })
}
