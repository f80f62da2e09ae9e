//! Random loops, as recorded and as optimized, run by the uop interpreter and compiled: both must leave in the same way,
//! with the same homes, frame and heap, to the last bit.

use crate::machine::{HEAP_WORDS, LAYOUT, Machine, SHAPES, Thread, on_helper};
use stitch_runtime::backend::uops::{self, FrameCall, HasRaised, Leave, UopCode};
use stitch_runtime::backend::{AllocKind, Backend, Status};
use stitch_runtime::opt::{self, Emitter, LoopClose, Passes, homes};
use stitch_runtime::uop::random::{self, RandomLoop};
use stitch_runtime::uop::{ElementKind, Field, Helper, Op, Superblock, Uop, UopIdx};
use stitch_runtime::value::Value;

const N_ITERATIONS: u64 = 9;
/// The word of the heap in which the counter's object begins.
const COUNTER_WORD: usize = HEAP_WORDS - 8;

/// The interpreter's view of a machine's memory.
struct Reference<'m>(&'m mut Machine);

impl Reference<'_> {
    fn word(&mut self, owner: Value, offset: i32) -> &mut u64 {
        let start = self.0.heap.as_ptr() as u64;
        let index = (owner.0 + offset as u64 - start) / 8;
        &mut self.0.heap[index as usize]
    }

    fn allocate(&mut self, kind: AllocKind, shape: u32, size_bytes: u32) -> Value {
        let object = Value(self.0.thread.cursor);
        self.0.thread.cursor += u64::from(size_bytes.next_multiple_of(16));
        assert!(self.0.thread.cursor <= self.0.thread.limit);
        *self.word(object, 0) = (LAYOUT.header)(kind, shape, size_bytes);
        object
    }

    fn fill(&mut self, object: Value, offset: i32, values: &[Value]) {
        for (index, value) in values.iter().enumerate() {
            *self.word(object, offset + 8 * index as i32) = value.0;
        }
    }

    fn slot_offset(slot: u16) -> i32 {
        LAYOUT.instance_slots as i32 + 8 * i32::from(slot)
    }
}

