//! `frame.f_lineno = …`: has the frame that is being traced go on at another line.
//!
//! It can only go where the value stack may be what it is, or what is left of it after some has been popped. What kinds of values
//! the stack holds at each instruction follows from the code.

use super::Event;
use crate::bytecode::{Decoded, Opcode};
use crate::interp::code::Code;
use crate::interp::frame::Frame;
use crate::object::argument::This;
use crate::object::layout::{FrameObject, GeneratorObject};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// What is to be known of a value on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Iterator,
    /// The exception that was handled before, or the one that is.
    Exception,
    Object,
    Null,
    /// Where an exception was raised that will be raised again.
    Place,
}

/// The kinds of a stack's values, from the bottom.
type Kinds = Vec<Kind>;

/// The stack at each instruction that can be reached.
fn stacks_of(code: &Code) -> Vec<Option<Kinds>> {
    let mut stacks: Vec<Option<Kinds>> = vec![None; code.original.len()];
    let mut waiting = vec![(0, Vec::new())];
    loop {
        while let Some((index, kinds)) = waiting.pop() {
            let Some(slot @ None) = stacks.get_mut(index) else { continue };
            *slot = Some(kinds.clone());
            waiting.extend(after(code.original[index], index, kinds));
        }
        for handler in &code.handlers {
            let start = &stacks[handler.start as usize];
            if let (Some(kinds), None) = (start, &stacks[handler.target as usize]) {
                let mut kinds = kinds.clone();
                kinds.truncate(handler.depth as usize);
                kinds.extend(handler.lasti.then_some(Kind::Place));
                kinds.push(Kind::Exception);
                waiting.push((handler.target as usize, kinds));
            }
        }
        if waiting.is_empty() {
            return stacks;
        }
    }
}

/// Where an instruction may be followed by which, and the stacks there.
fn after(decoded: Decoded, index: usize, mut kinds: Kinds) -> Vec<(usize, Kinds)> {
    let Decoded { opcode, arg, .. } = decoded;
    let (next, target) = (index + 1, arg as usize);
    let replace = |kinds: &mut Kinds, n_popped: usize, pushed: &[Kind]| {
        kinds.truncate(kinds.len().saturating_sub(n_popped));
        kinds.extend_from_slice(pushed);
    };
    match opcode {
        Opcode::ReturnValue | Opcode::RaiseVarargs | Opcode::Reraise | Opcode::InterpreterExit => return Vec::new(),
        Opcode::JumpForward | Opcode::JumpBackward | Opcode::JumpBackwardNoInterrupt => return vec![(target, kinds)],
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
            replace(&mut kinds, 1, &[]);
            return vec![(target, kinds.clone()), (next, kinds)];
        }
        Opcode::Send => return vec![(target, kinds.clone()), (next, kinds)],
        Opcode::ForIter => {
            kinds.push(Kind::Object);
            return vec![(target, kinds.clone()), (next, kinds)];
        }
        Opcode::GetIter | Opcode::GetAiter => replace(&mut kinds, 1, &[Kind::Iterator]),
        Opcode::PushExcInfo => kinds.push(Kind::Exception),
        Opcode::PushNull => kinds.push(Kind::Null),
        Opcode::LoadGlobal if arg & 1 != 0 => replace(&mut kinds, 0, &[Kind::Object, Kind::Null]),
        Opcode::LoadAttr if arg & 1 != 0 => replace(&mut kinds, 1, &[Kind::Object, Kind::Null]),
        Opcode::Swap => {
            if let Some(other) = kinds.len().checked_sub(target) {
                let top = kinds.len() - 1;
                kinds.swap(top, other);
            }
        }
        Opcode::Copy => {
            let copied = kinds.len().checked_sub(target).and_then(|at| kinds.get(at).copied());
            kinds.push(copied.unwrap_or(Kind::Object));
        }
        _ => {
            let (n_popped, n_pushed) = opcode.stack_effect(arg);
            let n_kept = n_popped.min(n_pushed) as usize;
            // What it takes and gives back stays what it is.
            replace(&mut kinds, n_popped as usize - n_kept, &vec![Kind::Object; n_pushed as usize - n_kept]);
        }
    }
    vec![(next, kinds)]
}

/// Can a stack be taken for another one, once values are popped?
fn fits(from: &[Kind], to: &[Kind]) -> bool {
    to.len() <= from.len()
        && from.iter().zip(to).all(|(from, to)| match to {
            Kind::Object => *from != Kind::Null,
            Kind::Null => true,
            _ => from == to,
        })
}

/// Why a frame cannot go where the stack is this one.
fn refusal(to: Option<&Kinds>) -> &'static str {
    match to.map(|kinds| kinds.last()) {
        None => "can't jump into an exception handler, or code may be unreachable",
        Some(Some(Kind::Exception)) => "can't jump into an 'except' block as there's no exception",
        Some(Some(Kind::Place)) => "can't jump into a re-raising block as there's no location",
        Some(Some(Kind::Iterator)) => "can't jump into the body of a for loop",
        Some(_) => "incompatible stacks",
    }
}

