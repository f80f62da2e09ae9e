//! The type `datetime`.

use super::arguments::{civil, clock, fold, part, part_or_zero, raise_missing, zone, zone_or_none};
use super::arithmetic::moment_minus;
use super::civil::days_in_month;
use super::date::{DATE, iso_argument, raise_malformed};
use super::isoformat::{Precision, moment_text, precision};
use super::objects::{DATETIME_LAYOUT, Date, DateTime, Moment, Time, make_datetime, new_date, new_datetime, new_time};
use super::strftime::{self, Owner};
use super::time_of_day::{TIME, check_midnight};
use super::tzinfo::{Question, ask, ask_name, offset_of};
use super::{local, moment_operators, parse, pickle, timetuple, timezone};
use stitch_runtime::object::argument::{Class, ClassOf, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{Slots, operators, slot};
use stitch_runtime::object::spec::{TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

pub static DATETIME: TypeSpec = TypeSpec {
    name: "datetime",
    module: "datetime",
    doc: "A day and a time of it, maybe of a zone: datetime(year, month, day, hour, minute, second, microsecond, tzinfo).\n\nOf two times that the zone's clocks show alike the second has fold=1.",
    base: Some(&DATE),
    layout: Some(DATETIME_LAYOUT),
    is_base: true,
    slots: Slots {
        repr: slot(write_repr),
        str: slot(|vm: &mut Vm, this: This<DateTime>| {
            if vm.is_exactly::<DateTime>(this.value()) {
                return moment_text(vm, this.value(), this.moment(), ' ' as u32, Precision::Auto);
            }
            let (method, separator) = (vm.intern("isoformat"), vm.new_str(" "));
            vm.call_method(this.value(), method, &[separator])
        }),
        hash: slot(moment_operators::hash),
        compare: slot(moment_operators::compare),
        binary: operators(&[(op::ADD, moment_operators::add), (op::SUBTRACT, moment_operators::subtract)]),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, year, month=None, day=None, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)",
            new,
        )
        .nameless()
        .doc("The time of the day; without the last parts midnight."),
    ),
    methods: METHODS,
    class_methods: CLASS_METHODS,
    getters: &[
        field("hour", |this: This<DateTime>| this.clock.hour()).doc("The hour, from 0."),
        field("minute", |this: This<DateTime>| this.clock.minute()).doc("The minute of the hour."),
        field("second", |this: This<DateTime>| this.clock.second()).doc("The second of the minute."),
        field("microsecond", |this: This<DateTime>| this.clock.microsecond()).doc("The microsecond of the second."),
        field("tzinfo", |this: This<DateTime>| this.zone).doc("The zone, or None."),
        field("fold", |this: This<DateTime>| i64::from(this.fold))
            .doc("Of two times that clocks show alike: 1 for the second, else 0."),
    ],
    ..TypeSpec::NEW
};

const CLASS_METHODS: &[NativeRow] = &[
    method("now", "($self, /, tz=None)", local::now).doc("The time that it is, in a zone or in the local one."),
    method("utcnow", "($self, /)", local::utc_now).doc("The time that it is in UTC, without the zone."),
    method("fromtimestamp", "($self, /, timestamp, tz=None)", local::moment_of_timestamp)
        .doc("The time so many seconds after the beginning of 1970 in UTC, in a zone or in the local one."),
    method("utcfromtimestamp", "($self, timestamp, /)", local::utc_of_timestamp)
        .called("utcfromtimestamp()")
        .doc("The time so many seconds after the beginning of 1970 in UTC, without the zone."),
    method("strptime", "($self, string, format, /)", |vm: &mut Vm, class: Class, string: Value, format: Value| {
        strftime::parse(vm, "_strptime_datetime_datetime", class, string, format)
    })
    .called("strptime()")
    .doc("The time that a text says, by a format."),
    method("combine", "($self, /, date, time, tzinfo=time.tzinfo)", combine)
        .doc("A date and a time of day together, in the time's zone or another."),
    method("fromisoformat", "($self, object, /)", from_iso_format).doc("The time that ISO 8601 writes so."),
];

const REPLACED: &str = "($self, /, year=unchanged, month=unchanged, day=unchanged, hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)";

