//! Trees of traces: a loop with side traces, run as a chain of executors and fused into one, interpreted and compiled.
//!
//! Side traces start from side exits by the instruction that they lead to, so that the same exit of the chain and of the
//! fused function has the same side trace, however the state is held there.

use super::choices::bytes_of_seed;
use super::coverage::{Rows, note};
use super::generate::{Case, Ending, generate_loop, generate_side};
use super::world::{Facts, Mode, Next, Outcome, shapes};
use super::{Checker, Failure, emitted};
use hashbrown::HashMap;
use std::sync::Arc;
use stitch_runtime::backend::{MAX_EXITS, MAX_HOMES, Status};
use stitch_runtime::opt::fuse::{self, Root, Side, SideStart};
use stitch_runtime::opt::transplant::{HomeMoves, transplant};
use stitch_runtime::opt::{self, AlwaysLeaves, Emitter, LoopHead, Passes, homes};
use stitch_runtime::uop::{ExitIdx, ExitKind, ExitOrigin, Superblock, UopIdx, verify};

/// The instruction of the loop's head; exits of steps have other ones.
const LOOP_HEAD: u32 = 0;
/// Side traces of a tree at most.
const MAX_SIDES: usize = 4;
/// Instructions that a side trace's exits may stand at.
const IPS_OF_SIDE: u32 = 450;
/// How deep the fused tree goes.
const MAX_DEPTH: u32 = 4;

/// Side traces that start at instructions, with their executors' numbers.
type Links = HashMap<u32, u32>;

/// Where an exit of the root frame alone leads to.
fn ip(superblock: &Superblock, exit: ExitIdx) -> Option<u32> {
    match &superblock.exit_snapshot(exit).frames[..] {
        [root] if root.stack_depth == 0 => Some(root.ip),
        _ => None,
    }
}

fn is_side(superblock: &Superblock, exit: ExitIdx) -> bool {
    superblock.exits[exit.index()].kind == ExitKind::Side
}

/// What is needed to make the side traces of a tree.
struct Sides<'w> {
    world: &'w Facts,
    seed: u64,
    links: Links,
}

impl Sides<'_> {
    /// Optimized, or as it is where it is sure to leave early.
    fn side_trace(&self, executor: u32, start: &SideStart) -> Superblock {
        let seed = self.seed.wrapping_mul(31).wrapping_add(u64::from(executor));
        let bytes = bytes_of_seed(seed, 2 + (seed % 9) as usize);
        let trace = generate_side(self.world, &bytes, executor * IPS_OF_SIDE, start);
        let mut emitter = Emitter::new(shapes());
        match emitter.emit_all(&trace) {
            Ok(_) => opt::optimize_linear(emitter.superblock, &mut Passes::default()),
            Err(AlwaysLeaves) => {
                let mut superblock = trace;
                homes::assign_homes(&mut superblock);
                superblock
            }
        }
    }

    fn linked(&self, superblock: &Superblock, exit: ExitIdx) -> Option<u32> {
        let executor = self.links.get(&ip(superblock, exit)?).copied();
        executor.filter(|_| is_side(superblock, exit))
    }

    /// The tree's side traces that start from exits of a superblock, and those that start from theirs.
    fn tree(&self, parent: &Superblock, depth: u32) -> Vec<Tree> {
        let mut sides = Vec::new();
        for exit in (0..parent.exits.len() as u32).map(ExitIdx) {
            let is_outside = matches!(parent.origins.get(exit.index()), Some(ExitOrigin::Preamble(_)));
            if let Some(executor) = self.linked(parent, exit).filter(|_| !is_outside && depth < MAX_DEPTH) {
                let start = SideStart::at(parent, exit);
                let superblock = self.side_trace(executor, &start);
                let inner = self.tree(&superblock, depth + 1);
                sides.push(Tree { executor, exit, start, superblock, sides: inner });
            }
        }
        sides
    }
}

/// A side trace with its start, and those that start from it.
struct Tree {
    executor: u32,
    exit: ExitIdx,
    start: SideStart,
    superblock: Superblock,
    sides: Vec<Tree>,
}

fn borrowed(trees: &[Tree]) -> Vec<Side<'_>> {
    let side = |tree: &'_ Tree| -> (u32, ExitIdx) { (tree.executor, tree.exit) };
    trees
        .iter()
        .map(|tree| {
            let (executor, exit) = side(tree);
            Side { executor, exit, start: &tree.start, superblock: &tree.superblock, sides: borrowed(&tree.sides) }
        })
        .collect()
}

