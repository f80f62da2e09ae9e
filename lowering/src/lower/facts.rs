//! What is seen of a value by the micro-op that made it or that looked at it.

use stitch_runtime::uop::{Effect, ExitIdx, Field, Op, Superblock, Uop, UopIdx};
use stitch_runtime::value;

/// The integer of a constant micro-op.
pub fn const_int(superblock: &Superblock, idx: UopIdx) -> Option<i64> {
    if let Op::ConstInt { value } = superblock.uop(idx).op { Some(value) } else { None }
}

/// Whether the micro-op that made an integer keeps it within 49 bits.
pub fn fits_small_int(superblock: &Superblock, integer: UopIdx) -> bool {
    let is_bit_mask = |idx: &UopIdx| matches!(const_int(superblock, *idx), Some(0..=value::SMALL_INT_MAX));
    let uop = superblock.uop(integer);
    match uop.op {
        Op::UnboxInt {} | Op::BoolToInt {} => true,
        Op::ConstInt { value } => value::Value::try_small_int(value).is_some(),
        Op::LoadWord { field } => {
            matches!(field, Field::ListLen | Field::TupleLen | Field::StrLen | Field::DictLen | Field::RawLen)
        }
        Op::LoadRawInt { element } => element.size_bytes() <= 4,
        Op::IntAnd {} => uop.inputs.iter().any(is_bit_mask),
        Op::IntMod {} => is_bit_mask(&uop.inputs[1]),
        _ => false,
    }
}

/// Whether a value is seen not to be a heap object.
pub fn is_immediate(superblock: &Superblock, value: UopIdx) -> bool {
    match superblock.uop(value).op {
        Op::BoxFloat {} | Op::BoxBool {} | Op::BoxSmallInt {} => true,
        Op::ConstValue { bits } => !value::Value(bits).is_object(),
        _ => false,
    }
}

/// What asks right after a `guard_bool` whether that value is true: the unboxing, the guard, and whether it has to be.
pub fn truth_asked_for(superblock: &Superblock, guard_bool: UopIdx) -> Option<(UopIdx, UopIdx, bool)> {
    let place = |further: u32| UopIdx(guard_bool.0 + further);
    let [unboxing, guard] = [1, 2].map(|further| superblock.uops.get(place(further).index()));
    let (unboxing, guard) = (unboxing?, guard?);
    let value = superblock.uop(guard_bool).inputs[0];
    let expected = match guard.op {
        Op::GuardTrue {} => true,
        Op::GuardFalse {} => false,
        _ => return None,
    };
    (unboxing.op == (Op::UnboxBool {}) && unboxing.inputs[0] == value && guard.inputs[0] == place(1))
        .then(|| (place(1), place(2), expected))
}

/// Per micro-op: whether it boxes an integer that may be wide, for one store into the heap alone.
pub fn boxed_at_store(superblock: &Superblock) -> Vec<bool> {
    let mut n_uses = vec![0u32; superblock.uops.len()];
    let mut is_stored = vec![false; superblock.uops.len()];
    for uop in &superblock.uops {
        for input in &uop.inputs {
            n_uses[input.index()] += 1;
        }
        if let Op::StoreField { .. }
        | Op::StoreSlot { .. }
        | Op::AddSlot { .. }
        | Op::StoreGeneratorSlot { .. }
        | Op::StoreElement { .. } = uop.op
            && let [_, .., value] = uop.inputs[..]
        {
            is_stored[value.index()] = true;
        }
    }
    for exit in 0..superblock.exits.len() {
        for value in superblock.exit_snapshot(ExitIdx(exit as u32)).values() {
            n_uses[value.index()] += 1;
        }
    }
    let may_be_wide = |uop: &Uop| uop.op == (Op::BoxInt {}) && !fits_small_int(superblock, uop.inputs[0]);
    let uops = superblock.uops.iter().enumerate();
    uops.map(|(index, uop)| is_stored[index] && n_uses[index] == 1 && may_be_wide(uop)).collect()
}

/// The value that is known to be a heap object behind a micro-op, until the next label.
pub fn object_behind(superblock: &Superblock, idx: UopIdx) -> Option<UopIdx> {
    let uop = superblock.uop(idx);
    match uop.op {
        Op::GuardShape { .. } => Some(uop.inputs[0]),
        Op::GuardIs { bits } => value::Value(bits).is_object().then_some(uop.inputs[0]),
        // An int that has these bits is an object only where it is wide.
        Op::BoxUnsigned {} => None,
        op => (op.effect() == Effect::Allocates).then_some(idx),
    }
}
