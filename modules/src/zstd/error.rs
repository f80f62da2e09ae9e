//! What zstd's results say.

use std::ffi::CStr;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Raised, Vm};
use zstd_sys as z;

pub static ZSTD_ERROR: TypeSpec = TypeSpec {
    name: "ZstdError",
    module: "compression.zstd",
    doc: "Data that cannot be compressed or decompressed.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

pub fn is_error(result: usize) -> bool {
    // SAFETY: has no conditions.
    unsafe { z::ZSTD_isError(result) != 0 }
}

fn name(result: usize) -> String {
    // SAFETY: gives static text.
    unsafe { CStr::from_ptr(z::ZSTD_getErrorName(result)) }.to_string_lossy().into_owned()
}

/// Raises ZstdError.
pub fn raise(vm: &mut Vm, message: &str) -> Raised {
    let class = vm.type_of_spec(&ZSTD_ERROR);
    vm.raise(class, message)
}

/// Raises ZstdError where a result is an error: `doing` is what could not be done.
pub fn check(vm: &mut Vm, doing: &str, result: usize) -> PyResult<usize> {
    if !is_error(result) {
        return Ok(result);
    }
    Err(raise(vm, &format!("{doing}: {}", name(result))))
}

/// As `check`, for a message that is a sentence.
pub fn check_sentence(vm: &mut Vm, doing: &str, result: usize) -> PyResult<usize> {
    if !is_error(result) {
        return Ok(result);
    }
    Err(raise(vm, &format!("{doing}: {}.", name(result))))
}
