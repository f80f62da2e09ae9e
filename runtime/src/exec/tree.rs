//! Trees: a root with its side traces, and when they are fused.

use super::install::Purpose;
use super::job::{Tree, TreeSide, Work};
use super::{Dependency, Executor, ExecutorKind, Vm};
use crate::opt::fuse::SideStart;
use crate::opt::transplant::HomeMoves;
use crate::uop::{ExitIdx, ExitOrigin, Op};
use crate::value::Value;
use std::sync::Arc;

/// A loop that was recorded on its last round is recorded again so often.
const MAX_RECORDED_AGAIN: usize = 3;
/// Most side traces of one tree.
const MAX_SIDES: u32 = 120;

/// What a root knows of its tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct TreeState {
    /// Side traces, those outside of the tree of joined ones included.
    pub n_sides: u32,
    /// Of those that can be part of a fused executor: how many there were when the tree was last fused.
    pub n_fused: usize,
    /// It is being fused.
    pub is_in_work: bool,
}

impl super::Jit {
    /// May the root's tree get another side trace?
    pub fn may_grow(&self, root: u32) -> bool {
        self.executors[root as usize].tree.n_sides < MAX_SIDES
    }
    /// The executor that runs for `id`: the fused one, where there is one, or that of a better recording.
    pub fn active(&self, id: u32) -> u32 {
        let mut active = id;
        while let Some(next) = self.executors[active as usize].replaced_by {
            active = next;
        }
        active
    }
}

impl Vm {
    /// A side trace was joined: it belongs to its root's tree.
    pub(super) fn joined_tree(&mut self, id: u32) {
        let Executor { root, parent, .. } = *self.jit.executors[id as usize];
        self.jit.stats.sides += 1;
        self.jit.executors[root as usize].tree.n_sides += 1;
        if let Some((origin, _)) = parent {
            self.jit.executors[origin as usize].children.push(id);
            self.wants_fusing(root);
        }
        if self.is_misrecorded(root, id) {
            self.record_again(root);
        }
    }

    /// Was the root of a loop recorded as the loop was left, so that it is no loop? A side trace that goes on from it and comes
    /// back to its start tells.
    fn is_misrecorded(&self, root: u32, side: u32) -> bool {
        let (root_ref, side) = (&self.jit.executors[root as usize], &self.jit.executors[side as usize]);
        let is_back = |uop: &crate::uop::Uop| uop.op == Op::JumpExecutor { executor: root };
        root_ref.kind == ExecutorKind::Loop
            && root_ref.recording.is_none()
            && root_ref.valid != 0
            && root_ref.replaced_by.is_none()
            && side.superblock.uops.last().is_some_and(is_back)
    }

    /// Takes a root out for its place to be recorded again soon, unless that was done there too often. Whoever jumps to it
    /// still does, until there is another one.
    fn record_again(&mut self, root: u32) {
        let Executor { code, start_ip, .. } = *self.jit.executors[root as usize];
        let retired = self.jit.retired.entry((code as u64, start_ip)).or_default();
        if retired.len() < MAX_RECORDED_AGAIN && !retired.contains(&root) {
            retired.push(root);
            self.uninstall(root);
        }
    }

    /// A root was installed: those who jump to the one that was taken out there get to it.
    pub(super) fn stand_in(&mut self, id: u32) {
        let Executor { code, start_ip, .. } = *self.jit.executors[id as usize];
        let Some(&old) = self.jit.retired.get(&(code as u64, start_ip)).and_then(|retired| retired.last()) else {
            return;
        };
        if self.jit.executors[old as usize].valid != 0 {
            self.jit.executors[old as usize].replaced_by = Some(id);
            self.jit.executors[id as usize].stands_for = Some(old);
            self.link_jumps_to(old);
        }
    }

    /// Notes a tree that has grown enough.
    fn wants_fusing(&mut self, root: u32) {
        let executor = &self.jit.executors[root as usize];
        if !self.jit.config.fuse || executor.recording.is_none() || self.jit.to_fuse.contains(&root) {
            return;
        }
        let n_fused = executor.tree.n_fused;
        if self.count_fusible(root) > n_fused + n_fused / 2 && self.comes_back(root) {
            self.jit.to_fuse.push(root);
        }
    }

    /// Fuses what has grown, once nothing else is to be compiled: until then it may grow on.
    pub(super) fn fuse_waiting(&mut self) {
        if !self.jit.in_work.is_empty() {
            return;
        }
        for root in std::mem::take(&mut self.jit.to_fuse) {
            self.fuse_tree(root);
        }
    }

    /// Has a root loop and its side traces lowered again, as one function.
    fn fuse_tree(&mut self, root: u32) {
        let n_fusible = self.count_fusible(root);
        let executor = &mut self.jit.executors[root as usize];
        let Some(recording) = executor.recording.clone() else { return };
        if executor.valid == 0 || executor.tree.is_in_work {
            return;
        }
        executor.tree.n_fused = n_fusible;
        let (mut dependencies, mut kept) = (Vec::new(), Vec::new());
        self.tree_dependencies(root, &mut dependencies, &mut kept);
        kept.sort_unstable_by_key(|value| value.0);
        kept.dedup();
        let executor = &mut self.jit.executors[root as usize];
        executor.tree.is_in_work = true;
        let fused = Executor {
            stack_depth: executor.stack_depth,
            install_ip: executor.install_ip,
            root,
            dependencies,
            kept: kept.into(),
            code_object: executor.code_object,
            ..Executor::new(ExecutorKind::Fused, executor.code, executor.start_ip)
        };
        let superblock = executor.superblock.clone();
        let tree = Tree { root, recording, superblock, sides: self.sides_of(root) };
        self.make_code(fused, Purpose::Fused, Work::Tree(tree));
    }

