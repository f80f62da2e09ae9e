//! Processes: their numbers, groups, sessions and priorities.

use super::OrRaise;
use crate::io::unflushed::{self, Touched};
use stitch_runtime::host::{self, process};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{fields, struct_sequence};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("getpid", "()", host::process_id).doc("The number of the process."),
    method("getppid", "()", process::parent).doc("The number of the parent process."),
    method("getpgrp", "()", process::process_group).doc("The number of the process's group."),
    method("getpgid", "(pid)", |vm: &mut Vm, pid: i32| process::group_of(pid).or_raise(vm))
        .doc("The number of a process's group."),
    method("setpgid", "(pid, pgrp, /)", |vm: &mut Vm, pid: i32, group: i32| {
        process::set_group_of(pid, group).or_raise(vm)
    })
    .doc("Puts a process into a group."),
    method("setpgrp", "()", |vm: &mut Vm| process::set_group_of(0, 0).or_raise(vm))
        .doc("Makes the process the leader of a group."),
    method("getsid", "(pid, /)", |vm: &mut Vm, pid: i32| process::session_of(pid).or_raise(vm))
        .doc("The number of a process's session."),
    method("setsid", "()", |vm: &mut Vm| -> PyResult<()> {
        process::start_session().or_raise(vm)?;
        Ok(())
    })
    .doc("Begins a session."),
    method("kill", "(pid, signal, /)", |vm: &mut Vm, pid: i32, signal: i32| {
        process::send_signal(pid, signal).or_raise(vm)?;
        // One that was sent to this process itself is answered at once.
        vm.answer_signals()
    })
    .doc("Sends a signal to a process."),
    method("killpg", "(pgid, signal, /)", |vm: &mut Vm, group: i32, signal: i32| {
        process::send_signal_to_group(group, signal).or_raise(vm)?;
        vm.answer_signals()
    })
    .doc("Sends a signal to a group of processes."),
    method("nice", "(increment, /)", |vm: &mut Vm, increment: i32| process::be_nice(increment).or_raise(vm))
        .doc("Makes the process nicer to others; gives how nice it is."),
    method("getpriority", "(which, who)", |vm: &mut Vm, which: i32, who: i32| {
        process::priority(which, who as u32).or_raise(vm)
    })
    .doc("The priority of a process, a group or a user."),
    method("setpriority", "(which, who, priority)", |vm: &mut Vm, which: i32, who: i32, priority: i32| {
        process::set_priority(which, who as u32, priority).or_raise(vm)
    })
    .doc("Sets a priority."),
    method("times", "()", times)
        .doc("How long the process and its children have computed, and the time since some point."),
    method("getloadavg", "()", |vm: &mut Vm| match process::load_averages() {
        Some(loads) => Ok(vm.new_tuple(&loads.map(Value::float))),
        None => Err(vm.raise(vm.exceptions.OSError, "Load averages are unobtainable")),
    })
    .doc("How many processes ran on average in the last 1, 5 and 15 minutes."),
    method("uname", "()", uname).doc("What the system is called."),
    method("pidfd_open", "(pid, flags=0)", |vm: &mut Vm, pid: i32, flags: Option<u32>| {
        process::process_descriptor(pid, flags.unwrap_or(0)).or_raise(vm)
    })
    .doc("A descriptor that stands for a process."),
    method("setns", "(fd, nstype=0)", |vm: &mut Vm, fd: stitch_runtime::object::path::OpenFile, kind: Option<i32>| {
        process::enter_namespace(fd.0, kind.unwrap_or(0)).or_raise(vm)
    })
    .doc("Enters a namespace."),
    method("unshare", "(flags)", |vm: &mut Vm, flags: i32| process::leave_namespaces(flags).or_raise(vm))
        .doc("Leaves the namespaces that the process shares with others."),
    method("_exit", "(status)", |vm: &mut Vm, status: i32| -> () {
        unflushed::settle(vm, Touched::All);
        process::exit_now(status)
    })
    .doc("Ends the process at once."),
    method("abort", "()", || -> () { process::abort() }).doc("Ends the process by the signal SIGABRT."),
];

pub static TIMES_RESULT: TypeSpec =
    struct_sequence("times_result", "posix", "How long a process has computed.", TIMES_FIELDS);
const TIMES_FIELDS: &[GetSetRow] = &fields(["user", "system", "children_user", "children_system", "elapsed"]);

pub static UNAME_RESULT: TypeSpec = struct_sequence("uname_result", "posix", "What a system is called.", UNAME_FIELDS);
const UNAME_FIELDS: &[GetSetRow] = &fields(["sysname", "nodename", "release", "version", "machine"]);

fn times(vm: &mut Vm) -> PyResult {
    let (times, ticks) = process::times().or_raise(vm)?;
    let values = times.map(|time| Value::float(time as f64 / ticks as f64));
    vm.new_struct_sequence(&TIMES_RESULT, &values)
}

fn uname(vm: &mut Vm) -> PyResult {
    let name = process::system_name().or_raise(vm)?;
    let texts = [&name.sysname, &name.nodename, &name.release, &name.version, &name.machine];
    let values = texts.map(|text| {
        let bytes: Vec<u8> = text.iter().map(|&byte| byte as u8).take_while(|&byte| byte != 0).collect();
        vm.fs_decode(&bytes)
    });
    vm.new_struct_sequence(&UNAME_RESULT, &values)
}
