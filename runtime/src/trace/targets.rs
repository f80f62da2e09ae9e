//! Instructions that lead to many places: calls of ever other functions, attributes of objects of ever other shapes.
//!
//! Each place gets a side trace of its own, which the guards of those before it lead to. Where there are too many for such a
//! chain, what comes last is the general operation, which takes them all: nothing goes back to tier 1 from there. A call of a
//! Python function goes on in the executor of whichever is called.

use super::RecorderStart;
use super::frames::Recorder;
use crate::uop::ExitIdx;
use crate::vm::Vm;

/// So many side traces of one instruction follow on each other; the next one is general.
const MAX_TARGETS: usize = 8;

impl Recorder {
    /// Is this the first instruction of a side trace, and those before it, one behind the other, began with it too?
    pub(super) fn has_many_targets(&self, vm: &Vm) -> bool {
        let RecorderStart::Side { parent, exit, .. } = self.start else { return false };
        let Some(frame) = self.frames.last().filter(|_| self.n_steps == 1) else { return false };
        let mut came_from = vm.jit.executors[parent as usize].origin_of(exit);
        for _ in 0..MAX_TARGETS {
            let Some((origin, exit)) = came_from.filter(|(_, exit)| *exit != ExitIdx::NONE) else { return false };
            let executor = &vm.jit.executors[origin as usize];
            let place = executor.superblock.exit_snapshot(exit).frames.last();
            if !place.is_some_and(|place| place.code == frame.code_object && place.ip == self.ip) {
                return false;
            }
            came_from = executor.parent;
        }
        true
    }
}
