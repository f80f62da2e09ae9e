//! What goes wrong, as Python has it: the classes that derive from SSLError, with the reasons by OpenSSL's names.

use super::constants::{ERROR_EOF, ERROR_SSL, ERROR_SYSCALL, ERROR_WANT_READ, ERROR_WANT_WRITE, ERROR_ZERO_RETURN};
use super::verify::Verdict;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static SSL_ERROR: TypeSpec = TypeSpec {
    name: "SSLError",
    module: "ssl",
    doc: "Something is wrong with a connection or with what it is to be made of.",
    base_class: Some(|vm| vm.exceptions.OSError),
    ..TypeSpec::NEW
};

/// The classes below it, which their numbers tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Ssl,
    WantRead,
    WantWrite,
    Syscall,
    ZeroReturn,
    Eof,
    Certificate,
}

/// The kind, its class, its number, and the text of what has no better one.
const KINDS: [(Kind, &str, i64, &str); 7] = [
    (Kind::Ssl, "SSLError", ERROR_SSL, ""),
    (Kind::WantRead, "SSLWantReadError", ERROR_WANT_READ, "The operation did not complete (read)"),
    (Kind::WantWrite, "SSLWantWriteError", ERROR_WANT_WRITE, "The operation did not complete (write)"),
    (Kind::Syscall, "SSLSyscallError", ERROR_SYSCALL, "Some I/O error occurred"),
    (Kind::ZeroReturn, "SSLZeroReturnError", ERROR_ZERO_RETURN, "TLS/SSL connection has been closed (EOF)"),
    (Kind::Eof, "SSLEOFError", ERROR_EOF, "EOF occurred in violation of protocol"),
    (Kind::Certificate, "SSLCertVerificationError", ERROR_SSL, "certificate verify failed"),
];

/// The classes of a VM, by their kinds.
pub struct Classes([Value; 7]);

impl Classes {
    pub const NONE: Classes = Classes([Value::NONE; 7]);

    pub fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.0.iter().for_each(|&class| visit(class));
    }
}

/// Makes the classes, as entries of the module.
pub fn add_classes(vm: &mut Vm, module: Value) -> PyResult<()> {
    let base = vm.type_of_spec(&SSL_ERROR);
    let text = method("__str__", "($self, /)", |vm: &mut Vm, this: Value| -> PyResult {
        let [name, args] = ["strerror", "args"].map(|name| vm.intern(name));
        let text = vm.get_attr(this, name)?;
        if vm.is_str(text) {
            return Ok(text);
        }
        let args = vm.get_attr(this, args)?;
        vm.str(args)
    });
    let (name, text) = (vm.intern("__str__"), vm.new_native_method(text, BuiltinType::NativeMethod, base));
    vm.set_attr(Value::object(base), name, text)?;
    let metaclass = Value::object(vm.class(BuiltinType::Type));
    let (module_key, module_name) = (vm.intern("__module__"), vm.intern("ssl"));
    for (kind, name, ..) in KINDS {
        let class = match kind {
            Kind::Ssl => Value::object(base),
            _ => {
                let second = (kind == Kind::Certificate).then_some(Value::object(vm.exceptions.ValueError));
                let bases: Vec<Value> = std::iter::once(Value::object(base)).chain(second).collect();
                let bases = vm.new_tuple(&bases);
                let namespace = vm.new_dict();
                vm.dict_set(namespace, module_key, module_name)?;
                let text = vm.new_str(name);
                vm.call(metaclass, &[text, bases, namespace])?
            }
        };
        super::state(vm).classes.0[kind as usize] = class;
        vm.set_module_entry(module, name, class);
    }
    Ok(())
}

fn class(vm: &mut Vm, kind: Kind) -> *mut TypeObject {
    super::state(vm).classes.0[kind as usize].as_ptr()
}

/// Raises an error of a kind with its own text.
pub fn raise(vm: &mut Vm, kind: Kind) -> Raised {
    let (.., text) = KINDS[kind as usize];
    match kind {
        Kind::Eof => raise_full(vm, kind, Some(("SSL", Some("UNEXPECTED_EOF_WHILE_READING"))), text, None),
        _ => raise_full(vm, kind, None, text, None),
    }
}

/// Raises SSLError with a text alone: no number, no reason.
pub fn raise_text(vm: &mut Vm, text: &str) -> Raised {
    let class = class(vm, Kind::Ssl);
    vm.raise(class, text)
}

