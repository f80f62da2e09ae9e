//! `_socket`: sockets and names of hosts, under the module `socket`.

mod address;
mod constants;
mod message;
mod names;
pub mod object;
mod options;
mod resolve;
mod transfer;

use stitch_runtime::host::net::NameError;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_socket",
    doc: "Sockets and names of hosts.",
    functions: names::FUNCTIONS,
    constants: constants::CONSTANTS,
    types: &[&object::SOCKET, &GAI_ERROR, &HOST_ERROR],
    state: Some(|| Box::new(Defaults { timeout: None })),
    exec: Some(|vm, module| {
        let dict = vm.module_dict(module);
        vm.add_functions(dict, "_socket", resolve::FUNCTIONS);
        vm.add_functions(dict, "_socket", message::FUNCTIONS);
        vm.add_functions(
            dict,
            "_socket",
            &[
                method("getdefaulttimeout", "()", |vm: &mut Vm| default_timeout(vm).map(object::seconds_of))
                    .doc("How long new sockets wait, in seconds; None: as long as it takes."),
                method("setdefaulttimeout", "(timeout, /)", |vm: &mut Vm, timeout: Value| {
                    let timeout = object::timeout_of(vm, timeout)?;
                    if let Some(defaults) = vm.module_state::<Defaults>(&MODULE) {
                        defaults.timeout = timeout;
                    }
                    Ok::<(), Raised>(())
                })
                .doc("Sets how long new sockets wait."),
            ],
        );
        let entries = [
            ("error", Value::object(vm.exceptions.OSError)),
            ("timeout", Value::object(vm.exceptions.TimeoutError)),
            ("SocketType", Value::object(vm.type_of_spec(&object::SOCKET))),
            ("has_ipv6", Value::TRUE),
        ];
        for (name, value) in entries {
            vm.set_module_entry(module, name, value);
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

/// What new sockets begin with.
struct Defaults {
    /// In nanoseconds.
    timeout: Option<i64>,
}

impl ModuleState for Defaults {}

fn default_timeout(vm: &mut Vm) -> Option<i64> {
    vm.module_state::<Defaults>(&MODULE).and_then(|defaults| defaults.timeout)
}

static GAI_ERROR: TypeSpec = TypeSpec {
    name: "gaierror",
    module: "socket",
    doc: "A name that could not be looked up.",
    base_class: Some(|vm| vm.exceptions.OSError),
    ..TypeSpec::NEW
};

static HOST_ERROR: TypeSpec = TypeSpec {
    name: "herror",
    module: "socket",
    doc: "A host that is not known.",
    base_class: Some(|vm| vm.exceptions.OSError),
    ..TypeSpec::NEW
};

fn raise_numbered(vm: &mut Vm, spec: &'static TypeSpec, number: i32, message: &str) -> Raised {
    let class = vm.type_of_spec(spec);
    let (number, message) = (Value::small_int(number.into()), vm.new_str(message));
    vm.raise_with(class, &[number, message])
}

fn raise_name_error(vm: &mut Vm, error: &NameError) -> Raised {
    raise_numbered(vm, &GAI_ERROR, error.number, &error.message)
}

fn raise_os_text(vm: &mut Vm, message: &str) -> Raised {
    vm.raise(vm.exceptions.OSError, message)
}
