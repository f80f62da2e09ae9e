//! From a finished recording to an installed executor: optimizing, compiling, stitching, fusing.

use super::{Executor, ExecutorKind, ExitData, Vm};
use crate::backend::uops::UopCode;
use crate::backend::{BackendError, CompileRequest};
use crate::config::{DumpStages, JitMode};
use crate::interp::op::Op as Instr;
use crate::opt::fuse::{self, SideStart};
use crate::opt::{LoopHead, Passes, optimize_linear, optimize_loop};
use crate::trace::{Abort, Ending, Recorder, RecorderStart};
use crate::uop::{ExitIdx, ExitKind, ExitOrigin, Op, Superblock};
use std::time::Instant;

/// Trees are fused anew when they have got so many side traces.
const FUSE_AT: [usize; 8] = [1, 2, 3, 5, 8, 13, 21, 34];

/// The recorder is done, one way or the other.
pub fn recording_done(vm: &mut Vm, recorder: Recorder, outcome: Result<Ending, Abort>) {
    let outcome = match outcome {
        Ok(_) if vm.jit.changed_while_recording => Err(Abort::Diverted),
        Ok(ending) => vm.finish_recording(&recorder, ending),
        Err(abort) => Err(abort),
    };
    if let Err(abort) = outcome {
        vm.jit.counts_abort(abort);
        if vm.jit.config.dump.contains(DumpStages::TRACES) {
            crate::host::write_stderr(
                format!(
                    "abort {:?} at {} after {} steps: {}\n",
                    recorder.start,
                    recorder.start_ip,
                    recorder.n_steps,
                    abort.message()
                )
                .as_bytes(),
            );
        }
        match recorder.start {
            RecorderStart::Side { parent, exit, .. } => {
                let data = &mut vm.jit.executors[parent as usize].exits[exit.index()];
                data.threshold =
                    if abort.is_final() || data.threshold > 1 << 14 { u32::MAX } else { data.threshold.max(8) * 2 };
            }
            _ => {
                // SAFETY: the code that was recorded is alive: a frame runs it.
                unsafe {
                    let instruction = (*recorder.code).instructions.as_mut_ptr().add(recorder.install_ip as usize);
                    vm.back_off(recorder.code as u64, instruction, recorder.install_ip, abort);
                }
            }
        }
    }
}

impl Vm {
    fn finish_recording(&mut self, recorder: &Recorder, ending: Ending) -> Result<(), Abort> {
        if self.jit.config.dump.contains(DumpStages::UOPS) {
            crate::host::write_stderr(format!("; recorded\n{}\n", recorder.emitter.superblock).as_bytes());
        }
        let started = Instant::now();
        let mut passes = Passes::default();
        let stack_depth = recorder.frames[0].depth;
        let mut recorded = None;
        let (superblock, kind) = match ending {
            Ending::Loop => {
                let mut close = recorder.close();
                close.head = Some(LoopHead {
                    code: recorder.frames[0].code_object,
                    ip: recorder.start_ip,
                    stack_depth: stack_depth as u16,
                });
                let superblock = optimize_loop(recorder.emitter.clone(), &close, &mut passes);
                recorded = Some((recorder.emitter.clone(), close));
                (superblock, ExecutorKind::Loop)
            }
            Ending::Linear => {
                let kind = match recorder.start {
                    RecorderStart::Loop => ExecutorKind::Loop,
                    RecorderStart::Entry => ExecutorKind::Entry,
                    RecorderStart::Side { .. } => ExecutorKind::Side,
                };
                (optimize_linear(recorder.emitter.clone(), &mut passes), kind)
            }
        };
        self.jit.stats.optimizing_time += started.elapsed();
        let id = self.jit.executors.len() as u32;
        let (root, parent, start) = match recorder.start {
            RecorderStart::Side { parent, exit, root } => {
                let executor = &self.jit.executors[parent as usize];
                let start = SideStart::at(&executor.superblock, exit);
                let origin = match executor.superblock.origins.get(exit.index()) {
                    Some(ExitOrigin::Executor(origin, exit)) if executor.kind == ExecutorKind::Fused => {
                        Some((*origin, *exit))
                    }
                    _ if executor.kind == ExecutorKind::Fused => None,
                    _ => Some((parent, exit)),
                };
                (root, origin, Some(start))
            }
            _ => (id, None, None),
        };
        let executor = self.make_executor(superblock, kind, recorder, root);
        let executor = Executor { parent, start, recorded, ..executor };
        let id = self.add_executor(executor)?;
        match recorder.start {
            RecorderStart::Side { parent: from, exit, root } => {
                self.join(from, exit, id);
                self.jit.stats.sides += 1;
                self.jit.executors[root as usize].n_sides += 1;
                if let Some((origin, _)) = parent {
                    self.jit.executors[origin as usize].children.push(id);
                    self.fuse_tree(root);
                }
            }
            _ => self.install(id),
        }
        Ok(())
    }

