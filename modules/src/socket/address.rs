//! Addresses between Python's values and the system's structs.

use super::{raise_name_error, raise_os_text};
use std::ffi::CString;
use std::net::{Ipv4Addr, Ipv6Addr};
use stitch_runtime::host::net::{self, Address};
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::layout::{BytesObject, TupleObject};
use stitch_runtime::{PyResult, Value, Vm};

/// Where a value says that something is, for sockets of a family.
pub fn address_of(vm: &mut Vm, family: i32, value: Value, method: &str) -> PyResult<Address> {
    match family {
        libc::AF_INET => {
            let &[host, port] = items_of(vm, value, "AF_INET", method)? else {
                return Err(vm.raise_type("AF_INET address must be a pair (host, port)"));
            };
            let port = port_of(vm, port, method)?;
            Ok(Address::ipv4(ipv4_of(vm, host)?, port))
        }
        libc::AF_INET6 => {
            let (host, port, more) = match *items_of(vm, value, "AF_INET6", method)? {
                [host, port] => (host, port, [Value::small_int(0); 2]),
                [host, port, flow] => (host, port, [flow, Value::small_int(0)]),
                [host, port, flow, scope] => (host, port, [flow, scope]),
                _ => {
                    let message = "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])";
                    return Err(vm.raise_type(message));
                }
            };
            let port = port_of(vm, port, method)?;
            let flow = vm.index_i64(more[0])?;
            if !(0..1 << 20).contains(&flow) {
                return Err(vm.raise_overflow(&format!("{method}(): flowinfo must be 0-1048575.")));
            }
            let scope = vm.index_i64(more[1])? as u32;
            let (address, own_scope) = ipv6_of(vm, host)?;
            Ok(Address::ipv6(address, port, flow as u32, if scope == 0 { own_scope } else { scope }))
        }
        libc::AF_UNIX => {
            let name = match This::<BytesObject>::of(vm, value) {
                Some(bytes) => bytes.data().to_vec(),
                None if vm.is_str(value) => vm.fs_encode(value)?,
                None if vm.is_bytes_like(value) => stitch_runtime::object::buffer::copied_bytes(vm, value)?,
                None => {
                    let given = vm.class_name(value);
                    return Err(vm.raise_type(&format!("a bytes-like object is required, not '{given}'")));
                }
            };
            Address::unix(&name).ok_or_else(|| raise_os_text(vm, "AF_UNIX path too long"))
        }
        libc::AF_NETLINK => {
            let &[port, groups] = items_of(vm, value, "AF_NETLINK", method)? else {
                return Err(vm.raise_type("AF_NETLINK address must be a pair (pid, groups)"));
            };
            let (port, groups) = (vm.index_i64(port)? as u32, vm.index_i64(groups)? as u32);
            Ok(Address::netlink(port, groups))
        }
        _ => Err(raise_os_text(vm, &format!("{method}(): bad family"))),
    }
}

fn items_of<'a>(vm: &mut Vm, value: Value, family: &str, method: &str) -> PyResult<&'a [Value]> {
    if This::<TupleObject>::of(vm, value).is_none() {
        let given = vm.class_name(value);
        return Err(vm.raise_type(&format!("{method}(): {family} address must be tuple, not {given}")));
    }
    // SAFETY: a tuple, which does not change and which the native's caller keeps.
    Ok(unsafe { (*value.as_ptr::<TupleObject>()).items() })
}

fn port_of(vm: &mut Vm, port: Value, method: &str) -> PyResult<u16> {
    let port = vm.index(port)?;
    let word = vm.int_to_i64(port);
    word.and_then(|word| u16::try_from(word).ok())
        .ok_or_else(|| vm.raise_overflow(&format!("{method}(): port must be 0-65535.")))
}

/// The text of a host: a str by IDNA where it is not ASCII, or bytes.
fn host_text(vm: &mut Vm, host: Value) -> PyResult<CString> {
    let bytes = match This::<BytesObject>::of(vm, host) {
        Some(bytes) => bytes.data().to_vec(),
        None if vm.is_str(host) => encode_host(vm, host)?,
        None if vm.is_bytes_like(host) => stitch_runtime::object::buffer::copied_bytes(vm, host)?,
        None => {
            let given = vm.class_name(host);
            return Err(vm.raise_type(&format!("str, bytes or bytearray expected, not {given}")));
        }
    };
    CString::new(bytes).map_err(|_| vm.raise_type("host name must not contain null character"))
}

