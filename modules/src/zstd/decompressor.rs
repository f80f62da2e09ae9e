//! `ZstdDecompressor`.

use super::compressor::STEP_BYTES;
use super::dictionary::{self, Ready, Use};
use super::error::check;
use super::parameter::{Parameter, options};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};
use zstd_sys as z;

/// What decompresses, in safe hands.
struct Context {
    raw: *mut z::ZSTD_DCtx,
    /// Used by `raw`.
    _dictionary: Option<Ready>,
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: made once, and given back once.
        unsafe { z::ZSTD_freeDCtx(self.raw) };
    }
}

#[repr(C)]
pub struct Decompressor {
    header: Header,
    /// Or None. A prefix is used where it lies.
    dictionary: Value,
    /// Bytes behind the end of the frame.
    unused: Value,
    is_at_end: bool,
    needs_input: bool,
    /// What was given and not used yet.
    kept: Vec<u8>,
    context: Option<Context>,
}

type ThisDecompressor = This<Decompressor>;

pub static DECOMPRESSOR: TypeSpec = TypeSpec {
    name: "ZstdDecompressor",
    module: "compression.zstd",
    doc: "What decompresses one frame piece by piece.",
    layout: Some(Layout::of::<Decompressor>(2).finalized_by(|object| {
        // SAFETY: a dead object, which has for itself what lies outside of the heap.
        unsafe {
            (*object.cast::<Decompressor>()).context = None;
            (*object.cast::<Decompressor>()).kept = Vec::new();
        }
    })),
    new: Some(
        method("__new__", "($type, zstd_dict=None, options=None)", new).doc("One of a dictionary and of parameters."),
    ),
    methods: &[method(
        "decompress",
        "($self, data, max_length=-1)",
        |vm: &mut Vm, this: ThisDecompressor, data: BytesLike, limit: Option<i64>| {
            decompress(vm, this, &data, usize::try_from(limit.unwrap_or(-1)).unwrap_or(usize::MAX))
        },
    )
    .doc("Takes bytes, and gives so many of what they were made of.")],
    getters: &[
        field("eof", |this: ThisDecompressor| this.is_at_end).doc("Is the frame complete?"),
        field("needs_input", |this: ThisDecompressor| this.needs_input)
            .doc("Must there be more input for more output?"),
        field("unused_data", |vm: &mut Vm, mut this: ThisDecompressor| -> PyResult {
            if !this.is_at_end {
                return vm.new_bytes(&[]);
            }
            if this.unused.is_none() {
                let unused = vm.new_bytes(&this.kept)?;
                this.unused = unused;
                vm.barrier(this.pointer());
            }
            Ok(this.unused)
        })
        .doc("What was behind the frame."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Decompressor {
    const SPEC: &'static TypeSpec = &DECOMPRESSOR;
}

fn new(vm: &mut Vm, class: ClassOf<Decompressor>, dictionary: Option<Value>, given: Option<Value>) -> PyResult {
    // SAFETY: has no conditions.
    let raw = unsafe { z::ZSTD_createDCtx() };
    if raw.is_null() {
        return Err(super::error::raise(vm, "Unable to create ZSTD_DCtx instance."));
    }
    let mut context = Context { raw, _dictionary: None };
    let is_given = |value: &Value| !value.is_none();
    let dictionary = dictionary.filter(is_given).unwrap_or(Value::NONE);
    if !dictionary.is_none() {
        let (used, how) = dictionary::of_argument(vm, dictionary, Use::Digested)?;
        let data = used.bytes(vm);
        // SAFETY: an own context; so many bytes, which are copied or kept alive by the dictionary.
        let result = unsafe {
            match how {
                Use::Digested => {
                    let ready = Ready::new(vm, data)?;
                    let result = z::ZSTD_DCtx_refDDict(raw, ready.0);
                    context._dictionary = Some(ready);
                    result
                }
                Use::Undigested => z::ZSTD_DCtx_loadDictionary(raw, data.as_ptr().cast(), data.len()),
                Use::Prefix => z::ZSTD_DCtx_refPrefix(raw, data.as_ptr().cast(), data.len()),
            }
        };
        check(vm, "Unable to load Zstandard dictionary or prefix for decompression", result)?;
    }
    if let Some(given) = given.filter(is_given) {
        for (parameter, value) in options(vm, given, false)? {
            let Parameter::Decompression(parameter) = parameter else { continue };
            // SAFETY: an own context.
            let result = unsafe { z::ZSTD_DCtx_setParameter(raw, parameter, value) };
            if super::error::is_error(result) {
                return Err(vm.raise_value(&format!("invalid decompression parameter value {value}")));
            }
        }
    }
    vm.new_object(class.class, |header| Decompressor {
        header,
        dictionary,
        unused: Value::NONE,
        is_at_end: false,
        needs_input: true,
        kept: Vec::new(),
        context: Some(context),
    })
}

fn decompress(vm: &mut Vm, mut this: ThisDecompressor, data: &[u8], limit: usize) -> PyResult {
    if this.is_at_end {
        return Err(vm.raise(vm.exceptions.EOFError, "Already at the end of a Zstandard frame."));
    }
    let Some(context) = &this.context else { return vm.new_bytes(&[]) };
    let raw = context.raw;
    let mut kept = std::mem::take(&mut this.kept);
    let source = if kept.is_empty() {
        data
    } else {
        kept.extend_from_slice(data);
        &kept
    };
    let mut input = z::ZSTD_inBuffer { src: source.as_ptr().cast(), size: source.len(), pos: 0 };
    let mut out: Vec<u8> = Vec::new();
    let mut is_full;
    loop {
        let step = STEP_BYTES.min(limit - out.len());
        if out.try_reserve(step).is_err() {
            return Err(vm.raise_memory());
        }
        let mut output = z::ZSTD_outBuffer { dst: out.spare_capacity_mut().as_mut_ptr().cast(), size: step, pos: 0 };
        let before = input.pos;
        // SAFETY: an own context; input and room are as long as said.
        let left = unsafe { z::ZSTD_decompressStream(raw, &mut output, &mut input) };
        // SAFETY: so much was written of the room.
        unsafe { out.set_len(out.len() + output.pos) };
        if super::error::is_error(left) {
            // SAFETY: as above.
            unsafe { z::ZSTD_DCtx_reset(raw, z::ZSTD_ResetDirective::ZSTD_reset_session_only) };
            check(vm, "Unable to decompress Zstandard data", left)?;
        }
        is_full = output.pos == step;
        if left == 0 {
            this.is_at_end = true;
            break;
        }
        let has_progress = output.pos > 0 || input.pos > before;
        if out.len() >= limit || input.pos == input.size && !is_full || !has_progress {
            break;
        }
        vm.answer_interrupt()?;
    }
    let rest = source[input.pos..].to_vec();
    let has_all = rest.is_empty();
    this.kept = rest;
    // Where output was cut off there may be more of it without more input.
    this.needs_input = !this.is_at_end && has_all && !is_full;
    vm.new_bytes(&out)
}
