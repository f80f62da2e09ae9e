//! Links a superblock from stencils.
//!
//! ```text
//!   push rbp; mov rbp, rsp; sub rsp, what the stencils need
//!   the executor makes itself known
//!   entry:   hot parts, in the order of the micro-ops …       one `jcc` each to an exit's stub, a side entry, a cold part
//!   cold parts …
//!   exit's stub: mov rsp, rbp; pop rbp; jmp rel32 ──► what Rust patches
//! ```

use super::cut::{Stencil, Target};
use super::piece::{Fact, Input, MAX_NUMBERS, Piece, Rest, plain_op};
use super::places::Places;
use super::table::StencilTable;
use super::x64;
use crate::compiler::TraceCompiler;
use crate::lower;
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::fmt::Write as _;
use std::hash::BuildHasherDefault;
use std::sync::Arc;
use std::time::Instant;
use stitch_runtime::backend::{
    BackendError, CodeText, CompileRequest, Compiler, Layout, Linking, MAX_EXITS, MAX_HOMES, Made, Relocatable, Site,
    SiteTarget, UopOffset,
};
use stitch_runtime::opt::facts::WordHasher;
use stitch_runtime::uop::{ExitIdx, Kind, Op, Superblock, UopIdx};

/// Links superblocks; gives those that it has no stencils for to Cranelift.
pub struct StencilCompiler {
    table: Arc<StencilTable>,
    /// Those of the table that were wanted here already.
    known: Known,
    places: Places,
    buffers: Buffers,
    whole: TraceCompiler,
}

type Known = HashMap<Piece, &'static Stencil, BuildHasherDefault<WordHasher>>;

/// What is kept for the next superblock.
#[derive(Default)]
struct Buffers {
    hot: Vec<u8>,
    cold: Vec<u8>,
    fixups: Vec<Fixup>,
    /// What is being put.
    put: Option<Box<(Piece, Vec<u64>)>>,
    /// Per micro-op: its value as an input. Of constants and of what nobody uses there is none.
    inputs: Vec<Option<Input>>,
    /// What is known to be a heap object until the next label.
    objects: Vec<UopIdx>,
    /// Per exit: where its code begins, its side trace's or its stub's.
    exits: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl StencilCompiler {
    pub fn new(table: Arc<StencilTable>, whole: TraceCompiler) -> StencilCompiler {
        StencilCompiler {
            table,
            known: HashMap::default(),
            places: Places::default(),
            buffers: Buffers::default(),
            whole,
        }
    }
}

impl Compiler for StencilCompiler {
    fn compile(&mut self, request: &CompileRequest<'_>) -> Result<Relocatable, BackendError> {
        let superblock = request.superblock;
        if superblock.exits.len() > MAX_EXITS || usize::from(superblock.n_homes) > MAX_HOMES {
            return Err(BackendError::TooLarge);
        }
        let started = Instant::now();
        let linked = self.places.assign(superblock).is_ok().then(|| Linker::new(self, request).link(started)).flatten();
        match linked {
            Some(code) => Ok(code),
            None => Ok(Relocatable { made: Made::GivenOver, ..self.whole.compile(request)? }),
        }
    }
}

/// Where a rel32 leads.
#[derive(Clone, Copy, Debug)]
enum Label {
    Hot(u32),
    Cold(u32),
    Exit(ExitIdx),
}

/// A rel32 that is not filled in yet.
struct Fixup {
    is_cold: bool,
    at: u32,
    to: Label,
}

struct Linker<'a> {
    table: &'a StencilTable,
    known: &'a mut Known,
    places: &'a Places,
    superblock: &'a Superblock,
    layout: &'static Layout,
    executor: u64,
    buffers: &'a mut Buffers,
    sites: Vec<Site>,
    frame_bytes: u32,
    /// Behind what happens once.
    entry: u32,
    loop_head: u32,
    has_pushed: bool,
    /// Where the `jump_executor` that is being linked goes.
    elsewhere: u32,
    made: Linking,
    /// Which micro-op hot and cold code is of, where that is wanted.
    offsets: Option<[Vec<UopOffset>; 2]>,
    /// All that was copied, for dumps.
    text: Option<String>,
}

