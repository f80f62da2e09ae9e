//! What random superblocks run on: a VM with objects of every kind that a micro-op may ask for, which are put back as
//! they were before each run, so that thousands of runs a second start from the same state at the same addresses.

use crate::superblocks::picture::{Painter, Picture};
use hashbrown::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use stitch_lowering::CraneliftBackend;
use stitch_runtime::backend::uops::UopCode;
use stitch_runtime::backend::{Backend, CompileRequest, MAX_HOMES, Status, Wanted};
use stitch_runtime::bytecode::CompileOptions;
use stitch_runtime::debug::stress::ForcedExit;
use stitch_runtime::exec::helpers::LAYOUT;
use stitch_runtime::exec::rebuild::rebuild;
use stitch_runtime::exec::{Executor, trial};
use stitch_runtime::interp::code::Code;
use stitch_runtime::interp::dispatch::State;
use stitch_runtime::interp::frame::Frame;
use stitch_runtime::interp::op::Op as Instr;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{
    CellObject, CodeObject, FunctionObject, GeneratorObject, NativeFunction, TupleObject, TypeObject,
};
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::opt::BuiltinShapes;
use stitch_runtime::uop::{ElementKind, Superblock, UopIdx};
use stitch_runtime::value::Value;
use stitch_runtime::vm::{Vm, VmConfig};

const PROGRAM: &str = include_str!("world.py");
/// Locals of the root frame, which are its parameters.
pub const N_SLOTS: u16 = 12;
/// Stack slots that snapshots may use.
pub const MAX_STACK: u16 = 6;
/// Instructions of the root's code at least: each exit stands at one of its own.
const N_INSTRUCTIONS: usize = 2_000;
/// Iterations of loops, as `world.py` has them.
pub const N_ITERATIONS: i64 = 6;
/// What homes hold that nothing was written to.
const UNWRITTEN: u64 = 0x0BAD;
/// Native stack that a check may use.
const NATIVE_STACK_BYTES: usize = 1 << 20;
const CODE_BYTES: u32 = 4 << 20;
/// So many executors one after the other; loops end long before.
const MAX_CHAIN: usize = 100;

/// A function, and where its code is.
#[derive(Clone, Copy, Debug)]
pub struct Callee {
    pub function: Value,
    pub code_object: u64,
    pub code: *mut Code,
}

/// A generator of the world, and where it is suspended.
#[derive(Clone, Copy, Debug)]
pub struct Suspended {
    pub generator: Value,
    pub function: Value,
    pub code_object: u64,
    /// Address of the instruction, and its index.
    pub ip: i64,
    pub ip_index: u32,
    /// The stack's top, as a slot.
    pub top: u16,
    pub n_locals: u16,
    pub state: i64,
}

/// A class whose instances have these shapes as they get their slots, one after the other.
#[derive(Clone, Debug)]
pub struct Growth {
    pub shapes: Vec<u32>,
    pub inline_slots: u16,
}

/// What is known of a thing that superblocks may mention.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub value: Value,
    pub shape: Option<u32>,
}

/// Memory of an object as it is to be before each run.
struct Saved {
    at: *mut u64,
    words: Box<[u64]>,
}

/// What superblocks may mention, and what it is before each run. It never changes.
pub struct Facts {
    /// Values that superblocks may mention, those of `world.py` first.
    pub values: Vec<Known>,
    pub root: Callee,
    caller: Callee,
    pub callees: Vec<Callee>,
    pub generators: Vec<Suspended>,
    pub growth: Growth,
    /// Shape of `Plain` instances, which have two slots.
    pub plain_shape: u32,
    /// Arrays of machine numbers, eight in each.
    pub arrays: Vec<(Value, ElementKind)>,
    pub classes: Vec<Value>,
    pub names: Vec<Value>,
    pub global_names: Vec<Value>,
    /// A tuple of one name.
    pub keyword_names: Value,
    pub globals: Value,
    pub builtins: Value,
    /// A range iterator that counts a loop's iterations.
    pub counter: Value,
    pub natives: Vec<(Value, u64)>,
    /// Code objects of plain functions without free variables.
    pub plain_code: Vec<u64>,
    /// By address: those of all objects that the values reach.
    pub shapes: HashMap<u64, u32>,
}

impl Facts {
    /// The shape of an object of the world, as it is before each run.
    pub fn shape_of(&self, object: Value) -> Option<u32> {
        self.shapes.get(&object.bits()).copied()
    }
}