    /// A fused executor takes its root's place.
    pub(super) fn replace_root(&mut self, id: u32) {
        let root = self.jit.executors[id as usize].root;
        self.jit.stats.fused += 1;
        let before = self.jit.executors[root as usize].replaced_by.replace(id);
        if let Some(before) = before {
            self.jit.executors[before as usize].is_superseded = true;
        }
        self.set_call_entry(root);
        self.link_jumps_to(root);
    }

    /// Does a side trace lead back to its root, itself or by one that starts from it? Where all leave the loop for good,
    /// nothing is gained by making them part of it. Roots that are no loops have nothing to come back to.
    fn comes_back(&self, id: u32) -> bool {
        let executor = &self.jit.executors[id as usize];
        let root = executor.root;
        let is_back = |uop: &crate::uop::Uop| uop.op == Op::JumpExecutor { executor: root };
        self.jit.executors[root as usize].kind != ExecutorKind::Loop
            || id != root && executor.superblock.uops.last().is_some_and(is_back)
            || executor.children.iter().any(|&child| self.comes_back(child))
    }

    /// The side traces of a tree that can be part of a fused executor: those that start in the loop, or from one that
    /// does, and have no loop of their own.
    fn count_fusible(&self, id: u32) -> usize {
        let executor = &self.jit.executors[id as usize];
        let starts_inside = |exit: ExitIdx| match executor.kind {
            ExecutorKind::Side => true,
            _ => matches!(executor.superblock.origins.get(exit.index()), Some(ExitOrigin::Loop(_))),
        };
        let is_fusible = |&&child: &&u32| {
            let Executor { valid, parent, superblock, .. } = &*self.jit.executors[child as usize];
            *valid != 0
                && parent.is_some_and(|(_, exit)| exit != ExitIdx::NONE && starts_inside(exit))
                && superblock.loop_start().is_none()
        };
        executor.children.iter().filter(is_fusible).map(|&child| 1 + self.count_fusible(child)).sum()
    }

    /// Joins exits to the side traces that start from what they were copied from, or has them made to fit.
    pub(super) fn carry_sides(&mut self, id: u32) {
        let executor = &self.jit.executors[id as usize];
        let is_fused = |exit| executor.superblock.uops.iter().any(|uop| uop.op == Op::SideEntry { exit });
        let mut found = Vec::new();
        for (x, data) in executor.exits.iter().enumerate() {
            let exit = ExitIdx(x as u32);
            if !data.kind.is_counted() || data.target.is_some() || data.is_in_work {
                continue;
            }
            let Some((origin, origin_exit)) = executor.origin_of(exit) else { continue };
            let start = SideStart::at(&executor.superblock, exit);
            for &child in &self.jit.executors[origin as usize].children {
                let side = &self.jit.executors[child as usize];
                let starts_here = side.valid != 0 && side.parent.is_some_and(|parent| parent.1 == origin_exit);
                let Some(old) = side.start.as_ref().filter(|_| starts_here) else { continue };
                if let Some(moves) = HomeMoves::between(old, &start)
                    && !is_fused(exit)
                {
                    found.push((exit, child, moves, start));
                    break;
                }
            }
        }
        for (exit, side, moves, start) in found {
            // Where the code cache was full, room for one was made at the cost of all others.
            if [id, side].iter().any(|&executor| self.jit.executors[executor as usize].valid == 0) {
                continue;
            }
            if moves.is_empty() {
                self.join(id, exit, side);
            } else {
                self.transplant(id, exit, side, moves, start);
            }
        }
    }

    fn transplant(&mut self, parent: u32, exit: ExitIdx, side: u32, moves: HomeMoves, start: SideStart) {
        self.jit.executors[parent as usize].exits[exit.index()].is_in_work = true;
        let of = &self.jit.executors[side as usize];
        let executor = Executor {
            root: of.root,
            stack_depth: of.stack_depth,
            dependencies: of.dependencies.clone(),
            kept: of.kept.clone(),
            transplant_of: Some(of.transplant_of.unwrap_or(side)),
            start: Some(Arc::new(start)),
            code_object: of.code_object,
            ..Executor::new(ExecutorKind::Side, of.code, of.start_ip)
        };
        let work = Work::Transplant(of.superblock.clone(), moves);
        self.make_code(executor, Purpose::Transplant { parent, exit }, work);
    }

    fn sides_of(&self, id: u32) -> Vec<TreeSide> {
        let child = |&child: &u32| {
            let executor = &self.jit.executors[child as usize];
            let (start, (_, exit)) = (executor.start.clone()?, executor.parent?);
            (executor.valid != 0 && exit != ExitIdx::NONE).then(|| TreeSide {
                executor: child,
                exit,
                start,
                superblock: Arc::clone(&executor.superblock),
                sides: self.sides_of(child),
            })
        };
        self.jit.executors[id as usize].children.iter().filter_map(child).collect()
    }

    /// What the executors of a tree rely on and what they keep, the latter with repetitions.
    fn tree_dependencies(&self, id: u32, into: &mut Vec<Dependency>, kept: &mut Vec<Value>) {
        let executor = &self.jit.executors[id as usize];
        kept.extend_from_slice(&executor.kept);
        for &dependency in &executor.dependencies {
            if !into.contains(&dependency) {
                into.push(dependency);
            }
        }
        executor.children.iter().for_each(|&child| self.tree_dependencies(child, into, kept));
    }
}