    fn make_executor(
        &mut self,
        superblock: Superblock,
        kind: ExecutorKind,
        recorder: &Recorder,
        root: u32,
    ) -> Executor {
        let id = self.jit.executors.len() as u32;
        Executor {
            valid: 1,
            id,
            kind,
            code: recorder.code,
            start_ip: recorder.start_ip,
            stack_depth: recorder.start_depth,
            install_ip: recorder.install_ip,
            exits: self.exit_data(&superblock),
            superblock,
            uops: None,
            compiled: None,
            root,
            parent: None,
            start: None,
            children: Vec::new(),
            recorded: None,
            dependencies: recorder.dependencies.clone(),
            runs: 0,
            replaced_by: None,
            n_sides: 0,
        }
    }

    fn exit_data(&self, superblock: &Superblock) -> Vec<ExitData> {
        let threshold = self.jit.config.exit_threshold;
        superblock
            .exits
            .iter()
            .map(|exit| ExitData { kind: exit.kind, hotness: 0, threshold, taken: 0, target: None })
            .collect()
    }

    /// Compiles an executor and puts it on record.
    fn add_executor(&mut self, executor: Executor) -> Result<u32, Abort> {
        let id = executor.id;
        let mut executor = Box::new(executor);
        let dump = self.jit.config.dump;
        if dump.contains(DumpStages::OPTIMIZED) {
            crate::host::write_stderr(
                format!("; executor {id} ({:?})\n{}\n", executor.kind, executor.superblock).as_bytes(),
            );
        }
        let started = Instant::now();
        match self.jit.config.mode {
            JitMode::Cranelift if self.jit.backend.is_some() => {
                let address = &raw const *executor as u64;
                let want_text = dump.contains(DumpStages::CLIF) || dump.contains(DumpStages::ASSEMBLY);
                let request = CompileRequest {
                    superblock: &executor.superblock,
                    executor: address,
                    layout: &super::helpers::LAYOUT,
                    want_text,
                };
                let backend = self.jit.backend.as_mut().expect("checked above");
                let compiled = backend.compile(&request).map_err(|error| match error {
                    BackendError::CodeCacheFull => Abort::CodeCacheFull,
                    BackendError::TooLarge => Abort::TooLong,
                    error => {
                        if dump.contains(DumpStages::TRACES) || cfg!(debug_assertions) {
                            crate::host::write_stderr(format!("backend: {error}\n").as_bytes());
                        }
                        Abort::Backend
                    }
                })?;
                if let Some(text) = &compiled.text {
                    if dump.contains(DumpStages::CLIF) {
                        crate::host::write_stderr(text.ir.as_bytes());
                    }
                    if dump.contains(DumpStages::ASSEMBLY) {
                        crate::host::write_stderr(text.assembly.as_bytes());
                    }
                }
                self.jit.stats.code_bytes += compiled.size_bytes as u64;
                executor.compiled = Some(compiled);
            }
            _ => executor.uops = Some(UopCode::new(executor.superblock.clone())),
        }
        let elapsed = started.elapsed();
        self.jit.stats.compiling_time += elapsed;
        self.jit.stats.uops_compiled += executor.superblock.uops.len() as u64;
        if dump.contains(DumpStages::TRACES) {
            let line = format!(
                "executor {id} {:?} root {} at {}: {} uops, {} exits, compiled in {elapsed:?}\n",
                executor.kind,
                executor.root,
                executor.start_ip,
                executor.superblock.uops.len(),
                executor.superblock.exits.len()
            );
            crate::host::write_stderr(line.as_bytes());
        }
        for &dependency in &executor.dependencies {
            self.jit.dependencies.add(dependency, id);
        }
        debug_assert_eq!(id as usize, self.jit.executors.len());
        self.jit.executors.push(executor);
        self.link_jumps(id);
        Ok(id)
    }