/// The VM, and what it takes to put everything back.
pub struct World {
    pub vm: Box<Vm>,
    pub backend: CraneliftBackend,
    pub facts: Rc<Facts>,
    saved: Vec<Saved>,
    data_base: *mut Value,
}

/// Shapes of what micro-ops allocate.
pub fn shapes() -> BuiltinShapes {
    BuiltinShapes {
        int: BuiltinType::Int.shape(),
        tuple: BuiltinType::Tuple.shape(),
        list: BuiltinType::List.shape(),
        dict: BuiltinType::Dict.shape(),
        cell: BuiltinType::Cell.shape(),
        bound_method: BuiltinType::BoundMethod.shape(),
        function: BuiltinType::Function.shape(),
        range: BuiltinType::Range.shape(),
        range_iter: BuiltinType::RangeIter.shape(),
    }
}

/// Who runs superblocks.
pub enum Mode<'w> {
    /// The uop interpreter, which tells what it is about to run.
    Uops(&'w mut dyn FnMut(&Superblock, UopIdx)),
    Compiled,
}

/// What comes after a superblock.
pub enum Next {
    Stop,
    /// A side trace, which finds what it needs in the homes.
    From(Arc<Superblock>),
    /// One that finds it in the frame.
    FromFrame(Arc<Superblock>),
}

/// How a run starts.
#[derive(Clone, Debug, Default)]
pub struct Start {
    pub slots: Vec<Value>,
    pub flags: u64,
    pub pending: bool,
    pub is_invalid: bool,
    pub no_stack: bool,
    pub no_frames: bool,
    pub forced_exit: u32,
    pub collect_at_end: bool,
}

/// What a run left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub status: Status,
    pub picture: Picture,
    /// The homes as they were left, for backends; empty otherwise.
    pub homes: Picture,
    /// The same, as words.
    pub home_words: Box<[u64]>,
    /// The last micro-op that the uop interpreter ran.
    pub last: Option<UopIdx>,
}

impl World {
    pub fn new(stress: bool) -> World {
        let mut config = VmConfig::default();
        config.heap.stress = stress;
        let mut vm = Vm::new(config);
        let anchor = 0u64;
        vm.set_native_stack(&raw const anchor as usize, NATIVE_STACK_BYTES);
        vm.native_modules.push(stitch_modules::MODULES);
        let globals = vm.new_dict();
        let root = format!(
            "\ndef root({0}):\n{1}    return [{0}, a0, a1]\n",
            (0..N_SLOTS).map(|slot| format!("a{slot}")).collect::<Vec<_>>().join(", "),
            "    a0 = a1; a2 = a3\n".repeat(N_INSTRUCTIONS / 2)
        );
        let source = [PROGRAM, &root].concat();
        let code = vm.compile(source.as_bytes(), "world.py", &CompileOptions::default()).expect("the world compiles");
        vm.run_code(code, globals, globals).expect("the world is made");
        vm.roots.extend([globals, code]);
        World::of(vm, globals)
    }

    fn of(mut vm: Box<Vm>, globals: Value) -> World {
        let name = |vm: &mut Vm, name: &str| {
            let name = vm.intern(name);
            vm.dict_get_name(globals, name).expect("the world has it")
        };
        let [root, caller] = ["root", "caller"].map(|function| callee(name(&mut vm, function)));
        let callees = ["callee", "other_callee"].map(|function| callee(name(&mut vm, function))).to_vec();
        let generators = ["p_created", "p_counting", "p_counting_on", "p_finite"];
        let generators = generators.map(|generator| suspended(name(&mut vm, generator))).to_vec();
        let classes: Vec<Value> = ["Plain", "Child", "Grown", "Meddler"].map(|class| name(&mut vm, class)).to_vec();
        let growth = growth(&mut vm, classes[2]);
        let names = ["x", "y", "z", "new", "append", "method", "seed", "missing"].map(|name| vm.intern(name)).to_vec();
        let global_names = ["p_global", "p_pair", "p_second_meddler"].map(|name| vm.intern(name)).to_vec();
        let keyword_names = name(&mut vm, "p_names");
        let builtins = vm.builtins;
        let plain = name(&mut vm, "p_plain");
        let plain_shape = vm.shape_of(plain);
        let arrays =
            ["p_bytes_array", "p_short_array", "p_word_array", "p_single_array", "p_float_array"].map(|array| {
                let array = name(&mut vm, array);
                (array, vm.raw_kind(array).expect("an array of numbers"))
            });
        let arrays = arrays.to_vec();
        let cells = ["get_cell", "set_cell"].map(|function| cell_of(name(&mut vm, function)));
        let counter = name(&mut vm, "p_counter");
        let natives = ["len", "abs", "isinstance", "repr", "min", "sum", "sorted", "callable", "divmod", "ord"];
        let natives = natives.map(|native| {
            let name = vm.intern(native);
            let function = vm.dict_get_name(builtins, name).expect("a built-in function");
            // SAFETY: a native function.
            (function, unsafe { (*function.as_ptr::<NativeFunction>()).binding as u64 })
        });
        let plain_code = callees.iter().map(|callee| callee.code_object).collect();
        let mut facts = Facts {
            values: Vec::new(),
            root,
            caller,
            callees,
            generators,
            growth,
            plain_shape,
            arrays,
            classes,
            names,
            global_names,
            keyword_names,
            globals,
            builtins,
            counter,
            natives: natives.to_vec(),
            plain_code,
            shapes: HashMap::new(),
        };
        find_values(&vm, &mut facts, cells[0]);
        let saved = save(&mut vm, &mut facts);
        let data_base = vm.data_top;
        World { vm, backend: CraneliftBackend::new(CODE_BYTES), facts: Rc::new(facts), saved, data_base }
    }

