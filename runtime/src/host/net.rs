//! Sockets and names of hosts.

use super::call::{checked, system_calls};
use super::{HostError, HostResult};
use std::ffi::CStr;
use std::mem::MaybeUninit;

/// Where a socket is, or is to be: the system's struct of any family, and how much of it counts.
#[derive(Clone, Copy)]
pub struct Address {
    storage: libc::sockaddr_storage,
    len: u32,
}

impl Address {
    pub fn empty() -> Address {
        // SAFETY: zeros are a `sockaddr_storage`.
        Address { storage: unsafe { std::mem::zeroed() }, len: size_of::<libc::sockaddr_storage>() as u32 }
    }

    /// Of the struct of a family.
    ///
    /// # Safety
    /// The struct is one of C's that begin with a family, and no larger than the largest of them.
    pub unsafe fn of<T>(address: &T, len: usize) -> Address {
        let mut whole = Address::empty();
        let len = len.min(size_of::<T>()).min(size_of::<libc::sockaddr_storage>());
        // SAFETY: both are memory of at least that size.
        unsafe {
            std::ptr::copy_nonoverlapping(
                std::ptr::from_ref(address).cast::<u8>(),
                (&raw mut whole.storage).cast::<u8>(),
                len,
            );
        }
        whole.len = len as u32;
        whole
    }

    pub fn ipv4(address: [u8; 4], port: u16) -> Address {
        // SAFETY: zeros are a `sockaddr_in`, which is a struct of a family.
        unsafe {
            let mut parts: libc::sockaddr_in = std::mem::zeroed();
            parts.sin_family = libc::AF_INET as libc::sa_family_t;
            parts.sin_port = port.to_be();
            parts.sin_addr.s_addr = u32::from_ne_bytes(address);
            Address::of(&parts, size_of_val(&parts))
        }
    }

    pub fn ipv6(address: [u8; 16], port: u16, flow: u32, scope: u32) -> Address {
        // SAFETY: zeros are a `sockaddr_in6`, which is a struct of a family.
        unsafe {
            let mut parts: libc::sockaddr_in6 = std::mem::zeroed();
            parts.sin6_family = libc::AF_INET6 as libc::sa_family_t;
            parts.sin6_port = port.to_be();
            parts.sin6_flowinfo = flow.to_be();
            parts.sin6_addr.s6_addr = address;
            parts.sin6_scope_id = scope;
            Address::of(&parts, size_of_val(&parts))
        }
    }

    /// Of a file's name, or of one that is no file's and begins with NUL; `None`: it is too long.
    pub fn unix(name: &[u8]) -> Option<Address> {
        // SAFETY: zeros are a `sockaddr_un`, which is a struct of a family.
        unsafe {
            let mut parts: libc::sockaddr_un = std::mem::zeroed();
            parts.sun_family = libc::AF_UNIX as libc::sa_family_t;
            let is_abstract = name.first() == Some(&0);
            let room = parts.sun_path.len() - usize::from(!is_abstract);
            if name.len() > room {
                return None;
            }
            for (to, &from) in parts.sun_path.iter_mut().zip(name) {
                *to = from as libc::c_char;
            }
            let start = std::mem::offset_of!(libc::sockaddr_un, sun_path);
            Some(Address::of(&parts, start + name.len() + usize::from(!is_abstract)))
        }
    }

    pub fn netlink(port: u32, groups: u32) -> Address {
        // SAFETY: zeros are a `sockaddr_nl`, which is a struct of a family.
        unsafe {
            let mut parts: libc::sockaddr_nl = std::mem::zeroed();
            parts.nl_family = libc::AF_NETLINK as libc::sa_family_t;
            parts.nl_pid = port;
            parts.nl_groups = groups;
            Address::of(&parts, size_of_val(&parts))
        }
    }

    pub fn len(&self) -> usize {
        self.len as usize
    }
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    pub fn family(&self) -> i32 {
        self.storage.ss_family.into()
    }

