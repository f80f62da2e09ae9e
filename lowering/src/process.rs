//! Code that outlives traces: the shim (one per process), the thunks (one set per backend), and the templates that cold
//! exits and jump stubs are copied from.

use crate::isa::{executor_signature, words};
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{Function, InstBuilder, MemFlagsData, Signature, Value, types};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa, TargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Module, ModuleError, default_libcall_names};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use stitch_runtime::backend::{BackendError, Layout, STATUS_JUMP, Shim};

fn rejected(error: ModuleError) -> BackendError {
    BackendError::Rejected(error.to_string())
}

/// A `JITModule` whose code is freed with it.
struct OwnedModule(Option<JITModule>);

impl OwnedModule {
    fn new(isa: &OwnedTargetIsa) -> OwnedModule {
        OwnedModule(Some(JITModule::new(JITBuilder::with_isa(isa.clone(), default_libcall_names()))))
    }

    /// Defines a function whose body is `body` of its parameters, which ends it.
    fn define(
        &mut self,
        signature: Signature,
        body: impl FnOnce(&mut FunctionBuilder<'_>, &[Value]),
    ) -> Result<(FuncId, Vec<u8>), BackendError> {
        let Some(module) = &mut self.0 else { unreachable!("taken by drop alone") };
        let mut context = module.make_context();
        context.func = build(signature, module.isa(), body);
        let id = module.declare_anonymous_function(&context.func.signature).map_err(rejected)?;
        module.define_function(id, &mut context).map_err(rejected)?;
        let code = context.compiled_code().map_or_else(Vec::new, |code| code.code_buffer().to_vec());
        Ok((id, code))
    }

    fn finalize(&mut self) -> Result<(), BackendError> {
        self.0.as_mut().map_or(Ok(()), JITModule::finalize_definitions).map_err(rejected)
    }

    fn address(&self, id: FuncId) -> usize {
        self.0.as_ref().map_or(0, |module| module.get_finalized_function(id) as usize)
    }
}

impl Drop for OwnedModule {
    fn drop(&mut self) {
        if let Some(module) = self.0.take() {
            // SAFETY: those who hold this module hold all pointers into it, and are gone with it.
            unsafe { module.free_memory() };
        }
    }
}

fn build(signature: Signature, isa: &dyn TargetIsa, body: impl FnOnce(&mut FunctionBuilder<'_>, &[Value])) -> Function {
    let mut function = Function::with_name_signature(Default::default(), signature);
    let mut builder_context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut function, &mut builder_context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    let params = builder.block_params(block).to_vec();
    body(&mut builder, &params);
    builder.seal_all_blocks();
    builder.finalize(isa.frontend_config());
    function
}

/// The shim with the memory it lies in.
pub struct ShimCode {
    /// Only kept, to be freed with this; the lock makes it shareable.
    _module: Mutex<OwnedModule>,
    pub enter: Shim,
    pub code: Vec<u8>,
}

/// The process's shim, while some backend uses it.
static SHIM: Mutex<Weak<ShimCode>> = Mutex::new(Weak::new());

impl ShimCode {
    /// The one shim; compiled by who asks first.
    pub fn shared(isa: &OwnedTargetIsa) -> Result<Arc<ShimCode>, BackendError> {
        let mut shared = SHIM.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shim) = shared.upgrade() {
            return Ok(shim);
        }
        let mut module = OwnedModule::new(isa);
        let (id, code) = module.define(words(CallConv::SystemV, 4, 1), |builder, params| {
            let signature = builder.import_signature(executor_signature());
            let call = builder.ins().call_indirect(signature, params[0], &params[1..]);
            let status = builder.inst_results(call)[0];
            builder.ins().return_(&[status]);
        })?;
        module.finalize()?;
        // SAFETY: the function was compiled with exactly this signature and convention; it lives as long as the module,
        // which is kept beside the pointer.
        let enter = unsafe { std::mem::transmute::<usize, Shim>(module.address(id)) };
        let shim = Arc::new(ShimCode { _module: Mutex::new(module), enter, code });
        *shared = Arc::downgrade(&shim);
        Ok(shim)
    }
}

/// Addresses of the thunks: functions that save every register, so that the paths that call them cost the others
/// nothing. Their results go through `thread.slow_result`.
#[derive(Clone, Copy, Debug)]
pub struct ThunkAddresses {
    /// (thread, header, size)
    pub alloc_slow: usize,
    /// (thread, owner)
    pub barrier: usize,
    /// (thread, integer)
    pub box_int_slow: usize,
}

/// The thunks of one layout, with the memory they lie in.
pub struct Thunks {
    /// Only kept, to be freed with this; the lock makes it shareable.
    _module: Mutex<OwnedModule>,
    pub addresses: ThunkAddresses,
    /// In the order of the addresses.
    pub codes: [Vec<u8>; 3],
}

impl Thunks {
    pub fn new(isa: &OwnedTargetIsa, layout: &Layout) -> Result<Thunks, BackendError> {
        let mut module = OwnedModule::new(isa);
        let result = layout.thread.slow_result as i32;
        let functions = &layout.functions;
        let (alloc_slow, alloc_code) = thunk(&mut module, functions.alloc_slow as usize, 3, Some(result))?;
        let (barrier, barrier_code) = thunk(&mut module, functions.barrier as usize, 2, None)?;
        let (box_int_slow, box_code) = thunk(&mut module, functions.box_int_slow as usize, 2, Some(result))?;
        module.finalize()?;
        let addresses = ThunkAddresses {
            alloc_slow: module.address(alloc_slow),
            barrier: module.address(barrier),
            box_int_slow: module.address(box_int_slow),
        };
        Ok(Thunks { _module: Mutex::new(module), addresses, codes: [alloc_code, barrier_code, box_code] })
    }
}

/// A thunk to `target`, which takes `n_params` words, the thread first, and whose result goes to offset `result`.
fn thunk(
    module: &mut OwnedModule,
    target: usize,
    n_params: usize,
    result: Option<i32>,
) -> Result<(FuncId, Vec<u8>), BackendError> {
    module.define(words(CallConv::PreserveAll, n_params, 0), |builder, params| {
        let signature = builder.import_signature(words(CallConv::SystemV, n_params, usize::from(result.is_some())));
        let target = builder.ins().iconst(types::I64, target as i64);
        let call = builder.ins().call_indirect(signature, target, params);
        if let Some(offset) = result {
            let word = builder.inst_results(call)[0];
            builder.ins().store(MemFlagsData::trusted(), word, params[0], offset);
        }
        builder.ins().return_(&[]);
    })
}

/// Code of a function that returns a constant, the low half of which is a hole.
#[derive(Clone, Debug)]
pub struct ReturnTemplate {
    bytes: Vec<u8>,
    hole: usize,
}

/// What stands in a template's hole; it fits an immediate of any width and occurs nowhere else in so few instructions.
const HOLE: u32 = 0x5A17_C0DE;

impl ReturnTemplate {
    /// Returns its number.
    pub fn cold_exit(isa: &dyn TargetIsa) -> Result<ReturnTemplate, BackendError> {
        Self::new(isa, u64::from(HOLE))
    }

