//! Bytes to values. Nothing about the bytes is taken for granted.

use super::{DIGIT_BITS, MAX_DEPTH, code};
use crate::interp::build::CodeParts;
use crate::object::argument::This;
use crate::object::integer::BigInt;
use crate::object::layout::StrObject;
use crate::object::layout::{BytesObject, ComplexObject, ListObject, TupleObject, ValueArray};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use malachite_base::num::conversion::traits::PowerOf2Digits;
use malachite_nz::integer::Integer;
use malachite_nz::natural::Natural;
use std::ops::Range;

impl Vm {
    /// The value that bytes are of; what follows is ignored.
    pub fn unmarshal(&mut self, data: &[u8], allow_code: bool) -> PyResult {
        let refs = self.new_list_with_capacity(0)?;
        Reader { vm: self, source: Source::Bytes(data), at: 0, refs, allow_code, depth: 0 }.top()
    }

    /// The value that a file's next bytes are of; no more are read.
    pub(super) fn unmarshal_file(&mut self, file: Value, allow_code: bool) -> PyResult {
        let refs = self.new_list_with_capacity(0)?;
        let name = self.intern("read");
        let read = self.get_attr(file, name)?;
        Reader { vm: self, source: Source::File { read, buffer: Vec::new() }, at: 0, refs, allow_code, depth: 0 }.top()
    }
}

enum Source<'d> {
    Bytes(&'d [u8]),
    File { read: Value, buffer: Vec<u8> },
}

struct Reader<'v, 'd> {
    vm: &'v mut Vm,
    source: Source<'d>,
    at: usize,
    /// A list of the values with numbers; unbound while one is being made.
    refs: Value,
    allow_code: bool,
    depth: usize,
}

/// The number that a value is to have, if any.
type Number = Option<usize>;

impl Reader<'_, '_> {
    fn top(mut self) -> PyResult {
        match self.optional()? {
            Some(value) => Ok(value),
            None => Err(self.vm.raise_type("NULL object in marshal data for object")),
        }
    }

    fn too_short(&mut self) -> Raised {
        self.vm.raise(self.vm.exceptions.EOFError, "marshal data too short")
    }

    fn bad(&mut self, what: &str) -> Raised {
        self.vm.raise_value(&format!("bad marshal data ({what})"))
    }

    /// The next `n` bytes, as a range of `data`.
    fn take(&mut self, n: usize) -> PyResult<Range<usize>> {
        if let Source::File { read, .. } = self.source
            && n > 0
        {
            let wanted = self.vm.new_int_from_usize(n);
            let given = self.vm.call(read, &[wanted])?;
            let Some(given) = This::<BytesObject>::of(self.vm, given) else {
                let message = format!("file.read() returned not bytes but {}", self.vm.class_name(given));
                return Err(self.vm.raise_type(&message));
            };
            if given.data().len() > n {
                let message =
                    format!("read() returned too much data: {n} bytes requested, {} returned", given.data().len());
                return Err(self.vm.raise_value(&message));
            }
            if let Source::File { buffer, .. } = &mut self.source {
                buffer.extend_from_slice(given.data());
            }
        }
        let start = self.at;
        if n > self.data().len() - start {
            return Err(self.too_short());
        }
        self.at += n;
        Ok(start..start + n)
    }

    fn data(&self) -> &[u8] {
        match &self.source {
            Source::Bytes(data) => data,
            Source::File { buffer, .. } => buffer,
        }
    }

    fn byte(&mut self) -> PyResult<u8> {
        let range = self.take(1)?;
        Ok(self.data()[range.start])
    }

    fn array<const N: usize>(&mut self) -> PyResult<[u8; N]> {
        let range = self.take(N)?;
        let mut array = [0; N];
        array.copy_from_slice(&self.data()[range]);
        Ok(array)
    }

    fn long(&mut self) -> PyResult<i32> {
        self.array().map(i32::from_le_bytes)
    }

    fn size(&mut self, what: &str) -> PyResult<usize> {
        let size = self.long()?;
        usize::try_from(size).map_err(|_| self.bad(&format!("{what} size out of range")))
    }

