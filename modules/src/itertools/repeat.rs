//! `repeat`: one object over and over.

use super::{ITERATOR, ITERATOR_SLOTS};
use stitch_runtime::object::argument::{ClassOf, Index, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// How often, where that is without end.
const ENDLESS: i64 = -1;

#[repr(C)]
pub struct Repeat {
    header: Header,
    object: Value,
    /// How often yet; or `ENDLESS`.
    left: i64,
}

pub static REPEAT: TypeSpec = TypeSpec {
    name: "repeat",
    doc: "One object a number of times, or without end.",
    layout: Some(Layout::of::<Repeat>(1)),
    slots: Slots { next: slot(next), repr: slot(write_repr), ..ITERATOR_SLOTS },
    new: Some(
        method(
            "__new__",
            "($type, object, times=None)",
            |vm: &mut Vm, class: ClassOf<Repeat>, object: Value, times: Option<Index>| {
                let left = times.map_or(ENDLESS, |times| times.0.max(0));
                vm.new_object(class.class, |header| Repeat { header, object, left })
            },
        )
        .doc("One object a number of times, or without end."),
    ),
    methods: &[method("__length_hint__", "($self, /)", |vm: &mut Vm, this: This<Repeat>| {
        if this.left == ENDLESS { Err(vm.raise_type("len() of unsized object")) } else { Ok(this.left) }
    })
    .doc("How often it is yet to come.")],
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Repeat {
    const SPEC: &'static TypeSpec = &REPEAT;
}

fn next(_: &mut Vm, mut this: This<Repeat>) -> PyResult<Option<Value>> {
    match this.left {
        0 => return Ok(None),
        ENDLESS => {}
        _ => this.left -= 1,
    }
    Ok(Some(this.object))
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Repeat>) -> PyResult<()> {
    let name = vm.type_name(vm.class_of(this.value()));
    out.push_str(&format!("{name}("));
    vm.write_repr(out, this.object)?;
    out.push_str(&if this.left == ENDLESS { ")".to_string() } else { format!(", {})", this.left) });
    Ok(())
}
