//! `poll`: descriptors, each with the events to wait for.

use super::wait_until;
use crate::time::duration_of;
use stitch_runtime::host::monotonic_ns;
use stitch_runtime::host::poll::{self as host, Polled};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::path::OpenFile;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
struct Poll {
    header: Header,
    is_waiting: bool,
    polled: Option<Vec<Polled>>,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for Poll {
    const SPEC: &'static TypeSpec = &POLL;
}

static POLL: TypeSpec = TypeSpec {
    name: "poll",
    module: "select",
    doc: "Descriptors to wait for.",
    layout: Some(Layout::of::<Poll>(0).finalized_by(|object| {
        // SAFETY: a dead object, whose table is its alone.
        unsafe { (*object.cast::<Poll>()).polled = None };
    })),
    methods: &[
        method(
            "register",
            "($self, fd, eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)",
            |vm: &mut Vm, mut this: This<Poll>, fd: OpenFile, events: Option<Value>| -> PyResult<()> {
                let events = match events {
                    Some(events) => events_of(vm, events)?,
                    None => libc::POLLIN | libc::POLLPRI | libc::POLLOUT,
                };
                let table = this.table();
                match table.iter_mut().find(|polled| polled.fd == fd.0) {
                    Some(polled) => polled.events = events,
                    None => table.push(Polled { fd: fd.0, events, revents: 0 }),
                }
                Ok(())
            },
        )
        .doc("Waits for a descriptor, too."),
        method(
            "modify",
            "($self, fd, eventmask, /)",
            |vm: &mut Vm, mut this: This<Poll>, fd: OpenFile, events: Value| {
                let events = events_of(vm, events)?;
                match this.table().iter_mut().find(|polled| polled.fd == fd.0) {
                    Some(polled) => {
                        polled.events = events;
                        Ok(())
                    }
                    None => Err(crate::posix::raise_errno(vm, libc::ENOENT)),
                }
            },
        )
        .doc("Waits for other events of a descriptor."),
        method("unregister", "($self, fd, /)", |vm: &mut Vm, mut this: This<Poll>, fd: OpenFile| {
            let table = this.table();
            match table.iter().position(|polled| polled.fd == fd.0) {
                Some(at) => {
                    table.remove(at);
                    Ok(())
                }
                None => Err(vm.raise_key(Value::small_int(fd.0.into()))),
            }
        })
        .doc("Waits for a descriptor no more."),
        method("poll", "($self, timeout=None, /)", wait)
            .doc("Waits, at most so many milliseconds: descriptors and what happened."),
    ],
    ..TypeSpec::NEW
};

impl Poll {
    /// Not to be held across calls of Python code.
    fn table(&mut self) -> &mut Vec<Polled> {
        self.polled.get_or_insert_default()
    }
}

pub fn new(vm: &mut Vm) -> PyResult {
    let class = vm.type_of_spec(&POLL);
    vm.new_object(class, |header| Poll { header, is_waiting: false, polled: None })
}

fn events_of(vm: &mut Vm, events: Value) -> PyResult<i16> {
    let word = vm.index_i64(events)?;
    if word < 0 {
        return Err(vm.raise_value("Cannot convert negative int"));
    }
    match u16::try_from(word) {
        Ok(events) => Ok(events as i16),
        Err(_) => Err(vm.raise_overflow("Python int too large for C unsigned short")),
    }
}

fn wait(vm: &mut Vm, mut this: This<Poll>, timeout: Option<Value>) -> PyResult {
    let deadline = match timeout.filter(|timeout| !timeout.is_none()) {
        Some(timeout) => {
            if !vm.is_index(timeout) && vm.to_float(timeout).is_err() {
                vm.clear_exception();
                return Err(vm.raise_type("timeout must be an integer or None"));
            }
            let milliseconds = vm.to_float(timeout)?;
            let duration = duration_of(vm, Value::float(milliseconds / 1000.0))?;
            (duration >= 0).then(|| monotonic_ns().saturating_add(duration))
        }
        None => None,
    };
    if this.is_waiting {
        return Err(vm.raise_runtime("concurrent poll() invocation"));
    }
    let mut polled = this.table().clone();
    this.is_waiting = true;
    let waited = wait_until(vm, deadline, |left| host::poll(&mut polled, left));
    this.is_waiting = false;
    waited?;
    let list = vm.new_list(&[])?;
    for polled in polled.iter().filter(|polled| polled.revents != 0) {
        let happened = polled.revents as u16;
        let pair = vm.new_tuple(&[Value::small_int(polled.fd.into()), Value::small_int(happened.into())]);
        vm.list_push(list.as_ptr(), pair)?;
    }
    Ok(list)
}
