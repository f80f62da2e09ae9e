//! What profilers and debuggers of the system are told of compiled code: names, lines, where it lies.
//!
//! ```text
//!   -X perf      /tmp/perf-PID.map    address, size and name of each executor
//!   -X perf_jit  /tmp/jit-PID.dump    the same with the code itself and its lines, for `perf inject --jit`
//!   -X gdb       in memory            an object file for each executor, by gdb's JIT interface
//! ```

mod dwarf;
mod elf;
mod gdb;
mod jitdump;
mod perf_map;

use super::places::CodePlace;
use crate::backend::UopOffset;
use crate::exec::Executor;
use crate::host::HostResult;
use crate::vm::Vm;
use gdb::Registered;
use hashbrown::HashMap;
use jitdump::JitDump;
use perf_map::PerfMap;

/// How a profiler is told of code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PerfMode {
    #[default]
    Off,
    Map,
    Dump,
}

impl PerfMode {
    /// The modes that programs may ask for, by the names that they have there.
    pub const NAMES: [(&'static str, PerfMode); 2] = [("perf", PerfMode::Map), ("perf_jit", PerfMode::Dump)];
}

/// Who is told.
#[derive(Default)]
pub struct Tools {
    profiler: Option<Profiler>,
    /// What gdb was told of, by executor; `None`: it is told of nothing.
    debugger: Option<HashMap<u32, Registered>>,
    /// The code that is not in executors, known to gdb.
    others: Vec<Registered>,
    /// They were told of the code that all executors use.
    know_parts: bool,
}

enum Profiler {
    Map(PerfMap),
    Dump(JitDump),
}

/// A piece of code.
pub struct Symbol {
    /// Without line ends.
    pub name: String,
    pub address: usize,
    pub code: Vec<u8>,
    /// By offset.
    pub lines: Vec<CodeLine>,
}

/// From this offset on the code is for this line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLine {
    pub offset: u32,
    pub file: String,
    pub line: u32,
}

impl Profiler {
    fn open(mode: PerfMode) -> HostResult<Option<Profiler>> {
        Ok(match mode {
            PerfMode::Off => None,
            PerfMode::Map => Some(Profiler::Map(PerfMap::create()?)),
            PerfMode::Dump => Some(Profiler::Dump(JitDump::create()?)),
        })
    }

    fn add(&mut self, symbol: &Symbol) {
        match self {
            Profiler::Map(map) => map.add(symbol),
            Profiler::Dump(dump) => dump.add(symbol),
        }
    }

    fn mode(&self) -> PerfMode {
        match self {
            Profiler::Map(_) => PerfMode::Map,
            Profiler::Dump(_) => PerfMode::Dump,
        }
    }
}

impl Tools {
    fn is_off(&self) -> bool {
        self.profiler.is_none() && self.debugger.is_none()
    }

    pub fn perf_mode(&self) -> PerfMode {
        self.profiler.as_ref().map_or(PerfMode::Off, Profiler::mode)
    }

    /// Is anybody told which line a piece of code is for?
    pub(crate) fn wants_lines(&self) -> bool {
        self.debugger.is_some() || self.perf_mode() == PerfMode::Dump
    }

    fn add(&mut self, executor: Option<u32>, symbol: &Symbol) {
        if let Some(profiler) = &mut self.profiler {
            profiler.add(symbol);
        }
        if let Some(debugger) = &mut self.debugger {
            let registered = gdb::register(symbol);
            match executor {
                Some(id) => drop(debugger.insert(id, registered)),
                None => self.others.push(registered),
            }
        }
    }

    /// An executor's code is about to be given back.
    pub(crate) fn forget(&mut self, executor: u32) {
        if let Some(debugger) = &mut self.debugger {
            debugger.remove(&executor);
        }
    }
}

impl Vm {
    /// Tells a profiler of all code that there is and will be; or nobody of anything more.
    pub fn tell_profiler(&mut self, mode: PerfMode) -> HostResult<()> {
        self.end_profiler();
        self.jit.tools.profiler = Profiler::open(mode)?;
        self.jit.tools.know_parts = false;
        let debugger = self.jit.tools.debugger.take();
        self.announce_all();
        self.jit.tools.debugger = debugger;
        Ok(())
    }

    /// Tells gdb of all code that will be.
    pub fn tell_debugger(&mut self) {
        self.jit.tools.debugger.get_or_insert_default();
    }

    /// The files are whole.
    pub(crate) fn end_profiler(&mut self) {
        if let Some(Profiler::Dump(dump)) = &mut self.jit.tools.profiler {
            dump.close();
        }
        self.jit.tools.profiler = None;
    }

    /// In the copy of a process: its code lies where the original's does, and its files are others.
    pub(crate) fn tell_profiler_of_copy(&mut self) {
        let mode = self.jit.tools.perf_mode();
        self.jit.tools.profiler = None;
        // One that cannot have a file goes on without.
        _ = self.tell_profiler(mode);
    }

    fn announce_all(&mut self) {
        if self.jit.tools.is_off() {
            return;
        }
        for id in 0..self.jit.executors.len() {
            self.announce(id as u32);
        }
    }

    /// The code that all executors use.
    fn announce_parts(&mut self) {
        self.jit.tools.know_parts = true;
        let parts = self.jit.backend.as_ref().map_or_else(Vec::new, |backend| backend.parts());
        for part in parts {
            let (name, address) = (format!("stitch: {}", part.name), part.address);
            self.jit.tools.add(None, &Symbol { name, address, code: part.code, lines: Vec::new() });
        }
    }

    /// Tells who wants to know of an executor's code.
    pub(crate) fn announce(&mut self, id: u32) {
        if self.jit.tools.is_off() {
            return;
        }
        let executor = &*self.jit.executors[id as usize];
        let Some(compiled) = &executor.compiled else { return };
        let symbol = Symbol {
            name: self.name_of_executor(executor),
            address: compiled.entry,
            code: compiled.code(),
            lines: self.lines_of_code(executor, &compiled.offsets),
        };
        if !self.jit.tools.know_parts {
            self.announce_parts();
        }
        self.jit.tools.add(Some(id), &symbol);
    }

    /// `function:line`, with what it is and the file.
    pub fn name_of_executor(&self, executor: &Executor) -> String {
        let place = executor.place();
        let line = place.line().unwrap_or(0);
        let (function, file) = self.function_and_file(place).unwrap_or_default();
        let kind = format!("{:?}", executor.kind).to_lowercase();
        let name = format!("{function}:{line} [{kind} {}] {file}", executor.id);
        // A name stands on a line of its own, and ends with a zero.
        name.replace(|letter: char| letter.is_control(), "?")
    }

    fn lines_of_code(&self, executor: &Executor, offsets: &[UopOffset]) -> Vec<CodeLine> {
        let places = executor.places_of_uops();
        let row = |offset: u32, place: CodePlace| {
            let (_, file) = self.function_and_file(place)?;
            let line = u32::try_from(place.line()?).ok()?;
            Some(CodeLine { offset, file, line })
        };
        let first = row(0, executor.place());
        let others = offsets.iter().filter_map(|at| row(at.offset, *places.get(at.uop.index())?));
        let mut lines: Vec<CodeLine> = first.into_iter().chain(others).collect();
        lines.dedup_by(|next, before| next.line == before.line && next.file == before.file);
        lines
    }
}
