//! Dates and times by a format, and out of text by one.
//!
//! What depends on no locale is written here; the C library does the rest, directive by directive.

use super::arguments::text;
use super::civil::Civil;
use super::clock::Clock;
use super::isoformat::{write_date, write_four, write_offset_of, write_six, write_two};
use super::objects::{Date, DateTime, Time};
use super::tzinfo::{Question, ask_name, ask_span};
use crate::time::{check_parts, parts_of};
use smallvec::SmallVec;
use std::ffi::CString;
use stitch_runtime::host::clock::{self, CalendarTime};
use stitch_runtime::object::argument::{Class, Str, This};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::StrObject;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

/// What is formatted.
#[derive(Clone, Copy)]
pub struct Owner {
    value: Value,
    civil: Civil,
    clock: Clock,
    /// None where there is no zone.
    zone: Value,
    /// What the zone is asked about.
    zone_argument: Value,
    /// Of a class that derives from the type: its `timetuple` is asked.
    has_own_tuple: bool,
}

impl Owner {
    /// Of a date, which may be a datetime.
    pub fn of_date(vm: &Vm, date: This<Date>) -> Owner {
        let value = date.value();
        let (clock, zone) = match This::<DateTime>::of(vm, value) {
            Some(time) => (time.clock, time.zone),
            None => (Clock::default(), Value::NONE),
        };
        let has_own_tuple = !vm.is_exactly::<Date>(value) && !vm.is_exactly::<DateTime>(value);
        Owner { value, civil: date.civil, clock, zone, zone_argument: value, has_own_tuple }
    }

    /// Of a time: one of the first day that C can tell.
    pub fn of_time(time: This<Time>) -> Owner {
        let (value, zone_argument) = (time.value(), Value::NONE);
        let civil = Civil::from_ordinal(FIRST_DAY_OF_C).unwrap_or(Civil::MIN);
        Owner { value, civil, clock: time.clock, zone: time.zone, zone_argument, has_own_tuple: false }
    }

    /// Is it daylight saving, as C has it?
    pub fn is_saving(self, vm: &mut Vm) -> PyResult<i64> {
        let saving = ask_span(vm, self.zone, Question::Saving, self.zone_argument)?;
        Ok(saving.map_or(-1, |saving| i64::from(!saving.is_zero())))
    }

    fn calendar_time(self, vm: &mut Vm) -> PyResult<CalendarTime> {
        if self.has_own_tuple {
            let method = vm.intern("timetuple");
            let tuple = vm.call_method(self.value, method, &[])?;
            let mut time = parts_of(vm, "strftime", tuple, &mut None)?;
            check_parts(vm, &mut time)?;
            time.tm_zone = std::ptr::null();
            return Ok(time);
        }
        let is_saving = if self.zone_argument.is_none() { -1 } else { self.is_saving(vm)? };
        // SAFETY: zeros are a `tm`.
        let mut time: CalendarTime = unsafe { std::mem::zeroed() };
        time.tm_year = self.civil.year() as i32 - 1900;
        time.tm_mon = self.civil.month() as i32 - 1;
        time.tm_mday = self.civil.day() as i32;
        time.tm_hour = self.clock.hour() as i32;
        time.tm_min = self.clock.minute() as i32;
        time.tm_sec = self.clock.second() as i32;
        time.tm_wday = (self.civil.weekday() as i32 + 1) % 7;
        time.tm_yday = self.civil.day_of_year() as i32 - 1;
        time.tm_isdst = is_saving as i32;
        Ok(time)
    }
}

/// 1 January 1900.
const FIRST_DAY_OF_C: i64 = 693_596;

/// `strftime`.
pub fn format(vm: &mut Vm, owner: Owner, format: Str) -> PyResult {
    let time = owner.calendar_time(vm)?;
    let format = format.view();
    let mut out = Text::new();
    let mut at = 0;
    while at < format.len() {
        let point = format.at(at);
        at += 1;
        if point != '%' as u32 {
            out.push(point);
            continue;
        }
        let directive = directive_at(format, at);
        if directive.is_empty() || !write_directive(vm, &mut out, owner, &time, &directive)? {
            write_by_c(vm, &mut out, &time, &directive)?;
        }
        at += directive.len();
    }
    Ok(out.finish(vm))
}

/// What follows a percent sign: flags, a width, a modifier, and a letter.
type Directive = SmallVec<[u8; 8]>;

fn directive_at(format: View<'_>, mut at: usize) -> Directive {
    let mut directive = Directive::new();
    let mut is_begun = false;
    while at < format.len() {
        let Ok(byte @ 1..=0x7F) = u8::try_from(format.at(at)) else { break };
        at += 1;
        directive.push(byte);
        let goes_on = match byte {
            b'-' | b'_' | b'0' | b'^' | b'#' | b'+' => true,
            b':' => !is_begun,
            b'1'..=b'9' => true,
            b'E' | b'O' => true,
            _ => false,
        };
        if !goes_on {
            break;
        }
        is_begun = true;
    }
    directive
}

