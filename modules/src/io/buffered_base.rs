//! `_BufferedIOBase`: streams of bytes that read and write all that they are asked for.

use super::base::{IO_BASE, given_bytes};
use super::{call, raise_unsupported};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::buffer::WritableBytes;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static BUFFERED_IO_BASE: TypeSpec = TypeSpec {
    name: "_BufferedIOBase",
    module: "_io",
    doc: "A stream of bytes that reads and writes all that it is asked for.",
    base: Some(&IO_BASE),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    methods: METHODS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("detach", "($self, /)", |vm: &mut Vm, _: Value| -> PyResult { Err(raise_unsupported(vm, "detach")) })
        .doc("Gives the stream below away."),
    method("read", "($self, size=-1, /)", |vm: &mut Vm, _: Value, _: Option<Value>| -> PyResult {
        Err(raise_unsupported(vm, "read"))
    })
    .doc("So many bytes, or all that are to come."),
    method("read1", "($self, size=-1, /)", |vm: &mut Vm, _: Value, _: Option<Value>| -> PyResult {
        Err(raise_unsupported(vm, "read1"))
    })
    .doc("Bytes that one call of the system gives."),
    method("write", "($self, b, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
        Err(raise_unsupported(vm, "write"))
    })
    .doc("Writes bytes."),
    method("readinto", "($self, buffer, /)", |vm: &mut Vm, stream: Value, buffer: WritableBytes| {
        read_into(vm, stream, buffer, "read")
    })
    .doc("Reads into a buffer; gives how many bytes there were."),
    method("readinto1", "($self, buffer, /)", |vm: &mut Vm, stream: Value, buffer: WritableBytes| {
        read_into(vm, stream, buffer, "read1")
    })
    .doc("As readinto, by one call of the system."),
];

fn read_into(vm: &mut Vm, stream: Value, mut buffer: WritableBytes, read: &str) -> PyResult<usize> {
    let size = vm.new_int_from_usize(buffer.len());
    let data = call(vm, stream, read, &[size])?;
    let data = given_bytes(vm, data, read)?;
    if data.len() > buffer.len() {
        let message =
            format!("{read}() returned too much data: {} bytes requested, {} returned", buffer.len(), data.len());
        return Err(vm.raise_value(&message));
    }
    buffer[..data.len()].copy_from_slice(&data);
    buffer.finish(vm)?;
    Ok(data.len())
}
