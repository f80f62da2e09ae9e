//! Any text is a superblock or an error; a superblock's text says all of it, and the verifier takes any.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stitch_runtime::uop::{text, verify};

fuzz_target!(|source: &str| {
    if let Ok(superblock) = text::parse(source) {
        let again = text::parse(&superblock.to_string()).expect("what was printed can be read");
        assert_eq!(again, superblock);
        _ = verify::verify(&superblock);
    }
});
