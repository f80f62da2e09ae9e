//! Whole numbers in variables: added, subtracted, multiplied, compared, in loops.

use stitch_runtime::embed::optimizer::{
    Abort, Advanced, Capabilities, CodeLocation, CodeView, Constant, Datum, Executor, Input, InputKind,
    InstructionView, Machine, Optimizer, Stepped,
};
use stitch_runtime::vm::Raised;

/// Signals are answered after so many instructions.
const POLL_EVERY: u64 = 1 << 16;

/// Follows the code from a place on as long as it is arithmetic.
#[derive(Default)]
pub struct Arithmetic;

impl Optimizer for Arithmetic {
    fn name(&self) -> &str {
        "arithmetic"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }
    /// It translates instruction by instruction.
    fn optimization_cost(&self) -> f32 {
        20.0
    }
    /// It interprets, without boxes and counters.
    fn run_cost(&self) -> f32 {
        0.5
    }
    fn input(&self) -> InputKind {
        InputKind::Place
    }

    fn compile(&self, _: Input<'_>, at: &CodeLocation<'_>) -> Result<Box<dyn Executor>, Abort> {
        let instructions: Vec<InstructionView> = at.code.instructions().collect();
        let offsets: Vec<u32> = instructions.iter().map(|instruction| instruction.offset).collect();
        let index_of = |offset: u32| offsets.binary_search(&offset).ok();
        let start = index_of(at.offset).ok_or(Abort::Unsupported)?;
        let operations: Vec<Operation> =
            instructions.iter().map(|instruction| translate(instruction, &at.code, index_of)).collect();
        // Something worth beginning with comes behind the place.
        if matches!(operations.get(start + 1), Some(Operation::Other))
            && !matches!(operations[start], Operation::Jump(_))
        {
            return Err(Abort::Unsupported);
        }
        let is_used = |slot: &usize| operations.iter().any(|operation| operation.uses(*slot));
        let slots = (0..at.code.n_locals()).filter(is_used).collect();
        Ok(Box::new(Code { start, operations, offsets, slots, n_locals: at.code.n_locals() }))
    }
}

/// What an instruction does, if it is one of those that are done here.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Nothing,
    Constant(i64),
    Load(usize),
    LoadTwo(usize, usize),
    Store(usize),
    StoreLoad(usize, usize),
    Binary(Binary),
    /// `<`, `<=`, `==`, `!=`, `>`, `>=`.
    Compare(u32),
    Jump(usize),
    /// Where the truth on the stack is this one.
    JumpIf(bool, usize),
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Binary {
    Add,
    Subtract,
    Multiply,
}

impl Operation {
    fn uses(self, slot: usize) -> bool {
        match self {
            Operation::Load(one) | Operation::Store(one) => one == slot,
            Operation::LoadTwo(one, other) | Operation::StoreLoad(one, other) => one == slot || other == slot,
            _ => false,
        }
    }
}

fn translate(instruction: &InstructionView, code: &CodeView<'_>, index_of: impl Fn(u32) -> Option<usize>) -> Operation {
    let arg = instruction.arg;
    let (first, second) = ((arg >> 4) as usize, (arg & 15) as usize);
    let target = instruction.target.and_then(index_of);
    match (instruction.name, target) {
        ("NOP" | "NOT_TAKEN" | "RESUME", _) => Operation::Nothing,
        ("LOAD_SMALL_INT", _) => Operation::Constant(arg.into()),
        ("LOAD_CONST", _) => match code.constant(arg as usize) {
            Some(Constant::Int(integer)) => Operation::Constant(integer),
            _ => Operation::Other,
        },
        ("LOAD_FAST" | "LOAD_FAST_BORROW", _) => Operation::Load(arg as usize),
        ("LOAD_FAST_LOAD_FAST" | "LOAD_FAST_BORROW_LOAD_FAST_BORROW", _) => Operation::LoadTwo(first, second),
        ("STORE_FAST", _) => Operation::Store(arg as usize),
        ("STORE_FAST_LOAD_FAST", _) => Operation::StoreLoad(first, second),
        ("BINARY_OP", _) => match arg {
            0 | 13 => Operation::Binary(Binary::Add),
            10 | 23 => Operation::Binary(Binary::Subtract),
            5 | 18 => Operation::Binary(Binary::Multiply),
            _ => Operation::Other,
        },
        ("COMPARE_OP", _) => Operation::Compare(arg >> 5),
        ("JUMP_FORWARD" | "JUMP_BACKWARD", Some(target)) => Operation::Jump(target),
        ("POP_JUMP_IF_FALSE", Some(target)) => Operation::JumpIf(false, target),
        ("POP_JUMP_IF_TRUE", Some(target)) => Operation::JumpIf(true, target),
        _ => Operation::Other,
    }
}

