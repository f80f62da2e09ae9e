//! Open files by their descriptors.

use super::HostResult;
use super::call::{checked, system_calls};

/// A piece of memory that is read from or written to.
pub type Piece = libc::iovec;

/// The pieces of several buffers, in order.
pub fn pieces(buffers: &mut [&mut [u8]]) -> Vec<Piece> {
    buffers.iter_mut().map(|buffer| Piece { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() }).collect()
}

system_calls! {
    fn read(fd: i32, buffer: &mut [u8]) -> usize = libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len());
    fn write(fd: i32, data: &[u8]) -> usize = libc::write(fd, data.as_ptr().cast(), data.len());
    fn read_at(fd: i32, buffer: &mut [u8], offset: i64) -> usize =
        libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset);
    fn write_at(fd: i32, data: &[u8], offset: i64) -> usize = libc::pwrite(fd, data.as_ptr().cast(), data.len(), offset);
    fn close(fd: i32) -> () = libc::close(fd);
    fn close_range(first: u32, last: u32) -> () =
        libc::syscall(libc::SYS_close_range, first, last, 0);
    /// The lowest free descriptor from `least` on, not inherited.
    fn duplicate_from(fd: i32, least: i32) -> i32 = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, least);
    fn duplicate_to(fd: i32, target: i32) -> i32 = libc::dup2(fd, target);
    fn duplicate_to_with(fd: i32, target: i32, flags: i32) -> i32 = libc::dup3(fd, target, flags);
    fn seek(fd: i32, offset: i64, whence: i32) -> i64 = libc::lseek(fd, offset, whence);
    fn sync(fd: i32) -> () = libc::fsync(fd);
    fn sync_data(fd: i32) -> () = libc::fdatasync(fd);
    fn pipe_into(fds: &mut [i32; 2], flags: i32) -> () = libc::pipe2(fds.as_mut_ptr(), flags);
    fn control(fd: i32, command: i32, argument: i64) -> i32 = libc::fcntl(fd, command, argument);
    fn control_in_memory(fd: i32, command: i32, memory: &mut [u8]) -> i32 =
        libc::fcntl(fd, command, memory.as_mut_ptr());
    fn device_control(fd: i32, request: u64, argument: i64) -> i32 = libc::ioctl(fd, request, argument);
    fn device_control_in_memory(fd: i32, request: u64, memory: &mut [u8]) -> i32 =
        libc::ioctl(fd, request, memory.as_mut_ptr());
    fn lock(fd: i32, operation: i32) -> () = libc::flock(fd, operation);
    fn lock_part(fd: i32, command: i32, len: i64) -> () = libc::lockf(fd, command, len);
    fn send_file(to: i32, from: i32, offset: Option<&mut i64>, count: usize) -> usize =
        libc::sendfile(to, from, offset.map_or(std::ptr::null_mut(), |offset| offset), count);
    fn copy_range(from: i32, from_at: Option<&mut i64>, to: i32, to_at: Option<&mut i64>, count: usize) -> usize =
        libc::copy_file_range(
            from,
            from_at.map_or(std::ptr::null_mut(), |offset| offset),
            to,
            to_at.map_or(std::ptr::null_mut(), |offset| offset),
            count,
            0,
        );
    fn splice(from: i32, from_at: Option<&mut i64>, to: i32, to_at: Option<&mut i64>, count: usize, flags: u32) -> usize =
        libc::splice(
            from,
            from_at.map_or(std::ptr::null_mut(), |offset| offset),
            to,
            to_at.map_or(std::ptr::null_mut(), |offset| offset),
            count,
            flags,
        );
    fn make_event_counter(value: u32, flags: i32) -> i32 = libc::eventfd(value, flags);
    fn make_timer(clock: i32, flags: i32) -> i32 = libc::timerfd_create(clock, flags);
    fn set_timer(fd: i32, flags: i32, new: &libc::itimerspec, old: &mut libc::itimerspec) -> () =
        libc::timerfd_settime(fd, flags, new, old);
    fn get_timer(fd: i32, now: &mut libc::itimerspec) -> () = libc::timerfd_gettime(fd, now);
    fn setting_raw(fd: i32, name: i32) -> i64 = libc::fpathconf(fd, name);
}

