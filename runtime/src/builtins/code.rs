//! Code objects and cells.

use crate::interp::code::Code;
use crate::object::argument::{ClassOf, This, method};
use crate::object::convert::text::Text;
use crate::object::layout::{CellObject, CodeObject, ListObject};
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static CODE: TypeSpec = TypeSpec {
    name: "code",
    is_atomic: true,
    doc: "Compiled Python code.",
    is_weakly_referable: true,
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<CodeObject>| {
            let (name, file) = (vm.name_text(this.name), vm.name_text(this.filename));
            out.push_str(&format!("<code object {name} at {:#x}, file \"{file}\">", this.value().0));
            Ok(())
        }),
        ..Slots::NONE
    },
    getters: CODE_GETTERS,
    ..TypeSpec::NEW
};

const CODE_GETTERS: &[GetSetRow] = &[
    field("co_name", |this: This<CodeObject>| this.name).doc("The function's name."),
    field("co_qualname", |this: This<CodeObject>| this.qualname).doc("The name with those of what it stands in."),
    field("co_filename", |this: This<CodeObject>| this.filename).doc("The file of the source."),
    field("co_consts", |this: This<CodeObject>| this.consts).doc("The constants that the code uses."),
    field("co_names", |this: This<CodeObject>| this.names).doc("The names that the code uses, but of locals."),
    field("co_varnames", |vm: &mut Vm, this| names(vm, this, |code| 0..code.n_locals))
        .doc("The names of parameters and local variables."),
    field("co_freevars", |vm: &mut Vm, this| {
        names(vm, this, |code| code.n_localsplus - code.n_frees..code.n_localsplus)
    })
    .doc("The names of variables that are of functions outside."),
    field("co_cellvars", cell_variables).doc("The names of variables that functions inside use."),
    field("co_argcount", |this| number(this, |code| code.arg_count)).doc("How many positional parameters there are."),
    field("co_posonlyargcount", |this| number(this, |code| code.positional_only))
        .doc("How many of them cannot be given by name."),
    field("co_kwonlyargcount", |this| number(this, |code| code.keyword_only))
        .doc("How many parameters can be given by name alone."),
    field("co_nlocals", |this| number(this, |code| code.n_locals)).doc("How many local variables there are."),
    field("co_stacksize", |this| number(this, |code| code.stack_size - 1)).doc("How deep the stack of values gets."),
    field("co_flags", |this| number(this, |code| code.flags as usize)).doc("Bits that say what the code is like."),
    field("co_firstlineno", |this| number(this, |code| code.first_line as usize)).doc("The first line of the source."),
    field("co_code", |vm: &mut Vm, this: This<CodeObject>| {
        let bytes = code_of(this).co_code.clone();
        vm.new_bytes(&bytes)
    })
    .doc("The instructions."),
];

fn code_of<'a>(this: This<CodeObject>) -> &'a Code {
    // SAFETY: code lives as long as its object, which the caller keeps alive.
    unsafe { &*this.code }
}

fn number(this: This<CodeObject>, part: fn(&Code) -> usize) -> usize {
    part(code_of(this))
}

/// Names of the local variables in a range.
fn names(vm: &mut Vm, this: This<CodeObject>, range: fn(&Code) -> std::ops::Range<usize>) -> Value {
    let range = range(code_of(this));
    let all = vm.tuple_items(this.localsplus_names);
    vm.new_tuple(all.get(range).unwrap_or_default())
}

/// Locals that are cells, arguments included.
fn cell_variables(vm: &mut Vm, this: This<CodeObject>) -> PyResult {
    const CELL: u8 = 0x40;
    let kinds = &code_of(this).localsplus_kinds;
    let list = vm.new_list(&[])?;
    for (&name, kind) in vm.tuple_items(this.localsplus_names).iter().zip(kinds) {
        if kind & CELL != 0 {
            vm.list_push(This::<ListObject>::expect(vm, list).pointer(), name)?;
        }
    }
    Ok(vm.new_tuple(This::<ListObject>::expect(vm, list).items()))
}

pub static CELL: TypeSpec = TypeSpec {
    name: "cell",
    doc: "A variable that functions share.",
    is_unhashable: true,
    slots: Slots { repr: slot(write_cell), compare: slot(compare_cells), ..Slots::NONE },
    new: Some(
        method(
            "__new__",
            "($type, contents=<unrepresentable>, /)",
            |vm: &mut Vm, _: ClassOf<CellObject>, contents: Value| vm.new_cell(contents),
        )
        .doc("A cell, empty or with contents."),
    ),
    getters: &[field("cell_contents", |vm: &mut Vm, this: This<CellObject>| {
        if this.content.is_unbound() {
            return Err(vm.raise_value("cell is empty"));
        }
        Ok(this.content)
    })
    .set_by(|vm: &mut Vm, mut this: This<CellObject>, content: Option<Value>| {
        this.content = content.unwrap_or(Value::UNBOUND);
        vm.barrier(this.pointer());
        Ok(())
    })
    .doc("The variable's value.")],
    ..TypeSpec::NEW
};

fn write_cell(vm: &mut Vm, out: &mut Text, this: This<CellObject>) -> PyResult<()> {
    let shown = if this.content.is_unbound() {
        "empty".to_string()
    } else {
        format!("{} object at {:#x}", vm.class_name(this.content), this.content.0)
    };
    out.push_str(&format!("<cell at {:#x}: {shown}>", this.value().0));
    Ok(())
}

/// By their contents; empty ones come first.
fn compare_cells(vm: &mut Vm, operation: u32, this: This<CellObject>, other: Value) -> PyResult {
    let Some(other) = This::<CellObject>::of(vm, other) else { return Ok(vm.not_implemented) };
    let [a, b] = [this, other].map(|cell| cell.content);
    if a.is_unbound() || b.is_unbound() {
        return Vm::ordered(operation, (!a.is_unbound()).cmp(&!b.is_unbound()));
    }
    vm.compare_op(operation, a, b)
}
