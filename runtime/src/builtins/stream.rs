//! The standard streams, and `open`.

use super::receiver::object_of;
use crate::host;
use crate::object::buffer::BytesLike;
use crate::object::layout::StreamObject;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static TEXT_STREAM: TypeSpec = TypeSpec {
    name: "TextIOWrapper",
    doc: "A standard stream.",
    slots: Slots {
        iter: Some(|_, stream| Ok(stream)),
        next: Some(|vm, stream| {
            let line = readline(vm, &[stream, Value::UNBOUND])?;
            Ok(vm.is_true(line)?.then_some(line))
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    native("write", "($self, text, /)", write),
    native("writelines", "($self, lines, /)", writelines),
    native("flush", "($self, /)", flush),
    native("read", "($self, size=-1, /)", read),
    native("readline", "($self, size=-1, /)", readline),
    native("isatty", "($self, /)", |vm, args| {
        let stream = receiver(vm, args)?;
        Ok(Value::bool(stream.descriptor == 1 && vm.out.is_terminal()))
    }),
    native("fileno", "($self, /)", |vm, args| Ok(Value::small_int(receiver(vm, args)?.descriptor as i64))),
    native("writable", "($self, /)", |vm, args| Ok(Value::bool(receiver(vm, args)?.descriptor != 0))),
    native("readable", "($self, /)", |vm, args| Ok(Value::bool(receiver(vm, args)?.descriptor == 0))),
    native("reconfigure", "($self, /, **kwargs)", |_, _| Ok(Value::NONE)),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::TextStream, METHODS);
    vm.add_getters(
        BuiltinType::TextStream,
        &[
            ("encoding", |vm, _| Ok(vm.new_str("utf-8"))),
            ("errors", |vm, _| Ok(vm.new_str("strict"))),
            ("closed", |_, _| Ok(Value::FALSE)),
            ("mode", |vm, value| {
                let text = if receiver(vm, &[value])?.descriptor == 0 { "r" } else { "w" };
                Ok(vm.new_str(text))
            }),
            ("name", |vm, value| {
                let name = ["<stdin>", "<stdout>", "<stderr>"][receiver(vm, &[value])?.descriptor.min(2) as usize];
                Ok(vm.new_str(name))
            }),
            ("buffer", |vm, value| {
                let descriptor = receiver(vm, &[value])?.descriptor;
                Ok(vm.new_stream(descriptor, true))
            }),
        ],
    );
    let dict = vm.builtins;
    vm.add_functions(
        dict,
        "_io",
        &[native(
            "open",
            "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
            open,
        )],
    );
}

impl Vm {
    /// A standard stream, of text or of bytes.
    pub fn new_stream(&mut self, descriptor: u32, is_binary: bool) -> Value {
        self.make(BuiltinType::TextStream, |header| StreamObject { header, descriptor, is_binary })
    }
}

fn receiver<'a>(vm: &mut Vm, args: &[Value]) -> PyResult<&'a StreamObject> {
    vm.check_receiver(args[0], BuiltinType::TextStream)?;
    Ok(object_of(args[0]))
}

fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    let stream = receiver(vm, args)?;
    let text = args[1];
    if stream.descriptor == 0 {
        return Err(vm.raise(vm.exceptions.OSError, "not writable"));
    }
    if stream.is_binary {
        let data = BytesLike::of(vm, text)?;
        if stream.descriptor == 1 {
            vm.out.write(&data);
        } else {
            vm.err.write(&data);
        }
        return Ok(Value::small_int(data.len() as i64));
    }
    let len = super::str_arg(vm, text, "write() argument")?.len;
    if stream.descriptor == 1 {
        vm.write_output(text);
    } else {
        vm.err.write(str_to_string(text).as_bytes());
    }
    Ok(Value::small_int(len as i64))
}

fn writelines(vm: &mut Vm, args: &[Value]) -> PyResult {
    let iterator = vm.get_iter(args[1])?;
    while let Some(line) = vm.iter_next(iterator)? {
        write(vm, &[args[0], line])?;
    }
    Ok(Value::NONE)
}

fn flush(vm: &mut Vm, args: &[Value]) -> PyResult {
    if receiver(vm, args)?.descriptor == 1 {
        vm.out.flush();
    }
    Ok(Value::NONE)
}

fn read(vm: &mut Vm, args: &[Value]) -> PyResult {
    let stream = receiver(vm, args)?;
    if stream.descriptor != 0 {
        return Err(vm.raise(vm.exceptions.OSError, "not readable"));
    }
    match host::read_stdin() {
        Ok(data) if stream.is_binary => vm.new_bytes(&data),
        Ok(data) => super::string::codec::decode(vm, &data, Value::UNBOUND, Value::UNBOUND),
        Err(error) => Err(vm.raise_host(&error, None)),
    }
}

fn readline(vm: &mut Vm, args: &[Value]) -> PyResult {
    if receiver(vm, args)?.descriptor != 0 {
        return Err(vm.raise(vm.exceptions.OSError, "not readable"));
    }
    match host::read_stdin_line() {
        Ok(line) => Ok(vm.new_str(&line)),
        Err(error) => Err(vm.raise_host(&error, None)),
    }
}

/// Files are objects of the module `io`.
fn open(vm: &mut Vm, args: &[Value]) -> PyResult {
    let io = vm.import_dotted("io")?;
    let name = vm.intern("_open");
    let open = vm.get_attr(io, name)?;
    let or_none = |value: Value| if value.is_unbound() { Value::NONE } else { value };
    let mode = if args[1].is_unbound() { vm.new_str("r") } else { args[1] };
    vm.call(open, &[args[0], mode, or_none(args[3]), or_none(args[4]), or_none(args[5])])
}
