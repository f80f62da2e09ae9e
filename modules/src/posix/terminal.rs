//! Terminals.

use super::OrRaise;
use stitch_runtime::host::terminal;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{fields, struct_sequence};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("get_terminal_size", "(fd=<unrepresentable>, /)", |vm: &mut Vm, fd: Option<i32>| {
        let size = terminal::window_size(fd.unwrap_or(1)).or_raise(vm)?;
        let values = [size.ws_col, size.ws_row].map(|number| Value::small_int(number.into()));
        vm.new_struct_sequence(&TERMINAL_SIZE, &values)
    })
    .doc("How many columns and lines a terminal has."),
    method("ttyname", "(fd, /)", |vm: &mut Vm, fd: i32| -> PyResult {
        let name = terminal::terminal_name(fd).or_raise(vm)?;
        Ok(vm.fs_decode(&name))
    })
    .doc("The file of a terminal."),
    method("ctermid", "()", || "/dev/tty").doc("The file of the process's terminal."),
    method("openpty", "()", |vm: &mut Vm| -> PyResult {
        let ends = terminal::open_pair().or_raise(vm)?;
        Ok(vm.new_tuple(&ends.map(|fd| Value::small_int(fd.into()))))
    })
    .doc("Both ends of a new pseudo-terminal."),
    method("login_tty", "(fd, /)", |vm: &mut Vm, fd: i32| terminal::log_in(fd).or_raise(vm))
        .doc("Makes a terminal that of a new session, and its standard streams."),
    method("posix_openpt", "(oflag, /)", |vm: &mut Vm, flags: i32| {
        terminal::open_master(flags | libc::O_CLOEXEC).or_raise(vm)
    })
    .doc("Opens the first end of a pseudo-terminal."),
    method("grantpt", "(fd, /)", |vm: &mut Vm, fd: i32| terminal::grant(fd).or_raise(vm))
        .doc("Lets the process's user have the other end."),
    method("unlockpt", "(fd, /)", |vm: &mut Vm, fd: i32| terminal::unlock(fd).or_raise(vm))
        .doc("Lets the other end be opened."),
    method("ptsname", "(fd, /)", |vm: &mut Vm, fd: i32| -> PyResult {
        let name = terminal::other_end_name(fd).or_raise(vm)?;
        Ok(vm.fs_decode(&name))
    })
    .doc("The file of the other end."),
    method("tcgetpgrp", "(fd, /)", |vm: &mut Vm, fd: i32| terminal::foreground_group(fd).or_raise(vm))
        .doc("The group of processes that a terminal belongs to at the moment."),
    method("tcsetpgrp", "(fd, pgid, /)", |vm: &mut Vm, fd: i32, group: i32| {
        terminal::set_foreground_group(fd, group).or_raise(vm)
    })
    .doc("Gives a terminal to a group of processes."),
];

pub static TERMINAL_SIZE: TypeSpec = struct_sequence("terminal_size", "os", "The size of a terminal.", SIZE_FIELDS);
const SIZE_FIELDS: &[GetSetRow] = &fields(["columns", "lines"]);
