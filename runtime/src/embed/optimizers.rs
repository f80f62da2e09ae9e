//! Optimizers and executors of who embeds a machine; see [`crate::optimizer`].

use super::Machine;
use crate::optimizer::{CodeId, Executor, Optimizer, OptimizerId, RegisterError, ReplaceError};

impl Machine {
    /// From now on the optimizer is asked for places that get hot, beside the machine's own backend and those that were
    /// registered before. With the JIT off, none is asked.
    pub fn register_optimizer(&mut self, optimizer: impl Optimizer + 'static) -> Result<OptimizerId, RegisterError> {
        self.vm.register_optimizer(Box::new(optimizer))
    }

    /// The optimizer is asked no more, and its executors are taken out of the code. False: it was out already.
    pub fn take_out_optimizer(&mut self, optimizer: OptimizerId) -> bool {
        self.vm.take_out_optimizer(optimizer)
    }

    /// The code of a function in an imported module (`__main__` while or after it runs), by its qualified name.
    pub fn code_of(&mut self, module: &str, qualname: &str) -> Option<CodeId> {
        let vm = &mut *self.vm;
        let name = vm.intern(module);
        let mut value = vm.dict_get_name(vm.modules, name)?;
        for part in qualname.split('.').filter(|part| *part != "<locals>") {
            let name = vm.intern(part);
            value = match vm.get_attr_opt(value, name) {
                Ok(found) => found?,
                Err(_) => {
                    vm.clear_exception();
                    return None;
                }
            };
        }
        vm.code_id(value)
    }

    /// Puts an executor at a `RESUME` or `JUMP_BACKWARD` (`offset` in bytes of `co_code`), in place of what is installed there,
    /// or takes out what is. True: something was installed. It stays until somebody takes it out, or the code is watched by a
    /// debugger, profiler or monitoring tool.
    pub fn replace_executor(
        &mut self,
        code: CodeId,
        offset: u32,
        executor: Option<Box<dyn Executor>>,
    ) -> Result<bool, ReplaceError> {
        self.vm.replace_executor(code, offset, executor)
    }
}
