//! Makes a failing case small: steps are left out, choices become the first there is, then micro-ops go that nothing uses.

use super::choices::{n_steps, without_step};
use super::generate::{Case, Ending, generate};
use super::{Checker, Failure};
use stitch_runtime::uop::{Effect, Field, Op, UopIdx};

/// Checks a case one way or another.
pub type Check = fn(&mut Checker, &Case) -> Result<(), Failure>;

/// So many attempts at most.
const MAX_ATTEMPTS: usize = 2_000;

/// The failure of a case that is as small as can be, if it fails at all.
pub fn minimize(checker: &mut Checker, bytes: &[u8], check: Check) -> Option<Failure> {
    let case = generate(&checker.world.facts, bytes);
    let first = check(checker, &case).err()?;
    let kind = first.kind();
    let mut attempts = 0;
    let mut fails = |checker: &mut Checker, case: &Case| {
        attempts += 1;
        (attempts < MAX_ATTEMPTS && check(checker, case).is_err_and(|failure| failure.kind() == kind)).then_some(())
    };
    let mut bytes = bytes.to_vec();
    let mut smaller = true;
    while smaller {
        smaller = false;
        for step in (0..n_steps(&bytes)).rev() {
            let fewer = without_step(&bytes, step);
            let case = generate(&checker.world.facts, &fewer);
            if fails(checker, &case).is_some() {
                (bytes, smaller) = (fewer, true);
            }
        }
    }
    for at in 0..bytes.len() {
        let byte = std::mem::replace(&mut bytes[at], 0);
        let case = generate(&checker.world.facts, &bytes);
        if byte != 0 && fails(checker, &case).is_none() {
            bytes[at] = byte;
        }
    }
    let mut case = generate(&checker.world.facts, &bytes);
    for index in (0..case.trace.uops.len()).rev() {
        if let Some(fewer) = without_uop(&case, UopIdx(index as u32))
            && fails(checker, &fewer).is_some()
        {
            case = fewer;
        }
    }
    check(checker, &case).err().or(Some(first))
}

/// The case without a micro-op that no other one uses. Guards stay, others stand behind them.
fn without_uop(case: &Case, idx: UopIdx) -> Option<Case> {
    let op = case.trace.uop(idx).op;
    let is_wanted = match op.effect() {
        Effect::Guard => true,
        Effect::Check if op.is_terminator() => true,
        // Without the counter the loop would never end.
        Effect::Writes if op == Op::StoreWord { field: Field::RangeIterRemaining } => true,
        Effect::Control => !matches!(op, Op::CountSteps { .. }),
        Effect::Pure
        | Effect::Exits
        | Effect::Raises
        | Effect::Reads
        | Effect::Writes
        | Effect::Allocates
        | Effect::Escapes
        | Effect::Entry
        | Effect::Check => false,
    };
    let is_used = case.trace.uops.iter().any(|uop| uop.inputs.contains(&idx));
    let is_origin = |value: Option<UopIdx>| value == Some(idx);
    let mut frames = case.trace.snapshots.iter().flat_map(|snapshot| &snapshot.frames);
    if is_wanted || is_used || frames.any(|frame| is_origin(frame.origin.value())) {
        return None;
    }
    let mut fewer = case.clone();
    let moved = |value: &mut UopIdx| value.0 -= u32::from(*value > idx);
    fewer.trace.uops.remove(idx.index());
    fewer.trace.uops.iter_mut().flat_map(|uop| &mut uop.inputs).for_each(moved);
    for snapshot in &mut fewer.trace.snapshots {
        snapshot.frames.iter_mut().for_each(|frame| frame.slots.retain(|(_, value)| *value != idx));
        snapshot.values_mut().for_each(moved);
    }
    if let Ending::Loop(slots) = &mut fewer.ending {
        slots.retain(|(_, value)| *value != idx);
        slots.iter_mut().for_each(|(_, value)| moved(value));
    }
    Some(fewer)
}
