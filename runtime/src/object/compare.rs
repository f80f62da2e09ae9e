//! Rich comparison, equality and containment.

mod hash;

pub(crate) use hash::{HASH_IMAGINARY, avoid_minus_one};
pub use hash::{hash_float, hash_identity};

use super::argument::{Receiver, This, ThisFloat};
use super::integer::{IntView, word_eq_float};
use super::layout::*;
use super::string::View;
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::cmp::Ordering;

/// Arguments of `COMPARE_OP`.
pub mod cmp {
    pub const LT: u32 = 0;
    pub const LE: u32 = 1;
    pub const EQ: u32 = 2;
    pub const NE: u32 = 3;
    pub const GT: u32 = 4;
    pub const GE: u32 = 5;
}

/// So many elements of a sequence are looked at between two looks for an interrupt.
pub(crate) const BETWEEN_LOOKS: usize = 1 << 12;
const SYMBOLS: [&str; 6] = ["<", "<=", "==", "!=", ">", ">="];
/// The operation with its operands exchanged.
const SWAPPED: [u32; 6] = [cmp::GT, cmp::GE, cmp::EQ, cmp::NE, cmp::LT, cmp::LE];

/// The result of a comparison whose operands are so ordered (`None`: unordered, as NaNs are).
#[inline(always)]
pub fn order_satisfies(operation: u32, order: Option<Ordering>) -> bool {
    match operation {
        cmp::LT => order == Some(Ordering::Less),
        cmp::LE => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        cmp::EQ => order == Some(Ordering::Equal),
        cmp::NE => order != Some(Ordering::Equal),
        cmp::GT => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

#[inline(always)]
fn words_satisfy(operation: u32, a: i64, b: i64) -> bool {
    match operation {
        cmp::LT => a < b,
        cmp::LE => a <= b,
        cmp::EQ => a == b,
        cmp::NE => a != b,
        cmp::GT => a > b,
        _ => a >= b,
    }
}

/// Code point order of two strings.
pub fn compare_strings(a: View<'_>, b: View<'_>) -> Ordering {
    match (a, b) {
        (View::One(x), View::One(y)) => x.cmp(y),
        (x, y) => x.code_points().cmp(y.code_points()),
    }
}

/// The first index from `from` on at which two lists or tuples have items that are not the very same, and those.
#[inline(always)]
fn first_other_item(some: &[Value], others: &[Value], from: usize) -> Option<(usize, Value, Value)> {
    let n_both = some.len().min(others.len());
    let (some, others) = (&some[..n_both], &others[..n_both]);
    (from..n_both).find(|&at| some[at] != others[at]).map(|at| (at, some[at], others[at]))
}

impl Vm {
    /// `lhs <op> rhs` with `operation` as in `COMPARE_OP`.
    #[inline]
    pub fn compare_op(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        if lhs.is_int() && rhs.is_int() {
            return Ok(Value::bool(words_satisfy(operation, lhs.as_int(), rhs.as_int())));
        }
        if lhs.is_float() && rhs.is_float() {
            return Ok(Value::bool(order_satisfies(operation, lhs.as_float().partial_cmp(&rhs.as_float()))));
        }
        self.compare_slow(operation, lhs, rhs)
    }

    #[inline(never)]
    fn compare_slow(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        if self.is_exactly::<StrObject>(lhs) && self.is_exactly::<StrObject>(rhs) {
            return Vm::ordered(operation, compare_strings(self.str_of(lhs).view(), self.str_of(rhs).view()));
        }
        // A cell may hold itself.
        self.check_native_stack()?;
        let (left_class, right_class) = (self.class_of(lhs), self.class_of(rhs));
        let mut right = self.slots_of(rhs).compare;
        if let Some(slot) = right
            && left_class != right_class
            && self.is_subclass(right_class, left_class)
        {
            let result = slot(self, SWAPPED[operation as usize], rhs, lhs)?;
            if result != self.not_implemented {
                return Ok(result);
            }
            right = None;
        }
        if let Some(slot) = self.slots_of(lhs).compare {
            let result = slot(self, operation, lhs, rhs)?;
            if result != self.not_implemented {
                return Ok(result);
            }
        }
        if let Some(slot) = right {
            let result = slot(self, SWAPPED[operation as usize], rhs, lhs)?;
            if result != self.not_implemented {
                return Ok(result);
            }
        }
        self.compare_default(operation, lhs, rhs)
    }

    /// What is left when neither operand knows how: identity, or TypeError.
    fn compare_default(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        match operation {
            cmp::EQ => Ok(Value::bool(lhs == rhs)),
            cmp::NE => Ok(Value::bool(lhs != rhs)),
            _ => {
                let (symbol, left, right) =
                    (SYMBOLS[operation as usize % 6], self.class_name(lhs), self.class_name(rhs));
                let message = format!("'{symbol}' not supported between instances of '{left}' and '{right}'");
                Err(self.raise_type(&message))
            }
        }
    }

    /// What is left when the left operand's method, which is asked first, has declined.
    pub(crate) fn compare_declined(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult {
        let (_, swapped) = self.comparison_names(operation);
        match self.call_operator(rhs, swapped, lhs)? {
            Some(result) => Ok(result),
            None => self.compare_default(operation, lhs, rhs),
        }
    }

    /// The methods of a comparison, and of that with the operands swapped.
    pub(crate) fn comparison_names(&self, operation: u32) -> (Value, Value) {
        (self.comparison_name(operation), self.comparison_name(SWAPPED[operation as usize]))
    }

    fn comparison_name(&self, operation: u32) -> Value {
        let n = &self.names;
        [n.__lt__, n.__le__, n.__eq__, n.__ne__, n.__gt__, n.__ge__][operation as usize % 6]
    }

    /// A comparison's result as a value.
    pub(crate) fn ordered(operation: u32, order: Ordering) -> PyResult {
        Ok(Value::bool(order_satisfies(operation, Some(order))))
    }

    /// The result of `==` or `!=`, as the operation wants it.
    pub(crate) fn equality(operation: u32, equal: bool) -> Value {
        Value::bool(equal == (operation == cmp::EQ))
    }

    /// Does the operation ask for equality alone?
    pub(crate) fn is_equality(operation: u32) -> bool {
        operation == cmp::EQ || operation == cmp::NE
    }

    pub(crate) fn complex_equal(&self, lhs: Value, rhs: Value) -> bool {
        match (self.complex_parts(lhs), self.complex_parts(rhs)) {
            (Some(a), Some(b)) => a == b,
            (Some((re, im)), None) => im == 0.0 && self.real_equals(rhs, re),
            (None, Some((re, im))) => im == 0.0 && self.real_equals(lhs, re),
            (None, None) => false,
        }
    }

    fn real_equals(&self, value: Value, float: f64) -> bool {
        if let Some(value) = ThisFloat::receive(self, value) {
            return value.get() == float;
        }
        match self.int_of(value) {
            IntView::Word(word) => word_eq_float(word, float),
            big => big.compare_float(float) == Some(Ordering::Equal),
        }
    }

    /// Item `index` of a list or tuple, if it still has so many.
    pub(crate) fn sequence_item(&self, sequence: Value, index: usize) -> Option<Value> {
        self.items_of(sequence).get(index).copied()
    }

    pub(crate) fn compare_sequences(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult<bool> {
        self.check_native_stack()?;
        let mut from = 0;
        loop {
            // Items are read anew each time: comparing may change a list.
            let (some, others) = (self.items_of(lhs), self.items_of(rhs));
            if from == 0 && some.len() != others.len() && Vm::is_equality(operation) {
                return Ok(operation == cmp::NE);
            }
            let Some((index, a, b)) = first_other_item(some, others, from) else {
                return Ok(words_satisfy(operation, some.len() as i64, others.len() as i64));
            };
            if self.is_exactly::<StrObject>(a) && self.is_exactly::<StrObject>(b) {
                let order = compare_strings(self.str_of(a).view(), self.str_of(b).view());
                if order != Ordering::Equal {
                    return Ok(order_satisfies(operation, Some(order)));
                }
            } else if !self.equal(a, b)? {
                return match operation {
                    cmp::EQ => Ok(false),
                    cmp::NE => Ok(true),
                    _ => {
                        let result = self.compare_op(operation, a, b)?;
                        self.is_true(result)
                    }
                };
            }
            from = index + 1;
        }
    }

    pub fn dicts_equal(&mut self, lhs: Value, rhs: Value) -> PyResult<bool> {
        self.check_native_stack()?;
        if self.table(lhs).len != self.table(rhs).len {
            return Ok(false);
        }
        let mut at = 0;
        while let Some((index, entry)) = self.table(lhs).next_entry(at) {
            at = index + 1;
            match self.dict_get(rhs, entry.key)? {
                Some(other) if self.equal(entry.value, other)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    pub(crate) fn compare_sets(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult<bool> {
        self.check_native_stack()?;
        if !self.has_element_table(lhs) || !self.has_element_table(rhs) {
            return self.compare_views(operation, lhs, rhs);
        }
        let (a, b) = (self.element_table(lhs)?, self.element_table(rhs)?);
        let (n, m) = (self.table(a).len, self.table(b).len);
        match operation {
            cmp::EQ => Ok(n == m && self.is_subset(a, b)?),
            cmp::NE => Ok(n != m || !self.is_subset(a, b)?),
            cmp::LT => Ok(n < m && self.is_subset(a, b)?),
            cmp::LE => self.is_subset(a, b),
            cmp::GT => Ok(n > m && self.is_subset(b, a)?),
            _ => self.is_subset(b, a),
        }
    }

    /// As `compare_sets`, where one is a view of items, which need not be hashable: asks the other for each.
    fn compare_views(&mut self, operation: u32, lhs: Value, rhs: Value) -> PyResult<bool> {
        let (n, m) = (self.len(lhs)?, self.len(rhs)?);
        match operation {
            cmp::EQ => Ok(n == m && self.contains_all(rhs, lhs)?),
            cmp::NE => Ok(n != m || !self.contains_all(rhs, lhs)?),
            cmp::LT => Ok(n < m && self.contains_all(rhs, lhs)?),
            cmp::LE => Ok(n <= m && self.contains_all(rhs, lhs)?),
            cmp::GT => Ok(n > m && self.contains_all(lhs, rhs)?),
            _ => Ok(n >= m && self.contains_all(lhs, rhs)?),
        }
    }

    fn contains_all(&mut self, container: Value, items: Value) -> PyResult<bool> {
        let iterator = self.get_iter(items)?;
        while let Some(item) = self.iter_next(iterator)? {
            if !self.contains(container, item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(crate) fn ranges_equal(&mut self, lhs: Value, rhs: Value) -> PyResult<bool> {
        // SAFETY: both are ranges, which do not change.
        let (a, b) = unsafe { (&*lhs.as_ptr::<RangeObject>(), &*rhs.as_ptr::<RangeObject>()) };
        if !self.equal(a.len, b.len)? {
            return Ok(false);
        }
        if a.len == Value::small_int(0) {
            return Ok(true);
        }
        if !self.equal(a.start, b.start)? {
            return Ok(false);
        }
        Ok(a.len == Value::small_int(1) || self.equal(a.step, b.step)?)
    }

    /// Are they the same object, or equal?
    #[inline]
    pub fn equal(&mut self, lhs: Value, rhs: Value) -> PyResult<bool> {
        if lhs == rhs {
            return Ok(true);
        }
        if lhs.is_int() && rhs.is_int() {
            return Ok(false);
        }
        if lhs.is_object() && rhs.is_object() {
            let shape = self.shape_of(lhs);
            let are_alike = shape == self.shape_of(rhs);
            if are_alike && shape == BuiltinType::Str.shape() {
                return Ok(self.str_of(lhs).view() == self.str_of(rhs).view());
            }
            if are_alike && (shape == BuiltinType::Tuple.shape() || shape == BuiltinType::List.shape()) {
                return self.compare_sequences(cmp::EQ, lhs, rhs);
            }
        }
        let result = self.compare_op(cmp::EQ, lhs, rhs)?;
        self.is_true(result)
    }

    /// `lhs < rhs`, for sorting.
    #[inline]
    pub fn less_than(&mut self, lhs: Value, rhs: Value) -> PyResult<bool> {
        if lhs.is_int() && rhs.is_int() {
            return Ok(lhs.as_int() < rhs.as_int());
        }
        if lhs.is_float() && rhs.is_float() {
            return Ok(lhs.as_float() < rhs.as_float());
        }
        if self.is_exactly::<StrObject>(lhs) && self.is_exactly::<StrObject>(rhs) {
            return Ok(compare_strings(self.str_of(lhs).view(), self.str_of(rhs).view()) == Ordering::Less);
        }
        if self.is_exactly::<TupleObject>(lhs) && self.is_exactly::<TupleObject>(rhs) {
            return self.compare_sequences(cmp::LT, lhs, rhs);
        }
        let result = self.compare_slow(cmp::LT, lhs, rhs)?;
        self.is_true(result)
    }

    /// `item in container`.
    pub fn contains(&mut self, container: Value, item: Value) -> PyResult<bool> {
        match self.slots_of(container).contains {
            Some(slot) => slot(self, container, item),
            None => self.contains_by_iteration(container, item),
        }
    }

    /// Is an item of a list or tuple the value, or equal to it?
    pub(crate) fn sequence_contains(&mut self, sequence: Value, item: Value) -> PyResult<bool> {
        let mut index = 0;
        while let Some(element) = self.sequence_item(sequence, index) {
            if index.is_multiple_of(BETWEEN_LOOKS) {
                self.answer_interrupt()?;
            }
            if element == item || !(element.is_int() && item.is_int()) && self.equal(element, item)? {
                return Ok(true);
            }
            index += 1;
        }
        Ok(false)
    }

    pub(crate) fn items_view_contains(&mut self, view: Value, item: Value) -> PyResult<bool> {
        if !self.is_a::<TupleObject>(item) {
            return Ok(false);
        }
        // SAFETY: both layouts were checked.
        let (dict, pair) = unsafe { ((*view.as_ptr::<DictView>()).dict, (*item.as_ptr::<TupleObject>()).items()) };
        let &[key, value] = pair else { return Ok(false) };
        match self.dict_get(dict, key)? {
            Some(found) => self.equal(found, value),
            None => Ok(false),
        }
    }

    pub(crate) fn range_contains(&mut self, range: Value, item: Value) -> PyResult<bool> {
        use super::operate::op;
        let range = This::<RangeObject>::expect(self, range);
        let distance = self.int_binary(op::SUBTRACT, item, range.start)?;
        let rest = self.int_binary(op::REMAINDER, distance, range.step)?;
        if !self.int_of(rest).is_zero() {
            return Ok(false);
        }
        let index = self.int_binary(op::FLOOR_DIVIDE, distance, range.step)?;
        Ok(!self.int_of(index).is_negative() && self.int_of(index).compare(self.int_of(range.len)) == Ordering::Less)
    }

    fn raise_no_container(&mut self, container: Value) -> Raised {
        let message = format!("argument of type '{}' is not a container or iterable", self.class_name(container));
        self.raise_type(&message)
    }

    pub(crate) fn contains_by_iteration(&mut self, container: Value, item: Value) -> PyResult<bool> {
        if !self.is_iterable(container) {
            return Err(self.raise_no_container(container));
        }
        let iterator = match self.get_iter(container) {
            Ok(iterator) => iterator,
            Err(raised) if !self.exception_matches(self.exceptions.TypeError) => return Err(raised),
            Err(_) => return Err(self.raise_no_container(container)),
        };
        while let Some(element) = self.iter_next(iterator)? {
            if self.equal(element, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
