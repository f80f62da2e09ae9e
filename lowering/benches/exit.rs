//! What a crossing costs: an exit that is stitched to a side trace with four live values, which comes back through the
//! root frame, against the same side trace fused in as a branch; and what compiling and linking cost per micro-op.
//!
//! `cargo bench -p stitch-lowering`. The first line is about the exit alone; the table's crossings are there and back.

#[path = "../tests/it/machine.rs"]
#[expect(dead_code, reason = "the machine of the tests, of which this uses a part")]
mod machine;

use machine::{LAYOUT, Machine, Writer};
use std::time::{Duration, Instant};
use stitch_lowering::Choice;
use stitch_runtime::backend::{Backend, CompileRequest, Made, Status, Wanted};
use stitch_runtime::uop::{ExitIdx, Kind, Op, Superblock, UopIdx};
use stitch_runtime::value::Value;

const N_ITERATIONS: i64 = 20_000_000;
const ROOT: u32 = 1;

/// `while i < n: if i & mask: a, b = b, a + 1 (side) else: total += a (main); i += 1`
struct Body {
    w: Writer,
    i: UopIdx,
    total: UopIdx,
    a: UopIdx,
    b: UopIdx,
    one: UopIdx,
}

fn root(mask: i64) -> Body {
    let mut w = Writer::new(4);
    let slots: Vec<UopIdx> = (0..5u16).map(|slot| w.op(Op::LoadFrame { slot }, &[])).collect();
    for &slot in &slots {
        w.guard(Op::GuardInt {}, &[slot], 0);
    }
    let ints: Vec<UopIdx> = slots.iter().map(|&slot| w.op(Op::UnboxInt {}, &[slot])).collect();
    let (zero, one, mask) = (w.int(0), w.int(1), w.int(mask));
    w.op(Op::LoopStart {}, &[]);
    let phis: Vec<UopIdx> =
        (0..4u16).map(|slot| w.op(Op::Phi { slot, kind: Kind::Int }, &[ints[usize::from(slot)]])).collect();
    let [i, total, a, b] = phis[..] else { unreachable!() };
    for (home, &phi) in phis.iter().enumerate() {
        w.keep(phi, home as u16);
    }
    let more = w.op(Op::IntLt {}, &[i, ints[4]]);
    w.guard(Op::GuardTrue {}, &[more], 1);
    let low = w.op(Op::IntAnd {}, &[i, mask]);
    let main = w.op(Op::IntEq {}, &[low, zero]);
    w.guard(Op::GuardTrue {}, &[main], 2);
    let sum = w.guard(Op::IntAdd {}, &[total, a], 3);
    let next = w.op(Op::IntAddWrap {}, &[i, one]);
    w.op(Op::JumpLoop {}, &[next, sum, a, b]);
    Body { w, i, total, a, b, one }
}

fn fused(mask: i64) -> Superblock {
    let Body { mut w, i, total, a, b, one } = root(mask);
    w.op(Op::SideEntry { exit: ExitIdx(2) }, &[]);
    let swapped = w.guard(Op::IntAdd {}, &[a, one], 3);
    let next = w.op(Op::IntAddWrap {}, &[i, one]);
    w.op(Op::JumpLoop {}, &[next, total, b, swapped]);
    w.superblock
}

fn side() -> Superblock {
    let mut w = Writer::new(1);
    let live: Vec<UopIdx> = (0..4).map(|home| w.load_home(home, Kind::Int)).collect();
    let one = w.int(1);
    let swapped = w.guard(Op::IntAdd {}, &[live[2], one], 0);
    let next = w.op(Op::IntAddWrap {}, &[live[0], one]);
    for (slot, value) in [next, live[1], live[3], swapped].into_iter().enumerate() {
        let boxed = w.op(Op::BoxInt {}, &[value]);
        w.op(Op::StoreFrame { slot: slot as u16 }, &[boxed]);
    }
    w.op(Op::JumpExecutor { executor: ROOT }, &[]);
    w.superblock
}

/// Best of five.
fn time(machine: &mut Machine, code: &stitch_runtime::backend::Compiled) -> f64 {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        for (slot, start) in [0, 0, 1, 2, N_ITERATIONS].into_iter().enumerate() {
            machine.frame[slot] = Value::small_int(start).0;
        }
        let start = Instant::now();
        assert_eq!(machine.enter(code), Status::Exit(ExitIdx(1)));
        best = best.min(start.elapsed());
    }
    best.as_secs_f64() * 1e9 / N_ITERATIONS as f64
}

