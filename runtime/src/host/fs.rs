//! Files and directories by their names. `dir` is the descriptor of the directory that relative names begin in, or `HERE`.

use super::call::{filled, system_calls};
use super::{HostError, HostResult};
use std::ffi::CStr;

/// In place of a directory's descriptor: the current directory.
pub const HERE: i32 = libc::AT_FDCWD;

pub type FileStatus = libc::stat;
pub type FileSystemStatus = libc::statvfs;
pub type Time = libc::timespec;

system_calls! {
    /// A descriptor of the file.
    fn open_at(dir: i32, path: &CStr, flags: i32, mode: u32) -> i32 = libc::openat(dir, path.as_ptr(), flags, mode);
    fn make_directory_at(dir: i32, path: &CStr, mode: u32) -> () = libc::mkdirat(dir, path.as_ptr(), mode);
    fn unlink_at(dir: i32, path: &CStr, flags: i32) -> () = libc::unlinkat(dir, path.as_ptr(), flags);
    fn rename_at(from_dir: i32, from: &CStr, to_dir: i32, to: &CStr) -> () =
        libc::renameat(from_dir, from.as_ptr(), to_dir, to.as_ptr());
    fn link_at(from_dir: i32, from: &CStr, to_dir: i32, to: &CStr, flags: i32) -> () =
        libc::linkat(from_dir, from.as_ptr(), to_dir, to.as_ptr(), flags);
    fn symlink_at(text: &CStr, dir: i32, path: &CStr) -> () = libc::symlinkat(text.as_ptr(), dir, path.as_ptr());
    fn change_mode_at(dir: i32, path: &CStr, mode: u32, flags: i32) -> () =
        libc::fchmodat(dir, path.as_ptr(), mode, flags);
    fn change_mode(fd: i32, mode: u32) -> () = libc::fchmod(fd, mode);
    fn change_owner_at(dir: i32, path: &CStr, user: u32, group: u32, flags: i32) -> () =
        libc::fchownat(dir, path.as_ptr(), user, group, flags);
    fn change_owner(fd: i32, user: u32, group: u32) -> () = libc::fchown(fd, user, group);
    /// Sets the times of the last access and the last change.
    fn set_times_at(dir: i32, path: &CStr, times: &[Time; 2], flags: i32) -> () =
        libc::utimensat(dir, path.as_ptr(), times.as_ptr(), flags);
    fn set_times(fd: i32, times: &[Time; 2]) -> () = libc::futimens(fd, times.as_ptr());
    fn access_at(dir: i32, path: &CStr, mode: i32, flags: i32) -> () = libc::faccessat(dir, path.as_ptr(), mode, flags);
    fn enter_directory(path: &CStr) -> () = libc::chdir(path.as_ptr());
    fn enter_descriptor(fd: i32) -> () = libc::fchdir(fd);
    fn change_root(path: &CStr) -> () = libc::chroot(path.as_ptr());
    fn make_fifo_at(dir: i32, path: &CStr, mode: u32) -> () = libc::mkfifoat(dir, path.as_ptr(), mode);
    fn make_node_at(dir: i32, path: &CStr, mode: u32, device: u64) -> () =
        libc::mknodat(dir, path.as_ptr(), mode, device);
    fn truncate(path: &CStr, len: i64) -> () = libc::truncate(path.as_ptr(), len);
    fn truncate_descriptor(fd: i32, len: i64) -> () = libc::ftruncate(fd, len);
    /// Writes the text of a symbolic link into a buffer: how much of it fits.
    fn read_link_into(dir: i32, path: &CStr, buffer: &mut [u8]) -> usize =
        libc::readlinkat(dir, path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    fn path_setting_raw(path: &CStr, name: i32) -> i64 = libc::pathconf(path.as_ptr(), name);
    fn make_shared_memory(name: &CStr, flags: i32, mode: u32) -> i32 = libc::shm_open(name.as_ptr(), flags, mode);
    fn remove_shared_memory(name: &CStr) -> () = libc::shm_unlink(name.as_ptr());
    fn make_memory_file(name: &CStr, flags: u32) -> i32 = libc::memfd_create(name.as_ptr(), flags);

    fn get_attribute(path: &CStr, name: &CStr, buffer: &mut [u8]) -> usize =
        libc::getxattr(path.as_ptr(), name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    fn get_attribute_of_link(path: &CStr, name: &CStr, buffer: &mut [u8]) -> usize =
        libc::lgetxattr(path.as_ptr(), name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    fn get_attribute_of_descriptor(fd: i32, name: &CStr, buffer: &mut [u8]) -> usize =
        libc::fgetxattr(fd, name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    fn set_attribute(path: &CStr, name: &CStr, value: &[u8], flags: i32) -> () =
        libc::setxattr(path.as_ptr(), name.as_ptr(), value.as_ptr().cast(), value.len(), flags);
    fn set_attribute_of_link(path: &CStr, name: &CStr, value: &[u8], flags: i32) -> () =
        libc::lsetxattr(path.as_ptr(), name.as_ptr(), value.as_ptr().cast(), value.len(), flags);
    fn set_attribute_of_descriptor(fd: i32, name: &CStr, value: &[u8], flags: i32) -> () =
        libc::fsetxattr(fd, name.as_ptr(), value.as_ptr().cast(), value.len(), flags);
    fn remove_attribute(path: &CStr, name: &CStr) -> () = libc::removexattr(path.as_ptr(), name.as_ptr());
    fn remove_attribute_of_link(path: &CStr, name: &CStr) -> () = libc::lremovexattr(path.as_ptr(), name.as_ptr());
    fn remove_attribute_of_descriptor(fd: i32, name: &CStr) -> () = libc::fremovexattr(fd, name.as_ptr());
    fn list_attributes(path: &CStr, buffer: &mut [u8]) -> usize =
        libc::listxattr(path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    fn list_attributes_of_link(path: &CStr, buffer: &mut [u8]) -> usize =
        libc::llistxattr(path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    fn list_attributes_of_descriptor(fd: i32, buffer: &mut [u8]) -> usize =
        libc::flistxattr(fd, buffer.as_mut_ptr().cast(), buffer.len());
}

/// What there is under a name; `flags`: `AT_SYMLINK_NOFOLLOW`.
pub fn status_at(dir: i32, path: &CStr, flags: i32) -> HostResult<FileStatus> {
    // SAFETY: zeros are a `stat`; the call fills it and reads a string that ends in NUL.
    unsafe { filled(|room| libc::fstatat(dir, path.as_ptr(), room, flags)) }
}

pub fn status(fd: i32) -> HostResult<FileStatus> {
    // SAFETY: zeros are a `stat`, which the call fills.
    unsafe { filled(|room| libc::fstat(fd, room)) }
}

pub fn file_system_at(path: &CStr) -> HostResult<FileSystemStatus> {
    // SAFETY: zeros are a `statvfs`; the call fills it and reads a string that ends in NUL.
    unsafe { filled(|room| libc::statvfs(path.as_ptr(), room)) }
}

pub fn file_system(fd: i32) -> HostResult<FileSystemStatus> {
    // SAFETY: zeros are a `statvfs`, which the call fills.
    unsafe { filled(|room| libc::fstatvfs(fd, room)) }
}

/// Sets the mode of new files, and gives the one before.
pub fn set_umask(mask: u32) -> u32 {
    // SAFETY: a number.
    unsafe { libc::umask(mask) }
}

/// Writes everything out that waits to be written.
pub fn sync_all() {
    // SAFETY: no arguments.
    unsafe { libc::sync() }
}

/// The text of a symbolic link.
pub fn read_link_at(dir: i32, path: &CStr) -> HostResult<Vec<u8>> {
    let mut buffer = vec![0; 256];
    loop {
        let len = read_link_into(dir, path, &mut buffer)?;
        if len < buffer.len() {
            buffer.truncate(len);
            return Ok(buffer);
        }
        buffer.resize(buffer.len() * 2, 0);
    }
}

/// What a call gives that says how much room it needs, where it gets none, and fails where the room is too small.
pub fn read_all(call: impl Fn(&mut [u8]) -> HostResult<usize>) -> HostResult<Vec<u8>> {
    loop {
        let mut buffer = vec![0; call(&mut [])?];
        if buffer.is_empty() {
            return Ok(buffer);
        }
        match call(&mut buffer) {
            Ok(len) => {
                buffer.truncate(len);
                return Ok(buffer);
            }
            Err(error) if error.errno == libc::ERANGE => {}
            Err(error) => return Err(error),
        }
    }
}

/// The bytes of the current directory's name.
pub fn current_directory_bytes() -> HostResult<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    Ok(std::env::current_dir()?.into_os_string().into_vec())
}

/// A setting of a file system; `None`: there is no limit.
pub fn path_setting(path: &CStr, name: i32) -> HostResult<Option<i64>> {
    super::process::or_no_limit(|| path_setting_raw(path, name))
}

/// A name in a directory, and what the directory itself says of it.
pub struct DirectoryEntry {
    pub name: Vec<u8>,
    pub inode: u64,
    /// `DT_DIR` and so on; `DT_UNKNOWN` where one has to look.
    pub kind: u8,
}

/// A directory that is being read. Closed when it is dropped.
pub struct Directory {
    stream: *mut libc::DIR,
    /// It shares its position with a descriptor of the caller's, which is to begin anew.
    is_borrowed: bool,
}

impl Directory {
    pub fn open(path: &CStr) -> HostResult<Directory> {
        // SAFETY: a string that ends in NUL.
        Directory::of_stream(unsafe { libc::opendir(path.as_ptr()) }, false)
    }

    /// Of a descriptor, which stays the caller's.
    pub fn of_descriptor(fd: i32) -> HostResult<Directory> {
        let own = super::descriptor::duplicate_from(fd, 0)?;
        // SAFETY: a descriptor of this function's own, which a stream takes over.
        let directory = Directory::of_stream(unsafe { libc::fdopendir(own) }, true);
        if directory.is_err() {
            // SAFETY: nobody else has it.
            unsafe { libc::close(own) };
        }
        directory
    }

    fn of_stream(stream: *mut libc::DIR, is_borrowed: bool) -> HostResult<Directory> {
        if stream.is_null() { Err(HostError::last()) } else { Ok(Directory { stream, is_borrowed }) }
    }

    /// The next name but `.` and `..`; `None` after the last one.
    pub fn next_entry(&mut self) -> HostResult<Option<DirectoryEntry>> {
        loop {
            // SAFETY: an open stream of this value's own; the entry is read before the next call.
            unsafe {
                *libc::__errno_location() = 0;
                let entry = libc::readdir(self.stream);
                if entry.is_null() {
                    return match *libc::__errno_location() {
                        0 => Ok(None),
                        errno => Err(HostError::of(errno)),
                    };
                }
                let name = CStr::from_ptr((&raw const (*entry).d_name).cast()).to_bytes();
                if name != b"." && name != b".." {
                    let name = name.to_vec();
                    return Ok(Some(DirectoryEntry { name, inode: (*entry).d_ino, kind: (*entry).d_type }));
                }
            }
        }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // SAFETY: an open stream of this value's own.
        unsafe {
            if self.is_borrowed {
                libc::rewinddir(self.stream);
            }
            libc::closedir(self.stream);
        }
    }
}
