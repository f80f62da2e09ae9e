//! From a finished recording to an installed executor: handing it to who compiles, and putting what comes back in its
//! place.

use super::background::Background;
use super::job::{Finished, Job, LoopRecording, Product, Work};
use super::taken_out::Reason;
use super::{Dependency, Executor, ExecutorKind, ExitData, Vm, losers};
use crate::backend::uops::UopCode;
use crate::backend::{Compiler, Wanted};
use crate::config::DumpStages;
use crate::debug::observe::Event;
use crate::debug::places::CodePlace;
use crate::debug::sampler::Activity;
use crate::interp::code::Code;
use crate::interp::op::Op as Instr;
use crate::opt::fuse::SideStart;
use crate::opt::{LoopClose, LoopHead, Passes, optimize_linear, optimize_loop};
use crate::trace::{Abort, Ending, Recorder, RecorderStart, VirtualFrame};
use crate::uop::{Exit, ExitIdx, FrameOrigin, Superblock};
use crate::value::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So many compilations may be under way; until there are fewer, nothing is recorded.
pub(super) const MAX_IN_WORK: usize = 48;

/// Who compiles.
pub enum Worker {
    /// The program's own thread, which waits. Without a compiler the uop interpreter runs superblocks.
    Here(Option<Box<dyn Compiler>>),
    Thread(Background),
}

/// An executor whose code is being made.
pub struct InWork {
    pub ticket: u64,
    /// Its address is in the code already.
    pub executor: Box<Executor>,
    pub purpose: Purpose,
}

/// What an executor in work is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// To be installed in its bytecode.
    Root,
    /// To be known to the call that returns there.
    Return,
    /// To be joined to this exit.
    Side { parent: u32, exit: ExitIdx },
    /// To be joined to this exit, which leaves in the state that another side trace starts from.
    Transplant { parent: u32, exit: ExitIdx },
    /// To take its root's place.
    Fused,
}

/// The recorder is done, one way or the other.
pub fn recording_done(vm: &mut Vm, recorder: Recorder, outcome: Result<Ending, Abort>) {
    if let Some(started) = vm.jit.recording_since.take() {
        vm.jit.stats.recording_time += started.elapsed();
    }
    let purpose = match recorder.start {
        RecorderStart::Side { parent, exit, .. } => Purpose::Side { parent, exit },
        RecorderStart::Return => Purpose::Return,
        RecorderStart::Loop | RecorderStart::Entry => Purpose::Root,
    };
    let ending = match outcome {
        Ok(_) if vm.jit.changed_while_recording.iter().any(|it| recorder.dependencies.contains(it)) => {
            Err(Abort::Invalidated)
        }
        outcome => outcome,
    };
    if let Some(optimizer) = recorder.optimizer {
        return vm.recorded_for(optimizer, recorder, ending);
    }
    match ending {
        Ok(ending) => vm.compile_recording(recorder, purpose, ending),
        Err(abort) => {
            let abort = vm.blame_generators(&recorder, abort);
            if vm.jit.config.dump.contains(DumpStages::TRACES) {
                let Recorder { start, n_steps, .. } = &recorder;
                let line = format!("recording {start:?} ended after {n_steps} steps\n");
                crate::host::write_stderr(line.as_bytes());
            }
            let recorder_object = recorder.frames.first().map_or(0, |frame| frame.code_object);
            // SAFETY: the code that was recorded is alive: a frame runs it.
            unsafe { vm.gave_up(purpose, (recorder.code, recorder_object), recorder.install_ip, abort) };
        }
    }
}

fn close_loop(recorder: &Recorder) -> LoopClose {
    let head = LoopHead {
        code: recorder.frames[0].code_object,
        ip: recorder.start_ip,
        stack_depth: recorder.frames[0].depth as u16,
    };
    LoopClose { head: Some(head), ..recorder.close() }
}

/// What was recorded, optimized, and what it relies on.
pub(crate) fn optimize_recording(recorder: Recorder, ending: Ending) -> (Superblock, Vec<Dependency>) {
    let mut passes = Passes::default();
    let superblock = match ending {
        Ending::Loop => optimize_loop(&recorder.emitter, &close_loop(&recorder), &mut passes),
        Ending::Linear => optimize_linear(recorder.emitter.superblock, &mut passes),
    };
    (superblock, recorder.dependencies)
}

