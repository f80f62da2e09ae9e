//! Allocation, the write barrier, and what the rest of the VM calls.

use super::block::{BLOCK_BYTES, BlockMeta, CHUNK_BYTES, LINE_BYTES, META_LINES};
use super::cycles::Cycles;
use super::farewell::Farewells;
use super::large::{Fill, LargeSpace};
use super::limit::Use;
use super::{GRANULE, LARGE_BYTES, Object};
use crate::object::header::Header;
use crate::value::Value;
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};
use std::ffi::c_void;
use std::ops::Range;

/// How far ahead memory is zeroed.
const ZERO_STEP: usize = 4 << 10;

/// Knobs of a heap.
#[derive(Clone, Copy, Debug)]
pub struct HeapConfig {
    /// Bytes allocated between two minor collections, at the least.
    pub nursery_bytes: usize,
    /// Collect at every slow-path allocation and poison what is freed.
    pub stress: bool,
    /// Stress: this allocation fails, counted from 1.
    pub fail_at: Option<u32>,
    /// Most bytes of objects, with the holes between them.
    pub limit_bytes: Option<usize>,
}

impl Default for HeapConfig {
    fn default() -> Self {
        HeapConfig { nursery_bytes: 2 << 20, stress: false, fail_at: None, limit_bytes: None }
    }
}

/// A native stack.
pub struct Stack {
    /// From its lowest word to its upper end.
    pub words: Range<usize>,
    /// Parts of it, from the innermost on, that hold nothing.
    pub dead: Vec<Range<usize>>,
}

/// Who tells the collector its exact roots (the VM).
pub trait RootSource {
    /// Calls `visit` for every word that may be a value or a pointer to an object (or into one). Those that were visited at
    /// an earlier collection, and stay roots for good, need not be visited again unless `all` are wanted.
    fn visit_roots(&self, all: bool, visit: &mut dyn FnMut(usize));
    /// The native stack of the thread that collects. It ends at its low side where it is found to end, or above, where nothing
    /// below that need be seen.
    fn running_stack(&self) -> Stack;
    /// Those of threads that have put their registers on them.
    fn parked_stacks(&self) -> Vec<Stack> {
        Vec::new()
    }
    /// Values inside an object of `size_bytes` whose header says `TRACE_GENERATOR`.
    fn visit_generator(&self, object: Object, size_bytes: usize, visit: &mut dyn FnMut(usize));
    /// An object that owns something outside the heap is dead: give it back.
    fn finalize(&self, object: Object);
    /// How many shapes there are, and the class of one.
    fn n_shapes(&self) -> usize;
    fn class_of_shape(&self, shape: usize) -> Object;
    /// What keeps objects alive only as long as another, its key, is: how many there are, their keys (null: dead; `None`: it keeps
    /// nothing), and what they keep. Asked in full collections.
    fn n_keyed(&self) -> usize {
        0
    }
    fn key(&self, _index: usize) -> Option<Object> {
        None
    }
    fn visit_keyed(&self, _index: usize, _visit: &mut dyn FnMut(Value)) {}
    /// Is a dead object one that programs know of, and that can be part of a cycle?
    fn is_container(&self, object: Object) -> bool;
    /// A dead object was registered to be finalized: is there anything to do?
    fn wants_finalizing(&self, object: Object) -> bool;
}

/// The bump region; compiled code works on it through its offsets in the VM.
#[repr(C)]
pub struct Bump {
    pub cursor: usize,
    pub limit: usize,
}

