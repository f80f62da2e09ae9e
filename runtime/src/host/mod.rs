//! The only door to the operating system: output, files, environment, clocks. Permissions can be put here.

pub mod accounts;
mod call;
pub mod clock;
pub mod descriptor;
pub mod fs;
pub mod installation;
pub mod library;
pub mod locale;
pub mod log;
pub mod map;
pub mod net;
mod output;
pub mod poll;
pub mod process;
pub mod profiler_file;
pub mod sampling;
pub mod semaphore;
pub mod signal;
pub mod spawn;
pub mod standard;
pub mod start;
pub mod terminal;

pub use clock::{ThreadClock, monotonic_ns, process_time_ns, thread_time_ns, wall_ns};
pub use output::Output;

use std::io::{Read, Write};
use std::path::Path;

/// The system's handle of the thread that asks, as a number.
pub fn thread_handle() -> i64 {
    // SAFETY: asks for a number.
    unsafe { libc::pthread_self() as i64 }
}

/// The kernel's number of the thread that asks.
pub fn thread_id() -> i64 {
    // SAFETY: asks for a number.
    unsafe { libc::syscall(libc::SYS_gettid) as i64 }
}

/// The native stack of the thread that asks, from its lowest address to its end; empty where the system does not tell. It is the
/// same for as long as the thread lives.
pub fn stack_of_thread() -> std::ops::Range<usize> {
    thread_local! {
        static STACK: std::ops::Range<usize> = ask_for_stack().unwrap_or_default();
    }
    STACK.with(Clone::clone)
}

fn ask_for_stack() -> Option<std::ops::Range<usize>> {
    let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut lowest, mut n_bytes) = (std::ptr::null_mut(), 0);
    // SAFETY: the attributes are initialized by the first call, where it succeeds, and given back.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let found = libc::pthread_attr_getstack(attributes.as_ptr(), &mut lowest, &mut n_bytes);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        (found == 0).then(|| lowest as usize..lowest as usize + n_bytes)
    }
}

/// Names the thread that asks, for tools that show threads.
pub fn name_thread(name: &std::ffi::CStr) {
    // SAFETY: the name ends with a zero; one that is too long is refused.
    let _ = unsafe { libc::pthread_setname_np(libc::pthread_self(), name.as_ptr()) };
}

/// A failed call into the operating system: what OSError is made of.
#[derive(Debug, Clone)]
pub struct HostError {
    pub errno: i32,
    pub message: String,
}

pub type HostResult<T> = Result<T, HostError>;

impl HostError {
    /// Of an error number.
    pub fn of(errno: i32) -> HostError {
        HostError::from(std::io::Error::from_raw_os_error(errno))
    }
    /// There is no such file.
    pub fn no_such_file() -> HostError {
        HostError::of(libc::ENOENT)
    }
    /// Of the call that has just failed.
    pub fn last() -> HostError {
        HostError::from(std::io::Error::last_os_error())
    }
}

/// Of a call that gives the number of its error, or 0.
fn check_errno(errno: i32) -> HostResult<()> {
    if errno == 0 { Ok(()) } else { Err(HostError::of(errno)) }
}

impl From<std::io::Error> for HostError {
    fn from(error: std::io::Error) -> HostError {
        let errno = error.raw_os_error().unwrap_or(0);
        let text = error.to_string();
        // The standard library appends " (os error N)"; Python's strerror has the bare text.
        let message = text.split(" (os error").next().unwrap_or_default().to_string();
        HostError { errno, message }
    }
}

/// Bytes of a file.
pub fn read_file(path: impl AsRef<Path>) -> Result<Vec<u8>, HostError> {
    Ok(std::fs::read(path)?)
}

/// What tells one state of a file from another: when it was modified, in seconds, and its size, both modulo 2^32.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileStamp {
    pub modified: u32,
    pub size: u32,
}

/// The stamp of a file; `None` where there is none, or something else.
pub fn file_stamp(path: &Path) -> Option<FileStamp> {
    use std::os::unix::fs::MetadataExt;
    let data = std::fs::metadata(path).ok().filter(|data| data.is_file())?;
    Some(FileStamp { modified: data.mtime() as u32, size: data.size() as u32 })
}

/// Is there a folder?
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// The names in a folder; none where it cannot be read.
pub fn names_in_folder(path: &Path) -> Vec<std::ffi::OsString> {
    let entries = std::fs::read_dir(path).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect()
}

/// Has a file contain the data, and nobody ever see it with less. Makes its folder.
pub fn replace_file(path: &Path, data: &[u8]) -> Result<(), HostError> {
    let mut suffix = [0; 8];
    entropy(&mut suffix);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}", u64::from_le_bytes(suffix)));
    let partial = path.with_file_name(name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let written = std::fs::OpenOptions::new().write(true).create_new(true).open(&partial);
    let replaced = written.and_then(|mut file| file.write_all(data)).and_then(|()| std::fs::rename(&partial, path));
    if replaced.is_err() {
        _ = std::fs::remove_file(&partial);
    }
    Ok(replaced?)
}

/// Unbuffered; errors are nobody's business.
pub fn write_stderr(data: &[u8]) {
    let _ = std::io::stderr().write_all(data);
}

pub fn arguments() -> Vec<String> {
    std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect()
}

pub fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Is a variable of the environment set, to anything but nothing?
pub fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The file that runs, whatever name it was called by.
pub fn executable_path() -> String {
    std::env::current_exe().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default()
}

pub fn process_id() -> u32 {
    std::process::id()
}

/// Random bytes of the system's generator (for seeds).
pub fn entropy(buffer: &mut [u8]) {
    let filled = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(buffer));
    if filled.is_err() {
        let seed = wall_ns().to_le_bytes();
        for (byte, &clock) in buffer.iter_mut().zip(seed.iter().cycle()) {
            *byte = clock;
        }
    }
}

/// Keys for hashing strings.
pub fn random_seed() -> (u64, u64) {
    let mut bytes = [0; 16];
    entropy(&mut bytes);
    let word = |i: usize| u64::from_le_bytes(std::array::from_fn(|k| bytes[i + k]));
    (word(0), word(8))
}