    /// The address and the port of IPv4.
    pub fn as_ipv4(&self) -> ([u8; 4], u16) {
        // SAFETY: the memory is large enough for the struct, and any bytes are one.
        let parts = unsafe { &*(&raw const self.storage).cast::<libc::sockaddr_in>() };
        (parts.sin_addr.s_addr.to_ne_bytes(), u16::from_be(parts.sin_port))
    }
    /// Address, port, flow and scope of IPv6.
    pub fn as_ipv6(&self) -> ([u8; 16], u16, u32, u32) {
        // SAFETY: as above.
        let parts = unsafe { &*(&raw const self.storage).cast::<libc::sockaddr_in6>() };
        (parts.sin6_addr.s6_addr, u16::from_be(parts.sin6_port), u32::from_be(parts.sin6_flowinfo), parts.sin6_scope_id)
    }
    /// The name of a file, or one that begins with NUL.
    pub fn as_unix(&self) -> Vec<u8> {
        // SAFETY: as above.
        let parts = unsafe { &*(&raw const self.storage).cast::<libc::sockaddr_un>() };
        let start = std::mem::offset_of!(libc::sockaddr_un, sun_path);
        let len = self.len().saturating_sub(start).min(parts.sun_path.len());
        let name: Vec<u8> = parts.sun_path[..len].iter().map(|&byte| byte as u8).collect();
        if name.first() == Some(&0) { name } else { name.into_iter().take_while(|&byte| byte != 0).collect() }
    }
    /// The number and the groups of a netlink socket.
    pub fn as_netlink(&self) -> (u32, u32) {
        // SAFETY: as above.
        let parts = unsafe { &*(&raw const self.storage).cast::<libc::sockaddr_nl>() };
        (parts.nl_pid, parts.nl_groups)
    }
    /// All bytes of it.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: plain memory; the length is at most its size.
        unsafe {
            std::slice::from_raw_parts((&raw const self.storage).cast(), self.len().min(size_of_val(&self.storage)))
        }
    }

    fn as_ptr(&self) -> *const libc::sockaddr {
        (&raw const self.storage).cast()
    }
    fn as_mut_ptr(&mut self) -> *mut libc::sockaddr {
        (&raw mut self.storage).cast()
    }
}

system_calls! {
    fn open(family: i32, kind: i32, protocol: i32) -> i32 = libc::socket(family, kind, protocol);
    fn open_pair_into(family: i32, kind: i32, protocol: i32, fds: &mut [i32; 2]) -> () =
        libc::socketpair(family, kind, protocol, fds.as_mut_ptr());
    fn bind(fd: i32, address: &Address) -> () = libc::bind(fd, address.as_ptr(), address.len);
    fn connect(fd: i32, address: &Address) -> () = libc::connect(fd, address.as_ptr(), address.len);
    fn listen(fd: i32, backlog: i32) -> () = libc::listen(fd, backlog);
    fn accept_into(fd: i32, address: &mut Address, flags: i32) -> i32 =
        libc::accept4(fd, address.as_mut_ptr(), &mut address.len, flags);
    fn own_address_into(fd: i32, address: &mut Address) -> () =
        libc::getsockname(fd, address.as_mut_ptr(), &mut address.len);
    fn peer_address_into(fd: i32, address: &mut Address) -> () =
        libc::getpeername(fd, address.as_mut_ptr(), &mut address.len);
    fn receive(fd: i32, buffer: &mut [u8], flags: i32) -> usize =
        libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags);
    fn receive_from(fd: i32, buffer: &mut [u8], flags: i32, address: &mut Address) -> usize =
        libc::recvfrom(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, address.as_mut_ptr(), &mut address.len);
    fn send(fd: i32, data: &[u8], flags: i32) -> usize = libc::send(fd, data.as_ptr().cast(), data.len(), flags);
    fn send_to(fd: i32, data: &[u8], flags: i32, address: &Address) -> usize =
        libc::sendto(fd, data.as_ptr().cast(), data.len(), flags, address.as_ptr(), address.len);
    fn shut_down(fd: i32, how: i32) -> () = libc::shutdown(fd, how);
    fn set_option(fd: i32, level: i32, name: i32, value: &[u8]) -> () =
        libc::setsockopt(fd, level, name, value.as_ptr().cast(), value.len() as u32);
    fn set_option_empty(fd: i32, level: i32, name: i32, len: u32) -> () =
        libc::setsockopt(fd, level, name, std::ptr::null(), len);
    fn option_into(fd: i32, level: i32, name: i32, value: &mut [u8], len: &mut u32) -> () =
        libc::getsockopt(fd, level, name, value.as_mut_ptr().cast(), len);
    fn set_host_name(name: &[u8]) -> () = libc::sethostname(name.as_ptr().cast(), name.len());
    fn host_name_into(buffer: &mut [u8]) -> () = libc::gethostname(buffer.as_mut_ptr().cast(), buffer.len());
}

