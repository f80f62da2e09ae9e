//! Values to bytes.

use super::{DIGIT_BITS, MAX_DEPTH, code};
use crate::object::argument::This;
use crate::object::buffer::BytesLike;
use crate::object::dict::Table;
use crate::object::layout::{BytesObject, CodeObject, ComplexObject, ListObject, SliceObject, TupleObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use hashbrown::HashMap;
use malachite_base::num::arithmetic::traits::UnsignedAbs;
use malachite_base::num::conversion::traits::PowerOf2Digits;

impl Vm {
    /// The bytes of a value, in a version of the format.
    pub fn marshal(&mut self, value: Value, version: i64, allow_code: bool) -> PyResult<Vec<u8>> {
        let mut writer = Writer { vm: self, out: Vec::new(), known: HashMap::new(), version, allow_code, depth: 0 };
        writer.value(value)?;
        Ok(writer.out)
    }
}

struct Writer<'v> {
    vm: &'v mut Vm,
    out: Vec<u8>,
    /// The numbers of values that were written, by the bits of their words. The caller holds them.
    known: HashMap<u64, u32>,
    version: i64,
    allow_code: bool,
    depth: usize,
}

impl Writer<'_> {
    fn long(&mut self, number: i32) {
        self.out.extend(number.to_le_bytes());
    }

    fn len(&mut self, len: usize) -> PyResult<()> {
        match i32::try_from(len) {
            Ok(len) => {
                self.long(len);
                Ok(())
            }
            Err(_) => Err(self.unmarshallable()),
        }
    }

    fn unmarshallable(&mut self) -> crate::Raised {
        self.vm.raise_value("unmarshallable object")
    }

    fn value(&mut self, value: Value) -> PyResult<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.vm.raise_value("object too deeply nested to marshal"));
        }
        self.vm.check_native_stack()?;
        let written = self.plain(value);
        self.depth -= 1;
        written
    }

    fn plain(&mut self, value: Value) -> PyResult<()> {
        let stop_iteration = Value::object(self.vm.exceptions.StopIteration);
        let plain = match value {
            Value::NONE => Some(code::NONE),
            Value::TRUE => Some(code::TRUE),
            Value::FALSE => Some(code::FALSE),
            value if value == self.vm.ellipsis => Some(code::ELLIPSIS),
            value if value == stop_iteration => Some(code::STOP_ITERATION),
            _ => None,
        };
        if let Some(plain) = plain {
            self.out.push(plain);
            return Ok(());
        }
        let mut flag = 0;
        if self.version >= 3 {
            let n_known = self.known.len() as u32;
            match self.known.entry(value.0) {
                hashbrown::hash_map::Entry::Occupied(known) => {
                    let number = *known.get();
                    self.out.push(code::REFERENCE);
                    self.long(number as i32);
                    return Ok(());
                }
                hashbrown::hash_map::Entry::Vacant(entry) => {
                    entry.insert(n_known);
                    flag = code::REF;
                }
            }
        }
        self.object(value, flag)
    }

    fn object(&mut self, value: Value, flag: u8) -> PyResult<()> {
        use BuiltinType as T;
        if value.is_float() {
            return self.float(value.as_float(), flag);
        }
        if value.is_int() || self.vm.is_exact(value, T::Int) {
            return self.int(value, flag);
        }
        let types = [T::Str, T::Bytes, T::Tuple, T::Code, T::List, T::Dict, T::Set, T::FrozenSet, T::Complex, T::Slice];
        match types.into_iter().find(|&ty| self.vm.is_exact(value, ty)) {
            Some(T::Str) => self.text(value, flag),
            Some(T::Bytes) => {
                self.out.push(code::BYTES | flag);
                self.data(This::<BytesObject>::expect(self.vm, value).data())
            }
            Some(T::Tuple) => self.tuple(value, flag),
            Some(T::Code) => self.code(value, flag),
            Some(T::List) => {
                self.out.push(code::LIST | flag);
                let list = This::<ListObject>::expect(self.vm, value);
                let n_items = list.items().len();
                self.len(n_items)?;
                // Nothing that is written runs Python code.
                (0..n_items).try_for_each(|at| self.value(list.items()[at]))
            }
            Some(T::Dict) => {
                self.out.push(code::DICT | flag);
                let mut at = 0;
                let Some(table) = Table::of(self.vm, value) else { return Ok(()) };
                while let Some((index, entry)) = table.next_entry(at) {
                    at = index + 1;
                    self.value(entry.key)?;
                    self.value(entry.value)?;
                }
                self.out.push(code::NULL);
                Ok(())
            }
            Some(T::Set) => self.set(value, code::SET | flag),
            Some(T::FrozenSet) => self.set(value, code::FROZEN_SET | flag),
            Some(T::Complex) => {
                // SAFETY: an exact complex.
                let (real, imag) = unsafe {
                    let complex = &*value.as_ptr::<ComplexObject>();
                    (complex.real, complex.imag)
                };
                self.complex(real, imag, flag)
            }
            Some(T::Slice) if self.version >= 5 => {
                // SAFETY: an exact slice.
                let slice = unsafe { &*value.as_ptr::<SliceObject>() };
                let parts = [slice.start, slice.stop, slice.step];
                self.out.push(code::SLICE | flag);
                parts.into_iter().try_for_each(|part| self.value(part))
            }
            _ if self.vm.is_bytes_like(value) => {
                let data = BytesLike::of(self.vm, value)?;
                self.out.push(code::BYTES | flag);
                self.data(&data)
            }
            _ => Err(self.unmarshallable()),
        }
    }

    fn data(&mut self, data: &[u8]) -> PyResult<()> {
        self.len(data.len())?;
        self.out.extend_from_slice(data);
        Ok(())
    }

    fn int(&mut self, value: Value, flag: u8) -> PyResult<()> {
        if let Some(small) = self.vm.int_to_i64(value).and_then(|word| i32::try_from(word).ok()) {
            self.out.push(code::INT | flag);
            self.long(small);
            return Ok(());
        }
        let int = self.vm.int_of(value);
        let digits: Vec<u16> = int.to_big().unsigned_abs().to_power_of_2_digits_asc(DIGIT_BITS);
        self.out.push(code::LONG | flag);
        let Ok(n_digits) = i32::try_from(digits.len()) else { return Err(self.unmarshallable()) };
        self.long(if int.is_negative() { -n_digits } else { n_digits });
        self.out.extend(digits.into_iter().flat_map(u16::to_le_bytes));
        Ok(())
    }

    fn float_text(&mut self, float: f64) -> PyResult<()> {
        let format = self.vm.new_str(".17g");
        let text = self.vm.format(Value::float(float), format)?;
        let text = self.vm.string_of(text);
        self.out.push(text.len() as u8);
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn float(&mut self, float: f64, flag: u8) -> PyResult<()> {
        if self.version > 1 {
            self.out.push(code::FLOAT | flag);
            self.out.extend(float.to_le_bytes());
            return Ok(());
        }
        self.out.push(code::FLOAT_TEXT | flag);
        self.float_text(float)
    }

    fn complex(&mut self, real: f64, imag: f64, flag: u8) -> PyResult<()> {
        if self.version > 1 {
            self.out.push(code::COMPLEX | flag);
            self.out.extend(real.to_le_bytes());
            self.out.extend(imag.to_le_bytes());
            return Ok(());
        }
        self.out.push(code::COMPLEX_TEXT | flag);
        self.float_text(real)?;
        self.float_text(imag)
    }

    fn text(&mut self, value: Value, flag: u8) -> PyResult<()> {
        let text = self.vm.str_of(value);
        let bytes = text.view().to_wtf8();
        let is_interned = text.is_interned;
        if self.version >= 4 && bytes.is_ascii() {
            if let Ok(len) = u8::try_from(bytes.len()) {
                let kind = if is_interned { code::SHORT_ASCII_INTERNED } else { code::SHORT_ASCII };
                self.out.extend([kind | flag, len]);
                self.out.extend_from_slice(&bytes);
                return Ok(());
            }
            self.out.push(flag | if is_interned { code::ASCII_INTERNED } else { code::ASCII });
            return self.data(&bytes);
        }
        self.out.push(flag | if self.version >= 3 && is_interned { code::INTERNED } else { code::UNICODE });
        self.data(&bytes)
    }

    fn tuple(&mut self, value: Value, flag: u8) -> PyResult<()> {
        let tuple = This::<TupleObject>::expect(self.vm, value);
        let items = tuple.items();
        match u8::try_from(items.len()) {
            Ok(len) if self.version >= 4 => self.out.extend([code::SMALL_TUPLE | flag, len]),
            _ => {
                self.out.push(code::TUPLE | flag);
                self.len(items.len())?;
            }
        }
        items.iter().try_for_each(|&item| self.value(item))
    }

    /// Elements are in the order of their bytes, so that equal sets have equal bytes.
    fn set(&mut self, value: Value, kind: u8) -> PyResult<()> {
        let elements = self.vm.collect(value)?;
        let elements = This::<ListObject>::expect(self.vm, elements);
        let n_elements = elements.items().len();
        self.out.push(kind);
        self.len(n_elements)?;
        let mut order = Vec::with_capacity(n_elements);
        for at in 0..n_elements {
            let mut alone = Writer {
                vm: self.vm,
                out: Vec::new(),
                known: HashMap::new(),
                version: self.version,
                allow_code: self.allow_code,
                depth: self.depth,
            };
            alone.value(elements.items()[at])?;
            order.push((alone.out, at));
        }
        order.sort();
        order.into_iter().try_for_each(|(_, at)| self.value(elements.items()[at]))
    }

    fn code(&mut self, value: Value, flag: u8) -> PyResult<()> {
        if !self.allow_code {
            return Err(self.vm.raise_value("marshalling code objects is disallowed"));
        }
        // SAFETY: an exact code object, whose code lives as long.
        let (object, inner) = unsafe {
            let object = &*value.as_ptr::<CodeObject>();
            (object, &*object.code)
        };
        self.out.push(code::CODE | flag);
        let numbers = [inner.arg_count, inner.positional_only, inner.keyword_only, inner.stack_size - 1];
        numbers.into_iter().for_each(|number| self.long(number as i32));
        self.long(inner.flags.cast_signed());
        self.bytes(&inner.co_code)?;
        self.value(object.consts)?;
        self.value(object.names)?;
        self.value(object.localsplus_names)?;
        self.bytes(&inner.localsplus_kinds)?;
        self.value(object.filename)?;
        self.value(object.name)?;
        self.value(object.qualname)?;
        self.long(inner.first_line.cast_signed());
        self.bytes(&inner.linetable)?;
        self.bytes(&inner.exceptiontable)
    }

    /// Bytes that are no object.
    fn bytes(&mut self, data: &[u8]) -> PyResult<()> {
        self.out.push(code::BYTES);
        self.data(data)
    }
}
