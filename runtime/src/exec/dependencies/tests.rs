//! What goes when something changes, and how long that takes, of executors that are made by hand.

use super::*;
use crate::exec::ExecutorKind;
use crate::vm::VmConfig;
use std::time::{Duration, Instant};

/// Executors without code, the i-th of which relies on the i-th name, and on what all rely on.
fn with_executors(n: u64) -> (Box<Vm>, Vec<Dependency>) {
    let mut vm = Vm::new(VmConfig::default());
    vm.set_native_stack(crate::gc::native_stack_pointer() + 64, 4 << 20);
    let dict = vm.new_dict();
    vm.jit.pin_for_good(dict);
    let mut name = |i: u64| {
        let name = vm.intern(&format!("name_{i}"));
        vm.jit.pin_for_good(name);
        Dependency::Name(dict.0, name.0)
    };
    let names: Vec<Dependency> = (0..n).map(&mut name).collect();
    names.iter().for_each(|&name| add(&mut vm, &[name, Dependency::Exceptions]));
    (vm, names)
}

fn add(vm: &mut Vm, dependencies: &[Dependency]) {
    let id = vm.jit.executors.len() as u32;
    let executor = Executor { id, root: id, ..Executor::new(ExecutorKind::Side, std::ptr::null_mut(), 0) };
    vm.jit.executors.push(Box::new(executor));
    vm.rely(id, dependencies);
}

#[test]
fn exactly_those_go_who_rely_on_what_changed() {
    let (mut vm, names) = with_executors(10_000);
    for &changed in [7, 9_999, 0].map(|i| &names[i]) {
        vm.invalidate(changed);
    }
    let gone: Vec<u32> = vm.jit.executors.iter().filter(|it| !it.stands()).map(|it| it.id).collect();
    assert_eq!((gone, vm.jit.stats.invalidated), (vec![0, 7, 9_999], 3));
    let why = TakenOut { reason: Reason::Name, thing: Some("name_7".into()) };
    assert_eq!(vm.jit.executors[7].taken_out, Some(why));
    vm.invalidate(Dependency::Exceptions);
    assert_eq!(vm.jit.stats.invalidated, 10_000);
    assert_eq!(vm.jit.stats.taken_out[&Reason::Exceptions], 9_997);
}

/// The bound that is promised, for a median; most of it is room for slow machines and builds.
#[test]
fn one_of_ten_thousand_goes_at_once() {
    let (mut vm, names) = with_executors(10_000);
    let mut times: Vec<Duration> = Vec::new();
    for &changed in names.iter().step_by(10) {
        let started = Instant::now();
        vm.invalidate(changed);
        times.push(started.elapsed());
    }
    times.sort_unstable();
    assert_eq!(vm.jit.stats.invalidated, 1_000);
    assert!(times[500] <= Duration::from_micros(10), "{:?}", times[500]);
}

#[test]
fn those_gone_are_not_kept_with_what_they_relied_on() {
    let (mut vm, names) = with_executors(16);
    for round in 0..1_000 {
        let name = names[round % names.len()];
        vm.invalidate(name);
        add(&mut vm, &[name, Dependency::Exceptions]);
    }
    assert!(vm.jit.dependencies.executors[&Dependency::Exceptions].len() <= 64);
}
