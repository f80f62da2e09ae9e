//! `syslog`: the system's log.

use stitch_runtime::host::log;
use stitch_runtime::object::argument::{OrNone, Rest, method};
use stitch_runtime::object::module::{Constant, ModuleSpec, ModuleState};
use stitch_runtime::{PyResult, Raised, Value, Vm};

macro_rules! constants {
    ($($name:ident)*) => {
        const CONSTANTS: &[(&str, Constant)] = &[
            $((stringify!($name), Constant::Int(libc::$name as i64)),)*
        ];
    };
}

constants! {
    LOG_ALERT LOG_AUTH LOG_AUTHPRIV LOG_CONS LOG_CRIT LOG_CRON LOG_DAEMON LOG_DEBUG LOG_EMERG LOG_ERR LOG_FTP LOG_INFO
    LOG_KERN LOG_LOCAL0 LOG_LOCAL1 LOG_LOCAL2 LOG_LOCAL3 LOG_LOCAL4 LOG_LOCAL5 LOG_LOCAL6 LOG_LOCAL7 LOG_LPR LOG_MAIL
    LOG_NDELAY LOG_NEWS LOG_NOTICE LOG_NOWAIT LOG_ODELAY LOG_PERROR LOG_PID LOG_SYSLOG LOG_USER LOG_UUCP LOG_WARNING
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "syslog",
    doc: "The system's log.",
    functions: &[
        method(
            "openlog",
            "(ident=<unrepresentable>, logoption=0, facility=LOG_USER)",
            |vm: &mut Vm, ident: OrNone<Value>, options: Option<i32>, facility: Option<i32>| {
                open(vm, ident.0, options.unwrap_or(0), facility.unwrap_or(libc::LOG_USER))
            },
        )
        .doc("Has entries begin with a name, and sets how they are written."),
        method("syslog", "(*args)", write).doc("Writes an entry: syslog(message) or syslog(priority, message)."),
        method("closelog", "()", |vm: &mut Vm| {
            vm.audit("syslog.closelog", |vm| vm.empty_tuple)?;
            log::close();
            set_open(vm, false);
            Ok::<(), Raised>(())
        })
        .doc("Closes the log."),
        method("setlogmask", "(maskpri, /)", |vm: &mut Vm, mask: i32| {
            vm.audit("syslog.setlogmask", |vm| vm.new_tuple(&[Value::small_int(mask.into())]))?;
            Ok::<_, Raised>(log::set_mask(mask))
        })
        .doc("Sets which priorities are written; gives those that were."),
        method("LOG_MASK", "(pri, /)", |priority: i32| 1i64.checked_shl(priority as u32).unwrap_or(0))
            .doc("The mask of a priority."),
        method("LOG_UPTO", "(pri, /)", |priority: i32| {
            1i64.checked_shl(priority as u32 + 1).map_or(0, |mask| mask - 1)
        })
        .doc("The mask of a priority and of all more urgent ones."),
    ],
    constants: CONSTANTS,
    state: Some(|| Box::new(State { is_open: false })),
    ..ModuleSpec::NEW
};

struct State {
    is_open: bool,
}

impl ModuleState for State {}

fn set_open(vm: &mut Vm, is_open: bool) {
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        state.is_open = is_open;
    }
}

fn open(vm: &mut Vm, ident: Option<Value>, options: i32, facility: i32) -> PyResult<()> {
    let ident = match ident {
        Some(ident) if !vm.is_str(ident) => {
            let message = format!("openlog() argument 'ident' must be str, not {}", vm.class_name(ident));
            return Err(vm.raise_type(&message));
        }
        Some(ident) => Some(vm.fs_c_string(ident)?),
        None => program_name(vm)?,
    };
    vm.audit("syslog.openlog", |vm| {
        let ident = ident.as_ref().map_or(Value::NONE, |ident| vm.fs_decode(ident.as_bytes()));
        vm.new_tuple(&[ident, Value::small_int(options.into()), Value::small_int(facility.into())])
    })?;
    log::open(ident, options, facility);
    set_open(vm, true);
    Ok(())
}

/// The last part of `sys.argv[0]`.
fn program_name(vm: &mut Vm) -> PyResult<Option<std::ffi::CString>> {
    let (sys, argv) = (vm.import_dotted("sys")?, vm.intern("argv"));
    let Some(argv) = vm.get_attr_opt(sys, argv)? else { return Ok(None) };
    let first = match vm.get_item(argv, Value::small_int(0)) {
        Ok(first) if vm.is_str(first) => vm.string_of(first),
        Ok(_) => return Ok(None),
        Err(_) => {
            vm.clear_exception();
            return Ok(None);
        }
    };
    let name = first.rsplit('/').next().unwrap_or_default();
    Ok(std::ffi::CString::new(name).ok().filter(|name| !name.is_empty()))
}

fn write(vm: &mut Vm, arguments: Rest) -> PyResult<()> {
    let (priority, message) = match *arguments.items() {
        [message] => (libc::LOG_INFO, message),
        [priority, message] => (vm.c_int(priority)?, message),
        _ => return Err(vm.raise_type("syslog.syslog requires 1 to 2 arguments")),
    };
    if !vm.is_str(message) {
        let message = format!("syslog() argument 1 must be str, not {}", vm.class_name(message));
        return Err(vm.raise_type(&message));
    }
    let text = vm.fs_c_string(message)?;
    vm.audit("syslog.syslog", |vm| vm.new_tuple(&[Value::small_int(priority.into()), message]))?;
    if vm.module_state::<State>(&MODULE).is_some_and(|state| !state.is_open) {
        open(vm, None, 0, libc::LOG_USER)?;
    }
    log::write(priority, &text);
    Ok(())
}
