//! `gc`: what a program can see and set of the collector. Memory is taken back without it, whatever is set here.

mod state;

use state::State;
use std::time::Instant;
use stitch_runtime::host::write_stderr;
use stitch_runtime::object::argument::{ClampedIndex, Index, OrNone, Rest, method};
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::{PyResult, Value, Vm};

const DEBUG_STATS: i64 = 1;
const DEBUG_SAVEALL: i64 = 32;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "gc",
    doc: "The garbage collector.",
    functions: &[
        method("enable", "()", |vm: &mut Vm| State::of(vm).is_enabled = true)
            .doc("Notes that the collector is enabled."),
        method("disable", "()", |vm: &mut Vm| State::of(vm).is_enabled = false)
            .doc("Notes that the collector is disabled; memory is taken back nevertheless."),
        method("isenabled", "()", |vm: &mut Vm| State::of(vm).is_enabled).doc("Is the collector enabled?"),
        method("set_debug", "(flags, /)", |vm: &mut Vm, flags: Index| State::of(vm).debug = flags.0)
            .doc("Sets debugging flags."),
        method("get_debug", "()", |vm: &mut Vm| State::of(vm).debug).doc("The debugging flags."),
        method("get_count", "()", get_count).doc("The counts of the generations."),
        method("set_threshold", "(threshold0, threshold1=None, threshold2=None, /)", set_threshold)
            .doc("Sets the thresholds of the generations."),
        method("get_threshold", "()", get_threshold).doc("The thresholds of the generations."),
        method("collect", "(generation=2)", collect).outside_traces().doc("Collects, and finalizes what is dead."),
        method("get_objects", "(generation=None)", get_objects).doc("The containers that the collector knows of."),
        method("get_stats", "()", get_stats).doc("A dict for each generation of what was collected."),
        method("is_tracked", "(obj, /)", |vm: &mut Vm, object: Value| vm.is_tracked(object))
            .doc("Can the object be part of a cycle?"),
        method("is_finalized", "(obj, /)", |vm: &mut Vm, object: Value| vm.is_finalized(object))
            .doc("Did the object's finalizer run?"),
        method("get_referrers", "(*objs)", |vm: &mut Vm, objects: Rest| -> PyResult {
            vm.audit("gc.get_referrers", |vm| vm.new_tuple(&[objects.value()]))?;
            vm.referrers(objects.value())
        })
        .doc("The containers that refer to any of the objects."),
        method("get_referents", "(*objs)", |vm: &mut Vm, objects: Rest| -> PyResult {
            vm.audit("gc.get_referents", |vm| vm.new_tuple(&[objects.value()]))?;
            vm.referents(objects.value())
        })
        .doc("The objects that any of the objects refers to."),
        method("freeze", "()", |vm: &mut Vm| {
            let count = vm.tracked_objects().len();
            State::of(vm).n_frozen = count;
        })
        .doc("Takes all there is to stay for good."),
        method("unfreeze", "()", |vm: &mut Vm| State::of(vm).n_frozen = 0).doc("Takes back what freeze did."),
        method("get_freeze_count", "()", |vm: &mut Vm| State::of(vm).n_frozen).doc("How many objects are frozen."),
    ],
    constants: &[
        ("DEBUG_STATS", Constant::Int(DEBUG_STATS)),
        ("DEBUG_COLLECTABLE", Constant::Int(2)),
        ("DEBUG_UNCOLLECTABLE", Constant::Int(4)),
        ("DEBUG_SAVEALL", Constant::Int(DEBUG_SAVEALL)),
        ("DEBUG_LEAK", Constant::Int(38)),
    ],
    exec: Some(|vm, module| {
        let (garbage, callbacks) = (vm.new_list(&[])?, vm.new_list(&[])?);
        let state = State::of(vm);
        (state.garbage, state.callbacks) = (garbage, callbacks);
        vm.set_module_entry(module, "garbage", garbage);
        vm.set_module_entry(module, "callbacks", callbacks);
        Ok(())
    }),
    state: Some(|| Box::new(State::new())),
    ..ModuleSpec::NEW
};

fn set_threshold(vm: &mut Vm, first: Index, second: OrNone<Index>, _: OrNone<Index>) {
    let thresholds = &mut State::of(vm).thresholds;
    thresholds[0] = first.0;
    if let Some(second) = second.0 {
        thresholds[1] = second.0;
    }
}

