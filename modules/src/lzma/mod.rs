//! `_lzma`: compression by chains of dictionaries, under the module `lzma`.

mod compressor;
mod decompressor;
mod filter;

use liblzma::stream::Error;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_lzma",
    doc: "Compression by chains of dictionaries.",
    functions: &[
        method("is_check_supported", "(check_id, /)", |vm: &mut Vm, id: Value| -> PyResult<bool> {
            Ok(check_of(vm.index_i64(id)?).is_some())
        })
        .doc("Is there such an integrity check?"),
        method("_encode_filter_properties", "(filter, /)", filter::encode_properties)
            .doc("A filter's options as bytes."),
        method("_decode_filter_properties", "(filter_id, encoded_props, /)", filter::decode_properties)
            .doc("A filter whose options are these bytes."),
    ],
    constants: &[
        ("FORMAT_AUTO", Constant::Int(FORMAT_AUTO)),
        ("FORMAT_XZ", Constant::Int(FORMAT_XZ)),
        ("FORMAT_ALONE", Constant::Int(FORMAT_ALONE)),
        ("FORMAT_RAW", Constant::Int(FORMAT_RAW)),
        ("CHECK_NONE", Constant::Int(CHECK_NONE)),
        ("CHECK_CRC32", Constant::Int(1)),
        ("CHECK_CRC64", Constant::Int(CHECK_CRC64)),
        ("CHECK_SHA256", Constant::Int(10)),
        ("CHECK_ID_MAX", Constant::Int(15)),
        ("CHECK_UNKNOWN", Constant::Int(CHECK_UNKNOWN)),
        ("FILTER_LZMA1", Constant::Int(filter::LZMA1)),
        ("FILTER_LZMA2", Constant::Int(filter::LZMA2)),
        ("FILTER_DELTA", Constant::Int(filter::DELTA)),
        ("FILTER_X86", Constant::Int(4)),
        ("FILTER_POWERPC", Constant::Int(5)),
        ("FILTER_IA64", Constant::Int(6)),
        ("FILTER_ARM", Constant::Int(7)),
        ("FILTER_ARMTHUMB", Constant::Int(8)),
        ("FILTER_SPARC", Constant::Int(9)),
        ("MF_HC3", Constant::Int(0x03)),
        ("MF_HC4", Constant::Int(0x04)),
        ("MF_BT2", Constant::Int(0x12)),
        ("MF_BT3", Constant::Int(0x13)),
        ("MF_BT4", Constant::Int(0x14)),
        ("MODE_FAST", Constant::Int(1)),
        ("MODE_NORMAL", Constant::Int(2)),
        ("PRESET_DEFAULT", Constant::Int(PRESET_DEFAULT as i64)),
        ("PRESET_EXTREME", Constant::Int(PRESET_EXTREME as i64)),
    ],
    types: &[&ERROR, &compressor::COMPRESSOR, &decompressor::DECOMPRESSOR],
    ..ModuleSpec::NEW
};

const FORMAT_AUTO: i64 = 0;
const FORMAT_XZ: i64 = 1;
const FORMAT_ALONE: i64 = 2;
const FORMAT_RAW: i64 = 3;
const CHECK_NONE: i64 = 0;
const CHECK_CRC64: i64 = 4;
const CHECK_UNKNOWN: i64 = 16;
const PRESET_DEFAULT: u32 = 6;
const PRESET_EXTREME: u32 = 1 << 31;

static ERROR: TypeSpec = TypeSpec {
    name: "LZMAError",
    module: "_lzma",
    doc: "Data or options that do not do.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

/// Raises `LZMAError`.
fn raise(vm: &mut Vm, message: &str) -> Raised {
    let class = vm.type_of_spec(&ERROR);
    vm.raise(class, message)
}

fn raise_error(vm: &mut Vm, error: &Error) -> Raised {
    let message = match error {
        Error::Mem => return vm.raise_memory(),
        Error::UnsupportedCheck => "Unsupported integrity check",
        Error::MemLimit => "Memory usage limit exceeded",
        Error::Format => "Input format not supported by decoder",
        Error::Options => "Invalid or unsupported options",
        Error::Data => "Corrupt input data",
        Error::Program | Error::NoCheck => "Internal error",
    };
    raise(vm, message)
}

fn check_of(id: i64) -> Option<liblzma::stream::Check> {
    use liblzma::stream::Check;
    Some(match id {
        CHECK_NONE => Check::None,
        1 => Check::Crc32,
        CHECK_CRC64 => Check::Crc64,
        10 => Check::Sha256,
        _ => return None,
    })
}

/// An int of 32 bits.
fn word_of(vm: &mut Vm, value: Value) -> PyResult<u32> {
    let word = vm.index_i64(value)?;
    match u32::try_from(word) {
        Ok(word) => Ok(word),
        Err(_) if word < 0 => Err(vm.raise_overflow("can't convert negative value to unsigned int")),
        Err(_) => Err(vm.raise_overflow("Value too large for uint32_t type")),
    }
}

/// How much room output gets at first.
const STEP_BYTES: usize = 64 << 10;

/// Room for more output.
fn reserve(vm: &mut Vm, out: &mut Vec<u8>, limit: usize) -> PyResult<()> {
    let step = out.len().clamp(STEP_BYTES, 256 << 20).min(limit - out.len());
    out.try_reserve_exact(step).map_err(|_| vm.raise_memory())
}
