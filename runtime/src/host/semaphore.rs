//! Semaphores with names, which processes share.

use super::call::checked;
use super::{HostError, HostResult};
use std::ffi::CStr;

/// An open semaphore. Who copies it sees to it that nobody uses it after `close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Semaphore(*mut libc::sem_t);

impl Semaphore {
    /// What tells it apart in this process.
    pub fn handle(self) -> i64 {
        self.0 as i64
    }

    /// Makes one; it is an error if there is one of the name.
    pub fn make(name: &CStr, value: u32) -> HostResult<Semaphore> {
        const MODE: libc::c_uint = 0o600;
        // SAFETY: the name ends in NUL; the numbers are those that go with `O_CREAT`.
        Semaphore::opened(unsafe { libc::sem_open(name.as_ptr(), libc::O_CREAT | libc::O_EXCL, MODE, value) })
    }

    /// Opens one that there is.
    pub fn open(name: &CStr) -> HostResult<Semaphore> {
        // SAFETY: the name ends in NUL.
        Semaphore::opened(unsafe { libc::sem_open(name.as_ptr(), 0) })
    }

    fn opened(semaphore: *mut libc::sem_t) -> HostResult<Semaphore> {
        if semaphore == libc::SEM_FAILED { Err(HostError::last()) } else { Ok(Semaphore(semaphore)) }
    }

    /// Closes it. The semaphore is there as long as it has a name or somebody has it open.
    ///
    /// # Safety
    /// It is open, and not used any more.
    pub unsafe fn close(self) {
        // SAFETY: the caller's promise.
        unsafe { libc::sem_close(self.0) };
    }

    /// Takes it if that can be done at once.
    ///
    /// # Safety
    /// It is open, as for all that follow.
    pub unsafe fn try_take(self) -> HostResult<()> {
        // SAFETY: the caller's promise.
        checked(unsafe { libc::sem_trywait(self.0) })
    }

    /// Takes it, for which it waits; ETIMEDOUT where it cannot be had by then, in nanoseconds since 1970.
    ///
    /// # Safety
    /// It is open.
    pub unsafe fn take(self, deadline: Option<i64>) -> HostResult<()> {
        const SECOND: i64 = 1_000_000_000;
        // SAFETY: the caller's promise.
        checked(unsafe {
            match deadline {
                None => libc::sem_wait(self.0),
                Some(deadline) => {
                    let time = libc::timespec { tv_sec: deadline / SECOND, tv_nsec: deadline % SECOND };
                    libc::sem_timedwait(self.0, &time)
                }
            }
        })
    }

    /// Gives it back.
    ///
    /// # Safety
    /// It is open.
    pub unsafe fn give(self) -> HostResult<()> {
        // SAFETY: the caller's promise.
        checked(unsafe { libc::sem_post(self.0) })
    }

    /// How often it can be taken at the moment.
    ///
    /// # Safety
    /// It is open.
    pub unsafe fn value(self) -> HostResult<i32> {
        let mut value = 0;
        // SAFETY: the caller's promise; the number is written to.
        checked::<i32, ()>(unsafe { libc::sem_getvalue(self.0, &mut value) })?;
        Ok(value.max(0))
    }
}

/// Takes the name from a semaphore.
pub fn remove(name: &CStr) -> HostResult<()> {
    // SAFETY: the name ends in NUL.
    checked(unsafe { libc::sem_unlink(name.as_ptr()) })
}
