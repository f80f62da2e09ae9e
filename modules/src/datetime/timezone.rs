//! The type `timezone`: zones that are always as far from UTC.

use super::isoformat::write_offset;
use super::objects::{DateTime, Delta, TIMEZONE_LAYOUT, Timezone, new_delta, new_timezone};
use super::parse::Offset;
use super::span::Span;
use super::state::State;
use super::tzinfo::{TZINFO, later, of_zone, raise_too_far};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::compare::cmp;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static TIMEZONE: TypeSpec = TypeSpec {
    name: "timezone",
    module: "datetime",
    doc: "A zone of time that is always as far from UTC.",
    base: Some(&TZINFO),
    layout: Some(TIMEZONE_LAYOUT),
    slots: Slots {
        repr: slot(write_repr),
        str: slot(|vm: &mut Vm, this: This<Timezone>| Ok(name_of(vm, this))),
        hash: slot(|vm: &mut Vm, this: This<Timezone>| vm.hash(this.offset)),
        compare: slot(compare),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, offset, name=None)", new)
            .called("timezone()")
            .doc("The zone of an offset, a timedelta of less than a day; it may have a name of its own."),
    ),
    methods: &[
        method("tzname", "($self, object, /)", |vm: &mut Vm, this: This<Timezone>, time: Value| {
            check_time(vm, "tzname", time)?;
            Ok::<_, stitch_runtime::Raised>(name_of(vm, this))
        })
        .doc("The zone's name: its own, or UTC with the offset."),
        method("utcoffset", "($self, object, /)", |vm: &mut Vm, this: This<Timezone>, time: Value| {
            check_time(vm, "utcoffset", time)?;
            Ok::<_, stitch_runtime::Raised>(this.offset)
        })
        .doc("The offset."),
        method("dst", "($self, object, /)", |vm: &mut Vm, _: This<Timezone>, time: Value| check_time(vm, "dst", time))
            .doc("None."),
        method("fromutc", "($self, object, /)", from_utc).doc("The time of the zone that a time in UTC is."),
        method("__getinitargs__", "($self, /)", |vm: &mut Vm, this: This<Timezone>| {
            let parts = [this.offset, this.name];
            let n = if this.name.is_unbound() { 1 } else { 2 };
            vm.new_tuple(&parts[..n])
        })
        .doc("What makes it again."),
    ],
    ..TypeSpec::NEW
};

fn new(vm: &mut Vm, _: ClassOf<Timezone>, offset: Value, name: Option<Value>) -> PyResult {
    if !vm.is_a::<Delta>(offset) {
        let given = if offset.is_none() { "None".to_string() } else { vm.class_name(offset) };
        return Err(vm.raise_type(&format!("timezone() argument 1 must be datetime.timedelta, not {given}")));
    }
    match name {
        None => of_offset(vm, offset),
        Some(name) => {
            let name = super::arguments::text(vm, "timezone", 2, name)?.value();
            check_offset(vm, offset)?;
            new_timezone(vm, offset, name)
        }
    }
}

fn check_offset(vm: &mut Vm, offset: Value) -> PyResult<()> {
    let is_right = This::<Delta>::of(vm, offset).is_some_and(|delta| delta.span.is_within_a_day());
    if is_right { Ok(()) } else { Err(raise_too_far(vm, offset)) }
}

/// The zone of a timedelta, without a name of its own: of no offset there is one.
pub fn of_offset(vm: &mut Vm, offset: Value) -> PyResult {
    check_offset(vm, offset)?;
    let is_zero = This::<Delta>::of(vm, offset).is_some_and(|delta| delta.span.is_zero());
    if is_zero { Ok(State::of(vm).utc) } else { new_timezone(vm, offset, Value::UNBOUND) }
}

/// The zone of an offset that was read, or None.
pub fn of_parsed(vm: &mut Vm, offset: Option<Offset>) -> PyResult {
    match offset {
        None => Ok(Value::NONE),
        Some(Offset { seconds: 0, microseconds: 0 }) => Ok(State::of(vm).utc),
        Some(Offset { seconds, microseconds }) => {
            let offset = new_delta(vm, Span::normal(0, seconds, microseconds))?;
            of_offset(vm, offset)
        }
    }
}

/// The zone's own name, or UTC with the offset.
pub fn name_of(vm: &mut Vm, this: This<Timezone>) -> Value {
    if !this.name.is_unbound() {
        return this.name;
    }
    let mut out = Text::new();
    out.push_str("UTC");
    if let Some(offset) = This::<Delta>::of(vm, this.offset).filter(|delta| !delta.span.is_zero()) {
        write_offset(&mut out, offset.span, ":");
    }
    out.finish(vm)
}

fn check_time(vm: &mut Vm, method: &str, time: Value) -> PyResult<()> {
    if time.is_none() || vm.is_a::<DateTime>(time) {
        return Ok(());
    }
    let given = vm.class_name(time);
    Err(vm.raise_type(&format!("{method}(dt) argument must be a datetime instance or None, not {given}")))
}

fn from_utc(vm: &mut Vm, this: This<Timezone>, time: Value) -> PyResult {
    let time = of_zone(vm, this.value(), time)?;
    let span = This::<Delta>::expect(vm, this.offset).span;
    later(vm, time, span)
}

fn compare(vm: &mut Vm, operation: u32, this: This<Timezone>, other: Value) -> PyResult {
    let Some(other) = This::<Timezone>::of(vm, other).filter(|_| operation == cmp::EQ || operation == cmp::NE) else {
        return Ok(vm.not_implemented);
    };
    vm.compare_op(operation, this.offset, other.offset)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Timezone>) -> PyResult<()> {
    if this.value() == State::of(vm).utc {
        out.push_str("datetime.timezone.utc");
        return Ok(());
    }
    out.push_str("datetime.timezone(");
    vm.write_repr(out, this.offset)?;
    if !this.name.is_unbound() {
        out.push_str(", ");
        vm.write_repr(out, this.name)?;
    }
    out.push(')' as u32);
    Ok(())
}
