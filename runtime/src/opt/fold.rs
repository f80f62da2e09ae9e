//! Reducer: constant folding and algebra. Meanings come from `sem`; the rules here are exact for every input.

use super::emitter::{AlwaysLeaves, Emitter, Inputs, Reduced, Reduction};
use crate::uop::sem::{self, Outcome};
use crate::uop::{Effect, Field, Kind, Op, UopIdx};
use crate::value::Value;
use smallvec::smallvec;

/// Reduces a micro-op by what its inputs are. May swap the inputs of commutative ops.
pub fn reduce(emitter: &mut Emitter, op: &Op, inputs: &mut Inputs) -> Reduction {
    if op.is_constant() {
        return Ok(Reduced::To(emitter.constant(*op)));
    }
    if let Some(reduced) = fold_constants(emitter, op, inputs)? {
        return Ok(reduced);
    }
    if is_commutative(op) {
        order(emitter, inputs);
    }
    if let Op::LowBits {} | Op::UnsignedBits {} = op {
        return bits_of(emitter, op, inputs[0]);
    }
    if *op == (Op::UnboxWord {}) {
        return unbox_word(emitter, inputs[0]);
    }
    Ok(match op.effect() {
        Effect::Pure | Effect::Exits | Effect::Raises | Effect::Reads => simplify(emitter, op, inputs),
        Effect::Guard => simplify_guard(emitter, op, inputs),
        Effect::Writes | Effect::Allocates | Effect::Escapes | Effect::Entry | Effect::Check | Effect::Control => {
            Reduced::Keep
        }
    })
}

fn fold_constants(emitter: &mut Emitter, op: &Op, inputs: &[UopIdx]) -> Result<Option<Reduced>, AlwaysLeaves> {
    if inputs.is_empty() || !(op.effect().is_function_of_inputs() || op.effect() == Effect::Guard) {
        return Ok(None);
    }
    let words: Option<Inputs2> = inputs.iter().map(|input| emitter.op(*input).constant_word()).collect();
    let Some(words) = words else { return Ok(None) };
    match (sem::evaluate(op, &words), op.output_kind()) {
        (Outcome::Word(_), None) => Ok(Some(Reduced::To(UopIdx::NONE))),
        (Outcome::Word(word), Some(kind)) => Ok(Some(Reduced::To(emitter.constant_of(kind, word)))),
        (Outcome::Leaves, _) => Err(AlwaysLeaves),
        (Outcome::NeedsMachine, _) => Ok(None),
    }
}

type Inputs2 = smallvec::SmallVec<[u64; 3]>;

fn is_commutative(op: &Op) -> bool {
    matches!(
        op,
        Op::IntAdd {}
            | Op::IntMul {}
            | Op::IntAddWrap {}
            | Op::IntMulWrap {}
            | Op::BitsAdd {}
            | Op::BitsMul {}
            | Op::IntAnd {}
            | Op::IntOr {}
            | Op::IntXor {}
            | Op::IntEq {}
            | Op::IntNe {}
            | Op::FloatAdd {}
            | Op::FloatMul {}
            | Op::FloatEq {}
            | Op::FloatNe {}
            | Op::BoolEq {}
            | Op::ValueIs {}
            | Op::IsSame {}
    )
}

/// Whatever is known to be an int was made from a machine integer, or its tag was seen.
fn unbox_word(emitter: &Emitter, value: UopIdx) -> Reduction {
    match emitter.known_kind(value) {
        Some(Kind::Int) if emitter.op(value).boxed_kind().is_some() => Ok(Reduced::To(emitter.inputs(value)[0])),
        Some(Kind::Int) => Ok(Reduced::As(Op::UnboxInt {}, smallvec![value])),
        Some(Kind::Float | Kind::Bool) => Err(AlwaysLeaves),
        Some(Kind::Value | Kind::Any) | None => Ok(Reduced::Keep),
    }
}

