//! What there is to tell of at each instruction of a code: follows from the code alone.
//!
//! An instruction starts a line where who comes to it was on another line before. From where that is depends on the way, so
//! a start has an answer for who falls through to it from the instruction before, and jumps for which the answer is the other
//! one are noted:
//!
//! ```text
//!   3  GET_ITER                     on line 3 already: nothing to tell       START
//!   3  FOR_ITER  ◄───────────┐      back from line 4: told of line 3         TURNS the answer
//!      …                     │
//!   4  JUMP_BACKWARD ────────┘
//! ```

use super::Event;
use crate::bytecode::{Decoded, Opcode};
use crate::interp::code::Code;

/// What there is to tell of at an instruction.
#[derive(Clone, Copy, Default)]
pub struct Place {
    /// Beside those of lines and of instructions.
    pub event: Option<Event>,
    pub line: LineStart,
    /// This jump turns the answer that its target has.
    pub turns: bool,
    /// There are jumps here that do.
    pub is_turned: bool,
    /// Exceptions are handled from here on.
    pub is_handler: bool,
    /// Is there anything to tell of it?
    pub is_traceable: bool,
    /// Is it told of as an instruction?
    pub is_instruction: bool,
    /// The instruction is marked.
    pub is_marked: bool,
}

/// Does the instruction start a line?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LineStart {
    #[default]
    No,
    /// For who falls through to it.
    Falling,
    /// Not for who falls through to it.
    Jumping,
}

fn event_of(opcode: Opcode, arg: u32) -> Option<Event> {
    Some(match opcode {
        Opcode::Resume if arg & 3 == 0 => Event::PyStart,
        Opcode::Resume => Event::PyResume,
        Opcode::ReturnValue => Event::PyReturn,
        Opcode::YieldValue => Event::PyYield,
        Opcode::Call | Opcode::CallKw | Opcode::CallFunctionEx | Opcode::LoadSuperAttr => Event::Call,
        Opcode::JumpForward | Opcode::JumpBackward => Event::Jump,
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
            Event::BranchRight
        }
        Opcode::PopIter | Opcode::EndAsyncFor => Event::BranchRight,
        Opcode::ForIter | Opcode::NotTaken => Event::BranchLeft,
        Opcode::EndFor | Opcode::EndSend => Event::StopIteration,
        _ => return None,
    })
}

/// Is it one of those that belong to the instruction before, whatever line they are on?
fn starts_no_line(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::EndAsyncFor | Opcode::EndFor | Opcode::EndSend | Opcode::PopIter | Opcode::Resume | Opcode::NotTaken
    )
}

/// The target of what jumps on its own account.
pub fn jump_target(instruction: Decoded) -> Option<usize> {
    let jumps = matches!(
        instruction.opcode,
        Opcode::JumpForward
            | Opcode::JumpBackward
            | Opcode::JumpBackwardNoInterrupt
            | Opcode::PopJumpIfFalse
            | Opcode::PopJumpIfTrue
            | Opcode::PopJumpIfNone
            | Opcode::PopJumpIfNotNone
    );
    jumps.then_some(instruction.arg as usize)
}

/// The line of each instruction; −1: none.
fn lines_of(code: &Code) -> Vec<i32> {
    let mut lines: Vec<i32> = code.positions().iter().map(|position| position.line).collect();
    lines.resize(code.original.len(), -1);
    lines
}

/// The places of a code, one for each instruction.
pub fn places_of(code: &Code) -> Box<[Place]> {
    let original = &code.original;
    let mut places = vec![Place::default(); original.len()];
    let first = original.iter().position(|decoded| decoded.opcode == Opcode::Resume).unwrap_or(original.len());
    for (place, decoded) in places.iter_mut().zip(original).skip(first) {
        place.event = event_of(decoded.opcode, decoded.arg);
        place.is_traceable = true;
        place.is_instruction = decoded.opcode != Opcode::Resume;
    }
    find_lines(code, &lines_of(code), first, &mut places);
    places.into()
}

fn find_lines(code: &Code, lines: &[i32], first: usize, places: &mut [Place]) {
    let original = &code.original;
    let mut may_start = vec![false; original.len()];
    let mut current = -1;
    for index in first..original.len() {
        if !starts_no_line(original[index].opcode) {
            may_start[index] = lines[index] != current && lines[index] >= 0;
            current = lines[index];
        }
    }
    let is_target = |target: usize| target >= first && lines[target] >= 0 && !starts_no_line(original[target].opcode);
    let jumps = || (first..original.len()).filter_map(|index| Some((index, jump_target(original[index])?)));
    for (_, target) in jumps().filter(|&(_, target)| is_target(target)) {
        may_start[target] = true;
    }
    for handler in code.handlers.iter().filter(|handler| is_target(handler.target as usize)) {
        may_start[handler.target as usize] = true;
    }
    for index in (first + 1..original.len()).filter(|&index| may_start[index]) {
        let before = original[index - 1].opcode;
        let is_start = if before.ends_block() {
            // Nobody falls through to it: as the first jump has it, so that few have to turn it.
            let jump = jumps().find(|&(_, target)| target == index);
            jump.is_none_or(|(jump, _)| lines[jump] != lines[index])
        } else {
            lines[index - 1] != lines[index] || before == Opcode::Resume
        };
        places[index].line = if is_start { LineStart::Falling } else { LineStart::Jumping };
    }
    for (index, target) in jumps() {
        let starts = lines[index] != lines[target];
        places[index].turns = match places[target].line {
            LineStart::No => false,
            LineStart::Falling => !starts,
            LineStart::Jumping => starts,
        };
    }
    for (index, target) in jumps() {
        places[target].is_turned |= places[index].turns;
    }
    // What is told of on no way is told of nowhere. Exceptions come from anywhere.
    for handler in &code.handlers {
        if let Some(place) = places.get_mut(handler.target as usize) {
            place.is_handler = true;
        }
    }
    for place in places.iter_mut() {
        if place.line == LineStart::Jumping && !place.is_turned && !place.is_handler {
            place.line = LineStart::No;
        }
    }
}

/// The jumps that turn the answer of an instruction.
pub fn jumps_turning<'a>(
    original: &'a [Decoded],
    places: &'a [Place],
    target: usize,
) -> impl Iterator<Item = usize> + 'a {
    (0..places.len()).filter(move |&index| places[index].turns && original[index].arg as usize == target)
}
