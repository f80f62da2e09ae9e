//! `co_code` to pre-decoded instructions: caches dropped, extended arguments folded in, jumps made absolute.
//!
//! Bytes may come from anywhere (`code.replace`, marshal), so nothing about them is taken for granted here: malformed
//! code is an `Err`. What is promised of a [`DecodedCode`]: every jump and every handler goes to an instruction, the
//! last instruction does not fall through, and every index into constants, names and slots is in range.

use std::fmt;

use super::instruction::{BINARY_OPERATORS, Direction, Opcode, Operand};
use super::positions::{Position, decode_line_table};
use super::raw::RawCode;

/// What there is to decode of a code object, and how many there are of what instructions refer to.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    pub co_code: &'a [u8],
    pub exceptiontable: &'a [u8],
    pub n_consts: usize,
    pub n_names: usize,
    pub n_slots: usize,
}

impl<'a> Tables<'a> {
    pub fn of(code: &'a RawCode) -> Tables<'a> {
        Tables {
            co_code: &code.co_code,
            exceptiontable: &code.exceptiontable,
            n_consts: code.consts.len(),
            n_names: code.names.len(),
            n_slots: code.localsplus_names.len(),
        }
    }
}

/// One instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub opcode: Opcode,
    /// With its extension; for jumps, the index of the target among the decoded instructions.
    pub arg: u32,
    /// Where the opcode stands in `co_code`, in units: `f_lasti / 2`.
    pub offset: u32,
}

/// One row of the exception table: instructions `start..end` are handled at `target`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    pub start: u32,
    pub end: u32,
    pub target: u32,
    /// What stays on the value stack, counted from its base.
    pub depth: u32,
    /// Whether the index of the raising instruction is pushed under the exception.
    pub lasti: bool,
}

/// The decoded form of one code object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedCode {
    pub instructions: Vec<Decoded>,
    /// Of each unit of `co_code`, the instruction that it belongs to: a prefix to what it extends, a cache to its owner.
    pub index_of_unit: Vec<u32>,
    /// Sorted by `start`; where two cover an instruction, as CPython has it, the first found by binary search counts.
    pub handlers: Vec<Handler>,
}

/// One position for each instruction; none when the line table is malformed.
pub fn positions_of(instructions: &[Decoded], linetable: &[u8], first_line: u32, n_units: usize) -> Vec<Position> {
    decode_line_table(linetable, first_line, n_units)
        .map(|units| instructions.iter().map(|instruction| units[instruction.offset as usize]).collect())
        .unwrap_or_default()
}

impl DecodedCode {
    /// The handler of an exception raised at instruction `index`.
    pub fn handler_at(&self, index: u32) -> Option<&Handler> {
        let after = self.handlers.partition_point(|handler| handler.start <= index);
        self.handlers[..after].last().filter(|handler| index < handler.end)
    }
}

/// Why bytes are not code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MalformedCode {
    OddLength,
    UnknownOpcode { unit: u32, number: u8 },
    Truncated,
    BadJump { unit: u32 },
    ArgOutOfRange { unit: u32 },
    FallsOffTheEnd,
    BadExceptionTable,
}

impl fmt::Display for MalformedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MalformedCode::OddLength => write!(f, "code is not a whole number of units"),
            MalformedCode::UnknownOpcode { unit, number } => write!(f, "unknown opcode {number} at unit {unit}"),
            MalformedCode::Truncated => write!(f, "code ends within an instruction"),
            MalformedCode::BadJump { unit } => write!(f, "jump at unit {unit} goes to no instruction"),
            MalformedCode::ArgOutOfRange { unit } => write!(f, "argument at unit {unit} is out of range"),
            MalformedCode::FallsOffTheEnd => write!(f, "code falls off its end"),
            MalformedCode::BadExceptionTable => write!(f, "malformed exception table"),
        }
    }
}

impl std::error::Error for MalformedCode {}

/// `raise` alone.
const RERAISING_NOTHING: &[u8] = &[Opcode::RaiseVarargs as u8, 0];

/// Decodes and checks a code object's tables.
pub fn decode(tables: &Tables<'_>) -> Result<DecodedCode, MalformedCode> {
    // Programs make empty code that nobody is to run: who does gets an exception.
    let code = if tables.co_code.is_empty() { RERAISING_NOTHING } else { tables.co_code };
    let (mut instructions, index_of_unit) = split_units(code)?;
    for instruction in &mut instructions {
        check_arg(instruction, tables)?;
        resolve_jump(instruction, &index_of_unit)?;
    }
    if instructions.last().is_none_or(|last| !last.opcode.ends_block()) {
        return Err(MalformedCode::FallsOffTheEnd);
    }
    let handlers = decode_exception_table(tables.exceptiontable, &index_of_unit, instructions.len())?;
    Ok(DecodedCode { instructions, index_of_unit, handlers })
}

