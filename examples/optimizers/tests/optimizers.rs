//! What a machine does with optimizers of others, well behaved and not, beside each of its own backends.

use std::sync::atomic::{AtomicU64, Ordering};

use stitch_example_optimizers::{Arithmetic, Behaving, Behaviour, CLOSURES};
use stitch_lowering::CraneliftBackend;
use stitch_runtime::backend::Backend;
use stitch_runtime::bytecode::{CompileOptions, compile};
use stitch_runtime::config::{CompileThread, Config, JitMode};
use stitch_runtime::embed::optimizer::{Capabilities, Executor, InputKind, RegisterError};
use stitch_runtime::embed::{Executable, Machine, NATIVE_STACK_BYTES, Reifier};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

const MODES: [JitMode; 2] = [JitMode::Uops, JitMode::Cranelift];

/// `place.put(function, offset)` installs an executor that raises, `place.take(function, offset)` takes out what is installed.
static PLACES: ModuleSpec = ModuleSpec {
    name: "place",
    doc: "Executors in their places.",
    functions: &[
        method("put", "(function, offset, /)", put).doc("Installs an executor that raises."),
        method("hold", "(function, make, then, /)", hold).doc("What `make` gives, kept where no collector looks."),
        method("take", "(function, offset, /)", take).doc("Takes out what is installed: was something?"),
    ],
    ..ModuleSpec::NEW
};

static MODULES: &[&ModuleSpec] = &[&PLACES, &CLOSURES];

fn put(vm: &mut Vm, function: Value, offset: i64) -> PyResult<bool> {
    let executor = Behaving::new(Behaviour::Raise, Capabilities::ALL).executor();
    replace(vm, function, offset, Some(executor))
}

/// A value that the state of a running executable alone refers to.
struct Held(Box<AtomicU64>);

fn hold(vm: &mut Vm, function: Value, make: Value, then: Value) -> PyResult {
    let code = vm.code_id(function).ok_or_else(|| vm.raise_type("not a function"))?;
    let held = Held(Box::new(AtomicU64::new(Value::NONE.bits())));
    let reifier: Reifier = |state, frame| {
        let Some(Held(held)) = state.downcast_ref() else { return };
        frame.set_local(0, Value(held.load(Ordering::Relaxed)));
    };
    vm.run_executable(&Executable { code, state: &held, reifier }, |vm| {
        let made = vm.call(make, &[])?;
        held.0.store(made.bits(), Ordering::Relaxed);
        vm.call(then, &[])?;
        Ok(Value(held.0.load(Ordering::Relaxed)))
    })
}

fn take(vm: &mut Vm, function: Value, offset: i64) -> PyResult<bool> {
    replace(vm, function, offset, None)
}

fn replace(vm: &mut Vm, function: Value, offset: i64, executor: Option<Box<dyn Executor>>) -> PyResult<bool> {
    let code = vm.code_id(function).ok_or_else(|| vm.raise_type("not a function"))?;
    vm.replace_executor(code, offset as u32, executor).map_err(|error| vm.raise_runtime(&error.to_string()))
}

/// What a program printed and its status, with what `prepare` does to the machine before it runs.
fn run(mode: JitMode, source: &str, prepare: impl FnOnce(&mut Machine) + Send) -> (String, u8) {
    run_then(mode, source, prepare, |_| ())
}

fn run_then(
    mode: JitMode,
    source: &str,
    prepare: impl FnOnce(&mut Machine) + Send,
    after: impl FnOnce(&mut Machine) + Send,
) -> (String, u8) {
    run_with(config_of(mode), source, prepare, after)
}

fn config_of(jit: JitMode) -> Config {
    Config { jit, compile_thread: CompileThread::Sync, loop_threshold: Some(20), ..Config::default() }
}

fn run_with(
    config: Config,
    source: &str,
    prepare: impl FnOnce(&mut Machine) + Send,
    after: impl FnOnce(&mut Machine) + Send,
) -> (String, u8) {
    let body = || {
        let backend = || Box::new(CraneliftBackend::new(8 << 20)) as Box<dyn Backend>;
        let anchor = 0u8;
        let stack_base = (&raw const anchor as usize).next_multiple_of(16);
        let backend = (config.jit == JitMode::Cranelift).then(backend);
        let mut machine = Machine::new(&config, backend, stack_base, NATIVE_STACK_BYTES - (1 << 20));
        machine.open_streams(&stitch_modules::STREAMS).expect("streams");
        machine.capture_output();
        machine.add_modules(MODULES);
        prepare(&mut machine);
        let code = compile(source.as_bytes(), "t.py", &CompileOptions::default()).expect("the program compiles");
        let status = machine.run_main(&code, None);
        after(&mut machine);
        let (out, err) = machine.take_output();
        (String::from_utf8_lossy(&out).into_owned() + &String::from_utf8_lossy(&err), status)
    };
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(NATIVE_STACK_BYTES);
        builder.spawn_scoped(scope, body).expect("a thread").join().expect("no panic")
    })
}

