//! Code memory: the same memory, mapped twice.
//!
//! ```text
//!             guard page │ RX view: what runs  … capacity … │ guard page
//!             guard page │ RW view: what is written         │ guard page
//!                              └── same offset, same byte ──┘
//! ```
//!
//! No page is writable and executable at one address, at any time: code is written and patched through the RW view
//! and runs from the RX view. A patch is one store and changes no protection. It is memory of no file, since profilers
//! look up names by address only there.

use rustix::mm::{MapFlags, MprotectFlags, MremapFlags, ProtFlags, mmap_anonymous, mprotect, mremap_fixed, munmap};
use std::collections::BTreeMap;
use std::ffi::c_void;
use std::ptr::{NonNull, null_mut};
use std::sync::atomic::{AtomicU64, Ordering};

/// Every block starts at a multiple of this, and is a multiple of it long.
const GRANULE: u32 = 16;
const PAGE_SIZE: usize = 4096;
/// What free code memory is filled with: a breakpoint, so that a jump to freed code is seen at once.
const FILLER: u8 = 0xCC;

/// An aligned block of so many bytes is stored, and fetched to be run, as a whole: the manuals of both makers say so of code that
/// others run at the time (AMD64 volume 2, 7.6.1; Intel volume 3, 9.1.1).
const PATCHED_AT_ONCE: u32 = 8;

/// May the four bytes at an offset be patched while others run them?
pub fn is_patched_at_once(offset: u32) -> bool {
    offset % PATCHED_AT_ONCE <= PATCHED_AT_ONCE - 4
}

/// Why code memory could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArenaError {
    /// No free block is long enough. The caller frees executors and tries again, or goes on without.
    CodeCacheFull,
    /// The operating system refused to map it.
    System(rustix::io::Errno),
}

impl std::fmt::Display for ArenaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ArenaError::CodeCacheFull => f.write_str("the code cache is full"),
            ArenaError::System(errno) => write!(f, "code memory: {errno}"),
        }
    }
}

impl std::error::Error for ArenaError {}

impl From<rustix::io::Errno> for ArenaError {
    fn from(errno: rustix::io::Errno) -> Self {
        ArenaError::System(errno)
    }
}

/// A piece of an arena, by offset; `CodeArena::free` takes it back.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeBlock {
    pub offset: u32,
    /// What was asked for, rounded up to whole granules (and the alignment's padding in front is not in it).
    pub size_bytes: u32,
}

/// A range of addresses that is unmapped when dropped; its first and last page are never accessible.
struct Reservation {
    base: NonNull<c_void>,
    size_bytes: usize,
}

// SAFETY: a `Reservation` is nothing but the ownership of an address range, which no thread is special to.
unsafe impl Send for Reservation {}

impl Reservation {
    fn new(inner_bytes: usize) -> Result<Reservation, ArenaError> {
        let size_bytes = inner_bytes + 2 * PAGE_SIZE;
        // SAFETY: a fresh private mapping at an address of the kernel's choice overlaps nothing.
        let base = unsafe { mmap_anonymous(null_mut(), size_bytes, ProtFlags::empty(), MapFlags::PRIVATE)? };
        let base = NonNull::new(base).ok_or(ArenaError::System(rustix::io::Errno::NOMEM))?;
        Ok(Reservation { base, size_bytes })
    }

    /// Where the view starts: behind the first guard page.
    fn inner(&self) -> *mut u8 {
        self.base.as_ptr().cast::<u8>().wrapping_add(PAGE_SIZE)
    }

    fn inner_bytes(&self) -> usize {
        self.size_bytes - 2 * PAGE_SIZE
    }

    /// Maps fresh memory, to be written, over the space between the guard pages.
    fn map_fresh(&self) -> Result<(), ArenaError> {
        let flags = MapFlags::SHARED | MapFlags::FIXED;
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: the range lies within this reservation, which nothing else uses.
        unsafe { mmap_anonymous(self.inner().cast(), self.inner_bytes(), protection, flags)? };
        Ok(())
    }

    /// Maps the memory of another one there, to be executed.
    fn map_same(&self, other: &Reservation) -> Result<(), ArenaError> {
        debug_assert_eq!(self.inner_bytes(), other.inner_bytes());
        let (from, to, len) = (other.inner().cast(), self.inner().cast(), self.inner_bytes());
        // SAFETY: both ranges lie within their reservations. Of shared memory, so many as no bytes are moved: it is then mapped
        // at both.
        unsafe {
            mremap_fixed(from, 0, len, MremapFlags::MAYMOVE, to)?;
            mprotect(to, len, MprotectFlags::READ | MprotectFlags::EXEC)?;
        }
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        // SAFETY: made by `mmap_anonymous` with this size; the owner of the arena has seen to it that no thread runs
        // code in it any more. An error would mean that the range is not ours: nothing can be done about it here.
        let _ = unsafe { munmap(self.base.as_ptr(), self.size_bytes) };
    }
}

