//! `_warnings`: who is told of what, once or always, under the module `warnings`.
//!
//! ```text
//!   warn ──► the frame that is meant ──► warn_explicit ──► filters ──► registry ──► warnings._showwarnmsg
//!                                                                                   or text on standard error
//! ```

mod filter;
mod place;
mod show;

use filter::Action;
use stitch_runtime::object::argument::{OrNone, Str, method};
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_warnings",
    doc: "Warnings: whether they are shown, and how often.",
    functions: &[
        method("warn", "(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())", place::warn)
            .doc("Warns of what a caller did."),
        method(
            "warn_explicit",
            "(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None)",
            warn_explicit_checked,
        )
        .doc("Warns of what is in a line of a file."),
        method("_acquire_lock", "()", |vm: &mut Vm| call_lock(vm, "acquire")).doc("Waits for the lock of the filters."),
        method("_release_lock", "()", |vm: &mut Vm| call_lock(vm, "release"))
            .doc("Gives the lock of the filters back."),
        method("_filters_mutated_lock_held", "()", filters_mutated)
            .doc("Has what was told already be told again under other filters."),
    ],
    exec: Some(fill),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

/// What the module has from its first import.
#[derive(Default)]
struct State {
    filters: Option<Value>,
    once_registry: Option<Value>,
    context: Option<Value>,
    lock: Option<Value>,
    filters_version: i64,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        [self.filters, self.once_registry, self.context, self.lock].into_iter().flatten().for_each(visit);
    }
}

impl State {
    fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's state is one")
    }
}

fn fill(vm: &mut Vm, module: Value) -> PyResult<()> {
    let filters = vm.new_list(&[])?;
    let exceptions = vm.exceptions;
    for (action, category, of_module) in [
        ("default", exceptions.DeprecationWarning, Some("__main__")),
        ("ignore", exceptions.DeprecationWarning, None),
        ("ignore", exceptions.PendingDeprecationWarning, None),
        ("ignore", exceptions.ImportWarning, None),
        ("ignore", exceptions.ResourceWarning, None),
    ] {
        let action = vm.intern(action);
        let of_module = of_module.map_or(Value::NONE, |name| vm.intern(name));
        let items = [action, Value::NONE, Value::object(category), of_module, Value::small_int(0)];
        let filter = vm.new_tuple(&items);
        vm.list_push(filters.as_ptr(), filter)?;
    }
    let once_registry = vm.new_dict();
    let context = call_of(vm, "_contextvars", "ContextVar", &["warnings_context"])?;
    let lock = call_of(vm, "_thread", "RLock", &[])?;
    let default = vm.intern("default");
    for (name, value) in [
        ("filters", filters),
        ("_onceregistry", once_registry),
        ("_defaultaction", default),
        ("_warnings_context", context),
    ] {
        vm.set_module_entry(module, name, value);
    }
    *State::of(vm) = State {
        filters: Some(filters),
        once_registry: Some(once_registry),
        context: Some(context),
        lock: Some(lock),
        filters_version: 0,
    };
    Ok(())
}

/// Calls a function of another module with texts.
fn call_of(vm: &mut Vm, module: &str, function: &str, texts: &[&str]) -> PyResult {
    let module = vm.import_dotted(module)?;
    let function = vm.intern(function);
    match texts {
        [] => vm.call_method(module, function, &[]),
        [text, ..] => {
            let text = vm.intern(text);
            vm.call_method(module, function, &[text])
        }
    }
}

fn call_lock(vm: &mut Vm, what: &str) -> PyResult<()> {
    let Some(lock) = State::of(vm).lock else { return Ok(()) };
    let name = vm.intern(what);
    vm.call_method(lock, name, &[]).map(|_| ())
}

fn filters_mutated(vm: &mut Vm) -> PyResult<()> {
    if let Some(lock) = State::of(vm).lock {
        let name = vm.intern("_is_owned");
        let is_owned = vm.call_method(lock, name, &[])?;
        if !vm.is_true(is_owned)? {
            return Err(vm.raise_runtime("warnings lock is not held"));
        }
    }
    State::of(vm).filters_version += 1;
    Ok(())
}

/// An attribute of the module `warnings`, where that is imported.
fn of_warnings(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    let (modules, key) = (vm.modules, vm.intern("warnings"));
    let Some(warnings) = vm.dict_get(modules, key)?.filter(|module| !module.is_none()) else { return Ok(None) };
    let name = vm.intern(name);
    vm.get_attr_opt(warnings, name)
}

/// A warning, and where it belongs.
struct Warning {
    category: Value,
    message: Value,
    filename: Value,
    line: Value,
    module: Value,
    /// None: nobody keeps what was told.
    registry: Value,
    source: Value,
}

