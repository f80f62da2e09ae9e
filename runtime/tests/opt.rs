//! Golden tests of the optimizer: each file of `tests/opt` holds a trace and, after `; =>`, what a pass makes of it.
//! `STITCH_BLESS=1` writes what comes out.
//!
//! The first line is `; pass: NAME`: `emit` (the reducers alone), `loop` (peeled; every pass), `linear` (every pass), or
//! one of `ranges`, `sink`, `dead`, `homes` on the text as it stands. Loops have a line `; close: slot: uN, …`.

use std::path::Path;
use stitch_runtime::opt::{self, dead, homes, ranges, sink, BuiltinShapes, Emitter, LoopClose, Passes};
use stitch_runtime::uop::{text, verify, Superblock};

const SHAPES: BuiltinShapes = BuiltinShapes { tuple: 1, list: 2, cell: 3, bound_method: 4 };

/// What the file's pass makes of its trace.
fn check(source: &str) -> String {
    let header = |key: &str| source.lines().find_map(|line| line.strip_prefix(key).map(str::trim));
    let pass = header("; pass:").expect("a pass is named");
    let mut superblock = text::parse(source).unwrap_or_else(|error| panic!("{error}"));
    let mut passes = Passes::default();
    let emit = |superblock: &Superblock| {
        let mut emitter = Emitter::new(SHAPES);
        emitter.emit_all(superblock).map(|values| (emitter, values))
    };
    match pass {
        "emit" => match emit(&superblock) {
            Ok((emitter, _)) => superblock = emitter.superblock,
            Err(opt::AlwaysLeaves) => return "always leaves\n".to_string(),
        },
        "linear" => superblock = opt::optimize_linear(emit(&superblock).expect("goes on").0, &mut passes),
        "loop" => {
            let (emitter, values) = emit(&superblock).expect("goes on");
            let close = header("; close:").unwrap_or_default();
            let slots = close.split(',').filter(|entry| !entry.is_empty()).map(|entry| {
                let (slot, value) = entry.split_once(": u").expect("slot: uN");
                let value: usize = value.trim().parse().expect("a number");
                (slot.trim().parse().expect("a slot"), values[value])
            });
            superblock = opt::optimize_loop(emitter, &LoopClose { slots: slots.collect(), head: None }, &mut passes);
        }
        "ranges" => passes.run_pass("ranges", &mut superblock, ranges::narrow),
        "sink" => passes.run_pass("sink", &mut superblock, sink::sink),
        "dead" => passes.run_pass("dead", &mut superblock, dead::remove_dead_uops),
        "homes" => passes.run_pass("homes", &mut superblock, homes::assign_homes),
        "verify" => {
            return match verify::verify(&superblock) {
                Ok(()) => "ok\n".to_string(),
                Err(error) => format!("{error}\n"),
            };
        }
        _ => panic!("no pass {pass}"),
    }
    let printed = superblock.to_string();
    if pass != "emit" {
        assert_eq!(text::parse(&printed).expect("what is printed can be read").to_string(), printed);
    }
    printed
}

#[test]
fn golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/opt");
    let mut files: Vec<_> = folder.read_dir().expect("the folder is there").flatten().map(|file| file.path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        let (source, expected) = text.split_once("; =>\n").unwrap_or((&text, ""));
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let result = std::panic::catch_unwind(|| check(source));
        let Ok(result) = result else {
            wrong.push(format!("{name}: panicked"));
            continue;
        };
        let commented: String = result.lines().map(|line| format!("; {line}\n")).collect();
        if commented != expected {
            if std::env::var_os("STITCH_BLESS").is_some() {
                std::fs::write(&file, format!("{source}; =>\n{commented}")).expect("writable");
            } else {
                wrong.push(format!("{name}: expected\n{expected}came out\n{commented}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
