//! Frames rebuilt from snapshots made by hand, then run on by tier 1.

use super::*;
use crate::backend::uops::{Leave, UopCode};
use crate::bytecode::CompileOptions;
use crate::exec::helpers;
use crate::exec::machine::VmMachine;
use crate::interp::op::Op as Instr;
use crate::object::layout::TupleObject;
use crate::uop::{Helper, Snapshot, Uop};
use crate::vm::{PyResult, VmConfig};
use smallvec::smallvec;

const PROGRAM: &[u8] = b"
def g(x, t):
    y = x + 1
    return (y, t[0], t[1], t)

def f(a):
    p = 0
    r = g(a, p)
    return (r, p)

def init(self):
    pass

def make():
    return init()

def count():
    yield 1
    yield 2

def first(it):
    for v in it:
        return v
";

/// Runs a check on a VM that has run the program, and on one that collects at every allocation.
fn each_vm(check: fn(&mut Vm, Value)) {
    for stress in [false, true] {
        let mut config = VmConfig::default();
        config.heap.stress = stress;
        let mut vm = Vm::new(config);
        vm.set_native_stack(crate::gc::native_stack_pointer() + 64, 1 << 20);
        let globals = vm.new_dict();
        let code = vm.compile(PROGRAM, "<test>", &CompileOptions::default()).unwrap();
        vm.run_code(code, globals, globals).unwrap();
        check(&mut vm, globals);
    }
}

fn function(vm: &mut Vm, globals: Value, name: &str) -> Value {
    let name = vm.intern(name);
    vm.dict_get_name(globals, name).unwrap()
}

/// The address of a function's code object.
fn code_of_function(function: Value) -> u64 {
    // SAFETY: callers pass a function.
    unsafe { (*function.as_ptr::<FunctionObject>()).code.bits() }
}

/// Index of the first instruction of this kind.
fn index_of(code: u64, instr: Instr) -> u32 {
    // SAFETY: callers pass the address of a code object.
    let instructions = unsafe { &(*(*(code as *mut CodeObject)).code).instructions };
    instructions.iter().position(|instruction| Instr::from_number(instruction.op) == instr).unwrap() as u32
}

/// The entry frame of a call, as it would run.
fn enter(vm: &mut Vm, function: Value, arguments: &[Value]) -> *mut Frame {
    let frame = vm.push_call(function, crate::object::native::Arguments::positional(arguments)).unwrap();
    // SAFETY: a fresh frame.
    unsafe { (*frame).flags = Frame::ENTRY };
    vm.frame = frame;
    vm.depth += 1;
    frame
}

fn frame(code: u64, ip: u32, origin: FrameOrigin, stack_depth: u16, slots: &[u16]) -> SnapshotFrame {
    let slots = slots.iter().map(|slot| (*slot, UopIdx(0))).collect();
    SnapshotFrame { code, ip, origin, stack_depth, slots }
}

fn superblock(n_homes: u16, frames: Vec<(SnapshotFrame, Option<Source>, Vec<Source>)>) -> Superblock {
    let sources = frames.iter().map(|(_, origin, slots)| FrameSources { origin: origin.clone(), slots: slots.clone() });
    Superblock {
        n_homes,
        sources: vec![sources.collect()],
        snapshots: vec![Snapshot { frames: frames.into_iter().map(|(frame, ..)| frame).collect() }],
        ..Superblock::default()
    }
}

fn call_of(function: u32, is_init: bool) -> FrameOrigin {
    let kind = if is_init { CallKind::Init } else { CallKind::Plain };
    FrameOrigin::Call { function: UopIdx(function), kind }
}

fn rebuild_and_run(vm: &mut Vm, root: *mut Frame, superblock: &Superblock, homes: &[u64]) -> PyResult {
    // SAFETY: the snapshots above are of the frames that they name.
    unsafe {
        let state = rebuild(vm, root, superblock, SnapshotIdx(0), homes.as_ptr());
        if state.frame.is_null() { Err(crate::vm::Raised) } else { vm.run(state) }
    }
}

