//! The type `time`.

use super::arguments::{clock, fold, part_or_zero, text, zone, zone_or_none};
use super::clock::Clock;
use super::date::{iso_argument, raise_malformed};
use super::delta::hash_span;
use super::isoformat::{Precision, precision, write_clock, write_offset_of};
use super::objects::{TIME_LAYOUT, Time, known_hash, make_time, new_time};
use super::parse::{self, ClockParts};
use super::span::Span;
use super::strftime::{self, Owner};
use super::tzinfo::{Question, ask, ask_name, offset_of};
use super::{pickle, timezone};
use std::cmp::Ordering;
use stitch_runtime::object::argument::{Class, ClassOf, This, method};
use stitch_runtime::object::compare::{cmp, order_satisfies};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

pub static TIME: TypeSpec = TypeSpec {
    name: "time",
    module: "datetime",
    doc: "A time of any day, maybe of a zone: time(hour, minute, second, microsecond, tzinfo).\n\nOf two times that the zone's clocks show alike the second has fold=1.",
    layout: Some(TIME_LAYOUT),
    is_base: true,
    slots: Slots {
        repr: slot(write_repr),
        str: slot(|vm: &mut Vm, this: This<Time>| {
            if vm.is_exactly::<Time>(this.value()) {
                return iso_text(vm, this, Precision::Auto);
            }
            let method = vm.intern("isoformat");
            vm.call_method(this.value(), method, &[])
        }),
        hash: slot(hash),
        compare: slot(compare),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)", new)
            .nameless()
            .doc("The time of these parts."),
    ),
    methods: METHODS,
    class_methods: &[
        method("strptime", "($self, string, format, /)", |vm: &mut Vm, class: Class, string: Value, format: Value| {
            strftime::parse(vm, "_strptime_datetime_time", class, string, format)
        })
        .called("strptime()")
        .doc("The time that a text says, by a format."),
        method("fromisoformat", "($self, object, /)", from_iso_format).doc("The time that ISO 8601 writes so."),
    ],
    getters: &[
        field("hour", |this: This<Time>| this.clock.hour()).doc("The hour, from 0."),
        field("minute", |this: This<Time>| this.clock.minute()).doc("The minute of the hour."),
        field("second", |this: This<Time>| this.clock.second()).doc("The second of the minute."),
        field("microsecond", |this: This<Time>| this.clock.microsecond()).doc("The microsecond of the second."),
        field("tzinfo", |this: This<Time>| this.zone).doc("The zone, or None."),
        field("fold", |this: This<Time>| i64::from(this.fold))
            .doc("Of two times that clocks show alike: 1 for the second, else 0."),
    ],
    ..TypeSpec::NEW
};

const REPLACED: &str = "($self, /, hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)";

const METHODS: &[NativeRow] = &[
    method("isoformat", "($self, /, timespec='auto')", |vm: &mut Vm, this: This<Time>, timespec: Option<Value>| {
        let precision = precision(vm, timespec, 1)?;
        iso_text(vm, this, precision)
    })
    .doc("The time as ISO 8601 writes it, to the precision that timespec names."),
    method("strftime", "($self, format)", |vm: &mut Vm, this: This<Time>, format: Value| {
        let format = text(vm, "strftime", 1, format)?;
        strftime::format(vm, Owner::of_time(this), format)
    })
    .doc("The time as a format says."),
    method("__format__", "($self, format, /)", strftime::format_or_str)
        .called("__format__()")
        .doc("As strftime does, or str where the format is empty."),
    method("utcoffset", "($self, /)", |vm: &mut Vm, this: This<Time>| {
        ask(vm, this.zone, Question::Offset, Value::NONE)
    })
    .doc("How far the zone's clocks are before UTC, if that is always the same."),
    method("tzname", "($self, /)", |vm: &mut Vm, this: This<Time>| ask_name(vm, this.zone, Value::NONE))
        .doc("The zone's name."),
    method("dst", "($self, /)", |vm: &mut Vm, this: This<Time>| ask(vm, this.zone, Question::Saving, Value::NONE))
        .doc("What daylight saving adds to the offset."),
    method("replace", REPLACED, replace).doc("The time with other parts."),
    method("__replace__", REPLACED, replace).called("replace()").doc("The time with other parts."),
    method("__reduce_ex__", "($self, protocol, /)", |vm: &mut Vm, this: This<Time>, protocol: i32| {
        reduce(vm, this, protocol.into())
    })
    .called("__reduce_ex__()")
    .doc("What makes it again, as a protocol of pickles has it."),
    method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<Time>| reduce(vm, this, 2)).doc("What makes it again."),
];

#[expect(clippy::too_many_arguments, reason = "one for each of the constructor's")]
fn new(
    vm: &mut Vm,
    class: ClassOf<Time>,
    hour: Option<Value>,
    minute: Option<Value>,
    second: Option<Value>,
    microsecond: Option<Value>,
    tzinfo: Option<Value>,
    fold_given: Option<Value>,
) -> PyResult {
    if let Some(state) = hour.filter(|_| second.or(microsecond).or(fold_given).is_none())
        && let Some((clock, fold)) = pickle::time_state(vm, state)?
    {
        let zone = pickle::zone_of_state(vm, minute.or(tzinfo))?;
        return new_time(vm, class.class, clock, zone, fold);
    }
    let mut parts = [0; 4];
    for (value, given) in parts.iter_mut().zip([hour, minute, second, microsecond]) {
        *value = part_or_zero(vm, given)?;
    }
    let fold_part = part_or_zero(vm, fold_given)?;
    let clock = clock(vm, parts)?;
    let fold = fold(vm, fold_part)?;
    let zone = zone_or_none(vm, tzinfo)?;
    new_time(vm, class.class, clock, zone, fold)
}

