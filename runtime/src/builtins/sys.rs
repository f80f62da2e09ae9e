//! The module `sys`.

use super::receiver::object_of;
use crate::config::{PYTHON_VERSION, python_version};
use crate::host;
use crate::object::layout::*;
use crate::object::module::ModuleSpec;
use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// As CPython's, of a final release.
const HEX_VERSION: i64 = {
    let [major, minor, micro] = PYTHON_VERSION;
    (major as i64) << 24 | (minor as i64) << 16 | (micro as i64) << 8 | 0xF0
};

const FUNCTIONS: &[NativeRow] = &[
    native("exit", "(status=None, /)", exit),
    native("exc_info", "()", exc_info),
    native("exception", "()", |vm, _| Ok(vm.handled)),
    native("intern", "(string, /)", |vm, args| super::attributes::attribute_name(vm, args[0])),
    native("getsizeof", "(object, default=<unrepresentable>)", getsizeof),
    native("getrecursionlimit", "()", |vm, _| Ok(Value::small_int(vm.recursion_limit as i64))),
    native("setrecursionlimit", "(limit, /)", setrecursionlimit),
    native("getdefaultencoding", "()", |vm, _| Ok(vm.new_str("utf-8"))),
    native("getfilesystemencoding", "()", |vm, _| Ok(vm.new_str("utf-8"))),
    native("is_finalizing", "()", |_, _| Ok(Value::FALSE)),
    native("gettrace", "()", |_, _| Ok(Value::NONE)),
    native("getprofile", "()", |_, _| Ok(Value::NONE)),
    native("get_int_max_str_digits", "()", |_, _| Ok(Value::small_int(4300))),
    native("_getframe", "(depth=0, /)", |vm, args| {
        let depth = if args[0].is_unbound() { 0 } else { vm.index_clamped(args[0])? };
        vm.frame_object(depth)
    }),
    native("_getframemodulename", "(depth=0, /)", frame_module_name),
    native("displayhook", "(object, /)", |vm, args| {
        if !args[0].is_none() {
            let shown = vm.repr(args[0])?;
            vm.write_output(shown);
            vm.out.write(b"\n");
        }
        Ok(Value::NONE)
    }),
];

const JIT: &[NativeRow] = &[
    native("is_available", "()", |_, _| Ok(Value::TRUE)),
    native("is_enabled", "()", |vm, _| Ok(Value::bool(vm.jit.is_enabled()))),
    native("is_active", "()", |vm, _| Ok(Value::bool(vm.current_executor != 0))),
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
        if !self.has_layout(module, BuiltinType::Module) {
            return None;
        }
        let dict = object_of::<ModuleObject>(module).dict;
        self.dict_get_name(dict, name)
    }

    /// A tuple whose items have names, like `sys.version_info`.
    pub fn new_struct_sequence(&mut self, name: &str, fields: &[(&str, Value)]) -> PyResult {
        fn item<const N: usize>(_: &mut Vm, value: Value) -> PyResult {
            Ok(super::tuple_of(value).items().get(N).copied().unwrap_or(Value::NONE))
        }
        const GETTERS: [Getter; 18] = [
            item::<0>, item::<1>, item::<2>, item::<3>, item::<4>, item::<5>, item::<6>, item::<7>, item::<8>,
            item::<9>, item::<10>, item::<11>, item::<12>, item::<13>, item::<14>, item::<15>, item::<16>, item::<17>,
        ];
        debug_assert!(fields.len() <= GETTERS.len());
        let name = self.intern(name);
        let namespace = self.new_dict();
        let module = self.intern("sys");
        self.dict_set_name(namespace, self.names.__module__, module);
        let tuple = Value::object(self.class(BuiltinType::Tuple));
        let class = self.new_class(self.class(BuiltinType::Type), name, &[tuple], namespace)?;
        for (&(name, _), getter) in fields.iter().zip(GETTERS) {
            self.add_getset(class, name, getter, None);
        }
        let values: smallvec::SmallVec<[Value; 18]> = fields.iter().map(|field| field.1).collect();
        let tuple = self.new_tuple(&values);
        self.derive(class, tuple)
    }
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "sys",
    doc: "What a program can see and set of the runtime.",
    functions: FUNCTIONS,
    exec: Some(fill),
    ..ModuleSpec::NEW
};

