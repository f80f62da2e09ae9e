//! `tests/golden/*.uop`: micro-ops above, the Cranelift IR that they become below. `STITCH_BLESS=1` writes the lower part.

use crate::machine::{LAYOUT, Machine};
use std::path::Path;
use stitch_runtime::backend::{Backend, CompileRequest, Wanted};
use stitch_runtime::uop::{text, verify};

const ARROW: &str = "; =>";
/// A stable stand-in for the executor's address.
const EXECUTOR: u64 = 0x1230;

/// The IR without what changes from run to run (addresses of functions, which lie above 2^40) and without comments.
fn stable(ir: &str) -> String {
    let is_address = |digits: &str| {
        u64::from_str_radix(&digits.replace('_', ""), 16).is_ok_and(|word| word >> 40 != 0 && word >> 48 == 0)
    };
    let mut stable = String::new();
    for line in ir.lines() {
        let line = line.split("  ;").next().unwrap_or_default();
        match line.split_once(" 0x") {
            Some((before, digits)) if is_address(digits) => stable.push_str(&format!("{before} (address)")),
            _ => stable.push_str(line),
        }
        stable.push('\n');
    }
    stable
}

fn lowered(machine: &mut Machine, source: &str) -> String {
    let superblock = text::parse(source).unwrap_or_else(|error| panic!("{error:?}\n{source}"));
    verify::verify(&superblock).unwrap_or_else(|error| panic!("{error}\n{source}"));
    let request = CompileRequest {
        superblock: &superblock,
        executor: EXECUTOR,
        layout: &LAYOUT,
        wanted: Wanted { text: true, ..Wanted::default() },
    };
    let code = machine.backend.compile(&request).unwrap_or_else(|error| panic!("{error}\n{source}"));
    stable(code.text.as_ref().map_or("", |text| &text.ir))
}

#[test]
fn micro_ops_become_the_expected_ir() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut machine = Machine::new();
    let mut differing = Vec::new();
    let entries = std::fs::read_dir(&folder).unwrap();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let file = std::fs::read_to_string(&path).unwrap();
        let source = file.split(ARROW).next().unwrap_or_default();
        let ir: String = lowered(&mut machine, source)
            .lines()
            .map(|line| format!("; {line}").trim_end().to_string() + "\n")
            .collect();
        let expected = format!("{source}{ARROW}\n{ir}");
        if expected != file {
            if std::env::var_os("STITCH_BLESS").is_some() {
                std::fs::write(&path, expected).unwrap();
            } else {
                differing.push(format!("{}:\n{expected}", path.display()));
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
