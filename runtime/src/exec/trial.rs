//! A superblock run by hand in the running frame, installed nowhere: what the checks of backends and passes stand on.

use super::frames::Run;
use super::machine::VmMachine;
use super::{Executor, ExecutorKind};
use crate::backend::uops::{Leave, UopCode};
use crate::backend::{Backend, MAX_HOMES, Status};
use crate::interp::code::Code;
use crate::uop::{Superblock, UopIdx};
use crate::vm::Vm;
use std::sync::Arc;

/// Who runs a superblock.
pub enum Runner<'r> {
    /// The uop interpreter, which tells of each micro-op before it runs.
    Uops(&'r UopCode, &'r mut dyn FnMut(UopIdx)),
    /// What a backend installed, by its entry.
    Compiled(&'r dyn Backend, usize),
}

/// An executor that nothing leads to, for a superblock that starts in frames of this code.
pub fn executor(superblock: Arc<Superblock>, code: *mut Code) -> Box<Executor> {
    Box::new(Executor { superblock, ..Executor::new(ExecutorKind::Side, code, 0) })
}

/// Runs a superblock until it leaves, and has what it left behind looked at while the collector still sees its homes.
///
/// # Safety
/// The running frame is of the executor's code, and all that the superblock takes for granted holds. `homes` has room for
/// `MAX_HOMES` words, and lies on the native stack. Compiled code was made for this VM's layout and this executor.
pub unsafe fn run<R>(
    vm: &mut Vm,
    executor: &Executor,
    runner: Runner,
    homes: *mut u64,
    look: impl FnOnce(&mut Vm, Status) -> R,
) -> R {
    let this = Run::new(homes, vm.runs);
    vm.runs = &this;
    vm.jit.max_homes = MAX_HOMES;
    vm.current_executor = std::ptr::from_ref(executor) as u64;
    let frame = vm.frame;
    let status = match runner {
        Runner::Uops(code, watch) => {
            let leave = code.run_watched(&mut VmMachine { vm, frame, homes, executor }, watch);
            match leave {
                Leave::Exit(exit) => Status::Exit(exit),
                Leave::Finished(value) => {
                    vm.result = value;
                    Status::Returned
                }
                Leave::Executor(next) => Status::Jump(next),
                Leave::Caller => Status::Caller,
                // SAFETY: the superblock's own frames and calls.
                Leave::Call { call, top } => unsafe { vm.stand_at_call(call, top) },
            }
        }
        Runner::Compiled(backend, entry) => {
            // SAFETY: the caller's promise.
            Status::from_word(unsafe { backend.enter(entry, std::ptr::from_mut(vm).cast(), homes, frame.cast()) })
        }
    };
    let seen = look(vm, status);
    vm.current_executor = 0;
    vm.runs = this.outer;
    seen
}
