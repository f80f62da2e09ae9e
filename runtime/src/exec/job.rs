//! A compilation as plain data: what goes to who compiles, which may be another thread, and what comes back.

use crate::backend::{BackendError, CompileRequest, Compiler, MAX_EXITS, MAX_HOMES, Relocatable, Wanted};
use crate::opt::fuse::{self, SideStart};
use crate::opt::transplant::{HomeMoves, transplant};
use crate::opt::{Emitter, LoopClose, Passes, optimize_linear, optimize_loop};
use crate::trace::Abort;
use crate::uop::{ExitIdx, Superblock};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most micro-ops of a fused tree.
const MAX_FUSED_UOPS: usize = 12_000;

/// What was recorded of a loop.
pub struct LoopRecording {
    pub emitter: Emitter,
    pub close: LoopClose,
}

/// A root loop and its side traces, to be fused.
pub struct Tree {
    pub root: u32,
    pub recording: Arc<LoopRecording>,
    pub superblock: Arc<Superblock>,
    pub sides: Vec<TreeSide>,
}

/// A side trace of a tree, and those that start from its exits.
pub struct TreeSide {
    pub executor: u32,
    pub exit: ExitIdx,
    pub start: Arc<SideStart>,
    pub superblock: Arc<Superblock>,
    pub sides: Vec<TreeSide>,
}

/// What to make an executor's code from. The heap objects whose addresses are in it are pinned.
pub enum Work {
    Loop(Arc<LoopRecording>),
    /// A trace without a loop of its own.
    Linear(Box<Superblock>),
    Tree(Tree),
    /// A side trace, for another exit.
    Transplant(Arc<Superblock>, HomeMoves),
}

/// One compilation.
pub struct Job {
    /// Tells the jobs of a VM apart.
    pub ticket: u64,
    pub work: Work,
    /// Address of the executor's object.
    pub executor: u64,
    pub wanted: Wanted,
}

/// What came of a job.
pub struct Finished {
    pub ticket: u64,
    pub outcome: Result<Product, Abort>,
    pub optimizing_time: Duration,
    pub compiling_time: Duration,
}

/// An executor's code, not in its place yet.
pub struct Product {
    pub superblock: Arc<Superblock>,
    /// `None`: for the uop interpreter.
    pub code: Option<Relocatable>,
    /// What it was after each pass, where that is wanted.
    pub passes: Vec<(&'static str, String)>,
}

impl Finished {
    /// Of a job that cannot be begun.
    pub fn given_up(ticket: u64, abort: Abort) -> Finished {
        Finished { ticket, outcome: Err(abort), optimizing_time: Duration::ZERO, compiling_time: Duration::ZERO }
    }
}

impl Job {
    /// Optimizes and compiles. A bug on the way (a panic, whose report is printed) costs no more than this executor.
    pub fn run(self, compiler: Option<&mut dyn Compiler>) -> Finished {
        let mut finished = Finished::given_up(self.ticket, Abort::Backend);
        if let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| self.make(compiler, &mut finished))) {
            finished.outcome = outcome;
        }
        finished
    }

    fn make(self, compiler: Option<&mut dyn Compiler>, finished: &mut Finished) -> Result<Product, Abort> {
        let started = Instant::now();
        let mut passes = Vec::new();
        let mut superblock = self.work.optimize(self.wanted.passes.then_some(&mut passes))?;
        superblock.shrink();
        finished.optimizing_time = started.elapsed();
        if superblock.exits.len() > MAX_EXITS || usize::from(superblock.n_homes) > MAX_HOMES {
            return Err(Abort::TooLong);
        }
        let Some(compiler) = compiler else {
            return Ok(Product { superblock: Arc::new(superblock), code: None, passes });
        };
        let started = Instant::now();
        let request = CompileRequest {
            superblock: &superblock,
            executor: self.executor,
            layout: &super::helpers::LAYOUT,
            wanted: self.wanted,
        };
        let code = compiler.compile(&request);
        finished.compiling_time = started.elapsed();
        let code = code.map_err(|error| match error {
            BackendError::CodeCacheFull => Abort::CodeCacheFull,
            BackendError::TooLarge => Abort::TooLong,
            error => {
                if cfg!(debug_assertions) {
                    crate::host::write_stderr(format!("backend: {error}\n").as_bytes());
                }
                Abort::Backend
            }
        })?;
        Ok(Product { superblock: Arc::new(superblock), code: Some(code), passes })
    }
}

impl Work {
    fn optimize(self, mut shown: Option<&mut Vec<(&'static str, String)>>) -> Result<Superblock, Abort> {
        if let (Some(shown), Work::Loop(recording)) = (&mut shown, &self) {
            shown.push(("recording", recording.emitter.superblock.to_string()));
        }
        let mut show;
        let mut passes = Passes::default();
        if let Some(shown) = shown {
            show = |pass: &'static str, superblock: &Superblock| shown.push((pass, superblock.to_string()));
            passes.dump = Some(&mut show);
        }
        match self {
            Work::Loop(recording) => Ok(optimize_loop(&recording.emitter, &recording.close, &mut passes)),
            Work::Linear(superblock) => Ok(optimize_linear(*superblock, &mut passes)),
            Work::Tree(tree) => {
                let fused = tree.fuse(&mut passes).map_err(|_| Abort::NotFused)?;
                if fused.uops.len() > MAX_FUSED_UOPS { Err(Abort::TooLong) } else { Ok(fused) }
            }
            Work::Transplant(superblock, moves) => Ok(transplant(&superblock, &moves)),
        }
    }
}

impl Tree {
    fn fuse(&self, passes: &mut Passes) -> Result<Superblock, fuse::NotFused> {
        let root = fuse::Root {
            executor: self.root,
            trace: &self.recording.emitter,
            close: &self.recording.close,
            superblock: &self.superblock,
            sides: TreeSide::borrow_all(&self.sides),
        };
        fuse::fuse(&root, passes)
    }
}

impl TreeSide {
    fn borrow_all(sides: &[TreeSide]) -> Vec<fuse::Side<'_>> {
        sides.iter().map(TreeSide::borrow).collect()
    }

    fn borrow(&self) -> fuse::Side<'_> {
        let TreeSide { executor, exit, start, superblock, sides } = self;
        fuse::Side { executor: *executor, exit: *exit, start, superblock, sides: TreeSide::borrow_all(sides) }
    }
}
