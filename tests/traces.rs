//! What the recorder makes of Python functions, and the optimizer of that: golden text.
//!
//! Each `tests/traces/NAME.py` runs in the uop interpreter, with what `--dump=uo` prints compared with `NAME.uops`. After a
//! change that is meant, `STITCH_BLESS=1 cargo stitch-test --test traces` writes the files anew; read the difference.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Shapes below are those of built-in types.
const FIRST_OWN_SHAPE: u64 = 256;

/// Above this, a number is an address.
const FIRST_ADDRESS: u64 = 1 << 32;

/// Shape numbers depend on how many classes there are at the start: they become `shape@1`, `shape@2`, … as they appear.
/// Addresses become `address`.
fn with_names(text: &str) -> String {
    let mut seen: Vec<u64> = Vec::new();
    let mut named = String::new();
    for line in text.lines() {
        let takes_shape = ["guard_shape ", "new_instance ", "add_slot "].iter().any(|op| line.contains(op));
        let words = line.split(' ').map(|word| {
            let (number, rest) = word.split_once(',').map_or((word, ""), |(number, _)| (number, ","));
            match number.parse::<u64>() {
                Ok(number) if number >= FIRST_ADDRESS => format!("address{rest}"),
                Ok(shape) if takes_shape && shape >= FIRST_OWN_SHAPE => {
                    let place = seen.iter().position(|&known| known == shape).unwrap_or_else(|| {
                        seen.push(shape);
                        seen.len() - 1
                    });
                    format!("shape@{}{rest}", place + 1)
                }
                _ => word.to_owned(),
            }
        });
        named.push_str(&words.collect::<Vec<_>>().join(" "));
        named.push('\n');
    }
    named
}

fn dump(program: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
    command.args(["--jit=uops", "--jit-compile=sync", "--threshold=20", "--exit-threshold=20", "--dump=uo"]);
    let output =
        command.arg(program).env_remove("STITCH_STRESS").env_remove("PYTHON_JIT").output().expect("stitch runs");
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{}: {text}", program.display());
    with_names(&text)
}

#[test]
fn functions_become_the_expected_traces() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let entries = fs::read_dir(&folder).expect("the folder is there");
    let mut programs: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    programs.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    programs.sort();
    assert!(!programs.is_empty());
    let mut wrong = Vec::new();
    for program in &programs {
        let golden = program.with_extension("uops");
        let text = dump(program);
        if std::env::var_os("STITCH_BLESS").is_some() {
            fs::write(&golden, &text).expect("the golden file can be written");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if text != expected {
            let line = text.lines().zip(expected.lines()).position(|(new, old)| new != old);
            let line = line.unwrap_or_else(|| text.lines().count().min(expected.lines().count()));
            let show = |text: &str| text.lines().skip(line.saturating_sub(3)).take(8).collect::<Vec<_>>().join("\n");
            let name = golden.display();
            wrong.push(format!("{name}:{}: expected\n{}\nrather than\n{}", line + 1, show(&expected), show(&text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
