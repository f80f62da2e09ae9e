//! What the objects of the module have in memory, and how they are made.
//!
//! ```text
//!   date      | header | (no zone) | hash | civil |
//!   datetime  | header | zone      | hash | civil | clock | fold |     a date is its beginning
//!   time      | header | zone      | hash | clock | fold |
//!   timedelta | header | hash | span |
//!   timezone  | header | offset | name |                               a tzinfo is its beginning
//! ```

use super::civil::Civil;
use super::clock::Clock;
use super::date::DATE;
use super::delta::TIMEDELTA;
use super::moment::DATETIME;
use super::span::{Span, SpanFault};
use super::time_of_day::TIME;
use super::timezone::TIMEZONE;
use super::tzinfo::TZINFO;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::class::class_ref;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// No object has this hash: it was not asked for yet.
const UNKNOWN: i64 = -1;

#[repr(C)]
pub struct Date {
    header: Header,
    /// Unbound: only what begins with a date has one.
    zone: Value,
    pub hash: i64,
    pub civil: Civil,
}

#[repr(C)]
pub struct DateTime {
    header: Header,
    /// A tzinfo or None.
    pub zone: Value,
    pub hash: i64,
    pub civil: Civil,
    pub clock: Clock,
    /// Is it the second of two times that the zone's clocks show alike?
    pub fold: bool,
}

#[repr(C)]
pub struct Time {
    header: Header,
    /// A tzinfo or None.
    pub zone: Value,
    pub hash: i64,
    pub clock: Clock,
    pub fold: bool,
}

#[repr(C)]
pub struct Delta {
    header: Header,
    pub hash: i64,
    pub span: Span,
}

#[repr(C)]
pub struct TzInfo {
    header: Header,
}

#[repr(C)]
pub struct Timezone {
    header: Header,
    /// A timedelta.
    pub offset: Value,
    /// A str, or unbound.
    pub name: Value,
}

pub const DATE_LAYOUT: Layout = Layout::of::<Date>(1);
pub const DATETIME_LAYOUT: Layout = Layout::of::<DateTime>(1);
pub const TIME_LAYOUT: Layout = Layout::of::<Time>(1);
pub const TIMEDELTA_LAYOUT: Layout = Layout::of::<Delta>(0);
pub const TZINFO_LAYOUT: Layout = Layout::of::<TzInfo>(0);
pub const TIMEZONE_LAYOUT: Layout = Layout::of::<Timezone>(2);

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it, datetimes included.
unsafe impl Object for Date {
    const SPEC: &'static TypeSpec = &DATE;
}
// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for DateTime {
    const SPEC: &'static TypeSpec = &DATETIME;
}
// SAFETY: as of datetimes.
unsafe impl Object for Time {
    const SPEC: &'static TypeSpec = &TIME;
}
// SAFETY: as of datetimes.
unsafe impl Object for Delta {
    const SPEC: &'static TypeSpec = &TIMEDELTA;
}
// SAFETY: as of datetimes; timezones included.
unsafe impl Object for TzInfo {
    const SPEC: &'static TypeSpec = &TZINFO;
}
// SAFETY: as of datetimes.
unsafe impl Object for Timezone {
    const SPEC: &'static TypeSpec = &TIMEZONE;
}

/// A point of local time: what a datetime is but for its class.
#[derive(Clone, Copy)]
pub struct Moment {
    pub civil: Civil,
    pub clock: Clock,
    pub zone: Value,
    pub fold: bool,
}

impl TzInfo {
    pub fn new(header: Header) -> TzInfo {
        TzInfo { header }
    }
}

impl DateTime {
    pub fn moment(&self) -> Moment {
        Moment { civil: self.civil, clock: self.clock, zone: self.zone, fold: self.fold }
    }
    /// Takes another zone: only what nobody else has seen yet does.
    pub fn set_zone(vm: &mut Vm, mut this: This<DateTime>, zone: Value) {
        this.zone = zone;
        this.hash = UNKNOWN;
        vm.barrier(this.pointer());
    }
}

/// The hash that an object has once it was asked for.
pub fn known_hash(cell: i64) -> Option<i64> {
    (cell != UNKNOWN).then_some(cell)
}

