//! Hosts, services and protocols by their names.

use super::address::{address_value, encode_host, resolve, text_of};
use super::{HOST_ERROR, raise_name_error, raise_numbered, raise_os_text};
use std::ffi::CString;
use stitch_runtime::host::net;
use stitch_runtime::object::argument::{Index, Str, This, method};
use stitch_runtime::object::layout::{BytesObject, TupleObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("getaddrinfo", "(host, port, family=0, type=0, proto=0, flags=0)", look_up)
        .doc("Addresses of a host and a service: family, type, protocol, canonical name and address of each."),
    method("getnameinfo", "(sockaddr, flags, /)", names_of).doc("Host and service of an address."),
    method("gethostbyname", "(host, /)", |vm: &mut Vm, host: Value| -> PyResult<String> {
        let host = host_of(vm, host)?;
        let address = resolve(vm, &host, libc::AF_INET)?;
        Ok(std::net::Ipv4Addr::from(address.as_ipv4().0).to_string())
    })
    .doc("The address of IPv4 of a host."),
    method("gethostbyname_ex", "(host, /)", |vm: &mut Vm, host: Value| -> PyResult {
        let host = host_of(vm, host)?;
        host_entry(vm, &host, libc::AF_INET, None)
    })
    .doc("A host's name, its other names and its addresses of IPv4."),
    method("gethostbyaddr", "(host, /)", |vm: &mut Vm, host: Value| -> PyResult {
        let host = host_of(vm, host)?;
        let address = resolve(vm, &host, libc::AF_UNSPEC)?;
        match net::names_of(&address, libc::NI_NAMEREQD) {
            Ok([name, _]) => host_entry(vm, &host, address.family(), Some(&name)),
            Err(_) => Err(raise_numbered(vm, &HOST_ERROR, 1, "Unknown host")),
        }
    })
    .doc("The name of a host, its other names and its addresses, by one of these."),
    method(
        "getservbyname",
        "(servicename, protocolname=<unrepresentable>, /)",
        |vm: &mut Vm, name: Str, protocol: Option<Str>| {
            let name = text_of(vm, name)?;
            let protocol = protocol.map(|protocol| text_of(vm, protocol)).transpose()?;
            match net::service_port(&name, protocol.as_deref()) {
                Some(port) => Ok(i64::from(port)),
                None => Err(raise_os_text(vm, "service/proto not found")),
            }
        },
    )
    .doc("The port of a service."),
    method(
        "getservbyport",
        "(port, protocolname=<unrepresentable>, /)",
        |vm: &mut Vm, port: Index, protocol: Option<Str>| {
            let Ok(port) = u16::try_from(port.0) else {
                return Err(vm.raise_overflow("getservbyport: port must be 0-65535."));
            };
            let protocol = protocol.map(|protocol| text_of(vm, protocol)).transpose()?;
            match net::service_name(port, protocol.as_deref()) {
                Some(name) => Ok(vm.fs_decode(&name)),
                None => Err(raise_os_text(vm, "port/proto not found")),
            }
        },
    )
    .doc("The service of a port."),
    method("getprotobyname", "(name, /)", |vm: &mut Vm, name: Str| {
        let name = text_of(vm, name)?;
        net::protocol_number(&name).ok_or_else(|| raise_os_text(vm, "protocol not found"))
    })
    .doc("The number of a protocol."),
];

/// A host as an argument of the older functions.
fn host_of(vm: &mut Vm, host: Value) -> PyResult<CString> {
    let bytes = match This::<BytesObject>::of(vm, host) {
        Some(bytes) => bytes.data().to_vec(),
        None if vm.is_str(host) => encode_host(vm, host)?,
        None => {
            let message = format!("str, bytes or bytearray expected, not {}", vm.class_name(host));
            return Err(vm.raise_type(&message));
        }
    };
    CString::new(bytes).map_err(|_| vm.raise_type("host name must not contain null character"))
}

fn host_entry(vm: &mut Vm, host: &CString, family: i32, name: Option<&[u8]>) -> PyResult {
    let found = net::look_up(Some(host), None, family, libc::SOCK_STREAM, 0, libc::AI_CANONNAME);
    let found = found.map_err(|error| raise_name_error(vm, &error))?;
    let canonical = found.first().map(|found| found.canonical.clone()).unwrap_or_default();
    let name = vm.fs_decode(name.unwrap_or(&canonical));
    let (aliases, addresses) = (vm.new_list(&[])?, vm.new_list(&[])?);
    for found in found {
        let address = address_value(vm, &found.address)?;
        let host = vm.get_item(address, Value::small_int(0))?;
        vm.list_push(addresses.as_ptr(), host)?;
    }
    Ok(vm.new_tuple(&[name, aliases, addresses]))
}

