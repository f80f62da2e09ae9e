//! Homes that a loop's phis share with what comes back to them.
//!
//! A value that the jump carries to a phi is written to the phi's home as soon as there is one, so that neither the jump
//! nor the loop's head has to write it: unless an exit behind that still shows what the phi was, or what else shares
//! the home.

use super::facts::WordMap;
use crate::uop::{Op, Superblock, UopIdx};

/// Which values share the home of which phi, per micro-op. `needs_home`: those that exits show.
pub(super) fn shared_homes(superblock: &Superblock, needs_home: &[bool]) -> Vec<Option<UopIdx>> {
    let mut shared = vec![None; superblock.uops.len()];
    let Some(start) = superblock.loop_start() else { return shared };
    let order = Order::of(superblock);
    let uses = uses(superblock, start);
    // What has the home of each phi.
    let mut occupants: WordMap<UopIdx, Vec<UopIdx>> = WordMap::default();
    for jump in superblock.uops.iter().filter(|uop| uop.op == Op::JumpLoop {}) {
        for (place, &value) in jump.inputs.iter().enumerate() {
            let phi = UopIdx((start + 1 + place) as u32);
            let is_made_in_loop =
                order.block_of[value.index()] != 0 && !matches!(superblock.uop(value).op, Op::Phi { .. });
            let both_need = needs_home[phi.index()] && needs_home[value.index()];
            if !is_made_in_loop || !both_need || shared[value.index()].is_some() {
                continue;
            }
            let others = occupants.entry(phi).or_insert_with(|| vec![phi]);
            if others.iter().all(|&other| !order.conflict(&uses, other, value)) {
                others.push(value);
                shared[value.index()] = Some(phi);
            }
        }
    }
    shared
}

type Uses = WordMap<UopIdx, Vec<usize>>;

/// The micro-ops whose exit shows a phi or a value that comes back to one, or which carry it.
fn uses(superblock: &Superblock, start: usize) -> Uses {
    let mut uses = Uses::default();
    for (place, phi) in superblock.uops[start + 1..].iter().enumerate() {
        if !matches!(phi.op, Op::Phi { .. }) {
            break;
        }
        uses.insert(UopIdx((start + 1 + place) as u32), Vec::new());
    }
    for (index, uop) in superblock.uops.iter().enumerate().filter(|(_, uop)| uop.op == Op::JumpLoop {}) {
        uop.inputs.iter().for_each(|value| uses.entry(*value).or_default().push(index));
    }
    for (index, uop) in superblock.uops.iter().enumerate().skip(start) {
        let Some(exit) = uop.exit else { continue };
        superblock.exit_snapshot(exit).values().for_each(|value| note(superblock, value, index, &mut uses));
    }
    uses
}

fn note(superblock: &Superblock, value: UopIdx, index: usize, uses: &mut Uses) {
    if let Some(known) = uses.get_mut(&value) {
        known.push(index);
    }
    if superblock.sunk[value.index()] {
        superblock.uop(value).inputs.iter().for_each(|input| note(superblock, *input, index, uses));
    }
}

/// Which micro-ops may have run before which, in one iteration.
struct Order {
    block_of: Vec<usize>,
    /// Per block: the last micro-ops, one a block, from which it is entered.
    entered_from: Vec<Vec<usize>>,
}

impl Order {
    fn of(superblock: &Superblock) -> Order {
        let mut order = Order { block_of: Vec::with_capacity(superblock.uops.len()), entered_from: vec![Vec::new()] };
        let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); superblock.exits.len()];
        for (index, uop) in superblock.uops.iter().enumerate() {
            match uop.op {
                Op::LoopStart {} => order.entered_from.push(index.checked_sub(1).into_iter().collect()),
                Op::SideEntry { exit } => order.entered_from.push(std::mem::take(&mut leaving[exit.index()])),
                _ => {}
            }
            let block = order.entered_from.len() - 1;
            order.block_of.push(block);
            if let Some(exit) = uop.exit {
                let guards = &mut leaving[exit.index()];
                guards.retain(|guard| order.block_of[*guard] != block);
                guards.push(index);
            }
        }
        order
    }

    fn may_precede(&self, first: usize, second: usize) -> bool {
        let (block, other) = (self.block_of[first], self.block_of[second]);
        if block == other {
            return first < second;
        }
        // Blocks stand behind those that they are entered from.
        block < other && self.entered_from[other].iter().any(|&guard| self.may_precede(first, guard))
    }

    /// Whether one of two values in one home may be wanted after the other was written over it.
    fn conflict(&self, uses: &Uses, a: UopIdx, b: UopIdx) -> bool {
        let is_lost = |kept: UopIdx, written: UopIdx| {
            let after = |used: &usize| self.may_precede(written.index(), *used);
            !self.may_precede(written.index(), kept.index())
                && uses.get(&kept).is_some_and(|uses| uses.iter().any(after))
        };
        is_lost(a, b) || is_lost(b, a)
    }
}