impl Vm {
    /// A recording that failed inside of generators is tried again without following them.
    fn blame_generators(&mut self, recorder: &Recorder, abort: Abort) -> Abort {
        let is_resumed = |frame: &&VirtualFrame| matches!(frame.origin, FrameOrigin::Resume { .. });
        let resumed: Vec<u64> = recorder.frames.iter().filter(is_resumed).map(|frame| frame.code as u64).collect();
        if resumed.is_empty() || matches!(abort, Abort::Diverted | Abort::InWork) {
            return abort;
        }
        self.jit.unfollowed.extend(resumed);
        Abort::InGenerator
    }

    /// A recording or compilation was given up: its place waits longer, or is left alone for good. The code comes with the
    /// address of its object.
    ///
    /// # Safety
    /// But for a side trace or a fused executor, the code is alive.
    pub(super) unsafe fn gave_up(
        &mut self,
        purpose: Purpose,
        (code, code_object): (*mut Code, u64),
        install_ip: u32,
        abort: Abort,
    ) {
        let place = match purpose {
            Purpose::Side { parent, exit } | Purpose::Transplant { parent, exit } => {
                self.jit.executors[parent as usize].place_of_exit(exit)
            }
            Purpose::Root | Purpose::Return | Purpose::Fused => CodePlace { code_object, ip: install_ip },
        };
        self.note_abort(place, abort);
        if self.jit.config.dump.contains(DumpStages::TRACES) {
            let line = format!("abort {purpose:?} at {}: {}\n", self.describe_place(place), abort.message());
            crate::host::write_stderr(line.as_bytes());
        }
        match purpose {
            Purpose::Side { parent, exit } | Purpose::Transplant { parent, exit } => {
                let Some(data) = self.jit.executors[parent as usize].exits.get_mut(exit.index()) else { return };
                data.threshold = match abort {
                    _ if abort.is_passing() => data.threshold,
                    _ if abort.is_final() || data.threshold > 1 << 14 => u32::MAX,
                    _ => data.threshold.max(8) * 2,
                };
            }
            // SAFETY: the caller's promise.
            Purpose::Root => unsafe {
                let instruction = (*code).instructions.as_mut_ptr().add(install_ip as usize);
                self.back_off(code as u64, instruction, install_ip, abort);
            },
            // SAFETY: the caller's promise.
            Purpose::Return => unsafe {
                let call = (*code).instructions.as_mut_ptr().add(install_ip as usize);
                self.return_point(call).back_off(abort);
            },
            Purpose::Fused => {}
        }
    }

    fn compile_recording(&mut self, mut recorder: Recorder, purpose: Purpose, ending: Ending) {
        if self.jit.config.dump.contains(DumpStages::UOPS) {
            crate::host::write_stderr(format!("; recorded\n{}\n", recorder.emitter.superblock).as_bytes());
        }
        // Executors hold the address of the code that they start in.
        self.jit.pin(Value(recorder.frames[0].code_object));
        let kept = self.jit.kept_for(&recorder);
        let kind = match recorder.start {
            RecorderStart::Loop => ExecutorKind::Loop,
            RecorderStart::Entry => ExecutorKind::Entry,
            RecorderStart::Return => ExecutorKind::Return,
            RecorderStart::Side { .. } => ExecutorKind::Side,
        };
        let mut executor = Executor {
            stack_depth: recorder.start_depth,
            install_ip: recorder.install_ip,
            code_object: recorder.frames[0].code_object,
            kept,
            ..Executor::new(kind, recorder.code, recorder.start_ip)
        };
        if let RecorderStart::Side { parent, exit, root } = recorder.start {
            let from = &self.jit.executors[parent as usize];
            executor.root = root;
            executor.start = Some(Arc::new(SideStart::at(&from.superblock, exit)));
            executor.parent = from.origin_of(exit);
            self.jit.executors[parent as usize].exits[exit.index()].is_in_work = true;
        }
        if matches!(purpose, Purpose::Return) {
            // SAFETY: the code that was recorded is alive: a frame runs it.
            unsafe {
                let call = (*recorder.code).instructions.as_mut_ptr().add(recorder.install_ip as usize);
                self.return_point(call).is_in_work = true;
            }
        }
        let work = match ending {
            Ending::Loop => {
                let close = close_loop(&recorder);
                recorder.emitter.shrink();
                let recording = Arc::new(LoopRecording { emitter: recorder.emitter, close });
                executor.recording = Some(recording.clone());
                Work::Loop(recording)
            }
            Ending::Linear => Work::Linear(Box::new(recorder.emitter.superblock)),
        };
        executor.dependencies = recorder.dependencies;
        self.make_code(executor, purpose, work);
    }

