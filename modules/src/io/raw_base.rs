//! `_RawIOBase`: streams of bytes that keep nothing back.

use super::base::{IO_BASE, is_bytes};
use super::size::Size;
use super::{DEFAULT_BUFFER_BYTES, call};
use stitch_runtime::builtins::types::BYTEARRAY;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static RAW_IO_BASE: TypeSpec = TypeSpec {
    name: "_RawIOBase",
    module: "_io",
    doc: "A stream of bytes that keeps nothing back: each call is one of the system's.",
    base: Some(&IO_BASE),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    methods: METHODS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("read", "($self, size=-1, /)", read).doc("At most so many bytes; None where there are none yet."),
    method("readall", "($self, /)", read_all).doc("All that is to come."),
    method("readinto", "($self, buffer, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
        Err(vm.raise_with(vm.exceptions.NotImplementedError, &[]))
    })
    .doc("Reads into a buffer."),
    method("write", "($self, b, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
        Err(vm.raise_with(vm.exceptions.NotImplementedError, &[]))
    })
    .doc("Writes bytes."),
];

fn read(vm: &mut Vm, stream: Value, size: Size) -> PyResult {
    let Some(size) = size.0.and_then(|size| usize::try_from(size).ok()) else {
        return call(vm, stream, "readall", &[]);
    };
    let class = Value::object(vm.type_of_spec(&BYTEARRAY));
    let size = vm.new_int_from_usize(size);
    let buffer = vm.call(class, &[size])?;
    let count = call(vm, stream, "readinto", &[buffer])?;
    if count.is_none() {
        return Ok(count);
    }
    let count = vm.index_i64(count)?;
    let data = BytesLike::of(vm, buffer)?;
    match usize::try_from(count) {
        Ok(count) if count <= data.len() => vm.new_bytes(&data[..count]),
        _ => {
            let message = format!("readinto returned {count} outside buffer size {}", data.len());
            Err(vm.raise_value(&message))
        }
    }
}

fn read_all(vm: &mut Vm, stream: Value) -> PyResult {
    let mut all = Vec::new();
    loop {
        let data = call(vm, stream, "read", &[Value::small_int(DEFAULT_BUFFER_BYTES as i64)])?;
        if data.is_none() && all.is_empty() {
            return Ok(data);
        }
        if data.is_none() {
            break;
        }
        if !is_bytes(vm, data) {
            return Err(vm.raise_type("read() should return bytes"));
        }
        let data = BytesLike::of(vm, data)?;
        if data.is_empty() {
            break;
        }
        all.extend_from_slice(&data);
    }
    vm.new_bytes(&all)
}
