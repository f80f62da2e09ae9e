//! Certificates as Python has them: as a dict of texts, and as objects of their own.

use super::certificate::{
    ADDRESS_NAME, CA_ISSUERS, Certificate, DIRECTORY_NAME, DNS_NAME, EMAIL_NAME, IDENTIFIER_NAME, Moment, OCSP,
    OTHER_NAME, URI_NAME,
};
use super::constants::{ENCODING_DER, ENCODING_PEM};
use super::der::{self, Element};
use super::{names, pem};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// A tuple whose items are made one by one.
pub fn tuple_of<T>(vm: &mut Vm, items: &[T], mut make: impl FnMut(&mut Vm, &T) -> PyResult) -> PyResult {
    let list = vm.new_list(&[])?;
    for item in items {
        let item = make(vm, item)?;
        vm.list_push(list.as_ptr(), item)?;
    }
    let tuple = vm.new_tuple_of_len(items.len())?;
    for at in 0..items.len() {
        let item = vm.get_item(list, Value::small_int(at as i64))?;
        vm.tuple_init(tuple, at, item);
    }
    Ok(tuple)
}

/// A certificate as a dict; `None` where the bytes are none.
pub fn describe(vm: &mut Vm, der: &[u8]) -> PyResult<Option<Value>> {
    let Some(read) = Certificate::read(der) else { return Ok(None) };
    let (Some(not_before), Some(not_after)) = (Moment::of(read.not_before), Moment::of(read.not_after)) else {
        return Ok(None);
    };
    let dict = vm.new_dict();
    let set = |vm: &mut Vm, key: &str, value: Value| {
        let key = vm.intern(key);
        vm.dict_set(dict, key, value)
    };
    let subject = name_value(vm, read.subject)?;
    set(vm, "subject", subject)?;
    let issuer = name_value(vm, read.issuer)?;
    set(vm, "issuer", issuer)?;
    set(vm, "version", Value::small_int(read.version))?;
    for (key, text) in
        [("serialNumber", serial_text(read.serial)), ("notBefore", not_before.text()), ("notAfter", not_after.text())]
    {
        let text = vm.new_str(&text);
        set(vm, key, text)?;
    }
    let alternatives: Vec<Element<'_>> = read.alternative_names().collect();
    if !alternatives.is_empty() {
        let names = tuple_of(vm, &alternatives, |vm, name| alternative_value(vm, *name))?;
        set(vm, "subjectAltName", names)?;
    }
    let addresses = [
        ("OCSP", read.access(OCSP)),
        ("caIssuers", read.access(CA_ISSUERS)),
        ("crlDistributionPoints", read.distribution_points()),
    ];
    for (key, addresses) in addresses {
        if !addresses.is_empty() {
            let addresses = tuple_of(vm, &addresses, |vm, address| Ok(vm.new_str(address)))?;
            set(vm, key, addresses)?;
        }
    }
    Ok(Some(dict))
}