    /// Has an executor's code made, now or by the compile thread.
    pub(super) fn make_code(&mut self, executor: Executor, purpose: Purpose, work: Work) {
        let before = self.begin(Activity::Compiling);
        self.make_code_now(executor, purpose, work);
        self.activity = before;
    }

    fn make_code_now(&mut self, executor: Executor, purpose: Purpose, work: Work) {
        let executor = Box::new(executor);
        let dump = self.jit.config.dump;
        self.jit.n_jobs += 1;
        let job = Job {
            ticket: self.jit.n_jobs,
            work,
            executor: &raw const *executor as u64,
            wanted: Wanted {
                text: dump.contains(DumpStages::CLIF) || dump.contains(DumpStages::ASSEMBLY) || self.jit.config.report,
                offsets: self.jit.tools.wants_lines() || self.sampler.is_some(),
                passes: self.jit.config.report,
            },
        };
        let ticket = job.ticket;
        self.jit.in_work.push(InWork { ticket, executor, purpose });
        let finished = match self.worker() {
            Ok(Worker::Thread(thread)) => return thread.submit(job),
            Ok(Worker::Here(Some(compiler))) => job.run(Some(&mut **compiler)),
            Ok(Worker::Here(None)) => job.run(None),
            Err(abort) => Finished::given_up(ticket, abort),
        };
        self.finish_job(finished);
    }

    /// Who compiles; starts it.
    pub(super) fn worker(&mut self) -> Result<&mut Worker, Abort> {
        if self.jit.worker.is_none() {
            let start = match (&mut self.jit.backend, self.jit.config.mode) {
                (Some(backend), mode) if mode.is_native() => Some(backend.compiler(&super::helpers::LAYOUT)),
                _ => None,
            };
            self.jit.stats.is_background = self.jit.config.background;
            let worker = if self.jit.config.background {
                let delay = Duration::from_micros(self.jit.config.stress.background.unwrap_or(0).into());
                Worker::Thread(Background::start(start, &raw const self.pending, delay).map_err(|_| Abort::Backend)?)
            } else {
                let compiler = start.map(|start| start()).transpose();
                Worker::Here(compiler.map_err(|_| Abort::Backend)?)
            };
            self.jit.worker = Some(worker);
        }
        self.jit.worker.as_mut().ok_or(Abort::Backend)
    }

    /// Puts in place what the compile thread has finished.
    pub(crate) fn install_finished(&mut self) {
        self.make_room();
        let Some(Worker::Thread(thread)) = &self.jit.worker else { return };
        let finished = thread.take_finished();
        let before = self.begin(Activity::Compiling);
        finished.into_iter().for_each(|finished| self.finish_job(finished));
        self.activity = before;
    }

    /// Ends the compile thread, as before the process is copied; it is started again when there is something to do. What it
    /// has not come to is given up for this time.
    pub fn stop_compiling(&mut self) {
        let is_thread = |worker: &mut Worker| matches!(worker, Worker::Thread(_));
        // What is finished may be a reason to have more compiled.
        while let Some(Worker::Thread(thread)) = self.jit.worker.take_if(is_thread) {
            for finished in thread.close() {
                self.finish_job(finished);
            }
            let tickets: Vec<_> = self.jit.in_work.iter().map(|job| job.ticket).collect();
            if self.jit.worker.is_none() {
                tickets.into_iter().for_each(|ticket| self.finish_job(Finished::given_up(ticket, Abort::Invalidated)));
            }
        }
    }

    /// Only the running thread is inside of compiled code: there is no other any more.
    pub(crate) fn forget_other_runs(&mut self) {
        self.jit.n_running = self.thread.n_runs();
    }

    /// To be called in the copy of the process, before anything is compiled there: code memory is shared with the original.
    /// Without memory of its own the copy could not go on.
    pub fn after_fork_in_child(&mut self) {
        if let Some(backend) = &mut self.jit.backend
            && backend.after_fork_in_child().is_err()
        {
            crate::host::write_stderr(b"stitch: no code memory for a copy of the process\n");
            crate::host::process::abort();
        }
        self.tell_profiler_of_copy();
    }

