//! Sources that nest or chain deeply: an error or code, never a crash.

use stitch_runtime::bytecode::{CompileOptions, SyntaxErrorKind, compile};

fn outcome(source: &str) -> Result<(), (SyntaxErrorKind, String)> {
    let compiled = compile(source.as_bytes(), "t.py", &CompileOptions::default());
    compiled.map(drop).map_err(|error| (error.kind, error.msg))
}

#[test]
fn too_many_parentheses() {
    let error = outcome(&("(".repeat(201) + &")".repeat(201))).unwrap_err();
    assert_eq!(error, (SyntaxErrorKind::SyntaxError, "too many nested parentheses".into()));
}

#[test]
fn deep_sources_do_not_crash() {
    let nested_blocks: String =
        (0..300).map(|depth| " ".repeat(depth) + "if x:\n").collect::<String>() + &" ".repeat(300) + "y\n";
    for (name, n, unit, head, tail) in [
        ("unary", 100_000, "-", "", "x"),
        ("not", 100_000, "not ", "", "x"),
        ("chain", 300_000, "+1", "x", ""),
        ("power", 100_000, "**1", "x", ""),
        ("attributes", 100_000, ".a", "x", ""),
        ("calls", 100_000, "()", "x", ""),
        ("lambdas", 100_000, "lambda:", "", "x"),
        ("conditionals", 50_000, "x if x else ", "", "x"),
        ("elifs", 50_000, "elif x:\n pass\n", "if x:\n pass\n", ""),
        ("compares", 100_000, "<1", "x", ""),
        ("ands", 100_000, " and x", "x", ""),
        ("assignments", 100_000, "x=", "", "1"),
        ("brackets", 150, "[", "", ""),
        ("fstrings", 140, "f'{", "", ""),
    ] {
        let started = std::time::Instant::now();
        let result = outcome(&format!("{head}{}{tail}\n", unit.repeat(n)));
        println!("{name}: {:?} {:?}", result, started.elapsed());
        if let Err((kind, message)) = result {
            assert_ne!(kind, SyntaxErrorKind::SystemError, "{name}: {message}");
        }
    }
    println!("blocks: {:?}", outcome(&nested_blocks));
}
