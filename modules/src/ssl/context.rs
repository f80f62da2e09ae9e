//! `_SSLContext`: what connections are made of. Here are its settings; `load.rs` has what it trusts and shows.

use super::cipher::{self, Cipher};
use super::constants::*;
use super::error::raise_text;
use super::store::Store;
use super::{load, raise_unsupported, socket};
use rustls::NamedGroup;
use rustls::sign::CertifiedKey;
use std::sync::Arc;
use stitch_runtime::object::argument::{ClassOf, FilePath, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm, host};

#[repr(C)]
pub struct Context {
    header: Header,
    /// What a server asks before it answers a client; None: nothing.
    pub sni_callback: Value,
    settings: Option<Box<Settings>>,
}

pub struct Settings {
    pub protocol: i64,
    pub verify_mode: i64,
    pub checks_host: bool,
    pub verify_flags: i64,
    pub options: i64,
    pub host_flags: i64,
    pub minimum: i64,
    pub maximum: i64,
    pub ciphers: Vec<&'static Cipher>,
    pub protocols: Vec<Vec<u8>>,
    pub identities: Vec<Arc<CertifiedKey>>,
    pub store: Store,
    /// The one group in which keys are exchanged; `None`: any.
    pub group: Option<NamedGroup>,
    pub n_tickets: usize,
    pub counts: Counts,
}

/// How many connections there were, and how many of them came about.
#[derive(Default)]
pub struct Counts {
    pub connect: i64,
    pub connect_good: i64,
    pub accept: i64,
    pub accept_good: i64,
}

