//! The module `sys`.

mod counts;
mod hooks;
mod monitoring;
mod names;
mod uncaught;

pub use hooks::breakpoint;
pub use uncaught::ShownSource;

use crate::config::{Config, PYTHON_VERSION, python_version};
use crate::debug::tools::PerfMode;
use crate::host;
use crate::object::argument::{ClampedIndex, Class, OrNone, Str, This, method};
use crate::object::class::class_ref;
use crate::object::layout::{ModuleObject, StrObject, TupleObject};
use crate::object::module::{Constant, ModuleSpec};
use crate::object::native::NativeRow;
use crate::object::spec::{GetSetRow, TypeSpec};
use crate::object::struct_sequence::{NamedItems, closed_struct_sequence, fields};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::time::Duration;

/// As CPython's, of a final release.
const HEX_VERSION: i64 = {
    let [major, minor, micro] = PYTHON_VERSION;
    (major as i64) << 24 | (minor as i64) << 16 | (micro as i64) << 8 | 0xF0
};

const FUNCTIONS: &[NativeRow] = &[
    method("exit", "(status=None, /)", exit).doc("Raises SystemExit, with a status for the system."),
    method("_baserepl", "()", |vm: &mut Vm| {
        let Some(main) = vm.main_module() else { return Err(vm.raise_runtime("lost __main__")) };
        let namespace = vm.module_dict(main);
        vm.interact(namespace)
    })
    .doc("Reads statements with plain prompts, and runs them as those of __main__."),
    method("exc_info", "()", exc_info).doc("Class, exception and traceback of what is being handled."),
    method("exception", "()", |vm: &mut Vm| vm.handled).doc("The exception that is being handled."),
    method("intern", "(string, /)", intern).doc("The one str with this text that names are."),
    method("_clear_type_descriptors", "(type, /)", clear_type_descriptors)
        .doc("Takes the descriptors of attributes and weak references out of a class that another one replaces."),
    method("getdefaultencoding", "()", || "utf-8").doc("How strs are encoded where nothing is said."),
    method("getfilesystemencoding", "()", || "utf-8").doc("How the names of files are encoded."),
    method("_get_cpu_count_config", "()", || -1i64)
        .doc("How many processors the command line says there are; -1: nothing."),
    method("getfilesystemencodeerrors", "()", || "surrogateescape")
        .doc("What becomes of names that are not so encoded."),
    method("is_finalizing", "()", |vm: &mut Vm| vm.is_finalizing).doc("Is the interpreter about to end?"),
    method("settrace", "(function, /)", |vm: &mut Vm, function: OrNone<Value>| {
        vm.set_trace(function.0.unwrap_or(Value::UNBOUND));
    })
    .doc("Has a function be called as this thread's code runs: see its documentation for when."),
    method("setprofile", "(function, /)", |vm: &mut Vm, function: OrNone<Value>| {
        vm.set_profile(function.0.unwrap_or(Value::UNBOUND));
    })
    .doc("Has a function be called where functions of this thread are entered and left."),
    method("_settraceallthreads", "(function, /)", |vm: &mut Vm, function: OrNone<Value>| {
        vm.set_trace_of_all(function.0.unwrap_or(Value::UNBOUND));
    })
    .doc("As settrace, for each thread."),
    method("_setprofileallthreads", "(function, /)", |vm: &mut Vm, function: OrNone<Value>| {
        vm.set_profile_of_all(function.0.unwrap_or(Value::UNBOUND));
    })
    .doc("As setprofile, for each thread."),
    method("gettrace", "()", |vm: &mut Vm| vm.trace.or_none()).doc("What settrace was given, or None."),
    method("getprofile", "()", |vm: &mut Vm| vm.profile.or_none()).doc("What setprofile was given, or None."),
    method("_getframe", "(depth=0, /)", |vm: &mut Vm, depth: Option<ClampedIndex>| {
        let frame = vm.frame_object(depth.map_or(0, |depth| depth.0))?;
        vm.audit("sys._getframe", |vm| vm.new_tuple(&[frame]))?;
        Ok::<Value, Raised>(frame)
    })
    .doc("The frame so many calls up."),
    method("_getframemodulename", "(depth=0, /)", frame_module_name)
        .doc("The name of the module that runs so many calls up."),
    method("getswitchinterval", "()", |vm: &mut Vm| vm.threads.switch_interval().as_micros() as f64 * 1e-6)
        .doc("For how many seconds a thread may keep the others waiting."),
    method("setswitchinterval", "(interval, /)", set_switch_interval)
        .doc("Sets for how many seconds a thread may keep the others waiting."),
    method("_current_frames", "()", current_frames).doc("For each thread, the frame that it runs."),
    method("_current_exceptions", "()", current_exceptions).doc("For each thread, the exception that it handles."),
    method("call_tracing", "(func, args, /)", |vm: &mut Vm, function: Value, args: This<TupleObject>| {
        let is_telling = std::mem::take(&mut vm.is_telling);
        let result = vm.call(function, args.kept_items());
        vm.is_telling = is_telling;
        result
    })
    .doc("Calls a function from within a debugger."),
    method("_is_gil_enabled", "()", || true).doc("Does one lock serve all threads?"),
    method("is_stack_trampoline_active", "()", |vm: &mut Vm| vm.jit.tools.perf_mode() != PerfMode::Off)
        .doc("Is a profiler of the system told of compiled code?"),
    method("activate_stack_trampoline", "(backend, /)", activate_stack_trampoline)
        .doc("Tells a profiler of the system of compiled code: by 'perf' of its names, by 'perf_jit' of the code too."),
    method("deactivate_stack_trampoline", "()", |vm: &mut Vm| vm.end_profiler())
        .doc("Tells profilers of the system no more."),
    method("is_remote_debug_enabled", "()", || false).doc("May other processes have this one run code?"),
    method("remote_exec", "(pid, script)", |vm: &mut Vm, _: Value, _: Value| -> PyResult<()> {
        Err(vm.raise_runtime("Remote debugging is not supported on this platform"))
    })
    .doc("Refuses: other processes cannot be made to run code."),
];