pub struct Heap {
    pub(super) config: HeapConfig,
    pub(super) chunks: Vec<usize>,
    pub(super) blocks: Vec<*mut BlockMeta>,
    /// The chunk that blocks are being taken from, and how many were.
    newest: usize,
    /// A chunk for allocations that cannot fail, when no more can be mapped.
    reserve: Option<usize>,
    /// It was needed, and is missing since.
    pub(super) reserve_is_open: bool,
    fresh_blocks_in_chunk: usize,
    pub(super) usage: Use,
    /// Blocks with room, the next to allocate from last; and those that were allocated from since the last collection,
    /// the current one last.
    pub(super) available: Vec<*mut BlockMeta>,
    pub(super) taken: Vec<*mut BlockMeta>,
    /// The next line of the current block to look for a hole at, and where the hole ends that is being filled.
    next_line: usize,
    hole_end: usize,
    pub(super) large: LargeSpace,
    pub(super) remembered: Vec<Object>,
    /// The first `n_old_finalizable` are old.
    pub(super) finalizable: Vec<Object>,
    pub(super) n_old_finalizable: usize,
    /// The last collection was a full one.
    pub was_full: bool,
    /// No collection comes until it is reset.
    pub is_paused: bool,
    /// By shape: was an object of it marked? And was its class marked for that?
    pub(super) marked_shapes: Vec<u8>,
    pub(super) classes_marked: Vec<bool>,
    pub(super) farewells: Farewells,
    pub(super) cycles: Cycles,
    /// What the last full collection kept though its keys were dead.
    pub(super) unreached: Vec<usize>,
    /// Where it is asked for: the finalizable objects that a collection reaches without the native stack.
    pub(super) certain: Option<Vec<Object>>,
    pub(super) mark_stack: Vec<Object>,
    /// Room for words that are to be looked at.
    pub(super) words: Vec<usize>,
    pub(super) bytes_since_collection: usize,
    /// How much of that is outside the heap.
    pub(super) external_bytes: usize,
    /// The next minor collection comes after so many bytes.
    pub(super) nursery_bytes: usize,
    /// Bytes in use after the last full collection, and those that became old since.
    pub(super) live_bytes_full: usize,
    pub(super) promoted_bytes: usize,
    /// The most bytes that there were at a collection's begin, since somebody set it back.
    pub peak_bytes: usize,
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
            usage: Use::default(),
            available: Vec::new(),
            taken: Vec::new(),
            next_line: META_LINES,
            hole_end: 0,
            large: LargeSpace::default(),
            remembered: Vec::new(),
            finalizable: Vec::new(),
            n_old_finalizable: 0,
            was_full: false,
            is_paused: false,
            marked_shapes: Vec::new(),
            classes_marked: Vec::new(),
            farewells: Farewells::default(),
            cycles: Cycles::default(),
            unreached: Vec::new(),
            certain: None,
            mark_stack: Vec::new(),
            words: Vec::new(),
            bytes_since_collection: 0,
            external_bytes: 0,
            nursery_bytes: config.nursery_bytes,
            live_bytes_full: 4 << 20,
            promoted_bytes: 0,
            peak_bytes: 0,
            n_minor: 0,
            n_full: 0,
        }
    }

    pub fn set_config(&mut self, config: HeapConfig) {
        self.config = config;
        self.nursery_bytes = config.nursery_bytes;
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
        (self.config.stress || self.bytes_since_collection >= self.nursery_bytes) && !self.is_paused
    }

    /// Makes room for `size_bytes` at the cursor; `false` when the machine has no more memory. Memory is zeroed a step
    /// ahead of its use, so that it is in the cache when it is used.
    pub fn refill(&mut self, bump: &mut Bump, size_bytes: usize) -> bool {
        debug_assert!(size_bytes <= LARGE_BYTES);
        while bump.cursor + size_bytes > self.hole_end {
            if !self.next_hole(bump) {
                return false;
            }
        }
        let from = bump.limit;
        let ahead = if self.sees_every_allocation() { 0 } else { ZERO_STEP };
        let to = (from.max(bump.cursor + size_bytes) + ahead).next_multiple_of(LINE_BYTES).min(self.hole_end);
        let offset = |address: usize| address & (BLOCK_BYTES - 1);
        // SAFETY: the hole lies in a mapped block; nobody else refers to that block's meta data now, and its lines hold no
        // live object.
        unsafe {
            let meta = BlockMeta::of(bump.cursor);
            // An object will start here: where to begin when one is looked for.
            (*meta).note_start(bump.cursor);
            (*meta).mark_fresh(offset(from) / LINE_BYTES..offset(to - 1) / LINE_BYTES + 1);
            std::ptr::write_bytes(from as *mut u8, 0, to - from);
        }
        self.bytes_since_collection += to - from;
        bump.limit = to;
        true
    }

    /// Makes an object that ends at the cursor larger, up to the limit at most; not if it is old, since what it takes then
    /// would count as free.
    pub fn grow_newest(&mut self, object: Object, bump: &mut Bump, size_bytes: usize) -> bool {
        // SAFETY: the object lies in a block, at the end of what was allocated; nobody else refers to the meta data now.
        unsafe {
            let meta = BlockMeta::of(object as usize);
            if (*meta).is_marked(object) {
                return false;
            }
            (*meta).forget_start(bump.cursor);
            (*object).size_granules = (size_bytes / GRANULE) as u16;
        }
        bump.cursor = object as usize + size_bytes;
        true
    }

    /// Opens the next hole; `false` when the machine has no more memory.
    fn next_hole(&mut self, bump: &mut Bump) -> bool {
        self.close_hole(bump);
        loop {
            if let Some(&block) = self.taken.last()
                // SAFETY: `taken` holds blocks of mapped chunks; nobody else refers to their meta data now.
                && let Some((first, end)) = unsafe { (*block).next_hole(self.next_line) }
            {
                self.next_line = end;
                bump.cursor = block as usize + first * LINE_BYTES;
                bump.limit = bump.cursor;
                self.hole_end = block as usize + end * LINE_BYTES;
                return true;
            }
            let Some(block) = self.take_available().or_else(|| self.new_block()) else { return false };
            self.taken.push(block);
            self.next_line = META_LINES;
        }
    }

    fn new_block(&mut self) -> Option<*mut BlockMeta> {
        if !self.reserve_is_open && !self.make_room(BLOCK_BYTES) {
            return None;
        }
        if self.chunks.is_empty() || self.fresh_blocks_in_chunk == CHUNK_BYTES / BLOCK_BYTES {
            let chunk = map_aligned(CHUNK_BYTES)?;
            self.add_chunk(chunk);
        }
        let block = (self.newest + self.fresh_blocks_in_chunk * BLOCK_BYTES) as *mut BlockMeta;
        bring_in(block.cast(), BLOCK_BYTES);
        self.blocks.push(block);
        self.fresh_blocks_in_chunk += 1;
        Some(block)
    }

    fn add_chunk(&mut self, chunk: usize) {
        self.chunks.push(chunk);
        self.chunks.sort_unstable();
        self.fresh_blocks_in_chunk = 0;
        self.newest = chunk;
    }

    /// Leaves what is left of the hole.
    pub(super) fn close_hole(&mut self, bump: &mut Bump) {
        *bump = Bump { cursor: 0, limit: 0 };
        self.hole_end = 0;
    }

    /// After a collection: what was taken is available, where it has room.
    pub(super) fn give_back_taken(&mut self) {
        // SAFETY: blocks of mapped chunks; nobody else refers to their meta data now.
        let with_room = self.taken.drain(..).rev().filter(|&block| unsafe { (*block).has_room() });
        self.available.extend(with_room);
    }

    /// After a full collection: so are all that have room.
    pub(super) fn give_back_all(&mut self) {
        self.taken.clear();
        self.available.clear();
        // SAFETY: as above.
        let with_room = self.blocks.iter().rev().copied().filter(|&block| unsafe { (*block).has_room() });
        self.available.extend(with_room);
        self.part_empty();
    }

    /// Memory for a large object.
    pub fn allocate_large(&mut self, size_bytes: usize, fill: Fill) -> Option<Object> {
        let room_bytes = LargeSpace::room_for(size_bytes);
        if !self.make_room(room_bytes) {
            return None;
        }
        self.give_up_empty(room_bytes);
        self.bytes_since_collection += size_bytes;
        self.large.allocate(size_bytes.next_multiple_of(GRANULE), fill)
    }

    /// The barrier's slow path: remembers an old object that is written to.
    pub fn remember(&mut self, object: Object) {
        // SAFETY: barriers pass live objects.
        unsafe { (*object).gc &= !Header::UNLOGGED };
        self.remembered.push(object);
    }

    /// Counts memory outside the heap that is given back after full collections alone.
    pub fn add_old_bytes(&mut self, size_bytes: usize) {
        self.promoted_bytes += size_bytes;
    }

    /// Counts memory outside the heap that a new object holds.
    pub fn add_external_bytes(&mut self, size_bytes: usize) {
        self.bytes_since_collection += size_bytes;
        self.external_bytes += size_bytes;
    }

    /// Has `RootSource::finalize` called when the object dies.
    pub fn register_finalizable(&mut self, object: Object) {
        self.finalizable.push(object);
    }

    /// Has the next collection tell which finalizable objects it reaches without the native stack, whose words may be old.
    pub fn ask_for_certain(&mut self) {
        self.certain = Some(Vec::new());
    }

    /// Those that the collection since `ask_for_certain` has told of.
    pub fn take_certain(&mut self) -> Vec<Object> {
        self.certain.take().unwrap_or_default()
    }

    /// The objects that `register_finalizable` was called for and that are alive.
    pub fn finalizable(&self) -> &[Object] {
        &self.finalizable
    }

    /// Right after a full collection: is the object alive?
    pub fn is_alive(&self, object: Object) -> bool {
        self.is_marked(object)
    }

    /// After a collection: does a live object begin there? The address may be that of anything, or of what was an object.
    pub fn is_alive_at(&self, address: usize) -> bool {
        let chunk = address & !(CHUNK_BYTES - 1);
        if self.chunks.binary_search(&chunk).is_err() {
            return self.large.has_marked(address);
        }
        let block = BlockMeta::of(address);
        // SAFETY: a block of a mapped chunk, which has a mark for each place where an object may begin.
        let is_marked = || unsafe { (*block).is_marked(address as Object) };
        address - block as usize >= META_LINES * LINE_BYTES && address.is_multiple_of(GRANULE) && is_marked()
    }

    pub fn size_bytes(&self, object: Object) -> usize {
        // SAFETY: callers pass live objects.
        match unsafe { (*object).size_granules } {
            0 => self.large.size_bytes(object),
            granules => granules as usize * GRANULE,
        }
    }

    /// Bytes of objects that were alive at the last full collection, that were kept since, and that were made since.
    pub fn reckoned_bytes(&self) -> usize {
        self.live_bytes_full + self.promoted_bytes + self.bytes_since_collection
    }

    /// Bytes mapped for small objects.
    pub fn mapped_bytes(&self) -> usize {
        self.chunks.len() * CHUNK_BYTES
    }

    /// Every finalizable object that is still alive (for the end of the VM).
    pub fn drain_finalizable(&mut self) -> Vec<Object> {
        self.n_old_finalizable = 0;
        std::mem::take(&mut self.finalizable)
    }
}

/// Gives a block's pages back. It is as one that was never taken.
pub(super) fn give_up(block: *mut BlockMeta) {
    #[cfg(target_os = "linux")]
    // SAFETY: the block lies in a chunk of our own, holds no object, and nobody allocates from it; where all of it is zero, it is
    // as empty.
    unsafe {
        _ = rustix::mm::madvise(block.cast(), BLOCK_BYTES, rustix::mm::Advice::LinuxDontNeed);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = block;
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

/// Asks for the pages of memory that is about to be written. One by one, each would cost a fault, and those that are read
/// before they are written a second one, which stops the program's other threads.
fn bring_in(memory: *mut c_void, n_bytes: usize) {
    #[cfg(target_os = "linux")]
    // SAFETY: it changes no content.
    unsafe {
        // It is a favour: older systems do not know it.
        _ = rustix::mm::madvise(memory, n_bytes, rustix::mm::Advice::LinuxPopulateWrite);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (memory, n_bytes);
}
