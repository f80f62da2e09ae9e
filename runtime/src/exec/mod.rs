//! Executors: what runs superblocks, how their exits heat up, and how they are stitched and fused.
//!
//! ```text
//!   hot back edge / entry ─► record ─► optimize ─► compile ─► install (ENTER_EXECUTOR)
//!                            └ program's thread   └ compile thread     └ program's thread, at its next poll
//!   exit taken ─► counted ─► hot: frames rebuilt, recorded from there ─► compiled ─► the exit's jump is patched
//!   side trace comes back to its root ─► the tree is fused into one executor, which takes the root's place
//! ```

mod background;
mod cache;
mod calls;
pub mod dependencies;
mod exceptions;
mod executable;
mod external;
mod frames;
pub mod helpers;
mod hot;
mod install;
mod job;
mod kept;
mod leaving;
mod lists;
mod losers;
pub mod machine;
pub mod rebuild;
mod run;
mod share;
pub mod stats;
mod stitch;
mod stress;
pub mod taken_out;
mod timed;
mod tree;
pub mod trial;

pub use calls::ReturnPoint;
pub use dependencies::Dependency;
pub(crate) use executable::LightFrame;
pub use executable::{Executable, Reified, Reifier};
pub use frames::Run;
pub(crate) use frames::{Place, RunningFrame};
pub use hot::{hot_back_edge, hot_entry};
pub(crate) use install::optimize_recording;
pub use install::recording_done;
pub use run::enter;
pub use stats::Stats;

use crate::backend::uops::UopCode;
use crate::backend::{Backend, Compiled, Shim};
use crate::debug::observe::{Failures, Observers};
use crate::debug::tools::Tools;
use crate::interp::code::{Code, Instruction};
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::interp::op::Op as Instr;
use crate::object::layout::{CodeObject, FunctionObject};
use crate::opt::fuse::SideStart;
use crate::optimizer::{External, Optimizers};
use crate::trace::Recorder;
use crate::uop::{ExitIdx, ExitKind, ExitOrigin, Superblock};
use crate::value::Value;
use crate::vm::{Vm, VmConfig};
use dependencies::Dependencies;
use hashbrown::{HashMap, HashSet};
use install::{InWork, Worker};
use job::LoopRecording;
pub use leaving::exit_before;
use std::sync::Arc;
use std::time::Instant;
use stitch::Pointer;
use taken_out::TakenOut;
use tree::TreeState;

/// Times an exit is taken before its side trace is recorded.
const EXIT_THRESHOLD: u32 = 390;

/// Knobs of the JIT.
#[derive(Clone, Debug)]
pub struct JitConfig {
    pub mode: crate::config::JitMode,
    /// Back edges before a loop is recorded.
    pub loop_threshold: u32,
    /// Entries before a function is.
    pub entry_threshold: u32,
    /// Times an exit is taken before a side trace is recorded.
    pub exit_threshold: u32,
    pub fuse: bool,
    /// Counts the instructions that run in tier 1 and in executors, which slows both.
    pub count_steps: bool,
    /// Compile on a thread of its own.
    pub background: bool,
    pub dump: crate::config::DumpStages,
    /// A report is made of it at the end.
    pub report: bool,
    pub stress: crate::debug::stress::Stress,
}

impl Default for JitConfig {
    fn default() -> Self {
        JitConfig {
            mode: crate::config::JitMode::Off,
            loop_threshold: 1_030,
            entry_threshold: 1_630,
            exit_threshold: EXIT_THRESHOLD,
            fuse: true,
            count_steps: false,
            background: false,
            dump: crate::config::DumpStages::default(),
            report: false,
            stress: crate::debug::stress::Stress::default(),
        }
    }
}

/// What an executor is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutorKind {
    Loop,
    Entry,
    Side,
    /// From where a call has returned.
    Return,
    /// A root loop with its side traces, as one function.
    Fused,
    /// What another optimizer gave, in place of a loop or an entry.
    External,
}

