//! Programs too long for the stress modes, or that tell what is garbage at a moment: what they print is what CPython prints.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn long_programs_print_what_cpython_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/long");
    for entry in fs::read_dir(folder).unwrap() {
        let program = entry.unwrap().path();
        if program.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let expected = fs::read_to_string(program.with_extension("out")).unwrap();
        for jit in ["off", "uops", "cranelift"] {
            let flag = format!("--jit={jit}");
            let output = Command::new(env!("CARGO_BIN_EXE_stitch")).arg(flag).arg(&program).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{} {jit}", program.display());
        }
    }
}
