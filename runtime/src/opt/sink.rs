//! Allocation sinking: what only exits see is made by exits.
//!
//! - Boxes: snapshots mention what is in the box; leaving boxes it.
//! - Tuples, bound methods, lists, cells and instances that nothing but snapshots (and other sunk allocations) uses are
//!   marked `sunk`, and not made on the way.
//! - Stores to a sunk instance go: after each, a new sunk `new_instance` that lists all slots stands for the object in
//!   the snapshots that follow. (Loads from it were forwarded when they were emitted; one that was not keeps the
//!   object.)

use crate::uop::{Effect, ExitIdx, Op, Superblock, Uop, UopIdx};
use crate::value::Value;
use smallvec::{SmallVec, smallvec};

/// Sinks what can be.
pub fn sink(superblock: &mut Superblock) {
    unbox_snapshots(superblock);
    let sunk = sinkable(superblock);
    superblock.sunk = sunk;
    if superblock.uops.iter().any(|uop| stored_to(uop).is_some_and(|owner| superblock.sunk[owner.index()])) {
        *superblock = Versions::of(superblock).rewritten;
    }
    unbox_sunk_inputs(superblock);
}

/// Snapshots mention what is in a box.
fn unbox_snapshots(superblock: &mut Superblock) {
    let uops = &superblock.uops;
    for value in superblock.snapshots.iter_mut().flat_map(|snapshot| snapshot.values_mut()) {
        while uops[value.index()].op.boxed_kind().is_some() {
            *value = uops[value.index()].inputs[0];
        }
    }
}

/// So do sunk allocations, whose inputs only exits use.
fn unbox_sunk_inputs(superblock: &mut Superblock) {
    for index in (0..superblock.uops.len()).filter(|index| superblock.sunk[*index]) {
        let mut inputs = std::mem::take(&mut superblock.uops[index].inputs);
        for value in &mut inputs {
            while superblock.uops[value.index()].op.boxed_kind().is_some() {
                *value = superblock.uops[value.index()].inputs[0];
            }
        }
        superblock.uops[index].inputs = inputs;
    }
}

/// The instance whose slot a micro-op writes.
fn stored_to(uop: &Uop) -> Option<UopIdx> {
    match uop.op {
        Op::StoreSlot { .. } | Op::AddSlot { .. } => Some(uop.inputs[0]),
        _ => None,
    }
}

fn sinkable(superblock: &Superblock) -> Vec<bool> {
    let uops = &superblock.uops;
    let mut sinkable: Vec<bool> = uops.iter().map(|uop| uop.op.effect() == Effect::Allocates).collect();
    drop_stale_slices(superblock, &mut sinkable);
    let mut has_stores = vec![false; uops.len()];
    let mut conflicts = conflicting_snapshots(superblock);
    let block_of = blocks(superblock);
    for (index, uop) in uops.iter().enumerate() {
        let owner = stored_to(uop);
        if let Some(owner) = owner {
            let is_instance = matches!(superblock.uop(owner).op, Op::NewInstance { .. });
            has_stores[owner.index()] = true;
            if !is_instance || block_of[owner.index()] != block_of[index] {
                sinkable[owner.index()] = false;
            }
        }
    }
    for (_, value) in &superblock.loop_slots {
        sinkable[value.index()] = false;
    }
    for value in conflicts.drain(..) {
        sinkable[value.index()] &= !has_stores[value.index()];
    }
    // Users come after what they use: going backwards, each user's fate is known. Instances with stores must not be
    // inside others, whose inputs could not follow the versions.
    for index in (0..uops.len()).rev() {
        let uop = &uops[index];
        for (place, input) in uop.inputs.iter().enumerate() {
            let is_owner = place == 0 && stored_to(uop).is_some();
            let stays_inside = sinkable[index] && !has_stores[input.index()];
            let goes_with_store = match stored_to(uop) {
                // Decided below: the value stored goes where its owner goes.
                Some(owner) => sinkable[owner.index()] && !has_stores[input.index()],
                None => false,
            };
            if !(is_owner || stays_inside || goes_with_store) {
                sinkable[input.index()] = false;
            }
        }
    }
    settle(superblock, &mut sinkable);
    sinkable
}

/// What is in an object that stays must stay: until nothing changes.
fn settle(superblock: &Superblock, sinkable: &mut [bool]) {
    let mut changed = true;
    while changed {
        changed = false;
        for (index, uop) in superblock.uops.iter().enumerate() {
            let goes = match stored_to(uop) {
                Some(owner) => sinkable[owner.index()],
                None => sinkable[index],
            };
            for input in uop.inputs.iter().filter(|_| !goes) {
                changed |= std::mem::replace(&mut sinkable[input.index()], false);
            }
        }
    }
}

/// A list's slice can be made by an exit as long as no list was changed since, and is an item of nothing.
fn drop_stale_slices(superblock: &Superblock, sinkable: &mut [bool]) {
    let slices = superblock.uops.iter().enumerate().filter(|(_, uop)| matches!(uop.op, Op::ListSlice { .. }));
    for slice in slices.map(|(index, _)| index) {
        let value = UopIdx(slice as u32);
        let opens = |op: &Op| matches!(op, Op::LoopStart {} | Op::SideEntry { .. });
        let block_end = superblock.uops[slice..].iter().position(|uop| opens(&uop.op));
        let changed = superblock.uops[slice..].iter().position(|uop| uop.op.changes_heap());
        let fresh_until = slice + changed.into_iter().chain(block_end).min().unwrap_or(superblock.uops.len());
        let shown_late = |(index, uop): (usize, &Uop)| {
            index >= fresh_until
                && uop.exit.is_some_and(|exit| superblock.exit_snapshot(exit).values().any(|shown| shown == value))
        };
        let is_item = |uop: &Uop| uop.inputs.contains(&value);
        if superblock.uops.iter().any(is_item) || superblock.uops.iter().enumerate().any(shown_late) {
            sinkable[slice] = false;
        }
    }
}