    /// Returns `STATUS_JUMP` and its number.
    pub fn jump_stub(isa: &dyn TargetIsa) -> Result<ReturnTemplate, BackendError> {
        Self::new(isa, STATUS_JUMP | u64::from(HOLE))
    }

    fn new(isa: &dyn TargetIsa, word: u64) -> Result<ReturnTemplate, BackendError> {
        let function = build(executor_signature(), isa, |builder, _| {
            let status = builder.ins().iconst(types::I64, word as i64);
            builder.ins().return_(&[status]);
        });
        let mut context = Context::for_function(function);
        let code = context
            .compile(isa, &mut ControlPlane::default())
            .map_err(|error| BackendError::Rejected(format!("{:?}", error.inner)))?;
        let bytes = code.code_buffer().to_vec();
        let pattern = HOLE.to_le_bytes();
        let mut holes = bytes.windows(4).enumerate().filter(|(_, window)| *window == pattern);
        match (holes.next(), holes.next(), code.buffer.relocs()) {
            (Some((hole, _)), None, []) => Ok(ReturnTemplate { hole, bytes: bytes.clone() }),
            _ => Err(BackendError::Rejected(format!("template of a stub: {bytes:x?}"))),
        }
    }

    /// Appends the function that returns `number`, and padding to a multiple of 16 bytes.
    pub fn append(&self, number: u32, code: &mut Vec<u8>) {
        let start = code.len();
        code.extend_from_slice(&self.bytes);
        code[start + self.hole..][..4].copy_from_slice(&number.to_le_bytes());
        code.resize(code.len().next_multiple_of(16), 0xCC);
    }

    /// Bytes that `append` adds where the code is a multiple of 16 bytes long.
    pub fn stride(&self) -> usize {
        self.bytes.len().next_multiple_of(16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::host_isa;

    /// Is there code at an address? The list of the process's mappings says so.
    fn is_executable(address: usize) -> bool {
        let maps = std::fs::read_to_string("/proc/self/maps").expect("a list of mappings");
        maps.lines().any(|line| {
            let (range, rest) = line.split_once(' ').expect("a range");
            let (start, end) = range.split_once('-').expect("two addresses");
            let number = |text| usize::from_str_radix(text, 16).expect("hexadecimal");
            (number(start)..number(end)).contains(&address) && rest.starts_with("r-x")
        })
    }

    /// The one test here that uses the shim: no other one may hold it meanwhile.
    #[test]
    fn the_shim_is_one_for_all_and_goes_with_the_last_of_them() {
        let isa = host_isa().unwrap();
        let shims: Vec<Arc<ShimCode>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| ShimCode::shared(&isa).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let address = shims[0].enter as usize;
        assert!(shims.iter().all(|shim| shim.enter as usize == address));
        assert_eq!(Arc::strong_count(&shims[0]), shims.len());
        let last = shims.into_iter().next().unwrap();
        assert!(is_executable(address), "one is left, and uses it");
        drop(last);
        assert!(SHIM.lock().unwrap().upgrade().is_none());
        assert!(!is_executable(address), "nobody is left");
        assert!(is_executable(ShimCode::shared(&isa).unwrap().enter as usize), "it is made again");
    }
}
