//! Stitching: exits joined to their side traces, jumps to the executors that they go to, and both taken apart again.

use super::Vm;
use crate::uop::{ExitIdx, Op};

/// What leads to an executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// This exit of this executor.
    Exit(u32, ExitIdx),
    /// The jumps of this executor.
    Jump(u32),
}

impl Vm {
    /// Joins the executor's jumps to those that they go to.
    pub(super) fn link_jumps(&mut self, id: u32) {
        let superblock = self.jit.executors[id as usize].superblock.clone();
        for uop in &superblock.uops {
            if let Op::JumpExecutor { executor } = uop.op {
                // To itself it jumps as long as it runs.
                if executor == Op::THIS_EXECUTOR {
                    self.link_jump(id, executor, id);
                    continue;
                }
                self.link_jump(id, executor, executor);
                let pointers = &mut self.jit.executors[executor as usize].pointers;
                if !pointers.contains(&Pointer::Jump(id)) {
                    pointers.push(Pointer::Jump(id));
                }
            }
        }
    }

    /// Joins the jumps to `name`, which is what `from` calls `target`.
    fn link_jump(&mut self, from: u32, name: u32, target: u32) {
        if self.jit.executors[target as usize].valid == 0 {
            return;
        }
        let active = self.jit.active(target);
        let entry = self.jit.executors[active as usize].compiled.as_ref().map(|compiled| compiled.entry);
        if let (Some(entry), Some(backend), Some(compiled)) =
            (entry, &mut self.jit.backend, &self.jit.executors[from as usize].compiled)
        {
            backend.patch_jump(compiled, name, Some(entry));
        }
    }

    /// Joins the jumps that lead to a root to what runs for it now.
    pub(super) fn link_jumps_to(&mut self, root: u32) {
        let mut linked = Some(root);
        while let Some(root) = linked {
            for pointer in self.jit.executors[root as usize].pointers.clone() {
                if let Pointer::Jump(from) = pointer {
                    self.link_jump(from, root, root);
                }
            }
            linked = self.jit.executors[root as usize].stands_for;
        }
    }

    /// Joins an exit to its side trace.
    pub(super) fn join(&mut self, from: u32, exit: ExitIdx, to: u32) {
        self.jit.executors[from as usize].exits[exit.index()].target = Some(to);
        self.jit.executors[to as usize].pointers.push(Pointer::Exit(from, exit));
        let entry = self.jit.executors[to as usize].compiled.as_ref().map(|compiled| compiled.entry);
        if self.jit.executors[from as usize].n_leaving > 0 {
            // Not as long as runs are to leave.
            self.jit.executors[from as usize].parted.push(exit);
        } else if let (Some(entry), Some(backend), Some(compiled)) =
            (entry, &mut self.jit.backend, &self.jit.executors[from as usize].compiled)
        {
            backend.patch_exit(compiled, exit, Some(entry));
        }
        self.jit.stats.stitched += 1;
    }

    /// Puts every exit and jump that leads to the executor back to cold.
    pub(super) fn make_cold(&mut self, id: u32) {
        let jit = &mut self.jit;
        for pointer in std::mem::take(&mut jit.executors[id as usize].pointers) {
            let (Pointer::Exit(from, _) | Pointer::Jump(from)) = pointer;
            let other = &mut jit.executors[from as usize];
            if let Pointer::Exit(_, exit) = pointer
                && let Some(data) = other.exits.get_mut(exit.index())
            {
                (data.target, data.hotness) = (None, 0);
            }
            let (Some(backend), Some(compiled)) = (&mut jit.backend, &other.compiled) else { continue };
            match pointer {
                Pointer::Exit(_, exit) => backend.patch_exit(compiled, exit, None),
                Pointer::Jump(_) => backend.patch_jump(compiled, id, None),
            }
        }
    }
}
