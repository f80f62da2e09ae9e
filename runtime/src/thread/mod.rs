//! Threads of a VM: real ones of the system, of which the one that has the VM's lock runs.
//!
//! ```text
//!   Vm ── thread: Thread ◄── the thread that runs; compiled code reaches it by offset from the VM
//!    └── threads ── parked: [Thread, …]     those that wait for their turn, or for something else
//!                └─ lock: who has it, and who is next
//! ```
//!
//! A thread that steps aside moves its `Thread` to the parked ones, with all that it has on its native stack to be scanned from
//! where it stands; the next one moves its own into the VM. Nobody looks at the VM between the two. Threads change over
//! at polls, when another has waited for `switch_interval`, and around what may block: `Vm::allow_threads`.

mod lock;
mod start;
mod switch;
mod wait;

pub use lock::Parker;
pub use start::MIN_STACK_BYTES;

use crate::exec::{LightFrame, Run};
use crate::interp::frame::Frame;
use crate::value::Value;
use crate::vm::{DATA_STACK_RESERVE_WORDS, Vm};
use lock::VmLock;
use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Slots of the data stack.
const DATA_STACK_WORDS: usize = 8 << 20;
/// Native stack that is left alone below the limit.
const NATIVE_STACK_RESERVE: usize = 256 << 10;
/// How long one thread may keep the others waiting.
const SWITCH_INTERVAL: Duration = Duration::from_millis(5);

/// What is a thread's own.
#[repr(C)]
pub struct Thread {
    /// Exit that a call of compiled code stands at.
    pub exit_index: u32,
    pub depth: u32,
    /// The executor that runs, in the running frame; 0 while tier 1 does.
    pub current_executor: u64,
    /// The innermost run of executors.
    pub(crate) runs: *const Run,
    /// The innermost frame of an executable.
    pub(crate) light: *const LightFrame,
    /// The lowest address the native stack may reach.
    pub native_stack_limit: usize,
    /// What `finish_return` gives.
    pub result: Value,
    /// The exception being raised, or unbound.
    pub exception: Value,
    /// The running frame.
    pub frame: *mut Frame,
    /// First free word of the data stack, and how far calls may push it; `DATA_STACK_RESERVE_WORDS` more follow.
    pub data_top: *mut Value,
    pub data_end: *mut Value,
    /// The exception being handled (`sys.exception()`), or None.
    pub handled: Value,
    data_base: *mut Value,
    native_stack_base: usize,
    /// From here up the native stack has what was on it, and in registers, as the innermost dispatcher began.
    pub(crate) outside_dispatcher: usize,
    /// What the native that is called now may take.
    pub(crate) bare_stack: BareStack,
    /// The running collection looks at no native stack below this.
    pub(crate) scanned_from: usize,
    /// Where the native stack ends while the thread is parked.
    parked_at: usize,
    /// The context whose variables are current; unbound: the first one, of which nothing has been asked.
    pub context: Value,
    /// A list of weak references to the objects that have attributes of this thread's own, or unbound; see `_thread._local`.
    pub locals: Value,
    pub async_generator_hooks: AsyncGeneratorHooks,
    /// How many of the frames that made it a coroutine keeps.
    pub origin_depth: u32,
    /// What the thread was started with.
    argument: Value,
    /// To be raised at the thread's next poll, or unbound.
    pub(crate) sent_exception: Value,
    /// Containers whose repr is being made; they are held by the callers' frames too.
    pub being_shown: hashbrown::HashSet<Value>,
    /// A finalizer or a callback runs.
    pub(crate) is_in_farewell: bool,
    /// Signals that arrived meanwhile, by their bits.
    pub(crate) deferred_signals: u128,
    /// What `sys.settrace` and `sys.setprofile` were given, or unbound.
    pub(crate) trace: Value,
    pub(crate) profile: Value,
    /// Somebody is being told of what runs, and is told of nothing meanwhile.
    pub(crate) is_telling: bool,
    /// The frame that has just jumped, to an instruction at which the jump turns the answer: see `watch`.
    pub(crate) turned_at: Option<(usize, usize)>,
    /// What is being told of, and of which frame.
    pub(crate) told_event: Option<(crate::watch::Event, *mut Frame)>,
    /// `None`: no thread's.
    id: Option<Arc<ThreadId>>,
}

/// That nothing on the native stack below an address is alive, which is so where a dispatcher has called a native that has
/// done nothing yet: what lives is in frames, or was there before the dispatcher began. By default there is no such address.
#[derive(Clone, Copy, Default)]
pub struct BareStack(pub(crate) usize);

/// What a thread calls for asynchronous generators that begin, and for those that die unfinished; unbound: nothing.
#[derive(Clone, Copy)]
pub struct AsyncGeneratorHooks {
    pub first_iteration: Value,
    pub finalizer: Value,
}

