//! What tier 1 expects where it goes on: what lies on the value stack before each instruction, and which variables are bound.
//! Code that moves the machine without tier 1 is held to it.
//!
//! Values that any Python value may stand for are `Plain`. The others (nulls, iterators, saved exceptions, names of keyword
//! arguments, …) are known by the instruction that made them, and nothing else fits in their place.

use super::decode::{Decoded, Handler};
use super::instruction::Opcode;

/// A slot of the value stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Any Python value.
    Plain,
    /// What this instruction pushed, as which of its results.
    Made(u32, u32),
    /// Not the same on all ways to here.
    Mixed,
}

/// The instruction whose result an exception handler's exception counts as: no instruction's.
const RAISED: u32 = u32::MAX;
/// Of more instructions times slots there is no table.
const MAX_WORDS: usize = 1 << 21;

/// What holds before the instructions of a code.
#[derive(Clone, Debug)]
pub struct Landings {
    /// The stack before each; `None`: no way leads there.
    stacks: Vec<Option<Vec<Slot>>>,
    /// The variables that must be bound, a bit each; `n_words` words an instruction.
    bound: Vec<u64>,
    n_words: usize,
}

impl Landings {
    /// `is_plain_constant` tells which constants any value may stand for. `None`: the code is too large, or its stack is
    /// deeper than `max_depth` or not the same depth on all ways.
    pub fn of(
        instructions: &[Decoded],
        handlers: &[Handler],
        n_slots: usize,
        max_depth: usize,
        is_plain_constant: impl Fn(u32) -> bool,
    ) -> Option<Landings> {
        let n_words = n_slots.div_ceil(64).max(1);
        if instructions.len().checked_mul(n_words + max_depth)? > MAX_WORDS {
            return None;
        }
        let code = Code { instructions, handlers, max_depth, is_plain_constant };
        let mut stacks = code.stacks()?;
        // What comes before makes cells, and a generator of the frame.
        let start = instructions.iter().position(|it| it.opcode == Opcode::Resume).unwrap_or(instructions.len());
        stacks[..start].fill(None);
        let bound = code.bound(n_words);
        Some(Landings { stacks, bound, n_words })
    }

    /// The stack before an instruction, the lowest value first; `None`: no way leads there, or it comes before the code
    /// proper.
    pub fn stack(&self, instruction: usize) -> Option<&[Slot]> {
        self.stacks.get(instruction)?.as_deref()
    }

    /// Must this variable be bound before the instruction?
    pub fn must_be_bound(&self, instruction: usize, slot: usize) -> bool {
        let word = self.bound.get(instruction * self.n_words + slot / 64);
        word.is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }
}

struct Code<'a, F> {
    instructions: &'a [Decoded],
    handlers: &'a [Handler],
    max_depth: usize,
    is_plain_constant: F,
}

