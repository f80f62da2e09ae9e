//! The type `date`.

use super::arguments::{civil, part, raise_missing, text};
use super::arithmetic::civil_plus;
use super::civil::{Civil, DateFault, IsoDay};
use super::clock::Clock;
use super::isoformat::write_date;
use super::objects::{DATE_LAYOUT, Date, DateTime, Delta, known_hash, make_date, new_date, new_delta};
use super::span::Span;
use super::strftime::{self, Owner};
use super::{iso_calendar, local, parse, pickle, timetuple};
use stitch_runtime::object::argument::{Class, ClassOf, Str, This, method};
use stitch_runtime::object::compare::order_satisfies;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{Slots, operators, slot};
use stitch_runtime::object::spec::{TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

pub static DATE: TypeSpec = TypeSpec {
    name: "date",
    module: "datetime",
    doc: "A day of the proleptic Gregorian calendar: date(year, month, day), of the years 1 to 9999.",
    layout: Some(DATE_LAYOUT),
    is_base: true,
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<Date>| -> PyResult<()> {
            let (name, civil) = (vm.class_name(this.value()), this.civil);
            out.push_str(&format!("{name}({}, {}, {})", civil.year(), civil.month(), civil.day()));
            Ok(())
        }),
        str: slot(|vm: &mut Vm, this: This<Date>| {
            if vm.is_exactly::<Date>(this.value()) {
                return Ok(iso_text(vm, this));
            }
            let method = vm.intern("isoformat");
            vm.call_method(this.value(), method, &[])
        }),
        hash: slot(|vm: &mut Vm, mut this: This<Date>| -> PyResult<i64> {
            if let Some(hash) = known_hash(this.hash) {
                return Ok(hash);
            }
            this.hash = vm.hash_data(&pickle::bytes_of_date(this.civil));
            Ok(this.hash)
        }),
        compare: slot(compare),
        binary: operators(&[(op::ADD, add), (op::SUBTRACT, subtract)]),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, year, month=None, day=None)", new)
            .nameless()
            .doc("The day of this number in the month of this number."),
    ),
    methods: METHODS,
    class_methods: CLASS_METHODS,
    getters: &[
        field("year", |this: This<Date>| this.civil.year()).doc("The year, from 1."),
        field("month", |this: This<Date>| this.civil.month()).doc("The month, from 1."),
        field("day", |this: This<Date>| this.civil.day()).doc("The day of the month, from 1."),
    ],
    ..TypeSpec::NEW
};

const CLASS_METHODS: &[NativeRow] = &[
    method("fromtimestamp", "($self, timestamp, /)", local::date_of_timestamp)
        .doc("The local date of so many seconds since the beginning of 1970 in UTC."),
    method("fromordinal", "($self, ordinal, /)", |vm: &mut Vm, class: Class, ordinal: Value| {
        let ordinal = part(vm, ordinal)?;
        if ordinal < 1 {
            return Err(vm.raise_value("ordinal must be >= 1"));
        }
        match Civil::from_ordinal(ordinal) {
            Some(civil) => make_date(vm, class.0, civil),
            None => {
                let message = DateFault::Year(Civil::year_of_ordinal(ordinal)).message();
                Err(vm.raise_value(&message))
            }
        }
    })
    .called("fromordinal()")
    .doc("The day of this number; 1 is 1 January of the year 1."),
    method("fromisoformat", "($self, object, /)", from_iso_format).doc("The date that ISO 8601 writes so."),
    method("fromisocalendar", "($self, year, week, day)", from_iso_calendar)
        .doc("The date of this year, week and weekday by ISO 8601."),
    method("strptime", "($self, string, format, /)", |vm: &mut Vm, class: Class, string: Value, format: Value| {
        strftime::parse(vm, "_strptime_datetime_date", class, string, format)
    })
    .called("strptime()")
    .doc("The date that a text says, by a format."),
    method("today", "($self, /)", local::today).doc("The local date that it is."),
];

const REPLACED: &str = "($self, /, year=unchanged, month=unchanged, day=unchanged)";

const METHODS: &[NativeRow] = &[
    method("ctime", "($self, /)", |this: This<Date>| timetuple::ctime(this.civil, Clock::default()))
        .doc("The date as C's ctime writes it."),
    method("strftime", "($self, format)", |vm: &mut Vm, this: This<Date>, format: Value| {
        let format = text(vm, "strftime", 1, format)?;
        let owner = Owner::of_date(vm, this);
        strftime::format(vm, owner, format)
    })
    .doc("The date as a format says."),
    method("__format__", "($self, format, /)", strftime::format_or_str)
        .called("__format__()")
        .doc("As strftime does, or str where the format is empty."),
    method("timetuple", "($self, /)", |vm: &mut Vm, this: This<Date>| {
        timetuple::struct_time(vm, this.civil, Clock::default(), -1)
    })
    .doc("Midnight of the day as a time.struct_time."),
    method("isocalendar", "($self, /)", |vm: &mut Vm, this: This<Date>| iso_calendar::new(vm, this.civil.iso()))
        .doc("Year, week and weekday by ISO 8601."),
    method("isoformat", "($self, /)", iso_text).doc("The date as YYYY-MM-DD."),
    method("isoweekday", "($self, /)", |this: This<Date>| this.civil.weekday() + 1)
        .doc("The day of the week; Monday is 1."),
    method("toordinal", "($self, /)", |this: This<Date>| this.civil.ordinal())
        .doc("The day's number; 1 is 1 January of the year 1."),
    method("weekday", "($self, /)", |this: This<Date>| this.civil.weekday()).doc("The day of the week; Monday is 0."),
    method("replace", REPLACED, replace).doc("The date with other parts."),
    method("__replace__", REPLACED, replace).called("replace()").doc("The date with other parts."),
    method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<Date>| {
        pickle::reduction(vm, this.value(), &pickle::bytes_of_date(this.civil), Value::NONE)
    })
    .doc("What makes it again."),
];

