//! `repeat`: one object over and over.

use super::{ITERATOR, ITERATOR_SLOTS};
use stitch_runtime::object::argument::{ClassOf, Index, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::trace::{NativeCall, SlotRules, Step, Traced};
use stitch_runtime::uop::Op;
use stitch_runtime::{PyResult, Value, Vm, member};

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
    shown_signature: Some(""),
    doc: "One object a number of times, or without end.",
    layout: Some(Layout::of::<Repeat>(1)),
    slots: Slots { next: slot(next), repr: slot(write_repr), ..ITERATOR_SLOTS },
    traced: SlotRules { next: Some(trace_next), ..SlotRules::NONE },
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

fn trace_next(call: &mut NativeCall<'_>) -> Traced<Step> {
    let &[repeat] = call.arguments() else { return Ok(None) };
    let Some(repeat) = call.object::<Repeat>(repeat)? else { return Ok(None) };
    let (zero, one) = (call.const_int(0), call.const_int(1));
    let left = call.load(repeat, member!(Repeat, left))?;
    let is_over = call.compute(Op::IntEq {}, &[left, zero])?;
    call.guard_truth(is_over, repeat.now.left == 0)?;
    if repeat.now.left == 0 {
        return Ok(Some(Step::Exhausted));
    }
    let is_endless = call.compute(Op::IntLt {}, &[left, zero])?;
    call.guard_truth(is_endless, repeat.now.left == ENDLESS)?;
    if repeat.now.left != ENDLESS {
        let after = call.compute(Op::IntSubWrap {}, &[left, one])?;
        call.store(repeat, member!(Repeat, left), after)?;
    }
    call.load(repeat, member!(Repeat, object)).map(|object| Some(Step::Value(object)))
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Repeat>) -> PyResult<()> {
    let name = vm.type_name(vm.class_of(this.value()));
    out.push_str(&format!("{name}("));
    vm.write_repr(out, this.object)?;
    out.push_str(&if this.left == ENDLESS { ")".to_string() } else { format!(", {})", this.left) });
    Ok(())
}
