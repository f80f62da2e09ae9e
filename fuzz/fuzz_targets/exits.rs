//! Any bytes are a Python program, which does the same whichever guard's exit is taken.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stitch_checks::{exits, programs};

fuzz_target!(|bytes: &[u8]| programs::run::fuzz(bytes, exits::check));
