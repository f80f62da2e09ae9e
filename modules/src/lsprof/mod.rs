//! `_lsprof`: what `cProfile` stands on, a tool of `sys.monitoring` that counts calls and their time.

mod recording;

use recording::{Count, Recording};
use stitch_runtime::host::monotonic_ns;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{ListObject, NativeFunction};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec};
use stitch_runtime::object::struct_sequence::{fields, struct_sequence};
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_lsprof",
    doc: "Counts calls and their time.",
    types: &[&PROFILER, &PROFILER_ENTRY, &PROFILER_SUBENTRY],
    ..ModuleSpec::NEW
};

static PROFILER_ENTRY: TypeSpec =
    struct_sequence("profiler_entry", "_lsprof", "What was counted of a function.", ENTRY_FIELDS);
const ENTRY_FIELDS: &[GetSetRow] = &fields(["code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls"]);
static PROFILER_SUBENTRY: TypeSpec = struct_sequence(
    "profiler_subentry",
    "_lsprof",
    "What was counted of a function that another one called.",
    SUBENTRY_FIELDS,
);
const SUBENTRY_FIELDS: &[GetSetRow] = &fields(["code", "callcount", "reccallcount", "totaltime", "inlinetime"]);

/// The number and the name that it has as a tool.
const TOOL: (i64, &str) = (2, "cProfile");
/// What it is told of, and by which method.
const EVENTS: [(&str, &str); 9] = [
    ("PY_START", "_pystart_callback"),
    ("PY_RESUME", "_pystart_callback"),
    ("PY_THROW", "_pythrow_callback"),
    ("PY_RETURN", "_pyreturn_callback"),
    ("PY_YIELD", "_pyreturn_callback"),
    ("PY_UNWIND", "_pyreturn_callback"),
    ("CALL", "_ccall_callback"),
    ("C_RETURN", "_creturn_callback"),
    ("C_RAISE", "_creturn_callback"),
];
const TICKS_PER_SECOND: f64 = 1e9;

#[repr(C)]
struct Profiler {
    header: Header,
    /// A list of what was called, by its places in the recording: code objects, and the names of what is native.
    called: Value,
    /// None: the system's clock.
    timer: Value,
    /// Seconds that the timer's ints count; 0: it gives floats, which are seconds.
    unit: f64,
    follows_callees: bool,
    counts_natives: bool,
    is_on: bool,
    /// `None` in a dead object alone.
    recording: Option<Box<Recording>>,
}

static PROFILER: TypeSpec = TypeSpec {
    name: "Profiler",
    module: "_lsprof",
    doc: "Counts calls and their time, of functions and of what each of them called.",
    is_base: true,
    layout: Some(Layout::of::<Profiler>(2).finalized_by(|object| {
        // SAFETY: a dead profiler, whose recording nobody else has.
        unsafe { (*object.cast::<Profiler>()).recording = None };
    })),
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<Profiler>, _: Rest, _: Keywords| {
                let called = vm.new_list(&[])?;
                vm.new_object(class.class, |header| Profiler {
                    header,
                    called,
                    timer: Value::NONE,
                    unit: 0.0,
                    follows_callees: true,
                    counts_natives: true,
                    is_on: false,
                    recording: Some(Box::default()),
                })
            },
        )
        .doc("Makes one that is off."),
    ),
    methods: &[
        method("__init__", "($self, /, timer=None, timeunit=0.0, subcalls=True, builtins=True)", init)
            .doc("Takes a clock, what its ints count, and whether to count by callers, and native functions."),
        method("enable", "($self, /, subcalls=True, builtins=True)", enable).doc("Begins to count."),
        method("disable", "($self, /)", disable).doc("Counts no more."),
        method("clear", "($self, /)", |vm: &mut Vm, mut this: This<Profiler>| -> PyResult<()> {
            let called = vm.new_list(&[])?;
            vm.barrier(this.pointer());
            (this.called, this.recording) = (called, Some(Box::default()));
            Ok(())
        })
        .doc("Forgets what was counted."),
        method("getstats", "($self, /)", stats).doc("What was counted: an entry for each function."),
        method(
            "_pystart_callback",
            "($self, code, instruction_offset, /)",
            |vm: &mut Vm, this: Me, code: Value, _: Value| begin_code(vm, this, code),
        )
        .doc("A function begins or goes on."),
        method(
            "_pythrow_callback",
            "($self, code, instruction_offset, exception, /)",
            |vm: &mut Vm, this: Me, code: Value, _: Value, _: Value| begin_code(vm, this, code),
        )
        .doc("A generator goes on with an exception."),
        method(
            "_pyreturn_callback",
            "($self, code, instruction_offset, retval, /)",
            |vm: &mut Vm, this: Me, _: Value, _: Value, _: Value| end(vm, this),
        )
        .doc("A function ends or pauses."),
        method(
            "_ccall_callback",
            "($self, code, instruction_offset, callable, self_arg, /)",
            |vm: &mut Vm, this: Me, _: Value, _: Value, callable: Value, first: Value| -> PyResult<()> {
                if !this.counts_natives {
                    return Ok(());
                }
                match vm.as_profiled(callable, first)? {
                    Some(native) => begin_native(vm, this, native),
                    None => Ok(()),
                }
            },
        )
        .doc("A native function is called."),
        method(
            "_creturn_callback",
            "($self, code, instruction_offset, callable, self_arg, /)",
            |vm: &mut Vm, this: Me, _: Value, _: Value, callable: Value, first: Value| -> PyResult<()> {
                if this.counts_natives && vm.as_profiled(callable, first)?.is_some() {
                    end(vm, this);
                }
                Ok(())
            },
        )
        .doc("A native function has ended."),
    ],
    ..TypeSpec::NEW
};

