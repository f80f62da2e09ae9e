//! `IsoCalendarDate`: what `isocalendar` gives, a tuple of year, week and weekday.

use super::civil::IsoDay;
use stitch_runtime::builtins::types::TUPLE;
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::fields;
use stitch_runtime::{PyResult, Value, Vm};

pub static ISO_CALENDAR_DATE: TypeSpec = TypeSpec {
    name: "IsoCalendarDate",
    module: "datetime",
    doc: "Year, week and weekday of a date, by ISO 8601.",
    base: Some(&TUPLE),
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    new: Some(
        method(
            "__new__",
            "($type, /, year, week, weekday)",
            |vm: &mut Vm, _: ClassOf<TupleObject>, year: i32, week: i32, weekday: i32| {
                new(vm, IsoDay { year: year.into(), week: week.into(), weekday: weekday.into() })
            },
        )
        .doc("Of its parts."),
    ),
    methods: &[method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<TupleObject>| {
        let items = vm.new_tuple(this.items());
        let arguments = vm.new_tuple(&[items]);
        let class = Value::object(vm.type_of_spec(&TUPLE));
        vm.new_tuple(&[class, arguments])
    })
    .doc("A plain tuple.")],
    getters: FIELDS,
    ..TypeSpec::NEW
};

const FIELDS: &[GetSetRow] = &fields(["year", "week", "weekday"]);

pub fn new(vm: &mut Vm, day: IsoDay) -> PyResult {
    let items = vm.new_tuple(&[day.year, day.week, day.weekday].map(Value::small_int));
    let class = vm.type_of_spec(&ISO_CALENDAR_DATE);
    vm.derive(class, items)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<TupleObject>) -> PyResult<()> {
    out.push_str("datetime.IsoCalendarDate(");
    for (index, (row, &item)) in FIELDS.iter().zip(this.items()).enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        out.push_str(row.name);
        out.push('=' as u32);
        vm.write_repr(out, item)?;
    }
    out.push(')' as u32);
    Ok(())
}
