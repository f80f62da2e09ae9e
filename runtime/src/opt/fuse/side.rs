//! Emitting a side trace as a branch of its root.

use super::{Fusion, Refusal, Side, SideStart};
use crate::opt::LoopHead;
use crate::opt::emitter::{AlwaysLeaves, Inputs};
use crate::opt::facts::WordMap;
use crate::uop::{
    Effect, Exit, ExitIdx, ExitKind, ExitOrigin, FrameOrigin, HEAP_PHI, Kind, LoopFact, Op, Snapshot, SnapshotFrame,
    Source, SunkAllocation, Uop, UopIdx,
};
use crate::value::{SMALL_INT_MAX, SMALL_INT_MIN};
use smallvec::smallvec;

/// A side trace being emitted.
pub(super) struct Branch {
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
    /// The root frame is not that of the loop any more.
    has_pushed: bool,
}

impl Branch {
    /// What the side trace leaves in a slot of the root frame.
    fn stored(&self, slot: u16) -> Option<UopIdx> {
        self.stores.iter().rev().find(|store| store.0 == slot).map(|store| store.1)
    }
}

impl Fusion<'_> {
    /// Guards that share the exit stand on both sides of a store, or what has the exit changes the heap itself: what is known
    /// before the first may not hold where it leaves.
    pub(super) fn heap_changes_between_guards(&self, exit: ExitIdx) -> bool {
        let uops = &self.emitter.superblock.uops;
        let has_exit = |uop: &Uop| uop.exit == Some(exit);
        let first = uops.iter().position(has_exit).unwrap_or(0);
        let last = uops.iter().rposition(has_exit).unwrap_or(0);
        uops[first..=last].iter().any(|uop| uop.op.changes_heap())
    }

    pub(super) fn emit_side(&mut self, side: &Side, exit: ExitIdx) -> Result<Vec<Option<ExitIdx>>, Refusal> {
        let superblock = side.superblock;
        let wanted: Vec<ExitIdx> = side.sides.iter().map(|inner| inner.exit).collect();
        let mut branch = Branch {
            state: self.emitter.superblock.exit_snapshot(exit).clone(),
            start_exit: exit,
            values: Vec::with_capacity(superblock.uops.len()),
            exits: vec![None; superblock.exits.len()],
            homes: WordMap::default(),
            stores: Vec::new(),
            has_pushed: false,
        };
        self.emitter.start_block();
        self.emitter.append(Op::SideEntry { exit }, Inputs::new(), None);
        self.find_homes(side.start, &mut branch)?;
        for (index, uop) in superblock.uops.iter().enumerate() {
            // Snapshots mention every slot that the trace changes: stores may wait for its end.
            if let Op::StoreFrame { slot } = uop.op {
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
            Op::PushFrame { .. } => {
                if !std::mem::replace(&mut branch.has_pushed, true) {
                    self.store_all(branch);
                }
                let inputs = inputs.into_iter().map(|input| self.emitter.boxed(input)).collect();
                Ok(self.emitter.append(uop.op, inputs, exit))
            }
            Op::JumpExecutor { .. } | Op::LeaveAtCall { .. } if branch.has_pushed => {
                Ok(self.emitter.append(uop.op, inputs, exit))
            }
            Op::JumpExecutor { executor } if executor == self.root.executor => {
                self.jump_loop(branch)?;
                Ok(UopIdx::NONE)
            }
            Op::JumpExecutor { .. } | Op::LeaveAtCall { .. } => {
                self.store_all(branch);
                Ok(self.emitter.append(uop.op, inputs, exit))
            }
            Op::FinishReturn {} | Op::FinishGenerator {} => {
                let value = self.emitter.boxed(inputs[0]);
                Ok(self.emitter.append(uop.op, smallvec![value], exit))
            }
            Op::GuardInt {} => self.guard_small_int(inputs[0], exit),
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

    /// What the side trace knows of an int for which its guard holds, it has used already: that 49 bits hold it. Where the
    /// tree carries the int as a machine word, that is not said by the kind.
    fn guard_small_int(&mut self, value: UopIdx, exit: Option<ExitIdx>) -> Result<UopIdx, Refusal> {
        let int = match self.emitter.known_kind(value) {
            Some(Kind::Int) => self.emitter.as_kind(value, Kind::Int).expect("it is known to be an int"),
            _ => return Ok(self.emitter.emit(Op::GuardInt {}, &[value], exit)?),
        };
        if matches!(self.emitter.op(int), Op::UnboxInt {}) {
            // Of a word that another guard has seen.
            return Ok(UopIdx::NONE);
        }
        for (lhs, rhs) in [(None, Some(SMALL_INT_MAX)), (Some(SMALL_INT_MIN), None)] {
            let mut side = |bound: Option<i64>| bound.map_or(int, |bound| self.emitter.const_int(bound));
            let (lhs, rhs) = (side(lhs), side(rhs));
            let fits = self.emitter.emit(Op::IntLe {}, &[lhs, rhs], None)?;
            self.emitter.emit(Op::GuardTrue {}, &[fits], exit)?;
        }
        Ok(UopIdx::NONE)
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
                    let is_same = self.emitter.emit(Op::IsSame {}, &[value, other], None)?;
                    let exit = self.start_exit(branch);
                    self.emitter.emit(Op::GuardTrue {}, &[is_same], Some(exit))?;
                }
            },
            Source::Alloc(sunk) => {
                let SunkAllocation { op, inputs, .. } = &**sunk;
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
}
