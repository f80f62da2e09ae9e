//! `_bz2`: compression by block sorting, under the module `bz2`.

use bzip2::{Action, Compress, Compression, Decompress, Error, Status};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_bz2",
    doc: "Compression by block sorting.",
    types: &[&COMPRESSOR, &DECOMPRESSOR],
    ..ModuleSpec::NEW
};

/// How much room output gets at once.
const STEP_BYTES: usize = 64 << 10;

/// How hard the compressor works on repetitive data; 0: as the library thinks.
const WORK_FACTOR: u32 = 0;

#[repr(C)]
struct Compressor {
    header: Header,
    is_flushed: bool,
    stream: Option<Compress>,
}

static COMPRESSOR: TypeSpec = TypeSpec {
    name: "BZ2Compressor",
    module: "_bz2",
    doc: "What compresses piece by piece: BZ2Compressor(compresslevel=9).",
    layout: Some(Layout::of::<Compressor>(0).finalized_by(|object| {
        // SAFETY: a dead object, which has its stream for itself.
        unsafe { (*object.cast::<Compressor>()).stream = None };
    })),
    is_base: true,
    new: Some(
        method("__new__", "($type, compresslevel=9, /)", new_compressor).doc("A new one, of a level from 1 to 9."),
    ),
    methods: &[
        method("compress", "($self, data, /)", |vm: &mut Vm, this: This<Compressor>, data: BytesLike| -> PyResult {
            if this.is_flushed {
                return Err(vm.raise_value("Compressor has been flushed"));
            }
            compress(vm, this, &data, Action::Run)
        })
        .doc("Takes bytes, and gives what is ready of their compressed form."),
        method("flush", "($self, /)", |vm: &mut Vm, mut this: This<Compressor>| -> PyResult {
            if this.is_flushed {
                return Err(vm.raise_value("Repeated call to flush()"));
            }
            this.is_flushed = true;
            compress(vm, this, &[], Action::Finish)
        })
        .doc("The rest; nothing can come behind."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Compressor {
    const SPEC: &'static TypeSpec = &COMPRESSOR;
}

fn new_compressor(vm: &mut Vm, class: ClassOf<Compressor>, level: Option<Value>) -> PyResult {
    let level = level.map_or(Ok(9), |level| vm.index_i64(level))?;
    if !(1..=9).contains(&level) {
        return Err(vm.raise_value("compresslevel must be between 1 and 9"));
    }
    let stream = Compress::new(Compression::new(level as u32), WORK_FACTOR);
    vm.new_object(class.class, |header| Compressor { header, is_flushed: false, stream: Some(stream) })
}

/// Room for more output.
fn reserve(vm: &mut Vm, out: &mut Vec<u8>, limit: usize) -> PyResult<()> {
    let step = out.len().clamp(STEP_BYTES, 256 << 20).min(limit - out.len());
    out.try_reserve_exact(step).map_err(|_| vm.raise_memory())
}

fn compress(vm: &mut Vm, mut this: This<Compressor>, data: &[u8], action: Action) -> PyResult {
    let Some(stream) = &mut this.stream else { return Err(vm.raise_memory()) };
    let (mut taken, mut out) = (0, Vec::new());
    let is_finish = matches!(action, Action::Finish);
    loop {
        if !is_finish && taken == data.len() {
            break;
        }
        reserve(vm, &mut out, usize::MAX)?;
        let before = stream.total_in();
        let status = stream.compress_vec(&data[taken..], &mut out, action);
        taken += (stream.total_in() - before) as usize;
        match status {
            Ok(Status::StreamEnd) => break,
            Ok(_) => {}
            Err(error) => return Err(raise(vm, &error)),
        }
    }
    vm.new_bytes(&out)
}

fn raise(vm: &mut Vm, error: &Error) -> Raised {
    match error {
        Error::Sequence => vm.raise_runtime("Internal error - Invalid sequence of commands sent to libbzip2"),
        Error::Param => vm.raise_value("Internal error - invalid parameters passed to libbzip2"),
        Error::Data | Error::DataMagic => vm.raise(vm.exceptions.OSError, "Invalid data stream"),
    }
}

#[repr(C)]
struct Decompressor {
    header: Header,
    /// What came behind the end; bytes.
    unused_data: Value,
    is_at_end: bool,
    needs_input: bool,
    /// Input that is still to be taken.
    held: Vec<u8>,
    stream: Option<Decompress>,
}

static DECOMPRESSOR: TypeSpec = TypeSpec {
    name: "BZ2Decompressor",
    module: "_bz2",
    doc: "What decompresses one stream piece by piece.",
    layout: Some(Layout::of::<Decompressor>(1).finalized_by(|object| {
        // SAFETY: a dead object, which has its stream and its input for itself.
        unsafe {
            (*object.cast::<Decompressor>()).stream = None;
            (*object.cast::<Decompressor>()).held = Vec::new();
        }
    })),
    is_base: true,
    new: Some(
        method("__new__", "($type, /)", |vm: &mut Vm, class: ClassOf<Decompressor>| {
            let unused_data = vm.new_bytes(&[])?;
            let stream = Some(Decompress::new(false));
            vm.new_object(class.class, |header| Decompressor {
                header,
                unused_data,
                is_at_end: false,
                needs_input: true,
                held: Vec::new(),
                stream,
            })
        })
        .doc("A new one."),
    ),
    methods: &[method("decompress", "($self, data, max_length=-1)", decompress)
        .doc("Takes bytes, and gives what they stand for, at most so many; negative: all.")],
    getters: &[
        field("eof", |this: This<Decompressor>| this.is_at_end).doc("Did the end come?"),
        field("unused_data", |this: This<Decompressor>| this.unused_data).doc("What came behind the end."),
        field("needs_input", |this: This<Decompressor>| this.needs_input)
            .doc("Is there nothing to come without more input?"),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Decompressor {
    const SPEC: &'static TypeSpec = &DECOMPRESSOR;
}

fn decompress(vm: &mut Vm, mut this: This<Decompressor>, data: BytesLike, max_length: Option<Value>) -> PyResult {
    let limit = match max_length.map_or(Ok(-1), |length| vm.index_i64(length))? {
        ..0 => usize::MAX,
        limit => limit as usize,
    };
    if this.is_at_end {
        return Err(vm.raise(vm.exceptions.EOFError, "End of stream already reached"));
    }
    let mut input = std::mem::take(&mut this.held);
    input.extend_from_slice(&data);
    let Some(stream) = &mut this.stream else { return Err(vm.raise_memory()) };
    let (mut taken, mut out, mut is_at_end) = (0, Vec::new(), false);
    // What is full may have more to give although all input was taken.
    while out.len() < limit {
        reserve(vm, &mut out, limit)?;
        let (before, given) = (stream.total_in(), stream.total_out());
        // The vector may have more room than the limit leaves.
        let room = (out.capacity() - out.len()).min(limit - out.len());
        let status = stream.decompress_uninit(&input[taken..], &mut out.spare_capacity_mut()[..room]);
        taken += (stream.total_in() - before) as usize;
        let n_given = (stream.total_out() - given) as usize;
        // SAFETY: the stream wrote that many bytes into the room behind.
        unsafe { out.set_len(out.len() + n_given) };
        match status {
            Ok(Status::StreamEnd) => {
                is_at_end = true;
                break;
            }
            Ok(_) if n_given == 0 && taken == input.len() => break,
            Ok(_) => {}
            Err(error) => return Err(raise(vm, &error)),
        }
    }
    let rest = &input[taken..];
    this.is_at_end = is_at_end;
    if is_at_end {
        this.needs_input = false;
        this.unused_data = vm.new_bytes(rest)?;
        vm.barrier(this.pointer());
    } else {
        this.needs_input = rest.is_empty() && out.len() < limit;
        this.held = rest.to_vec();
    }
    vm.new_bytes(&out)
}
