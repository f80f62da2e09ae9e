//! Code of a module's or a class's parts, one behind the other, to the code of the whole.
//!
//! The compiler's time grows with the square of what a module has of functions and names; so a long module is compiled in parts.
//! Constants and names are numbered anew, as they would be in one piece; jumps, tables and arguments are written again.

use super::decode::{DecodedCode, Tables, decode, positions_of};
use super::instruction::{Opcode, Operand};
use super::positions::{Position, write_line_table};
use super::raw::{RawCode, RawConst};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Of an index: it counts from where the tails begin.
const IN_TAIL: u32 = 1 << 31;

/// One instruction of the whole.
struct Joined {
    opcode: Opcode,
    /// Of jumps: the index of the target.
    arg: u32,
    position: Position,
}

/// The code of a module whose parts these are, in order. `None` where they cannot be joined. In each part only what lies in it is
/// known of `globals`, the names that functions and classes declare: what the module itself does with one goes through globals.
pub fn join(parts: Vec<RawCode>, globals: HashSet<String>) -> Option<RawCode> {
    let mut joiner = Joiner { globals, ..Joiner::default() };
    let n_parts = parts.len();
    let mut whole: Option<RawCode> = None;
    for (at, mut part) in parts.into_iter().enumerate() {
        // Variables of comprehensions would have to be numbered anew as well.
        if !part.localsplus_names.is_empty() {
            return None;
        }
        let decoded = decode(&Tables::of(&part)).ok()?;
        let kept = kept(&decoded, &part.consts, at == 0, at + 1 == n_parts)?;
        joiner.add(&mut part, decoded, kept, &[], at == 0)?;
        match &mut whole {
            None => whole = Some(part),
            Some(whole) => {
                if whole.flags | HAS_DOCSTRING != part.flags | HAS_DOCSTRING {
                    return None;
                }
                whole.stack_size = whole.stack_size.max(part.stack_size);
            }
        }
    }
    joiner.finish(whole?)
}

/// Code in which constants that are the same have one number.
pub(super) fn renumber_constants(mut code: RawCode) -> RawCode {
    let mut seen = HashSet::new();
    if code.consts.iter().all(|constant| Key::of(constant).is_none_or(|key| seen.insert(key))) {
        return code;
    }
    let mut joiner = Joiner::default();
    let added = decode(&Tables::of(&code)).ok().and_then(|decoded| {
        let n_instructions = decoded.instructions.len();
        let kept = Kept { main: 0..n_instructions, tail: n_instructions..n_instructions, is_left: false };
        joiner.add(&mut code, decoded, kept, &[], true)
    });
    added.expect("what the compiler gives is code");
    joiner.finish(code).expect("code has instructions")
}

const HAS_DOCSTRING: u32 = super::raw::CodeFlags::HAS_DOCSTRING;

#[derive(Default)]
pub(super) struct Joiner {
    instructions: Vec<Joined>,
    /// What handles exceptions: it lies behind all else.
    tail: Vec<Joined>,
    handlers: Vec<super::decode::Handler>,
    consts: Vec<RawConst>,
    /// Of constants that are the same wherever they stand.
    const_indices: HashMap<Key, u32>,
    names: Vec<String>,
    name_indices: HashMap<String, u32>,
    globals: HashSet<String>,
}

/// Constants that are one, as the compiler has it.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Key {
    None,
    True,
    False,
    Ellipsis,
    Int(i64),
    Float(u64),
    Complex(u64, u64),
    Str(Box<[u8]>),
    Bytes(Box<[u8]>),
    Tuple(Vec<Key>),
}

impl Key {
    pub(super) fn of(constant: &RawConst) -> Option<Key> {
        Some(match constant {
            RawConst::None => Key::None,
            RawConst::True => Key::True,
            RawConst::False => Key::False,
            RawConst::Ellipsis => Key::Ellipsis,
            RawConst::Int(int) => Key::Int(*int),
            RawConst::Float(float) => Key::Float(float.to_bits()),
            RawConst::Complex { real, imag } => Key::Complex(real.to_bits(), imag.to_bits()),
            RawConst::Str(text) => Key::Str(text.clone()),
            RawConst::Bytes(bytes) => Key::Bytes(bytes.clone()),
            RawConst::Tuple(items) => Key::Tuple(items.iter().map(Key::of).collect::<Option<_>>()?),
            RawConst::BigInt { .. } | RawConst::FrozenSet(_) | RawConst::Slice(_) | RawConst::Code(_) => return None,
        })
    }
}

