//! Optimizers that were registered, and executors of theirs that were put in place or taken out.

use super::choose::Costs;
use super::places::PlaceRecord;
use super::{Capabilities, CodeId, CodeView, Executor, InputKind, Optimizer};
use crate::bytecode::Opcode;
use crate::config::JitMode;
use crate::exec::taken_out::Reason;
use crate::object::layout::{BoundMethod, CodeObject, FunctionObject};
use crate::value::Value;
use crate::vm::Vm;
use hashbrown::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// An optimizer of a VM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OptimizerId(u32);

/// Those that a VM has beside its own, and what it knows of places because of them.
#[derive(Default)]
pub struct Optimizers {
    pub(super) all: Vec<Registered>,
    n_registered: u32,
    pub(super) n_executions: u64,
    /// By code and instruction.
    pub(super) places: HashMap<(u64, u32), PlaceRecord>,
    /// Code objects that somebody was told of.
    known: HashSet<u64>,
}

pub(super) struct Registered {
    pub id: OptimizerId,
    pub optimizer: Arc<dyn Optimizer>,
    pub name: String,
    pub capabilities: Capabilities,
    pub costs: Costs,
    pub input: InputKind,
}

impl Optimizers {
    /// Are there any beside the VM's own?
    #[inline]
    pub fn is_any(&self) -> bool {
        !self.all.is_empty()
    }
}

/// What an installed executor that is not the VM's own has beside the VM's part.
pub(crate) struct External {
    pub executor: Arc<dyn Executor>,
    /// `None`: somebody put it there.
    pub optimizer: Option<OptimizerId>,
    pub run_cost: f64,
    pub runs: u64,
    /// Runs that advanced by nothing.
    pub idle_runs: u64,
    /// After so many runs it is seen whether another optimizer would pay.
    pub review_at: u64,
}

/// Why an optimizer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterError {
    /// A cost is negative, infinite or no number.
    Cost,
    /// It is good for no place.
    NoCapability,
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RegisterError::Cost => "an optimizer's costs are finite and not negative",
            RegisterError::NoCapability => "the optimizer is good for no kind of place",
        })
    }
}

impl std::error::Error for RegisterError {}

/// Why an executor cannot be put in a place or taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplaceError {
    /// The JIT is off: nothing is installed.
    Off,
    /// No code object of this VM that anybody was told of.
    NoSuchCode,
    /// No instruction stands there, or one of which it is a part.
    BadOffset(u32),
    /// The instruction is neither `RESUME` nor `JUMP_BACKWARD`.
    NoPlace(u32),
    /// A debugger, profiler or monitoring tool is told of what runs in this code.
    Watched,
}

impl fmt::Display for ReplaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplaceError::Off => write!(f, "the JIT is off"),
            ReplaceError::NoSuchCode => write!(f, "no code object that this machine has told of"),
            ReplaceError::BadOffset(offset) => write!(f, "no instruction starts at offset {offset}"),
            ReplaceError::NoPlace(offset) => {
                write!(f, "an executor goes to a RESUME or JUMP_BACKWARD, and offset {offset} has another instruction")
            }
            ReplaceError::Watched => write!(f, "somebody is told of what runs in this code"),
        }
    }
}

impl std::error::Error for ReplaceError {}

impl Vm {
    /// From now on the optimizer is asked for places that get hot, beside those that are there.
    pub fn register_optimizer(&mut self, optimizer: Box<dyn Optimizer>) -> Result<OptimizerId, RegisterError> {
        let costs = [optimizer.optimization_cost(), optimizer.run_cost()];
        if costs.iter().any(|cost| !cost.is_finite() || *cost < 0.0) {
            return Err(RegisterError::Cost);
        }
        let capabilities = optimizer.capabilities();
        if capabilities.0 & Capabilities::ALL.0 == 0 {
            return Err(RegisterError::NoCapability);
        }
        let optimizers = &mut self.jit.optimizers;
        optimizers.n_registered += 1;
        let id = OptimizerId(optimizers.n_registered);
        optimizers.all.push(Registered {
            id,
            name: optimizer.name().to_owned(),
            capabilities,
            costs: Costs { optimization: costs[0].into(), run: costs[1].into() },
            input: optimizer.input(),
            optimizer: optimizer.into(),
        });
        Ok(id)
    }

