//! Each pass of the optimizer alone: what it makes of a random trace ends as the trace does, in the uop interpreter.

use crate::superblocks::generate::{Case, Ending};
use crate::superblocks::world::Outcome;
use crate::superblocks::{Checker, Failure, emitted, plain};
use smallvec::SmallVec;
use stitch_runtime::backend::MAX_HOMES;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::opt::{Emitter, LoopClose, dead, homes, peel, ranges, sink};
use stitch_runtime::uop::{Effect, Kind, Op, Superblock, text, verify};
use stitch_runtime::value::Value;

type Pass = fn(&mut Superblock);

/// The passes that go from superblock to superblock.
const PASSES: [(&str, Pass); 4] = [
    ("ranges", ranges::narrow),
    ("sink", sink::sink),
    ("dead", dead::remove_dead_uops),
    ("homes", homes::assign_homes),
];

impl Checker {
    /// Runs a case as it is, and after each pass.
    pub fn check_passes(&mut self, case: &Case) -> Result<(), Failure> {
        let mut reference = plain(case);
        own_homes(&mut reference);
        if usize::from(reference.n_homes) > MAX_HOMES {
            return Ok(());
        }
        let verified = verify::verify(&reference);
        verified.map_err(|error| failure(error.to_string(), &[&reference], case))?;
        let printed = reference.to_string();
        let again = text::parse(&printed).map(|again| again.to_string());
        if again != Ok(printed) {
            return Err(failure(format!("its text is read as another: {again:?}"), &[&reference], case));
        }
        let (expected, _) = self.interpret(&reference, &case.start);
        self.compare_passes(case, &reference, &expected, "", &plain(case))?;
        let Ok((emitter, close)) = emitted(case) else { return Ok(()) };
        let closed = closed(case, &emitter, &close);
        self.compare(case, &reference, &expected, "emit", closed.clone())?;
        self.compare_passes(case, &reference, &expected, "emit, ", &closed)?;
        if let Ending::Loop(_) = case.ending
            && let Ok(peeled) = peel::peel(&emitter, &close, &peel::Elsewhere::default())
        {
            self.compare(case, &reference, &expected, "peel", peeled.clone())?;
            self.compare_passes(case, &reference, &expected, "peel, ", &peeled)?;
            let mut finished = peeled;
            PASSES.iter().for_each(|(_, pass)| pass(&mut finished));
            self.compare(case, &reference, &expected, "peel and all others", finished)?;
        }
        Ok(())
    }

    fn compare_passes(
        &mut self,
        case: &Case,
        reference: &Superblock,
        expected: &Outcome,
        before: &str,
        superblock: &Superblock,
    ) -> Result<(), Failure> {
        for (name, pass) in PASSES {
            let mut after = superblock.clone();
            pass(&mut after);
            self.compare(case, reference, expected, &format!("{before}{name}"), after)?;
        }
        Ok(())
    }

    fn compare(
        &mut self,
        case: &Case,
        reference: &Superblock,
        expected: &Outcome,
        name: &str,
        mut after: Superblock,
    ) -> Result<(), Failure> {
        if after.homes.is_empty() {
            // Passes leave exits and snapshots that nothing uses any more, which say nothing.
            let all = vec![true; after.uops.len()];
            dead::retain(&mut after, &all);
            own_homes(&mut after);
        }
        if usize::from(after.n_homes) > MAX_HOMES {
            return Ok(());
        }
        let failed = |what: String, after: &Superblock| failure(format!("{name}: {what}"), &[reference, after], case);
        verify::verify(&after).map_err(|error| failed(error.to_string(), &after))?;
        let (found, _) = self.interpret(&after, &case.start);
        if found.picture == expected.picture {
            return Ok(());
        }
        if self.may_be_left_out(reference, expected) {
            self.coverage.n_incomparable += 1;
            return Ok(());
        }
        Err(failed(format!("state differs {}", expected.picture.difference(&found.picture)), &after))
    }

    /// Where the reference left, optimized code may go on: what has the effect `exits` need not be done, and what was
    /// boxed is known to be an int, however large.
    pub fn may_be_left_out(&self, reference: &Superblock, outcome: &Outcome) -> bool {
        let Some(last) = outcome.last else { return false };
        let uop = reference.uop(last);
        match uop.op {
            op if op.effect() == Effect::Exits => true,
            Op::GuardInt {} => {
                let home = reference.homes[uop.inputs[0].index()];
                let word = home.map(|home| Value(outcome.home_words[usize::from(home)]));
                // Of a box that nothing holds any more, the micro-op tells.
                reference.uop(uop.inputs[0]).op.boxed_kind() == Some(Kind::Int)
                    || word.is_some_and(|word| self.world.vm.is_exact(word, BuiltinType::Int))
            }
            _ => false,
        }
    }
}

fn failure(what: String, superblocks: &[&Superblock], case: &Case) -> Failure {
    let superblocks = superblocks.iter().map(|superblock| superblock.to_string()).collect();
    Failure { what, superblocks, start: case.start.clone() }
}

/// What was emitted, back at its start by way of the frame.
pub fn closed(case: &Case, emitter: &Emitter, close: &LoopClose) -> Superblock {
    let mut emitter = emitter.clone();
    if let Ending::Loop(_) = case.ending {
        let boxed: Vec<_> = close.slots.iter().map(|(slot, value)| (*slot, emitter.boxed(*value))).collect();
        for (slot, value) in boxed {
            emitter.append(Op::StoreFrame { slot }, SmallVec::from_slice(&[value]), None);
        }
        emitter.append(Op::JumpEntry {}, SmallVec::new(), None);
    }
    emitter.superblock
}

/// Gives each value a home of its own.
pub fn own_homes(superblock: &mut Superblock) {
    if superblock.sunk.is_empty() {
        superblock.sunk = vec![false; superblock.uops.len()];
    }
    let loaded = superblock.uops.iter().filter_map(|uop| match uop.op {
        Op::LoadHome { home, .. } => Some(home + 1),
        _ => None,
    });
    let mut next = loaded.max().unwrap_or(0);
    superblock.homes = (0..superblock.uops.len())
        .map(|index| match superblock.uops[index].op {
            Op::LoadHome { home, .. } => Some(home),
            op if op.output_kind().is_some() && !superblock.sunk[index] => {
                next += 1;
                Some(next - 1)
            }
            _ => None,
        })
        .collect();
    homes::fill_sources(superblock).expect("each value has a home");
}
