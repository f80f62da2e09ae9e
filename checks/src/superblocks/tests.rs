use super::*;
use choices::bytes_of_seed;
use std::time::{Duration, Instant};
use stitch_runtime::uop::ExitKind;

/// A setting of a longer hunt than the tests are.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Checks so many seeds (`STITCH_SEEDS` of them from `STITCH_FIRST_SEED` on, if those are set), and gives what they cover.
/// With `STITCH_HUNT`, the first failure is not the end.
fn check_seeds(n_seeds: u64, stress: bool, check: Check) -> Coverage {
    let mut checker = Checker::new(stress);
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

/// Checks so many trees of traces.
fn check_trees(n_seeds: u64) -> Coverage {
    let mut checker = Checker::new(false);
    let (first, n_seeds) = (setting("STITCH_FIRST_SEED").unwrap_or(0), setting("STITCH_SEEDS").unwrap_or(n_seeds));
    let mut n_failures = 0;
    for seed in first..first + n_seeds {
        let bytes = bytes_of_seed(seed, 4 + (seed % 20) as usize);
        if let Err(failure) = checker.check_trees(&bytes) {
            assert!(setting("STITCH_HUNT").is_some(), "seed {seed}: {failure}");
            println!("seed {seed}: {failure}");
            n_failures += 1;
        }
    }
    assert_eq!(n_failures, 0);
    checker.coverage
}

/// Nothing of these is missing.
fn assert_none(what: &str, missing: Vec<&'static str>) {
    assert!(missing.is_empty(), "{what}: {missing:?}");
}

#[test]
fn backends_run_superblocks_alike() {
    let mut coverage = check_seeds(1000, false, Checker::check_backends);
    let trees = check_trees(150);
    coverage.ran_both_ways(&trees.compiled);
    assert_none("never ran interpreted", Coverage::missing_rows(&coverage.interpreted));
    assert_none("never ran compiled", Coverage::missing_rows(&coverage.compiled));
    assert_none("never called", coverage.missing_helpers());
}

#[test]
fn fused_trees_end_as_chains_do() {
    let n_fused = check_trees(300).n_fused;
    assert!(n_fused > 30, "only {n_fused} trees were fused");
}

#[test]
fn passes_change_nothing_that_can_be_seen() {
    let coverage = check_seeds(4000, false, Checker::check_passes);
    let missing = ExitKind::ALL.iter().map(|kind| kind.name()).filter(|name| !coverage.exits.contains_key(name));
    assert_none("never left by", missing.collect());
    assert_none("never held", Coverage::missing_guards(&coverage.held));
    assert_none("never left", Coverage::missing_leaves(&coverage.left));
    assert_none("never called", coverage.missing_helpers());
    assert!(coverage.n_incomparable * 100 < coverage.n_runs, "{} of {}", coverage.n_incomparable, coverage.n_runs);
}

/// With a collection at every allocation: what is not where the collector sees it, is gone.
#[test]
fn superblocks_keep_what_they_hold_alive() {
    check_seeds(100, true, Checker::check_backends);
    check_seeds(100, true, Checker::check_passes);
}
