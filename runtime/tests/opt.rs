//! Golden tests of the optimizer: each file of `tests/opt` holds a trace and, after `; =>`, what a pass makes of it.
//! `STITCH_BLESS=1` writes what comes out.
//!
//! The first line is `; pass: NAME`: `emit` (the reducers alone), `peel` (those, and the loop once more), `loop` (peeled;
//! every pass), `linear` (every pass), or one of `ranges`, `sink` (and homes), `dead`, `homes` on the text as it stands. Loops have a
//! line `; close: slot: uN, …`. With `fuse`, a line `; side xN` starts a side trace from that exit of the finished loop,
//! which is executor 0. With `transplant`, it starts one from an exit of the finished trace, for the exit that `; to:` names.

use std::path::Path;
use stitch_runtime::opt::fuse::{self, Root, Side, SideStart};
use stitch_runtime::opt::transplant::{HomeMoves, transplant};
use stitch_runtime::opt::{self, BuiltinShapes, Emitter, LoopClose, LoopHead, Passes, dead, homes, peel, ranges, sink};
use stitch_runtime::uop::{ExitIdx, Superblock, text, verify};

const SHAPES: BuiltinShapes = BuiltinShapes {
    int: 10,
    tuple: 1,
    list: 2,
    dict: 11,
    cell: 3,
    bound_method: 4,
    function: 7,
    range: 8,
    range_iter: 9,
};

/// What the file's pass makes of its trace.
fn check(source: &str) -> String {
    let mut parts = source.split("; side x");
    let source = parts.next().expect("there is a first part");
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
        "linear" => superblock = opt::optimize_linear(emit(&superblock).expect("goes on").0.superblock, &mut passes),
        "transplant" => {
            superblock = opt::optimize_linear(emit(&superblock).expect("goes on").0.superblock, &mut passes);
            let (_, start, side) = side(&superblock, parts.next().expect("a side trace"));
            let to = header("; to: x").and_then(|exit| exit.parse().ok()).expect("an exit");
            match HomeMoves::between(&start, &SideStart::at(&superblock, ExitIdx(to))) {
                Some(moves) => superblock = transplant(&side, &moves),
                None => return format!("{superblock}; is not where it starts from\n"),
            }
        }
        "peel" | "loop" | "fuse" => {
            let (emitter, values) = emit(&superblock).expect("goes on");
            let close = header("; close:").unwrap_or_default();
            let slots = close.split(',').filter(|entry| !entry.trim().is_empty()).map(|entry| {
                let (slot, value) = entry.split_once(": u").expect("slot: uN");
                let value: usize = value.trim().parse().expect("a number");
                (slot.trim().parse().expect("a slot"), values[value])
            });
            let head = LoopHead { code: superblock.snapshots[0].frames[0].code, ip: 0, stack_depth: 1 };
            let close = LoopClose { slots: slots.collect(), head: Some(head) };
            if pass == "peel" {
                let peeled = peel::peel(&emitter, &close, &peel::Elsewhere::default());
                return peeled.map_or("always leaves\n".to_string(), |superblock| superblock.to_string());
            }
            superblock = opt::optimize_loop(&emitter, &close, &mut passes);
            if pass == "fuse" {
                let sides: Vec<_> = parts.map(|part| side(&superblock, part)).collect();
                superblock = fused(&emitter, &close, &superblock, &sides);
            }
        }
        "ranges" => passes.run_pass("ranges", &mut superblock, ranges::narrow),
        "sink" => {
            passes.run_pass("sink", &mut superblock, sink::sink);
            homes::assign_homes(&mut superblock);
        }
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

/// A side trace from its text: a number of an exit, a line's end, and micro-ops.
fn side(root: &Superblock, text: &str) -> (ExitIdx, SideStart, Superblock) {
    let (exit, trace) = text.split_once('\n').expect("an exit stands in the first line");
    let exit = ExitIdx(exit.trim().parse().expect("a number"));
    let mut emitter = Emitter::new(SHAPES);
    emitter.emit_all(&text::parse(trace).unwrap_or_else(|error| panic!("{error}"))).expect("goes on");
    (exit, SideStart::at(root, exit), opt::optimize_linear(emitter.superblock, &mut Passes::default()))
}

fn fused(
    trace: &Emitter,
    close: &LoopClose,
    superblock: &Superblock,
    sides: &[(ExitIdx, SideStart, Superblock)],
) -> Superblock {
    let sides = sides.iter().zip(1..).map(|((exit, start, superblock), executor)| Side {
        executor,
        exit: *exit,
        start,
        superblock,
        sides: Vec::new(),
    });
    let root = Root { executor: 0, trace, close, superblock, sides: sides.collect() };
    fuse::fuse(&root, &mut Passes::default()).expect("the tree can be fused")
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

/// A name whose number is beyond those that texts are read with would be printed as another one.
#[test]
fn numbers_of_names_are_limited() {
    for (number, is_known) in [("4095", true), ("4096", false), ("64596999", false), ("18446744073709551615", false)] {
        let source = format!("new_function object@{number}");
        assert_eq!(text::parse(&source).is_ok(), is_known, "{source}");
        let source = format!("poll exit=x0\nx0 = side s0\ns0 = code@{number}:0 depth=0 {{}}");
        assert_eq!(text::parse(&source).is_ok(), is_known, "{source}");
    }
}

/// The bits of a value may be written as such, but not those of an object, which nothing keeps.
#[test]
fn bits_that_are_addresses_are_refused() {
    for (bits, is_known) in [("fff8000000000007", true), ("7f103685be90", false)] {
        let source = format!("const_value 0x{bits}");
        assert_eq!(text::parse(&source).is_ok(), is_known, "{source}");
    }
}
