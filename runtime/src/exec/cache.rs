//! The code cache: when it is full, what nobody enters any more is freed, then the trees that were used longest ago.
//!
//! Code is freed only while no thread is inside of any. A freed executor leaves its object behind: its number may still be
//! mentioned, and its exits' counters by what is being compiled.

use super::taken_out::Reason;
use super::{Executor, ExecutorKind, Vm};
use crate::backend::{BackendError, Compiled, Relocatable};
use crate::interp::op::Op as Instr;
use crate::trace::Abort;
use hashbrown::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How far the cache is too small for what is hot. Where code goes almost as soon as it is made, compiling is all that is done:
/// so places whose code went wait, the longer the more of the time has gone into it.
#[derive(Default)]
pub(super) struct Pressure {
    /// Binary logarithm of how many times longer they wait.
    shift: u32,
    /// When room was last made, and what compiling had taken by then.
    last: Option<(Instant, Duration)>,
}

impl Pressure {
    const MAX_SHIFT: u32 = 12;

    fn room_is_made(&mut self, compiling: Duration) {
        let now = Instant::now();
        if let Some((then, before)) = self.last.replace((now, compiling)) {
            let was_compiling_mostly = compiling.saturating_sub(before) * 2 > now - then;
            self.shift =
                if was_compiling_mostly { Self::MAX_SHIFT.min(self.shift + 2) } else { self.shift.saturating_sub(1) };
        }
    }

    fn raised(&self, counter: u16) -> u16 {
        (u32::from(counter) << self.shift).min(u32::from(u16::MAX)) as u16
    }
}

impl Vm {
    /// Puts code in its place, if need be in that of colder code.
    pub(super) fn install_code(&mut self, code: &Relocatable) -> Result<Compiled, Abort> {
        match self.install_code_if_room(code) {
            Err(Abort::CodeCacheFull) if self.may_free_code() => {
                self.free_coldest(code.bytes.len());
                self.install_code_if_room(code)
            }
            Err(Abort::CodeCacheFull) => {
                // At the next poll that nothing runs below, there may be.
                self.jit.wants_room = true;
                self.request_pending();
                Err(Abort::WaitsForRoom)
            }
            outcome => outcome,
        }
    }

    fn install_code_if_room(&mut self, code: &Relocatable) -> Result<Compiled, Abort> {
        let backend = self.jit.backend.as_mut().expect("a compiler's backend");
        let installed = backend.install(code).map_err(|error| match error {
            BackendError::CodeCacheFull => Abort::CodeCacheFull,
            _ => Abort::Backend,
        });
        self.jit.shim = backend.shim();
        installed
    }

    /// Nobody is inside of compiled code, and no recording is about to look at an executor.
    pub(super) fn may_free_code(&self) -> bool {
        self.jit.n_running == 0 && !self.jit.recording
    }

    /// Makes the room that was missing when it could not be made.
    pub(super) fn make_room(&mut self) {
        self.free_unreached();
        if self.jit.wants_room && self.may_free_code() {
            self.jit.wants_room = false;
            self.free_coldest(0);
        }
    }

    /// Frees what is not entered any more, then the trees used longest ago until a quarter of the code is gone.
    fn free_coldest(&mut self, n_bytes: usize) {
        self.jit.pressure.room_is_made(self.jit.stats.compiling_time);
        let used_bytes = |vm: &Vm| vm.jit.backend.as_ref().map_or(0, |backend| backend.used_bytes());
        let wanted = (used_bytes(self) * 3 / 4).saturating_sub(n_bytes);
        for id in 0..self.jit.executors.len() {
            let executor = &self.jit.executors[id];
            // The root of a fused tree stays what it is but for its code, unless callers return to that.
            let is_replaced = executor.kind == ExecutorKind::Loop && executor.replaced_by.is_some();
            if executor.valid == 0 || executor.is_superseded {
                self.free_executor(id);
            } else if is_replaced {
                self.free_code(id);
            }
        }
        let mut trees: HashMap<u32, (u64, Vec<u32>)> = HashMap::new();
        for executor in self.jit.executors.iter().filter(|it| it.valid != 0 && it.external.is_none()) {
            let (last_used, members) = trees.entry(executor.root).or_default();
            *last_used = executor.last_used.max(*last_used);
            members.push(executor.id);
        }
        let mut trees: Vec<(u64, Vec<u32>)> = trees.into_values().collect();
        trees.sort_unstable();
        for (_, members) in trees {
            if used_bytes(self) <= wanted {
                break;
            }
            for &id in &members {
                self.invalidate_executor(id, &Reason::Evicted.into());
                self.counts_anew(id);
            }
            members.into_iter().for_each(|id| self.free_executor(id as usize));
            self.jit.stats.evicted += 1;
        }
    }