fn crossings() {
    println!("side taken   fused ns/iter   stitched ns/iter   ns per stitched crossing");
    for (mask, share) in [(0, 0.0), (15, 15.0 / 16.0), (1, 0.5)] {
        let mut machine = Machine::new();
        let fused_code = machine.compile(&fused(mask));
        let root_code = machine.compile(&root(mask).w.superblock);
        let side_code = machine.compile(&side());
        machine.backend.patch_exit(&root_code, ExitIdx(2), Some(side_code.entry));
        machine.backend.patch_jump(&side_code, ROOT, Some(root_code.entry));
        let fused_ns = time(&mut machine, &fused_code);
        let stitched_ns = time(&mut machine, &root_code);
        let totals = machine.homes[1];
        let crossing = if share > 0.0 { (stitched_ns - fused_ns) / share } else { 0.0 };
        println!("{share:10.3} {fused_ns:15.2} {stitched_ns:18.2} {crossing:26.2}   (total {totals})");
    }
}

/// What each link of a chain of side traces does with the four live values: all are used, one changes.
fn link(w: &mut Writer, live: [UopIdx; 4]) -> [UopIdx; 4] {
    let [i, total, a, b] = live;
    let sum = w.op(Op::IntAddWrap {}, &[a, total]);
    let mask = w.op(Op::IntOr {}, &[b, i]);
    let mixed = w.op(Op::IntAnd {}, &[sum, mask]);
    [i, total, mixed, b]
}

/// A guard that always fails: `i` is not negative.
fn leave_for_next(w: &mut Writer, i: UopIdx, exit: u32) {
    let zero = w.int(0);
    let is_negative = w.op(Op::IntLt {}, &[i, zero]);
    w.guard(Op::GuardTrue {}, &[is_negative], exit);
    w.leave(exit);
}

/// The root of a chain: it leaves for the first side trace in each iteration.
fn chain_root() -> Body {
    let mut body = root(0);
    // Instead of `total += a` comes the guard that always fails.
    let uops = &mut body.w.superblock.uops;
    let main = uops.iter().rposition(|uop| uop.exit == Some(ExitIdx(2))).expect("the guard of the main path");
    uops.truncate(main);
    body.w.superblock.homes.truncate(main);
    leave_for_next(&mut body.w, body.i, 2);
    body
}

/// The chain with the side traces fused in: `n_links` branches.
fn fused_chain(n_links: u32) -> Superblock {
    let Body { mut w, i, total, a, b, one } = chain_root();
    w.superblock.exits.resize(3 + n_links as usize, w.superblock.exits[0].clone());
    let mut live = [i, total, a, b];
    for n in 0..n_links {
        w.op(Op::SideEntry { exit: ExitIdx(2 + n) }, &[]);
        live = link(&mut w, live);
        w.keep(live[2], 2);
        if n + 1 < n_links {
            leave_for_next(&mut w, live[0], 3 + n);
        }
    }
    let next = w.op(Op::IntAddWrap {}, &[live[0], one]);
    w.op(Op::JumpLoop {}, &[next, live[1], live[2], live[3]]);
    w.superblock
}

/// One side trace of the stitched chain; the last goes back to the root.
fn chain_link(is_last: bool) -> Superblock {
    let mut w = Writer::new(1);
    let live = std::array::from_fn(|home| w.load_home(home as u16, Kind::Int));
    let live = link(&mut w, live);
    w.keep(live[2], 2);
    if is_last {
        let one = w.int(1);
        let next = w.op(Op::IntAddWrap {}, &[live[0], one]);
        for (slot, value) in [next, live[1], live[2], live[3]].into_iter().enumerate() {
            let boxed = w.op(Op::BoxInt {}, &[value]);
            w.op(Op::StoreFrame { slot: slot as u16 }, &[boxed]);
        }
        w.op(Op::JumpExecutor { executor: ROOT }, &[]);
    } else {
        leave_for_next(&mut w, live[0], 0);
    }
    w.superblock.n_homes = 4;
    w.superblock
}

