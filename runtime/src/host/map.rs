//! Files as memory. The memory is another process's, too: what it holds may change at any time.

use super::call::{checked, system_calls};
use super::{HostError, HostResult};
use std::ptr::NonNull;

/// Some mapped memory, given back when it is dropped.
#[derive(Debug)]
pub struct Mapping {
    at: NonNull<u8>,
    len: usize,
}

system_calls! {
    fn advise_raw(at: *mut u8, len: usize, advice: i32) -> () = libc::madvise(at.cast(), len, advice);
    fn flush_raw(at: *mut u8, len: usize) -> () = libc::msync(at.cast(), len, libc::MS_SYNC);
}

impl Mapping {
    /// Maps a part of a file, or memory of no file (−1).
    pub fn new(len: usize, protection: i32, flags: i32, fd: i32, offset: i64) -> HostResult<Mapping> {
        // SAFETY: at an address of the system's choice.
        let at = unsafe { libc::mmap(std::ptr::null_mut(), len, protection, flags, fd, offset) };
        match NonNull::new(at) {
            Some(at) if at.as_ptr() != libc::MAP_FAILED => Ok(Mapping { at: at.cast(), len }),
            _ => Err(HostError::last()),
        }
    }

    pub fn as_ptr(&self) -> *mut u8 {
        self.at.as_ptr()
    }
    pub fn len(&self) -> usize {
        self.len
    }
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Gives it another size; it may move.
    pub fn resize(&mut self, len: usize) -> HostResult<()> {
        // SAFETY: this value's own mapping, which nobody looks into meanwhile.
        let at = unsafe { libc::mremap(self.at.as_ptr().cast(), self.len, len, libc::MREMAP_MAYMOVE) };
        match NonNull::new(at) {
            Some(at) if at.as_ptr() != libc::MAP_FAILED => {
                (self.at, self.len) = (at.cast(), len);
                Ok(())
            }
            _ => Err(HostError::last()),
        }
    }

    /// Has what was written to a part be in the file.
    pub fn flush(&self, start: usize, len: usize) -> HostResult<()> {
        debug_assert!(start + len <= self.len);
        flush_raw(self.at.as_ptr().wrapping_add(start), len)
    }

    /// Tells the system how a part will be used.
    pub fn advise(&self, start: usize, len: usize, advice: i32) -> HostResult<()> {
        debug_assert!(start <= self.len);
        advise_raw(self.at.as_ptr().wrapping_add(start), len, advice)
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: this value's own mapping.
        let _: HostResult<()> = checked(unsafe { libc::munmap(self.at.as_ptr().cast(), self.len) });
    }
}
