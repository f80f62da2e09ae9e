//! Does a certificate hold for a host?

use super::certificate::{ADDRESS_NAME, Certificate, DNS_NAME};
use super::constants::HOSTFLAG_NEVER_CHECK_SUBJECT;
use super::der;
use std::net::IpAddr;

/// Who is to be at the other end.
#[derive(Clone, Debug)]
pub enum Host {
    Name(String),
    Address(IpAddr),
}

impl Host {
    pub fn of(text: &str) -> Host {
        text.parse().map_or_else(|_| Host::Name(text.to_string()), Host::Address)
    }

    /// Is it one of those that a certificate names? The subject counts where there are no alternative names of hosts.
    pub fn is_named_by(&self, certificate: &Certificate<'_>, flags: i64) -> bool {
        match self {
            Host::Address(address) => {
                let octets = match address {
                    IpAddr::V4(address) => address.octets().to_vec(),
                    IpAddr::V6(address) => address.octets().to_vec(),
                };
                certificate.alternative_names().any(|name| name.tag == ADDRESS_NAME && name.body == octets)
            }
            Host::Name(host) => {
                let mut names = certificate.alternative_names().filter(|name| name.tag == DNS_NAME).peekable();
                if names.peek().is_some() {
                    return names.any(|name| matches(&der::text(name), host));
                }
                let is_subject_asked = flags & HOSTFLAG_NEVER_CHECK_SUBJECT == 0;
                is_subject_asked && certificate.common_name().is_some_and(|name| matches(&name, host))
            }
        }
    }
}

/// Is a host what a name of a certificate stands for? A star stands for a whole first label, of a name with two more of them.
fn matches(name: &str, host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    if name.eq_ignore_ascii_case(host) {
        return !name.is_empty();
    }
    let Some(parent) = name.strip_prefix("*.") else { return false };
    let Some((label, rest)) = host.split_once('.') else { return false };
    !label.is_empty() && parent.contains('.') && !parent.contains('*') && parent.eq_ignore_ascii_case(rest)
}
