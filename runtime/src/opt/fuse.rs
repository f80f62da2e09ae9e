//! Fusing: a root loop and its hot side traces become one superblock, in which the former exits are branches.
//!
//! The root is peeled anew from its recorded trace, because what the side traces change (frame slots, heap locations)
//! is not invariant any more. Then each side trace is emitted again as a `side_entry` block, with what the exit it
//! starts from has in its snapshot in the place of its homes, so that values stay unboxed in registers across it. Where
//! it goes back to the root, its stores to the frame become the values of a `jump_loop`.
//!
//! A side trace's snapshots and final stores mention at least the slots that its parent's exit mentions: the recorder
//! starts from those. Side traces with a loop of their own, or from the first iteration, stay outside.

use super::emitter::{AlwaysLeaves, Emitter, Inputs};
use super::facts::{self, Content, Facts, WordMap};
use super::peel::{self, Elsewhere};
use super::{finish, loads, sink, LoopClose, LoopHead, Passes};
use crate::uop::{
    Effect, Exit, ExitIdx, ExitKind, ExitOrigin, FrameOrigin, FrameSources, Kind, LoopFact, Op, Snapshot, SnapshotFrame,
    Source, Superblock, Uop, UopIdx, HEAP_PHI,
};
use smallvec::smallvec;
use std::time::Instant;

/// Attempts at finding what the loop must carry.
const MAX_ATTEMPTS: usize = 12;

/// A root loop with its recorded trace, and its side traces.
pub struct Root<'s> {
    pub executor: u32,
    pub trace: &'s Emitter,
    pub close: &'s LoopClose,
    /// What `optimize_loop` made of the trace: side traces start from its exits.
    pub superblock: &'s Superblock,
    pub sides: Vec<Side<'s>>,
}

/// A side trace, and those that start from its exits.
pub struct Side<'s> {
    pub executor: u32,
    /// The exit of the parent's own superblock that it starts from.
    pub exit: ExitIdx,
    /// What its homes hold.
    pub start: &'s SideStart,
    pub superblock: &'s Superblock,
    pub sides: Vec<Side<'s>>,
}

/// The state that a side trace was recorded to start from.
#[derive(Clone, Debug, PartialEq)]
pub struct SideStart {
    pub snapshot: Snapshot,
    pub sources: Vec<FrameSources>,
}

impl SideStart {
    /// The state at an exit of a finished superblock.
    pub fn at(superblock: &Superblock, exit: ExitIdx) -> SideStart {
        let snapshot = superblock.exits[exit.index()].snapshot.index();
        SideStart { snapshot: superblock.snapshots[snapshot].clone(), sources: superblock.sources[snapshot].clone() }
    }
}

/// Why a tree was not fused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFused {
    /// The loop cannot be peeled.
    NoLoop,
    /// No side trace can be part of it.
    NoSides,
    /// What the loop must carry did not settle.
    Unsettled,
}

/// Why a side trace is not part of an attempt.
enum Refusal {
    /// The loop must carry this slot in a phi (a boxed one).
    Needs { slot: u16, boxed: bool },
    /// It stays outside.
    StaysOutside,
}

impl From<AlwaysLeaves> for Refusal {
    fn from(_: AlwaysLeaves) -> Refusal {
        Refusal::StaysOutside
    }
}

/// Fuses a tree, and runs the passes over it. `origins` of the result tell what each exit was.
pub fn fuse(root: &Root, passes: &mut Passes) -> Result<Superblock, NotFused> {
    let start = Instant::now();
    let mut slots: Vec<(u16, bool)> = Vec::new();
    let mut code = Vec::new();
    collect_code(&root.sides, &mut code);
    for _ in 0..MAX_ATTEMPTS {
        let elsewhere = Elsewhere { slots: slots.clone(), code: code.clone() };
        let mut peeled = peel::peel(root.trace, root.close, &elsewhere).map_err(|AlwaysLeaves| NotFused::NoLoop)?;
        sink::sink(&mut peeled);
        let mut fusion = Fusion::start(root, &peeled, &elsewhere);
        match fusion.add_sides() {
            Ok(()) if fusion.n_fused == 0 => return Err(NotFused::NoSides),
            Ok(()) => {
                let mut fused = fusion.end();
                passes.times.push(("fuse", start.elapsed()));
                passes.run_pass("fused", &mut fused, |_| ());
                finish(&mut fused, passes);
                return Ok(fused);
            }
            Err((slot, boxed)) => match slots.iter_mut().find(|known| known.0 == slot) {
                Some(known) if known.1 => return Err(NotFused::Unsettled),
                Some(known) => known.1 = true,
                None => slots.push((slot, boxed)),
            },
        }
    }
    Err(NotFused::Unsettled)
}

