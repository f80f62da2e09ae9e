//! What processor time processes get.

use super::OrRaise;
use stitch_runtime::host::process::{self, SchedulingParameter};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{REPLACE, fields, struct_sequence};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("sched_yield", "()", |vm: &mut Vm| process::yield_processor().or_raise(vm)).doc("Lets others run."),
    method("sched_get_priority_max", "(policy)", |vm: &mut Vm, policy: i32| {
        process::highest_priority(policy).or_raise(vm)
    })
    .doc("The highest priority of a policy."),
    method("sched_get_priority_min", "(policy)", |vm: &mut Vm, policy: i32| {
        process::lowest_priority(policy).or_raise(vm)
    })
    .doc("The lowest priority of a policy."),
    method("sched_getscheduler", "(pid, /)", |vm: &mut Vm, pid: i32| process::scheduler_of(pid).or_raise(vm))
        .doc("The policy of a process."),
    method(
        "sched_setscheduler",
        "(pid, policy, param, /)",
        |vm: &mut Vm, pid: i32, policy: i32, parameter: Value| -> PyResult<()> {
            let parameter = parameter_of(vm, parameter)?;
            process::set_scheduler_of(pid, policy, &parameter).or_raise(vm)?;
            Ok(())
        },
    )
    .doc("Sets the policy of a process."),
    method("sched_getparam", "(pid, /)", |vm: &mut Vm, pid: i32| {
        let parameter = process::scheduling_of(pid).or_raise(vm)?;
        let priority = Value::small_int(parameter.sched_priority.into());
        vm.new_struct_sequence(&SCHED_PARAM, &[priority])
    })
    .doc("The priority of a process."),
    method("sched_setparam", "(pid, param, /)", |vm: &mut Vm, pid: i32, parameter: Value| {
        let parameter = parameter_of(vm, parameter)?;
        process::set_scheduling_of(pid, &parameter).or_raise(vm)
    })
    .doc("Sets the priority of a process."),
    method("sched_rr_get_interval", "(pid, /)", |vm: &mut Vm, pid: i32| {
        let time = process::round_robin_interval(pid).or_raise(vm)?;
        Ok::<f64, stitch_runtime::Raised>(time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9)
    })
    .doc("How long a process runs before others of its priority do."),
    method("sched_getaffinity", "(pid, /)", |vm: &mut Vm, pid: i32| {
        let processors = process::processors_of(pid).or_raise(vm)?;
        let set = vm.new_set(BuiltinType::Set)?;
        for processor in processors {
            vm.set_add(set, Value::small_int(processor.into()))?;
        }
        Ok::<Value, stitch_runtime::Raised>(set)
    })
    .doc("The processors that a process may run on."),
    method("sched_setaffinity", "(pid, mask, /)", set_affinity).doc("Sets the processors to run on."),
    method("cpu_count", "()", |vm: &mut Vm| -> PyResult<Option<i64>> {
        let count = process::setting(libc::_SC_NPROCESSORS_ONLN).or_raise(vm)?;
        Ok(count.filter(|&count| count > 0))
    })
    .doc("How many processors the system has."),
];

pub static SCHED_PARAM: TypeSpec = TypeSpec {
    new: Some(
        method("__new__", "($type, /, sched_priority)", |vm: &mut Vm, _: Value, priority: Value| {
            vm.new_struct_sequence(&SCHED_PARAM, &[priority])
        })
        .doc("Of a priority."),
    ),
    methods: &[
        method("__reduce__", "($self, /)", |vm: &mut Vm, this: Value| -> PyResult {
            let class = Value::object(vm.class_of(this));
            let priority = vm.get_item(this, Value::small_int(0))?;
            let arguments = vm.new_tuple(&[priority]);
            Ok(vm.new_tuple(&[class, arguments]))
        })
        .doc("What makes it anew."),
        REPLACE,
    ],
    ..struct_sequence("sched_param", "posix", "What a policy wants to know of a process.", SCHED_FIELDS)
};
const SCHED_FIELDS: &[GetSetRow] = &fields(["sched_priority"]);

fn parameter_of(vm: &mut Vm, value: Value) -> PyResult<SchedulingParameter> {
    if !std::ptr::eq(vm.spec_of(value), &SCHED_PARAM) {
        return Err(vm.raise_type("must have a sched_param object"));
    }
    let priority = vm.get_item(value, Value::small_int(0))?;
    Ok(SchedulingParameter { sched_priority: vm.c_int(priority)? })
}

/// The most that there can be, by the system's headers.
const MOST_PROCESSORS: i64 = 1 << 20;

fn set_affinity(vm: &mut Vm, pid: i32, processors: Value) -> PyResult<()> {
    let iterator = vm.get_iter(processors)?;
    let mut mask = vec![0u64; 16];
    while let Some(processor) = vm.iter_next(iterator)? {
        let number = vm.index_i64(processor)?;
        if number < 0 {
            return Err(vm.raise_value("negative CPU number"));
        }
        if number >= MOST_PROCESSORS {
            return Err(vm.raise_overflow("CPU number too large"));
        }
        let word = number as usize / 64;
        if word >= mask.len() {
            mask.resize((word + 1).next_power_of_two(), 0);
        }
        mask[word] |= 1 << (number % 64);
    }
    process::set_processors(pid, &mask).or_raise(vm)
}