fn blocks(superblock: &Superblock) -> Vec<u32> {
    let mut block = 0;
    let opens = |op: &Op| matches!(op, Op::LoopStart {} | Op::SideEntry { .. });
    let number = |uop: &Uop| {
        block += opens(&uop.op) as u32;
        block
    };
    superblock.uops.iter().map(number).collect()
}

/// Instances of which one snapshot would have to show two states: a store stands between two uses of it.
fn conflicting_snapshots(superblock: &Superblock) -> Vec<UopIdx> {
    let mut first_use: Vec<Option<usize>> = vec![None; superblock.snapshots.len()];
    let mut conflicts = Vec::new();
    for (index, uop) in superblock.uops.iter().enumerate() {
        let Some(exit) = uop.exit else { continue };
        let snapshot = superblock.exits[exit.index()].snapshot.index();
        let first = *first_use[snapshot].get_or_insert(index);
        for owner in superblock.uops[first..index].iter().filter_map(stored_to) {
            if superblock.snapshots[snapshot].values().any(|value| value == owner) {
                conflicts.push(owner);
            }
        }
    }
    conflicts
}

/// Rewrites stores to sunk instances as new versions of them.
struct Versions {
    rewritten: Superblock,
    /// Per old micro-op: its new place.
    places: Vec<UopIdx>,
    /// Sunk instances: old place, newest version.
    newest: Vec<(UopIdx, UopIdx)>,
    unbound: Option<UopIdx>,
    done: Vec<bool>,
}

impl Versions {
    fn of(old: &Superblock) -> Versions {
        let mut versions = Versions {
            rewritten: Superblock { uops: Vec::new(), sunk: Vec::new(), ..old.clone() },
            places: Vec::new(),
            newest: Vec::new(),
            unbound: None,
            done: vec![false; old.snapshots.len()],
        };
        versions.unbound =
            Some(versions.push(Op::ConstValue { bits: Value::UNBOUND.bits() }, SmallVec::new(), None, false));
        for (index, uop) in old.uops.iter().enumerate() {
            versions.rewrite(old, index, uop);
        }
        let Superblock { loop_facts, promoted, .. } = &mut versions.rewritten;
        for fact in loop_facts.iter_mut().chain(promoted) {
            fact.owner = versions.places[fact.owner.index()];
        }
        for (_, value) in &mut versions.rewritten.loop_slots {
            *value = versions.places[value.index()];
        }
        versions
    }

    fn push(&mut self, op: Op, inputs: SmallVec<[UopIdx; 3]>, exit: Option<ExitIdx>, sunk: bool) -> UopIdx {
        self.rewritten.uops.push(Uop { op, inputs, exit });
        self.rewritten.sunk.push(sunk);
        UopIdx(self.rewritten.uops.len() as u32 - 1)
    }

    fn current(&self, value: UopIdx) -> UopIdx {
        let newest = self.newest.iter().rev().find(|(old, _)| *old == value);
        newest.map_or_else(|| self.places[value.index()], |(_, newest)| *newest)
    }

    fn rewrite(&mut self, old: &Superblock, index: usize, uop: &Uop) {
        if let Some(owner) = stored_to(uop).filter(|owner| old.sunk[owner.index()]) {
            let version = self.store(owner, uop);
            self.places.push(version);
            return;
        }
        if let Some(exit) = uop.exit {
            let snapshot = old.exits[exit.index()].snapshot.index();
            if !std::mem::replace(&mut self.done[snapshot], true) {
                let mut renamed = old.snapshots[snapshot].clone();
                renamed.values_mut().for_each(|value| *value = self.current(*value));
                self.rewritten.snapshots[snapshot] = renamed;
            }
        }
        let inputs = uop.inputs.iter().map(|input| self.current(*input)).collect();
        let place = self.push(uop.op, inputs, uop.exit, old.sunk[index]);
        self.places.push(place);
    }

    fn store(&mut self, owner: UopIdx, uop: &Uop) -> UopIdx {
        let before = self.rewritten.uop(self.current(owner)).clone();
        let Op::NewInstance { shape, slots } = before.op else { unreachable!("only instances are stored to and sunk") };
        let (slot, shape) = match uop.op {
            Op::AddSlot { slot, shape } => (slot, shape),
            Op::StoreSlot { slot } => (slot, shape),
            _ => unreachable!("stores to instances are these two"),
        };
        let mut values = before.inputs;
        let unbound = self.unbound.expect("made first");
        while values.len() <= slot as usize {
            values.push(unbound);
        }
        values[slot as usize] = self.current(uop.inputs[1]);
        let slots = slots.max(slot + 1);
        let version = self.push(Op::NewInstance { shape, slots }, smallvec![], None, true);
        self.rewritten.uops[version.index()].inputs = values;
        self.newest.push((owner, version));
        version
    }
}
