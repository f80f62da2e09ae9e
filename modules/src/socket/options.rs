//! Options of sockets.

use super::object::Socket;
use crate::posix::OrRaise;
use stitch_runtime::host::net;
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const GET: NativeRow = method("getsockopt", "($self, level, option, buffersize=0, /)", get)
    .doc("An option: a number, or so many bytes at the most.");
pub const SET: NativeRow = method("setsockopt", "($self, level, option, value, optlen=<unrepresentable>, /)", set)
    .doc("Sets an option to a number, to bytes, or to nothing of a length.");

fn get(vm: &mut Vm, this: This<Socket>, level: i32, name: i32, size: Option<i32>) -> PyResult {
    match size.unwrap_or(0) {
        0 => {
            let number = net::number_option(this.fd, level, name).or_raise(vm)?;
            Ok(Value::small_int(number.into()))
        }
        size if (1..=1024).contains(&size) => {
            let value = net::option(this.fd, level, name, size as usize).or_raise(vm)?;
            vm.new_bytes(&value)
        }
        _ => Err(super::raise_os_text(vm, "getsockopt buflen out of range")),
    }
}

fn set(vm: &mut Vm, this: This<Socket>, level: i32, name: i32, value: Value, len: Option<u32>) -> PyResult<()> {
    let set = match len {
        Some(len) if value.is_none() => net::set_option_empty(this.fd, level, name, len),
        Some(_) => return Err(vm.raise_type("setsockopt() argument 3 must be None when a length is given")),
        None if vm.is_index(value) => {
            let number = vm.c_int(value)?;
            net::set_option(this.fd, level, name, &number.to_ne_bytes())
        }
        None => {
            let value = BytesLike::of(vm, value)?;
            net::set_option(this.fd, level, name, &value)
        }
    };
    set.or_raise(vm)
}
