//! Other optimizers' executors in their places.

use super::taken_out::Reason;
use super::{Dependency, Executor, ExecutorKind, Vm};
use crate::interp::code::Code;
use crate::interp::op::Op as Instr;
use crate::optimizer::External;

impl Vm {
    /// Installs an executor in bytecode.
    ///
    /// # Safety
    /// The code is alive, and is pinned; the instruction is one of its, a `RESUME` or `JUMP_BACKWARD` without executor.
    pub(crate) unsafe fn install_external(
        &mut self,
        (code, code_object): (*mut Code, u64),
        index: u32,
        external: External,
        mut dependencies: Vec<Dependency>,
    ) {
        let id = self.jit.executors.len() as u32;
        let watched = Dependency::Code(code as u64);
        if !dependencies.contains(&watched) {
            dependencies.push(watched);
        }
        self.rely(id, &dependencies);
        self.jit.executors.push(Box::new(Executor {
            id,
            root: id,
            code_object,
            install_ip: index,
            dependencies,
            external: Some(Box::new(external)),
            ..Executor::new(ExecutorKind::External, code, index)
        }));
        // SAFETY: the caller's promise.
        unsafe { self.put_in_bytecode(id) };
    }

    /// Takes out whatever executor is installed at an instruction. False: there is none.
    ///
    /// # Safety
    /// The code is alive and has the instruction.
    pub(crate) unsafe fn take_out_executor_at(&mut self, code: *mut Code, index: u32) -> bool {
        // SAFETY: the caller's promise.
        let instruction = unsafe { (&(*code).instructions)[index as usize] };
        if Instr::from_number(instruction.op) != Instr::EnterExecutor {
            return false;
        }
        self.invalidate_executor(instruction.cache[0] as u32, &Reason::Flushed.into());
        true
    }
}