/// Folds prefixes and skips caches; jumps keep their relative arguments.
fn split_units(bytes: &[u8]) -> Result<(Vec<Decoded>, Vec<u32>), MalformedCode> {
    let (units, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() || u32::try_from(bytes.len()).is_err() {
        return Err(MalformedCode::OddLength);
    }
    let mut instructions = Vec::with_capacity(units.len() / 2);
    let mut index_of_unit = Vec::with_capacity(units.len());
    let mut extension = 0u32;
    let mut n_prefixes = 0;
    let mut unit = 0;
    while let Some(&[number, byte]) = units.get(unit) {
        let offset = unit as u32;
        let opcode = Opcode::from_number(number).ok_or(MalformedCode::UnknownOpcode { unit: offset, number })?;
        let arg = extension << 8 | u32::from(byte);
        index_of_unit.push(instructions.len() as u32);
        unit += 1;
        if opcode == Opcode::ExtendedArg {
            n_prefixes += 1;
            if n_prefixes > 3 {
                return Err(MalformedCode::ArgOutOfRange { unit: offset });
            }
            extension = arg;
            continue;
        }
        let n_caches = opcode.n_cache_units();
        if unit + n_caches > units.len() {
            return Err(MalformedCode::Truncated);
        }
        index_of_unit.extend(std::iter::repeat_n(instructions.len() as u32, n_caches));
        unit += n_caches;
        instructions.push(Decoded { opcode, arg, offset });
        extension = 0;
        n_prefixes = 0;
    }
    if n_prefixes > 0 {
        return Err(MalformedCode::Truncated);
    }
    Ok((instructions, index_of_unit))
}

/// Bounds what an argument refers to.
fn check_arg(instruction: &Decoded, tables: &Tables<'_>) -> Result<(), MalformedCode> {
    let arg = instruction.arg as usize;
    let &Tables { n_consts, n_names, n_slots, .. } = tables;
    let fits = match instruction.opcode.operand() {
        Operand::Const => arg < n_consts,
        Operand::Name => arg < n_names,
        Operand::AttrName | Operand::GlobalName => arg >> 1 < n_names,
        Operand::SuperName => arg >> 2 < n_names,
        Operand::Local => arg < n_slots,
        Operand::LocalPair => arg >> 4 < n_slots && arg & 15 < n_slots,
        Operand::Binary => arg < BINARY_OPERATORS.len(),
        Operand::Compare => arg >> 5 < super::instruction::COMPARE_OPERATORS.len(),
        Operand::Contains | Operand::Is => arg < 2,
        Operand::Convert => (1..=3).contains(&arg),
        Operand::Intrinsic1 => (1..super::instruction::INTRINSICS_1.len()).contains(&arg),
        Operand::Intrinsic2 => (1..super::instruction::INTRINSICS_2.len()).contains(&arg),
        Operand::Special => arg < super::instruction::SPECIAL_METHODS.len(),
        Operand::CommonConstant => arg < super::instruction::COMMON_CONSTANTS.len(),
        Operand::FunctionAttribute => arg.is_power_of_two() && arg <= 16,
        Operand::None | Operand::Plain | Operand::Forward | Operand::Backward => true,
    };
    fits.then_some(()).ok_or(MalformedCode::ArgOutOfRange { unit: instruction.offset })
}

fn resolve_jump(instruction: &mut Decoded, index_of_unit: &[u32]) -> Result<(), MalformedCode> {
    let Some(direction) = instruction.opcode.jump() else { return Ok(()) };
    let bad = MalformedCode::BadJump { unit: instruction.offset };
    let next = instruction.offset as usize + 1 + instruction.opcode.n_cache_units();
    let distance = instruction.arg as usize;
    let target = match direction {
        Direction::Forward => next.checked_add(distance),
        Direction::Backward => next.checked_sub(distance),
    };
    let target = target.ok_or(bad)?;
    instruction.arg = instruction_start(index_of_unit, target).ok_or(bad)?;
    Ok(())
}

/// The instruction that starts, with its prefixes, at `unit`.
fn instruction_start(index_of_unit: &[u32], unit: usize) -> Option<u32> {
    let index = *index_of_unit.get(unit)?;
    let starts = unit == 0 || index_of_unit[unit - 1] != index;
    starts.then_some(index)
}

fn decode_exception_table(
    mut table: &[u8],
    index_of_unit: &[u32],
    n_instructions: usize,
) -> Result<Vec<Handler>, MalformedCode> {
    // The end of a range may be the end of the code.
    let index_of = |unit: u32| {
        if unit as usize == index_of_unit.len() {
            return Some(n_instructions as u32);
        }
        index_of_unit.get(unit as usize).copied()
    };
    let mut handlers = Vec::new();
    while !table.is_empty() {
        let mut row = [0u32; 4];
        for field in &mut row {
            *field = read_field(&mut table).ok_or(MalformedCode::BadExceptionTable)?;
        }
        let [start, n_units, target, depth_and_lasti] = row;
        let handler = || {
            Some(Handler {
                start: index_of(start)?,
                end: index_of(start.checked_add(n_units)?)?,
                target: instruction_start(index_of_unit, target as usize)?,
                depth: depth_and_lasti >> 1,
                lasti: depth_and_lasti & 1 == 1,
            })
        };
        let handler = handler().ok_or(MalformedCode::BadExceptionTable)?;
        if handlers.last().is_some_and(|last: &Handler| last.start > handler.start) {
            return Err(MalformedCode::BadExceptionTable);
        }
        handlers.push(handler);
    }
    Ok(handlers)
}

/// Six bits a byte, the highest first; bit 6 says that more follow, bit 7 marks the first byte of a row.
fn read_field(table: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    loop {
        let (&byte, rest) = table.split_first()?;
        *table = rest;
        if value >> 26 != 0 {
            return None;
        }
        value = value << 6 | u32::from(byte & 0x3F);
        if byte & 0x40 == 0 {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CompileOptions, compile};
    use super::*;

    fn decode(code: &RawCode) -> Result<DecodedCode, MalformedCode> {
        super::decode(&Tables::of(code))
    }

    fn module(source: &str) -> RawCode {
        compile(source.as_bytes(), "t.py", &CompileOptions::default()).expect("compiles")
    }

    fn function(source: &str) -> RawCode {
        let module = module(source);
        let code = module.consts.iter().find_map(|constant| match constant {
            super::super::RawConst::Code(code) => Some((**code).clone()),
            _ => None,
        });
        code.expect("has a function")
    }

    #[test]
    fn a_loop_jumps_to_its_head() {
        let code = function("def f(n):\n    for i in n:\n        g(i)\n    return n\n");
        let decoded = decode(&code).unwrap();
        let at = |opcode| decoded.instructions.iter().position(|i| i.opcode == opcode).unwrap();
        let head = at(Opcode::ForIter);
        assert_eq!(decoded.instructions[at(Opcode::JumpBackward)].arg as usize, head);
        assert_eq!(decoded.instructions[head].arg as usize, at(Opcode::EndFor));
        let positions = positions_of(&decoded.instructions, &code.linetable, code.first_line, code.co_code.len() / 2);
        assert_eq!(positions[at(Opcode::Call)], Position { line: 3, end_line: 3, col: 8, end_col: 12 });
    }

    #[test]
    fn long_arguments_are_folded() {
        let names: String = (0..700).map(|i| format!("name{i}\n")).collect();
        let decoded = decode(&module(&names)).unwrap();
        assert!(decoded.instructions.iter().any(|i| i.opcode == Opcode::LoadName && i.arg == 699));
        assert!(decoded.instructions.iter().all(|i| i.opcode != Opcode::ExtendedArg));
    }

    #[test]
    fn handlers_cover_the_body() {
        let code = function("def f():\n    try:\n        g()\n    except E:\n        pass\n");
        let decoded = decode(&code).unwrap();
        let call = decoded.instructions.iter().position(|i| i.opcode == Opcode::Call).unwrap();
        let handler = decoded.handler_at(call as u32).unwrap();
        assert_eq!(decoded.instructions[handler.target as usize].opcode, Opcode::PushExcInfo);
        assert_eq!(handler.depth, 0);
        assert!(decoded.handler_at(0).is_none());
    }

    #[test]
    fn malformed_code_is_an_error() {
        let good = function("def f(a):\n    while a:\n        a = a - 1\n    return a\n");
        assert!(decode(&good).is_ok());
        for cut in 0..good.co_code.len() {
            let mut code = good.clone();
            code.co_code = good.co_code[..cut].into();
            // Either refused, or a shorter program that still ends in a return.
            let _ = decode(&code);
            for byte in [0, 17, 69, 99, 255] {
                let mut code = good.clone();
                code.co_code[cut] = byte;
                let _ = decode(&code);
            }
        }
        for table in [&[0x80][..], &[0xFF, 0xFF], &[0x81, 1, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F]] {
            let mut code = good.clone();
            code.exceptiontable = table.into();
            assert_eq!(decode(&code), Err(MalformedCode::BadExceptionTable));
        }
        let mut code = good.clone();
        let decoded = decode(&good).unwrap();
        assert_eq!(positions_of(&decoded.instructions, &[0xF8], good.first_line, good.co_code.len() / 2), []);
        code.linetable = [0xF8].into();
        assert!(decode(&code).is_ok());
    }
}
