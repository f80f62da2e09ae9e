//! Allocation, the write barrier, and what the rest of the VM calls.

use super::block::{BLOCK_BYTES, BlockMeta, CHUNK_BYTES, LINE_BYTES, META_LINES};
use super::large::LargeSpace;
use super::{GRANULE, LARGE_BYTES, Object};
use crate::object::header::Header;
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};
use std::ops::Range;

/// Knobs of a heap.
#[derive(Clone, Copy, Debug)]
pub struct HeapConfig {
    /// Bytes allocated between two minor collections.
    pub nursery_bytes: usize,
    /// Collect at every slow-path allocation and poison what is freed.
    pub stress: bool,
    /// Stress: this allocation fails, counted from 1.
    pub fail_at: Option<u32>,
}

impl Default for HeapConfig {
    fn default() -> Self {
        HeapConfig { nursery_bytes: 4 << 20, stress: false, fail_at: None }
    }
}

/// Who tells the collector its exact roots (the VM).
pub trait RootSource {
    /// Calls `value` for every word that may be a value or a pointer to an object (or into one).
    fn visit_roots(&self, visit: &mut dyn FnMut(usize));
    /// The native stack's upper end.
    fn stack_base(&self) -> usize;
    /// Parts of the native stack, from the innermost on, that hold nothing.
    fn dead_stack(&self) -> Vec<Range<usize>>;
    /// Values inside an object whose header says `TRACE_GENERATOR`.
    fn visit_generator(&self, object: Object, visit: &mut dyn FnMut(usize));
    /// An object with a finalizer is dead: give back what it holds outside the heap.
    fn finalize(&self, object: Object);
}

/// The bump region; compiled code works on it through its offsets in the VM.
#[repr(C)]
pub struct Bump {
    pub cursor: usize,
    pub limit: usize,
}

pub struct Heap {
    pub config: HeapConfig,
    pub(super) chunks: Vec<usize>,
    pub(super) blocks: Vec<*mut BlockMeta>,
    /// The chunk that blocks are being taken from, and how many were.
    newest: usize,
    /// A chunk for allocations that cannot fail, when no more can be mapped.
    reserve: Option<usize>,
    /// It was needed, and is missing since.
    reserve_is_open: bool,
    fresh_blocks_in_chunk: usize,
    /// Index of the block whose holes are being filled, and the next line to look at.
    pub(super) current_block: usize,
    pub(super) current_line: usize,
    /// Holes filled since the last collection: (start, end of what was used).
    pub(super) fresh_runs: Vec<(usize, usize)>,
    pub(super) run_start: usize,
    pub(super) large: LargeSpace,
    pub(super) remembered: Vec<Object>,
    pub(super) finalizable: Vec<Object>,
    pub(super) mark_stack: Vec<Object>,
    pub(super) bytes_since_collection: usize,
    /// Bytes in use after the last full collection, and now.
    pub(super) live_bytes_full: usize,
    pub(super) promoted_bytes: usize,
    pub n_minor: u64,
    pub n_full: u64,
}

impl Heap {
    pub fn new(config: HeapConfig) -> Heap {
        Heap {
            config,
            chunks: Vec::new(),
            blocks: Vec::new(),
            newest: 0,
            reserve: None,
            reserve_is_open: false,
            fresh_blocks_in_chunk: 0,
            current_block: usize::MAX,
            current_line: 0,
            fresh_runs: Vec::new(),
            run_start: 0,
            large: LargeSpace::default(),
            remembered: Vec::new(),
            finalizable: Vec::new(),
            mark_stack: Vec::new(),
            bytes_since_collection: 0,
            live_bytes_full: 8 << 20,
            promoted_bytes: 0,
            n_minor: 0,
            n_full: 0,
        }
    }

    /// Bump allocation is off: each allocation takes the slow path.
    pub fn sees_every_allocation(&self) -> bool {
        self.config.stress || self.config.fail_at.is_some()
    }

    /// Stress: counts an allocation, and has the chosen one fail.
    pub fn fails_on_purpose(&mut self) -> bool {
        let Some(left) = &mut self.config.fail_at else { return false };
        *left = left.saturating_sub(1);
        *left == 0
    }

    /// Stress: that was it. No later one fails.
    pub fn failed_on_purpose(&mut self) -> bool {
        let failed = self.config.fail_at == Some(0);
        if failed {
            self.config.fail_at = None;
        }
        failed
    }

    /// Sets a chunk aside for when the machine has no more memory.
    pub fn map_reserve(&mut self) {
        if self.reserve.is_none() {
            self.reserve = map_aligned(CHUNK_BYTES);
        }
    }

    /// Where the reserve was opened and the machine has no other memory: sets a chunk aside that holds nothing any more.
    /// Only after a full collection, with no bump region open.
    pub(super) fn take_back_reserve(&mut self) {
        if !self.reserve_is_open {
            return;
        }
        // SAFETY: `blocks` holds blocks of mapped chunks, and nothing else refers to their meta data now.
        let is_empty = |block: *mut BlockMeta| unsafe { (*block).is_empty() };
        let chunk_of = |block: *mut BlockMeta| block as usize & !(CHUNK_BYTES - 1);
        let empty = self.chunks.iter().copied().find(|&chunk| {
            chunk != self.newest && self.blocks.iter().all(|&block| chunk_of(block) != chunk || is_empty(block))
        });
        if let Some(chunk) = empty {
            self.chunks.retain(|&other| other != chunk);
            self.blocks.retain(|&block| chunk_of(block) != chunk);
            self.reserve = Some(chunk);
            self.reserve_is_open = false;
        }
    }

