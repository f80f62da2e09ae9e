//! What a machine does with optimizers of others, well behaved and not, beside each of its own backends.

use std::sync::atomic::Ordering;

use stitch_example_optimizers::{Arithmetic, Behaving, Behaviour};
use stitch_lowering::CraneliftBackend;
use stitch_runtime::backend::Backend;
use stitch_runtime::bytecode::{CompileOptions, compile};
use stitch_runtime::config::{CompileThread, Config, JitMode};
use stitch_runtime::embed::optimizer::{Capabilities, InputKind, RegisterError, ReplaceError};
use stitch_runtime::embed::{Machine, NATIVE_STACK_BYTES};

const MODES: [JitMode; 2] = [JitMode::Uops, JitMode::Cranelift];

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
    let body = || {
        let compile_thread = CompileThread::Sync;
        let config = Config { jit: mode, compile_thread, loop_threshold: Some(20), ..Config::default() };
        let backend = || Box::new(CraneliftBackend::new(8 << 20)) as Box<dyn Backend>;
        let anchor = 0u8;
        let stack_base = (&raw const anchor as usize).next_multiple_of(16);
        let backend = (mode == JitMode::Cranelift).then(backend);
        let mut machine = Machine::new(&config, backend, stack_base, NATIVE_STACK_BYTES - (1 << 20));
        machine.capture_output();
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
    let (calls, executor) = (optimizer.calls.clone(), optimizer.executor());
    let register = |machine: &mut Machine| _ = machine.register_optimizer(optimizer).expect("is taken");
    let replace = |machine: &mut Machine| {
        let code = machine.code_of("__main__", "hot").expect("is there");
        assert_eq!(machine.replace_executor(code, 0, Some(executor)), Err(ReplaceError::Off));
    };
    assert_eq!(run_then(JitMode::Off, MIXED, register, replace), (MIXED_OUT.into(), 0));
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
    let at = "File \"t.py\", line 5, in hot, offset 36";
    let broke = |rule: &str| format!("SystemError: optimizer 'behaving' broke a rule at {at}: {rule} (5)\n");
    let panicked = |text: &str| format!("SystemError: optimizer 'behaving' panicked at {at}: {text} (5)\n");
    let cases = [
        (Behaviour::Miscount, broke("it says that it advanced by 2 instructions, and advanced by 1")),
        (Behaviour::PartOfInstruction, broke("offset 38 is inside of an instruction")),
        (Behaviour::BadOffset, broke("there is no instruction at offset 1048576")),
        (Behaviour::Deepen, broke("the stack has 2 values at offset 14, where it has to have 1")),
        (Behaviour::HalfDone, broke("part of an instruction was done")),
        (Behaviour::ReplaceIterator, broke("value 0 of the stack is not what has to be there at offset 14")),
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
