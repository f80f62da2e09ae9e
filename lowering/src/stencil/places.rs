//! Where values are between micro-ops.
//!
//! A value that snapshots show stands in its home from the moment that it is made, as exits want it, and its uses read it
//! there. Others get a home above all of those, for as long as they are used. So does a value whose home is given to another
//! one while it is still used, as happens to what a loop carries.

use stitch_runtime::backend::{BackendError, MAX_HOMES};
use stitch_runtime::uop::{Op, Superblock};

/// Homes of a superblock's values.
#[derive(Debug, Default)]
pub struct Places {
    /// Per micro-op: where its uses read it; `None` for constants and for what nobody uses.
    pub read: Vec<Option<u16>>,
    /// A home that nothing else has.
    pub spare: u16,
    // Kept for the next superblock.
    last_uses: Vec<u32>,
    last_reads: Vec<u32>,
    written_at: Vec<u32>,
    ends_here: Vec<u32>,
    ends_too: Vec<u32>,
    free: Vec<u16>,
}

const NEVER: u32 = u32::MAX;

impl Places {
    pub fn assign(&mut self, superblock: &Superblock) -> Result<(), BackendError> {
        let n_uops = superblock.uops.len();
        self.find_last_uses(superblock);
        self.choose_own_homes(superblock);

        // The rest, in the order in which they are made.
        self.free.clear();
        self.ends_here.clear();
        self.ends_here.resize(n_uops + 1, NEVER);
        self.ends_too.clear();
        self.ends_too.resize(n_uops, NEVER);
        let mut next = superblock.n_homes;
        for index in 0..n_uops {
            let mut ended = self.ends_here[index];
            while ended != NEVER {
                self.free.extend(self.read[ended as usize]);
                ended = self.ends_too[ended as usize];
            }
            let end = self.last_uses[index] as usize;
            let is_made = superblock.uops[index].op.output_kind().is_some() && !superblock.uops[index].op.is_constant();
            if self.read[index].is_some() || !is_made || end == index {
                continue;
            }
            let home = self.free.pop().unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            self.read[index] = Some(home);
            self.ends_too[index] = std::mem::replace(&mut self.ends_here[end], index as u32);
        }
        self.spare = next;
        if usize::from(next) >= MAX_HOMES { Err(BackendError::TooLarge) } else { Ok(()) }
    }

    /// Until where a value has to stay: what comes from before the loop, and what the loop carries, to the last jump back.
    fn find_last_uses(&mut self, superblock: &Superblock) {
        let uops = &superblock.uops;
        self.last_uses.clear();
        self.last_uses.extend(0..uops.len() as u32);
        for (index, uop) in uops.iter().enumerate() {
            if superblock.sunk.get(index) != Some(&true) {
                uop.inputs.iter().for_each(|input| self.last_uses[input.index()] = index as u32);
            }
        }
        self.last_reads.clone_from(&self.last_uses);
        let Some(start) = superblock.loop_start() else { return };
        let Some(end) = uops.iter().rposition(|uop| uop.op == Op::JumpLoop {}) else { return };
        for (index, last) in self.last_uses.iter_mut().enumerate() {
            let is_phi = index > start && matches!(uops[index].op, Op::Phi { .. });
            if is_phi || (index < start && *last as usize > start) {
                *last = (*last).max(end as u32);
            }
        }
    }

    /// Values are read in their homes unless something else is written there before.
    fn choose_own_homes(&mut self, superblock: &Superblock) {
        self.read.clear();
        self.read.resize(superblock.uops.len(), None);
        self.written_at.clear();
        self.written_at.resize(usize::from(superblock.n_homes), NEVER);
        for (index, uop) in superblock.uops.iter().enumerate().rev() {
            let own = superblock.homes.get(index).copied().flatten();
            let source = if let Op::LoadHome { home, .. } = uop.op { Some(home) } else { None };
            if superblock.sunk.get(index) == Some(&true) || uop.op.is_constant() {
                if let Some(home) = own {
                    self.written_at[usize::from(home)] = index as u32;
                }
                continue;
            }
            // A phi is written by jumps, and what comes back to it is read until then.
            let is_phi = matches!(uop.op, Op::Phi { .. });
            let last = if is_phi { self.last_reads[index] } else { self.last_uses[index] };
            let Some(home) = source.or(own) else { continue };
            let written = self.written_at.get(usize::from(home)).copied().unwrap_or(NEVER);
            if written == NEVER || written >= last {
                self.read[index] = Some(home);
            }
            if let Some(home) = own.filter(|own| source != Some(*own)) {
                self.written_at[usize::from(home)] = index as u32;
            }
        }
    }
}
