//! What the JIT counts, and how hot a place must be.

use stitch_runtime::exec::taken_out::Reason;
use stitch_runtime::object::argument::OrNone;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{closed_struct_sequence, fields};
use stitch_runtime::trace::Abort;
use stitch_runtime::uop::ExitKind;
use stitch_runtime::{PyResult, Value, Vm};

pub static THRESHOLDS: TypeSpec =
    closed_struct_sequence("Thresholds", "stitch.jit", "How hot a place must be to be compiled.", THRESHOLD_FIELDS);
const THRESHOLD_FIELDS: &[GetSetRow] = &fields(["loop", "entry", "exit"]);

/// Counters of bytecode have so many bits.
const MAX_THRESHOLD: i64 = u16::MAX as i64;

pub fn thresholds(vm: &mut Vm) -> PyResult {
    let config = &vm.jit.config;
    let numbers = [config.loop_threshold, config.entry_threshold, config.exit_threshold];
    vm.new_struct_sequence(&THRESHOLDS, &numbers.map(|number| Value::small_int(number.into())))
}

pub fn set_thresholds(vm: &mut Vm, of_loops: OrNone<i64>, of_entries: OrNone<i64>, of_exits: OrNone<i64>) -> PyResult {
    let before = thresholds(vm)?;
    let new = [of_loops.0, of_entries.0, of_exits.0];
    if new.iter().flatten().any(|number| !(1..=MAX_THRESHOLD).contains(number)) {
        return Err(vm.raise_value(&format!("thresholds are from 1 to {MAX_THRESHOLD}")));
    }
    let config = &mut vm.jit.config;
    let kept = [&mut config.loop_threshold, &mut config.entry_threshold, &mut config.exit_threshold];
    for (threshold, number) in kept.into_iter().zip(new) {
        *threshold = number.map_or(*threshold, |number| number as u32);
    }
    Ok(before)
}

pub fn statistics(vm: &mut Vm) -> PyResult {
    vm.jit.stats.executor_steps = vm.executor_steps;
    vm.jit.stats.held_bytes = vm.jit.held_bytes();
    let dict = vm.new_dict();
    for (name, count) in vm.jit.stats.counters() {
        set(vm, dict, name, count)?;
    }
    for (name, time) in vm.jit.stats.times() {
        let name = vm.intern(name);
        vm.dict_set(dict, name, Value::float(time.as_secs_f64()))?;
    }
    let aborts = vm.new_dict();
    for abort in Abort::ALL {
        if let Some(&count) = vm.jit.stats.aborts.get(abort) {
            set(vm, aborts, abort.message(), count)?;
        }
    }
    let taken_out = vm.new_dict();
    for reason in Reason::ALL {
        if let Some(&count) = vm.jit.stats.taken_out.get(reason) {
            set(vm, taken_out, reason.message(), count)?;
        }
    }
    let exits = vm.new_dict();
    for kind in [ExitKind::Side, ExitKind::Deopt, ExitKind::Error, ExitKind::Pending, ExitKind::Dynamic] {
        let of_kind = vm.jit.executors.iter().flat_map(|executor| &executor.exits).filter(|exit| exit.kind == kind);
        let count = of_kind.map(|exit| exit.taken).sum();
        set(vm, exits, super::executor::kind_name(kind), count)?;
    }
    for (name, part) in [("aborts", aborts), ("taken_out", taken_out), ("exits_by_kind", exits)] {
        let name = vm.intern(name);
        vm.dict_set(dict, name, part)?;
    }
    Ok(dict)
}

fn set(vm: &mut Vm, dict: Value, name: &str, count: u64) -> PyResult<()> {
    let (name, count) = (vm.intern(name), vm.new_int(count as i64));
    vm.dict_set(dict, name, count)
}
