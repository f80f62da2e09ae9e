//! Tuples whose items have names, such as `sys.version_info`.
//!
//! ```text
//!   static POINT: TypeSpec = struct_sequence("point", "geometry", "Where it is.", POINT_FIELDS);
//!   const POINT_FIELDS: &[GetSetRow] = &fields(["x", "y"]);
//!   vm.new_struct_sequence(&POINT, &[x, y])
//! ```

use super::argument::{Rest, This, method};
use super::convert::text::Text;
use super::layout::{Getter, TupleObject};
use super::slots::{Slots, slot};
use super::spec::{GetSetRow, TypeSpec, field, getter};
use crate::builtins::specs::TUPLE;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The type of tuples whose items have the names of these `fields`. Python code makes none of them.
pub const fn struct_sequence(
    name: &'static str,
    module: &'static str,
    doc: &'static str,
    fields: &'static [GetSetRow],
) -> TypeSpec {
    TypeSpec {
        name,
        module,
        doc,
        base: Some(&TUPLE),
        slots: Slots { repr: slot(write_repr), ..Slots::NONE },
        new: Some(
            method("__new__", "($type, /, *args)", |vm: &mut Vm, class: Value, _: Rest| -> PyResult<()> {
                let name = vm.full_name_of_class(class.as_ptr());
                Err(vm.raise_type(&format!("cannot create '{name}' instances")))
            })
            .doc("Refuses: the runtime makes them."),
        ),
        getters: fields,
        ..TypeSpec::NEW
    }
}

/// Attributes for the items, in order.
pub const fn fields<const N: usize>(names: [&'static str; N]) -> [GetSetRow; N] {
    let mut rows = [getter("", ITEMS[0]); N];
    let mut at = 0;
    while at < N {
        rows[at] = getter(names[at], ITEMS[at]).doc("The item of this name.");
        at += 1;
    }
    rows
}

const fn item<const AT: usize>() -> Getter {
    field("", |this: This<TupleObject>| this.items().get(AT).copied()).getter
}

const ITEMS: [Getter; 18] = [
    item::<0>(),
    item::<1>(),
    item::<2>(),
    item::<3>(),
    item::<4>(),
    item::<5>(),
    item::<6>(),
    item::<7>(),
    item::<8>(),
    item::<9>(),
    item::<10>(),
    item::<11>(),
    item::<12>(),
    item::<13>(),
    item::<14>(),
    item::<15>(),
    item::<16>(),
    item::<17>(),
];

/// `sys.version_info(major=3, …)`.
fn write_repr(vm: &mut Vm, out: &mut Text, this: This<TupleObject>) -> PyResult<()> {
    let spec = vm.spec_of(this.value());
    out.push_str(&spec.full_name());
    out.push('(' as u32);
    for (at, (field, &item)) in spec.getters.iter().zip(this.items()).enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        out.push_str(field.name);
        out.push('=' as u32);
        vm.write_repr(out, item)?;
    }
    out.push(')' as u32);
    Ok(())
}

impl Vm {
    /// A tuple of a type with names for its items, which are as many.
    pub fn new_struct_sequence(&mut self, spec: &'static TypeSpec, items: &[Value]) -> PyResult {
        debug_assert_eq!(items.len(), spec.getters.len());
        let tuple = self.new_tuple(items);
        let class = self.type_of_spec(spec);
        self.derive(class, tuple)
    }
}
