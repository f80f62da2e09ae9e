//! Any bytes are a Python program, which does the same in every mode.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stitch_checks::programs;

fuzz_target!(|bytes: &[u8]| programs::run::fuzz(bytes, programs::check));
