//! Code as tier 1 runs it: pre-decoded instructions with inline caches.

use super::op::{Op, WATCHED};
use crate::bytecode::landing::Landings;
use crate::bytecode::{Handler, Position, positions_of};
use crate::value::Value;
use crate::watch::{Freshness, Watch};
use std::cell::OnceCell;

/// A pre-decoded instruction.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Instruction {
    /// Row of the instruction table: index into the dispatch table.
    pub op: u16,
    /// Back-off counter of specialization, or hotness of a back edge.
    pub counter: u16,
    pub arg: u32,
    /// Inline cache; what it holds depends on `op`.
    pub cache: [u64; 2],
}

impl Instruction {
    pub fn op(&self) -> Op {
        Op::from_number(self.op)
    }
    /// Is somebody told of it before it runs?
    pub fn is_watched(&self) -> bool {
        self.op >= WATCHED
    }
    /// Makes it another one, watched as before.
    pub fn set_op(&mut self, op: Op) {
        self.op = op as u16 + if self.is_watched() { WATCHED } else { 0 };
    }
    pub fn set_watched(&mut self, is_watched: bool) {
        self.op = self.op() as u16 + if is_watched { WATCHED } else { 0 };
    }
    /// Does it take what was just made for what it waits for?
    pub fn is_await(&self) -> bool {
        self.op() == Op::GetAwaitable
    }
    /// Does it drop the value on top of the stack?
    pub fn is_drop(&self) -> bool {
        self.op() == Op::PopTop
    }
}

/// What a code object runs. Lives as long as its `CodeObject`.
pub struct Code {
    pub instructions: Vec<Instruction>,
    /// As decoded, before any specialization.
    pub original: Vec<crate::bytecode::Decoded>,
    pub handlers: Vec<Handler>,
    /// Decoded when somebody asks for them.
    pub positions: OnceCell<Vec<Position>>,
    pub co_code: Box<[u8]>,
    pub linetable: Box<[u8]>,
    pub exceptiontable: Box<[u8]>,
    pub n_locals: usize,
    pub n_cells: usize,
    pub n_frees: usize,
    /// `n_locals + n_cells + n_frees`, cells that are also arguments counted once.
    pub n_localsplus: usize,
    pub stack_size: usize,
    pub arg_count: usize,
    pub positional_only: usize,
    pub keyword_only: usize,
    pub flags: u32,
    pub first_line: u32,
    pub localsplus_kinds: Box<[u8]>,
    /// With so many positional arguments and nothing else a call needs no binding; `u32::MAX`: it always does.
    pub simple_arity: u32,
    /// Compiled code of the whole function, for calls that need no binding; 0 where there is none.
    pub call_entry: usize,
    /// A generator of it may wait inside of a `try` or `with`, where it has something to do when it dies.
    pub yields_in_try: bool,
    /// Globals and builtins of the first function over it; compiled code takes those of all its functions to be these.
    pub namespace: Option<[Value; 2]>,
    /// Of a module's code that ran: its locals were its globals. Compiled code takes that to be so each time.
    pub ran_as_module: Option<bool>,
    /// One of these was not the same each time. It is not compiled any more.
    pub is_shared: bool,
    /// It has a loop that goes round often: one with an executor of its own, or too long to be unrolled.
    pub has_hot_loop: bool,
    /// What tier 1 expects where it goes on, once somebody moves it; none of code that is too large or makes no sense.
    pub landings: OnceCell<Option<Box<Landings>>>,
    /// Who is told of what runs here, once somebody has asked for it.
    pub watch: Option<Box<Watch>>,
    /// Are the instructions marked for that?
    pub freshness: Freshness,
}

pub const CO_OPTIMIZED: u32 = 0x1;
pub const CO_NEWLOCALS: u32 = 0x2;
pub const CO_VARARGS: u32 = 0x4;
pub const CO_VARKEYWORDS: u32 = 0x8;
pub const CO_GENERATOR: u32 = 0x20;
pub const CO_COROUTINE: u32 = 0x80;
pub const CO_ASYNC_GENERATOR: u32 = 0x200;
/// Our own: frames of this code are not seen by Python code.
pub const CO_HIDDEN: u32 = 0x8000_0000;
pub const CO_HAS_DOCSTRING: u32 = 0x0400_0000;

impl Code {
    /// Where each instruction stands in the source; empty when the line table is malformed.
    pub fn positions(&self) -> &[Position] {
        self.positions
            .get_or_init(|| positions_of(&self.original, &self.linetable, self.first_line, self.co_code.len() / 2))
    }
    /// Where an instruction stands in `co_code`, in bytes: what `f_lasti` and `tb_lasti` say.
    pub fn byte_of(&self, instruction: usize) -> usize {
        self.original.get(instruction).map_or(self.co_code.len(), |decoded| decoded.offset as usize * 2)
    }
    /// The instruction that stands at a byte of `co_code`.
    pub fn instruction_at(&self, byte: usize) -> usize {
        self.original.partition_point(|decoded| decoded.offset as usize * 2 <= byte).saturating_sub(1)
    }
    /// The handler of what the instruction raises.
    pub fn handler_at(&self, instruction: u32) -> Option<Handler> {
        let after = self.handlers.partition_point(|handler| handler.start <= instruction);
        self.handlers[..after].last().filter(|handler| instruction < handler.end).copied()
    }
    pub fn is_generator_like(&self) -> bool {
        self.flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) != 0
    }
    /// Slots of a frame: locals, cells and stack.
    pub fn frame_slots(&self) -> usize {
        self.n_localsplus + self.stack_size
    }
    pub fn constant(consts: Value, index: usize) -> Value {
        // SAFETY: `consts` is the code object's tuple of constants.
        unsafe { (*consts.as_ptr::<crate::object::layout::TupleObject>()).items()[index] }
    }
}

impl crate::object::layout::CodeObject {
    /// The docstring of functions over it.
    pub fn doc(&self) -> Value {
        // SAFETY: code lives as long as its object.
        let has_doc = unsafe { (*self.code).flags } & CO_HAS_DOCSTRING != 0;
        if has_doc { Code::constant(self.consts, 0) } else { Value::NONE }
    }
}
