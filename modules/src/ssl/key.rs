//! Certificates with their private keys.

use super::error::raise_reason;
use super::pem::{self, Section};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use std::sync::Arc;
use stitch_runtime::object::buffer::copied_bytes;
use stitch_runtime::{PyResult, Raised, Value, Vm, host};

/// The longest password that OpenSSL has room for.
const MOST_PASSWORD_BYTES: usize = 1024;

fn raise_pem(vm: &mut Vm) -> Raised {
    raise_reason(vm, "SSL", None, "PEM lib")
}

/// Reads a chain of certificates and the key of the first one, from one file or two.
pub fn load(vm: &mut Vm, chain: &str, key: Option<&str>, password: Option<Value>) -> PyResult<Arc<CertifiedKey>> {
    let sections = read(vm, chain)?;
    let certificates: Vec<CertificateDer<'static>> = (sections.iter())
        .filter(|section| section.label == "CERTIFICATE")
        .map(|section| CertificateDer::from(section.data.clone()))
        .collect();
    if certificates.is_empty() {
        return Err(raise_pem(vm));
    }
    let others = key.map(|key| read(vm, key)).transpose()?;
    let section = others.as_ref().unwrap_or(&sections).iter().find(|section| section.label.ends_with("PRIVATE KEY"));
    let Some(section) = section else { return Err(raise_pem(vm)) };
    if section.is_encrypted || section.label == "ENCRYPTED PRIVATE KEY" {
        if let Some(password) = password {
            password_of(vm, password)?;
        }
        return Err(raise_reason(vm, "SSL", None, "PEM lib: keys under a password cannot be read"));
    }
    let data = section.data.clone();
    let der: PrivateKeyDer<'static> = match &section.label[..] {
        "RSA PRIVATE KEY" => PrivatePkcs1KeyDer::from(data).into(),
        "EC PRIVATE KEY" => PrivateSec1KeyDer::from(data).into(),
        _ => PrivatePkcs8KeyDer::from(data).into(),
    };
    let Ok(key) = ring::sign::any_supported_type(&der) else { return Err(raise_pem(vm)) };
    let certified = CertifiedKey::new(certificates, key);
    match certified.keys_match() {
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(Arc::new(certified)),
        Err(Error::InconsistentKeys(_)) => {
            Err(raise_reason(vm, "X509", Some("KEY_VALUES_MISMATCH"), "key values mismatch"))
        }
        Err(_) => Err(raise_pem(vm)),
    }
}

fn read(vm: &mut Vm, path: &str) -> PyResult<Vec<Section>> {
    let text = host::read_file(path).map_err(|error| vm.raise_os(&error, None))?;
    pem::sections(&text).map_err(|_| raise_pem(vm))
}

/// A password: text, bytes, or what a function gives.
fn password_of(vm: &mut Vm, password: Value) -> PyResult<Vec<u8>> {
    let is_asked = vm.is_callable(password);
    let given = if is_asked { vm.call(password, &[])? } else { password };
    let bytes = if vm.is_str(given) {
        vm.string_of(given).into_bytes()
    } else if vm.is_bytes_like(given) {
        copied_bytes(vm, given)?
    } else if is_asked {
        return Err(vm.raise_type("password callback must return a string"));
    } else {
        return Err(vm.raise_type("password should be a string or callable"));
    };
    if bytes.len() > MOST_PASSWORD_BYTES {
        return Err(vm.raise_value(&format!("password cannot be longer than {MOST_PASSWORD_BYTES} bytes")));
    }
    Ok(bytes)
}
