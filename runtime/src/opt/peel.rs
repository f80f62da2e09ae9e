//! Loop peeling: the recorded iteration stays as preamble, and is emitted again as the loop.
//!
//! The second copy goes through the same reducers, which know all that the preamble established: guards on what does
//! not change and loads of what is not stored to vanish from the loop without a pass of their own. Frame slots that
//! change are carried by phis, unboxed where both the preamble and the loop leave a box in them. Which slots need a
//! phi, and of what kind, is guessed, and the loop emitted anew where a guess was wrong.

use super::emitter::{AlwaysLeaves, Emitter, Inputs};
use super::{loads, LoopClose};
use crate::uop::{ExitIdx, Kind, Op, Snapshot, Superblock, Uop, UopIdx};

/// How the loop gets a slot's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carry {
    /// The preamble's final value is the final value of every iteration.
    Invariant,
    Phi(Kind),
}

struct Carried {
    slot: u16,
    /// The preamble's final value.
    last: UopIdx,
    carry: Carry,
    /// The guess `Invariant` was tried.
    tried_invariant: bool,
}

/// One attempt at the second copy.
struct Copy<'e> {
    emitter: Emitter,
    trace: &'e Superblock,
    carried: &'e [Carried],
    /// What stands for each slot of `carried` at the loop's head.
    entry: Vec<UopIdx>,
    /// Per micro-op of the trace: what stands for it in the loop.
    values: Vec<UopIdx>,
    /// Per exit of the trace: its copy, once it has one.
    exits: Vec<Option<ExitIdx>>,
}

/// Preamble and loop of a recorded iteration.
pub fn peel(emitter: &Emitter, close: &LoopClose) -> Result<Superblock, AlwaysLeaves> {
    let mut carried = guess(emitter, close);
    loop {
        let mut copy = Copy::start(emitter, &carried);
        copy.emit_body()?;
        let lasts: Vec<UopIdx> = carried.iter().map(|slot| copy.values[slot.last.index()]).collect();
        let mut emitter = copy.emitter;
        let mut inputs = Inputs::new();
        let mut is_right = true;
        for (slot, last) in carried.iter_mut().zip(lasts) {
            is_right &= close_slot(&mut emitter, slot, last, &mut inputs);
        }
        if is_right {
            emitter.append(Op::JumpLoop {}, inputs, None);
            return Ok(emitter.superblock);
        }
    }
}

/// The load of each changed slot is what tells whether it changed at all.
fn guess(emitter: &Emitter, close: &LoopClose) -> Vec<Carried> {
    let uops = &emitter.superblock.uops;
    let loaded_slot = |value: UopIdx| match *emitter.op(value) {
        Op::LoadFrame { slot } => Some(slot),
        _ => None,
    };
    let changes = |slot: u16| {
        close.slots.iter().any(|(changed, last)| *changed == slot && loaded_slot(*last) != Some(slot))
    };
    let mut carried = Vec::new();
    for &(slot, last) in close.slots.iter().filter(|(slot, _)| changes(*slot)) {
        let is_invariant =
            emitter.op(last).is_constant() || loaded_slot(last).is_some_and(|other| !changes(other));
        let is_unboxed = |kind: Kind| {
            uops.iter().any(|uop| uop.op.unboxed_kind() == Some(kind) && loaded_slot(uop.inputs[0]) == Some(slot))
        };
        let is_box = emitter.op(last).boxed_kind().is_some() || emitter.kind(last) != Some(Kind::Value);
        let kind = emitter.known_kind(last).filter(|kind| is_box || is_unboxed(*kind)).unwrap_or(Kind::Value);
        let carry = if is_invariant { Carry::Invariant } else { Carry::Phi(kind) };
        carried.push(Carried { slot, last, carry, tried_invariant: is_invariant });
    }
    carried
}