fn is_warning(vm: &Vm, value: Value) -> bool {
    vm.is_instance(value, vm.exceptions.Warning)
}

fn is_warning_class(vm: &Vm, value: Value) -> bool {
    vm.is_a::<TypeObject>(value) && vm.is_subclass(value.as_ptr::<TypeObject>(), vm.exceptions.Warning)
}

#[expect(clippy::too_many_arguments, reason = "as many as the function has")]
fn warn_explicit_checked(
    vm: &mut Vm,
    message: Value,
    category: Value,
    filename: Str,
    line: Value,
    module: Option<Value>,
    registry: OrNone<Value>,
    globals: OrNone<Value>,
    source: OrNone<Value>,
) -> PyResult<()> {
    let line = vm.index_i64(line)?;
    if let Some(globals) = globals.0
        && !vm.is_a::<DictObject>(globals)
    {
        let message = format!("module_globals must be a dict, not '{}'", vm.class_name(globals));
        return Err(vm.raise_type(&message));
    }
    if let Some(globals) = globals.0 {
        // Whether they say well who has loaded the module, `importlib` judges.
        let importlib = vm.import_dotted("_frozen_importlib_external")?;
        let judge = vm.intern("_bless_my_loader");
        vm.call_method(importlib, judge, &[globals])?;
    }
    let line = vm.new_int(line);
    let module = module.unwrap_or(Value::UNBOUND);
    let registry = registry.0.unwrap_or(Value::NONE);
    let source = source.0.unwrap_or(Value::NONE);
    warn_explicit(vm, Warning { category, message, filename: filename.value(), line, module, registry, source })
}

/// The name that stands for a module which has none: its file's.
fn module_of_file(vm: &mut Vm, filename: Value) -> Value {
    let text = Str::of(vm, filename).map(Str::text).unwrap_or_default();
    let name = match text.as_bytes() {
        [] => "<unknown>",
        [.., b'.', b'p', b'y'] => &text[..text.len() - 3],
        _ => text.as_str(),
    };
    vm.new_str(name)
}

fn warn_explicit(vm: &mut Vm, mut warning: Warning) -> PyResult<()> {
    // None stands for no module at all.
    if warning.module.is_none() {
        return Ok(());
    }
    if warning.module.is_unbound() {
        warning.module = module_of_file(vm, warning.filename);
    }
    let registry = warning.registry;
    if !registry.is_none() && !vm.is_a::<DictObject>(registry) {
        return Err(vm.raise_type("'registry' must be a dict or None"));
    }
    let text;
    if is_warning(vm, warning.message) {
        text = vm.str(warning.message)?;
        warning.category = Value::object(vm.class_of(warning.message));
    } else {
        text = warning.message;
        warning.message = vm.call(warning.category, &[text])?;
    }
    let key = vm.new_tuple(&[text, warning.category, warning.line]);
    if !registry.is_none() && was_told(vm, registry, key, false)? {
        return Ok(());
    }
    let (action, item) = filter::action_for(vm, text, &warning)?;
    match action {
        Action::Error => {
            return Err(vm.raise_value_object(warning.message));
        }
        Action::Ignore => return Ok(()),
        Action::Always => {}
        _ => {
            if !registry.is_none() {
                vm.dict_set(registry, key, Value::TRUE)?;
            }
            let where_told = match action {
                Action::Once if registry.is_none() => Some(filter::once_registry(vm)?),
                Action::Once | Action::Module => Some(registry).filter(|registry| !registry.is_none()),
                Action::Default => None,
                _ => {
                    let shown = vm.repr_string(item.0)?;
                    let of = vm.repr_string(item.1)?;
                    let message = format!("Unrecognized action ({shown}) in warnings.filters:\n {of}");
                    return Err(vm.raise_runtime(&message));
                }
            };
            if let Some(registry) = where_told {
                let key = vm.new_tuple(&[text, warning.category]);
                if was_told(vm, registry, key, true)? {
                    return Ok(());
                }
            }
        }
    }
    show::show(vm, &warning, text)
}

/// Is it in the registry, under the filters of now? Notes that it is, if wanted.
fn was_told(vm: &mut Vm, registry: Value, key: Value, and_is_noted: bool) -> PyResult<bool> {
    let version = State::of(vm).filters_version;
    let name = vm.intern("version");
    let of_version = vm.dict_get(registry, name)?;
    if of_version != Some(Value::small_int(version)) {
        vm.dict_clear(registry);
        vm.dict_set(registry, name, Value::small_int(version))?;
    } else if let Some(told) = vm.dict_get(registry, key)?
        && vm.is_true(told)?
    {
        return Ok(true);
    }
    if and_is_noted {
        vm.dict_set(registry, key, Value::TRUE)?;
    }
    Ok(false)
}
