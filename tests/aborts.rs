//! Every reason for giving up a recording or a compilation is reached by some program, so that each is known to be
//! survived: what the programs print is compared elsewhere.

use std::ffi::c_void;
use std::process::Command;

use stitch_runtime::backend::{
    Backend, BackendError, CompileRequest, Compiled, Compiler, CompilerStart, Layout, Relocatable, Shim,
};
use stitch_runtime::bytecode::{CompileOptions, compile_with_warnings};
use stitch_runtime::config::{CompileThread, Config, JitMode};
use stitch_runtime::embed::{Machine, NATIVE_STACK_BYTES};
use stitch_runtime::trace::Abort;
use stitch_runtime::uop::ExitIdx;

const EARLY: &str = "threshold=1,code-cache=64k";
/// No room for what one loop needs.
const TINY: &str = "threshold=1,code-cache=16k";

/// Programs of `tests/programs`, with the knobs that they run under.
const PROGRAMS: [(&str, &str); 20] = [
    ("slots.py", EARLY),
    ("uncaught_simple.py", EARLY),
    ("match_statement.py", EARLY),
    ("generator_send_throw_close.py", EARLY),
    ("coroutines.py", EARLY),
    ("module_level_loops.py", EARLY),
    ("unpacking.py", EARLY),
    ("class_mutated_mid_loop.py", EARLY),
    ("iterators.py", EARLY),
    ("generators.py", EARLY),
    ("numeric_protocol_edges.py", EARLY),
    ("tables_in_loops.py", EARLY),
    ("tables_in_loops.py", "threshold=1"),
    ("tables_in_loops.py", TINY),
    ("number_functions_in_loops.py", TINY),
    ("generics.py", TINY),
    ("closures.py", "background=500"),
    ("threads/locks_and_joins.py", EARLY),
    ("watch/monitoring.py", EARLY),
    ("short_functions_called_by_natives.py", "handicap=1000"),
];

/// The counters that a program ends with.
fn stats(program: &str, knobs: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    command.args(["--stats", program]).env("STITCH_STRESS", knobs).current_dir(folder);
    let output = command.output().expect("stitch starts");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_abort_reason_is_reached() {
    let all: String = PROGRAMS.iter().map(|(program, knobs)| stats(program, knobs)).collect();
    let missing: Vec<&str> = Abort::ALL
        .iter()
        // The one below; the other where there are optimizers, in `examples/optimizers`.
        .filter(|abort| !matches!(abort, Abort::Backend | Abort::OtherOptimizer))
        .map(|abort| abort.message())
        .filter(|message| !all.contains(&format!("× {message}\n")))
        .collect();
    assert!(missing.is_empty(), "never given up because of: {missing:?}");
}

/// Takes nothing.
struct Refusing;

impl Compiler for Refusing {
    fn compile(&mut self, _: &CompileRequest<'_>) -> Result<Relocatable, BackendError> {
        Err(BackendError::Rejected("on principle".into()))
    }
}

impl Backend for Refusing {
    fn compiler(&mut self, _: &'static Layout) -> CompilerStart {
        Box::new(|| Ok(Box::new(Refusing) as Box<dyn Compiler>))
    }
    fn compile(&mut self, _: &CompileRequest<'_>) -> Result<Compiled, BackendError> {
        Err(BackendError::Rejected("on principle".into()))
    }
    fn install(&mut self, _: &Relocatable) -> Result<Compiled, BackendError> {
        unreachable!("nothing is compiled")
    }
    fn shim(&self) -> Option<Shim> {
        None
    }
    unsafe fn enter(&self, _: usize, _: *mut c_void, _: *mut u64, _: *mut c_void) -> u64 {
        unreachable!("nothing is compiled")
    }
    fn patch_exit(&mut self, _: &Compiled, _: ExitIdx, _: Option<usize>) {}
    fn patch_jump(&mut self, _: &Compiled, _: u32, _: Option<usize>) {}
    fn free(&mut self, _: Compiled) {}
    fn used_bytes(&self) -> usize {
        0
    }
    fn after_fork_in_child(&mut self) -> Result<(), BackendError> {
        Ok(())
    }
}

#[test]
fn a_short_function_that_natives_call_is_left_to_tier_1() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
    let program = "print(sum(map(lambda x: x + 1, range(100_000))))";
    let output = command.args(["--stats", "--jit-compile=sync", "-c", program]).output().expect("stitch starts");
    assert_eq!(output.stdout, b"5000050000\n");
    let stats = String::from_utf8_lossy(&output.stderr);
    assert!(stats.contains(Abort::Loser.message()), "{stats}");
}

#[test]
fn a_backend_that_refuses_leaves_the_program_to_tier_1() {
    let run = || {
        let source = b"import sys\nn = 0\nfor i in range(5000): n += i\nsys.exit(0 if n == 12497500 else 1)\n";
        let code = compile_with_warnings(source, "<program>", &CompileOptions::default(), &mut Vec::new());
        let config = Config { jit: JitMode::Cranelift, compile_thread: CompileThread::Sync, ..Config::default() };
        let anchor = 0u8;
        let stack_base = (&raw const anchor as usize).next_multiple_of(16);
        let mut machine = Machine::new(&config, Some(Box::new(Refusing)), stack_base, NATIVE_STACK_BYTES - (1 << 20));
        let status = machine.run_main(&code.expect("the program compiles"), None);
        (status, machine.stats().aborts.get(&Abort::Backend).copied())
    };
    let thread = std::thread::Builder::new().stack_size(NATIVE_STACK_BYTES).spawn(run).expect("a thread");
    let (status, n_aborts) = thread.join().expect("it ends");
    assert_eq!(status, 0);
    assert!(n_aborts.is_some_and(|n| n > 0), "{n_aborts:?}");
}

/// Where the code cache is full, a side trace's room may be made at the cost of the executor that it was to be joined to.
#[test]
fn what_makes_room_may_be_what_the_room_was_for() {
    let program = "\
class Holder:
    v = 1
    def __init__(self, v=1):
        pass
def turns(n, o):
    seen, f, x = [], 1, 1
    for i in range(n):
        k = i % 3
        x = x + x
        d = f - o.v
        if chr(97 + k) < 'a,b,,c': f = max(abs(f), x + 1)
        seen.append(f - max(o.v, d, 1))
    return len(seen)
print(turns(120, Holder(10**20)), turns(90, Holder(v=2)))
";
    for size in [8, 12, 16, 24, 32, 48, 64] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
        command.args(["--jit=cranelift", "--jit-compile=sync", "--threshold=2", "--exit-threshold=2", "-c", program]);
        let output = command.env("STITCH_STRESS", format!("threshold=1,code-cache={size}k")).output();
        let output = output.expect("stitch starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(String::from_utf8_lossy(&output.stdout), "120 90\n", "{size}: {errors}");
    }
}
