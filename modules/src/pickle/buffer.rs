//! `PickleBuffer`: memory that need not be copied into a pickle.

use super::pickler::{Pickler, ThisPickler};
use super::save::{write_bytearray, write_bytes};
use super::{Kind, opcode, raise};
use stitch_runtime::builtins::types::MEMORYVIEW;
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::buffer::Request;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct PickleBuffer {
    header: Header,
    /// A memoryview, or None when it was released.
    view: Value,
}

type ThisBuffer = This<PickleBuffer>;

pub static PICKLE_BUFFER: TypeSpec = TypeSpec {
    name: "PickleBuffer",
    module: "_pickle",
    doc: "Memory that need not be copied into a pickle.",
    layout: Some(Layout::of::<PickleBuffer>(1)),
    is_weakly_referable: true,
    slots: Slots {
        buffer: slot(|vm: &mut Vm, this: ThisBuffer, request: Request| {
            let view = open(vm, this)?;
            vm.export(view, request)
        }),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, object, /)",
            |vm: &mut Vm, class: ClassOf<PickleBuffer>, object: Value| -> PyResult {
                let view = view_of(vm, object)?;
                vm.new_object(class.class, |header| PickleBuffer { header, view })
            },
        )
        .doc("Of an object with a buffer."),
    ),
    methods: &[
        method("raw", "($self, /)", |vm: &mut Vm, this: ThisBuffer| -> PyResult {
            let view = open(vm, this)?;
            let name = vm.intern("contiguous");
            let is_contiguous = vm.get_attr(view, name)?;
            if !vm.is_true(is_contiguous)? {
                return Err(vm.raise_buffer("cannot extract raw buffer from non-contiguous buffer"));
            }
            let (cast, format) = (vm.intern("cast"), vm.new_str("B"));
            vm.call_method(view, cast, &[format])
        })
        .doc("A memoryview of its bytes."),
        method("release", "($self, /)", |mut this: ThisBuffer| this.view = Value::NONE).doc("Lets the memory go."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for PickleBuffer {
    const SPEC: &'static TypeSpec = &PICKLE_BUFFER;
}

fn view_of(vm: &mut Vm, object: Value) -> PyResult {
    let class = Value::object(vm.type_of_spec(&MEMORYVIEW));
    vm.call(class, &[object])
}

fn open(vm: &mut Vm, this: ThisBuffer) -> PyResult {
    if this.view.is_none() {
        return Err(vm.raise_value("operation forbidden on released PickleBuffer object"));
    }
    Ok(this.view)
}

/// Writes one: in the pickle, or by telling the callback of it.
pub fn save(vm: &mut Vm, mut this: ThisPickler, object: Value) -> PyResult<()> {
    if this.protocol < 5 {
        return Err(raise(vm, Kind::Pickling, "PickleBuffer can only be pickled with protocol >= 5"));
    }
    let buffer = ThisBuffer::expect(vm, object);
    let view = open(vm, buffer)?;
    let attribute = |vm: &mut Vm, name: &str| -> PyResult<bool> {
        let name = vm.intern(name);
        let value = vm.get_attr(view, name)?;
        vm.is_true(value)
    };
    if !attribute(vm, "contiguous")? {
        let message = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
        return Err(raise(vm, Kind::Pickling, message));
    }
    let is_read_only = attribute(vm, "readonly")?;
    let mut in_band = true;
    if !this.buffer_callback.is_none() {
        let answer = vm.call(this.buffer_callback, &[object])?;
        in_band = vm.is_true(answer)?;
    }
    if !in_band {
        this.out.byte(opcode::NEXT_BUFFER);
        if is_read_only {
            this.out.byte(opcode::READONLY_BUFFER);
        }
        return Ok(());
    }
    let data = stitch_runtime::object::buffer::copied_bytes(vm, view)?;
    if is_read_only {
        write_bytes(this, &data);
    } else {
        write_bytearray(this, &data);
    }
    Pickler::memoize(this, vm, object)
}
