//! The parameters of compressors and decompressors.

use super::error::is_error;
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::module::Constant;
use stitch_runtime::{PyResult, Raised, Value, Vm};
use z::ZSTD_cParameter::*;
use z::ZSTD_dParameter::*;
use zstd_sys as z;

/// Parameters of compression: numbers, and names as messages have them.
pub const COMPRESSION: [(z::ZSTD_cParameter, &str); 19] = [
    (ZSTD_c_compressionLevel, "compression_level"),
    (ZSTD_c_windowLog, "window_log"),
    (ZSTD_c_hashLog, "hash_log"),
    (ZSTD_c_chainLog, "chain_log"),
    (ZSTD_c_searchLog, "search_log"),
    (ZSTD_c_minMatch, "min_match"),
    (ZSTD_c_targetLength, "target_length"),
    (ZSTD_c_strategy, "strategy"),
    (ZSTD_c_enableLongDistanceMatching, "enable_long_distance_matching"),
    (ZSTD_c_ldmHashLog, "ldm_hash_log"),
    (ZSTD_c_ldmMinMatch, "ldm_min_match"),
    (ZSTD_c_ldmBucketSizeLog, "ldm_bucket_size_log"),
    (ZSTD_c_ldmHashRateLog, "ldm_hash_rate_log"),
    (ZSTD_c_contentSizeFlag, "content_size_flag"),
    (ZSTD_c_checksumFlag, "checksum_flag"),
    (ZSTD_c_dictIDFlag, "dict_id_flag"),
    (ZSTD_c_nbWorkers, "nb_workers"),
    (ZSTD_c_jobSize, "job_size"),
    (ZSTD_c_overlapLog, "overlap_log"),
];

pub const DECOMPRESSION: [(z::ZSTD_dParameter, &str); 1] = [(ZSTD_d_windowLogMax, "window_log_max")];

pub const CONSTANTS: &[(&str, Constant)] = &[
    ("ZSTD_c_compressionLevel", Constant::Int(100)),
    ("ZSTD_c_windowLog", Constant::Int(101)),
    ("ZSTD_c_hashLog", Constant::Int(102)),
    ("ZSTD_c_chainLog", Constant::Int(103)),
    ("ZSTD_c_searchLog", Constant::Int(104)),
    ("ZSTD_c_minMatch", Constant::Int(105)),
    ("ZSTD_c_targetLength", Constant::Int(106)),
    ("ZSTD_c_strategy", Constant::Int(107)),
    ("ZSTD_c_enableLongDistanceMatching", Constant::Int(160)),
    ("ZSTD_c_ldmHashLog", Constant::Int(161)),
    ("ZSTD_c_ldmMinMatch", Constant::Int(162)),
    ("ZSTD_c_ldmBucketSizeLog", Constant::Int(163)),
    ("ZSTD_c_ldmHashRateLog", Constant::Int(164)),
    ("ZSTD_c_contentSizeFlag", Constant::Int(200)),
    ("ZSTD_c_checksumFlag", Constant::Int(201)),
    ("ZSTD_c_dictIDFlag", Constant::Int(202)),
    ("ZSTD_c_nbWorkers", Constant::Int(400)),
    ("ZSTD_c_jobSize", Constant::Int(401)),
    ("ZSTD_c_overlapLog", Constant::Int(402)),
    ("ZSTD_d_windowLogMax", Constant::Int(100)),
    ("ZSTD_fast", Constant::Int(1)),
    ("ZSTD_dfast", Constant::Int(2)),
    ("ZSTD_greedy", Constant::Int(3)),
    ("ZSTD_lazy", Constant::Int(4)),
    ("ZSTD_lazy2", Constant::Int(5)),
    ("ZSTD_btlazy2", Constant::Int(6)),
    ("ZSTD_btopt", Constant::Int(7)),
    ("ZSTD_btultra", Constant::Int(8)),
    ("ZSTD_btultra2", Constant::Int(9)),
    ("ZSTD_CLEVEL_DEFAULT", Constant::Int(3)),
];

/// A parameter of either kind.
#[derive(Clone, Copy)]
pub enum Parameter {
    Compression(z::ZSTD_cParameter),
    Decompression(z::ZSTD_dParameter),
}