    /// Puts everything back and makes the frames that a run starts in.
    fn reset(&mut self, start: &Start) {
        let vm = &mut *self.vm;
        for saved in &self.saved {
            let object = saved.at.cast::<Header>();
            // SAFETY: rooted objects do not move and keep their size. What the collector notes in the header stays.
            unsafe {
                let gc = (*object).gc;
                std::ptr::copy_nonoverlapping(saved.words.as_ptr(), saved.at, saved.words.len());
                (*object).gc = gc;
            }
        }
        (vm.frame, vm.depth, vm.data_top) = (std::ptr::null_mut(), 0, self.data_base);
        (vm.exception, vm.handled, vm.result) = (Value::UNBOUND, Value::NONE, Value::NONE);
        (vm.exit_index, vm.executor_steps) = (0, 0);
        vm.memory_ran_out = false;
        vm.being_shown.clear();
        let facts = &*self.facts;
        let caller = push(vm, &facts.caller, &[facts.root.function]);
        let root = push(vm, &facts.root, &start.slots);
        // SAFETY: fresh frames.
        unsafe {
            (*caller).flags = Frame::ENTRY;
            let instructions = &mut (*facts.caller.code).instructions;
            let call = instructions.iter().position(|it| Instr::from_number(it.op) == Instr::Call).expect("it calls");
            (*caller).ip = instructions.as_mut_ptr().add(call);
            (*caller).sp = Frame::stack_base(caller);
            (*root).flags = start.flags;
        }
        vm.pending.store(u32::from(start.pending), Ordering::Release);
        vm.recursion_limit = if start.no_frames { vm.depth } else { 60 };
        vm.forced_exit = ForcedExit::every(start.forced_exit);
    }

    /// Runs a finished superblock from a fresh start, in the uop interpreter.
    pub fn interpret(&mut self, superblock: &Superblock, start: &Start, watch: &mut dyn FnMut(UopIdx)) -> Outcome {
        let superblock = Arc::new(superblock.clone());
        let mut last = None;
        let mut noting = |_: &Superblock, idx: UopIdx| {
            last = Some(idx);
            watch(idx);
        };
        let outcome = self.run(&superblock, start, Mode::Uops(&mut noting), &mut |_, _| Next::Stop);
        Outcome { last, ..outcome.expect("nothing is compiled") }
    }

    /// Runs a finished superblock from a fresh start, compiled.
    pub fn run_compiled(&mut self, superblock: &Superblock, start: &Start) -> Result<Outcome, String> {
        self.run(&Arc::new(superblock.clone()), start, Mode::Compiled, &mut |_, _| Next::Stop)
    }

    /// Runs a superblock and those that `next` has follow it, until it wants none, and pictures what is left once the frames
    /// are rebuilt.
    pub fn run(
        &mut self,
        first: &Arc<Superblock>,
        start: &Start,
        mode: Mode,
        next: &mut dyn FnMut(&Superblock, Status) -> Next,
    ) -> Result<Outcome, String> {
        let mut homes = [UNWRITTEN; MAX_HOMES];
        let stack_base = homes.as_ptr_range().end as usize;
        self.run_below(stack_base, homes.as_mut_ptr(), first, start, mode, next)
    }

