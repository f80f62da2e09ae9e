//! Processes: their numbers, owners, priorities, beginning and end.

use super::call::{checked, filled, system_calls};
use super::{HostError, HostResult, descriptor};
use std::ffi::{CStr, CString};

pub type Usage = libc::rusage;
pub type ChildInfo = libc::siginfo_t;
pub type SystemName = libc::utsname;
pub type SchedulingParameter = libc::sched_param;

system_calls! {
    fn send_signal(pid: i32, signal: i32) -> () = libc::kill(pid, signal);
    fn send_signal_to_group(group: i32, signal: i32) -> () = libc::killpg(group, signal);
    fn session_of(pid: i32) -> i32 = libc::getsid(pid);
    fn start_session() -> i32 = libc::setsid();
    fn group_of(pid: i32) -> i32 = libc::getpgid(pid);
    fn set_group_of(pid: i32, group: i32) -> () = libc::setpgid(pid, group);
    fn set_user(user: u32) -> () = libc::setuid(user);
    fn set_effective_user(user: u32) -> () = libc::seteuid(user);
    fn set_group(group: u32) -> () = libc::setgid(group);
    fn set_effective_group(group: u32) -> () = libc::setegid(group);
    fn set_users(real: u32, effective: u32) -> () = libc::setreuid(real, effective);
    fn set_groups(real: u32, effective: u32) -> () = libc::setregid(real, effective);
    fn set_all_users(real: u32, effective: u32, saved: u32) -> () = libc::setresuid(real, effective, saved);
    fn set_all_groups(real: u32, effective: u32, saved: u32) -> () = libc::setresgid(real, effective, saved);
    fn get_all_users(real: &mut u32, effective: &mut u32, saved: &mut u32) -> () =
        libc::getresuid(real, effective, saved);
    fn get_all_groups(real: &mut u32, effective: &mut u32, saved: &mut u32) -> () =
        libc::getresgid(real, effective, saved);
    fn set_more_groups(groups: &[u32]) -> () = libc::setgroups(groups.len(), groups.as_ptr());
    fn set_groups_of_user(name: &CStr, group: u32) -> () = libc::initgroups(name.as_ptr(), group);
    fn set_priority(which: i32, who: u32, priority: i32) -> () = libc::setpriority(which as _, who, priority);
    fn wait_into(pid: i32, status: &mut i32, options: i32, usage: &mut Usage) -> i32 =
        libc::wait4(pid, status, options, usage);
    fn process_descriptor(pid: i32, flags: u32) -> i64 = libc::syscall(libc::SYS_pidfd_open, pid, flags);
    fn enter_namespace(fd: i32, kind: i32) -> () = libc::setns(fd, kind);
    fn leave_namespaces(flags: i32) -> () = libc::unshare(flags);
    fn scheduler_of(pid: i32) -> i32 = libc::sched_getscheduler(pid);
    fn set_scheduler_of(pid: i32, policy: i32, parameter: &SchedulingParameter) -> i32 =
        libc::sched_setscheduler(pid, policy, parameter);
    fn set_scheduling_of(pid: i32, parameter: &SchedulingParameter) -> () = libc::sched_setparam(pid, parameter);
    fn highest_priority(policy: i32) -> i32 = libc::sched_get_priority_max(policy);
    fn lowest_priority(policy: i32) -> i32 = libc::sched_get_priority_min(policy);
    fn yield_processor() -> () = libc::sched_yield();
    fn processors_into(pid: i32, mask: &mut [u64]) -> () =
        libc::sched_getaffinity(pid, size_of_val(mask), mask.as_mut_ptr().cast());
    fn set_processors(pid: i32, mask: &[u64]) -> () =
        libc::sched_setaffinity(pid, size_of_val(mask), mask.as_ptr().cast());
    fn random_into(buffer: &mut [u8], flags: u32) -> usize =
        libc::getrandom(buffer.as_mut_ptr().cast(), buffer.len(), flags);
    fn limits_into(pid: i32, resource: i32, new: Option<&libc::rlimit>, old: &mut libc::rlimit) -> () =
        libc::prlimit(pid, resource as _, new.map_or(std::ptr::null(), |limits| limits), old);
    fn setting_raw(name: i32) -> i64 = libc::sysconf(name);
}

