//! Links a superblock from stencils.
//!
//! ```text
//!   push rbp; mov rbp, rsp; sub rsp, what the stencils need
//!   the executor makes itself known
//!   entry:   hot parts, in the order of the micro-ops …       one `jcc` each to an exit's stub, a side entry, a cold part
//!   cold parts …
//!   exit's stub: mov rsp, rbp; pop rbp; jmp rel32 ──► what Rust patches
//! ```

use super::cut::{Part, Stencil, Target};
use super::piece::{ELSEWHERE, Fact, Input, MAX_NUMBERS, Piece, constant_input, plain_op};
use super::places::Places;
use super::table::StencilTable;
use super::x64;
use crate::compiler::TraceCompiler;
use crate::lower;
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::fmt::Write as _;
use std::sync::Arc;
use stitch_runtime::backend::{
    BackendError, CodeText, CompileRequest, Compiler, Layout, MAX_EXITS, MAX_HOMES, Made, Relocatable, Site,
    SiteTarget, UopOffset,
};
use stitch_runtime::uop::{ExitIdx, Kind, Op, Superblock, UopIdx};

/// Links superblocks; gives those that it has no stencils for to Cranelift.
pub struct StencilCompiler {
    table: Arc<StencilTable>,
    /// Those of the table that were wanted here already.
    known: HashMap<Piece, Arc<Stencil>>,
    places: Places,
    whole: TraceCompiler,
}

impl StencilCompiler {
    pub fn new(table: Arc<StencilTable>, whole: TraceCompiler) -> StencilCompiler {
        StencilCompiler { table, known: HashMap::new(), places: Places::default(), whole }
    }
}

impl Compiler for StencilCompiler {
    fn compile(&mut self, request: &CompileRequest<'_>) -> Result<Relocatable, BackendError> {
        let superblock = request.superblock;
        if superblock.exits.len() > MAX_EXITS || usize::from(superblock.n_homes) > MAX_HOMES {
            return Err(BackendError::TooLarge);
        }
        let linked = self.places.assign(superblock).is_ok().then(|| Linker::new(self, request).link()).flatten();
        match linked {
            Some(code) => Ok(code),
            None => Ok(Relocatable { made: Made::GivenOver, ..self.whole.compile(request)? }),
        }
    }
}

/// Where a rel32 leads.
#[derive(Clone, Copy, Debug)]
enum Label {
    Hot(usize),
    Cold(usize),
    Exit(ExitIdx),
}

/// A rel32 that is not filled in yet.
struct Fixup {
    is_cold: bool,
    at: usize,
    to: Label,
}