const SUM: &str = "
def sums(n):
    i = total = 0
    while i < n:
        total += i * 3
        i += 1
    return total, i
for _ in range(60):
    result = sums(200)
print(result, sums(3), sums(0))
print(sums(5_000_000_000_000) if False else 'end')
";

#[test]
fn an_optimizer_of_use_advances_by_many_instructions() {
    for mode in [JitMode::Off, JitMode::Uops, JitMode::Cranelift] {
        let register = |machine: &mut Machine| {
            machine.register_optimizer(Arithmetic).expect("is taken");
        };
        assert_eq!(run(mode, SUM, register), ("(59700, 200) (9, 3) (0, 0)\nend\n".into(), 0), "{mode:?}");
    }
}

/// Loops, calls, generators, exceptions that are handled and not, in functions whose names begin with `hot`.
const MIXED: &str = "
def hot_gen(n):
    for i in range(n):
        try:
            got = yield i
        except KeyError:
            got = -1
        if got: yield got
def hot_callee(a, b=2):
    with open_(a) as c:
        return [x for x in (a, b, c) if x != 3]
class open_:
    def __init__(self, a): self.a = a
    def __enter__(self): return self.a * 2
    def __exit__(self, *_): return False
def hot(n):
    total = []
    g = hot_gen(n)
    for i in g:
        if i % 5 == 4: i = g.throw(KeyError())
        try:
            total += hot_callee(i)
            if i % 7 == 3: raise ValueError(i)
        except ValueError as error:
            total.append(error.args[0])
    return sum(total)
for _ in range(30): result = hot(60)
print(result)
";
const MIXED_OUT: &str = "4453\n";

fn behaving(behaviour: Behaviour) -> Behaving {
    Behaving { prefix: "hot", ..Behaving::new(behaviour, Capabilities::ALL) }
}

#[test]
fn machines_are_advanced_by_none_one_and_many_instructions() {
    let all = [Behaviour::Nothing, Behaviour::Step, Behaviour::Steps(7), Behaviour::Steps(1000), Behaviour::GiveUp];
    for mode in MODES {
        assert_eq!(run(mode, MIXED, |_| ()), (MIXED_OUT.into(), 0), "{mode:?}");
        for behaviour in all {
            for input in [InputKind::Place, InputKind::Superblock] {
                let optimizer = Behaving { input, ..behaving(behaviour) };
                let calls = optimizer.calls.clone();
                let register = |machine: &mut Machine| _ = machine.register_optimizer(optimizer).expect("is taken");
                assert_eq!(run(mode, MIXED, register), (MIXED_OUT.into(), 0), "{mode:?} {behaviour:?} {input:?}");
                let [compiled, executed, advanced, micro_ops] =
                    [&calls.compiled, &calls.executed, &calls.advanced, &calls.micro_ops]
                        .map(|counter| counter.load(Ordering::Relaxed));
                assert!(compiled > 0, "{mode:?} {behaviour:?} {input:?}");
                assert_eq!(executed > 0, behaviour != Behaviour::GiveUp, "{mode:?} {behaviour:?} {input:?}");
                assert_eq!(advanced > 0, !matches!(behaviour, Behaviour::Nothing | Behaviour::GiveUp));
                assert_eq!(micro_ops > 0, input == InputKind::Superblock);
            }
        }
    }
}

#[test]
fn each_kind_of_place_calls_who_is_good_for_it() {
    let kinds = [Capabilities::FUNCTION_ENTRY, Capabilities::RESUME_AFTER_YIELD, Capabilities::BACK_EDGE];
    for (which, kind) in kinds.into_iter().enumerate() {
        let optimizer = Behaving { prefix: "hot", ..Behaving::new(Behaviour::Step, kind) };
        let calls = optimizer.calls.clone();
        let register = |machine: &mut Machine| _ = machine.register_optimizer(optimizer).expect("is taken");
        assert_eq!(run(JitMode::Uops, MIXED, register), (MIXED_OUT.into(), 0));
        let counters = [&calls.entries, &calls.resumptions, &calls.back_edges];
        for (at, counter) in counters.into_iter().enumerate() {
            assert_eq!(counter.load(Ordering::Relaxed) > 0, at == which, "{kind:?}: {at}");
        }
    }
}