impl uops::Machine for Reference<'_> {
    fn frame_slot(&mut self, slot: u16) -> Value {
        Value(self.0.frame[usize::from(slot)])
    }
    fn set_frame_slot(&mut self, slot: u16, value: Value) {
        self.0.frame[usize::from(slot)] = value.0;
    }
    fn home(&mut self, home: u16) -> u64 {
        self.0.homes[usize::from(home)]
    }
    fn set_home(&mut self, home: u16, word: u64) {
        self.0.homes[usize::from(home)] = word;
    }
    fn shape(&mut self, object: Value) -> u32 {
        *self.word(object, 0) as u32
    }
    fn load_field(&mut self, owner: Value, field: Field) -> Value {
        Value(*self.word(owner, LAYOUT.field(field)))
    }
    fn store_field(&mut self, owner: Value, field: Field, value: Value) {
        *self.word(owner, LAYOUT.field(field)) = value.0;
    }
    fn load_word(&mut self, owner: Value, field: Field) -> i64 {
        *self.word(owner, LAYOUT.field(field)) as i64
    }
    fn store_word(&mut self, owner: Value, field: Field, word: i64) {
        *self.word(owner, LAYOUT.field(field)) = word as u64;
    }
    fn load_slot(&mut self, owner: Value, slot: u16) -> Value {
        Value(*self.word(owner, Self::slot_offset(slot)))
    }
    fn store_slot(&mut self, owner: Value, slot: u16, value: Value) {
        *self.word(owner, Self::slot_offset(slot)) = value.0;
    }
    fn add_slot(&mut self, owner: Value, slot: u16, shape: u32, value: Value) {
        self.store_slot(owner, slot, value);
        let header = self.word(owner, 0);
        *header = *header >> 32 << 32 | u64::from(shape);
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
    fn load_element(&mut self, array: Value, field: Field, index: i64) -> Value {
        Value(*self.word(array, LAYOUT.field(field) + 8 * index as i32))
    }
    fn store_element(&mut self, array: Value, field: Field, index: i64, value: Value) {
        *self.word(array, LAYOUT.field(field) + 8 * index as i32) = value.0;
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
        unreachable!("random loops keep integers small, but here is {integer}")
    }
    fn new_tuple(&mut self, items: &[Value]) -> Value {
        let first = LAYOUT.field(Field::TupleElement);
        let tuple = self.allocate(AllocKind::Tuple, 0, first as u32 + 8 * items.len() as u32);
        *self.word(tuple, LAYOUT.field(Field::TupleLen)) = items.len() as u64;
        self.fill(tuple, first, items);
        tuple
    }
    fn new_list(&mut self, items: &[Value]) -> Value {
        unreachable!("random loops make no lists, but here is one of {items:?}")
    }
    fn list_slice(&mut self, _: Value, _: i64, _: i64, _: i64) -> Value {
        unreachable!("not in random loops")
    }
    fn new_slice(&mut self, _: Value, _: Value, _: Value) -> Value {
        unreachable!("not in random loops")
    }
    fn new_instance(&mut self, shape: u32, slots: u16, initial: &[Value]) -> Value {
        let size_bytes = LAYOUT.instance_slots + 8 * u32::from(slots);
        let instance = self.allocate(AllocKind::Instance, shape, size_bytes);
        self.fill(instance, Self::slot_offset(0), initial);
        instance
    }
    fn new_cell(&mut self, content: Value) -> Value {
        let cell = self.allocate(AllocKind::Cell, 0, LAYOUT.field(Field::CellContent) as u32 + 8);
        self.fill(cell, LAYOUT.field(Field::CellContent), &[content]);
        cell
    }
    fn new_generator(&mut self, code: u64, _: i64, function: Value, _: &[Value]) -> Value {
        unreachable!("random loops make no generators, but here is one of {function:?} with {code}")
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
        unreachable!("random loops make no methods, but here is {function:?} of {owner:?}")
    }
    fn call_helper(&mut self, _: Helper, arguments: &[Value]) -> Result<Value, HasRaised> {
        let word = on_helper(&mut self.0.thread, arguments);
        if self.0.thread.exception != 0 { Err(HasRaised) } else { Ok(Value(word)) }
    }
    fn call_test(&mut self, _: Helper, _: &[Value]) -> Result<bool, HasRaised> {
        unreachable!("not in random loops")
    }
    fn call_native(&mut self, _: u64, _: &[Value]) -> Result<Value, HasRaised> {
        unreachable!("not in random loops")
    }
    fn call_value(&mut self, _: Value, _: &[Value]) -> Result<Value, HasRaised> {
        unreachable!("not in random loops")
    }
    fn has_pending(&mut self) -> bool {
        self.0.thread.pending != 0
    }
    fn forces_exit(&mut self) -> bool {
        false
    }
    fn is_valid(&mut self) -> bool {
        self.0.executor.valid != 0
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

/// Changes what it is given and what it knows, and raises now and then.
fn meddle(thread: &mut Thread, arguments: &[Value]) -> u64 {
    thread.n_helper_calls += 1;
    let n = thread.n_helper_calls;
    if n.is_multiple_of(17) {
        thread.exception = 1;
        return 0;
    }
    for target in [arguments[0], Value(thread.known_objects[0]), Value(thread.known_objects[1])] {
        if !target.is_object() {
            continue;
        }
        let object = target.as_ptr::<u64>();
        // SAFETY: objects of random loops lie in the machine's heap and are two words long or more.
        unsafe {
            match *object as u32 {
                random::SHAPE => *object.add(2) = Value::small_int(n as i64).0,
                random::CELL_SHAPE => *object.add(1) = Value::small_int(n as i64).0,
                _ => {}
            }
        }
    }
    if n.is_multiple_of(3) { Value::float(n as f64).0 } else { Value::small_int(n as i64).0 }
}

/// Makes the world of random loops anew, at the same addresses.
fn reset(machine: &mut Machine) {
    machine.heap.fill(0);
    machine.homes.fill(0);
    let start = machine.heap.as_ptr() as u64;
    *machine.thread =
        Thread { cursor: start, limit: start + 8 * COUNTER_WORD as u64, helper: Some(meddle), ..Thread::default() };
    let mut world = Reference(machine);
    use uops::Machine as _;
    let cell = world.new_cell(Value::NONE);
    let first = world.new_instance(random::SHAPE, random::INSTANCE_SLOTS, &[Value::small_int(7), Value::float(0.5)]);
    let second = world.new_instance(random::SHAPE, random::INSTANCE_SLOTS, &[first, cell]);
    let counter = Value(start + 8 * COUNTER_WORD as u64);
    world.store_word(counter, Field::RangeIterRemaining, N_ITERATIONS as i64);
    let slots = [3, 10, -2].map(Value::small_int).into_iter();
    let slots = slots.chain([1.5, -0.25].map(Value::float)).chain([first, second, cell]);
    for (slot, value) in slots.enumerate() {
        machine.frame[slot] = value.0;
    }
    machine.thread.known_objects = [first.0, second.0];
}

/// In place of the final poll: leaves when the counter in the heap is used up.
fn count_iterations(case: &mut RandomLoop, counter: u64) {
    let poll = case.trace.uops.pop().expect("random loops end in a poll");
    assert_eq!(poll.op, Op::Poll {});
    let mut push = |op: Op, inputs: &[UopIdx]| {
        let exit = poll.exit.filter(|_| op.needs_exit());
        case.trace.uops.push(Uop { op, inputs: inputs.into(), exit });
        UopIdx(case.trace.uops.len() as u32 - 1)
    };
    let counter = push(Op::ConstValue { bits: counter }, &[]);
    let count = push(Op::LoadWord { field: Field::RangeIterRemaining }, &[counter]);
    let one = push(Op::ConstInt { value: 1 }, &[]);
    let rest = push(Op::IntSubWrap {}, &[count, one]);
    push(Op::StoreWord { field: Field::RangeIterRemaining }, &[counter, rest]);
    let zero = push(Op::ConstInt { value: 0 }, &[]);
    let more = push(Op::IntNe {}, &[rest, zero]);
    push(Op::GuardTrue {}, &[more]);
}

/// The loop as it was recorded: each iteration starts from the frame.
fn unoptimized(case: &RandomLoop) -> Superblock {
    let mut superblock = case.trace.clone();
    for &(slot, value) in &case.slots {
        superblock.uops.push(Uop { op: Op::StoreFrame { slot }, inputs: [value][..].into(), exit: None });
    }
    superblock.uops.push(Uop { op: Op::JumpEntry {}, inputs: [][..].into(), exit: None });
    homes::assign_homes(&mut superblock);
    superblock
}

/// All that a run leaves behind.
#[derive(PartialEq)]
struct State {
    homes: Vec<u64>,
    frame: Vec<u64>,
    heap: Vec<u64>,
    cursor: u64,
    n_helper_calls: u64,
    exception: u64,
}

fn state(machine: &Machine) -> State {
    let canonical =
        |&word: &u64| if f64::from_bits(word).is_nan() && word >> 51 & 0xFFF == 0xFFF { u64::MAX } else { word };
    State {
        homes: machine.homes.iter().map(canonical).collect(),
        frame: machine.frame.to_vec(),
        heap: machine.heap.to_vec(),
        cursor: machine.thread.cursor,
        n_helper_calls: machine.thread.n_helper_calls,
        exception: machine.thread.exception,
    }
}

fn check(machine: &mut Machine, superblock: &Superblock, seed: u64) {
    reset(machine);
    let leave = UopCode::new(superblock.clone()).run(&mut Reference(machine));
    let expected = state(machine);
    reset(machine);
    let code = machine.compile(superblock);
    let status = machine.enter(&code);
    let found = state(machine);
    machine.backend.free(code);
    let same_leave = match leave {
        Leave::Exit(exit) => status == Status::Exit(exit),
        Leave::Finished(value) => status == Status::Returned && machine.thread.result == value.0,
        Leave::Executor(executor) => status == Status::Jump(executor),
        Leave::Caller => status == Status::Caller,
    };
    assert!(same_leave, "seed {seed}: {leave:?}, but {status:?}\n{superblock}");
    let differing = |left: &[u64], right: &[u64]| {
        let pairs = left.iter().zip(right).enumerate().filter(|(_, (left, right))| left != right);
        pairs.map(|(index, (left, right))| format!("{index}: {left:x} but {right:x}")).collect::<Vec<_>>()
    };
    assert!(
        expected == found,
        "seed {seed}: homes {:?} frame {:?} heap {:?}\n{superblock}",
        differing(&expected.homes, &found.homes),
        differing(&expected.frame, &found.frame),
        differing(&expected.heap, &found.heap)
    );
}

#[test]
fn random_loops_run_as_the_interpreter_runs_them() {
    let mut machine = Machine::new();
    let counter = machine.heap.as_ptr() as u64 + 8 * COUNTER_WORD as u64;
    let n_seeds = std::env::var("STITCH_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    for seed in 0..n_seeds {
        let mut case = random::random_loop(seed, 5 + (seed % 40) as usize);
        count_iterations(&mut case, counter);
        check(&mut machine, &unoptimized(&case), seed);
        let mut emitter = Emitter::new(SHAPES);
        // A trace that cannot reach its end is none that would be recorded.
        let Ok(values) = emitter.emit_all(&case.trace) else { continue };
        let slots = case.slots.iter().map(|(slot, value)| (*slot, values[value.index()])).collect();
        let optimized = opt::optimize_loop(&emitter, &LoopClose { slots, head: None }, &mut Passes::default());
        check(&mut machine, &optimized, seed);
    }
}
