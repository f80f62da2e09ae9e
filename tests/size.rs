//! The binary stays small.

use std::fs;

/// Of the binary without symbols and debug information. It may be less, and never more.
const MOST_BYTES: u64 = 25 << 20;
/// Where a file of this format says the places of its segments, how long what it says of one is, and of how many.
const SEGMENTS_AT: usize = 32;
const SEGMENT_BYTES_AT: usize = 54;
const N_SEGMENTS_AT: usize = 56;
/// A segment that is loaded.
const LOADED: u64 = 1;

#[test]
fn what_is_loaded_of_the_binary_is_within_its_limit() {
    if cfg!(debug_assertions) || !cfg!(target_os = "linux") {
        return;
    }
    let binary = fs::read(env!("CARGO_BIN_EXE_stitch")).expect("it is built");
    let number = |at: usize, n_bytes: usize| {
        binary[at..at + n_bytes].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    };
    let (start, size) = (number(SEGMENTS_AT, 8), number(SEGMENT_BYTES_AT, 2));
    let segments =
        (0..number(N_SEGMENTS_AT, 2)).map(|index| usize::try_from(start + index * size).expect("it is in the file"));
    let ends = segments.filter(|&at| number(at, 4) == LOADED).map(|at| number(at + 8, 8) + number(at + 32, 8));
    let size = ends.max().expect("something is loaded");
    assert!(size <= MOST_BYTES, "{size} bytes are loaded, {} too many", size - MOST_BYTES);
}
