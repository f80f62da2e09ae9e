//! Every micro-op whose meaning depends on its inputs alone, compiled and compared with that meaning: with inputs from
//! homes, and with each input a constant (for which the lowering has forms of its own).

use crate::machine::{Machine, Writer};
use stitch_lowering::Choice;
use stitch_runtime::backend::{Backend, Status};
use stitch_runtime::uop::sem::{Outcome, evaluate};
use stitch_runtime::uop::{
    CallKind, Effect, ElementKind, ExitIdx, Field, FloatFunction, Helper, ImmediateType, ImmediateValue, Kind, Op,
    ROWS, Row, Superblock, UopIdx,
};
use stitch_runtime::value::{SMALL_INT_MAX, SMALL_INT_MIN, Value};

for_both! {
    compiled_micro_ops_mean_what_the_reference_says,
}

const RESULT_HOME: u16 = 10;
const DONE: Status = Status::Exit(ExitIdx(0));
const LEFT: Status = Status::Exit(ExitIdx(1));

/// An object of some shape: code may look at it.
#[repr(align(16))]
struct Object(#[expect(dead_code, reason = "only compiled code reads it")] [u64; 2]);
static OBJECT: Object = Object([1, 0]);

fn ints() -> Vec<u64> {
    let mut ints = vec![0, 1, -1, 2, 3, 7, -7, 8, 10, -10, 31, 60, 63, 64, 65, 97, 1000, -1000, 1_000_003];
    for bound in [1 << 31, 1 << 32, SMALL_INT_MAX, SMALL_INT_MIN, i64::MAX, i64::MIN, i64::MAX / 3] {
        ints.extend([bound, bound.wrapping_add(1), bound.wrapping_sub(1), bound.wrapping_neg()]);
    }
    ints.into_iter().map(|int: i64| int as u64).collect()
}

fn floats() -> Vec<f64> {
    let mut floats = vec![0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 7.25, 1e-300, 1e300, 1e308, 5e-324, f64::MAX, f64::INFINITY];
    floats.extend(floats.clone().into_iter().map(|float| -float));
    floats.push(f64::NAN);
    floats
}

fn words(kind: Kind) -> Vec<u64> {
    match kind {
        Kind::Int => ints(),
        Kind::Float => floats().into_iter().map(f64::to_bits).collect(),
        Kind::Bool => vec![0, 1],
        Kind::Value | Kind::Any => {
            let object = Value::object(&raw const OBJECT);
            let mut values = vec![Value::NONE, Value::TRUE, Value::FALSE, Value::UNBOUND, object];
            values.extend(ints().into_iter().filter_map(|int| Value::try_small_int(int as i64)));
            values.extend(floats().into_iter().map(Value::float));
            values.into_iter().map(Value::bits).collect()
        }
    }
}

/// Ops of a row, with some immediates of each type.
fn ops_of(row: &Row) -> Vec<Op> {
    let choices = |immediate: ImmediateType| -> Vec<ImmediateValue> {
        match immediate {
            ImmediateType::Bits => words(Kind::Value).into_iter().map(ImmediateValue::Bits).collect(),
            ImmediateType::Int => ints().into_iter().map(|int| ImmediateValue::Int(int as i64)).collect(),
            ImmediateType::Half => vec![ImmediateValue::Half(1)],
            ImmediateType::Short => vec![ImmediateValue::Short(1)],
            ImmediateType::Bool => [true, false].map(ImmediateValue::Bool).to_vec(),
            ImmediateType::Kind => vec![ImmediateValue::Kind(Kind::Int)],
            ImmediateType::Exit => vec![ImmediateValue::Exit(ExitIdx(0))],
            ImmediateType::FloatFunction => {
                let fitting = FloatFunction::ALL.iter().filter(|function| function.arity() == row.inputs.len());
                fitting.map(|&function| ImmediateValue::FloatFunction(function)).collect()
            }
            ImmediateType::Field => vec![ImmediateValue::Field(Field::ListLen)],
            ImmediateType::Helper => vec![ImmediateValue::Helper(Helper::BinaryOp)],
            ImmediateType::Element => ElementKind::ALL.iter().copied().map(ImmediateValue::Element).collect(),
            ImmediateType::CallKind => CallKind::ALL.into_iter().map(ImmediateValue::CallKind).collect(),
        }
    };
    let n_choices = row.immediates.iter().map(|&(_, immediate)| choices(immediate).len()).max().unwrap_or(1);
    let nth = |n: usize| {
        Op::build(row.name, &mut |_, immediate| {
            let choices = choices(immediate);
            Some(choices[n % choices.len()])
        })
    };
    (0..n_choices).filter_map(nth).collect()
}

fn constant(kind: Kind, word: u64) -> Op {
    match kind {
        Kind::Int => Op::ConstInt { value: word as i64 },
        Kind::Float => Op::ConstFloat { bits: word },
        Kind::Bool => Op::ConstBool { value: word != 0 },
        Kind::Value | Kind::Any => Op::ConstValue { bits: word },
    }
}

/// Whether the op may be given these inputs: unboxing needs what its guard lets pass.
fn is_defined(op: Op, inputs: &[u64]) -> bool {
    let guard = Kind::CONCRETE.into_iter().find(|kind| kind.unbox_op() == Some(op)).and_then(Kind::guard_op);
    if guard.is_some_and(|guard| evaluate(&guard, inputs) == Outcome::Leaves) {
        return false;
    }
    op != Op::BoxSmallInt {} || Value::try_small_int(inputs[0] as i64).is_some()
}

fn same(kind: Option<Kind>, left: u64, right: u64) -> bool {
    let both_nan = f64::from_bits(left).is_nan() && f64::from_bits(right).is_nan();
    left == right || (kind == Some(Kind::Float) && both_nan)
}

/// Where the result of the op under test goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Use {
    Home,
    /// Into a guard that wants this truth value, with which it is one instruction.
    Guard(bool),
}

