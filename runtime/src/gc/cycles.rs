//! What of the garbage is in cycles, or hangs on them: where counting references would take back all else at once, this is what
//! a collector finds, and what programs are told of.
//!
//! ```text
//!   dead objects ─► how many of the dead refer to each ─► those that none refers to go, with their references, until all are
//!                   referred to ─► found
//! ```

use super::Object;
use super::heap::{Heap, RootSource};
use hashbrown::HashMap;

/// Where more are dead nobody counts: it would take longer than the rest of the collection, and who lets go of so many waits for
/// memory, not for a number. So many take some ten milliseconds.
const MAX_DEAD: usize = 1 << 16;

/// What the next full collection tells of cycles.
#[derive(Default)]
pub struct Cycles {
    is_wanted: bool,
    /// What is found lives on.
    are_kept: bool,
    found: Vec<Object>,
}

impl Heap {
    /// Has the next full collection find what only cycles have kept. Weak references to that are cleared before its finalizers run.
    /// `are_kept`: it lives on.
    pub fn ask_for_cycles(&mut self, are_kept: bool) {
        self.cycles = Cycles { is_wanted: true, are_kept, found: Vec::new() };
    }

    /// The containers that the collection since `ask_for_cycles` has found and that are not to be finalized: addresses of what is
    /// gone, unless it was to be kept.
    pub fn take_cycles(&mut self) -> Vec<Object> {
        std::mem::take(&mut self.cycles).found
    }

    /// After marking what lives.
    pub(super) fn find_cycles(&mut self, roots: &dyn RootSource) {
        if !self.cycles.is_wanted {
            return;
        }
        let found = self.cyclic_garbage(roots);
        for &object in &found {
            self.clear_references_to(object as usize);
        }
        if self.cycles.are_kept {
            found.iter().for_each(|&object| self.mark(object));
            self.drain_mark_stack(roots);
        }
        self.cycles.found = found;
    }

    /// After marking what is to be finalized: that is not counted yet.
    pub(super) fn count_cycles(&mut self, roots: &dyn RootSource) {
        let mut found = std::mem::take(&mut self.cycles.found);
        let are_kept = self.cycles.are_kept;
        found.retain(|&object| (are_kept || !self.is_marked(object)) && roots.is_container(object));
        self.cycles.found = found;
    }

    fn cyclic_garbage(&mut self, roots: &dyn RootSource) -> Vec<Object> {
        let Some(mut dead) = self.dead_objects() else { return Vec::new() };
        let mut n_references: HashMap<Object, u32> = dead.iter().map(|&object| (object, 0)).collect();
        let mut children = Vec::new();
        for &object in &dead {
            self.children_of(object, roots, &mut children);
            for child in children.drain(..) {
                if let Some(n) = n_references.get_mut(&child) {
                    *n += 1;
                }
            }
        }
        let mut free: Vec<Object> = dead.iter().copied().filter(|object| n_references[object] == 0).collect();
        while let Some(object) = free.pop() {
            n_references.remove(&object);
            self.children_of(object, roots, &mut children);
            for child in children.drain(..) {
                if let Some(n) = n_references.get_mut(&child) {
                    *n -= 1;
                    if *n == 0 {
                        free.push(child);
                    }
                }
            }
        }
        dead.retain(|object| n_references.contains_key(object));
        dead
    }

    /// What is dead and refers to anything, as long as nothing was swept; `None`: too many.
    fn dead_objects(&self) -> Option<Vec<Object>> {
        let mut dead = Vec::new();
        // SAFETY: objects that were not swept are whole.
        let refers = |object: Object| unsafe { (*object).trace } != 0;
        for &block in &self.blocks {
            // SAFETY: blocks of mapped chunks; nobody else refers to their meta data now.
            let meta = unsafe { &*block };
            if meta.may_hold_dead() {
                // SAFETY: it is that block's address.
                unsafe {
                    meta.visit_objects(block as usize, &mut |object| {
                        if !meta.is_marked(object) && refers(object) {
                            dead.push(object);
                        }
                    });
                }
            }
            if dead.len() > MAX_DEAD {
                return None;
            }
        }
        dead.extend(self.large.objects().filter(|&object| !self.large.is_marked(object) && refers(object)));
        (dead.len() <= MAX_DEAD).then_some(dead)
    }
}
