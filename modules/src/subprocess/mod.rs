//! `_posixsubprocess`: what `subprocess` starts programs by.

use crate::io::unflushed::{self, Touched};
use crate::posix::{self, OrRaise, owner_of, strings_of};
use stitch_runtime::host::process::{self, StringArray};
use stitch_runtime::host::start::Plan;
use stitch_runtime::object::argument::{Rest, This, method};
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_posixsubprocess",
    doc: "What the module subprocess starts programs by.",
    functions: &[method("fork_exec", SIGNATURE, fork_exec)
        .doc("Copies the process and runs a program in the copy: gives its number. What goes wrong in the copy is written to errpipe_write.")],
    ..ModuleSpec::NEW
};

/// Of one native all of whose parameters are given by their places.
const SIGNATURE: &str = "(*args)";

/// In order: args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,
/// errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn.
const N_ARGUMENTS: usize = 22;

fn fork_exec(vm: &mut Vm, arguments: Rest) -> PyResult<i32> {
    let Ok(given) = <[Value; N_ARGUMENTS]>::try_from(arguments.items()) else {
        let message = format!("fork_exec expected {N_ARGUMENTS} arguments, got {}", arguments.items().len());
        return Err(vm.raise_type(&message));
    };
    let plan = plan_of(vm, &given)?;
    vm.audit("_posixsubprocess.fork_exec", |vm| vm.new_tuple(&[given[1], given[0], given[5]]))?;
    unflushed::settle(vm, Touched::All);
    let before = given[21];
    if before.is_none() {
        return match process::fork() {
            Ok(0) => plan.carry_out(&mut || true),
            pid => pid.or_raise(vm),
        };
    }
    posix::before_fork(vm);
    let pid = posix::copy_process(vm);
    if let Ok(0) = pid {
        posix::after_fork_in_child(vm);
        plan.carry_out(&mut || vm.call(before, &[]).is_ok());
    }
    posix::after_fork_in_parent(vm, "fork")?;
    pid.or_raise(vm)
}

fn plan_of(vm: &mut Vm, given: &[Value; N_ARGUMENTS]) -> PyResult<Plan> {
    let optional = |value: Value| Some(value).filter(|value| !value.is_none());
    let mut ends = [0; 8];
    for (end, &value) in ends.iter_mut().zip(&given[6..14]) {
        *end = vm.c_int(value)?;
    }
    let [input, input_end, output_end, output, errors_end, errors, _, error_end] = ends;
    let closes_others = vm.is_true(given[2])?;
    if closes_others && error_end < 3 {
        return Err(vm.raise_value("errpipe_write must be >= 3"));
    }
    let kept = descriptors_of(vm, given[3])?;
    let environment = match optional(given[5]) {
        Some(environment) => Some(StringArray::new(strings_of(vm, environment)?)),
        None => None,
    };
    let directory = match optional(given[4]) {
        Some(directory) => Some(vm.fs_c_string(directory)?),
        None => None,
    };
    let more_groups = match optional(given[18]) {
        Some(groups) => Some(groups_of(vm, groups)?),
        None => None,
    };
    let (group_to_join, umask) = (vm.c_int(given[16])?, vm.c_int(given[20])?);
    let mut owners = [None; 2];
    for (owner, (value, name)) in owners.iter_mut().zip([(given[17], "gid"), (given[19], "uid")]) {
        if let Some(value) = optional(value) {
            *owner = Some(owner_of(vm, value, name)?);
        }
    }
    Ok(Plan {
        arguments: StringArray::new(strings_of(vm, given[0])?),
        paths: strings_of(vm, given[1])?,
        environment,
        directory,
        kept,
        closes_others,
        streams: [[input, input_end], [output, output_end], [errors, errors_end]],
        error_end,
        restores_signals: vm.is_true(given[14])?,
        starts_session: vm.is_true(given[15])?,
        group_to_join: (group_to_join >= 0).then_some(group_to_join),
        group: owners[0],
        more_groups,
        user: owners[1],
        umask: u32::try_from(umask).ok(),
    })
}

/// Descriptors, each larger than the one before.
fn descriptors_of(vm: &mut Vm, sequence: Value) -> PyResult<Vec<i32>> {
    let list = vm.collect(sequence)?;
    let mut descriptors: Vec<i32> = Vec::new();
    if let Some(list) = This::<ListObject>::of(vm, list) {
        for &value in list.items() {
            let fd = vm.c_int(value)?;
            if descriptors.last().map_or(-1, |last| *last) >= fd {
                return Err(vm.raise_value("bad value(s) in fds_to_keep"));
            }
            descriptors.push(fd);
        }
    }
    Ok(descriptors)
}

fn groups_of(vm: &mut Vm, groups: Value) -> PyResult<Vec<u32>> {
    let list = vm.collect(groups)?;
    let Some(list) = This::<ListObject>::of(vm, list) else { return Ok(Vec::new()) };
    let mut numbers = Vec::with_capacity(list.len);
    for &group in list.items() {
        numbers.push(owner_of(vm, group, "gid")?);
    }
    Ok(numbers)
}
