//! The functions of `sys` that a program may replace or give: what is called for uncaught exceptions, interactive values,
//! breakpoints, events and asynchronous generators.

use crate::builtins::print;
use crate::exec::Dependency;
use crate::object::argument::{Keywords, OrNone, Rest, Str, This, Word, method};
use crate::object::exception::TRACEBACK;
use crate::object::layout::GeneratorObject;
use crate::object::layout::ListObject;
use crate::object::layout::TracebackObject;
use crate::object::module::ModuleState;
use crate::object::native::NativeRow;
use crate::object::spec::{GetSetRow, TypeSpec};
use crate::object::struct_sequence::{closed_struct_sequence, fields};
use crate::thread::AsyncGeneratorHooks;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("displayhook", "(object, /)", display)
        .doc("Writes what an interactive line gave, but None, and keeps it as `_`."),
    method("excepthook", "(exctype, value, traceback, /)", tell_of_exception).doc("Writes an exception to sys.stderr."),
    method("breakpointhook", "(*args, **kws)", on_breakpoint)
        .doc("Calls the debugger, or what the variable PYTHONBREAKPOINT names."),
    method("unraisablehook", "(unraisable, /)", super::super::unraisable::hook)
        .doc("Tells of an exception that nobody can catch."),
    method("audit", "(event, /, *args)", |vm: &mut Vm, event: Str, args: Rest| {
        vm.tell_auditors(event.value(), args.value())
    })
    .doc("Tells the hooks of an event."),
    method("addaudithook", "(hook)", add_auditor).doc("Has a function be told of events, as long as the program runs."),
    method("get_asyncgen_hooks", "()", async_generator_hooks)
        .doc("What is called for asynchronous generators that begin, and that die unfinished."),
    method(
        "set_asyncgen_hooks",
        "(firstiter=<unrepresentable>, finalizer=<unrepresentable>)",
        set_async_generator_hooks,
    )
    .doc("Sets what is called for asynchronous generators that begin, and that die unfinished."),
    method("get_coroutine_origin_tracking_depth", "()", |vm: &mut Vm| vm.origin_depth as i64)
        .doc("How many of the frames that made them this thread's coroutines keep."),
    method("set_coroutine_origin_tracking_depth", "(depth)", set_origin_depth)
        .doc("Sets how many of the frames that made them this thread's coroutines keep, in cr_origin."),
];

/// Those that `sys` has a second time, so that a program finds them again.
pub const KEPT: [(&str, &str); 4] = [
    ("displayhook", "__displayhook__"),
    ("excepthook", "__excepthook__"),
    ("breakpointhook", "__breakpointhook__"),
    ("unraisablehook", "__unraisablehook__"),
];

/// What a VM keeps of the hooks of its program; unbound: there is none.
pub struct Hooks {
    /// A list.
    auditors: Value,
}

impl Hooks {
    pub const NONE: Hooks = Hooks { auditors: Value::UNBOUND };

    fn of(vm: &mut Vm) -> &mut Hooks {
        vm.module_state(&super::MODULE).expect("the module keeps hooks")
    }
}

impl ModuleState for Hooks {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        visit(self.auditors);
    }
}

fn display(vm: &mut Vm, value: Value) -> PyResult<()> {
    if value.is_none() {
        return Ok(());
    }
    let (builtins, name) = (vm.builtins, vm.intern("_"));
    vm.dict_set_name(builtins, name, Value::NONE);
    let shown = vm.repr(value)?;
    print::write_line(vm, shown)?;
    vm.dict_set_name(builtins, name, value);
    Ok(())
}

fn tell_of_exception(vm: &mut Vm, _class: Value, exception: Value, traceback: Value) {
    if !vm.is_exception(exception) {
        let message =
            format!("TypeError: print_exception(): Exception expected for value, {} found\n", vm.class_name(exception));
        return vm.write_error(&message);
    }
    if vm.is_exactly::<TracebackObject>(traceback) && !vm.exception_slot(exception, TRACEBACK).is_object() {
        vm.set_exception_slot(exception, TRACEBACK, traceback);
    }
    vm.show_exception(exception);
}