/// An exit and how hot it is.
#[derive(Clone, Debug)]
pub struct ExitData {
    pub kind: ExitKind,
    /// Times taken since the last attempt to record from it.
    pub hotness: u32,
    /// Times to take before the next attempt; `u32::MAX`: never again.
    pub threshold: u32,
    /// Times taken in all.
    pub taken: u64,
    /// The side trace it is joined to.
    pub target: Option<u32>,
    /// Its side trace is being compiled.
    pub is_in_work: bool,
    /// Micro-ops before it; `u32::MAX`: it is in a loop.
    pub work_before: u32,
}

/// The runtime object that executes one superblock. Compiled code knows its address.
/// What entering looks at comes first, together: of hundreds that take turns, little stays in the cache.
#[repr(C)]
pub struct Executor {
    /// Zero once something that the code relies on has changed.
    pub valid: u32,
    pub id: u32,
    pub kind: ExecutorKind,
    /// Instruction that it replaces (loops and entries), or that calls (returns).
    pub install_ip: u32,
    /// Instruction that it starts at, and stack depth there.
    pub start_ip: u32,
    pub stack_depth: usize,
    /// Fused executor that took a root's place.
    pub replaced_by: Option<u32>,
    pub runs: u64,
    /// It is timed when it has run so often; `u64::MAX`: never.
    trial_at: u64,
    /// When it was entered last, or left, by the count of entries.
    pub last_used: u64,
    pub compiled: Option<Compiled>,
    pub code: *mut Code,
    /// Address of the code object, which is pinned.
    pub code_object: u64,
    pub superblock: Arc<Superblock>,
    pub uops: Option<UopCode>,
    /// The superblock after each pass, as text, where a report is wanted.
    pub passes: Vec<(&'static str, String)>,
    pub exits: Vec<ExitData>,
    /// The root loop or entry that it belongs to (itself, for a root).
    pub root: u32,
    /// The side trace that it is for another exit.
    pub transplant_of: Option<u32>,
    /// Where a side trace starts: the executor and exit, as they were before fusing, and its state.
    pub parent: Option<(u32, ExitIdx)>,
    /// The root of a worse recording, in whose place it runs.
    pub stands_for: Option<u32>,
    pub start: Option<Arc<SideStart>>,
    pub children: Vec<u32>,
    /// What a root loop was recorded as, for fusing.
    pub recording: Option<Arc<LoopRecording>>,
    pub dependencies: Vec<Dependency>,
    /// The objects that its code holds or relies on.
    pub(super) kept: Box<[Value]>,
    /// Whether it is worth being entered.
    pub record: losers::Record,
    timing: timed::Timing,
    /// Micro-ops until the function returns that an entry is of; `u32::MAX` if it loops, and of other kinds.
    pub work_before_return: u32,
    /// A newer fused executor runs in its place.
    pub is_superseded: bool,
    /// Of roots.
    pub tree: TreeState,
    /// Exits and jumps that lead here.
    pub pointers: Vec<Pointer>,
    /// Runs that were told to leave it, which makes it look invalid; whether it is but for that; and exits that are apart
    /// from their side traces meanwhile.
    n_leaving: u32,
    was_valid: bool,
    parted: Vec<ExitIdx>,
    /// Why it cannot be entered any more.
    pub taken_out: Option<TakenOut>,
    /// What runs in place of a superblock, of external ones.
    pub(crate) external: Option<Box<External>>,
}

impl Executor {
    /// The exit of a tree's own traces that an exit is, or was copied from.
    pub(crate) fn origin_of(&self, exit: ExitIdx) -> Option<(u32, ExitIdx)> {
        match (self.kind, self.superblock.origins.get(exit.index())) {
            (ExecutorKind::Fused, Some(ExitOrigin::Executor(origin, exit))) => Some((*origin, *exit)),
            (ExecutorKind::Fused, _) => None,
            _ => Some((self.transplant_of.unwrap_or(self.id), exit)),
        }
    }

