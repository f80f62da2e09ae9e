//! `count`: numbers without end.

use super::{ITERATOR, ITERATOR_SLOTS};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::trace::{NativeCall, SlotRules, Step, Traced};
use stitch_runtime::uop::Op;
use stitch_runtime::{PyResult, Value, Vm, member};

#[repr(C)]
pub struct Count {
    header: Header,
    /// The next number; unbound while `word` is it.
    next: Value,
    step: Value,
    word: i64,
    /// 1: the next number is `word`, and the step is one.
    is_word: i64,
}

pub static COUNT: TypeSpec = TypeSpec {
    name: "count",
    doc: "Numbers from a start on, by a step.",
    layout: Some(Layout::of::<Count>(2)),
    slots: Slots { next: slot(next), repr: slot(write_repr), ..ITERATOR_SLOTS },
    traced: SlotRules { next: Some(trace_next), ..SlotRules::NONE },
    new: Some(method("__new__", "($type, start=0, step=1)", new).doc("Numbers from a start on, by a step.")),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Count {
    const SPEC: &'static TypeSpec = &COUNT;
}

fn new(vm: &mut Vm, class: ClassOf<Count>, start: Option<Value>, step: Option<Value>) -> PyResult {
    let start = start.unwrap_or(Value::small_int(0));
    let step = step.unwrap_or(Value::small_int(1));
    if !is_number(vm, start) || !is_number(vm, step) {
        return Err(vm.raise_type("a number is required"));
    }
    let is_by_one = vm.is_int_like(step) && vm.int_to_i64(step) == Some(1);
    let word = if is_by_one && vm.is_int_like(start) { vm.int_to_i64(start) } else { None };
    let (next, word, is_word) = match word {
        Some(word) if word < i64::MAX => (Value::UNBOUND, word, 1),
        _ => (start, 0, 0),
    };
    vm.new_object(class.class, |header| Count { header, next, step, word, is_word })
}

/// Can it stand for a number: as an int, an index, a float or a complex number?
fn is_number(vm: &mut Vm, value: Value) -> bool {
    if value.is_float() || vm.is_index(value) {
        return true;
    }
    ["__float__", "__int__", "__complex__"].iter().any(|name| {
        let name = vm.intern(name);
        vm.lookup_special(value, name).is_some()
    })
}

fn next(vm: &mut Vm, mut this: This<Count>) -> PyResult<Option<Value>> {
    if this.is_word == 1 {
        let word = this.word;
        if word == i64::MAX {
            this.next = vm.new_int(word);
            this.is_word = 0;
            vm.barrier(this.pointer());
            return next(vm, this);
        }
        this.word = word + 1;
        return Ok(Some(vm.new_int(word)));
    }
    let (number, step) = (this.next, this.step);
    this.next = vm.binary_op(op::ADD, number, step)?;
    vm.barrier(this.pointer());
    Ok(Some(number))
}

fn trace_next(call: &mut NativeCall<'_>) -> Traced<Step> {
    let &[count] = call.arguments() else { return Ok(None) };
    let Some(count) = call.object::<Count>(count)? else { return Ok(None) };
    if count.now.is_word == 0 {
        return Ok(None);
    }
    let one = call.const_int(1);
    let is_word = call.load(count, member!(Count, is_word))?;
    let is_word = call.compute(Op::IntEq {}, &[is_word, one])?;
    call.guard_truth(is_word, true)?;
    let word = call.load(count, member!(Count, word))?;
    let after = call.compute(Op::IntAdd {}, &[word, one])?;
    call.store(count, member!(Count, word), after)?;
    Ok(Some(Step::Value(call.boxed(word))))
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Count>) -> PyResult<()> {
    let name = vm.type_name(vm.class_of(this.value()));
    let number = if this.is_word == 1 { vm.new_int(this.word) } else { this.next };
    out.push_str(&format!("{name}("));
    vm.write_repr(out, number)?;
    let is_by_one = vm.is_int_like(this.step) && vm.int_to_i64(this.step) == Some(1);
    if !is_by_one {
        out.push_str(", ");
        vm.write_repr(out, this.step)?;
    }
    out.push(')' as u32);
    Ok(())
}
