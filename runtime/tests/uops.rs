//! Random traces: the text form is read back as it was, and what the optimizer makes of a loop ends as the loop does.

use std::collections::HashMap;
use stitch_runtime::backend::uops::{FrameCall, HasRaised, Leave, Machine, UopCode};
use stitch_runtime::opt::fuse::{self, Root, Side, SideStart};
use stitch_runtime::opt::{self, BuiltinShapes, Emitter, LoopClose, LoopHead, Passes, homes};
use stitch_runtime::uop::random::{self, RandomLoop};
use stitch_runtime::uop::{
    ElementKind, ExitIdx, ExitKind, ExitOrigin, Field, Helper, Kind, Op, Source, Superblock, Uop, text, verify,
};
use stitch_runtime::value::Value;

const SHAPES: BuiltinShapes = BuiltinShapes {
    tuple: 1,
    list: 2,
    cell: random::CELL_SHAPE,
    bound_method: 4,
    function: 7,
    range: 8,
    range_iter: 9,
};

/// A heap of objects that are a shape and numbered parts.
#[derive(Clone, Default)]
struct World {
    frame: Vec<Value>,
    homes: HashMap<u16, u64>,
    objects: Vec<(u32, Vec<Value>)>,
    polls: u32,
    calls: i64,
}

const FIRST_ADDRESS: u64 = 0x10_0000;
const LARGE_INT: u32 = 9;

impl World {
    fn new() -> World {
        let mut world = World::default();
        let cell = world.new_cell(Value::NONE);
        let first = world.make(random::SHAPE, vec![Value::small_int(7), Value::float(0.5)]);
        let second = world.make(random::SHAPE, vec![first, cell]);
        let ints = [3, 10, -2].map(Value::small_int);
        let floats = [1.5, -0.25].map(Value::float);
        world.frame = [&ints[..], &floats, &[first, second, cell]].concat();
        world
    }

    fn make(&mut self, shape: u32, parts: Vec<Value>) -> Value {
        self.objects.push((shape, parts));
        Value(FIRST_ADDRESS + 16 * (self.objects.len() as u64 - 1))
    }

    fn object(&mut self, value: Value) -> &mut (u32, Vec<Value>) {
        assert!(value.is_object(), "{value:?} is no object");
        &mut self.objects[((value.bits() - FIRST_ADDRESS) / 16) as usize]
    }

    fn part(&mut self, owner: Value, part: usize) -> &mut Value {
        let parts = &mut self.object(owner).1;
        if parts.len() <= part {
            parts.resize(part + 1, Value::UNBOUND);
        }
        &mut parts[part]
    }

    fn value_of(&mut self, source: &Source, made: &mut HashMap<u32, Value>) -> Value {
        match source {
            Source::Const(bits) => Value(*bits),
            Source::Home(home, kind) => {
                let word = self.homes[home];
                match kind {
                    Kind::Int => match Value::try_small_int(word as i64) {
                        Some(small) => small,
                        None => self.box_large_int(word as i64),
                    },
                    Kind::Float => Value::float(f64::from_bits(word)),
                    Kind::Bool => Value::bool(word != 0),
                    Kind::Value | Kind::Any => Value(word),
                }
            }
            Source::Alloc { uop, op, inputs } => {
                if let Some(known) = made.get(&uop.0) {
                    return *known;
                }
                let inputs: Vec<Value> = inputs.iter().map(|input| self.value_of(input, made)).collect();
                let value = match *op {
                    Op::NewTuple {} => self.new_tuple(&inputs),
                    Op::NewCell {} => self.new_cell(inputs[0]),
                    Op::NewInstance { shape, slots } => self.new_instance(shape, slots, &inputs),
                    _ => panic!("{op:?} is not in random traces"),
                };
                made.insert(uop.0, value);
                value
            }
        }
    }

