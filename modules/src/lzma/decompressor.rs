//! `LZMADecompressor`.

use super::filter::{chain_of, filters_of};
use super::{CHECK_NONE, CHECK_UNKNOWN, FORMAT_ALONE, FORMAT_AUTO, FORMAT_RAW, FORMAT_XZ, raise_error, reserve};
use liblzma::stream::{Action, Error, Status, Stream};
use stitch_runtime::object::argument::{ClassOf, OrNone, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Decompressor {
    header: Header,
    /// What came behind the end; bytes.
    unused_data: Value,
    check: i64,
    is_at_end: bool,
    needs_input: bool,
    /// The first bytes of a container, which tell of its check.
    start: [u8; 8],
    n_started: usize,
    /// Input that is still to be taken.
    held: Vec<u8>,
    stream: Option<Stream>,
}

/// How an xz container begins.
const XZ_MAGIC: [u8; 6] = [0xFD, b'7', b'z', b'X', b'Z', 0];

pub static DECOMPRESSOR: TypeSpec = TypeSpec {
    name: "LZMADecompressor",
    module: "_lzma",
    doc: "What decompresses one stream piece by piece: LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None).",
    layout: Some(Layout::of::<Decompressor>(1).finalized_by(|object| {
        // SAFETY: a dead object, which has its stream and its input for itself.
        unsafe {
            (*object.cast::<Decompressor>()).stream = None;
            (*object.cast::<Decompressor>()).held = Vec::new();
        }
    })),
    is_base: true,
    new: Some(method("__new__", "($type, format=0, memlimit=None, filters=None)", new).doc("A new one.")),
    methods: &[method("decompress", "($self, data, max_length=-1)", decompress)
        .doc("Takes bytes, and gives what they stand for, at most so many; negative: all.")],
    getters: &[
        field("check", |this: This<Decompressor>| this.check).doc("The integrity check, as far as it is known."),
        field("eof", |this: This<Decompressor>| this.is_at_end).doc("Did the end come?"),
        field("needs_input", |this: This<Decompressor>| this.needs_input)
            .doc("Is there nothing to come without more input?"),
        field("unused_data", |this: This<Decompressor>| this.unused_data).doc("What came behind the end."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Decompressor {
    const SPEC: &'static TypeSpec = &DECOMPRESSOR;
}

fn new(
    vm: &mut Vm,
    class: ClassOf<Decompressor>,
    format: Option<Value>,
    limit: OrNone<Value>,
    filters: OrNone<Value>,
) -> PyResult {
    let format = format.map_or(Ok(FORMAT_AUTO), |format| vm.index_i64(format))?;
    if limit.0.is_some() && format == FORMAT_RAW {
        return Err(vm.raise_value("Cannot specify memory limit with FORMAT_RAW"));
    }
    let limit = match limit.0 {
        None => u64::MAX,
        Some(limit) => match u64::try_from(vm.index_i64(limit)?) {
            Ok(limit) => limit,
            Err(_) => return Err(vm.raise_overflow("can't convert negative int to unsigned")),
        },
    };
    match (format == FORMAT_RAW, filters.0.is_some()) {
        (true, false) => return Err(vm.raise_value("Must specify filters for FORMAT_RAW")),
        (false, true) => return Err(vm.raise_value("Cannot specify filters except with FORMAT_RAW")),
        _ => {}
    }
    let opened = match (format, filters.0) {
        (FORMAT_AUTO, _) => Stream::new_auto_decoder(limit, 0),
        (FORMAT_XZ, _) => Stream::new_stream_decoder(limit, 0),
        (FORMAT_ALONE, _) => Stream::new_lzma_decoder(limit),
        (FORMAT_RAW, Some(filters)) => {
            let filters = filters_of(vm, filters)?;
            Stream::new_raw_decoder(&chain_of(vm, &filters)?)
        }
        _ => return Err(vm.raise_value(&format!("Invalid container format: {format}"))),
    };
    let stream = match opened {
        Ok(stream) => stream,
        Err(error) => return Err(raise_error(vm, &error)),
    };
    let unused_data = vm.new_bytes(&[])?;
    let check = if format == FORMAT_AUTO || format == FORMAT_XZ { CHECK_UNKNOWN } else { CHECK_NONE };
    vm.new_object(class.class, |header| Decompressor {
        header,
        unused_data,
        check,
        is_at_end: false,
        needs_input: true,
        start: [0; 8],
        n_started: 0,
        held: Vec::new(),
        stream: Some(stream),
    })
}

impl Decompressor {
    /// Looks for the check in the bytes that were taken.
    fn look_at_start(&mut self, taken: &[u8]) {
        if self.check != CHECK_UNKNOWN {
            return;
        }
        let n = taken.len().min(self.start.len() - self.n_started);
        self.start[self.n_started..][..n].copy_from_slice(&taken[..n]);
        self.n_started += n;
        if self.n_started == self.start.len() {
            let is_xz = self.start.starts_with(&XZ_MAGIC);
            self.check = if is_xz { (self.start[7] & 0x0F).into() } else { CHECK_NONE };
        }
    }
}

fn decompress(vm: &mut Vm, mut this: This<Decompressor>, data: BytesLike, max_length: Option<Value>) -> PyResult {
    let limit = match max_length.map_or(Ok(-1), |length| vm.index_i64(length))? {
        ..0 => usize::MAX,
        limit => limit as usize,
    };
    if this.is_at_end {
        return Err(vm.raise(vm.exceptions.EOFError, "Already at end of stream"));
    }
    let mut input = std::mem::take(&mut this.held);
    input.extend_from_slice(&data);
    let Some(mut stream) = this.stream.take() else { return Err(raise_error(vm, &Error::Program)) };
    let mut out = Vec::new();
    let ran = run(vm, &mut stream, &input, &mut out, limit);
    this.stream = Some(stream);
    let (taken, is_at_end) = ran?;
    this.look_at_start(&input[..taken]);
    let rest = &input[taken..];
    this.is_at_end = is_at_end;
    if is_at_end {
        this.needs_input = false;
        this.unused_data = vm.new_bytes(rest)?;
        vm.barrier(this.pointer());
    } else {
        // What is full may have more to give although all input was taken.
        this.needs_input = rest.is_empty() && out.len() < limit;
        this.held = rest.to_vec();
    }
    vm.new_bytes(&out)
}

/// Gives how much input was taken, and whether the end came.
fn run(vm: &mut Vm, stream: &mut Stream, input: &[u8], out: &mut Vec<u8>, limit: usize) -> PyResult<(usize, bool)> {
    let mut taken = 0;
    while out.len() < limit {
        reserve(vm, out, limit)?;
        let (before, given) = (stream.total_in(), stream.total_out());
        // The vector may have more room than the limit leaves.
        let room = (out.capacity() - out.len()).min(limit - out.len());
        let status = stream.process_uninit(&input[taken..], &mut out.spare_capacity_mut()[..room], Action::Run);
        taken += (stream.total_in() - before) as usize;
        let n_given = (stream.total_out() - given) as usize;
        // SAFETY: the stream wrote that many bytes into the room behind.
        unsafe { out.set_len(out.len() + n_given) };
        match status {
            Ok(Status::StreamEnd) => return Ok((taken, true)),
            Ok(_) if n_given < room && taken == input.len() => break,
            Ok(Status::MemNeeded) if n_given == 0 => break,
            Ok(_) => {}
            Err(error) => return Err(raise_error(vm, &error)),
        }
    }
    Ok((taken, false))
}