const METHODS: &[NativeRow] = &[
    method("date", "($self, /)", |vm: &mut Vm, this: This<DateTime>| {
        let class = vm.type_of_spec(&DATE);
        new_date(vm, class, this.civil)
    })
    .doc("The day."),
    method("time", "($self, /)", |vm: &mut Vm, this: This<DateTime>| {
        let class = vm.type_of_spec(&TIME);
        new_time(vm, class, this.clock, Value::NONE, this.fold)
    })
    .doc("The time of day, without the zone."),
    method("timetz", "($self, /)", |vm: &mut Vm, this: This<DateTime>| {
        let class = vm.type_of_spec(&TIME);
        new_time(vm, class, this.clock, this.zone, this.fold)
    })
    .doc("The time of day, with the zone."),
    method("ctime", "($self, /)", |this: This<DateTime>| timetuple::ctime(this.civil, this.clock))
        .doc("The time as C's ctime writes it."),
    method("timetuple", "($self, /)", |vm: &mut Vm, this: This<DateTime>| {
        // SAFETY: a datetime begins with a date.
        let date = unsafe { This::<Date>::of_known(this.value()) };
        let is_saving = Owner::of_date(vm, date).is_saving(vm)?;
        timetuple::struct_time(vm, this.civil, this.clock, is_saving)
    })
    .doc("The time as a time.struct_time."),
    method("timestamp", "($self, /)", local::timestamp).doc("Seconds since the beginning of 1970 in UTC."),
    method("utctimetuple", "($self, /)", |vm: &mut Vm, this: This<DateTime>| {
        let mut moment = this.moment();
        if let Some(offset) = offset_of(vm, moment.zone, this.value())? {
            moment = moment_minus(vm, moment, offset)?;
        }
        timetuple::struct_time(vm, moment.civil, moment.clock, 0)
    })
    .doc("The time in UTC as a time.struct_time."),
    method("isoformat", "($self, /, sep='T', timespec='auto')", iso_format)
        .doc("The time as ISO 8601 writes it, to the precision that timespec names, with sep before the time of day."),
    method("utcoffset", "($self, /)", |vm: &mut Vm, this: This<DateTime>| {
        ask(vm, this.zone, Question::Offset, this.value())
    })
    .doc("How far the zone's clocks are before UTC."),
    method("tzname", "($self, /)", |vm: &mut Vm, this: This<DateTime>| ask_name(vm, this.zone, this.value()))
        .doc("The zone's name."),
    method("dst", "($self, /)", |vm: &mut Vm, this: This<DateTime>| ask(vm, this.zone, Question::Saving, this.value()))
        .doc("What daylight saving adds to the offset."),
    method("replace", REPLACED, replace).doc("The time with other parts."),
    method("__replace__", REPLACED, replace).called("replace()").doc("The time with other parts."),
    method("astimezone", "($self, /, tz=None)", local::as_zone).doc("The same instant in another zone."),
    method("__reduce_ex__", "($self, protocol, /)", |vm: &mut Vm, this: This<DateTime>, protocol: i32| {
        reduce(vm, this, protocol.into())
    })
    .called("__reduce_ex__()")
    .doc("What makes it again, as a protocol of pickles has it."),
    method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<DateTime>| reduce(vm, this, 2))
        .doc("What makes it again."),
];

#[expect(clippy::too_many_arguments, reason = "one for each of the constructor's")]
fn new(
    vm: &mut Vm,
    class: ClassOf<DateTime>,
    year: Value,
    month: Option<Value>,
    day: Option<Value>,
    hour: Option<Value>,
    minute: Option<Value>,
    second: Option<Value>,
    microsecond: Option<Value>,
    tzinfo: Option<Value>,
    fold_given: Option<Value>,
) -> PyResult {
    let (Some(month), Some(day)) = (month, day) else {
        if day.or(hour).is_none()
            && let Some((civil, clock, fold)) = pickle::moment_state(vm, year)?
        {
            let zone = pickle::zone_of_state(vm, month.or(tzinfo))?;
            return new_datetime(vm, class.class, Moment { civil, clock, zone, fold });
        }
        part(vm, year)?;
        return Err(if month.is_none() { raise_missing(vm, "month", 2) } else { raise_missing(vm, "day", 3) });
    };
    let (year, month, day) = (part(vm, year)?, part(vm, month)?, part(vm, day)?);
    let mut parts = [0; 4];
    for (value, given) in parts.iter_mut().zip([hour, minute, second, microsecond]) {
        *value = part_or_zero(vm, given)?;
    }
    let fold_part = part_or_zero(vm, fold_given)?;
    let civil = civil(vm, year, month, day)?;
    let clock = clock(vm, parts)?;
    let fold = fold(vm, fold_part)?;
    let zone = zone_or_none(vm, tzinfo)?;
    new_datetime(vm, class.class, Moment { civil, clock, zone, fold })
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<DateTime>) -> PyResult<()> {
    let (civil, clock) = (this.civil, this.clock);
    let name = vm.class_name(this.value());
    out.push_str(&format!("{name}({}, {}, {}, ", civil.year(), civil.month(), civil.day()));
    super::time_of_day::write_parts(out, clock);
    if this.fold {
        out.push_str(", fold=1");
    }
    if !this.zone.is_none() {
        out.push_str(", tzinfo=");
        vm.write_repr(out, this.zone)?;
    }
    out.push(')' as u32);
    Ok(())
}