/// Numbers that a process always has.
macro_rules! numbers {
    ($($(#[$doc:meta])* fn $name:ident() -> $type:ty = $function:path;)*) => {$(
        $(#[$doc])*
        pub fn $name() -> $type {
            // SAFETY: takes nothing and cannot fail.
            unsafe { $function() }
        }
    )*};
}

numbers! {
    fn parent() -> i32 = libc::getppid;
    fn user() -> u32 = libc::getuid;
    fn effective_user() -> u32 = libc::geteuid;
    fn group() -> u32 = libc::getgid;
    fn effective_group() -> u32 = libc::getegid;
    /// Of the group of processes that this one is in.
    fn process_group() -> i32 = libc::getpgrp;
}

/// What `call` says of a limit: −1 with no error means that there is none.
pub(super) fn or_no_limit(call: impl FnOnce() -> HostResult<i64>) -> HostResult<Option<i64>> {
    clear_errno();
    match call() {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.errno == 0 => Ok(None),
        Err(error) => Err(error),
    }
}

fn clear_errno() {
    // SAFETY: the thread's own number.
    unsafe { *libc::__errno_location() = 0 };
}

/// A setting of the system; `None`: there is no limit.
pub fn setting(name: i32) -> HostResult<Option<i64>> {
    or_no_limit(|| setting_raw(name))
}

/// A setting of the system that is a text; `None`: it has no value.
pub fn text_setting(name: i32) -> HostResult<Option<Vec<u8>>> {
    clear_errno();
    // SAFETY: no memory is lent: the call tells how much there is.
    let size = unsafe { libc::confstr(name, std::ptr::null_mut(), 0) };
    if size == 0 {
        let error = HostError::last();
        return if error.errno == 0 { Ok(None) } else { Err(error) };
    }
    let mut buffer = vec![0; size];
    // SAFETY: memory of that size.
    unsafe { libc::confstr(name, buffer.as_mut_ptr().cast(), buffer.len()) };
    buffer.pop();
    Ok(Some(buffer))
}

/// The further groups of the process.
pub fn more_groups() -> HostResult<Vec<u32>> {
    // SAFETY: no memory is lent: the call tells how many there are.
    let n: i32 = checked(unsafe { libc::getgroups(0, std::ptr::null_mut()) })?;
    let mut groups = vec![0; n as usize];
    // SAFETY: memory for so many.
    let n: i32 = checked(unsafe { libc::getgroups(n, groups.as_mut_ptr()) })?;
    groups.truncate(n as usize);
    Ok(groups)
}

/// The groups that a user is in.
pub fn groups_of_user(name: &CStr, group: u32) -> HostResult<Vec<u32>> {
    let mut room = 64;
    loop {
        let mut groups = vec![0; room as usize];
        let mut n = room;
        // SAFETY: memory for `n` of them.
        if unsafe { libc::getgrouplist(name.as_ptr(), group, groups.as_mut_ptr(), &mut n) } != -1 {
            groups.truncate(n as usize);
            return Ok(groups);
        }
        room = n.max(room * 2);
        if room > 1 << 20 {
            return Err(HostError::of(libc::ENOMEM));
        }
    }
}

/// Makes the process nicer to others; gives how nice it is.
pub fn be_nice(increment: i32) -> HostResult<i32> {
    clear_errno();
    // SAFETY: a number.
    let niceness = unsafe { libc::nice(increment) };
    with_errno(niceness)
}

pub fn priority(which: i32, who: u32) -> HostResult<i32> {
    clear_errno();
    // SAFETY: numbers.
    let priority = unsafe { libc::getpriority(which as _, who) };
    with_errno(priority)
}

/// −1 is a result where there is no error.
fn with_errno(result: i32) -> HostResult<i32> {
    let error = HostError::last();
    if result == -1 && error.errno != 0 { Err(error) } else { Ok(result) }
}

/// User, system, children's user, children's system time and the time since some point, in ticks of which there are so many a
/// second.
pub fn times() -> HostResult<([i64; 5], i64)> {
    let mut times = libc::tms { tms_utime: 0, tms_stime: 0, tms_cutime: 0, tms_cstime: 0 };
    clear_errno();
    // SAFETY: the struct is filled.
    let elapsed = unsafe { libc::times(&mut times) };
    if elapsed == -1 && HostError::last().errno != 0 {
        return Err(HostError::last());
    }
    let ticks = setting(libc::_SC_CLK_TCK)?.unwrap_or(100);
    Ok(([times.tms_utime, times.tms_stime, times.tms_cutime, times.tms_cstime, elapsed], ticks))
}

/// How many processes ran on average in the last 1, 5 and 15 minutes.
pub fn load_averages() -> Option<[f64; 3]> {
    let mut loads = [0.0; 3];
    // SAFETY: memory for three.
    (unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) } == 3).then_some(loads)
}

