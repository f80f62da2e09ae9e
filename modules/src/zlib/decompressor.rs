//! `_ZlibDecompressor`: decompresses one stream, and holds back the input that a limit left.

use super::decompress::{open, run};
use super::stream::{self, Stream};
use super::{MODULE, option, raise_code};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
struct Decompressor {
    header: Header,
    /// What came behind the end; bytes.
    unused_data: Value,
    /// Unbound: none.
    dictionary: Value,
    is_at_end: bool,
    needs_input: bool,
    /// Input that is still to be taken.
    held: Vec<u8>,
    stream: Option<Stream>,
}

pub static DECOMPRESSOR: TypeSpec = TypeSpec {
    name: "_ZlibDecompressor",
    module: MODULE.name,
    doc: "What decompresses one stream piece by piece: _ZlibDecompressor(wbits=15, zdict=b'').",
    layout: Some(Layout::of::<Decompressor>(2).finalized_by(|object| {
        // SAFETY: a dead object, which has its stream and its input for itself.
        unsafe {
            (*object.cast::<Decompressor>()).stream = None;
            (*object.cast::<Decompressor>()).held = Vec::new();
        }
    })),
    new: Some(method("__new__", "($type, wbits=15, zdict=b'')", new).doc("A new one.")),
    methods: &[method("decompress", "($self, data, max_length=-1)", decompress)
        .doc("Takes bytes, and gives what they stand for, at most so many; negative: all.")],
    getters: &[
        field("unused_data", |this: This<Decompressor>| this.unused_data).doc("What came behind the end."),
        field("needs_input", |this: This<Decompressor>| this.needs_input)
            .doc("Is there nothing to come without more input?"),
        field("eof", |this: This<Decompressor>| this.is_at_end).doc("Did the end come?"),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Decompressor {
    const SPEC: &'static TypeSpec = &DECOMPRESSOR;
}

fn new(vm: &mut Vm, class: ClassOf<Decompressor>, wbits: Option<Value>, dictionary: Option<Value>) -> PyResult {
    let wbits = option(vm, wbits, 15)?;
    let dictionary = dictionary.unwrap_or(Value::UNBOUND);
    let stream = open(vm, wbits, dictionary)?;
    let unused_data = vm.new_bytes(&[])?;
    vm.new_object(class.class, |header| Decompressor {
        header,
        unused_data,
        dictionary,
        is_at_end: false,
        needs_input: true,
        held: Vec::new(),
        stream: Some(stream),
    })
}

fn decompress(vm: &mut Vm, mut this: This<Decompressor>, data: BytesLike, max_length: Option<Value>) -> PyResult {
    let limit = match max_length.map_or(Ok(-1), |length| vm.index_i64(length))? {
        ..0 => usize::MAX,
        limit => limit as usize,
    };
    if this.is_at_end {
        return Err(vm.raise(vm.exceptions.EOFError, "End of stream already reached"));
    }
    let Some(mut stream) = this.stream.take() else {
        return Err(raise_code(vm, None, stream::Z_STREAM_ERROR, "while decompressing data"));
    };
    let mut held = std::mem::take(&mut this.held);
    let has_held = !held.is_empty();
    if has_held {
        held.extend_from_slice(&data);
    }
    let input: &[u8] = if has_held { &held } else { &data };
    let mut out = Vec::new();
    let ran = run(vm, &mut stream, this.dictionary, input, &mut out, limit, stream::Z_SYNC_FLUSH);
    this.stream = Some(stream);
    let (taken, code) = match ran {
        Ok(step) => step,
        Err(Raised) => return Err(Raised),
    };
    let rest = &input[taken..];
    match code {
        stream::Z_STREAM_END => {
            this.is_at_end = true;
            this.needs_input = false;
            this.unused_data = vm.new_bytes(rest)?;
            vm.barrier(this.pointer());
        }
        stream::Z_OK | stream::Z_BUF_ERROR => {
            // What is full may have more to give although all input was taken.
            this.needs_input = rest.is_empty() && out.len() < limit;
            this.held = rest.to_vec();
        }
        code => return Err(raise_code(vm, this.stream.as_ref(), code, "while decompressing data")),
    }
    vm.new_bytes(&out)
}
