//! Locks.

use std::time::{Duration, Instant};
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Lock {
    header: Header,
    is_locked: bool,
}

/// A lock that its owner can take again.
#[repr(C)]
pub struct RLock {
    header: Header,
    owner: i64,
    count: i64,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Lock {
    const SPEC: &'static TypeSpec = &LOCK;
}
// SAFETY: as above.
unsafe impl Object for RLock {
    const SPEC: &'static TypeSpec = &RLOCK;
}

const ACQUIRE: &str = "($self, /, blocking=True, timeout=-1)";

pub static LOCK: TypeSpec = TypeSpec {
    name: "lock",
    module: "_thread",
    doc: "A lock.",
    layout: Some(Layout::of::<Lock>(0)),
    is_weakly_referable: true,
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<Lock>| {
            let state = if this.is_locked { "locked" } else { "unlocked" };
            let name = vm.full_name_of_class(vm.class_of(this.value()));
            out.push_str(&format!("<{state} {name} object at {:#x}>", this.value().bits()));
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /)", |vm: &mut Vm, _: ClassOf<Lock>| allocate(vm)).doc("A new lock.")),
    methods: &[
        acquiring("acquire"),
        acquiring("acquire_lock"),
        method("__enter__", "($self, /)", |vm: &mut Vm, this: This<Lock>| acquire(vm, this, None, None))
            .doc("Takes the lock."),
        releasing("release"),
        releasing("release_lock"),
        method("__exit__", "($self, /, *exc)", |vm: &mut Vm, this: This<Lock>, _: Rest| release(vm, this))
            .doc("Gives the lock back."),
        method("locked", "($self, /)", |this: This<Lock>| this.is_locked).doc("Is it taken?"),
        method("locked_lock", "($self, /)", |this: This<Lock>| this.is_locked).doc("Is it taken?"),
        method("_at_fork_reinit", "($self, /)", |mut this: This<Lock>| this.is_locked = false).doc("Makes it anew."),
    ],
    ..TypeSpec::NEW
};

const fn acquiring(name: &'static str) -> NativeRow {
    method(name, ACQUIRE, acquire).doc("Takes the lock; false where it cannot be had in time.")
}

const fn releasing(name: &'static str) -> NativeRow {
    method(name, "($self, /)", release).doc("Gives the lock back.")
}

pub static RLOCK: TypeSpec = TypeSpec {
    name: "RLock",
    module: "_thread",
    doc: "A lock that its owner can take again.",
    is_base: true,
    is_weakly_referable: true,
    layout: Some(Layout::of::<RLock>(0)),
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<RLock>| {
            let state = if this.count > 0 { "locked" } else { "unlocked" };
            let name = vm.full_name_of_class(vm.class_of(this.value()));
            let (owner, count, address) = (this.owner, this.count, this.value().bits());
            out.push_str(&format!("<{state} {name} object owner={owner} count={count} at {address:#x}>"));
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, class: ClassOf<RLock>, _: Rest, _: Keywords| {
            vm.new_object(class.class, |header| RLock { header, owner: 0, count: 0 })
        })
        .doc("A new lock."),
    ),
    methods: &[
        method("acquire", ACQUIRE, |vm: &mut Vm, this: This<RLock>, blocking: Option<bool>, timeout: Option<f64>| {
            let wait = wait_time(vm, blocking, timeout)?;
            acquire_again(vm, this, wait)
        })
        .doc("Takes the lock."),
        method("__enter__", "($self, /)", |vm: &mut Vm, this: This<RLock>| acquire_again(vm, this, None))
            .doc("Takes the lock."),
        method("release", "($self, /)", release_once).doc("Gives the lock back."),
        method("__exit__", "($self, /, *exc)", |vm: &mut Vm, this: This<RLock>, _: Rest| release_once(vm, this))
            .doc("Gives the lock back."),
        method("locked", "($self, /)", |this: This<RLock>| this.count > 0).doc("Is it taken?"),
        method("_is_owned", "($self, /)", |vm: &mut Vm, this: This<RLock>| this.is_of(vm))
            .doc("Has this thread taken it?"),
        method(
            "_recursion_count",
            "($self, /)",
            |vm: &mut Vm, this: This<RLock>| {
                if this.is_of(vm) { this.count } else { 0 }
            },
        )
        .doc("How often this thread has it."),
        method("_release_save", "($self, /)", |vm: &mut Vm, mut this: This<RLock>| -> PyResult {
            if !this.is_of(vm) {
                return Err(vm.raise_runtime("cannot release un-acquired lock"));
            }
            let (count, owner) = (vm.new_int(this.count), vm.new_int(this.owner));
            let state = vm.new_tuple(&[count, owner]);
            (this.count, this.owner) = (0, 0);
            vm.wake(this.key());
            Ok(state)
        })
        .doc("Gives the lock back as often as it was taken; gives what takes it so again."),
        method(
            "_acquire_restore",
            "($self, state, /)",
            |vm: &mut Vm, mut this: This<RLock>, state: Value| -> PyResult<()> {
                let count = vm.get_item(state, Value::small_int(0))?;
                let count = vm.index_i64(count)?;
                acquire_again(vm, this, None)?;
                this.count = count;
                Ok(())
            },
        )
        .doc("Takes the lock as often as before."),
        method("_at_fork_reinit", "($self, /)", |mut this: This<RLock>| (this.count, this.owner) = (0, 0))
            .doc("Makes it anew."),
    ],
    ..TypeSpec::NEW
};