pub fn system_name() -> HostResult<SystemName> {
    // SAFETY: zeros are a `utsname`, which the call fills.
    unsafe { filled(|room| libc::uname(room)) }
}

pub fn login_name() -> HostResult<Vec<u8>> {
    // SAFETY: gives a string that ends in NUL and that the next call may change; it is copied before.
    unsafe {
        let name = libc::getlogin();
        if name.is_null() { Err(HostError::last()) } else { Ok(CStr::from_ptr(name).to_bytes().to_vec()) }
    }
}

pub fn usage_of(who: i32) -> HostResult<Usage> {
    // SAFETY: zeros are a `rusage`, which the call fills.
    unsafe { filled(|room| libc::getrusage(who as _, room)) }
}

/// An empty one.
pub fn no_usage() -> Usage {
    // SAFETY: zeros are a `rusage`.
    unsafe { std::mem::zeroed() }
}

pub fn scheduling_of(pid: i32) -> HostResult<SchedulingParameter> {
    // SAFETY: zeros are a `sched_param`, which the call fills.
    unsafe { filled(|room| libc::sched_getparam(pid, room)) }
}

pub fn round_robin_interval(pid: i32) -> HostResult<libc::timespec> {
    // SAFETY: zeros are a `timespec`, which the call fills.
    unsafe { filled(|room| libc::sched_rr_get_interval(pid, room)) }
}

/// The numbers of the processors that a process may run on.
pub fn processors_of(pid: i32) -> HostResult<Vec<u32>> {
    let mut words = 16;
    let mask = loop {
        let mut mask = vec![0u64; words];
        match processors_into(pid, &mut mask) {
            Ok(()) => break mask,
            Err(error) if error.errno == libc::EINVAL && words < 1 << 14 => words *= 2,
            Err(error) => return Err(error),
        }
    };
    Ok((0..mask.len() as u32 * 64).filter(|at| mask[*at as usize / 64] >> (at % 64) & 1 != 0).collect())
}

/// Waits for a change of a child.
pub fn wait_for_child(kind: u32, id: u32, options: i32) -> HostResult<Option<ChildInfo>> {
    // SAFETY: zeros are a `siginfo_t`, which the call fills.
    let info: ChildInfo = unsafe { filled(|room| libc::waitid(kind, id, room, options)) }?;
    // SAFETY: where no child has changed the zeros are still there, which are a number.
    Ok((unsafe { info.si_pid() } != 0).then_some(info))
}

/// Number of the process, its user and its status.
pub fn child_fields(info: &ChildInfo) -> [i64; 5] {
    // SAFETY: `wait_for_child` gives what tells of a child.
    unsafe {
        [info.si_pid().into(), info.si_uid().into(), info.si_signo.into(), info.si_status().into(), info.si_code.into()]
    }
}

