//! Homes: every value that a snapshot needs gets a slot, which backends write as soon as they have it. Values that come
//! back to a loop's phi may have the phi's; all others have one of their own.

use super::shared_homes::shared_homes;
use crate::uop::{FrameSources, Kind, Op, Source, Superblock, UopIdx};
use crate::value::Value;

/// Gives homes to what snapshots mention, and fills in their sources. Homes that `load_home` reads stay what they are.
pub fn assign_homes(superblock: &mut Superblock) {
    let n_uops = superblock.uops.len();
    if superblock.sunk.is_empty() {
        superblock.sunk = vec![false; n_uops];
    }
    let mut needed = vec![false; n_uops];
    for snapshot in &superblock.snapshots {
        for value in snapshot.values() {
            need(superblock, value, &mut needed);
        }
    }
    let own_home = |index: usize| match superblock.uops[index].op {
        Op::LoadHome { home, .. } => Some(home),
        _ => None,
    };
    let loaded: Vec<u16> = (0..n_uops).filter_map(own_home).collect();
    // Whatever else the parent left in homes is of no use any more.
    let mut free = (0..).filter(|home| !loaded.contains(home));
    let shared = shared_homes(superblock, &needed);
    let mut homes: Vec<Option<u16>> = Vec::with_capacity(n_uops);
    for index in 0..n_uops {
        homes.push(match (own_home(index), shared[index]) {
            (Some(home), _) => Some(home),
            (None, Some(phi)) => homes[phi.index()],
            (None, None) => needed[index].then(|| free.next()).flatten(),
        });
    }
    superblock.homes = homes;
    fill_sources(superblock).expect("all that is mentioned was given a home");
}

/// Marks the values that must be in a home for `value` to be rebuilt.
fn need(superblock: &Superblock, value: UopIdx, needed: &mut [bool]) {
    if constant_bits(superblock, value).is_some() {
        return;
    }
    if superblock.sunk[value.index()] {
        superblock.uop(value).inputs.iter().for_each(|input| need(superblock, *input, needed));
    } else {
        needed[value.index()] = true;
    }
}

/// The boxed word of a constant; `None` for integers too large for one.
fn constant_bits(superblock: &Superblock, value: UopIdx) -> Option<u64> {
    let boxed = match superblock.uop(value).op {
        Op::ConstValue { bits } => Value(bits),
        Op::ConstInt { value } => Value::try_small_int(value)?,
        Op::ConstFloat { bits } => Value::float(f64::from_bits(bits)),
        Op::ConstBool { value } => Value::bool(value),
        _ => return None,
    };
    Some(boxed.bits())
}

/// Makes `sources` (and `n_homes`) from snapshots, homes and sunk marks. `Err`: a snapshot mentions this value, which has
/// no home.
pub fn fill_sources(superblock: &mut Superblock) -> Result<(), UopIdx> {
    let sources = superblock.snapshots.iter().map(|snapshot| {
        let frames = snapshot.frames.iter().map(|frame| {
            Ok(FrameSources {
                origin: frame.origin.value().map(|value| source(superblock, value)).transpose()?,
                slots: frame.slots.iter().map(|(_, value)| source(superblock, *value)).collect::<Result<_, _>>()?,
            })
        });
        frames.collect()
    });
    superblock.sources = sources.collect::<Result<_, _>>()?;
    superblock.n_homes = superblock.homes.iter().flatten().map(|home| home + 1).max().unwrap_or(0);
    Ok(())
}

fn source(superblock: &Superblock, value: UopIdx) -> Result<Source, UopIdx> {
    if let Some(bits) = constant_bits(superblock, value) {
        return Ok(Source::Const(bits));
    }
    let uop = superblock.uop(value);
    if superblock.sunk[value.index()] {
        let inputs = uop.inputs.iter().map(|input| source(superblock, *input)).collect::<Result<_, _>>()?;
        return Ok(Source::alloc(value, uop.op, inputs));
    }
    let home = superblock.homes[value.index()].ok_or(value)?;
    Ok(Source::Home(home, superblock.kind(value).unwrap_or(Kind::Value)))
}