/// The bits of what was made of bits.
fn bits_of(emitter: &Emitter, op: &Op, value: UopIdx) -> Reduction {
    let is_boxed_int = emitter.op(value).boxed_kind() == Some(Kind::Int);
    match emitter.known_kind(value) {
        _ if *emitter.op(value) == (Op::BoxUnsigned {}) => Ok(Reduced::To(emitter.inputs(value)[0])),
        Some(Kind::Int) if *op == (Op::LowBits {}) && is_boxed_int => Ok(Reduced::To(emitter.inputs(value)[0])),
        Some(Kind::Int) if *op == (Op::LowBits {}) => Ok(Reduced::As(Op::UnboxInt {}, smallvec![value])),
        Some(Kind::Float | Kind::Bool) => Err(AlwaysLeaves),
        Some(Kind::Int | Kind::Value | Kind::Any) | None => Ok(Reduced::Keep),
    }
}

/// Constants to the right, else older values to the left.
fn order(emitter: &Emitter, inputs: &mut Inputs) {
    let rank = |value: UopIdx| (emitter.op(value).is_constant(), value);
    if rank(inputs[0]) > rank(inputs[1]) {
        inputs.swap(0, 1);
    }
}

fn simplify(emitter: &mut Emitter, op: &Op, inputs: &[UopIdx]) -> Reduced {
    let [x, rest @ ..] = inputs else { return Reduced::Keep };
    let x = *x;
    let defined_by = *emitter.op(x);
    if let Some(kind) = op.unboxed_kind() {
        return if defined_by.boxed_kind() == Some(kind) { Reduced::To(emitter.inputs(x)[0]) } else { Reduced::Keep };
    }
    if let Some(kind) = op.boxed_kind() {
        return if defined_by.unboxed_kind() == Some(kind) { Reduced::To(emitter.inputs(x)[0]) } else { Reduced::Keep };
    }
    match (op, rest) {
        (Op::LoadField { .. } | Op::LoadWord { .. } | Op::LoadElement { .. }, _) => load_of_new(emitter, op, inputs),
        (Op::FloatNeg {}, _) if defined_by == Op::FloatNeg {} => Reduced::To(emitter.inputs(x)[0]),
        (Op::FloatAbs {}, _) if defined_by == (Op::FloatAbs {}) => Reduced::To(x),
        (Op::BoolNot {}, _) => negate(emitter, x),
        (Op::ValueIs {}, [y]) => identity(emitter, x, *y),
        (Op::IsSame {}, [y]) => python_identity(emitter, x, *y),
        (Op::BoolEq {}, [y]) if x == *y => Reduced::To(emitter.const_bool(true)),
        (Op::BoolEq {}, [y]) => match *emitter.op(*y) {
            Op::ConstBool { value: true } => Reduced::To(x),
            Op::ConstBool { value: false } => Reduced::As(Op::BoolNot {}, smallvec![x]),
            _ => Reduced::Keep,
        },
        (_, [y]) => match *emitter.op(*y) {
            Op::ConstInt { value } => with_constant_int(emitter, op, x, value),
            Op::ConstFloat { bits } => with_constant_float(op, x, f64::from_bits(bits)),
            _ if x == *y => with_itself(emitter, op, x),
            _ => Reduced::Keep,
        },
        _ => Reduced::Keep,
    }
}

/// `op(x, constant)` on integers.
fn with_constant_int(emitter: &mut Emitter, op: &Op, x: UopIdx, constant: i64) -> Reduced {
    let zero = |emitter: &mut Emitter| Reduced::To(emitter.const_int(0));
    match (op, constant) {
        (
            Op::IntAdd {}
            | Op::IntAddWrap {}
            | Op::IntSub {}
            | Op::IntSubWrap {}
            | Op::IntOr {}
            | Op::IntXor {}
            | Op::IntShl {}
            | Op::IntShr {},
            0,
        ) => Reduced::To(x),
        (Op::IntMul {} | Op::IntMulWrap {} | Op::IntFloorDiv {}, 1) => Reduced::To(x),
        (Op::IntMul {} | Op::IntMulWrap {} | Op::IntAnd {}, 0) => zero(emitter),
        (Op::IntMod {}, 1) => zero(emitter),
        (Op::IntAnd {}, -1) => Reduced::To(x),
        // A power of two divides by shifting and leaves its low bits, both flooring.
        (Op::IntFloorDiv {}, 2..) if constant.count_ones() == 1 => {
            let count = emitter.const_int(constant.trailing_zeros().into());
            Reduced::As(Op::IntShr {}, smallvec![x, count])
        }
        (Op::IntMod {}, 2..) if constant.count_ones() == 1 => {
            let mask = emitter.const_int(constant - 1);
            Reduced::As(Op::IntAnd {}, smallvec![x, mask])
        }
        (Op::IntUlt {}, 0) => Reduced::To(emitter.const_bool(false)),
        _ => Reduced::Keep,
    }
}