type Me = This<Profiler>;

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Profiler {
    const SPEC: &'static TypeSpec = &PROFILER;
}

impl Profiler {
    fn recording(&mut self) -> &mut Recording {
        self.recording.get_or_insert_default()
    }
}

fn init(
    vm: &mut Vm,
    mut this: Me,
    timer: Option<Value>,
    unit: Option<f64>,
    follows_callees: Option<bool>,
    counts_natives: Option<bool>,
) {
    vm.barrier(this.pointer());
    this.timer = timer.unwrap_or(Value::NONE);
    this.unit = unit.unwrap_or(0.0);
    this.follows_callees = follows_callees.unwrap_or(true);
    this.counts_natives = counts_natives.unwrap_or(true);
}

fn enable(vm: &mut Vm, mut this: Me, follows_callees: Option<bool>, counts_natives: Option<bool>) -> PyResult<()> {
    this.follows_callees = follows_callees.unwrap_or(true);
    this.counts_natives = counts_natives.unwrap_or(true);
    let (number, name) = (Value::small_int(TOOL.0), vm.new_str(TOOL.1));
    if monitoring(vm, "use_tool_id", &[number, name]).is_err() {
        if !vm.exception_matches(vm.exceptions.ValueError) {
            return Err(Raised);
        }
        vm.clear_exception();
        return Err(vm.raise_value("Another profiling tool is already active"));
    }
    this.is_on = true;
    let all = register(vm, |vm, callback| {
        let callback = vm.intern(callback);
        vm.get_attr(this.value(), callback)
    })?;
    monitoring(vm, "set_events", &[number, Value::small_int(all)])?;
    Ok(())
}

fn disable(vm: &mut Vm, mut this: Me) -> PyResult<()> {
    if this.is_on {
        this.is_on = false;
        let number = Value::small_int(TOOL.0);
        monitoring(vm, "set_events", &[number, Value::small_int(0)])?;
        register(vm, |_, _| Ok(Value::NONE))?;
        monitoring(vm, "free_tool_id", &[number])?;
    }
    while this.recording().is_in_call() {
        end(vm, this);
    }
    Ok(())
}

/// Says for each event what is called. The set of all.
fn register(vm: &mut Vm, mut function: impl FnMut(&mut Vm, &str) -> PyResult) -> PyResult<i64> {
    let events = vm.intern("events");
    let mut all = 0;
    for (event, callback) in EVENTS {
        let (owner, name) = (watchers(vm)?, vm.intern(event));
        let events = vm.get_attr(owner, events)?;
        let event = vm.get_attr(events, name)?;
        let callback = function(vm, callback)?;
        monitoring(vm, "register_callback", &[Value::small_int(TOOL.0), event, callback])?;
        all |= vm.index_i64(event)?;
    }
    Ok(all)
}

/// `sys.monitoring`.
fn watchers(vm: &mut Vm) -> PyResult {
    let (sys, name) = (vm.import_dotted("sys")?, vm.intern("monitoring"));
    vm.get_attr(sys, name)
}

fn monitoring(vm: &mut Vm, function: &str, arguments: &[Value]) -> PyResult {
    let (owner, name) = (watchers(vm)?, vm.intern(function));
    vm.call_method(owner, name, arguments)
}

fn begin_code(vm: &mut Vm, this: Me, code: Value) -> PyResult<()> {
    begin(vm, this, code.bits() as usize, |_| Ok(code))
}