#[test]
fn with_the_jit_off_nobody_is_asked() {
    let optimizer = behaving(Behaviour::Step);
    let calls = optimizer.calls.clone();
    let register = |machine: &mut Machine| _ = machine.register_optimizer(optimizer).expect("is taken");
    assert_eq!(run(JitMode::Off, MIXED, register), (MIXED_OUT.into(), 0));
    assert_eq!(calls.compiled.load(Ordering::Relaxed), 0);
}

const LOOP: &str = "
def hot(items):
    total = 0
    for item in items:
        total += item
    return total
failures = set()
for _ in range(40):
    try:
        assert hot(range(50)) == 1225
    except Exception as error:
        failures.add(f'{type(error).__name__}: {error} ({error.__traceback__.tb_next.tb_lineno})')
for failure in sorted(failures): print(failure)
assert hot(range(50)) == 1225
";

#[test]
fn what_breaks_the_rules_is_told_once_and_taken_out() {
    let at = "File \"t.py\", line 5, in hot, offset 32";
    // At the line where the machine stands then.
    let broke_on =
        |rule: &str, line| format!("SystemError: optimizer 'behaving' broke a rule at {at}: {rule} ({line})\n");
    let broke = |rule: &str| broke_on(rule, 5);
    let panicked = |text: &str| format!("SystemError: optimizer 'behaving' panicked at {at}: {text} (5)\n");
    let cases = [
        (Behaviour::Miscount, broke_on("it says that it advanced by 2 instructions, and advanced by 1", 4)),
        (Behaviour::PartOfInstruction, broke("offset 34 is inside of an instruction")),
        (Behaviour::BadOffset, broke("there is no instruction at offset 1048576")),
        (Behaviour::Deepen, broke("the stack has 2 values at offset 10, where it has to have 1")),
        (Behaviour::HalfDone, broke("part of an instruction was done")),
        (Behaviour::ReplaceIterator, broke("value 0 of the stack is not what has to be there at offset 10")),
        (Behaviour::NoSuchLocal, broke("there is no variable 1048576")),
        (Behaviour::StoreUnbound, broke("it stored no value")),
        (Behaviour::StaleHandle, broke("a handle is of another execution")),
        (Behaviour::RaiseNothing, broke("it says that it raised an exception, and none is pending")),
        (Behaviour::PanicInCompile, panicked("lost while compiling")),
        (Behaviour::PanicInExecute, panicked("lost while running")),
    ];
    for mode in MODES {
        for (behaviour, expected) in &cases {
            let optimizer = Behaving { prefix: "hot", ..Behaving::new(*behaviour, Capabilities::BACK_EDGE) };
            let register = |machine: &mut Machine| _ = machine.register_optimizer(optimizer).expect("is taken");
            assert_eq!(run(mode, LOOP, register), (expected.clone(), 0), "{mode:?} {behaviour:?}");
        }
    }
}

#[test]
fn an_executor_may_raise() {
    for mode in MODES {
        let optimizer = Behaving { prefix: "hot", ..Behaving::new(Behaviour::Raise, Capabilities::BACK_EDGE) };
        let register = |machine: &mut Machine| _ = machine.register_optimizer(optimizer).expect("is taken");
        let source = LOOP.replace("\nassert", "\n#");
        assert_eq!(run(mode, &source, register), ("ValueError: not today (5)\n".into(), 0), "{mode:?}");
    }
}

#[test]
fn an_optimizer_with_impossible_costs_is_not_taken() {
    run(JitMode::Uops, "pass", |machine| {
        let nothing = Behaving::new(Behaviour::Step, Capabilities(0));
        assert_eq!(machine.register_optimizer(nothing), Err(RegisterError::NoCapability));
    });
}