struct Code {
    start: usize,
    operations: Vec<Operation>,
    offsets: Vec<u32>,
    /// The variables that are read or set.
    slots: Vec<usize>,
    n_locals: usize,
}

/// A number or a truth.
#[derive(Clone, Copy, PartialEq)]
enum Number {
    Int(i64),
    Truth(bool),
}

impl Number {
    fn int(self) -> Option<i64> {
        if let Number::Int(integer) = self { Some(integer) } else { None }
    }
}

/// Variables and values on the stack, as far as they are numbers.
struct Registers {
    locals: Vec<Option<Number>>,
    is_changed: Vec<bool>,
    stack: Vec<Number>,
}

impl Registers {
    fn set(&mut self, slot: usize, number: Number) {
        self.locals[slot] = Some(number);
        self.is_changed[slot] = true;
    }

    /// Does an operation; gives the index of the next. `None`: it is not one for here, and nothing was done.
    fn run(&mut self, operation: Operation, index: usize) -> Option<usize> {
        let next = index + 1;
        match operation {
            Operation::Nothing => {}
            Operation::Constant(integer) => self.stack.push(Number::Int(integer)),
            Operation::Load(slot) => self.stack.push(self.locals[slot]?),
            Operation::LoadTwo(first, second) => {
                let (first, second) = (self.locals[first]?, self.locals[second]?);
                self.stack.extend([first, second]);
            }
            Operation::Store(slot) => {
                let number = self.stack.pop()?;
                self.set(slot, number);
            }
            Operation::StoreLoad(to, from) => {
                let number = *self.stack.last()?;
                let loaded = if to == from { number } else { self.locals[from]? };
                self.stack.pop();
                self.set(to, number);
                self.stack.push(loaded);
            }
            Operation::Binary(binary) => {
                let (lhs, rhs) = self.operands()?;
                let result = match binary {
                    Binary::Add => lhs.checked_add(rhs),
                    Binary::Subtract => lhs.checked_sub(rhs),
                    Binary::Multiply => lhs.checked_mul(rhs),
                };
                self.replace(Number::Int(result?));
            }
            Operation::Compare(operator) => {
                let (lhs, rhs) = self.operands()?;
                self.replace(Number::Truth(match operator {
                    0 => lhs < rhs,
                    1 => lhs <= rhs,
                    2 => lhs == rhs,
                    3 => lhs != rhs,
                    4 => lhs > rhs,
                    _ => lhs >= rhs,
                }));
            }
            Operation::Jump(target) => return Some(target),
            Operation::JumpIf(wanted, target) => {
                let Number::Truth(truth) = *self.stack.last()? else { return None };
                self.stack.pop();
                return Some(if truth == wanted { target } else { next });
            }
            Operation::Other => return None,
        }
        Some(next)
    }

    fn operands(&self) -> Option<(i64, i64)> {
        let [.., lhs, rhs] = self.stack[..] else { return None };
        Some((lhs.int()?, rhs.int()?))
    }

    fn replace(&mut self, result: Number) {
        self.stack.truncate(self.stack.len() - 2);
        self.stack.push(result);
    }
}

fn number(datum: Datum) -> Option<Number> {
    match datum {
        Datum::Int(integer) => Some(Number::Int(integer)),
        Datum::Bool(truth) => Some(Number::Truth(truth)),
        _ => None,
    }
}

fn datum(number: Number) -> Datum {
    match number {
        Number::Int(integer) => Datum::Int(integer),
        Number::Truth(truth) => Datum::Bool(truth),
    }
}

impl Executor for Code {
    fn execute(&self, machine: &mut dyn Machine) -> Result<Advanced, Raised> {
        let n = self.n_locals;
        let mut registers = Registers { locals: vec![None; n], is_changed: vec![false; n], stack: Vec::new() };
        for &slot in &self.slots {
            registers.locals[slot] = number(machine.local(slot)?);
        }
        let (mut index, mut advanced) = (self.start, 0);
        while let Some(next) = registers.run(self.operations[index], index) {
            (index, advanced) = (next, advanced + 1);
            if advanced % POLL_EVERY == 0 && machine.poll()? == Stepped::TakenOut {
                break;
            }
        }
        if advanced == 0 {
            return Ok(Advanced(0));
        }
        for &slot in self.slots.iter().filter(|slot| registers.is_changed[**slot]) {
            if let Some(number) = registers.locals[slot] {
                machine.set_local(slot, datum(number))?;
            }
        }
        for &number in &registers.stack {
            machine.push(datum(number))?;
        }
        machine.advance(self.offsets[index], advanced)?;
        Ok(Advanced(advanced))
    }
}
