//! The verifier. A superblock is well formed when
//!
//! 1. inputs are as many as the op's row says, defined by micro-ops that have a result, and of the row's kinds (where a sunk
//!    allocation wants a boxed word it may be unboxed: exits box it). Calls of helpers take what the helper's row says;
//! 2. every use, in an input or in the snapshot of the exit that the user has, is dominated by the definition. Blocks
//!    are the entry block, the loop block that `loop_start` opens, and side blocks that `side_entry` opens. The loop
//!    block sees the whole entry block. A side block sees what stands before the first micro-op with its exit, in that
//!    one's block and in what that block sees; all micro-ops with that exit stand where they see the first;
//! 3. every block ends in exactly one terminator, which nothing but a `side_entry` follows;
//! 4. at most one `loop_start`, in the entry block's end; phis follow it at once and stand nowhere else; `jump_loop`
//!    stands in the loop block or in a side block that is entered from there, with one input a phi, of its kind;
//! 5. `load_frame` and `load_home` stand in the entry block;
//! 6. exactly the ops that can leave have an exit, in range, with a snapshot in range; of a snapshot's frames the first
//!    and only the first is the root;
//! 7. immediates fit their op: field storage, element fields, arity of helpers and float functions;
//! 8. what `unbox_*` opens is known to be of that kind: a constant of it, a box, or guarded by a dominating guard;
//! 9. homes and sunk marks, once given, are as many as there are micro-ops, sources as there are snapshots; sunk
//!    micro-ops are allocations used by snapshots and other sunk ones alone.

use super::{ExitIdx, Field, FrameOrigin, Kind, Op, Storage, Superblock, Uop, UopIdx, sem};
use std::fmt;