    /// Takes out all executors; how many that were. Their code is freed once nobody is inside of any, their places count anew.
    pub fn flush_executors(&mut self) -> usize {
        let valid: Vec<u32> = self.jit.executors.iter().filter(|it| it.valid != 0).map(|it| it.id).collect();
        for &id in &valid {
            self.invalidate_executor(id, &Reason::Flushed.into());
            self.counts_anew(id);
        }
        for job in &mut self.jit.in_work {
            job.executor.valid = 0;
        }
        self.jit.wants_room = true;
        self.request_pending();
        valid.len()
    }

    /// The place of a root that was cold is not hot at once.
    fn counts_anew(&mut self, id: u32) {
        let Executor { kind, code, install_ip, .. } = *self.jit.executors[id as usize];
        let counter = match kind {
            ExecutorKind::Loop => self.jit.loop_counter(),
            ExecutorKind::Entry => self.jit.entry_counter(),
            _ => return,
        };
        // SAFETY: executors' code is pinned.
        unsafe {
            let instruction = (*code).instructions.as_mut_ptr().add(install_ip as usize);
            let op = Instr::from_number((*instruction).op);
            if matches!(op, Instr::JumpBackwardCounting | Instr::ResumeCounting) {
                (*instruction).counter = self.jit.pressure.raised(counter);
            }
        }
    }

    fn free_code(&mut self, id: usize) {
        self.drain_samples();
        let executor = &mut self.jit.executors[id];
        if let (Some(backend), Some(compiled)) = (&mut self.jit.backend, executor.compiled.take()) {
            self.jit.tools.forget(id as u32);
            backend.free(compiled);
        }
    }

    /// Frees all but the object.
    pub(super) fn free_executor(&mut self, id: usize) {
        self.drain_samples();
        self.free_code(id);
        let is_mentioned = !self.jit.in_work.is_empty();
        let is_shown = self.jit.config.report;
        let executor = &mut self.jit.executors[id];
        executor.valid = 0;
        if !is_shown {
            executor.keep_place_alone();
        }
        if !is_mentioned && !is_shown {
            executor.exits = Vec::new();
        }
        executor.taken_out.get_or_insert_with(|| Reason::Superseded.into());
        executor.superblock = Arc::default();
        (executor.uops, executor.recording, executor.start) = (None, None, None);
        (executor.children, executor.dependencies, executor.pointers) = (Vec::new(), Vec::new(), Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_wait_longer_the_more_of_the_time_compiling_takes() {
        let mut pressure = Pressure::default();
        pressure.room_is_made(Duration::ZERO);
        assert_eq!(pressure.raised(3), 3, "room was made for the first time");
        let compiling = Duration::from_secs(1000);
        pressure.room_is_made(compiling);
        assert_eq!(pressure.raised(3), 12);
        assert_eq!(pressure.raised(60_000), u16::MAX);
        pressure.room_is_made(compiling);
        assert_eq!(pressure.raised(3), 6, "nothing was compiled since");
        // Counters may be set back.
        pressure.room_is_made(Duration::ZERO);
        assert_eq!(pressure.raised(3), 3);
    }
}