/// What an exit into a stitched side trace costs more than a branch: chains that differ by eight of them.
fn exits() {
    const MORE: u32 = 8;
    let stitched = |n_links: u32| {
        let mut machine = Machine::new();
        let root_code = machine.compile(&chain_root().w.superblock);
        let links: Vec<_> = (1..=n_links).map(|n| machine.compile(&chain_link(n == n_links))).collect();
        machine.backend.patch_exit(&root_code, ExitIdx(2), Some(links[0].entry));
        for pair in links.windows(2) {
            machine.backend.patch_exit(&pair[0], ExitIdx(0), Some(pair[1].entry));
        }
        machine.backend.patch_jump(&links[links.len() - 1], ROOT, Some(root_code.entry));
        (time(&mut machine, &root_code), machine.homes[2])
    };
    let fused = |n_links: u32| {
        let mut machine = Machine::new();
        let code = machine.compile(&fused_chain(n_links));
        (time(&mut machine, &code), machine.homes[2])
    };
    let more = |few: (f64, u64), many: (f64, u64)| (many.0 - few.0) / f64::from(MORE);
    let (few, many) = (stitched(1), stitched(1 + MORE));
    let (few_fused, many_fused) = (fused(1), fused(1 + MORE));
    assert_eq!((few.1, many.1), (few_fused.1, many_fused.1), "both compute the same");
    let (exit, branch) = (more(few, many), more(few_fused, many_fused));
    println!(
        "an exit into a stitched side trace, 4 live values: {exit:.2} ns; as a branch: {branch:.2} ns; more: {:.2} ns",
        exit - branch
    );
}

/// A superblock of about `n_uops` with guards, boxes and homes.
fn long(n_uops: usize) -> Superblock {
    let mut w = Writer::new(64);
    let mut live: Vec<UopIdx> = Vec::new();
    for slot in 0..6 {
        let boxed = w.op(Op::LoadFrame { slot }, &[]);
        w.guard(Op::GuardFloat {}, &[boxed], u32::from(slot));
        live.push(w.op(Op::UnboxFloat {}, &[boxed]));
    }
    let mut round = 0;
    while w.superblock.uops.len() < n_uops {
        let (x, y) = (live[round % 6], live[(round + 1) % 6]);
        let exit = 6 + (round % 50) as u32;
        let product = w.op(Op::FloatMul {}, &[x, y]);
        let sum = w.op(Op::FloatAdd {}, &[product, live[(round + 2) % 6]]);
        w.keep(sum, (round % 6) as u16);
        let less = w.op(Op::FloatLt {}, &[sum, y]);
        w.guard(Op::GuardFalse {}, &[less], exit);
        live[round % 6] = sum;
        round += 1;
    }
    w.leave(63);
    w.superblock
}

fn compile_cost() {
    let mut machine = Machine::new();
    let start = Instant::now();
    let first = machine.compile(&root(1).w.superblock);
    println!("first compilation, with shim, thunks and cold exits: {:?}", start.elapsed());
    machine.backend.free(first);
    println!("uops    µs   µs/uop   bytes/uop");
    for n_uops in [25, 50, 100, 200, 400] {
        let superblock = long(n_uops);
        let mut best = Duration::MAX;
        let mut size_bytes = 0;
        for _ in 0..20 {
            let start = Instant::now();
            let code = machine.compile(&superblock);
            best = best.min(start.elapsed());
            size_bytes = code.size_bytes;
            machine.backend.free(code);
        }
        let us = best.as_secs_f64() * 1e6;
        let n = superblock.uops.len() as f64;
        println!("{n:4} {us:6.0} {:8.1} {:11.1}", us / n, f64::from(size_bytes) / n);
    }
}

/// What linking from stencils costs, all of which are cut: best of a thousand.
fn link_cost() {
    let mut machine = Machine::with(Choice::Stencils);
    let executor = &raw const *machine.executor as u64;
    let mut compiler = machine.backend.compiler(&LAYOUT)().expect("there is a compiler");
    println!("uops    µs linked   ns/uop");
    for n_uops in [25, 50, 100, 200, 400] {
        let superblock = &long(n_uops);
        let request = CompileRequest { superblock, executor, layout: &LAYOUT, wanted: Wanted::default() };
        let link = |_| match compiler.compile(&request).expect("it can be linked").made {
            Made::Linked(linking) => linking.linking_time,
            made => panic!("{made:?}"),
        };
        let best = (0..1000).map(link).min().unwrap_or_default().as_secs_f64() * 1e6;
        let n = superblock.uops.len() as f64;
        println!("{n:4} {best:12.2} {:8.1}", 1e3 * best / n);
    }
}

fn main() {
    link_cost();
    exits();
    crossings();
    compile_cost();
}
