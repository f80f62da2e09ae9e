//! What the pure and exiting micro-ops mean: one plain function each. `None` is "leaves through the exit".
//!
//! `evaluate` joins them to the table; the constant folder and the uop interpreter both go through it, so that a
//! meaning exists once.

use super::Op;
use crate::value::{self, Value};

/// `lhs + rhs` as machine words.
pub fn int_add(lhs: i64, rhs: i64) -> Option<i64> {
    lhs.checked_add(rhs)
}

/// `lhs - rhs` as machine words.
pub fn int_sub(lhs: i64, rhs: i64) -> Option<i64> {
    lhs.checked_sub(rhs)
}

/// `lhs * rhs` as machine words.
pub fn int_mul(lhs: i64, rhs: i64) -> Option<i64> {
    lhs.checked_mul(rhs)
}

/// Python's `lhs // rhs`.
pub fn int_floor_div(lhs: i64, rhs: i64) -> Option<i64> {
    let quotient = lhs.checked_div(rhs)?;
    Some(if lhs % rhs != 0 && (lhs < 0) != (rhs < 0) { quotient - 1 } else { quotient })
}

/// Python's `lhs % rhs`.
pub fn int_mod(lhs: i64, rhs: i64) -> Option<i64> {
    if rhs == 0 {
        return None;
    }
    let remainder = lhs.wrapping_rem(rhs);
    Some(if remainder != 0 && (remainder < 0) != (rhs < 0) { remainder + rhs } else { remainder })
}

/// `lhs << rhs` where no bit is lost.
pub fn int_shl(lhs: i64, rhs: i64) -> Option<i64> {
    let count = u32::try_from(rhs).ok().filter(|count| *count < 64)?;
    let shifted = lhs << count;
    (shifted >> count == lhs).then_some(shifted)
}

/// `lhs >> rhs`, for any `rhs` that is not negative.
pub fn int_shr(lhs: i64, rhs: i64) -> Option<i64> {
    (rhs >= 0).then(|| lhs >> rhs.min(63))
}

/// Magnitudes up to this have a float each.
pub const MAX_EXACT_FLOAT: i64 = 1 << 53;

/// The float of the same value.
pub fn int_to_float_exact(integer: i64) -> Option<f64> {
    (-MAX_EXACT_FLOAT..=MAX_EXACT_FLOAT).contains(&integer).then_some(integer as f64)
}

/// Floats whose magnitude is below this have an integer part of 64 bits.
pub const INT_LIMIT: f64 = 9_223_372_036_854_775_808.0;

/// The integer part.
pub fn float_to_int(float: f64) -> Option<i64> {
    (float.abs() < INT_LIMIT).then_some(float as i64)
}

/// `lhs / rhs`.
pub fn float_div(lhs: f64, rhs: f64) -> Option<f64> {
    (rhs != 0.0).then(|| lhs / rhs)
}

/// The square root of what is not negative; NaN passes.
pub fn float_sqrt(float: f64) -> Option<f64> {
    (float >= 0.0 || float.is_nan()).then(|| float.sqrt())
}

/// What evaluating a micro-op on words gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The result, as it stands in a register.
    Word(u64),
    /// It leaves through its exit.
    Leaves,
    /// Its meaning needs the heap or the frame.
    NeedsMachine,
}

