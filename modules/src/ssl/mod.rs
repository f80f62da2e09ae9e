//! `_ssl`: TLS under the module `ssl`. The protocol is rustls, paths of certificates are webpki's, cryptography is ring's; what the
//! library knows of OpenSSL (names, numbers, words) is told here.

mod bio;
mod certificate;
mod certificate_value;
mod cipher;
mod config;
mod constants;
mod context;
mod der;
mod engine;
mod error;
mod host_name;
mod key;
mod load;
mod names;
mod pem;
mod session;
mod socket;
mod store;
mod talk;
mod transport;
mod verify;

use error::Classes;
use names::Known;
use stitch_runtime::host::{self, process};
use stitch_runtime::object::argument::{FilePath, Str, method};
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_ssl",
    doc: "Connections that nobody else can read, by TLS.",
    functions: FUNCTIONS,
    constants: constants::CONSTANTS,
    types: &[
        &context::CONTEXT,
        &socket::SSL_SOCKET,
        &bio::MEMORY_BIO,
        &session::SESSION,
        &certificate_value::CERTIFICATE,
    ],
    state: Some(|| Box::new(State { classes: Classes::NONE })),
    exec: Some(|vm, module| {
        error::add_classes(vm, module)?;
        let version = [3, 0, 0, 0, 0].map(Value::small_int);
        for name in ["OPENSSL_VERSION_INFO", "_OPENSSL_API_VERSION"] {
            let version = vm.new_tuple(&version);
            vm.set_module_entry(module, name, version);
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

struct State {
    classes: Classes,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.classes.visit(visit);
    }
}

fn state(vm: &mut Vm) -> &mut State {
    vm.module_state(&MODULE).expect("the module's state is one")
}

const FUNCTIONS: &[NativeRow] = &[
    method("RAND_bytes", "(n, /)", |vm: &mut Vm, n: i32| -> PyResult {
        let Ok(n) = usize::try_from(n) else { return Err(vm.raise_value("num must be positive")) };
        let mut filled = Ok(());
        let bytes = vm.new_bytes_with(n, |buffer| filled = process::fill_with_random(buffer))?;
        filled.map_err(|error| vm.raise_os(&error, None))?;
        Ok(bytes)
    })
    .doc("So many bytes that nobody can foretell."),
    method("RAND_add", "(string, entropy, /)", |vm: &mut Vm, data: Value, _: f64| -> PyResult<()> {
        if vm.is_str(data) || vm.is_bytes_like(data) {
            return Ok(());
        }
        let given = vm.class_name(data);
        Err(vm.raise_type(&format!("a bytes-like object is required, not '{given}'")))
    })
    .doc("The system's generator needs no help: does nothing."),
    method("RAND_status", "()", || true).doc("Is there enough randomness? There always is."),
    method("txt2obj", "(txt, name=False)", |vm: &mut Vm, text: Str, by_name: Option<bool>| -> PyResult {
        let text = text.text();
        let known = names::by_identifier(&text);
        match known.or_else(|| names::by_name(&text).filter(|_| by_name == Some(true))) {
            Some(known) => Ok(known_value(vm, known)),
            None => Err(vm.raise_value(&format!("unknown object '{}'", text.chars().take(100).collect::<String>()))),
        }
    })
    .doc(
        "What is known of an object identifier or, if asked so, of a name: number, short name, long name, identifier.",
    ),
    method("nid2obj", "(nid, /)", |vm: &mut Vm, number: i32| -> PyResult {
        if number < 0 {
            return Err(vm.raise_value("NID must be positive."));
        }
        match names::by_number(number.into()) {
            Some(known) => Ok(known_value(vm, known)),
            None => Err(vm.raise_value(&format!("unknown NID {number}"))),
        }
    })
    .doc("What is known of OpenSSL's number."),
    method("get_default_verify_paths", "()", |vm: &mut Vm| {
        let places = store::default_places().map(|place| vm.new_str(&place));
        vm.new_tuple(&places)
    })
    .doc("Where the certificates are that the system trusts: variable and path of a file, then of a folder."),
    method("_test_decode_cert", "(path, /)", |vm: &mut Vm, path: FilePath| -> PyResult {
        let Ok(text) = host::read_file(&path.0) else { return Err(error::raise_text(vm, "Can't open file")) };
        let sections = pem::sections(&text).unwrap_or_default();
        let first = sections.iter().find(|section| section.label == "CERTIFICATE");
        let described = first.map_or(Ok(None), |section| certificate_value::describe(vm, &section.data))?;
        described.ok_or_else(|| error::raise_text(vm, "Error decoding PEM-encoded file"))
    })
    .doc("The certificate in a file, as a dict."),
];

fn known_value(vm: &mut Vm, known: &Known) -> Value {
    let [short, long, identifier] = [known.short, known.long, known.identifier].map(|text| vm.new_str(text));
    vm.new_tuple(&[Value::small_int(known.number), short, long, identifier])
}

/// That something cannot be had here, as the library says it.
fn raise_unsupported(vm: &mut Vm, what: &str) -> Raised {
    vm.raise_not_implemented(&format!("{what} is not supported by your OpenSSL version"))
}
