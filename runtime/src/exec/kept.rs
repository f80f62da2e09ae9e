//! What executors keep alive, and how they end with the code that they are for.
//!
//! ```text
//!   full collection:  is the code of an executor's root alive? ── yes ──► so is what the executor keeps
//!                                    │
//!                                    no, when all else is marked: it is kept once more, and noted
//!                                    ▼
//!   the next poll that no executor runs below:  freed, and with it what only it kept
//! ```
//!
//! Executors that were taken out go the same way. Where a report is wanted all are kept, since it shows their code.

use super::taken_out::Reason;
use super::{Executor, Jit};
use crate::gc::Object;
use crate::trace::Recorder;
use crate::value::Value;
use crate::vm::Vm;

/// Places that failed, of code that may be gone, are forgotten when there are more: they are tried again.
const MAX_FAILURES_KEPT: usize = 1 << 12;

impl Jit {
    /// What is alive whatever becomes of the rest. What old executors keep is old: unless `all` are wanted, it is not visited.
    pub fn visit_roots(&self, all: bool, visit: &mut dyn FnMut(usize)) {
        self.pinned.iter().for_each(|&word| visit(word as usize));
        self.observers.visit(visit);
        let jobs = self.in_work.iter().flat_map(|job| &job.executor.kept);
        jobs.chain(&self.recorded).for_each(|value| visit(value.0 as usize));
        let first = match (all, self.config.report) {
            (true, false) => self.executors.len(),
            (true, true) => 0,
            (false, _) => self.n_old,
        };
        let kept = self.executors[first..].iter().flat_map(|executor| &executor.kept);
        kept.for_each(|value| visit(value.0 as usize));
    }

    /// What the executor of the current recording is to keep.
    pub(crate) fn kept_for(&mut self, recorder: &Recorder) -> Box<[Value]> {
        let mut kept = std::mem::take(&mut self.recorded);
        kept.extend(recorder.objects());
        kept.sort_unstable_by_key(|value| value.0);
        kept.dedup();
        kept.into()
    }

    /// Whose life what an executor keeps depends on: its root's code, null where that is freed. `None`: it keeps nothing.
    pub fn key(&self, id: usize) -> Option<Object> {
        let executor = &self.executors[id];
        let root = self.executors.get(executor.root as usize).unwrap_or(executor);
        (!executor.kept.is_empty()).then_some(root.code_object as Object)
    }

    pub fn visit_kept(&self, id: usize, visit: &mut dyn FnMut(Value)) {
        self.executors[id].kept.iter().for_each(|&value| visit(value));
    }
}

impl Executor {
    fn is_to_be_freed(&self) -> bool {
        !self.stands() && !self.superblock.uops.is_empty()
    }

    /// What one that is freed keeps: its place in the program, as long as that is there.
    pub(super) fn keep_place_alone(&mut self) {
        self.kept = if self.code_object == 0 { Box::default() } else { Box::new([Value(self.code_object)]) };
    }

    /// Its place is gone.
    fn forget_place(&mut self) {
        (self.kept, self.code, self.code_object) = (Box::default(), std::ptr::null_mut(), 0);
    }
}

impl Vm {
    /// After a collection. `unreached`: the executors, after a full one, that nothing but themselves kept alive.
    pub(crate) fn forget_what_executors_kept(&mut self, unreached: Option<Vec<usize>>) {
        self.jit.n_old = self.jit.executors.len();
        let Some(unreached) = unreached.filter(|_| !self.jit.config.report) else { return };
        self.jit.unreached = unreached.into_iter().map(|id| id as u32).collect();
        self.jit.wants_sweep =
            !self.jit.unreached.is_empty() || self.jit.executors.iter().any(|it| it.is_to_be_freed());
        if self.jit.wants_sweep {
            self.request_pending();
        }
        let heap = &self.heap;
        let is_alive = |object: u64| heap.is_alive_at(object as usize);
        self.jit.class_variables.retain(|&(class, _)| is_alive(class));
        self.jit.watched_functions.retain(|&function| is_alive(function));
        self.jit.dependencies.forget_dead(is_alive);
        if self.jit.failures.len() > MAX_FAILURES_KEPT {
            self.jit.failures.clear();
        }
        if self.jit.unfollowed.len() > MAX_FAILURES_KEPT {
            self.jit.unfollowed.clear();
        }
    }

    /// Frees what only itself kept alive when that was last looked at, and what was taken out.
    pub(super) fn free_unreached(&mut self) {
        if !self.jit.wants_sweep || !self.may_free_code() {
            return;
        }
        self.jit.wants_sweep = false;
        let unreached = std::mem::take(&mut self.jit.unreached);
        for &id in &unreached {
            self.invalidate_executor(id, &Reason::Unreached.into());
        }
        for id in 0..self.jit.executors.len() {
            if self.jit.executors[id].is_to_be_freed() {
                self.free_executor(id);
            }
        }
        for id in unreached {
            self.jit.executors[id as usize].forget_place();
        }
        let jit = &mut self.jit;
        jit.dependencies.forget_gone(|id| jit.executors[id as usize].stands());
        jit.retired.retain(|_, ids| ids.iter().any(|&id| jit.executors[id as usize].code_object != 0));
    }
}