fn fill(vm: &mut Vm, module: Value) -> PyResult<()> {
    set_streams(vm, module);
    set_version(vm, module)?;
    set_numbers(vm, module)?;
    let empty = vm.str_from_latin1(b"");
    let argv = vm.new_list(&[empty])?;
    vm.set_module_entry(module, "argv", argv);
    vm.set_module_entry(module, "orig_argv", argv);
    for name in ["path", "meta_path", "path_hooks", "warnoptions"] {
        let list = vm.new_list(&[])?;
        vm.set_module_entry(module, name, list);
    }
    let modules = vm.modules;
    vm.set_module_entry(module, "modules", modules);
    let executable = host::executable_path();
    for (name, text) in [
        ("executable", executable.as_str()),
        ("_base_executable", executable.as_str()),
        ("platform", "linux"),
        ("byteorder", if cfg!(target_endian = "big") { "big" } else { "little" }),
        ("prefix", "/usr"),
        ("exec_prefix", "/usr"),
        ("base_prefix", "/usr"),
        ("float_repr_style", "short"),
        ("copyright", ""),
    ] {
        let text = vm.new_str(text);
        vm.set_module_entry(module, name, text);
    }
    let names = vm.new_list(&[])?;
    for name in super::MODULES.iter().map(|spec| spec.name).chain(super::FROZEN.iter().map(|module| module.name)) {
        let name = vm.intern(name);
        vm.list_push(super::list_of(names), name)?;
    }
    let names = vm.new_tuple(super::list_of(names).items());
    vm.set_module_entry(module, "builtin_module_names", names);
    vm.set_module_entry(module, "dont_write_bytecode", Value::TRUE);
    vm.set_module_entry(module, "pycache_prefix", Value::NONE);
    let jit = vm.new_module("sys._jit");
    let jit_dict = object_of::<ModuleObject>(jit).dict;
    vm.add_functions(jit_dict, "sys._jit", JIT);
    vm.set_module_entry(module, "_jit", jit);
    Ok(())
}

fn set_streams(vm: &mut Vm, module: Value) {
    for (descriptor, names) in
        [["stdin", "__stdin__"], ["stdout", "__stdout__"], ["stderr", "__stderr__"]].into_iter().enumerate()
    {
        let stream = vm.new_stream(descriptor as u32, false);
        for name in names {
            vm.set_module_entry(module, name, stream);
        }
    }
}

fn set_version(vm: &mut Vm, module: Value) -> PyResult<()> {
    let [major, minor, micro] = PYTHON_VERSION;
    let version = vm.new_str(&format!("{} (stitch {})", python_version(), env!("CARGO_PKG_VERSION")));
    vm.set_module_entry(module, "version", version);
    let number = Value::small_int;
    let level = vm.intern("final");
    let fields = [
        ("major", number(major.into())),
        ("minor", number(minor.into())),
        ("micro", number(micro.into())),
        ("releaselevel", level),
        ("serial", number(0)),
    ];
    let info = vm.new_struct_sequence("version_info", &fields)?;
    vm.set_module_entry(module, "version_info", info);
    vm.set_module_entry(module, "hexversion", number(HEX_VERSION));
    vm.set_module_entry(module, "api_version", number(1013));
    let name = vm.intern("stitch");
    let tag = vm.intern(&format!("stitch-{major}{minor}"));
    let implementation = vm.new_namespace(&[
        ("name", name),
        ("version", info),
        ("hexversion", number(HEX_VERSION)),
        ("cache_tag", tag),
    ])?;
    vm.set_module_entry(module, "implementation", implementation);
    Ok(())
}

