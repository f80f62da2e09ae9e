//! Several VMs in one process: each with its heap, its code and its threads, and nothing shared.

use std::sync::Barrier;

use stitch_lowering::CraneliftBackend;
use stitch_runtime::backend::Backend;
use stitch_runtime::bytecode::{CompileOptions, RawCode, compile_with_warnings};
use stitch_runtime::config::{CompileThread, Config, JitMode};
use stitch_runtime::embed::{Machine, NATIVE_STACK_BYTES};

/// Classes, dicts, exceptions and garbage, in loops that get compiled; the exit status tells whether the sum is right.
const PROGRAM: &str = "
import sys

class Account:
    def __init__(self, start): self.balance = start
    def add(self, amount):
        if amount < 0: raise ValueError(amount)
        self.balance += amount
        return self

def work(rounds):
    accounts = {i: Account(i) for i in range(STEP)}
    refused = 0
    for i in range(rounds):
        try:
            accounts[i % STEP].add(i % 7 - 1)
        except ValueError:
            refused += 1
        garbage = [str(i), (i, i * 0.5), {i: [i]}]
    return sum(account.balance for account in accounts.values()), refused

def expected(rounds):
    amounts = [i % 7 - 1 for i in range(rounds)]
    start = STEP * (STEP - 1) // 2
    return start + sum(a for a in amounts if a >= 0), amounts.count(-1)

sys.exit(0 if work(30000) == expected(30000) else 1)
";

fn compile(step: usize) -> RawCode {
    let source = PROGRAM.replace("STEP", &step.to_string());
    let options = CompileOptions::default();
    compile_with_warnings(source.as_bytes(), "<program>", &options, &mut Vec::new()).expect("the program compiles")
}

/// Runs the program in a machine of its own, and drops it. How many loops were compiled, and the status.
fn run(step: usize, compile_thread: CompileThread) -> (u64, u8) {
    let config = Config { jit: JitMode::Cranelift, compile_thread, loop_threshold: Some(50), ..Config::default() };
    let backend: Box<dyn Backend> = Box::new(CraneliftBackend::new(8 << 20));
    let anchor = 0u8;
    let stack_base = (&raw const anchor as usize).next_multiple_of(16);
    let mut machine = Machine::new(&config, Some(backend), stack_base, NATIVE_STACK_BYTES - (1 << 20));
    let status = machine.run_main(&compile(step), None);
    (machine.stats().loops, status)
}

/// Runs on a thread with the stack that a machine wants.
fn on_threads(n_threads: usize, body: impl Fn(usize) + Sync) {
    std::thread::scope(|scope| {
        for thread in 0..n_threads {
            let body = &body;
            let builder = std::thread::Builder::new().stack_size(NATIVE_STACK_BYTES);
            builder.spawn_scoped(scope, move || body(thread)).expect("a thread");
        }
    });
}

#[test]
fn machines_in_two_threads_do_not_meet() {
    let start = Barrier::new(2);
    on_threads(2, |thread| {
        start.wait();
        for round in 0..4 {
            let compile_thread = [CompileThread::Sync, CompileThread::Background][round % 2];
            let (n_loops, status) = run(5 + thread + round, compile_thread);
            assert_eq!(status, 0, "thread {thread}, round {round}");
            // In the background the program may end before its compiler is done.
            assert!(n_loops > 0 || compile_thread == CompileThread::Background, "thread {thread}, round {round}");
        }
    });
}

#[test]
fn machines_stand_side_by_side_in_one_thread() {
    on_threads(1, |_| {
        let code = compile(7);
        let anchor = 0u8;
        let stack_base = (&raw const anchor as usize).next_multiple_of(16);
        let new_machine = || {
            let config = Config { jit: JitMode::Cranelift, compile_thread: CompileThread::Sync, ..Config::default() };
            let backend: Box<dyn Backend> = Box::new(CraneliftBackend::new(8 << 20));
            Machine::new(&config, Some(backend), stack_base, NATIVE_STACK_BYTES - (1 << 20))
        };
        let (mut first, mut second) = (new_machine(), new_machine());
        assert_eq!(first.run_main(&code, None), 0);
        assert_eq!(second.stats().loops, 0, "what one machine compiled is its own");
        drop(first);
        assert_eq!(second.run_main(&code, None), 0);
        assert!(second.stats().loops > 0);
    });
}