    /// The frame and all that it reaches, with objects numbered as they are met.
    fn describe(&mut self) -> String {
        let (mut seen, mut text) = (Vec::new(), String::new());
        let mut queue: Vec<Value> = self.frame.clone();
        let mut next = 0;
        while next < queue.len() {
            let value = queue[next];
            next += 1;
            if !value.is_object() {
                text += &format!("{value:?} ");
                continue;
            }
            if let Some(number) = seen.iter().position(|other| *other == value) {
                text += &format!("@{number} ");
                continue;
            }
            seen.push(value);
            let (shape, parts) = self.object(value).clone();
            text += &format!("@{}:{shape}({}) ", seen.len() - 1, parts.len());
            queue.extend(parts);
        }
        text + &format!("calls {}", self.calls)
    }
}

impl Machine for World {
    fn frame_slot(&mut self, slot: u16) -> Value {
        self.frame[slot as usize]
    }
    fn set_frame_slot(&mut self, slot: u16, value: Value) {
        self.frame[slot as usize] = value;
    }
    fn home(&mut self, home: u16) -> u64 {
        self.homes[&home]
    }
    fn set_home(&mut self, home: u16, word: u64) {
        self.homes.insert(home, word);
    }
    fn shape(&mut self, object: Value) -> u32 {
        self.object(object).0
    }
    fn load_field(&mut self, owner: Value, _: Field) -> Value {
        *self.part(owner, 0)
    }
    fn store_field(&mut self, owner: Value, _: Field, value: Value) {
        *self.part(owner, 0) = value;
    }
    fn load_word(&mut self, owner: Value, _: Field) -> i64 {
        self.part(owner, 0).as_int()
    }
    fn store_word(&mut self, owner: Value, _: Field, word: i64) {
        *self.part(owner, 0) = Value::small_int(word);
    }
    fn load_slot(&mut self, owner: Value, slot: u16) -> Value {
        *self.part(owner, slot as usize)
    }
    fn store_slot(&mut self, owner: Value, slot: u16, value: Value) {
        *self.part(owner, slot as usize) = value;
    }
    fn add_slot(&mut self, owner: Value, slot: u16, shape: u32, value: Value) {
        *self.part(owner, slot as usize) = value;
        self.object(owner).0 = shape;
    }
    fn load_generator_slot(&mut self, generator: Value, slot: u16) -> Value {
        self.load_slot(generator, slot)
    }
    fn store_generator_slot(&mut self, generator: Value, slot: u16, value: Value) {
        self.store_slot(generator, slot, value);
    }
    fn suspend(&mut self, generator: Value, _: u16, ip: i64) {
        self.store_word(generator, Field::GeneratorIp, ip);
    }
    fn load_element(&mut self, array: Value, _: Field, index: i64) -> Value {
        *self.part(array, index as usize)
    }
    fn store_element(&mut self, array: Value, _: Field, index: i64, value: Value) {
        *self.part(array, index as usize) = value;
    }
    fn load_raw(&mut self, _: Value, _: ElementKind, _: i64) -> u64 {
        unreachable!("not in random loops")
    }
    fn store_raw(&mut self, _: Value, _: ElementKind, _: i64, _: u64) {
        unreachable!("not in random loops")
    }
    fn copy_elements(&mut self, _: (Value, i64), _: (Value, i64), _: i64, _: i64) {
        unreachable!("not in random loops")
    }
    fn box_large_int(&mut self, integer: i64) -> Value {
        self.make(LARGE_INT, vec![Value((integer as u64) >> 32 | 0xFFFE_0000_0000_0000)])
    }
    fn new_tuple(&mut self, items: &[Value]) -> Value {
        self.make(SHAPES.tuple, items.to_vec())
    }
    fn new_list(&mut self, items: &[Value]) -> Value {
        self.make(SHAPES.list, items.to_vec())
    }
    fn list_slice(&mut self, _: Value, _: i64, _: i64, _: i64) -> Value {
        unreachable!("not in random loops")
    }
    fn new_slice(&mut self, _: Value, _: Value, _: Value) -> Value {
        unreachable!("not in random loops")
    }
    fn new_instance(&mut self, shape: u32, slots: u16, initial: &[Value]) -> Value {
        let mut parts = initial.to_vec();
        parts.resize(slots as usize, Value::UNBOUND);
        self.make(shape, parts)
    }
    fn new_cell(&mut self, content: Value) -> Value {
        self.make(SHAPES.cell, vec![content])
    }
    fn new_generator(&mut self, code: u64, _: i64, function: Value, _: &[Value]) -> Value {
        unreachable!("superblocks here make no generators, but here is one of {function:?} with {code}")
    }
    fn new_function(&mut self, code: u64, _: [Value; 4]) -> Value {
        unreachable!("none here makes functions, but here is one of {code}")
    }
    fn new_range(&mut self, start: Value, stop: Value, step: Value, _: Value) -> Value {
        unreachable!("none here makes ranges, but here is one of {start:?}, {stop:?}, {step:?}")
    }
    fn new_range_iter(&mut self, next: i64, _: i64, remaining: i64) -> Value {
        unreachable!("none here iterates over ranges, but here are {remaining} ints from {next} on")
    }
    fn new_bound_method(&mut self, function: Value, owner: Value) -> Value {
        self.make(SHAPES.bound_method, vec![function, owner])
    }
    /// Changes what it is given, and everything that it finds in the frame.
    fn call_helper(&mut self, _: Helper, arguments: &[Value]) -> Result<Value, HasRaised> {
        self.calls += 1;
        if self.calls % 17 == 0 {
            return Err(HasRaised);
        }
        let targets = [arguments[0], Value(FIRST_ADDRESS), Value(FIRST_ADDRESS + 16)];
        for target in targets.into_iter().filter(|target| target.is_object()) {
            if [random::SHAPE, SHAPES.cell].contains(&self.shape(target)) {
                *self.part(target, 0) = Value::small_int(self.calls);
            }
        }
        Ok(if self.calls % 3 == 0 { Value::float(self.calls as f64) } else { Value::small_int(self.calls) })
    }
    fn call_test(&mut self, _: Helper, _: &[Value]) -> Result<bool, HasRaised> {
        Ok(true)
    }
    fn call_native(&mut self, _: u64, _: &[Value]) -> Result<Value, HasRaised> {
        Ok(Value::NONE)
    }
    fn call_value(&mut self, _: Value, _: &[Value]) -> Result<Value, HasRaised> {
        Ok(Value::NONE)
    }
    fn has_pending(&mut self) -> bool {
        self.polls += 1;
        self.polls > 9
    }
    fn forces_exit(&mut self) -> bool {
        false
    }
    fn is_valid(&mut self) -> bool {
        true
    }
    fn has_frames(&mut self, _: u16, _: u32) -> bool {
        false
    }
    fn push_frame(&mut self, _: &FrameCall, _: &[Value]) {
        unreachable!("there is no room for frames");
    }
    fn return_to_caller(&mut self, _: Value) -> bool {
        false
    }
    fn has_stack(&mut self) -> bool {
        true
    }
}

