//! Starting threads, and their handles.

use super::State;
use super::lock::wait_until;
use std::time::Duration;
use stitch_runtime::object::argument::{ClassOf, Index, OrNone, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Running,
    Done,
}

#[repr(C)]
pub struct ThreadHandle {
    header: Header,
    ident: i64,
    stage: Stage,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for ThreadHandle {
    const SPEC: &'static TypeSpec = &THREAD_HANDLE;
}

pub static THREAD_HANDLE: TypeSpec = TypeSpec {
    name: "_ThreadHandle",
    module: "_thread",
    doc: "A handle of a thread.",
    layout: Some(Layout::of::<ThreadHandle>(0)),
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<ThreadHandle>| {
            let name = vm.full_name_of_class(vm.class_of(this.value()));
            out.push_str(&format!("<{name} object: ident={}>", this.ident));
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /)", |vm: &mut Vm, _: ClassOf<ThreadHandle>| make(vm, 0, Stage::New))
            .doc("A handle of no thread yet."),
    ),
    methods: &[
        method("join", "($self, timeout=-1, /)", |vm: &mut Vm, this: This<ThreadHandle>, timeout: OrNone<f64>| {
            join(vm, this, timeout.0.filter(|&seconds| seconds >= 0.0))
        })
        .doc("Waits for the thread's end, for so many seconds at most."),
        method("is_done", "($self, /)", |this: This<ThreadHandle>| this.stage == Stage::Done)
            .doc("Has the thread ended?"),
        method("_set_done", "($self, /)", |vm: &mut Vm, this: This<ThreadHandle>| {
            if this.stage == Stage::New {
                return Err(vm.raise_runtime("thread not started"));
            }
            set_done(vm, this);
            Ok(())
        })
        .doc("Has it count as ended."),
    ],
    getters: &[field("ident", |this: This<ThreadHandle>| this.ident).doc("The thread's number.")],
    ..TypeSpec::NEW
};

fn make(vm: &mut Vm, ident: i64, stage: Stage) -> PyResult {
    let class = vm.type_of_spec(&THREAD_HANDLE);
    vm.new_object(class, |header| ThreadHandle { header, ident, stage })
}

/// A handle of a thread that runs already.
pub fn of_ident(vm: &mut Vm, ident: Index) -> PyResult<Value> {
    let handle = make(vm, ident.0, Stage::Running)?;
    State::of(vm).running.push((handle, false));
    Ok(handle)
}

fn key(handle: This<ThreadHandle>) -> usize {
    handle.pointer() as usize
}

fn set_done(vm: &mut Vm, mut handle: This<ThreadHandle>) {
    handle.stage = Stage::Done;
    State::of(vm).running.retain(|&(other, _)| other != handle.value());
    vm.wake_all(key(handle));
}

fn join(vm: &mut Vm, this: This<ThreadHandle>, seconds: Option<f64>) -> PyResult<()> {
    if this.stage == Stage::New {
        return Err(vm.raise_runtime("thread not started"));
    }
    if this.stage == Stage::Running && this.ident == vm.thread_ident() {
        return Err(vm.raise_runtime("Cannot join current thread"));
    }
    if this.stage == Stage::Running && vm.is_finalizing {
        // It does not run any more.
        let class = vm.exceptions.PythonFinalizationError;
        return Err(vm.raise(class, "cannot join thread at interpreter shutdown"));
    }
    let time = match seconds.map(Duration::try_from_secs_f64) {
        None => None,
        Some(Ok(time)) if time.as_secs() <= super::MAX_TIMEOUT_SECONDS => Some(time),
        Some(_) => return Err(vm.raise_overflow("timestamp out of range for platform time_t")),
    };
    wait_until(vm, key(this), time, |_| this.stage == Stage::Done).map(|_| ())
}