    fn finish_job(&mut self, finished: Finished) {
        let place = self.jit.in_work.iter().position(|job| job.ticket == finished.ticket);
        let InWork { executor, purpose, .. } = self.jit.in_work.remove(place.expect("a job is finished once"));
        self.jit.stats.optimizing_time += finished.optimizing_time;
        self.jit.stats.compiling_time += finished.compiling_time;
        if let Purpose::Side { parent, exit } | Purpose::Transplant { parent, exit } = purpose
            && let Some(data) = self.jit.executors[parent as usize].exits.get_mut(exit.index())
        {
            (data.is_in_work, data.hotness) = (false, 0);
        }
        let (code, install_ip, root) = ((executor.code, executor.code_object), executor.install_ip, executor.root);
        if matches!(purpose, Purpose::Fused) {
            self.jit.executors[root as usize].tree.is_in_work = false;
        }
        let started = Instant::now();
        let put = finished.outcome.and_then(|product| self.put_in_place(executor, purpose, product));
        self.jit.stats.installing_time += started.elapsed();
        if let Err(abort) = put {
            // SAFETY: the code that a root starts in is pinned.
            unsafe { self.gave_up(purpose, code, install_ip, abort) };
        }
        self.fuse_waiting();
    }

    /// Whether what an executor was to be joined to or replace still stands.
    fn is_wanted(&self, executor: &Executor, purpose: Purpose) -> bool {
        let is_valid = |id: u32| self.jit.executors[id as usize].valid != 0;
        executor.valid != 0
            && match purpose {
                Purpose::Return => true,
                // Another optimizer's may have been installed meanwhile.
                Purpose::Root => {
                    // SAFETY: executors' code is pinned.
                    let op = unsafe { (&(*executor.code).instructions)[executor.install_ip as usize].op };
                    Instr::from_number(op) != Instr::EnterExecutor
                }
                Purpose::Side { parent, .. } | Purpose::Transplant { parent, .. } => {
                    is_valid(parent) && is_valid(executor.root)
                }
                Purpose::Fused => is_valid(executor.root),
            }
    }

    fn put_in_place(&mut self, executor: Box<Executor>, purpose: Purpose, product: Product) -> Result<(), Abort> {
        if !self.is_wanted(&executor, purpose) {
            return Err(Abort::Invalidated);
        }
        let id = self.add_executor(executor, product)?;
        // Where the code cache was full, room for it may have been made at the cost of what it was for.
        if !self.is_wanted(&self.jit.executors[id as usize], purpose) {
            self.invalidate_executor(id, &Reason::Evicted.into());
            return Err(Abort::Invalidated);
        }
        match purpose {
            Purpose::Root => self.install(id),
            Purpose::Return => self.install_return(id),
            Purpose::Side { parent, exit } => {
                self.join(parent, exit, id);
                self.joined_tree(id);
                if self.jit.executors[parent as usize].is_superseded {
                    // What runs in its place has a copy of the exit.
                    let root = self.jit.executors[id as usize].root;
                    self.carry_sides(self.jit.active(root));
                }
            }
            Purpose::Transplant { parent, exit } => {
                self.join(parent, exit, id);
                self.carry_sides(id);
            }
            Purpose::Fused => {
                self.replace_root(id);
                self.carry_sides(id);
            }
        }
        self.note_event(Event::Compiled(id));
        Ok(())
    }

    fn exit_data(&self, superblock: &Superblock) -> Vec<ExitData> {
        let threshold = self.jit.config.exit_threshold;
        let work = losers::work_before_exits(superblock);
        let data = |(exit, work_before): (&Exit, u32)| ExitData {
            kind: exit.kind,
            hotness: 0,
            threshold,
            taken: 0,
            target: None,
            is_in_work: false,
            work_before,
        };
        superblock.exits.iter().zip(work).map(data).collect()
    }

    /// Puts an executor's code in its place and the executor on record.
    fn add_executor(&mut self, mut executor: Box<Executor>, product: Product) -> Result<u32, Abort> {
        let id = self.jit.executors.len() as u32;
        let Product { superblock, code, passes } = product;
        executor.passes = passes;
        if let Some(code) = code {
            let compiled = self.install_code(&code)?;
            self.jit.stats.code_bytes += compiled.size_bytes as u64;
            self.jit.stats.count_made(code.made);
            self.jit.max_homes = self.jit.max_homes.max(code.n_homes as usize);
            executor.compiled = Some(compiled);
        } else {
            executor.uops = Some(UopCode::new(superblock.clone()));
        }
        self.jit.stats.uops_compiled += superblock.uops.len() as u64;
        executor.id = id;
        if matches!(executor.kind, ExecutorKind::Loop | ExecutorKind::Entry | ExecutorKind::Return) {
            executor.root = id;
        }
        executor.exits = self.exit_data(&superblock);
        if executor.kind == ExecutorKind::Entry {
            executor.work_before_return = losers::work_before_return(&superblock);
            executor.trial_at = self.first_trial(executor.kind);
        }
        executor.superblock = superblock;
        self.rely(id, &executor.dependencies);
        self.dump_executor(&executor);
        self.jit.max_homes = self.jit.max_homes.max(executor.superblock.n_homes as usize);
        // It goes only by a full collection, and those come by what got old.
        self.heap.add_old_bytes(executor.held_bytes());
        self.jit.executors.push(executor);
        self.link_jumps(id);
        self.announce(id);
        Ok(id)
    }

