//! Places in the program, as people know them: function, file, line and instruction.

use crate::bytecode::Opcode;
use crate::exec::{Executor, ExecutorKind};
use crate::interp::code::Code;
use crate::object::layout::CodeObject;
use crate::uop::{ExitIdx, Op, Snapshot, SnapshotFrame};
use crate::value::Value;
use crate::vm::Vm;
use std::fmt::Write as _;

/// An instruction of a code object, which whoever has this keeps alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodePlace {
    /// Its address; 0: not known.
    pub code_object: u64,
    pub ip: u32,
}

impl CodePlace {
    pub(crate) const UNKNOWN: CodePlace = CodePlace { code_object: 0, ip: 0 };

    pub fn code(&self) -> Option<Value> {
        (self.code_object != 0).then_some(Value(self.code_object))
    }

    pub(super) fn decoded(&self) -> Option<&Code> {
        // SAFETY: a code object that is alive has code.
        (self.code_object != 0).then(|| unsafe { &*(*Value(self.code_object).as_ptr::<CodeObject>()).code })
    }

    pub(super) fn opcode(&self) -> Option<Opcode> {
        Some(self.decoded()?.original.get(self.ip as usize)?.opcode)
    }

    /// In bytes, as `dis` counts.
    pub fn offset(&self) -> usize {
        self.decoded().map_or(0, |code| code.byte_of(self.ip as usize))
    }

    pub fn line(&self) -> Option<i32> {
        let position = self.decoded()?.positions().get(self.ip as usize)?;
        (position.line >= 0).then_some(position.line)
    }
}

impl Executor {
    /// Where it starts; unknown once a side trace is freed.
    pub fn place(&self) -> CodePlace {
        match &self.start {
            Some(start) => place_of(&start.snapshot),
            None if self.kind == ExecutorKind::Side => CodePlace::UNKNOWN,
            None => CodePlace { code_object: self.code_object, ip: self.start_ip },
        }
    }

    /// Where tier 1 goes on from an exit; unknown once the executor is freed.
    pub fn place_of_exit(&self, exit: ExitIdx) -> CodePlace {
        let snapshot = self.superblock.exits.get(exit.index()).map(|exit| exit.snapshot.index());
        snapshot.map_or(CodePlace::UNKNOWN, |snapshot| place_of(&self.superblock.snapshots[snapshot]))
    }
}

impl Executor {
    /// Per micro-op, the instruction that it was recorded of: that of the exit it has, or of the nearest before it.
    pub fn places_of_uops(&self) -> Vec<CodePlace> {
        let mut place = self.place();
        let mut places = Vec::with_capacity(self.superblock.uops.len());
        for uop in &self.superblock.uops {
            if let Some(exit) = uop.exit {
                place = self.place_of_exit(exit);
            } else if let Op::SideEntry { exit } = uop.op {
                place = self.place_of_exit(exit);
            }
            places.push(place);
        }
        places
    }
}

fn place_of(snapshot: &Snapshot) -> CodePlace {
    let place = |frame: &SnapshotFrame| CodePlace { code_object: frame.code, ip: frame.ip };
    snapshot.frames.last().map_or(CodePlace::UNKNOWN, place)
}

impl Vm {
    /// The qualified name of the function, and the file that it is in; `None` of a place that is not known.
    pub fn function_and_file(&self, place: CodePlace) -> Option<(String, String)> {
        let object = place.code()?.as_ptr::<CodeObject>();
        // SAFETY: whoever has a place keeps its code object alive.
        let (function, file) = unsafe { ((*object).qualname, (*object).filename) };
        Some((self.string_of(function), self.string_of(file)))
    }

    /// `function (file:line, OPCODE at offset)`.
    pub fn describe_place(&self, place: CodePlace) -> String {
        let (Some(code), Some((function, file))) = (place.decoded(), self.function_and_file(place)) else {
            return "a place that is not known".to_owned();
        };
        let line = place.line().map_or("?".to_owned(), |line| line.to_string());
        let opcode = code.original.get(place.ip as usize).map_or("the end", |decoded| decoded.opcode.name());
        format!("{function} ({file}:{line}, {opcode} at {})", place.offset())
    }

    /// The exits that were taken to tier 1 most often, a line each, with what is checked there.
    pub fn hottest_exits(&self, n: usize) -> String {
        let exits =
            |executor: &'_ Executor| executor.exits.iter().map(|data| data.taken).enumerate().collect::<Vec<_>>();
        let mut rows: Vec<(u64, &Executor, usize)> = Vec::new();
        for executor in self.jit.executors.iter().filter(|executor| !executor.superblock.uops.is_empty()) {
            let taken = exits(executor).into_iter().filter(|&(_, taken)| taken > 0);
            rows.extend(taken.map(|(x, taken)| (taken, &**executor, x)));
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.0));
        let mut text = String::new();
        for (taken, executor, x) in rows.into_iter().take(n) {
            let exit = ExitIdx(x as u32);
            let uop = executor.superblock.uops.iter().find(|uop| uop.exit == Some(exit));
            let why = uop.map_or("", |uop| uop.op.name());
            let (from, to) = (executor.place(), executor.place_of_exit(exit));
            _ = writeln!(
                text,
                "exit            {taken} × {exit} ({:?}, {why}) of executor {} ({:?}, {} runs, {}) to {}",
                executor.exits[x].kind,
                executor.id,
                executor.kind,
                executor.runs,
                self.describe_place(from),
                self.describe_place(to)
            );
        }
        text
    }
}
