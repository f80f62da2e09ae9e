//! Compiled modules in files: those of a program in `__pycache__` beside their sources, those of the library in a folder of the
//! user's caches.
//!
//! ```text
//!   magic · 0 · modification time · size of the source   16 bytes, as importlib has it
//!   the code in marshal's format
//!   a checksum of all before it                           8 bytes
//! ```
//!
//! A file that is not whole, or is of another source or version, counts for nothing and is written anew: under another name
//! first, so that nobody ever sees half of one.

use super::import::{FoundSource, Origin};
use crate::bytecode::{self, CompileOptions};
use crate::host;
use crate::object::argument::This;
use crate::object::layout::{CodeObject, TupleObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use siphasher::sip::SipHasher13;
use std::borrow::Cow;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

/// What the files are of: to be raised whenever other code is made of the same source.
pub const MAGIC: u32 = 14_001 | (b'\r' as u32) << 16 | (b'\n' as u32) << 24;
/// In the names of files in `__pycache__`.
pub const TAG: &str = "stitch-314";
pub const HEADER_BYTES: usize = 16;
const CHECKSUM_BYTES: usize = 8;

/// Where the code of a source is kept.
struct Place {
    file: PathBuf,
    header: [u8; HEADER_BYTES],
}

fn checksum(data: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = SipHasher13::new();
    hasher.write(data);
    hasher.finish().to_le_bytes()
}

/// The code in a file's bytes, if they are whole and of this source.
fn payload<'d>(data: &'d [u8], header: &[u8; HEADER_BYTES]) -> Option<&'d [u8]> {
    let (rest, sum) = data.split_last_chunk::<CHECKSUM_BYTES>()?;
    let payload = rest.strip_prefix(header)?;
    (checksum(rest) == *sum).then_some(payload)
}

impl Vm {
    /// The code of a module's source: from a file that keeps it, or compiled, and then kept.
    pub(crate) fn code_of_module(&mut self, full: &str, found: &FoundSource) -> PyResult {
        let filename = found.file.to_string_lossy().into_owned();
        let place = self.place_of_code(full, found);
        if let Some(place) = &place
            && let Some(code) = self.kept_code(place, &found.file)
        {
            return Ok(code);
        }
        let text = found.text(self)?;
        let options =
            CompileOptions { origin: bytecode::Origin::File, optimize: self.optimize, ..CompileOptions::default() };
        let code = self.compile(&text, &filename, &options)?;
        self.rename_to_path(code, &found.file);
        if let Some(place) = place
            && self.writes_code()
        {
            self.keep_code(&place, code);
        }
        Ok(code)
    }

    /// Anything that is wrong with the file is as if there were none.
    fn kept_code(&mut self, place: &Place, source: &Path) -> Option<Value> {
        let data = host::read_file(&place.file).ok()?;
        let payload = payload(&data, &place.header)?;
        let exception = self.exception;
        match self.unmarshal(payload, true) {
            Ok(code) if self.is_exact(code, BuiltinType::Code) => {
                let filename = self.intern(&source.to_string_lossy());
                self.rename_code(code, filename);
                self.rename_to_path(code, source);
                Some(code)
            }
            Ok(_) => None,
            Err(_) => {
                self.exception = exception;
                None
            }
        }
    }

    /// Gives code the name of its file where that is not UTF-8, and so was none to compile it under.
    pub(crate) fn rename_to_path(&mut self, code: Value, file: &Path) {
        if file.to_str().is_none() {
            let filename = self.new_path(file);
            self.rename_code(code, filename);
        }
    }

    /// Code that was compiled under another name of its file.
    pub(crate) fn rename_code(&mut self, code: Value, filename: Value) {
        // SAFETY: an exact code object; so are those among its constants that are looked at.
        let object = unsafe { &mut *code.as_ptr::<CodeObject>() };
        if object.filename == filename {
            return;
        }
        object.filename = filename;
        self.barrier(code.as_ptr::<CodeObject>());
        let consts = This::<TupleObject>::expect(self, object.consts);
        for &constant in consts.items() {
            if self.is_exact(constant, BuiltinType::Code) {
                self.rename_code(constant, filename);
            }
        }
    }

    fn keep_code(&mut self, place: &Place, code: Value) {
        let exception = self.exception;
        let Ok(payload) = self.marshal(code, crate::builtins::marshal::VERSION, true) else {
            self.exception = exception;
            return;
        };
        let mut data = place.header.to_vec();
        data.extend(payload);
        data.extend(checksum(&data));
        // Where the folder cannot be written, the code is compiled again next time.
        _ = host::replace_file(&place.file, &data);
    }

    fn writes_code(&mut self) -> bool {
        let name = self.intern("dont_write_bytecode");
        match self.sys_entry(name) {
            Some(dont) => !self.is_true(dont).unwrap_or(true),
            None => true,
        }
    }

    fn place_of_code(&mut self, full: &str, found: &FoundSource) -> Option<Place> {
        let mut header = [0; HEADER_BYTES];
        header[..4].copy_from_slice(&MAGIC.to_le_bytes());
        let level = match self.optimize {
            0 => String::new(),
            level => format!(".opt-{level}"),
        };
        let file = match &found.origin {
            Origin::File(stamp) => {
                header[8..12].copy_from_slice(&stamp.modified.to_le_bytes());
                header[12..].copy_from_slice(&stamp.size.to_le_bytes());
                let mut name = found.file.file_stem()?.to_owned();
                name.push(format!(".{TAG}{level}.pyc"));
                self.cache_folder_of(found.file.parent()?)?.join(name)
            }
            Origin::Library => self.library_cache()?.join(format!("{full}{level}.pyc")),
        };
        Some(Place { file, header })
    }

    /// Where the code of a folder's sources is kept.
    fn cache_folder_of(&mut self, folder: &Path) -> Option<PathBuf> {
        let name = self.intern("pycache_prefix");
        match self.sys_entry(name).filter(|&prefix| self.is_str(prefix)) {
            Some(prefix) => {
                let folder = std::path::absolute(folder).ok()?;
                Some(self.path_of(prefix).join(folder.strip_prefix("/").unwrap_or(&folder)))
            }
            None => Some(folder.join("__pycache__")),
        }
    }

    /// `stitch/<what the library is>` in the user's folder of caches, if there is one.
    pub(crate) fn library_cache(&mut self) -> Option<PathBuf> {
        let library = self.library?;
        let absolute = |name: &str| host::variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
        Some(caches.join("stitch").join(format!("{}-{MAGIC:08x}", library.fingerprint())))
    }
}

/// The source of a module, which may have to be read.
impl FoundSource {
    pub(crate) fn text(&self, vm: &mut Vm) -> PyResult<Cow<'static, [u8]>> {
        match &self.origin {
            Origin::Library => {
                let name = self.name.as_str();
                match vm.library.and_then(|library| library.source(name)) {
                    Some(source) => Ok(source.text.into()),
                    None => Err(vm.raise_value("the library has no such module")),
                }
            }
            Origin::File(_) => {
                let path = &self.file;
                host::read_file(path)
                    .map(Cow::Owned)
                    .map_err(|error| vm.raise_host(&error, Some(&path.to_string_lossy())))
            }
        }
    }
}
