//! Sending and receiving bytes.

use super::address::{address_of, address_value};
use super::object::{Socket, Wait, deadline_of, wait, wait_with};
use crate::posix::raise_errno;
use stitch_runtime::host::net::{self, Address};
use stitch_runtime::object::argument::{Index, Rest, This, method};
use stitch_runtime::object::buffer::{BytesLike, WritableBytes};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const RECV: NativeRow = method(
    "recv",
    "($self, buffersize, flags=0, /)",
    |vm: &mut Vm, this: This<Socket>, size: Index, flags: Option<i32>| {
        let flags = flags.unwrap_or(0);
        let (bytes, _) = receive(vm, this, size.0, "recv", |fd, buffer| Ok((net::receive(fd, buffer, flags)?, ())))?;
        Ok::<Value, stitch_runtime::Raised>(bytes)
    },
)
.doc("At most so many bytes; none where the other end has nothing more to say.");

pub const RECV_INTO: NativeRow = method(
    "recv_into",
    "($self, /, buffer, nbytes=0, flags=0)",
    |vm: &mut Vm, this: This<Socket>, buffer: WritableBytes, most: Option<Index>, flags: Option<i32>| {
        let flags = flags.unwrap_or(0);
        receive_into(vm, this, buffer, most, "recv_into", |fd, buffer| Ok((net::receive(fd, buffer, flags)?, ())))
            .map(|(len, ())| len)
    },
)
.doc("Receives into a buffer; gives how many bytes there were.");

pub const RECVFROM: NativeRow = method(
    "recvfrom",
    "($self, buffersize, flags=0, /)",
    |vm: &mut Vm, this: This<Socket>, size: Index, flags: Option<i32>| {
        let flags = flags.unwrap_or(0);
        let (bytes, address) = receive(vm, this, size.0, "recvfrom", |fd, buffer| from(fd, buffer, flags))?;
        let address = address_value(vm, &address)?;
        Ok::<Value, stitch_runtime::Raised>(vm.new_tuple(&[bytes, address]))
    },
)
.doc("At most so many bytes, and where they come from.");

pub const RECVFROM_INTO: NativeRow = method(
    "recvfrom_into",
    "($self, /, buffer, nbytes=0, flags=0)",
    |vm: &mut Vm, this: This<Socket>, buffer: WritableBytes, most: Option<Index>, flags: Option<i32>| {
        let flags = flags.unwrap_or(0);
        let (len, address) =
            receive_into(vm, this, buffer, most, "recvfrom_into", |fd, buffer| from(fd, buffer, flags))?;
        let address = address_value(vm, &address)?;
        let len = vm.new_int_from_usize(len);
        Ok::<Value, stitch_runtime::Raised>(vm.new_tuple(&[len, address]))
    },
)
.doc("Receives into a buffer: how many bytes there were, and where they come from.");

pub const SEND: NativeRow = method(
    "send",
    "($self, data, flags=0, /)",
    |vm: &mut Vm, this: This<Socket>, data: BytesLike, flags: Option<i32>| {
        wait(vm, this, Wait::ToWrite, |fd| net::send(fd, &data, flags.unwrap_or(0)))
    },
)
.doc("Sends bytes; gives how many were sent.");

pub const SENDALL: NativeRow = method("sendall", "($self, data, flags=0, /)", send_all).doc("Sends all of some bytes.");

pub const SENDTO: NativeRow = method("sendto", "($self, /, *args)", send_to)
    .doc("Sends bytes to an address: sendto(data, address) or sendto(data, flags, address).");

fn from(fd: i32, buffer: &mut [u8], flags: i32) -> stitch_runtime::host::HostResult<(usize, Address)> {
    let mut address = Address::empty();
    let len = net::receive_from(fd, buffer, flags, &mut address)?;
    Ok((len, address))
}

fn receive<T>(
    vm: &mut Vm,
    this: This<Socket>,
    size: i64,
    method: &str,
    mut call: impl FnMut(i32, &mut [u8]) -> stitch_runtime::host::HostResult<(usize, T)>,
) -> PyResult<(Value, T)> {
    let Ok(size) = usize::try_from(size) else {
        return Err(vm.raise_value(&format!("negative buffersize in {method}")));
    };
    let mut few = [0u8; 4096];
    let mut many = Vec::new();
    let buffer = if size <= few.len() {
        &mut few[..size]
    } else {
        if many.try_reserve_exact(size).is_err() {
            return Err(vm.raise_memory());
        }
        many.resize(size, 0);
        &mut many[..]
    };
    let (len, rest) = wait(vm, this, Wait::ToRead, |fd| call(fd, buffer))?;
    Ok((vm.new_bytes(&buffer[..len.min(size)])?, rest))
}

fn receive_into<T>(
    vm: &mut Vm,
    this: This<Socket>,
    mut buffer: WritableBytes,
    most: Option<Index>,
    method: &str,
    mut call: impl FnMut(i32, &mut [u8]) -> stitch_runtime::host::HostResult<(usize, T)>,
) -> PyResult<(usize, T)> {
    let most = match usize::try_from(most.map_or(0, |most| most.0)) {
        Ok(0) => buffer.len(),
        Ok(most) if most > buffer.len() => {
            buffer.finish(vm)?;
            return Err(vm.raise_value("buffer too small for requested bytes"));
        }
        Ok(most) => most,
        Err(_) => {
            buffer.finish(vm)?;
            return Err(vm.raise_value(&format!("negative buffersize in {method}")));
        }
    };
    let received = wait(vm, this, Wait::ToRead, |fd| call(fd, &mut buffer[..most]));
    buffer.finish(vm)?;
    received
}

fn send_all(vm: &mut Vm, this: This<Socket>, data: BytesLike, flags: Option<i32>) -> PyResult<()> {
    let (deadline, flags) = (deadline_of(this), flags.unwrap_or(0));
    let mut at = 0;
    while at < data.len() {
        at += wait_with(vm, this, Wait::ToWrite, deadline, |fd| net::send(fd, &data[at..], flags))?;
        vm.answer_signals()?;
    }
    Ok(())
}

fn send_to(vm: &mut Vm, this: This<Socket>, arguments: Rest) -> PyResult<usize> {
    let (data, flags, address) = match *arguments.items() {
        [data, address] => (data, 0, address),
        [data, flags, address] => (data, vm.c_int(flags)?, address),
        _ => {
            let n = arguments.items().len();
            return Err(vm.raise_type(&format!("sendto() takes 2 or 3 arguments ({n} given)")));
        }
    };
    if this.fd < 0 {
        return Err(raise_errno(vm, libc::EBADF));
    }
    let data = BytesLike::of(vm, data)?;
    let address = address_of(vm, this.family, address, "sendto")?;
    wait(vm, this, Wait::ToWrite, |fd| net::send_to(fd, &data, flags, &address))
}
