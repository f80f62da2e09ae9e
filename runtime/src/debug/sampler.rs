//! Samples of the main thread: where it was, each millisecond of its processor time, or as often as the system's clock ticks.
//!
//! ```text
//!   signal ─► look: address, executor, exit, activity, frame ─► ring ─► drained at polls, collections, the end ─► Profile
//! ```
//!
//! What the thread does is noted where it changes: collecting and compiling always, natives only while somebody looks. All else
//! follows from the address and the executor that runs.

use super::profile::{Profile, Spot};
use crate::exec::Executor;
use crate::host::HostResult;
use crate::host::sampling::Sampling;
use crate::interp::code::Instruction;
use crate::object::native::NativeBinding;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::ffi::c_void;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Processor time between two samples.
const PERIOD: Duration = Duration::from_millis(1);
/// Samples between two drains; more are only counted.
const N_SAMPLES: usize = 8192;
/// No place in the ring while it is drained.
const CLOSED: usize = usize::MAX / 2;

/// What a thread does, as far as that is noted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Activity {
    #[default]
    Program,
    Native,
    Collecting,
    Compiling,
    /// Derived: the recorder is on.
    Recording,
}

impl Activity {
    const ALL: [Activity; 5] =
        [Activity::Program, Activity::Native, Activity::Collecting, Activity::Compiling, Activity::Recording];
}

/// One sample, written by the handler and read by who drains.
#[derive(Default)]
struct Sample {
    pc: AtomicUsize,
    executor: AtomicU64,
    exit: AtomicU32,
    activity: AtomicU32,
    /// The running frame's code object, 0: not known; and the instruction in it.
    code: AtomicU64,
    ip: AtomicU32,
}

struct Ring {
    vm: AtomicPtr<Vm>,
    /// What tells that the main thread has the lock.
    main: usize,
    n: AtomicUsize,
    n_lost: AtomicU64,
    samples: Box<[Sample]>,
}

/// The sampler of a VM. Dropping it ends the sampling.
pub struct Sampler {
    _sampling: Sampling,
    /// Never freed: a handler may be at it.
    ring: &'static Ring,
    pub profile: Profile,
}