impl<F: Fn(u32) -> bool> Code<'_, F> {
    fn stacks(&self) -> Option<Vec<Option<Vec<Slot>>>> {
        let mut stacks: Vec<Option<Vec<Slot>>> = vec![None; self.instructions.len()];
        let mut waiting = Vec::new();
        arrive(&mut stacks, &mut waiting, 0, &[])?;
        while let Some(index) = waiting.pop() {
            let before = stacks[index].clone()?;
            if let Some(handler) = self.handler_at(index as u32) {
                let mut caught = before.get(..handler.depth as usize)?.to_vec();
                caught.extend(handler.lasti.then_some(Slot::Made(RAISED, 1)));
                caught.push(Slot::Made(RAISED, 0));
                arrive(&mut stacks, &mut waiting, handler.target as usize, &caught)?;
            }
            let instruction = self.instructions[index];
            let after = self.after(index as u32, before.clone())?;
            if let Some((target, jumps_before)) = jump_of(instruction) {
                arrive(&mut stacks, &mut waiting, target, if jumps_before { &before } else { &after })?;
            }
            if !instruction.opcode.ends_block() {
                arrive(&mut stacks, &mut waiting, index + 1, &after)?;
            }
        }
        Some(stacks)
    }

    fn handler_at(&self, index: u32) -> Option<Handler> {
        let after = self.handlers.partition_point(|handler| handler.start <= index);
        self.handlers[..after].last().filter(|handler| index < handler.end).copied()
    }

    /// The stack behind an instruction that falls through.
    fn after(&self, index: u32, mut stack: Vec<Slot>) -> Option<Vec<Slot>> {
        let Decoded { opcode, arg, .. } = self.instructions[index as usize];
        let depth = stack.len();
        match opcode {
            Opcode::Copy => stack.push(*stack.get(depth.checked_sub(arg as usize)?)?),
            Opcode::Swap => {
                let (other, top) = (depth.checked_sub(arg as usize)?, depth.checked_sub(1)?);
                stack.get(other)?;
                stack.swap(top, other);
            }
            _ => {
                let (pops, pushes) = opcode.stack_effect(arg);
                let kept = kept_below(opcode, arg);
                let base = depth.checked_sub(pops as usize)?;
                if base + pushes as usize > self.max_depth {
                    return None;
                }
                stack.truncate(base + kept as usize);
                stack.extend((kept..pushes).map(|result| self.result(index, result)));
            }
        }
        Some(stack)
    }

    /// What an instruction pushes as one of its results, the lowest first.
    fn result(&self, index: u32, result: u32) -> Slot {
        use Opcode as C;
        let Decoded { opcode, arg, .. } = self.instructions[index as usize];
        let is_plain = match opcode {
            C::LoadConst => (self.is_plain_constant)(arg),
            C::LoadAttr | C::LoadGlobal | C::LoadSuperAttr => arg & 1 == 0 || result == 0,
            C::LoadFast
            | C::LoadFastBorrow
            | C::LoadFastCheck
            | C::LoadFastLoadFast
            | C::LoadFastBorrowLoadFastBorrow
            | C::StoreFastLoadFast
            | C::LoadSmallInt
            | C::LoadName
            | C::LoadDeref
            | C::LoadFromDictOrDeref
            | C::LoadFromDictOrGlobals
            | C::LoadCommonConstant
            | C::LoadBuildClass
            | C::BinaryOp
            | C::BinarySlice
            | C::CompareOp
            | C::ContainsOp
            | C::IsOp
            | C::ToBool
            | C::UnaryNegative
            | C::UnaryInvert
            | C::UnaryNot
            | C::Call
            | C::CallKw
            | C::CallFunctionEx
            | C::ImportName
            | C::ImportFrom
            | C::UnpackSequence
            | C::UnpackEx
            | C::YieldValue
            | C::EndSend
            | C::ForIter => true,
            _ => false,
        };
        if is_plain { Slot::Plain } else { Slot::Made(index, result) }
    }

    /// Which variables each instruction, or one that it leads to, reads without looking whether they are bound.
    fn bound(&self, n_words: usize) -> Vec<u64> {
        let mut bound = vec![0u64; self.instructions.len() * n_words];
        loop {
            let mut has_changed = false;
            for index in (0..self.instructions.len()).rev() {
                let instruction = self.instructions[index];
                let mut words = vec![0u64; n_words];
                let mut follow = |target: usize| {
                    if let Some(of_target) = bound.get(target * n_words..(target + 1) * n_words) {
                        words.iter_mut().zip(of_target).for_each(|(word, more)| *word |= more);
                    }
                };
                jump_of(instruction).into_iter().for_each(|(target, _)| follow(target));
                if !instruction.opcode.ends_block() {
                    follow(index + 1);
                }
                let handler = self.handler_at(index as u32);
                let uses = uses_of(instruction);
                for &slot in uses.stored.iter().flatten() {
                    words[slot / 64] &= !(1 << (slot % 64));
                }
                if let Some(handler) = handler {
                    let of_handler = &bound[handler.target as usize * n_words..][..n_words];
                    words.iter_mut().zip(of_handler).for_each(|(word, more)| *word |= more);
                }
                for &slot in uses.loaded.iter().flatten() {
                    words[slot / 64] |= 1 << (slot % 64);
                }
                let own = &mut bound[index * n_words..][..n_words];
                has_changed |= own != words;
                own.copy_from_slice(&words);
            }
            if !has_changed {
                return bound;
            }
        }
    }
}

/// Joins what is known of the stack before an instruction with what a way there brings. `None`: the depths differ.
fn arrive(stacks: &mut [Option<Vec<Slot>>], waiting: &mut Vec<usize>, target: usize, stack: &[Slot]) -> Option<()> {
    match stacks.get_mut(target)? {
        Some(known) if known.len() != stack.len() => return None,
        Some(known) => {
            let mut has_changed = false;
            for (known, &slot) in known.iter_mut().zip(stack) {
                if *known != slot && *known != Slot::Mixed {
                    (*known, has_changed) = (Slot::Mixed, true);
                }
            }
            waiting.extend(has_changed.then_some(target));
        }
        unknown => {
            *unknown = Some(stack.to_vec());
            waiting.push(target);
        }
    }
    Some(())
}

/// Where an instruction may go but to the next, and whether the stack there is the one before it.
fn jump_of(instruction: Decoded) -> Option<(usize, bool)> {
    let target = instruction.arg as usize;
    match instruction.opcode {
        // It passes over the `END_FOR` and leaves the iterator.
        Opcode::ForIter => Some((target + 1, true)),
        Opcode::EndAsyncFor => None,
        opcode => opcode.jump().map(|_| (target, false)),
    }
}

