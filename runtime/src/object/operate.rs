//! Binary and unary operators: fast cases first, then Python's protocol.

pub(crate) mod number;
pub(crate) mod sequence;
mod set;

pub use number::{float_div_mod, float_floor_divide, float_remainder};

use super::class::class_ref;
use super::slots::{DIVMOD, SlotId, Unary};
use super::types::FIRST_INSTANCE_SHAPE;
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
        if operation != base
            && let Some(result) = self.inplace_slots(base, lhs, rhs)?
        {
            return Ok(result);
        }
        self.binary_out_of_place(operation, lhs, rhs)
    }

    /// The in-place operator, then the operator, then the in-place sequence operation: of the first and the last, the former.
    fn inplace_slots(&mut self, base: u32, lhs: Value, rhs: Value) -> PyResult<Option<Value>> {
        let slots = self.slots_of(lhs);
        if let Some(slot) = slots.inplace[base as usize] {
            let result = slot(self, lhs, rhs)?;
            if result != self.not_implemented {
                return Ok(Some(result));
            }
        }
        let sequence = match base {
            op::ADD => slots.inplace_concat,
            op::MULTIPLY => slots.inplace_repeat,
            _ => None,
        };
        let Some(sequence) = sequence else { return Ok(None) };
        let result = self.binary_slots(base as usize, lhs, rhs)?;
        if result != self.not_implemented {
            return Ok(Some(result));
        }
        let rhs = if base == op::MULTIPLY { self.repeat_index(rhs)? } else { rhs };
        sequence(self, lhs, rhs).map(Some)
    }

    /// An operation of which the in-place form, if it was asked for, is not there or has declined.
    pub(crate) fn binary_out_of_place(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        let base = operation % op::INPLACE;
        let result = self.binary_slots(base as usize, lhs, rhs)?;
        if result != self.not_implemented {
            return Ok(result);
        }
        self.sequence_slots(operation, lhs, rhs)
    }

    /// What is left when the operators of both sides have declined: sequences.
    pub(crate) fn sequence_slots(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        match operation % op::INPLACE {
            op::ADD => {
                if let Some(slot) = self.slots_of(lhs).concat {
                    return slot(self, lhs, rhs);
                }
            }
            op::MULTIPLY => {
                if let Some(slot) = self.slots_of(lhs).repeat {
                    let count = self.repeat_index(rhs)?;
                    return slot(self, lhs, count);
                }
                if let Some(slot) = self.slots_of(rhs).repeat {
                    let count = self.repeat_index(lhs)?;
                    return slot(self, rhs, count);
                }
            }
            _ => {}
        }
        Err(self.raise_binary(operation, lhs, rhs))
    }

    fn repeat_index(&mut self, count: Value) -> PyResult {
        if self.is_index(count) {
            return self.index(count);
        }
        let message = format!("can't multiply sequence by non-int of type '{}'", self.class_name(count));
        Err(self.raise_type(&message))
    }

    /// An operation (or `DIVMOD`) by the slots of both sides, a proper subclass's first; `NotImplemented` where neither
    /// knows how.
    pub(crate) fn binary_slots(&mut self, operation: usize, lhs: Value, rhs: Value) -> PyResult {
        let (left_class, right_class) = (self.class_of(lhs), self.class_of(rhs));
        let left = self.slots_of(lhs).binary[operation];
        let mut right = if left_class == right_class { None } else { self.slots_of(rhs).binary[operation] };
        // One function serves both: it has looked at both sides.
        let id = SlotId::of_operation(operation as u32);
        let both_python = class_ref(left_class).python_slots.has(id) && class_ref(right_class).python_slots.has(id);
        if both_python || left.map(|slot| slot as usize) == right.map(|slot| slot as usize) {
            right = None;
        }
        if let Some(slot) = right
            && left.is_some()
            && self.is_subclass(right_class, left_class)
        {
            let result = slot(self, lhs, rhs)?;
            if result != self.not_implemented {
                return Ok(result);
            }
            right = None;
        }
        for slot in [left, right].into_iter().flatten() {
            let result = slot(self, lhs, rhs)?;
            if result != self.not_implemented {
                return Ok(result);
            }
        }
        Ok(self.not_implemented)
    }

    /// Calls an operator method; `None` where it is missing or gives `NotImplemented`.
    pub fn call_operator(&mut self, owner: Value, name: Value, argument: Value) -> PyResult<Option<Value>> {
        let result = self.call_special(owner, name, &[argument])?;
        Ok(result.filter(|&result| result != self.not_implemented))
    }

    /// TypeError for operands that an operation is not defined for.
    pub fn raise_binary(&mut self, operation: u32, lhs: Value, rhs: Value) -> Raised {
        let is_inplace = operation >= op::INPLACE;
        let base = if is_inplace { operation - op::INPLACE } else { operation };
        let (left, right) = (self.class_name(lhs), self.class_name(rhs));
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
        let slot = self.slots_of(value).negative;
        self.unary(slot, value, "unary -")
    }

    pub fn unary_positive(&mut self, value: Value) -> PyResult {
        let slot = self.slots_of(value).positive;
        self.unary(slot, value, "unary +")
    }

    pub fn unary_invert(&mut self, value: Value) -> PyResult {
        let slot = self.slots_of(value).invert;
        self.unary(slot, value, "unary ~")
    }

    /// `abs(value)`.
    pub fn absolute(&mut self, value: Value) -> PyResult {
        let slot = self.slots_of(value).absolute;
        self.unary(slot, value, "abs()")
    }

    fn unary(&mut self, slot: Option<Unary>, value: Value, what: &str) -> PyResult {
        match slot {
            Some(slot) => slot(self, value),
            None => {
                let message = format!("bad operand type for {what}: '{}'", self.class_name(value));
                Err(self.raise_type(&message))
            }
        }
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
        let slots = self.slots_of(value);
        match (slots.truth, slots.len) {
            (Some(truth), _) => truth(self, value),
            (None, Some(len)) => Ok(len(self, value)? != 0),
            (None, None) => Ok(true),
        }
    }

    /// `divmod(lhs, rhs)`.
    pub fn divmod(&mut self, lhs: Value, rhs: Value) -> PyResult {
        let result = self.binary_slots(DIVMOD, lhs, rhs)?;
        if result != self.not_implemented {
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
        // Of Python classes, as of built-in types, the first operand's method gets three arguments; others follow.
        for (owner, name, arguments) in
            [(base, self.names.__pow__, [exponent, modulus]), (exponent, self.names.__rpow__, [base, modulus])]
        {
            let class = self.class_of(owner);
            if class_ref(class).python_slots.has(SlotId::Power)
                && let Some(result) = self.call_special(owner, name, &arguments)?
                && result != self.not_implemented
            {
                return Ok(result);
            }
        }
        for operand in [base, exponent, modulus] {
            if let Some(power) = self.spec_of(operand).inherited(|spec| spec.power_modulo) {
                let result = power(self, [base, exponent, modulus])?;
                if result != self.not_implemented {
                    return Ok(result);
                }
            }
        }
        let result = self.power_modulo(base, exponent, modulus)?;
        if result != self.not_implemented {
            return Ok(result);
        }
        let [a, b, c] = [base, exponent, modulus].map(|value| self.class_name(value));
        Err(self.raise_type(&format!("unsupported operand type(s) for ** or pow(): '{a}', '{b}', '{c}'")))
    }

    /// `pow` with three arguments by the built-in numbers.
    pub(super) fn power_modulo(&mut self, base: Value, exponent: Value, modulus: Value) -> PyResult {
        let all = [base, exponent, modulus];
        if all.iter().all(|&value| self.is_int_like(value)) {
            return self.int_pow_mod(base, exponent, modulus);
        }
        let are_numbers = self.is_number(base) && self.is_number(exponent);
        for operand in all {
            if are_numbers && self.complex_parts(operand).is_some() {
                return Err(self.raise_value("complex modulo"));
            }
            if self.is_float_like(operand) {
                return Err(self.raise_type("pow() 3rd argument not allowed unless all arguments are integers"));
            }
        }
        Ok(self.not_implemented)
    }

    /// Has the value the layout of a built-in number?
    fn is_number(&self, value: Value) -> bool {
        self.is_float_like(value) || self.is_int_like(value) || self.complex_parts(value).is_some()
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
