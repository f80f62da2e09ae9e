//! Loop peeling: the recorded iteration stays as preamble, and is emitted again as the loop.
//!
//! The second copy goes through the same reducers, which know all that the preamble established: guards on what does
//! not change and loads of what is not stored to vanish from the loop without a pass of their own. Frame slots that
//! change are carried by phis, unboxed where both the preamble and the loop leave a box in them. Which slots need a
//! phi, and of what kind, is guessed, and the loop emitted anew where a guess was wrong. A heap location of an object
//! that stays the same, which only this loop stores to, is carried by a phi too: it is still stored to, but not loaded.
//! So are the locations of an object that only code elsewhere (an outer loop) replaces by another.

use super::emitter::{AlwaysLeaves, Emitter, Inputs};
use super::facts::{Content, HeapFact, Location, Place};
use super::{LoopClose, loads};
use crate::uop::{ExitIdx, ExitOrigin, HEAP_PHI, Kind, LoopFact, Op, Snapshot, Storage, Superblock, Uop, UopIdx};

/// What else jumps to the loop, and what it needs of it.
#[derive(Clone, Default)]
pub struct Elsewhere<'s> {
    /// Slots that must be carried by phis, and whether boxed.
    pub slots: Vec<(u16, bool)>,
    /// The code that jumps there.
    pub code: Vec<&'s Superblock>,
}

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
    /// Only code elsewhere changes the slot.
    is_unchanged: bool,
    /// What every jump to the loop makes sure of, for boxed ones.
    shape: Option<u32>,
}

