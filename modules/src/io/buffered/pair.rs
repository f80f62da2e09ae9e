//! `BufferedRWPair`: one raw stream that is read, and another that is written.

use super::common::chain;
use super::{BUFFERED_READER, BUFFERED_WRITER};
use crate::io::base::check_able;
use crate::io::buffered_base::BUFFERED_IO_BASE;
use crate::io::call;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Pair {
    header: Header,
    /// Unbound before `__init__`.
    reader: Value,
    writer: Value,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Pair {
    const SPEC: &'static TypeSpec = &BUFFERED_PAIR;
}

type ThisPair = This<Pair>;

pub static BUFFERED_PAIR: TypeSpec = TypeSpec {
    name: "BufferedRWPair",
    module: "_io",
    doc: "Two raw streams that belong together: what one gives is read, and the other is written.",
    base: Some(&BUFFERED_IO_BASE),
    layout: Some(Layout::of::<Pair>(2)),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, class: ClassOf<Pair>, _: Rest, _: Keywords| {
            vm.new_object(class.class, |header| Pair { header, reader: Value::UNBOUND, writer: Value::UNBOUND })
        })
        .doc("A new one."),
    ),
    methods: METHODS,
    getters: &[field("closed", |vm: &mut Vm, this: ThisPair| -> PyResult {
        let (_, writer) = this.halves(vm)?;
        let name = vm.intern("closed");
        vm.get_attr(writer, name)
    })
    .doc("Was the half that is written closed?")],
    ..TypeSpec::NEW
};

/// A method that is one of the half's that is read.
const fn of_reader<F>(name: &'static str, signature: &'static str, function: F) -> NativeRow
where
    F: Fn(&mut Vm, ThisPair, Rest) -> PyResult + Copy + 'static,
{
    method::<F, fn(&mut Vm, ThisPair, Rest) -> PyResult>(name, signature, function)
        .doc("As the half does that is read.")
}

macro_rules! forward {
    ($half:tt $name:literal) => {
        of_reader($name, "($self, /, *args)", |vm: &mut Vm, this: ThisPair, arguments: Rest| -> PyResult {
            let half = this.halves(vm)?.$half;
            call(vm, half, $name, arguments.items())
        })
    };
}

const METHODS: &[NativeRow] = &[
    method(
        "__init__",
        "($self, reader, writer, buffer_size=131072, /)",
        |vm: &mut Vm, mut this: ThisPair, reader: Value, writer: Value, size: Option<i64>| -> PyResult<()> {
            check_able(vm, reader, "readable", "File or stream is not readable.")?;
            check_able(vm, writer, "writable", "File or stream is not writable.")?;
            let size = vm.new_int(size.unwrap_or(crate::io::DEFAULT_BUFFER_BYTES as i64));
            let class = Value::object(vm.type_of_spec(&BUFFERED_READER));
            let reader = vm.call(class, &[reader, size])?;
            let class = Value::object(vm.type_of_spec(&BUFFERED_WRITER));
            let writer = vm.call(class, &[writer, size])?;
            (this.reader, this.writer) = (reader, writer);
            vm.barrier(this.pointer());
            Ok(())
        },
    )
    .doc("Takes the stream that is read, the one that is written, and the size of their buffers."),
    forward!(0 "read"),
    forward!(0 "peek"),
    forward!(0 "read1"),
    forward!(0 "readinto"),
    forward!(0 "readinto1"),
    forward!(0 "readable"),
    forward!(1 "write"),
    forward!(1 "flush"),
    forward!(1 "writable"),
    method("close", "($self, /)", |vm: &mut Vm, this: ThisPair| -> PyResult<()> {
        let (reader, writer) = this.halves(vm)?;
        let closed = call(vm, writer, "close", &[]);
        let error = if closed.is_err() { Some(vm.take_exception()) } else { None };
        let closed = call(vm, reader, "close", &[]).map(drop);
        chain(vm, error, closed)
    })
    .doc("Closes both, the one that is written first."),
    method("isatty", "($self, /)", |vm: &mut Vm, this: ThisPair| -> PyResult {
        let (reader, writer) = this.halves(vm)?;
        let answer = call(vm, writer, "isatty", &[])?;
        if answer == Value::FALSE { call(vm, reader, "isatty", &[]) } else { Ok(answer) }
    })
    .doc("Is one of them a terminal?"),
];

impl Pair {
    fn halves(&self, vm: &mut Vm) -> PyResult<(Value, Value)> {
        if self.reader.is_unbound() {
            return Err(vm.raise_value("I/O operation on uninitialized object"));
        }
        Ok((self.reader, self.writer))
    }
}
