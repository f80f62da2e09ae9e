//! `SyntaxError`: its fields and its text.

use super::{ThisException, init, refuse_keywords};
use crate::object::exception::{Fields, kinds};
use crate::object::layout::MemberKind::Field;
use crate::object::slots::{Slots, slot};
use crate::object::spec::TypeSpec;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const MESSAGE: usize = 0;
const FILENAME: usize = 1;
const LINENO: usize = 2;
/// Line and column where the statement begins that is wrong, and the source or None.
pub(crate) const STATEMENT: usize = 8;
/// Where a place's end begins: both of it are given, or none.
const N_BEFORE_END: usize = 4;
const MAX_DETAILS: usize = 7;

pub const SYNTAX_ERROR: TypeSpec = TypeSpec {
    fields: Some(Fields {
        names: &[
            ("msg", Field),
            ("filename", Field),
            ("lineno", Field),
            ("offset", Field),
            ("text", Field),
            ("end_lineno", Field),
            ("end_offset", Field),
            ("print_file_and_line", Field),
            ("_metadata", Field),
        ],
        fill,
    }),
    slots: Slots { str: slot(str), ..Slots::NONE },
    methods: &[init::<kinds::SyntaxError>()],
    ..TypeSpec::NEW
};

/// A message, and the details in a sequence: file, line, offset, text and, where it is known, the end.
fn fill(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
    refuse_keywords(vm, exception, keywords)?;
    if let Some(&message) = args.first() {
        vm.set_exception_field(exception, MESSAGE, message);
    }
    let &[_, details] = args else { return Ok(()) };
    let details = vm.collect_tuple(details)?;
    let details = vm.tuple_items(details);
    let bound = match details.len() {
        ..N_BEFORE_END => Some(("least", N_BEFORE_END)),
        n if n > MAX_DETAILS => Some(("most", MAX_DETAILS)),
        _ => None,
    };
    if let Some((bound, limit)) = bound {
        let message = format!("function takes at {bound} {limit} arguments ({} given)", details.len());
        return Err(vm.raise_type(&message));
    }
    if details.len() == N_BEFORE_END + 1 {
        return Err(vm.raise_type("end_offset must be provided when end_lineno is provided"));
    }
    for (i, &detail) in details.iter().enumerate() {
        // `print_file_and_line` stands between the place and what is only for those who make the exception.
        let place = FILENAME + i + (i == MAX_DETAILS - 1) as usize;
        vm.set_exception_field(exception, place, detail);
    }
    Ok(())
}

/// `message (file, line n)`, as much of it as is known.
fn str(vm: &mut Vm, this: ThisException) -> PyResult {
    let exception = this.value();
    let message = vm.exception_field(exception, MESSAGE).unwrap_or(Value::NONE);
    let mut text = vm.str_string(message)?;
    let file = vm.exception_field(exception, FILENAME).filter(|&file| vm.is_str(file));
    let file = file.map(|file| vm.string_of(file).rsplit('/').next().unwrap_or_default().to_string());
    let line = vm.exception_field(exception, LINENO).and_then(Value::to_small_int);
    match (file, line) {
        (Some(file), Some(line)) => text.push_str(&format!(" ({file}, line {line})")),
        (Some(file), None) => text.push_str(&format!(" ({file})")),
        (None, Some(line)) => text.push_str(&format!(" (line {line})")),
        (None, None) => {}
    }
    Ok(vm.new_str(&text))
}
