//! Streams that nobody closed. Where references are counted, what a program lets go of is flushed at once; here it is flushed
//! when it is collected. So whoever is about to look at a file has what was kept back for it by streams that nobody has any more
//! written first.
//!
//! ```text
//!   open, stat, rename, … a file ─► does a stream keep back bytes for it?      most of the time: no
//!                                   └► collect: one that is dead is finalized, which flushes it
//!                                      └► one that nothing but a word on the native stack refers to is flushed
//! ```

use super::buffered::{Buffered, ThisBuffered};
use super::text_io::{TextIo, ThisText};
use super::{MODULE, State, call};
use std::ffi::CStr;
use std::sync::{Arc, Weak};
use stitch_runtime::host::fs;
use stitch_runtime::object::header::Header;
use stitch_runtime::{Value, Vm};

/// What is about to be looked at.
#[derive(Clone, Copy)]
pub enum Touched<'a> {
    /// What is at a path, relative to an open folder.
    Path(i32, &'a CStr),
    Descriptor(i32),
    /// Whatever there is: another program begins, or a copy of this one.
    All,
}

/// What a stream that writes has until it is closed, or its memory is gone.
pub type Mark = Arc<()>;

/// The streams of a machine that may keep something back, in the order of their making.
#[derive(Default)]
pub struct Writers {
    streams: Vec<(Weak<()>, *mut Header)>,
    is_settling: bool,
    /// So many looks are left out yet, after collections that found streams alive.
    n_left_out: u32,
    n_in_vain: u32,
}

/// Collections in vain, from which on looks are left out: twice as many after each.
const MAX_IN_VAIN: u32 = 8;
const MAX_LEFT_OUT_SHIFT: u32 = 10;
/// Streams that are closed or whose memory is gone are forgotten where there are so many.
const MANY: usize = 16;

/// Notes a stream that writes; its mark is to be dropped as it is closed, and with its memory.
pub fn note(vm: &mut Vm, stream: *mut Header) -> Mark {
    let mark = Mark::default();
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        let streams = &mut state.writers.streams;
        if streams.len() >= MANY && streams.len() == streams.capacity() {
            streams.retain(|(mark, _)| mark.strong_count() > 0);
        }
        streams.push((Arc::downgrade(&mark), stream));
    }
    mark
}

/// Has what is kept back for a file by streams that nobody has any more written to it.
#[inline]
pub fn settle(vm: &mut Vm, touched: Touched<'_>) {
    if let Some(state) = vm.module_state::<State>(&MODULE)
        && !state.writers.streams.is_empty()
        && !state.writers.is_settling
    {
        settle_some(vm, touched);
    }
}

/// Likewise for what is at a path, a str or bytes.
pub fn settle_at(vm: &mut Vm, path: Value) {
    let is_concerned = vm.module_state::<State>(&MODULE).is_some_and(|state| !state.writers.streams.is_empty());
    if is_concerned {
        match vm.fs_c_string(path) {
            Ok(path) => settle(vm, Touched::Path(fs::HERE, &path)),
            Err(_) => vm.clear_exception(),
        }
    }
}

#[inline(never)]
fn settle_some(vm: &mut Vm, touched: Touched<'_>) {
    if concerned(vm, touched).is_empty() {
        return;
    }
    let Some(state) = vm.module_state::<State>(&MODULE) else { return };
    if state.writers.n_left_out > 0 {
        state.writers.n_left_out -= 1;
        return;
    }
    state.writers.is_settling = true;
    // What died young is found without a look at what is old.
    for is_full in [false, true] {
        vm.heap.ask_for_certain();
        vm.collect_now(is_full);
        let certain = vm.heap.take_certain();
        // Text goes to the stream of bytes below it, which was made before it.
        for stream in concerned(vm, touched).into_iter().rev() {
            if !certain.contains(&stream.as_ptr::<Header>()) && call(vm, stream, "flush", &[]).is_err() {
                vm.clear_exception();
            }
        }
        if concerned(vm, touched).is_empty() {
            break;
        }
    }
    let is_in_vain = !concerned(vm, touched).is_empty();
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        let writers = &mut state.writers;
        writers.is_settling = false;
        writers.n_in_vain = if is_in_vain { writers.n_in_vain + 1 } else { 0 };
        if let Some(beyond) = writers.n_in_vain.checked_sub(MAX_IN_VAIN) {
            writers.n_left_out = 1 << beyond.min(MAX_LEFT_OUT_SHIFT);
        }
    }
}

/// The streams that keep something back for it, in the order of their making.
fn concerned(vm: &mut Vm, touched: Touched<'_>) -> Vec<Value> {
    let Some(state) = vm.module_state::<State>(&MODULE) else { return Vec::new() };
    state.writers.streams.retain(|(mark, _)| mark.strong_count() > 0);
    let all: Vec<Value> = state.writers.streams.iter().map(|&(_, stream)| Value::object(stream)).collect();
    let mut concerned: Vec<(Value, i32)> =
        all.into_iter().filter_map(|stream| Some((stream, descriptor_of_pending(vm, stream)?))).collect();
    if concerned.is_empty() {
        return Vec::new();
    }
    let status = match touched {
        Touched::All => None,
        Touched::Path(dir, path) => match fs::status_at(dir, path, 0) {
            Ok(status) => Some(status),
            Err(_) => return Vec::new(),
        },
        Touched::Descriptor(fd) => match fs::status(fd) {
            Ok(status) => Some(status),
            Err(_) => return Vec::new(),
        },
    };
    if let Some(touched) = status {
        concerned.retain(|&(_, fd)| {
            fs::status(fd).is_ok_and(|own| (own.st_dev, own.st_ino) == (touched.st_dev, touched.st_ino))
        });
    }
    concerned.into_iter().map(|(stream, _)| stream).collect()
}

/// The descriptor that a stream keeps something back for. The standard streams are no matter: a program always has them.
fn descriptor_of_pending(vm: &Vm, stream: Value) -> Option<i32> {
    let (buffer, keeps) = match ThisText::of(vm, stream) {
        Some(text) => TextIo::kept_back(text, vm)?,
        None => ThisBuffered::of(vm, stream).map(|buffer| (buffer, buffer.keeps_back()))?,
    };
    if !keeps {
        return None;
    }
    Buffered::descriptor(buffer, vm).filter(|&fd| fd > libc::STDERR_FILENO)
}