/// Raises SSLError with the part of OpenSSL that would tell of it, and the reason: `[LIBRARY: REASON] text`.
pub fn raise_reason(vm: &mut Vm, library: &str, reason: Option<&str>, text: &str) -> Raised {
    raise_full(vm, Kind::Ssl, Some((library, reason)), text, None)
}

/// Raises SSLError of data that was given.
pub fn raise_data(vm: &mut Vm, text: &str) -> Raised {
    raise_full(vm, Kind::Ssl, None, text, None)
}

fn raise_full(
    vm: &mut Vm,
    kind: Kind,
    source: Option<(&str, Option<&str>)>,
    text: &str,
    verdict: Option<&Verdict>,
) -> Raised {
    match make(vm, kind, source, text, verdict) {
        Ok(exception) => vm.raise_value_object(exception),
        Err(raised) => raised,
    }
}

fn make(
    vm: &mut Vm,
    kind: Kind,
    source: Option<(&str, Option<&str>)>,
    text: &str,
    verdict: Option<&Verdict>,
) -> PyResult {
    let mut message = match source {
        Some((library, Some(reason))) => format!("[{library}: {reason}] {text}"),
        Some((library, None)) => format!("[{library}] {text}"),
        None => text.to_string(),
    };
    if let Some(verdict) = verdict {
        message.push_str(": ");
        message.push_str(&verdict.message);
    }
    let class = class(vm, kind);
    let (number, message) = (Value::small_int(KINDS[kind as usize].2), vm.new_str(&message));
    let exception = vm.new_exception(class, &[number, message])?;
    let mut set = |name: &str, value: Value| {
        let name = vm.intern(name);
        vm.set_attr(exception, name, value)
    };
    set("reason", Value::NONE)?;
    set("library", Value::NONE)?;
    if let Some((library, reason)) = source {
        let library = vm.new_str(library);
        let name = vm.intern("library");
        vm.set_attr(exception, name, library)?;
        if let Some(reason) = reason {
            let (name, reason) = (vm.intern("reason"), vm.new_str(reason));
            vm.set_attr(exception, name, reason)?;
        }
    }
    if let Some(verdict) = verdict {
        let (name, code) = (vm.intern("verify_code"), Value::small_int(verdict.code));
        vm.set_attr(exception, name, code)?;
        let (name, message) = (vm.intern("verify_message"), vm.new_str(&verdict.message));
        vm.set_attr(exception, name, message)?;
    }
    Ok(exception)
}

/// Raises what is wrong with a connection; `verdict`: what its certificates were found to be.
pub fn raise_tls(vm: &mut Vm, error: &Error, verdict: Option<&Verdict>) -> Raised {
    if let (Some(verdict), Error::InvalidCertificate(_)) = (verdict, error) {
        let source = Some(("SSL", Some("CERTIFICATE_VERIFY_FAILED")));
        return raise_full(vm, Kind::Certificate, source, "certificate verify failed", Some(verdict));
    }
    let (reason, text) = reason_of(error);
    raise_reason(vm, "SSL", Some(&reason), &text)
}

/// The name of the reason and its text.
fn reason_of(error: &Error) -> (String, String) {
    let reason = match error {
        Error::AlertReceived(alert) => match ALERTS.iter().find(|row| row.0 == *alert) {
            Some(row) => row.1,
            None => "TLSV1_ALERT_UNKNOWN",
        },
        Error::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion) => {
            "WRONG_VERSION_NUMBER"
        }
        Error::InvalidMessage(_) => "BAD_LENGTH",
        Error::NoCertificatesPresented => "PEER_DID_NOT_RETURN_A_CERTIFICATE",
        Error::DecryptError => "DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
        Error::PeerSentOversizedRecord => "PACKET_LENGTH_TOO_LONG",
        Error::NoApplicationProtocol => "NO_APPLICATION_PROTOCOL",
        Error::InvalidCertificate(CertificateError::BadSignature) => "BAD_SIGNATURE",
        Error::InvalidCertificate(_) => "CERTIFICATE_VERIFY_FAILED",
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => "UNEXPECTED_MESSAGE",
        Error::PeerIncompatible(what) => match what {
            PeerIncompatible::NoCipherSuitesInCommon
            | PeerIncompatible::NoSignatureSchemesInCommon
            | PeerIncompatible::NoKxGroupsInCommon
            | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => "NO_SHARED_CIPHER",
            _ => "UNSUPPORTED_PROTOCOL",
        },
        Error::PeerMisbehaved(_) => "INTERNAL_ERROR",
        Error::General(text) if text.contains("no server certificate chain resolved") => "NO_SHARED_CIPHER",
        other => return ("INTERNAL_ERROR".to_string(), other.to_string()),
    };
    let text = match reason {
        "TLSV1_ALERT_UNKNOWN" => "tlsv1 alert".to_string(),
        "DECRYPTION_FAILED_OR_BAD_RECORD_MAC" => "decryption failed or bad record mac".to_string(),
        _ => reason.to_lowercase().replace('_', " "),
    };
    (reason.to_string(), text)
}