pub fn encode_host(vm: &mut Vm, host: Value) -> PyResult<Vec<u8>> {
    let text = vm.string_of(host);
    if text.is_ascii() {
        return Ok(text.into_bytes());
    }
    let (encode, encoding) = (vm.intern("encode"), vm.intern("idna"));
    let encoded = vm.call_method(host, encode, &[encoding])?;
    let encoded = This::<BytesObject>::of(vm, encoded).map(|bytes| bytes.data().to_vec());
    encoded.ok_or_else(|| vm.raise_type("encoding of hostname failed"))
}

fn ipv4_of(vm: &mut Vm, host: Value) -> PyResult<[u8; 4]> {
    let text = host_text(vm, host)?;
    match text.as_bytes() {
        b"" => return Ok([0; 4]),
        b"<broadcast>" => return Ok([255; 4]),
        _ => {}
    }
    if let Some(address) = text.to_str().ok().and_then(|text| text.parse::<Ipv4Addr>().ok()) {
        return Ok(address.octets());
    }
    let address = resolve(vm, &text, libc::AF_INET)?;
    Ok(address.as_ipv4().0)
}

/// An address of IPv6 and its scope.
fn ipv6_of(vm: &mut Vm, host: Value) -> PyResult<([u8; 16], u32)> {
    let text = host_text(vm, host)?;
    if text.is_empty() {
        return Ok(([0; 16], 0));
    }
    if let Some(address) = text.to_str().ok().and_then(|text| text.parse::<Ipv6Addr>().ok()) {
        return Ok((address.octets(), 0));
    }
    let (address, _, _, scope) = resolve(vm, &text, libc::AF_INET6)?.as_ipv6();
    Ok((address, scope))
}

/// The first address of a host.
pub fn resolve(vm: &mut Vm, host: &CString, family: i32) -> PyResult<Address> {
    let found = vm.allow_threads(|| net::look_up(Some(host), None, family, 0, 0, 0));
    let found = found.map_err(|error| raise_name_error(vm, &error))?;
    match found.first() {
        Some(found) => Ok(found.address),
        None => Err(raise_os_text(vm, "address family mismatched")),
    }
}

/// An address as Python has it.
pub fn address_value(vm: &mut Vm, address: &Address) -> PyResult {
    if address.is_empty() {
        return Ok(Value::NONE);
    }
    match address.family() {
        libc::AF_INET => {
            let (address, port) = address.as_ipv4();
            let host = vm.new_str(&Ipv4Addr::from(address).to_string());
            Ok(vm.new_tuple(&[host, Value::small_int(port.into())]))
        }
        libc::AF_INET6 => {
            let (_, port, flow, scope) = address.as_ipv6();
            let host = net::names_of(address, libc::NI_NUMERICHOST | libc::NI_NUMERICSERV);
            let [host, _] = host.map_err(|error| raise_name_error(vm, &error))?;
            let host = vm.fs_decode(&host);
            let numbers = [i64::from(port), flow.into(), scope.into()].map(Value::small_int);
            Ok(vm.new_tuple(&[host, numbers[0], numbers[1], numbers[2]]))
        }
        libc::AF_UNIX => {
            let name = address.as_unix();
            vm.fs_name(&name, name.first() == Some(&0))
        }
        libc::AF_NETLINK => {
            let (port, groups) = address.as_netlink();
            Ok(vm.new_tuple(&[port, groups].map(|number| Value::small_int(number.into()))))
        }
        family => {
            let data = vm.new_bytes(address.bytes().get(2..).unwrap_or_default())?;
            Ok(vm.new_tuple(&[Value::small_int(family.into()), data]))
        }
    }
}

/// A str as C has it; `TypeError` of others.
pub fn text_of(vm: &mut Vm, text: Str) -> PyResult<CString> {
    let bytes = vm.fs_encode(text.value())?;
    CString::new(bytes).map_err(|_| vm.raise_value("embedded null character"))
}