    /// In a frame of its own: what the uop interpreter holds in registers would else lie wherever in the caller's, and the collector
    /// looks below `stack_base` only.
    #[inline(never)]
    fn run_below(
        &mut self,
        stack_base: usize,
        homes: *mut u64,
        first: &Arc<Superblock>,
        start: &Start,
        mut mode: Mode,
        next: &mut dyn FnMut(&Superblock, Status) -> Next,
    ) -> Result<Outcome, String> {
        self.reset(start);
        self.vm.set_native_stack(stack_base, NATIVE_STACK_BYTES);
        let mut superblock = first.clone();
        for turn in 0..MAX_CHAIN {
            let executor = self.executor(&superblock, start);
            let mut code = None;
            if let Mode::Compiled = mode {
                let address = std::ptr::from_ref(&*executor) as u64;
                let request = CompileRequest {
                    superblock: &superblock,
                    executor: address,
                    layout: &LAYOUT,
                    wanted: Wanted::default(),
                };
                code = Some(self.backend.compile(&request).map_err(|error| error.to_string())?);
            }
            let uops = UopCode::new(superblock.clone());
            let mut ignored = |_: UopIdx| ();
            let mut watched;
            let runner = match (&mut mode, &code) {
                (Mode::Uops(watch), _) => {
                    watched = |idx: UopIdx| watch(&superblock, idx);
                    trial::Runner::Uops(&uops, &mut watched)
                }
                (_, Some(code)) => trial::Runner::Compiled(&self.backend, code.entry),
                (Mode::Compiled, None) => trial::Runner::Uops(&uops, &mut ignored),
            };
            if start.no_stack {
                self.vm.native_stack_limit = usize::MAX;
            }
            let values = &self.facts.values;
            // SAFETY: `reset` made the frame, the generator sees to what superblocks take for granted, and homes are a local.
            let went = unsafe {
                trial::run(&mut self.vm, &executor, runner, homes, |vm, status| {
                    vm.set_native_stack(stack_base, NATIVE_STACK_BYTES);
                    match next(&superblock, status) {
                        Next::Stop => Err(end(vm, values, &superblock, status, homes, start, turn == 0)),
                        Next::From(superblock) => Ok(superblock),
                        Next::FromFrame(other) => {
                            leave(vm, &superblock, status, homes);
                            Ok(other)
                        }
                    }
                })
            };
            if let Some(code) = code {
                self.backend.free(code);
            }
            match went {
                Ok(other) => superblock = other,
                Err(outcome) => {
                    self.vm.frame = std::ptr::null_mut();
                    return Ok(outcome);
                }
            }
        }
        Err("it goes on and on".into())
    }

    fn executor(&self, superblock: &Superblock, start: &Start) -> Box<Executor> {
        let mut executor = trial::executor(Arc::new(superblock.clone()), self.facts.root.code);
        executor.valid = u32::from(!start.is_invalid);
        executor
    }
}

fn find_values(vm: &Vm, facts: &mut Facts, cell: Value) {
    let is_pooled = |key: Value| {
        let name = vm.string_of(key);
        name.starts_with("p_") && name != "p_counter" && name != "p_global"
    };
    let globals = vm.table(facts.globals);
    let pooled = globals.iter().filter(|entry| is_pooled(entry.key)).map(|entry| entry.value);
    let immediates = [
        Value::NONE,
        Value::TRUE,
        Value::FALSE,
        Value::small_int(0),
        Value::small_int(3),
        Value::small_int(-2),
        Value::small_int((1 << 48) - 1),
        Value::float(1.5),
        Value::float(-0.0),
        Value::float(f64::NAN),
    ];
    let values = pooled
        .chain(facts.callees.iter().map(|callee| callee.function))
        .chain(facts.natives.iter().map(|native| native.0))
        .chain([cell])
        .chain(facts.classes.iter().copied())
        .chain(immediates);
    let known = |value: Value| Known { value, shape: value.is_object().then(|| vm.shape_of(value)) };
    facts.values = values.map(known).collect();
}

/// Takes down what all that can change looks like.
fn save(vm: &mut Vm, facts: &mut Facts) -> Vec<Saved> {
    let mut painter = Painter::new(vm);
    for value in facts.values.iter().map(|known| known.value).chain([facts.counter, facts.globals]) {
        painter.value(value);
    }
    let reached = painter.reached();
    vm.roots.extend(reached.iter().chain(&facts.names).chain(&facts.global_names));
    // All of it is old from now on, as what a program has had for long.
    vm.collect_garbage(true);
    let mut saved = Vec::new();
    for object in reached {
        facts.shapes.insert(object.bits(), vm.shape_of(object));
        let is_fixed = matches!(
            vm.layout_of(object),
            BuiltinType::Type | BuiltinType::Code | BuiltinType::Module | BuiltinType::Str | BuiltinType::Int
        );
        if is_fixed {
            continue;
        }
        let size_bytes = vm.heap.size_bytes(object.as_ptr());
        // SAFETY: a live object of this size.
        let words = unsafe { std::slice::from_raw_parts(object.as_ptr::<u64>(), size_bytes / 8) };
        saved.push(Saved { at: object.as_ptr(), words: words.into() });
    }
    saved
}