    /// What it holds beside its code, near enough.
    fn held_bytes(&self) -> usize {
        let recording = self.recording.as_ref();
        let recording = recording.map_or(0, |it| it.emitter.superblock.held_bytes() + it.emitter.facts.held_bytes());
        size_of::<Executor>()
            + self.superblock.held_bytes()
            + self.exits.capacity() * size_of::<ExitData>()
            + size_of_val(&*self.kept)
            + recording
    }

    /// One that has no code yet. Side traces and fused executors set their root.
    fn new(kind: ExecutorKind, code: *mut Code, start_ip: u32) -> Executor {
        Executor {
            valid: 1,
            id: u32::MAX,
            kind,
            code,
            code_object: 0,
            start_ip,
            stack_depth: 0,
            install_ip: 0,
            superblock: Arc::default(),
            uops: None,
            compiled: None,
            passes: Vec::new(),
            exits: Vec::new(),
            root: u32::MAX,
            transplant_of: None,
            parent: None,
            stands_for: None,
            start: None,
            children: Vec::new(),
            recording: None,
            dependencies: Vec::new(),
            kept: Box::default(),
            runs: 0,
            trial_at: u64::MAX,
            last_used: 0,
            record: losers::Record::default(),
            timing: timed::Timing::NONE,
            work_before_return: u32::MAX,
            is_superseded: false,
            replaced_by: None,
            tree: TreeState::default(),
            pointers: Vec::new(),
            n_leaving: 0,
            was_valid: true,
            parted: Vec::new(),
            taken_out: None,
            external: None,
        }
    }
}

/// The JIT's state of one VM.
pub struct Jit {
    pub config: JitConfig,
    /// The recorder is on.
    pub recording: bool,
    /// What a recording is told apart by: one more with each that begins or is abandoned.
    pub(crate) recording_number: u64,
    pub recorder: Option<Box<Recorder>>,
    /// Where tier 1 goes on when a handler switched the recorder on.
    pub(crate) resume_at: Option<State>,
    pub backend: Option<Box<dyn Backend>>,
    /// The backend's, once something is installed: entering asks nobody.
    pub shim: Option<Shim>,
    /// Those beside the backend.
    pub optimizers: Optimizers,
    /// By id. Executors live as long as the VM: a frame below may still be in one.
    pub executors: Vec<Box<Executor>>,
    by_start: HashMap<(u64, u32), u32>,
    /// By where they start: roots that were taken out for another recording.
    retired: HashMap<(u64, u32), Vec<u32>>,
    #[expect(clippy::vec_box, reason = "instructions point to them")]
    return_points: Vec<Box<ReturnPoint>>,
    worker: Option<Worker>,
    in_work: Vec<InWork>,
    /// Roots whose trees are to be fused.
    to_fuse: Vec<u32>,
    /// Runs of executors under way, one inside of the other.
    n_running: u32,
    /// Code could not be put in its place, and none could be freed.
    wants_room: bool,
    pressure: cache::Pressure,
    /// What times of the VM count from.
    began: Instant,
    /// Jobs so far.
    n_jobs: u64,
    recording_since: Option<Instant>,
    dependencies: Dependencies,
    /// By code and instruction.
    pub(crate) failures: HashMap<(u64, u32), Failures>,
    /// Objects that are kept for good.
    pinned: HashSet<u64>,
    /// Those that are kept for what is being recorded.
    recorded: Vec<Value>,
    /// Executors at the last collection: what those keep is old.
    n_old: usize,
    /// Those that only they themselves keep alive, as the last full collection saw it: to be freed.
    unreached: Vec<u32>,
    /// There are such, or others that were taken out and are not freed.
    wants_sweep: bool,
    watched_functions: HashSet<u64>,
    /// Classes and names that compiled code changes and takes for variables; plain values stand there.
    pub(crate) class_variables: HashSet<(u64, u64)>,
    /// Generators' code (by address) that made a recording fail: it is not followed any more.
    unfollowed: HashSet<u64>,
    /// Of any executor there was.
    pub max_homes: usize,
    pub stats: Stats,
    /// What executors may rely on and changed while the recorder was on.
    changed_while_recording: Vec<Dependency>,
    stress: stress::StressState,
    /// Who is told of what it does.
    pub observers: Observers,
    pub tools: Tools,
}

impl Jit {
    pub fn new(config: &VmConfig) -> Jit {
        let config = config.jit.clone();
        Jit {
            stress: stress::StressState::new(&config.stress),
            config,
            recording: false,
            recording_number: 0,
            recorder: None,
            resume_at: None,
            backend: None,
            shim: None,
            optimizers: Optimizers::default(),
            executors: Vec::new(),
            by_start: HashMap::new(),
            retired: HashMap::new(),
            return_points: Vec::new(),
            worker: None,
            in_work: Vec::new(),
            to_fuse: Vec::new(),
            n_running: 0,
            wants_room: false,
            pressure: cache::Pressure::default(),
            began: Instant::now(),
            n_jobs: 0,
            recording_since: None,
            dependencies: Dependencies::default(),
            failures: HashMap::new(),
            pinned: HashSet::new(),
            recorded: Vec::new(),
            n_old: 0,
            unreached: Vec::new(),
            wants_sweep: false,
            watched_functions: HashSet::new(),
            class_variables: HashSet::new(),
            unfollowed: HashSet::new(),
            max_homes: 0,
            stats: Stats::default(),
            changed_while_recording: Vec::new(),
            observers: Observers::default(),
            tools: Tools::default(),
        }
    }
    pub fn is_enabled(&self) -> bool {
        self.config.mode != crate::config::JitMode::Off
    }
    pub fn loop_counter(&self) -> u16 {
        self.config.loop_threshold.min(u16::MAX as u32) as u16
    }
    pub fn entry_counter(&self) -> u16 {
        self.config.entry_threshold.min(u16::MAX as u32) as u16
    }
    /// Keeps an object alive for good.
    pub fn pin_for_good(&mut self, value: Value) {
        self.pinned.insert(value.0);
    }
    /// Keeps an object alive for what is being recorded, and then for its executor.
    pub fn pin(&mut self, value: Value) {
        self.recorded.push(value);
    }
    /// The root executor that starts at an instruction.
    pub fn executor_starting_at(&self, code: u64, ip: u32) -> Option<u32> {
        let id = *self.by_start.get(&(code, ip))?;
        (self.executors[id as usize].valid != 0).then_some(id)
    }
    /// Does `outer`'s loop enclose the loop of `root` (in the same code)?
    pub fn encloses(&self, outer: &Executor, root: u32) -> bool {
        let inner = &self.executors[root as usize];
        outer.kind == ExecutorKind::Loop
            && inner.kind == ExecutorKind::Loop
            && inner.code == outer.code
            && outer.start_ip <= inner.start_ip
            && inner.install_ip <= outer.install_ip
    }
    /// Is what is installed in this ENTER_EXECUTOR another optimizer's?
    pub fn is_external(&self, ip: *mut Instruction) -> bool {
        // SAFETY: `ip` is an installed ENTER_EXECUTOR, whose first cache word holds the executor.
        let id = unsafe { (*ip).cache[0] };
        self.executors[id as usize].kind == ExecutorKind::External
    }
    /// The instruction that ENTER_EXECUTOR stands for.
    pub fn original_op(&self, ip: *mut Instruction) -> Instr {
        // SAFETY: `ip` is an installed ENTER_EXECUTOR, whose second cache word holds the instruction it replaced.
        Instr::from_number(unsafe { (*ip).cache[1] } as u16)
    }
    /// So much is being compiled that nothing more is recorded.
    pub fn is_busy(&self) -> bool {
        self.in_work.len() >= install::MAX_IN_WORK
    }
    /// Is a root that starts there, or is to be installed there, being compiled?
    pub fn root_in_work(&self, code: *mut Code, is_it: impl Fn(&Executor) -> bool) -> Option<&Executor> {
        let roots = self.in_work.iter().map(|job| &*job.executor);
        roots
            .filter(|executor| matches!(executor.kind, ExecutorKind::Loop | ExecutorKind::Entry))
            .find(|executor| executor.code == code && is_it(executor))
    }
    pub fn watch_function(&mut self, function: Value) {
        self.watched_functions.insert(function.0);
    }
    /// Did resuming a generator of this code make a recording fail?
    pub fn is_unfollowed(&self, code: *const Code) -> bool {
        self.unfollowed.contains(&(code as u64))
    }
    /// Has this name changed too often to be assumed constant?
    pub fn is_unstable(&self, dict: Value, name: Value) -> bool {
        self.dependencies.is_unstable(Dependency::Name(dict.0, name.0))
    }
    /// What executors hold beside their code, near enough.
    pub fn held_bytes(&self) -> u64 {
        self.executors.iter().map(|executor| executor.held_bytes() as u64).sum()
    }
    /// Another thread is about to run: what is being recorded is given up by who records, once it runs again.
    pub(crate) fn abandon_recording(&mut self) {
        if self.recording {
            self.recording = false;
            self.recording_number += 1;
        }
    }
    /// Ends the compile thread, once it is done with what it is at.
    pub(crate) fn stop_compiling(&mut self) {
        self.worker = None;
    }
}

impl Vm {
    /// A watched dict's value under a name, which is interned, is not what it was.
    pub(crate) fn dict_name_changed(&mut self, dict: Value, name: Value) {
        self.invalidate(Dependency::Name(dict.0, name.0));
    }
    /// A lookup on a watched class may give something else.
    pub fn class_invalidated(&mut self, class: *mut crate::object::layout::TypeObject) {
        self.invalidate(Dependency::Class(class as u64));
    }
    /// A class has another resolution order.
    pub(crate) fn order_changed(&mut self, class: *mut crate::object::layout::TypeObject) {
        self.invalidate(Dependency::Order(class as u64));
    }
    /// There is a function of this code with these globals and builtins.
    #[inline]
    pub(crate) fn note_namespace(&mut self, code: *mut Code, namespace: [Value; 2]) {
        // SAFETY: callers pass the code of a live function.
        let code_ref = unsafe { &mut *code };
        if code_ref.namespace == Some(namespace) || code_ref.is_shared {
            return;
        }
        if code_ref.namespace.replace(namespace).is_some() {
            self.share(code);
        }
    }
    /// Gives a frame that is about to run its locals, which are a mapping.
    ///
    /// # Safety
    /// The frame is live.
    pub(crate) unsafe fn set_locals(&mut self, frame: *mut Frame, locals: Value) {
        // SAFETY: the caller's promise; code lives as long as its frames.
        let (code, is_module) = unsafe {
            (*frame).locals = locals;
            ((*frame).code, locals == (*frame).globals)
        };
        // SAFETY: as above.
        if unsafe { (*code).ran_as_module.replace(is_module) }.is_some_and(|known| known != is_module) {
            self.share(code);
        }
    }
    /// What compiled code takes for granted of this code does not hold.
    fn share(&mut self, code: *mut Code) {
        // SAFETY: callers pass live code.
        unsafe { (*code).is_shared = true };
        self.invalidate(Dependency::Code(code as u64));
    }
    /// A function's code, defaults or closure was replaced.
    pub fn function_changed(&mut self, function: *mut FunctionObject) {
        // SAFETY: callers pass a live function, whose code is a code object.
        let (code, namespace) = unsafe {
            let function = &*function;
            ((*function.code.as_ptr::<CodeObject>()).code, [function.globals, function.builtins])
        };
        self.note_namespace(code, namespace);
        if self.jit.watched_functions.remove(&(function as u64)) {
            self.invalidate(Dependency::Function(function as u64));
        }
    }
}
