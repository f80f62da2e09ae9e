//! Which filter a warning meets.

use super::{State, Warning, of_warnings};
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::layout::{DictObject, StrObject, TupleObject};
use stitch_runtime::{PyResult, Value, Vm};

/// What becomes of a warning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Error,
    Ignore,
    Always,
    Default,
    Module,
    Once,
    Unknown,
}

const ACTIONS: [(&str, Action); 7] = [
    ("error", Action::Error),
    ("ignore", Action::Ignore),
    ("always", Action::Always),
    ("all", Action::Always),
    ("default", Action::Default),
    ("module", Action::Module),
    ("once", Action::Once),
];

/// The action for a warning; with it the action's name and the filter that has it.
pub fn action_for(vm: &mut Vm, text: Value, warning: &Warning) -> PyResult<(Action, (Value, Value))> {
    let (filters, whose) = filters(vm)?;
    let mut at = 0;
    while let Some(filter) = This::<ListObject>::of(vm, filters).and_then(|filters| filters.items().get(at).copied()) {
        let items = match vm.is_a::<TupleObject>(filter) {
            true => vm.tuple_items(filter),
            false => &[],
        };
        let &[action, message, category, module, line] = items else {
            return Err(vm.raise_value(&format!("{whose} item {at} isn't a 5-tuple")));
        };
        let Some(name) = Str::of(vm, action) else {
            let message = format!("action must be a string, not '{}'", vm.class_name(action));
            return Err(vm.raise_type(&message));
        };
        if matches(vm, message, text)?
            && vm.is_subclass_of(warning.category, category)?
            && matches(vm, module, warning.module)?
            && has_line(vm, line, warning.line)?
        {
            return Ok((action_of(&name.text()), (action, filter)));
        }
        at += 1;
    }
    let default = match of_warnings(vm, "defaultaction")? {
        Some(action) => action,
        None => vm.intern("default"),
    };
    let Some(name) = Str::of(vm, default) else {
        let message = format!("warnings.defaultaction must be a string, not '{}'", vm.class_name(default));
        return Err(vm.raise_type(&message));
    };
    Ok((action_of(&name.text()), (default, Value::NONE)))
}

fn action_of(name: &str) -> Action {
    ACTIONS.iter().find(|(known, _)| *known == name).map_or(Action::Unknown, |&(_, action)| action)
}

/// The filters that hold here: the context's, or those of the module `warnings`; and how they are called.
fn filters(vm: &mut Vm) -> PyResult<(Value, &'static str)> {
    if let Some(context) = State::of(vm).context {
        let get = vm.intern("get");
        let context = vm.call_method(context, get, &[Value::NONE])?;
        if !context.is_none() {
            let name = vm.intern("_filters");
            let filters = vm.get_attr(context, name)?;
            if !vm.is_a::<ListObject>(filters) {
                return Err(vm.raise_value("_filters must be a list"));
            }
            return Ok((filters, "_warnings_context filters"));
        }
    }
    let filters = match of_warnings(vm, "filters")? {
        Some(filters) => filters,
        None => State::of(vm).filters.unwrap_or(Value::NONE),
    };
    if !vm.is_a::<ListObject>(filters) {
        return Err(vm.raise_value("warnings.filters must be a list"));
    }
    Ok((filters, "warnings.filters"))
}

/// The registry of what is told once in all.
pub fn once_registry(vm: &mut Vm) -> PyResult {
    let registry = match of_warnings(vm, "onceregistry")? {
        Some(registry) => registry,
        None => State::of(vm).once_registry.unwrap_or(Value::NONE),
    };
    if vm.is_a::<DictObject>(registry) {
        return Ok(registry);
    }
    let message = format!("_warnings.onceregistry must be a dict, not '{}'", vm.class_name(registry));
    Err(vm.raise_type(&message))
}

/// Does a filter's pattern take a text? None takes all, a str that which is equal, anything else by its method `match`.
fn matches(vm: &mut Vm, pattern: Value, text: Value) -> PyResult<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    if vm.is_exactly::<StrObject>(pattern) {
        return vm.equal(pattern, text);
    }
    let name = vm.intern("match");
    let found = vm.call_method(pattern, name, &[text])?;
    vm.is_true(found)
}

fn has_line(vm: &mut Vm, wanted: Value, line: Value) -> PyResult<bool> {
    let int = vm.index(wanted)?;
    let wanted = vm.int_to_i64(int);
    Ok(wanted == Some(0) || wanted == vm.int_to_i64(line))
}