fn set_numbers(vm: &mut Vm, module: Value) -> PyResult<()> {
    let number = Value::small_int;
    let largest = vm.new_int(i64::MAX);
    vm.set_module_entry(module, "maxsize", largest);
    vm.set_module_entry(module, "maxunicode", number(0x10_FFFF));
    let float_info = vm.new_struct_sequence(
        "float_info",
        &[
            ("max", Value::float(f64::MAX)),
            ("max_exp", number(1024)),
            ("max_10_exp", number(308)),
            ("min", Value::float(f64::MIN_POSITIVE)),
            ("min_exp", number(-1021)),
            ("min_10_exp", number(-307)),
            ("dig", number(15)),
            ("mant_dig", number(53)),
            ("epsilon", Value::float(f64::EPSILON)),
            ("radix", number(2)),
            ("rounds", number(1)),
        ],
    )?;
    vm.set_module_entry(module, "float_info", float_info);
    let int_info = vm.new_struct_sequence(
        "int_info",
        &[
            ("bits_per_digit", number(30)),
            ("sizeof_digit", number(4)),
            ("default_max_str_digits", number(4300)),
            ("str_digits_check_threshold", number(640)),
        ],
    )?;
    vm.set_module_entry(module, "int_info", int_info);
    let modulus = vm.new_int((1 << 61) - 1);
    let algorithm = vm.intern("siphash13");
    let hash_info = vm.new_struct_sequence(
        "hash_info",
        &[
            ("width", number(64)),
            ("modulus", modulus),
            ("inf", number(314_159)),
            ("nan", number(0)),
            ("imag", number(1_000_003)),
            ("algorithm", algorithm),
            ("hash_bits", number(64)),
            ("seed_bits", number(128)),
            ("cutoff", number(0)),
        ],
    )?;
    vm.set_module_entry(module, "hash_info", hash_info);
    Ok(())
}

fn exit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let status = if args[0].is_unbound() { Value::NONE } else { args[0] };
    Err(vm.raise_with(vm.exceptions.SystemExit, &[status]))
}

fn exc_info(vm: &mut Vm, _args: &[Value]) -> PyResult {
    let exception = vm.handled;
    if !vm.is_exception(exception) {
        return Ok(vm.new_tuple(&[Value::NONE; 3]));
    }
    let traceback = vm.exception_slot(exception, crate::object::exception::TRACEBACK);
    let class = Value::object(vm.class_of(exception));
    Ok(vm.new_tuple(&[class, exception, traceback]))
}

fn getsizeof(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.names.__sizeof__;
    match vm.call_special(args[0], name, &[])? {
        Some(size) => Ok(size),
        None if args[1].is_unbound() => Err(vm.raise_type("object has no __sizeof__")),
        None => Ok(args[1]),
    }
}

fn setrecursionlimit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let limit = vm.index_clamped(args[0])?;
    if limit < 1 {
        return Err(vm.raise_value("recursion limit must be greater or equal than 1"));
    }
    if limit <= vm.depth as i64 {
        let message = format!(
            "cannot set the recursion limit to {limit} at the recursion depth {}: the limit is too low",
            vm.depth
        );
        return Err(vm.raise(vm.exceptions.RecursionError, &message));
    }
    vm.recursion_limit = limit.min(u32::MAX as i64) as u32;
    Ok(Value::NONE)
}

/// `__name__` of the globals of the frame `depth` calls up.
fn frame_module_name(vm: &mut Vm, args: &[Value]) -> PyResult {
    let depth = if args[0].is_unbound() { 0 } else { vm.index_i64(args[0])? };
    let Some(frame) = vm.visible_frames().nth(depth.max(0) as usize) else { return Ok(Value::NONE) };
    let name = vm.names.__name__;
    Ok(vm.dict_get_name(frame.globals(), name).unwrap_or(Value::NONE))
}
