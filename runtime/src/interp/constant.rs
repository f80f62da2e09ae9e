//! Constants of code: values of them, and them of values.

use crate::bytecode::RawConst;
use crate::object::argument::This;
use crate::object::header::Header;
use crate::object::integer::{BigInt, IntView};
use crate::object::layout::{BytesObject, ComplexObject, TupleObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_base::num::arithmetic::traits::UnsignedAbs;
use malachite_nz::integer::Integer;

impl Vm {
    /// The value of a constant. Strings that could be names are interned.
    pub fn constant(&mut self, constant: &RawConst) -> PyResult {
        Ok(match constant {
            RawConst::None => Value::NONE,
            RawConst::True => Value::TRUE,
            RawConst::False => Value::FALSE,
            RawConst::Ellipsis => self.ellipsis,
            RawConst::Int(word) => self.new_int(*word),
            RawConst::BigInt { negative, magnitude } => {
                self.new_big(BigInt(Integer::from_sign_and_abs_ref(!negative, magnitude)))
            }
            RawConst::Float(float) => Value::float(*float),
            RawConst::Complex { real, imag } => {
                self.make(BuiltinType::Complex, |header: Header| ComplexObject { header, real: *real, imag: *imag })
            }
            RawConst::Str(bytes) => {
                let string = self.str_from_wtf8(bytes);
                self.intern_if_name(string)
            }
            RawConst::Bytes(bytes) => self.new_bytes(bytes)?,
            RawConst::Tuple(items) => {
                let list = self.constant_list(items)?;
                self.tuple_of_list(list)
            }
            RawConst::FrozenSet(items) => {
                let list = self.constant_list(items)?;
                let set = self.new_set(BuiltinType::FrozenSet)?;
                for i in 0..items.len() {
                    // SAFETY: a list made here.
                    let item = unsafe { (*list.as_ptr::<crate::object::layout::ListObject>()).items()[i] };
                    self.set_add(set, item)?;
                }
                // CPython's compiler makes constants once more from their parts, which shows in their order.
                let again = self.new_set(BuiltinType::FrozenSet)?;
                let mut at = 0;
                while let Some((place, element)) = self.table(set).next_entry(at) {
                    at = place + 1;
                    self.set_add(again, element.key)?;
                }
                again
            }
            RawConst::Slice(parts) => {
                let (start, stop, step) =
                    (self.constant(&parts[0])?, self.constant(&parts[1])?, self.constant(&parts[2])?);
                self.new_slice(start, stop, step)
            }
            RawConst::Code(code) => self.new_code(code)?,
        })
    }

    /// The string, interned where it could be a name.
    pub fn intern_if_name(&mut self, string: Value) -> Value {
        let text = self.str_of(string);
        let is_name = text.len <= 64
            && text.view().code_points().all(|c| c < 128 && (c as u8 == b'_' || (c as u8).is_ascii_alphanumeric()));
        if is_name { self.intern_value(string) } else { string }
    }

    fn constant_list(&mut self, items: &[RawConst]) -> PyResult {
        let list = self.new_list_with_capacity(items.len())?;
        for item in items {
            let value = self.constant(item)?;
            self.list_push(list.as_ptr(), value)?;
        }
        Ok(list)
    }

    /// A value as a constant that source can have; `None` where it is of another type.
    pub fn constant_of(&mut self, value: Value) -> PyResult<Option<RawConst>> {
        self.check_native_stack()?;
        Ok(Some(match value {
            Value::NONE => RawConst::None,
            Value::TRUE => RawConst::True,
            Value::FALSE => RawConst::False,
            value if value == self.ellipsis => RawConst::Ellipsis,
            value if value.is_float() => RawConst::Float(value.as_float()),
            value if value.is_int() || self.is_exact(value, BuiltinType::Int) => int_constant(self.int_of(value)),
            value if self.is_exact(value, BuiltinType::Str) => {
                RawConst::Str(self.str_of(value).view().to_wtf8().into())
            }
            value if self.is_exact(value, BuiltinType::Bytes) => {
                RawConst::Bytes(This::<BytesObject>::expect(self, value).data().into())
            }
            value if self.is_exact(value, BuiltinType::Complex) => {
                // SAFETY: an exact complex.
                let complex = unsafe { &*value.as_ptr::<ComplexObject>() };
                RawConst::Complex { real: complex.real, imag: complex.imag }
            }
            value if self.is_exact(value, BuiltinType::Tuple) => {
                return Ok(self.constants_of(value)?.map(RawConst::Tuple));
            }
            value if self.is_exact(value, BuiltinType::FrozenSet) => {
                let list = self.collect(value)?;
                let items = self.tuple_of_list(list);
                return Ok(self.constants_of(items)?.map(RawConst::FrozenSet));
            }
            _ => return Ok(None),
        }))
    }

    fn constants_of(&mut self, tuple: Value) -> PyResult<Option<Box<[RawConst]>>> {
        let tuple = This::<TupleObject>::expect(self, tuple);
        tuple.items().iter().map(|&item| self.constant_of(item)).collect()
    }
}

fn int_constant(value: IntView<'_>) -> RawConst {
    match value {
        IntView::Word(word) => RawConst::Int(word),
        other => {
            let big = other.to_big();
            RawConst::BigInt { negative: big < 0, magnitude: big.unsigned_abs() }
        }
    }
}
