//! Numbers in the order of networks, addresses as text, interfaces, and pairs of sockets.

use super::raise_os_text;
use crate::posix::OrRaise;
use std::net::{Ipv4Addr, Ipv6Addr};
use stitch_runtime::host::{descriptor, net};
use stitch_runtime::object::argument::{Index, Str, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("close", "(fd, /)", |vm: &mut Vm, fd: i32| match descriptor::close(fd) {
        Err(error) if error.errno == libc::ECONNRESET => Ok(()),
        closed => closed.or_raise(vm),
    })
    .doc("Closes the descriptor of a socket."),
    method("dup", "(fd, /)", |vm: &mut Vm, fd: i32| descriptor::duplicate_from(fd, 0).or_raise(vm))
        .doc("One more descriptor of a socket, not inherited."),
    method(
        "socketpair",
        "(family=AF_UNIX, type=SOCK_STREAM, proto=0, /)",
        |vm: &mut Vm, family: Option<i32>, kind: Option<i32>, protocol: Option<i32>| {
            let (family, kind) = (family.unwrap_or(libc::AF_UNIX), kind.unwrap_or(libc::SOCK_STREAM));
            let fds = net::open_pair(family, kind | libc::SOCK_CLOEXEC, protocol.unwrap_or(0)).or_raise(vm)?;
            let class = Value::object(vm.type_of_spec(&super::object::SOCKET));
            let mut ends = [Value::NONE; 2];
            for (end, fd) in ends.iter_mut().zip(fds) {
                let arguments = [family, kind, protocol.unwrap_or(0), fd].map(|number| Value::small_int(number.into()));
                *end = vm.call(class, &arguments)?;
            }
            Ok::<Value, Raised>(vm.new_tuple(&ends))
        },
    )
    .doc("Two sockets that are connected to each other."),
    method("gethostname", "()", |vm: &mut Vm| {
        vm.audit("socket.gethostname", |vm| vm.empty_tuple)?;
        let name = net::host_name().or_raise(vm)?;
        Ok::<Value, Raised>(vm.fs_decode(&name))
    })
    .doc("The name of this host."),
    method("sethostname", "(name, /)", |vm: &mut Vm, name: Value| {
        let name = vm.fs_c_string(name)?;
        net::set_host_name(name.as_bytes()).or_raise(vm)
    })
    .doc("Sets the name of this host."),
    method("htons", "(x, /)", |vm: &mut Vm, number: Value| short(vm, number, "htons")).doc(SHORT),
    method("ntohs", "(x, /)", |vm: &mut Vm, number: Value| short(vm, number, "ntohs")).doc(SHORT),
    method("htonl", "(x, /)", long).doc(LONG),
    method("ntohl", "(x, /)", long).doc(LONG),
    method("inet_aton", "(ip_addr, /)", |vm: &mut Vm, text: Str| {
        let text = super::address::text_of(vm, text)?;
        match net::parse_ipv4(&text) {
            Some(address) => vm.new_bytes(&address),
            None => Err(raise_os_text(vm, "illegal IP address string passed to inet_aton")),
        }
    })
    .doc("The four bytes of an address of IPv4."),
    method("inet_ntoa", "(packed_ip, /)", |vm: &mut Vm, bytes: BytesLike| match <[u8; 4]>::try_from(&*bytes) {
        Ok(address) => Ok(Ipv4Addr::from(address).to_string()),
        Err(_) => Err(raise_os_text(vm, "packed IP wrong length for inet_ntoa")),
    })
    .doc("The text of an address of IPv4."),
    method("inet_pton", "(address_family, ip_string, /)", |vm: &mut Vm, family: i32, text: Str| {
        let text = text.text();
        match family {
            libc::AF_INET => match text.parse::<Ipv4Addr>() {
                Ok(address) => vm.new_bytes(&address.octets()),
                Err(_) => Err(raise_os_text(vm, "illegal IP address string passed to inet_pton")),
            },
            libc::AF_INET6 => match text.parse::<Ipv6Addr>() {
                Ok(address) => vm.new_bytes(&address.octets()),
                Err(_) => Err(raise_os_text(vm, "illegal IP address string passed to inet_pton")),
            },
            _ => Err(crate::posix::raise_errno(vm, libc::EAFNOSUPPORT)),
        }
    })
    .doc("The bytes of an address."),
    method("inet_ntop", "(address_family, packed_ip, /)", |vm: &mut Vm, family: i32, bytes: BytesLike| match family {
        libc::AF_INET => match <[u8; 4]>::try_from(&*bytes) {
            Ok(address) => Ok(Ipv4Addr::from(address).to_string()),
            Err(_) => Err(vm.raise_value("invalid length of packed IP address string")),
        },
        libc::AF_INET6 => match <[u8; 16]>::try_from(&*bytes) {
            Ok(address) => Ok(Ipv6Addr::from(address).to_string()),
            Err(_) => Err(vm.raise_value("invalid length of packed IP address string")),
        },
        _ => Err(vm.raise_value(&format!("unknown address family {family}"))),
    })
    .doc("The text of an address."),
    method("if_nameindex", "()", |vm: &mut Vm| {
        let list = vm.new_list(&[])?;
        for (number, name) in net::interfaces().or_raise(vm)? {
            let name = vm.fs_decode(&name);
            let pair = vm.new_tuple(&[Value::small_int(number.into()), name]);
            vm.list_push(list.as_ptr(), pair)?;
        }
        Ok::<Value, Raised>(list)
    })
    .doc("Numbers and names of the network's interfaces."),
    method("if_nametoindex", "(oname, /)", |vm: &mut Vm, name: Value| {
        let name = vm.fs_c_string(name)?;
        net::interface_number(&name).or_raise(vm)
    })
    .doc("The number of an interface."),
    method("if_indextoname", "(if_index, /)", |vm: &mut Vm, number: Index| {
        let Ok(number) = u32::try_from(number.0) else {
            return Err(vm.raise_overflow("index is too large"));
        };
        let name = net::interface_name(number).or_raise(vm)?;
        Ok::<Value, Raised>(vm.fs_decode(&name))
    })
    .doc("The name of an interface."),
];

const SHORT: &str =
    "A number of 16 bits with its bytes in the other order, where machine and network have not the same.";
const LONG: &str =
    "A number of 32 bits with its bytes in the other order, where machine and network have not the same.";

fn short(vm: &mut Vm, number: Value, function: &str) -> PyResult<i64> {
    let number = vm.index_clamped(number)?;
    match u16::try_from(number) {
        Ok(number) => Ok(number.to_be().into()),
        Err(_) if number < 0 => {
            Err(vm
                .raise_overflow(&format!("{function}: can't convert negative Python int to C 16-bit unsigned integer")))
        }
        Err(_) => {
            Err(vm.raise_overflow(&format!("{function}: Python int too large to convert to C 16-bit unsigned integer")))
        }
    }
}

fn long(vm: &mut Vm, number: Value) -> PyResult<i64> {
    if !vm.is_int_like(number) {
        let message = format!("expected int, {} found", vm.class_name(number));
        return Err(vm.raise_type(&message));
    }
    match vm.int_to_i64(number) {
        Some(word) if word < 0 => Err(vm.raise_overflow("can't convert negative value to unsigned int")),
        Some(word) if word <= i64::from(u32::MAX) => Ok((word as u32).to_be().into()),
        _ => Err(vm.raise_overflow("int larger than 32 bits")),
    }
}
