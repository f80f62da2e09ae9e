//! A side trace for another exit that leaves in the same state: only the homes that it starts from have other numbers.
//!
//! When a tree is fused, the exits that stay exits are those of a new function, with homes of its own. Side traces that
//! were joined to them need not be recorded again.

use super::fuse::SideStart;
use super::homes::assign_homes;
use crate::uop::{FrameOrigin, FrameSources, Op, Source, SunkAllocation, Superblock, UopIdx};

/// Where the homes that a side trace starts from are elsewhere: old and new number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HomeMoves {
    homes: Vec<(u16, u16)>,
    /// Allocations that exits make: the micro-ops here and there.
    allocations: Vec<(UopIdx, UopIdx)>,
}

impl HomeMoves {
    /// How to get from one state's homes to the other's; `None`: what starts from `old` may not start from `new`.
    pub fn between(old: &SideStart, new: &SideStart) -> Option<HomeMoves> {
        let mut moves = HomeMoves::default();
        let (olds, news) = (&old.snapshot.frames, &new.snapshot.frames);
        if olds.len() != news.len() {
            return None;
        }
        for (old, new) in olds.iter().zip(news) {
            let is_same_origin = match (old.origin, new.origin) {
                (FrameOrigin::Root, FrameOrigin::Root) | (FrameOrigin::Resume { .. }, FrameOrigin::Resume { .. }) => {
                    true
                }
                (FrameOrigin::Call { kind, .. }, FrameOrigin::Call { kind: other, .. }) => kind == other,
                _ => false,
            };
            let is_same_place = (old.code, old.ip, old.stack_depth) == (new.code, new.ip, new.stack_depth);
            let slots = |frame: &crate::uop::SnapshotFrame| frame.slots.iter().map(|slot| slot.0).collect::<Vec<_>>();
            if !is_same_origin || !is_same_place || slots(old) != slots(new) {
                return None;
            }
        }
        let is_moved = old.sources.iter().zip(&new.sources).all(|(old, new)| moves.add_frame(old, new));
        is_moved.then_some(moves)
    }

    /// Nothing has another number.
    pub fn is_empty(&self) -> bool {
        self.homes.iter().all(|(old, new)| old == new)
    }

    fn add_frame(&mut self, old: &FrameSources, new: &FrameSources) -> bool {
        let origins = match (&old.origin, &new.origin) {
            (Some(old), Some(new)) => self.add(old, new),
            (None, None) => true,
            _ => false,
        };
        origins && old.slots.len() == new.slots.len() && old.slots.iter().zip(&new.slots).all(|(o, n)| self.add(o, n))
    }

    fn add(&mut self, old: &Source, new: &Source) -> bool {
        match (old, new) {
            (Source::Const(old), Source::Const(new)) => old == new,
            (Source::Home(old, kind), Source::Home(new, other)) if kind == other => {
                match self.homes.iter().find(|known| known.0 == *old) {
                    Some(known) => known.1 == *new,
                    None => {
                        self.homes.push((*old, *new));
                        true
                    }
                }
            }
            (Source::Alloc(old), Source::Alloc(new)) => {
                let SunkAllocation { uop, op, inputs } = &**old;
                let SunkAllocation { uop: other_uop, op: other_op, inputs: other_inputs } = &**new;
                // Mentions of one object stay so, and those of two stay two.
                let allocation = self.allocations.iter().find(|known| known.0 == *uop || known.1 == *other_uop);
                if let Some(known) = allocation {
                    return *known == (*uop, *other_uop);
                }
                self.allocations.push((*uop, *other_uop));
                let parts = inputs.iter().zip(other_inputs.iter());
                op == other_op && inputs.len() == other_inputs.len() && parts.into_iter().all(|(o, n)| self.add(o, n))
            }
            _ => false,
        }
    }
}

/// The side trace with its homes moved.
pub fn transplant(superblock: &Superblock, moves: &HomeMoves) -> Superblock {
    let mut superblock = superblock.clone();
    for uop in &mut superblock.uops {
        if let Op::LoadHome { home, .. } = &mut uop.op {
            let moved = moves.homes.iter().find(|known| known.0 == *home);
            *home = moved.expect("a side trace starts from what its start's snapshot mentions").1;
        }
    }
    assign_homes(&mut superblock);
    superblock
}
