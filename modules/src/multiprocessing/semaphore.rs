//! `SemLock`: a lock or a semaphore of several processes.

use super::name_of;
use crate::posix::OrRaise;
use stitch_runtime::host::semaphore::{self as host, Semaphore};
use stitch_runtime::host::{HostResult, wall_ns};
use stitch_runtime::object::argument::{ClassOf, Rest, Str, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::module::Constant;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

/// Can be taken again by who has it.
const RECURSIVE: i32 = 0;
const COUNTING: i32 = 1;
/// glibc's `SEM_VALUE_MAX`.
const MAX_VALUE: i64 = i32::MAX as i64;

#[repr(C)]
pub struct SemLock {
    header: Header,
    /// A str, or None: it has none any more.
    name: Value,
    semaphore: Semaphore,
    kind: i32,
    max_value: i32,
    /// How often this process has it, and which of its threads took it last.
    count: i32,
    owner: i64,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for SemLock {
    const SPEC: &'static TypeSpec = &SEM_LOCK;
}

pub static SEM_LOCK: TypeSpec = TypeSpec {
    name: "SemLock",
    module: "_multiprocessing",
    doc: "A semaphore that processes share, or a lock.",
    is_base: true,
    layout: Some(Layout::of::<SemLock>(1).finalized_by(|object| {
        // SAFETY: a dead object, whose semaphore is its alone.
        unsafe { (*object.cast::<SemLock>()).semaphore.close() };
    })),
    new: Some(method("__new__", "($type, /, kind, value, maxvalue, name, unlink)", new).doc("A new semaphore.")),
    constants: &[("SEM_VALUE_MAX", Constant::Int(MAX_VALUE))],
    methods: &[
        method("acquire", "($self, /, block=True, timeout=None)", acquire)
            .doc("Takes it; false where it cannot be had in time."),
        method("release", "($self, /)", release).doc("Gives it back."),
        method("__enter__", "($self, /)", |vm: &mut Vm, this: This<SemLock>| acquire(vm, this, None, None))
            .doc("Takes it."),
        method("__exit__", "($self, /, *exc)", |vm: &mut Vm, this: This<SemLock>, _: Rest| release(vm, this))
            .doc("Gives it back."),
        method("_count", "($self, /)", |this: This<SemLock>| i64::from(this.count))
            .doc("How often this process has it."),
        method("_is_mine", "($self, /)", |vm: &mut Vm, this: This<SemLock>| this.is_of(vm))
            .doc("Did this thread take it?"),
        method("_get_value", "($self, /)", |vm: &mut Vm, this: This<SemLock>| -> PyResult<i64> {
            Ok(this.value_now().or_raise(vm)?.into())
        })
        .doc("How often it can be taken."),
        method("_is_zero", "($self, /)", |vm: &mut Vm, this: This<SemLock>| -> PyResult<bool> {
            Ok(this.value_now().or_raise(vm)? == 0)
        })
        .doc("Can it not be taken?"),
        method("_after_fork", "($self, /)", |mut this: This<SemLock>| this.count = 0)
            .doc("In a copy of the process: nobody has taken it here."),
    ],
    class_methods: &[method("_rebuild", "($self, handle, kind, maxvalue, name, /)", rebuild)
        .doc("One that another process has made.")],
    getters: &[
        field("handle", |this: This<SemLock>| this.semaphore.handle()).doc("The number of the open semaphore."),
        field("kind", |this: This<SemLock>| i64::from(this.kind)).doc("0: a lock that can be taken again."),
        field("maxvalue", |this: This<SemLock>| i64::from(this.max_value)).doc("How often it can be taken at most."),
        field("name", |this: This<SemLock>| this.name).doc("Its name, or None."),
    ],
    ..TypeSpec::NEW
};

impl SemLock {
    fn is_of(&self, vm: &Vm) -> bool {
        self.count > 0 && self.owner == vm.thread_ident()
    }
    fn value_now(&self) -> HostResult<i32> {
        // SAFETY: the object's semaphore is open as long as the object lives.
        unsafe { self.semaphore.value() }
    }
}

fn make(
    vm: &mut Vm,
    class: ClassOf<SemLock>,
    semaphore: Semaphore,
    kind: i32,
    max_value: i32,
    name: Value,
) -> PyResult {
    vm.new_object(class.class, |header| SemLock { header, name, semaphore, kind, max_value, count: 0, owner: 0 })
}

fn new(
    vm: &mut Vm,
    class: ClassOf<SemLock>,
    kind: i32,
    value: i32,
    max_value: i32,
    name: Str,
    is_unlinked: bool,
) -> PyResult {
    if kind != RECURSIVE && kind != COUNTING {
        return Err(vm.raise_value("unrecognized kind"));
    }
    let path = name_of(vm, name)?;
    let semaphore = Semaphore::make(&path, value as u32).or_raise(vm)?;
    if is_unlinked {
        let removed = host::remove(&path);
        if removed.is_err() {
            // SAFETY: made here.
            unsafe { semaphore.close() };
        }
        removed.or_raise(vm)?;
    }
    let name = if is_unlinked { Value::NONE } else { name.value() };
    make(vm, class, semaphore, kind, max_value, name)
}

/// By its name: a number that another process gives means nothing here.
fn rebuild(vm: &mut Vm, class: ClassOf<SemLock>, _: Value, kind: i32, max_value: i32, name: Str) -> PyResult {
    let path = name_of(vm, name)?;
    let semaphore = Semaphore::open(&path).or_raise(vm)?;
    make(vm, class, semaphore, kind, max_value, name.value())
}

fn acquire(vm: &mut Vm, mut this: This<SemLock>, waits: Option<bool>, timeout: Option<Value>) -> PyResult<bool> {
    if this.kind == RECURSIVE && this.is_of(vm) {
        this.count += 1;
        return Ok(true);
    }
    let deadline = match timeout.filter(|timeout| !timeout.is_none()) {
        Some(timeout) => {
            let nanoseconds = vm.to_float(timeout)?.max(0.0) * 1e9;
            Some(wall_ns().saturating_add(nanoseconds as i64))
        }
        None => None,
    };
    let semaphore = this.semaphore;
    // SAFETY: the object, which the caller holds, has it open.
    let mut taken = unsafe { semaphore.try_take() };
    if waits.unwrap_or(true) && taken.as_ref().is_err_and(|error| error.errno == libc::EAGAIN) {
        // SAFETY: as above.
        taken = vm.wait_for(|| unsafe { semaphore.take(deadline) })?;
    }
    match taken {
        Err(error) if matches!(error.errno, libc::EAGAIN | libc::ETIMEDOUT) => return Ok(false),
        taken => taken.or_raise(vm)?,
    }
    this.count += 1;
    this.owner = vm.thread_ident();
    Ok(true)
}

fn release(vm: &mut Vm, mut this: This<SemLock>) -> PyResult<()> {
    if this.kind == RECURSIVE {
        if !this.is_of(vm) {
            let class = vm.exceptions.AssertionError;
            return Err(vm.raise(class, "attempt to release recursive lock not owned by thread"));
        }
        if this.count > 1 {
            this.count -= 1;
            return Ok(());
        }
    } else if this.value_now().or_raise(vm)? >= this.max_value {
        return Err(vm.raise_value("semaphore or lock released too many times"));
    }
    // SAFETY: the object, which the caller holds, has it open.
    unsafe { this.semaphore.give() }.or_raise(vm)?;
    this.count -= 1;
    Ok(())
}
