use super::*;
use choices::bytes_of_seed;

fn seeds(default: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first = number("STITCH_FIRST_SEED").unwrap_or(0);
    first..first + number("STITCH_SEEDS").unwrap_or(default)
}

#[test]
fn backends_run_superblocks_alike() {
    let mut checker = Checker::new(false);
    for seed in seeds(300) {
        if std::env::var_os("STITCH_SHOW").is_some() {
            eprintln!("seed {seed}");
        }
        let bytes = bytes_of_seed(seed, 4 + (seed % 40) as usize);
        if let Err(failure) = checker.check(&bytes, Checker::check_backends) {
            panic!("seed {seed}: {failure}");
        }
    }
    println!("{:#?}", checker.coverage);
}

#[test]
fn passes_change_nothing_that_can_be_seen() {
    let mut checker = Checker::new(false);
    for seed in seeds(2000) {
        if std::env::var_os("STITCH_SHOW").is_some() {
            eprintln!("seed {seed}");
        }
        let bytes = bytes_of_seed(seed, 4 + (seed % 40) as usize);
        if let Err(failure) = checker.check(&bytes, Checker::check_passes) {
            panic!("seed {seed}: {failure}");
        }
    }
    println!("{:#?}", checker.coverage);
}
