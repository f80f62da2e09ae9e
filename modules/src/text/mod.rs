//! `_string`: format strings taken apart, under the module `string`.

mod field_name;
mod parser;

use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_string",
    doc: "What is native under the module string.",
    functions: &[
        method("formatter_field_name_split", "(field_name, /)", field_name::split)
            .doc("The first part of a field's name, and an iterator over what is asked of that."),
        method("formatter_parser", "(format_string, /)", parser::parse)
            .doc("An iterator over the parts of a format string: text, field name, specification, conversion."),
    ],
    ..ModuleSpec::NEW
};

fn check_str(vm: &mut Vm, value: Value) -> PyResult<()> {
    if vm.is_str(value) {
        return Ok(());
    }
    let message = format!("expected str, got {}", vm.class_name(value));
    Err(vm.raise_type(&message))
}

/// Code points by their names.
const fn is(point: u32, character: char) -> bool {
    point == character as u32
}
