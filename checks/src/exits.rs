//! The exit of one guard after the other is taken although the guard holds: what was compiled must leave the program as tier
//! 1 would have it, wherever it leaves.

use stitch_runtime::config::JitMode;

use crate::programs::choices::{Choices, Random};
use crate::programs::modes::Mode;
use crate::programs::run::{Run, Runner};
use crate::programs::{Finding, finding, program};

/// Guards whose exits are taken in one check, each in a run of its own.
const MAX_UOPS_RUNS: u32 = 48;
const MAX_CRANELIFT_RUNS: u32 = 12;

fn program_and_mode(bytes: &[u8]) -> (String, Mode) {
    let mut choices = Choices::new(bytes);
    let jit = choices.pick(&[JitMode::Uops, JitMode::Uops, JitMode::Cranelift]);
    let mode = Mode::plain(jit, &mut choices);
    (program::generate(&mut choices), mode)
}

/// Guards to take the exits of, out of so many: all, or some that are spread over all.
fn chosen(n_guards: u32, mode: &Mode) -> Vec<Mode> {
    let n_runs = if mode.jit == JitMode::Uops { MAX_UOPS_RUNS } else { MAX_CRANELIFT_RUNS };
    let mut random = Random::new(u64::from(n_guards));
    let place = |run| match n_guards / n_runs {
        0 => run,
        stride => run * stride + random.below(u64::from(stride)) as u32,
    };
    (0..n_runs.min(n_guards)).map(place).map(|at| mode.with_exit_at(at + 1)).collect()
}

/// The program that the bytes stand for, and modes to run it in: plain, then with one exit each of the first guards.
pub fn case(bytes: &[u8]) -> (String, Vec<Mode>) {
    let (source, mode) = program_and_mode(bytes);
    let modes = [mode.with_exit_at(u32::MAX)].into_iter().chain((1..MAX_UOPS_RUNS).map(|at| mode.with_exit_at(at)));
    (source, modes.collect())
}

/// Generates a program, counts the guards that it passes, and takes the exit of one after the other.
pub fn check(bytes: &[u8], runner: &mut Runner) -> Result<(), Box<Finding>> {
    let (source, mode) = program_and_mode(bytes);
    let Ok(code) = Runner::compile(&source) else { return Ok(()) };
    let Run::Ended(expected) = runner.run(&code, &source, &Mode::reference()) else { return Ok(()) };
    let expected = Run::Ended(expected);
    let plain = mode.with_exit_at(u32::MAX);
    let (run, n_guards) = runner.run_counting(&code, &source, &plain);
    if run != expected {
        return Err(Box::new(finding(&source, plain, runner)));
    }
    for mode in chosen(n_guards, &mode) {
        if runner.run(&code, &source, &mode) != expected {
            return Err(Box::new(finding(&source, mode, runner)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::run::on_big_stack;
    use std::time::Duration;

    #[test]
    fn guards_are_counted_and_their_exits_taken() {
        let source = "def f(n):\n    s = 0\n    for i in range(n): s += i\n    return s\nprint(f(50))\n";
        on_big_stack(|| {
            let mut runner = Runner::new(Duration::from_secs(10));
            let code = Runner::compile(source).expect("a program");
            let mode = Mode::plain(JitMode::Uops, &mut Choices::new(&[]));
            let (_, n_guards) = runner.run_counting(&code, source, &mode.with_exit_at(u32::MAX));
            assert!(n_guards > 40, "{n_guards}");
            let (run, passed) = runner.run_counting(&code, source, &mode.with_exit_at(10));
            assert!(passed > n_guards / 2, "counting goes on behind the exit: {passed} of {n_guards}");
            assert_eq!(run, runner.run(&code, source, &Mode::reference()));
        });
    }
}
