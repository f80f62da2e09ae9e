//! Waiting for children, and what their status says.

use super::OrRaise;
use stitch_runtime::host::process::{self, Usage};
use stitch_runtime::object::argument::{Index, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{fields, struct_sequence};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("wait", "()", |vm: &mut Vm| {
        let (pid, status, _) = wait_for(vm, -1, 0)?;
        pair(vm, pid, status)
    })
    .doc("Waits for a child: its number and its status."),
    method("waitpid", "(pid, options, /)", |vm: &mut Vm, pid: i32, options: i32| {
        let (pid, status, _) = wait_for(vm, pid, options)?;
        pair(vm, pid, status)
    })
    .doc("Waits for a certain child."),
    method("wait3", "(options)", |vm: &mut Vm, options: i32| with_usage(vm, -1, options))
        .doc("Waits for a child: number, status and what it used."),
    method("wait4", "(pid, options)", with_usage).doc("Waits for a certain child; says what it used, too."),
    method("waitid", "(idtype, id, options, /)", wait_id).doc("Waits for a change of a child."),
    method("waitstatus_to_exitcode", "(status)", exit_code)
        .doc("The exit code of a status; the negative number of the signal that ended the process."),
    method("WCOREDUMP", "(status, /)", |status: i32| libc::WCOREDUMP(status)).doc("Was its memory kept in a file?"),
    method("WIFCONTINUED", STATUS, |status: i32| libc::WIFCONTINUED(status)).doc("Does it run again?"),
    method("WIFSTOPPED", STATUS, |status: i32| libc::WIFSTOPPED(status)).doc("Was it stopped?"),
    method("WIFSIGNALED", STATUS, |status: i32| libc::WIFSIGNALED(status)).doc("Was it ended by a signal?"),
    method("WIFEXITED", STATUS, |status: i32| libc::WIFEXITED(status)).doc("Did it end by itself?"),
    method("WEXITSTATUS", STATUS, |status: i32| libc::WEXITSTATUS(status)).doc("What it ended with."),
    method("WTERMSIG", STATUS, |status: i32| libc::WTERMSIG(status)).doc("The signal that ended it."),
    method("WSTOPSIG", STATUS, |status: i32| libc::WSTOPSIG(status)).doc("The signal that stopped it."),
];

const STATUS: &str = "(status)";

pub static WAITID_RESULT: TypeSpec = struct_sequence("waitid_result", "posix", "A change of a child.", WAITID_FIELDS);
const WAITID_FIELDS: &[GetSetRow] = &fields(["si_pid", "si_uid", "si_signo", "si_status", "si_code"]);

fn wait_for(vm: &mut Vm, pid: i32, options: i32) -> PyResult<(i32, i32, Usage)> {
    let (mut status, mut usage) = (0, process::no_usage());
    let pid = vm.wait_for(|| process::wait_into(pid, &mut status, options, &mut usage))?.or_raise(vm)?;
    Ok((pid, status, usage))
}

fn pair(vm: &mut Vm, pid: i32, status: i32) -> PyResult {
    Ok(vm.new_tuple(&[pid, status].map(|number| Value::small_int(number.into()))))
}

fn with_usage(vm: &mut Vm, pid: i32, options: i32) -> PyResult {
    let (pid, status, usage) = wait_for(vm, pid, options)?;
    let usage = crate::resource::usage_result(vm, &usage)?;
    Ok(vm.new_tuple(&[Value::small_int(pid.into()), Value::small_int(status.into()), usage]))
}

fn wait_id(vm: &mut Vm, kind: i32, id: Index, options: i32) -> PyResult {
    let info = vm.wait_for(|| process::wait_for_child(kind as u32, id.0 as u32, options))?.or_raise(vm)?;
    let Some(info) = info else { return Ok(Value::NONE) };
    let fields = process::child_fields(&info).map(Value::small_int);
    vm.new_struct_sequence(&WAITID_RESULT, &fields)
}

fn exit_code(vm: &mut Vm, status: Value) -> PyResult<i64> {
    let status = vm.c_int(status)?;
    if libc::WIFEXITED(status) {
        Ok(libc::WEXITSTATUS(status).into())
    } else if libc::WIFSIGNALED(status) {
        Ok(-i64::from(libc::WTERMSIG(status)))
    } else if libc::WIFSTOPPED(status) {
        let message = format!("process stopped by delivery of signal {}", libc::WSTOPSIG(status));
        Err(vm.raise_value(&message))
    } else {
        Err(vm.raise_value(&format!("invalid wait status: {status}")))
    }
}
