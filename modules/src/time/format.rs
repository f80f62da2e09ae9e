//! Times as text.

use super::calendar::{check_parts, parts_of, seconds_of};
use crate::posix::OrRaise;
use std::ffi::CString;
use stitch_runtime::host::clock::{self, CalendarTime};
use stitch_runtime::object::argument::{Rest, Str, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("asctime", "(tuple=None, /)", |vm: &mut Vm, tuple: Option<Value>| {
        let mut zone = None;
        let time = given_or_now(vm, "asctime", tuple, &mut zone)?;
        Ok::<String, stitch_runtime::Raised>(text_of(&time))
    })
    .doc("A time as `Sat Jun  6 16:26:11 1998`."),
    method("ctime", "(seconds=None, /)", |vm: &mut Vm, seconds: Option<Value>| -> PyResult<String> {
        let seconds = seconds_of(vm, seconds)?;
        Ok(text_of(&clock::local_time(seconds).or_raise(vm)?))
    })
    .doc("Seconds as text, in the local zone."),
    method("strftime", "(format, tuple=None, /)", format).doc("A time as a format says."),
    method("strptime", "(*args)", |vm: &mut Vm, arguments: Rest| {
        let (module, parse) = (vm.import_dotted("_strptime")?, vm.intern("_strptime_time"));
        vm.call_method(module, parse, arguments.items())
    })
    .doc("The time that a text says, by a format."),
];

fn given_or_now(
    vm: &mut Vm,
    function: &str,
    tuple: Option<Value>,
    zone: &mut Option<CString>,
) -> PyResult<CalendarTime> {
    match tuple {
        Some(tuple) => {
            let mut time = parts_of(vm, function, tuple, zone)?;
            check_parts(vm, &mut time)?;
            Ok(time)
        }
        None => {
            let now = seconds_of(vm, None)?;
            clock::local_time(now).or_raise(vm)
        }
    }
}

fn text_of(time: &CalendarTime) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, month) = (DAYS[time.tm_wday as usize % 7], MONTHS[time.tm_mon as usize % 12]);
    let year = i64::from(time.tm_year) + 1900;
    format!("{day} {month}{:3} {:02}:{:02}:{:02} {year}", time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec)
}

fn format(vm: &mut Vm, format: Str, tuple: Option<Value>) -> PyResult {
    let mut zone = None;
    let mut time = given_or_now(vm, "strftime", tuple, &mut zone)?;
    time.tm_isdst = time.tm_isdst.clamp(-1, 1);
    let format = vm.fs_encode(format.value())?;
    let mut text = Vec::new();
    // What lies between NULs is formatted piece by piece.
    for (at, piece) in format.split(|&byte| byte == 0).enumerate() {
        if at > 0 {
            text.push(0);
        }
        if !piece.is_empty() {
            let piece = CString::new(piece).map_err(|_| vm.raise_value("embedded null character"))?;
            match clock::format_time(&piece, &time) {
                Some(formatted) => text.extend(formatted),
                None => return Err(vm.raise_memory()),
            }
        }
    }
    Ok(vm.fs_decode(&text))
}