struct Linker<'a> {
    table: &'a StencilTable,
    known: &'a mut HashMap<Piece, Arc<Stencil>>,
    places: &'a Places,
    superblock: &'a Superblock,
    layout: &'static Layout,
    executor: u64,
    hot: Vec<u8>,
    cold: Vec<u8>,
    fixups: Vec<Fixup>,
    sites: Vec<Site>,
    /// Where the code of side traces begins, by exit.
    side_entries: Vec<Option<usize>>,
    frame_bytes: u32,
    /// Behind what happens once.
    entry: usize,
    loop_head: usize,
    has_pushed: bool,
    /// Where the `jump_executor` that is being linked goes.
    elsewhere: u32,
    /// Values that are known to be heap objects since the last label.
    objects: Vec<UopIdx>,
    n_cut: u32,
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
            hot: Vec::with_capacity(32 * superblock.uops.len()),
            cold: Vec::new(),
            fixups: Vec::with_capacity(superblock.uops.len()),
            sites: Vec::with_capacity(superblock.exits.len()),
            side_entries: vec![None; superblock.exits.len()],
            frame_bytes: 0,
            entry: 0,
            loop_head: 0,
            has_pushed: false,
            elsewhere: 0,
            objects: Vec::new(),
            n_cut: 0,
            offsets: request.wanted.offsets.then(Default::default),
            text: request.wanted.text.then(String::new),
        }
    }

    /// `None`: there is no stencil for something.
    fn link(mut self) -> Option<Relocatable> {
        self.hot.extend_from_slice(&x64::PROLOGUE);
        self.hot.extend_from_slice(&x64::RESERVE);
        let reserved = self.hot.len();
        self.hot.extend_from_slice(&[0; 4]);
        self.put(Piece::entry(self.executor))?;
        self.entry = self.hot.len();
        for index in 0..self.superblock.uops.len() {
            if self.superblock.sunk.get(index) != Some(&true) {
                let uop = UopIdx(index as u32);
                if let Some([hot, cold]) = &mut self.offsets {
                    hot.push(UopOffset { offset: self.hot.len() as u32, uop });
                    cold.push(UopOffset { offset: self.cold.len() as u32, uop });
                }
                self.link_uop(uop)?;
            }
        }
        x64::write_i32(&mut self.hot, reserved, self.frame_bytes.next_multiple_of(16) as i32);
        Some(self.finish())
    }

    fn link_uop(&mut self, idx: UopIdx) -> Option<()> {
        let superblock = self.superblock;
        let uop = superblock.uop(idx);
        let own = superblock.homes.get(idx.index()).copied().flatten();
        let read = self.places.read[idx.index()];
        match uop.op {
            // The jumps to the loop's head have written it.
            Op::Phi { .. } => return Some(()),
            Op::LoopStart {} => {
                self.carry(idx.index(), |phi| superblock.uops[phi].inputs[0])?;
                self.objects.clear();
                self.loop_head = self.hot.len();
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
                self.side_entries[exit.index()] = Some(self.hot.len());
                self.objects.clear();
                self.has_pushed = false;
                return Some(());
            }
            Op::LoadHome { home, .. } if read.is_none_or(|read| read == home) => {}
            op if op.is_constant() => {}
            op => {
                if let Op::JumpExecutor { executor } = op {
                    self.elsewhere = executor;
                }
                self.put(self.piece(idx))?;
            }
        }
        if let Some(home) = own.filter(|own| read != Some(*own))
            && uop.op != (Op::LoadHome { home, kind: uop.op.output_kind().unwrap_or(Kind::Value) })
        {
            self.put(Piece::store(self.input(Op::LoopStart {}, 0, idx), home))?;
        }
        self.objects.extend(lower::object_behind(superblock, idx));
        self.has_pushed |= matches!(uop.op, Op::PushFrame { .. });
        Some(())
    }

    /// A micro-op with its places.
    fn piece(&self, idx: UopIdx) -> Piece {
        let uop = self.superblock.uop(idx);
        let op = plain_op(self.superblock, idx);
        let (op, has_pushed) = match op {
            Op::JumpExecutor { .. } => (Op::JumpExecutor { executor: ELSEWHERE }, self.has_pushed),
            Op::PushFrame { .. } => (op, self.has_pushed),
            op => (op, false),
        };
        Piece {
            op: Some(op),
            inputs: uop.inputs.iter().enumerate().map(|(place, &input)| self.input(op, place, input)).collect(),
            // Where nobody reads it but exits, it goes to its home.
            result: self.places.read[idx.index()],
            exit: uop.exit,
            executor: matches!(op, Op::GuardValid {}).then_some(self.executor),
            has_pushed,
            form: lower::form_of(self.layout, uop.op).map(Box::new),
        }
    }

    fn input(&self, op: Op, place: usize, value: UopIdx) -> Input {
        let uop = self.superblock.uop(value);
        let kind = uop.op.output_kind().unwrap_or(Kind::Value);
        if let Some(word) = uop.op.constant_word() {
            return constant_input(op, place, kind, word);
        }
        let fact = if self.objects.contains(&value) {
            Fact::IsObject
        } else if lower::is_immediate(self.superblock, value) {
            Fact::IsImmediate
        } else {
            Fact::Nothing
        };
        let home = self.places.read[value.index()].expect("what is used has a place");
        Input::Home { home, kind, fact }
    }

    /// Writes what the loop carries to where its phis are read and shown, all at once.
    fn carry(&mut self, start: usize, value: impl Fn(usize) -> UopIdx) -> Option<()> {
        let superblock = self.superblock;
        let mut moves: SmallVec<[(Input, u16); 8]> = SmallVec::new();
        for phi in (start + 1)..superblock.uops.len() {
            let Op::Phi { .. } = superblock.uops[phi].op else { break };
            let from = self.input(Op::LoopStart {}, 0, value(phi));
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
                self.put(Piece::store(from, to))?;
            } else {
                let (_, written) = moves[0];
                let saved = Input::Home { home: written, kind: Kind::Int, fact: Fact::Nothing };
                self.put(Piece::store(saved, self.places.spare))?;
                for (from, _) in moves.iter_mut().filter(|(from, _)| is_from(*from, written)) {
                    *from = Input::Home { home: self.places.spare, kind: Kind::Int, fact: Fact::Nothing };
                }
            }
        }
        Some(())
    }

    /// Copies the stencil of a piece, and fills its holes.
    fn put(&mut self, piece: Piece) -> Option<()> {
        if let Some(text) = &mut self.text {
            _ = writeln!(text, "{:6x} {piece:?}", self.hot.len());
        }
        let (exit, mut key) = (piece.exit, piece);
        let mut numbers = SmallVec::new();
        key.take_numbers(&mut numbers);
        if numbers.len() > MAX_NUMBERS {
            return None;
        }
        let stencil = match self.known.get(&key) {
            Some(stencil) => stencil.clone(),
            None => {
                let (stencil, is_new) = self.table.get(&key).ok()?;
                self.n_cut += u32::from(is_new);
                self.known.insert(key, stencil.clone());
                stencil
            }
        };
        self.frame_bytes = self.frame_bytes.max(stencil.frame_bytes);
        while stencil.skew.is_some_and(|skew| self.hot.len() as u32 % 16 != skew) {
            self.hot.push(x64::NO_OPERATION);
        }
        let starts = [self.hot.len(), self.cold.len()];
        self.hot.extend_from_slice(&stencil.hot.bytes);
        self.cold.extend_from_slice(&stencil.cold.bytes);
        let next = self.hot.len();
        for (is_cold, part) in [(false, &stencil.hot), (true, &stencil.cold)] {
            self.fill(is_cold, part, starts, next, exit, &numbers)?;
        }
        Some(())
    }

    fn fill(
        &mut self,
        is_cold: bool,
        part: &Part,
        starts: [usize; 2],
        next: usize,
        exit: Option<ExitIdx>,
        numbers: &[u64],
    ) -> Option<()> {
        let start = starts[usize::from(is_cold)];
        let code = if is_cold { &mut self.cold } else { &mut self.hot };
        for hole in &part.holes {
            hole.fill(code, start, numbers).then_some(())?;
        }
        for jump in &part.jumps {
            let to = match jump.to {
                Target::Hot(at) => Label::Hot(starts[0] + at as usize),
                Target::Cold(at) => Label::Cold(starts[1] + at as usize),
                Target::Exit => Label::Exit(exit?),
                Target::Next => Label::Hot(next),
                Target::Elsewhere => {
                    let offset = (start + jump.at as usize) as u32;
                    self.sites.push(Site { offset, target: SiteTarget::Jump { executor: self.elsewhere } });
                    continue;
                }
            };
            self.fixups.push(Fixup { is_cold, at: start + jump.at as usize, to });
        }
        Some(())
    }

    fn jump(&mut self, to: Label) {
        self.hot.push(x64::JUMP);
        self.fixups.push(Fixup { is_cold: false, at: self.hot.len(), to });
        self.hot.extend_from_slice(&[0; 4]);
    }

    /// Puts the cold parts and the exits' stubs behind, and joins all.
    fn finish(self) -> Relocatable {
        let n_homes = self.places.spare + 1;
        let Linker { hot: mut code, cold, fixups, mut sites, side_entries, superblock, n_cut, text, offsets, .. } =
            self;
        let cold_start = code.len();
        let [mut offsets, behind] = offsets.unwrap_or_default();
        offsets.extend(behind.iter().map(|at| UopOffset { offset: at.offset + cold_start as u32, ..*at }));
        code.extend_from_slice(&cold);
        let mut exits = side_entries;
        for fixup in fixups {
            let at = fixup.at + if fixup.is_cold { cold_start } else { 0 };
            let to = match fixup.to {
                Label::Hot(at) => at,
                Label::Cold(at) => cold_start + at,
                Label::Exit(exit) => *exits[exit.index()].get_or_insert_with(|| {
                    let stub = code.len();
                    code.extend_from_slice(&x64::EPILOGUE);
                    code.push(x64::JUMP);
                    sites.push(Site { offset: code.len() as u32, target: SiteTarget::Exit(exit) });
                    code.extend_from_slice(&[0; 4]);
                    stub
                }),
            };
            x64::write_i32(&mut code, at, (to as i64 - (at as i64 + 4)) as i32);
        }
        let text = text.map(|ir| Box::new(CodeText { ir, assembly: assembly(&code) }));
        let n_linked = superblock.uops.len() as u32;
        let made = Made::Linked { n_uops: n_linked, n_cut };
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
