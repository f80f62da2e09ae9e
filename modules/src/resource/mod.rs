//! `resource`: what processes use and what they may use.

use crate::posix::OrRaise;
use stitch_runtime::host::process::{self, Usage};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::integer::IntView;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{fields, struct_sequence};
use stitch_runtime::{PyResult, Value, Vm};

macro_rules! constants {
    ($($name:ident)*) => {
        const CONSTANTS: &[(&str, Constant)] = &[
            $((stringify!($name), Constant::Int(libc::$name as i64)),)*
            ("RLIMIT_OFILE", Constant::Int(libc::RLIMIT_NOFILE as i64)),
        ];
    };
}

constants! {
    RLIMIT_AS RLIMIT_CORE RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE RLIMIT_MEMLOCK RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_NOFILE
    RLIMIT_NPROC RLIMIT_RSS RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING RLIMIT_STACK RLIM_INFINITY
    RUSAGE_CHILDREN RUSAGE_SELF RUSAGE_THREAD
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "resource",
    doc: "What processes use, and what they may use.",
    functions: &[
        method("getrusage", "(who, /)", |vm: &mut Vm, who: i32| match process::usage_of(who) {
            Err(error) if error.errno == libc::EINVAL => Err(vm.raise_value("invalid who parameter")),
            usage => {
                let usage = usage.or_raise(vm)?;
                usage_result(vm, &usage)
            }
        })
        .doc("What this process, its children or this thread used."),
        method("getrlimit", "(resource, /)", |vm: &mut Vm, resource: i32| limits(vm, 0, resource, None))
            .doc("How much the process may use: the limit that counts, and how far that may be raised."),
        method("setrlimit", "(resource, limits, /)", |vm: &mut Vm, resource: i32, new: Value| -> PyResult<()> {
            limits(vm, 0, resource, Some(new))?;
            Ok(())
        })
        .doc("Sets both limits."),
        method(
            "prlimit",
            "(pid, resource, limits=None, /)",
            |vm: &mut Vm, pid: i32, resource: i32, new: Option<Value>| {
                limits(vm, pid, resource, new.filter(|new| !new.is_none()))
            },
        )
        .doc("The limits of a process, which are set if some are given."),
        method("getpagesize", "()", |vm: &mut Vm| -> PyResult<i64> {
            Ok(process::setting(libc::_SC_PAGESIZE).or_raise(vm)?.unwrap_or(4096))
        })
        .doc("How many bytes a page of memory has."),
    ],
    constants: CONSTANTS,
    types: &[&STRUCT_RUSAGE],
    exec: Some(|vm, module| {
        let error = Value::object(vm.exceptions.OSError);
        vm.set_module_entry(module, "error", error);
        // The constant is of an unsigned type.
        vm.set_module_entry(module, "RLIM_INFINITY", Value::small_int(-1));
        Ok(())
    }),
    ..ModuleSpec::NEW
};

static STRUCT_RUSAGE: TypeSpec = struct_sequence("struct_rusage", "resource", "What a process used.", USAGE_FIELDS);
const USAGE_FIELDS: &[GetSetRow] = &fields([
    "ru_utime",
    "ru_stime",
    "ru_maxrss",
    "ru_ixrss",
    "ru_idrss",
    "ru_isrss",
    "ru_minflt",
    "ru_majflt",
    "ru_nswap",
    "ru_inblock",
    "ru_oublock",
    "ru_msgsnd",
    "ru_msgrcv",
    "ru_nsignals",
    "ru_nvcsw",
    "ru_nivcsw",
]);

pub fn usage_result(vm: &mut Vm, usage: &Usage) -> PyResult {
    let seconds = |time: libc::timeval| Value::float(time.tv_sec as f64 + time.tv_usec as f64 * 1e-6);
    let numbers = [
        usage.ru_maxrss,
        usage.ru_ixrss,
        usage.ru_idrss,
        usage.ru_isrss,
        usage.ru_minflt,
        usage.ru_majflt,
        usage.ru_nswap,
        usage.ru_inblock,
        usage.ru_oublock,
        usage.ru_msgsnd,
        usage.ru_msgrcv,
        usage.ru_nsignals,
        usage.ru_nvcsw,
        usage.ru_nivcsw,
    ];
    let mut values = [Value::NONE; 16];
    values[0] = seconds(usage.ru_utime);
    values[1] = seconds(usage.ru_stime);
    for (value, number) in values[2..].iter_mut().zip(numbers) {
        *value = vm.new_int(number);
    }
    vm.new_struct_sequence(&STRUCT_RUSAGE, &values)
}

fn limits(vm: &mut Vm, pid: i32, resource: i32, new: Option<Value>) -> PyResult {
    if !(0..16).contains(&resource) {
        return Err(vm.raise_value("invalid resource specified"));
    }
    let new = match new {
        None => None,
        Some(new) => {
            let pair = vm.collect_tuple(new)?;
            let parts =
                stitch_runtime::object::argument::This::<stitch_runtime::object::layout::TupleObject>::of(vm, pair);
            let Some(&[current, most]) = parts.as_ref().map(|parts| parts.items()) else {
                return Err(vm.raise_value("expected a tuple of 2 integers"));
            };
            Some(libc::rlimit { rlim_cur: limit_of(vm, current)?, rlim_max: limit_of(vm, most)? })
        }
    };
    let mut old = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    match process::limits_into(pid, resource, new.as_ref(), &mut old) {
        Err(error) if error.errno == libc::EINVAL => Err(vm.raise_value("current limit exceeds maximum limit")),
        Err(error) if error.errno == libc::EPERM && pid == 0 => {
            Err(vm.raise_value("not allowed to raise maximum limit"))
        }
        result => {
            result.or_raise(vm)?;
            let limits = [old.rlim_cur, old.rlim_max].map(|limit| vm.new_int(limit as i64));
            Ok(vm.new_tuple(&limits))
        }
    }
}

/// No limit is −1.
fn limit_of(vm: &mut Vm, limit: Value) -> PyResult<u64> {
    let int = vm.index(limit)?;
    match vm.int_of(int) {
        IntView::Word(word) => Ok(word as u64),
        view => u64::try_from(&view.to_big()).map_err(|_| vm.raise_overflow("int too big to convert")),
    }
}