/// What an option is, in bytes; at most so many.
pub fn option(fd: i32, level: i32, name: i32, most: usize) -> HostResult<Vec<u8>> {
    let (mut value, mut len) = (vec![0; most], most as u32);
    option_into(fd, level, name, &mut value, &mut len)?;
    value.truncate(len as usize);
    Ok(value)
}

/// An option that is a number.
pub fn number_option(fd: i32, level: i32, name: i32) -> HostResult<i32> {
    let (mut value, mut len) = ([0; 4], 4);
    option_into(fd, level, name, &mut value, &mut len)?;
    Ok(i32::from_ne_bytes(value))
}

pub fn own_address(fd: i32) -> HostResult<Address> {
    let mut address = Address::empty();
    own_address_into(fd, &mut address)?;
    Ok(address)
}

pub fn peer_address(fd: i32) -> HostResult<Address> {
    let mut address = Address::empty();
    peer_address_into(fd, &mut address)?;
    Ok(address)
}

/// A connection that was asked for: its descriptor, not inherited, and who asked.
pub fn accept(fd: i32) -> HostResult<(i32, Address)> {
    let mut address = Address::empty();
    let fd = accept_into(fd, &mut address, libc::SOCK_CLOEXEC)?;
    Ok((fd, address))
}

pub fn open_pair(family: i32, kind: i32, protocol: i32) -> HostResult<[i32; 2]> {
    let mut fds = [0; 2];
    open_pair_into(family, kind, protocol, &mut fds)?;
    Ok(fds)
}

pub fn host_name() -> HostResult<Vec<u8>> {
    let mut buffer = [0; 1025];
    host_name_into(&mut buffer[..1024])?;
    Ok(buffer.into_iter().take_while(|&byte| byte != 0).collect())
}

/// A message with what goes beside its bytes.
pub struct Control {
    pub level: i32,
    pub kind: i32,
    pub data: Vec<u8>,
}

/// How much room the bytes of a control take, with and without what keeps the next one aligned.
pub fn control_space(len: u32) -> usize {
    // SAFETY: numbers.
    unsafe { libc::CMSG_SPACE(len) as usize }
}
pub fn control_len(len: u32) -> usize {
    // SAFETY: numbers.
    unsafe { libc::CMSG_LEN(len) as usize }
}

/// Sends the pieces of a message and controls.
///
/// # Safety
/// The pieces are memory that can be read.
pub unsafe fn send_message(
    fd: i32,
    pieces: &[super::descriptor::Piece],
    controls: &[Control],
    flags: i32,
    address: Option<&Address>,
) -> HostResult<usize> {
    let size: usize = controls.iter().map(|control| control_space(control.data.len() as u32)).sum();
    let mut room = vec![0u64; size.div_ceil(8)];
    // SAFETY: a struct of C, made whole here: the pieces are the caller's, the controls lie in memory of the size that the
    // macros ask for, aligned as they ask for it.
    checked(unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        if let Some(address) = address {
            message.msg_name = address.as_ptr().cast_mut().cast();
            message.msg_namelen = address.len;
        }
        message.msg_iov = pieces.as_ptr().cast_mut();
        message.msg_iovlen = pieces.len();
        if size > 0 {
            message.msg_control = room.as_mut_ptr().cast();
            message.msg_controllen = size;
            let mut at = libc::CMSG_FIRSTHDR(&message);
            for control in controls {
                if at.is_null() {
                    return Err(HostError::of(libc::EINVAL));
                }
                (*at).cmsg_level = control.level;
                (*at).cmsg_type = control.kind;
                (*at).cmsg_len = control_len(control.data.len() as u32);
                std::ptr::copy_nonoverlapping(control.data.as_ptr(), libc::CMSG_DATA(at), control.data.len());
                at = libc::CMSG_NXTHDR(&message, at);
            }
        }
        libc::sendmsg(fd, &message, flags)
    })
}

