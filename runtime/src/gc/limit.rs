//! A limit on what the objects of a heap take.
//!
//! Blocks that a full collection found empty count as little as those that were never taken, so that a heap that small objects have
//! filled has room for large ones when they are gone. They are the first of `available`, and so the last to be allocated from:
//!
//! ```text
//!   available = [ empty, not counted: n_empty | with some room, counted: the last is the next ]
//! ```
//!
//! Where there is no limit, nobody counts, and blocks are allocated from in the order of their addresses.

use super::block::{BLOCK_BYTES, BlockMeta};
use super::heap::{Heap, give_up};

/// How much more than its limit a heap may use for what cannot raise.
const GRACE_BYTES: usize = 4 * BLOCK_BYTES;

/// What a limited heap knows of its use.
#[derive(Default)]
pub struct Use {
    /// What may be used beyond the limit, until MemoryError is raised.
    grace_bytes: usize,
    /// So many blocks, the first of `available`, are empty and not counted.
    n_empty: usize,
    /// The system has their pages back.
    is_given_up: bool,
}

impl Heap {
    /// Most bytes of objects from now on; `None`: as many as the machine has.
    pub fn set_limit(&mut self, limit_bytes: Option<usize>) {
        self.config.limit_bytes = limit_bytes;
        self.part_empty();
    }

    pub fn limit(&self) -> Option<usize> {
        self.config.limit_bytes
    }

    pub fn is_limited(&self) -> bool {
        self.config.limit_bytes.is_some()
    }

    /// Bytes of objects, alive or not yet found dead, with the holes between them.
    pub fn used_bytes(&self) -> usize {
        (self.blocks.len() - self.usage.n_empty) * BLOCK_BYTES + self.large.mapped_bytes()
    }

    fn has_room(&self, size_bytes: usize) -> bool {
        let Some(limit) = self.config.limit_bytes else { return true };
        self.used_bytes().saturating_add(size_bytes) <= limit.saturating_add(self.usage.grace_bytes)
    }

    /// Does the limit allow for so many bytes more? What is kept for speed is given back before the answer is no, so that a program is
    /// told by a collection's result.
    pub(super) fn make_room(&mut self, size_bytes: usize) -> bool {
        if !self.has_room(size_bytes) {
            self.large.free_spare();
        }
        self.has_room(size_bytes)
    }

    /// Before so much is allocated beside the empty blocks: the system gets their pages back where all together would be more than
    /// the limit.
    pub(super) fn give_up_empty(&mut self, size_bytes: usize) {
        let Some(limit) = self.config.limit_bytes else { return };
        let empty_bytes = self.usage.n_empty * BLOCK_BYTES;
        let all = self.used_bytes().saturating_add(empty_bytes).saturating_add(size_bytes);
        if empty_bytes == 0 || self.usage.is_given_up || all <= limit {
            return;
        }
        self.usage.is_given_up = true;
        for &block in &self.available[..self.usage.n_empty] {
            give_up(block);
        }
    }

    /// After a full collection, or where a limit is new: from now on, the empty blocks are told apart.
    pub(super) fn part_empty(&mut self) {
        self.usage.n_empty = 0;
        self.usage.is_given_up = false;
        if self.is_limited() {
            // SAFETY: `available` holds blocks of mapped chunks that nobody allocates from; nobody else refers to their meta data now.
            let is_empty = |block: &*mut BlockMeta| unsafe { (**block).is_empty() };
            let (mut empty, others): (Vec<_>, Vec<_>) = self.available.drain(..).partition(is_empty);
            self.usage.n_empty = empty.len();
            empty.extend(others);
            self.available = empty;
        }
    }

    /// The next block with room.
    pub(super) fn take_available(&mut self) -> Option<*mut BlockMeta> {
        if self.available.len() == self.usage.n_empty && self.usage.n_empty > 0 {
            if !self.reserve_is_open && !self.make_room(BLOCK_BYTES) {
                return None;
            }
            self.usage.n_empty -= 1;
        }
        self.available.pop()
    }

    /// Where the limit is in the way of an allocation that cannot raise: lets it use a little more. False: it was let already, or
    /// there is none.
    pub fn begin_grace(&mut self) -> bool {
        let begins = self.is_limited() && self.usage.grace_bytes == 0;
        if begins {
            self.usage.grace_bytes = GRACE_BYTES;
        }
        begins
    }

    /// MemoryError is raised now.
    pub fn end_grace(&mut self) {
        self.usage.grace_bytes = 0;
    }
}