/// What tells a thread apart, and what it waits with.
#[derive(Debug)]
pub(crate) struct ThreadId {
    /// Unlike the system's, never used again.
    number: u64,
    /// The system's handle, and its number.
    ident: i64,
    is_main: bool,
    /// Waits for the VM's lock, and for other things.
    turn: Parker,
    /// Its last turn was brief, and it ended it by itself.
    was_brief: AtomicBool,
    waker: Parker,
}

impl ThreadId {
    fn new(number: u64, ident: i64, is_main: bool) -> ThreadId {
        ThreadId {
            number,
            ident,
            is_main,
            turn: Parker::new(),
            was_brief: AtomicBool::new(false),
            waker: Parker::new(),
        }
    }
}

/// A thread that waits to be woken, until which it stands among those that do.
struct Waiting {
    /// The address that stands for what it waits for.
    key: usize,
    /// Of all waits. Who waits may run code that waits for something else.
    wait: u64,
    thread: Arc<ThreadId>,
}

/// The threads of a VM, but for what is the running one's.
pub struct Threads {
    /// When somebody who was to wait has collected, and how long that took; at first, when somebody waited first.
    collected_while_waiting: Option<(Instant, Duration)>,
    parked: Vec<Thread>,
    /// Those of the process that this one is a copy of; they do not run.
    forgotten: Vec<Thread>,
    lock: Arc<VmLock>,
    next_number: u64,
    main_ident: i64,
    /// Who waits for what, in the order of their coming.
    waiting: Vec<Waiting>,
    /// How often somebody waited.
    n_waits: u64,
    /// The others do not run any more.
    is_closed: bool,
    /// Polls so far, under stress.
    n_polls: u64,
}

impl Thread {
    /// A number that tells a thread that lives apart; 0: no thread's.
    pub(crate) fn mark(&self) -> usize {
        self.id.as_ref().map_or(0, |id| Arc::as_ptr(id) as usize)
    }

    /// A thread without stacks, which stands where no thread does.
    fn blank() -> Thread {
        Thread {
            exit_index: 0,
            depth: 0,
            current_executor: 0,
            runs: std::ptr::null(),
            light: std::ptr::null(),
            native_stack_limit: 0,
            result: Value::UNBOUND,
            exception: Value::UNBOUND,
            frame: std::ptr::null_mut(),
            data_top: std::ptr::null_mut(),
            data_end: std::ptr::null_mut(),
            handled: Value::NONE,
            data_base: std::ptr::null_mut(),
            native_stack_base: 0,
            outside_dispatcher: 0,
            bare_stack: BareStack::default(),
            scanned_from: 0,
            parked_at: 0,
            context: Value::UNBOUND,
            locals: Value::UNBOUND,
            async_generator_hooks: AsyncGeneratorHooks { first_iteration: Value::UNBOUND, finalizer: Value::UNBOUND },
            origin_depth: 0,
            argument: Value::UNBOUND,
            sent_exception: Value::UNBOUND,
            being_shown: hashbrown::HashSet::new(),
            is_in_farewell: false,
            deferred_signals: 0,
            trace: Value::UNBOUND,
            profile: Value::UNBOUND,
            is_telling: false,
            turned_at: None,
            told_event: None,
            id: None,
        }
    }

    /// One with a data stack; `None`: there is no room for that.
    fn new() -> Option<Thread> {
        let mut thread = Thread::blank();
        let base = map_data_stack()?;
        (thread.data_base, thread.data_top) = (base, base);
        thread.data_end = base.wrapping_add(DATA_STACK_WORDS - DATA_STACK_RESERVE_WORDS);
        Some(thread)
    }

    /// The thread that makes the VM.
    pub(crate) fn main() -> Thread {
        let mut thread = Thread::new().expect("address space for a data stack");
        thread.id = Some(Arc::new(ThreadId::new(0, crate::host::thread_handle(), true)));
        thread
    }

    /// Records the native stack that the thread may use from here down.
    pub fn set_native_stack(&mut self, base: usize, bytes: usize) {
        self.native_stack_base = base;
        self.native_stack_limit = base - bytes + NATIVE_STACK_RESERVE;
    }

    /// Shows the collector what the thread holds outside its native stack.
    pub(crate) fn visit_roots(&self, visit: &mut dyn FnMut(usize)) {
        let AsyncGeneratorHooks { first_iteration, finalizer } = self.async_generator_hooks;
        let own = [self.result, self.exception, self.handled, self.context, self.locals, self.argument];
        for value in own.into_iter().chain([self.sent_exception, first_iteration, finalizer, self.trace, self.profile])
        {
            visit(value.0 as usize);
        }
        let mut at = self.data_base;
        while at < self.data_top {
            // SAFETY: below `data_top` the data stack is in use.
            visit(unsafe { *at }.0 as usize);
            at = at.wrapping_add(1);
        }
        let mut light = self.light;
        // SAFETY: linked frames are live.
        while let Some(frame) = unsafe { light.as_ref() } {
            frame.visit(visit);
            light = frame.outer;
        }
        let mut frame = self.frame;
        while !frame.is_null() {
            // SAFETY: linked frames are live. A running generator's slots are written without barriers, so they are roots
            // of their own: an old generator would not be traced.
            unsafe {
                if !(*frame).generator.is_null() {
                    visit((*frame).generator as usize);
                    for slot in 0..(*(*frame).code).frame_slots() {
                        visit((*Frame::slot(frame, slot)).0 as usize);
                    }
                }
                frame = (*frame).previous;
            }
        }
    }