    /// Joins the executor's jumps to those that they go to.
    fn link_jumps(&mut self, id: u32) {
        let jumps: Vec<u32> = self.jit.executors[id as usize]
            .superblock
            .uops
            .iter()
            .filter_map(|uop| match uop.op {
                Op::JumpExecutor { executor } => Some(executor),
                _ => None,
            })
            .collect();
        for target in jumps {
            self.link_jump(id, target);
        }
    }

    fn link_jump(&mut self, from: u32, target: u32) {
        if self.jit.executors[target as usize].valid == 0 {
            return;
        }
        let entry =
            self.jit.executors[self.jit.active(target) as usize].compiled.as_ref().map(|compiled| compiled.entry);
        if let (Some(entry), Some(backend), Some(compiled)) =
            (entry, &mut self.jit.backend, &self.jit.executors[from as usize].compiled)
        {
            backend.patch_jump(compiled, target, Some(entry));
        }
    }

    /// Installs a root in its bytecode.
    fn install(&mut self, id: u32) {
        let executor = &self.jit.executors[id as usize];
        let (code, start_ip) = (executor.code, executor.start_ip);
        // SAFETY: the code is alive: a frame runs it (executors of dead code are never entered).
        unsafe {
            let instruction = (*code).instructions.as_mut_ptr().add(executor.install_ip as usize);
            (*instruction).cache = [id as u64, (*instruction).op as u64];
            (*instruction).op = Instr::EnterExecutor as u16;
        }
        match executor.kind {
            ExecutorKind::Entry => self.jit.stats.entries += 1,
            _ => self.jit.stats.loops += 1,
        }
        self.jit.by_start.insert((code as u64, start_ip), id);
    }

    /// Takes a root out of its bytecode; its place counts anew.
    pub(crate) fn uninstall(&mut self, id: u32) {
        let executor = &self.jit.executors[id as usize];
        if !matches!(executor.kind, ExecutorKind::Loop | ExecutorKind::Entry) {
            return;
        }
        // SAFETY: as in `install`.
        unsafe {
            let instruction = (*executor.code).instructions.as_mut_ptr().add(executor.install_ip as usize);
            if Instr::from_number((*instruction).op) == Instr::EnterExecutor && (*instruction).cache[0] == id as u64 {
                (*instruction).op = (*instruction).cache[1] as u16;
                (*instruction).cache = [0, 0];
                (*instruction).counter = self.jit.config.loop_threshold.clamp(1, 64) as u16;
            }
        }
        let key = (executor.code as u64, executor.start_ip);
        if self.jit.by_start.get(&key) == Some(&id) {
            self.jit.by_start.remove(&key);
        }
    }