/// `op(x, constant)` on floats. `x + 0.0` is no identity (−0.0), `x - 0.0` is.
fn with_constant_float(op: &Op, x: UopIdx, constant: f64) -> Reduced {
    match op {
        Op::FloatMul {} | Op::FloatDiv {} if constant == 1.0 => Reduced::To(x),
        Op::FloatSub {} if constant.to_bits() == 0 => Reduced::To(x),
        _ => Reduced::Keep,
    }
}

/// `op(x, x)` on integers; floats may be NaN.
fn with_itself(emitter: &mut Emitter, op: &Op, x: UopIdx) -> Reduced {
    match op {
        Op::IntSub {} | Op::IntSubWrap {} | Op::IntXor {} => Reduced::To(emitter.const_int(0)),
        Op::IntAnd {} | Op::IntOr {} => Reduced::To(x),
        Op::IntLe {} | Op::IntEq {} => Reduced::To(emitter.const_bool(true)),
        Op::IntLt {} | Op::IntNe {} | Op::IntUlt {} => Reduced::To(emitter.const_bool(false)),
        _ => Reduced::Keep,
    }
}

/// `not x` where `x` is a comparison that has an opposite. (`<` on floats has none: NaN.)
fn negate(emitter: &Emitter, x: UopIdx) -> Reduced {
    let inputs = Inputs::from_slice(emitter.inputs(x));
    match *emitter.op(x) {
        Op::BoolNot {} => Reduced::To(inputs[0]),
        Op::IntLt {} => Reduced::As(Op::IntLe {}, smallvec![inputs[1], inputs[0]]),
        Op::IntLe {} => Reduced::As(Op::IntLt {}, smallvec![inputs[1], inputs[0]]),
        Op::IntEq {} => Reduced::As(Op::IntNe {}, inputs),
        Op::IntNe {} => Reduced::As(Op::IntEq {}, inputs),
        Op::FloatEq {} => Reduced::As(Op::FloatNe {}, inputs),
        Op::FloatNe {} => Reduced::As(Op::FloatEq {}, inputs),
        _ => Reduced::Keep,
    }
}

fn identity(emitter: &mut Emitter, x: UopIdx, y: UopIdx) -> Reduced {
    if x == y {
        return Reduced::To(emitter.const_bool(true));
    }
    let differ = |a: UopIdx, b: UopIdx| {
        let (facts, other) = (emitter.facts_of(a), emitter.known_value(b));
        let is_new = facts.fresh && (!facts.leaked || b < a || emitter.facts_of(b).fresh);
        let immediate = |value: Value| !value.is_object();
        is_new
            || other.is_some_and(|word| facts.is_not.contains(&word.bits()))
            || (emitter.is_known_object(a) && other.is_some_and(immediate))
            || (emitter.known_kind(a).is_some() && other.is_some_and(|word| word.is_none() || word.is_unbound()))
            || (emitter.known_kind(a) == Some(Kind::Bool) && emitter.is_known_object(b))
    };
    if differ(x, y) || differ(y, x) { Reduced::To(emitter.const_bool(false)) } else { Reduced::Keep }
}

/// Python's `is`: by value where both are ints, by the word where one is none that may be in the heap.
fn python_identity(emitter: &mut Emitter, x: UopIdx, y: UopIdx) -> Reduced {
    if x == y {
        return Reduced::To(emitter.const_bool(true));
    }
    if let (Some(left), Some(right)) = (emitter.as_kind(x, Kind::Int), emitter.as_kind(y, Kind::Int)) {
        return Reduced::As(Op::IntEq {}, smallvec![left, right]);
    }
    if emitter.is_no_heap_int(x) || emitter.is_no_heap_int(y) {
        return Reduced::As(Op::ValueIs {}, smallvec![x, y]);
    }
    Reduced::Keep
}