/// The exit of the guard on the op's result.
const GUARDED: Status = Status::Exit(ExitIdx(2));

/// `op`, with input n a constant where `constants[n]` is set and otherwise home n.
fn superblock_of(op: Op, constants: &[Option<u64>], used: Use) -> Superblock {
    let mut w = Writer::new(3);
    let inputs: Vec<UopIdx> = op
        .input_kinds()
        .iter()
        .enumerate()
        .map(|(index, &kind)| match constants[index] {
            Some(word) => w.op(constant(kind, word), &[]),
            None => w.load_home(index as u16, kind),
        })
        .collect();
    let result = w.push(op, &inputs, op.needs_exit().then_some(1));
    match used {
        Use::Home if op.output_kind().is_some() => w.keep(result, RESULT_HOME),
        Use::Home => {}
        Use::Guard(true) => _ = w.guard(Op::GuardTrue {}, &[result], 2),
        Use::Guard(false) => _ = w.guard(Op::GuardFalse {}, &[result], 2),
    }
    w.leave(0);
    w.superblock
}

/// Compiles and runs it on each of `cases`: how many there were that have a meaning.
fn check(machine: &mut Machine, op: Op, constants: &[Option<u64>], cases: &[Vec<u64>], used: Use) -> usize {
    let code = machine.compile(&superblock_of(op, constants, used));
    let mut n_checked = 0;
    for case in cases.iter().filter(|case| is_defined(op, case)) {
        machine.homes[..case.len()].copy_from_slice(case);
        machine.homes[usize::from(RESULT_HOME)] = 0xBAD;
        let expected = evaluate(&op, case);
        if expected == Outcome::NeedsMachine {
            continue;
        }
        let status = machine.enter(&code);
        let found = machine.homes[usize::from(RESULT_HOME)];
        let expected_status = match (expected, used) {
            (Outcome::Leaves, _) => LEFT,
            (Outcome::Word(word), Use::Guard(wanted)) if (word != 0) != wanted => GUARDED,
            _ => DONE,
        };
        let is_same = match (expected, used) {
            (Outcome::Word(word), Use::Home) => op.output_kind().is_none_or(|kind| same(Some(kind), word, found)),
            _ => true,
        };
        assert!(
            status == expected_status && is_same,
            "{op:?} {case:x?} {constants:x?} {used:?}: {expected:x?}, but {status:?} {found:x}"
        );
        n_checked += 1;
    }
    machine.backend.free(code);
    n_checked
}

/// All tuples of words of these kinds.
fn cases_of(kinds: &[Kind]) -> Vec<Vec<u64>> {
    kinds.iter().fold(vec![Vec::new()], |cases, &kind| {
        let words = words(kind);
        cases.iter().flat_map(|case| words.iter().map(|&word| [&case[..], &[word]].concat())).collect()
    })
}

fn compiled_micro_ops_mean_what_the_reference_says(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut n_ops = 0;
    for row in ROWS.iter().filter(|row| row.effect == Effect::Guard || row.effect.is_function_of_inputs()) {
        let cases = cases_of(row.inputs);
        let is_bool = row.output == Some(Kind::Bool);
        let uses = if is_bool { &[Use::Home, Use::Guard(true), Use::Guard(false)][..] } else { &[Use::Home] };
        for (op, &used) in ops_of(row).into_iter().flat_map(|op| uses.iter().map(move |used| (op, used))) {
            let n_checked = check(&mut machine, op, &vec![None; row.inputs.len()], &cases, used);
            n_ops += usize::from(n_checked > 0);
            for index in 0..row.inputs.len().min(2) {
                for word in words(row.inputs[index]) {
                    let cases: Vec<Vec<u64>> = cases.iter().filter(|case| case[index] == word).cloned().collect();
                    if cases.iter().all(|case| !is_defined(op, case)) {
                        continue;
                    }
                    let mut constants = vec![None; row.inputs.len()];
                    constants[index] = Some(word);
                    check(&mut machine, op, &constants, &cases, used);
                }
            }
        }
    }
    assert!(n_ops > 100, "{n_ops} ops checked");
}