impl Checker {
    /// Runs a tree as a chain and fused, interpreted and compiled.
    pub fn check_trees(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let case = generate_loop(&self.world.facts, bytes);
        let seed = bytes.iter().fold(7u64, |seed, byte| seed.wrapping_mul(131).wrapping_add(u64::from(*byte)));
        let Ok((emitter, mut close)) = emitted(&case) else { return Ok(()) };
        let head = LoopHead { code: self.world.facts.root.code_object, ip: LOOP_HEAD, stack_depth: 0 };
        close.head = (!seed.is_multiple_of(4)).then_some(head);
        let root = Arc::new(opt::optimize_loop(&emitter, &close, &mut Passes::default()));
        let mut links = Links::new();
        let mut rows = Rows::new();
        let expected = loop {
            rows.clear();
            let (outcome, unlinked) = self.run_chain(seed, &root, &case, &links, Some(&mut rows))?;
            match unlinked {
                Some(ip) if links.len() < MAX_SIDES && !links.contains_key(&ip) => {
                    links.insert(ip, links.len() as u32 + 1);
                }
                _ => break outcome,
            }
        };
        let (compiled, _) = self.run_chain(seed, &root, &case, &links, None)?;
        same(&case, "a chain, compiled", &[&root], &expected, &compiled)?;
        self.coverage.ran_both_ways(&rows);
        let sides = Sides { world: &self.world.facts, seed, links: links.clone() };
        let trees = sides.tree(&root, 0);
        check_transplants(&trees).map_err(|what| failure(what, &[&root], &case))?;
        let sides = borrowed(&trees);
        let root_of = Root { executor: 0, trace: &emitter, close: &close, superblock: &root, sides };
        let Ok(fused) = fuse::fuse(&root_of, &mut Passes::default()) else { return Ok(()) };
        if fused.exits.len() > MAX_EXITS || usize::from(fused.n_homes) > MAX_HOMES {
            return Ok(());
        }
        verify::verify(&fused).map_err(|error| failure(format!("fused: {error}"), &[&root, &fused], &case))?;
        self.coverage.n_fused += 1;
        let fused = Arc::new(fused);
        let mut shown: Vec<&Superblock> = vec![&root];
        shown.extend(trees.iter().map(|tree| &tree.superblock));
        shown.push(&fused);
        rows.clear();
        let (outcome, _) = self.run_chain(seed, &fused, &case, &links, Some(&mut rows))?;
        same(&case, "fused", &shown, &expected, &outcome)?;
        let (outcome, _) = self.run_chain(seed, &fused, &case, &links, None)?;
        same(&case, "fused, compiled", &shown, &expected, &outcome)?;
        self.coverage.ran_both_ways(&rows);
        Ok(())
    }

    /// Runs a root and its side traces one after the other, interpreted where what runs is to be taken down, else compiled. Gives the instruction of a side exit that has no side trace, if
    /// it ended there.
    fn run_chain(
        &mut self,
        seed: u64,
        root: &Arc<Superblock>,
        case: &Case,
        links: &Links,
        interpreted: Option<&mut Rows>,
    ) -> Result<(Outcome, Option<u32>), Failure> {
        let facts = self.world.facts.clone();
        let mut unlinked = None;
        let mut next = |superblock: &Superblock, status: Status| match status {
            Status::Jump(0) => Next::From(root.clone()),
            Status::Exit(exit) if ip(superblock, exit) == Some(LOOP_HEAD) => Next::FromFrame(root.clone()),
            Status::Exit(exit) => {
                let sides = Sides { world: &facts, seed, links: links.clone() };
                match sides.linked(superblock, exit) {
                    Some(executor) => {
                        let start = SideStart::at(superblock, exit);
                        Next::From(Arc::new(sides.side_trace(executor, &start)))
                    }
                    None => {
                        unlinked = ip(superblock, exit).filter(|_| is_side(superblock, exit));
                        Next::Stop
                    }
                }
            }
            _ => Next::Stop,
        };
        let mut watch;
        let mode = match interpreted {
            Some(rows) => {
                watch = |superblock: &Superblock, idx: UopIdx| note(rows, superblock, idx);
                Mode::Uops(&mut watch)
            }
            None => Mode::Compiled,
        };
        let outcome = self.world.run(root, &case.start, mode, &mut next);
        let outcome = outcome.map_err(|what| failure(what, &[root], case))?;
        Ok((outcome, unlinked))
    }
}

/// A side trace moved to where its homes have other numbers, and back, is what it was.
fn check_transplants(trees: &[Tree]) -> Result<(), String> {
    for tree in trees {
        let moves = HomeMoves::between(&tree.start, &tree.start).ok_or("a state is not like itself")?;
        if !moves.is_empty() || transplant(&tree.superblock, &moves) != tree.superblock {
            return Err(format!("transplanted to where it was, it is another:\n{}", tree.superblock));
        }
        check_transplants(&tree.sides)?;
    }
    Ok(())
}

fn same(
    case: &Case,
    what: &str,
    superblocks: &[&Superblock],
    expected: &Outcome,
    found: &Outcome,
) -> Result<(), Failure> {
    if expected.picture == found.picture {
        return Ok(());
    }
    let difference = expected.picture.difference(&found.picture);
    Err(failure(format!("{what}: state differs {difference}"), superblocks, case))
}

fn failure(what: String, superblocks: &[&Superblock], case: &Case) -> Failure {
    debug_assert!(matches!(case.ending, Ending::Loop(_)));
    let superblocks = superblocks.iter().map(|superblock| superblock.to_string()).collect();
    Failure { what, superblocks, start: case.start.clone() }
}
