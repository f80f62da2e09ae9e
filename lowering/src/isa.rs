//! The target and the signatures of compiled code.

use cranelift_codegen::ir::{AbiParam, Signature, types};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use stitch_runtime::backend::BackendError;

/// The host, with the settings that traces are compiled with. Costs about 85 µs: once a backend.
pub fn host_isa() -> Result<OwnedTargetIsa, BackendError> {
    host_isa_with(false)
}

/// The same, to compile what is then taken apart: with what is known of blocks.
pub fn host_isa_with_blocks() -> Result<OwnedTargetIsa, BackendError> {
    host_isa_with(true)
}

fn host_isa_with(blocks: bool) -> Result<OwnedTargetIsa, BackendError> {
    let unavailable = |error: &dyn std::fmt::Display| BackendError::Unavailable(error.to_string());
    let mut flags = settings::builder();
    for (name, value) in [
        // Our own optimizer has been there; see docs on the cost of `speed`.
        ("opt_level", "none"),
        ("regalloc_algorithm", "backtracking"),
        // `CallConv::Tail` wants it on x86-64, and so do profilers.
        ("preserve_frame_pointers", "true"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
        ("enable_probestack", "false"),
        ("enable_heap_access_spectre_mitigation", "false"),
        ("enable_table_access_spectre_mitigation", "false"),
        ("unwind_info", "false"),
        ("machine_code_cfg_info", if blocks { "true" } else { "false" }),
        ("is_pic", "false"),
    ] {
        flags.set(name, value).map_err(|error| unavailable(&error))?;
    }
    let builder = cranelift_native::builder().map_err(|error| unavailable(&error))?;
    builder.finish(settings::Flags::new(flags)).map_err(|error| unavailable(&error))
}

/// `fn(thread, homes, frame) -> status`, the signature of executors and cold exits.
pub fn executor_signature() -> Signature {
    words(CallConv::Tail, 3, 1)
}

/// A signature of words alone.
pub fn words(convention: CallConv, n_params: usize, n_returns: usize) -> Signature {
    Signature {
        params: vec![AbiParam::new(types::I64); n_params],
        returns: vec![AbiParam::new(types::I64); n_returns],
        call_conv: convention,
    }
}