fn activate_stack_trampoline(vm: &mut Vm, backend: Str) -> PyResult<()> {
    let name = vm.string_of(backend.value());
    let Some((_, mode)) = PerfMode::NAMES.into_iter().find(|(known, _)| *known == name) else {
        return Err(vm.raise_value(&format!("invalid backend: {name}")));
    };
    let kind = if mode == PerfMode::Dump { "perf jit" } else { "perf" };
    vm.tell_profiler(mode).map_err(|_| vm.raise_value(&format!("can't activate {kind} trampoline")))
}

const JIT: &[NativeRow] = &[
    method("is_available", "()", || true).doc("Can this program compile while it runs?"),
    method("is_enabled", "()", |vm: &mut Vm| vm.jit.is_enabled()).doc("Does it?"),
    method("is_active", "()", |vm: &mut Vm| vm.current_executor != 0).doc("Is compiled code running?"),
];

impl Vm {
    /// An entry of the module `sys`, which is made if it has not been.
    pub fn sys_entry(&mut self, name: Value) -> Option<Value> {
        let key = self.intern("sys");
        let module = match self.dict_get_name(self.modules, key) {
            Some(module) => module,
            None => {
                let module = self.make_module(&MODULE).ok()?;
                self.dict_set_name(self.modules, key, module);
                module
            }
        };
        let module = This::<ModuleObject>::of(self, module)?;
        self.dict_get_name(module.dict, name)
    }
}

static VERSION_INFO: TypeSpec = closed_struct_sequence("version_info", "sys", "The version, in parts.", VERSION_FIELDS);
const VERSION_FIELDS: &[GetSetRow] = &fields(["major", "minor", "micro", "releaselevel", "serial"]);

static THREAD_INFO: TypeSpec = closed_struct_sequence("thread_info", "sys", "How threads are made.", THREAD_FIELDS);
const THREAD_FIELDS: &[GetSetRow] = &fields(["name", "lock", "version"]);

