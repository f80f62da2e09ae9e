//! `compressobj`.

use super::stream::{self, Options, OutOfMemory, Stream};
use super::{MODULE, c_int_of, option, raise, raise_code};
use std::ffi::c_int;
use stitch_runtime::object::argument::{OrNone, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
struct Compress {
    header: Header,
    stream: Option<Stream>,
}

static COMPRESS: TypeSpec = TypeSpec {
    name: "Compress",
    module: MODULE.name,
    doc: "What compresses piece by piece.",
    layout: Some(Layout::of::<Compress>(0).finalized_by(|object| {
        // SAFETY: a dead object, which has its stream for itself.
        unsafe { (*object.cast::<Compress>()).stream = None };
    })),
    methods: &[
        method("compress", "($self, data, /)", |vm: &mut Vm, this: This<Compress>, data: BytesLike| {
            run(vm, this, &data, stream::Z_NO_FLUSH, "while compressing data")
        })
        .doc("Takes bytes, and gives what is ready of their compressed form."),
        method("flush", "($self, mode=4, /)", flush).doc("What is still to come; by default, the end."),
        method("copy", "($self, /)", copy).doc("Another one that goes on from here."),
        COPY,
        method("__deepcopy__", "($self, memo, /)", |vm: &mut Vm, this: This<Compress>, _: Value| copy(vm, this))
            .doc("Another one that goes on from here."),
    ],
    ..TypeSpec::NEW
};

const COPY: NativeRow = method("__copy__", "($self, /)", copy).doc("Another one that goes on from here.");

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Compress {
    const SPEC: &'static TypeSpec = &COMPRESS;
}

pub fn new(
    vm: &mut Vm,
    level: Option<Value>,
    method: Option<Value>,
    wbits: Option<Value>,
    mem_level: Option<Value>,
    strategy: Option<Value>,
    dictionary: OrNone<BytesLike>,
) -> PyResult {
    let options = Options {
        level: option(vm, level, -1)?,
        method: option(vm, method, 8)?,
        wbits: option(vm, wbits, 15)?,
        mem_level: option(vm, mem_level, 8)?,
        strategy: option(vm, strategy, 0)?,
    };
    let mut stream = match Stream::deflate(&options) {
        Ok(stream) => stream,
        Err(stream::Z_MEM_ERROR) => return Err(vm.raise_memory()),
        Err(stream::Z_STREAM_ERROR) => return Err(vm.raise_value("Invalid initialization option")),
        Err(code) => return Err(raise_code(vm, None, code, "while creating compression object")),
    };
    if let Some(dictionary) = dictionary.0 {
        match stream.set_dictionary(&dictionary) {
            stream::Z_OK => {}
            stream::Z_STREAM_ERROR => return Err(vm.raise_value("Invalid dictionary")),
            _ => return Err(vm.raise_value("deflateSetDictionary()")),
        }
    }
    make(vm, stream)
}

fn make(vm: &mut Vm, stream: Stream) -> PyResult {
    let class = vm.type_of_spec(&COMPRESS);
    vm.new_object(class, |header| Compress { header, stream: Some(stream) })
}

fn run(vm: &mut Vm, mut this: This<Compress>, data: &[u8], how: c_int, doing: &str) -> PyResult {
    let Some(stream) = &mut this.stream else { return Err(raise(vm, "inconsistent stream state")) };
    let mut out = Vec::new();
    match stream.run(data, &mut out, usize::MAX, how) {
        Ok((_, stream::Z_STREAM_END)) if how == stream::Z_FINISH => {
            stream.close();
            vm.new_bytes(&out)
        }
        // Nothing was left to be done.
        Ok((_, stream::Z_OK | stream::Z_BUF_ERROR)) => vm.new_bytes(&out),
        Ok((_, code)) => Err(raise_code(vm, Some(stream), code, doing)),
        Err(OutOfMemory) => Err(vm.raise_memory()),
    }
}

fn flush(vm: &mut Vm, this: This<Compress>, mode: Option<Value>) -> PyResult {
    let mode = mode.map_or(Ok(stream::Z_FINISH), |mode| c_int_of(vm, mode))?;
    if mode == stream::Z_NO_FLUSH {
        return vm.new_bytes(&[]);
    }
    run(vm, this, &[], mode, "while flushing")
}

fn copy(vm: &mut Vm, mut this: This<Compress>) -> PyResult {
    match this.stream.as_mut().map(Stream::copy) {
        Some(Ok(stream)) => make(vm, stream),
        None | Some(Err(stream::Z_STREAM_ERROR)) => Err(vm.raise_value("Inconsistent stream state")),
        Some(Err(stream::Z_MEM_ERROR)) => Err(vm.raise_memory()),
        Some(Err(code)) => Err(raise_code(vm, None, code, "while copying compression object")),
    }
}