fn look_up(
    vm: &mut Vm,
    host: Value,
    port: Value,
    family: Option<i32>,
    kind: Option<i32>,
    protocol: Option<i32>,
    flags: Option<i32>,
) -> PyResult {
    let host = if host.is_none() {
        None
    } else if vm.is_str(host) {
        let bytes = encode_host(vm, host)?;
        Some(CString::new(bytes).map_err(|_| vm.raise_value("embedded null character"))?)
    } else if let Some(bytes) = This::<BytesObject>::of(vm, host) {
        Some(CString::new(bytes.data()).map_err(|_| vm.raise_value("embedded null byte"))?)
    } else {
        return Err(vm.raise_type("getaddrinfo() argument 1 must be string or None"));
    };
    let service = if port.is_none() {
        None
    } else if vm.is_int_like(port) {
        match vm.int_to_i64(port) {
            Some(port) => Some(CString::new(port.to_string()).unwrap_or_default()),
            None => return Err(vm.raise_overflow("Python int too large to convert to C long")),
        }
    } else if let Some(text) = Str::of(vm, port) {
        Some(text_of(vm, text)?)
    } else if let Some(bytes) = This::<BytesObject>::of(vm, port) {
        Some(CString::new(bytes.data()).map_err(|_| vm.raise_value("embedded null byte"))?)
    } else {
        return Err(raise_os_text(vm, "Int or String expected"));
    };
    let [family, kind, protocol, flags] = [family, kind, protocol, flags].map(|number| number.unwrap_or(0));
    let found = vm.allow_threads(|| net::look_up(host.as_deref(), service.as_deref(), family, kind, protocol, flags));
    let found = found.map_err(|error| raise_name_error(vm, &error))?;
    let list = vm.new_list(&[])?;
    for found in found {
        let (canonical, address) = (vm.fs_decode(&found.canonical), address_value(vm, &found.address)?);
        let numbers = [found.family, found.kind, found.protocol].map(|number| Value::small_int(number.into()));
        let entry = vm.new_tuple(&[numbers[0], numbers[1], numbers[2], canonical, address]);
        vm.list_push(list.as_ptr(), entry)?;
    }
    Ok(list)
}

fn names_of(vm: &mut Vm, address: Value, flags: i32) -> PyResult {
    let Some(parts) = This::<TupleObject>::of(vm, address) else {
        return Err(vm.raise_type("getnameinfo() argument 1 must be a tuple"));
    };
    let (host, port, flow, scope) = match *parts.items() {
        [host, port] => (host, port, 0, 0),
        [host, port, flow] => (host, port, vm.index_i64(flow)?, 0),
        [host, port, flow, scope] => (host, port, vm.index_i64(flow)?, vm.index_i64(scope)?),
        _ => return Err(vm.raise_type("getnameinfo(): illegal sockaddr argument")),
    };
    let Some(host) = Str::of(vm, host) else {
        return Err(vm.raise_type("getnameinfo(): illegal sockaddr argument"));
    };
    if !(0..1 << 20).contains(&flow) {
        return Err(vm.raise_overflow("getnameinfo(): flowinfo must be 0-1048575."));
    }
    let port = vm.index_i64(port)?;
    let (host, service) = (text_of(vm, host)?, CString::new(port.to_string()).unwrap_or_default());
    let found = net::look_up(Some(&host), Some(&service), libc::AF_UNSPEC, libc::SOCK_DGRAM, 0, libc::AI_NUMERICHOST);
    let found = found.map_err(|error| raise_name_error(vm, &error))?;
    let [found] = &found[..] else { return Err(raise_os_text(vm, "sockaddr resolved to multiple addresses")) };
    let address = match found.address.family() {
        libc::AF_INET6 => {
            let (address, port, ..) = found.address.as_ipv6();
            net::Address::ipv6(address, port, flow as u32, scope as u32)
        }
        _ => found.address,
    };
    let names = net::names_of(&address, flags).map_err(|error| raise_name_error(vm, &error))?;
    let names = names.map(|name| vm.fs_decode(&name));
    Ok::<Value, Raised>(vm.new_tuple(&names))
}
