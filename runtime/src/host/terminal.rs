//! Terminals.

use super::call::{checked, filled, system_calls};
use super::{HostResult, check_errno};

pub type Settings = libc::termios;
pub type WindowSize = libc::winsize;

system_calls! {
    fn foreground_group(fd: i32) -> i32 = libc::tcgetpgrp(fd);
    fn set_foreground_group(fd: i32, group: i32) -> () = libc::tcsetpgrp(fd, group);
    fn open_master(flags: i32) -> i32 = libc::posix_openpt(flags);
    fn grant(fd: i32) -> () = libc::grantpt(fd);
    fn unlock(fd: i32) -> () = libc::unlockpt(fd);
    /// Makes a terminal that of the process's new session, and its standard streams.
    fn log_in(fd: i32) -> () = libc::login_tty(fd);
    fn set_settings(fd: i32, when: i32, settings: &Settings) -> () = libc::tcsetattr(fd, when, settings);
    fn send_break(fd: i32, duration: i32) -> () = libc::tcsendbreak(fd, duration);
    fn drain(fd: i32) -> () = libc::tcdrain(fd);
    fn flush(fd: i32, queue: i32) -> () = libc::tcflush(fd, queue);
    fn flow(fd: i32, action: i32) -> () = libc::tcflow(fd, action);
    fn set_window_size(fd: i32, size: &WindowSize) -> () = libc::ioctl(fd, libc::TIOCSWINSZ, size);
}

pub fn is_terminal(fd: i32) -> bool {
    // SAFETY: a number.
    unsafe { libc::isatty(fd) == 1 }
}

/// The file of a terminal.
pub fn terminal_name(fd: i32) -> HostResult<Vec<u8>> {
    named(|buffer, size| {
        // SAFETY: memory of that size.
        unsafe { libc::ttyname_r(fd, buffer, size) }
    })
}

/// The file of the other end of a pseudo-terminal.
pub fn other_end_name(fd: i32) -> HostResult<Vec<u8>> {
    named(|buffer, size| {
        // SAFETY: memory of that size.
        unsafe { libc::ptsname_r(fd, buffer, size) }
    })
}

/// A text that a call writes which gives the number of its error.
fn named(call: impl FnOnce(*mut libc::c_char, usize) -> i32) -> HostResult<Vec<u8>> {
    let mut buffer = [0u8; 256];
    check_errno(call(buffer.as_mut_ptr().cast(), buffer.len()))?;
    Ok(buffer.into_iter().take_while(|&byte| byte != 0).collect())
}

pub fn window_size(fd: i32) -> HostResult<WindowSize> {
    // SAFETY: zeros are a `winsize`, which the call fills.
    unsafe { filled(|room: *mut WindowSize| libc::ioctl(fd, libc::TIOCGWINSZ, room)) }
}

pub fn settings(fd: i32) -> HostResult<Settings> {
    // SAFETY: zeros are a `termios`, which the call fills.
    unsafe { filled(|room| libc::tcgetattr(fd, room)) }
}

/// Sets the speeds of input and output.
pub fn set_speeds(settings: &mut Settings, input: u32, output: u32) -> HostResult<()> {
    // SAFETY: the struct is the caller's.
    unsafe {
        checked::<i32, ()>(libc::cfsetispeed(settings, input))?;
        checked(libc::cfsetospeed(settings, output))
    }
}

/// The speeds of input and output.
pub fn speeds(settings: &Settings) -> [u32; 2] {
    // SAFETY: the struct is the caller's.
    unsafe { [libc::cfgetispeed(settings), libc::cfgetospeed(settings)] }
}

/// Both ends of a new pseudo-terminal, not inherited.
pub fn open_pair() -> HostResult<[i32; 2]> {
    let (mut master, mut slave) = (0, 0);
    let none = std::ptr::null_mut();
    // SAFETY: the numbers are written; no name, settings or size are asked for.
    checked::<i32, ()>(unsafe { libc::openpty(&mut master, &mut slave, none, std::ptr::null(), std::ptr::null()) })?;
    super::descriptor::set_inheritable(master, false)?;
    super::descriptor::set_inheritable(slave, false)?;
    Ok([master, slave])
}
