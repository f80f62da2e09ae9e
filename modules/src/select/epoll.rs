//! `epoll`: a set of descriptors that the system keeps.

use super::wait_until;
use crate::posix::OrRaise;
use crate::time::duration_of;
use stitch_runtime::host::poll::{self as host, Event};
use stitch_runtime::host::{descriptor, monotonic_ns};
use stitch_runtime::object::argument::{ClassOf, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::path::OpenFile;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, getter};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Epoll {
    header: Header,
    /// −1: closed.
    fd: i32,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Epoll {
    const SPEC: &'static TypeSpec = &EPOLL;
}

pub static EPOLL: TypeSpec = TypeSpec {
    name: "epoll",
    module: "select",
    doc: "A set of descriptors to wait for, which the system keeps.",
    is_base: true,
    layout: Some(Layout::of::<Epoll>(0).finalized_by(|object| {
        // SAFETY: a dead object, whose descriptor is its alone.
        unsafe { (*object.cast::<Epoll>()).close() };
    })),
    new: Some(
        method(
            "__new__",
            "($type, /, sizehint=-1, flags=0)",
            |vm: &mut Vm, class: ClassOf<Epoll>, size: Option<i32>, flags: Option<i32>| {
                if size.is_some_and(|size| size < -1 || size == 0) {
                    return Err(vm.raise_value("negative sizehint"));
                }
                if flags.is_some_and(|flags| flags & !libc::EPOLL_CLOEXEC != 0) {
                    return Err(vm.raise(vm.exceptions.OSError, "invalid flags"));
                }
                let fd = host::make_event_set(libc::EPOLL_CLOEXEC).or_raise(vm)?;
                vm.new_object(class.class, |header| Epoll { header, fd })
            },
        )
        .doc("An empty set."),
    ),
    methods: &[
        method(
            "register",
            "($self, /, fd, eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)",
            |vm: &mut Vm, this: This<Epoll>, fd: OpenFile, events: Option<u32>| {
                let all = (libc::EPOLLIN | libc::EPOLLPRI | libc::EPOLLOUT) as u32;
                control(vm, this, libc::EPOLL_CTL_ADD, fd, events.unwrap_or(all))
            },
        )
        .doc("Waits for a descriptor, too."),
        method("modify", "($self, /, fd, eventmask)", |vm: &mut Vm, this: This<Epoll>, fd: OpenFile, events: u32| {
            control(vm, this, libc::EPOLL_CTL_MOD, fd, events)
        })
        .doc("Waits for other events of a descriptor."),
        method("unregister", "($self, /, fd)", |vm: &mut Vm, this: This<Epoll>, fd: OpenFile| {
            control(vm, this, libc::EPOLL_CTL_DEL, fd, 0)
        })
        .doc("Waits for a descriptor no more."),
        method("poll", "($self, /, timeout=None, maxevents=-1)", wait)
            .doc("Waits, at most so many seconds: descriptors and what happened."),
        method("close", "($self, /)", |mut this: This<Epoll>| this.close()).doc("Closes the set."),
        method("fileno", "($self, /)", |vm: &mut Vm, this: This<Epoll>| this.open(vm)).doc("The set's own descriptor."),
        method("__enter__", "($self, /)", |vm: &mut Vm, this: This<Epoll>| -> PyResult {
            this.open(vm)?;
            Ok(this.value())
        })
        .doc("The set itself."),
        method("__exit__", "($self, /, *exc)", |mut this: This<Epoll>, _: Rest| this.close()).doc("Closes the set."),
    ],
    static_methods: &[method("fromfd", "(fd, /)", |vm: &mut Vm, fd: i32| {
        let class = vm.type_of_spec(&EPOLL);
        vm.new_object(class, |header| Epoll { header, fd })
    })
    .doc("The set that a descriptor stands for.")],
    getters: &[getter("closed", |vm, value| {
        Ok(Value::bool(This::<Epoll>::of(vm, value).is_none_or(|epoll| epoll.fd < 0)))
    })
    .doc("Is it closed?")],
    ..TypeSpec::NEW
};

impl Epoll {
    fn close(&mut self) {
        if self.fd >= 0 {
            _ = descriptor::close(self.fd);
            self.fd = -1;
        }
    }
    fn open(&self, vm: &mut Vm) -> PyResult<i32> {
        if self.fd < 0 { Err(vm.raise_value("I/O operation on closed epoll object")) } else { Ok(self.fd) }
    }
}

fn control(vm: &mut Vm, this: This<Epoll>, operation: i32, fd: OpenFile, events: u32) -> PyResult<()> {
    let set = this.open(vm)?;
    let mut event = Event { events, u64: fd.0 as u64 };
    host::change_event_set(set, operation, fd.0, &mut event).or_raise(vm)
}

/// As many as a descriptor set has.
const MOST_EVENTS: i32 = libc::FD_SETSIZE as i32 - 1;

fn wait(vm: &mut Vm, this: This<Epoll>, timeout: Option<Value>, most: Option<i32>) -> PyResult {
    let set = this.open(vm)?;
    let deadline = match timeout.filter(|timeout| !timeout.is_none()) {
        Some(timeout) => {
            if !vm.is_index(timeout) && vm.to_float(timeout).is_err() {
                vm.clear_exception();
                return Err(vm.raise_type("timeout must be an integer or None"));
            }
            let duration = duration_of(vm, timeout)?;
            (duration >= 0).then(|| monotonic_ns().saturating_add(duration))
        }
        None => None,
    };
    let most = match most.unwrap_or(-1) {
        -1 => MOST_EVENTS,
        most if most <= 0 => {
            let message = format!("maxevents must be greater than 0, got {most}");
            return Err(vm.raise_value(&message));
        }
        most => most,
    };
    let mut events = vec![Event { events: 0, u64: 0 }; most.min(1 << 16) as usize];
    let n = wait_until(vm, deadline, |left| host::wait_for_events(set, &mut events, left))?;
    let list = vm.new_list(&[])?;
    for event in &events[..n as usize] {
        let (fd, happened) = (event.u64 as i32, event.events);
        let pair = vm.new_tuple(&[Value::small_int(fd.into()), Value::small_int(happened.into())]);
        vm.list_push(list.as_ptr(), pair)?;
    }
    Ok(list)
}