fn new(vm: &mut Vm, class: ClassOf<Date>, year: Value, month: Option<Value>, day: Option<Value>) -> PyResult {
    let (Some(month), Some(day)) = (month, day) else {
        if month.or(day).is_none()
            && let Some(civil) = pickle::date_state(vm, year)?
        {
            return new_date(vm, class.class, civil);
        }
        part(vm, year)?;
        return Err(if month.is_none() { raise_missing(vm, "month", 2) } else { raise_missing(vm, "day", 3) });
    };
    let (year, month, day) = (part(vm, year)?, part(vm, month)?, part(vm, day)?);
    let civil = civil(vm, year, month, day)?;
    new_date(vm, class.class, civil)
}

fn iso_text(vm: &mut Vm, this: This<Date>) -> Value {
    let mut out = Text::new();
    write_date(&mut out, this.civil);
    out.finish(vm)
}

fn from_iso_format(vm: &mut Vm, class: Class, given: Value) -> PyResult {
    let string = iso_argument(vm, given)?;
    let ascii = parse::ascii_of(string.view());
    let is_long_enough = matches!(ascii.len(), 7 | 8 | 10);
    // CPython does not mind what stands behind a short date.
    let Some((parts, _)) = parse::date(&ascii).filter(|_| is_long_enough) else {
        return Err(raise_malformed(vm, string));
    };
    let civil = civil(vm, parts.year, parts.month, parts.day)?;
    make_date(vm, class.0, civil)
}

/// The argument of `fromisoformat`.
pub fn iso_argument(vm: &mut Vm, given: Value) -> PyResult<Str> {
    Str::of(vm, given).ok_or_else(|| vm.raise_type("fromisoformat: argument must be str"))
}

/// ValueError: nothing that ISO 8601 knows.
pub fn raise_malformed(vm: &mut Vm, text: Str) -> stitch_runtime::Raised {
    match vm.repr_string(text.value()) {
        Ok(shown) => vm.raise_value(&format!("Invalid isoformat string: {shown}")),
        Err(raised) => raised,
    }
}

fn from_iso_calendar(vm: &mut Vm, class: Class, year: Value, week: Value, day: Value) -> PyResult {
    let mut parts = [0; 3];
    for (part_of_day, value) in parts.iter_mut().zip([year, week, day]) {
        *part_of_day = match part(vm, value) {
            Err(_) if vm.exception_matches(vm.exceptions.OverflowError) => {
                vm.clear_exception();
                return Err(vm.raise_value("ISO calendar component out of range"));
            }
            part => part?,
        };
    }
    let [year, week, weekday] = parts;
    match Civil::from_iso(IsoDay { year, week, weekday }) {
        Ok(civil) => make_date(vm, class.0, civil),
        Err(fault) => Err(vm.raise_value(&fault.message())),
    }
}

fn replace(vm: &mut Vm, this: This<Date>, year: Option<i32>, month: Option<i32>, day: Option<i32>) -> PyResult {
    let own = this.civil;
    let year = year.map_or(own.year(), i64::from);
    let month = month.map_or(own.month(), i64::from);
    let day = day.map_or(own.day(), i64::from);
    let civil = civil(vm, year, month, day)?;
    let class = vm.class_of(this.value());
    make_date(vm, class, civil)
}

fn compare(vm: &mut Vm, operation: u32, this: This<Date>, other: Value) -> PyResult {
    if let (Some(this), Some(other)) = (vm.exactly::<Date>(this.value()), vm.exactly::<Date>(other)) {
        let order = this.civil.packed().cmp(&other.civil.packed());
        return Ok(Value::bool(order_satisfies(operation, Some(order))));
    }
    match plain_date(vm, other) {
        Some(other) if !vm.is_a::<DateTime>(this.value()) => {
            let order = this.civil.packed().cmp(&other.packed());
            Ok(Value::bool(order_satisfies(operation, Some(order))))
        }
        _ => Ok(vm.not_implemented),
    }
}

/// The day of a date that is no datetime.
fn plain_date(vm: &Vm, value: Value) -> Option<Civil> {
    let date = This::<Date>::of(vm, value)?;
    (!vm.is_a::<DateTime>(value)).then_some(date.civil)
}

fn add(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let (date, by) = if vm.is_a::<Date>(lhs) { (lhs, rhs) } else { (rhs, lhs) };
    let (Some(civil), Some(by)) = (plain_date(vm, date), This::<Delta>::of(vm, by)) else {
        return Ok(vm.not_implemented);
    };
    let civil = civil_plus(vm, civil, by.span.days())?;
    let class = vm.class_of(date);
    make_date(vm, class, civil)
}

fn subtract(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let Some(civil) = plain_date(vm, lhs) else { return Ok(vm.not_implemented) };
    if let Some(other) = plain_date(vm, rhs) {
        return new_delta(vm, Span::normal(civil.ordinal() - other.ordinal(), 0, 0));
    }
    let Some(by) = This::<Delta>::of(vm, rhs) else { return Ok(vm.not_implemented) };
    let civil = civil_plus(vm, civil, -by.span.days())?;
    let class = vm.class_of(lhs);
    make_date(vm, class, civil)
}