/// Runs from a fresh world to an exit, and describes where that is.
fn outcome(superblock: Superblock) -> String {
    let code = UopCode::new(superblock);
    let mut world = World::new();
    let Leave::Exit(exit) = code.run(&mut world) else { panic!("random loops leave through exits") };
    describe_exit(&code.superblock, exit, &mut world)
}

fn describe_exit(superblock: &Superblock, exit: ExitIdx, world: &mut World) -> String {
    rebuild_frame(superblock, exit, world);
    let state = world.describe();
    format!("ip {} polls {}: {state}", ip(superblock, exit), world.polls)
}

fn rebuild_frame(superblock: &Superblock, exit: ExitIdx, world: &mut World) {
    let snapshot = superblock.exits[exit.index()].snapshot.index();
    let mut made = HashMap::new();
    let frame = &superblock.snapshots[snapshot].frames[0];
    let sources = &superblock.sources[snapshot][0];
    let values: Vec<Value> = sources.slots.iter().map(|source| world.value_of(source, &mut made)).collect();
    for ((slot, _), value) in frame.slots.iter().zip(values) {
        world.frame[*slot as usize] = value;
    }
}

/// The recorded loop as it is: each iteration starts from the frame.
fn unoptimized(case: &RandomLoop) -> Superblock {
    let mut superblock = case.trace.clone();
    for (slot, value) in &case.slots {
        superblock.uops.push(Uop { op: Op::StoreFrame { slot: *slot }, inputs: [*value][..].into(), exit: None });
    }
    superblock.uops.push(Uop { op: Op::JumpEntry {}, inputs: [][..].into(), exit: None });
    homes::assign_homes(&mut superblock);
    superblock
}