pub fn allocate(vm: &mut Vm) -> PyResult {
    let class = vm.type_of_spec(&LOCK);
    vm.new_object(class, |header| Lock { header, is_locked: false })
}

/// How long to wait for a lock; `None`: for ever.
pub fn wait_time(vm: &mut Vm, blocking: Option<bool>, timeout: Option<f64>) -> PyResult<Option<Duration>> {
    let (blocking, timeout) = (blocking.unwrap_or(true), timeout.unwrap_or(-1.0));
    if !blocking && timeout != -1.0 {
        return Err(vm.raise_value("can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(vm.raise_value("timeout value must be a non-negative number"));
    }
    match (blocking, timeout) {
        (false, _) => Ok(Some(Duration::ZERO)),
        (true, -1.0) => Ok(None),
        (true, timeout) => match Duration::try_from_secs_f64(timeout) {
            Ok(time) if timeout <= 9_223_372_036.0 => Ok(Some(time)),
            _ => Err(vm.raise_overflow("timestamp out of range for platform time_t")),
        },
    }
}

impl Lock {
    /// What those wait for that want the lock.
    fn key(&self) -> usize {
        std::ptr::from_ref(self) as usize
    }
}

impl RLock {
    fn key(&self) -> usize {
        std::ptr::from_ref(self) as usize
    }
    /// Has the running thread taken it?
    fn is_of(&self, vm: &Vm) -> bool {
        self.count > 0 && self.owner == vm.thread_ident()
    }
}

/// Waits until `is_ready`, which is asked whenever somebody wakes the key: was it in time? `time`: `None` for ever.
pub fn wait_until(
    vm: &mut Vm,
    key: usize,
    time: Option<Duration>,
    mut is_ready: impl FnMut(&mut Vm) -> bool,
) -> PyResult<bool> {
    // A deadline that the clock cannot tell is never there.
    let deadline = time.and_then(|time| Instant::now().checked_add(time));
    let mut has_waited = false;
    loop {
        if is_ready(vm) {
            if has_waited {
                // Here, rather than in what is called next: that may be what cleans up.
                vm.answer_signals()?;
            }
            return Ok(true);
        }
        if time.is_some_and(|time| time.is_zero()) || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Ok(false);
        }
        vm.wait_on(key, deadline)?;
        has_waited = true;
    }
}

fn acquire(vm: &mut Vm, this: This<Lock>, blocking: Option<bool>, timeout: Option<f64>) -> PyResult<bool> {
    let wait = wait_time(vm, blocking, timeout)?;
    wait_until(vm, this.key(), wait, |_| {
        let mut this = this;
        !std::mem::replace(&mut this.is_locked, true)
    })
}

fn release(vm: &mut Vm, mut this: This<Lock>) -> PyResult<()> {
    if !this.is_locked {
        return Err(vm.raise_runtime("release unlocked lock"));
    }
    this.is_locked = false;
    vm.wake(this.key());
    Ok(())
}

/// Takes a lock that the thread may have already.
fn acquire_again(vm: &mut Vm, this: This<RLock>, wait: Option<Duration>) -> PyResult<bool> {
    wait_until(vm, this.key(), wait, |vm| {
        let mut this = this;
        let is_ready = this.count == 0 || this.is_of(vm);
        if is_ready {
            this.owner = vm.thread_ident();
            this.count += 1;
        }
        is_ready
    })
}

fn release_once(vm: &mut Vm, mut this: This<RLock>) -> PyResult<()> {
    if !this.is_of(vm) {
        return Err(vm.raise_runtime("cannot release un-acquired lock"));
    }
    this.count -= 1;
    if this.count == 0 {
        this.owner = 0;
        vm.wake(this.key());
    }
    Ok(())
}
