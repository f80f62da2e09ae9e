use super::*;
use choices::bytes_of_seed;
use std::time::{Duration, Instant};

/// A setting of a longer hunt than the tests are.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Checks so many seeds (`STITCH_SEEDS` of them from `STITCH_FIRST_SEED` on, if those are set), and gives what they cover.
/// With `STITCH_HUNT`, the first failure is not the end.
fn check_seeds(n_seeds: u64, check: Check) -> Coverage {
    let mut checker = Checker::new(false);
    let first = setting("STITCH_FIRST_SEED").unwrap_or(0);
    let mut failures: Vec<String> = Vec::new();
    for seed in first..first + setting("STITCH_SEEDS").unwrap_or(n_seeds) {
        let bytes = bytes_of_seed(seed, 4 + (seed % 40) as usize);
        let started = Instant::now();
        if let Err(failure) = checker.check(&bytes, check) {
            assert!(setting("STITCH_HUNT").is_some(), "seed {seed}: {failure}");
            let kind = failure.kind().to_string();
            if failures.iter().filter(|known| **known == kind).count() < 3 {
                println!("seed {seed}: {failure}");
            }
            failures.push(kind);
        } else if started.elapsed() > Duration::from_secs(1) {
            println!("seed {seed} took {:?}", started.elapsed());
        }
    }
    assert!(failures.is_empty(), "{} failures", failures.len());
    checker.coverage
}

#[test]
fn backends_run_superblocks_alike() {
    let coverage = check_seeds(300, Checker::check_backends);
    println!("{coverage:#?}");
}

#[test]
fn passes_change_nothing_that_can_be_seen() {
    let coverage = check_seeds(1000, Checker::check_passes);
    println!("{coverage:#?}");
}
