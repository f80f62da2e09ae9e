//! `select`: waiting until open files can be read or written.

mod epoll;
mod poll;

use crate::posix::OrRaise;
use crate::time::duration_of;
use stitch_runtime::host::poll as host;
use stitch_runtime::host::{HostResult, monotonic_ns};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::path::OpenFile;
use stitch_runtime::{PyResult, Value, Vm};

macro_rules! constants {
    ($($name:ident)*) => {
        const CONSTANTS: &[(&str, Constant)] = &[
            $((stringify!($name), Constant::Int(libc::$name as i64)),)*
            ("EPOLLET", Constant::Int(libc::EPOLLET as u32 as i64)),
            ("POLLMSG", Constant::Int(0x400)),
        ];
    };
}

constants! {
    EPOLLERR EPOLLEXCLUSIVE EPOLLHUP EPOLLIN EPOLLMSG EPOLLONESHOT EPOLLOUT EPOLLPRI EPOLLRDBAND EPOLLRDHUP EPOLLRDNORM
    EPOLLWAKEUP EPOLLWRBAND EPOLLWRNORM EPOLL_CLOEXEC PIPE_BUF POLLERR POLLHUP POLLIN POLLNVAL POLLOUT POLLPRI POLLRDBAND
    POLLRDHUP POLLRDNORM POLLWRBAND POLLWRNORM
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "select",
    doc: "Waiting until open files can be read or written.",
    functions: &[
        method("select", "(rlist, wlist, xlist, timeout=None, /)", select)
            .doc("Waits until something of three sequences can be read, can be written, or is in a special state."),
        method("poll", "()", poll::new).doc("An object that is told what to wait for, and then waits."),
    ],
    constants: CONSTANTS,
    types: &[&epoll::EPOLL],
    exec: Some(|vm, module| {
        let error = Value::object(vm.exceptions.OSError);
        vm.set_module_entry(module, "error", error);
        Ok(())
    }),
    ..ModuleSpec::NEW
};

/// When a wait is over: `None`, at no time.
fn deadline_of(vm: &mut Vm, timeout: Value) -> PyResult<Option<i64>> {
    if timeout.is_none() {
        return Ok(None);
    }
    if !vm.is_index(timeout) && vm.to_float(timeout).is_err() {
        vm.clear_exception();
        return Err(vm.raise_type("timeout must be a float or None"));
    }
    let duration = duration_of(vm, timeout)?;
    if duration < 0 {
        return Err(vm.raise_value("timeout must be non-negative"));
    }
    Ok(Some(monotonic_ns().saturating_add(duration)))
}

/// Waits with what is left of the time, again after each signal.
fn wait_until<T>(
    vm: &mut Vm,
    deadline: Option<i64>,
    mut call: impl FnMut(Option<i64>) -> HostResult<T>,
) -> PyResult<T> {
    vm.wait_for(|| call(deadline.map(|deadline| deadline.saturating_sub(monotonic_ns()).max(0))))?.or_raise(vm)
}

/// Descriptors beyond this do not go into a set.
const MOST_DESCRIPTORS: i32 = libc::FD_SETSIZE as i32;

fn select(vm: &mut Vm, read: Value, write: Value, special: Value, timeout: Option<Value>) -> PyResult {
    let deadline = deadline_of(vm, timeout.unwrap_or(Value::NONE))?;
    let mut entries = Vec::new();
    let mut lists = [Value::NONE; 3];
    for (which, (list, given)) in lists.iter_mut().zip([read, write, special]).enumerate() {
        *list = match vm.collect(given) {
            Ok(list) => list,
            Err(raised) if !vm.exception_matches(vm.exceptions.TypeError) => return Err(raised),
            Err(_) => {
                vm.clear_exception();
                return Err(vm.raise_type("arguments 1-3 must be sequences"));
            }
        };
        let Some(items) = This::<ListObject>::of(vm, *list) else { continue };
        for at in 0..items.len {
            let Some(&object) = items.items().get(at) else { break };
            let fd = OpenFile::of(vm, object)?.0;
            if fd >= MOST_DESCRIPTORS {
                return Err(vm.raise_value("filedescriptor out of range in select()"));
            }
            if at >= MOST_DESCRIPTORS as usize {
                return Err(vm.raise_value("too many file descriptors in select()"));
            }
            entries.push((which, at, fd));
        }
    }
    let wanted = entries.iter().map(|&(which, _, fd)| (which, fd)).collect::<Vec<_>>();
    let ready = wait_until(vm, deadline, |left| host::select(&wanted, left))?;
    let mut results = [Value::NONE; 3];
    for result in &mut results {
        *result = vm.new_list(&[])?;
    }
    for (&(which, at, _), _) in entries.iter().zip(ready).filter(|(_, is_ready)| *is_ready) {
        let object = This::<ListObject>::of(vm, lists[which]).and_then(|list| list.items().get(at).copied());
        if let Some(object) = object {
            vm.list_push(results[which].as_ptr(), object)?;
        }
    }
    Ok(vm.new_tuple(&results))
}