/// How many of what it pops, the lowest, an instruction leaves as they are.
fn kept_below(opcode: Opcode, arg: u32) -> u32 {
    use Opcode as C;
    match opcode {
        C::ForIter | C::Send | C::ImportFrom | C::GetAnext | C::CheckExcMatch | C::GetLen => 1,
        C::MatchKeys => 2,
        C::MatchMapping | C::MatchSequence => 1,
        C::ListAppend | C::ListExtend | C::SetAdd | C::SetUpdate | C::DictUpdate | C::MapAdd => arg,
        C::DictMerge => arg + 3,
        C::Reraise => arg,
        C::WithExceptStart => opcode.stack_effect(arg).0,
        _ => 0,
    }
}

/// The variables that an instruction reads unchecked, and those that it binds.
#[derive(Default)]
struct Uses {
    loaded: [Option<usize>; 2],
    stored: [Option<usize>; 2],
}

fn uses_of(instruction: Decoded) -> Uses {
    use Opcode as C;
    let slot = instruction.arg as usize;
    let (first, second) = (Some(slot >> 4), Some(slot & 15));
    match instruction.opcode {
        C::LoadFast | C::LoadFastBorrow => Uses { loaded: [Some(slot), None], ..Uses::default() },
        C::LoadFastLoadFast | C::LoadFastBorrowLoadFastBorrow => Uses { loaded: [first, second], ..Uses::default() },
        C::StoreFast => Uses { stored: [Some(slot), None], ..Uses::default() },
        C::StoreFastStoreFast => Uses { stored: [first, second], ..Uses::default() },
        // It stores before it loads: of one variable nothing is asked.
        C::StoreFastLoadFast if first == second => Uses { stored: [first, None], ..Uses::default() },
        C::StoreFastLoadFast => Uses { loaded: [second, None], stored: [first, None] },
        _ => Uses::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CompileOptions, DecodedCode, RawCode, RawConst, Tables, compile, decode};
    use super::*;

    fn functions_of(code: &RawCode, found: &mut Vec<RawCode>) {
        for constant in &code.consts {
            if let RawConst::Code(code) = constant {
                functions_of(code, found);
                found.push((**code).clone());
            }
        }
    }

    fn landings(code: &RawCode) -> (DecodedCode, Landings) {
        let decoded = decode(&Tables::of(code)).expect("what the compiler gives");
        let (n_slots, max_depth) = (code.localsplus_names.len(), code.stack_size as usize);
        let landings = Landings::of(&decoded.instructions, &decoded.handlers, n_slots, max_depth, |_| true);
        let landings = landings.unwrap_or_else(|| panic!("{} has one depth on all ways", code.name));
        (decoded, landings)
    }

    #[test]
    fn the_compilers_code_has_one_depth_on_all_ways() {
        let source = "
async def g(a, *b, c=1, **d):
    async with a as x, b as (y, *z):
        async for i in x:
            try:
                await i
            except* ValueError as error:
                print(f'{error!r:>{c}}')
    return [j for j in z if j async for k in d]

def f(n):
    try:
        with n as m:
            for i in m:
                match i:
                    case {'a': 1, **rest}: yield rest
                    case [1, *_]: yield from i
                    case complex(real=1): continue
    except (A, B) as error:
        raise C from error
    finally:
        n.p, n[0] = {k: v for k, v in {**n, 'x': 1}.items()}, n[1:2]
    return lambda: n if n < 1 < 2 else super().f(*n, k=1, **n)
";
        let module = compile(source.as_bytes(), "t.py", &CompileOptions::default()).expect("compiles");
        let mut found = vec![module.clone()];
        functions_of(&module, &mut found);
        for code in &found {
            let (decoded, landings) = landings(code);
            let start = decoded.instructions.iter().position(|it| it.opcode == Opcode::Resume).expect("a start");
            assert_eq!(landings.stack(start), Some(&[][..]));
            assert!(start == 0 || landings.stack(0).is_none());
        }
    }

    #[test]
    fn a_loop_keeps_its_iterator_and_asks_for_what_it_reads() {
        let source = "def f(n):\n    total = 0\n    for i in n:\n        total = total + i\n    return total\n";
        let module = compile(source.as_bytes(), "t.py", &CompileOptions::default()).expect("compiles");
        let mut found = Vec::new();
        functions_of(&module, &mut found);
        let (decoded, landings) = landings(&found[0]);
        let at = |opcode| decoded.instructions.iter().position(|it| it.opcode == opcode).expect("is there");
        let iterator = Slot::Made(at(Opcode::GetIter) as u32, 0);
        assert_eq!(landings.stack(at(Opcode::JumpBackward)), Some(&[iterator][..]));
        assert_eq!(landings.stack(at(Opcode::BinaryOp)), Some(&[iterator, Slot::Plain, Slot::Plain][..]));
        let bound = |opcode| (0..3).map(|slot| landings.must_be_bound(at(opcode), slot)).collect::<Vec<_>>();
        assert_eq!(bound(Opcode::Resume), [true, false, false]);
        assert_eq!(bound(Opcode::JumpBackward), [false, true, false]);
    }
}