#[test]
fn who_looks_at_code_sees_the_original() {
    let program = "
import sys
def hot(n):
    i = 0
    while i < n:
        i += 1
    return i
def names(): return hot.__code__._co_code_adaptive
before, code = names(), hot.__code__.co_code
for _ in range(50): hot(50)
lines = []
def trace(frame, event, arg):
    lines.append((frame.f_lineno - hot.__code__.co_firstlineno, event))
    return trace
print(names() == before, hot.__code__.co_code == code)
sys.settrace(trace)
hot(1)
sys.settrace(None)
print(lines)
print(hot(7))
";
    let lines = "[(0, 'call'), (1, 'line'), (2, 'line'), (3, 'line'), (2, 'line'), (4, 'line'), (4, 'return')]";
    for mode in MODES {
        let optimizer = behaving(Behaviour::Steps(5));
        let calls = optimizer.calls.clone();
        let register = |machine: &mut Machine| {
            _ = machine.register_optimizer(optimizer).expect("is taken");
        };
        assert_eq!(run(mode, program, register), (format!("True True\n{lines}\n7\n"), 0), "{mode:?}");
        assert!(calls.executed.load(Ordering::Relaxed) > 0);
    }
}

#[test]
fn executors_are_put_in_places_and_taken_out() {
    let program = "
import place
def hot(n):
    for i in range(n): pass
    return n
def tell(what, *arguments):
    try: print(what(*arguments))
    except Exception as error: print(type(error).__name__, error)
tell(place.take, hot, 0)
tell(place.put, hot, 0)
tell(hot, 3)
tell(place.put, hot, 0)
tell(place.take, hot, 0)
tell(hot, 4)
for offset in 1, 2, 3, 1000, -1: tell(place.put, hot, offset)
tell(place.put, print, 0)
for _ in range(50): hot(50)
place.put(hot, 30)
tell(hot, 0)
tell(hot, 5)
print(place.take(hot, 30), hot(50))
";
    let refused = |offset: u32| format!("RuntimeError no instruction starts at offset {offset}\n");
    let another = "RuntimeError an executor goes to a RESUME or JUMP_BACKWARD, and offset 2 has another instruction\n";
    let expected = "False\nFalse\nValueError not today\nTrue\nTrue\n4\n".to_owned()
        + &refused(1)
        + another
        + &refused(3)
        + &refused(1000)
        + &refused(u32::MAX)
        + "TypeError not a function\n0\nValueError not today\nTrue 50\n";
    for mode in MODES {
        assert_eq!(run(mode, program, |_| ()), (expected.clone(), 0), "{mode:?}");
    }
    let off =
        run(JitMode::Off, "import place\ntry: place.put(lambda: 0, 0)\nexcept RuntimeError as e: print(e)", |_| ());
    assert_eq!(off, ("the JIT is off\n".into(), 0));
}

#[test]
fn a_warm_place_is_another_optimizers_until_it_is_hot() {
    let source = SUM.replace("range(60)", "range(ROUNDS)");
    let loops_of = |rounds: &str| {
        let mut n_loops = 0;
        let register = |machine: &mut Machine| _ = machine.register_optimizer(Arithmetic).expect("is taken");
        let after = |machine: &mut Machine| n_loops = machine.stats().loops;
        let (out, status) = run_then(JitMode::Cranelift, &source.replace("ROUNDS", rounds), register, after);
        assert_eq!((out.as_str(), status), ("(59700, 200) (9, 3) (0, 0)\nend\n", 0));
        n_loops
    };
    assert_eq!(loops_of("40"), 0);
    assert!(loops_of("9000") > 0);
}

/// What a closure that stands for a function shows of itself, and what the function itself does: `RUN` is how it is called.
const SHOWN: &str = "
import sys, closures
def sums(report, values):
    total = 0
    for value in values:
        total += value
        report(total)
    return total
def line_of(frame): return frame.f_lineno - sums.__code__.co_firstlineno
kept = []
def report(total):
    frame = sys._getframe(1)
    if total in (3, 10):
        kept.append(frame)
        here = frame
        while here: print(here.f_code.co_name, here.f_lineno); here = here.f_back
        variables = dict(frame.f_locals)
        print(line_of(frame), variables.pop('report') is report, variables, frame.f_code is sums.__code__)
        print(frame.f_globals is globals(), frame.f_builtins is sys._getframe().f_builtins, frame.f_lasti > 0)
        print(list(sys._current_frames().values())[0] is sys._getframe(), sys._getframe(1) is frame)
        print(eval('[*map(lambda _: sys._getframe(2).f_code.co_name, [0])]'))
    if total == 6: [0] * 100000
