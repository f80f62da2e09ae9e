//! Calls into the system's library as a table: what a call is named here, what it takes, and what is called for it.
//!
//! ```text
//!   system_calls! {
//!       /// Makes a directory.
//!       fn make_directory_at(dir: i32, path: &CStr, mode: u32) -> () = libc::mkdirat(dir, path.as_ptr(), mode);
//!   }
//! ```

use super::{HostError, HostResult};
use std::mem::MaybeUninit;

/// What a call gives, −1 being a failure whose number is in `errno`.
pub(super) trait Raw: Copy {
    fn has_failed(self) -> bool;
}

impl Raw for i32 {
    fn has_failed(self) -> bool {
        self == -1
    }
}
impl Raw for i64 {
    fn has_failed(self) -> bool {
        self == -1
    }
}
impl Raw for isize {
    fn has_failed(self) -> bool {
        self == -1
    }
}

/// What a row makes of it.
pub(super) trait Answer<R> {
    fn answer(raw: R) -> Self;
}

impl<R> Answer<R> for () {
    fn answer(_: R) {}
}
impl Answer<i32> for i32 {
    fn answer(raw: i32) -> i32 {
        raw
    }
}
impl Answer<i64> for i64 {
    fn answer(raw: i64) -> i64 {
        raw
    }
}
impl Answer<isize> for usize {
    fn answer(raw: isize) -> usize {
        raw as usize
    }
}

pub(super) fn checked<R: Raw, A: Answer<R>>(raw: R) -> HostResult<A> {
    if raw.has_failed() { Err(HostError::last()) } else { Ok(A::answer(raw)) }
}

/// The struct that a call fills.
///
/// # Safety
/// Zeros are a value of the struct, which is C's.
pub(super) unsafe fn filled<T>(call: impl FnOnce(*mut T) -> i32) -> HostResult<T> {
    let mut room = MaybeUninit::<T>::zeroed();
    checked::<i32, ()>(call(room.as_mut_ptr()))?;
    // SAFETY: zeros, or what the call wrote over them.
    Ok(unsafe { room.assume_init() })
}

macro_rules! system_calls {
    ($($(#[$doc:meta])* fn $name:ident($($parameter:ident: $type:ty),* $(,)?) -> $result:ty = $call:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name($($parameter: $type),*) -> $crate::host::HostResult<$result> {
            // SAFETY: what a row passes on are numbers, strings that end in NUL, and memory of a known size, lent for the
            // length of the call.
            $crate::host::call::checked(unsafe { $call })
        }
    )*};
}
pub(super) use system_calls;
