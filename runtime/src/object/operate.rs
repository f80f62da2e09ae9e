//! Binary and unary operators: fast cases first, then Python's protocol.

mod number;
pub(crate) mod sequence;
mod set;

pub use number::{float_div_mod, float_floor_divide, float_remainder};

use super::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::Raised;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Arguments of `BINARY_OP`.
pub mod op {
    pub const ADD: u32 = 0;
    pub const AND: u32 = 1;
    pub const FLOOR_DIVIDE: u32 = 2;
    pub const LEFT_SHIFT: u32 = 3;
    pub const MATRIX_MULTIPLY: u32 = 4;
    pub const MULTIPLY: u32 = 5;
    pub const REMAINDER: u32 = 6;
    pub const OR: u32 = 7;
    pub const POWER: u32 = 8;
    pub const RIGHT_SHIFT: u32 = 9;
    pub const SUBTRACT: u32 = 10;
    pub const TRUE_DIVIDE: u32 = 11;
    pub const XOR: u32 = 12;
    /// Added to an operation: its in-place form.
    pub const INPLACE: u32 = 13;
    pub const SUBSCRIPT: u32 = 26;
}

/// Symbols of the operations, in their order.
const SYMBOLS: [&str; 13] = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"];

impl Vm {
    /// Is the value an immediate or an exact instance of a built-in type, so that no Python class has a say?
    #[inline(always)]
    pub fn is_plain(&self, value: Value) -> bool {
        !value.is_object() || self.shape_of(value) < FIRST_INSTANCE_SHAPE
    }

    /// `lhs <op> rhs`, with `operation` as in `BINARY_OP`.
    #[inline]
    pub fn binary_op(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        if operation == op::SUBSCRIPT {
            return self.get_item(lhs, rhs);
        }
        let base = if operation >= op::INPLACE { operation - op::INPLACE } else { operation };
        if lhs.is_int() && rhs.is_int() {
            return self.int_binary(base, lhs, rhs);
        }
        if let (Some(x), Some(y)) = (small_number(lhs), small_number(rhs))
            && let Some(result) = self.float_binary(base, x, y)?
        {
            return Ok(result);
        }
        self.binary_slow(operation, base, lhs, rhs)
    }

    #[inline(never)]
    fn binary_slow(&mut self, operation: u32, base: u32, lhs: Value, rhs: Value) -> PyResult {
        self.check_native_stack()?;
        let is_inplace = operation != base;
        if self.is_plain(lhs) && self.is_plain(rhs) {
            if is_inplace && let Some(result) = self.native_inplace(base, lhs, rhs)? {
                return Ok(result);
            }
            if let Some(result) = self.native_binary(base, lhs, rhs)? {
                return Ok(result);
            }
            return Err(self.raise_binary(operation, lhs, rhs));
        }
        let [_, _, inplace] = self.operator_names(base);
        if is_inplace {
            let result = match self.lookup_special(lhs, inplace) {
                Some(_) => self.call_operator(lhs, inplace, rhs)?,
                None => self.native_inplace(base, lhs, rhs)?,
            };
            if let Some(result) = result {
                return Ok(result);
            }
        }
        self.binary_out_of_place(operation, lhs, rhs)
    }

    /// An operation of which the in-place form, if it was asked for, is not there or has declined.
    pub(crate) fn binary_out_of_place(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        let base = operation % op::INPLACE;
        let [name, reflected, _] = self.operator_names(base);
        match self.binary_protocol(name, reflected, lhs, rhs)? {
            Some(result) => return Ok(result),
            None if self.lookup_special(lhs, name).is_none() => {
                if let Some(result) = self.native_binary(base, lhs, rhs)? {
                    return Ok(result);
                }
            }
            None => {}
        }
        Err(self.raise_binary(operation, lhs, rhs))
    }

