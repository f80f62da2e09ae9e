//! Dates, times and offsets as ISO 8601 writes them.

use super::civil::Civil;
use super::clock::Clock;
use super::objects::Moment;
use super::span::Span;
use super::tzinfo::{Question, ask_span};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::{PyResult, Value, Vm};

/// How much of a time is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// Microseconds where there are any.
    Auto,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
    Microseconds,
}

const PRECISIONS: [(&str, Precision); 6] = [
    ("auto", Precision::Auto),
    ("hours", Precision::Hours),
    ("minutes", Precision::Minutes),
    ("seconds", Precision::Seconds),
    ("milliseconds", Precision::Milliseconds),
    ("microseconds", Precision::Microseconds),
];

/// The `timespec` of `isoformat`, which is the argument of this position.
pub fn precision(vm: &mut Vm, given: Option<Value>, position: usize) -> PyResult<Precision> {
    let Some(given) = given else { return Ok(Precision::Auto) };
    let name = super::arguments::text(vm, "isoformat", position, given)?.text();
    if name.contains('\0') {
        return Err(vm.raise_value("embedded null character"));
    }
    match PRECISIONS.iter().find(|(known, _)| *known == name) {
        Some(&(_, precision)) => Ok(precision),
        None => Err(vm.raise_value("Unknown timespec value")),
    }
}

fn write_digits(out: &mut Text, number: i64, n_digits: u32) {
    let mut power = 10i64.pow(n_digits - 1);
    while power > 0 {
        out.push(u32::from(b'0') + (number / power % 10) as u32);
        power /= 10;
    }
}

/// `07`.
pub fn write_two(out: &mut Text, number: i64) {
    out.push(u32::from(b'0') + (number / 10 % 10) as u32);
    out.push(u32::from(b'0') + (number % 10) as u32);
}

/// `0007`.
pub fn write_four(out: &mut Text, number: i64) {
    write_two(out, number / 100);
    write_two(out, number % 100);
}

/// `000007`.
pub fn write_six(out: &mut Text, number: i64) {
    write_digits(out, number, 6);
}

/// `2020-01-02`.
pub fn write_date(out: &mut Text, civil: Civil) {
    write_four(out, civil.year());
    out.push('-' as u32);
    write_two(out, civil.month());
    out.push('-' as u32);
    write_two(out, civil.day());
}

/// `03:04:05.000006`.
pub fn write_clock(out: &mut Text, clock: Clock, precision: Precision) {
    write_two(out, clock.hour());
    if precision == Precision::Hours {
        return;
    }
    out.push(':' as u32);
    write_two(out, clock.minute());
    if precision == Precision::Minutes {
        return;
    }
    out.push(':' as u32);
    write_two(out, clock.second());
    match precision {
        Precision::Milliseconds => {
            out.push('.' as u32);
            write_digits(out, clock.microsecond() / 1000, 3);
        }
        Precision::Auto if clock.microsecond() == 0 => {}
        Precision::Auto | Precision::Microseconds => {
            out.push('.' as u32);
            write_six(out, clock.microsecond());
        }
        Precision::Hours | Precision::Minutes | Precision::Seconds => {}
    }
}

/// `+05:00`, with seconds and microseconds where there are any.
pub fn write_offset(out: &mut Text, offset: Span, separator: &str) {
    out.push(if offset.is_negative() { '-' } else { '+' } as u32);
    let offset = offset.absolute().unwrap_or_default();
    let (minutes, second) = (offset.seconds() / 60, offset.seconds() % 60);
    write_two(out, minutes / 60);
    out.push_str(separator);
    write_two(out, minutes % 60);
    if (second, offset.microseconds()) == (0, 0) {
        return;
    }
    out.push_str(separator);
    write_two(out, second);
    if offset.microseconds() != 0 {
        out.push('.' as u32);
        write_six(out, offset.microseconds());
    }
}

/// The offset of a time's zone, if it has one.
pub fn write_offset_of(vm: &mut Vm, out: &mut Text, zone: Value, time: Value, separator: &str) -> PyResult<()> {
    if let Some(offset) = ask_span(vm, zone, Question::Offset, time)? {
        write_offset(out, offset, separator);
    }
    Ok(())
}

/// A whole datetime, `owner`, whose date and time are kept apart by a character.
pub fn moment_text(vm: &mut Vm, owner: Value, moment: Moment, separator: u32, precision: Precision) -> PyResult {
    let mut out = Text::new();
    write_date(&mut out, moment.civil);
    out.push(separator);
    write_clock(&mut out, moment.clock, precision);
    if !moment.zone.is_none() {
        write_offset_of(vm, &mut out, moment.zone, owner, ":")?;
    }
    Ok(out.finish(vm))
}
