//! Starting programs by `posix_spawn`.

use super::process::StringArray;
use super::{HostResult, check_errno};
use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;

/// What is done with descriptors before the program begins.
pub enum FileAction {
    Open { fd: i32, path: CString, flags: i32, mode: u32 },
    Close(i32),
    Duplicate(i32, i32),
    CloseFrom(i32),
}

/// What differs in the new process.
#[derive(Default)]
pub struct SpawnOptions {
    pub file_actions: Vec<FileAction>,
    pub group: Option<i32>,
    pub resets_ids: bool,
    pub starts_session: bool,
    pub signal_mask: Option<Vec<i32>>,
    pub default_signals: Option<Vec<i32>>,
    /// A policy, if that is to be another one, and a priority.
    pub scheduler: Option<(Option<i32>, i32)>,
}

/// The system's list of file actions, which is to be given back.
struct FileActions(libc::posix_spawn_file_actions_t);

impl FileActions {
    fn new(actions: &[FileAction]) -> HostResult<FileActions> {
        let mut room = MaybeUninit::uninit();
        // SAFETY: the call makes a list of the memory.
        let mut list = unsafe {
            check_errno(libc::posix_spawn_file_actions_init(room.as_mut_ptr()))?;
            FileActions(room.assume_init())
        };
        for action in actions {
            let at = &raw mut list.0;
            // SAFETY: a list; what it refers to, the caller keeps until the program is started.
            check_errno(unsafe {
                match action {
                    FileAction::Open { fd, path, flags, mode } => {
                        libc::posix_spawn_file_actions_addopen(at, *fd, path.as_ptr(), *flags, *mode)
                    }
                    FileAction::Close(fd) => libc::posix_spawn_file_actions_addclose(at, *fd),
                    FileAction::Duplicate(from, to) => libc::posix_spawn_file_actions_adddup2(at, *from, *to),
                    FileAction::CloseFrom(fd) => libc::posix_spawn_file_actions_addclosefrom_np(at, *fd),
                }
            })?;
        }
        Ok(list)
    }
}

impl Drop for FileActions {
    fn drop(&mut self) {
        // SAFETY: a list that was made.
        unsafe { libc::posix_spawn_file_actions_destroy(&mut self.0) };
    }
}

/// The system's set of options, which is to be given back.
struct Attributes(libc::posix_spawnattr_t);

impl Attributes {
    fn new(options: &SpawnOptions) -> HostResult<Attributes> {
        let mut room = MaybeUninit::uninit();
        // SAFETY: the call makes a set of the memory.
        let mut set = unsafe {
            check_errno(libc::posix_spawnattr_init(room.as_mut_ptr()))?;
            Attributes(room.assume_init())
        };
        let (mut flags, at) = (0, &raw mut set.0);
        // SAFETY: a set of options; the rest are numbers and structs that are read at once.
        unsafe {
            if let Some(group) = options.group {
                check_errno(libc::posix_spawnattr_setpgroup(at, group))?;
                flags |= libc::POSIX_SPAWN_SETPGROUP;
            }
            if options.resets_ids {
                flags |= libc::POSIX_SPAWN_RESETIDS;
            }
            if options.starts_session {
                flags |= SETSID;
            }
            if let Some(signals) = &options.signal_mask {
                check_errno(libc::posix_spawnattr_setsigmask(at, &super::signal::set_of(signals)))?;
                flags |= libc::POSIX_SPAWN_SETSIGMASK;
            }
            if let Some(signals) = &options.default_signals {
                check_errno(libc::posix_spawnattr_setsigdefault(at, &super::signal::set_of(signals)))?;
                flags |= libc::POSIX_SPAWN_SETSIGDEF;
            }
            if let Some((policy, priority)) = options.scheduler {
                if let Some(policy) = policy {
                    check_errno(libc::posix_spawnattr_setschedpolicy(at, policy))?;
                    flags |= libc::POSIX_SPAWN_SETSCHEDULER;
                }
                let parameter = libc::sched_param { sched_priority: priority };
                check_errno(libc::posix_spawnattr_setschedparam(at, &parameter))?;
                flags |= libc::POSIX_SPAWN_SETSCHEDPARAM;
            }
            check_errno(libc::posix_spawnattr_setflags(at, flags as libc::c_short))?;
        }
        Ok(set)
    }
}

/// `POSIX_SPAWN_SETSID`.
const SETSID: i32 = 0x80;

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: a set that was made.
        unsafe { libc::posix_spawnattr_destroy(&mut self.0) };
    }
}

/// Starts a program: its number. `environment`: `None` for the process's own; `is_searched`: the path is looked for where
/// programs are.
pub fn spawn(
    path: &CStr,
    arguments: &StringArray,
    environment: Option<&StringArray>,
    options: &SpawnOptions,
    is_searched: bool,
) -> HostResult<i32> {
    let actions = FileActions::new(&options.file_actions)?;
    let attributes = Attributes::new(options)?;
    let mut pid = 0;
    let call = if is_searched { libc::posix_spawnp } else { libc::posix_spawn };
    // SAFETY: strings that end in NUL, arrays that end in NULL, and what was made of the options, all kept for the call.
    check_errno(unsafe {
        let environment = environment.map_or(libc::environ.cast_const().cast(), StringArray::as_ptr);
        call(&mut pid, path.as_ptr(), &actions.0, &attributes.0, arguments.as_ptr().cast(), environment.cast())
    })?;
    Ok(pid)
}
