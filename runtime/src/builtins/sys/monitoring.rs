//! `sys.monitoring`: tools that are told of what runs. What is told, and how, is in `watch`.

use crate::interp::code::Code;
use crate::object::argument::{Index, OrNone, method};
use crate::object::layout::CodeObject;
use crate::object::module::{Constant, ModuleSpec};
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use crate::watch::{Event, EventSet, N_EVENTS, N_PROGRAM_TOOLS};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "sys.monitoring",
    doc: "Who is told of what runs.",
    functions: FUNCTIONS,
    constants: &[
        ("DEBUGGER_ID", Constant::Int(0)),
        ("COVERAGE_ID", Constant::Int(1)),
        ("PROFILER_ID", Constant::Int(2)),
        ("OPTIMIZER_ID", Constant::Int(5)),
    ],
    exec: Some(fill),
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[NativeRow] = &[
    method("use_tool_id", "(tool_id, name, /)", use_tool).doc("Takes a tool's number, under a name."),
    method("free_tool_id", "(tool_id, /)", |vm: &mut Vm, tool: Index| {
        let tool = check(vm, tool)?;
        forget(vm, tool);
        vm.watchers.names[tool] = Value::UNBOUND;
        PyResult::Ok(())
    })
    .doc("Gives a tool's number back, with all that it asked for."),
    method("clear_tool_id", "(tool_id, /)", |vm: &mut Vm, tool: Index| {
        let tool = check(vm, tool)?;
        if !vm.watchers.names[tool].is_unbound() {
            forget(vm, tool);
        }
        PyResult::Ok(())
    })
    .doc("Takes a tool's callbacks and events away."),
    method("get_tool", "(tool_id, /)", |vm: &mut Vm, tool: Index| {
        let tool = check(vm, tool)?;
        PyResult::Ok(vm.watchers.names[tool].or_none())
    })
    .doc("The name of a tool in use, or None."),
    method("register_callback", "(tool_id, event, func, /)", register)
        .doc("Sets what a tool calls for an event; gives what it was."),
    method("get_events", "(tool_id, /)", |vm: &mut Vm, tool: Index| {
        let tool = check(vm, tool)?;
        PyResult::Ok(i64::from(vm.watchers.events_of(tool).0))
    })
    .doc("The events that a tool is told of wherever they happen."),
    method("set_events", "(tool_id, event_set, /)", set_events)
        .doc("Sets the events that a tool is told of wherever they happen."),
    method("get_local_events", "(tool_id, code, /)", get_local_events)
        .doc("The events in some code that a tool is told of."),
    method("set_local_events", "(tool_id, code, event_set, /)", set_local_events)
        .doc("Sets the events in some code that a tool is told of."),
    method("restart_events", "()", |vm: &mut Vm| vm.restart_events())
        .doc("Has tools be told again of what they disabled."),
    method("_all_events", "()", all_events).doc("Who is told of what, as bits of tools by the event's name."),
];

fn fill(vm: &mut Vm, module: Value) -> PyResult<()> {
    let mut events: Vec<(&str, Value)> =
        Event::ALL.iter().map(|event| (event.name(), Value::small_int(event.bit().into()))).collect();
    events.push(("NO_EVENTS", Value::small_int(0)));
    let events = vm.new_namespace(&events)?;
    vm.set_module_entry(module, "events", events);
    let object = vm.builtin("object");
    let [disable, missing] = [vm.call(object, &[])?, vm.call(object, &[])?];
    (vm.watchers.disable, vm.watchers.missing) = (disable, missing);
    vm.set_module_entry(module, "DISABLE", disable);
    vm.set_module_entry(module, "MISSING", missing);
    Ok(())
}

fn check(vm: &mut Vm, tool: Index) -> PyResult<usize> {
    let number = usize::try_from(tool.0).ok().filter(|&tool| tool < N_PROGRAM_TOOLS);
    number.ok_or_else(|| {
        vm.raise_value(&format!("invalid tool {} (must be between 0 and {})", tool.0, N_PROGRAM_TOOLS - 1))
    })
}

fn in_use(vm: &mut Vm, tool: Index) -> PyResult<usize> {
    let tool = check(vm, tool)?;
    if vm.watchers.names[tool].is_unbound() {
        return Err(vm.raise_value(&format!("tool {tool} is not in use")));
    }
    Ok(tool)
}