/// The signal handler's part.
///
/// # Safety
/// The context is a ring; the thread is the main thread of its VM, if that lives.
unsafe fn look(context: *const c_void, pc: usize) {
    // SAFETY: the caller's promise. While the main thread has the lock nobody else changes the VM, and it stands still itself:
    // its words are read as they are. A frame that runs has code.
    unsafe {
        let ring = &*context.cast::<Ring>();
        let vm = ring.vm.load(Ordering::Relaxed);
        let n = ring.n.load(Ordering::Relaxed);
        let claimed = ring.n.compare_exchange(n, n + 1, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        let Some(sample) = ring.samples.get(n).filter(|_| claimed && !vm.is_null()) else {
            ring.n_lost.fetch_add(1, Ordering::Relaxed);
            return;
        };
        sample.pc.store(pc, Ordering::Relaxed);
        let has_lock = (*vm).thread.mark() == ring.main;
        let (mut executor, mut exit, mut activity, mut code, mut ip) = (0, 0, Activity::Native, 0, 0);
        if has_lock {
            let thread = &(*vm).thread;
            (executor, exit) = (thread.current_executor, thread.exit_index);
            activity = if (*vm).jit.recording { Activity::Recording } else { (*vm).activity };
            let frame = thread.frame;
            if !frame.is_null() && !(*frame).code.is_null() {
                let first = (*(*frame).code).instructions.as_ptr();
                code = (*frame).code_object as u64;
                ip = ((*frame).ip as usize).wrapping_sub(first as usize) / size_of::<Instruction>();
            }
        }
        sample.executor.store(executor, Ordering::Relaxed);
        sample.exit.store(exit, Ordering::Relaxed);
        sample.activity.store(activity as u32, Ordering::Relaxed);
        sample.ip.store(ip as u32, Ordering::Relaxed);
        sample.code.store(code, Ordering::Relaxed);
        if n == N_SAMPLES / 2 {
            (*vm).pending.store(1, Ordering::Release);
        }
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        self.ring.vm.store(std::ptr::null_mut(), Ordering::Relaxed);
    }
}

/// Calls a native, which is noted.
pub(crate) fn call_timed(vm: &mut Vm, binding: &NativeBinding, arguments: &[Value]) -> PyResult {
    let before = vm.begin(Activity::Native);
    let result = (binding.row.function)(vm, binding, arguments);
    vm.activity = before;
    result
}

impl Vm {
    /// Notes what the thread does from now on; gives what it did before.
    #[inline]
    pub(crate) fn begin(&mut self, activity: Activity) -> Activity {
        std::mem::replace(&mut self.activity, activity)
    }

    /// Begins to look at this thread, which is the main thread.
    pub fn start_sampling(&mut self) -> HostResult<()> {
        self.time_natives();
        let samples = std::iter::repeat_with(Sample::default).take(N_SAMPLES).collect();
        let ring: &'static Ring = Box::leak(Box::new(Ring {
            vm: AtomicPtr::new(&raw mut *self),
            main: self.thread.mark(),
            n: AtomicUsize::new(0),
            n_lost: AtomicU64::new(0),
            samples,
        }));
        // SAFETY: the ring lives for good, and knows the VM only while that lives: the sampler is dropped with it.
        let sampling = unsafe { Sampling::start(PERIOD, look, (&raw const *ring).cast())? };
        self.sampler = Some(Box::new(Sampler { _sampling: sampling, ring, profile: Profile::default() }));
        Ok(())
    }

    /// Takes the samples up. To be called before what they refer to is freed.
    pub(crate) fn drain_samples(&mut self) {
        let Some(mut sampler) = self.sampler.take() else { return };
        let ring = sampler.ring;
        let n = ring.n.swap(CLOSED, Ordering::AcqRel);
        for sample in ring.samples.iter().take(n) {
            let spot = self.spot_of(sample);
            let code = sample.code.swap(0, Ordering::Relaxed);
            sampler.profile.add(spot);
            if self.jit.config.report && code != 0 {
                // For the report, which comes last.
                self.jit.pin_for_good(Value(code));
                sampler.profile.add_line(spot, code, sample.ip.load(Ordering::Relaxed));
            }
        }
        ring.n.store(0, Ordering::Release);
        sampler.profile.n_lost = ring.n_lost.load(Ordering::Relaxed);
        self.sampler = Some(sampler);
    }

    fn spot_of(&self, sample: &Sample) -> Spot {
        let activity = Activity::ALL[sample.activity.load(Ordering::Relaxed) as usize % Activity::ALL.len()];
        let address = sample.executor.load(Ordering::Relaxed) as *const Executor;
        match activity {
            Activity::Collecting => return Spot::Collecting,
            Activity::Compiling => return Spot::Compiling,
            Activity::Recording => return Spot::Recording,
            Activity::Program | Activity::Native => {}
        }
        let is_native = activity == Activity::Native;
        // SAFETY: executors live as long as the VM.
        let Some(executor) = (unsafe { address.as_ref() }) else {
            return if is_native { Spot::Native(None) } else { Spot::Tier1 };
        };
        let pc = sample.pc.load(Ordering::Relaxed);
        let inside = executor.compiled.as_ref().map(|code| (code, pc.wrapping_sub(code.entry)));
        let Some((code, offset)) = inside.filter(|(code, offset)| *offset < code.size_bytes as usize) else {
            if executor.uops.is_some() && !is_native {
                return Spot::Compiled(executor.id, None);
            }
            // Called from compiled code, by the micro-op whose exit was written down.
            let exit = Some(crate::uop::ExitIdx(sample.exit.load(Ordering::Relaxed)));
            let uop = executor.superblock.uops.iter().position(|uop| uop.exit == exit).map(|at| at as u32);
            let from = Some((executor.id, uop));
            return if is_native { Spot::Native(from) } else { Spot::Called(executor.id, uop) };
        };
        let behind = code.offsets.partition_point(|at| at.offset as usize <= offset);
        Spot::Compiled(executor.id, behind.checked_sub(1).map(|at| code.offsets[at].uop.0))
    }
}
