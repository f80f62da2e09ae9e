//! Users and groups by the system's data bases.

use super::{HostError, HostResult};
use std::ffi::CStr;
use std::mem::MaybeUninit;

/// A user.
pub struct User {
    pub name: Vec<u8>,
    pub password: Vec<u8>,
    pub user: u32,
    pub group: u32,
    pub full_name: Vec<u8>,
    pub directory: Vec<u8>,
    pub shell: Vec<u8>,
}

/// A group.
pub struct Group {
    pub name: Vec<u8>,
    pub password: Vec<u8>,
    pub group: u32,
    pub members: Vec<Vec<u8>>,
}

/// By what an entry is looked for.
#[derive(Clone, Copy)]
pub enum Key<'k> {
    Number(u32),
    Name(&'k CStr),
}

/// # Safety
/// A string that ends in NUL, or NULL.
unsafe fn text(pointer: *const libc::c_char) -> Vec<u8> {
    // SAFETY: as the caller says.
    if pointer.is_null() { Vec::new() } else { unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec() }
}

impl User {
    /// # Safety
    /// An entry as the system gives it.
    unsafe fn of(entry: &libc::passwd) -> User {
        // SAFETY: its strings end in NUL.
        unsafe {
            User {
                name: text(entry.pw_name),
                password: text(entry.pw_passwd),
                user: entry.pw_uid,
                group: entry.pw_gid,
                full_name: text(entry.pw_gecos),
                directory: text(entry.pw_dir),
                shell: text(entry.pw_shell),
            }
        }
    }
}

impl Group {
    /// # Safety
    /// An entry as the system gives it.
    unsafe fn of(entry: &libc::group) -> Group {
        let mut members = Vec::new();
        let mut at = entry.gr_mem;
        // SAFETY: its strings end in NUL, and the array of members in NULL.
        unsafe {
            while !at.is_null() && !(*at).is_null() {
                members.push(text(*at));
                at = at.add(1);
            }
            Group { name: text(entry.gr_name), password: text(entry.gr_passwd), group: entry.gr_gid, members }
        }
    }
}

/// What a call finds that wants memory for strings, of which it says when there is too little.
fn find<E, T>(
    call: impl Fn(*mut E, *mut libc::c_char, usize, *mut *mut E) -> i32,
    take: impl FnOnce(&E) -> T,
) -> HostResult<Option<T>> {
    let mut size = 1 << 10;
    loop {
        let mut strings = vec![0u8; size];
        let (mut entry, mut found) = (MaybeUninit::<E>::uninit(), std::ptr::null_mut());
        match call(entry.as_mut_ptr(), strings.as_mut_ptr().cast(), size, &mut found) {
            libc::ERANGE if size < 1 << 24 => size *= 2,
            // Several numbers say that there is no such entry.
            0 | libc::ENOENT | libc::ESRCH | libc::EBADF | libc::EPERM if found.is_null() => return Ok(None),
            // SAFETY: the call points at the entry that it has filled.
            0 => return Ok(Some(take(unsafe { &*found }))),
            errno => return Err(HostError::of(errno)),
        }
    }
}

pub fn user(key: Key<'_>) -> HostResult<Option<User>> {
    find(
        // SAFETY: memory of the size that is told, a string that ends in NUL, and a pointer that is written to.
        |entry, strings, size, found| unsafe {
            match key {
                Key::Number(user) => libc::getpwuid_r(user, entry, strings, size, found),
                Key::Name(name) => libc::getpwnam_r(name.as_ptr(), entry, strings, size, found),
            }
        },
        // SAFETY: what the call has found.
        |entry| unsafe { User::of(entry) },
    )
}

pub fn group(key: Key<'_>) -> HostResult<Option<Group>> {
    find(
        // SAFETY: as in `user`.
        |entry, strings, size, found| unsafe {
            match key {
                Key::Number(group) => libc::getgrgid_r(group, entry, strings, size, found),
                Key::Name(name) => libc::getgrnam_r(name.as_ptr(), entry, strings, size, found),
            }
        },
        // SAFETY: what the call has found.
        |entry| unsafe { Group::of(entry) },
    )
}

/// All users.
pub fn users() -> Vec<User> {
    let mut users = Vec::new();
    // SAFETY: the entries are copied before the next call; one machine's lock is held.
    unsafe {
        libc::setpwent();
        loop {
            let entry = libc::getpwent();
            if entry.is_null() {
                break;
            }
            users.push(User::of(&*entry));
        }
        libc::endpwent();
    }
    users
}

/// All groups.
pub fn groups() -> Vec<Group> {
    let mut groups = Vec::new();
    // SAFETY: as in `users`.
    unsafe {
        libc::setgrent();
        loop {
            let entry = libc::getgrent();
            if entry.is_null() {
                break;
            }
            groups.push(Group::of(&*entry));
        }
        libc::endgrent();
    }
    groups
}
