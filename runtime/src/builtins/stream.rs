//! The standard streams, and `open`.

use crate::host;
use crate::object::argument::{Keywords, OrNone, Str, This, method};
use crate::object::buffer::BytesLike;
use crate::object::layout::StreamObject;
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

type ThisStream = This<StreamObject>;

pub static TEXT_STREAM: TypeSpec = TypeSpec {
    name: "TextIOWrapper",
    doc: "A standard stream.",
    is_weakly_referable: true,
    slots: Slots {
        iter: Some(|_, stream| Ok(stream)),
        next: slot(|vm: &mut Vm, this: ThisStream| {
            let line = read_line(vm, this)?;
            Ok((!line.is_empty()).then(|| vm.new_str(&line)))
        }),
        ..Slots::NONE
    },
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("write", "($self, text, /)", write).doc("Writes a text; how long that is."),
    method("writelines", "($self, lines, /)", writelines).doc("Writes all texts of an iterable."),
    method("flush", "($self, /)", |vm: &mut Vm, this: ThisStream| {
        if this.descriptor == 1 {
            vm.out.flush();
        }
    })
    .doc("Writes what was kept back."),
    method("read", "($self, size=-1, /)", read).doc("All that is to come."),
    method("readline", "($self, size=-1, /)", |vm: &mut Vm, this: ThisStream, _: Option<Value>| read_line(vm, this))
        .doc("The next line with its end; an empty text where there is none."),
    method("isatty", "($self, /)", |vm: &mut Vm, this: ThisStream| this.descriptor == 1 && vm.out.is_terminal())
        .doc("Is it a terminal?"),
    method("fileno", "($self, /)", |this: ThisStream| i64::from(this.descriptor)).doc("The descriptor."),
    method("writable", "($self, /)", |this: ThisStream| this.descriptor != 0).doc("Can it be written?"),
    method("readable", "($self, /)", |this: ThisStream| this.descriptor == 0).doc("Can it be read?"),
    method("reconfigure", "($self, /, **kwargs)", |_: ThisStream, _: Keywords| ()).doc("Changes nothing."),
];

const GETTERS: &[GetSetRow] = &[
    field("encoding", |_: ThisStream| "utf-8").doc("How texts are encoded."),
    field("errors", |_: ThisStream| "strict").doc("What is done about errors of the encoding."),
    field("closed", |_: ThisStream| false).doc("Is it closed?"),
    field("mode", |this: ThisStream| if this.descriptor == 0 { "r" } else { "w" }).doc("The mode as `open` has it."),
    field("name", |this: ThisStream| ["<stdin>", "<stdout>", "<stderr>"][this.descriptor.min(2) as usize])
        .doc("The name, in angle brackets."),
    field("buffer", |vm: &mut Vm, this: ThisStream| vm.new_stream(this.descriptor, true)).doc("The stream of bytes."),
];

/// What `builtins` has of this.
pub const FUNCTIONS: &[NativeRow] = &[method(
    "open",
    "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
    open,
)
.doc("Opens a file.")];

impl Vm {
    /// A standard stream, of text or of bytes.
    pub fn new_stream(&mut self, descriptor: u32, is_binary: bool) -> Value {
        self.make(BuiltinType::TextStream, |header| StreamObject { header, descriptor, is_binary })
    }
}

fn write(vm: &mut Vm, this: ThisStream, text: Value) -> PyResult<usize> {
    if this.descriptor == 0 {
        return Err(vm.raise(vm.exceptions.OSError, "not writable"));
    }
    if this.is_binary {
        let data = BytesLike::of(vm, text)?;
        let file = if this.descriptor == 1 { &mut vm.out } else { &mut vm.err };
        file.write(&data);
        return Ok(data.len());
    }
    let Some(text) = Str::of(vm, text) else {
        let message = format!("write() argument must be str, not {}", vm.class_name(text));
        return Err(vm.raise_type(&message));
    };
    if this.descriptor == 1 {
        vm.write_output(text);
    } else {
        vm.err.write(text.text().as_bytes());
    }
    Ok(text.object().len)
}

fn writelines(vm: &mut Vm, this: ThisStream, lines: Value) -> PyResult<()> {
    let iterator = vm.get_iter(lines)?;
    while let Some(line) = vm.iter_next(iterator)? {
        write(vm, this, line)?;
    }
    Ok(())
}

fn check_readable(vm: &mut Vm, this: ThisStream) -> PyResult<()> {
    if this.descriptor == 0 { Ok(()) } else { Err(vm.raise(vm.exceptions.OSError, "not readable")) }
}

fn read(vm: &mut Vm, this: ThisStream, _size: Option<Value>) -> PyResult {
    check_readable(vm, this)?;
    match vm.allow_threads(host::read_stdin) {
        Ok(data) if this.is_binary => vm.new_bytes(&data),
        Ok(data) => super::codec::decode(vm, &data, Value::UNBOUND, Value::UNBOUND),
        Err(error) => Err(vm.raise_host(&error, None)),
    }
}

fn read_line(vm: &mut Vm, this: ThisStream) -> PyResult<String> {
    check_readable(vm, this)?;
    vm.allow_threads(host::read_stdin_line).map_err(|error| vm.raise_host(&error, None))
}

/// Files are objects of the module `io`.
#[expect(clippy::too_many_arguments, reason = "as many as Python's function has")]
fn open(
    vm: &mut Vm,
    file: Value,
    mode: Option<Value>,
    buffering: Option<Value>,
    encoding: OrNone<Value>,
    errors: OrNone<Value>,
    newline: OrNone<Value>,
    closefd: Option<Value>,
    opener: OrNone<Value>,
) -> PyResult {
    let io = vm.import_dotted("io")?;
    let name = vm.intern("_open");
    let open = vm.get_attr(io, name)?;
    let mode = mode.unwrap_or_else(|| vm.intern("r"));
    let buffering = buffering.unwrap_or(Value::small_int(-1));
    let closefd = closefd.unwrap_or(Value::TRUE);
    let [encoding, errors, newline, opener] =
        [encoding, errors, newline, opener].map(|option| option.0.unwrap_or(Value::NONE));
    vm.call(open, &[file, mode, buffering, encoding, errors, newline, closefd, opener])
}
