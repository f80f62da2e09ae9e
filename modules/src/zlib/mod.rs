//! `zlib`: compression by deflate, and checksums.

mod compress;
mod decompress;
mod decompressor;
pub mod stream;

use crate::binascii::low_word;
use std::ffi::c_int;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Raised, Value, Vm};
use stream::{Options, Stream};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "zlib",
    doc: "Compression by deflate, bare or in the frames of zlib and gzip; checksums.",
    functions: &[
        method("compress", "(data, /, level=-1, wbits=15)", compress).doc("Compresses bytes."),
        method("decompress", "(data, /, wbits=15, bufsize=16384)", decompress).doc("Gives back what was compressed."),
        method("compressobj", "(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None)", compress::new)
            .doc("What compresses piece by piece."),
        method("decompressobj", "(wbits=15, zdict=b'')", decompress::new).doc("What decompresses piece by piece."),
        method("crc32", "(data, value=0, /)", |vm: &mut Vm, data: BytesLike, value: Option<Value>| -> PyResult<i64> {
            let start = value.map_or(Ok(0), |value| low_word(vm, value))?;
            Ok(stream::crc32(start, &data) as i64)
        })
        .doc("The CRC-32 checksum, maybe gone on with."),
        method(
            "adler32",
            "(data, value=1, /)",
            |vm: &mut Vm, data: BytesLike, value: Option<Value>| -> PyResult<i64> {
                let start = value.map_or(Ok(1), |value| low_word(vm, value))?;
                Ok(stream::adler32(start, &data) as i64)
            },
        )
        .doc("The Adler-32 checksum, maybe gone on with."),
    ],
    constants: &[
        ("MAX_WBITS", Constant::Int(15)),
        ("DEFLATED", Constant::Int(8)),
        ("DEF_MEM_LEVEL", Constant::Int(8)),
        ("DEF_BUF_SIZE", Constant::Int(16384)),
        ("Z_BEST_COMPRESSION", Constant::Int(9)),
        ("Z_BEST_SPEED", Constant::Int(1)),
        ("Z_NO_COMPRESSION", Constant::Int(0)),
        ("Z_DEFAULT_COMPRESSION", Constant::Int(-1)),
        ("Z_FILTERED", Constant::Int(1)),
        ("Z_HUFFMAN_ONLY", Constant::Int(2)),
        ("Z_RLE", Constant::Int(3)),
        ("Z_FIXED", Constant::Int(4)),
        ("Z_DEFAULT_STRATEGY", Constant::Int(0)),
        ("Z_NO_FLUSH", Constant::Int(0)),
        ("Z_PARTIAL_FLUSH", Constant::Int(1)),
        ("Z_SYNC_FLUSH", Constant::Int(2)),
        ("Z_FULL_FLUSH", Constant::Int(3)),
        ("Z_FINISH", Constant::Int(4)),
        ("Z_BLOCK", Constant::Int(5)),
        ("Z_TREES", Constant::Int(6)),
        ("ZLIB_VERSION", Constant::Str("1.3.1")),
        ("ZLIB_RUNTIME_VERSION", Constant::Str("1.3.1")),
        ("__version__", Constant::Str("1.0")),
    ],
    types: &[&ERROR, &decompressor::DECOMPRESSOR],
    ..ModuleSpec::NEW
};

static ERROR: TypeSpec = TypeSpec {
    name: "error",
    module: "zlib",
    doc: "Data that was not compressed so.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

/// Raises `zlib.error`.
fn raise(vm: &mut Vm, message: &str) -> Raised {
    let class = vm.type_of_spec(&ERROR);
    vm.raise(class, message)
}

/// `zlib.error` for one of zlib's codes.
fn raise_code(vm: &mut Vm, stream: Option<&Stream>, code: c_int, doing: &str) -> Raised {
    let said = match code {
        stream::Z_VERSION_ERROR => Some("library version mismatch".to_string()),
        _ => stream.and_then(Stream::message).or_else(|| {
            let known = match code {
                stream::Z_BUF_ERROR => "incomplete or truncated stream",
                stream::Z_STREAM_ERROR => "inconsistent stream state",
                stream::Z_DATA_ERROR => "invalid input data",
                _ => return None,
            };
            Some(known.to_string())
        }),
    };
    let said = said.map_or_else(String::new, |said| format!(": {said}"));
    raise(vm, &format!("Error {code} {doing}{said}"))
}

/// An int as C has it.
fn c_int_of(vm: &mut Vm, value: Value) -> PyResult<c_int> {
    let word = vm.index_i64(value)?;
    c_int::try_from(word).map_err(|_| {
        let end = if word < 0 { "less than minimum" } else { "greater than maximum" };
        vm.raise_overflow(&format!("signed integer is {end}"))
    })
}

fn option(vm: &mut Vm, value: Option<Value>, default: c_int) -> PyResult<c_int> {
    value.map_or(Ok(default), |value| c_int_of(vm, value))
}

fn compress(vm: &mut Vm, data: BytesLike, level: Option<Value>, wbits: Option<Value>) -> PyResult {
    let (level, wbits) = (option(vm, level, -1)?, option(vm, wbits, 15)?);
    let options = Options { level, method: 8, wbits, mem_level: 8, strategy: 0 };
    let mut stream = match Stream::deflate(&options) {
        Ok(stream) => stream,
        Err(stream::Z_MEM_ERROR) => return Err(vm.raise_memory()),
        Err(stream::Z_STREAM_ERROR) => return Err(raise(vm, "Bad compression level")),
        Err(code) => return Err(raise_code(vm, None, code, "while compressing data")),
    };
    let mut out = Vec::new();
    match stream.run(&data, &mut out, usize::MAX, stream::Z_FINISH) {
        Ok((_, stream::Z_STREAM_END)) => vm.new_bytes(&out),
        Ok((_, code)) => Err(raise_code(vm, Some(&stream), code, "while compressing data")),
        Err(_) => Err(vm.raise_memory()),
    }
}

fn decompress(vm: &mut Vm, data: BytesLike, wbits: Option<Value>, bufsize: Option<Value>) -> PyResult {
    let wbits = option(vm, wbits, 15)?;
    if let Some(size) = bufsize
        && vm.index_i64(size)? < 0
    {
        return Err(vm.raise_value("bufsize must be non-negative"));
    }
    let mut stream = match Stream::inflate(wbits) {
        Ok(stream) => stream,
        Err(stream::Z_MEM_ERROR) => return Err(vm.raise_memory()),
        Err(code) => return Err(raise_code(vm, None, code, "while preparing to decompress data")),
    };
    let mut out = Vec::new();
    match stream.run(&data, &mut out, usize::MAX, stream::Z_SYNC_FLUSH) {
        Ok((_, stream::Z_STREAM_END)) => vm.new_bytes(&out),
        Ok((_, stream::Z_OK)) => Err(raise_code(vm, Some(&stream), stream::Z_BUF_ERROR, "while decompressing data")),
        Ok((_, stream::Z_MEM_ERROR)) | Err(_) => Err(vm.raise_memory()),
        Ok((_, code)) => Err(raise_code(vm, Some(&stream), code, "while decompressing data")),
    }
}
