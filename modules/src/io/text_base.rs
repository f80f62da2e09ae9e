//! `_TextIOBase`: streams of text.

use super::base::IO_BASE;
use super::raise_unsupported;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{TypeSpec, getter};
use stitch_runtime::{PyResult, Value, Vm};

pub static TEXT_IO_BASE: TypeSpec = TypeSpec {
    name: "_TextIOBase",
    module: "_io",
    doc: "A stream of text.",
    base: Some(&IO_BASE),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    methods: METHODS,
    getters: &[
        getter("encoding", |_, _| Ok(Value::NONE)).doc("How the text is encoded."),
        getter("newlines", |_, _| Ok(Value::NONE)).doc("The line ends that were read."),
        getter("errors", |_, _| Ok(Value::NONE)).doc("What is done about errors of the encoding."),
    ],
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("detach", "($self, /)", |vm: &mut Vm, _: Value| -> PyResult { Err(raise_unsupported(vm, "detach")) })
        .doc("Gives the stream below away."),
    method("read", "($self, size=-1, /)", |vm: &mut Vm, _: Value, _: Option<Value>| -> PyResult {
        Err(raise_unsupported(vm, "read"))
    })
    .doc("So much text, or all that is to come."),
    method("readline", "($self, size=-1, /)", |vm: &mut Vm, _: Value, _: Option<Value>| -> PyResult {
        Err(raise_unsupported(vm, "readline"))
    })
    .doc("The next line."),
    method("write", "($self, s, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
        Err(raise_unsupported(vm, "write"))
    })
    .doc("Writes text."),
];

/// A step of going through the lines that a Python class gives.
pub fn next_line(vm: &mut Vm, stream: Value) -> PyResult<Option<Value>> {
    let line = super::call(vm, stream, "readline", &[])?;
    let Some(text) = stitch_runtime::object::argument::Str::of(vm, line) else {
        let message = format!("readline() should have returned a str object, not '{}'", vm.class_name(line));
        return Err(vm.raise(vm.exceptions.OSError, &message));
    };
    Ok((text.object().len > 0).then_some(line))
}
