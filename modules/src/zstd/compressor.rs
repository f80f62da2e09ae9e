//! `ZstdCompressor`.

use super::dictionary::{self, Digested, Use};
use super::error::check;
use super::parameter::{Parameter, check_level, levels, options};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::module::Constant;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};
use z::ZSTD_EndDirective::{ZSTD_e_continue, ZSTD_e_end, ZSTD_e_flush};
use zstd_sys as z;

const CONTINUE: i64 = 0;
const FLUSH_BLOCK: i64 = 1;
const FLUSH_FRAME: i64 = 2;

/// How much room output gets at once.
pub const STEP_BYTES: usize = 64 << 10;

/// What compresses, in safe hands.
struct Context {
    raw: *mut z::ZSTD_CCtx,
    /// Used by `raw`.
    _dictionary: Option<Digested>,
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: made once, and given back once.
        unsafe { z::ZSTD_freeCCtx(self.raw) };
    }
}

#[repr(C)]
pub struct Compressor {
    header: Header,
    /// Or None. A prefix is used where it lies.
    dictionary: Value,
    last_mode: i64,
    has_workers: bool,
    context: Option<Context>,
}

type ThisCompressor = This<Compressor>;

pub static COMPRESSOR: TypeSpec = TypeSpec {
    name: "ZstdCompressor",
    module: "compression.zstd",
    doc: "What compresses piece by piece.",
    layout: Some(Layout::of::<Compressor>(1).finalized_by(|object| {
        // SAFETY: a dead object, which has its context for itself.
        unsafe { (*object.cast::<Compressor>()).context = None };
    })),
    constants: &[
        ("CONTINUE", Constant::Int(CONTINUE)),
        ("FLUSH_BLOCK", Constant::Int(FLUSH_BLOCK)),
        ("FLUSH_FRAME", Constant::Int(FLUSH_FRAME)),
    ],
    new: Some(
        method("__new__", "($type, level=None, options=None, zstd_dict=None)", new)
            .doc("One of a level or of parameters, and of a dictionary."),
    ),
    methods: &[
        method(
            "compress",
            "($self, data, mode=0)",
            |vm: &mut Vm, this: ThisCompressor, data: BytesLike, mode: Option<i32>| {
                let mode = i64::from(mode.unwrap_or(0));
                if ![CONTINUE, FLUSH_BLOCK, FLUSH_FRAME].contains(&mode) {
                    return Err(vm.raise_value(
                        "mode argument wrong value, it should be one of ZstdCompressor.CONTINUE, \
                     ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME.",
                    ));
                }
                compress(vm, this, &data, mode)
            },
        )
        .doc("Takes bytes, and gives what is ready of their compressed form."),
        method("flush", "($self, mode=2)", |vm: &mut Vm, this: ThisCompressor, mode: Option<i32>| {
            let mode = mode.map_or(FLUSH_FRAME, i64::from);
            if ![FLUSH_BLOCK, FLUSH_FRAME].contains(&mode) {
                return Err(vm.raise_value(
                    "mode argument wrong value, it should be ZstdCompressor.FLUSH_FRAME or ZstdCompressor.FLUSH_BLOCK.",
                ));
            }
            compress(vm, this, &[], mode)
        })
        .doc("What is still to come of the block, or of the frame."),
        method("set_pledged_input_size", "($self, size, /)", set_size)
            .doc("Says how many bytes the frame will be of; None: that is not known."),
    ],
    getters: &[field("last_mode", |this: ThisCompressor| this.last_mode).doc("The mode of the last call.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Compressor {
    const SPEC: &'static TypeSpec = &COMPRESSOR;
}

fn level_of(vm: &mut Vm, level: Value) -> PyResult<i32> {
    if !vm.is_int_like(level) {
        return Err(vm.raise_type("invalid type for level, expected int"));
    }
    match vm.int_to_i64(level).and_then(|level| i32::try_from(level).ok()) {
        Some(level) => {
            check_level(vm, level)?;
            Ok(level)
        }
        None => {
            let (low, high) = levels();
            Err(vm.raise_value(&format!("illegal compression level; the valid range is [{low}, {high}]")))
        }
    }
}

fn new(
    vm: &mut Vm,
    class: ClassOf<Compressor>,
    level: Option<Value>,
    given: Option<Value>,
    dictionary: Option<Value>,
) -> PyResult {
    let is_given = |value: &Value| !value.is_none();
    let (level, given) = (level.filter(is_given), given.filter(is_given));
    if level.is_some() && given.is_some() {
        return Err(vm.raise_type("Only one of level or options should be used."));
    }
    let mut parameters = Vec::new();
    if let Some(level) = level {
        let level = level_of(vm, level)?;
        parameters.push((Parameter::Compression(z::ZSTD_cParameter::ZSTD_c_compressionLevel), level));
    }
    if let Some(given) = given {
        parameters = options(vm, given, true)?;
    }
    // SAFETY: has no conditions.
    let raw = unsafe { z::ZSTD_createCCtx() };
    if raw.is_null() {
        return Err(super::error::raise(vm, "Unable to create ZSTD_CCtx instance."));
    }
    let mut context = Context { raw, _dictionary: None };
    let (mut has_workers, mut used_level) = (false, 0);
    for (parameter, value) in parameters {
        let Parameter::Compression(parameter) = parameter else { continue };
        match parameter {
            z::ZSTD_cParameter::ZSTD_c_nbWorkers => has_workers = value > 1,
            z::ZSTD_cParameter::ZSTD_c_compressionLevel => used_level = value,
            _ => {}
        }
        // SAFETY: an own context.
        let result = unsafe { z::ZSTD_CCtx_setParameter(raw, parameter, value) };
        if super::error::is_error(result) {
            return Err(vm.raise_value(&format!("invalid compression parameter value {value}")));
        }
    }
    let dictionary = dictionary.filter(is_given).unwrap_or(Value::NONE);
    if !dictionary.is_none() {
        let (used, how) = dictionary::of_argument(vm, dictionary, Use::Undigested)?;
        let data = used.bytes(vm);
        // SAFETY: an own context; so many bytes, which are copied or kept alive by the dictionary.
        let result = unsafe {
            match how {
                Use::Digested => {
                    let digested = Digested::new(vm, data, used_level)?;
                    let result = z::ZSTD_CCtx_refCDict(raw, digested.0);
                    context._dictionary = Some(digested);
                    result
                }
                Use::Undigested => z::ZSTD_CCtx_loadDictionary(raw, data.as_ptr().cast(), data.len()),
                Use::Prefix => z::ZSTD_CCtx_refPrefix(raw, data.as_ptr().cast(), data.len()),
            }
        };
        check(vm, "Unable to load Zstandard dictionary or prefix for compression", result)?;
    }
    vm.new_object(class.class, |header| Compressor {
        header,
        dictionary,
        last_mode: FLUSH_FRAME,
        has_workers,
        context: Some(context),
    })
}

fn compress(vm: &mut Vm, mut this: ThisCompressor, data: &[u8], mode: i64) -> PyResult {
    let Some(context) = &this.context else { return vm.new_bytes(&[]) };
    let raw = context.raw;
    let directive = match mode {
        CONTINUE => ZSTD_e_continue,
        FLUSH_BLOCK => ZSTD_e_flush,
        _ => ZSTD_e_end,
    };
    let mut input = z::ZSTD_inBuffer { src: data.as_ptr().cast(), size: data.len(), pos: 0 };
    let mut out: Vec<u8> = Vec::new();
    loop {
        if out.try_reserve(STEP_BYTES).is_err() {
            return Err(vm.raise_memory());
        }
        let mut output =
            z::ZSTD_outBuffer { dst: out.spare_capacity_mut().as_mut_ptr().cast(), size: STEP_BYTES, pos: 0 };
        // SAFETY: an own context; input and room are as long as said.
        let left = unsafe { z::ZSTD_compressStream2(raw, &mut output, &mut input, directive) };
        // SAFETY: so much was written of the room.
        unsafe { out.set_len(out.len() + output.pos) };
        if super::error::is_error(left) {
            this.last_mode = FLUSH_FRAME;
            // SAFETY: as above.
            unsafe { z::ZSTD_CCtx_reset(raw, z::ZSTD_ResetDirective::ZSTD_reset_session_only) };
            check(vm, "Unable to compress Zstandard data", left)?;
        }
        let is_done = match mode {
            // With workers it goes on until they have taken all of it.
            CONTINUE => input.pos == input.size && (this.has_workers || output.pos < STEP_BYTES),
            _ => left == 0,
        };
        if is_done {
            break;
        }
        vm.answer_interrupt()?;
    }
    this.last_mode = mode;
    vm.new_bytes(&out)
}

fn set_size(vm: &mut Vm, this: ThisCompressor, size: Value) -> PyResult<()> {
    let unknown = z::ZSTD_CONTENTSIZE_UNKNOWN as i64 as u64;
    let error = z::ZSTD_CONTENTSIZE_ERROR as i64 as u64;
    let size = if size.is_none() {
        unknown
    } else {
        let index = vm.index(size)?;
        let word = vm.int_view(index).and_then(|view| u64::try_from(&view.to_big()).ok());
        match word.filter(|&word| word < error) {
            Some(word) => word,
            None => {
                // As CPython writes the number: its lower half.
                let message = format!("size argument should be a positive int less than {}ll", error as u32);
                return Err(vm.raise_value(&message));
            }
        }
    };
    if this.last_mode != FLUSH_FRAME {
        let message = "set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME";
        return Err(vm.raise_value(message));
    }
    let Some(context) = &this.context else { return Ok(()) };
    // SAFETY: an own context.
    let result = unsafe { z::ZSTD_CCtx_setPledgedSrcSize(context.raw, size) };
    check(vm, "Unable to set pledged uncompressed content size", result).map(|_| ())
}