    fn dump_executor(&self, executor: &Executor) {
        let dump = self.jit.config.dump;
        let Executor { id, kind, superblock, .. } = executor;
        if dump.contains(DumpStages::OPTIMIZED) {
            crate::host::write_stderr(format!("; executor {id} ({kind:?})\n{superblock}\n").as_bytes());
        }
        if let Some(text) = executor.compiled.as_ref().and_then(|compiled| compiled.text.as_ref()) {
            if dump.contains(DumpStages::CLIF) {
                crate::host::write_stderr(text.ir.as_bytes());
            }
            if dump.contains(DumpStages::ASSEMBLY) {
                crate::host::write_stderr(text.assembly.as_bytes());
            }
        }
        if dump.contains(DumpStages::TRACES) {
            let line = format!(
                "executor {id} {kind:?} root {} at {}: {} uops, {} exits\n",
                executor.root,
                self.describe_place(executor.place()),
                superblock.uops.len(),
                superblock.exits.len()
            );
            crate::host::write_stderr(line.as_bytes());
        }
    }

    /// Installs a root in its bytecode.
    fn install(&mut self, id: u32) {
        let executor = &self.jit.executors[id as usize];
        let (code, start_ip) = (executor.code, executor.start_ip);
        let kind = executor.kind;
        // SAFETY: executors' code is pinned; `is_wanted` saw that the place is free.
        unsafe { self.put_in_bytecode(id) };
        match kind {
            ExecutorKind::Entry => self.jit.stats.entries += 1,
            _ => {
                self.jit.stats.loops += 1;
                // SAFETY: executors' code is pinned.
                unsafe { (*code).has_hot_loop = true };
            }
        }
        self.jit.by_start.insert((code as u64, start_ip), id);
        self.set_call_entry(id);
        self.stand_in(id);
    }

    /// # Safety
    /// The executor's code is alive, and nothing is installed at the instruction.
    pub(super) unsafe fn put_in_bytecode(&mut self, id: u32) {
        let Executor { code, install_ip, .. } = *self.jit.executors[id as usize];
        // SAFETY: the caller's promise.
        unsafe {
            let instruction = (*code).instructions.as_mut_ptr().add(install_ip as usize);
            debug_assert_ne!(Instr::from_number((*instruction).op), Instr::EnterExecutor, "one executor a place");
            (*instruction).cache = [id as u64, (*instruction).op as u64];
            (*instruction).op = Instr::EnterExecutor as u16;
        }
    }

    /// Takes a root out of its bytecode; its place counts anew.
    pub(crate) fn uninstall(&mut self, id: u32) {
        let Executor { kind, code, install_ip, start_ip, .. } = *self.jit.executors[id as usize];
        if kind == ExecutorKind::Return {
            return self.uninstall_return(id);
        }
        if !matches!(kind, ExecutorKind::Loop | ExecutorKind::Entry | ExecutorKind::External) {
            return;
        }
        // SAFETY: as in `install`.
        unsafe {
            let instruction = (*code).instructions.as_mut_ptr().add(install_ip as usize);
            if Instr::from_number((*instruction).op) == Instr::EnterExecutor && (*instruction).cache[0] == id as u64 {
                (*instruction).op = (*instruction).cache[1] as u16;
                (*instruction).cache = [0, 0];
                (*instruction).counter = self.jit.config.loop_threshold.clamp(1, 64) as u16;
                (*code).call_entry = if install_ip == 0 { 0 } else { (*code).call_entry };
            }
        }
        let key = (code as u64, start_ip);
        if self.jit.by_start.get(&key) == Some(&id) {
            self.jit.by_start.remove(&key);
        }
    }
}