impl Vm {
    /// Has `sys.excepthook` tell of an exception that nobody has caught; gives the SystemExit that the hook raises instead.
    pub fn tell_of_uncaught(&mut self, exception: Value) -> Option<Value> {
        let class = Value::object(self.class_of(exception));
        let traceback = Some(self.exception_slot(exception, TRACEBACK)).filter(|traceback| traceback.is_object());
        let traceback = traceback.unwrap_or(Value::NONE);
        let Ok(sys) = self.import_dotted("sys") else { return None };
        for (name, value) in
            [("last_exc", exception), ("last_type", class), ("last_value", exception), ("last_traceback", traceback)]
        {
            self.set_module_entry(sys, name, value);
        }
        let name = self.intern("excepthook");
        let hook = self.sys_entry(name);
        let told = self
            .audit("sys.excepthook", |vm| vm.new_tuple(&[hook.unwrap_or(Value::NONE), class, exception, traceback]));
        if told.is_err() {
            let second = self.take_exception();
            if self.is_instance(second, self.exceptions.RuntimeError) {
                // A hook has refused.
                return None;
            }
            self.exception = second;
            self.write_unraisable("Exception ignored in audit hook", Value::NONE);
        }
        let Some(hook) = hook else {
            self.write_error("sys.excepthook is missing\n");
            tell_of_exception(self, class, exception, traceback);
            return None;
        };
        if self.call(hook, &[class, exception, traceback]).is_err() {
            let second = self.take_exception();
            if self.is_instance(second, self.exceptions.SystemExit) {
                return Some(second);
            }
            for (heading, exception) in
                [("Error in sys.excepthook:\n", second), ("\nOriginal exception was:\n", exception)]
            {
                self.write_error(heading);
                self.show_exception(exception);
            }
        }
        None
    }
}

/// The debugger's function that `breakpoint` calls where nothing else is said.
const DEBUGGER: &str = "pdb.set_trace";

fn on_breakpoint(vm: &mut Vm, positional: Rest, keywords: Keywords) -> PyResult {
    let chosen = crate::host::variable("PYTHONBREAKPOINT").filter(|name| !name.is_empty());
    let path = chosen.as_deref().unwrap_or(DEBUGGER);
    if path == "0" {
        return Ok(Value::NONE);
    }
    let (module, function) = path.rsplit_once('.').unwrap_or(("builtins", path));
    match named_function(vm, module, function) {
        Ok(function) => vm.call_expanded(function, positional.value(), keywords.value()),
        Err(Raised)
            if vm.exception_matches(vm.exceptions.ImportError)
                || vm.exception_matches(vm.exceptions.AttributeError) =>
        {
            vm.clear_exception();
            let message = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{path}\"");
            vm.warn(vm.exceptions.RuntimeWarning, &message)?;
            Ok(Value::NONE)
        }
        Err(raised) => Err(raised),
    }
}

fn named_function(vm: &mut Vm, module: &str, function: &str) -> PyResult {
    let module = vm.import_dotted(module)?;
    let function = vm.intern(function);
    vm.get_attr(module, function)
}

/// `builtins.breakpoint`.
pub fn breakpoint(vm: &mut Vm, positional: Rest, keywords: Keywords) -> PyResult {
    let name = vm.intern("breakpointhook");
    let Some(hook) = vm.sys_entry(name) else { return Err(vm.raise_runtime("lost sys.breakpointhook")) };
    vm.audit("builtins.breakpoint", |vm| vm.new_tuple(&[hook]))?;
    vm.call_expanded(hook, positional.value(), keywords.value())
}

impl Vm {
    /// Tells the program's hooks of an event, with the tuple that `arguments` gives where there are hooks.
    pub fn audit(&mut self, event: &str, arguments: impl FnOnce(&mut Vm) -> Value) -> PyResult<()> {
        if !Hooks::of(self).auditors.is_object() {
            return Ok(());
        }
        let event = self.new_str(event);
        let arguments = arguments(self);
        self.tell_auditors(event, arguments)
    }

    /// Tells of an attribute that is about to be set and that much depends on.
    pub(crate) fn audit_change(&mut self, owner: Value, name: &str, value: Value) -> PyResult<()> {
        self.audit("object.__setattr__", |vm| {
            let name = vm.intern(name);
            vm.new_tuple(&[owner, name, value])
        })
    }