/// A number's digits in base 16, an even number of them.
fn serial_text(serial: &[u8]) -> String {
    let digits = match serial {
        [0, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    digits.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A name: a tuple of sets, which are tuples of pairs.
fn name_value(vm: &mut Vm, name: Element<'_>) -> PyResult {
    let sets: Vec<Element<'_>> = name.reader().collect();
    tuple_of(vm, &sets, |vm, set| {
        let pairs: Vec<Element<'_>> = set.reader().collect();
        tuple_of(vm, &pairs, |vm, pair| {
            let mut fields = pair.reader();
            let (kind, value) = (fields.next(), fields.next());
            let kind = der::identifier_text(kind.map_or(&[], |kind| kind.body));
            let kind = names::by_identifier(&kind).map_or(kind, |known| known.long.to_string());
            let value = value.map(der::text).unwrap_or_default();
            let (kind, value) = (vm.new_str(&kind), vm.new_str(&value));
            Ok(vm.new_tuple(&[kind, value]))
        })
    })
}

fn alternative_value(vm: &mut Vm, name: Element<'_>) -> PyResult {
    let (kind, value) = match name.tag {
        EMAIL_NAME => ("email", der::text(name)),
        DNS_NAME => ("DNS", der::text(name)),
        URI_NAME => ("URI", der::text(name)),
        IDENTIFIER_NAME => ("Registered ID", der::identifier_text(name.body)),
        ADDRESS_NAME => ("IP Address", address_text(name.body)),
        DIRECTORY_NAME => {
            let value = match name.reader().next() {
                Some(inner) => name_value(vm, inner)?,
                None => vm.new_tuple(&[]),
            };
            let kind = vm.new_str("DirName");
            return Ok(vm.new_tuple(&[kind, value]));
        }
        OTHER_NAME => ("othername", "<unsupported>".to_string()),
        _ => ("X400Name", "<unsupported>".to_string()),
    };
    let (kind, value) = (vm.new_str(kind), vm.new_str(&value));
    Ok(vm.new_tuple(&[kind, value]))
}

fn address_text(octets: &[u8]) -> String {
    match octets.len() {
        4 => octets.iter().map(u8::to_string).collect::<Vec<_>>().join("."),
        16 => {
            let groups = octets.chunks_exact(2).map(|pair| format!("{:X}", u16::from_be_bytes([pair[0], pair[1]])));
            groups.collect::<Vec<_>>().join(":")
        }
        _ => "<invalid>".to_string(),
    }
}

#[repr(C)]
pub struct CertificateObject {
    header: Header,
    /// bytes.
    der: Value,
}

pub static CERTIFICATE: TypeSpec = TypeSpec {
    name: "Certificate",
    module: "_ssl",
    doc: "A certificate that somebody showed.",
    layout: Some(Layout::of::<CertificateObject>(1)),
    slots: Slots {
        repr: slot(|_: &mut Vm, out: &mut Text, this: This<CertificateObject>| {
            let subject = Certificate::read(data_of(this)).and_then(|read| read.common_name()).unwrap_or_default();
            out.push_str(&format!("<_ssl.Certificate 'CN={subject}'>"));
            Ok(())
        }),
        ..Slots::NONE
    },
    methods: &[
        method(
            "public_bytes",
            "($self, format=1)",
            |vm: &mut Vm, this: This<CertificateObject>, format: Option<i64>| match format.unwrap_or(ENCODING_PEM) {
                ENCODING_PEM => {
                    let text = pem::encode("CERTIFICATE", data_of(this));
                    Ok(vm.new_str(&text))
                }
                ENCODING_DER => Ok(this.der),
                _ => Err::<Value, Raised>(vm.raise_value("Unsupported format")),
            },
        )
        .doc("The certificate as PEM, or as the bytes of DER."),
        method("get_info", "($self)", |vm: &mut Vm, this: This<CertificateObject>| -> PyResult {
            let info = describe(vm, data_of(this))?;
            Ok(info.unwrap_or(Value::NONE))
        })
        .doc("What stands in it, as a dict."),
        method("__eq__", "($self, value, /)", |vm: &mut Vm, this: This<CertificateObject>, other: Value| {
            let other = This::<CertificateObject>::of(vm, other);
            other.map_or(vm.not_implemented, |other| Value::bool(data_of(this) == data_of(other)))
        }),
        method("__hash__", "($self, /)", |vm: &mut Vm, this: This<CertificateObject>| vm.hash(this.der)),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for CertificateObject {
    const SPEC: &'static TypeSpec = &CERTIFICATE;
}

fn data_of<'a>(this: This<CertificateObject>) -> &'a [u8] {
    // SAFETY: bytes, which do not change and which the object keeps; the native's caller keeps that.
    unsafe { (*this.der.as_ptr::<BytesObject>()).data() }
}

pub fn new_certificate(vm: &mut Vm, der: &[u8]) -> PyResult {
    let der = vm.new_bytes(der)?;
    let class = vm.type_of_spec(&CERTIFICATE);
    vm.new_object(class, |header| CertificateObject { header, der })
}
