//! `sub` and `subn`.

use super::matched::{self, Match};
use super::pattern::{Pattern, each_match};
use super::search::{Matcher, Span};
use super::subject::Subject;
use super::template::{self, Template};
use stitch_runtime::object::argument::{Index, Str, This};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Value, Vm};

/// What stands in place of a match.
enum Replacement {
    Text(Value),
    Template(This<Template>),
    Function(Value),
}

/// Has it a backslash, by which templates are known? `None`: it is no text.
fn has_backslash(vm: &mut Vm, value: Value) -> Option<bool> {
    if let Some(text) = Str::of(vm, value) {
        return Some(text.view().code_points().any(|point| point == '\\' as u32));
    }
    if !vm.is_bytes_like(value) {
        return None;
    }
    match BytesLike::of(vm, value) {
        Ok(bytes) => Some(bytes.contains(&b'\\')),
        Err(_) => {
            vm.clear_exception();
            None
        }
    }
}

fn replacement(vm: &mut Vm, pattern: This<Pattern>, value: Value) -> PyResult<Replacement> {
    if vm.slots_of(value).call.is_some() {
        return Ok(Replacement::Function(value));
    }
    if has_backslash(vm, value) == Some(false) {
        return Ok(Replacement::Text(value));
    }
    let compiled = template::compile(vm, pattern, value)?;
    Ok(match This::<Template>::of(vm, compiled) {
        Some(template) => match template.literal(vm) {
            Some(text) => Replacement::Text(text),
            None => Replacement::Template(template),
        },
        None if vm.slots_of(compiled).call.is_some() => Replacement::Function(compiled),
        None => Replacement::Text(compiled),
    })
}

/// The string with its matches replaced, and how many they were.
pub fn substitute(
    vm: &mut Vm,
    pattern: This<Pattern>,
    value: Value,
    string: Value,
    count: Option<Index>,
) -> PyResult<(Value, usize)> {
    let replacement = replacement(vm, pattern, value)?;
    let subject = Subject::for_pattern(vm, pattern, string)?;
    let limits = Span { start: 0, end: subject.len() };
    let most = match count.map_or(0, |count| count.0) {
        0 => i64::MAX,
        most => most,
    };
    let mut out = subject.joined();
    let (mut last, mut n) = (0, 0);
    let mut matcher = Matcher::new(pattern.program(), subject.units(), limits.end);
    if most > 0 {
        each_match(vm, &mut matcher, 0, |vm, matcher, span| {
            if last < span.start {
                out.push_part(&subject, Span { start: last, end: span.start });
            }
            match replacement {
                Replacement::Text(text) => {
                    if !text.is_none() {
                        out.push_value(vm, text);
                    }
                }
                Replacement::Template(template) => {
                    let found = matched::new(vm, pattern, string, span, matcher, limits)?;
                    let found = This::<Match>::of(vm, found).expect("a match was made");
                    Template::push(vm, template, &mut out, found)?;
                }
                Replacement::Function(function) => {
                    let found = matched::new(vm, pattern, string, span, matcher, limits)?;
                    let text = vm.call(function, &[found])?;
                    if !text.is_none() {
                        out.push_value(vm, text);
                    }
                }
            }
            last = span.end;
            n += 1;
            Ok((n as i64) < most)
        })?;
    }
    if n == 0 {
        return Ok((subject.slice(vm, limits)?, 0));
    }
    if last < limits.end {
        out.push_part(&subject, Span { start: last, end: limits.end });
    }
    Ok((out.finish(vm)?, n))
}
