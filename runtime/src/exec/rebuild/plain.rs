//! Snapshots of which nothing has to be made: most of them. Their values go straight to the frames' slots.

use super::{enter_inlined, push_inlined, write_slots};
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::uop::{FrameOrigin, FrameSources, Kind, SnapshotFrame, Source};
use crate::value::Value;
use crate::vm::Vm;

/// Is every value there, and no traceback to be told of a frame?
///
/// # Safety
/// `homes` has as many words as the sources name.
pub unsafe fn is_plain(frames: &[SnapshotFrame], sources: &[FrameSources], homes: *const u64) -> bool {
    let is_there = |source: &Source| match source {
        Source::Const(_) => true,
        // SAFETY: the caller's promise.
        Source::Home(home, Kind::Int) => Value::try_small_int(unsafe { *homes.add(*home as usize) } as i64).is_some(),
        Source::Home(..) => true,
        Source::Alloc(_) => false,
    };
    let has_entries =
        |frame: &SnapshotFrame| frame.slots.last().is_some_and(|(slot, _)| *slot >= SnapshotFrame::ENTRIES);
    !frames.iter().any(has_entries)
        && sources.iter().all(|frame| frame.origin.iter().all(is_there) && frame.slots.iter().all(is_there))
}

/// # Safety
/// As above, and the source is plain.
#[inline(always)]
unsafe fn value_of(source: &Source, homes: *const u64) -> Value {
    match source {
        Source::Const(bits) => Value(*bits),
        Source::Home(home, kind) => {
            // SAFETY: the caller's promise.
            let word = unsafe { *homes.add(*home as usize) };
            match kind {
                Kind::Float => Value::float(f64::from_bits(word)),
                Kind::Bool => Value::bool(word != 0),
                Kind::Value | Kind::Any => Value(word),
                Kind::Int => Value::small_int(word as i64),
            }
        }
        Source::Alloc(_) => unreachable!("it is plain"),
    }
}

/// Writes the frames and makes the last one the running one.
///
/// # Safety
/// As for `rebuild`; the snapshot is plain.
pub unsafe fn write_frames(
    vm: &mut Vm,
    root: *mut Frame,
    frames: &[SnapshotFrame],
    sources: &[FrameSources],
    homes: *const u64,
) -> State {
    let mut running = root;
    let mut state = State::OVER;
    for (frame, sources) in frames.iter().zip(sources) {
        // SAFETY: the caller's promise.
        unsafe {
            let origin = sources.origin.as_ref().map_or(Value::UNBOUND, |source| value_of(source, homes));
            running = match frame.origin {
                FrameOrigin::Root => root,
                FrameOrigin::Call { kind, .. } => push_inlined(vm, running, frame, origin, kind),
                FrameOrigin::Resume { .. } => enter_inlined(vm, running, origin),
            };
            state = write_slots(running, frame, sources.slots.iter().map(|source| value_of(source, homes)));
        }
        vm.depth += u32::from(frame.origin != FrameOrigin::Root);
    }
    vm.frame = running;
    state
}
