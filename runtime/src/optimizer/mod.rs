//! The optimizer API: the VM is the client, optimizers are the servers.
//!
//! ```text
//!   a place gets hot ─► which optimizer pays most? ─► Optimizer::compile ─► Executor, installed as ENTER_EXECUTOR
//!   tier 1 comes there ─► Executor::execute(machine): any number of whole instructions ─► tier 1 goes on
//! ```
//!
//! Anybody may write one: an optimizer gets a code object and an offset, or the superblock that the VM recorded from there, and
//! gives an executor. An executor moves a [`Machine`], which it can do no harm: values are plain data or handles, tier 1 runs
//! single instructions on request, and where an executor moves the machine by hand, the VM checks that tier 1 could have stood
//! where it stands now, before it goes on. What breaks the rules, or panics, becomes SystemError with the optimizer's name and
//! the place, and is taken out.
//!
//! The VM's own backend stands in the same list. Its executors are entered directly; `Executor` is how all others are.

mod choose;
mod code;
mod enter;
mod places;
mod register;
mod rules;
mod running;

pub use crate::trace::Abort;
pub use crate::uop::Superblock;
pub use code::{CodeId, CodeLocation, CodeView, Constant, InstructionView};
pub(crate) use enter::enter_external;
pub(crate) use places::Offer;
pub(crate) use register::External;
pub use register::{OptimizerId, Optimizers, RegisterError, ReplaceError};

use crate::vm::Raised;

/// Kinds of places that an optimizer is called for: any set of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities(pub u8);

impl Capabilities {
    /// Where a function begins (`RESUME` after a call).
    pub const FUNCTION_ENTRY: Capabilities = Capabilities(1);
    /// Where a generator or coroutine goes on (`RESUME` after `YIELD_VALUE`).
    pub const RESUME_AFTER_YIELD: Capabilities = Capabilities(2);
    /// Where a loop goes round (`JUMP_BACKWARD`).
    pub const BACK_EDGE: Capabilities = Capabilities(4);
    pub const ALL: Capabilities = Capabilities(7);

    pub const fn contains(self, other: Capabilities) -> bool {
        self.0 & other.0 == other.0
    }
    pub const fn union(self, other: Capabilities) -> Capabilities {
        Capabilities(self.0 | other.0)
    }
}

/// What an optimizer works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// What the VM recorded from the place on, optimized. The machine goes on in tier 1 until that is done.
    Superblock,
    /// The code object and the offset alone.
    Place,
}

/// The same, at hand.
#[derive(Clone, Copy)]
pub enum Input<'a> {
    /// Its constants are addresses of objects that live as long as the VM, and its frames are those of the code.
    Superblock(&'a Superblock),
    Place,
}

/// Makes executors. Called on whichever thread of the program comes to a hot place, one at a time.
pub trait Optimizer: Send + Sync {
    /// For messages.
    fn name(&self) -> &str;
    fn capabilities(&self) -> Capabilities;
    /// What optimizing costs, for each micro-op, in units of one instruction of tier 1 (about 4 ns). Finite and not negative.
    fn optimization_cost(&self) -> f32;
    /// What an optimized instruction costs, relative to tier 1's: 0.25 is four times as fast. Finite and not negative.
    fn run_cost(&self) -> f32;
    fn input(&self) -> InputKind;
    /// An executor for the place. `Err`: it gives up, and is asked again when the place has run twice as often; where the reason
    /// is a final one ([`Abort::is_final`]), never. A panic takes the optimizer out and raises SystemError in the program.
    fn compile(&self, input: Input<'_>, at: &CodeLocation<'_>) -> Result<Box<dyn Executor>, Abort>;
}

/// How many whole instructions an executor has advanced the machine by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advanced(pub u64);

/// Runs from the place where it is installed on.
pub trait Executor: Send + Sync {
    /// Advances the machine by any number of whole instructions, 0 among them, beginning with the instruction that it is
    /// installed at: after 0 tier 1 runs that. The answer is what was advanced by in all, steps included.
    ///
    /// `Err`: an exception is pending, from a method of the machine's or from [`Machine::raise`]. It is raised by the
    /// instruction at which the machine stands.
    fn execute(&self, machine: &mut dyn Machine) -> Result<Advanced, Raised>;
}

/// A value as executors see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Datum {
    /// A variable without a value, or a null on the stack. Cannot be stored.
    Unbound,
    None,
    Bool(bool),
    /// An int that 64 bits hold. Wider ones are objects.
    Int(i64),
    Float(f64),
    Object(Handle),
}

/// An object that an executor was shown. Of no use to another execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    pub(crate) execution: u64,
    pub(crate) index: u32,
}

/// What a step of tier 1 led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stepped {
    /// The machine stands at another instruction, of the same frame or of one that was called or returned to.
    Next,
    /// The frame that the run began with has been left: there is nothing to advance any more.
    Over,
    /// The executor has been taken out meanwhile: it must return now.
    TakenOut,
}

/// The running frame of a machine, for as long as an executor runs. `Err` is a pending exception, for the executor to hand on;
/// where a rule was broken it is SystemError.
pub trait Machine {
    /// What runs in the frame.
    fn code(&self) -> CodeView<'_>;
    /// Where the instruction stands that comes next, in bytes of `co_code`, as `f_lasti` and `dis` have it.
    fn offset(&self) -> u32;
    /// How many values are on the frame's stack.
    fn depth(&self) -> usize;

    /// A variable, by its index among `co_varnames`.
    fn local(&mut self, slot: usize) -> Result<Datum, Raised>;
    /// Sets a variable. One that inner functions share cannot be set, nor can any be unbound.
    fn set_local(&mut self, slot: usize, value: Datum) -> Result<(), Raised>;
    /// The value `depth` places down on the stack; 1 is the top.
    fn peek(&mut self, depth: usize) -> Result<Datum, Raised>;
    fn push(&mut self, value: Datum) -> Result<(), Raised>;
    fn pop(&mut self) -> Result<Datum, Raised>;

    /// Has tier 1 run the instruction that comes next, whatever it is. Its exceptions go to the program's handlers; `Err`: to
    /// none within this run.
    fn step(&mut self) -> Result<Stepped, Raised>;
    /// Says that the executor itself has done what `instructions` (at least 1) of the frame's code do, and that the one at
    /// `offset` comes next.
    fn advance(&mut self, offset: u32, instructions: u64) -> Result<(), Raised>;
    /// Calls a callable, in the middle of an instruction.
    fn call(&mut self, callee: Datum, arguments: &[Datum]) -> Result<Datum, Raised>;
    /// Answers signals and lets other threads run. To be called at least every few milliseconds by who neither steps nor calls.
    fn poll(&mut self) -> Result<Stepped, Raised>;

    /// The text of an object, if it is a str without lone surrogates.
    fn text(&mut self, object: Handle) -> Option<String>;
    fn new_text(&mut self, text: &str) -> Result<Datum, Raised>;
    /// Makes an exception pending: of the built-in class of this name (else RuntimeError).
    fn raise(&mut self, class: &str, message: &str) -> Raised;
}