/// Zero in the child. What other threads do is cut short there; the child may do little but run another program.
pub fn fork() -> HostResult<i32> {
    // SAFETY: the caller has seen to it that no other thread of this machine holds anything.
    checked(unsafe { libc::fork() })
}

/// As `fork`, for a child that goes on as the parent does. The parent waits until the child has done what `in_child` does:
/// take a copy of what the two share.
pub fn fork_and_separate(in_child: impl FnOnce()) -> HostResult<i32> {
    let [read_end, write_end] = descriptor::pipe(libc::O_CLOEXEC)?;
    let close = |fd| drop(descriptor::close(fd));
    let pid = fork();
    if let Ok(0) = pid {
        in_child();
    }
    close(write_end);
    if let Ok(1..) = pid {
        // Nobody writes: this is over when the child has closed its end.
        while descriptor::read(read_end, &mut [0]).is_err_and(|error| error.errno == libc::EINTR) {}
    }
    close(read_end);
    pid
}

/// Ends the process at once.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: does not return.
    unsafe { libc::_exit(status) }
}

pub fn abort() -> ! {
    std::process::abort()
}

/// Strings as C programs get them: pointers, and NULL after the last.
pub struct StringArray {
    strings: Vec<CString>,
    pointers: Vec<*const libc::c_char>,
}

impl StringArray {
    pub fn new(strings: Vec<CString>) -> StringArray {
        let pointers = strings.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect();
        StringArray { strings, pointers }
    }
    pub fn as_ptr(&self) -> *const *const libc::c_char {
        debug_assert_eq!(self.pointers.len(), self.strings.len() + 1);
        self.pointers.as_ptr()
    }
}

/// Runs another program in place of this one; gives why it could not. `environment`: `None` for the process's own.
pub fn execute(path: &CStr, arguments: &StringArray, environment: Option<&StringArray>) -> HostError {
    // SAFETY: strings that end in NUL, in arrays that end in NULL.
    unsafe {
        match environment {
            None => libc::execv(path.as_ptr(), arguments.as_ptr()),
            Some(environment) => libc::execve(path.as_ptr(), arguments.as_ptr(), environment.as_ptr()),
        };
    }
    HostError::last()
}

/// As `execute`, of the program that a descriptor has.
pub fn execute_descriptor(fd: i32, arguments: &StringArray, environment: &StringArray) -> HostError {
    // SAFETY: as in `execute`.
    unsafe { libc::fexecve(fd, arguments.as_ptr(), environment.as_ptr()) };
    HostError::last()
}

/// Runs a command by the shell; gives its status as `wait` does.
pub fn run_shell(command: &CStr) -> i32 {
    // SAFETY: a string that ends in NUL.
    unsafe { libc::system(command.as_ptr()) }
}

/// Bytes that nobody can foretell.
pub fn fill_with_random(mut buffer: &mut [u8]) -> HostResult<()> {
    while !buffer.is_empty() {
        match random_into(buffer, 0) {
            Ok(n) => buffer = &mut buffer[n..],
            Err(error) if error.errno == libc::EINTR => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Sets a variable of the environment that programs inherit.
pub fn set_variable(name: &CStr, value: &CStr) -> HostResult<()> {
    // SAFETY: the environment is read and written only under the lock of the machine that runs.
    checked(unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) })
}

pub fn remove_variable(name: &CStr) -> HostResult<()> {
    // SAFETY: as in `set_variable`.
    checked(unsafe { libc::unsetenv(name.as_ptr()) })
}

/// Names and values of the environment.
pub fn environment_bytes() -> Vec<(Vec<u8>, Vec<u8>)> {
    use std::os::unix::ffi::OsStringExt;
    std::env::vars_os().map(|(name, value)| (name.into_vec(), value.into_vec())).collect()
}