/// Executable memory with a first-fit free list.
pub struct CodeArena {
    executable: Reservation,
    writable: Reservation,
    capacity: u32,
    /// Free blocks: offset → length. No two of them touch.
    free: BTreeMap<u32, u32>,
    used_bytes: u32,
}

impl CodeArena {
    /// An arena of `capacity_bytes`, rounded up to whole pages. Only addresses are taken; memory comes with use.
    pub fn new(capacity_bytes: u32) -> Result<CodeArena, ArenaError> {
        let size_bytes = (capacity_bytes.max(1) as usize).next_multiple_of(PAGE_SIZE);
        let capacity = u32::try_from(size_bytes).map_err(|_| ArenaError::CodeCacheFull)?;
        let executable = Reservation::new(size_bytes)?;
        let writable = Reservation::new(size_bytes)?;
        writable.map_fresh()?;
        executable.map_same(&writable)?;
        Ok(CodeArena { executable, writable, capacity, free: BTreeMap::from([(0, capacity)]), used_bytes: 0 })
    }

    pub fn capacity_bytes(&self) -> u32 {
        self.capacity
    }

    pub fn used_bytes(&self) -> u32 {
        self.used_bytes
    }

    /// The address at which the byte at `offset` runs.
    pub fn address(&self, offset: u32) -> usize {
        debug_assert!(offset <= self.capacity);
        self.executable.inner() as usize + offset as usize
    }

    /// Whether `address` lies in the view that runs.
    pub fn contains(&self, address: usize) -> bool {
        address.wrapping_sub(self.executable.inner() as usize) < self.capacity as usize
    }

    /// The first free block of `size_bytes` at a multiple of `align` (a power of two).
    pub fn alloc(&mut self, size_bytes: u32, align: u32) -> Result<CodeBlock, ArenaError> {
        debug_assert!(align.is_power_of_two());
        if size_bytes > self.capacity {
            return Err(ArenaError::CodeCacheFull);
        }
        let size_bytes = size_bytes.max(1).next_multiple_of(GRANULE);
        let align = align.max(GRANULE);
        let fit = self.free.iter().find_map(|(&start, &length)| {
            let offset = start.next_multiple_of(align);
            let end = offset.checked_add(size_bytes)?;
            (end <= start + length).then_some((start, length, offset))
        });
        let (start, length, offset) = fit.ok_or(ArenaError::CodeCacheFull)?;
        self.free.remove(&start);
        if offset > start {
            self.free.insert(start, offset - start);
        }
        if start + length > offset + size_bytes {
            self.free.insert(offset + size_bytes, start + length - offset - size_bytes);
        }
        self.used_bytes += size_bytes;
        Ok(CodeBlock { offset, size_bytes })
    }

    /// Takes a block back, joining it with its free neighbours. No thread may be running in it, or return to it.
    pub fn free(&mut self, block: CodeBlock) {
        let CodeBlock { mut offset, size_bytes } = block;
        self.fill(offset, size_bytes);
        self.used_bytes -= size_bytes;
        let mut length = size_bytes;
        if let Some((&before, &before_length)) = self.free.range(..offset).next_back() {
            assert!(before + before_length <= offset, "code block {offset:#x} freed twice");
            if before + before_length == offset {
                self.free.remove(&before);
                offset = before;
                length += before_length;
            }
        }
        if let Some(after_length) = self.free.remove(&(offset + length)) {
            length += after_length;
        }
        self.free.insert(offset, length);
    }

    fn fill(&mut self, offset: u32, size_bytes: u32) {
        let target = self.writable_at(offset, size_bytes as usize);
        // SAFETY: `writable_at` checked the range; `&mut self` makes this the only writer.
        unsafe { target.write_bytes(FILLER, size_bytes as usize) };
    }

    fn writable_at(&self, offset: u32, size_bytes: usize) -> *mut u8 {
        assert!(offset as usize + size_bytes <= self.capacity as usize, "outside of code memory");
        self.writable.inner().wrapping_add(offset as usize)
    }