    /// Allows allocation from the reserve.
    pub fn open_reserve(&mut self) {
        if let Some(chunk) = self.reserve.take() {
            self.reserve_is_open = true;
            self.add_chunk(chunk);
        }
    }

    /// Whether the allocation that is about to take the slow path should collect first.
    pub fn wants_collection(&self) -> bool {
        self.config.stress || self.bytes_since_collection >= self.config.nursery_bytes
    }

    /// A hole for at least `size_bytes`; `false` when the machine has no more memory. The old region is put on record.
    pub fn refill(&mut self, bump: &mut Bump, size_bytes: usize) -> bool {
        debug_assert!(size_bytes <= LARGE_BYTES);
        loop {
            self.close_run(bump);
            if self.current_block < self.blocks.len() {
                // SAFETY: `blocks` holds blocks of mapped chunks; nobody else refers to their meta data now.
                let meta = unsafe { &*self.blocks[self.current_block] };
                if let Some((first, end)) = meta.next_hole(self.current_line) {
                    self.current_line = end;
                    if (end - first) * LINE_BYTES < size_bytes {
                        continue;
                    }
                    let base = self.blocks[self.current_block] as usize;
                    bump.cursor = base + first * LINE_BYTES;
                    bump.limit = base + end * LINE_BYTES;
                    self.run_start = bump.cursor;
                    // SAFETY: the lines of the hole hold no live object.
                    unsafe { std::ptr::write_bytes(bump.cursor as *mut u8, 0, bump.limit - bump.cursor) };
                    self.bytes_since_collection += bump.limit - bump.cursor;
                    return true;
                }
                self.current_block += 1;
                self.current_line = META_LINES;
                continue;
            }
            if !self.add_block() {
                return false;
            }
        }
    }

    fn add_block(&mut self) -> bool {
        if self.chunks.is_empty() || self.fresh_blocks_in_chunk == CHUNK_BYTES / BLOCK_BYTES {
            let Some(chunk) = map_aligned(CHUNK_BYTES) else { return false };
            self.add_chunk(chunk);
        }
        self.blocks.push((self.newest + self.fresh_blocks_in_chunk * BLOCK_BYTES) as *mut BlockMeta);
        self.fresh_blocks_in_chunk += 1;
        self.current_block = self.blocks.len() - 1;
        self.current_line = META_LINES;
        true
    }

    fn add_chunk(&mut self, chunk: usize) {
        self.chunks.push(chunk);
        self.chunks.sort_unstable();
        self.fresh_blocks_in_chunk = 0;
        self.newest = chunk;
    }

    /// Puts the used part of the current hole on record and closes it.
    pub(super) fn close_run(&mut self, bump: &mut Bump) {
        if bump.cursor > self.run_start && self.run_start != 0 {
            self.fresh_runs.push((self.run_start, bump.cursor));
        }
        self.run_start = 0;
        bump.cursor = 0;
        bump.limit = 0;
    }

    /// Memory for a large object, zeroed.
    pub fn allocate_large(&mut self, size_bytes: usize) -> Option<Object> {
        self.bytes_since_collection += size_bytes;
        self.large.allocate(size_bytes.next_multiple_of(GRANULE))
    }

    /// The barrier's slow path: remembers an old object that is written to.
    pub fn remember(&mut self, object: Object) {
        // SAFETY: barriers pass live objects.
        unsafe { (*object).gc &= !Header::UNLOGGED };
        self.remembered.push(object);
    }

    /// Counts memory outside the heap that a new object holds.
    pub fn add_external_bytes(&mut self, size_bytes: usize) {
        self.bytes_since_collection += size_bytes;
    }

    /// Has `RootSource::finalize` called when the object dies.
    pub fn register_finalizable(&mut self, object: Object) {
        self.finalizable.push(object);
    }

    /// The objects that `register_finalizable` was called for and that are alive.
    pub fn finalizable(&self) -> &[Object] {
        &self.finalizable
    }

    pub fn size_bytes(&self, object: Object) -> usize {
        // SAFETY: callers pass live objects.
        match unsafe { (*object).size_granules } {
            0 => self.large.size_bytes(object),
            granules => granules as usize * GRANULE,
        }
    }

    /// Bytes mapped for small objects.
    pub fn mapped_bytes(&self) -> usize {
        self.chunks.len() * CHUNK_BYTES
    }

    /// Every finalizable object that is still alive (for the end of the VM).
    pub fn drain_finalizable(&mut self) -> Vec<Object> {
        std::mem::take(&mut self.finalizable)
    }
}

fn map_aligned(bytes: usize) -> Option<usize> {
    // SAFETY: an anonymous private mapping at an address of the kernel's choice.
    let raw = unsafe {
        mmap_anonymous(
            std::ptr::null_mut(),
            bytes * 2,
            ProtFlags::READ | ProtFlags::WRITE,
            MapFlags::PRIVATE | MapFlags::NORESERVE,
        )
    }
    .ok()? as usize;
    let aligned = raw.next_multiple_of(bytes);
    // SAFETY: gives back the parts of our own mapping before and behind the aligned chunk.
    unsafe {
        if aligned > raw {
            let _ = munmap(raw as *mut _, aligned - raw);
        }
        let _ = munmap((aligned + bytes) as *mut _, raw + bytes - aligned);
    }
    Some(aligned)
}

impl Drop for Heap {
    fn drop(&mut self) {
        for &chunk in self.chunks.iter().chain(&self.reserve) {
            // SAFETY: the chunk was mapped by `map_aligned`, and the VM that used its objects is gone.
            let _ = unsafe { munmap(chunk as *mut _, CHUNK_BYTES) };
        }
    }
}