    fn tell_auditors(&mut self, event: Value, arguments: Value) -> PyResult<()> {
        let auditors = Hooks::of(self).auditors;
        if !auditors.is_object() {
            return Ok(());
        }
        let mut at = 0;
        // SAFETY: a list made by `add_auditor`, which nobody else has; a hook may add to it.
        while let Some(&hook) = unsafe { (*auditors.as_ptr::<ListObject>()).items().get(at) } {
            self.tell_auditor(hook, event, arguments)?;
            at += 1;
        }
        Ok(())
    }

    /// Nobody is told of what a hook runs, unless its `__cantrace__` says so.
    fn tell_auditor(&mut self, hook: Value, event: Value, arguments: Value) -> PyResult<()> {
        let is_telling = std::mem::replace(&mut self.is_telling, true);
        let name = self.intern("__cantrace__");
        let told = match self.get_attr_opt(hook, name) {
            Ok(Some(can_trace)) => self.is_true(can_trace),
            Ok(None) => Ok(false),
            Err(raised) => Err(raised),
        };
        let outcome = told.and_then(|can_trace| {
            self.is_telling = is_telling || !can_trace;
            self.call(hook, &[event, arguments])
        });
        self.is_telling = is_telling;
        outcome.map(|_| ())
    }
}

fn add_auditor(vm: &mut Vm, hook: Value) -> PyResult<()> {
    // The hooks that are there may refuse.
    if vm.audit("sys.addaudithook", |vm| vm.empty_tuple).is_err() {
        if vm.exception_matches(vm.exceptions.Exception) {
            vm.clear_exception();
            return Ok(());
        }
        return Err(Raised);
    }
    let auditors = Hooks::of(vm).auditors;
    if auditors.is_object() {
        return vm.list_push(auditors.as_ptr(), hook);
    }
    let auditors = vm.new_list(&[hook])?;
    Hooks::of(vm).auditors = auditors;
    Ok(())
}

static ASYNC_GENERATOR_HOOKS: TypeSpec = closed_struct_sequence(
    "asyncgen_hooks",
    "builtins",
    "What is called for asynchronous generators.",
    const { &fields(["firstiter", "finalizer"]) as &[GetSetRow] },
);

fn async_generator_hooks(vm: &mut Vm) -> PyResult {
    let AsyncGeneratorHooks { first_iteration, finalizer } = vm.async_generator_hooks;
    vm.new_struct_sequence(&ASYNC_GENERATOR_HOOKS, &[first_iteration.or_none(), finalizer.or_none()])
}

fn set_async_generator_hooks(
    vm: &mut Vm,
    first_iteration: Option<OrNone<Value>>,
    finalizer: Option<OrNone<Value>>,
) -> PyResult<()> {
    for (name, hook) in [("firstiter", &first_iteration), ("finalizer", &finalizer)] {
        if let Some(OrNone(Some(hook))) = hook
            && vm.slots_of(*hook).call.is_none()
        {
            let message = format!("callable {name} expected, got {}", vm.class_name(*hook));
            return Err(vm.raise_type(&message));
        }
    }
    let hooks = &mut vm.async_generator_hooks;
    if let Some(OrNone(hook)) = first_iteration {
        hooks.first_iteration = hook.unwrap_or(Value::UNBOUND);
    }
    if let Some(OrNone(hook)) = finalizer {
        hooks.finalizer = hook.unwrap_or(Value::UNBOUND);
    }
    Ok(())
}

fn set_origin_depth(vm: &mut Vm, depth: Word<i32>) -> PyResult<()> {
    let Ok(depth) = u32::try_from(depth.0) else { return Err(vm.raise_value("depth must be >= 0")) };
    vm.origin_depth = depth;
    if depth != 0 && !std::mem::replace(&mut vm.watchers.keeps_origins, true) {
        vm.invalidate(Dependency::Origins);
    }
    Ok(())
}

impl Vm {
    /// Calls the hook for an asynchronous generator that is about to begin.
    pub(crate) fn note_first_iteration(&mut self, generator: Value) -> PyResult<()> {
        let hook = self.async_generator_hooks.first_iteration;
        if hook.is_object() {
            self.call(hook, &[generator])?;
        }
        Ok(())
    }

    /// Has the hook for asynchronous generators that die unfinished close one, if there was a hook when it began.
    pub(crate) fn hand_to_finalizer(&mut self, generator: Value) -> Option<PyResult<()>> {
        let hook = This::<GeneratorObject>::expect(self, generator).origin;
        hook.is_object().then(|| self.call(hook, &[generator]).map(|_| ()))
    }
}
