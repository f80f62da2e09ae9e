//! Programs too long for the stress modes: what they print is what CPython prints.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn long_programs_print_what_cpython_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/long");
    for jit in ["off", "uops", "cranelift"] {
        let program = folder.join("modules.py");
        let output =
            Command::new(env!("CARGO_BIN_EXE_stitch")).arg(format!("--jit={jit}")).arg(&program).output().unwrap();
        let expected = fs::read_to_string(program.with_extension("out")).unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{jit}");
    }
}
