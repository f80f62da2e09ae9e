//! When homes are written.
//!
//! What is made once is written at once: exits pass only their number, and so do calls that may look at frames. What a loop
//! makes in each round would be written in each round, mostly for nobody: there the code of the exit writes what its
//! snapshot shows, on its way out, and so does what calls something that may look.

use super::{Lowering, MEMORY};
use cranelift_codegen::ir::{InstBuilder, types};
use stitch_runtime::exec::exit_before;
use stitch_runtime::uop::{ExitIdx, Op, UopIdx};

impl Lowering<'_> {
    /// Writes a result to the home that it has, if any, unless it is of the loop.
    pub fn write_home(&mut self, idx: UopIdx) {
        if idx.index() > self.loop_start {
            return;
        }
        let Some(Some(home)) = self.superblock.homes.get(idx.index()).copied() else { return };
        if matches!(self.superblock.uop(idx).op, Op::LoadHome { home: source, .. } if source == home) {
            return;
        }
        self.write_to_home(idx, home);
    }

    /// Writes what the exit shows of the loop, as it leaves.
    pub fn write_homes_at_exit(&mut self, exit: ExitIdx) {
        let mut shown = self.shown_of_loop(exit);
        let others: Vec<ExitIdx> =
            self.left_by_other.iter().filter(|(of, _)| *of == exit).map(|(_, other)| *other).collect();
        others.into_iter().for_each(|other| shown.extend(self.shown_of_loop(other)));
        for (idx, home) in shown {
            self.write_to_home(idx, home);
        }
    }

    /// Notes which other exit's snapshot the executor may leave by at a `guard_valid`.
    pub fn note_guard_valid(&mut self, at: UopIdx, exit: ExitIdx) {
        if at.index() > self.loop_start
            && let Some(other) = exit_before(&self.superblock.uops, at.index())
        {
            self.left_by_other.push((exit, other));
        }
    }

    /// Writes what the exit of a call that may look at frames shows of the loop, unless it is there already.
    pub fn write_homes_at_call(&mut self, exit: ExitIdx) {
        for (idx, home) in self.shown_of_loop(exit) {
            if self.known.in_homes.contains(&(idx, home)) {
                continue;
            }
            self.write_to_home(idx, home);
            self.known.in_homes.retain(|known| known.1 != home);
            self.known.in_homes.push((idx, home));
        }
    }

    fn shown_of_loop(&self, exit: ExitIdx) -> Vec<(UopIdx, u16)> {
        let mut shown = Vec::new();
        if self.loop_start != usize::MAX {
            for value in self.superblock.exit_snapshot(exit).values() {
                self.add_shown(value, &mut shown);
            }
        }
        shown
    }

    /// A value's home, or those of what it is made of.
    fn add_shown(&self, value: UopIdx, shown: &mut Vec<(UopIdx, u16)>) {
        if self.superblock.sunk.get(value.index()) == Some(&true) {
            for &input in &self.superblock.uop(value).inputs {
                self.add_shown(input, shown);
            }
        } else if value.index() > self.loop_start
            && let Some(Some(home)) = self.superblock.homes.get(value.index()).copied()
            && !shown.contains(&(value, home))
        {
            shown.push((value, home));
        }
    }

    fn write_to_home(&mut self, idx: UopIdx, home: u16) {
        let mut value = self.value(idx);
        if self.builder.func.dfg.value_type(value) == types::I8 {
            value = self.builder.ins().uextend(types::I64, value);
        }
        self.builder.ins().store(MEMORY, value, self.homes, 8 * i32::from(home));
    }
}