/// A fixed field or element of an object that this superblock made.
fn load_of_new(emitter: &mut Emitter, op: &Op, inputs: &[UopIdx]) -> Reduced {
    let owner = inputs[0];
    let parts = emitter.inputs(owner);
    match (*op, *emitter.op(owner)) {
        (Op::LoadField { field: Field::MethodFunction }, Op::NewBoundMethod {}) => Reduced::To(parts[0]),
        (Op::LoadField { field: Field::MethodOwner }, Op::NewBoundMethod {}) => Reduced::To(parts[1]),
        (Op::LoadField { field: Field::FunctionGlobals }, Op::NewFunction { .. }) => Reduced::To(parts[0]),
        (Op::LoadField { field: Field::FunctionBuiltins }, Op::NewFunction { .. }) => Reduced::To(parts[1]),
        (Op::LoadField { field: Field::FunctionClosure }, Op::NewFunction { .. }) => Reduced::To(parts[3]),
        (Op::LoadField { field: Field::RangeStart }, Op::NewRange {}) => Reduced::To(parts[0]),
        (Op::LoadField { field: Field::RangeStop }, Op::NewRange {}) => Reduced::To(parts[1]),
        (Op::LoadField { field: Field::RangeStep }, Op::NewRange {}) => Reduced::To(parts[2]),
        (Op::LoadField { field: Field::RangeLen }, Op::NewRange {}) => Reduced::To(parts[3]),
        (Op::LoadWord { field: Field::RangeIterStep }, Op::NewRangeIter {}) => Reduced::To(parts[1]),
        (Op::LoadWord { field: Field::TupleLen }, Op::NewTuple {}) => {
            let len = parts.len() as i64;
            Reduced::To(emitter.const_int(len))
        }
        (Op::LoadElement { field: Field::TupleElement }, Op::NewTuple {}) => match *emitter.op(inputs[1]) {
            Op::ConstInt { value } if (value as u64) < parts.len() as u64 => Reduced::To(parts[value as usize]),
            _ => Reduced::Keep,
        },
        _ => Reduced::Keep,
    }
}

fn simplify_guard(emitter: &mut Emitter, op: &Op, inputs: &[UopIdx]) -> Reduced {
    let holds = match op {
        Op::GuardTrue {} => true,
        Op::GuardFalse {} => false,
        _ => return Reduced::Keep,
    };
    let condition = inputs[0];
    let parts = Inputs::from_slice(emitter.inputs(condition));
    match *emitter.op(condition) {
        // One form for each condition, so that a guard is found to be like an earlier one.
        Op::IntLe {} => opposite(emitter, Op::IntLt {}, holds, [parts[1], parts[0]]),
        Op::IntNe {} => opposite(emitter, Op::IntEq {}, holds, [parts[0], parts[1]]),
        Op::FloatNe {} => opposite(emitter, Op::FloatEq {}, holds, [parts[0], parts[1]]),
        Op::BoolNot {} if holds => Reduced::As(Op::GuardFalse {}, parts),
        Op::BoolNot {} => Reduced::As(Op::GuardTrue {}, parts),
        Op::ValueIs {} => match *emitter.op(parts[1]) {
            Op::ConstValue { bits } if holds => Reduced::As(Op::GuardIs { bits }, smallvec![parts[0]]),
            Op::ConstValue { bits } => Reduced::As(Op::GuardIsNot { bits }, smallvec![parts[0]]),
            _ => Reduced::Keep,
        },
        _ => Reduced::Keep,
    }
}

/// The guard that holds where a comparison does not hold, for `holds`, or does.
fn opposite(emitter: &mut Emitter, op: Op, holds: bool, inputs: [UopIdx; 2]) -> Reduced {
    let condition = emitter.emit(op, &inputs, None).expect("comparisons never leave");
    Reduced::As(if holds { Op::GuardFalse {} } else { Op::GuardTrue {} }, smallvec![condition])
}
