//! The type `timedelta`.

use super::delta_operators::{
    absolute, compare, divided, floor_divided, multiplied, negated, remainder, sum, with_rest,
};
use super::objects::{Delta, TIMEDELTA_LAYOUT, known_hash, new_delta, new_delta_of};
use super::span::{Span, SpanFault};
use malachite_base::num::arithmetic::traits::Parity;
use malachite_nz::integer::Integer;
use stitch_runtime::object::argument::{ClassOf, Receiver, This, ThisFloat, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::integer::IntView;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{DIVMOD, Slots, operators, slot};
use stitch_runtime::object::spec::{GetSetRow, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

pub static TIMEDELTA: TypeSpec = TypeSpec {
    name: "timedelta",
    module: "datetime",
    doc: "A span of time: the difference of two dates or times, to the microsecond.",
    layout: Some(TIMEDELTA_LAYOUT),
    is_base: true,
    slots: Slots {
        repr: slot(write_repr),
        str: slot(|vm: &mut Vm, this: This<Delta>| Ok(vm.new_str(&text(this.span)))),
        hash: slot(|vm: &mut Vm, mut this: This<Delta>| -> PyResult<i64> {
            if let Some(hash) = known_hash(this.hash) {
                return Ok(hash);
            }
            this.hash = hash_span(vm, this.span);
            Ok(this.hash)
        }),
        compare: slot(compare),
        truth: slot(|_: &mut Vm, this: This<Delta>| Ok(!this.span.is_zero())),
        binary: operators(&[
            (op::ADD, |vm, lhs, rhs| sum(vm, lhs, rhs, Span::plus)),
            (op::SUBTRACT, |vm, lhs, rhs| sum(vm, lhs, rhs, Span::minus)),
            (op::MULTIPLY, multiplied),
            (op::TRUE_DIVIDE, divided),
            (op::FLOOR_DIVIDE, floor_divided),
            (op::REMAINDER, remainder),
            (DIVMOD as u32, with_rest),
        ]),
        negative: slot(negated),
        positive: slot(|vm: &mut Vm, this: This<Delta>| new_delta(vm, Ok(this.span))),
        absolute: slot(absolute),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)",
            new,
        )
        .called("__new__()")
        .doc("The sum of so many of each: ints, or floats, whose sum is rounded to the microsecond, half to even."),
    ),
    methods: &[
        method("total_seconds", "($self, /)", |vm: &mut Vm, this: This<Delta>| total_seconds(vm, this.span))
            .doc("All of it in seconds."),
        method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<Delta>| {
            let span = this.span;
            let parts = vm.new_tuple(&[span.days(), span.seconds(), span.microseconds()].map(Value::small_int));
            let class = Value::object(vm.class_of(this.value()));
            vm.new_tuple(&[class, parts])
        })
        .doc("What makes it again."),
    ],
    getters: &[
        read_only(field("days", |this: This<Delta>| this.span.days())).doc("Whole days; negative before."),
        read_only(field("seconds", |this: This<Delta>| this.span.seconds())).doc("Whole seconds of the next day."),
        read_only(field("microseconds", |this: This<Delta>| this.span.microseconds()))
            .doc("Microseconds of the next second."),
    ],
    ..TypeSpec::NEW
};

const fn read_only(row: GetSetRow) -> GetSetRow {
    row.settable(|vm, _, _| Err(vm.raise_attribute("readonly attribute")))
}

pub fn hash_span(vm: &Vm, span: Span) -> i64 {
    vm.hash_ints(&[span.days() as i32, span.seconds() as i32, span.microseconds() as i32])
}

/// What the parts of a span come to in microseconds.
#[derive(Default)]
struct Sum {
    wide: i128,
    /// What did not fit.
    big: Option<Integer>,
    /// What floats leave beside whole microseconds.
    fraction: f64,
}

impl Sum {
    fn add_int(&mut self, int: IntView<'_>, factor: i64) {
        let product = int.to_wide().and_then(|wide| wide.checked_mul(factor.into()));
        match product.and_then(|product| self.wide.checked_add(product)) {
            Some(sum) => self.wide = sum,
            None => *self.big.get_or_insert_default() += int.to_big() * Integer::from(factor),
        }
    }