/// A broken invariant: a bug in who made the superblock.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifyError {
    pub uop: Option<UopIdx>,
    pub message: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.uop {
            Some(uop) => write!(f, "{uop}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// A run of micro-ops, and what it sees of another block.
struct Block {
    start: usize,
    end: usize,
    /// Micro-ops below this index of this block are seen, and what that block sees.
    parent: Option<(usize, usize)>,
}

struct Verifier<'s> {
    superblock: &'s Superblock,
    blocks: Vec<Block>,
    /// Per micro-op: its block.
    block_of: Vec<usize>,
    /// Per exit: the first micro-op that has it.
    first_with_exit: Vec<Option<usize>>,
}

/// Checks all invariants.
pub fn verify(superblock: &Superblock) -> Result<(), VerifyError> {
    let mut verifier = Verifier {
        superblock,
        blocks: Vec::new(),
        block_of: Vec::new(),
        first_with_exit: vec![None; superblock.exits.len()],
    };
    verifier.check_exits()?;
    verifier.find_blocks()?;
    for (index, uop) in superblock.uops.iter().enumerate() {
        verifier.check_uop(index, uop).map_err(|message| VerifyError { uop: Some(UopIdx(index as u32)), message })?;
    }
    verifier.check_annotations()
}

fn fail<T>(uop: usize, message: impl Into<String>) -> Result<T, VerifyError> {
    Err(VerifyError { uop: Some(UopIdx(uop as u32)), message: message.into() })
}

impl Verifier<'_> {
    fn check_exits(&mut self) -> Result<(), VerifyError> {
        for (index, exit) in self.superblock.exits.iter().enumerate() {
            if exit.snapshot.index() >= self.superblock.snapshots.len() {
                let message = format!("{} has no snapshot", ExitIdx(index as u32));
                return Err(VerifyError { uop: None, message });
            }
        }
        for snapshot in &self.superblock.snapshots {
            let is_root = |origin: FrameOrigin| origin == FrameOrigin::Root;
            let mut origins = snapshot.frames.iter().map(|frame| frame.origin);
            if !origins.next().is_some_and(is_root) || origins.any(is_root) {
                return Err(VerifyError { uop: None, message: "the first frame of a snapshot is the root".into() });
            }
        }
        for (index, uop) in self.superblock.uops.iter().enumerate() {
            if uop.op.needs_exit() != uop.exit.is_some() {
                return fail(index, "exit missing, or where none can be");
            }
            let Some(exit) = uop.exit else { continue };
            match self.first_with_exit.get_mut(exit.index()) {
                Some(first) => _ = first.get_or_insert(index),
                None => return fail(index, format!("{exit} does not exist")),
            }
        }
        Ok(())
    }

    fn find_blocks(&mut self) -> Result<(), VerifyError> {
        let uops = &self.superblock.uops;
        let mut ended = false;
        self.blocks.push(Block { start: 0, end: 0, parent: None });
        for (index, uop) in uops.iter().enumerate() {
            let parent = match uop.op {
                Op::LoopStart {} if self.blocks.len() > 1 || ended => return fail(index, "misplaced loop_start"),
                Op::LoopStart {} => Some((0, index)),
                Op::SideEntry { .. } if !ended => return fail(index, "the block before has no terminator"),
                Op::SideEntry { exit } => match self.first_with_exit.get(exit.index()) {
                    Some(Some(guard)) if *guard < index => Some((self.block_of[*guard], *guard)),
                    _ => return fail(index, format!("nothing leaves by {exit} before its side entry")),
                },
                _ if ended => return fail(index, "follows a terminator"),
                _ => None,
            };
            if let Some(parent) = parent {
                self.blocks.push(Block { start: index, end: index, parent: Some(parent) });
            }
            let block = self.blocks.len() - 1;
            self.blocks[block].end = index + 1;
            self.block_of.push(block);
            ended = uop.op.is_terminator();
        }
        if !ended {
            return fail(uops.len().saturating_sub(1), "the last block has no terminator");
        }
        Ok(())
    }

    /// Whether what stands at `definition` is sure to have run when `user` runs.
    fn sees(&self, user: usize, definition: usize) -> bool {
        let (mut block, mut limit) = (self.block_of[user], user);
        loop {
            if self.blocks[block].start <= definition && definition < limit.min(self.blocks[block].end) {
                return true;
            }
            match self.blocks[block].parent {
                Some(parent) => (block, limit) = parent,
                None => return false,
            }
        }
    }

    fn check_uop(&self, index: usize, uop: &Uop) -> Result<(), String> {
        self.check_inputs(index, uop)?;
        self.check_immediates(uop)?;
        self.check_place(index, uop)?;
        if let Some(exit) = uop.exit {
            if self.first_with_exit[exit.index()].is_some_and(|first| first != index && !self.sees(index, first)) {
                return Err(format!("is not dominated by the first micro-op with {exit}"));
            }
            for value in self.superblock.exit_snapshot(exit).values() {
                self.check_use(index, value)?;
            }
        }
        if let Some(kind) = uop.op.unboxed_kind()
            && !self.is_known(index, uop.inputs[0], kind)
        {
            return Err(format!("{} is not known to be of kind {}", uop.inputs[0], kind.name()));
        }
        Ok(())
    }

    fn check_inputs(&self, index: usize, uop: &Uop) -> Result<(), String> {
        let fixed = uop.op.input_kinds();
        let rest = uop.op.rest_kind();
        if uop.inputs.len() < fixed.len() || (rest.is_none() && uop.inputs.len() > fixed.len()) {
            return Err("wrong number of inputs".into());
        }
        for (place, input) in uop.inputs.iter().enumerate() {
            let kind = self.check_use(index, *input)?;
            let wanted = match (uop.op.input_kind(place), uop.op) {
                (Some(Kind::Any), Op::Phi { kind, .. }) => Some(kind),
                (wanted, _) => wanted,
            };
            let is_sunk = self.superblock.sunk.get(index) == Some(&true);
            let is_boxed_by_exits = is_sunk && wanted == Some(Kind::Value);
            if wanted != Some(kind) && wanted != Some(Kind::Any) && !is_boxed_by_exits {
                return Err(format!("{input} is of kind {}", kind.name()));
            }
        }
        Ok(())
    }

    fn check_use(&self, user: usize, value: UopIdx) -> Result<Kind, String> {
        if value.index() >= self.superblock.uops.len() {
            return Err(format!("{value} does not exist"));
        }
        if !self.sees(user, value.index()) {
            return Err(format!("{value} does not dominate its use"));
        }
        self.superblock.kind(value).ok_or_else(|| format!("{value} has no result"))
    }

    fn check_immediates(&self, uop: &Uop) -> Result<(), String> {
        let fits = match uop.op {
            Op::LoadField { field } | Op::StoreField { field } => field.storage() == Storage::Value,
            Op::LoadWord { field } | Op::StoreWord { field } => field.storage() != Storage::Value,
            Op::LoadElement { field } => matches!(field, Field::ArrayElement | Field::TupleElement),
            Op::StoreElement { field } => field == Field::ArrayElement,
            Op::LoadRawInt { element } | Op::StoreRawInt { element } => !element.is_float(),
            Op::LoadRawFloat { element } | Op::StoreRawFloat { element } => element.is_float(),
            Op::FloatCall1 { function } => function.arity() == 1,
            Op::FloatCall2 { function } => function.arity() == 2,
            Op::CallHelper { helper } | Op::CallTest { helper } => {
                helper.arity().is_none_or(|arity| arity == uop.inputs.len())
            }
            Op::NewInstance { slots, .. } => uop.inputs.len() <= slots as usize,
            Op::Phi { kind, .. } | Op::LoadHome { kind, .. } => kind != Kind::Any,
            _ => true,
        };
        if fits { Ok(()) } else { Err("immediates do not fit".into()) }
    }

    fn check_place(&self, index: usize, uop: &Uop) -> Result<(), String> {
        let uops = &self.superblock.uops;
        match uop.op {
            Op::Phi { .. } => {
                let before = index.checked_sub(1).map(|before| uops[before].op);
                if !matches!(before, Some(Op::LoopStart {} | Op::Phi { .. })) {
                    return Err("a phi stands right after loop_start".into());
                }
            }
            Op::LoadFrame { .. } | Op::LoadHome { .. } if self.block_of[index] != 0 => {
                return Err("stands outside the entry block".into());
            }
            Op::JumpLoop {} => {
                let Some(start) = self.superblock.loop_start() else { return Err("there is no loop".into()) };
                if !self.sees(index, start) {
                    return Err("jumps to the loop from outside".into());
                }
                let phis = uops[start + 1..].iter().map_while(|uop| match uop.op {
                    Op::Phi { kind, .. } => Some(Some(kind)),
                    _ => None,
                });
                if !phis.eq(uop.inputs.iter().map(|input| self.superblock.kind(*input))) {
                    return Err("values and phis do not agree".into());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn is_known(&self, user: usize, value: UopIdx, kind: Kind) -> bool {
        let definition = self.superblock.uop(value).op;
        if definition.boxed_kind() == Some(kind) {
            return true;
        }
        if let (Op::ConstValue { bits }, Some(guard)) = (definition, kind.guard_op()) {
            // A wide int is a constant too, but none that has the tag.
            return sem::evaluate(&guard, &[bits]) != sem::Outcome::Leaves;
        }
        let guards = self.superblock.uops[..user].iter().enumerate();
        guards
            .rev()
            .any(|(index, uop)| Some(uop.op) == kind.guard_op() && uop.inputs[0] == value && self.sees(user, index))
    }

    fn check_annotations(&self) -> Result<(), VerifyError> {
        let superblock = self.superblock;
        let n_uops = superblock.uops.len();
        let message = if !superblock.homes.is_empty() && superblock.homes.len() != n_uops {
            "homes and micro-ops differ in number"
        } else if !superblock.sunk.is_empty() && superblock.sunk.len() != n_uops {
            "sunk marks and micro-ops differ in number"
        } else if !superblock.sources.is_empty() && superblock.sources.len() != superblock.snapshots.len() {
            "sources and snapshots differ in number"
        } else {
            return self.check_sunk();
        };
        Err(VerifyError { uop: None, message: message.into() })
    }

    fn check_sunk(&self) -> Result<(), VerifyError> {
        let is_sunk = |index: usize| self.superblock.sunk.get(index) == Some(&true);
        for (index, uop) in self.superblock.uops.iter().enumerate() {
            if is_sunk(index) {
                if uop.op.effect() != super::Effect::Allocates {
                    return fail(index, "only allocations are sunk");
                }
            } else if let Some(input) = uop.inputs.iter().find(|input| is_sunk(input.index())) {
                return fail(index, format!("uses {input}, which is sunk"));
            }
        }
        Ok(())
    }
}