#[test]
fn inlined_calls_go_on_with_values_made_once() {
    each_vm(|vm, globals| {
        let (f, g) = (function(vm, globals, "f"), function(vm, globals, "g"));
        let (outer, inner) = (code_of_function(f), code_of_function(g));
        let root = enter(vm, f, &[Value::NONE]);
        let nested = Source::alloc(UopIdx(8), Op::NewList {}, Box::new([Source::Home(2, Kind::Value)]));
        let inputs = Box::new([Source::Home(1, Kind::Float), nested]);
        let tuple = Source::alloc(UopIdx(9), Op::NewTuple {}, inputs);
        let large = Source::Home(0, Kind::Int);
        let snapshot = superblock(
            4,
            vec![
                (
                    frame(outer, index_of(outer, Instr::Call), FrameOrigin::Root, 0, &[0, 1]),
                    None,
                    vec![large.clone(), tuple.clone()],
                ),
                (
                    frame(inner, 0, call_of(3, false), 0, &[0, 1]),
                    Some(Source::Home(3, Kind::Value)),
                    vec![large, tuple],
                ),
            ],
        );
        let text = vm.new_str("kept");
        let homes = [i64::MAX as u64 - 1, 2.5f64.to_bits(), text.bits(), g.bits()];
        let result = rebuild_and_run(vm, root, &snapshot, &homes).unwrap();
        // SAFETY: `f` gives a tuple, of a tuple and a tuple.
        unsafe {
            let [result, local] = (*result.as_ptr::<TupleObject>()).items() else { panic!() };
            let [sum, float, list, same] = (*result.as_ptr::<TupleObject>()).items() else { panic!() };
            assert_eq!(vm.int_to_i64(*sum), Some(i64::MAX));
            assert_eq!(float.as_float(), 2.5);
            assert_eq!((*list.as_ptr::<crate::object::layout::ListObject>()).items(), [text]);
            assert_eq!(same, local);
        }
        assert!(vm.frame.is_null());
        assert_eq!(vm.depth, 0);
    });
}

#[test]
fn a_returning_init_leaves_the_instance() {
    each_vm(|vm, globals| {
        let (make, init) = (function(vm, globals, "make"), function(vm, globals, "init"));
        let (outer, inner) = (code_of_function(make), code_of_function(init));
        let root = enter(vm, make, &[]);
        let instance = Source::alloc(UopIdx(1), Op::NewCell {}, Box::new([Source::Const(Value::TRUE.bits())]));
        let snapshot = superblock(
            0,
            vec![
                (frame(outer, index_of(outer, Instr::Call), FrameOrigin::Root, 0, &[0]), None, vec![instance.clone()]),
                (frame(inner, 0, call_of(0, true), 0, &[0]), Some(Source::Const(init.bits())), vec![instance]),
            ],
        );
        let result = rebuild_and_run(vm, root, &snapshot, &[]).unwrap();
        assert!(vm.is_exact(result, crate::object::types::BuiltinType::Cell));
    });
}

#[test]
fn resumed_generators_run_in_their_own_frame() {
    each_vm(|vm, globals| {
        let (first, count) = (function(vm, globals, "first"), function(vm, globals, "count"));
        let generator = vm.call(count, &[]).unwrap();
        assert_eq!(vm.generator_send(generator, Value::NONE).unwrap(), Some(Value::small_int(1)));
        let root = enter(vm, first, &[generator]);
        let (outer, inner) = (code_of_function(first), code_of_function(count));
        let n_locals = 2;
        let resumed = index_of(inner, Instr::YieldValue) + 1;
        let snapshot = superblock(
            1,
            vec![
                (
                    frame(outer, index_of(outer, Instr::ForIter), FrameOrigin::Root, 1, &[n_locals]),
                    None,
                    vec![Source::Home(0, Kind::Value)],
                ),
                (
                    frame(inner, resumed, FrameOrigin::Resume { generator: UopIdx(0) }, 1, &[0]),
                    Some(Source::Home(0, Kind::Value)),
                    vec![Source::Const(Value::NONE.bits())],
                ),
            ],
        );
        let result = rebuild_and_run(vm, root, &snapshot, &[generator.bits()]).unwrap();
        assert_eq!(result, Value::small_int(2));
        assert_eq!(vm.depth, 0);
    });
}

