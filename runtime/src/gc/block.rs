//! Blocks: 32 KiB of lines with their marks.

use super::{GRANULE, Object};
use std::ops::Range;

pub const BLOCK_BYTES: usize = 32 << 10;
pub const LINE_BYTES: usize = 128;
pub const LINES: usize = BLOCK_BYTES / LINE_BYTES;
pub const CHUNK_BYTES: usize = 4 << 20;
const WORDS: usize = BLOCK_BYTES / GRANULE / 64;
/// Lines taken by the meta data.
pub const META_LINES: usize = size_of::<BlockMeta>().div_ceil(LINE_BYTES);
/// Shorter runs of free lines are left alone: filling them costs more than they give.
const MIN_HOLE_LINES: usize = 4;
/// A block with fewer places for such runs is left alone until the next full collection.
const MIN_ROOM: u32 = LINES as u32 / 16;

/// A bit a line.
type LineSet = [u64; LINES / 64];

/// The marks of a block, in its first lines.
#[repr(C)]
pub struct BlockMeta {
    mark_bits: [u64; WORDS],
    start_bits: [u64; WORDS],
    /// Lines that hold an object that was alive at the last collection.
    live_lines: LineSet,
    /// Lines that were allocated from since.
    fresh_lines: LineSet,
}

fn contains(lines: &LineSet, line: usize) -> bool {
    lines[line / 64] >> (line % 64) & 1 != 0
}

/// The first line at or after `line` that is in the set.
fn next_in(lines: &LineSet, line: usize) -> Option<usize> {
    let mut passed = line % 64;
    for (index, word) in lines.iter().enumerate().skip(line / 64) {
        let word = word >> passed << passed;
        if word != 0 {
            return Some(index * 64 + word.trailing_zeros() as usize);
        }
        passed = 0;
    }
    None
}

impl BlockMeta {
    /// The block that an address inside a chunk lies in.
    pub fn of(address: usize) -> *mut BlockMeta {
        (address & !(BLOCK_BYTES - 1)) as *mut BlockMeta
    }
    fn bit(address: usize) -> (usize, u64) {
        let granule = (address & (BLOCK_BYTES - 1)) / GRANULE;
        (granule / 64, 1 << (granule % 64))
    }
    pub fn is_marked(&self, object: Object) -> bool {
        let (word, bit) = Self::bit(object as usize);
        self.mark_bits[word] & bit != 0
    }
    /// Marks the object and its lines: how many of these had no mark. `None` if the object was marked before.
    pub fn mark(&mut self, object: Object, size_bytes: usize) -> Option<usize> {
        let (word, bit) = Self::bit(object as usize);
        if self.mark_bits[word] & bit != 0 {
            return None;
        }
        self.mark_bits[word] |= bit;
        self.start_bits[word] |= bit;
        let offset = object as usize & (BLOCK_BYTES - 1);
        let mut n_new = 0;
        for line in offset / LINE_BYTES..=(offset + size_bytes - 1) / LINE_BYTES {
            n_new += usize::from(!contains(&self.live_lines, line));
            self.live_lines[line / 64] |= 1 << (line % 64);
        }
        Some(n_new)
    }
    /// Says that these free lines are being allocated from.
    pub fn mark_fresh(&mut self, lines: Range<usize>) {
        for (index, word) in self.fresh_lines.iter_mut().enumerate() {
            // The bits of a word from the first on, without those from the end on.
            let from = |line: usize| u64::MAX.checked_shl(line.saturating_sub(index * 64) as u32).unwrap_or(0);
            *word |= from(lines.start) & !from(lines.end);
        }
    }
    /// Does the address lie in a line that was allocated from since the last collection?
    pub fn is_fresh(&self, address: usize) -> bool {
        contains(&self.fresh_lines, (address & (BLOCK_BYTES - 1)) / LINE_BYTES)
    }
    /// No object was alive at the last collection.
    pub fn is_empty(&self) -> bool {
        self.live_lines == [0; _]
    }
    /// Before the sweep: may an object start here that is not marked?
    pub fn may_hold_dead(&self) -> bool {
        self.fresh_lines != [0; _] || self.start_bits != self.mark_bits
    }
    pub fn note_start(&mut self, address: usize) {
        let (word, bit) = Self::bit(address);
        self.start_bits[word] |= bit;
    }
    pub fn forget_start(&mut self, address: usize) {
        let (word, bit) = Self::bit(address);
        self.start_bits[word] &= !bit;
    }
    pub(super) fn is_start(&self, address: usize) -> bool {
        let (word, bit) = Self::bit(address);
        self.start_bits[word] & bit != 0
    }
    /// The granules with a start bit.
    pub(super) fn starts(&self) -> impl Iterator<Item = usize> + '_ {
        self.start_bits
            .iter()
            .enumerate()
            .flat_map(|(index, &word)| (0..64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| index * 64 + bit))
    }
    pub fn clear_marks(&mut self) {
        self.mark_bits = [0; _];
        self.live_lines = [0; _];
    }
    /// After marking: only what is marked starts an object, and no line is fresh.
    pub fn sweep(&mut self) {
        self.start_bits = self.mark_bits;
        self.fresh_lines = [0; _];
    }
    /// The nearest known object start at or below the address.
    pub fn start_at_or_below(&self, address: usize) -> Option<usize> {
        let base = address & !(BLOCK_BYTES - 1);
        let granule = (address - base) / GRANULE;
        let mut word = granule / 64;
        let mut bits = self.start_bits[word] & (u64::MAX >> (63 - granule % 64));
        loop {
            if bits != 0 {
                return Some(base + (word * 64 + 63 - bits.leading_zeros() as usize) * GRANULE);
            }
            if word == 0 {
                return None;
            }
            word -= 1;
            bits = self.start_bits[word];
        }
    }
    fn free_line_set(&self) -> LineSet {
        let mut free: LineSet = std::array::from_fn(|index| !(self.live_lines[index] | self.fresh_lines[index]));
        free[0] &= !0 << META_LINES;
        free
    }
    /// Where `MIN_HOLE_LINES` free lines follow.
    fn long_hole_set(&self) -> LineSet {
        let mut set = self.free_line_set();
        for _ in 1..MIN_HOLE_LINES {
            let behind = set;
            for (index, word) in set.iter_mut().enumerate() {
                let next = behind.get(index + 1).copied().unwrap_or(0);
                *word &= behind[index] >> 1 | next << 63;
            }
        }
        set
    }
    /// The next run of free lines at or after `line` that is worth filling: (first, end).
    pub fn next_hole(&self, line: usize) -> Option<(usize, usize)> {
        let first = next_in(&self.long_hole_set(), line)?;
        Some((first, self.hole_end(first)))
    }
    /// The next run of free lines at or after `line`: (first, end).
    pub fn next_free_lines(&self, line: usize) -> Option<(usize, usize)> {
        let first = next_in(&self.free_line_set(), line)?;
        Some((first, self.hole_end(first)))
    }
    fn hole_end(&self, first: usize) -> usize {
        next_in(&self.free_line_set().map(|free| !free), first).unwrap_or(LINES)
    }
    /// Is there so much room in holes that the block is worth allocating from?
    pub fn has_room(&self) -> bool {
        self.long_hole_set().iter().map(|word| word.count_ones()).sum::<u32>() >= MIN_ROOM
    }
    pub fn n_free_lines(&self) -> usize {
        self.free_line_set().iter().map(|word| word.count_ones() as usize).sum()
    }
}