impl Vm {
    /// Has a frame go on at another line, while its trace function is told of a line.
    pub(crate) fn set_line(&mut self, this: This<FrameObject>, line: Option<Value>) -> PyResult<()> {
        let Some(line) = line else {
            return Err(self.raise(self.exceptions.AttributeError, "cannot delete attribute"));
        };
        if !line.is_int() {
            return Err(self.raise_value("lineno must be an integer"));
        }
        let line = line.as_int();
        let traced = self.told_event;
        let frame = match traced {
            None => return Err(self.raise_value("f_lineno can only be set in a trace function")),
            Some((Event::PyStart | Event::PyResume | Event::PyThrow, _)) => {
                return Err(self.raise_value("can't jump from the 'call' trace event of a new frame"));
            }
            Some((
                Event::Line
                | Event::Instruction
                | Event::Jump
                | Event::BranchLeft
                | Event::BranchRight
                | Event::PyYield,
                frame,
            )) if self.is_frame_of(this, frame) => frame,
            Some(_) => return Err(self.raise_value("can only jump from a 'line' trace event")),
        };
        // SAFETY: the frame that is being traced is live, in tier 1, and has saved its state.
        unsafe {
            let (target, depth) = self.jump_to_line(frame, line)?;
            let code = &mut *(*frame).code;
            self.bind_all(frame)?;
            self.pop_to(frame, depth);
            (*frame).ip = code.instructions.as_mut_ptr().add(target);
        }
        Ok(())
    }

    /// The instruction of a line that the frame can go on at, and how deep the stack is there.
    unsafe fn jump_to_line(&mut self, frame: *mut Frame, line: i64) -> PyResult<(usize, usize)> {
        // SAFETY: callers pass a live frame.
        let (code, index) = unsafe { (&*(*frame).code, Frame::instruction_index(frame)) };
        if line < i64::from(code.first_line) {
            return Err(self.raise_value(&format!("line {line} comes before the current code block")));
        }
        let lines = || code.positions().iter().map(|position| i64::from(position.line));
        let Some(line) = lines().filter(|&other| other >= line).min() else {
            return Err(self.raise_value(&format!("line {line} comes after the current code block")));
        };
        let stacks = stacks_of(code);
        // SAFETY: as above.
        let depth = unsafe { (*frame).sp.offset_from(Frame::stack_base(frame)) } as usize;
        let Some(from) = stacks[index].as_ref().filter(|kinds| kinds.len() == depth) else {
            return Err(self.raise_value("can't jump from within an exception handler"));
        };
        // Where a stretch of code on the line begins.
        let is_start = |&index: &usize| index == 0 || lines().nth(index - 1) != Some(line);
        let of_line: Vec<usize> =
            lines().enumerate().filter(|&(_, other)| other == line).map(|(index, _)| index).collect();
        let candidates = || of_line.iter().copied().filter(is_start);
        let mut best: Option<(usize, usize)> = None;
        for index in candidates() {
            if let Some(to) = stacks[index].as_ref().filter(|to| fits(from, to))
                && best.is_none_or(|(_, depth)| to.len() > depth)
            {
                best = Some((index, to.len()));
            }
        }
        let first_refusal = candidates().next().map_or("incompatible stacks", |index| refusal(stacks[index].as_ref()));
        best.ok_or_else(|| self.raise_value(first_refusal))
    }

    /// Code takes for granted that locals are bound that it has bound before, whatever way it has come.
    unsafe fn bind_all(&mut self, frame: *mut Frame) -> PyResult<()> {
        // SAFETY: callers pass a live frame.
        unsafe {
            let slots = || (0..(*(*frame).code).n_localsplus).map(|slot| Frame::slot(frame, slot));
            let n_unbound = slots().filter(|&slot| (*slot).is_unbound()).count();
            if n_unbound > 0 {
                let plural = if n_unbound == 1 { "" } else { "s" };
                let message = format!("assigning None to {n_unbound} unbound local{plural}");
                self.warn(self.exceptions.RuntimeWarning, &message)?;
                slots().filter(|&slot| (*slot).is_unbound()).for_each(|slot| *slot = Value::NONE);
            }
            if let Some(generator) = (*frame).generator.as_ref() {
                self.barrier(std::ptr::from_ref::<GeneratorObject>(generator));
            }
        }
        Ok(())
    }

    /// Pops values off a frame's stack; exceptions that were handled are not any more.
    unsafe fn pop_to(&mut self, frame: *mut Frame, depth: usize) {
        // SAFETY: callers pass a live frame, whose stack is at least so deep.
        unsafe {
            let index = Frame::instruction_index(frame);
            let kinds = stacks_of(&*(*frame).code)[index].clone().unwrap_or_default();
            for kind in kinds.iter().skip(depth).rev() {
                (*frame).sp = (*frame).sp.sub(1);
                if *kind == Kind::Exception {
                    crate::interp::handlers::exceptions::handle(self, frame, *(*frame).sp);
                }
            }
        }
    }
}
