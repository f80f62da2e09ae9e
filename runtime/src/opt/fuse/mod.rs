//! Fusing: a root loop and its hot side traces become one superblock, in which the former exits are branches.
//!
//! The root is peeled anew from its recorded trace, because what the side traces change (frame slots, heap locations)
//! is not invariant any more. Then each side trace is emitted again as a `side_entry` block, with what the exit it
//! starts from has in its snapshot in the place of its homes, so that values stay unboxed in registers across it. Where
//! it goes back to the root, its stores to the frame become the values of a `jump_loop`.
//!
//! A side trace's snapshots and final stores mention at least the slots that its parent's exit mentions: the recorder
//! starts from those. Side traces with a loop of their own, or from the first iteration, stay outside.

mod side;

use super::emitter::{AlwaysLeaves, Emitter, Inputs};
use super::facts::{self, Content, Facts, WordMap};
use super::peel::{self, Elsewhere};
use super::{LoopClose, Passes, finish, loads, sink};
use crate::uop::{ExitIdx, ExitOrigin, FrameSources, HEAP_PHI, Kind, LoopFact, Op, Snapshot, Superblock, Uop, UopIdx};
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