fn is_own(class: *mut TypeObject, spec: &'static TypeSpec) -> bool {
    class_ref(class).is_of(spec)
}

pub fn new_date(vm: &mut Vm, class: *mut TypeObject, civil: Civil) -> PyResult {
    vm.new_object(class, |header| Date { header, zone: Value::UNBOUND, hash: UNKNOWN, civil })
}

pub fn new_datetime(vm: &mut Vm, class: *mut TypeObject, moment: Moment) -> PyResult {
    let Moment { civil, clock, zone, fold } = moment;
    vm.new_object(class, |header| DateTime { header, zone, hash: UNKNOWN, civil, clock, fold })
}

pub fn new_time(vm: &mut Vm, class: *mut TypeObject, clock: Clock, zone: Value, fold: bool) -> PyResult {
    vm.new_object(class, |header| Time { header, zone, hash: UNKNOWN, clock, fold })
}

pub fn new_delta_of(vm: &mut Vm, class: *mut TypeObject, span: Result<Span, SpanFault>) -> PyResult {
    match span {
        Ok(span) => vm.new_object(class, |header| Delta { header, hash: UNKNOWN, span }),
        Err(fault) => Err(vm.raise_overflow(&fault.message())),
    }
}

/// A timedelta of the type itself.
pub fn new_delta(vm: &mut Vm, span: Result<Span, SpanFault>) -> PyResult {
    let class = vm.type_of_spec(&TIMEDELTA);
    new_delta_of(vm, class, span)
}

pub fn new_timezone(vm: &mut Vm, offset: Value, name: Value) -> PyResult {
    let class = vm.type_of_spec(&TIMEZONE);
    vm.new_object(class, |header| Timezone { header, offset, name })
}

/// A date of a class: one that derives from the type is called.
pub fn make_date(vm: &mut Vm, class: *mut TypeObject, civil: Civil) -> PyResult {
    if is_own(class, &DATE) {
        return new_date(vm, class, civil);
    }
    if is_own(class, &DATETIME) {
        return new_datetime(vm, class, Moment { civil, clock: Clock::default(), zone: Value::NONE, fold: false });
    }
    let parts = [civil.year(), civil.month(), civil.day()].map(Value::small_int);
    vm.call(Value::object(class), &parts)
}

/// A datetime of a class: one that derives from the type is called.
pub fn make_datetime(vm: &mut Vm, class: *mut TypeObject, moment: Moment) -> PyResult {
    if is_own(class, &DATETIME) {
        return new_datetime(vm, class, moment);
    }
    let Moment { civil, clock, zone, fold } = moment;
    let [year, month, day] = [civil.year(), civil.month(), civil.day()].map(Value::small_int);
    let [hour, minute, second, microsecond] = clock_parts(clock);
    call_with_fold(vm, class, [year, month, day, hour, minute, second, microsecond, zone, FOLDED], fold)
}

/// A time of a class: one that derives from the type is called.
pub fn make_time(vm: &mut Vm, class: *mut TypeObject, clock: Clock, zone: Value, fold: bool) -> PyResult {
    if is_own(class, &TIME) {
        return new_time(vm, class, clock, zone, fold);
    }
    let [hour, minute, second, microsecond] = clock_parts(clock);
    call_with_fold(vm, class, [hour, minute, second, microsecond, zone, FOLDED], fold)
}

/// The last of the values that `call_with_fold` gets.
const FOLDED: Value = Value::small_int(1);

/// Calls a class, with the last value by the name `fold` where there is one.
fn call_with_fold<const N: usize>(vm: &mut Vm, class: *mut TypeObject, values: [Value; N], fold: bool) -> PyResult {
    let class = Value::object(class);
    if !fold {
        return vm.call(class, &values[..N - 1]);
    }
    let name = vm.intern("fold");
    let names = vm.new_tuple(&[name]);
    vm.call_with(class, Arguments { values: &values, names })
}

fn clock_parts(clock: Clock) -> [Value; 4] {
    [clock.hour(), clock.minute(), clock.second(), clock.microsecond()].map(Value::small_int)
}