pub static CONTEXT: TypeSpec = TypeSpec {
    name: "_SSLContext",
    module: "_ssl",
    doc: "What connections are made of.",
    is_base: true,
    is_weakly_referable: true,
    layout: Some(Layout::of::<Context>(1).finalized_by(|object| {
        // SAFETY: a dead object, which has its settings for itself.
        unsafe { (*object.cast::<Context>()).settings = None };
    })),
    new: Some(method("__new__", "($type, protocol, /)", new).doc("A context of a protocol.")),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Context {
    const SPEC: &'static TypeSpec = &CONTEXT;
}

impl Context {
    pub fn settings(&mut self) -> &mut Settings {
        self.settings.as_mut().expect("a context that lives has its settings")
    }
}

fn new(vm: &mut Vm, class: ClassOf<Context>, protocol: i32) -> PyResult {
    let protocol = i64::from(protocol);
    let name = match protocol {
        PROTOCOL_TLS => Some("TLS"),
        PROTOCOL_TLS_CLIENT | PROTOCOL_TLS_SERVER => None,
        5 => Some("TLSv1_2"),
        _ => return Err(vm.raise_value(&format!("invalid or unsupported protocol version {protocol}"))),
    };
    if let Some(name) = name {
        deprecated(vm, &format!("ssl.PROTOCOL_{name} is deprecated"))?;
    }
    let is_client = protocol == PROTOCOL_TLS_CLIENT;
    let is_fixed = protocol == 5;
    let settings = Settings {
        protocol,
        verify_mode: if is_client { CERT_REQUIRED } else { CERT_NONE },
        checks_host: is_client,
        verify_flags: VERIFY_TRUSTED_FIRST,
        options: OP_DEFAULT,
        host_flags: HOSTFLAG_NO_PARTIAL_WILDCARDS,
        minimum: TLS1_2,
        maximum: if is_fixed { TLS1_2 } else { MAXIMUM_SUPPORTED },
        ciphers: cipher::choose(cipher::DEFAULT).unwrap_or_default(),
        protocols: Vec::new(),
        identities: Vec::new(),
        store: Store::default(),
        group: None,
        n_tickets: 2,
        counts: Counts::default(),
    };
    let settings = Some(Box::new(settings));
    vm.new_object(class.class, |header| Context { header, sni_callback: Value::NONE, settings })
}

fn deprecated(vm: &mut Vm, message: &str) -> PyResult<()> {
    vm.warn(vm.exceptions.DeprecationWarning, message)
}

const METHODS: &[NativeRow] = &[
    socket::WRAP_SOCKET,
    socket::WRAP_BIO,
    load::CERT_CHAIN,
    load::VERIFY_LOCATIONS,
    load::CA_CERTS,
    load::STORE_STATS,
    method("set_default_verify_paths", "($self, /)", |mut this: This<Context>| this.settings().store.add_default())
        .doc("Trusts what the system trusts."),
    method(
        "set_ciphers",
        "($self, cipherlist, /)",
        |vm: &mut Vm, mut this: This<Context>, text: Str| -> PyResult<()> {
            let Some(ciphers) = cipher::choose(&text.text()) else {
                return Err(raise_text(vm, "No cipher can be selected."));
            };
            this.settings().ciphers = ciphers;
            Ok(())
        },
    )
    .doc("Chooses cipher suites, in OpenSSL's language."),
    method("get_ciphers", "($self, /)", |vm: &mut Vm, mut this: This<Context>| -> PyResult {
        let list = vm.new_list(&[])?;
        let n = this.settings().ciphers.len();
        for at in 0..n {
            let Some(&cipher) = this.settings().ciphers.get(at) else { break };
            let description = cipher.description(vm)?;
            vm.list_push(list.as_ptr(), description)?;
        }
        Ok(list)
    })
    .doc("The cipher suites that are chosen."),
    method("_set_alpn_protocols", "($self, protos, /)", set_protocols)
        .doc("What is spoken inside, the best first: each name with its length in front."),
    method("set_ecdh_curve", "($self, name, /)", set_group).doc("In which group keys are exchanged."),
    method("load_dh_params", "($self, path, /)", |vm: &mut Vm, _: This<Context>, path: FilePath| -> PyResult<()> {
        let text = host::read_file(&path.0).map_err(|error| vm.raise_os(&error, None))?;
        let sections = super::pem::sections(&text).unwrap_or_default();
        if sections.iter().any(|section| section.label == "DH PARAMETERS") {
            return Ok(());
        }
        Err(super::error::raise_reason(vm, "PEM", Some("NO_START_LINE"), "no start line"))
    })
    .doc("Looks at parameters of a group; keys are exchanged on curves alone."),
    method("session_stats", "($self, /)", |vm: &mut Vm, mut this: This<Context>| -> PyResult {
        let Counts { connect, connect_good, accept, accept_good } = this.settings().counts;
        let rows = [
            ("number", 0),
            ("connect", connect),
            ("connect_good", connect_good),
            ("connect_renegotiate", 0),
            ("accept", accept),
            ("accept_good", accept_good),
            ("accept_renegotiate", 0),
            ("hits", 0),
            ("misses", 0),
            ("timeouts", 0),
            ("cache_full", 0),
        ];
        load::counts(vm, &rows)
    })
    .doc("How many connections there were."),
];

fn set_protocols(vm: &mut Vm, mut this: This<Context>, data: BytesLike) -> PyResult<()> {
    let (mut rest, mut protocols) = (&data[..], Vec::new());
    while let [len, behind @ ..] = rest {
        let Some((name, more)) = behind.split_at_checked(usize::from(*len)) else {
            return Err(vm.raise_value("protocols with a wrong length"));
        };
        protocols.push(name.to_vec());
        rest = more;
    }
    this.settings().protocols = protocols;
    Ok(())
}

fn set_group(vm: &mut Vm, mut this: This<Context>, name: Value) -> PyResult<()> {
    let text = match Str::of(vm, name) {
        Some(text) => text.text(),
        None if vm.is_bytes_like(name) => String::from_utf8_lossy(&BytesLike::of(vm, name)?).into_owned(),
        None => {
            let given = vm.class_name(name);
            return Err(vm.raise_type(&format!("expected str, bytes or os.PathLike object, not {given}")));
        }
    };
    let group = match &text[..] {
        "prime256v1" | "secp256r1" | "P-256" => NamedGroup::secp256r1,
        "secp384r1" | "P-384" => NamedGroup::secp384r1,
        "X25519" | "x25519" => NamedGroup::X25519,
        _ => {
            let shown = vm.repr(name)?;
            let shown = vm.string_of(shown);
            return Err(vm.raise_value(&format!("unknown elliptic curve name {shown}")));
        }
    };
    this.settings().group = Some(group);
    Ok(())
}

/// A setting that is a number.
macro_rules! number {
    ($name:literal, $doc:literal, $field:ident) => {
        field($name, |mut this: This<Context>| this.settings().$field).doc($doc)
    };
}

/// The value of an attribute that cannot be deleted.
fn given(vm: &mut Vm, value: Option<Value>) -> PyResult<Value> {
    value.ok_or_else(|| vm.raise_attribute("cannot delete attribute"))
}

const GETTERS: &[GetSetRow] = &[
    number!("protocol", "The protocol that it was made with.", protocol),
    number!("verify_mode", "Is the other end to show a certificate?", verify_mode).set_by(
        |vm: &mut Vm, mut this: This<Context>, value: Option<Value>| -> PyResult<()> {
            let mode = given(vm, value)?;
            let mode = i64::from(vm.c_int(mode)?);
            if !(CERT_NONE..=CERT_REQUIRED).contains(&mode) {
                return Err(vm.raise_value("invalid value for verify_mode"));
            }
            if mode == CERT_NONE && this.settings().checks_host {
                let message = "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.";
                return Err(vm.raise_value(message));
            }
            this.settings().verify_mode = mode;
            Ok(())
        },
    ),
    field("check_hostname", |mut this: This<Context>| this.settings().checks_host)
        .doc("Has the certificate to be of the host that was asked for?")
        .set_by(|vm: &mut Vm, mut this: This<Context>, value: Option<Value>| -> PyResult<()> {
            let value = given(vm, value)?;
            let checks = vm.is_true(value)?;
            let settings = this.settings();
            if checks && settings.verify_mode == CERT_NONE {
                settings.verify_mode = CERT_REQUIRED;
            }
            settings.checks_host = checks;
            Ok(())
        }),
    number!("verify_flags", "How certificates are checked.", verify_flags).set_by(
        |vm: &mut Vm, mut this: This<Context>, value: Option<Value>| -> PyResult<()> {
            let flags = given(vm, value)?;
            this.settings().verify_flags = vm.index_i64(flags)?;
            Ok(())
        },
    ),
    number!("_host_flags", "How hosts are compared with certificates.", host_flags).set_by(
        |vm: &mut Vm, mut this: This<Context>, value: Option<Value>| -> PyResult<()> {
            let flags = given(vm, value)?;
            this.settings().host_flags = vm.index_i64(flags)?;
            Ok(())
        },
    ),
    number!("options", "What is left out, and more.", options).set_by(set_options),
    number!("minimum_version", "The oldest version that is spoken.", minimum).set_by(
        |vm: &mut Vm, mut this: This<Context>, value: Option<Value>| -> PyResult<()> {
            let version = version_of(vm, this, value)?;
            this.settings().minimum = if version == MAXIMUM_SUPPORTED { TLS1_3 } else { version };
            Ok(())
        },
    ),
    number!("maximum_version", "The newest version that is spoken.", maximum).set_by(
        |vm: &mut Vm, mut this: This<Context>, value: Option<Value>| -> PyResult<()> {
            let version = version_of(vm, this, value)?;
            this.settings().maximum = if version == MINIMUM_SUPPORTED { TLS1_2 } else { version };
            Ok(())
        },
    ),
    field("security_level", |_: This<Context>| 2).doc("How strong keys have to be, by OpenSSL's levels."),
    field("num_tickets", |mut this: This<Context>| this.settings().n_tickets)
        .doc("How many tickets a server gives.")
        .set_by(|vm: &mut Vm, mut this: This<Context>, value: Option<Value>| -> PyResult<()> {
            let n = given(vm, value)?;
            let Ok(n) = usize::try_from(vm.index_i64(n)?) else {
                return Err(vm.raise_value("value must be non-negative"));
            };
            if this.settings().protocol != PROTOCOL_TLS_SERVER {
                return Err(vm.raise_value("SSLContext is not a server context."));
            }
            this.settings().n_tickets = n;
            Ok(())
        }),
    field("post_handshake_auth", |_: This<Context>| Value::NONE)
        .doc("May a server ask for a certificate later? That cannot be had.")
        .set_by(|vm: &mut Vm, _: This<Context>, _: Option<Value>| -> PyResult<()> {
            Err(raise_unsupported(vm, "Post-handshake auth"))
        }),
    field("sni_callback", |this: This<Context>| this.sni_callback)
        .doc("What a server asks when a client says whom it wants.")
        .set_by(|vm: &mut Vm, mut this: This<Context>, value: Option<Value>| -> PyResult<()> {
            let callback = given(vm, value)?;
            if this.settings().protocol == PROTOCOL_TLS_CLIENT {
                return Err(vm.raise_value("sni_callback cannot be set on TLS_CLIENT context"));
            }
            if !callback.is_none() && !vm.is_callable(callback) {
                return Err(vm.raise_type("not a callable object"));
            }
            this.sni_callback = callback;
            vm.barrier(this.pointer());
            Ok(())
        }),
];

/// The options that leave versions out.
const NO_VERSION: i64 = 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000;

fn set_options(vm: &mut Vm, mut this: This<Context>, value: Option<Value>) -> PyResult<()> {
    let value = given(vm, value)?;
    if !vm.is_int_like(value) {
        let given = vm.class_name(value);
        return Err(vm.raise_type(&format!("argument must be int, not {given}")));
    }
    let options = match vm.int_to_i64(value) {
        Some(options) if options < 0 => return Err(vm.raise_value("options must be non-negative")),
        Some(options) => options,
        None => return Err(vm.raise_overflow("int too big to convert")),
    };
    if options & !this.settings().options & NO_VERSION != 0 {
        deprecated(vm, "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated")?;
    }
    this.settings().options = options;
    Ok(())
}

fn version_of(vm: &mut Vm, mut this: This<Context>, value: Option<Value>) -> PyResult<i64> {
    let version = given(vm, value)?;
    let version = i64::from(vm.c_int(version)?);
    if !matches!(this.settings().protocol, PROTOCOL_TLS | PROTOCOL_TLS_CLIENT | PROTOCOL_TLS_SERVER) {
        let message = "The context's protocol doesn't support modification of highest and lowest version.";
        return Err(vm.raise_value(message));
    }
    match version {
        0x300 => deprecated(vm, "ssl.TLSVersion.SSLv3 is deprecated")?,
        0x301 => deprecated(vm, "ssl.TLSVersion.TLSv1 is deprecated")?,
        0x302 => deprecated(vm, "ssl.TLSVersion.TLSv1_1 is deprecated")?,
        TLS1_2 | TLS1_3 | MINIMUM_SUPPORTED | MAXIMUM_SUPPORTED => {}
        _ => return Err(vm.raise_value(&format!("Unsupported TLS/SSL version {version:#x}"))),
    }
    Ok(version)
}
