//! A machine to run compiled superblocks on: a thread, homes, a frame and a small heap of the mock layout, with
//! functions that note how they were called.

use std::ffi::c_void;
use stitch_lowering::{Choice, CraneliftBackend};
use stitch_runtime::backend::{
    AllocKind, Backend, CompileRequest, Compiled, FormWord, FrameLayout, FrameSlots, Functions, Layout, MAX_HOMES,
    ObjectForm, Status, StringLayout, ThreadLayout, Wanted,
};
use stitch_runtime::opt::BuiltinShapes;
use stitch_runtime::uop::{
    Exit, ExitIdx, ExitKind, Field, FrameOrigin, Helper, Kind, Op, Snapshot, SnapshotFrame, SnapshotIdx, Superblock,
    Uop, UopIdx,
};
use stitch_runtime::value::Value;

/// The mock VM's thread.
#[repr(C)]
#[derive(Default)]
pub struct Thread {
    pub cursor: u64,
    pub limit: u64,
    pub current_executor: u64,
    pub stack_limit: u64,
    pub result: u64,
    pub exception: u64,
    pub slow_result: u64,
    pub pending: u32,
    pub exit_index: u32,
    pub executor_steps: u64,
    pub forced_exit_countdown: u32,
    pub forced_exit_period: u32,
    /// What the functions below were called with.
    pub calls: Vec<String>,
    /// What the next calls give.
    pub answers: Vec<u64>,
    /// Memory that `alloc_slow` and `box_int_slow` hand out.
    #[expect(clippy::vec_box, reason = "their addresses are handed out and must not move")]
    pub slow_heap: Vec<Box<[u64; 64]>>,
    pub frame: u64,
    pub data_top: u64,
    pub data_end: u64,
    pub depth: u32,
    pub recursion_limit: u32,
}

/// The mock VM's executor.
#[repr(C)]
pub struct Executor {
    pub valid: u32,
}

