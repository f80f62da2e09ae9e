//! Reducer: guards that what is known already decides; and what guards teach.

use super::emitter::{AlwaysLeaves, Emitter, Reduced, Reduction};
use crate::uop::{FIRST_INSTANCE_SHAPE, Kind, Op, UopIdx};
use crate::value::Value;

/// What is known of a guard's condition.
enum Verdict {
    Holds,
    Fails,
    Open,
}

/// Drops guards that always hold.
pub fn reduce(emitter: &mut Emitter, op: &Op, inputs: &[UopIdx]) -> Reduction {
    let verdict = match *op {
        Op::GuardInt {} => kind_verdict(emitter, inputs[0], Kind::Int),
        Op::GuardFloat {} => kind_verdict(emitter, inputs[0], Kind::Float),
        Op::GuardBool {} => kind_verdict(emitter, inputs[0], Kind::Bool),
        Op::GuardShape { shape } => shape_verdict(emitter, inputs[0], shape),
        Op::GuardIs { bits } => identity_verdict(emitter, inputs[0], bits),
        Op::GuardIsNot { bits } => match identity_verdict(emitter, inputs[0], bits) {
            Verdict::Holds => Verdict::Fails,
            Verdict::Fails => Verdict::Holds,
            Verdict::Open => Verdict::Open,
        },
        Op::GuardValid {} if emitter.facts.valid => Verdict::Holds,
        Op::GuardStack {} if emitter.facts.stack_checked => Verdict::Holds,
        Op::GuardFrames { frames, words } if emitter.facts.room.0 >= frames && emitter.facts.room.1 >= words => {
            Verdict::Holds
        }
        _ => Verdict::Open,
    };
    match verdict {
        Verdict::Holds => Ok(Reduced::To(UopIdx::NONE)),
        Verdict::Fails => Err(AlwaysLeaves),
        Verdict::Open => Ok(Reduced::Keep),
    }
}

/// A boxed int satisfies the guard even where it is too large for a small one: whatever unboxes it is given the
/// integer that was boxed.
fn kind_verdict(emitter: &Emitter, value: UopIdx, kind: Kind) -> Verdict {
    match emitter.known_kind(value) {
        Some(known) if known == kind => Verdict::Holds,
        Some(_) => Verdict::Fails,
        None if emitter.is_known_object(value) || emitter.known_value(value).is_some() => Verdict::Fails,
        None => Verdict::Open,
    }
}

fn shape_verdict(emitter: &mut Emitter, value: UopIdx, shape: u32) -> Verdict {
    match emitter.facts_of(value).shape {
        Some((known, since)) if known == shape => {
            if shape >= FIRST_INSTANCE_SHAPE {
                emitter.rely_on(Op::GuardShape { shape }, value, since);
            }
            Verdict::Holds
        }
        Some(_) => Verdict::Fails,
        None if emitter.known_kind(value).is_some_and(|kind| kind != Kind::Int) => Verdict::Fails,
        None if emitter.known_value(value).is_some_and(|word| !word.is_object()) => Verdict::Fails,
        None => Verdict::Open,
    }
}

fn identity_verdict(emitter: &Emitter, value: UopIdx, bits: u64) -> Verdict {
    let word = Value(bits);
    if let Some(known) = emitter.known_value(value) {
        return if known.bits() == bits { Verdict::Holds } else { Verdict::Fails };
    }
    let facts = emitter.facts_of(value);
    let other_kind = match emitter.known_kind(value) {
        // A guard has seen the tag.
        Some(Kind::Int) if facts.kind.is_some() => !word.is_int(),
        // A large int is an object.
        Some(Kind::Int) => !word.is_int() && !word.is_object(),
        Some(Kind::Float) => !word.is_float(),
        Some(Kind::Bool) => !word.is_bool(),
        Some(Kind::Value | Kind::Any) | None => emitter.is_known_object(value) && !word.is_object(),
    };
    if other_kind || facts.fresh || facts.is_not.contains(&bits) { Verdict::Fails } else { Verdict::Open }
}

/// What holds after a micro-op that did not leave.
pub fn learn(emitter: &mut Emitter, op: &Op, inputs: &[UopIdx]) {
    let since = emitter.superblock.uops.len() as u32;
    match *op {
        Op::GuardInt {} => emitter.facts.of_mut(inputs[0]).kind = Some(Kind::Int),
        Op::GuardFloat {} => emitter.facts.of_mut(inputs[0]).kind = Some(Kind::Float),
        Op::GuardBool {} => emitter.facts.of_mut(inputs[0]).kind = Some(Kind::Bool),
        Op::GuardShape { shape } => emitter.facts.of_mut(inputs[0]).shape = Some((shape, since)),
        // Whatever unboxes an int is given the integer that was boxed.
        Op::GuardIs { bits } if Value(bits).is_object() && emitter.known_kind(inputs[0]) == Some(Kind::Int) => {}
        Op::GuardIs { bits } => emitter.facts.of_mut(inputs[0]).is = Some(bits),
        Op::GuardIsNot { bits } => emitter.facts.of_mut(inputs[0]).is_not.push(bits),
        Op::GuardTrue {} => {
            emitter.facts.of_mut(inputs[0]).truth = Some(true);
            learn_equal(emitter, inputs[0]);
        }
        Op::GuardFalse {} => emitter.facts.of_mut(inputs[0]).truth = Some(false),
        Op::GuardValid {} => emitter.facts.valid = true,
        Op::GuardStack {} => emitter.facts.stack_checked = true,
        Op::GuardFrames { frames, words } => {
            let room = &mut emitter.facts.room;
            *room = (room.0.max(frames), room.1.max(words));
        }
        _ => {}
    }
}

/// An integer that equals a constant is that constant.
fn learn_equal(emitter: &mut Emitter, condition: UopIdx) {
    if let (Op::IntEq {}, &[lhs, rhs]) = (emitter.op(condition), emitter.inputs(condition)) {
        for (value, other) in [(lhs, rhs), (rhs, lhs)] {
            if let Op::ConstInt { value: integer } = *emitter.op(other) {
                emitter.facts.of_mut(value).is = Some(integer as u64);
            }
        }
    }
}
