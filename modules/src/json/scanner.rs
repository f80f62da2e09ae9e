//! `make_scanner`: what reads one JSON value of a text.

use super::error::Failure;
use super::reader::Reader;
use super::str_argument;
use crate::unit::Unit;
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Scanner {
    header: Header,
    pub object_hook: Value,
    pub object_pairs_hook: Value,
    pub parse_float: Value,
    pub parse_int: Value,
    pub parse_constant: Value,
    pub strict: bool,
}

pub static SCANNER: TypeSpec = TypeSpec {
    name: "Scanner",
    module: "_json",
    doc: "Reads one JSON value of a text, as a decoder says.",
    layout: Some(Layout::of::<Scanner>(5)),
    is_base: true,
    slots: Slots { call: slot(call), ..Slots::NONE },
    new: Some(method("__new__", "($type, context)", new).doc("Takes a decoder's attributes.")),
    getters: &[
        field("strict", |this: This<Scanner>| this.strict).doc("Are control characters in strings refused?"),
        field("object_hook", |this: This<Scanner>| this.object_hook).doc("Called with each dict, or None."),
        field("object_pairs_hook", |this: This<Scanner>| this.object_pairs_hook)
            .doc("Called with the pairs of each object, or None."),
        field("parse_float", |this: This<Scanner>| this.parse_float).doc("Makes floats of text."),
        field("parse_int", |this: This<Scanner>| this.parse_int).doc("Makes ints of text."),
        field("parse_constant", |this: This<Scanner>| this.parse_constant).doc("Makes NaN and infinities of text."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Scanner {
    const SPEC: &'static TypeSpec = &SCANNER;
}

fn new(vm: &mut Vm, class: ClassOf<Scanner>, context: Value) -> PyResult {
    let mut attribute = |name: &str| {
        let name = vm.intern(name);
        vm.get_attr(context, name)
    };
    let strict = attribute("strict")?;
    let object_hook = attribute("object_hook")?;
    let object_pairs_hook = attribute("object_pairs_hook")?;
    let parse_float = attribute("parse_float")?;
    let parse_int = attribute("parse_int")?;
    let parse_constant = attribute("parse_constant")?;
    let strict = vm.is_true(strict)?;
    vm.new_object(class.class, |header| Scanner {
        header,
        object_hook,
        object_pairs_hook,
        parse_float,
        parse_int,
        parse_constant,
        strict,
    })
}

fn call(vm: &mut Vm, this: This<Scanner>, arguments: Arguments<'_>) -> PyResult {
    let mut given = [Value::UNBOUND; 2];
    let n = arguments.n_positional();
    if arguments.values.len() > 2 {
        let message = format!("scan_once() takes at most 2 arguments ({} given)", arguments.values.len());
        return Err(vm.raise_type(&message));
    }
    given[..n].copy_from_slice(&arguments.values[..n]);
    for (&name, &value) in arguments.keyword_names().iter().zip(&arguments.values[n..]) {
        match vm.string_of(name).as_str() {
            "string" if given[0].is_unbound() => given[0] = value,
            "idx" if given[1].is_unbound() => given[1] = value,
            other => {
                let message = format!("scan_once() got an unexpected keyword argument '{other}'");
                return Err(vm.raise_type(&message));
            }
        }
    }
    let [string, index] = given;
    for (nth, (name, value)) in [("string", string), ("idx", index)].into_iter().enumerate() {
        if value.is_unbound() {
            let message = format!("scan_once() missing required argument '{name}' (pos {})", nth + 1);
            return Err(vm.raise_type(&message));
        }
    }
    let int = vm.index(index)?;
    let text = str_argument(vm, string)?;
    let Some(index) = vm.int_to_i64(int) else {
        return Err(vm.raise_overflow("Python int too large to convert to C ssize_t"));
    };
    let Ok(start) = usize::try_from(index) else { return Err(vm.raise_value("idx cannot be negative")) };
    let read = match text.view() {
        View::One(units) => read(vm, this, units, start),
        View::Two(units) => read(vm, this, units, start),
        View::Four(units) => read(vm, this, units, start),
    };
    match read {
        Ok((value, end)) => {
            let end = vm.new_int_from_usize(end);
            Ok(vm.new_tuple(&[value, end]))
        }
        Err(failure) => Err(failure.raise(vm, string)),
    }
}

fn read<U: Unit>(vm: &mut Vm, this: This<Scanner>, units: &[U], start: usize) -> Result<(Value, usize), Failure> {
    let mut reader = Reader::new(vm, this, units, start)?;
    let value = reader.value(vm)?;
    Ok((value, reader.at))
}
