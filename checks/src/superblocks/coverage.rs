//! Which rows of the table were generated, which ran and how: what tests assert of a set of seeds.

use std::collections::BTreeMap;
use stitch_runtime::backend::Status;
use stitch_runtime::uop::{Effect, Helper, Op, ROWS, Superblock, UopIdx};

/// Counters by name.
pub type Rows = BTreeMap<&'static str, u64>;

/// Takes down a micro-op that ran. Those who enter a side trace go on behind its label.
pub fn note(rows: &mut Rows, superblock: &Superblock, idx: UopIdx) {
    let before = idx.index().checked_sub(1).map(|before| superblock.uops[before].op);
    let label = before.filter(|op| matches!(op, Op::SideEntry { .. }));
    for op in label.into_iter().chain([superblock.uop(idx).op]) {
        *rows.entry(op.name()).or_insert(0) += 1;
    }
}

/// What a set of cases covers.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Micro-ops that the uop interpreter ran.
    pub interpreted: Rows,
    /// Those of them that compiled code ran to the same end.
    pub compiled: Rows,
    /// Micro-ops that went on, and that left.
    pub held: Rows,
    pub left: Rows,
    pub helpers: Rows,
    pub fields: Rows,
    pub float_functions: Rows,
    /// Exits from which frames were rebuilt, by kind.
    pub exits: Rows,
    /// Runs in all, and pairs of runs that say nothing.
    pub n_runs: u64,
    pub n_incomparable: u64,
    /// Trees that were fused.
    pub n_fused: u64,
}

impl Coverage {
    /// Takes down a run: what ran, in order, and how it ended.
    pub fn ran(&mut self, superblock: &Superblock, path: &[UopIdx], status: Status, is_compiled: bool) {
        self.n_runs += 1;
        let rows = if is_compiled { &mut self.compiled } else { &mut self.interpreted };
        path.iter().for_each(|idx| note(rows, superblock, *idx));
        if is_compiled {
            return;
        }
        let last = path.last().copied();
        for idx in path {
            let uop = superblock.uop(*idx);
            self.parts(&uop.op);
            if uop.exit.is_some() {
                let left = Some(*idx) == last && matches!(status, Status::Exit(_));
                let counters = if left { &mut self.left } else { &mut self.held };
                *counters.entry(uop.op.name()).or_insert(0) += 1;
            }
        }
        if let Status::Exit(exit) = status {
            *self.exits.entry(superblock.exits[exit.index()].kind.name()).or_insert(0) += 1;
        }
    }

    /// Takes down what ran in both ways to the same end.
    pub fn ran_both_ways(&mut self, rows: &Rows) {
        for (name, n) in rows {
            *self.interpreted.entry(name).or_insert(0) += n;
            *self.compiled.entry(name).or_insert(0) += n;
        }
    }

    fn parts(&mut self, op: &Op) {
        match *op {
            Op::CallHelper { helper } | Op::CallTest { helper } => *self.helpers.entry(helper.name()).or_insert(0) += 1,
            Op::LoadField { field } | Op::LoadWord { field } | Op::LoadElement { field } => {
                *self.fields.entry(field.name()).or_insert(0) += 1
            }
            Op::FloatCall1 { function } | Op::FloatCall2 { function } => {
                *self.float_functions.entry(function.name()).or_insert(0) += 1
            }
            _ => {}
        }
    }

    /// Rows of the table that are not among these.
    pub fn missing_rows(counters: &Rows) -> Vec<&'static str> {
        ROWS.iter().map(|row| row.name).filter(|name| !counters.contains_key(name)).collect()
    }

    /// Rows that can leave and are not among these. `int_binary` leaves only where memory is out.
    pub fn missing_leaves(counters: &Rows) -> Vec<&'static str> {
        let leaving = ROWS.iter().filter(|row| super::steps::representative(row.name).needs_exit());
        let leaving = leaving.filter(|row| row.name != "int_binary");
        leaving.map(|row| row.name).filter(|name| !counters.contains_key(name)).collect()
    }

    /// Guards that are not among these.
    pub fn missing_guards(counters: &Rows) -> Vec<&'static str> {
        let guards = ROWS.iter().filter(|row| row.effect == Effect::Guard).map(|row| row.name);
        guards.filter(|name| !counters.contains_key(name)).collect()
    }

    pub fn missing_helpers(&self) -> Vec<&'static str> {
        Helper::ALL.iter().map(|helper| helper.name()).filter(|name| !self.helpers.contains_key(name)).collect()
    }
}