impl Joiner {
    /// Adds what is kept of a part; its constants are taken out of it. `slots` has the whole's number of each of its slots,
    /// where they are numbered anew.
    pub(super) fn add(
        &mut self,
        part: &mut RawCode,
        decoded: DecodedCode,
        kept: Kept,
        slots: &[u32],
        is_first: bool,
    ) -> Option<()> {
        let n_units = part.co_code.len() / 2;
        let positions = positions_of(&decoded.instructions, &part.linetable, part.first_line, n_units);
        if positions.len() != decoded.instructions.len() {
            return None;
        }
        let Kept { main, tail, is_left } = kept;
        let (base, tail_base) = (self.instructions.len() as u32, self.tail.len() as u32);
        // Where an instruction of the part, or the end of a stretch, comes to be.
        let place = |index: u32, is_end: bool| {
            let holds = |range: &Range<usize>| {
                range.contains(&(index as usize)) || is_end && index as usize == range.end && !range.is_empty()
            };
            match (holds(&main) || is_left && index as usize == main.end, holds(&tail)) {
                (true, _) => Some(index - main.start as u32 + base),
                (_, true) => Some(IN_TAIL | (index - tail.start as u32 + tail_base)),
                _ => None,
            }
        };
        let kept = || main.clone().chain(tail.clone());
        let is_used = used(&decoded, kept(), part.consts.len(), |operand| (operand == Operand::Const).then_some(0));
        let is_name_used = used(&decoded, kept(), part.names.len(), shift_of_name);
        let mut consts = Vec::with_capacity(part.consts.len());
        let has_docstring = is_first && part.flags & HAS_DOCSTRING != 0;
        for (at, constant) in std::mem::take(&mut part.consts).into_iter().enumerate() {
            let is_needed = is_used[at] || at == 0 && has_docstring;
            consts.push(if is_needed { self.constant(constant) } else { 0 });
        }
        let names = part.names.iter().zip(is_name_used);
        let names: Vec<u32> = names.map(|(name, is_used)| if is_used { self.name(name) } else { 0 }).collect();
        let slot = |slot: u32| slots.get(slot as usize).copied().unwrap_or(slot);
        for index in kept() {
            let mut instruction = decoded.instructions[index];
            if let Some(opcode) = through_globals(instruction.opcode)
                && self.globals.contains(&part.names[instruction.arg as usize])
            {
                instruction.opcode = opcode;
                instruction.arg <<= u32::from(opcode.operand() == Operand::GlobalName);
            }
            let arg = match instruction.opcode.operand() {
                Operand::Const => consts[instruction.arg as usize],
                Operand::Name => names[instruction.arg as usize],
                Operand::AttrName | Operand::GlobalName => {
                    names[instruction.arg as usize >> 1] << 1 | instruction.arg & 1
                }
                Operand::SuperName => names[instruction.arg as usize >> 2] << 2 | instruction.arg & 3,
                Operand::Forward | Operand::Backward => place(instruction.arg, false)?,
                Operand::Local => slot(instruction.arg),
                Operand::LocalPair => slot(instruction.arg >> 4) << 4 | slot(instruction.arg & 15),
                _ => instruction.arg,
            };
            let list = if main.contains(&index) { &mut self.instructions } else { &mut self.tail };
            list.push(Joined { opcode: instruction.opcode, arg, position: positions[index] });
        }
        for handler in decoded.handlers {
            let (start, end) = (place(handler.start, false)?, place(handler.end, true)?);
            let target = place(handler.target, false)?;
            self.handlers.push(super::decode::Handler { start, end, target, ..handler });
        }
        Some(())
    }