fn check(seed: u64) {
    let case = random::random_loop(seed, 5 + (seed % 40) as usize);
    let plain = unoptimized(&case);
    verify::verify(&plain).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{plain}"));
    let printed = plain.to_string();
    let parsed = text::parse(&printed).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{printed}"));
    assert_eq!(parsed.to_string(), printed, "seed {seed}");
    assert!((parsed.uops, parsed.snapshots) == (plain.uops.clone(), plain.snapshots.clone()), "seed {seed}");

    let mut emitter = Emitter::new(SHAPES);
    // A trace that cannot reach its end is none that would be recorded.
    let Ok(values) = emitter.emit_all(&case.trace) else { return };
    let slots = case.slots.iter().map(|(slot, value)| (*slot, values[value.index()])).collect();
    let optimized = opt::optimize_loop(&emitter, &LoopClose { slots, head: None }, &mut Passes::default());
    let shown = optimized.to_string();
    let (before, after) = (outcome(plain.clone()), outcome(optimized));
    assert_eq!(before, after, "seed {seed}\n{plain}\n=>\n{shown}");
}

#[test]
fn random_loops_end_as_before() {
    let range = match std::env::var("STITCH_SEEDS").ok().and_then(|count| count.parse().ok()) {
        Some(count) => 0..count,
        None => 0..2000,
    };
    range.for_each(check);
}

/// The instruction of a loop's head; those of steps have other numbers.
const LOOP_HEAD: u32 = 0;

/// Side traces that start at instructions (of side exits), with their executors' numbers.
type Links = HashMap<u32, u32>;

fn ip(superblock: &Superblock, exit: ExitIdx) -> u32 {
    superblock.exit_snapshot(exit).frames[0].ip
}

fn is_side(superblock: &Superblock, exit: ExitIdx) -> bool {
    superblock.exits[exit.index()].kind == ExitKind::Side
}

/// Optimized, or as it is where it is sure to leave early.
fn side_trace(seed: u64, executor: u32, start: &SideStart) -> Superblock {
    let seed = seed * 31 + u64::from(executor);
    let length = 2 + (seed % 9) as usize;
    let trace = random::random_side(seed, length, executor * 1000, &start.snapshot, &start.sources);
    let mut emitter = Emitter::new(SHAPES);
    match emitter.emit_all(&trace) {
        Ok(_) => opt::optimize_linear(emitter.superblock, &mut Passes::default()),
        Err(opt::AlwaysLeaves) => {
            let mut superblock = trace;
            homes::assign_homes(&mut superblock);
            superblock
        }
    }
}