fn collect_code<'s>(sides: &[Side<'s>], code: &mut Vec<&'s Superblock>) {
    for side in sides {
        code.push(side.superblock);
        collect_code(&side.sides, code);
    }
}

#[derive(Clone)]
struct Fusion<'s> {
    root: &'s Root<'s>,
    emitter: Emitter,
    /// Slots that side traces made the loop carry: their snapshots do not know of them.
    extra: Vec<u16>,
    phis: Vec<(u16, Kind)>,
    /// Of the phis that carry heap locations.
    promoted: Vec<LoopFact>,
    heap_phis: Vec<UopIdx>,
    carried_shapes: Vec<(u16, u32)>,
    /// Loads of the root frame's slots as they were at entry.
    loads: WordMap<u16, UopIdx>,
    /// What is known where a side trace starts, per exit that has one.
    facts: WordMap<ExitIdx, Facts>,
    sunk: Vec<UopIdx>,
    n_fused: usize,
}

/// A side trace being emitted.
struct Branch {
    /// What the exit that it starts from says.
    state: Snapshot,
    start_exit: ExitIdx,
    /// Per micro-op of the side trace.
    values: Vec<UopIdx>,
    exits: Vec<Option<ExitIdx>>,
    /// What stands for the side trace's homes.
    homes: WordMap<u16, UopIdx>,
    /// Final stores to the root frame.
    stores: Vec<(u16, UopIdx)>,
}

impl Branch {
    /// What the side trace leaves in a slot of the root frame.
    fn stored(&self, slot: u16) -> Option<UopIdx> {
        self.stores.iter().rev().find(|store| store.0 == slot).map(|store| store.1)
    }
}