/// `3, 4, 5, 6`, without seconds and microseconds that are zero.
pub fn write_parts(out: &mut Text, clock: Clock) {
    out.push_str(&format!("{}, {}", clock.hour(), clock.minute()));
    if (clock.second(), clock.microsecond()) != (0, 0) {
        out.push_str(&format!(", {}", clock.second()));
    }
    if clock.microsecond() != 0 {
        out.push_str(&format!(", {}", clock.microsecond()));
    }
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Time>) -> PyResult<()> {
    out.push_str(&vm.class_name(this.value()));
    out.push('(' as u32);
    write_parts(out, this.clock);
    if !this.zone.is_none() {
        out.push_str(", tzinfo=");
        vm.write_repr(out, this.zone)?;
    }
    out.push_str(if this.fold { ", fold=1)" } else { ")" });
    Ok(())
}

fn iso_text(vm: &mut Vm, this: This<Time>, precision: Precision) -> PyResult {
    let mut out = Text::new();
    write_clock(&mut out, this.clock, precision);
    write_offset_of(vm, &mut out, this.zone, Value::NONE, ":")?;
    Ok(out.finish(vm))
}

/// The hour 24 stands for midnight alone; ValueError for what is later.
pub fn check_midnight(vm: &mut Vm, parts: &mut ClockParts) -> PyResult<()> {
    if parts.all()[1..] != [0, 0, 0] {
        return Err(vm.raise_value("minute, second, and microsecond must be 0 when hour is 24"));
    }
    parts.hour = 0;
    Ok(())
}

fn from_iso_format(vm: &mut Vm, class: Class, given: Value) -> PyResult {
    let string = iso_argument(vm, given)?;
    let ascii = parse::ascii_of(string.view());
    let Some(mut parts) = parse::time(ascii.strip_prefix(b"T").unwrap_or(&ascii)) else {
        return Err(raise_malformed(vm, string));
    };
    if parts.clock.hour == 24 {
        check_midnight(vm, &mut parts.clock)?;
    }
    let zone = timezone::of_parsed(vm, parts.offset)?;
    let clock = clock(vm, parts.clock.all())?;
    make_time(vm, class.0, clock, zone, false)
}

#[expect(clippy::too_many_arguments, reason = "one for each of those of the method")]
fn replace(
    vm: &mut Vm,
    this: This<Time>,
    hour: Option<i32>,
    minute: Option<i32>,
    second: Option<i32>,
    microsecond: Option<i32>,
    tzinfo: Option<Value>,
    fold_given: Option<i32>,
) -> PyResult {
    let own = this.clock;
    let or_own = |given: Option<i32>, own: i64| given.map_or(own, i64::from);
    let zone = tzinfo.map_or(Ok(this.zone), |given| zone(vm, given))?;
    let fold = fold(vm, or_own(fold_given, this.fold.into()))?;
    let parts = [
        or_own(hour, own.hour()),
        or_own(minute, own.minute()),
        or_own(second, own.second()),
        or_own(microsecond, own.microsecond()),
    ];
    let clock = clock(vm, parts)?;
    let class = vm.class_of(this.value());
    make_time(vm, class, clock, zone, fold)
}

fn compare(vm: &mut Vm, operation: u32, this: This<Time>, other: Value) -> PyResult {
    let Some(other) = This::<Time>::of(vm, other) else { return Ok(vm.not_implemented) };
    let (mut a, mut b) = (this.clock.microseconds(), other.clock.microseconds());
    if this.zone != other.zone {
        let a_offset = offset_of(vm, this.zone, Value::NONE)?;
        let b_offset = offset_of(vm, other.zone, Value::NONE)?;
        match (a_offset, b_offset) {
            (Some(a_offset), Some(b_offset)) if a_offset != b_offset => {
                // Less than a day, in a word by far.
                a -= a_offset.total_word().unwrap_or_default();
                b -= b_offset.total_word().unwrap_or_default();
            }
            _ if a_offset == b_offset => {}
            _ if operation == cmp::EQ || operation == cmp::NE => {
                return Ok(Value::bool(order_satisfies(operation, Some(Ordering::Less))));
            }
            _ => return Err(vm.raise_type("can't compare offset-naive and offset-aware times")),
        }
    }
    Ok(Value::bool(order_satisfies(operation, Some(a.cmp(&b)))))
}

/// Of times that are equal the same, whatever their zones.
fn hash(vm: &mut Vm, mut this: This<Time>) -> PyResult<i64> {
    if let Some(hash) = known_hash(this.hash) {
        return Ok(hash);
    }
    this.hash = match offset_of(vm, this.zone, Value::NONE)? {
        None => vm.hash_data(&pickle::bytes_of_time(this.clock, false)),
        Some(offset) => {
            let since = Span::normal(0, 0, this.clock.microseconds());
            hash_span(vm, since.and_then(|since| since.minus(offset)).unwrap_or_default())
        }
    };
    Ok(this.hash)
}

fn reduce(vm: &mut Vm, this: This<Time>, protocol: i64) -> PyResult {
    let fold = this.fold && protocol >= pickle::FOLD_PROTOCOL;
    pickle::reduction(vm, this.value(), &pickle::bytes_of_time(this.clock, fold), this.zone)
}
