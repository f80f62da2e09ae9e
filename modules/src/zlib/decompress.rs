//! `decompressobj`.

use super::stream::{self, OutOfMemory, Stream};
use super::{MODULE, option, raise_code};
use std::ffi::c_int;
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
struct Decompress {
    header: Header,
    /// What came behind the end; bytes.
    unused_data: Value,
    /// What a limit left; bytes.
    unconsumed_tail: Value,
    /// The dictionary that the stream may ask for; unbound: none.
    dictionary: Value,
    is_at_end: bool,
    stream: Option<Stream>,
}

static DECOMPRESS: TypeSpec = TypeSpec {
    name: "Decompress",
    module: MODULE.name,
    doc: "What decompresses piece by piece.",
    layout: Some(Layout::of::<Decompress>(3).finalized_by(|object| {
        // SAFETY: a dead object, which has its stream for itself.
        unsafe { (*object.cast::<Decompress>()).stream = None };
    })),
    methods: &[
        method("decompress", "($self, data, /, max_length=0)", decompress)
            .doc("Takes bytes, and gives what they stand for, at most so many; 0: all."),
        method("flush", "($self, length=16384, /)", flush).doc("What is still to come."),
        method("copy", "($self, /)", copy).doc("Another one that goes on from here."),
        method("__copy__", "($self, /)", copy).doc("Another one that goes on from here."),
        method("__deepcopy__", "($self, memo, /)", |vm: &mut Vm, this: This<Decompress>, _: Value| copy(vm, this))
            .doc("Another one that goes on from here."),
    ],
    getters: &[
        field("unused_data", |this: This<Decompress>| this.unused_data).doc("What came behind the end."),
        field("unconsumed_tail", |this: This<Decompress>| this.unconsumed_tail)
            .doc("The input that is left because the output had its limit."),
        field("eof", |this: This<Decompress>| this.is_at_end).doc("Did the end come?"),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Decompress {
    const SPEC: &'static TypeSpec = &DECOMPRESS;
}

pub fn new(vm: &mut Vm, wbits: Option<Value>, dictionary: Option<Value>) -> PyResult {
    let wbits = option(vm, wbits, 15)?;
    let dictionary = dictionary.unwrap_or(Value::UNBOUND);
    let stream = open(vm, wbits, dictionary)?;
    let empty = vm.new_bytes(&[])?;
    let class = vm.type_of_spec(&DECOMPRESS);
    vm.new_object(class, |header| Decompress {
        header,
        unused_data: empty,
        unconsumed_tail: empty,
        dictionary,
        is_at_end: false,
        stream: Some(stream),
    })
}

/// A stream, with its dictionary where there is no frame to tell that it is wanted.
pub fn open(vm: &mut Vm, wbits: c_int, dictionary: Value) -> PyResult<Stream> {
    if !dictionary.is_unbound() && !vm.is_bytes_like(dictionary) {
        return Err(vm.raise_type("zdict argument must support the buffer protocol"));
    }
    let mut stream = match Stream::inflate(wbits) {
        Ok(stream) => stream,
        Err(stream::Z_MEM_ERROR) => return Err(vm.raise_memory()),
        Err(stream::Z_STREAM_ERROR) => return Err(vm.raise_value("Invalid initialization option")),
        Err(code) => return Err(raise_code(vm, None, code, "while creating decompression object")),
    };
    if !dictionary.is_unbound() && wbits < 0 {
        give_dictionary(vm, &mut stream, dictionary)?;
    }
    Ok(stream)
}

pub fn give_dictionary(vm: &mut Vm, stream: &mut Stream, dictionary: Value) -> PyResult<()> {
    let bytes = BytesLike::of(vm, dictionary)?;
    match stream.set_dictionary(&bytes) {
        stream::Z_OK => Ok(()),
        code => Err(raise_code(vm, Some(stream), code, "while setting zdict")),
    }
}

/// Runs a stream, which gets its dictionary when it asks for it.
pub fn run(
    vm: &mut Vm,
    stream: &mut Stream,
    dictionary: Value,
    data: &[u8],
    out: &mut Vec<u8>,
    limit: usize,
    how: c_int,
) -> PyResult<(usize, c_int)> {
    let mut taken = 0;
    loop {
        let (more, code) = match stream.run(&data[taken..], out, limit, how) {
            Ok(step) => step,
            Err(OutOfMemory) => return Err(vm.raise_memory()),
        };
        taken += more;
        if code != stream::Z_NEED_DICT || dictionary.is_unbound() {
            return Ok((taken, code));
        }
        give_dictionary(vm, stream, dictionary)?;
    }
}

/// Keeps what was not taken of the input.
fn keep_rest(vm: &mut Vm, mut this: This<Decompress>, rest: &[u8], code: c_int) -> PyResult<()> {
    if code == stream::Z_STREAM_END {
        if !rest.is_empty() {
            let mut all = BytesLike::of(vm, this.unused_data)?.to_vec();
            all.extend_from_slice(rest);
            this.unused_data = vm.new_bytes(&all)?;
        }
        this.unconsumed_tail = vm.new_bytes(&[])?;
    } else {
        this.unconsumed_tail = vm.new_bytes(rest)?;
    }
    vm.barrier(this.pointer());
    Ok(())
}

fn closed(vm: &mut Vm) -> Raised {
    raise_code(vm, None, stream::Z_STREAM_ERROR, "while decompressing data")
}

fn decompress(vm: &mut Vm, mut this: This<Decompress>, data: BytesLike, max_length: Option<Value>) -> PyResult {
    let limit = match max_length.map_or(Ok(0), |length| vm.index_i64(length))? {
        ..0 => return Err(vm.raise_value("max_length must be non-negative")),
        0 => usize::MAX,
        limit => limit as usize,
    };
    let Some(mut stream) = this.stream.take() else { return Err(closed(vm)) };
    let mut out = Vec::new();
    let ran = run(vm, &mut stream, this.dictionary, &data, &mut out, limit, stream::Z_SYNC_FLUSH);
    let failed = match &ran {
        Ok((_, stream::Z_OK | stream::Z_BUF_ERROR | stream::Z_STREAM_END)) | Err(Raised) => None,
        Ok((_, code)) => Some((*code, stream.message())),
    };
    this.stream = Some(stream);
    let (taken, code) = ran?;
    keep_rest(vm, this, &data[taken..], code)?;
    if code == stream::Z_STREAM_END {
        this.is_at_end = true;
    }
    if failed.is_some() {
        return Err(raise_code(vm, this.stream.as_ref(), code, "while decompressing data"));
    }
    vm.new_bytes(&out)
}

fn flush(vm: &mut Vm, mut this: This<Decompress>, length: Option<Value>) -> PyResult {
    if let Some(length) = length
        && vm.index_i64(length)? <= 0
    {
        return Err(vm.raise_value("length must be greater than zero"));
    }
    let Some(mut stream) = this.stream.take() else { return Err(closed(vm)) };
    let data = BytesLike::of(vm, this.unconsumed_tail)?;
    let mut out = Vec::new();
    let ran = run(vm, &mut stream, this.dictionary, &data, &mut out, usize::MAX, stream::Z_FINISH);
    let is_at_end = matches!(ran, Ok((_, stream::Z_STREAM_END)));
    let ended = if is_at_end { stream.close() } else { stream::Z_OK };
    this.stream = Some(stream);
    let (taken, code) = ran?;
    keep_rest(vm, this, &data[taken..], code)?;
    if is_at_end {
        this.is_at_end = true;
        if ended != stream::Z_OK {
            return Err(raise_code(vm, this.stream.as_ref(), ended, "while finishing decompression"));
        }
    }
    vm.new_bytes(&out)
}

fn copy(vm: &mut Vm, mut this: This<Decompress>) -> PyResult {
    let stream = match this.stream.as_mut().map(Stream::copy) {
        Some(Ok(stream)) => stream,
        None | Some(Err(stream::Z_STREAM_ERROR)) => return Err(vm.raise_value("Inconsistent stream state")),
        Some(Err(stream::Z_MEM_ERROR)) => return Err(vm.raise_memory()),
        Some(Err(code)) => return Err(raise_code(vm, None, code, "while copying decompression object")),
    };
    let class = vm.type_of_spec(&DECOMPRESS);
    vm.new_object(class, |header| Decompress {
        header,
        unused_data: this.unused_data,
        unconsumed_tail: this.unconsumed_tail,
        dictionary: this.dictionary,
        is_at_end: this.is_at_end,
        stream: Some(stream),
    })
}