#[test]
fn frames_beyond_the_end_use_the_reserve() {
    each_vm(|vm, globals| {
        let (f, g) = (function(vm, globals, "f"), function(vm, globals, "g"));
        let (outer, inner) = (code_of_function(f), code_of_function(g));
        let root = enter(vm, f, &[Value::NONE]);
        let pair = vm.new_tuple(&[Value::NONE, Value::TRUE]);
        let snapshot = superblock(
            1,
            vec![
                (frame(outer, index_of(outer, Instr::Call), FrameOrigin::Root, 0, &[]), None, vec![]),
                (
                    frame(inner, 0, call_of(0, false), 0, &[0, 1]),
                    Some(Source::Const(g.bits())),
                    vec![Source::Const(Value::TRUE.bits()), Source::Home(0, Kind::Value)],
                ),
            ],
        );
        vm.data_end = vm.data_top.wrapping_add(4);
        assert!(rebuild_and_run(vm, root, &snapshot, &[pair.bits()]).is_ok());
    });
}

#[test]
fn the_machine_runs_on_the_heap() {
    each_vm(|vm, globals| {
        let f = function(vm, globals, "f");
        let text = vm.new_str("ab");
        let frame = enter(vm, f, &[text]);
        let op = |op: Op, inputs: &[u32], leaves: bool| Uop {
            op,
            inputs: inputs.iter().map(|input| UopIdx(*input)).collect(),
            exit: leaves.then_some(crate::uop::ExitIdx(0)),
        };
        let code = UopCode::new(Superblock {
            uops: vec![
                op(Op::LoadFrame { slot: 0 }, &[], false),
                op(Op::ConstInt { value: 0 }, &[], false),
                op(Op::CallHelper { helper: Helper::BinaryOp }, &[0, 0, 1], true),
                op(Op::NewList {}, &[2, 0], false),
                op(Op::LoadWord { field: crate::uop::Field::ListLen }, &[3], false),
                op(Op::LoadField { field: crate::uop::Field::ListItems }, &[3], false),
                op(Op::ConstInt { value: 0 }, &[], false),
                op(Op::LoadElement { field: crate::uop::Field::ArrayElement }, &[5, 6], false),
                op(Op::BoxSmallInt {}, &[4], false),
                op(Op::StoreFrame { slot: 1 }, &[7], false),
                op(Op::CallHelper { helper: Helper::Negate }, &[0], true),
                op(Op::FinishReturn {}, &[7], false),
            ],
            exits: vec![crate::uop::Exit { kind: crate::uop::ExitKind::Error, snapshot: SnapshotIdx(0) }],
            homes: vec![None; 12],
            sunk: vec![false; 12],
            ..Superblock::default()
        });
        let mut homes = [0; 4];
        // No micro-op looks at the executor.
        let mut machine = VmMachine { vm, frame, homes: homes.as_mut_ptr(), executor: std::ptr::null() };
        assert_eq!(code.run(&mut machine), Leave::Exit(crate::uop::ExitIdx(0)), "strings have no minus");
        assert!(vm.exception_matches(vm.exceptions.TypeError));
        // SAFETY: the frame's second local.
        let stored = unsafe { *Frame::slot(frame, 1) };
        assert_eq!(vm.string_of(stored), "abab");
    });
}

#[test]
fn c_entries_give_words() {
    each_vm(|vm, _| {
        let thread = std::ptr::from_mut(vm).cast();
        // SAFETY: the row takes three arguments.
        let binary_op: unsafe extern "C" fn(*mut std::ffi::c_void, u64, u64, u64) -> u64 =
            unsafe { std::mem::transmute(helpers::address(Helper::BinaryOp)) };
        const ADD: u64 = 0;
        let int = |word: i64| Value::small_int(word).bits();
        // SAFETY: the thread is a VM.
        let (sum, wrong) =
            unsafe { (binary_op(thread, int(1), int(2), ADD), binary_op(thread, int(1), Value::NONE.bits(), ADD)) };
        assert_eq!((Value(sum), wrong), (Value::small_int(3), 0));
        assert!(vm.exception_matches(vm.exceptions.TypeError));
        vm.clear_exception();
        let items: SmallVec<[u64; 4]> = smallvec![int(1), int(2)];
        // SAFETY: as above; two arguments.
        let list = unsafe { (helpers::LAYOUT.functions.new_list)(thread, items.as_ptr(), 2) };
        assert_eq!(vm.shape_of(Value(list)), crate::object::types::BuiltinType::List.shape());
    });
}