/// Reads into several buffers; `offset`: there, else at the file's position.
///
/// # Safety
/// The pieces are memory that can be written.
pub unsafe fn read_pieces(fd: i32, pieces: &[Piece], offset: Option<i64>, flags: i32) -> HostResult<usize> {
    let (at, n) = (pieces.as_ptr(), pieces.len().min(i32::MAX as usize) as i32);
    // SAFETY: the caller vouches for the pieces.
    checked(unsafe {
        match offset {
            None => libc::readv(fd, at, n),
            Some(offset) => libc::preadv2(fd, at, n, offset, flags),
        }
    })
}

/// Writes what several buffers hold.
///
/// # Safety
/// The pieces are memory that can be read.
pub unsafe fn write_pieces(fd: i32, pieces: &[Piece], offset: Option<i64>, flags: i32) -> HostResult<usize> {
    let (at, n) = (pieces.as_ptr(), pieces.len().min(i32::MAX as usize) as i32);
    // SAFETY: the caller vouches for the pieces.
    checked(unsafe {
        match offset {
            None => libc::writev(fd, at, n),
            Some(offset) => libc::pwritev2(fd, at, n, offset, flags),
        }
    })
}

/// The reading and the writing end of a new pipe.
pub fn pipe(flags: i32) -> HostResult<[i32; 2]> {
    let mut fds = [0; 2];
    pipe_into(&mut fds, flags)?;
    Ok(fds)
}

/// Does it stay open in programs that this one starts?
pub fn is_inheritable(fd: i32) -> HostResult<bool> {
    Ok(control(fd, libc::F_GETFD, 0)? & libc::FD_CLOEXEC == 0)
}

pub fn set_inheritable(fd: i32, is_inheritable: bool) -> HostResult<()> {
    let flags = control(fd, libc::F_GETFD, 0)?;
    let wanted = if is_inheritable { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
    if wanted != flags {
        control(fd, libc::F_SETFD, wanted.into())?;
    }
    Ok(())
}

/// Does who reads from it wait?
pub fn is_blocking(fd: i32) -> HostResult<bool> {
    Ok(control(fd, libc::F_GETFL, 0)? & libc::O_NONBLOCK == 0)
}

pub fn set_blocking(fd: i32, is_blocking: bool) -> HostResult<()> {
    let flags = control(fd, libc::F_GETFL, 0)?;
    let wanted = if is_blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
    if wanted != flags {
        control(fd, libc::F_SETFL, wanted.into())?;
    }
    Ok(())
}

/// Tells the system how a part of a file will be used.
pub fn advise(fd: i32, offset: i64, len: i64, advice: i32) -> HostResult<()> {
    // SAFETY: numbers. The result is the number of the error itself.
    super::check_errno(unsafe { libc::posix_fadvise(fd, offset, len, advice) })
}

/// Has a part of a file have room on its device.
pub fn allocate(fd: i32, offset: i64, len: i64) -> HostResult<()> {
    // SAFETY: numbers. The result is the number of the error itself.
    super::check_errno(unsafe { libc::posix_fallocate(fd, offset, len) })
}

/// A setting of an open file; `None`: there is no limit.
pub fn setting(fd: i32, name: i32) -> HostResult<Option<i64>> {
    super::process::or_no_limit(|| setting_raw(fd, name))
}

/// Locks a part of a file for this process, or unlocks it.
pub fn lock_record(fd: i32, waits: bool, lock: &libc::flock) -> HostResult<()> {
    let command = if waits { libc::F_SETLKW } else { libc::F_SETLK };
    // SAFETY: a struct that is read.
    checked(unsafe { libc::fcntl(fd, command, std::ptr::from_ref(lock)) })
}