    fn add_float(&mut self, vm: &mut Vm, float: f64, factor: i64) -> PyResult<()> {
        let whole = float.trunc();
        let int = vm.int_from_float(whole)?;
        self.add_int(vm.int_of(int), factor);
        let scaled = (float - whole) * factor as f64;
        self.wide += scaled.trunc() as i128;
        self.fraction += scaled - scaled.trunc();
        Ok(())
    }

    fn is_odd(&self) -> bool {
        let is_big_odd = self.big.as_ref().is_some_and(Parity::odd);
        (self.wide & 1 != 0) != is_big_odd
    }

    fn span(mut self) -> Result<Span, SpanFault> {
        if self.fraction != 0.0 {
            let mut rounded = self.fraction.round();
            if (rounded - self.fraction).abs() == 0.5 {
                // Half way: to the even sum.
                let odd = f64::from(u8::from(self.is_odd()));
                rounded = 2.0 * ((self.fraction + odd) * 0.5).round() - odd;
            }
            self.wide += rounded as i128;
        }
        let Some(big) = self.big else { return Span::from_microseconds(self.wide) };
        let total = big + Integer::from(self.wide);
        i128::try_from(&total).map_err(|_| SpanFault::Far).and_then(Span::from_microseconds)
    }
}

/// Microseconds in each of the arguments, in the order in which they are added up.
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

#[expect(clippy::too_many_arguments, reason = "one for each of the constructor's")]
fn new(
    vm: &mut Vm,
    class: ClassOf<Delta>,
    days: Option<Value>,
    seconds: Option<Value>,
    microseconds: Option<Value>,
    milliseconds: Option<Value>,
    minutes: Option<Value>,
    hours: Option<Value>,
    weeks: Option<Value>,
) -> PyResult {
    let parts = [
        ("microseconds", 1, microseconds),
        ("milliseconds", 1000, milliseconds),
        ("seconds", SECOND, seconds),
        ("minutes", MINUTE, minutes),
        ("hours", HOUR, hours),
        ("days", DAY, days),
        ("weeks", 7 * DAY, weeks),
    ];
    let mut sum = Sum::default();
    for (name, factor, value) in parts {
        let Some(value) = value else { continue };
        if let Some(int) = vm.int_view(value) {
            sum.add_int(int, factor);
        } else if let Some(float) = ThisFloat::receive(vm, value) {
            sum.add_float(vm, float.get(), factor)?;
        } else {
            let given = vm.class_name(value);
            return Err(vm.raise_type(&format!("unsupported type for timedelta {name} component: {given}")));
        }
    }
    new_delta_of(vm, class.class, sum.span())
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Delta>) -> PyResult<()> {
    let span = this.span;
    out.push_str(&vm.class_name(this.value()));
    out.push('(' as u32);
    let parts = [("days", span.days()), ("seconds", span.seconds()), ("microseconds", span.microseconds())];
    let mut separator = "";
    for (name, part) in parts.into_iter().filter(|&(_, part)| part != 0) {
        out.push_str(&format!("{separator}{name}={part}"));
        separator = ", ";
    }
    out.push_str(if span.is_zero() { "0)" } else { ")" });
    Ok(())
}

/// `-1 day, 0:00:03.000004`.
fn text(span: Span) -> String {
    let (days, minutes, second) = (span.days(), span.seconds() / 60, span.seconds() % 60);
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    text += &format!("{}:{:02}:{second:02}", minutes / 60, minutes % 60);
    if span.microseconds() != 0 {
        text += &format!(".{:06}", span.microseconds());
    }
    text
}

/// Floats have ints up to here.
const MAX_EXACT: u128 = 1 << 53;

/// The quotient of ints as a float, correctly rounded; the divisor is not zero.
pub fn quotient(vm: &mut Vm, dividend: i128, divisor: i128) -> PyResult<f64> {
    let is_exact = |int: i128| int.unsigned_abs() <= MAX_EXACT;
    if is_exact(dividend) && is_exact(divisor) {
        return Ok(dividend as f64 / divisor as f64);
    }
    let (dividend, divisor) = (vm.new_int_from_i128(dividend), vm.new_int_from_i128(divisor));
    let quotient = vm.binary_op(op::TRUE_DIVIDE, dividend, divisor)?;
    vm.to_float(quotient)
}

pub fn total_seconds(vm: &mut Vm, span: Span) -> PyResult<f64> {
    quotient(vm, span.total_microseconds(), SECOND.into())
}
