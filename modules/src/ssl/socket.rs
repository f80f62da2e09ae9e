//! `_SSLSocket`: a connection, on a socket or between two buffers.

use super::bio::MemoryBio;
use super::certificate_value::{describe, new_certificate};
use super::cipher::Cipher;
use super::constants::{CERT_NONE, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER};
use super::context::Context;
use super::engine::Engine;
use super::error::{raise_text, raise_tls};
use super::{raise_unsupported, talk};
use rustls::ProtocolVersion;
use rustls::pki_types::ServerName;
use stitch_runtime::object::argument::{OrNone, Str, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
pub struct SslSocket {
    header: Header,
    pub context: Value,
    /// None of one with buffers.
    pub socket: Value,
    /// The buffers; None of one with a socket.
    pub incoming: Value,
    pub outgoing: Value,
    /// What programs have of it: the library's object.
    pub owner: Value,
    server_hostname: Value,
    pub is_server: bool,
    engine: Option<Box<Engine>>,
}

pub static SSL_SOCKET: TypeSpec = TypeSpec {
    name: "_SSLSocket",
    module: "_ssl",
    doc: "A connection by TLS.",
    layout: Some(Layout::of::<SslSocket>(6).finalized_by(|object| {
        // SAFETY: a dead object, which has its engine for itself.
        unsafe { (*object.cast::<SslSocket>()).engine = None };
    })),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for SslSocket {
    const SPEC: &'static TypeSpec = &SSL_SOCKET;
}

impl SslSocket {
    pub fn engine(&mut self) -> &mut Engine {
        self.engine.as_mut().expect("a connection that lives has its engine")
    }
}

pub const WRAP_SOCKET: NativeRow = method(
    "_wrap_socket",
    "($self, /, sock, server_side, server_hostname=None, *, owner=None, session=None)",
    |vm: &mut Vm,
     this: This<Context>,
     socket: This<crate::socket::object::Socket>,
     is_server: bool,
     host: OrNone<Str>,
     owner: Option<Value>,
     session: Option<Value>| {
        let ends = [socket.value(), Value::NONE, Value::NONE];
        wrap(vm, this, ends, is_server, host.0, owner, session)
    },
)
.doc("A connection on a socket.");

pub const WRAP_BIO: NativeRow = method(
    "_wrap_bio",
    "($self, /, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None)",
    |vm: &mut Vm,
     this: This<Context>,
     incoming: This<MemoryBio>,
     outgoing: This<MemoryBio>,
     is_server: bool,
     host: OrNone<Str>,
     owner: Option<Value>,
     session: Option<Value>| {
        let ends = [Value::NONE, incoming.value(), outgoing.value()];
        wrap(vm, this, ends, is_server, host.0, owner, session)
    },
)
.doc("A connection between two buffers.");

fn wrap(
    vm: &mut Vm,
    mut context: This<Context>,
    ends: [Value; 3],
    is_server: bool,
    host: Option<Str>,
    owner: Option<Value>,
    session: Option<Value>,
) -> PyResult {
    let protocol = context.settings().protocol;
    if is_server && protocol == PROTOCOL_TLS_CLIENT {
        return Err(raise_text(vm, "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context"));
    }
    if !is_server && protocol == PROTOCOL_TLS_SERVER {
        return Err(raise_text(vm, "Cannot create a client socket with a PROTOCOL_TLS_SERVER context"));
    }
    if session.is_some_and(|session| !session.is_none()) {
        return Err(vm.raise_type("Value is not a SSLSession."));
    }
    let text = host.map(Str::text);
    match &text {
        Some(_) if is_server => return Err(vm.raise_value("server_hostname can only be specified in client mode")),
        Some(text) if text.is_empty() || text.starts_with('.') => {
            let message = "server_hostname cannot be an empty string or start with a leading dot.";
            return Err(vm.raise_value(message));
        }
        Some(text) if text.contains('\0') => {
            return Err(vm.raise_type("argument must be encoded string without null bytes, not str"));
        }
        None if !is_server && context.settings().checks_host => {
            return Err(vm.raise_value("check_hostname requires server_hostname"));
        }
        _ => {}
    }
    let engine = if is_server {
        context.settings().counts.accept += 1;
        Engine::server()
    } else {
        context.settings().counts.connect += 1;
        let name = text.as_deref().and_then(|text| ServerName::try_from(text.to_string()).ok());
        let has_name = name.is_some();
        // Nobody is told of this name.
        let Some(name) = name.or_else(|| ServerName::try_from("nameless.invalid").ok()) else {
            return Err(vm.raise_value("server_hostname is no name of a host"));
        };
        let configured = context.settings().client(text.as_deref(), has_name);
        let made = configured.and_then(|(config, check)| Engine::client(config, name, check));
        made.map_err(|error| raise_tls(vm, &error, None))?
    };
    let class = vm.type_of_spec(&SSL_SOCKET);
    let [socket, incoming, outgoing] = ends;
    vm.new_object(class, |header| SslSocket {
        header,
        context: context.value(),
        socket,
        incoming,
        outgoing,
        owner: owner.unwrap_or(Value::NONE),
        server_hostname: host.map_or(Value::NONE, Str::value),
        is_server,
        engine: Some(Box::new(engine)),
    })
}

const METHODS: &[NativeRow] = &[
    talk::DO_HANDSHAKE,
    talk::READ,
    talk::WRITE,
    talk::SHUTDOWN,
    method("pending", "($self, /)", |mut this: This<SslSocket>| this.engine().pending())
        .doc("How many bytes can be read without waiting."),
    method("getpeercert", "($self, binary_mode=False, /)", peer_certificate)
        .doc("The other end's certificate: a dict, which is empty where nothing was checked, or bytes."),
    method("get_verified_chain", "($self, /)", |vm: &mut Vm, mut this: This<SslSocket>| -> PyResult {
        let found = this.engine().check.as_ref().and_then(|check| Some(check.found.lock().ok()?.chain.clone()));
        let chain = found.unwrap_or_default();
        certificates(vm, &chain)
    })
    .doc("From the other end's certificate to one that is trusted."),
    method("get_unverified_chain", "($self, /)", |vm: &mut Vm, mut this: This<SslSocket>| -> PyResult {
        let shown = this.engine().connection().and_then(|connection| connection.peer_certificates());
        let Some(shown) = shown else { return Ok(Value::NONE) };
        let chain: Vec<Vec<u8>> = shown.iter().map(|certificate| certificate.to_vec()).collect();
        certificates(vm, &chain)
    })
    .doc("The certificates that the other end has shown."),
    method("cipher", "($self, /)", |vm: &mut Vm, mut this: This<SslSocket>| {
        cipher_of(this.engine()).map(|cipher| cipher.value(vm))
    })
    .doc("What encrypts: name, version and bits."),
    method("shared_ciphers", "($self, /)", |vm: &mut Vm, mut this: This<SslSocket>| -> PyResult {
        if !this.is_server || !this.engine().is_ready() {
            return Ok(Value::NONE);
        }
        let mut context = This::<Context>::expect(vm, this.context);
        let offered = this.engine().offered.clone();
        let list = vm.new_list(&[])?;
        for number in offered {
            let known = context.settings().ciphers.iter().find(|cipher| u16::from(cipher.suite.suite()) == number);
            if let Some(&cipher) = known {
                let value = cipher.value(vm);
                vm.list_push(list.as_ptr(), value)?;
            }
        }
        Ok(list)
    })
    .doc("The suites that both ends have, as a server knows them."),
    method("compression", "($self, /)", |_: This<SslSocket>| Value::NONE).doc("Nothing is compressed."),
    method("selected_alpn_protocol", "($self, /)", |mut this: This<SslSocket>| {
        let connection = this.engine().connection()?;
        connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned())
    })
    .doc("What is spoken inside, as both ends agreed."),
    method("version", "($self, /)", |mut this: This<SslSocket>| -> Option<&'static str> {
        if !this.engine().is_ready() {
            return None;
        }
        match this.engine().connection()?.protocol_version()? {
            ProtocolVersion::TLSv1_3 => Some("TLSv1.3"),
            ProtocolVersion::TLSv1_2 => Some("TLSv1.2"),
            _ => None,
        }
    })
    .doc("Which version of TLS is spoken."),
    method(
        "get_channel_binding",
        "($self, /, cb_type='tls-unique')",
        |vm: &mut Vm, _: This<SslSocket>, kind: Option<Str>| match kind.map(Str::text).as_deref() {
            // What it would be made of is not known here.
            None | Some("tls-unique") => Ok(Value::NONE),
            Some(kind) => {
                Err::<Value, Raised>(vm.raise_value(&format!("'{kind}' channel binding type not implemented")))
            }
        },
    )
    .doc("What this connection alone has; None where there is no such thing."),
    method("verify_client_post_handshake", "($self, /)", |vm: &mut Vm, _: This<SslSocket>| -> PyResult {
        Err(raise_unsupported(vm, "Post-handshake auth"))
    })
    .doc("A client cannot be asked for its certificate later."),
];