    /// Adds an instruction where the one before it stands.
    pub(super) fn push(&mut self, opcode: Opcode, arg: usize) {
        let position = self.instructions.last().map_or(Position::UNKNOWN, |it| it.position);
        self.instructions.push(Joined { opcode, arg: arg as u32, position });
    }

    pub(super) fn push_name(&mut self, opcode: Opcode, name: &str) {
        let name = self.name(name);
        self.push(opcode, name as usize);
    }

    pub(super) fn push_constant(&mut self, constant: RawConst) {
        let constant = self.constant(constant);
        self.push(Opcode::LoadConst, constant as usize);
    }

    fn constant(&mut self, constant: RawConst) -> u32 {
        let next = self.consts.len() as u32;
        if let Some(key) = Key::of(&constant) {
            let index = *self.const_indices.entry(key).or_insert(next);
            if index != next {
                return index;
            }
        }
        self.consts.push(constant);
        next
    }

    fn name(&mut self, name: &str) -> u32 {
        if let Some(&index) = self.name_indices.get(name) {
            return index;
        }
        let index = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.name_indices.insert(name.to_owned(), index);
        index
    }

    /// The code of the whole, which is in all else as `whole`.
    pub(super) fn finish(mut self, whole: RawCode) -> Option<RawCode> {
        let n_main = self.instructions.len() as u32;
        let resolve = |index: &mut u32| {
            if *index & IN_TAIL != 0 {
                *index = (*index & !IN_TAIL) + n_main;
            }
        };
        self.instructions.append(&mut self.tail);
        for instruction in &mut self.instructions {
            if instruction.opcode.jump().is_some() {
                resolve(&mut instruction.arg);
            }
        }
        for handler in &mut self.handlers {
            [&mut handler.start, &mut handler.end, &mut handler.target].into_iter().for_each(resolve);
        }
        self.handlers.sort_by_key(|handler| handler.start);
        let starts = self.lay_out();
        let n_units = *starts.last()?;
        let mut co_code = Vec::with_capacity(n_units as usize * 2);
        let mut spans = Vec::with_capacity(self.instructions.len());
        for (index, instruction) in self.instructions.iter().enumerate() {
            let arg = self.argument(index, &starts);
            for shift in (1..n_units_of_argument(arg)).rev() {
                co_code.extend([Opcode::ExtendedArg.number(), (arg >> (8 * shift)) as u8]);
            }
            co_code.extend([instruction.opcode.number(), arg as u8]);
            co_code.resize(starts[index + 1] as usize * 2, 0);
            spans.push((starts[index + 1] - starts[index], instruction.position));
        }
        let mut exceptiontable = Vec::new();
        for handler in &self.handlers {
            let (start, end) = (starts[handler.start as usize], starts[handler.end as usize]);
            let fields =
                [start, end - start, starts[handler.target as usize], handler.depth << 1 | u32::from(handler.lasti)];
            for (at, field) in fields.into_iter().enumerate() {
                write_field(&mut exceptiontable, field, at == 0);
            }
        }
        Some(RawCode {
            names: self.names.into(),
            consts: self.consts.into(),
            co_code: co_code.into(),
            linetable: write_line_table(&spans, whole.first_line).into(),
            exceptiontable: exceptiontable.into(),
            ..whole
        })
    }

    /// Where each instruction starts, with its prefixes, in units; the last is the end. Arguments of jumps grow with distances,
    /// and distances with arguments: until nothing grows.
    fn lay_out(&self) -> Vec<u32> {
        let mut sizes: Vec<u32> = self.instructions.iter().map(|it| 1 + it.opcode.n_cache_units() as u32).collect();
        loop {
            let mut starts = Vec::with_capacity(sizes.len() + 1);
            let mut at = 0;
            for &size in &sizes {
                starts.push(at);
                at += size;
            }
            starts.push(at);
            let mut has_grown = false;
            for (index, size) in sizes.iter_mut().enumerate() {
                let opcode = self.instructions[index].opcode;
                let wanted = n_units_of_argument(self.argument(index, &starts)) + opcode.n_cache_units() as u32;
                if wanted > *size {
                    *size = wanted;
                    has_grown = true;
                }
            }
            if !has_grown {
                return starts;
            }
        }
    }

