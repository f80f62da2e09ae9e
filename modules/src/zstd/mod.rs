//! `_zstd`: what is native under the module `compression.zstd`, on zstd itself.

mod compressor;
mod decompressor;
mod dictionary;
mod error;
mod parameter;

use error::{ZSTD_ERROR, raise};
use std::ffi::CStr;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::argument::{Class, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::layout::{BytesObject, TupleObject};
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::{PyResult, Value, Vm};
use zstd_sys as z;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_zstd",
    doc: "Compression by zstd.",
    functions: &[
        method("get_frame_size", "(frame_buffer)", |vm: &mut Vm, frame: BytesLike| -> PyResult<usize> {
            // SAFETY: so many bytes.
            let size = unsafe { z::ZSTD_findFrameCompressedSize(frame.as_ptr().cast(), frame.len()) };
            let doing = "Error when finding the compressed size of a Zstandard frame. Ensure the frame_buffer argument \
                         starts from the beginning of a frame, and its length is not less than this complete frame. \
                         Zstd error message";
            error::check_sentence(vm, doing, size)
        })
        .doc("How long the frame is that bytes begin with."),
        method("get_frame_info", "(frame_buffer)", frame_info)
            .doc("How long the data of a frame are (or None), and the number of its dictionary."),
        method("get_param_bounds", "(parameter, is_compress)", |vm: &mut Vm, number: i32, is_compression: bool| {
            parameter::bounds(vm, number, is_compression)
        })
        .doc("The least and the most that a parameter may be."),
        method("set_parameter_types", "(c_parameter_type, d_parameter_type)", |vm: &mut Vm, c: Value, d: Value| {
            if Class::of(vm, c).is_none() || Class::of(vm, d).is_none() {
                return Err(vm.raise_value(
                    "The two arguments should be CompressionParameter and DecompressionParameter types.",
                ));
            }
            state(vm).parameter_types = [c, d];
            Ok(())
        })
        .doc("Says which the types of parameters are."),
        method("train_dict", "(samples_bytes, samples_sizes, dict_size, /)", train)
            .doc("The content of a dictionary for data such as samples."),
        method(
            "finalize_dict",
            "(custom_dict_bytes, samples_bytes, samples_sizes, dict_size, compression_level, /)",
            finalize,
        )
        .doc("The content of a dictionary in zstd's form, of bytes and samples."),
    ],
    constants: parameter::CONSTANTS,
    types: &[&compressor::COMPRESSOR, &decompressor::DECOMPRESSOR, &dictionary::ZSTD_DICT, &ZSTD_ERROR],
    exec: Some(|vm, module| {
        // SAFETY: these have no conditions.
        let (version, number, room) = unsafe {
            let version = CStr::from_ptr(z::ZSTD_versionString()).to_string_lossy();
            (version, z::ZSTD_versionNumber(), z::ZSTD_DStreamOutSize())
        };
        let version = vm.new_str(&version);
        vm.set_module_entry(module, "zstd_version", version);
        vm.set_module_entry(module, "zstd_version_number", Value::small_int(number.into()));
        vm.set_module_entry(module, "ZSTD_DStreamOutSize", Value::small_int(room as i64));
        Ok(())
    }),
    state: Some(|| Box::new(State { parameter_types: [Value::NONE; 2] })),
    ..ModuleSpec::NEW
};

struct State {
    /// Of compression, of decompression.
    parameter_types: [Value; 2],
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.parameter_types.into_iter().for_each(visit);
    }
}

fn state(vm: &mut Vm) -> &mut State {
    vm.module_state(&MODULE).expect("the module's state is one")
}

fn parameter_types(vm: &mut Vm) -> [Value; 2] {
    state(vm).parameter_types
}

fn frame_info(vm: &mut Vm, frame: BytesLike) -> PyResult {
    // SAFETY: so many bytes.
    let (size, id) = unsafe {
        let (data, len) = (frame.as_ptr().cast(), frame.len());
        (z::ZSTD_getFrameContentSize(data, len), z::ZSTD_getDictID_fromFrame(data, len))
    };
    if size == z::ZSTD_CONTENTSIZE_ERROR as i64 as u64 {
        let message = "Error when getting information from the header of a Zstandard frame. Ensure the frame_buffer \
                       argument starts from the beginning of a frame, and its length is not less than the frame header \
                       (6~18 bytes).";
        return Err(raise(vm, message));
    }
    let size = match size {
        size if size == z::ZSTD_CONTENTSIZE_UNKNOWN as i64 as u64 => Value::NONE,
        size => vm.new_int_from_u64(size),
    };
    Ok(vm.new_tuple(&[size, Value::small_int(id.into())]))
}