def outer(): return RUN(sums, report, [1, 2, 3, 4])
print(outer())
print(kept[0] is kept[1], line_of(kept[0]), kept[0].f_locals['total'], kept[0].f_back.f_code.co_name)
def refuse(total): raise ValueError(total)
def nested(total): return RUN(sums, refuse, [total])
for _ in range(40):
    try: RUN(sums, nested, [5])
    except ValueError as error:
        entry, names = error.__traceback__, []
        while entry: names.append((entry.tb_frame.f_code.co_name, entry.tb_lineno)); entry = entry.tb_next
print(names)
events = []
def trace(frame, event, arg):
    if frame.f_code is sums.__code__: events.append((line_of(frame), event))
    return trace
sys.settrace(trace)
RUN(sums, lambda total: None, [1, 2])
sys.settrace(None)
print(events)
for _ in range(50): total = RUN(sums, lambda total: sys._getframe(1).f_lineno, range(100))
print(total)
";

#[test]
fn a_closure_is_seen_as_the_function_that_it_stands_for() {
    let (expected, _) = run(JitMode::Off, &SHOWN.replace("RUN(sums, ", "sums("), |_| ());
    assert!(expected.ends_with("\n4950\n"), "{expected}");
    for mode in [JitMode::Off, JitMode::Uops, JitMode::Cranelift] {
        let shown = run(mode, &SHOWN.replace("RUN", "closures.run"), |_| ());
        assert_eq!(shown, (expected.clone(), 0), "{mode:?}");
    }
}

#[test]
fn who_looks_from_elsewhere_sees_closures_too() {
    let program = "
import faulthandler, os, sys, traceback, closures, _thread
def sums(report, values):
    total = 0
    for value in values:
        total += value
        report(total)
    return total
def show(total):
    print(''.join(traceback.format_stack()[-2:]), end='')
    end, start = os.pipe()
    faulthandler.dump_traceback(start)
    print(os.read(end, 10000).decode().splitlines()[2])
def run(report): return closures.run(sums, report, [7])
print(run(show))
waits, ends = _thread.allocate_lock(), _thread.allocate_lock()
waits.acquire(); ends.acquire()
def wait(total):
    waits.release()
    ends.acquire()
thread = _thread.start_new_thread(run, (wait,))
waits.acquire()
frame = sys._current_frames()[thread].f_back
print(frame.f_code.co_name, frame.f_lineno, frame.f_locals['total'], frame.f_back.f_code.co_name)
ends.release()
seen = []
tool = sys.monitoring
tool.use_tool_id(3, 'test')
tool.register_callback(3, tool.events.LINE, lambda code, line: seen.append(line))
tool.set_local_events(3, sums.__code__, tool.events.LINE)
run(lambda total: None)
tool.set_local_events(3, sums.__code__, 0)
run(lambda total: None)
print(seen)
";
    let expected = "  File \"t.py\", line 7, in sums
  File \"t.py\", line 10, in show
  File \"t.py\", line 7 in sums
7
sums 7 7 run
[4, 5, 6, 7, 5, 8]
";
    for mode in [JitMode::Off, JitMode::Cranelift] {
        let prepare = |machine: &mut Machine| {
            machine.add_modules(stitch_modules::MODULES);
            machine.set_library(&stitch_library::STANDARD_LIBRARY);
        };
        assert_eq!(run(mode, program, prepare), (expected.into(), 0), "{mode:?}");
    }
}

#[test]
fn the_collector_asks_reifiers_too() {
    let program = "
import place, closures
def f(x): return x
def sums(report, values): report(0)
def make(): return [str(i) + 'x' for i in range(5)]
print(place.hold(f, make, lambda: [make() for _ in range(20)]))
print(closures.run(sums, lambda total: make(), iter([i * 0.5 for i in range(8)])))
";
    let mut config = config_of(JitMode::Cranelift);
    config.stress.gc = true;
    let expected = "['0x', '1x', '2x', '3x', '4x']\n14.0\n";
    assert_eq!(run_with(config, program, |_| (), |_| ()), (expected.into(), 0));
}

#[test]
fn executors_hold_their_objects_while_the_collector_runs() {
    for behaviour in [Behaviour::Steps(9), Behaviour::Nothing] {
        let mut config = config_of(JitMode::Uops);
        config.stress.gc = true;
        let optimizer = behaving(behaviour);
        let program = MIXED.replace("hot(60)", "hot(12)").replace("range(30)", "range(6)");
        let register = |machine: &mut Machine| _ = machine.register_optimizer(optimizer).expect("is taken");
        let (out, status) = run_with(config, &program, register, |_| ());
        assert_eq!((out, status), run(JitMode::Off, &program, |_| ()), "{behaviour:?}");
    }
}
