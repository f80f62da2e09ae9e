//! Any bytes are a program or a SyntaxError, and every program's code objects decode.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stitch_runtime::bytecode::{CompileOptions, Tables, compile, decode};

fuzz_target!(|source: &[u8]| {
    if let Ok(code) = compile(source, "<fuzz>", &CompileOptions::default()) {
        decode(&Tables::of(&code)).expect("what the compiler emits can be decoded");
    }
});