    fn argument(&self, index: usize, starts: &[u32]) -> u32 {
        let instruction = &self.instructions[index];
        let next = starts[index + 1];
        match instruction.opcode.operand() {
            Operand::Forward => starts[instruction.arg as usize].saturating_sub(next),
            Operand::Backward => next.saturating_sub(starts[instruction.arg as usize]),
            _ => instruction.arg,
        }
    }
}

/// What a module does with a name, for a name that is declared global.
fn through_globals(opcode: Opcode) -> Option<Opcode> {
    match opcode {
        Opcode::LoadName => Some(Opcode::LoadGlobal),
        Opcode::StoreName => Some(Opcode::StoreGlobal),
        Opcode::DeleteName => Some(Opcode::DeleteGlobal),
        _ => None,
    }
}

/// What of a part goes into the whole.
pub(super) struct Kept {
    pub main: Range<usize>,
    pub tail: Range<usize>,
    /// Jumps to the end of `main` go to what comes next in the whole.
    pub is_left: bool,
}

/// `RESUME` is the first part's, and `return None` the last's. `None` where a part before the last returns in another way.
fn kept(decoded: &DecodedCode, consts: &[RawConst], is_first: bool, is_last: bool) -> Option<Kept> {
    let instructions = &decoded.instructions;
    if instructions.first()?.opcode != Opcode::Resume {
        return None;
    }
    let start = usize::from(!is_first);
    let is_return = |it: &super::decode::Decoded| it.opcode == Opcode::ReturnValue;
    if is_last {
        // Of several returns only the handlers are behind the last.
        let end = instructions.iter().rposition(is_return)? + 1;
        return Some(Kept { main: start..end, tail: end..instructions.len(), is_left: false });
    }
    let end = instructions.iter().position(is_return)?;
    let none = instructions[end.checked_sub(1)?];
    let is_none = none.opcode == Opcode::LoadConst && matches!(consts.get(none.arg as usize), Some(RawConst::None));
    let is_only = !instructions[end + 1..].iter().any(is_return);
    (is_none && is_only && end > start).then(|| {
        let (main, tail) = (start..end - 1, end + 1..instructions.len());
        Kept { main, tail, is_left: false }
    })
}

/// Which of `n` constants or names are used. `shift` tells where the index is in an argument that has one.
fn used(
    decoded: &DecodedCode,
    kept: impl Iterator<Item = usize>,
    n: usize,
    shift: impl Fn(Operand) -> Option<u32>,
) -> Vec<bool> {
    let mut is_used = vec![false; n];
    for instruction in kept.map(|index| decoded.instructions[index]) {
        if let Some(shift) = shift(instruction.opcode.operand()) {
            is_used[(instruction.arg >> shift) as usize] = true;
        }
    }
    is_used
}

fn shift_of_name(operand: Operand) -> Option<u32> {
    match operand {
        Operand::Name => Some(0),
        Operand::AttrName | Operand::GlobalName => Some(1),
        Operand::SuperName => Some(2),
        _ => None,
    }
}

fn n_units_of_argument(arg: u32) -> u32 {
    match arg {
        0..=0xFF => 1,
        0x100..=0xFFFF => 2,
        0x1_0000..=0xFF_FFFF => 3,
        _ => 4,
    }
}

/// Six bits a byte, the highest first; bit 6 says that more follow, bit 7 marks the first byte of a row.
fn write_field(table: &mut Vec<u8>, field: u32, is_first: bool) {
    let n_bytes = (32 - field.leading_zeros()).div_ceil(6).max(1);
    for at in (0..n_bytes).rev() {
        let more = if at > 0 { 0x40 } else { 0 };
        let first = if is_first && at + 1 == n_bytes { 0x80 } else { 0 };
        table.push((field >> (6 * at)) as u8 & 0x3F | more | first);
    }
}
