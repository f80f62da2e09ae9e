//! Code objects and cells.

mod make;
mod tables;

use crate::interp::code::Code;
use crate::object::argument::{ClassOf, This, method};
use crate::object::compare::avoid_minus_one;
use crate::object::convert::text::Text;
use crate::object::layout::{CellObject, CodeObject, ListObject, TupleObject};
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
            let line = code_of(this).first_line;
            out.push_str(&format!("<code object {name} at {:#x}, file \"{file}\", line {line}>", this.value().0));
            Ok(())
        }),
        compare: slot(compare),
        hash: slot(hash),
        ..Slots::NONE
    },
    new: Some(make::NEW),
    methods: &[
        make::replacing("replace"),
        make::replacing("__replace__"),
        method("co_lines", "($self, /)", tables::lines).doc("An iterator of where code starts and ends, and its line."),
        method("co_positions", "($self, /)", tables::all_positions)
            .doc("An iterator of each unit's line, end line, column and end column."),
        method("co_branches", "($self, /)", tables::branches)
            .doc("An iterator of where branches stand, where they go on and where they lead."),
        method("_varname_from_oparg", "($self, /, oparg)", |vm: &mut Vm, this: This<CodeObject>, index: i32| {
            let names = vm.tuple_items(this.localsplus_names);
            match usize::try_from(index).ok().and_then(|index| names.get(index)) {
                Some(&name) => Ok(name),
                None => Err(vm.raise_index("tuple index out of range")),
            }
        })
        .doc("The name of a slot of the frame."),
    ],
    getters: CODE_GETTERS,
    ..TypeSpec::NEW
};

const CODE_GETTERS: &[GetSetRow] = &[
    field("co_name", |this: This<CodeObject>| this.name).doc("The function's name."),
    field("co_qualname", |this: This<CodeObject>| this.qualname).doc("The name with those of what it stands in."),
    field("co_filename", |this: This<CodeObject>| this.filename).doc("The file of the source."),
    field("co_consts", |this: This<CodeObject>| this.consts).doc("The constants that the code uses."),
    field("co_names", |this: This<CodeObject>| this.names).doc("The names that the code uses, but of locals."),
    field("co_varnames", |vm: &mut Vm, this| names(vm, this, LOCALS))
        .doc("The names of parameters and local variables."),
    field("co_freevars", |vm: &mut Vm, this| names(vm, this, FREES))
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
    field("co_code", |vm: &mut Vm, this| bytes(vm, this, |code| &code.co_code)).doc("The instructions."),
    field("_co_code_adaptive", |vm: &mut Vm, this| bytes(vm, this, |code| &code.co_code))
        .doc("The instructions: they are not changed as they run."),
    field("co_linetable", |vm: &mut Vm, this| bytes(vm, this, |code| &code.linetable))
        .doc("Where the instructions stand in the source."),
    field("co_exceptiontable", |vm: &mut Vm, this| bytes(vm, this, |code| &code.exceptiontable))
        .doc("Where exceptions are handled."),
    field("co_lnotab", tables::old_line_table).doc("The lines of the instructions, in an older form."),
];

pub(super) fn code_of<'a>(this: This<CodeObject>) -> &'a Code {
    // SAFETY: code lives as long as its object, which the caller keeps alive.
    unsafe { &*this.code }
}

/// Do they do the same, at the same lines? Constants of different types are different.
fn compare(vm: &mut Vm, operation: u32, this: This<CodeObject>, other: Value) -> PyResult {
    let Some(other) = This::<CodeObject>::of(vm, other).filter(|_| Vm::is_equality(operation)) else {
        return Ok(vm.not_implemented);
    };
    let (a, b) = (code_of(this), code_of(other));
    let numbers = |code: &Code| {
        let counts = [code.arg_count, code.positional_only, code.keyword_only];
        (counts, code.flags, code.first_line)
    };
    let mut is_equal = numbers(a) == numbers(b)
        && (&a.co_code, &a.linetable, &a.exceptiontable) == (&b.co_code, &b.linetable, &b.exceptiontable)
        && a.localsplus_kinds == b.localsplus_kinds;
    let parts = |code: This<CodeObject>| [code.name, code.qualname, code.names, code.localsplus_names];
    for (x, y) in parts(this).into_iter().zip(parts(other)) {
        is_equal = is_equal && vm.equal(x, y)?;
    }
    let is_equal = is_equal && has_same_constants(vm, this.consts, other.consts)?;
    Ok(Vm::equality(operation, is_equal))
}

/// `1`, `1.0` and `True` are equal, as constants they are not; nor are `0.0` and `-0.0`.
fn has_same_constants(vm: &mut Vm, a: Value, b: Value) -> PyResult<bool> {
    if vm.class_of(a) != vm.class_of(b) {
        return Ok(false);
    }
    if let (Some(a), Some(b)) = (This::<TupleObject>::of(vm, a), This::<TupleObject>::of(vm, b)) {
        let (a, b) = (a.kept_items(), b.kept_items());
        if a.len() != b.len() {
            return Ok(false);
        }
        for (&x, &y) in a.iter().zip(b) {
            if !has_same_constants(vm, x, y)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if a.is_float() && b.is_float() {
        return Ok(a.0 == b.0);
    }
    vm.equal(a, b)
}

fn hash(vm: &mut Vm, this: This<CodeObject>) -> PyResult<i64> {
    let code = code_of(this);
    let mut hash = vm.hash(this.name)?.cast_unsigned();
    for number in [code.arg_count, code.keyword_only, code.first_line as usize, code.flags as usize] {
        hash = (hash ^ number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    for &byte in &code.co_code {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    Ok(avoid_minus_one(hash))
}

fn bytes(vm: &mut Vm, this: This<CodeObject>, part: fn(&Code) -> &[u8]) -> PyResult {
    vm.new_bytes(part(code_of(this)))
}

fn number(this: This<CodeObject>, part: fn(&Code) -> usize) -> usize {
    part(code_of(this))
}

/// Which of a code object's variables.
type VariableRange = fn(&Code) -> std::ops::Range<usize>;
const LOCALS: VariableRange = |code| 0..code.n_locals;
const FREES: VariableRange = |code| code.n_localsplus - code.n_frees..code.n_localsplus;

/// Names of the variables in a range.
fn names(vm: &mut Vm, this: This<CodeObject>, range: VariableRange) -> Value {
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
