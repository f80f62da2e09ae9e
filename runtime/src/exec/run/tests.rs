//! Frames looked at from calls of an executor that is made by hand and runs in the uop interpreter.

use super::*;
use crate::backend::uops::UopCode;
use crate::bytecode::CompileOptions;
use crate::exec::{ExecutorKind, ExitData};
use crate::object::argument::method;
use crate::object::layout::{CodeObject, FunctionObject, ListObject, TupleObject};
use crate::object::native::{Arguments, NativeRow};
use crate::object::types::BuiltinType;
use crate::uop::{
    CallKind, Exit, FrameOrigin, FrameSources, Kind, Snapshot, SnapshotFrame, SnapshotIdx, Source, Uop, UopIdx,
};
use crate::value::Value;
use crate::vm::{PyResult, VmConfig};
use std::sync::Arc;

const PROGRAM: &[u8] = b"
def g(x, made):
    seen = probe()
    return x, made, seen

def f(a):
    return g(a, None)

def ask():
    return names()
";

const NATIVES: &[NativeRow] =
    &[method("probe", "()", probe), method("probe_names", "()", probe_names), method("names", "()", names)];

/// Locals of the innermost frame, twice, its frame object and its caller's.
fn probe(vm: &mut Vm) -> PyResult {
    let (inner, outer) = (vm.frame_object(0)?, vm.frame_object(1)?);
    assert_eq!(vm.frame_object(0)?, inner);
    let (f_locals, f_back) = (vm.intern("f_locals"), vm.intern("f_back"));
    assert_eq!(vm.get_attr(inner, f_back)?, outer);
    let dict = Value::object(vm.class(BuiltinType::Dict));
    let copy = |vm: &mut Vm| {
        let locals = vm.get_attr(inner, f_locals)?;
        vm.call(dict, &[locals])
    };
    let (first, second) = (copy(vm)?, copy(vm)?);
    Ok(vm.new_tuple(&[first, second, inner, outer]))
}

/// What `ask`, a Python function, sees of the frames.
fn probe_names(vm: &mut Vm) -> PyResult {
    let globals = vm.running_frame().expect("a frame runs").globals();
    let ask = entry(vm, globals, "ask");
    vm.call(ask, &[])
}

fn names(vm: &mut Vm) -> PyResult {
    let frames: Vec<_> = vm.visible_frames().map(|frame| (frame.code_object(), frame.instruction())).collect();
    // SAFETY: running frames keep their code objects alive.
    let text = frames.iter().map(|(code, at)| format!("{}@{at} ", vm.string_of(unsafe { (**code).name })));
    let text: String = text.collect();
    Ok(vm.new_str(&text))
}

fn entry(vm: &mut Vm, mapping: Value, name: &str) -> Value {
    let name = vm.intern(name);
    vm.get_item(mapping, name).unwrap()
}

fn code_of(function: Value) -> u64 {
    // SAFETY: callers pass a function.
    unsafe { (*function.as_ptr::<FunctionObject>()).code.bits() }
}

fn index_of(code: u64, instr: Instr) -> u32 {
    // SAFETY: callers pass the address of a code object.
    let instructions = unsafe { &(*(*(code as *mut CodeObject)).code).instructions };
    instructions.iter().position(|instruction| Instr::from_number(instruction.op) == instr).unwrap() as u32
}

/// `f` with `g` inlined, whose local `made` is a list that exists in snapshots alone, and `probe` called in it.
fn superblock(vm: &mut Vm, globals: Value, native: &str) -> Superblock {
    let [f, g, probe] = ["f", "g", native].map(|name| entry(vm, globals, name));
    let (outer, inner) = (code_of(f), code_of(g));
    // SAFETY: a native function.
    let binding = unsafe { (*probe.as_ptr::<crate::object::layout::NativeFunction>()).binding } as u64;
    let list = Source::alloc(UopIdx(1), Op::NewList {}, Box::new([Source::Home(0, Kind::Value)]));
    let call = index_of(inner, Instr::Call);
    let shot = |ip: u32, depth: u16, stack: Vec<Source>| {
        let slot = |slot: u16| (slot, UopIdx(0));
        let origin = FrameOrigin::Call { function: UopIdx(0), kind: CallKind::Plain };
        let root = SnapshotFrame {
            code: outer,
            ip: index_of(outer, Instr::Call),
            origin: FrameOrigin::Root,
            stack_depth: 0,
            slots: Vec::new(),
        };
        let slots = [0, 1].into_iter().chain(3..3 + depth).map(slot).collect();
        let inlined = SnapshotFrame { code: inner, ip, origin, stack_depth: depth, slots };
        let mut slots = vec![Source::Home(0, Kind::Value), list.clone()];
        slots.extend(stack);
        let sources = vec![
            FrameSources { origin: None, slots: Vec::new() },
            FrameSources { origin: Some(Source::Const(g.bits())), slots },
        ];
        (Snapshot { frames: vec![root, inlined] }, sources)
    };
    let constant = |value: Value| Source::Const(value.bits());
    let (before, before_sources) = shot(call, 2, vec![constant(probe), constant(Value::UNBOUND)]);
    let (after, after_sources) = shot(call + 1, 1, vec![Source::Home(1, Kind::Value)]);
    let uop = |op, inputs: &[u32], exit: Option<u32>| Uop {
        op,
        inputs: inputs.iter().map(|&input| UopIdx(input)).collect(),
        exit: exit.map(ExitIdx),
    };
    let exit = |kind, snapshot| Exit { kind, snapshot: SnapshotIdx(snapshot) };
    Superblock {
        uops: vec![
            uop(Op::LoadFrame { slot: 0 }, &[], None),
            uop(Op::NewList {}, &[0], None),
            uop(Op::CallNative { binding }, &[], Some(0)),
            uop(Op::GuardValid {}, &[], Some(1)),
            uop(Op::ExitTrace {}, &[], Some(2)),
        ],
        exits: vec![exit(ExitKind::Error, 0), exit(ExitKind::Deopt, 1), exit(ExitKind::Deopt, 1)],
        snapshots: vec![before, after],
        sources: vec![before_sources, after_sources],
        homes: vec![Some(0), None, Some(1), None, None],
        sunk: vec![false, true, false, false, false],
        n_homes: 2,
        ..Superblock::default()
    }
}