impl<'e> Copy<'e> {
    /// Emits the loop's head.
    fn start(emitter: &'e Emitter, carried: &'e [Carried]) -> Copy<'e> {
        let trace = &emitter.superblock;
        let mut emitter = emitter.clone();
        let initial = |emitter: &mut Emitter, slot: &Carried| match slot.carry {
            Carry::Invariant => slot.last,
            Carry::Phi(kind) => emitter.as_kind(slot.last, kind).expect("the guess went by the known kind"),
        };
        let initial: Vec<UopIdx> = carried.iter().map(|slot| initial(&mut emitter, slot)).collect();
        let is_invariant = |value: UopIdx| match trace.uop(value).op {
            Op::LoadFrame { slot } => carried.iter().all(|other| other.slot != slot),
            op => op.is_constant(),
        };
        loads::forget_changed_by(&mut emitter, &trace.uops, &is_invariant);
        emitter.loop_start = Some(emitter.superblock.uops.len() as u32);
        emitter.append(Op::LoopStart {}, Inputs::new(), None);
        let mut entry = Vec::new();
        for (slot, value) in carried.iter().zip(initial) {
            entry.push(match slot.carry {
                Carry::Invariant => value,
                Carry::Phi(kind) => {
                    emitter.append(Op::Phi { slot: slot.slot, kind }, smallvec::smallvec![value], None)
                }
            });
        }
        let exits = vec![None; trace.exits.len()];
        Copy { emitter, trace, carried, entry, values: Vec::with_capacity(trace.uops.len()), exits }
    }

    fn emit_body(&mut self) -> Result<(), AlwaysLeaves> {
        let trace = self.trace;
        for (index, uop) in trace.uops.iter().enumerate() {
            let same = UopIdx(index as u32);
            let value = match uop.op {
                Op::LoadFrame { slot } => match self.carried.iter().position(|carried| carried.slot == slot) {
                    Some(place) => self.emitter.boxed(self.entry[place]),
                    None => same,
                },
                op if op.is_constant() => same,
                _ => self.emit(uop)?,
            };
            self.values.push(value);
        }
        Ok(())
    }

    fn emit(&mut self, uop: &Uop) -> Result<UopIdx, AlwaysLeaves> {
        let inputs: Inputs = uop.inputs.iter().map(|input| self.values[input.index()]).collect();
        let exit = uop.exit.map(|exit| self.exit(exit));
        self.emitter.emit(uop.op, &inputs, exit)
    }

    /// The loop's form of an exit: it also says where the slots are that memory no longer has right.
    fn exit(&mut self, exit: ExitIdx) -> ExitIdx {
        if let Some(known) = self.exits[exit.index()] {
            return known;
        }
        let mut snapshot: Snapshot = self.trace.exit_snapshot(exit).clone();
        for value in snapshot.values_mut() {
            *value = self.values[value.index()];
        }
        let slots = &mut snapshot.frames[0].slots;
        for (carried, entry) in self.carried.iter().zip(&self.entry) {
            if slots.iter().all(|(slot, _)| *slot != carried.slot) {
                slots.push((carried.slot, *entry));
            }
        }
        slots.sort_by_key(|(slot, _)| *slot);
        let kind = self.trace.exits[exit.index()].kind;
        let snapshot = self.emitter.snapshot(snapshot);
        let copy = self.emitter.exit(kind, snapshot);
        self.exits[exit.index()] = Some(copy);
        copy
    }
}

/// Adds a slot's back-edge value to those of the jump. False: the guess was wrong, and is a better one now.
fn close_slot(emitter: &mut Emitter, slot: &mut Carried, last: UopIdx, inputs: &mut Inputs) -> bool {
    let known = emitter.known_kind(slot.last).unwrap_or(Kind::Value);
    match slot.carry {
        Carry::Invariant if last == slot.last => true,
        Carry::Invariant => {
            slot.carry = Carry::Phi(known);
            false
        }
        Carry::Phi(_) if last == slot.last && !slot.tried_invariant => {
            slot.carry = Carry::Invariant;
            slot.tried_invariant = true;
            false
        }
        Carry::Phi(kind) => match emitter.as_kind(last, kind) {
            Some(value) => {
                inputs.push(value);
                true
            }
            None => {
                slot.carry = Carry::Phi(Kind::Value);
                false
            }
        },
    }
}