/// A heap location carried by a phi.
struct Promoted {
    /// As the preamble knows it.
    location: Location,
    /// As the loop knows it: the owner may be carried by a phi.
    in_loop: Location,
    kind: Kind,
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
pub fn peel(emitter: &Emitter, close: &LoopClose, elsewhere: &Elsewhere) -> Result<Superblock, AlwaysLeaves> {
    let mut emitter = emitter.clone();
    let mut carried = guess(&mut emitter, close, elsewhere);
    let mut promoted = promotable(&emitter, &carried, elsewhere);
    loop {
        let mut copy = Copy::start(&emitter, &carried, &mut promoted, elsewhere);
        copy.emit_body()?;
        let lasts: Vec<UopIdx> = carried.iter().map(|slot| copy.values[slot.last.index()]).collect();
        let origins = copy.origins();
        let mut emitter = copy.emitter;
        let mut inputs = Inputs::new();
        let mut is_right = true;
        for (slot, last) in carried.iter_mut().zip(lasts) {
            is_right &= close_slot(&mut emitter, slot, last, &mut inputs);
        }
        promoted.retain_mut(|heap| {
            let value = close_location(&mut emitter, heap);
            is_right &= value.is_some();
            inputs.extend(value);
            // Boxed it may do; where it is not even known, it is left alone.
            value.is_some() || std::mem::replace(&mut heap.kind, Kind::Value) != Kind::Value
        });
        if is_right {
            let fact = |heap: &Promoted| LoopFact { load: load_of(&heap.location), owner: heap.in_loop.owner };
            let shape = |slot: &Carried| slot.shape.map(|shape| (slot.slot, shape));
            emitter.superblock.carried_shapes = carried.iter().filter_map(shape).collect();
            emitter.superblock.promoted = promoted.iter().map(fact).collect();
            emitter.append(Op::JumpLoop {}, inputs, None);
            let invariant = carried.iter().filter(|slot| slot.carry == Carry::Invariant);
            emitter.superblock.loop_slots = invariant.map(|slot| (slot.slot, slot.last)).collect();
            emitter.superblock.origins = origins;
            return Ok(emitter.superblock);
        }
    }
}

/// The load of each changed slot is what tells whether it changed at all.
fn guess(emitter: &mut Emitter, close: &LoopClose, elsewhere: &Elsewhere) -> Vec<Carried> {
    let mut carried = Vec::new();
    let changed: Vec<_> =
        close.slots.iter().copied().filter(|slot| loaded_slot(emitter, slot.1) != Some(slot.0)).collect();
    for &(slot, last) in &changed {
        let needed = elsewhere.slots.iter().find(|needed| needed.0 == slot);
        let other_slot = loaded_slot(emitter, last);
        let is_carried = |other: u16| {
            changed.iter().any(|(changed, _)| *changed == other)
                || elsewhere.slots.iter().any(|(needed, _)| *needed == other)
        };
        let is_same = emitter.op(last).is_constant() || other_slot.is_some_and(|other| !is_carried(other));
        let carry = match needed {
            Some((_, true)) => Carry::Phi(Kind::Value),
            None if is_same => Carry::Invariant,
            Some((_, false)) | None => Carry::Phi(kind_of_phi(emitter, slot, last)),
        };
        carried.push(Carried {
            slot,
            last,
            carry,
            tried_invariant: is_same || needed.is_some(),
            is_unchanged: false,
            shape: None,
        });
    }
    for &(slot, boxed) in &elsewhere.slots {
        if carried.iter().any(|known| known.slot == slot) {
            continue;
        }
        let last = load_of_slot(emitter, slot);
        let kind = if boxed { Kind::Value } else { kind_of_phi(emitter, slot, last) };
        let shape = emitter.known_shape(last).filter(|_| kind == Kind::Value);
        let carry = Carry::Phi(kind);
        carried.push(Carried { slot, last, carry, tried_invariant: true, is_unchanged: true, shape });
    }
    carried
}

fn loaded_slot(emitter: &Emitter, value: UopIdx) -> Option<u16> {
    match *emitter.op(value) {
        Op::LoadFrame { slot } => Some(slot),
        _ => None,
    }
}

/// The load of a slot, which may be made at the preamble's end: memory does not change before.
fn load_of_slot(emitter: &mut Emitter, slot: u16) -> UopIdx {
    let load = Op::LoadFrame { slot };
    match emitter.superblock.uops.iter().position(|uop| uop.op == load) {
        Some(place) => UopIdx(place as u32),
        None => emitter.append(load, Inputs::new(), None),
    }
}

/// Unboxed where that is known to be right, and boxing or unboxing is saved.
fn kind_of_phi(emitter: &Emitter, slot: u16, last: UopIdx) -> Kind {
    let is_unboxed = |kind: Kind| {
        emitter
            .superblock
            .uops
            .iter()
            .any(|uop| uop.op.unboxed_kind() == Some(kind) && loaded_slot(emitter, uop.inputs[0]) == Some(slot))
    };
    let is_box = emitter.op(last).boxed_kind().is_some() || emitter.kind(last) != Some(Kind::Value);
    emitter.known_kind(last).filter(|kind| is_box || is_unboxed(*kind)).unwrap_or(Kind::Value)
}

/// The value is the same in each iteration.
fn is_invariant(trace: &Superblock, carried: &[Carried], value: UopIdx) -> bool {
    match trace.uop(value).op {
        Op::LoadFrame { slot } => carried.iter().all(|other| other.slot != slot),
        op => op.is_constant(),
    }
}

/// Locations that a phi can carry: nothing in the loop but stores to just them can change them, and there is such a
/// store, or the loop would have to load them as their owner is carried.
fn promotable(emitter: &Emitter, carried: &[Carried], elsewhere: &Elsewhere) -> Vec<Promoted> {
    let trace = &emitter.superblock;
    if trace.uops.iter().any(|uop| uop.op.clobbers_heap()) {
        return Vec::new();
    }
    let replaced_elsewhere = |value: UopIdx| match *emitter.op(value) {
        Op::LoadFrame { slot } => carried.iter().any(|carried| carried.slot == slot && carried.is_unchanged),
        _ => false,
    };
    let is_carried = |location: &Location| {
        let is_replaced = replaced_elsewhere(location.owner);
        if location.index.is_some() || !is_replaced && !is_invariant(trace, carried, location.owner) {
            return false;
        }
        match stores_to(emitter, location) {
            Stores::Others => false,
            Stores::Itself => true,
            // What nothing here changes is loaded once, before the loop, unless something else does.
            Stores::None => is_replaced || changed_elsewhere(elsewhere, location),
        }
    };
    let mut found: Vec<_> = emitter.facts.heap.iter().filter(|(location, _)| is_carried(location)).collect();
    found.sort_by_key(|(location, fact)| (fact.since, location.owner));
    let promoted = found.into_iter().map(|(location, fact)| {
        let kind = match fact.content {
            Content::Value(value) if emitter.kind(value) != Some(Kind::Value) => Kind::Int,
            Content::Value(value) => emitter.op(value).boxed_kind().unwrap_or(Kind::Value),
            Content::Int(_) => Kind::Int,
            Content::Constant(_) => Kind::Value,
        };
        Promoted { location: *location, in_loop: *location, kind }
    });
    promoted.collect()
}

/// Which stores of the trace may hit a location.
enum Stores {
    None,
    /// Only such as hit just it.
    Itself,
    Others,
}

fn stores_to(emitter: &Emitter, location: &Location) -> Stores {
    let mut found = Stores::None;
    for uop in &emitter.superblock.uops {
        let mut stored = loads::stored_locations(&uop.op, &uop.inputs).into_iter();
        let Some(stored) = stored.find(|stored| stored.place == location.place) else { continue };
        if uop.op.changes_list() || uop.op.changes_table() {
            return Stores::Others;
        }
        if stored.owner == location.owner && !matches!(uop.op, Op::AddSlot { .. }) {
            found = Stores::Itself;
        } else if !emitter.facts_of(stored.owner).fresh
            && (stored.owner == location.owner || !loads::are_distinct(emitter, stored.owner, location.owner))
        {
            return Stores::Others;
        }
    }
    found
}

fn changed_elsewhere(elsewhere: &Elsewhere, location: &Location) -> bool {
    elsewhere.code.iter().flat_map(|code| &code.uops).any(|uop| {
        let mut stored = loads::stored_locations(&uop.op, &uop.inputs).into_iter();
        uop.op.clobbers_heap() || stored.any(|stored| stored.place == location.place)
    })
}

/// What the preamble leaves in the location.
fn content(emitter: &mut Emitter, heap: &Promoted) -> UopIdx {
    let value = match emitter.facts.heap[&heap.location].content {
        Content::Value(value) => value,
        Content::Int(value) => emitter.const_int(value),
        Content::Constant(value) => emitter.const_value(value),
    };
    emitter.as_kind(value, heap.kind).expect("the kind went by what is there")
}

/// Makes phis for locations, and has loads find them.
fn carry_locations(emitter: &mut Emitter, promoted: &[Promoted], initial: Vec<UopIdx>) {
    let phis: Vec<UopIdx> = promoted
        .iter()
        .zip(initial)
        .map(|(heap, value)| {
            emitter.append(Op::Phi { slot: HEAP_PHI, kind: heap.kind }, smallvec::smallvec![value], None)
        })
        .collect();
    for (heap, phi) in promoted.iter().zip(phis) {
        let is_word = matches!(load_of(&heap.location), Op::LoadWord { .. });
        let value = if is_word { phi } else { emitter.boxed(phi) };
        let since = emitter.superblock.uops.len() as u32;
        emitter.facts.heap.insert(heap.in_loop, HeapFact { content: Content::Value(value), since });
    }
}

/// What is in the location at the end of the loop, if that is known and of its phi's kind.
fn close_location(emitter: &mut Emitter, heap: &Promoted) -> Option<UopIdx> {
    match emitter.facts.heap.get(&heap.in_loop)?.content {
        Content::Value(value) => emitter.as_kind(value, heap.kind),
        Content::Int(_) | Content::Constant(_) => None,
    }
}

/// The op that loads from a location.
fn load_of(location: &Location) -> Op {
    match location.place {
        Place::Slot(slot) => Op::LoadSlot { slot },
        Place::GeneratorSlot(slot) => Op::LoadGeneratorSlot { slot },
        Place::Field(field) if field.storage() == Storage::Value => Op::LoadField { field },
        Place::Field(field) => Op::LoadWord { field },
        Place::Element(field) => Op::LoadElement { field },
    }
}

impl<'e> Copy<'e> {
    /// Emits the loop's head.
    fn start(
        emitter: &'e Emitter,
        carried: &'e [Carried],
        promoted: &mut [Promoted],
        elsewhere: &Elsewhere,
    ) -> Copy<'e> {
        let trace = &emitter.superblock;
        let mut emitter = emitter.clone();
        let initial = |emitter: &mut Emitter, slot: &Carried| match slot.carry {
            Carry::Invariant => slot.last,
            Carry::Phi(kind) => emitter.as_kind(slot.last, kind).expect("the guess went by the known kind"),
        };
        let initial: Vec<UopIdx> = carried.iter().map(|slot| initial(&mut emitter, slot)).collect();
        let in_heap: Vec<UopIdx> = promoted.iter().map(|heap| content(&mut emitter, heap)).collect();
        loads::forget_changed_by(&mut emitter, &trace.uops, &|value| is_invariant(trace, carried, value));
        for code in &elsewhere.code {
            loads::forget_changed_elsewhere(&mut emitter, code);
        }
        emitter.loop_start = Some(emitter.superblock.uops.len() as u32);
        emitter.start_block();
        emitter.append(Op::LoopStart {}, Inputs::new(), None);
        let mut entry = Vec::new();
        for (slot, value) in carried.iter().zip(initial) {
            entry.push(match slot.carry {
                Carry::Invariant => value,
                Carry::Phi(kind) => emitter.append(Op::Phi { slot: slot.slot, kind }, smallvec::smallvec![value], None),
            });
        }
        for (slot, phi) in carried.iter().zip(&entry) {
            if let (Some(shape), Carry::Phi(_)) = (slot.shape, slot.carry) {
                emitter.assume_shape(*phi, shape);
            }
        }
        for heap in promoted.iter_mut() {
            let is_of = |slot: &Carried| emitter.op(heap.location.owner) == &Op::LoadFrame { slot: slot.slot };
            let owner = carried.iter().position(is_of).map_or(heap.location.owner, |place| entry[place]);
            heap.in_loop = Location { owner, ..heap.location };
        }
        carry_locations(&mut emitter, promoted, in_heap);
        let exits = vec![None; trace.exits.len()];
        Copy { emitter, trace, carried, entry, values: Vec::with_capacity(trace.uops.len()), exits }
    }

    /// What each exit is a copy of.
    fn origins(&self) -> Vec<ExitOrigin> {
        let preamble = (0..self.trace.exits.len() as u32).map(|exit| ExitOrigin::Preamble(ExitIdx(exit)));
        let mut origins: Vec<ExitOrigin> = preamble.collect();
        origins.resize(self.emitter.superblock.exits.len(), ExitOrigin::Preamble(ExitIdx::NONE));
        for (exit, copy) in self.exits.iter().enumerate() {
            if let Some(copy) = copy {
                origins[copy.index()] = ExitOrigin::Loop(ExitIdx(exit as u32));
            }
        }
        origins
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
        Carry::Phi(_) if slot.shape.is_some() && emitter.known_shape(last) != slot.shape => {
            slot.shape = None;
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