static FLOAT_INFO: TypeSpec = closed_struct_sequence("float_info", "sys", "What floats can hold.", FLOAT_FIELDS);
const FLOAT_FIELDS: &[GetSetRow] = &fields([
    "max",
    "max_exp",
    "max_10_exp",
    "min",
    "min_exp",
    "min_10_exp",
    "dig",
    "mant_dig",
    "epsilon",
    "radix",
    "rounds",
]);

static INT_INFO: TypeSpec = closed_struct_sequence("int_info", "sys", "How ints are kept.", INT_FIELDS);
const INT_FIELDS: &[GetSetRow] =
    &fields(["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"]);

static HASH_INFO: TypeSpec = closed_struct_sequence("hash_info", "sys", "How values are hashed.", HASH_FIELDS);
const HASH_FIELDS: &[GetSetRow] =
    &fields(["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"]);

/// `sys.flags`, whose items `Config::sys_flags` gives.
pub static FLAGS: TypeSpec = TypeSpec {
    named_items: Some(NamedItems { n_items: N_FLAGS, n_unnamed: 0 }),
    ..closed_struct_sequence("flags", "sys", "What the command line said.", FLAG_FIELDS)
};
const N_FLAGS: usize = Config::FLAG_NAMES.len();
/// Those that are no items come last: whether one lock serves all threads, whether threads begin with the context of who starts
/// them, whether `catch_warnings` holds in a context alone.
pub const HIDDEN_FLAGS: [(&str, i64); 3] = [("gil", 1), ("thread_inherit_context", 0), ("context_aware_warnings", 0)];
const FLAG_FIELDS: &[GetSetRow] = &fields({
    let mut names = [""; N_FLAGS + HIDDEN_FLAGS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = if at < N_FLAGS { Config::FLAG_NAMES[at] } else { HIDDEN_FLAGS[at - N_FLAGS].0 };
        at += 1;
    }
    names
});

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "sys",
    doc: "What a program can see and set of the runtime.",
    functions: FUNCTIONS,
    constants: &[
        ("platform", Constant::Str("linux")),
        ("byteorder", Constant::Str(if cfg!(target_endian = "big") { "big" } else { "little" })),
        ("float_repr_style", Constant::Str("short")),
        ("copyright", Constant::Str("")),
        ("platlibdir", Constant::Str("lib")),
        ("abiflags", Constant::Str("")),
        ("_framework", Constant::Str("")),
        ("hexversion", Constant::Int(HEX_VERSION)),
        ("api_version", Constant::Int(1013)),
        ("maxsize", Constant::Int(i64::MAX)),
        ("maxunicode", Constant::Int(0x10_FFFF)),
    ],
    on_demand: &[
        ("stdlib_module_names", names::library_modules),
        ("meta_path", |vm| vm.importers("meta_path")),
        ("path_hooks", |vm| vm.importers("path_hooks")),
        ("path_importer_cache", |vm| vm.importers("path_importer_cache")),
        ("monitoring", |vm| vm.make_module(&monitoring::MODULE)),
        ("_jit", |vm| vm.make_module(&JIT_MODULE)),
    ],
    exec: Some(fill),
    state: Some(|| Box::new(hooks::Hooks::NONE)),
    ..ModuleSpec::NEW
};

fn clear_type_descriptors(vm: &mut Vm, class: Class) {
    let dict = class_ref(class.0).dict;
    for name in ["__dict__", "__weakref__"] {
        let name = vm.intern(name);
        if let Some(entry) = vm.dict_entry_of_name(dict, name) {
            vm.dict_remove_entry(dict, entry);
        }
    }
    vm.class_changed(class.0);
}