/// `start_new_thread`: gives the thread's number.
pub fn start_new(vm: &mut Vm, function: Value, arguments: Value, keywords: Option<Value>) -> PyResult<i64> {
    if !vm.is_callable(function) {
        return Err(vm.raise_type("first arg must be callable"));
    }
    if !vm.is_a::<TupleObject>(arguments) {
        return Err(vm.raise_type("2nd arg must be a tuple"));
    }
    if keywords.is_some_and(|keywords| !vm.is_a::<DictObject>(keywords)) {
        return Err(vm.raise_type("optional 3rd arg must be a dictionary"));
    }
    vm.audit("_thread.start_new_thread", |vm| vm.new_tuple(&[function, arguments, keywords.unwrap_or(Value::NONE)]))?;
    let handle = make(vm, 0, Stage::New)?;
    start(vm, function, arguments, keywords, handle, false)
}

/// `start_joinable_thread`: gives the thread's handle.
pub fn start_joinable(vm: &mut Vm, function: Value, handle: OrNone<Value>, is_daemon: Option<bool>) -> PyResult<Value> {
    if !vm.is_callable(function) {
        return Err(vm.raise_type("thread function must be callable"));
    }
    let given = handle.0.unwrap_or(Value::NONE);
    let handle = match handle.0 {
        None => make(vm, 0, Stage::New)?,
        Some(handle) => match This::<ThreadHandle>::of(vm, handle) {
            None => return Err(vm.raise_type("'handle' must be a _ThreadHandle")),
            Some(this) if this.stage != Stage::New => return Err(vm.raise_runtime("thread already started")),
            Some(_) => handle,
        },
    };
    let (is_daemon, no_arguments) = (is_daemon.unwrap_or(true), vm.empty_tuple);
    vm.audit("_thread.start_joinable_thread", |vm| {
        vm.new_tuple(&[function, Value::small_int(is_daemon.into()), given])
    })?;
    start(vm, function, no_arguments, None, handle, !is_daemon)?;
    Ok(handle)
}

fn start(
    vm: &mut Vm,
    function: Value,
    arguments: Value,
    keywords: Option<Value>,
    handle: Value,
    is_waited_for: bool,
) -> PyResult<i64> {
    if vm.is_finalizing {
        let class = vm.exceptions.PythonFinalizationError;
        return Err(vm.raise(class, "can't create new thread at interpreter shutdown"));
    }
    let argument = vm.new_tuple(&[function, arguments, keywords.unwrap_or(Value::NONE), handle]);
    let stack_bytes = State::of(vm).stack_bytes;
    match vm.start_thread(run, argument, stack_bytes) {
        Ok(ident) => {
            if let Some(mut handle) = This::<ThreadHandle>::of(vm, handle) {
                (handle.ident, handle.stage) = (ident, Stage::Running);
                State::of(vm).running.push((handle.value(), is_waited_for));
            }
            Ok(ident)
        }
        Err(_) => Err(vm.raise_runtime("can't start new thread")),
    }
}

/// What a thread does, from its first turn to its end.
fn run(vm: &mut Vm, argument: Value) {
    let Some(argument) = This::<TupleObject>::of(vm, argument) else { return };
    let &[function, arguments, keywords, handle] = argument.items() else { return };
    let keywords = if keywords.is_none() { Value::UNBOUND } else { keywords };
    if vm.call_expanded(function, arguments, keywords).is_err() {
        if vm.exception_matches(vm.exceptions.SystemExit) {
            vm.clear_exception();
        } else {
            let exception = std::mem::replace(&mut vm.exception, Value::UNBOUND);
            let name = vm.repr_string(function).unwrap_or_else(|_| "<object repr() failed>".to_string());
            vm.exception = exception;
            vm.write_unraisable(&format!("Exception ignored in thread started by {name}"), Value::NONE);
        }
    }
    super::local::forget_thread(vm);
    if let Some(handle) = This::<ThreadHandle>::of(vm, handle) {
        set_done(vm, handle);
        forget_handles_of(vm, handle.ident);
    }
}