fn get_threshold(vm: &mut Vm) -> Value {
    let numbers = State::of(vm).thresholds.map(Value::small_int);
    vm.new_tuple(&numbers)
}

fn get_count(vm: &mut Vm) -> Value {
    vm.new_tuple(&[Value::small_int(0); 3])
}

/// Gives how many containers were freed that were in cycles, or hung on them. What is young alone is not counted, and neither is
/// anything where there is so much of it that counting would take longer than collecting.
fn collect(vm: &mut Vm, generation: Option<ClampedIndex>) -> PyResult<usize> {
    let generation = generation.map_or(2, |generation| generation.0);
    if !(0..=2).contains(&generation) {
        return Err(vm.raise_value("invalid generation"));
    }
    let stack = vm.take_bare_stack();
    tell(vm, "start", generation, 0);
    let start = Instant::now();
    let debug = State::of(vm).debug;
    if debug & DEBUG_STATS != 0 {
        write_stderr(format!("gc: collecting generation {generation}...\n").as_bytes());
    }
    let n_found = if generation == 2 {
        let kept = (debug & DEBUG_SAVEALL != 0).then_some(State::of(vm).garbage);
        vm.collect_cycles_on(stack, kept)
    } else {
        vm.collect_on(stack, false);
        0
    };
    if debug & DEBUG_STATS != 0 {
        let seconds = start.elapsed().as_secs_f64();
        let (n_left, n_frozen) = (vm.tracked_objects().len(), State::of(vm).n_frozen);
        let text = format!(
            "gc: objects in each generation: 0 0 {n_left}\ngc: objects in permanent generation: {n_frozen}\n\
             gc: done, {n_found} unreachable, 0 uncollectable, {seconds:.4}s elapsed\n"
        );
        write_stderr(text.as_bytes());
    }
    let state = State::of(vm);
    state.n_collections[generation as usize] += 1;
    state.n_collected[generation as usize] += n_found as i64;
    tell(vm, "stop", generation, n_found as i64);
    Ok(n_found)
}

/// Calls the callbacks of a phase.
fn tell(vm: &mut Vm, phase: &str, generation: i64, n_collected: i64) {
    let callbacks = State::of(vm).callbacks;
    let Ok(callbacks) = vm.collect_tuple(callbacks) else { return };
    // SAFETY: `collect_tuple` gives a tuple, which stands on the stack.
    let items = unsafe { (*callbacks.as_ptr::<TupleObject>()).items() };
    if items.is_empty() {
        return;
    }
    let phase = vm.new_str(phase);
    let info = vm.new_dict();
    for (name, number) in [("generation", generation), ("collected", n_collected), ("uncollectable", 0)] {
        let name = vm.intern(name);
        vm.dict_set_name(info, name, Value::small_int(number));
    }
    for &callback in items {
        if vm.call(callback, &[phase, info]).is_err() {
            vm.write_unraisable("Exception ignored while calling GC callback", callback);
        }
    }
}

fn get_objects(vm: &mut Vm, generation: OrNone<Index>) -> PyResult {
    vm.audit("gc.get_objects", |vm| {
        let generation = vm.new_int(generation.0.as_ref().map_or(-1, |generation| generation.0));
        vm.new_tuple(&[generation])
    })?;
    match generation.0 {
        Some(Index(generation)) if generation < 0 => Err(vm.raise_value("generation parameter cannot be negative")),
        Some(Index(generation)) if generation > 2 => {
            Err(vm.raise_value("generation parameter must be less than the number of available generations (3)"))
        }
        Some(Index(0)) => vm.new_list(&[]),
        _ => vm.list_of_tracked(),
    }
}

fn get_stats(vm: &mut Vm) -> PyResult {
    let list = vm.new_list(&[])?;
    for generation in 0..3 {
        let state = State::of(vm);
        let (n_collections, n_collected) = (state.n_collections[generation], state.n_collected[generation]);
        let entries = [("collections", n_collections), ("collected", n_collected), ("uncollectable", 0)];
        let dict = vm.new_dict();
        for (name, number) in entries {
            let (name, number) = (vm.intern(name), vm.new_int(number));
            vm.dict_set_name(dict, name, number);
        }
        vm.list_push(list.as_ptr(), dict)?;
    }
    Ok(list)
}