/// Runs a root and its side traces as a chain. `Err`: a side exit without a side trace, at this instruction.
fn run_chain(seed: u64, root: &UopCode, links: &Links) -> (String, Option<u32>) {
    let mut world = World::new();
    let mut code = root.clone();
    loop {
        match code.run(&mut world) {
            Leave::Executor(0) => code = root.clone(),
            Leave::Exit(exit) => {
                let superblock = &code.superblock;
                let ip = ip(superblock, exit);
                if ip == LOOP_HEAD {
                    // Tier 1 would enter the loop's executor at once.
                    rebuild_frame(superblock, exit, &mut world);
                    code = root.clone();
                    continue;
                }
                let is_side = is_side(superblock, exit);
                let side = links
                    .get(&ip)
                    .filter(|_| is_side)
                    .map(|executor| side_trace(seed, *executor, &SideStart::at(superblock, exit)));
                let Some(side) = side else {
                    return (describe_exit(superblock, exit, &mut world), is_side.then_some(ip));
                };
                code = UopCode::new(side);
            }
            leave => panic!("{leave:?}"),
        }
    }
}

/// The starts and side traces of a tree, owned.
struct Tree {
    executor: u32,
    exit: ExitIdx,
    start: SideStart,
    superblock: Superblock,
    sides: Vec<Tree>,
}

fn tree(seed: u64, parent: &Superblock, links: &Links, depth: u32) -> Vec<Tree> {
    let mut sides: Vec<Tree> = Vec::new();
    for exit in (0..parent.exits.len() as u32).map(ExitIdx) {
        let is_outside = matches!(parent.origins.get(exit.index()), Some(ExitOrigin::Preamble(_)));
        let Some(executor) = links.get(&ip(parent, exit)).filter(|_| is_side(parent, exit) && !is_outside) else {
            continue;
        };
        let start = SideStart::at(parent, exit);
        if depth < 4 {
            let superblock = side_trace(seed, *executor, &start);
            let inner = tree(seed, &superblock, links, depth + 1);
            sides.push(Tree { executor: *executor, exit, start, superblock, sides: inner });
        }
    }
    sides
}

fn borrowed(trees: &[Tree]) -> Vec<Side<'_>> {
    fn side(tree: &Tree) -> Side<'_> {
        let (start, superblock) = (&tree.start, &tree.superblock);
        Side { executor: tree.executor, exit: tree.exit, start, superblock, sides: borrowed(&tree.sides) }
    }
    trees.iter().map(side).collect()
}

/// True: a tree was fused.
fn check_fused(seed: u64) -> bool {
    let case = random::random_loop(seed, 5 + (seed % 25) as usize);
    let mut emitter = Emitter::new(SHAPES);
    let Ok(values) = emitter.emit_all(&case.trace) else { return false };
    let slots = case.slots.iter().map(|(slot, value)| (*slot, values[value.index()])).collect();
    let head = LoopHead { code: 0x2_0000_0010, ip: LOOP_HEAD, stack_depth: 0 };
    let close = LoopClose { slots, head: (!seed.is_multiple_of(4)).then_some(head) };
    let superblock = opt::optimize_loop(&emitter, &close, &mut Passes::default());
    let root = UopCode::new(superblock.clone());
    let mut links = Links::new();
    let expected = loop {
        let (state, unlinked) = run_chain(seed, &root, &links);
        match unlinked {
            Some(ip) if links.len() < 4 && !links.contains_key(&ip) => {
                links.insert(ip, links.len() as u32 + 1);
            }
            _ => break state,
        }
    };
    let trees = tree(seed, &superblock, &links, 0);
    let sides = borrowed(&trees);
    let root_of = Root { executor: 0, trace: &emitter, close: &close, superblock: &superblock, sides };
    let Ok(fused) = fuse::fuse(&root_of, &mut Passes::default()) else { return false };
    let shown = fused.to_string();
    let (state, _) = run_chain(seed, &UopCode::new(fused), &links);
    assert_eq!(expected, state, "seed {seed}\n{superblock}\n=>\n{shown}");
    true
}

#[test]
fn fused_trees_end_as_chains_do() {
    let count = std::env::var("STITCH_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(1500);
    let fused = (0..count).filter(|seed| check_fused(*seed)).count();
    assert!(fused > count as usize / 10, "only {fused} of {count} trees were fused");
}
