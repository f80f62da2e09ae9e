//! Dead code: micro-ops whose result nothing needs, phis that only feed themselves, exits and snapshots out of use.
//!
//! What stays though nobody needs its result follows from the effect: guards, stores, calls, control, and all that can
//! raise. An overflow check whose result nobody needs is no use either.

use crate::uop::{ExitIdx, Op, SnapshotIdx, Superblock, Uop, UopIdx};

/// Marks what is needed.
struct Marker<'s> {
    superblock: &'s Superblock,
    live: Vec<bool>,
    pending: Vec<UopIdx>,
    first_phi: usize,
}

impl Marker<'_> {
    fn mark(&mut self, value: UopIdx) {
        if !std::mem::replace(&mut self.live[value.index()], true) {
            self.pending.push(value);
        }
    }

    fn trace(&mut self) {
        while let Some(idx) = self.pending.pop() {
            let uop = self.superblock.uop(idx);
            // What a jump carries is needed only where its phi is.
            if uop.op != (Op::JumpLoop {}) {
                uop.inputs.iter().for_each(|input| self.mark(*input));
            }
            if let Some(exit) = uop.exit {
                self.superblock.exit_snapshot(exit).values().for_each(|value| self.mark(value));
            }
            if let Op::Phi { .. } = uop.op {
                let place = idx.index() - self.first_phi;
                let jumps = self.superblock.uops.iter().filter(|uop| uop.op == Op::JumpLoop {});
                jumps.for_each(|jump| self.mark(jump.inputs[place]));
            }
        }
    }
}

/// Removes what is dead, and numbers the rest anew.
pub fn remove_dead_uops(superblock: &mut Superblock) {
    let first_phi = superblock.loop_start().map_or(0, |start| start + 1);
    let live = vec![false; superblock.uops.len()];
    let mut marker = Marker { superblock, live, pending: Vec::new(), first_phi };
    for (index, uop) in superblock.uops.iter().enumerate() {
        if !uop.op.effect().is_droppable() {
            marker.mark(UopIdx(index as u32));
        }
    }
    for entry in &superblock.uops {
        if let Op::SideEntry { exit } = entry.op {
            way_in(superblock, exit).into_iter().for_each(|idx| marker.mark(idx));
        }
    }
    for fact in &superblock.loop_facts {
        marker.mark(fact.owner);
    }
    for (_, value) in &superblock.loop_slots {
        marker.mark(*value);
    }
    marker.trace();
    let live = marker.live;
    drop_dead_jump_values(superblock, &live, first_phi);
    retain(superblock, &live);
}

/// What leads to a side entry and has to stay for that: where nothing else does that stays anyway.
fn way_in(superblock: &Superblock, exit: ExitIdx) -> Option<UopIdx> {
    let mut leaving = superblock.uops.iter().enumerate().filter(|(_, uop)| uop.exit == Some(exit));
    let first = leaving.clone().next()?.0;
    let stays = leaving.any(|(_, uop)| !uop.op.effect().is_droppable());
    (!stays).then_some(UopIdx(first as u32))
}

fn drop_dead_jump_values(superblock: &mut Superblock, live: &[bool], first_phi: usize) {
    for uop in superblock.uops.iter_mut().filter(|uop| uop.op == Op::JumpLoop {}) {
        let mut place = 0;
        uop.inputs.retain(|_| {
            place += 1;
            live[first_phi + place - 1]
        });
    }
}

/// Keeps the micro-ops marked in `keep`, and the exits and snapshots that they use, and numbers them anew. What is kept
/// must not use what is not.
pub fn retain(superblock: &mut Superblock, keep: &[bool]) {
    let mut renumbered = Vec::with_capacity(keep.len());
    let mut count = 0;
    for kept in keep {
        renumbered.push(if *kept { UopIdx(count) } else { UopIdx::NONE });
        count += *kept as u32;
    }
    let mut exits: Vec<Option<ExitIdx>> = vec![None; superblock.exits.len()];
    let mut snapshots = vec![None; superblock.snapshots.len()];
    let old = std::mem::take(&mut superblock.uops);
    let (old_exits, old_snapshots) = (std::mem::take(&mut superblock.exits), std::mem::take(&mut superblock.snapshots));
    for (mut uop, _) in old.into_iter().zip(keep).filter(|(_, kept)| **kept) {
        uop.inputs.iter_mut().for_each(|input| *input = renumbered[input.index()]);
        let used = match &mut uop {
            Uop { op: Op::SideEntry { exit }, .. } | Uop { exit: Some(exit), .. } => Some(exit),
            Uop { exit: None, .. } => None,
        };
        if let Some(exit) = used {
            *exit = *exits[exit.index()].get_or_insert_with(|| {
                let mut kept = old_exits[exit.index()].clone();
                kept.snapshot = *snapshots[kept.snapshot.index()].get_or_insert_with(|| {
                    let mut snapshot = old_snapshots[kept.snapshot.index()].clone();
                    snapshot.values_mut().for_each(|value| *value = renumbered[value.index()]);
                    superblock.snapshots.push(snapshot);
                    SnapshotIdx(superblock.snapshots.len() as u32 - 1)
                });
                superblock.exits.push(kept);
                ExitIdx(superblock.exits.len() as u32 - 1)
            });
        }
        superblock.uops.push(uop);
    }
    for fact in &mut superblock.loop_facts {
        fact.owner = renumbered[fact.owner.index()];
    }
    for (_, value) in &mut superblock.loop_slots {
        *value = renumbered[value.index()];
    }
    if !superblock.origins.is_empty() {
        let mut kept = vec![None; superblock.exits.len()];
        for (old, new) in exits.iter().enumerate() {
            if let Some(new) = new {
                kept[new.index()] = Some(superblock.origins[old]);
            }
        }
        superblock.origins = kept.into_iter().flatten().collect();
    }
    if !superblock.sunk.is_empty() {
        let mut kept = keep.iter();
        superblock.sunk.retain(|_| *kept.next().expect("one mark per micro-op"));
    }
    superblock.promoted.clear();
    superblock.carried_shapes.clear();
    superblock.homes.clear();
    superblock.sources.clear();
}