fn exact_bytes<'a>(vm: &mut Vm, value: Value, function: &str, place: usize) -> PyResult<&'a [u8]> {
    if !vm.is_a::<BytesObject>(value) {
        let given = vm.class_name(value);
        return Err(vm.raise_type(&format!("{function}() argument {place} must be bytes, not {given}")));
    }
    let bytes: *const BytesObject = This::<BytesObject>::expect(vm, value).pointer();
    // SAFETY: bytes do not change; the caller keeps its argument.
    Ok(unsafe { (*bytes).data() })
}

/// The sizes of samples that lie one behind the other.
fn sizes(vm: &mut Vm, sizes: Value, all: usize, function: &str, place: usize) -> PyResult<Vec<usize>> {
    if !vm.is_a::<TupleObject>(sizes) {
        let given = vm.class_name(sizes);
        return Err(vm.raise_type(&format!("{function}() argument {place} must be tuple, not {given}")));
    }
    let mut result = Vec::new();
    let mut sum = 0usize;
    for &size in vm.tuple_items(sizes) {
        let size = vm.index(size)?;
        let Some(size) = vm.int_to_i64(size).and_then(|size| usize::try_from(size).ok()) else {
            let message = "Items in samples_sizes should be an int object, with a value between 0 and SIZE_MAX.";
            return Err(vm.raise_value(message));
        };
        sum = sum.saturating_add(size);
        result.push(size);
    }
    if sum != all {
        return Err(vm.raise_value("The samples size tuple doesn't match the concatenation's size."));
    }
    Ok(result)
}

fn room(vm: &mut Vm, size: i64) -> PyResult<Vec<u8>> {
    if size <= 0 {
        return Err(vm.raise_value("dict_size argument should be positive number."));
    }
    let mut room: Vec<u8> = Vec::new();
    if room.try_reserve_exact(size as usize).is_err() {
        return Err(vm.raise_memory());
    }
    room.resize(size as usize, 0);
    Ok(room)
}

fn train(vm: &mut Vm, samples: Value, samples_sizes: Value, size: i64) -> PyResult {
    let samples = exact_bytes(vm, samples, "train_dict", 1)?;
    let mut room = room(vm, size)?;
    let sizes = sizes(vm, samples_sizes, samples.len(), "train_dict", 2)?;
    // SAFETY: room, samples and sizes are as long as said.
    let result = unsafe {
        let (data, len) = (room.as_mut_ptr().cast(), room.len());
        z::ZDICT_trainFromBuffer(data, len, samples.as_ptr().cast(), sizes.as_ptr(), sizes.len() as u32)
    };
    let len = error::check(vm, "Unable to train the Zstandard dictionary", result)?;
    vm.new_bytes(&room[..len])
}

fn finalize(vm: &mut Vm, content: Value, samples: Value, samples_sizes: Value, size: i64, level: i32) -> PyResult {
    let content = exact_bytes(vm, content, "finalize_dict", 1)?;
    let samples = exact_bytes(vm, samples, "finalize_dict", 2)?;
    let mut room = room(vm, size)?;
    let sizes = sizes(vm, samples_sizes, samples.len(), "finalize_dict", 3)?;
    // SAFETY: room, content, samples and sizes are as long as said.
    let result = unsafe {
        z::ZDICT_finalizeDictionary(
            room.as_mut_ptr().cast(),
            room.len(),
            content.as_ptr().cast(),
            content.len(),
            samples.as_ptr().cast(),
            sizes.as_ptr(),
            sizes.len() as u32,
            z::ZDICT_params_t { compressionLevel: level, notificationLevel: 0, dictID: 0 },
        )
    };
    let len = error::check(vm, "Unable to finalize the Zstandard dictionary", result)?;
    vm.new_bytes(&room[..len])
}