/// Shapes of the mock's built-in objects.
pub const SHAPES: BuiltinShapes = BuiltinShapes {
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

/// Offset of the first field of mock objects: header, then fields of a word each.
const FIRST_FIELD: u16 = 16;
pub const UNLOGGED: u8 = 1;
pub const HEAP_WORDS: usize = 16 << 10;

fn thread_of<'a>(thread: *mut c_void) -> &'a mut Thread {
    // SAFETY: compiled code passes on the pointer that `Machine::enter` gave it.
    unsafe { &mut *thread.cast::<Thread>() }
}

fn answer(thread: &mut Thread, call: String) -> u64 {
    thread.calls.push(call);
    thread.answers.pop().unwrap_or(Value::NONE.0)
}

fn slow_words(thread: &mut Thread) -> u64 {
    thread.slow_heap.push(Box::new([0; 64]));
    thread.slow_heap.last().map_or(0, |words| words.as_ptr() as u64)
}

unsafe extern "C" fn alloc_slow(thread: *mut c_void, header: u64, size_bytes: u64) -> u64 {
    let thread = thread_of(thread);
    thread.calls.push(format!("alloc_slow {header:x} {size_bytes}"));
    assert!(size_bytes <= 512);
    let object = slow_words(thread);
    // SAFETY: `slow_words` gave 512 bytes.
    unsafe { *(object as *mut u64) = header };
    object
}

unsafe extern "C" fn barrier(thread: *mut c_void, owner: u64) {
    // SAFETY: barriers are called with the address of a mock object.
    let flags = unsafe { &mut *(owner as *mut u8).add(4) };
    assert_eq!(*flags & UNLOGGED, UNLOGGED);
    *flags &= !UNLOGGED;
    thread_of(thread).calls.push("barrier".into());
}

/// Ints are what has their shape, and an integer for its second word.
unsafe extern "C" fn are_one_int(lhs: u64, rhs: u64) -> u64 {
    // SAFETY: addresses are those of objects of the test.
    let words = |value: u64| Value(value).is_object().then(|| unsafe { *(value as *const [u64; 2]) });
    match (words(lhs), words(rhs)) {
        (Some([shape, lhs]), Some(rhs)) => u64::from(shape as u32 == SHAPES.int && rhs == [shape, lhs]),
        _ => 0,
    }
}

/// Heap ints of the mock: a word of their own whose second word is the integer.
/// Nothing is known of callees.
unsafe extern "C" fn enter_callee(_thread: *mut c_void) -> u64 {
    0
}

unsafe extern "C" fn box_int_slow(thread: *mut c_void, integer: i64) -> u64 {
    let object = slow_words(thread_of(thread));
    // SAFETY: `slow_words` gave 512 bytes.
    unsafe { *(object as *mut i64).add(1) = integer };
    object
}

fn list_of(arguments: *const u64, n_arguments: u64) -> String {
    // SAFETY: compiled code passes an array of this length.
    let arguments = unsafe { std::slice::from_raw_parts(arguments, n_arguments as usize) };
    format!("{:?}", arguments.iter().map(|&bits| Value(bits)).collect::<Vec<_>>())
}

unsafe extern "C" fn new_tuple(thread: *mut c_void, arguments: *const u64, n_arguments: u64) -> u64 {
    answer(thread_of(thread), format!("new_tuple {}", list_of(arguments, n_arguments)))
}

unsafe extern "C" fn new_list(thread: *mut c_void, arguments: *const u64, n_arguments: u64) -> u64 {
    answer(thread_of(thread), format!("new_list {}", list_of(arguments, n_arguments)))
}

unsafe extern "C" fn new_dict(thread: *mut c_void) -> u64 {
    answer(thread_of(thread), "new_dict".to_owned())
}

unsafe extern "C" fn list_slice(thread: *mut c_void, list: u64, start: i64, count: i64, step: i64) -> u64 {
    answer(thread_of(thread), format!("list_slice {:?} {start} {count} {step}", Value(list)))
}

unsafe extern "C" fn copy_elements<const STEP: i64>(
    thread: *mut c_void,
    array: u64,
    at: i64,
    source: u64,
    start: i64,
    count: i64,
) -> u64 {
    answer(thread_of(thread), format!("copy {:?} {at} {:?} {start} {count} {STEP}", Value(array), Value(source)))
}

unsafe extern "C" fn call_native(thread: *mut c_void, callee: u64, arguments: *const u64, n: u64) -> u64 {
    let thread = thread_of(thread);
    let exit = thread.exit_index;
    answer(thread, format!("call_native {callee:x} {} x{exit}", list_of(arguments, n)))
}

unsafe extern "C" fn call_value(thread: *mut c_void, callee: u64, arguments: *const u64, n: u64) -> u64 {
    let thread = thread_of(thread);
    let exit = thread.exit_index;
    answer(thread, format!("call_value {:?} {} x{exit}", Value(callee), list_of(arguments, n)))
}

/// A helper's call: noted and answered.
fn on_helper(thread: &mut Thread, arguments: &[Value]) -> u64 {
    answer(thread, format!("helper {arguments:?}"))
}

extern "C" fn helper1(thread: *mut c_void, a: Value) -> u64 {
    on_helper(thread_of(thread), &[a])
}

extern "C" fn helper2(thread: *mut c_void, a: Value, b: Value) -> u64 {
    on_helper(thread_of(thread), &[a, b])
}

extern "C" fn helper3(thread: *mut c_void, a: Value, b: Value, c: Value) -> u64 {
    on_helper(thread_of(thread), &[a, b, c])
}

unsafe extern "C" fn helper_n(thread: *mut c_void, arguments: *const u64, n_arguments: u64) -> u64 {
    // SAFETY: compiled code passes an array of this length; a `Value` is a word.
    let arguments = unsafe { std::slice::from_raw_parts(arguments.cast::<Value>(), n_arguments as usize) };
    on_helper(thread_of(thread), arguments)
}

fn helper(helper: Helper) -> usize {
    match helper.arity() {
        Some(1) => helper1 as *const () as usize,
        Some(2) => helper2 as *const () as usize,
        Some(3) => helper3 as *const () as usize,
        Some(n) => unreachable!("a helper of {n} arguments"),
        None => helper_n as *const () as usize,
    }
}

fn header(kind: AllocKind, shape: u32, size_bytes: u32) -> u64 {
    let shape = match kind {
        AllocKind::Tuple => SHAPES.tuple,
        AllocKind::List => SHAPES.list,
        AllocKind::Cell => SHAPES.cell,
        AllocKind::BoundMethod => SHAPES.bound_method,
        AllocKind::Array => 5,
        AllocKind::Slice => 6,
        AllocKind::Range => SHAPES.range,
        AllocKind::RangeIter => SHAPES.range_iter,
        AllocKind::Instance => shape,
    };
    u64::from(shape) | u64::from(size_bytes) << 48
}

const fn field_offsets() -> [u16; Field::ALL.len()] {
    let mut offsets = [0; Field::ALL.len()];
    let mut index = 0;
    while index < offsets.len() {
        offsets[index] = match Field::ALL[index] {
            Field::TupleLen => FIRST_FIELD,
            Field::TupleElement => FIRST_FIELD + 8,
            Field::ArrayElement => FIRST_FIELD,
            Field::ListItems => 16,
            Field::ListLen => 24,
            Field::CellContent => 8,
            Field::RangeIterNext | Field::RangeStart => 8,
            Field::RangeIterStep | Field::RangeStop => 16,
            Field::RangeIterRemaining | Field::RangeStep => 24,
            Field::RangeLen => 32,
            Field::MethodFunction => 8,
            Field::MethodOwner => 16,
            _ => FIRST_FIELD + 8 * (index as u16 % 4),
        };
        index += 1;
    }
    offsets
}

/// A function and the slots.
fn generator(_: u64, shape: u32, _: i64, _: bool) -> ObjectForm {
    ObjectForm {
        is_registered: false,
        header: header(AllocKind::Instance, shape, 64),
        size_bytes: 64,
        words: Vec::new(),
    }
}

fn function(_: u64) -> ObjectForm {
    let words = (0..4).map(|place| (8 + 8 * u32::from(place), FormWord::Input(place))).collect();
    ObjectForm { is_registered: false, header: u64::from(SHAPES.function) | 48 << 48, size_bytes: 48, words }
}

/// Words of the mock's frames: slots, then a header.
pub const FRAME_WORDS: usize = 64;
pub const HEADER_WORD: usize = 48;
pub const FLAG_INIT: u64 = 2;

const fn frame_word(index: usize) -> u32 {
    8 * (HEADER_WORD + index) as u32
}

pub static LAYOUT: Layout = Layout {
    shape: 0,
    int_shape: SHAPES.int,
    gc_flags: 4,
    unlogged_mask: UNLOGGED,
    field_offsets: field_offsets(),
    instance_slots: FIRST_FIELD as u32,
    generator_slots: FIRST_FIELD as u32,
    generator_sp: FIRST_FIELD as u32,
    array_capacity: 8,
    raw_data: FIRST_FIELD as u32,
    list_bytes: 32,
    thread: ThreadLayout {
        bump_cursor: std::mem::offset_of!(Thread, cursor) as u32,
        bump_limit: std::mem::offset_of!(Thread, limit) as u32,
        current_executor: std::mem::offset_of!(Thread, current_executor) as u32,
        pending: std::mem::offset_of!(Thread, pending) as u32,
        stack_limit: std::mem::offset_of!(Thread, stack_limit) as u32,
        result: std::mem::offset_of!(Thread, result) as u32,
        exit_index: std::mem::offset_of!(Thread, exit_index) as u32,
        forced_exit_countdown: std::mem::offset_of!(Thread, forced_exit_countdown) as u32,
        forced_exit_period: std::mem::offset_of!(Thread, forced_exit_period) as u32,
        executor_steps: std::mem::offset_of!(Thread, executor_steps) as u32,
        exception: std::mem::offset_of!(Thread, exception) as u32,
        slow_result: std::mem::offset_of!(Thread, slow_result) as u32,
        frame: std::mem::offset_of!(Thread, frame) as u32,
        data_top: std::mem::offset_of!(Thread, data_top) as u32,
        data_end: std::mem::offset_of!(Thread, data_end) as u32,
        depth: std::mem::offset_of!(Thread, depth) as u32,
        recursion_limit: std::mem::offset_of!(Thread, recursion_limit) as u32,
    },
    frame: FrameLayout {
        previous: frame_word(0),
        code_object: frame_word(1),
        code: frame_word(2),
        function: frame_word(3),
        globals: frame_word(4),
        builtins: frame_word(5),
        locals: frame_word(6),
        ip: frame_word(7),
        sp: frame_word(8),
        generator: frame_word(9),
        flags: frame_word(10),
        flag_init: FLAG_INIT,
        flags_of: |kind| kind as u64 * FLAG_INIT,
        return_point: 8,
        return_entry: 0,
    },
    executor_valid: std::mem::offset_of!(Executor, valid) as u32,
    frame_slots: FrameSlots::Inline(0),
    max_inline_alloc_bytes: 256,
    string: StringLayout { width: 0, trace: 0, trace_elsewhere: 0, text: 0, characters: 0 },
    header,
    generator,
    function,
    functions: Functions {
        alloc_slow,
        barrier,
        are_one_int,
        box_int_slow,
        enter_callee,
        new_tuple,
        new_list,
        new_dict,
        list_slice,
        copy_elements: copy_elements::<1>,
        copy_reversed: copy_elements::<-1>,
        call_native,
        call_value,
        helper,
    },
};

/// A backend and all that its code runs on.
pub struct Machine {
    pub backend: CraneliftBackend,
    pub thread: Box<Thread>,
    pub homes: Box<[u64; MAX_HOMES]>,
    pub frame: Box<[u64; FRAME_WORDS]>,
    pub heap: Box<[u64; HEAP_WORDS]>,
    pub executor: Box<Executor>,
}

impl Machine {
    pub fn new() -> Machine {
        Machine::with(Choice::Whole)
    }

    pub fn with(choice: Choice) -> Machine {
        let mut heap = Box::new([0; HEAP_WORDS]);
        let start = heap.as_mut_ptr() as u64;
        let thread = Thread { cursor: start, limit: start + 8 * HEAP_WORDS as u64, ..Thread::default() };
        // Rust waits for the root frame.
        let mut frame = Box::new([0; FRAME_WORDS]);
        frame[HEADER_WORD + 10] = 1;
        Machine {
            backend: CraneliftBackend::with(choice, 4 << 20),
            thread: Box::new(thread),
            homes: Box::new([0; MAX_HOMES]),
            frame,
            heap,
            executor: Box::new(Executor { valid: 1 }),
        }
    }

    pub fn compile(&mut self, superblock: &Superblock) -> Compiled {
        let executor = &raw const *self.executor as u64;
        let request = CompileRequest {
            superblock,
            executor,
            layout: &LAYOUT,
            wanted: Wanted { text: cfg!(debug_assertions), ..Wanted::default() },
        };
        self.backend.compile(&request).unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn enter(&mut self, code: &Compiled) -> Status {
        let thread = (&raw mut *self.thread).cast();
        let frame = self.frame.as_mut_ptr().cast();
        // SAFETY: `code` was installed by this machine's backend for this layout, and is not freed.
        let word = unsafe { self.backend.enter(code.entry, thread, self.homes.as_mut_ptr(), frame) };
        Status::from_word(word)
    }

    pub fn run(&mut self, superblock: &Superblock) -> Status {
        let code = self.compile(superblock);
        let status = self.enter(&code);
        self.backend.free(code);
        status
    }
}

/// Writes superblocks by hand.
#[derive(Default)]
pub struct Writer {
    pub superblock: Superblock,
}

impl Writer {
    pub fn new(n_exits: usize) -> Writer {
        let mut writer = Writer::default();
        let frame = SnapshotFrame { code: 0, ip: 0, origin: FrameOrigin::Root, stack_depth: 0, slots: Vec::new() };
        // The first exit shows nothing, the others what has a home.
        writer.superblock.snapshots = vec![Snapshot { frames: vec![frame] }; 2];
        let exit = |at: usize| Exit { kind: ExitKind::Side, snapshot: SnapshotIdx(at.min(1) as u32) };
        writer.superblock.exits = (0..n_exits).map(exit).collect();
        writer
    }

    pub fn push(&mut self, op: Op, inputs: &[UopIdx], exit: Option<u32>) -> UopIdx {
        let idx = UopIdx(self.superblock.uops.len() as u32);
        self.superblock.uops.push(Uop { op, inputs: inputs.into(), exit: exit.map(ExitIdx) });
        self.superblock.homes.push(None);
        idx
    }

    pub fn op(&mut self, op: Op, inputs: &[UopIdx]) -> UopIdx {
        self.push(op, inputs, None)
    }

    pub fn guard(&mut self, op: Op, inputs: &[UopIdx], exit: u32) -> UopIdx {
        self.push(op, inputs, Some(exit))
    }

    pub fn int(&mut self, value: i64) -> UopIdx {
        self.op(Op::ConstInt { value }, &[])
    }

    pub fn load_home(&mut self, home: u16, kind: Kind) -> UopIdx {
        self.op(Op::LoadHome { home, kind }, &[])
    }

    /// Gives a value a home.
    pub fn keep(&mut self, value: UopIdx, home: u16) {
        self.superblock.homes[value.index()] = Some(home);
        self.superblock.n_homes = self.superblock.n_homes.max(home + 1);
        self.superblock.snapshots[1].frames[0].slots.push((home, value));
    }

    pub fn leave(&mut self, exit: u32) {
        self.guard(Op::ExitTrace {}, &[], exit);
    }
}