    /// The methods `name` of `lhs` and `reflected` of `rhs`, a proper subclass's reflected one first. `None` where
    /// neither gives a result.
    pub(super) fn binary_protocol(
        &mut self,
        name: Value,
        reflected: Value,
        lhs: Value,
        rhs: Value,
    ) -> PyResult<Option<Value>> {
        let (left_class, right_class) = (self.class_of(lhs), self.class_of(rhs));
        // Sequences repeat and concatenate only after the other side's operators were asked, as in CPython's slots.
        if name == self.names.__mul__
            && matches!(
                self.layout_of(lhs),
                BuiltinType::List | BuiltinType::Tuple | BuiltinType::Str | BuiltinType::Bytes
            )
            && !self.is_plain(rhs)
            && let Some(result) = self.call_operator(rhs, reflected, lhs)?
        {
            return Ok(Some(result));
        }
        let mut right = if left_class == right_class { None } else { self.class_lookup(right_class, reflected) };
        if let Some(method) = right
            && self.is_subclass(right_class, left_class)
            && self.class_lookup(left_class, reflected) != Some(method)
        {
            if let Some(result) = self.call_operator(rhs, reflected, lhs)? {
                return Ok(Some(result));
            }
            right = None;
        }
        if let Some(result) = self.call_operator(lhs, name, rhs)? {
            return Ok(Some(result));
        }
        match right {
            Some(_) => self.call_operator(rhs, reflected, lhs),
            None => Ok(None),
        }
    }

    /// Calls an operator method; `None` where it is missing or gives `NotImplemented`.
    pub fn call_operator(&mut self, owner: Value, name: Value, argument: Value) -> PyResult<Option<Value>> {
        let result = self.call_special(owner, name, &[argument])?;
        Ok(result.filter(|&result| result != self.not_implemented))
    }

    /// An operation between built-in layouts; `None` where they do not define it.
    pub fn native_binary(&mut self, base: u32, lhs: Value, rhs: Value) -> PyResult<Option<Value>> {
        let (left, right) = (self.layout_of(lhs), self.layout_of(rhs));
        if is_number(left) && is_number(right) {
            return self.number_binary(base, left, right, lhs, rhs);
        }
        match base {
            op::ADD => self.sequence_concat(left, right, lhs, rhs),
            op::MULTIPLY => self.sequence_multiply(left, right, lhs, rhs),
            op::REMAINDER if left == BuiltinType::Str => self.str_percent(lhs, rhs).map(Some),
            op::REMAINDER if left == BuiltinType::Bytes => self.bytes_percent(lhs, rhs).map(Some),
            op::OR if left == BuiltinType::Dict && right == BuiltinType::Dict => {
                let result = self.dict_copy(lhs, BuiltinType::Dict)?;
                self.dict_merge(result, rhs)?;
                Ok(Some(result))
            }
            op::OR if left == BuiltinType::Type || right == BuiltinType::Type => self.class_union(lhs, rhs),
            op::AND | op::OR | op::XOR | op::SUBTRACT => self.set_binary(base, lhs, rhs),
            _ => Ok(None),
        }
    }

    /// The in-place form of an operation where it changes a built-in container.
    pub fn native_inplace(&mut self, base: u32, lhs: Value, rhs: Value) -> PyResult<Option<Value>> {
        match (self.layout_of(lhs), base) {
            (BuiltinType::List, op::ADD) => self.list_extend(lhs, rhs)?,
            (BuiltinType::List, op::MULTIPLY) if self.is_index(rhs) => self.list_repeat_in_place(lhs, rhs)?,
            (BuiltinType::Dict, op::OR) => self.dict_update(lhs, rhs)?,
            (BuiltinType::Set, op::AND | op::OR | op::XOR | op::SUBTRACT) => {
                if !self.is_set_like(rhs) {
                    return Ok(None);
                }
                self.set_binary_in_place(base, lhs, rhs)?;
            }
            _ => return Ok(None),
        }
        Ok(Some(lhs))
    }