/// What a message was received with.
pub struct Received {
    pub len: usize,
    pub controls: Vec<Control>,
    pub flags: i32,
    pub address: Address,
}

/// Receives a message into pieces, with controls of so many bytes at the most.
///
/// # Safety
/// The pieces are memory that can be written.
pub unsafe fn receive_message(
    fd: i32,
    pieces: &[super::descriptor::Piece],
    control_bytes: usize,
    flags: i32,
) -> HostResult<Received> {
    let mut room = vec![0u64; control_bytes.div_ceil(8)];
    let mut address = Address::empty();
    // SAFETY: as in `send_message`; what the call says it has written is read.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_name = address.as_mut_ptr().cast();
        message.msg_namelen = address.len;
        message.msg_iov = pieces.as_ptr().cast_mut();
        message.msg_iovlen = pieces.len();
        if control_bytes > 0 {
            message.msg_control = room.as_mut_ptr().cast();
            message.msg_controllen = control_bytes;
        }
        let len = checked(libc::recvmsg(fd, &mut message, flags))?;
        address.len = message.msg_namelen;
        let mut controls = Vec::new();
        let end = message.msg_control as usize + message.msg_controllen;
        let mut at = if control_bytes > 0 { libc::CMSG_FIRSTHDR(&message) } else { std::ptr::null_mut() };
        while !at.is_null() {
            let data = libc::CMSG_DATA(at);
            let told = ((*at).cmsg_len).saturating_sub(control_len(0));
            let len = told.min(end.saturating_sub(data as usize));
            let data = std::slice::from_raw_parts(data, len).to_vec();
            controls.push(Control { level: (*at).cmsg_level, kind: (*at).cmsg_type, data });
            at = libc::CMSG_NXTHDR(&message, at);
        }
        Ok(Received { len, controls, flags: message.msg_flags, address })
    }
}

/// One answer to the question for a host and a service.
pub struct Found {
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub canonical: Vec<u8>,
    pub address: Address,
}

/// A failed look-up: its number, and what it means.
pub struct NameError {
    pub number: i32,
    pub message: String,
}

fn name_error(number: i32) -> NameError {
    if number == libc::EAI_SYSTEM {
        let error = HostError::last();
        return NameError { number: error.errno, message: error.message };
    }
    // SAFETY: gives a string that ends in NUL and stays.
    let message = unsafe { CStr::from_ptr(libc::gai_strerror(number)) }.to_string_lossy().into_owned();
    NameError { number, message }
}

/// Addresses of a host and a service.
pub fn look_up(
    host: Option<&CStr>,
    service: Option<&CStr>,
    family: i32,
    kind: i32,
    protocol: i32,
    flags: i32,
) -> Result<Vec<Found>, NameError> {
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    let mut list = std::ptr::null_mut();
    // SAFETY: strings that end in NUL, or NULL; the list is read until it is given back.
    unsafe {
        let mut hints: libc::addrinfo = std::mem::zeroed();
        hints.ai_family = family;
        hints.ai_socktype = kind;
        hints.ai_protocol = protocol;
        hints.ai_flags = flags;
        let status = libc::getaddrinfo(pointer(host), pointer(service), &hints, &mut list);
        if status != 0 {
            return Err(name_error(status));
        }
        let mut found = Vec::new();
        let mut at = list;
        while !at.is_null() {
            let entry = &*at;
            let mut address = Address::empty();
            let len = (entry.ai_addrlen as usize).min(size_of::<libc::sockaddr_storage>());
            std::ptr::copy_nonoverlapping(entry.ai_addr.cast::<u8>(), address.as_mut_ptr().cast::<u8>(), len);
            address.len = len as u32;
            let canonical = if entry.ai_canonname.is_null() {
                Vec::new()
            } else {
                CStr::from_ptr(entry.ai_canonname).to_bytes().to_vec()
            };
            let (family, kind, protocol) = (entry.ai_family, entry.ai_socktype, entry.ai_protocol);
            found.push(Found { family, kind, protocol, canonical, address });
            at = entry.ai_next;
        }
        libc::freeaddrinfo(list);
        Ok(found)
    }
}

