//! `Row`: a row whose values have the names of the columns.

use super::cursor::ThisCursor;
use stitch_runtime::object::argument::{ClassOf, Str, This, method};
use stitch_runtime::object::compare::cmp;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::object::string::View;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Row {
    header: Header,
    /// A tuple.
    values: Value,
    description: Value,
}

type ThisRow = This<Row>;

pub static ROW: TypeSpec = TypeSpec {
    name: "Row",
    module: "sqlite3",
    doc: "A row whose values have the names of the columns.",
    layout: Some(Layout::of::<Row>(2)),
    is_base: true,
    slots: Slots {
        len: slot(|vm: &mut Vm, this: ThisRow| vm.len(this.values)),
        get_item: slot(get_item),
        iter: slot(|vm: &mut Vm, this: ThisRow| vm.get_iter(this.values)),
        hash: slot(|vm: &mut Vm, this: ThisRow| Ok(vm.hash(this.description)? ^ vm.hash(this.values)?)),
        compare: slot(compare),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, cursor, data, /)",
            |vm: &mut Vm, class: ClassOf<Row>, cursor: Value, data: Value| {
                let Some(cursor) = ThisCursor::of(vm, cursor) else {
                    let given = vm.class_name(cursor);
                    return Err(vm.raise_type(&format!("Row() argument 1 must be sqlite3.Cursor, not {given}")));
                };
                if !vm.is_a::<TupleObject>(data) {
                    let given = vm.class_name(data);
                    return Err(vm.raise_type(&format!("Row() argument 2 must be tuple, not {given}")));
                }
                let description = cursor.description;
                vm.new_object(class.class, |header| Row { header, values: data, description })
            },
        )
        .doc("A row of a cursor and its values."),
    ),
    methods: &[method("keys", "($self, /)", |vm: &mut Vm, this: ThisRow| {
        let names = vm.new_list(&[])?;
        for &column in columns(vm, this) {
            let name = vm.tuple_items(column)[0];
            vm.list_push(names.as_ptr(), name)?;
        }
        Ok::<Value, stitch_runtime::Raised>(names)
    })
    .doc("The names of the columns.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Row {
    const SPEC: &'static TypeSpec = &ROW;
}

fn columns<'a>(vm: &Vm, this: ThisRow) -> &'a [Value] {
    if this.description.is_none() { &[] } else { vm.tuple_items(this.description) }
}

/// Are the names the same but for the case of their ASCII letters?
fn is_same_name(a: View<'_>, b: View<'_>) -> bool {
    let lower = |point: u32| if (0x41..=0x5A).contains(&point) { point | 0x20 } else { point };
    a.len() == b.len() && a.code_points().zip(b.code_points()).all(|(a, b)| lower(a) == lower(b))
}

fn get_item(vm: &mut Vm, this: ThisRow, key: Value) -> PyResult {
    if vm.is_int_like(key) || vm.is_exact(key, BuiltinType::Slice) {
        return vm.get_item(this.values, key);
    }
    let Some(wanted) = Str::of(vm, key) else {
        return Err(vm.raise_index("Index must be int or string"));
    };
    if this.description.is_none() {
        let shown = vm.repr_or_unknown(key);
        return Err(vm.raise_index(&format!("No item with key {shown}")));
    }
    for (i, &column) in columns(vm, this).iter().enumerate() {
        let name = vm.tuple_items(column)[0];
        if let Some(name) = Str::of(vm, name)
            && is_same_name(name.view(), wanted.view())
        {
            return vm.get_item(this.values, Value::small_int(i as i64));
        }
    }
    Err(vm.raise_index("No item with that key"))
}

fn compare(vm: &mut Vm, operation: u32, this: ThisRow, other: Value) -> PyResult {
    let is_not = match operation {
        cmp::EQ => false,
        cmp::NE => true,
        _ => return Ok(vm.not_implemented),
    };
    let Some(other) = ThisRow::of(vm, other) else { return Ok(vm.not_implemented) };
    let is_equal = vm.equal(this.description, other.description)? && vm.equal(this.values, other.values)?;
    Ok(Value::bool(is_equal != is_not))
}