fn use_tool(vm: &mut Vm, tool: Index, name: Value) -> PyResult<()> {
    let tool = check(vm, tool)?;
    if !vm.is_str(name) {
        return Err(vm.raise_value("tool name must be a str"));
    }
    if !vm.watchers.names[tool].is_unbound() {
        return Err(vm.raise_value(&format!("tool {tool} is already in use")));
    }
    vm.watchers.names[tool] = name;
    Ok(())
}

fn forget(vm: &mut Vm, tool: usize) {
    vm.watchers.callbacks[tool] = [Value::UNBOUND; N_EVENTS];
    vm.forget_events(tool);
}

fn register(vm: &mut Vm, tool: Index, event: Index, function: OrNone<Value>) -> PyResult {
    let tool = check(vm, tool)?;
    if event.0.count_ones() != 1 {
        return Err(vm.raise_value("The callback can only be set for one event at a time"));
    }
    let event_number = event.0.trailing_zeros() as usize;
    if event.0 < 0 || event_number >= N_EVENTS {
        return Err(vm.raise_value(&format!("invalid event {}", event.0)));
    }
    vm.audit("sys.monitoring.register_callback", |vm| vm.new_tuple(&[function.0.unwrap_or(Value::NONE)]))?;
    let function = function.0.unwrap_or(Value::UNBOUND);
    let callbacks = &mut vm.watchers.callbacks[tool];
    if event_number == Event::Branch as usize {
        callbacks[Event::BranchLeft as usize] = function;
        callbacks[Event::BranchRight as usize] = function;
    }
    Ok(std::mem::replace(&mut callbacks[event_number], function).or_none())
}

/// A set as programs give it: one of the first `n_events`.
fn event_set(vm: &mut Vm, events: Index, n_events: usize, what: &str) -> PyResult<EventSet> {
    if events.0 < 0 || events.0 >= 1 << n_events {
        return Err(vm.raise_value(&format!("invalid {what} 0x{:x}", events.0 as u32)));
    }
    let mut set = EventSet(events.0 as u32);
    let of_natives = EventSet::of(&[Event::CReturn, Event::CRaise]);
    let of_calls = of_natives.union(EventSet::of(&[Event::Call]));
    if !set.both(of_natives).is_empty() && set.both(of_calls) != of_calls {
        return Err(vm.raise_value("cannot set C_RETURN or C_RAISE events independently"));
    }
    if set.has(Event::Branch) {
        set = set.union(EventSet::of(&[Event::BranchLeft, Event::BranchRight]));
    }
    Ok(EventSet(set.0 & !(of_natives.0 | Event::Branch.bit())))
}

fn set_events(vm: &mut Vm, tool: Index, events: Index) -> PyResult<()> {
    check(vm, tool)?;
    let events = event_set(vm, events, N_EVENTS, "event set")?;
    let tool = in_use(vm, tool)?;
    vm.set_watched_events(tool, events);
    Ok(())
}

fn code_of(vm: &mut Vm, code: Value) -> PyResult<*mut Code> {
    match vm.exactly::<CodeObject>(code) {
        Some(code) => Ok(code.code),
        None => Err(vm.raise_type("code must be a code object")),
    }
}

fn get_local_events(vm: &mut Vm, tool: Index, code: Value) -> PyResult<i64> {
    let tool = check(vm, tool)?;
    let code = code_of(vm, code)?;
    // SAFETY: the code of a live object.
    Ok(unsafe { &(*code).watch }.as_ref().map_or(0, |watch| watch.events_of(tool).0.into()))
}

fn set_local_events(vm: &mut Vm, tool: Index, code: Value, events: Index) -> PyResult<()> {
    check(vm, tool)?;
    let code = code_of(vm, code)?;
    let events = event_set(vm, events, N_EVENTS, "event set")?;
    if !EventSet(events.0 & !EventSet::LOCAL.0).is_empty() {
        return Err(vm.raise_value(&format!("invalid local event set 0x{:x}", events.0)));
    }
    let tool = in_use(vm, tool)?;
    vm.set_local_events(tool, code, events);
    Ok(())
}

fn all_events(vm: &mut Vm) -> PyResult {
    let dict = vm.new_dict();
    for &event in Event::ALL {
        let tools = vm.watchers.tools_for(event);
        if tools != 0 && event.asked_for() == event {
            let name = vm.intern(event.name());
            vm.dict_set(dict, name, Value::small_int(tools.into()))?;
        }
    }
    Ok(dict)
}
