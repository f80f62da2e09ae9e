//! Waiting until open files can be read or written. Times are in nanoseconds; `None`: there is no end to the wait.

use super::HostResult;
use super::call::{checked, system_calls};
use std::mem::MaybeUninit;

pub type Polled = libc::pollfd;
pub type Event = libc::epoll_event;

system_calls! {
    fn make_event_set(flags: i32) -> i32 = libc::epoll_create1(flags);
    fn change_event_set(set: i32, operation: i32, fd: i32, event: &mut Event) -> () =
        libc::epoll_ctl(set, operation, fd, event);
    fn wait_milliseconds(set: i32, events: &mut [Event], timeout: i32) -> i32 =
        libc::epoll_wait(set, events.as_mut_ptr(), events.len() as i32, timeout);
}

/// Not shorter than the time, for who waits too short waits again and again.
fn milliseconds(timeout: Option<i64>) -> i32 {
    timeout.map_or(-1, |ns| ((ns.saturating_add(999_999)) / 1_000_000).min(i32::MAX.into()) as i32)
}

/// Waits for events of a set; gives how many there are.
pub fn wait_for_events(set: i32, events: &mut [Event], timeout: Option<i64>) -> HostResult<i32> {
    wait_milliseconds(set, events, milliseconds(timeout))
}

/// Waits for one of several descriptors; what happened stands in them.
pub fn poll(polled: &mut [Polled], timeout: Option<i64>) -> HostResult<i32> {
    // SAFETY: memory for so many.
    checked(unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as libc::nfds_t, milliseconds(timeout)) })
}

/// Waits until one of several descriptors can be read (0), can be written (1), or is in a special state (2); which are so.
/// Descriptors are below `FD_SETSIZE`.
pub fn select(wanted: &[(usize, i32)], timeout: Option<i64>) -> HostResult<Vec<bool>> {
    let mut sets = [const { MaybeUninit::<libc::fd_set>::zeroed() }; 3];
    let [read, write, special] = &mut sets;
    let pointers = [read.as_mut_ptr(), write.as_mut_ptr(), special.as_mut_ptr()];
    // SAFETY: zeros are an empty set, and the caller has seen to it that the descriptors have room.
    wanted.iter().for_each(|&(which, fd)| unsafe { libc::FD_SET(fd, pointers[which]) });
    let end = wanted.iter().map(|&(_, fd)| fd + 1).max().unwrap_or(0);
    let microseconds = timeout.map(|ns| ns.saturating_add(999) / 1000);
    let mut time = microseconds.map(|us| libc::timeval { tv_sec: us / 1_000_000, tv_usec: us % 1_000_000 });
    let time = time.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: three sets and a time, which the call may change.
    let n: i32 = checked(unsafe { libc::select(end, pointers[0], pointers[1], pointers[2], time) })?;
    // SAFETY: sets that the call has filled.
    Ok(wanted.iter().map(|&(which, fd)| n > 0 && unsafe { libc::FD_ISSET(fd, pointers[which]) }).collect())
}
