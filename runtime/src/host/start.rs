//! Starting a program in a copy of the process. All that is needed is made ready before: the copy makes none but calls into the
//! system until it is the program.

use super::process::{self, StringArray};
use super::{HostError, HostResult, descriptor, fs};
use std::ffi::CString;

/// What a copy of the process does before it is the program.
pub struct Plan {
    pub arguments: StringArray,
    /// Where the program may be, in this order.
    pub paths: Vec<CString>,
    pub environment: Option<StringArray>,
    pub directory: Option<CString>,
    /// Descriptors that the program keeps, sorted, beside its standard streams.
    pub kept: Vec<i32>,
    pub closes_others: bool,
    /// The child's and the parent's end of standard input, output and errors; −1: it is as it was.
    pub streams: [[i32; 2]; 3],
    /// Where the copy tells what went wrong.
    pub error_end: i32,
    pub restores_signals: bool,
    pub starts_session: bool,
    pub group_to_join: Option<i32>,
    pub group: Option<u32>,
    pub more_groups: Option<Vec<u32>>,
    pub user: Option<u32>,
    pub umask: Option<u32>,
}

/// A step that failed, as the parent reads it.
pub struct Failure {
    kind: &'static str,
    errno: i32,
    text: &'static str,
}

impl Failure {
    /// A step before the program is run; the text says which.
    fn step(text: &'static str) -> impl FnOnce(HostError) -> Failure {
        move |error| Failure { kind: "OSError", errno: error.errno, text }
    }
    /// The function that was to be called first has raised.
    pub const BEFORE: Failure =
        Failure { kind: "SubprocessError", errno: 0, text: "Exception occurred in preexec_fn." };
}

impl Plan {
    /// Turns this process, which is a copy, into the program, or ends it. `before` is called last of all; false: it failed.
    pub fn carry_out(mut self, before: &mut dyn FnMut() -> bool) -> ! {
        let Err(failure) = self.run(before);
        let text = format!("{}:{:x}:{}", failure.kind, failure.errno, failure.text);
        _ = descriptor::write(self.error_end, text.as_bytes());
        process::exit_now(255);
    }

    fn run(&mut self, before: &mut dyn FnMut() -> bool) -> Result<std::convert::Infallible, Failure> {
        self.arrange_streams().map_err(Failure::step("noexec"))?;
        if let Some(directory) = &self.directory {
            fs::enter_directory(directory).map_err(Failure::step("noexec:chdir"))?;
        }
        self.arrange_rights().map_err(Failure::step("noexec"))?;
        if !before() {
            return Err(Failure::BEFORE);
        }
        if self.closes_others {
            self.close_others();
        }
        let mut failed = HostError::of(libc::ENOENT);
        for path in &self.paths {
            let error = process::execute(path, &self.arguments, self.environment.as_ref());
            let is_there = error.errno != libc::ENOENT && error.errno != libc::ENOTDIR;
            if is_there || failed.errno == libc::ENOENT {
                failed = error;
            }
        }
        Err(Failure::step("")(failed))
    }

    fn arrange_streams(&mut self) -> HostResult<()> {
        for &fd in self.kept.iter().filter(|fd| **fd != self.error_end) {
            descriptor::set_inheritable(fd, true)?;
        }
        for fd in self.streams.iter().map(|[_, parents]| *parents).filter(|fd| *fd >= 0) {
            descriptor::close(fd)?;
        }
        // What would be overwritten before it is used goes out of the way.
        for at in 1..3 {
            while (0..at as i32).contains(&self.streams[at][0]) {
                self.streams[at][0] = descriptor::duplicate_from(self.streams[at][0], 0)?;
            }
        }
        for (target, [fd, _]) in (0..).zip(self.streams) {
            if fd == target {
                descriptor::set_inheritable(fd, true)?;
            } else if fd >= 0 {
                descriptor::duplicate_to(fd, target)?;
            }
        }
        Ok(())
    }

    fn arrange_rights(&self) -> HostResult<()> {
        if let Some(mask) = self.umask {
            fs::set_umask(mask);
        }
        if self.restores_signals {
            for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
                super::signal::set_answer(signal, super::signal::Answer::Default)?;
            }
        }
        if self.starts_session {
            process::start_session()?;
        }
        if let Some(group) = self.group_to_join {
            process::set_group_of(0, group)?;
        }
        if let Some(groups) = &self.more_groups {
            process::set_more_groups(groups)?;
        }
        if let Some(group) = self.group {
            process::set_groups(group, group)?;
        }
        if let Some(user) = self.user {
            process::set_users(user, user)?;
        }
        Ok(())
    }

    /// Closes all but the standard streams and what is kept.
    fn close_others(&self) {
        let mut first = 3;
        for &fd in self.kept.iter().filter(|fd| **fd >= 3) {
            if first < fd {
                close_all(first, fd - 1);
            }
            first = fd + 1;
        }
        close_all(first, i32::MAX);
    }
}

fn close_all(first: i32, last: i32) {
    if descriptor::close_range(first as u32, last as u32).is_err() {
        let most = process::setting(libc::_SC_OPEN_MAX).ok().flatten().unwrap_or(1024);
        (first..=last.min(most as i32)).for_each(|fd| drop(descriptor::close(fd)));
    }
}
