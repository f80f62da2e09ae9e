//! Making a process of a process, and what programs want done then.

use super::{MODULE, OrRaise};
use crate::io::unflushed::{self, Touched};
use stitch_runtime::host::{HostResult, process, terminal};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::ModuleState;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("fork", "()", fork).doc("Makes a copy of the process: gives 0 in it, and its number in this one."),
    method("forkpty", "()", fork_with_terminal).doc("As fork, with a terminal for the copy: number and descriptor."),
    method(
        "register_at_fork",
        "(*, before=<unrepresentable>, after_in_child=<unrepresentable>, after_in_parent=<unrepresentable>)",
        register,
    )
    .doc("Has functions called before and after the process is copied."),
];

/// What is called around a fork.
#[derive(Default)]
pub struct ForkHooks {
    before: Vec<Value>,
    in_child: Vec<Value>,
    in_parent: Vec<Value>,
}

impl ModuleState for ForkHooks {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        [&self.before, &self.in_child, &self.in_parent].into_iter().flatten().for_each(|&hook| visit(hook));
    }
}

fn register(vm: &mut Vm, before: Option<Value>, in_child: Option<Value>, in_parent: Option<Value>) -> PyResult<()> {
    if before.or(in_child).or(in_parent).is_none() {
        return Err(vm.raise_type("At least one argument is required."));
    }
    for (name, hook) in [("before", before), ("after_in_child", in_child), ("after_in_parent", in_parent)] {
        if let Some(hook) = hook
            && vm.slots_of(hook).call.is_none()
        {
            let message = format!("'{name}' must be callable, not {}", vm.class_name(hook));
            return Err(vm.raise_type(&message));
        }
    }
    if let Some(hooks) = vm.module_state::<ForkHooks>(&MODULE) {
        hooks.before.extend(before);
        hooks.in_child.extend(in_child);
        hooks.in_parent.extend(in_parent);
    }
    Ok(())
}

/// Calls hooks; what they raise nobody can catch.
fn call_all(vm: &mut Vm, which: fn(&ForkHooks) -> &Vec<Value>, in_reverse: bool) {
    let mut at = 0;
    loop {
        let Some(hooks) = vm.module_state::<ForkHooks>(&MODULE) else { return };
        let hooks = which(hooks);
        let Some(&hook) = (if in_reverse { hooks.iter().rev().nth(at) } else { hooks.get(at) }) else { return };
        at += 1;
        if vm.call(hook, &[]).is_err() {
            vm.write_unraisable("Exception ignored in", hook);
        }
    }
}

/// To be called before the process is copied: nobody else of this machine does anything then.
pub(crate) fn before_fork(vm: &mut Vm) {
    call_all(vm, |hooks| &hooks.before, true);
    vm.stop_compiling();
}

/// Copies the process, which goes on in both.
pub(crate) fn copy_process(vm: &mut Vm) -> HostResult<i32> {
    process::fork_and_separate(|| {
        vm.forget_other_threads();
        vm.after_fork_in_child();
        crate::ctypes::after_fork_in_child(vm);
    })
}

pub(crate) fn after_fork_in_child(vm: &mut Vm) {
    crate::thread::forget_others(vm);
    call_all(vm, |hooks| &hooks.in_child, false);
}

pub(crate) fn after_fork_in_parent(vm: &mut Vm, function: &str) -> PyResult<()> {
    call_all(vm, |hooks| &hooks.in_parent, false);
    if vm.threads.n_others() == 0 {
        return Ok(());
    }
    let pid = stitch_runtime::host::process_id();
    let message =
        format!("This process (pid={pid}) is multi-threaded, use of {function}() may lead to deadlocks in the child.");
    vm.warn(vm.exceptions.DeprecationWarning, &message)
}

fn fork(vm: &mut Vm) -> PyResult<i32> {
    unflushed::settle(vm, Touched::All);
    before_fork(vm);
    let pid = copy_process(vm);
    match pid {
        Ok(0) => after_fork_in_child(vm),
        _ => after_fork_in_parent(vm, "fork")?,
    }
    pid.or_raise(vm)
}

fn fork_with_terminal(vm: &mut Vm) -> PyResult {
    let [master, slave] = terminal::open_pair().or_raise(vm)?;
    before_fork(vm);
    let pid = copy_process(vm);
    let close = |fd| drop(stitch_runtime::host::descriptor::close(fd));
    match pid {
        Ok(0) => {
            close(master);
            if terminal::log_in(slave).is_err() {
                process::exit_now(1);
            }
            after_fork_in_child(vm);
            return Ok(vm.new_tuple(&[0, -1].map(Value::small_int)));
        }
        _ => after_fork_in_parent(vm, "forkpty")?,
    }
    close(slave);
    if pid.is_err() {
        close(master);
    }
    let pid = pid.or_raise(vm)?;
    Ok(vm.new_tuple(&[pid, master].map(|number| Value::small_int(number.into()))))
}
