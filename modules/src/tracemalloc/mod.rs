//! `_tracemalloc`: how much memory a program's objects take. What is alive is found by a collection, when somebody asks; nothing is
//! noted where an object is made, so that all of it is of one trace, whose place is not known.

use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_tracemalloc",
    doc: "How much memory objects take.",
    functions: &[
        method("start", "(nframe=1, /)", start)
            .outside_traces()
            .doc("Begins to tell of memory: of objects made from now on. Where they were made is not noted."),
        method("stop", "()", |vm: &mut Vm| State::of(vm).base_bytes = None).doc("Ends what start began."),
        method("is_tracing", "()", |vm: &mut Vm| State::of(vm).base_bytes.is_some()).doc("Has start begun it?"),
        method("get_traceback_limit", "()", |vm: &mut Vm| State::of(vm).n_frames)
            .doc("The most frames of a traceback that were asked for."),
        method("clear_traces", "()", |vm: &mut Vm| {
            if State::of(vm).base_bytes.is_some() {
                begin(vm);
            }
        })
        .outside_traces()
        .doc("Forgets the objects that there are."),
        method("reset_peak", "()", |vm: &mut Vm| vm.heap.peak_bytes = 0).doc("Forgets the most bytes that there were."),
        method("get_traced_memory", "()", get_traced_memory)
            .outside_traces()
            .doc("How many bytes objects made since start take, after a collection, and the most that they took."),
        method("get_tracemalloc_memory", "()", |_: &mut Vm| size_of::<State>())
            .doc("Bytes that the module itself takes."),
        method("_get_traces", "()", get_traces)
            .outside_traces()
            .doc("A list of one trace, of all objects made since start, at an unknown place."),
        method("_get_object_traceback", "(obj, /)", |_: &mut Vm, _: Value| Value::NONE)
            .doc("None: where an object was made is not noted."),
    ],
    state: Some(|| Box::new(State { base_bytes: None, n_frames: 1 })),
    ..ModuleSpec::NEW
};

struct State {
    /// What was alive at the start.
    base_bytes: Option<usize>,
    n_frames: i64,
}

impl ModuleState for State {}

impl State {
    fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's state is this")
    }
}

fn start(vm: &mut Vm, n_frames: Option<i64>) -> PyResult<()> {
    let n_frames = n_frames.unwrap_or(1);
    if !(1..=0xFFFF).contains(&n_frames) {
        return Err(vm.raise_value("the number of frames must be in range [1; 65535]"));
    }
    if State::of(vm).base_bytes.is_none() {
        State::of(vm).n_frames = n_frames;
        begin(vm);
    }
    Ok(())
}

fn begin(vm: &mut Vm) {
    let bytes = live_bytes(vm);
    vm.heap.peak_bytes = 0;
    State::of(vm).base_bytes = Some(bytes);
}

/// Bytes of what a collection finds alive.
fn live_bytes(vm: &mut Vm) -> usize {
    let stack = vm.take_bare_stack();
    vm.collect_on(stack, true);
    vm.heap.reckoned_bytes()
}

/// Bytes made since the start that are alive, and the most that there were.
fn traced(vm: &mut Vm) -> (usize, usize) {
    let Some(base) = State::of(vm).base_bytes else { return (0, 0) };
    let current = live_bytes(vm).saturating_sub(base);
    (current, vm.heap.peak_bytes.saturating_sub(base).max(current))
}

fn get_traced_memory(vm: &mut Vm) -> PyResult {
    let (current, peak) = traced(vm);
    let (current, peak) = (vm.new_int_from_usize(current), vm.new_int_from_usize(peak));
    Ok(vm.new_tuple(&[current, peak]))
}

fn get_traces(vm: &mut Vm) -> PyResult {
    let (current, _) = traced(vm);
    if current == 0 {
        return vm.new_list(&[]);
    }
    let (size, zero, name) = (vm.new_int_from_usize(current), Value::small_int(0), vm.intern("<unknown>"));
    let frame = vm.new_tuple(&[name, zero]);
    let frames = vm.new_tuple(&[frame]);
    let trace = vm.new_tuple(&[zero, size, frames, Value::small_int(1)]);
    vm.new_list(&[trace])
}