    /// A dispatcher calls a native: it may take this at once.
    pub(crate) fn offer_bare_stack(&mut self) {
        self.bare_stack = BareStack(self.outside_dispatcher);
    }

    pub(crate) fn stack_base(&self) -> usize {
        self.native_stack_base
    }

    /// Parts of the native stack, from the innermost on, that hold nothing, where no executor has more homes than `max_homes`.
    pub(crate) fn dead_stack(&self, max_homes: usize) -> Vec<Range<usize>> {
        let mut dead = Vec::new();
        let mut run = self.runs;
        while !run.is_null() {
            // SAFETY: runs are linked as long as they are under way.
            unsafe {
                let homes = (*run).homes as usize;
                dead.push(homes + 8 * max_homes..homes + 8 * crate::backend::MAX_HOMES);
                run = (*run).outer;
            }
        }
        dead
    }

    /// How many runs of executors are under way.
    pub(crate) fn n_runs(&self) -> u32 {
        let mut n_runs = 0;
        let mut run = self.runs;
        while !run.is_null() {
            n_runs += 1;
            // SAFETY: runs are linked as long as they are under way.
            run = unsafe { (*run).outer };
        }
        n_runs
    }

    fn id(&self) -> &Arc<ThreadId> {
        self.id.as_ref().expect("a thread runs")
    }

    /// The system's handle of it.
    pub(crate) fn ident(&self) -> i64 {
        self.id().ident
    }

    fn number(&self) -> Option<u64> {
        self.id.as_ref().map(|id| id.number)
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        if !self.data_base.is_null() {
            // SAFETY: mapped by `map_data_stack`; the thread is over, and no frame is left.
            let _ = unsafe { rustix::mm::munmap(self.data_base.cast(), DATA_STACK_WORDS * 8) };
        }
    }
}

fn map_data_stack() -> Option<*mut Value> {
    use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};
    // SAFETY: an anonymous private mapping at an address of the kernel's choice.
    let stack = unsafe {
        mmap_anonymous(
            std::ptr::null_mut(),
            DATA_STACK_WORDS * 8,
            ProtFlags::READ | ProtFlags::WRITE,
            MapFlags::PRIVATE | MapFlags::NORESERVE,
        )
    };
    stack.ok().map(|stack| stack.cast())
}

impl Threads {
    pub(crate) fn new() -> Threads {
        Threads {
            parked: Vec::new(),
            forgotten: Vec::new(),
            lock: Arc::new(VmLock::new(SWITCH_INTERVAL)),
            next_number: 1,
            main_ident: crate::host::thread_handle(),
            waiting: Vec::new(),
            n_waits: 0,
            is_closed: false,
            n_polls: 0,
            collected_while_waiting: None,
        }
    }

    pub(crate) fn parked(&self) -> &[Thread] {
        &self.parked
    }

    /// Shows the collector what threads hold outside their native stacks that do not run at the moment.
    pub(crate) fn visit_roots(&self, visit: &mut dyn FnMut(usize)) {
        self.parked.iter().chain(&self.forgotten).for_each(|thread| thread.visit_roots(visit));
    }

    pub(crate) fn parked_mut(&mut self) -> impl Iterator<Item = &mut Thread> {
        self.parked.iter_mut()
    }

    /// Nobody else can run.
    fn is_alone(&self) -> bool {
        self.parked.is_empty() || self.is_closed
    }

    pub fn switch_interval(&self) -> Duration {
        self.lock.interval()
    }

    pub fn set_switch_interval(&self, interval: Duration) {
        self.lock.set_interval(interval);
    }

    /// Threads beside the running one.
    pub fn n_others(&self) -> usize {
        self.parked.len()
    }

    pub fn main_ident(&self) -> i64 {
        self.main_ident
    }
}

impl Vm {
    pub fn is_main_thread(&self) -> bool {
        self.id().is_main
    }

    /// The system's handle of the running thread.
    pub fn thread_ident(&self) -> i64 {
        self.id().ident
    }

    /// A number of the running thread that no other one gets.
    pub fn thread_number(&self) -> u64 {
        self.id().number
    }

    /// Does the thread of this number exist still?
    pub fn is_thread(&self, number: u64) -> bool {
        self.id().number == number || self.threads.parked.iter().any(|thread| thread.number() == Some(number))
    }
}

/// The VM as the running thread has it.
impl Deref for Vm {
    type Target = Thread;
    #[inline(always)]
    fn deref(&self) -> &Thread {
        &self.thread
    }
}

impl DerefMut for Vm {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Thread {
        &mut self.thread
    }
}