fn fill(vm: &mut Vm, module: Value) -> PyResult<()> {
    let dict = vm.module_dict(module);
    for functions in [hooks::FUNCTIONS, counts::FUNCTIONS] {
        vm.add_functions(dict, MODULE.name, functions);
    }
    for (name, kept) in hooks::KEPT {
        let name = vm.intern(name);
        let function = vm.dict_get_name(dict, name).unwrap_or(Value::NONE);
        vm.set_module_entry(module, kept, function);
    }
    for name in ["stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__"] {
        vm.set_module_entry(module, name, Value::NONE);
    }
    set_version(vm, module)?;
    set_numbers(vm, module)?;
    let empty = vm.str_from_latin1(b"");
    let argv = vm.new_list(&[empty])?;
    vm.set_module_entry(module, "argv", argv);
    vm.set_module_entry(module, "orig_argv", argv);
    for name in ["path", "warnoptions"] {
        let list = vm.new_list(&[])?;
        vm.set_module_entry(module, name, list);
    }
    let modules = vm.modules;
    vm.set_module_entry(module, "modules", modules);
    let installation = host::installation::Installation::find();
    for (name, path) in [
        ("executable", &installation.executable),
        ("_base_executable", &installation.base_executable),
        ("prefix", &installation.prefix),
        ("exec_prefix", &installation.prefix),
        ("base_prefix", &installation.base_prefix),
        ("base_exec_prefix", &installation.base_prefix),
    ] {
        let path = vm.new_path(path);
        vm.set_module_entry(module, name, path);
    }
    let options = vm.new_dict();
    vm.set_module_entry(module, "_xoptions", options);
    vm.set_module_entry(module, "_stdlib_dir", Value::NONE);
    vm.set_module_entry(module, "pycache_prefix", Value::NONE);
    vm.set_module_entry(module, "dont_write_bytecode", Value::FALSE);
    Ok(())
}

static JIT_MODULE: ModuleSpec =
    ModuleSpec { name: "sys._jit", doc: "What there is to know of the JIT.", functions: JIT, ..ModuleSpec::NEW };

fn set_version(vm: &mut Vm, module: Value) -> PyResult<()> {
    let version = vm.new_str(&format!("{} (stitch {}) [Rust]", python_version(), env!("CARGO_PKG_VERSION")));
    vm.set_module_entry(module, "version", version);
    let level = vm.intern("final");
    let [major_number, minor_number, micro] = PYTHON_VERSION.map(|part| Value::small_int(part.into()));
    let info =
        vm.new_struct_sequence(&VERSION_INFO, &[major_number, minor_number, micro, level, Value::small_int(0)])?;
    vm.set_module_entry(module, "version_info", info);
    let name = vm.intern("stitch");
    let tag = vm.intern(crate::interp::code_cache::TAG);
    let implementation = vm.new_namespace(&[
        ("name", name),
        ("version", info),
        ("hexversion", Value::small_int(HEX_VERSION)),
        ("cache_tag", tag),
        ("supports_isolated_interpreters", Value::FALSE),
    ])?;
    vm.set_module_entry(module, "implementation", implementation);
    let [empty, pthread, mutex] = ["", "pthread", "semaphore"].map(|text| vm.intern(text));
    let git = vm.new_tuple(&[name, empty, empty]);
    vm.set_module_entry(module, "_git", git);
    let thread_info = vm.new_struct_sequence(&THREAD_INFO, &[pthread, mutex, Value::NONE])?;
    vm.set_module_entry(module, "thread_info", thread_info);
    Ok(())
}

fn set_numbers(vm: &mut Vm, module: Value) -> PyResult<()> {
    let number = Value::small_int;
    let float_info = vm.new_struct_sequence(
        &FLOAT_INFO,
        &[
            Value::float(f64::MAX),
            number(f64::MAX_EXP.into()),
            number(f64::MAX_10_EXP.into()),
            Value::float(f64::MIN_POSITIVE),
            number(f64::MIN_EXP.into()),
            number(f64::MIN_10_EXP.into()),
            number(f64::DIGITS.into()),
            number(f64::MANTISSA_DIGITS.into()),
            Value::float(f64::EPSILON),
            number(f64::RADIX.into()),
            number(1),
        ],
    )?;
    vm.set_module_entry(module, "float_info", float_info);
    let [default_digits, least_digits] = Vm::INT_LIMITS;
    let int_info = vm.new_struct_sequence(&INT_INFO, &[30, 4, default_digits, least_digits].map(number))?;
    vm.set_module_entry(module, "int_info", int_info);
    let modulus = vm.new_int((1 << 61) - 1);
    let algorithm = vm.intern("siphash13");
    let hash_info = vm.new_struct_sequence(
        &HASH_INFO,
        &[
            number(64),
            modulus,
            number(314_159),
            number(0),
            number(1_000_003),
            algorithm,
            number(64),
            number(128),
            number(0),
        ],
    )?;
    vm.set_module_entry(module, "hash_info", hash_info);
    Ok(())
}

