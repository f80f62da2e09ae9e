//! Messages with more than bytes: descriptors, credentials and what else sockets carry.

use super::address::{address_of, address_value};
use super::object::{Socket, Wait, wait};
use crate::posix::with_pieces;
use stitch_runtime::host::net::{self, Control, Received};
use stitch_runtime::object::argument::{Index, This, method};
use stitch_runtime::object::buffer::{Request, copied_bytes};
use stitch_runtime::object::layout::{ListObject, TupleObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("CMSG_LEN", "(length, /)", |vm: &mut Vm, len: Index| {
        let len = control_len(vm, len, "CMSG_LEN")?;
        Ok::<usize, stitch_runtime::Raised>(net::control_len(len))
    })
    .doc("How long a control with so many bytes is."),
    method("CMSG_SPACE", "(length, /)", |vm: &mut Vm, len: Index| {
        let len = control_len(vm, len, "CMSG_SPACE")?;
        Ok::<usize, stitch_runtime::Raised>(net::control_space(len))
    })
    .doc("How much room a control with so many bytes takes."),
];

/// What the macros of C can count.
fn control_len(vm: &mut Vm, len: Index, function: &str) -> PyResult<u32> {
    match u32::try_from(len.0) {
        Ok(len) if len < i32::MAX as u32 - 64 => Ok(len),
        _ => Err(vm.raise_overflow(&format!("{function}() argument out of range"))),
    }
}

pub const RECVMSG: NativeRow = method(
    "recvmsg",
    "($self, bufsize, ancbufsize=0, flags=0, /)",
    |vm: &mut Vm, this: This<Socket>, size: Index, control_bytes: Option<Index>, flags: Option<i32>| {
        let Ok(size) = usize::try_from(size.0) else {
            return Err(vm.raise_value("negative buffer size in recvmsg()"));
        };
        let control_bytes = room_of(vm, control_bytes, "recvmsg")?;
        let mut buffer = Vec::new();
        if buffer.try_reserve_exact(size).is_err() {
            return Err(vm.raise_memory());
        }
        buffer.resize(size, 0);
        let pieces = stitch_runtime::host::descriptor::pieces(&mut [&mut buffer[..]]);
        let received = wait(vm, this, Wait::ToRead, |fd| {
            // SAFETY: one piece, the buffer.
            unsafe { net::receive_message(fd, &pieces, control_bytes, flags.unwrap_or(0)) }
        })?;
        let data = vm.new_bytes(&buffer[..received.len.min(size)])?;
        received_value(vm, data, &received)
    },
)
.doc("Bytes of a message, controls that came with them, flags, and where it comes from.");

pub const RECVMSG_INTO: NativeRow = method(
    "recvmsg_into",
    "($self, buffers, ancbufsize=0, flags=0, /)",
    |vm: &mut Vm, this: This<Socket>, buffers: Value, control_bytes: Option<Index>, flags: Option<i32>| {
        let control_bytes = room_of(vm, control_bytes, "recvmsg_into")?;
        let buffers = vm.collect(buffers)?;
        let received = with_pieces(vm, "recvmsg_into", buffers, Request::WRITABLE, |vm, pieces| {
            wait(vm, this, Wait::ToRead, |fd| {
                // SAFETY: the exports, which can be written, are held.
                unsafe { net::receive_message(fd, pieces, control_bytes, flags.unwrap_or(0)) }
            })
        })?;
        let len = vm.new_int_from_usize(received.len);
        received_value(vm, len, &received)
    },
)
.doc("As recvmsg, into several buffers: how many bytes there were, controls, flags, and where it comes from.");

pub const SENDMSG: NativeRow = method(
    "sendmsg",
    "($self, buffers, ancdata=(), flags=0, address=None, /)",
    |vm: &mut Vm,
     this: This<Socket>,
     buffers: Value,
     controls: Option<Value>,
     flags: Option<i32>,
     address: Option<Value>| {
        let address = match address.filter(|address| !address.is_none()) {
            Some(address) => Some(address_of(vm, this.family, address, "sendmsg")?),
            None => None,
        };
        let controls = controls_of(vm, controls)?;
        let buffers = vm.collect(buffers)?;
        with_pieces(vm, "sendmsg", buffers, Request::SIMPLE, |vm, pieces| {
            wait(vm, this, Wait::ToWrite, |fd| {
                // SAFETY: the exports are held.
                unsafe { net::send_message(fd, pieces, &controls, flags.unwrap_or(0), address.as_ref()) }
            })
        })
    },
)
.doc("Sends several buffers as one message, with controls.");

/// More than any system takes.
const MOST_CONTROL_BYTES: i64 = 1 << 20;

fn room_of(vm: &mut Vm, bytes: Option<Index>, method: &str) -> PyResult<usize> {
    match bytes.map_or(0, |bytes| bytes.0) {
        bytes if (0..=MOST_CONTROL_BYTES).contains(&bytes) => Ok(bytes as usize),
        _ => Err(vm.raise_value(&format!("invalid ancillary data buffer size in {method}()"))),
    }
}

fn controls_of(vm: &mut Vm, controls: Option<Value>) -> PyResult<Vec<Control>> {
    let Some(controls) = controls.filter(|controls| !controls.is_none()) else { return Ok(Vec::new()) };
    let list = vm.collect(controls)?;
    let Some(list) = This::<ListObject>::of(vm, list) else { return Ok(Vec::new()) };
    let mut parsed = Vec::with_capacity(list.len);
    for &control in list.items() {
        let control = vm.collect_tuple(control)?;
        let Some(&[level, kind, data]) = This::<TupleObject>::of(vm, control).as_ref().map(|control| control.items())
        else {
            return Err(vm.raise_type("[sendmsg() ancillary data items] must be a sequence of 3 items"));
        };
        let (level, kind, data) = (vm.c_int(level)?, vm.c_int(kind)?, copied_bytes(vm, data)?);
        if data.len() as i64 > MOST_CONTROL_BYTES {
            return Err(super::raise_os_text(vm, "ancillary data item too large"));
        }
        parsed.push(Control { level, kind, data });
    }
    Ok(parsed)
}

fn received_value(vm: &mut Vm, data: Value, received: &Received) -> PyResult {
    let controls = vm.new_list(&[])?;
    for control in &received.controls {
        let data = vm.new_bytes(&control.data)?;
        let [level, kind] = [control.level, control.kind].map(|number| Value::small_int(number.into()));
        let control = vm.new_tuple(&[level, kind, data]);
        vm.list_push(controls.as_ptr(), control)?;
    }
    let address = address_value(vm, &received.address)?;
    Ok(vm.new_tuple(&[data, controls, Value::small_int(received.flags.into()), address]))
}