/// Runs it in `f(a)`; what `f` gives, and how often each exit was taken.
fn run_in_f(native: &str, check: fn(&mut Vm, Value, Value), taken: [u64; 3]) {
    for stress in [false, true] {
        let mut config = VmConfig::default();
        config.heap.stress = stress;
        let mut vm = Vm::new(config);
        vm.set_native_stack(crate::gc::native_stack_pointer() + 64, 4 << 20);
        let globals = vm.new_dict();
        vm.add_functions(globals, "test", NATIVES);
        let code = vm.compile(PROGRAM, "<test>", &CompileOptions::default()).unwrap();
        vm.run_code(code, globals, globals).unwrap();
        let superblock = Arc::new(superblock(&mut vm, globals, native));
        let f = entry(&mut vm, globals, "f");
        let argument = vm.new_str("argument");
        let frame = vm.push_call(f, Arguments::positional(&[argument])).unwrap();
        // SAFETY: a fresh frame, which Rust waits for; its code lives as long as its function.
        let code = unsafe {
            (*frame).flags = Frame::ENTRY;
            (*frame).code
        };
        vm.frame = frame;
        vm.depth += 1;
        let mut executor = Executor::new(ExecutorKind::Side, code, 0);
        let data = |exit: &Exit| ExitData {
            kind: exit.kind,
            hotness: 0,
            threshold: u32::MAX,
            taken: 0,
            target: None,
            is_in_work: false,
            work_before: u32::MAX,
        };
        executor.exits = superblock.exits.iter().map(data).collect();
        executor.uops = Some(UopCode::new(superblock.clone()));
        (executor.superblock, executor.id) = (superblock, 0);
        vm.jit.max_homes = 2;
        vm.jit.executors.push(Box::new(executor));
        // SAFETY: the executor starts where the running frame stands; its snapshots are of the program's frames.
        let result = unsafe {
            let state = run(&mut vm, 0);
            vm.run(state)
        };
        check(&mut vm, argument, result.unwrap());
        let executor = &vm.jit.executors[0];
        assert_eq!((executor.valid, vm.current_executor), (1, 0));
        assert_eq!([0, 1, 2].map(|exit| executor.exits[exit].taken), taken);
        assert!(vm.frame.is_null() && vm.frame_objects.is_empty());
    }
}

fn items<'a>(tuple: Value) -> &'a [Value] {
    // SAFETY: callers pass a tuple that they keep.
    unsafe { (*tuple.as_ptr::<TupleObject>()).items() }
}

#[test]
fn who_looks_gets_what_the_frames_go_on_with() {
    fn check(vm: &mut Vm, argument: Value, result: Value) {
        let &[x, made, seen] = items(result) else { panic!("g gives three things") };
        let &[first, second, inner, outer] = items(seen) else { panic!("probe gives four things") };
        assert_eq!(x, argument);
        // SAFETY: the list that was virtual.
        assert_eq!(unsafe { (*made.as_ptr::<ListObject>()).items() }, [argument]);
        for locals in [first, second] {
            assert_eq!(entry(vm, locals, "made"), made, "made once");
            assert_eq!(entry(vm, locals, "x"), argument);
            assert_eq!(vm.len(locals), Ok(2));
        }
        // The frames are over: their objects have what they were like.
        let [f_locals, f_back, f_lineno] = ["f_locals", "f_back", "f_lineno"].map(|name| vm.intern(name));
        assert_eq!(vm.get_attr(inner, f_back), Ok(outer));
        assert_eq!(vm.get_attr(inner, f_lineno), Ok(Value::small_int(4)));
        assert_eq!(vm.get_attr(outer, f_lineno), Ok(Value::small_int(7)));
        let locals = vm.get_attr(inner, f_locals).unwrap();
        assert_eq!(entry(vm, locals, "seen"), seen);
    }
    run_in_f("probe", check, [0, 1, 0]);
}

#[test]
fn who_asks_for_places_disturbs_nothing() {
    fn check(vm: &mut Vm, _: Value, result: Value) {
        let frames = vm.string_of(items(result)[2]);
        let names: Vec<&str> = frames.split(' ').map(|frame| frame.split('@').next().unwrap()).collect();
        assert_eq!(names, ["ask", "g", "f", ""]);
    }
    run_in_f("probe_names", check, [0, 0, 1]);
}
