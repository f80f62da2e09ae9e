//! Executors that do one thing each: what the rules allow, and what they do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use stitch_runtime::embed::optimizer::{
    Abort, Advanced, Capabilities, CodeLocation, Datum, Executor, Handle, Input, InputKind, Machine, Optimizer, Stepped,
};
use stitch_runtime::vm::Raised;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Advances by no instruction.
    Nothing,
    /// By one, which tier 1 runs.
    Step,
    /// By so many, which tier 1 runs, calls and returns among them.
    Steps(u64),
    /// Gives each place up.
    GiveUp,
    PanicInCompile,
    PanicInExecute,
    /// Raises ValueError.
    Raise,
    /// Steps, and says that it has not.
    Miscount,
    /// Goes into the middle of an instruction.
    PartOfInstruction,
    BadOffset,
    /// Leaves a value too many.
    Deepen,
    /// Takes away what a loop needs, and says that nothing happened.
    HalfDone,
    /// Puts a number in an iterator's place.
    ReplaceIterator,
    NoSuchLocal,
    StoreUnbound,
    /// Uses a handle of the execution before.
    StaleHandle,
    /// Says that it raised, and has not.
    RaiseNothing,
}

/// How often something was asked for, by kind of place.
#[derive(Default)]
pub struct Calls {
    pub compiled: AtomicU64,
    pub entries: AtomicU64,
    pub resumptions: AtomicU64,
    pub back_edges: AtomicU64,
    /// Micro-ops of the superblocks that were given.
    pub micro_ops: AtomicU64,
    pub executed: AtomicU64,
    pub advanced: AtomicU64,
}

/// An optimizer all of whose executors behave in one way.
pub struct Behaving {
    pub behaviour: Behaviour,
    pub capabilities: Capabilities,
    pub input: InputKind,
    /// Of functions with this prefix alone.
    pub prefix: &'static str,
    pub calls: Arc<Calls>,
}

impl Behaving {
    pub fn new(behaviour: Behaviour, capabilities: Capabilities) -> Behaving {
        let calls = Arc::default();
        Behaving { behaviour, capabilities, input: InputKind::Place, prefix: "", calls }
    }

    /// What `replace_executor` takes.
    pub fn executor(&self) -> Box<dyn Executor> {
        Box::new(Doing { behaviour: self.behaviour, calls: self.calls.clone(), kept: Default::default() })
    }
}

impl Optimizer for Behaving {
    fn name(&self) -> &str {
        "behaving"
    }
    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
    /// So that it is always taken.
    fn optimization_cost(&self) -> f32 {
        0.0
    }
    fn run_cost(&self) -> f32 {
        0.0
    }
    fn input(&self) -> InputKind {
        self.input
    }

    fn compile(&self, input: Input<'_>, at: &CodeLocation<'_>) -> Result<Box<dyn Executor>, Abort> {
        if !at.code.name().starts_with(self.prefix) {
            return Err(Abort::Unsupported);
        }
        self.calls.compiled.fetch_add(1, Ordering::Relaxed);
        let instruction = at.code.instructions().find(|instruction| instruction.offset == at.offset);
        let counter = match instruction.map(|instruction| (instruction.name, instruction.arg & 3)) {
            Some(("RESUME", 0)) => &self.calls.entries,
            Some(("RESUME", _)) => &self.calls.resumptions,
            _ => &self.calls.back_edges,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        if let Input::Superblock(superblock) = input {
            self.calls.micro_ops.fetch_add(superblock.uops.len() as u64, Ordering::Relaxed);
        }
        match self.behaviour {
            Behaviour::GiveUp => Err(Abort::Unsupported),
            Behaviour::PanicInCompile => panic!("lost while compiling"),
            _ => Ok(self.executor()),
        }
    }
}

struct Doing {
    behaviour: Behaviour,
    calls: Arc<Calls>,
    kept: std::sync::Mutex<Option<Handle>>,
}

impl Executor for Doing {
    fn execute(&self, machine: &mut dyn Machine) -> Result<Advanced, Raised> {
        self.calls.executed.fetch_add(1, Ordering::Relaxed);
        let done = self.act(machine)?;
        self.calls.advanced.fetch_add(done.0, Ordering::Relaxed);
        Ok(done)
    }
}

impl Doing {
    fn act(&self, machine: &mut dyn Machine) -> Result<Advanced, Raised> {
        match self.behaviour {
            Behaviour::Nothing | Behaviour::GiveUp | Behaviour::PanicInCompile => Ok(Advanced(0)),
            Behaviour::Step => machine.step().map(|_| Advanced(1)),
            Behaviour::Steps(wanted) => {
                let mut advanced = 0;
                while advanced < wanted {
                    advanced += 1;
                    if machine.step()? != Stepped::Next {
                        break;
                    }
                }
                Ok(Advanced(advanced))
            }
            Behaviour::PanicInExecute => panic!("lost while running"),
            Behaviour::Raise => Err(machine.raise("ValueError", "not today")),
            Behaviour::Miscount => machine.step().map(|_| Advanced(2)),
            Behaviour::PartOfInstruction => {
                let offset = machine.offset();
                machine.advance(offset + 2, 1)?;
                Ok(Advanced(1))
            }
            Behaviour::BadOffset => {
                machine.advance(1 << 20, 1)?;
                Ok(Advanced(1))
            }
            Behaviour::Deepen => {
                machine.push(Datum::Int(1))?;
                let next = next_offset(machine);
                machine.advance(next, 1)?;
                Ok(Advanced(1))
            }
            Behaviour::HalfDone => {
                machine.pop()?;
                Ok(Advanced(0))
            }
            Behaviour::ReplaceIterator => {
                machine.pop()?;
                machine.push(Datum::Int(1))?;
                let next = next_offset(machine);
                machine.advance(next, 1)?;
                Ok(Advanced(1))
            }
            Behaviour::NoSuchLocal => machine.local(1 << 20).map(|_| Advanced(0)),
            Behaviour::StoreUnbound => machine.set_local(0, Datum::Unbound).map(|()| Advanced(0)),
            Behaviour::StaleHandle => {
                let old = self.kept.lock().ok().and_then(|kept| *kept);
                if let Some(handle) = old {
                    machine.set_local(0, Datum::Object(handle))?;
                }
                if let (Datum::Object(handle), Ok(mut kept)) = (machine.new_text("kept")?, self.kept.lock()) {
                    *kept = Some(handle);
                }
                Ok(Advanced(0))
            }
            Behaviour::RaiseNothing => Err(Raised),
        }
    }
}

/// Where a jump goes, or what comes behind another instruction.
fn next_offset(machine: &dyn Machine) -> u32 {
    let offset = machine.offset();
    let instructions: Vec<_> = machine.code().instructions().collect();
    let at = instructions.iter().position(|instruction| instruction.offset == offset);
    let jumps_to = at.and_then(|at| instructions[at].target);
    jumps_to.or_else(|| at.and_then(|at| instructions.get(at + 1)).map(|next| next.offset)).unwrap_or(0)
}