/// The names of a host and a service by an address.
pub fn names_of(address: &Address, flags: i32) -> Result<[Vec<u8>; 2], NameError> {
    let (mut host, mut service) = ([0u8; 1025], [0u8; 32]);
    // SAFETY: memory of the sizes that are told.
    let status = unsafe {
        libc::getnameinfo(
            address.as_ptr(),
            address.len,
            host.as_mut_ptr().cast(),
            host.len() as u32,
            service.as_mut_ptr().cast(),
            service.len() as u32,
            flags,
        )
    };
    if status != 0 {
        return Err(name_error(status));
    }
    let text = |bytes: &[u8]| bytes.iter().copied().take_while(|&byte| byte != 0).collect();
    Ok([text(&host), text(&service)])
}

/// The port of a service; `None`: there is none of the name.
pub fn service_port(name: &CStr, protocol: Option<&CStr>) -> Option<u16> {
    // SAFETY: strings that end in NUL, or NULL; the entry is read before the next call.
    unsafe {
        let entry = libc::getservbyname(name.as_ptr(), protocol.map_or(std::ptr::null(), CStr::as_ptr));
        (!entry.is_null()).then(|| u16::from_be((*entry).s_port as u16))
    }
}

/// The name of a port's service.
pub fn service_name(port: u16, protocol: Option<&CStr>) -> Option<Vec<u8>> {
    // SAFETY: as above.
    unsafe {
        let entry = libc::getservbyport(port.to_be().into(), protocol.map_or(std::ptr::null(), CStr::as_ptr));
        (!entry.is_null()).then(|| CStr::from_ptr((*entry).s_name).to_bytes().to_vec())
    }
}

/// The number of a protocol.
pub fn protocol_number(name: &CStr) -> Option<i32> {
    // SAFETY: as above.
    unsafe {
        let entry = libc::getprotobyname(name.as_ptr());
        (!entry.is_null()).then(|| (*entry).p_proto)
    }
}

/// The number of a network interface.
pub fn interface_number(name: &CStr) -> HostResult<u32> {
    // SAFETY: a string that ends in NUL.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(HostError::last()),
        number => Ok(number),
    }
}

pub fn interface_name(number: u32) -> HostResult<Vec<u8>> {
    let mut buffer = [0u8; libc::IF_NAMESIZE];
    // SAFETY: memory of the size that the call asks for.
    if unsafe { libc::if_indextoname(number, buffer.as_mut_ptr().cast()) }.is_null() {
        return Err(HostError::last());
    }
    Ok(buffer.into_iter().take_while(|&byte| byte != 0).collect())
}

/// Numbers and names of all network interfaces.
pub fn interfaces() -> HostResult<Vec<(u32, Vec<u8>)>> {
    let mut found = Vec::new();
    // SAFETY: an array that ends with a number of 0, read until it is given back.
    unsafe {
        let list = libc::if_nameindex();
        if list.is_null() {
            return Err(HostError::last());
        }
        let mut at = list;
        while (*at).if_index != 0 {
            found.push(((*at).if_index, CStr::from_ptr((*at).if_name).to_bytes().to_vec()));
            at = at.add(1);
        }
        libc::if_freenameindex(list);
    }
    Ok(found)
}

/// An address of IPv4 as text of any form that C takes.
pub fn parse_ipv4(text: &CStr) -> Option<[u8; 4]> {
    let mut address = MaybeUninit::<libc::in_addr>::zeroed();
    // SAFETY: a string that ends in NUL, and a struct that is written to.
    unsafe { (inet_aton(text.as_ptr(), address.as_mut_ptr()) != 0).then(|| address.assume_init().s_addr.to_ne_bytes()) }
}

unsafe extern "C" {
    fn inet_aton(text: *const libc::c_char, address: *mut libc::in_addr) -> libc::c_int;
}
