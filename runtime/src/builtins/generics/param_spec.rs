//! `P.args` and `P.kwargs` of a parameter specification.

use super::raise_subclassed;
use crate::object::argument::{ClassOf, This, method};
use crate::object::compare::cmp;
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const POSITIONAL: u8 = 0;
pub const KEYWORD: u8 = 1;

/// The positional or the keyword parameters that a parameter specification stands for.
#[repr(C)]
pub struct ParamSpecSide<const SIDE: u8> {
    header: Header,
    origin: Value,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for ParamSpecSide<POSITIONAL> {
    const SPEC: &'static TypeSpec = &ARGS;
}
// SAFETY: as above.
unsafe impl Object for ParamSpecSide<KEYWORD> {
    const SPEC: &'static TypeSpec = &KWARGS;
}

pub static ARGS: TypeSpec =
    TypeSpec { name: "ParamSpecArgs", doc: "The positional parameters of a ParamSpec.", ..side::<POSITIONAL>() };
pub static KWARGS: TypeSpec =
    TypeSpec { name: "ParamSpecKwargs", doc: "The keyword parameters of a ParamSpec.", ..side::<KEYWORD>() };

const fn side<const SIDE: u8>() -> TypeSpec
where
    ParamSpecSide<SIDE>: Object,
{
    TypeSpec {
        module: "typing",
        layout: Some(Layout::of::<ParamSpecSide<SIDE>>(1)),
        is_unhashable: true,
        is_weakly_referable: true,
        slots: Slots { repr: slot(write_repr::<SIDE>), compare: slot(compare::<SIDE>), ..Slots::NONE },
        new: Some(
            method("__new__", "($type, origin)", |vm: &mut Vm, _: ClassOf<ParamSpecSide<SIDE>>, origin: Value| {
                ParamSpecSide::<SIDE>::of(vm, origin)
            })
            .doc("The parameters of a ParamSpec."),
        ),
        methods: const {
            &[method("__mro_entries__", "($self, bases, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
                Err(raise_subclassed(vm, ParamSpecSide::<SIDE>::SPEC.name))
            })
            .doc("Raises TypeError.")]
        },
        getters: const { &[field("__origin__", |this: This<ParamSpecSide<SIDE>>| this.origin).doc("The ParamSpec.")] },
        ..TypeSpec::NEW
    }
}

impl<const SIDE: u8> ParamSpecSide<SIDE>
where
    ParamSpecSide<SIDE>: Object,
{
    pub fn of(vm: &mut Vm, origin: Value) -> PyResult {
        let class = vm.type_of_spec(Self::SPEC);
        vm.new_object(class, |header| ParamSpecSide::<SIDE> { header, origin })
    }
}

fn write_repr<const SIDE: u8>(vm: &mut Vm, out: &mut Text, this: This<ParamSpecSide<SIDE>>) -> PyResult<()>
where
    ParamSpecSide<SIDE>: Object,
{
    match super::attribute(vm, this.origin, "__name__")? {
        Some(name) => {
            let name = vm.str(name)?;
            out.push_view(vm.str_of(name).view());
        }
        None => vm.write_repr(out, this.origin)?,
    }
    out.push_str(if SIDE == POSITIONAL { ".args" } else { ".kwargs" });
    Ok(())
}

fn compare<const SIDE: u8>(vm: &mut Vm, operation: u32, this: This<ParamSpecSide<SIDE>>, other: Value) -> PyResult
where
    ParamSpecSide<SIDE>: Object,
{
    let is_equality = matches!(operation, cmp::EQ | cmp::NE);
    match This::<ParamSpecSide<SIDE>>::of(vm, other) {
        Some(other) if is_equality => vm.compare_op(operation, this.origin, other.origin),
        _ => Ok(vm.not_implemented),
    }
}
