//! The rules that executors are held to, as messages.

use std::fmt;

pub(super) type Checked<T> = Result<T, Breach>;

/// A rule that an executor broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    NoSuchOffset(u32),
    /// Inside of an instruction.
    PartOfInstruction(u32),
    Unreachable(u32),
    Depth {
        offset: u32,
        found: usize,
        expected: usize,
    },
    /// What lies on the stack, this many places up from its bottom, is nothing that tier 1 can take there.
    Stack {
        offset: u32,
        place: usize,
    },
    Unbound {
        offset: u32,
        name: String,
    },
    /// State was changed, but no instruction was advanced by.
    HalfDone,
    Count {
        said: u64,
        counted: u64,
    },
    NoInstruction,
    NoSuchLocal(usize),
    SharedLocal(usize),
    StoredUnbound,
    NoSuchValue(usize),
    StackOverflow,
    StaleHandle,
    Over,
    TakenOut,
    Unchecked,
    RaisedNothing,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::NoSuchOffset(offset) => write!(f, "there is no instruction at offset {offset}"),
            Breach::PartOfInstruction(offset) => write!(f, "offset {offset} is inside of an instruction"),
            Breach::Unreachable(offset) => write!(f, "no way leads to offset {offset}"),
            Breach::Depth { offset, found, expected } => {
                write!(f, "the stack has {found} values at offset {offset}, where it has to have {expected}")
            }
            Breach::Stack { offset, place } => {
                write!(f, "value {place} of the stack is not what has to be there at offset {offset}")
            }
            Breach::Unbound { offset, name } => {
                write!(f, "the variable {name} has no value at offset {offset}, where it has to have one")
            }
            Breach::HalfDone => write!(f, "part of an instruction was done"),
            Breach::Count { said, counted } => {
                write!(f, "it says that it advanced by {said} instructions, and advanced by {counted}")
            }
            Breach::NoInstruction => write!(f, "it advanced to another place by no instruction"),
            Breach::NoSuchLocal(slot) => write!(f, "there is no variable {slot}"),
            Breach::SharedLocal(slot) => write!(f, "variable {slot} is shared with other functions"),
            Breach::StoredUnbound => write!(f, "it stored no value"),
            Breach::NoSuchValue(depth) => write!(f, "the stack has no value {depth} places down"),
            Breach::StackOverflow => write!(f, "the stack is full"),
            Breach::StaleHandle => write!(f, "a handle is of another execution"),
            Breach::Over => write!(f, "the run that it advanced is over"),
            Breach::TakenOut => write!(f, "it was told that it is taken out, and went on"),
            Breach::Unchecked => write!(f, "this code is not one in which it can be checked where the machine stands"),
            Breach::RaisedNothing => write!(f, "it says that it raised an exception, and none is pending"),
        }
    }
}