fn set_switch_interval(vm: &mut Vm, seconds: f64) -> PyResult<()> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(interval) if seconds > 0.0 => {
            // Kept in whole microseconds.
            vm.threads.set_switch_interval(interval.max(Duration::from_micros(1)));
            Ok(())
        }
        _ => Err(vm.raise_value("switch interval must be strictly positive")),
    }
}

fn current_frames(vm: &mut Vm) -> PyResult {
    let frames = vm.new_dict();
    for (ident, frame) in vm.thread_frames() {
        let ident = vm.new_int(ident);
        vm.dict_set(frames, ident, frame)?;
    }
    Ok(frames)
}

fn current_exceptions(vm: &mut Vm) -> PyResult {
    let exceptions = vm.new_dict();
    for (ident, exception) in vm.thread_exceptions() {
        let ident = vm.new_int(ident);
        vm.dict_set(exceptions, ident, exception)?;
    }
    Ok(exceptions)
}

fn exit(vm: &mut Vm, status: Option<Value>) -> PyResult<()> {
    // A tuple is taken for the exception's arguments.
    let status = status.filter(|status| !status.is_none());
    let one = status.map(|status| [status]);
    let arguments: &[Value] = match &one {
        Some([status]) if vm.is_a::<TupleObject>(*status) => vm.tuple_items(*status),
        Some(one) => one,
        None => &[],
    };
    Err(vm.raise_with(vm.exceptions.SystemExit, arguments))
}

fn exc_info(vm: &mut Vm) -> Value {
    let exception = vm.handled;
    if !vm.is_exception(exception) {
        return vm.new_tuple(&[Value::NONE; 3]);
    }
    let traceback = vm.exception_slot(exception, crate::object::exception::TRACEBACK);
    let class = Value::object(vm.class_of(exception));
    vm.new_tuple(&[class, exception, traceback])
}

fn intern(vm: &mut Vm, text: Str) -> PyResult {
    if !vm.is_exactly::<StrObject>(text.value()) {
        let message = format!("can't intern {}", vm.class_name(text.value()));
        return Err(vm.raise_type(&message));
    }
    Ok(vm.intern_value(text.value()))
}

/// `__name__` of the globals of the frame `depth` calls up.
fn frame_module_name(vm: &mut Vm, depth: Option<ClampedIndex>) -> PyResult<Option<Value>> {
    let depth = depth.map_or(0, |depth| depth.0);
    vm.audit("sys._getframemodulename", |vm| {
        let depth = vm.new_int(depth);
        vm.new_tuple(&[depth])
    })?;
    let Some(frame) = vm.visible_frames().nth(depth.max(0) as usize) else { return Ok(None) };
    let globals = frame.globals();
    Ok(vm.dict_get_name(globals, vm.names.__name__))
}

impl Vm {
    /// Has `sys.builtin_module_names` be what native modules there are.
    pub(crate) fn name_native_modules(&mut self) {
        let Ok(sys) = self.import_dotted("sys") else { return };
        let mut names: Vec<&str> =
            self.native_modules.iter().flat_map(|specs| specs.iter()).map(|spec| spec.name).collect();
        names.sort_unstable();
        // Interned strings stay.
        let names: Vec<Value> = names.into_iter().map(|name| self.intern(name)).collect();
        let names = self.new_tuple(&names);
        self.set_module_entry(sys, "builtin_module_names", names);
    }
}
