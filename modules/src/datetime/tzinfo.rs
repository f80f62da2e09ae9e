//! The type `tzinfo`, and what zones are asked: offset, name, and the part of the offset that daylight saving is.

use super::arithmetic::moment_plus;
use super::objects::{DateTime, Delta, TZINFO_LAYOUT, Timezone, TzInfo, make_datetime, new_delta};
use super::span::Span;
use super::timezone;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static TZINFO: TypeSpec = TypeSpec {
    name: "tzinfo",
    module: "datetime",
    doc: "What zones of time derive from: classes that know offset and name of a zone at any time.",
    layout: Some(TZINFO_LAYOUT),
    is_base: true,
    new: Some(
        method("__new__", "($type, *args, **kwargs)", |vm: &mut Vm, class: ClassOf<TzInfo>, _: Rest, _: Keywords| {
            vm.new_object(class.class, TzInfo::new)
        })
        .doc("One that knows nothing; arguments are for the classes that derive from it."),
    ),
    methods: &[
        method("tzname", "($self, object, /)", |vm: &mut Vm, _: This<TzInfo>, _: Value| refuse(vm, "tzname"))
            .doc("The name of the zone at a time."),
        method("utcoffset", "($self, object, /)", |vm: &mut Vm, _: This<TzInfo>, _: Value| refuse(vm, "utcoffset"))
            .doc("How far the zone's clocks are before UTC at a time: a timedelta, negative west of UTC."),
        method("dst", "($self, object, /)", |vm: &mut Vm, _: This<TzInfo>, _: Value| refuse(vm, "dst"))
            .doc("What daylight saving adds to the offset at a time, a timedelta."),
        method("fromutc", "($self, object, /)", from_utc).doc("The time of the zone that a time in UTC is."),
        method("__reduce__", "($self, /)", reduce).doc("What makes it again."),
    ],
    ..TypeSpec::NEW
};

fn refuse(vm: &mut Vm, method: &str) -> PyResult {
    Err(vm.raise_not_implemented(&format!("a tzinfo subclass must implement {method}()")))
}

/// What a zone is asked that it answers with a timedelta or None.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Question {
    Offset,
    Saving,
}

impl Question {
    fn method(self) -> &'static str {
        match self {
            Question::Offset => "utcoffset",
            Question::Saving => "dst",
        }
    }
}

/// The answer of a zone (None: there is no zone) for a time: a timedelta of less than a day, or None.
pub fn ask(vm: &mut Vm, zone: Value, question: Question, time: Value) -> PyResult {
    if zone.is_none() {
        return Ok(Value::NONE);
    }
    if let Some(fixed) = This::<Timezone>::of(vm, zone) {
        return Ok(if question == Question::Offset { fixed.offset } else { Value::NONE });
    }
    let method = vm.intern(question.method());
    let answer = vm.call_method(zone, method, &[time])?;
    if answer.is_none() {
        return Ok(answer);
    }
    match This::<Delta>::of(vm, answer) {
        Some(delta) if delta.span.is_within_a_day() => Ok(answer),
        Some(_) => Err(raise_too_far(vm, answer)),
        None => {
            let (method, given) = (question.method(), vm.class_name(answer));
            Err(vm.raise_type(&format!("tzinfo.{method}() must return None or timedelta, not '{given}'")))
        }
    }
}

/// ValueError: an offset is a day or more.
pub fn raise_too_far(vm: &mut Vm, offset: Value) -> Raised {
    let shown = match vm.repr_string(offset) {
        Ok(shown) => shown,
        Err(raised) => return raised,
    };
    vm.raise_value(&format!(
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {shown}"
    ))
}

/// The same as a span.
pub fn ask_span(vm: &mut Vm, zone: Value, question: Question, time: Value) -> PyResult<Option<Span>> {
    let answer = ask(vm, zone, question, time)?;
    Ok(This::<Delta>::of(vm, answer).map(|delta| delta.span))
}

/// The name that a zone has for a time: a str, or None.
pub fn ask_name(vm: &mut Vm, zone: Value, time: Value) -> PyResult {
    if zone.is_none() {
        return Ok(Value::NONE);
    }
    if let Some(fixed) = This::<Timezone>::of(vm, zone) {
        return Ok(timezone::name_of(vm, fixed));
    }
    let method = vm.intern("tzname");
    let name = vm.call_method(zone, method, &[time])?;
    if name.is_none() || vm.is_str(name) {
        return Ok(name);
    }
    let given = vm.class_name(name);
    Err(vm.raise_type(&format!("tzinfo.tzname() must return None or a string, not '{given}'")))
}

/// The datetime of an argument of `fromutc`, which has to have the zone itself.
pub fn of_zone(vm: &mut Vm, zone: Value, time: Value) -> PyResult<This<DateTime>> {
    let Some(time) = This::<DateTime>::of(vm, time) else {
        return Err(vm.raise_type("fromutc: argument must be a datetime"));
    };
    if time.zone != zone {
        return Err(vm.raise_value("fromutc: dt.tzinfo is not self"));
    }
    Ok(time)
}

/// A datetime of the same class so much later.
pub fn later(vm: &mut Vm, time: This<DateTime>, by: Span) -> PyResult {
    let moment = moment_plus(vm, time.moment(), by)?;
    let class = vm.class_of(time.value());
    make_datetime(vm, class, moment)
}

fn from_utc(vm: &mut Vm, this: This<TzInfo>, time: Value) -> PyResult {
    let time = of_zone(vm, this.value(), time)?;
    let Some(offset) = ask_span(vm, time.zone, Question::Offset, time.value())? else {
        return Err(vm.raise_value("fromutc: non-None utcoffset() result required"));
    };
    let Some(saving) = ask_span(vm, time.zone, Question::Saving, time.value())? else {
        return Err(vm.raise_value("fromutc: non-None dst() result required"));
    };
    // Standard time tells whether it is time for daylight saving.
    let standard = offset.minus(saving).map_err(|fault| vm.raise_overflow(&fault.message()))?;
    let result = later(vm, time, standard)?;
    let saving = ask_span(vm, time.zone, Question::Saving, result)?;
    match (saving, This::<DateTime>::of(vm, result)) {
        (Some(saving), _) if saving.is_zero() => Ok(result),
        (Some(saving), Some(time)) => later(vm, time, saving),
        _ => Err(vm.raise_value("fromutc: tz.dst() gave inconsistent results; cannot convert")),
    }
}

fn reduce(vm: &mut Vm, this: This<TzInfo>) -> PyResult {
    let (init_args, get_state) = (vm.intern("__getinitargs__"), vm.intern("__getstate__"));
    let args = match vm.get_attr_opt(this.value(), init_args)? {
        Some(method) => vm.call(method, &[])?,
        None => vm.new_tuple(&[]),
    };
    let state = vm.call_method(this.value(), get_state, &[])?;
    let class = Value::object(vm.class_of(this.value()));
    Ok(vm.new_tuple(&[class, args, state]))
}

/// `utcoffset()` and `dst()` of times: what the zone says.
pub fn offset_of(vm: &mut Vm, zone: Value, time: Value) -> PyResult<Option<Span>> {
    ask_span(vm, zone, Question::Offset, time)
}

/// A new timedelta of an offset from UTC in seconds.
pub fn offset_in_seconds(vm: &mut Vm, seconds: i64) -> PyResult {
    new_delta(vm, Span::normal(0, seconds, 0))
}
