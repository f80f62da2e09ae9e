//! The certificates that a context trusts, and where they come from.

use super::certificate::Certificate;
use super::der::{self, Reader};
use super::pem::{self, Malformed};
use super::verify::Trust;
use std::ffi::CString;
use std::path::Path;
use std::sync::Arc;
use stitch_runtime::host::{self, HostResult, fs::Directory};

pub const FILE_VARIABLE: &str = "SSL_CERT_FILE";
pub const FOLDER_VARIABLE: &str = "SSL_CERT_DIR";

/// Where systems keep the file `cert.pem` and the folder `certs`.
const HOMES: [&str; 4] = ["/usr/lib/ssl", "/etc/pki/tls", "/etc/ssl", "/usr/local/ssl"];

#[derive(Default)]
pub struct Store {
    pub certificates: Vec<Arc<[u8]>>,
    pub revocations: Vec<Arc<[u8]>>,
    /// Folders with a certificate a file, which are read when there is something to check.
    folders: Vec<String>,
    /// What checks are given, until there is more.
    trust: Option<Arc<Trust>>,
}

/// Why nothing was loaded.
pub enum Failure {
    Host(host::HostError),
    Malformed,
    Nothing,
}

impl Store {
    /// Adds a certificate, once.
    pub fn add(&mut self, der: &[u8]) -> bool {
        if Certificate::read(der).is_none() {
            return false;
        }
        if !self.certificates.iter().any(|known| known[..] == *der) {
            self.certificates.push(der.into());
            self.trust = None;
        }
        true
    }

    /// Adds what is in a text; gives how much that was.
    pub fn add_pem(&mut self, text: &[u8]) -> Result<usize, Malformed> {
        let mut n = 0;
        for section in pem::sections(text)? {
            match &section.label[..] {
                "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                    let first = Reader(&section.data).next().map_or(&section.data[..], |element| element.whole);
                    if !self.add(first) {
                        return Err(Malformed);
                    }
                    n += 1;
                }
                "X509 CRL" => {
                    self.revocations.push(section.data.into());
                    self.trust = None;
                    n += 1;
                }
                _ => {}
            }
        }
        Ok(n)
    }

    /// Adds certificates that stand one behind the other; gives how many, and whether that was all.
    pub fn add_der(&mut self, data: &[u8]) -> (usize, bool) {
        let (mut rest, mut n) = (Reader(data), 0);
        while !rest.is_at_end() {
            match rest.next() {
                Some(element) if element.tag == der::SEQUENCE && self.add(element.whole) => n += 1,
                _ => return (n, false),
            }
        }
        (n, true)
    }

    pub fn add_file(&mut self, path: &str) -> Result<(), Failure> {
        let text = host::read_file(path).map_err(Failure::Host)?;
        match self.add_pem(&text) {
            Ok(0) => Err(Failure::Nothing),
            Ok(_) => Ok(()),
            Err(Malformed) => Err(Failure::Malformed),
        }
    }

    pub fn add_folder(&mut self, path: &str) {
        self.folders.push(path.to_string());
        self.trust = None;
    }

    /// Adds what the system trusts, or the environment says instead.
    pub fn add_default(&mut self) {
        let [_, file, _, folder] = default_places();
        let file = host::variable(FILE_VARIABLE).unwrap_or(file);
        // That there is none, or another thing in its place, is told by no one.
        _ = self.add_file(&file);
        let folders = host::variable(FOLDER_VARIABLE).unwrap_or(folder);
        for folder in folders.split(':') {
            self.add_folder(folder);
        }
    }

    /// What a connection is checked with.
    pub fn trust(&mut self) -> Arc<Trust> {
        if let Some(trust) = &self.trust {
            return Arc::clone(trust);
        }
        let mut all = Store { certificates: self.certificates.clone(), ..Store::default() };
        all.revocations.clone_from(&self.revocations);
        for folder in &self.folders {
            for name in hashed_names(folder).unwrap_or_default() {
                _ = all.add_file(&format!("{folder}/{name}"));
            }
        }
        let trust = Arc::new(Trust { certificates: all.certificates, revocations: all.revocations });
        self.trust = Some(Arc::clone(&trust));
        trust
    }
}

/// Files of a folder that are named by the hash of what they have: `1a2b3c4d.0`, and `.r0` of revocations.
fn hashed_names(folder: &str) -> HostResult<Vec<String>> {
    let path = CString::new(folder).unwrap_or_default();
    let (mut folder, mut names) = (Directory::open(&path)?, Vec::new());
    while let Some(entry) = folder.next_entry()? {
        let Ok(name) = String::from_utf8(entry.name) else { continue };
        let is_hashed = name.split_once('.').is_some_and(|(hash, number)| {
            hash.len() == 8
                && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
                && number.trim_start_matches('r').bytes().all(|digit| digit.is_ascii_digit())
        });
        if is_hashed {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The variable and the path of the file, then of the folder, as OpenSSL would have them on this system.
pub fn default_places() -> [String; 4] {
    let is_there =
        |home: &&str| Path::new(home).join("cert.pem").exists() || host::is_folder(&Path::new(home).join("certs"));
    let home = HOMES.iter().copied().find(|home| is_there(home)).unwrap_or(HOMES[0]);
    [FILE_VARIABLE.into(), format!("{home}/cert.pem"), FOLDER_VARIABLE.into(), format!("{home}/certs")]
}