/// Others of a thread that is over need not be told of a copy of the process.
fn forget_handles_of(vm: &mut Vm, ident: i64) {
    let mut running = std::mem::take(&mut State::of(vm).running);
    running.retain(|&(handle, _)| This::<ThreadHandle>::of(vm, handle).is_some_and(|handle| handle.ident != ident));
    State::of(vm).running = running;
}

/// Waits for the threads that are not to be left behind.
pub fn shut_down(vm: &mut Vm) -> PyResult<()> {
    loop {
        let own = vm.thread_ident();
        let waited_for = State::of(vm).running.iter().filter(|(_, is_waited_for)| *is_waited_for);
        let handles: Vec<Value> = waited_for.map(|&(handle, _)| handle).collect();
        let next = handles.into_iter().filter_map(|handle| This::<ThreadHandle>::of(vm, handle));
        let Some(handle) = next.into_iter().find(|handle| handle.ident != own) else { return Ok(()) };
        join(vm, handle, None)?;
    }
}

/// In a copy of the process: the threads are over that it does not have.
pub fn forget_others(vm: &mut Vm) {
    let own = vm.thread_ident();
    for (handle, _) in vm.module_state::<State>(&super::MODULE).map(|state| state.running.clone()).unwrap_or_default() {
        if let Some(handle) = This::<ThreadHandle>::of(vm, handle).filter(|handle| handle.ident != own) {
            set_done(vm, handle);
        }
    }
}

/// `ExceptHookArgs` of a sequence of four.
pub fn hook_arguments(vm: &mut Vm, _: Value, parts: Value, _: Rest) -> PyResult {
    let list = vm.new_list(&[])?;
    vm.list_extend(list, parts)?;
    let parts = vm.list_to_tuple(list)?;
    let n_parts = This::<TupleObject>::of(vm, parts).map_or(0, |parts| parts.items().len());
    if n_parts != 4 {
        let message = format!("_thread._ExceptHookArgs() takes a 4-sequence ({n_parts}-sequence given)");
        return Err(vm.raise_type(&message));
    }
    let parts = This::<TupleObject>::of(vm, parts).expect("made here");
    vm.new_struct_sequence(&super::HOOK_ARGUMENTS, parts.items())
}

/// `_excepthook`: tells of an exception that has ended a thread.
pub fn except_hook(vm: &mut Vm, arguments: Value) -> PyResult<()> {
    let class = vm.type_of_spec(&super::HOOK_ARGUMENTS);
    let parts = This::<TupleObject>::of(vm, arguments).filter(|_| vm.is_instance(arguments, class));
    let Some(&[class, exception, _, thread]) = parts.as_ref().map(|parts| parts.items()) else {
        return Err(vm.raise_type("_thread.excepthook argument type must be ExceptHookArgs"));
    };
    if class == Value::object(vm.exceptions.SystemExit) {
        return Ok(());
    }
    let Some(file) = error_file(vm, thread)? else { return Ok(()) };
    let name = if thread.is_none() {
        vm.thread_ident().to_string()
    } else {
        let name = vm.intern("name");
        let name = vm.get_attr(thread, name)?;
        vm.str_string(name)?
    };
    let text = vm.new_str(&format!("Exception in thread {name}:\n"));
    let [write, flush] = ["write", "flush"].map(|name| vm.intern(name));
    vm.call_method(file, write, &[text])?;
    vm.show_exception_on(exception, file)?;
    vm.call_method(file, flush, &[]).map(|_| ())
}

/// Where a thread's end is told of: `sys.stderr`, or what that was as the thread was made.
fn error_file(vm: &mut Vm, thread: Value) -> PyResult<Option<Value>> {
    let name = vm.intern("stderr");
    match vm.sys_entry(name).filter(|file| !file.is_none()) {
        None if !thread.is_none() => {
            let name = vm.intern("_stderr");
            Ok(vm.get_attr_opt(thread, name)?.filter(|file| !file.is_none()))
        }
        file => Ok(file),
    }
}
