//! The standard streams, and writing to streams of text without a call of a method.

use super::buffered::{BUFFERED_READER, BUFFERED_WRITER};
use super::file_io::FILE_IO;
use super::text_io::{TEXT_IO, TextIo, ThisText};
use stitch_runtime::builtins::streams::{StreamOptions, Streams};
use stitch_runtime::host::{fs, standard, terminal};
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::header::Header;
use stitch_runtime::{PyResult, Value, Vm};

/// What `_io` does for the VM.
pub struct NativeStreams;

/// For `Machine::open_streams`.
pub static STREAMS: NativeStreams = NativeStreams;

const NAMES: [&str; 3] = ["<stdin>", "<stdout>", "<stderr>"];
const STDERR: i32 = 2;

impl Streams for NativeStreams {
    fn open_standard(&self, vm: &mut Vm, fd: i32, options: &StreamOptions) -> PyResult {
        let is_kept = vm.out.is_kept(fd);
        standard::close_again(fd);
        if !is_kept && fs::status(fd).is_err() {
            return Ok(Value::NONE);
        }
        let is_input = fd == 0;
        let is_unbuffered = options.is_unbuffered && !is_input;
        let is_terminal = !is_kept && terminal::is_terminal(fd);
        let mode = if is_input { "r" } else { "w" };
        let (class, mode) = (Value::object(vm.type_of_spec(&FILE_IO)), vm.intern(mode));
        let raw = vm.call(class, &[Value::small_int(fd.into()), mode, Value::FALSE])?;
        vm.heap.forget_finalizer(raw.as_ptr::<Header>());
        let (name, shown) = (vm.intern("name"), vm.intern(NAMES[fd as usize]));
        vm.set_attr(raw, name, shown)?;
        let buffer = if is_unbuffered {
            raw
        } else {
            let spec = if is_input { &BUFFERED_READER } else { &BUFFERED_WRITER };
            let class = Value::object(vm.type_of_spec(spec));
            let buffer = vm.call(class, &[raw])?;
            vm.heap.forget_finalizer(buffer.as_ptr::<Header>());
            buffer
        };
        let encoding = vm.intern(options.encoding.as_deref().unwrap_or("utf-8"));
        let errors = if fd == STDERR { "backslashreplace" } else { options.errors.as_deref().unwrap_or("strict") };
        let (errors, newline) = (vm.intern(errors), vm.intern("\n"));
        let line_buffering = Value::bool(!is_unbuffered && (is_terminal || fd == STDERR));
        let class = Value::object(vm.type_of_spec(&TEXT_IO));
        let text = vm.call(class, &[buffer, encoding, errors, newline, line_buffering, Value::bool(is_unbuffered)])?;
        vm.heap.forget_finalizer(text.as_ptr::<Header>());
        let name = vm.intern("mode");
        vm.set_attr(text, name, mode)?;
        Ok(text)
    }

    fn open_function(&self, vm: &mut Vm) -> PyResult {
        Ok(super::open_function(vm))
    }

    #[inline]
    fn knows(&self, vm: &mut Vm, stream: Value) -> bool {
        // What a program has put in a method's place is called.
        TextIo::exact(vm, stream).is_some()
            && [vm.names.write, vm.names.flush].iter().all(|&name| vm.own_attribute(stream, name).is_none())
    }

    fn write(&self, vm: &mut Vm, stream: Value, text: Str) -> PyResult<()> {
        TextIo::write(known(vm, stream), vm, text)
    }

    fn write_ascii(&self, vm: &mut Vm, stream: Value, text: &[u8]) -> PyResult<()> {
        TextIo::write_ascii(known(vm, stream), vm, text)
    }

    fn flush(&self, vm: &mut Vm, stream: Value) -> PyResult<()> {
        TextIo::flush(known(vm, stream), vm)
    }
}

fn known(vm: &Vm, stream: Value) -> ThisText {
    This::expect(vm, stream)
}
