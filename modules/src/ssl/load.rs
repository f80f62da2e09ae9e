//! What a context trusts and what it shows.

use super::certificate::Certificate;
use super::certificate_value::describe;
use super::context::Context;
use super::error::{raise_data, raise_reason};
use super::key;
use super::pem::Malformed;
use super::store::Failure;
use stitch_runtime::object::argument::{OrNone, This, method};
use stitch_runtime::object::buffer::copied_bytes;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub const CERT_CHAIN: NativeRow = method(
    "load_cert_chain",
    "($self, /, certfile, keyfile=None, password=None)",
    |vm: &mut Vm, mut this: This<Context>, chain: Value, key: Option<Value>, password: OrNone<Value>| -> PyResult<()> {
        let chain = path_argument(vm, chain, "certfile")?;
        let key = match key.filter(|key| !key.is_none()) {
            Some(key) => Some(path_argument(vm, key, "keyfile")?),
            None => None,
        };
        let identity = key::load(vm, &chain, key.as_deref(), password.0)?;
        let settings = this.settings();
        // One a kind of keys: the last.
        settings.identities.retain(|known| known.key.algorithm() != identity.key.algorithm());
        settings.identities.push(identity);
        Ok(())
    },
)
.doc("The certificate that is shown, with those that it rests on, and its key.");

pub const VERIFY_LOCATIONS: NativeRow = method(
    "load_verify_locations",
    "($self, /, cafile=None, capath=None, cadata=None)",
    |vm: &mut Vm, mut this: This<Context>, file: OrNone<Value>, folder: OrNone<Value>, data: OrNone<Value>| {
        if file.0.is_none() && folder.0.is_none() && data.0.is_none() {
            return Err(vm.raise_type("cafile, capath and cadata cannot be all omitted"));
        }
        let file = file.0.map(|file| path_argument(vm, file, "cafile")).transpose()?;
        let folder = folder.0.map(|folder| path_argument(vm, folder, "capath")).transpose()?;
        if let Some(data) = data.0 {
            load_data(vm, this, data)?;
        }
        if let Some(file) = file {
            let loaded = this.settings().store.add_file(&file);
            loaded.map_err(|failure| raise_failure(vm, failure))?;
        }
        if let Some(folder) = folder {
            this.settings().store.add_folder(&folder);
        }
        Ok::<(), Raised>(())
    },
)
.doc("Trusts certificates: in a file, in a folder, or given as text or bytes.");

pub const CA_CERTS: NativeRow = method(
    "get_ca_certs",
    "($self, /, binary_form=False)",
    |vm: &mut Vm, mut this: This<Context>, is_binary: Option<bool>| -> PyResult {
        let list = vm.new_list(&[])?;
        let certificates = this.settings().store.certificates.clone();
        for der in certificates {
            if !Certificate::read(&der).is_some_and(|read| read.is_authority()) {
                continue;
            }
            let value = match is_binary {
                Some(true) => vm.new_bytes(&der)?,
                _ => describe(vm, &der)?.unwrap_or(Value::NONE),
            };
            vm.list_push(list.as_ptr(), value)?;
        }
        Ok(list)
    },
)
.doc("The authorities that it trusts, as dicts or as bytes.");

pub const STORE_STATS: NativeRow =
    method("cert_store_stats", "($self, /)", |vm: &mut Vm, mut this: This<Context>| -> PyResult {
        let store = &this.settings().store;
        let is_authority = |der: &&std::sync::Arc<[u8]>| Certificate::read(der).is_some_and(|read| read.is_authority());
        let n_authorities = store.certificates.iter().filter(is_authority).count();
        let rows = [
            ("x509", store.certificates.len() as i64),
            ("crl", store.revocations.len() as i64),
            ("x509_ca", n_authorities as i64),
        ];
        counts(vm, &rows)
    })
    .doc("How many certificates it trusts, lists of revoked ones, and authorities.");

/// A dict of numbers.
pub fn counts(vm: &mut Vm, rows: &[(&str, i64)]) -> PyResult {
    let dict = vm.new_dict();
    for &(name, n) in rows {
        let name = vm.intern(name);
        vm.dict_set(dict, name, Value::small_int(n))?;
    }
    Ok(dict)
}

fn path_argument(vm: &mut Vm, path: Value, name: &str) -> PyResult<String> {
    match vm.fs_c_string(path) {
        Err(Raised) if vm.exception_matches(vm.exceptions.TypeError) => {
            vm.clear_exception();
            Err(vm.raise_type(&format!("{name} should be a valid filesystem path")))
        }
        path => Ok(path?.to_string_lossy().into_owned()),
    }
}

fn raise_failure(vm: &mut Vm, failure: Failure) -> Raised {
    match failure {
        Failure::Host(error) => vm.raise_os(&error, None),
        Failure::Malformed => raise_reason(vm, "X509", None, "PEM lib"),
        Failure::Nothing => {
            raise_reason(vm, "X509", Some("NO_CERTIFICATE_OR_CRL_FOUND"), "no certificate or crl found")
        }
    }
}

fn load_data(vm: &mut Vm, mut this: This<Context>, data: Value) -> PyResult<()> {
    if vm.is_str(data) {
        let text = vm.string_of(data);
        if !text.is_ascii() {
            return Err(vm.raise_type("cadata should be an ASCII string or a bytes-like object"));
        }
        let added = this.settings().store.add_pem(text.as_bytes());
        return match added {
            Ok(0) => Err(raise_data(vm, "no start line: cadata does not contain a certificate")),
            Ok(_) => Ok(()),
            Err(Malformed) => Err(raise_reason(vm, "X509", None, "PEM lib")),
        };
    }
    if !vm.is_bytes_like(data) {
        return Err(vm.raise_type("cadata should be an ASCII string or a bytes-like object"));
    }
    let data = copied_bytes(vm, data)?;
    match this.settings().store.add_der(&data) {
        (0, _) => Err(raise_data(vm, "not enough data: cadata does not contain a certificate")),
        (_, true) => Ok(()),
        (_, false) => Err(raise_reason(vm, "ASN1", Some("NOT_ENOUGH_DATA"), "not enough data")),
    }
}