    /// Joins an exit to its side trace.
    fn join(&mut self, from: u32, exit: ExitIdx, to: u32) {
        self.jit.executors[from as usize].exits[exit.index()].target = Some(to);
        let entry = self.jit.executors[to as usize].compiled.as_ref().map(|compiled| compiled.entry);
        if let (Some(entry), Some(backend), Some(compiled)) =
            (entry, &mut self.jit.backend, &self.jit.executors[from as usize].compiled)
        {
            backend.patch_exit(compiled, exit, Some(entry));
        }
        self.jit.stats.stitched += 1;
    }

    /// Lowers a root loop and its side traces again, as one function, when the tree has grown.
    fn fuse_tree(&mut self, root: u32) {
        if !self.jit.config.fuse
            || self.jit.executors[root as usize].recorded.is_none()
            || self.jit.executors[root as usize].valid == 0
        {
            return;
        }
        let n_sides = self.count_sides(root);
        if !FUSE_AT.contains(&n_sides) {
            return;
        }
        let started = Instant::now();
        let fused = {
            let executor = &self.jit.executors[root as usize];
            let (trace, close) = executor.recorded.as_ref().expect("checked above");
            let tree = fuse::Root {
                executor: root,
                trace,
                close,
                superblock: &executor.superblock,
                sides: self.sides_of(root),
            };
            fuse::fuse(&tree, &mut Passes::default())
        };
        self.jit.stats.optimizing_time += started.elapsed();
        let Ok(superblock) = fused else { return };
        if superblock.exits.len() >= crate::backend::MAX_EXITS
            || superblock.n_homes as usize >= crate::backend::MAX_HOMES
            || superblock.uops.len() > 12_000
        {
            return;
        }
        let mut dependencies = Vec::new();
        self.tree_dependencies(root, &mut dependencies);
        let executor = &self.jit.executors[root as usize];
        let fused = Executor {
            valid: 1,
            id: self.jit.executors.len() as u32,
            kind: ExecutorKind::Fused,
            code: executor.code,
            start_ip: executor.start_ip,
            stack_depth: executor.stack_depth,
            install_ip: executor.install_ip,
            exits: self.exit_data(&superblock),
            superblock,
            uops: None,
            compiled: None,
            root,
            parent: None,
            start: None,
            children: Vec::new(),
            recorded: None,
            dependencies,
            runs: 0,
            replaced_by: None,
            n_sides: 0,
        };
        match self.add_executor(fused) {
            Ok(id) => {
                self.jit.stats.fused += 1;
                self.jit.executors[root as usize].replaced_by = Some(id);
                for from in 0..self.jit.executors.len() as u32 {
                    self.link_jump(from, root);
                }
            }
            Err(abort) => self.jit.counts_abort(abort),
        }
    }

    fn count_sides(&self, id: u32) -> usize {
        self.jit.executors[id as usize].children.iter().map(|&child| 1 + self.count_sides(child)).sum()
    }

    fn sides_of(&self, id: u32) -> Vec<fuse::Side<'_>> {
        let child = |&child: &u32| {
            let executor = &self.jit.executors[child as usize];
            let (start, (_, exit)) = (executor.start.as_ref()?, executor.parent?);
            (executor.valid != 0 && exit != ExitIdx::NONE).then(|| fuse::Side {
                executor: child,
                exit,
                start,
                superblock: &executor.superblock,
                sides: self.sides_of(child),
            })
        };
        self.jit.executors[id as usize].children.iter().filter_map(child).collect()
    }

    fn tree_dependencies(&self, id: u32, into: &mut Vec<super::Dependency>) {
        let executor = &self.jit.executors[id as usize];
        for &dependency in &executor.dependencies {
            if !into.contains(&dependency) {
                into.push(dependency);
            }
        }
        executor.children.iter().for_each(|&child| self.tree_dependencies(child, into));
    }

    /// Kinds of exit that are counted and stitched.
    pub fn is_counted(kind: ExitKind) -> bool {
        matches!(kind, ExitKind::Side | ExitKind::Dynamic)
    }
}