    fn refs(&self) -> This<ListObject> {
        This::expect(self.vm, self.refs)
    }

    /// A number for a value that is yet to be made.
    fn reserve(&mut self, flag: bool) -> PyResult<Number> {
        if !flag {
            return Ok(None);
        }
        self.vm.list_push(self.refs.as_ptr(), Value::UNBOUND)?;
        Ok(Some(self.refs().items().len() - 1))
    }

    fn keep(&mut self, number: Number, value: Value) -> Value {
        if let Some(number) = number {
            // The array is an object of its own.
            let array = self.refs().items;
            self.refs().array().elements_mut()[number] = value;
            self.vm.barrier(array.as_ptr::<ValueArray>());
        }
        value
    }

    /// A value where there must be one.
    fn value(&mut self, container: &str) -> PyResult {
        match self.optional()? {
            Some(value) => Ok(value),
            None => Err(self.vm.raise_type(&format!("NULL object in marshal data for {container}"))),
        }
    }

    fn optional(&mut self) -> PyResult<Option<Value>> {
        let byte = match self.byte() {
            Ok(byte) => byte,
            Err(_) if self.at == self.data().len() && self.vm.exception_matches(self.vm.exceptions.EOFError) => {
                return Err(self.vm.raise(self.vm.exceptions.EOFError, "EOF read where object expected"));
            }
            Err(raised) => return Err(raised),
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.vm.raise_value("recursion limit exceeded"));
        }
        self.vm.check_native_stack()?;
        let value = self.of_kind(byte & !code::REF, byte & code::REF != 0);
        self.depth -= 1;
        value
    }

    fn of_kind(&mut self, kind: u8, flag: bool) -> PyResult<Option<Value>> {
        Ok(Some(match kind {
            code::NULL => return Ok(None),
            code::NONE => Value::NONE,
            code::TRUE => Value::TRUE,
            code::FALSE => Value::FALSE,
            code::ELLIPSIS => self.vm.ellipsis,
            code::STOP_ITERATION => Value::object(self.vm.exceptions.StopIteration),
            code::REFERENCE => {
                let number = self.long()?;
                let found = usize::try_from(number).ok().and_then(|at| self.refs().items().get(at).copied());
                match found {
                    Some(value) if !value.is_unbound() => value,
                    _ => return Err(self.bad("invalid reference")),
                }
            }
            code::TUPLE | code::SMALL_TUPLE => self.tuple(kind, flag)?,
            code::LIST => {
                let n_items = self.size("list")?;
                let list = self.vm.new_list_with_capacity(0)?;
                self.numbered(list, flag)?;
                self.fill(list, n_items, "list")?;
                list
            }
            code::DICT => {
                let dict = self.vm.new_dict();
                self.numbered(dict, flag)?;
                while let Some(key) = self.optional()? {
                    let Some(value) = self.optional()? else { break };
                    self.vm.dict_set(dict, key, value)?;
                }
                dict
            }
            code::SET | code::FROZEN_SET => self.set(kind, flag)?,
            code::SLICE => {
                let number = self.reserve(flag)?;
                let (start, stop, step) = (self.value("slice")?, self.value("slice")?, self.value("slice")?);
                let slice = self.vm.new_slice(start, stop, step);
                self.keep(number, slice)
            }
            code::CODE => {
                let number = self.reserve(flag)?;
                let code = self.code()?;
                self.keep(number, code)
            }
            _ => {
                let value = self.atom(kind)?;
                self.numbered(value, flag)?
            }
        }))
    }

    fn numbered(&mut self, value: Value, flag: bool) -> PyResult {
        if flag {
            self.vm.list_push(self.refs.as_ptr(), value)?;
        }
        Ok(value)
    }

    /// What has no values in it.
    fn atom(&mut self, kind: u8) -> PyResult {
        Ok(match kind {
            code::INT => Value::small_int(self.long()?.into()),
            code::INT64 => {
                let word = i64::from_le_bytes(self.array()?);
                self.vm.new_int(word)
            }
            code::LONG => self.big()?,
            code::FLOAT => Value::float(f64::from_le_bytes(self.array()?)),
            code::FLOAT_TEXT => Value::float(self.float_text()?),
            code::COMPLEX | code::COMPLEX_TEXT => {
                let (real, imag) = match kind {
                    code::COMPLEX => (f64::from_le_bytes(self.array()?), f64::from_le_bytes(self.array()?)),
                    _ => (self.float_text()?, self.float_text()?),
                };
                self.vm.make(BuiltinType::Complex, |header| ComplexObject { header, real, imag })
            }
            code::BYTES => {
                let size = self.size("bytes object")?;
                let range = self.take(size)?;
                let Reader { vm, source, .. } = self;
                vm.new_bytes(&source_data(source)[range])?
            }
            code::SHORT_ASCII | code::SHORT_ASCII_INTERNED => {
                let size = self.byte()?.into();
                self.ascii(size, kind == code::SHORT_ASCII_INTERNED)?
            }
            code::ASCII | code::ASCII_INTERNED => {
                let size = self.size("string")?;
                self.ascii(size, kind == code::ASCII_INTERNED)?
            }
            code::UNICODE | code::INTERNED => {
                let size = self.size("string")?;
                let range = self.take(size)?;
                let text = self.wtf8(range)?;
                if kind == code::INTERNED { self.vm.intern_value(text) } else { text }
            }
            _ => return Err(self.bad("unknown type code")),
        })
    }

    /// Bytes beyond ASCII are Latin-1.
    fn ascii(&mut self, size: usize, is_interned: bool) -> PyResult {
        let range = self.take(size)?;
        let Reader { vm, source, .. } = self;
        let data = &source_data(source)[range];
        Ok(if is_interned { vm.intern_latin1(data) } else { vm.str_from_latin1(data) })
    }

    /// UTF-8 in which surrogates may stand.
    fn wtf8(&mut self, range: Range<usize>) -> PyResult {
        let Reader { vm, source, .. } = self;
        let data = &source_data(source)[range];
        match std::str::from_utf8(data) {
            Ok(text) => Ok(vm.new_str(text)),
            Err(_) => {
                let (encoding, errors) = (vm.intern("utf-8"), vm.intern("surrogatepass"));
                crate::builtins::codec::decode(vm, data, encoding, errors)
            }
        }
    }

    fn float_text(&mut self) -> PyResult<f64> {
        let size = self.byte()?.into();
        let range = self.take(size)?;
        let text = String::from_utf8_lossy(&self.data()[range]).into_owned();
        match text.parse() {
            Ok(float) => Ok(float),
            Err(_) => Err(self.vm.raise_value(&format!("could not convert string to float: '{text}'"))),
        }
    }

    fn big(&mut self) -> PyResult {
        let n_digits = self.long()?;
        if n_digits == i32::MIN {
            return Err(self.bad("long size out of range"));
        }
        let range = self.take(2 * n_digits.unsigned_abs() as usize)?;
        let digits = self.data()[range].as_chunks::<2>().0.iter().map(|&pair| u16::from_le_bytes(pair));
        let digits: Vec<u16> = digits.collect();
        if digits.iter().any(|&digit| digit >> DIGIT_BITS != 0) {
            return Err(self.bad("digit out of range in long"));
        }
        if digits.last() == Some(&0) {
            return Err(self.bad("unnormalized long data"));
        }
        let magnitude = Natural::from_power_of_2_digits_asc(DIGIT_BITS, digits.into_iter()).unwrap_or_default();
        let integer = Integer::from_sign_and_abs(n_digits >= 0, magnitude);
        Ok(match i64::try_from(&integer) {
            Ok(word) => self.vm.new_int(word),
            Err(_) => self.vm.new_big(BigInt(integer)),
        })
    }

    fn fill(&mut self, list: Value, n_items: usize, container: &str) -> PyResult<()> {
        for _ in 0..n_items {
            let value = self.value(container)?;
            self.vm.list_push(list.as_ptr(), value)?;
        }
        Ok(())
    }

    fn tuple(&mut self, kind: u8, flag: bool) -> PyResult {
        let n_items = if kind == code::SMALL_TUPLE { self.byte()?.into() } else { self.size("tuple")? };
        let number = self.reserve(flag)?;
        let list = self.vm.new_list_with_capacity(n_items.min(256))?;
        self.fill(list, n_items, "tuple")?;
        let tuple = self.vm.tuple_of_list(list);
        Ok(self.keep(number, tuple))
    }

    fn set(&mut self, kind: u8, flag: bool) -> PyResult {
        let n_elements = self.size("set")?;
        let is_frozen = kind == code::FROZEN_SET;
        let set = self.vm.new_set(if is_frozen { BuiltinType::FrozenSet } else { BuiltinType::Set })?;
        // One that cannot change can be referred to when it is whole.
        let number = self.reserve(flag)?;
        if !is_frozen {
            self.keep(number, set);
        }
        for _ in 0..n_elements {
            let element = self.value("set")?;
            self.vm.set_add(set, element)?;
        }
        Ok(self.keep(number, set))
    }

    fn code(&mut self) -> PyResult {
        if !self.allow_code {
            return Err(self.vm.raise_value("unmarshalling code objects is disallowed"));
        }
        let mut numbers = [0u32; 5];
        for number in &mut numbers {
            *number = self.long()?.cast_unsigned();
        }
        let [argcount, posonlyargcount, kwonlyargcount, stack_size, flags] = numbers;
        let co_code = self.code_bytes()?;
        let consts = self.code_part(BuiltinType::Tuple)?;
        let names = self.names()?;
        let localsplus_names = self.names()?;
        let localsplus_kinds = self.code_bytes()?;
        let filename = self.name()?;
        let (name, qualname) = (self.name()?, self.name()?);
        let first_line = self.long()?.cast_unsigned();
        let (linetable, exceptiontable) = (self.code_bytes()?, self.code_bytes()?);
        self.vm.new_code_of(&CodeParts {
            consts,
            names,
            localsplus_names,
            name,
            qualname,
            filename,
            first_line,
            flags,
            argcount,
            posonlyargcount,
            kwonlyargcount,
            stack_size,
            localsplus_kinds: localsplus_kinds.data(),
            co_code: co_code.data(),
            linetable: linetable.data(),
            exceptiontable: exceptiontable.data(),
        })
    }

    fn code_part(&mut self, ty: BuiltinType) -> PyResult {
        let value = self.value("code")?;
        if self.vm.is_exact(value, ty) {
            return Ok(value);
        }
        let message = format!("code: expected {}, got {}", ty.name(), self.vm.class_name(value));
        Err(self.vm.raise_type(&message))
    }

    fn code_bytes(&mut self) -> PyResult<This<BytesObject>> {
        let bytes = self.code_part(BuiltinType::Bytes)?;
        Ok(This::expect(self.vm, bytes))
    }

    fn name(&mut self) -> PyResult {
        let name = self.code_part(BuiltinType::Str)?;
        Ok(self.vm.intern_value(name))
    }

    /// A tuple of interned strings.
    fn names(&mut self) -> PyResult {
        let names = self.code_part(BuiltinType::Tuple)?;
        let tuple = This::<TupleObject>::expect(self.vm, names);
        let items = tuple.items();
        if !items.iter().all(|&item| self.vm.is_exactly::<StrObject>(item)) {
            return Err(self.vm.raise_type("name tuples must contain only strings"));
        }
        if items.iter().all(|&item| self.vm.str_of(item).is_interned) {
            return Ok(names);
        }
        let list = self.vm.new_list_with_capacity(items.len())?;
        for &item in items {
            let item = self.vm.intern_value(item);
            self.vm.list_push(list.as_ptr(), item)?;
        }
        Ok(self.vm.tuple_of_list(list))
    }
}

fn source_data<'s>(source: &'s Source<'_>) -> &'s [u8] {
    match source {
        Source::Bytes(data) => data,
        Source::File { buffer, .. } => buffer,
    }
}
