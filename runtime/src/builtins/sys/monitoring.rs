//! `sys.monitoring`: the tools that would be told of what runs. Nothing that runs is told of yet: asking for events raises
//! NotImplementedError.

use crate::object::argument::{Index, OrNone, Str, method};
use crate::object::module::{Constant, ModuleSpec, ModuleState};
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Events by their bits. Those of one location come first, `CALL` among them, which brings the two about natives.
const EVENTS: [(&str, i64); 20] = [
    ("PY_START", 1),
    ("PY_RESUME", 1 << 1),
    ("PY_RETURN", 1 << 2),
    ("PY_YIELD", 1 << 3),
    ("CALL", 1 << 4),
    ("LINE", 1 << 5),
    ("INSTRUCTION", 1 << 6),
    ("JUMP", 1 << 7),
    ("BRANCH_LEFT", 1 << 8),
    ("BRANCH_RIGHT", 1 << 9),
    ("STOP_ITERATION", 1 << 10),
    ("RAISE", 1 << 11),
    ("EXCEPTION_HANDLED", 1 << 12),
    ("PY_UNWIND", 1 << 13),
    ("PY_THROW", 1 << 14),
    ("RERAISE", 1 << 15),
    ("C_RETURN", 1 << 16),
    ("C_RAISE", 1 << 17),
    ("BRANCH", 1 << 18),
    ("NO_EVENTS", 0),
];
const N_TOOLS: usize = 6;
const N_EVENTS: usize = 19;

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
    state: Some(|| {
        Box::new(Tools { names: [Value::UNBOUND; N_TOOLS], callbacks: [[Value::UNBOUND; N_EVENTS]; N_TOOLS] })
    }),
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[NativeRow] = &[
    method("use_tool_id", "(tool_id, name, /)", use_tool).doc("Takes a tool's number, under a name."),
    method("free_tool_id", "(tool_id, /)", |vm: &mut Vm, tool: Index| forget(vm, tool, true))
        .doc("Gives a tool's number back."),
    method("clear_tool_id", "(tool_id, /)", |vm: &mut Vm, tool: Index| forget(vm, tool, false))
        .doc("Takes a tool's callbacks away."),
    method("get_tool", "(tool_id, /)", |vm: &mut Vm, tool: Index| {
        let tool = check(vm, tool)?;
        PyResult::Ok(Tools::of(vm).names[tool].or_none())
    })
    .doc("The name of a tool in use, or None."),
    method("register_callback", "(tool_id, event, func, /)", register)
        .doc("Sets what a tool calls for an event; gives what it was."),
    method("get_events", "(tool_id, /)", |vm: &mut Vm, tool: Index| check(vm, tool).map(|_| 0i64))
        .doc("The events that a tool is told of."),
    method("set_events", "(tool_id, event_set, /)", |vm: &mut Vm, tool: Index, events: Index| {
        ask_for(vm, tool, events)
    })
    .doc("Sets the events that a tool is told of: none."),
    method("get_local_events", "(tool_id, code, /)", |vm: &mut Vm, tool: Index, _: Value| {
        check(vm, tool).map(|_| 0i64)
    })
    .doc("The events in some code that a tool is told of."),
    method("set_local_events", "(tool_id, code, event_set, /)", |vm: &mut Vm, tool: Index, _: Value, events: Index| {
        ask_for(vm, tool, events)
    })
    .doc("Sets the events in some code that a tool is told of: none."),
    method("restart_events", "()", || ()).doc("Has tools be told again of what they disabled."),
    method("_all_events", "()", |vm: &mut Vm| vm.new_dict()).doc("Who is told of what."),
];

/// Unbound: a number that nobody uses, an event that calls nothing.
struct Tools {
    names: [Value; N_TOOLS],
    callbacks: [[Value; N_EVENTS]; N_TOOLS],
}

impl ModuleState for Tools {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.names.iter().chain(self.callbacks.iter().flatten()).for_each(|&value| visit(value));
    }
}

impl Tools {
    fn of(vm: &mut Vm) -> &mut Tools {
        vm.module_state(&MODULE).expect("the module keeps tools")
    }
}

fn fill(vm: &mut Vm, module: Value) -> PyResult<()> {
    let events = EVENTS.map(|(name, bit)| (name, Value::small_int(bit)));
    let events = vm.new_namespace(&events)?;
    vm.set_module_entry(module, "events", events);
    let object = vm.builtin("object");
    for name in ["DISABLE", "MISSING"] {
        let mark = vm.call(object, &[])?;
        vm.set_module_entry(module, name, mark);
    }
    Ok(())
}

fn check(vm: &mut Vm, tool: Index) -> PyResult<usize> {
    let number = usize::try_from(tool.0).ok().filter(|&tool| tool < N_TOOLS);
    number.ok_or_else(|| vm.raise_value(&format!("invalid tool {} (must be between 0 and {})", tool.0, N_TOOLS - 1)))
}

fn in_use(vm: &mut Vm, tool: Index) -> PyResult<usize> {
    let tool = check(vm, tool)?;
    if Tools::of(vm).names[tool].is_unbound() {
        return Err(vm.raise_value(&format!("tool {tool} is not in use")));
    }
    Ok(tool)
}

fn use_tool(vm: &mut Vm, tool: Index, name: Str) -> PyResult<()> {
    let tool = check(vm, tool)?;
    if !Tools::of(vm).names[tool].is_unbound() {
        return Err(vm.raise_value(&format!("tool {tool} is already in use")));
    }
    Tools::of(vm).names[tool] = name.value();
    Ok(())
}

fn forget(vm: &mut Vm, tool: Index, is_freed: bool) -> PyResult<()> {
    let tool = check(vm, tool)?;
    let tools = Tools::of(vm);
    tools.callbacks[tool] = [Value::UNBOUND; N_EVENTS];
    if is_freed {
        tools.names[tool] = Value::UNBOUND;
    }
    Ok(())
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
    let function = function.0.unwrap_or(Value::UNBOUND);
    Ok(std::mem::replace(&mut Tools::of(vm).callbacks[tool][event_number], function).or_none())
}

fn ask_for(vm: &mut Vm, tool: Index, events: Index) -> PyResult<()> {
    if events.0 < 0 || events.0 >= 1 << N_EVENTS {
        return Err(vm.raise_value(&format!("invalid event set 0x{:x}", events.0)));
    }
    in_use(vm, tool)?;
    if events.0 != 0 {
        return Err(vm.raise(vm.exceptions.NotImplementedError, "tools are not told of what runs"));
    }
    Ok(())
}