/// Alerts, as OpenSSL names them where the other end sends them.
const ALERTS: &[(AlertDescription, &str)] = &[
    (AlertDescription::UnexpectedMessage, "SSLV3_ALERT_UNEXPECTED_MESSAGE"),
    (AlertDescription::BadRecordMac, "SSLV3_ALERT_BAD_RECORD_MAC"),
    (AlertDescription::DecryptionFailed, "TLSV1_ALERT_DECRYPTION_FAILED"),
    (AlertDescription::RecordOverflow, "TLSV1_ALERT_RECORD_OVERFLOW"),
    (AlertDescription::DecompressionFailure, "SSLV3_ALERT_DECOMPRESSION_FAILURE"),
    (AlertDescription::HandshakeFailure, "SSLV3_ALERT_HANDSHAKE_FAILURE"),
    (AlertDescription::NoCertificate, "SSLV3_ALERT_NO_CERTIFICATE"),
    (AlertDescription::BadCertificate, "SSLV3_ALERT_BAD_CERTIFICATE"),
    (AlertDescription::UnsupportedCertificate, "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"),
    (AlertDescription::CertificateRevoked, "SSLV3_ALERT_CERTIFICATE_REVOKED"),
    (AlertDescription::CertificateExpired, "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
    (AlertDescription::CertificateUnknown, "SSLV3_ALERT_CERTIFICATE_UNKNOWN"),
    (AlertDescription::IllegalParameter, "SSLV3_ALERT_ILLEGAL_PARAMETER"),
    (AlertDescription::UnknownCA, "TLSV1_ALERT_UNKNOWN_CA"),
    (AlertDescription::AccessDenied, "TLSV1_ALERT_ACCESS_DENIED"),
    (AlertDescription::DecodeError, "TLSV1_ALERT_DECODE_ERROR"),
    (AlertDescription::DecryptError, "TLSV1_ALERT_DECRYPT_ERROR"),
    (AlertDescription::ExportRestriction, "TLSV1_ALERT_EXPORT_RESTRICTION"),
    (AlertDescription::ProtocolVersion, "TLSV1_ALERT_PROTOCOL_VERSION"),
    (AlertDescription::InsufficientSecurity, "TLSV1_ALERT_INSUFFICIENT_SECURITY"),
    (AlertDescription::InternalError, "TLSV1_ALERT_INTERNAL_ERROR"),
    (AlertDescription::InappropriateFallback, "TLSV1_ALERT_INAPPROPRIATE_FALLBACK"),
    (AlertDescription::UserCanceled, "TLSV1_ALERT_USER_CANCELLED"),
    (AlertDescription::NoRenegotiation, "TLSV1_ALERT_NO_RENEGOTIATION"),
    (AlertDescription::MissingExtension, "TLSV13_ALERT_MISSING_EXTENSION"),
    (AlertDescription::UnsupportedExtension, "TLSV1_UNSUPPORTED_EXTENSION"),
    (AlertDescription::CertificateUnobtainable, "TLSV1_CERTIFICATE_UNOBTAINABLE"),
    (AlertDescription::UnrecognisedName, "TLSV1_UNRECOGNIZED_NAME"),
    (AlertDescription::BadCertificateStatusResponse, "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE"),
    (AlertDescription::BadCertificateHashValue, "TLSV1_BAD_CERTIFICATE_HASH_VALUE"),
    (AlertDescription::UnknownPSKIdentity, "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY"),
    (AlertDescription::CertificateRequired, "TLSV13_ALERT_CERTIFICATE_REQUIRED"),
    (AlertDescription::NoApplicationProtocol, "TLSV1_ALERT_NO_APPLICATION_PROTOCOL"),
];