    /// Copies code to `offset`. Nobody may be running what is there.
    pub fn write(&mut self, offset: u32, bytes: &[u8]) {
        let target = self.writable_at(offset, bytes.len());
        // SAFETY: `writable_at` checked the range; `bytes` cannot lie in the RW view, of which no reference is given out.
        unsafe { target.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }

    /// Reads code back.
    pub fn read(&self, offset: u32, size_bytes: u32) -> Vec<u8> {
        let source = self.writable_at(offset, size_bytes as usize);
        let mut bytes = vec![0; size_bytes as usize];
        // SAFETY: `writable_at` checked the range, and the vector is exactly as long.
        unsafe { source.copy_to_nonoverlapping(bytes.as_mut_ptr(), size_bytes as usize) };
        bytes
    }

    /// Replaces four bytes of code, which are patched at once, by one store: whoever runs the code meanwhile, on whatever thread,
    /// runs either what was there or what is there now.
    pub fn patch_u32(&mut self, offset: u32, word: u32) {
        assert!(is_patched_at_once(offset), "a patch that others could see the half of");
        let shift = offset % PATCHED_AT_ONCE * 8;
        let around = self.writable_at(offset - offset % PATCHED_AT_ONCE, PATCHED_AT_ONCE as usize).cast::<u64>();
        // SAFETY: in range, aligned, since views begin at pages; and never accessed by Rust other than through `&mut self`.
        let around = unsafe { AtomicU64::from_ptr(around) };
        let others = around.load(Ordering::Relaxed) & !(u64::from(u32::MAX) << shift);
        around.store(others | u64::from(word) << shift, Ordering::Release);
    }

    /// Gives this process a copy of its own of the code memory, at the same addresses. A child must call it after
    /// `fork`, before it runs or patches compiled code: until then parent and child share every byte.
    pub fn unshare(&mut self) -> Result<(), ArenaError> {
        let mut used: Vec<(u32, Vec<u8>)> = Vec::new();
        let mut start = 0;
        for (offset, length) in self.free.iter().map(|(&offset, &length)| (offset, length)).chain([(self.capacity, 0)])
        {
            used.push((start, self.read(start, offset - start)));
            start = offset + length;
        }
        self.writable.map_fresh()?;
        for (offset, bytes) in used {
            self.write(offset, &bytes);
        }
        self.executable.map_same(&self.writable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPACITY: u32 = 64 << 10;

    #[test]
    fn blocks_are_split_and_joined_again() {
        let mut arena = CodeArena::new(CAPACITY).unwrap();
        let blocks: Vec<CodeBlock> = (1..=8).map(|n| arena.alloc(n * 100, 16).unwrap()).collect();
        let used = arena.used_bytes();
        let mut even = true;
        let (first, second): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|_| {
            even = !even;
            even
        });
        for block in first.into_iter().chain(second) {
            arena.free(block);
        }
        assert!(used > 0);
        assert_eq!(arena.used_bytes(), 0);
        assert_eq!(arena.free, BTreeMap::from([(0, CAPACITY)]));
    }

    #[test]
    fn the_whole_arena_can_be_used_and_no_more() {
        let mut arena = CodeArena::new(CAPACITY).unwrap();
        let whole = arena.alloc(CAPACITY, 16).unwrap();
        assert_eq!(arena.alloc(1, 1), Err(ArenaError::CodeCacheFull));
        assert_eq!(arena.alloc(u32::MAX, 1), Err(ArenaError::CodeCacheFull));
        arena.free(whole);
        let aligned = arena.alloc(1, 16).and_then(|_| arena.alloc(10, 4096)).unwrap();
        assert_eq!(aligned.offset, 4096);
    }

    #[test]
    fn what_is_written_in_one_view_is_read_in_the_other() {
        let mut arena = CodeArena::new(CAPACITY).unwrap();
        let block = arena.alloc(64, 64).unwrap();
        arena.write(block.offset, &[1, 2, 3, 4, 5, 6, 7, 8]);
        arena.patch_u32(block.offset + 4, 0x0D0C_0B0A);
        arena.patch_u32(block.offset + 1, 0x2222_2222);
        arena.unshare().unwrap();
        // SAFETY: the RX view is readable and the block is 64 bytes long.
        let seen = unsafe { *(arena.address(block.offset) as *const [u8; 8]) };
        assert_eq!(seen, [1, 0x22, 0x22, 0x22, 0x22, 0x0B, 0x0C, 0x0D]);
        assert!(arena.contains(arena.address(block.offset)));
        assert!(!arena.contains(arena.writable.inner() as usize));
    }

    #[test]
    fn no_page_is_writable_and_executable() {
        let arena = CodeArena::new(CAPACITY).unwrap();
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let mut n_views = 0;
        for line in maps.lines() {
            let (range, rest) = line.split_once(' ').unwrap();
            let protection = &rest[..4];
            assert!(!(protection.contains('w') && protection.contains('x')), "{line}");
            let (start, end) = range.split_once('-').unwrap();
            let start = usize::from_str_radix(start, 16).unwrap();
            let end = usize::from_str_radix(end, 16).unwrap();
            for (view, wanted) in [(&arena.executable, "r-xs"), (&arena.writable, "rw-s")] {
                if start == view.inner() as usize {
                    assert_eq!((protection, end - start), (wanted, CAPACITY as usize));
                    n_views += 1;
                }
            }
        }
        assert_eq!(n_views, 2);
    }
}
