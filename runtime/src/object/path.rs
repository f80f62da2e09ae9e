//! Names of files, between Python's values and the system's bytes: UTF-8, and what is none is a lone surrogate in a str
//! (`surrogateescape`).

use super::argument::{Parameter, Place, This};
use super::layout::BytesObject;
use super::string::View;
use crate::host::fs::HERE;
use crate::object::layout::StrObject;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

/// A lone surrogate of so much stands for a byte.
const ESCAPE: u32 = 0xDC00;

impl Vm {
    /// The str of a path.
    pub fn new_path(&mut self, path: impl AsRef<OsStr>) -> Value {
        self.fs_decode(path.as_ref().as_bytes())
    }

    /// The path that a str is; without what stands for no byte.
    pub fn path_of(&mut self, text: Value) -> PathBuf {
        match self.fs_encode(text) {
            Ok(bytes) => PathBuf::from(OsString::from_vec(bytes)),
            Err(_) => {
                self.clear_exception();
                PathBuf::from(self.string_of(text))
            }
        }
    }

    /// The str of a name's bytes.
    pub fn fs_decode(&mut self, name: &[u8]) -> Value {
        if let Ok(text) = std::str::from_utf8(name) {
            return self.new_str(text);
        }
        let mut points = Vec::with_capacity(name.len());
        for chunk in name.utf8_chunks() {
            points.extend(chunk.valid().chars().map(u32::from));
            points.extend(chunk.invalid().iter().map(|&byte| ESCAPE + u32::from(byte)));
        }
        self.str_from_code_points(&points)
    }

    /// A name as its asker has paths: bytes or str.
    pub fn fs_name(&mut self, name: &[u8], as_bytes: bool) -> PyResult {
        if as_bytes { self.new_bytes(name) } else { Ok(self.fs_decode(name)) }
    }

    /// The bytes of a str; UnicodeEncodeError where it has surrogates that stand for no byte.
    pub fn fs_encode(&mut self, text: Value) -> PyResult<Vec<u8>> {
        let view = self.str_of(text).view();
        if let View::One(data) = view
            && data.is_ascii()
        {
            return Ok(data.to_vec());
        }
        let mut name = Vec::with_capacity(view.len());
        for point in view.code_points() {
            match char::from_u32(point) {
                Some(char) => name.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
                None if (ESCAPE + 0x80..ESCAPE + 0x100).contains(&point) => name.push((point - ESCAPE) as u8),
                None => return Err(self.raise_unencodable(text)),
            }
        }
        Ok(name)
    }

    /// The encoder says what it is that cannot be encoded.
    fn raise_unencodable(&mut self, text: Value) -> Raised {
        let (encode, encoding, errors) = (self.intern("encode"), self.intern("utf-8"), self.intern("surrogateescape"));
        match self.call_method(text, encode, &[encoding, errors]) {
            Ok(_) => self.raise_value("a name that cannot be encoded"),
            Err(raised) => raised,
        }
    }

    /// `os.fspath`: a str or bytes as it stands, or what `__fspath__` gives.
    pub fn fs_path(&mut self, value: Value) -> PyResult {
        match self.fs_path_opt(value)? {
            Some(path) => Ok(path),
            None => {
                let message = format!("expected str, bytes or os.PathLike object, not {}", self.class_name(value));
                Err(self.raise_type(&message))
            }
        }
    }

    /// As `fs_path`; `None` where it is no path.
    fn fs_path_opt(&mut self, value: Value) -> PyResult<Option<Value>> {
        if self.is_path_text(value) {
            return Ok(Some(value));
        }
        let name = self.intern("__fspath__");
        match self.call_special(value, name, &[])? {
            Some(path) if self.is_path_text(path) => Ok(Some(path)),
            Some(other) => {
                let (class, given) = (self.class_name(value), self.class_name(other));
                let message = format!("expected {class}.__fspath__() to return str or bytes, not {given}");
                Err(self.raise_type(&message))
            }
            None => Ok(None),
        }
    }

    fn is_path_text(&self, value: Value) -> bool {
        self.is_a::<StrObject>(value) || self.is_a::<BytesObject>(value)
    }

    /// The system's bytes of a str or bytes.
    fn path_bytes(&mut self, path: Value) -> PyResult<Vec<u8>> {
        match This::<BytesObject>::of(self, path) {
            Some(bytes) => Ok(bytes.data().to_vec()),
            None => self.fs_encode(path),
        }
    }

    /// A str, bytes or path as a string of C; ValueError where it has a NUL (`os.fsencode` and no more).
    pub fn fs_c_string(&mut self, value: Value) -> PyResult<CString> {
        let path = self.fs_path(value)?;
        let bytes = self.path_bytes(path)?;
        CString::new(bytes).map_err(|_| self.raise_value("embedded null byte"))
    }
}

/// A path argument: a str, bytes, or what `__fspath__` gives.
pub struct Path {
    text: CString,
    /// What errors tell.
    pub given: Value,
    pub is_bytes: bool,
}