    /// TypeError for operands that an operation is not defined for.
    pub fn raise_binary(&mut self, operation: u32, lhs: Value, rhs: Value) -> Raised {
        let is_inplace = operation >= op::INPLACE;
        let base = if is_inplace { operation - op::INPLACE } else { operation };
        let (left, right) = (self.class_name(lhs), self.class_name(rhs));
        match (base, self.layout_of(lhs), self.layout_of(rhs)) {
            (op::ADD, BuiltinType::Bytes, _) => return self.raise_type(&format!("can't concat {right} to {left}")),
            (op::ADD, BuiltinType::Str | BuiltinType::List | BuiltinType::Tuple, _) => {
                let kind = self.layout_of(lhs).name();
                return self.raise_type(&format!("can only concatenate {kind} (not \"{right}\") to {kind}"));
            }
            (op::MULTIPLY, BuiltinType::Str | BuiltinType::List | BuiltinType::Tuple | BuiltinType::Bytes, _) => {
                return self.raise_type(&format!("can't multiply sequence by non-int of type '{right}'"));
            }
            (op::MULTIPLY, _, BuiltinType::Str | BuiltinType::List | BuiltinType::Tuple | BuiltinType::Bytes) => {
                return self.raise_type(&format!("can't multiply sequence by non-int of type '{left}'"));
            }
            _ => {}
        }
        let symbol = match (base, is_inplace) {
            (op::POWER, false) => "** or pow()".to_string(),
            (base, true) => format!("{}=", SYMBOLS[base as usize % SYMBOLS.len()]),
            (base, false) => SYMBOLS[base as usize % SYMBOLS.len()].to_string(),
        };
        self.raise_type(&format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'"))
    }

    /// Names of an operation's method, reflected and in-place method.
    pub(crate) fn operator_names(&self, base: u32) -> [Value; 3] {
        let n = &self.names;
        match base {
            op::ADD => [n.__add__, n.__radd__, n.__iadd__],
            op::AND => [n.__and__, n.__rand__, n.__iand__],
            op::FLOOR_DIVIDE => [n.__floordiv__, n.__rfloordiv__, n.__ifloordiv__],
            op::LEFT_SHIFT => [n.__lshift__, n.__rlshift__, n.__ilshift__],
            op::MATRIX_MULTIPLY => [n.__matmul__, n.__rmatmul__, n.__imatmul__],
            op::MULTIPLY => [n.__mul__, n.__rmul__, n.__imul__],
            op::REMAINDER => [n.__mod__, n.__rmod__, n.__imod__],
            op::OR => [n.__or__, n.__ror__, n.__ior__],
            op::POWER => [n.__pow__, n.__rpow__, n.__ipow__],
            op::RIGHT_SHIFT => [n.__rshift__, n.__rrshift__, n.__irshift__],
            op::SUBTRACT => [n.__sub__, n.__rsub__, n.__isub__],
            op::TRUE_DIVIDE => [n.__truediv__, n.__rtruediv__, n.__itruediv__],
            _ => [n.__xor__, n.__rxor__, n.__ixor__],
        }
    }

    pub fn unary_negative(&mut self, value: Value) -> PyResult {
        match self.native_negative(value) {
            Some(result) if self.is_plain(value) => Ok(result),
            fallback => self.unary_protocol(self.names.__neg__, "-", value, fallback),
        }
    }

    pub fn unary_positive(&mut self, value: Value) -> PyResult {
        match self.native_positive(value) {
            Some(result) if self.is_plain(value) => Ok(result),
            fallback => self.unary_protocol(self.names.__pos__, "+", value, fallback),
        }
    }

    pub fn unary_invert(&mut self, value: Value) -> PyResult {
        let native = if self.is_int_like(value) { Some(self.int_invert(value)) } else { None };
        match native {
            Some(result) if self.is_plain(value) => Ok(result),
            fallback => self.unary_protocol(self.names.__invert__, "~", value, fallback),
        }
    }

    /// `abs(value)`.
    pub fn absolute(&mut self, value: Value) -> PyResult {
        let native = self.native_absolute(value)?;
        match native {
            Some(result) if self.is_plain(value) => Ok(result),
            fallback => match self.call_special(value, self.names.__abs__, &[])?.or(fallback) {
                Some(result) => Ok(result),
                None => {
                    let message = format!("bad operand type for abs(): '{}'", self.class_name(value));
                    Err(self.raise_type(&message))
                }
            },
        }
    }

    fn unary_protocol(&mut self, name: Value, symbol: &str, value: Value, fallback: Option<Value>) -> PyResult {
        if let Some(result) = self.call_special(value, name, &[])?.or(fallback) {
            return Ok(result);
        }
        let message = format!("bad operand type for unary {symbol}: '{}'", self.class_name(value));
        Err(self.raise_type(&message))
    }

    /// The truth of a value.
    #[inline]
    pub fn is_true(&mut self, value: Value) -> PyResult<bool> {
        if value.is_bool() {
            return Ok(value.as_bool());
        }
        if value.is_int() {
            return Ok(value.as_int() != 0);
        }
        if value.is_none() {
            return Ok(false);
        }
        self.is_true_slow(value)
    }

    #[inline(never)]
    fn is_true_slow(&mut self, value: Value) -> PyResult<bool> {
        if self.is_plain(value) {
            return Ok(self.native_truth(value));
        }
        self.check_native_stack()?;
        let name = self.names.__bool__;
        if let Some(result) = self.call_special(value, name, &[])? {
            if !result.is_bool() {
                let message = format!("__bool__ should return bool, returned {}", self.class_name(result));
                return Err(self.raise_type(&message));
            }
            return Ok(result.as_bool());
        }
        if self.lookup_special(value, self.names.__len__).is_some() {
            return Ok(self.len(value)? != 0);
        }
        Ok(self.native_truth(value))
    }

    /// Truth by built-in layout alone.
    pub fn native_truth(&self, value: Value) -> bool {
        if value.is_float() {
            return value.as_float() != 0.0;
        }
        if self.is_int_like(value) {
            return !super::integer::int_of(value).is_zero();
        }
        if let Some((re, im)) = self.complex_parts(value) {
            return re != 0.0 || im != 0.0;
        }
        self.native_len(value).is_none_or(|len| len != 0)
    }

    /// `divmod(lhs, rhs)`.
    pub fn divmod(&mut self, lhs: Value, rhs: Value) -> PyResult {
        if self.is_plain(lhs) && self.is_plain(rhs) {
            if let Some(result) = self.native_divmod(lhs, rhs)? {
                return Ok(result);
            }
        } else if let Some(result) = self.binary_protocol(self.names.__divmod__, self.names.__rdivmod__, lhs, rhs)? {
            return Ok(result);
        } else if let Some(result) = self.native_divmod(lhs, rhs)? {
            return Ok(result);
        }
        let (left, right) = (self.class_name(lhs), self.class_name(rhs));
        Err(self.raise_type(&format!("unsupported operand type(s) for divmod(): '{left}' and '{right}'")))
    }

    /// `pow(base, exponent, modulus)`.
    pub fn power(&mut self, base: Value, exponent: Value, modulus: Value) -> PyResult {
        if modulus.is_none() || modulus.is_unbound() {
            return self.binary_op(op::POWER, base, exponent);
        }
        if self.is_int_like(base) && self.is_int_like(exponent) && self.is_int_like(modulus) {
            return self.int_pow_mod(base, exponent, modulus);
        }
        if !self.is_plain(base)
            && let Some(result) = self.call_special(base, self.names.__pow__, &[exponent, modulus])?
            && result != self.not_implemented
        {
            return Ok(result);
        }
        let (left, right) = (self.layout_of(base), self.layout_of(exponent));
        if is_number(left) && is_number(right) {
            return Err(self.raise_type("pow() 3rd argument not allowed unless all arguments are integers"));
        }
        let names = [base, exponent, modulus].map(|value| self.class_name(value));
        let [a, b, c] = names;
        Err(self.raise_type(&format!("unsupported operand type(s) for ** or pow(): '{a}', '{b}', '{c}'")))
    }
}

/// A float, or a small int as one: the numbers that convert exactly without looking at memory.
#[inline(always)]
fn small_number(value: Value) -> Option<f64> {
    if value.is_float() {
        Some(value.as_float())
    } else if value.is_int() {
        Some(value.as_int() as f64)
    } else {
        None
    }
}

fn is_number(layout: BuiltinType) -> bool {
    matches!(layout, BuiltinType::Int | BuiltinType::Bool | BuiltinType::Float | BuiltinType::Complex)
}