impl<'s> Fusion<'s> {
    /// Emits the root.
    fn start(root: &'s Root<'s>, peeled: &Superblock, elsewhere: &Elsewhere) -> Fusion<'s> {
        let mut fusion = Fusion {
            root,
            emitter: Emitter::new(root.trace.shapes),
            extra: elsewhere.slots.iter().map(|slot| slot.0).collect(),
            phis: Vec::new(),
            promoted: Vec::new(),
            heap_phis: Vec::new(),
            carried_shapes: peeled.carried_shapes.clone(),
            loads: WordMap::default(),
            facts: WordMap::default(),
            sunk: Vec::new(),
            n_fused: 0,
        };
        fusion.load_slots(peeled, elsewhere);
        let wanted: Vec<ExitIdx> = root.sides.iter().filter_map(|side| fusion.root_exit(peeled, side)).collect();
        let n_loads = fusion.emitter.superblock.uops.len() as u32;
        let moved = |value: UopIdx| UopIdx(value.0 + n_loads);
        let superblock = &mut fusion.emitter.superblock;
        superblock.exits.clone_from(&peeled.exits);
        superblock.origins.clone_from(&peeled.origins);
        superblock.snapshots.clone_from(&peeled.snapshots);
        superblock.snapshots.iter_mut().flat_map(Snapshot::values_mut).for_each(|value| *value = moved(*value));
        superblock.loop_slots = peeled.loop_slots.iter().map(|(slot, value)| (*slot, moved(*value))).collect();
        let moved_fact = |fact: &LoopFact| LoopFact { load: fact.load, owner: moved(fact.owner) };
        fusion.promoted = peeled.promoted.iter().map(moved_fact).collect();
        for (index, uop) in peeled.uops.iter().enumerate() {
            let inputs: Inputs = uop.inputs.iter().map(|input| moved(*input)).collect();
            fusion.before(uop, uop.exit, &wanted);
            if uop.op == (Op::LoopStart {}) {
                fusion.start_loop(&peeled.uops[index..], moved(UopIdx(index as u32)), elsewhere, &moved);
            }
            let idx = UopIdx(fusion.emitter.superblock.uops.len() as u32);
            fusion.emitter.append(uop.op, inputs.clone(), uop.exit);
            fusion.learn_loop_head(peeled, uop, idx, &inputs);
            if peeled.sunk[index] {
                fusion.sunk.push(idx);
            }
            if let Op::LoadFrame { slot } = uop.op {
                fusion.loads.insert(slot, idx);
            }
        }
        fusion
    }

    /// Loads what side traces may need of the root frame and the root does not load.
    fn load_slots(&mut self, peeled: &Superblock, elsewhere: &Elsewhere) {
        let is_loaded = |slot: u16| peeled.uops.iter().any(|uop| uop.op == Op::LoadFrame { slot });
        let carried = peeled.uops.iter().filter_map(|uop| match uop.op {
            Op::Phi { slot, .. } if slot != HEAP_PHI => Some(slot),
            _ => None,
        });
        let used = elsewhere.code.iter().flat_map(|code| &code.uops).filter_map(|uop| match uop.op {
            Op::LoadFrame { slot } | Op::StoreFrame { slot } => Some(slot),
            _ => None,
        });
        for slot in carried.chain(used).filter(|slot| !is_loaded(*slot)) {
            if !self.loads.contains_key(&slot) {
                let load = self.emitter.append(Op::LoadFrame { slot }, Inputs::new(), None);
                self.loads.insert(slot, load);
            }
        }
    }

    fn start_loop(&mut self, body: &[Uop], start: UopIdx, elsewhere: &Elsewhere, moved: &dyn Fn(UopIdx) -> UopIdx) {
        let body: Vec<Uop> = body
            .iter()
            .map(|uop| Uop { inputs: uop.inputs.iter().map(|input| moved(*input)).collect(), ..uop.clone() })
            .collect();
        loads::forget_changed_by(&mut self.emitter, &body, &|value| value < start);
        for code in &elsewhere.code {
            loads::forget_changed_elsewhere(&mut self.emitter, code);
        }
        self.emitter.loop_start = Some(start.0);
    }

    /// What is known at the loop's head of what phis carry.
    fn learn_loop_head(&mut self, peeled: &Superblock, uop: &Uop, idx: UopIdx, inputs: &[UopIdx]) {
        if let Op::Phi { slot, kind } = uop.op {
            self.phis.push((slot, kind));
            if let Some((_, shape)) = peeled.carried_shapes.iter().find(|carried| carried.0 == slot) {
                self.emitter.assume_shape(idx, *shape);
            }
            if slot == HEAP_PHI {
                self.heap_phis.push(idx);
            }
        }
        // The content is the phi, or the box made of it right after the phis.
        let phi = if uop.op.boxed_kind().is_some() { inputs[0] } else { idx };
        let Some(place) = self.heap_phis.iter().position(|known| *known == phi) else { return };
        let LoopFact { load, owner } = self.promoted[place];
        let is_boxed = |value: UopIdx| self.emitter.kind(value) == Some(Kind::Value);
        if load.output_kind() == Some(Kind::Value) && !is_boxed(idx) {
            return;
        }
        if let Some(location) = facts::location(&load, &[owner]) {
            let content = facts::HeapFact { content: Content::Value(idx), since: idx.0 };
            self.emitter.facts.heap.entry(location).or_insert(content);
        }
    }

    /// The exit of the root, as it is now, that a side trace starts from: only those in the loop can.
    fn root_exit(&self, peeled: &Superblock, side: &Side) -> Option<ExitIdx> {
        let origin = *self.root.superblock.origins.get(side.exit.index())?;
        let ExitOrigin::Loop(_) = origin else { return None };
        peeled.origins.iter().position(|other| *other == origin).map(|exit| ExitIdx(exit as u32))
    }

    /// Keeps what is known before the first micro-op with an exit at which a side trace starts.
    fn before(&mut self, uop: &Uop, exit: Option<ExitIdx>, wanted: &[ExitIdx]) {
        if let Some(exit) = exit.filter(|exit| uop.op.needs_exit() && wanted.contains(exit)) {
            let facts = &self.emitter.facts;
            self.facts.entry(exit).or_insert_with(|| facts.clone());
        }
    }

    fn add_sides(&mut self) -> Result<(), (u16, bool)> {
        for side in &self.root.sides {
            let origin = self.root.superblock.origins.get(side.exit.index());
            let place = self.emitter.superblock.origins.iter().position(|other| Some(other) == origin);
            if let (Some(ExitOrigin::Loop(_)), Some(place)) = (origin, place) {
                self.add_side(side, ExitIdx(place as u32))?;
            }
        }
        Ok(())
    }

    /// Adds a side trace and those that start from it, or leaves it outside.
    fn add_side(&mut self, side: &'s Side<'s>, exit: ExitIdx) -> Result<(), (u16, bool)> {
        let Some(facts) = self.facts.remove(&exit) else { return Ok(()) };
        let before = self.clone();
        self.emitter.facts = facts;
        if self.heap_changes_between_guards(exit) {
            self.emitter.facts.clobber();
        }
        match self.emit_side(side, exit) {
            Ok(exits) => {
                self.n_fused += 1;
                for inner in &side.sides {
                    if let Some(exit) = exits[inner.exit.index()] {
                        self.add_side(inner, exit)?;
                    }
                }
                Ok(())
            }
            Err(Refusal::Needs { slot, boxed }) => Err((slot, boxed)),
            Err(Refusal::StaysOutside) => {
                *self = before;
                Ok(())
            }
        }
    }

    /// Guards that share the exit stand on both sides of a store: what is known at the first may not hold at the last.
    fn heap_changes_between_guards(&self, exit: ExitIdx) -> bool {
        let uops = &self.emitter.superblock.uops;
        let has_exit = |uop: &Uop| uop.exit == Some(exit);
        let first = uops.iter().position(has_exit).unwrap_or(0);
        let last = uops.iter().rposition(has_exit).unwrap_or(0);
        uops[first..last].iter().any(|uop| uop.op.effect() == Effect::Writes || uop.op.clobbers_heap())
    }

    fn emit_side(&mut self, side: &Side, exit: ExitIdx) -> Result<Vec<Option<ExitIdx>>, Refusal> {
        let superblock = side.superblock;
        let last = superblock.uops.len() - 1;
        let stores_end = |uop: &Uop| !matches!(uop.op, Op::StoreFrame { .. });
        let first_store = superblock.uops[..last].iter().rposition(stores_end).map_or(0, |place| place + 1);
        let wanted: Vec<ExitIdx> = side.sides.iter().map(|inner| inner.exit).collect();
        let mut branch = Branch {
            state: self.emitter.superblock.exit_snapshot(exit).clone(),
            start_exit: exit,
            values: Vec::with_capacity(superblock.uops.len()),
            exits: vec![None; superblock.exits.len()],
            homes: WordMap::default(),
            stores: Vec::new(),
        };
        self.emitter.start_block();
        self.emitter.append(Op::SideEntry { exit }, Inputs::new(), None);
        self.find_homes(side.start, &mut branch)?;
        for (index, uop) in superblock.uops.iter().enumerate() {
            if let (Op::StoreFrame { slot }, true) = (uop.op, index >= first_store) {
                branch.stores.push((slot, branch.values[uop.inputs[0].index()]));
                branch.values.push(UopIdx::NONE);
                continue;
            }
            let exit = uop.exit.map(|exit| self.copy_exit(side, &mut branch, exit));
            if exit.is_some() && uop.exit.is_some_and(|old| wanted.contains(&old)) {
                self.before(uop, exit, exit.as_slice());
            }
            let is_sunk = superblock.sunk.get(index) == Some(&true);
            match self.emit_uop(&mut branch, uop, exit, is_sunk) {
                Ok(value) => branch.values.push(value),
                // It leaves here whenever it comes here.
                Err(Refusal::StaysOutside) if exit.is_some() && uop.op.effect() == Effect::Guard => {
                    self.emitter.append(Op::ExitTrace {}, Inputs::new(), exit);
                    break;
                }
                Err(refusal) => return Err(refusal),
            }
        }
        let has_guard = |exit: ExitIdx| self.emitter.superblock.uops.iter().any(|uop| uop.exit == Some(exit));
        Ok(branch.exits.into_iter().map(|exit| exit.filter(|exit| has_guard(*exit))).collect())
    }

    fn emit_uop(
        &mut self,
        branch: &mut Branch,
        uop: &Uop,
        exit: Option<ExitIdx>,
        is_sunk: bool,
    ) -> Result<UopIdx, Refusal> {
        let inputs: Inputs = uop.inputs.iter().map(|input| branch.values[input.index()]).collect();
        match uop.op {
            Op::LoadHome { home, kind } => {
                let value = branch.homes.get(&home).copied().ok_or(Refusal::StaysOutside)?;
                self.in_kind(branch, value, kind)
            }
            Op::LoadFrame { slot } => {
                let value = self.slot(branch, slot);
                Ok(self.emitter.boxed(value))
            }
            Op::LoopStart {} | Op::Phi { .. } | Op::JumpLoop {} | Op::JumpEntry {} | Op::SideEntry { .. } => {
                Err(Refusal::StaysOutside)
            }
            Op::JumpExecutor { executor } if executor == self.root.executor => {
                self.jump_loop(branch)?;
                Ok(UopIdx::NONE)
            }
            Op::JumpExecutor { .. } => {
                self.store_all(branch);
                Ok(self.emitter.append(uop.op, inputs, exit))
            }
            Op::FinishReturn {} => {
                let value = self.emitter.boxed(inputs[0]);
                Ok(self.emitter.append(uop.op, smallvec![value], exit))
            }
            op if op.is_terminator() => Ok(self.emitter.append(op, inputs, exit)),
            op if is_sunk => {
                let value = self.emitter.append(op, inputs, exit);
                self.sunk.push(value);
                Ok(value)
            }
            op => {
                if let Some(kind) = op.unboxed_kind() {
                    return self.in_kind(branch, inputs[0], kind);
                }
                Ok(self.emitter.emit(op, &inputs, exit)?)
            }
        }
    }

    /// The side trace's exit, which also says where the slots are that only the loop carries.
    fn copy_exit(&mut self, side: &Side, branch: &mut Branch, exit: ExitIdx) -> ExitIdx {
        if let Some(known) = branch.exits[exit.index()] {
            return known;
        }
        let mut snapshot = side.superblock.exit_snapshot(exit).clone();
        snapshot.values_mut().for_each(|value| *value = branch.values[value.index()]);
        for slot in self.extra.clone() {
            if snapshot.frames[0].slots.iter().all(|(known, _)| *known != slot) {
                let value = self.slot(branch, slot);
                snapshot.frames[0].slots.push((slot, value));
            }
        }
        snapshot.frames[0].slots.sort_by_key(|(slot, _)| *slot);
        let kind = side.superblock.exits[exit.index()].kind;
        let snapshot = self.emitter.snapshot(snapshot);
        let copy = self.emitter.exit(kind, snapshot);
        self.note_origin(ExitOrigin::Executor(side.executor, exit));
        branch.exits[exit.index()] = Some(copy);
        copy
    }

    fn note_origin(&mut self, origin: ExitOrigin) {
        let superblock = &mut self.emitter.superblock;
        superblock.origins.resize(superblock.exits.len(), origin);
    }

    /// The root frame's slot where the side trace starts.
    fn slot(&self, branch: &Branch, slot: u16) -> UopIdx {
        let known = branch.state.frames[0].slots.iter().find(|known| known.0 == slot);
        known.map_or_else(|| self.loads[&slot], |known| known.1)
    }

    /// Finds what stands for the side trace's homes: what is in the same places of the exit's snapshot now. Where the
    /// side trace was recorded with a constant, or with one value in two places, and that is not known to be so any
    /// more, a guard makes sure of it.
    fn find_homes(&mut self, start: &SideStart, branch: &mut Branch) -> Result<(), Refusal> {
        let mut places = Vec::new();
        for ((sources, old), new) in start.sources.iter().zip(&start.snapshot.frames).zip(&branch.state.frames) {
            places.extend(sources.origin.as_ref().zip(new.origin.value()));
            for (source, (slot, _)) in sources.slots.iter().zip(&old.slots) {
                let found = new.slots.iter().find(|other| other.0 == *slot).ok_or(Refusal::StaysOutside)?;
                places.push((source, found.1));
            }
        }
        places.into_iter().try_for_each(|(source, value)| self.find_home(branch, source, value))
    }

    fn find_home(&mut self, branch: &mut Branch, source: &Source, value: UopIdx) -> Result<(), Refusal> {
        match source {
            Source::Const(bits) => {
                let boxed = self.emitter.boxed(value);
                if self.emitter.known_value(boxed).is_none_or(|known| known.bits() != *bits) {
                    let exit = self.start_exit(branch);
                    self.emitter.emit(Op::GuardIs { bits: *bits }, &[boxed], Some(exit))?;
                }
            }
            Source::Home(home, _) => match branch.homes.get(home).copied() {
                None => _ = branch.homes.insert(*home, value),
                Some(other) if other == value => {}
                Some(other) => {
                    let (value, other) = (self.emitter.boxed(value), self.emitter.boxed(other));
                    let is_same = self.emitter.emit(Op::ValueIs {}, &[value, other], None)?;
                    let exit = self.start_exit(branch);
                    self.emitter.emit(Op::GuardTrue {}, &[is_same], Some(exit))?;
                }
            },
            Source::Alloc { op, inputs, .. } => {
                let is_immutable = matches!(op, Op::NewTuple {} | Op::NewBoundMethod {});
                let parts = Inputs::from_slice(self.emitter.inputs(value));
                let is_same = self.emitter.op(value) == op && parts.len() == inputs.len();
                if !is_same || !(is_immutable || self.sunk.contains(&value)) {
                    return Err(Refusal::StaysOutside);
                }
                for (source, part) in inputs.iter().zip(parts) {
                    self.find_home(branch, source, part)?;
                }
            }
        }
        Ok(())
    }

    /// An exit to where the side trace starts, without it.
    fn start_exit(&mut self, branch: &Branch) -> ExitIdx {
        let superblock = &mut self.emitter.superblock;
        let snapshot = superblock.exits[branch.start_exit.index()].snapshot;
        let origin = superblock.origins[branch.start_exit.index()];
        superblock.exits.push(Exit { kind: ExitKind::Side, snapshot });
        let exit = ExitIdx(superblock.exits.len() as u32 - 1);
        self.note_origin(origin);
        exit
    }

    /// The value as `kind`; where that is not known to be right, behind a guard that leaves as the side trace's start
    /// would have.
    fn in_kind(&mut self, branch: &Branch, value: UopIdx, kind: Kind) -> Result<UopIdx, Refusal> {
        if let Some(value) = self.emitter.as_kind(value, kind) {
            return Ok(value);
        }
        let (Some(guard), Some(unbox)) = (kind.guard_op(), kind.unbox_op()) else { return Err(Refusal::StaysOutside) };
        let exit = self.start_exit(branch);
        self.emitter.emit(guard, &[value], Some(exit))?;
        Ok(self.emitter.emit(unbox, &[value], None)?)
    }

    /// Goes back to the loop, with what the side trace leaves in the frame.
    fn jump_loop(&mut self, branch: &Branch) -> Result<(), Refusal> {
        for (slot, value) in &branch.stores {
            let is_carried = self.phis.iter().any(|phi| phi.0 == *slot);
            let expected = self.emitter.superblock.loop_slots.iter().find(|known| known.0 == *slot);
            let expected = expected.map_or_else(|| self.loads[slot], |known| known.1);
            if !is_carried && expected != *value {
                return Err(Refusal::Needs { slot: *slot, boxed: false });
            }
        }
        let phis = self.phis.clone();
        let at_head: Vec<(u16, UopIdx)> = phis
            .iter()
            .filter(|(slot, _)| *slot != HEAP_PHI)
            .map(|(slot, _)| (*slot, branch.stored(*slot).unwrap_or_else(|| self.slot(branch, *slot))))
            .collect();
        let exit = self.head_exit(&at_head);
        let mut inputs = Inputs::new();
        let slot_phis = phis.iter().filter(|(slot, _)| *slot != HEAP_PHI);
        for ((slot, value), (_, kind)) in at_head.iter().zip(slot_phis) {
            let value = self.sure_of(*value, *kind, exit);
            inputs.push(value.ok_or(Refusal::Needs { slot: *slot, boxed: true })?);
        }
        self.make_sure_of_shapes(&at_head, exit)?;
        let start = self.emitter.loop_start.unwrap_or(0) + 1;
        for (LoopFact { load, owner }, phi) in self.promoted.clone().into_iter().zip(self.heap_phis.clone()) {
            // Memory has it right, mostly it is known what that holds. The owner may be what a slot's phi carries.
            let carried = owner.0.checked_sub(start).and_then(|place| at_head.get(place as usize));
            let owner = carried.map_or(owner, |(_, value)| *value);
            let value = self.emitter.emit(load, &[owner], None)?;
            let kind = self.emitter.kind(phi).unwrap_or(Kind::Value);
            inputs.push(self.sure_of(value, kind, exit).ok_or(Refusal::StaysOutside)?);
        }
        self.emitter.append(Op::JumpLoop {}, inputs, None);
        Ok(())
    }

    /// The shapes that the loop takes for granted.
    fn make_sure_of_shapes(&mut self, at_head: &[(u16, UopIdx)], exit: Option<ExitIdx>) -> Result<(), Refusal> {
        for (slot, shape) in self.carried_shapes.clone() {
            let Some((_, value)) = at_head.iter().find(|known| known.0 == slot) else { continue };
            let is_known = self.emitter.known_shape(*value) == Some(shape);
            if !is_known {
                let needs = Refusal::Needs { slot, boxed: true };
                let Some(exit) = exit else { return Err(needs) };
                let guarded = self.emitter.emit(Op::GuardShape { shape }, &[*value], Some(exit));
                guarded.map_err(|AlwaysLeaves| needs)?;
            }
        }
        Ok(())
    }

    /// The value as `kind`, guarded where that is not known to be right; `None` where it cannot be.
    fn sure_of(&mut self, value: UopIdx, kind: Kind, exit: Option<ExitIdx>) -> Option<UopIdx> {
        if let Some(value) = self.emitter.as_kind(value, kind) {
            return Some(value);
        }
        self.emitter.emit(kind.guard_op()?, &[value], Some(exit?)).ok()?;
        self.emitter.as_kind(value, kind)
    }

    /// An exit to tier 1 at the loop's head.
    fn head_exit(&mut self, at_head: &[(u16, UopIdx)]) -> Option<ExitIdx> {
        let LoopHead { code, ip, stack_depth } = self.root.close.head?;
        let mut slots = at_head.to_vec();
        slots.extend_from_slice(&self.emitter.superblock.loop_slots);
        slots.sort_by_key(|(slot, _)| *slot);
        let frame = SnapshotFrame { code, ip, origin: FrameOrigin::Root, stack_depth, slots };
        let snapshot = self.emitter.snapshot(Snapshot { frames: vec![frame] });
        let exit = self.emitter.exit(ExitKind::Side, snapshot);
        self.note_origin(ExitOrigin::Executor(self.root.executor, ExitIdx::NONE));
        Some(exit)
    }

    /// Brings the root frame up to date.
    fn store_all(&mut self, branch: &Branch) {
        let mut stores = branch.stores.clone();
        for slot in self.extra.clone() {
            if stores.iter().all(|store| store.0 != slot) {
                stores.push((slot, self.slot(branch, slot)));
            }
        }
        for (slot, value) in stores {
            let value = self.emitter.boxed(value);
            self.emitter.append(Op::StoreFrame { slot }, smallvec![value], None);
        }
    }

    fn end(self) -> Superblock {
        let mut superblock = self.emitter.superblock;
        superblock.sunk = vec![false; superblock.uops.len()];
        self.sunk.iter().for_each(|value| superblock.sunk[value.index()] = true);
        let root = self.root;
        for origin in &mut superblock.origins {
            if let Some(place) = root.superblock.origins.iter().position(|other| other == origin) {
                *origin = ExitOrigin::Executor(root.executor, ExitIdx(place as u32));
            }
        }
        superblock
    }
}