impl Path {
    pub fn c_str(&self) -> &CStr {
        &self.text
    }
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn of(vm: &mut Vm, value: Value, place: Place<'_>) -> PyResult<Option<Path>> {
        let Some(path) = vm.fs_path_opt(value)? else { return Ok(None) };
        let bytes = vm.path_bytes(path)?;
        let Ok(text) = CString::new(bytes) else {
            let (function, parameter) = names(place);
            return Err(vm.raise_value(&format!("{function}: embedded null character in {parameter}")));
        };
        Ok(Some(Path { text, given: path, is_bytes: vm.is_a::<BytesObject>(path) }))
    }
}

/// The names of the function and of the parameter.
fn names(place: Place<'_>) -> (&'static str, &'static str) {
    (place.binding.row.name, place.binding.parameter_name(place.index))
}

fn raise_no_path(vm: &mut Vm, value: Value, place: Place<'_>, wanted: &str) -> Raised {
    let (function, parameter) = names(place);
    let given = vm.class_name(value);
    vm.raise_type(&format!("{function}: {parameter} should be string, bytes{wanted}, not {given}"))
}

impl Parameter for Path {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Path> {
        match Path::of(vm, argument, place)? {
            Some(path) => Ok(path),
            None => Err(raise_no_path(vm, argument, place, " or os.PathLike")),
        }
    }
}

/// A path, or the descriptor of what is open.
pub enum PathOrDescriptor {
    Path(Path),
    Descriptor(i32, Value),
}

impl PathOrDescriptor {
    /// What errors tell.
    pub fn given(&self) -> Value {
        match self {
            PathOrDescriptor::Path(path) => path.given,
            PathOrDescriptor::Descriptor(_, given) => *given,
        }
    }

    fn of(vm: &mut Vm, value: Value, place: Place<'_>) -> PyResult<Option<PathOrDescriptor>> {
        if vm.is_index(value) && !vm.is_path_text(value) {
            let fd = descriptor_of(vm, value)?;
            return Ok(Some(PathOrDescriptor::Descriptor(fd, value)));
        }
        Ok(Path::of(vm, value, place)?.map(PathOrDescriptor::Path))
    }
}

impl Parameter for PathOrDescriptor {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<PathOrDescriptor> {
        match PathOrDescriptor::of(vm, argument, place)? {
            Some(path) => Ok(path),
            None => Err(raise_no_path(vm, argument, place, ", os.PathLike or integer")),
        }
    }
}

/// A path, the descriptor of what is open, or None for the current directory.
pub struct PathOrHere(pub Option<PathOrDescriptor>);

impl Parameter for PathOrHere {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<PathOrHere> {
        if argument.is_unbound() || argument.is_none() {
            return Ok(PathOrHere(None));
        }
        match PathOrDescriptor::of(vm, argument, place)? {
            Some(path) => Ok(PathOrHere(Some(path))),
            None => Err(raise_no_path(vm, argument, place, ", os.PathLike, integer or None")),
        }
    }
}

/// An int that is a descriptor, or what has `__index__`.
fn descriptor_of(vm: &mut Vm, value: Value) -> PyResult<i32> {
    if value.is_bool() {
        vm.warn(vm.exceptions.RuntimeWarning, "bool is used as a file descriptor")?;
    }
    let int = vm.index(value)?;
    match vm.int_to_i64(int) {
        Some(word) if word > i64::from(i32::MAX) => Err(vm.raise_overflow("fd is greater than maximum")),
        Some(word) if word < i64::from(i32::MIN) => Err(vm.raise_overflow("fd is less than minimum")),
        Some(word) => Ok(word as i32),
        None => Err(vm.raise_overflow("fd is greater than maximum")),
    }
}

/// The descriptor of the directory that relative paths begin in; None, or not given: the current one.
#[derive(Clone, Copy)]
pub struct DirectoryDescriptor(pub i32);

impl DirectoryDescriptor {
    pub fn is_given(self) -> bool {
        self.0 != HERE
    }
}

impl Parameter for DirectoryDescriptor {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<DirectoryDescriptor> {
        if argument.is_unbound() || argument.is_none() {
            return Ok(DirectoryDescriptor(HERE));
        }
        if !vm.is_index(argument) {
            let message = format!("argument should be integer or None, not {}", vm.class_name(argument));
            return Err(vm.raise_type(&message));
        }
        descriptor_of(vm, argument).map(DirectoryDescriptor)
    }
}

/// An open file: its descriptor, or an object whose `fileno` gives it.
#[derive(Clone, Copy)]
pub struct OpenFile(pub i32);

impl OpenFile {
    pub fn of(vm: &mut Vm, value: Value) -> PyResult<OpenFile> {
        let mut int = value;
        if !vm.is_int_like(value) {
            let name = vm.intern("fileno");
            let Some(fileno) = vm.get_attr_opt(value, name)? else {
                return Err(vm.raise_type("argument must be an int, or have a fileno() method."));
            };
            int = vm.call(fileno, &[])?;
            if !vm.is_int_like(int) {
                return Err(vm.raise_type("fileno() returned a non-integer"));
            }
        }
        let fd = vm.c_int(int)?;
        if fd < 0 {
            let message = format!("file descriptor cannot be a negative integer ({fd})");
            return Err(vm.raise_value(&message));
        }
        Ok(OpenFile(fd))
    }
}

impl Parameter for OpenFile {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<OpenFile> {
        OpenFile::of(vm, argument)
    }
}
