//! Losers: executors that leave or return, more often than not, before their work has paid for entering and leaving. Those of
//! functions' entries are timed where that is in doubt (`timed`).

use super::install::Purpose;
use super::taken_out::Reason;
use super::{Executor, ExecutorKind, ExitData, Vm};
use crate::trace::Abort;
use crate::uop::{ExitIdx, ExitKind, Op, Superblock};

/// With less work than this, entering and leaving may take longer than tier 1.
const WORTHWHILE_UOPS: u32 = 40;
/// With less than this it does: nothing has to be timed.
const HOPELESS_UOPS: u32 = 10;
/// Early exits and returns after which an executor is judged.
const JUDGED_AFTER: u32 = 1_000;

/// Early exits and returns of an executor since it was last judged, and its runs then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Record {
    n_early: u32,
    runs_before: u64,
    /// Of the early ones, those that did next to nothing.
    n_idle: u32,
}

/// How many micro-ops run before each exit; `u32::MAX` for those behind a loop's head.
pub(super) fn work_before_exits(superblock: &Superblock) -> Vec<u32> {
    let mut work = vec![u32::MAX; superblock.exits.len()];
    let once = superblock.uops.iter().take_while(|uop| uop.op != Op::LoopStart {});
    for (position, uop) in once.enumerate() {
        if let Some(exit) = uop.exit {
            work[exit.index()] = work[exit.index()].min(position as u32);
        }
    }
    work
}

/// How many micro-ops run, at most, until a called function returns; `u32::MAX` if it loops.
pub(super) fn work_before_return(superblock: &Superblock) -> u32 {
    let uops = &superblock.uops;
    if uops.iter().any(|uop| matches!(uop.op, Op::LoopStart {} | Op::JumpEntry {})) {
        return u32::MAX;
    }
    uops.iter().rposition(|uop| uop.op == Op::FinishReturn {}).map_or(u32::MAX, |position| position as u32)
}

impl ExitData {
    /// It leads to tier 1 for good: no side trace will come.
    fn stays_cold(&self) -> bool {
        match self.kind {
            ExitKind::Side | ExitKind::Dynamic | ExitKind::Error => self.threshold == u32::MAX,
            ExitKind::Deopt => true,
            ExitKind::Pending => false,
        }
    }
}

impl Vm {
    /// An executor that was entered from tier 1 has left to tier 1 by an exit of its own.
    #[inline]
    pub(super) fn judge(&mut self, id: u32, exit: ExitIdx) {
        let Some(data) = self.jit.executors[id as usize].exits.get(exit.index()) else { return };
        if data.work_before < WORTHWHILE_UOPS && data.stays_cold() {
            let is_idle = data.work_before < HOPELESS_UOPS;
            self.count_early(id, is_idle);
        }
    }

    /// A function's executor that was entered from tier 1 has run to the function's end.
    #[inline]
    pub(super) fn judge_return(&mut self, id: u32) {
        let work = self.jit.executors[id as usize].work_before_return;
        if work < WORTHWHILE_UOPS {
            self.count_early(id, work < HOPELESS_UOPS);
        }
    }

    #[inline]
    fn count_early(&mut self, id: u32, is_idle: bool) {
        let record = &mut self.jit.executors[id as usize].record;
        record.n_early += 1;
        record.n_idle += u32::from(is_idle);
        if record.n_early >= JUDGED_AFTER {
            self.judge_now(id);
        }
    }

    #[inline(never)]
    fn judge_now(&mut self, id: u32) {
        let executor = &mut *self.jit.executors[id as usize];
        let Record { n_early, runs_before, n_idle } = executor.record;
        let runs = executor.runs - runs_before;
        executor.record = Record { runs_before: executor.runs, ..Record::default() };
        if u64::from(n_early) * 2 <= runs || executor.valid == 0 {
            return;
        }
        if n_idle * 2 <= n_early && self.suspect(id) {
            return;
        }
        let executor = &*self.jit.executors[id as usize];
        let root = executor.root;
        let Executor { kind, code, code_object, install_ip, .. } = *self.jit.executors[root as usize];
        let purpose = if kind == ExecutorKind::Return { Purpose::Return } else { Purpose::Root };
        self.invalidate_executor(root, &Reason::Loser.into());
        // SAFETY: executors' code is pinned.
        unsafe { self.gave_up(purpose, (code, code_object), install_ip, Abort::Loser) };
    }
}