/// Native functions are the same that have the same binding.
fn begin_native(vm: &mut Vm, this: Me, native: Value) -> PyResult<()> {
    match vm.exactly::<NativeFunction>(native) {
        Some(function) => begin(vm, this, function.binding as usize, |vm| name_of(vm, function)),
        None => begin(vm, this, native.bits() as usize, |_| Ok(native)),
    }
}

/// `label` is what the function is called in reports; asked once.
fn begin(vm: &mut Vm, mut this: Me, key: usize, label: impl FnOnce(&mut Vm) -> PyResult) -> PyResult<()> {
    let place = match this.recording().place_of(key) {
        Some(place) => place,
        None => {
            // What this runs may have cleared all.
            let label = label(vm)?;
            let called: This<ListObject> = This::of(vm, this.called).expect("made with a list");
            vm.list_push(called.pointer(), label)?;
            this.recording().add(key)
        }
    };
    let follows_callees = this.follows_callees;
    this.recording().begin(place, follows_callees);
    let now = now(vm, this);
    this.recording().began(now);
    Ok(())
}

fn end(vm: &mut Vm, mut this: Me) {
    if this.recording().is_in_call() {
        let now = now(vm, this);
        this.recording().end(now);
    }
}

/// A method as its class shows it; another function by its module and name.
fn name_of(vm: &mut Vm, function: This<NativeFunction>) -> PyResult {
    let [name, module] = ["__name__", "__module__"].map(|attribute| vm.intern(attribute));
    let name = vm.get_attr(function.value(), name)?;
    if !function.owner.is_unbound() {
        let class = vm.class_of(function.owner);
        if let Some(method) = vm.class_lookup(class, name) {
            return vm.repr(method);
        }
    }
    let module = vm.get_attr(function.value(), module)?;
    let name = vm.text_of(name)?.text();
    let text = if module.is_none() {
        format!("<built-in method {name}>")
    } else {
        format!("<built-in method {}.{name}>", vm.text_of(module)?.text())
    };
    Ok(vm.new_str(&text))
}

/// Ticks: nanoseconds, or what a timer counts. A timer's exceptions are only written.
fn now(vm: &mut Vm, this: Me) -> i64 {
    if this.timer.is_none() {
        return monotonic_ns();
    }
    let ticks = vm.call(this.timer, &[]).and_then(|time| match this.unit > 0.0 {
        true => vm.index_i64(time),
        false => Ok((vm.to_float(time)? * TICKS_PER_SECOND) as i64),
    });
    ticks.unwrap_or_else(|Raised| {
        vm.write_unraisable("", this.timer);
        0
    })
}

fn stats(vm: &mut Vm, mut this: Me) -> PyResult {
    let counts_ints = !this.timer.is_none() && this.unit > 0.0;
    let seconds_per_tick = if counts_ints { this.unit } else { 1.0 / TICKS_PER_SECOND };
    let entries = vm.new_list(&[])?;
    for place in 0..this.recording().entries.len() {
        let Some(count) =
            this.recording().entries.get(place).map(|entry| entry.count).filter(|count| count.n_calls > 0)
        else {
            continue;
        };
        let callees: Vec<(usize, Count)> =
            this.recording().entries[place].callees.iter().map(|(&place, &count)| (place, count)).collect();
        let mut calls = Value::NONE;
        if !callees.is_empty() {
            calls = vm.new_list(&[])?;
            for (place, count) in callees {
                let numbers = numbers(vm, this, place, count, seconds_per_tick);
                let entry = vm.new_struct_sequence(&PROFILER_SUBENTRY, &numbers)?;
                push(vm, calls, entry)?;
            }
        }
        let [code, n_calls, n_recursive, total, own] = numbers(vm, this, place, count, seconds_per_tick);
        let entry = vm.new_struct_sequence(&PROFILER_ENTRY, &[code, n_calls, n_recursive, total, own, calls])?;
        push(vm, entries, entry)?;
    }
    Ok(entries)
}

fn push(vm: &mut Vm, list: Value, item: Value) -> PyResult<()> {
    let list: This<ListObject> = This::of(vm, list).expect("a list");
    vm.list_push(list.pointer(), item)
}

fn numbers(vm: &mut Vm, this: Me, place: usize, count: Count, seconds_per_tick: f64) -> [Value; 5] {
    let called: This<ListObject> = This::of(vm, this.called).expect("made with a list");
    let code = called.items().get(place).copied().unwrap_or(Value::NONE);
    let (n_calls, n_recursive) = (vm.new_int(count.n_calls), vm.new_int(count.n_recursive));
    let [total, own] = [count.total, count.own].map(|ticks| Value::float(ticks as f64 * seconds_per_tick));
    [code, n_calls, n_recursive, total, own]
}