/// Writes what a directive stands for, if it depends on no locale.
fn write_directive(vm: &mut Vm, out: &mut Text, owner: Owner, time: &CalendarTime, directive: &[u8]) -> PyResult<bool> {
    let (year, hour) = (i64::from(time.tm_year) + 1900, i64::from(time.tm_hour));
    let (month, day) = (i64::from(time.tm_mon) + 1, i64::from(time.tm_mday));
    let (minute, second) = (i64::from(time.tm_min), i64::from(time.tm_sec));
    match directive {
        b"Y" => write_year(out, year),
        b"m" => write_two(out, month),
        b"d" => write_two(out, day),
        b"H" => write_two(out, hour),
        b"M" => write_two(out, minute),
        b"S" => write_two(out, second),
        b"f" => write_six(out, owner.clock.microsecond()),
        b"y" => write_two(out, year.rem_euclid(100)),
        b"j" => {
            let day_of_year = i64::from(time.tm_yday) + 1;
            out.push('0' as u32 + (day_of_year / 100) as u32);
            write_two(out, day_of_year % 100);
        }
        b"%" => out.push('%' as u32),
        b"C" => out.push_str(&format!("{:02}", year.div_euclid(100))),
        b"F" if !owner.has_own_tuple => write_date(out, owner.civil),
        b"F" => {
            write_year(out, year);
            out.push_str(&format!("-{month:02}-{day:02}"));
        }
        b"T" => {
            write_two(out, hour);
            out.push(':' as u32);
            write_two(out, minute);
            out.push(':' as u32);
            write_two(out, second);
        }
        b"G" => {
            let digits = by_c(vm, time, b"G")?;
            let digits = String::from_utf8_lossy(&digits);
            out.push_str(&format!("{digits:0>4}"));
        }
        b"z" => write_offset_of(vm, out, owner.zone, owner.zone_argument, "")?,
        b":z" => write_offset_of(vm, out, owner.zone, owner.zone_argument, ":")?,
        b"Z" => {
            let name = ask_name(vm, owner.zone, owner.zone_argument)?;
            if let Some(name) = Str::of(vm, name) {
                check_name(vm, name)?;
                out.push_view(name.view());
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// A name of a class that derives from `str` has to be able to do what CPython has it do: to double its percent signs.
fn check_name(vm: &mut Vm, name: Str) -> PyResult<()> {
    if vm.is_exactly::<StrObject>(name.value()) {
        return Ok(());
    }
    let (method, sign, signs) = (vm.intern("replace"), vm.new_str("%"), vm.new_str("%%"));
    let doubled = vm.call_method(name.value(), method, &[sign, signs])?;
    match vm.is_str(doubled) {
        true => Ok(()),
        false => Err(vm.raise_type("tzname.replace() did not return a string")),
    }
}

fn write_year(out: &mut Text, year: i64) {
    match year {
        0..=9999 => write_four(out, year),
        _ => out.push_str(&format!("{year:04}")),
    }
}

fn by_c(vm: &mut Vm, time: &CalendarTime, directive: &[u8]) -> PyResult<Vec<u8>> {
    let mut format = vec![b'%'];
    format.extend_from_slice(directive);
    let format = CString::new(format).map_err(|_| vm.raise_value("embedded null character"))?;
    clock::format_time(&format, time).ok_or_else(|| vm.raise_memory())
}

fn write_by_c(vm: &mut Vm, out: &mut Text, time: &CalendarTime, directive: &[u8]) -> PyResult<()> {
    let bytes = by_c(vm, time, directive)?;
    if bytes.is_ascii() {
        bytes.iter().for_each(|&byte| out.push(byte.into()));
    } else {
        let text = vm.fs_decode(&bytes);
        out.push_view(vm.str_of(text).view());
    }
    Ok(())
}

/// `__format__`: `strftime`, or `str` where the format is empty.
pub fn format_or_str(vm: &mut Vm, owner: Value, given: Value) -> PyResult {
    let format_text = text(vm, "__format__", 1, given)?;
    if format_text.view().is_empty() {
        return vm.str(owner);
    }
    let method = vm.intern("strftime");
    vm.call_method(owner, method, &[given])
}

/// `strptime`, which a function of the library does.
pub fn parse(vm: &mut Vm, function: &str, class: Class, string: Value, format: Value) -> PyResult {
    text(vm, "strptime", 1, string)?;
    text(vm, "strptime", 2, format)?;
    let (module, function) = (vm.import_dotted("_strptime")?, vm.intern(function));
    vm.call_method(module, function, &[Value::object(class.0), string, format])
}