impl Parameter {
    pub fn find(number: i32, is_compression: bool) -> Option<(Parameter, &'static str)> {
        if is_compression {
            let row = COMPRESSION.iter().find(|row| row.0 as i32 == number)?;
            Some((Parameter::Compression(row.0), row.1))
        } else {
            let row = DECOMPRESSION.iter().find(|row| row.0 as i32 == number)?;
            Some((Parameter::Decompression(row.0), row.1))
        }
    }

    pub fn bounds(self) -> Option<(i32, i32)> {
        // SAFETY: these have no conditions.
        let bounds = unsafe {
            match self {
                Parameter::Compression(parameter) => z::ZSTD_cParam_getBounds(parameter),
                Parameter::Decompression(parameter) => z::ZSTD_dParam_getBounds(parameter),
            }
        };
        (!is_error(bounds.error)).then_some((bounds.lowerBound, bounds.upperBound))
    }
}

pub fn kind(is_compression: bool) -> &'static str {
    if is_compression { "compression" } else { "decompression" }
}

fn raise_unknown(vm: &mut Vm, number: i32, is_compression: bool) -> Raised {
    let kind = kind(is_compression);
    vm.raise_value(&format!("invalid {kind} parameter 'unknown parameter (key {number})'"))
}

/// `get_param_bounds`.
pub fn bounds(vm: &mut Vm, number: i32, is_compression: bool) -> PyResult {
    let found = Parameter::find(number, is_compression).and_then(|(parameter, _)| parameter.bounds());
    match found {
        Some((low, high)) => Ok(vm.new_tuple(&[Value::small_int(low.into()), Value::small_int(high.into())])),
        None => {
            let message =
                format!("Unable to get zstd {} parameter bounds: Unsupported parameter", kind(is_compression));
            Err(super::error::raise(vm, &message))
        }
    }
}

/// The parameters of a dict, each checked.
pub fn options(vm: &mut Vm, options: Value, is_compression: bool) -> PyResult<Vec<(Parameter, i32)>> {
    if !vm.is_a::<DictObject>(options) {
        let (class, given) =
            (if is_compression { "ZstdCompressor" } else { "ZstdDecompressor" }, vm.class_name(options));
        return Err(vm.raise_type(&format!("{class}() argument 'options' must be dict, not {given}")));
    }
    let other = super::parameter_types(vm)[usize::from(is_compression)];
    let entries: Vec<usize> = (0..vm.table(options).len).collect();
    let mut at = 0;
    let mut result = Vec::with_capacity(entries.len());
    while let Some((index, entry)) = vm.table(options).next_entry(at) {
        at = index + 1;
        if Value::object(vm.class_of(entry.key)) == other {
            let kinds = (kind(is_compression), if is_compression { "Decompression" } else { "Compression" });
            let message = format!("{} options dictionary key must not be a {}Parameter attribute", kinds.0, kinds.1);
            return Err(vm.raise_type(&message));
        }
        let number = vm.c_int(entry.key)?;
        let wanted = vm.c_int(entry.value)?;
        let Some((parameter, name)) = Parameter::find(number, is_compression) else {
            return Err(raise_unknown(vm, number, is_compression));
        };
        let Some((low, high)) = parameter.bounds() else { return Err(raise_unknown(vm, number, is_compression)) };
        if matches!(parameter, Parameter::Compression(ZSTD_c_compressionLevel)) {
            check_level(vm, wanted)?;
        }
        // Zero is the default of what has one, even where it is out of bounds.
        if wanted != 0 && !(low..=high).contains(&wanted) {
            let kind = kind(is_compression);
            let message = format!(
                "{kind} parameter '{name}' received an illegal value {wanted}; the valid range is [{low}, {high}]"
            );
            return Err(vm.raise_value(&message));
        }
        result.push((parameter, wanted));
    }
    Ok(result)
}

/// The bounds of levels.
pub fn levels() -> (i32, i32) {
    // SAFETY: these have no conditions.
    unsafe { (z::ZSTD_minCLevel(), z::ZSTD_maxCLevel()) }
}

pub fn check_level(vm: &mut Vm, level: i32) -> PyResult<()> {
    let (low, high) = levels();
    if (low..=high).contains(&level) {
        return Ok(());
    }
    Err(vm.raise_value(&format!("illegal compression level {level}; the valid range is [{low}, {high}]")))
}