fn iso_format(vm: &mut Vm, this: This<DateTime>, sep: Option<Value>, timespec: Option<Value>) -> PyResult {
    let separator = match sep {
        None => 'T' as u32,
        Some(sep) => separator_of(vm, sep)?,
    };
    let precision = precision(vm, timespec, 2)?;
    moment_text(vm, this.value(), this.moment(), separator, precision)
}

fn separator_of(vm: &mut Vm, sep: Value) -> PyResult<u32> {
    let given = match Str::of(vm, sep) {
        Some(text) if text.view().len() == 1 => return Ok(text.view().at(0)),
        Some(text) => format!("a string of length {}", text.view().len()),
        None if sep.is_none() => "None".to_string(),
        None => vm.class_name(sep),
    };
    Err(vm.raise_type(&format!("isoformat() argument 1 must be a unicode character, not {given}")))
}

fn combine(vm: &mut Vm, class: Class, date: Value, time: Value, tzinfo: Option<Value>) -> PyResult {
    let misfit = |vm: &mut Vm, position, wanted, value: Value| {
        let given = if value.is_none() { "None".to_string() } else { vm.class_name(value) };
        vm.raise_type(&format!("combine() argument {position} must be datetime.{wanted}, not {given}"))
    };
    let Some(date) = This::<Date>::of(vm, date) else { return Err(misfit(vm, 1, "date", date)) };
    let Some(time) = This::<Time>::of(vm, time) else { return Err(misfit(vm, 2, "time", time)) };
    let zone = match tzinfo {
        None => time.zone,
        Some(given) => zone(vm, given)?,
    };
    make_datetime(vm, class.0, Moment { civil: date.civil, clock: time.clock, zone, fold: time.fold })
}

fn from_iso_format(vm: &mut Vm, class: Class, given: Value) -> PyResult {
    let string = iso_argument(vm, given)?;
    let Some((mut date, mut time)) = parse::moment(&parse::ascii_of(string.view())) else {
        return Err(raise_malformed(vm, string));
    };
    let zone = timezone::of_parsed(vm, time.offset)?;
    // The end of a day is the beginning of the next one.
    let is_month = (1..=12).contains(&date.month);
    if time.clock.hour == 24 && is_month && date.day <= days_in_month(date.year, date.month) {
        check_midnight(vm, &mut time.clock)?;
        date.day += 1;
        if date.day > days_in_month(date.year, date.month) {
            (date.month, date.day) = (date.month + 1, 1);
        }
        if date.month > 12 {
            (date.year, date.month) = (date.year + 1, 1);
        }
    }
    let civil = civil(vm, date.year, date.month, date.day)?;
    let clock = clock(vm, time.clock.all())?;
    make_datetime(vm, class.0, Moment { civil, clock, zone, fold: false })
}

#[expect(clippy::too_many_arguments, reason = "one for each of those of the method")]
fn replace(
    vm: &mut Vm,
    this: This<DateTime>,
    year: Option<i32>,
    month: Option<i32>,
    day: Option<i32>,
    hour: Option<i32>,
    minute: Option<i32>,
    second: Option<i32>,
    microsecond: Option<i32>,
    tzinfo: Option<Value>,
    fold_given: Option<i32>,
) -> PyResult {
    let own = this.moment();
    let or_own = |given: Option<i32>, own: i64| given.map_or(own, i64::from);
    let zone = tzinfo.map_or(Ok(own.zone), |given| zone(vm, given))?;
    let fold = fold(vm, or_own(fold_given, own.fold.into()))?;
    let civil =
        civil(vm, or_own(year, own.civil.year()), or_own(month, own.civil.month()), or_own(day, own.civil.day()))?;
    let parts = [
        or_own(hour, own.clock.hour()),
        or_own(minute, own.clock.minute()),
        or_own(second, own.clock.second()),
        or_own(microsecond, own.clock.microsecond()),
    ];
    let clock = clock(vm, parts)?;
    let class = vm.class_of(this.value());
    make_datetime(vm, class, Moment { civil, clock, zone, fold })
}

fn reduce(vm: &mut Vm, this: This<DateTime>, protocol: i64) -> PyResult {
    let fold = this.fold && protocol >= pickle::FOLD_PROTOCOL;
    pickle::reduction(vm, this.value(), &pickle::bytes_of_moment(this.civil, this.clock, fold), this.zone)
}
