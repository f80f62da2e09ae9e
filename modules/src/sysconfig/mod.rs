//! `_sysconfigdata__linux_` and `_sysconfig`: what the module `sysconfig` tells of how the program was built. There is no build of C
//! behind it; what tools ask for is what native modules would be called, where data of the system lies, and which compiler to use.

use stitch_runtime::config::PYTHON_VERSION;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static DATA: ModuleSpec = ModuleSpec {
    name: "_sysconfigdata__linux_",
    doc: "The variables of the build.",
    exec: Some(|vm, module| {
        let variables = variables(vm)?;
        vm.set_module_entry(module, "build_time_vars", variables);
        Ok(())
    }),
    ..ModuleSpec::NEW
};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_sysconfig",
    doc: "The variables of the build that the program itself knows.",
    functions: &[method("config_vars", "()", |vm: &mut Vm| {
        let dict = vm.new_dict();
        set_texts(vm, dict, &[("EXT_SUFFIX", EXTENSION_SUFFIX), ("SOABI", EXTENSION_TAG)])?;
        set_numbers(vm, dict, &[("Py_DEBUG", 0), ("Py_GIL_DISABLED", 0)])?;
        PyResult::Ok(dict)
    })
    .doc("A dict of variables.")],
    ..ModuleSpec::NEW
};

const PREFIX: &str = "/usr";
/// What native modules for this runtime would be marked with.
const EXTENSION_TAG: &str =
    if cfg!(target_arch = "aarch64") { "stitch-314-aarch64-linux-gnu" } else { "stitch-314-x86_64-linux-gnu" };
const EXTENSION_SUFFIX: &str =
    if cfg!(target_arch = "aarch64") { ".stitch-314-aarch64-linux-gnu.so" } else { ".stitch-314-x86_64-linux-gnu.so" };
const SYSTEM: &str = if cfg!(target_arch = "aarch64") { "aarch64-linux-gnu" } else { "x86_64-linux-gnu" };

const TEXTS: &[(&str, &str)] = &[
    ("prefix", PREFIX),
    ("exec_prefix", PREFIX),
    ("BINDIR", "/usr/bin"),
    ("LIBDIR", "/usr/lib"),
    ("INCLUDEDIR", "/usr/include"),
    ("EXT_SUFFIX", EXTENSION_SUFFIX),
    ("SOABI", EXTENSION_TAG),
    ("SHLIB_SUFFIX", ".so"),
    ("MULTIARCH", SYSTEM),
    ("HOST_GNU_TYPE", SYSTEM),
    ("BUILD_GNU_TYPE", SYSTEM),
    ("TZPATH", "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"),
    ("CC", "cc"),
    ("CXX", "c++"),
    ("AR", "ar"),
    ("ARFLAGS", "rcs"),
    ("CFLAGS", "-O2"),
    ("CCSHARED", "-fPIC"),
    ("LDSHARED", "cc -shared"),
    ("LDCXXSHARED", "c++ -shared"),
    ("LDFLAGS", ""),
    ("LDLIBRARY", ""),
    ("LIBRARY", ""),
    ("LIBS", ""),
    ("INSTSONAME", ""),
    ("ABIFLAGS", ""),
    ("CONFIG_ARGS", ""),
];

const NUMBERS: &[(&str, i64)] = &[
    ("Py_DEBUG", 0),
    ("Py_GIL_DISABLED", 0),
    ("Py_ENABLE_SHARED", 0),
    ("WITH_PYMALLOC", 0),
    ("WITH_DOC_STRINGS", 1),
    ("SIZEOF_VOID_P", size_of::<usize>() as i64),
];

fn set_texts(vm: &mut Vm, dict: Value, rows: &[(&str, &str)]) -> PyResult<()> {
    for (name, text) in rows {
        let (name, text) = (vm.intern(name), vm.new_str(text));
        vm.dict_set(dict, name, text)?;
    }
    Ok(())
}

fn set_numbers(vm: &mut Vm, dict: Value, rows: &[(&str, i64)]) -> PyResult<()> {
    for &(name, number) in rows {
        let name = vm.intern(name);
        vm.dict_set(dict, name, Value::small_int(number))?;
    }
    Ok(())
}

fn variables(vm: &mut Vm) -> PyResult {
    let dict = vm.new_dict();
    set_texts(vm, dict, TEXTS)?;
    set_numbers(vm, dict, NUMBERS)?;
    let [major, minor, _] = PYTHON_VERSION;
    let version = format!("{major}.{minor}");
    let (include, library) = (format!("{PREFIX}/include/python{version}"), format!("{PREFIX}/lib/python{version}"));
    set_texts(
        vm,
        dict,
        &[("VERSION", &version), ("INCLUDEPY", &include), ("LIBDEST", &library), ("BINLIBDEST", &library)],
    )?;
    Ok(dict)
}