    /// The optimizer is asked no more, and its executors are taken out. False: it was out already.
    pub fn take_out_optimizer(&mut self, id: OptimizerId) -> bool {
        let all = &mut self.jit.optimizers.all;
        let Some(index) = all.iter().position(|registered| registered.id == id) else { return false };
        all.remove(index);
        let is_its = |executor: &crate::exec::Executor| {
            executor.external.as_ref().is_some_and(|external| external.optimizer == Some(id))
        };
        let ids: Vec<u32> = self.jit.executors.iter().filter(|it| is_its(it)).map(|it| it.id).collect();
        ids.into_iter().for_each(|id| self.invalidate_executor(id, &Reason::Replaced.into()));
        true
    }

    /// The code object of a function, a bound method or a code object, kept alive from now on.
    pub fn code_id(&mut self, callable: Value) -> Option<CodeId> {
        let mut value = callable;
        if let Some(method) = self.exactly::<BoundMethod>(value) {
            value = method.function;
        }
        if let Some(function) = self.exactly::<FunctionObject>(value) {
            value = function.code;
        }
        self.exactly::<CodeObject>(value)?;
        Some(self.know_code(value))
    }

    /// Reads a code object.
    pub fn code_view(&self, code: CodeId) -> CodeView<'_> {
        // SAFETY: an id stands for a pinned code object.
        unsafe { CodeView::new(self, code.0 as *mut CodeObject) }
    }

    pub(super) fn know_code(&mut self, code_object: Value) -> CodeId {
        self.jit.pin_for_good(code_object);
        self.jit.optimizers.known.insert(code_object.0);
        CodeId(code_object.0)
    }

    /// Puts an executor at an instruction (an offset in bytes of `co_code`) in place of what is there, or takes out what is
    /// there. True: something was.
    pub fn replace_executor(
        &mut self,
        code: CodeId,
        offset: u32,
        executor: Option<Box<dyn Executor>>,
    ) -> Result<bool, ReplaceError> {
        if self.jit.config.mode == JitMode::Off {
            return Err(ReplaceError::Off);
        }
        if !self.jit.optimizers.known.contains(&code.0) {
            return Err(ReplaceError::NoSuchCode);
        }
        // SAFETY: known code objects are pinned.
        let (code, code_object) = unsafe { ((*(code.0 as *const CodeObject)).code, code.0) };
        // SAFETY: as above.
        let (index, op) = unsafe {
            let code = &*code;
            let index = code.instruction_at(offset as usize);
            if offset as usize >= code.co_code.len() || code.byte_of(index) != offset as usize {
                return Err(ReplaceError::BadOffset(offset));
            }
            if self.watchers.is_anybody_told(code) {
                return Err(ReplaceError::Watched);
            }
            (index as u32, code.original[index].opcode)
        };
        if !matches!(op, Opcode::Resume | Opcode::JumpBackward) {
            return Err(ReplaceError::NoPlace(offset));
        }
        // SAFETY: an instruction of pinned code.
        let was_there = unsafe { self.take_out_executor_at(code, index) };
        if let Some(executor) = executor {
            let external = External::new(executor.into(), None, Costs { optimization: 0.0, run: 1.0 });
            // SAFETY: as above; nothing is there any more.
            unsafe { self.install_external((code, code_object), index, external, Vec::new()) };
        }
        Ok(was_there)
    }
}

impl External {
    pub(super) fn new(executor: Arc<dyn Executor>, optimizer: Option<OptimizerId>, costs: Costs) -> External {
        const FIRST_REVIEW: u64 = 1_000;
        let review_at = if optimizer.is_some() { FIRST_REVIEW } else { u64::MAX };
        External { executor, optimizer, run_cost: costs.run, runs: 0, idle_runs: 0, review_at }
    }
}