impl<'a> Linker<'a> {
    fn new(compiler: &'a mut StencilCompiler, request: &CompileRequest<'a>) -> Linker<'a> {
        let superblock = request.superblock;
        Linker {
            table: &compiler.table,
            known: &mut compiler.known,
            places: &compiler.places,
            superblock,
            layout: request.layout,
            executor: request.executor,
            buffers: &mut compiler.buffers,
            sites: Vec::with_capacity(superblock.exits.len()),
            frame_bytes: 0,
            entry: 0,
            loop_head: 0,
            has_pushed: false,
            elsewhere: 0,
            made: Linking { n_uops: superblock.uops.len() as u32, ..Linking::default() },
            offsets: request.wanted.offsets.then(Default::default),
            text: request.wanted.text.then(String::new),
        }
    }

    /// `None`: there is no stencil for something.
    fn link(mut self, started: Instant) -> Option<Relocatable> {
        let superblock = self.superblock;
        let Buffers { hot, cold, fixups, put: _, inputs, objects, exits } = &mut *self.buffers;
        hot.clear();
        cold.clear();
        fixups.clear();
        objects.clear();
        inputs.clear();
        inputs.resize(superblock.uops.len(), None);
        exits.clear();
        exits.resize(superblock.exits.len(), NOWHERE);
        hot.extend_from_slice(&x64::PROLOGUE);
        hot.extend_from_slice(&x64::RESERVE);
        let reserved = hot.len();
        hot.extend_from_slice(&[0; 4]);
        self.put(None, |linker, piece, numbers| piece.become_entry(linker.executor, numbers))?;
        self.entry = self.here();
        for index in 0..superblock.uops.len() {
            if superblock.sunk.get(index) != Some(&true) {
                let uop = UopIdx(index as u32);
                if let Some([hot, cold]) = &mut self.offsets {
                    hot.push(UopOffset { offset: self.buffers.hot.len() as u32, uop });
                    cold.push(UopOffset { offset: self.buffers.cold.len() as u32, uop });
                }
                self.link_uop(uop)?;
            }
        }
        let frame_bytes = self.frame_bytes.next_multiple_of(16) as i32;
        x64::write_i32(&mut self.buffers.hot, reserved, frame_bytes);
        Some(self.finish(started))
    }

    /// Where the next hot part goes.
    fn here(&self) -> u32 {
        self.buffers.hot.len() as u32
    }

    fn link_uop(&mut self, idx: UopIdx) -> Option<()> {
        let superblock = self.superblock;
        let uop = superblock.uop(idx);
        let own = superblock.homes.get(idx.index()).copied().flatten();
        let read = self.places.read[idx.index()];
        if let Some(home) = read {
            let fact = if lower::is_immediate(superblock, idx) { Fact::IsImmediate } else { Fact::Nothing };
            let kind = uop.op.output_kind().unwrap_or(Kind::Value);
            self.buffers.inputs[idx.index()] = Some(Input::Home { home, kind, fact });
        }
        match uop.op {
            // The jumps to the loop's head have written it.
            Op::Phi { .. } => return Some(()),
            Op::LoopStart {} => {
                self.carry(idx.index(), |phi| superblock.uops[phi].inputs[0])?;
                self.forget_objects();
                self.loop_head = self.here();
                return Some(());
            }
            Op::JumpLoop {} => {
                let start = superblock.loop_start()?;
                self.carry(start, |phi| uop.inputs[phi - start - 1])?;
                self.jump(Label::Hot(self.loop_head));
                return Some(());
            }
            Op::JumpEntry {} => {
                self.jump(Label::Hot(self.entry));
                return Some(());
            }
            Op::ExitTrace {} => {
                self.jump(Label::Exit(uop.exit?));
                return Some(());
            }
            Op::SideEntry { exit } => {
                self.buffers.exits[exit.index()] = self.here();
                self.forget_objects();
                self.has_pushed = false;
                return Some(());
            }
            Op::LoadHome { home, .. } if read.is_none_or(|read| read == home) => {}
            op if op.is_constant() => {}
            op => {
                if let Op::JumpExecutor { executor } = op {
                    self.elsewhere = executor;
                }
                self.put(uop.exit, |linker, piece, numbers| linker.piece(idx, piece, numbers))?;
            }
        }
        if let Some(home) = own.filter(|own| read != Some(*own))
            && uop.op != (Op::LoadHome { home, kind: uop.op.output_kind().unwrap_or(Kind::Value) })
        {
            self.store(self.input(idx), home)?;
        }
        if let Some(object) = lower::object_behind(superblock, idx)
            && let Some(Input::Home { fact, .. }) = &mut self.buffers.inputs[object.index()]
        {
            *fact = Fact::IsObject;
            self.buffers.objects.push(object);
        }
        self.has_pushed |= matches!(uop.op, Op::PushFrame { .. });
        Some(())
    }

    /// A micro-op with its places.
    fn piece(&self, idx: UopIdx, piece: &mut Piece, numbers: &mut Vec<u64>) {
        let uop = self.superblock.uop(idx);
        let op = plain_op(self.superblock, idx);
        let looks_at_pushed = matches!(op, Op::JumpExecutor { .. } | Op::PushFrame { .. });
        let form = lower::form_of(self.layout, uop.op);
        let rest = Rest {
            // Where nobody reads it but exits, it goes to its home.
            result: self.places.read[idx.index()],
            executor: matches!(op, Op::GuardValid {}).then_some(self.executor),
            exit: uop.exit,
            has_pushed: looks_at_pushed && self.has_pushed,
            form: form.as_ref(),
        };
        piece.become_that_of(Some(op), uop.inputs.iter().map(|input| self.input(*input)), rest, numbers);
    }

    #[inline]
    fn input(&self, value: UopIdx) -> Input {
        if let Some(input) = self.buffers.inputs[value.index()] {
            return input;
        }
        let op = &self.superblock.uop(value).op;
        let word = op.constant_word().expect("what is used has a place, or is a constant");
        Input::Constant { kind: op.output_kind().unwrap_or(Kind::Value), word }
    }

    /// At a label, which others come to as well.
    fn forget_objects(&mut self) {
        let Buffers { inputs, objects, .. } = &mut *self.buffers;
        for object in objects.drain(..) {
            if let Some(Input::Home { fact, .. }) = &mut inputs[object.index()] {
                *fact = Fact::Nothing;
            }
        }
    }

    fn store(&mut self, word: Input, home: u16) -> Option<()> {
        self.put(None, |_, piece, numbers| piece.become_store(word, home, numbers))
    }

    /// Writes what the loop carries to where its phis are read and shown, all at once.
    fn carry(&mut self, start: usize, value: impl Fn(usize) -> UopIdx) -> Option<()> {
        let superblock = self.superblock;
        let mut moves: SmallVec<[(Input, u16); 8]> = SmallVec::new();
        for phi in (start + 1)..superblock.uops.len() {
            let Op::Phi { .. } = superblock.uops[phi].op else { break };
            let from = self.input(value(phi));
            let (read, own) = (self.places.read[phi], superblock.homes.get(phi).copied().flatten());
            moves.extend(read.map(|home| (from, home)));
            moves.extend(own.filter(|own| read != Some(*own)).map(|home| (from, home)));
        }
        let is_from = |from: Input, place: u16| matches!(from, Input::Home { home, .. } if home == place);
        moves.retain(|(from, to)| !is_from(*from, *to));
        while !moves.is_empty() {
            // What no other move wants to read can be written.
            let ready = moves.iter().position(|&(_, to)| moves.iter().all(|&(from, _)| !is_from(from, to)));
            if let Some(ready) = ready {
                let (from, to) = moves.swap_remove(ready);
                self.store(from, to)?;
            } else {
                let (_, written) = moves[0];
                let saved = Input::Home { home: written, kind: Kind::Int, fact: Fact::Nothing };
                self.store(saved, self.places.spare)?;
                for (from, _) in moves.iter_mut().filter(|(from, _)| is_from(*from, written)) {
                    *from = Input::Home { home: self.places.spare, kind: Kind::Int, fact: Fact::Nothing };
                }
            }
        }
        Some(())
    }

    /// Copies the stencil of a piece, and fills its holes.
    fn put(&mut self, exit: Option<ExitIdx>, make: impl FnOnce(&Self, &mut Piece, &mut Vec<u64>)) -> Option<()> {
        let mut put = self.buffers.put.take().unwrap_or_default();
        let (piece, numbers) = &mut *put;
        make(self, piece, numbers);
        if let Some(text) = &mut self.text {
            _ = writeln!(text, "{:6x} {piece:?} {numbers:x?}", self.buffers.hot.len());
        }
        let is_put = self.stencil(piece, numbers.len()).and_then(|stencil| self.copy(stencil, exit, numbers));
        self.buffers.put = Some(put);
        is_put
    }

    fn stencil(&mut self, piece: &Piece, n_numbers: usize) -> Option<&'static Stencil> {
        if let Some(stencil) = self.known.get(piece) {
            return Some(stencil);
        }
        if n_numbers > MAX_NUMBERS {
            return None;
        }
        let started = Instant::now();
        let (stencil, is_new) = self.table.get(piece).ok()?;
        if is_new {
            self.made.n_cut += 1;
            self.made.cutting_time += started.elapsed();
        }
        self.known.insert(piece.clone(), stencil);
        Some(stencil)
    }

    fn copy(&mut self, stencil: &Stencil, exit: Option<ExitIdx>, numbers: &[u64]) -> Option<()> {
        self.frame_bytes = self.frame_bytes.max(stencil.frame_bytes);
        let Buffers { hot, cold, fixups, .. } = &mut *self.buffers;
        while stencil.skew.is_some_and(|skew| hot.len() as u32 % 16 != skew) {
            hot.push(x64::NO_OPERATION);
        }
        let starts = [hot.len(), cold.len()];
        let next = (starts[0] + stencil.hot.bytes.len()) as u32;
        for (is_cold, part, code) in [(false, &stencil.hot, hot), (true, &stencil.cold, cold)] {
            if part.bytes.is_empty() {
                continue;
            }
            let start = starts[usize::from(is_cold)];
            code.extend_from_slice(&part.bytes);
            let copy = &mut code[start..];
            for hole in &part.holes {
                hole.fill(copy, numbers).then_some(())?;
            }
            for jump in &part.jumps {
                let at = start as u32 + jump.at;
                let to = match jump.to {
                    Target::Hot(to) => Label::Hot(starts[0] as u32 + to),
                    Target::Cold(to) => Label::Cold(starts[1] as u32 + to),
                    Target::Exit => Label::Exit(exit?),
                    Target::Next => Label::Hot(next),
                    Target::Elsewhere => {
                        self.sites.push(Site { offset: at, target: SiteTarget::Jump { executor: self.elsewhere } });
                        continue;
                    }
                };
                fixups.push(Fixup { is_cold, at, to });
            }
        }
        Some(())
    }

    fn jump(&mut self, to: Label) {
        let Buffers { hot, fixups, .. } = &mut *self.buffers;
        hot.push(x64::JUMP);
        fixups.push(Fixup { is_cold: false, at: hot.len() as u32, to });
        hot.extend_from_slice(&[0; 4]);
    }

    /// Puts the cold parts and the exits' stubs behind, and joins all.
    fn finish(self, started: Instant) -> Relocatable {
        let n_homes = self.places.spare + 1;
        let Linker { buffers, mut sites, mut made, text, offsets, .. } = self;
        let Buffers { hot, cold, fixups, exits, .. } = buffers;
        let cold_start = hot.len() as u32;
        let [mut offsets, behind] = offsets.unwrap_or_default();
        offsets.extend(behind.iter().map(|at| UopOffset { offset: at.offset + cold_start, ..*at }));
        let mut code = Vec::with_capacity(hot.len() + cold.len() + x64::LEAVE_BYTES * exits.len());
        code.extend_from_slice(hot);
        code.extend_from_slice(cold);
        for fixup in &*fixups {
            let at = fixup.at + if fixup.is_cold { cold_start } else { 0 };
            let to = match fixup.to {
                Label::Hot(at) => at,
                Label::Cold(at) => cold_start + at,
                Label::Exit(exit) => {
                    let stub = &mut exits[exit.index()];
                    if *stub == NOWHERE {
                        *stub = code.len() as u32;
                        code.extend_from_slice(&x64::LEAVE);
                        sites.push(Site { offset: code.len() as u32 - 4, target: SiteTarget::Exit(exit) });
                    }
                    *stub
                }
            };
            x64::write_i32(&mut code, at as usize, to.wrapping_sub(at + 4) as i32);
        }
        let text = text.map(|ir| Box::new(CodeText { ir, assembly: assembly(&code) }));
        made.linking_time = started.elapsed().saturating_sub(made.cutting_time);
        let made = Made::Linked(made);
        Relocatable { bytes: code, align: 16, sites, offsets: offsets.into(), text, n_homes, made }
    }
}

/// The bytes, sixteen a line.
fn assembly(code: &[u8]) -> String {
    let mut text = String::new();
    for (line, bytes) in code.chunks(16).enumerate() {
        _ = write!(text, "{:6x}:", 16 * line);
        bytes.iter().for_each(|byte| _ = write!(text, " {byte:02x}"));
        text.push('\n');
    }
    text
}
