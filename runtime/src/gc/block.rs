//! Blocks: 32 KiB of lines with their marks.

use super::{GRANULE, Object};

pub const BLOCK_BYTES: usize = 32 << 10;
pub const LINE_BYTES: usize = 128;
pub const LINES: usize = BLOCK_BYTES / LINE_BYTES;
pub const CHUNK_BYTES: usize = 4 << 20;
const WORDS: usize = BLOCK_BYTES / GRANULE / 64;
/// Lines taken by the meta data.
pub const META_LINES: usize = size_of::<BlockMeta>().div_ceil(LINE_BYTES);

/// The marks of a block, in its first lines.
#[repr(C)]
pub struct BlockMeta {
    mark_bits: [u64; WORDS],
    start_bits: [u64; WORDS],
    line_marks: [u8; LINES],
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
    /// Marks the object and its lines; false if it was marked before.
    pub fn mark(&mut self, object: Object, size_bytes: usize) -> bool {
        let (word, bit) = Self::bit(object as usize);
        if self.mark_bits[word] & bit != 0 {
            return false;
        }
        self.mark_bits[word] |= bit;
        self.start_bits[word] |= bit;
        let first = (object as usize & (BLOCK_BYTES - 1)) / LINE_BYTES;
        let last = ((object as usize & (BLOCK_BYTES - 1)) + size_bytes - 1) / LINE_BYTES;
        for line in &mut self.line_marks[first..=last] {
            *line = 1;
        }
        true
    }
    /// No object was alive at the last collection.
    pub fn is_empty(&self) -> bool {
        self.line_marks.iter().all(|&mark| mark == 0)
    }
    pub fn note_start(&mut self, address: usize) {
        let (word, bit) = Self::bit(address);
        self.start_bits[word] |= bit;
    }
    pub fn clear_marks(&mut self) {
        self.mark_bits = [0; WORDS];
        self.line_marks = [0; LINES];
    }
    /// After marking: only what is marked starts an object.
    pub fn forget_dead_starts(&mut self) {
        self.start_bits = self.mark_bits;
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
    /// The next run of free lines at or after `line`: (first, end).
    pub fn next_hole(&self, line: usize) -> Option<(usize, usize)> {
        let first = self.next_line(line.max(META_LINES), 0)?;
        let end = self.next_line(first, 1).unwrap_or(LINES);
        Some((first, end))
    }
    /// The first line at or after `line` that is marked so (0 or 1); eight lines are looked at at once.
    fn next_line(&self, line: usize, mark: u8) -> Option<usize> {
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        let (words, _) = self.line_marks.as_chunks::<8>();
        let mut skipped = line % 8 * 8;
        for (index, word) in words.iter().enumerate().skip(line / 8) {
            let word = u64::from_le_bytes(*word);
            let found = (if mark == 0 { word ^ ONES } else { word }) >> skipped << skipped;
            if found != 0 {
                return Some(index * 8 + found.trailing_zeros() as usize / 8);
            }
            skipped = 0;
        }
        None
    }
    pub fn free_lines(&self) -> usize {
        self.line_marks[META_LINES..].iter().filter(|&&m| m == 0).count()
    }
}