fn cipher_of(engine: &Engine) -> Option<&'static Cipher> {
    Cipher::of(engine.connection()?.negotiated_cipher_suite()?)
}

fn certificates(vm: &mut Vm, chain: &[Vec<u8>]) -> PyResult {
    let list = vm.new_list(&[])?;
    for der in chain {
        let certificate = new_certificate(vm, der)?;
        vm.list_push(list.as_ptr(), certificate)?;
    }
    Ok(list)
}

fn peer_certificate(vm: &mut Vm, mut this: This<SslSocket>, is_binary: Option<bool>) -> PyResult {
    if !this.engine().is_ready() {
        return Err(vm.raise_value("handshake not done yet"));
    }
    let shown = this.engine().connection().and_then(|connection| connection.peer_certificates());
    let Some(der) = shown.and_then(|shown| shown.first()).map(|certificate| certificate.to_vec()) else {
        return Ok(Value::NONE);
    };
    if is_binary == Some(true) {
        return vm.new_bytes(&der);
    }
    if This::<Context>::expect(vm, this.context).settings().verify_mode == CERT_NONE {
        return Ok(vm.new_dict());
    }
    Ok(describe(vm, &der)?.unwrap_or(Value::NONE))
}

const GETTERS: &[GetSetRow] = &[
    field("context", |this: This<SslSocket>| this.context).doc("What it was made of.").set_by(
        |vm: &mut Vm, mut this: This<SslSocket>, value: Option<Value>| -> PyResult<()> {
            match value.filter(|&value| This::<Context>::of(vm, value).is_some()) {
                Some(context) => {
                    this.context = context;
                    vm.barrier(this.pointer());
                    Ok(())
                }
                None => Err(vm.raise_type("The value must be a SSLContext")),
            }
        },
    ),
    field("owner", |this: This<SslSocket>| this.owner).doc("What programs have of it.").set_by(
        |vm: &mut Vm, mut this: This<SslSocket>, value: Option<Value>| -> PyResult<()> {
            this.owner = value.unwrap_or(Value::NONE);
            vm.barrier(this.pointer());
            Ok(())
        },
    ),
    field("server_side", |this: This<SslSocket>| this.is_server).doc("Is this the server's end?"),
    field("server_hostname", |this: This<SslSocket>| this.server_hostname).doc("Whom the client wants to speak to."),
    field("session", |_: This<SslSocket>| Value::NONE).doc("What a later connection could begin with: None.").set_by(
        |vm: &mut Vm, _: This<SslSocket>, _: Option<Value>| -> PyResult<()> {
            Err(vm.raise_type("Value is not a SSLSession."))
        },
    ),
    field("session_reused", |_: This<SslSocket>| false).doc("Did it begin with what an earlier one had?"),
];
