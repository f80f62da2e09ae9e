//! The checks on programs from a grammar, with fixed seeds.

use std::time::Duration;

use stitch_checks::exits;
use stitch_checks::programs::choices::Random;
use stitch_checks::programs::run::{Run, Runner, on_big_stack};
use stitch_checks::programs::{self, modes::Mode};

const LIMIT: Duration = Duration::from_secs(2);

#[test]
fn programs_do_the_same_in_all_modes() {
    on_big_stack(|| {
        let mut runner = Runner::new(LIMIT);
        for seed in 0..60 {
            if let Err(finding) = programs::check(&Random::new(seed).bytes(), &mut runner) {
                panic!("seed {seed}\n{finding}");
            }
        }
        let compiled = runner.compiled;
        assert!(runner.n_runs >= 150, "{} runs", runner.n_runs);
        assert!(compiled.n_loops > 100 && compiled.n_sides > 50 && compiled.n_fused > 10, "{compiled:?}");
    });
}

#[test]
fn any_guard_may_fail() {
    on_big_stack(|| {
        let mut runner = Runner::new(LIMIT);
        for seed in 0..12 {
            if let Err(finding) = exits::check(&Random::new(seed).bytes(), &mut runner) {
                panic!("seed {seed}\n{finding}");
            }
        }
        assert!(runner.n_runs >= 100, "{} runs", runner.n_runs);
    });
}

#[test]
fn nearly_all_that_is_generated_runs_and_ends() {
    on_big_stack(|| {
        let mut runner = Runner::new(LIMIT);
        let (mut n_programs, mut n_ended, mut n_without_uncaught) = (0, 0, 0);
        for seed in 1000..1100 {
            let (source, _) = programs::case(&Random::new(seed).bytes());
            let Ok(code) = Runner::compile(&source) else { continue };
            n_programs += 1;
            if let Run::Ended(outcome) = runner.run(&code, &source, &Mode::reference()) {
                n_ended += 1;
                n_without_uncaught += i32::from(outcome.status == 0);
            }
        }
        assert!(
            n_programs >= 97 && n_ended >= 94 && n_without_uncaught >= 80,
            "{n_programs} {n_ended} {n_without_uncaught}"
        );
    });
}

#[test]
fn the_collector_sees_locals() {
    assert!(stitch_runtime::embed::locals_are_on_the_stack());
}

#[test]
fn any_bytes_are_a_program() {
    for length in [0, 1, 7, 50, 3000] {
        for byte in [0, 1, 37, 128, 255] {
            let (source, modes) = programs::case(&vec![byte; length]);
            assert!(modes.len() >= 3);
            if let Err(error) = Runner::compile(&source) {
                panic!("{length} times {byte}: {error}\n{source}");
            }
        }
    }
}