/// Evaluates a micro-op whose meaning depends on its input words alone. `box_int` of what 49 bits do not hold allocates,
/// and so needs the machine; `is_same` of two objects and `unbox_word` of one look into them.
pub fn evaluate(op: &Op, inputs: &[u64]) -> Outcome {
    let int = |n: usize| inputs[n] as i64;
    let float = |n: usize| f64::from_bits(inputs[n]);
    let word = |n: usize| inputs[n];
    let value = |n: usize| Value(inputs[n]);
    match *op {
        Op::ConstValue { bits } | Op::ConstFloat { bits } => Outcome::Word(bits),
        Op::ConstInt { value } => Outcome::Word(value as u64),
        Op::ConstBool { value } => Outcome::Word(value as u64),

        Op::UnboxInt {} => Outcome::int(value(0).as_int()),
        Op::UnboxWord {} if value(0).is_int() => Outcome::int(value(0).as_int()),
        Op::UnboxWord {} if value(0).is_object() => Outcome::NeedsMachine,
        Op::UnboxWord {} => Outcome::Leaves,
        Op::UnboxFloat {} => Outcome::float(value(0).as_float()),
        Op::UnboxBool {} => Outcome::bool(value(0).as_bool()),
        Op::BoxInt {} => match Value::try_small_int(int(0)) {
            Some(small) => Outcome::Word(small.bits()),
            None => Outcome::NeedsMachine,
        },
        Op::BoxSmallInt {} => Outcome::Word(Value::small_int(int(0)).bits()),
        Op::BoxFloat {} => Outcome::Word(Value::float(float(0)).bits()),
        Op::BoxBool {} => Outcome::Word(Value::bool(word(0) != 0).bits()),
        Op::IntToFloat {} => Outcome::float(int(0) as f64),
        Op::IntToFloatExact {} => Outcome::checked_float(int_to_float_exact(int(0))),
        Op::FloatToInt {} => Outcome::checked_int(float_to_int(float(0))),
        Op::BoolToInt {} => Outcome::Word(word(0)),

        Op::IntAdd {} => Outcome::checked_int(int_add(int(0), int(1))),
        Op::IntSub {} => Outcome::checked_int(int_sub(int(0), int(1))),
        Op::IntMul {} => Outcome::checked_int(int_mul(int(0), int(1))),
        Op::IntAddWrap {} => Outcome::int(int(0).wrapping_add(int(1))),
        Op::IntSubWrap {} => Outcome::int(int(0).wrapping_sub(int(1))),
        Op::IntMulWrap {} => Outcome::int(int(0).wrapping_mul(int(1))),
        Op::IntFloorDiv {} => Outcome::checked_int(int_floor_div(int(0), int(1))),
        Op::IntMod {} => Outcome::checked_int(int_mod(int(0), int(1))),
        Op::IntShl {} => Outcome::checked_int(int_shl(int(0), int(1))),
        Op::IntShr {} => Outcome::checked_int(int_shr(int(0), int(1))),
        Op::LowBits {} if value(0).is_int() => Outcome::int(value(0).as_int()),
        Op::UnsignedBits {} if value(0).is_int() && value(0).as_int() >= 0 => Outcome::int(value(0).as_int()),
        Op::LowBits {} | Op::UnsignedBits {} if value(0).is_object() => Outcome::NeedsMachine,
        Op::LowBits {} | Op::UnsignedBits {} => Outcome::Leaves,
        Op::BoxUnsigned {} => match u64::try_from(value::SMALL_INT_MAX) {
            Ok(most) if word(0) <= most => Outcome::Word(Value::small_int(int(0)).bits()),
            _ => Outcome::NeedsMachine,
        },
        Op::BitsAdd {} => Outcome::int(int(0).wrapping_add(int(1))),
        Op::BitsSub {} => Outcome::int(int(0).wrapping_sub(int(1))),
        Op::BitsMul {} => Outcome::int(int(0).wrapping_mul(int(1))),
        Op::BitsShl {} => Outcome::Word(word(0) << (word(1) & 63)),
        Op::BitsShr {} => Outcome::Word(word(0) >> (word(1) & 63)),
        Op::IntBinary { .. } => Outcome::NeedsMachine,
        Op::IntAnd {} => Outcome::int(int(0) & int(1)),
        Op::IntOr {} => Outcome::int(int(0) | int(1)),
        Op::IntXor {} => Outcome::int(int(0) ^ int(1)),
        Op::IntLt {} => Outcome::bool(int(0) < int(1)),
        Op::IntLe {} => Outcome::bool(int(0) <= int(1)),
        Op::IntEq {} => Outcome::bool(int(0) == int(1)),
        Op::IntNe {} => Outcome::bool(int(0) != int(1)),
        Op::IntUlt {} => Outcome::bool(word(0) < word(1)),

        Op::FloatAdd {} => Outcome::float(float(0) + float(1)),
        Op::FloatSub {} => Outcome::float(float(0) - float(1)),
        Op::FloatMul {} => Outcome::float(float(0) * float(1)),
        Op::FloatDiv {} => Outcome::checked_float(float_div(float(0), float(1))),
        Op::FloatNeg {} => Outcome::float(-float(0)),
        Op::FloatAbs {} => Outcome::float(float(0).abs()),
        Op::FloatSqrt {} => Outcome::checked_float(float_sqrt(float(0))),
        Op::FloatLt {} => Outcome::bool(float(0) < float(1)),
        Op::FloatLe {} => Outcome::bool(float(0) <= float(1)),
        Op::FloatEq {} => Outcome::bool(float(0) == float(1)),
        Op::FloatNe {} => Outcome::bool(float(0) != float(1)),
        Op::FloatCall1 { function } => Outcome::checked_float(function.call(float(0), 0.0)),
        Op::FloatCall2 { function } => Outcome::checked_float(function.call(float(0), float(1))),

        Op::BoolNot {} => Outcome::bool(word(0) == 0),
        Op::BoolEq {} => Outcome::bool(word(0) == word(1)),
        Op::ValueIs {} => Outcome::bool(word(0) == word(1)),
        Op::IsSame {} if word(0) == word(1) => Outcome::bool(true),
        Op::IsSame {} if !value(0).is_object() || !value(1).is_object() => Outcome::bool(false),
        Op::IsSame {} => Outcome::NeedsMachine,

        Op::GuardInt {} => Outcome::guard(value(0).is_int()),
        Op::GuardFloat {} => Outcome::guard(value(0).is_float()),
        Op::GuardBool {} => Outcome::guard(value(0).is_bool()),
        Op::GuardIs { bits } => Outcome::guard(word(0) == bits),
        Op::GuardIsNot { bits } => Outcome::guard(word(0) != bits),
        Op::GuardTrue {} => Outcome::guard(word(0) != 0),
        Op::GuardFalse {} => Outcome::guard(word(0) == 0),

        Op::GuardShape { .. }
        | Op::LoadFrame { .. }
        | Op::StoreFrame { .. }
        | Op::LoadHome { .. }
        | Op::LoopStart {}
        | Op::Phi { .. }
        | Op::JumpLoop {}
        | Op::JumpEntry {}
        | Op::JumpExecutor { .. }
        | Op::LeaveAtCall { .. }
        | Op::ExitTrace {}
        | Op::FinishReturn {}
        | Op::FinishGenerator {}
        | Op::SideEntry { .. }
        | Op::Poll {}
        | Op::GuardValid {}
        | Op::GuardStack {}
        | Op::ForceExit {}
        | Op::CountSteps { .. }
        | Op::GuardFrames { .. }
        | Op::PushFrame { .. }
        | Op::LoadField { .. }
        | Op::LoadWord { .. }
        | Op::StoreField { .. }
        | Op::StoreWord { .. }
        | Op::LoadSlot { .. }
        | Op::StoreSlot { .. }
        | Op::AddSlot { .. }
        | Op::LoadGeneratorSlot { .. }
        | Op::StoreGeneratorSlot { .. }
        | Op::Suspend { .. }
        | Op::LoadElement { .. }
        | Op::StoreElement { .. }
        | Op::LoadRawInt { .. }
        | Op::LoadRawFloat { .. }
        | Op::StoreRawInt { .. }
        | Op::StoreRawFloat { .. }
        | Op::CopyElements { .. }
        | Op::NewTuple {}
        | Op::NewList {}
        | Op::NewDict {}
        | Op::ListSlice { .. }
        | Op::NewSlice {}
        | Op::NewInstance { .. }
        | Op::NewCell {}
        | Op::NewGenerator { .. }
        | Op::NewFunction { .. }
        | Op::NewRange {}
        | Op::NewRangeIter {}
        | Op::NewBoundMethod {}
        | Op::CallHelper { .. }
        | Op::CallTest { .. }
        | Op::CallNative { .. }
        | Op::CallValue {} => Outcome::NeedsMachine,
    }
}

