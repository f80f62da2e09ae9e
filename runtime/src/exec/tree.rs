//! Trees: a root with its side traces, and when they are fused.

use super::install::Purpose;
use super::job::{Tree, TreeSide, Work};
use super::{Dependency, Executor, ExecutorKind, Vm};
use crate::uop::ExitIdx;
use std::sync::Arc;

/// Trees are fused anew when they have got so many side traces.
const FUSE_AT: [usize; 8] = [1, 2, 3, 5, 8, 13, 21, 34];
/// Most side traces of one tree.
const MAX_SIDES: u32 = 120;

/// What a root knows of its tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct TreeState {
    /// Side traces, those outside of the tree of joined ones included.
    pub n_sides: u32,
    /// It is being fused.
    pub is_in_work: bool,
}

impl super::Jit {
    /// May the root's tree get another side trace?
    pub fn may_grow(&self, root: u32) -> bool {
        self.executors[root as usize].tree.n_sides < MAX_SIDES
    }
    /// The executor that runs for `id`: the fused one, where there is one.
    pub fn active(&self, id: u32) -> u32 {
        self.executors[id as usize].replaced_by.unwrap_or(id)
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
            self.fuse_tree(root);
        }
    }

    /// Has a root loop and its side traces lowered again, as one function, when the tree has grown.
    fn fuse_tree(&mut self, root: u32) {
        let executor = &self.jit.executors[root as usize];
        let Some(recording) = executor.recording.clone() else { return };
        if !self.jit.config.fuse || executor.valid == 0 || executor.tree.is_in_work {
            return;
        }
        if !FUSE_AT.contains(&self.count_sides(root)) {
            return;
        }
        let mut dependencies = Vec::new();
        self.tree_dependencies(root, &mut dependencies);
        let executor = &mut self.jit.executors[root as usize];
        executor.tree.is_in_work = true;
        let fused = Executor {
            stack_depth: executor.stack_depth,
            install_ip: executor.install_ip,
            root,
            dependencies,
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
        self.jit.executors[root as usize].replaced_by = Some(id);
        self.link_jumps_to(root);
    }

    fn count_sides(&self, id: u32) -> usize {
        self.jit.executors[id as usize].children.iter().map(|&child| 1 + self.count_sides(child)).sum()
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

    fn tree_dependencies(&self, id: u32, into: &mut Vec<Dependency>) {
        let executor = &self.jit.executors[id as usize];
        for &dependency in &executor.dependencies {
            if !into.contains(&dependency) {
                into.push(dependency);
            }
        }
        executor.children.iter().for_each(|&child| self.tree_dependencies(child, into));
    }
}