/// Rebuilds the frames of an exit; gives the running frame's state, or where nothing was to be rebuilt, none.
///
/// # Safety
/// The superblock has just left, with these homes.
unsafe fn leave(vm: &mut Vm, superblock: &Superblock, status: Status, homes: *const u64) -> Option<State> {
    let Status::Exit(exit) = status else { return None };
    let frame = vm.frame;
    // SAFETY: the caller's promise.
    Some(unsafe { rebuild(vm, frame, superblock, superblock.exits[exit.index()].snapshot, homes) })
}

/// Pictures what is left once the frames are rebuilt.
///
/// # Safety
/// The superblock has just left, with these homes.
unsafe fn end(
    vm: &mut Vm,
    values: &[Known],
    superblock: &Superblock,
    status: Status,
    homes: *const u64,
    start: &Start,
    is_first: bool,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let mut painter = Painter::new(vm);
        // Those of others that ran before would be there, too.
        if is_first {
            painter.homes(superblock, homes, UNWRITTEN);
        }
        let homes_picture = painter.end();
        let state = leave(vm, superblock, status, homes);
        if start.collect_at_end {
            if let Some(state) = state {
                // Where the collector looks for what the frame holds.
                (*state.frame).sp = state.sp;
                if (*state.frame).generator.is_null() {
                    vm.data_top = vm.data_top.max(state.sp);
                }
            }
            vm.collect_garbage(false);
        }
        let mut painter = Painter::new(vm);
        painter.machine(status, state);
        values.iter().for_each(|known| painter.value(known.value));
        let home_words = std::slice::from_raw_parts(homes, usize::from(superblock.n_homes)).into();
        Outcome { status, picture: painter.end(), homes: homes_picture, home_words, last: None }
    }
}

fn callee(function: Value) -> Callee {
    // SAFETY: the world's functions are Python functions.
    unsafe {
        let code_object = (*function.as_ptr::<FunctionObject>()).code;
        Callee { function, code_object: code_object.bits(), code: (*code_object.as_ptr::<CodeObject>()).code }
    }
}

fn push(vm: &mut Vm, callee: &Callee, arguments: &[Value]) -> *mut Frame {
    let frame = vm.push_call(callee.function, Arguments::positional(arguments)).expect("the arguments fit");
    vm.frame = frame;
    vm.depth += 1;
    frame
}

fn suspended(generator: Value) -> Suspended {
    // SAFETY: a suspended generator.
    unsafe {
        let object = generator.as_ptr::<GeneratorObject>();
        let frame = &raw mut (*object).frame;
        let code = (*frame).code;
        Suspended {
            generator,
            function: (*frame).function,
            code_object: (*frame).code_object as u64,
            ip: (*frame).ip as i64,
            ip_index: Frame::instruction_index(frame) as u32,
            top: (*frame).sp.offset_from(Frame::slot(frame, 0)) as u16,
            n_locals: (*code).n_localsplus as u16,
            state: (*object).state as i64,
        }
    }
}

/// The shapes of an instance that gets one attribute after the other.
fn growth(vm: &mut Vm, class: Value) -> Growth {
    // SAFETY: a class.
    let first = unsafe { (*class.as_ptr::<TypeObject>()).instance_shape };
    let inline_slots = vm.shapes.get(first).inline_slots;
    let instance = vm.call(class, &[]).expect("an instance");
    let mut shapes = vec![vm.shape_of(instance)];
    for name in ["x", "y", "z"] {
        let name = vm.intern(name);
        vm.set_attr(instance, name, Value::NONE).expect("an attribute");
        shapes.push(vm.shape_of(instance));
    }
    shapes.truncate(usize::from(inline_slots) + 1);
    assert!(shapes[0] == first && shapes.len() > 2, "instances have room for slots");
    Growth { shapes, inline_slots }
}

fn cell_of(function: Value) -> Value {
    // SAFETY: a closure over one cell.
    unsafe {
        let closure = (*function.as_ptr::<FunctionObject>()).closure;
        let cell = (*closure.as_ptr::<TupleObject>()).items()[0];
        debug_assert!((*cell.as_ptr::<CellObject>()).header.shape == BuiltinType::Cell.shape());
        cell
    }
}