impl Outcome {
    fn int(integer: i64) -> Outcome {
        Outcome::Word(integer as u64)
    }
    fn float(float: f64) -> Outcome {
        Outcome::Word(float.to_bits())
    }
    fn bool(truth: bool) -> Outcome {
        Outcome::Word(truth as u64)
    }
    fn checked_int(integer: Option<i64>) -> Outcome {
        integer.map_or(Outcome::Leaves, Outcome::int)
    }
    fn checked_float(float: Option<f64>) -> Outcome {
        float.map_or(Outcome::Leaves, Outcome::float)
    }
    /// A guard has no result; 0 stands for it.
    fn guard(holds: bool) -> Outcome {
        if holds { Outcome::Word(0) } else { Outcome::Leaves }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of 8-bit integers, against floored division in wider words.
    #[test]
    fn integer_division_floors() {
        for lhs in -128i64..128 {
            for rhs in (-128i64..128).filter(|rhs| *rhs != 0) {
                let quotient = (lhs as f64 / rhs as f64).floor() as i64;
                assert_eq!(int_floor_div(lhs, rhs), Some(quotient), "{lhs} // {rhs}");
                assert_eq!(int_mod(lhs, rhs), Some(lhs - quotient * rhs), "{lhs} % {rhs}");
            }
        }
        assert_eq!(int_floor_div(i64::MIN, -1), None);
        assert_eq!(int_mod(i64::MIN, -1), Some(0));
        assert_eq!((int_floor_div(1, 0), int_mod(1, 0)), (None, None));
    }

    #[test]
    fn shifts_leave_where_bits_are_lost() {
        assert_eq!(int_shl(1, 62), Some(1 << 62));
        assert_eq!((int_shl(1, 63), int_shl(1, 64), int_shl(1, -1)), (None, None, None));
        assert_eq!(int_shl(-1, 63), Some(i64::MIN));
        assert_eq!((int_shr(-5, 100), int_shr(5, 1), int_shr(5, -1)), (Some(-1), Some(2), None));
    }

    #[test]
    fn integers_beyond_a_significand_have_no_exact_float() {
        assert_eq!(int_to_float_exact(-MAX_EXACT_FLOAT), Some(-9_007_199_254_740_992.0));
        assert_eq!((float_to_int(-2.9), float_to_int(2f64.powi(62))), (Some(-2), Some(1 << 62)));
        assert_eq!((float_to_int(INT_LIMIT), float_to_int(-INT_LIMIT), float_to_int(f64::NAN)), (None, None, None));
        assert_eq!((int_to_float_exact(MAX_EXACT_FLOAT + 1), int_to_float_exact(i64::MIN)), (None, None));
    }

    #[test]
    fn floats_leave_where_python_raises() {
        assert_eq!((float_div(1.0, 0.0), float_div(1.0, -0.0)), (None, None));
        assert_eq!(float_sqrt(-1.0), None);
        assert!(float_sqrt(f64::NAN).is_some_and(f64::is_nan));
    }
}
